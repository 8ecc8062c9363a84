/* SPDX-License-Identifier: Apache-2.0
 * What was typed of each case and not sent. It is this tab's alone, through a page that is loaded again and a session that ended, until it is sent, its officer
 * signs out, another signs in, or a shift is long over. */
import { byId, settings } from "./desk_kit.js";
import { state } from "./console_words.js";

const KEY = "muster.drafts";
const BOXES = ["note", "reply", "reply-to"];
const KEEP_MS = 12 * 3600000;
const drafts = new Map(read());

function read() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
    return kept.user === settings.user ? kept.drafts.filter(([, draft]) => Date.now() - draft.at < KEEP_MS) : [];
  } catch {
    return [];
  }
}

function write() {
  try {
    drafts.size === 0 ? sessionStorage.removeItem(KEY) : sessionStorage.setItem(KEY, JSON.stringify({ user: settings.user, drafts: [...drafts] }));
  } catch { /* there is no room, or it is not allowed: then as long as the page stands */
  }
}

const draftOf = (caseCode) => drafts.get(caseCode) ?? {};

function put(caseCode, draft) {
  drafts.delete(caseCode);
  if (draft.note || draft.reply || draft.heard) {
    drafts.set(caseCode, { ...draft, at: Date.now() });
  }
  write();
}

/* What was heard and is not sent: as the form's own boxes have it (heard.js), null when they are empty. */
export const heardDraft = (caseCode) => draftOf(caseCode).heard ?? null;
export const keepHeard = (caseCode, heard) => put(caseCode, { ...draftOf(caseCode), heard });

export const hasDraft = (caseCode) => drafts.has(caseCode);

/* Of the boxes that there are: a closed case has none for a note, and what was typed before is kept. */
export function keepDrafts() {
  const boxes = state.open === null ? [] : BOXES.filter((id) => byId(id) !== null);
  if (boxes.length > 0) {
    put(state.open, { ...draftOf(state.open), ...Object.fromEntries(boxes.map((id) => [id, byId(id).value])) });
  }
}

export function showDrafts(caseCode) {
  const draft = draftOf(caseCode);
  for (const id of BOXES.filter((one) => byId(one) !== null && draft[one])) {
    if (byId(id).options === undefined || [...byId(id).options].some((one) => one.value === draft[id])) {
      byId(id).value = draft[id];
    }
  }
}

/* What was sent is no draft; what was typed since is. */
export function forgetDraft(caseCode, id, sent) {
  const { sending, ...draft } = draftOf(caseCode);
  const box = state.open === caseCode ? byId(id) : null;
  if (box?.value.trim() === sent) {
    box.value = "";
  }
  put(caseCode, { ...draft, [id]: draft[id]?.trim() === sent ? "" : draft[id], ...(id === "reply" ? {} : { sending }) });
}

export function forgetAllDrafts() {
  drafts.clear();
  write();
}

/* Until it is known to be taken the same words to the same number are the same text: an answer that was lost, and a page loaded again, must not send it twice. */
export function keyOf(caseCode, text, to) {
  const draft = draftOf(caseCode);
  const same = draft.sending?.text === text && draft.sending.to === to;
  const sending = same ? draft.sending : { text, to, key: crypto.randomUUID() };
  put(caseCode, { ...draft, reply: draft.reply || text, sending });
  return sending.key;
}

write(); /* without what was another's */
addEventListener("pagehide", keepDrafts);
byId("case").addEventListener("input", keepDrafts);
