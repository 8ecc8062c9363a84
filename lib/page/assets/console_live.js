/* SPDX-License-Identifier: Apache-2.0
 * What the console hears as it happens (/api/v1/events), and what it says of its officer. Where there is no stream it asks every few seconds, and
 * says since when. */
import { byId, fetched, hasEnded, settings } from "./desk_kit.js";
import { drawCases, refreshQueues, refreshSafely } from "./console_list.js";
import { mayAct, POLL_MS, state, words } from "./console_words.js";

const LOOK_AGAIN_MS = 400; /* a hundred changes in one breath are one look at the list */
const MANY_AGAIN_MS = 2000; /* where that much changes what is looked at is old at once */
const COUNT_AGAIN_MS = 5000; /* figures alone: no hurry; half as long to half as long again, for all consoles hear of a change at the same moment */
const REST = 3; /* of a server that has much to do each asks less often */
const STALE_MS = 60000; /* heard or not, the list is loaded anew; likewise: after a restart of the desk all consoles begin at the same moment */
const FORGET_MS = 45000;
const SAY_MS = 20000;
const STILL_WRITING_MS = 8000;
const live = { source: null, on: false, since: Date.now(), looked: 0, stale: STALE_MS, pause: LOOK_AGAIN_MS, due: null, due_at: 0, counted: 0, count_due: null, said: "", said_at: 0, of: null, wrote_at: 0 };

/* --- the line --------------------------------------------------------------------------------------------------------------- */
const clockTime = (time) => new Date(time).toLocaleTimeString(settings.language, { timeStyle: "short" });

function drawLine() {
  const told = live.on ? words("live") : words("offline_since", { time: clockTime(live.since) });
  if (byId("line").textContent !== told) {
    byId("line").textContent = told;
  }
  byId("line").classList.toggle("off", !live.on);
}

function line(on) {
  if (live.on && !on) {
    live.since = Date.now();
  }
  live.on = on;
  drawLine();
}

async function lookNow() {
  live.due = null;
  live.looked = live.counted = Date.now();
  live.stale = STALE_MS * (0.5 + Math.random());
  await refreshSafely();
  live.pause = Math.min(Math.max(LOOK_AGAIN_MS, REST * (Date.now() - live.looked)), POLL_MS);
}

/* At once, and then not again before the pause is over. */
function lookAgain(pause = live.pause) {
  const at = Math.max(Date.now(), live.looked + pause);
  if (live.due === null || at < live.due_at) {
    clearTimeout(live.due);
    live.due = setTimeout(lookNow, at - Date.now());
    live.due_at = at;
  }
}

async function countNow() {
  live.count_due = null;
  if (live.due === null && Date.now() - live.counted >= COUNT_AGAIN_MS / 2) {
    live.counted = Date.now();
    await refreshQueues();
  }
}

/* Only the figures changed: a look at the list brings them along. */
function countAgain() {
  live.count_due ??= setTimeout(countNow, Math.max(0, live.counted + COUNT_AGAIN_MS * (0.5 + Math.random()) - Date.now()));
}

/* --- changes ---------------------------------------------------------------------------------------------------------------- */
/* Past the last row that is loaded there are more, which nobody looks at. */
function isInSight(change) {
  const last = state.cases[state.cases.length - 1];
  if (state.following === null || last === undefined || (change.band > 1) !== (last.band > 1)) {
    return state.following === null || last === undefined || change.band <= 1;
  }
  return Date.parse(change.respond_by) <= Date.parse(last.respond_by);
}

function onCase(change) {
  const row = state.cases.find((one) => one.case === change.case);
  if (row !== undefined && (change.state === "resolved" || change.queue !== state.queue)) {
    state.cases = state.cases.filter((one) => one !== row);
    drawCases();
  }
  if (row !== undefined && change.only_holder && change.version === row.version + 1 && change.case !== state.open) {
    Object.assign(row, { state: change.state, claimed_by: change.holder ?? null, version: change.version }); /* there is no more to ask for */
    drawCases();
  }
  const known = row !== undefined && row.version >= change.version;
  if (known) {
    countAgain();
  } else if (row !== undefined || change.case === state.open || (change.queue === state.queue && isInSight(change))) {
    lookAgain();
  } else {
    countAgain();
  }
}

/* --- who else is there ------------------------------------------------------------------------------------------------------ */
export function othersAt(caseCode) {
  const there = state.presence.get(caseCode);
  return there === undefined ? [] : [...there].map(([user, one]) => ({ user, doing: one.doing }));
}

export const presenceWords = (caseCode) =>
  othersAt(caseCode).map((one) => words(one.doing === "writing" ? "is_writing" : "is_looking", { name: one.user })).join(" · ");

function drawPresence() {
  drawCases();
  const bar = byId("presence");
  if (bar !== null && bar.textContent !== presenceWords(state.open)) {
    bar.textContent = presenceWords(state.open);
    bar.hidden = bar.textContent === "";
  }
}

function onPresence(told) {
  if (told.user === settings.user) {
    return;
  }
  const there = state.presence.get(told.case) ?? new Map();
  const isNew = !there.has(told.user);
  if (told.doing === "gone") {
    there.delete(told.user);
  } else {
    there.set(told.user, { doing: told.doing, until: Date.now() + FORGET_MS });
  }
  state.presence.set(told.case, there);
  if (isNew && told.doing !== "gone" && told.case === state.open) {
    live.said_at = 0; /* who comes hears of us soon */
  }
  drawPresence();
}

function forget() {
  let changed = false;
  for (const [caseCode, there] of state.presence) {
    for (const [user, one] of there) {
      if (one.until < Date.now()) {
        changed = there.delete(user);
      }
    }
    if (there.size === 0) {
      state.presence.delete(caseCode);
    }
  }
  if (changed) {
    drawPresence();
  }
}

/* Presence is a courtesy: when it cannot be told nothing is said of it. */
const tell = (caseCode, doing) => fetched("POST", "/api/v1/presence", { case: caseCode, doing }).catch(() => undefined);

function sayWhatIsDone() {
  if (!mayAct() || hasEnded()) {
    return;
  }
  if (live.of !== null && live.of !== state.open) {
    tell(live.of, "gone");
    live.of = null;
  }
  if (state.open === null || document.visibilityState !== "visible") {
    return;
  }
  const doing = Date.now() - live.wrote_at < STILL_WRITING_MS ? "writing" : "looking";
  if (live.of !== state.open || doing !== live.said || Date.now() - live.said_at > SAY_MS) {
    Object.assign(live, { of: state.open, said: doing, said_at: Date.now() });
    tell(state.open, doing);
  }
}

/* --- the stream ------------------------------------------------------------------------------------------------------------- */
function connect() {
  const source = new EventSource("/api/v1/events");
  const on = (name, run) => source.addEventListener(name, (event) => run(JSON.parse(event.data)));
  live.source = source;
  on("hello", (told) => {
    line(true);
    if (!told.resumed) {
      lookAgain();
    }
  });
  on("case", onCase);
  on("presence", onPresence);
  on("many", () => lookAgain(Math.max(live.pause, MANY_AGAIN_MS)));
  on("reset", () => lookAgain());
  on("ended", () => {
    source.close();
    line(false);
    lookAgain(); /* the answer says what is to be done */
  });
  source.onerror = () => line(false); /* it tries again by itself, unless it was refused */
}

function tick() {
  if (live.source.readyState === EventSource.CLOSED && !hasEnded() && Date.now() - live.looked > POLL_MS) {
    connect();
  }
  if (document.visibilityState === "visible" && Date.now() - live.looked > (live.on ? live.stale : POLL_MS)) {
    lookAgain();
  }
  forget();
  sayWhatIsDone();
}

export function startLive() {
  connect();
  drawLine();
  byId("case").addEventListener("input", (event) => {
    if (event.target.tagName === "TEXTAREA") {
      live.wrote_at = event.target.value === "" ? 0 : Date.now();
      sayWhatIsDone();
    }
  });
  addEventListener("pagehide", () => live.of !== null && fetch("/api/v1/presence", { method: "POST", keepalive: true,
    headers: { "Content-Type": "application/json", "X-CSRF-Token": settings.csrf }, body: JSON.stringify({ case: live.of, doing: "gone" }) }).catch(() => undefined));
  addEventListener("offline", () => line(false)); /* a line that is gone may say nothing for minutes */
  addEventListener("online", () => { /* the stream that was may never say that it ended: a new one says what is now */
    live.source.close();
    connect();
  });
  setInterval(tick, 1000);
  lookNow();
}
