/* SPDX-License-Identifier: Apache-2.0
 * Why a case is opened, where its crisis asks: one press of a button or a digit, and the case is there. Asked once a shift of each case. */
import { byId, element, settings } from "./desk_kit.js";
import { closeCase } from "./console_act.js";
import { keepDrafts } from "./console_drafts.js";
import { state, words } from "./console_words.js";

const REASONS = ["caller", "hand_over", "asked", "same_people", "checking", "other"];
let press = null;

/* Draws the question in the case's place; `then(reason)` opens it. */
export function askWhy(caseCode, then) {
  const buttons = REASONS.map((reason, index) => element("button", { type: "button", onclick: () => then(reason) }, settings[`why.${reason}`] ?? reason, " ",
    element("kbd", { textContent: String(index + 1) })));
  const box = element("div", { id: "why", className: "actions", role: "group", "aria-labelledby": "why-title" },
    element("button", { type: "button", className: "back", onclick: closeCase, textContent: words("back") }), element("h2", { id: "why-title", textContent: words("why_title", { case: caseCode }) }),
    element("p", { className: "hint", textContent: words("why_hint") }), element("div", { className: "buttons" }, buttons));
  document.body.classList.add("open");
  keepDrafts();
  state.open = null;
  byId("case").replaceChildren(box);
  press = (key) => buttons[Number(key) - 1]?.click();
  buttons[0].focus();
}

document.addEventListener("keydown", (event) => {
  if (byId("why") !== null && /^[1-6]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey && !["INPUT", "TEXTAREA", "SELECT"].includes(event.target.tagName)
    && document.querySelector("dialog[open]") === null) {
    event.preventDefault();
    press(event.key);
  }
});
