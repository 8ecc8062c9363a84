/* SPDX-License-Identifier: Apache-2.0
 * Several cases at once: chosen in the list, then passed on, given back, let wait or noted. Nothing is sent for some seconds, in which it can be undone; then each
 * case is asked for by itself, at the version that was shown, so that each is in the audit and each refusal is told of its case. Nothing is ever marked
 * read in bulk. See docs/decisions/0019-console.md. */
import { byId, element, fetched, settings } from "./desk_kit.js";
import { casePath, refusal } from "./console_call.js";
import { askNote, askPass, askWait, rowsOf } from "./console_forms.js";
import { drawCases, refreshSafely } from "./console_list.js";
import { openCase } from "./console_act.js";
import { mayAct, say, state, words } from "./console_words.js";

const HOLD_MS = 8000;
const AT_ONCE = 4;
const held = { job: null, timer: 0, until: 0 };
let last = null; /* the row that was chosen last, where a range begins */

/* --- choosing ------------------------------------------------------------------------------------------------------------------ */
export const isChosen = (caseCode) => state.chosen.has(caseCode);
export const chosenRows = () => rowsOf([...state.chosen]);

export function choose(index, on, range) {
  const from = range && last !== null ? state.cases.findIndex((row) => row.case === last) : index;
  const [first, end] = from < 0 ? [index, index] : [Math.min(from, index), Math.max(from, index)];
  for (const row of state.cases.slice(first, end + 1)) {
    on ? state.chosen.add(row.case) : state.chosen.delete(row.case);
  }
  last = state.cases[index]?.case ?? null;
  drawBulk();
  drawCases();
}

export function chooseAtCursor(range) {
  const row = state.cases[state.cursor];
  if (row !== undefined && mayAct()) {
    choose(state.cursor, range || !isChosen(row.case), range);
  }
}

export function chooseNone() {
  state.chosen.clear();
  drawBulk();
  drawCases();
}

/* What has left the list is not chosen any more. */
export function dropGone() {
  const there = new Set(state.cases.map((row) => row.case));
  const gone = [...state.chosen].filter((one) => !there.has(one));
  gone.forEach((one) => state.chosen.delete(one));
  if (gone.length > 0) {
    drawBulk();
  }
}

/* --- doing ------------------------------------------------------------------------------------------------------------------------ */
const mayFor = (row) => row.claimed_by === settings.user || settings.role === "lead";
const kinds = {
  transfer: { key: "pass", fits: (row) => row.claimed_by === null || mayFor(row), ask: () => askPass(chosenRows()) },
  release: { key: "release", fits: (row) => row.claimed_by !== null && mayFor(row), ask: async () => ({}) },
  waiting: { key: "wait", fits: (row) => row.claimed_by !== null && mayFor(row), ask: () => askWait(state.chosen.size) },
  notes: { key: "note_add", fits: () => true, ask: () => askNote(state.chosen.size) },
};

export async function startBulk(action) {
  if (!chosenRows().some(kinds[action].fits)) {
    return;
  }
  const body = await kinds[action].ask();
  const rows = chosenRows();
  if (body === null || rows.length === 0) {
    return;
  }
  flush();
  hold({ action, body, items: rows.map((row) => ({ case: row.case, version: row.version })) });
  chooseNone();
  byId("undo").querySelector("button")?.focus();
}

function hold(job) {
  held.job = job;
  held.until = Date.now() + HOLD_MS;
  held.timer = setInterval(() => (Date.now() >= held.until ? flush() : drawCountdown()), 250);
  byId("undo").replaceChildren(element("span", { id: "undo-words" }), element("button", { type: "button", className: "main", onclick: undo }, words("undo"), " ", element("kbd", { textContent: "u" })), " ",
    element("button", { type: "button", textContent: words("undo_now"), onclick: () => flush() }));
  byId("undo").hidden = false;
  drawCountdown();
  say("said", "");
}

function drawCountdown() {
  const left = Math.max(1, Math.ceil((held.until - Date.now()) / 1000));
  const said = words("undo_in", { what: words(kinds[held.job.action].key), count: held.job.items.length, seconds: left });
  if (byId("undo-words").textContent !== said) {
    byId("undo-words").textContent = said;
  }
}

function take() {
  const job = held.job;
  clearInterval(held.timer);
  held.job = null;
  byId("undo").hidden = true;
  byId("undo").replaceChildren();
  return job;
}

export function undo() {
  const job = take();
  if (job !== null) {
    job.items.forEach((one) => state.chosen.add(one.case));
    say("said", words("undone"));
    drawBulk();
    drawCases();
    byId("cases").focus();
  }
}

/* What is held is done now: its time is over, something else is done, or the officer leaves. */
export function flush() {
  const job = take();
  if (job !== null) {
    run(job);
  }
}

const headersOf = (one) => ({ "If-Match": `"${one.version}"` });

async function doOne(job, one) {
  try {
    const answer = await fetched("POST", casePath(one.case, job.action), job.body, headersOf(one));
    if (answer.ok) {
      return null;
    }
    const why = { 401: "session_over", 409: "bulk_conflict", 412: "bulk_conflict" }[answer.status];
    return { ...one, why: why ? words(why) : await refusal(answer), again: answer.status >= 500 || answer.status === 429 || answer.status === 401 };
  } catch {
    return { ...one, why: words("offline"), again: true };
  }
}

async function run(job) {
  const waiting = [...job.items];
  const failed = [];
  let count = 0;
  say("said", words("bulk_progress", { count: 0, all: job.items.length }));
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      const fault = await doOne(job, one);
      count += 1;
      if (fault !== null) {
        failed.push(fault);
      }
      say("said", words("bulk_progress", { count, all: job.items.length }));
    }
  }));
  say("said", words("bulk_done", { what: words(kinds[job.action].key), count: job.items.length - failed.length, all: job.items.length }));
  drawFailed(job, failed);
  refreshSafely();
}

/* Told case by case; what the line kept from being done can be tried again. */
function drawFailed(job, failed) {
  const place = byId("bulk-failed");
  const again = failed.filter((one) => one.again);
  place.hidden = failed.length === 0;
  place.replaceChildren(...(failed.length === 0 ? [] : [element("p", {}, element("b", { textContent: words("bulk_failed", { count: failed.length }) })),
    element("ul", {}, failed.map((one) => element("li", {}, element("button", { type: "button", className: "code", textContent: one.case, onclick: () => openCase(one.case) }), " ", one.why))),
    element("div", { className: "buttons" },
      again.length > 0 ? element("button", { type: "button", className: "main", textContent: words("bulk_again"), onclick: () => { place.hidden = true; run({ ...job, items: again }); } }) : null,
      element("button", { type: "button", textContent: words("close"), onclick: () => { place.hidden = true; } }))]));
}

export function drawBulk() {
  const count = state.chosen.size;
  byId("bulk").hidden = count === 0;
  byId("bulk-count").textContent = count > 0 ? words("cases_chosen", { count }) : "";
  const rows = chosenRows();
  for (const button of byId("bulk").querySelectorAll("[data-action]")) { /* what fits none of them is not offered */
    button.hidden = !rows.some(kinds[button.dataset.action].fits);
  }
}

export function startBulkBar() {
  const button = (action) => element("button", { type: "button", "data-action": action, textContent: words(kinds[action].key), onclick: () => startBulk(action) });
  byId("bulk").append(element("div", { className: "buttons" }, Object.keys(kinds).map(button),
    element("button", { type: "button", textContent: words("choose_none"), onclick: chooseNone })));
  addEventListener("pagehide", () => {
    const job = take();
    job?.items.forEach((one) => fetch(casePath(one.case, job.action), { method: "POST", keepalive: true, body: JSON.stringify(job.body),
      headers: { "Content-Type": "application/json", "X-CSRF-Token": settings.csrf, ...headersOf(one) } }).catch(() => undefined));
  });
}
