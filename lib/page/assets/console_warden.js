/* SPDX-License-Identifier: Apache-2.0
 * "Give to a warden": the open case goes on the list of who goes from door to door, or comes off it. For leads; the page of all lists is wardens.js. */
import { byId, element, fetched, settings } from "./desk_kit.js";
import { problem, say, state } from "./console_words.js";

const giveWords = (key, values = {}) => (settings[`give.${key}`] ?? key).replace(/\{([a-z_]+)\}/g, (whole, name) => values[name] ?? whole);
const path = (rest) => `/api/v1/wardens${rest}${rest.includes("?") ? "&" : "?"}lang=${settings.language}`;
const listOf = (user) => `/${encodeURIComponent(user)}/households`;

/* Null when it was done, else why not. */
async function refused(method, where, body) {
  const answer = await fetched(method, path(where), body).catch(() => null);
  if (answer?.ok) {
    return null;
  }
  const told = await answer?.json().catch(() => ({}));
  const error = told?.errors?.[0];
  return error?.code === "not_a_case" ? giveWords("cannot") : error?.message || told?.detail || giveWords("failed");
}

async function settle(dialog, method, where, body, said) {
  const why = await refused(method, where, body);
  if (why !== null) {
    const told = dialog.querySelector(".problem");
    told.textContent = why;
    told.hidden = false;
    return;
  }
  dialog.close();
  problem("");
  say("said", said);
}

function show(caseCode, wardens) {
  const has = wardens.filter((one) => one.has_case);
  const others = wardens.filter((one) => !one.has_case);
  const line = (one) => element("li", {}, element("b", { textContent: one.user }), " ", element("button", { type: "button", textContent: giveWords("take"),
    ariaLabel: `${giveWords("take")}: ${one.user}`,
    onclick: () => settle(dialog, "DELETE", `${listOf(one.user)}/${encodeURIComponent(caseCode)}`, undefined, giveWords("taken", { user: one.user })) }));
  const leave = () => element("button", { type: "button", textContent: giveWords("leave"), onclick: () => dialog.close() });
  const to = element("select", { id: "give-to", required: true }, element("option", { value: "", textContent: giveWords("choose") }),
    others.map((one) => element("option", { value: one.user, textContent: giveWords("option", { user: one.user, count: one.households }) })));
  const form = others.length === 0 ? element("p", { className: "hint", textContent: giveWords(wardens.length === 0 ? "nobody" : "all_have") })
    : element("form", { onsubmit: (event) => {
      event.preventDefault();
      settle(dialog, "POST", listOf(to.value), { cases: [caseCode] }, giveWords("given", { user: to.value }));
    } }, element("p", {}, element("label", { htmlFor: "give-to", textContent: giveWords("to") }), " ", to),
    element("div", { className: "buttons" }, element("button", { className: "main", textContent: giveWords("do") }), " ", leave()));
  const dialog = element("dialog", { id: "give-warden", "aria-labelledby": "give-title" }, element("h2", { id: "give-title", textContent: giveWords("title") }),
    element("p", { className: "hint", textContent: giveWords("what") }), element("p", { className: "problem", role: "alert", hidden: true }),
    has.length > 0 ? [element("p", { textContent: giveWords("has") }), element("ul", {}, has.map(line))] : null, form,
    others.length === 0 ? element("div", { className: "buttons" }, leave()) : null);
  dialog.addEventListener("close", () => {
    dialog.remove();
    byId("to-warden")?.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("select, button")?.focus();
}

async function start() {
  const caseCode = state.open;
  const answer = await fetched("GET", path(`?case=${encodeURIComponent(caseCode)}`)).catch(() => null);
  if (!answer?.ok) {
    problem(giveWords("failed"));
  } else if (state.open === caseCode && byId("give-warden") === null) {
    show(caseCode, (await answer.json()).wardens);
  }
}

/* Who is not known lives nowhere. */
document.addEventListener("muster:case", () => {
  const place = document.querySelector("#case .actions:not(.reply) .buttons");
  if (settings.role === "lead" && state.current?.known && place !== null) {
    place.append(element("button", { type: "button", id: "to-warden", textContent: giveWords("button"), onclick: start }));
  }
});
