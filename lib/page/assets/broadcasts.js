/* SPDX-License-Identifier: Apache-2.0
 * The broadcasts' page: those there are, writing one, and one as it stands. Nothing goes out but by a button that says to how many, pressed twice;
 * STOP is pressed once. The address names what is open, so that a second officer can be sent there. A draft is counted whenever it is asked for, so it
 * is asked for only by the officer; what runs is asked for every two seconds. */
import { ask, broadcastPath, Refused, Unreached } from "./broadcast_call.js";
import { clearForm, isTyped, startForm } from "./broadcast_form.js";
import { drawOne, figures, stateWords } from "./broadcast_view.js";
import { announce, becomeAll, byId, choices, element, moment, number, people, plural, postNames, settings, signInAgain, tell } from "./broadcast_words.js";

const LIST_MS = 5000;
const ONE_MS = { running: 2000, proposed: 5000, stopped: 10000, finished: 10000 };
const TICK_MS = 250;
const state = { all: [], one: null, draft: null /* the form's, as counted */, list_due: 0, one_due: 0, asking: false, busy: false, told: "",
  moves: 0 /* what was asked for before a move is not drawn after it */ };

const mayWork = () => settings.role === "officer" || settings.role === "lead";
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const opened = () => decodeURIComponent(location.hash.slice(1));

/* --- what went wrong ------------------------------------------------------------------------------------------------------------ */
/* `of` "line": the connection; it goes when there is one again. */
function problem(text, of = "act") {
  const bar = byId("problem");
  if (of === "line" && !bar.hidden && bar.dataset.of === "act") {
    return; /* what it says matters more */
  }
  if (bar.textContent !== text) {
    bar.textContent = text;
  }
  bar.dataset.of = of;
  bar.hidden = text === "";
}

function failed(failure, of) {
  if (failure instanceof Refused && failure.status === 401) {
    if (byId("problem").querySelector("a") === null) {
      problem(failure.message);
      byId("problem").replaceChildren(...signInAgain());
    }
  } else if (failure instanceof Unreached || failure instanceof Refused) {
    problem(failure instanceof Refused ? failure.detail : failure.message, of);
  } else {
    throw failure;
  }
}

function reached() {
  if (byId("problem").dataset.of === "line") {
    problem("");
  }
}

/* --- the list ----------------------------------------------------------------------------------------------------------------- */
function howMany(one) {
  if (one.state === "running") {
    return tell("filled", { done: number(one.filled), all: people(Math.max(one.recipients, one.filled)) });
  }
  return one.state === "draft" && one.recipients === 0 ? "" : people(one.state === "finished" ? one.filled : one.recipients);
}

function row(one) {
  const button = element("button", { type: "button", onclick: () => go(one.id) },
    element("span", { className: "first" }, element("span", { className: `mark is-${one.state}` }), element("b", { textContent: stateWords(one) })),
    element("span", { textContent: howMany(one) }),
    element("span", { className: "second" }, moment(one.created_at), element("span", { textContent: one.author }), crises.length > 1 ? element("span", { textContent: one.crisis }) : null));
  if (one.id === opened()) {
    button.setAttribute("aria-current", "true");
  }
  return element("li", { className: `row is-${one.state === "stopped" && !one.started_at ? "dropped" : one.state}` }, button);
}

function drawList() {
  becomeAll(byId("broadcasts"), state.all.map(row));
  byId("empty").hidden = state.all.length > 0;
}

async function loadList() {
  state.list_due = Date.now() + LIST_MS;
  state.all = (await ask("GET", "/broadcasts")).broadcasts;
  drawList();
}

/* --- one -------------------------------------------------------------------------------------------------------------------------- */
const acts = () => ({ send: sureToSend, stop, refresh, change: () => go("write"), canChange: state.draft?.id === state.one?.id });

function show(part) {
  for (const id of ["choose", "draft", "one"]) {
    byId(id).hidden = id !== part;
  }
  document.body.classList.toggle("open", part !== "choose");
}

function tellProgress(one) {
  const f = figures(one);
  const tenth = Math.floor((10 * f.done) / Math.max(1, f.all));
  const told = `${one.id} ${one.state} ${one.state === "running" ? tenth : ""}`;
  if (told !== state.told) { /* who listens hears each tenth, not each text */
    state.told = told;
    announce(one.state === "running" ? tell("progress", { done: number(f.done), all: people(f.all) }) : stateWords(one));
  }
}

function drawOpen(one) {
  const another = one.id !== state.one?.id;
  state.one = one;
  state.one_due = Date.now() + (one.counting ? ONE_MS.running : ONE_MS[one.state] ?? Infinity);
  if (another) {
    byId("one").replaceChildren(...drawOne(one, acts()));
  } else {
    becomeAll(byId("one"), drawOne(one, acts()));
  }
  show("one");
  tellProgress(one);
  const listed = state.all.findIndex((other) => other.id === one.id);
  if (listed >= 0) {
    state.all[listed] = { ...state.all[listed], ...one };
  } else {
    state.list_due = 0;
  }
  drawList();
}

const focusHeading = (id) => byId(id).querySelector("h2")?.focus({ preventScroll: false });

async function loadOne(id) {
  const moves = state.moves;
  const one = await ask("GET", broadcastPath(id));
  if (id === opened() && moves === state.moves) { /* else another was opened meanwhile, or this one has moved */
    drawOpen(one);
  }
  return one;
}

async function refresh() {
  try {
    announce(tell("counting"));
    await loadOne(state.one.id);
    problem("");
    focusHeading("one");
  } catch (failure) {
    failed(failure);
  }
}

/* --- doing ------------------------------------------------------------------------------------------------------------------------- */
function sureToSend(one, what) {
  const dialog = byId("sure");
  const yes = element("button", { type: "button", className: "main big", textContent: plural(`yes_${what}`, one.recipients), onclick: () => { dialog.close(); send(one, what); } });
  const no = element("button", { type: "button", autofocus: true, textContent: tell("no"), onclick: () => dialog.close() });
  dialog.replaceChildren(element("h2", { id: "sure-title", textContent: plural(`sure_${what}`, one.recipients) }),
    element("p", { textContent: tell(`sure_${what}_hint`) }),
    element("ul", { className: "texts" }, one.texts.filter((text) => text.recipients > 0).map((text) =>
      element("li", {}, element("p", { className: "quote", lang: text.language, dir: "auto", textContent: text.text ?? "" }), element("p", { className: "hint", textContent: people(text.recipients) })))),
    element("div", { className: "buttons" }, yes, no));
  dialog.showModal();
}

/* What became of it, when its answer was lost: asked until the desk says. A step is taken once, whoever asks again. */
async function learn(one) {
  problem(tell("send_unknown"));
  for (;;) {
    await pause(ONE_MS.running);
    try {
      const found = await loadOne(one.id);
      problem(found.state === one.state ? tell("not_sent") : "");
      focusHeading("one");
      return;
    } catch (failure) {
      if (!(failure instanceof Unreached)) {
        failed(failure);
        return;
      }
    }
  }
}

async function send(one, what) {
  if (state.busy) {
    return;
  }
  state.busy = true;
  problem("");
  try {
    const moved = await ask("POST", broadcastPath(one.id, what === "approve" ? "approve" : "send"));
    if (state.draft?.id === one.id) {
      state.draft = null;
      clearForm();
    }
    state.moves += 1;
    drawOpen(moved);
    focusHeading("one");
  } catch (failure) {
    if (failure instanceof Unreached) {
      await learn(one);
    } else {
      await loadOne(one.id).catch(() => undefined); /* it may have moved: the figures are those of now */
      failed(failure);
    }
  } finally {
    state.busy = false;
  }
}

/* At once, and again until the desk has heard it. */
async function stop(one) {
  announce(tell("stopping"));
  for (;;) {
    try {
      const moved = await ask("POST", broadcastPath(one.id, "stop"));
      problem("");
      if (state.draft?.id === one.id) {
        state.draft = null;
      }
      state.moves += 1;
      if (one.id === opened()) {
        drawOpen(moved);
        focusHeading("one");
      }
      return;
    } catch (failure) {
      if (!(failure instanceof Unreached)) {
        await loadOne(one.id).catch(() => undefined);
        failed(failure);
        return;
      }
      problem(tell("stop_not_yet"));
      await pause(1000);
    }
  }
}

/* The form's draft, counted. The one it had before is nobody's any more. */
function counted(draft) {
  const before = state.draft;
  state.draft = draft;
  if (before !== null && before.id !== draft.id) {
    ask("POST", broadcastPath(before.id, "stop")).catch(() => undefined); /* it stays a draft that nobody sends */
  }
  history.pushState(null, "", `#${draft.id}`);
  problem("");
  drawOpen(draft);
  focusHeading("one");
}

/* --- where we are -------------------------------------------------------------------------------------------------------------- */
function go(where) {
  if (opened() === where) {
    route();
  } else {
    location.hash = where;
  }
}

async function route() {
  const where = opened();
  problem("");
  drawList();
  if (where === "") {
    show("choose");
  } else if (where === "write") {
    show("draft");
    focusHeading("draft");
  } else {
    try {
      await loadOne(where);
      focusHeading("one");
    } catch (failure) {
      show("choose");
      failed(failure);
    }
  }
}

/* --- as time goes ------------------------------------------------------------------------------------------------------------------ */
async function tick() {
  if (document.visibilityState !== "visible" || state.asking) {
    return;
  }
  state.asking = true;
  try {
    if (Date.now() >= state.list_due) {
      await loadList();
      reached();
    }
    if (state.one !== null && state.one.id === opened() && (state.one.state !== "draft" || state.one.counting) && !state.busy && Date.now() >= state.one_due) {
      state.one_due = Date.now() + ONE_MS.running;
      await loadOne(state.one.id);
      reached();
    }
  } catch (failure) {
    state.list_due = Math.max(state.list_due, Date.now() + ONE_MS.running);
    failed(failure, "line");
  } finally {
    state.asking = false;
  }
}

let crises = [];

async function start() {
  try {
    const who = await ask("GET", "/me");
    crises = who.crises;
    for (const post of who.posts) {
      postNames[post.id] = post.name;
    }
    choices.posts = Object.keys(postNames);
    reached();
  } catch (failure) {
    failed(failure, "line");
    setTimeout(start, ONE_MS.running);
    return;
  }
  byId("write").hidden = !mayWork() || crises.length === 0;
  startForm(crises, counted);
  byId("write").addEventListener("click", () => go("write"));
  document.querySelector(".back").addEventListener("click", () => go(""));
  addEventListener("hashchange", route);
  addEventListener("beforeunload", (event) => isTyped() && event.preventDefault());
  await loadList().catch((failure) => failed(failure, "line"));
  await route();
  setInterval(tick, TICK_MS);
}

start();
