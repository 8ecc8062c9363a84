/* SPDX-License-Identifier: Apache-2.0
 * Who may be the same people as the party whose case is open: with what speaks for it, and for the officer to keep apart, or not. Asked for once for each
 * case that is opened: it is a look at others, and on record. */
import { problem } from "./console_words.js";
import { quicker, startMerge } from "./merge.js";

const settings = JSON.parse(document.getElementById("settings").textContent);
const PATIENCE_MS = 10000;
const mayAct = settings.role === "officer" || settings.role === "lead";
let shown = { case: null, duplicates: [], problem: "" };

const code = (prefix, value) => settings[`${prefix}.${value}`] ?? String(value);
const term = (key, values = {}) => code("search", key).replace(/\{([a-z_]+)\}/g, (whole, name) => values[name] ?? whole);

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

async function ask(method, path, body) {
  const headers = { Accept: "application/json" };
  if (method !== "GET") {
    Object.assign(headers, { "Content-Type": "application/json", "X-CSRF-Token": settings.csrf });
  }
  const answer = await fetch(`/api/v1/cases/${path}?lang=${settings.language}`, { method, headers, credentials: "same-origin", cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE_MS), body: body === undefined ? undefined : JSON.stringify(body) });
  if (!answer.ok) {
    throw Object.assign(new Error(String(answer.status)), { status: answer.status });
  }
  return answer.status === 204 ? null : answer.json();
}

async function load(caseCode) {
  shown = { case: caseCode, duplicates: [], problem: "" };
  try {
    const answer = await ask("GET", `${caseCode}/duplicates`);
    if (shown.case === caseCode) {
      shown.duplicates = answer.duplicates;
    }
  } catch {
    shown.problem = shown.case === caseCode ? term("alike_failed") : shown.problem;
  }
  if (shown.case === caseCode) { /* else another was opened meanwhile */
    draw();
  }
}

async function decide(action, other) {
  const caseCode = shown.case;
  try {
    await ask("POST", `${caseCode}/${action}`, { with: other });
    if (shown.case === caseCode) {
      await load(caseCode);
    }
  } catch (failure) {
    if (shown.case !== caseCode) {
      return;
    }
    const who = failure.status === 409 ? await quicker(caseCode, other) : "";
    if (who !== "" && shown.case === caseCode) { /* the case is another's, or has more in it, since */
      shown.case = null;
      document.dispatchEvent(new CustomEvent("muster:open", { detail: caseCode }));
      problem(who);
      return;
    }
    shown.problem = term("alike_failed");
    draw();
  }
  document.querySelector("#alike h3")?.focus();
}

function line(one) {
  const press = (text, onclick, label) => element("button", { type: "button", textContent: text, onclick, ariaLabel: `${text}: ${label}` });
  const name = one.names ?? term(one.known ? "no_name" : "stranger");
  const open = press(term("alike_open"), () => document.dispatchEvent(new CustomEvent("muster:open", { detail: one.case })), one.case);
  const merge = mayAct && !one.kept_apart ? press(term("alike_merge"), () => startMerge(shown.case, one), one.case) : null;
  const apart = !mayAct ? null : one.kept_apart
    ? press(term("alike_again"), () => decide("maybe-same", one.case), one.case)
    : press(term("alike_apart"), () => decide("keep-apart", one.case), one.case);
  return element("li", { className: one.kept_apart ? "apart" : "" },
    element("p", {}, element("b", { textContent: name }), " ", element("span", { className: "found-case", textContent: one.case })),
    element("p", { textContent: one.kept_apart ? term("alike_kept", { by: one.kept_apart.by })
      : `${one.evidence.map((what) => code("search.evidence", what)).join(", ")} (${term("alike_score", { score: one.score })})` }),
    element("div", { className: "buttons" }, ...[open, merge, apart].filter(Boolean)));
}

function draw() {
  document.getElementById("alike")?.remove();
  const place = document.querySelector("#case .columns > div:last-child");
  if (place === null || (shown.duplicates.length === 0 && shown.problem === "")) {
    return;
  }
  place.prepend(element("section", { id: "alike" }, element("h3", { textContent: term("alike"), tabIndex: -1 }),
    shown.problem ? element("p", { className: "notice", textContent: shown.problem }) : null,
    element("ul", {}, ...shown.duplicates.map(line))));
}

document.addEventListener("muster:same", () => { /* merge.js: what was proposed may be no more */
  shown.case = null;
});
document.addEventListener("muster:case", (event) => {
  event.detail === shown.case ? draw() : load(event.detail);
});
