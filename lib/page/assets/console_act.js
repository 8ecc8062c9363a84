/* SPDX-License-Identifier: Apache-2.0
 * Opening a case, and doing something with it. Opening is a look, and looks are recorded: nothing is opened but by the officer. */
import { byId, element, settings } from "./desk_kit.js";
import { ask, casePath, refusal } from "./console_call.js";
import { flush } from "./console_bulk.js";
import { drawCase } from "./console_case.js";
import { forgetDraft, keepDrafts, keyOf, showDrafts } from "./console_drafts.js";
import { askEscalate, askPass, askWait } from "./console_forms.js";
import { drawCases, refreshSafely } from "./console_list.js";
import { drawReplySize } from "./console_thread.js";
import { askWhy } from "./console_why.js";
import { done, mayAct, problem, say, state, words } from "./console_words.js";

let wanted = null; /* the case that was asked for last: an answer about another comes too late */

/* `left`: it was passed on, and may be out of sight. `why`: it is looked at, where that is asked. */
export async function loadCase(caseCode, { why, left = false } = {}) {
  const answer = await ask("GET", casePath(caseCode) + (why ? `?why=${why}` : ""));
  if (caseCode !== wanted) {
    return false;
  }
  if (answer.status === 428 && !left) {
    askWhy(caseCode, (reason) => openCase(caseCode, undefined, reason));
    return false;
  }
  if (!answer.ok && left) {
    closeCase();
    return false;
  }
  if (!answer.ok) {
    const refused = await refusal(answer);
    if (refused) {
      problem(refused);
    }
    return false;
  }
  const one = await answer.json();
  if (caseCode !== wanted) {
    return false;
  }
  keepDrafts();
  const focused = state.open === caseCode && byId("case").contains(document.activeElement) ? document.activeElement.id : "";
  state.open = wanted = one.case; /* another than was asked for, when that was merged into it */
  state.etag = answer.headers.get("ETag");
  state.holder = one.claimed_by;
  state.version = one.version ?? state.cases.find((row) => row.case === caseCode)?.version ?? null;
  document.body.classList.add("open");
  drawCase(one);
  showDrafts(one.case);
  if (byId("reply") !== null) {
    drawReplySize();
  }
  if (focused !== "") {
    (byId(focused) ?? byId("case")).focus(); /* where the officer was */
  }
  return true;
}

export async function openCase(caseCode, index, why) {
  state.cursor = index ?? state.cursor;
  say("said", "");
  wanted = caseCode;
  try {
    if (await loadCase(caseCode, { why })) {
      byId("case").focus();
    }
  } finally {
    wanted = wanted === caseCode && state.open !== caseCode ? state.open : wanted; /* it did not open */
  }
  drawCases();
}

export function closeCase() {
  keepDrafts();
  wanted = null;
  state.open = null;
  document.body.classList.remove("open");
  state.current = null;
  byId("case").replaceChildren(element("p", { className: "hint", textContent: words("choose") }));
  drawCases();
  byId("cases").focus();
}

/* --- doing ------------------------------------------------------------------------------------------------------------------------ */
/* Which case it is said of, where another was opened meanwhile. */
const saidOf = (caseCode, text) => (state.open === null || state.open === caseCode ? text : `${caseCode}: ${text}`);

/* Somebody was quicker: who, where one knows. `wasMine`: it was the officer's own, and is nobody's now. */
function outrun(caseCode, wasMine) {
  if (state.open !== caseCode) {
    return "";
  }
  return state.holder && state.holder !== settings.user ? words("quicker", { name: state.holder }) : wasMine && state.holder === null ? words("lapsed") : "";
}

/* One at a time, and only on what was seen: If-Match makes the server refuse when another was quicker. */
export async function act(action, saidKey, body, headers = {}) {
  const caseCode = state.open;
  if (caseCode === null || state.busy) {
    return false;
  }
  flush(); /* what is held for several is meant: something else is done now */
  state.busy = true;
  try {
    const wasMine = state.holder === settings.user;
    const answer = await ask("POST", casePath(caseCode, action), body, state.etag === null ? headers : { "If-Match": state.etag, ...headers }).catch(() => null);
    if (answer === null) {
      problem(saidOf(caseCode, words("not_known")));
      await loadCase(caseCode).catch(() => undefined);
      return false;
    }
    const refused = answer.ok ? "" : await refusal(answer);
    if (answer.status === 401) {
      return false;
    }
    await loadCase(caseCode, { left: answer.ok && ["transfer", "escalate"].includes(action) });
    if (refused) {
      problem(saidOf(caseCode, (answer.status === 412 && outrun(caseCode, wasMine)) || refused));
    } else {
      done(saidKey, (text) => saidOf(caseCode, text));
    }
    return answer.ok;
  } finally {
    state.busy = false;
    refreshSafely();
  }
}

export async function addNote() {
  const text = byId("note").value.trim();
  if (text === "") {
    byId("note").focus();
    return false;
  }
  const of = state.open;
  const kept = await act("notes", "noted_ok", { text });
  if (kept) {
    forgetDraft(of, "note", text);
  }
  return kept;
}

export async function sendReply() {
  const text = byId("reply").value.trim();
  if (text === "") {
    byId("reply").focus();
    return;
  }
  const to = byId("reply-to")?.value ?? ""; /* where there is no choice the register knows the number */
  const way = state.numbers.find((item) => item.number === to)?.way ?? {};
  const of = state.open;
  if (await act("messages", "reply_ok", { text, ...way }, { "Idempotency-Key": keyOf(of, text, to) })) {
    forgetDraft(of, "reply", text);
    if (byId("reply") !== null) {
      drawReplySize();
    }
  }
}

export async function resolve() {
  const text = byId("note").value.trim();
  const of = state.open;
  if (text === "") {
    problem(words("resolve_note"));
    byId("note").focus();
  } else if (await act("resolve", "resolved_ok", { note: text })) {
    forgetDraft(of, "note", text);
  }
}

/* --- passing it on ------------------------------------------------------------------------------------------------------------------ */
async function askedAct(action, saidKey, asked) {
  const caseCode = state.open;
  const body = caseCode === null ? null : await asked(state.current);
  if (body !== null && state.open === caseCode) {
    await act(action, saidKey, body);
  }
}

export const letWait = () => askedAct("waiting", "waits_ok", () => askWait());
export const passOn = () => askedAct("transfer", "passed_ok", (one) => askPass([one]));
export const escalate = () => askedAct("escalate", "escalated_ok", askEscalate);

export async function takeNext() {
  if (!mayAct() || state.busy) {
    return;
  }
  flush();
  state.busy = true; /* one at a time: each press claims another case */
  try {
    const answer = await ask("POST", `/api/v1/queues/${encodeURIComponent(state.queue)}/claim`);
    if (answer.status === 204) {
      done("none_left");
    } else if (answer.ok) {
      const one = await answer.json();
      await openCase(one.case, state.cases.findIndex((row) => row.case === one.case));
      done("claimed_ok");
    } else {
      problem(await refusal(answer));
    }
  } finally {
    state.busy = false;
    refreshSafely();
  }
}
