/* SPDX-License-Identifier: Apache-2.0
 * The rules of a crisis's policy that are no band: how soon who is in a danger zone is asked, and whether texts may come at night. */
import { element, settings } from "./desk_kit.js";

const rule = (key, values = {}) => (settings[`policy.${key}`] ?? key).replace(/\{([a-z_]+)\}/g, (whole, name) => values[name] ?? whole);
/* What is not said is half of what it is elsewhere, but an hour at least (0046_when_asked.sql). */
const half = (page) => Math.min(page.policy.check_in_minutes, Math.max(Math.floor(page.policy.check_in_minutes / 2), 60));

export const ruleInWords = (page, name, value) => (name === "texts_at_night" ? rule(value ? "yes" : "no") : value === null ? rule("half", { minutes: half(page) })
  : rule("every", { minutes: value }));

function minutesInput(page, id, value, change) {
  const input = element("input", { id, type: "number", min: 60, max: page.policy.at_most.check_ins.danger_minutes, inputMode: "numeric", ariaLabel: rule("danger_minutes"),
    placeholder: String(half(page)), value: value === null ? "" : String(value) });
  input.addEventListener("change", () => {
    if (input.value === "" || Number.isInteger(Number(input.value))) {
      change("check_ins", "danger_minutes", input.value === "" ? null : Number(input.value));
    }
  });
  return [input, ` ${rule("unit")} `, element("span", { className: "hint", textContent: rule("danger_hint", { minutes: half(page), elsewhere: page.policy.check_in_minutes }) })];
}

function nightInput(id, value, change) {
  const input = element("input", { id, type: "checkbox", checked: value, ariaLabel: rule("texts_at_night") });
  input.addEventListener("change", () => change("check_ins", "texts_at_night", input.checked));
  return [input, " ", element("span", { className: "hint", textContent: rule("night_hint") })];
}

/* A row of the table; `change` is told what is wished. */
export function checkInRow(page, name, { change, fault }) {
  const id = `check_ins-${name}`;
  const value = page.wish.check_ins[name] === undefined ? page.policy.check_ins[name] : page.wish.check_ins[name];
  const parts = name === "texts_at_night" ? nightInput(id, value, change) : minutesInput(page, id, value, change);
  parts[0].disabled = !page.policy.may_change;
  if (fault) {
    parts[0].setAttribute("aria-invalid", "true");
    parts[0].setAttribute("aria-describedby", `fault-check_ins-${name}`);
  }
  return element("tr", { id: `row-check_ins-${name}`, className: page.wish.check_ins[name] === undefined ? "" : "changed" },
    element("th", { scope: "row", textContent: rule(name) }), element("td", {}, element("span", { className: "set" }, ...parts), fault),
    element("td", { className: "hint", textContent: ruleInWords(page, name, page.policy.default.check_ins[name]) }));
}
