/* SPDX-License-Identifier: Apache-2.0
 * The console: a queue in answer order, one case beside it. Here are its keys, its clock and its start; console_list.js has the queue, console_case.js
 * the case, console_act.js what is done with it. Talks to /api/v1 of its own origin only. */
import { byId } from "./desk_kit.js";
import { act, closeCase, openCase, takeNext } from "./console_act.js";
import { chooseAtCursor, chooseNone, startBulk, startBulkBar, undo } from "./console_bulk.js";
import { ask } from "./console_call.js";
import { forgetAllDrafts } from "./console_drafts.js";
import { loadMore, moveCursor } from "./console_list.js";
import { startLive } from "./console_live.js";
import { startView } from "./console_view.js";
import { mayAct, showDue, state } from "./console_words.js";

/* What the open case offers under that key. */
const press = (key) => document.querySelector(`#case [data-key="${key}"]`)?.click();

const keys = {
  j: () => moveCursor(1),
  k: () => moveCursor(-1),
  c: () => (mayAct() && state.current?.state !== "none" ? act("claim", "claimed_ok") : undefined),
  n: takeNext,
  a: () => byId("reply")?.focus(),
  r: () => byId("note")?.focus(),
  w: () => (state.chosen.size > 0 ? startBulk("waiting") : press("w")),
  t: () => (state.chosen.size > 0 ? startBulk("transfer") : press("t")),
  e: () => press("e"),
  o: () => press("o"),
  u: undo,
  x: () => chooseAtCursor(false),
  X: () => chooseAtCursor(true),
  "/": () => byId("q").focus(),
  f: () => {
    byId("filters").open = true;
    byId("filter-band").focus();
  },
  "?": () => (byId("keys").open ? byId("keys").close() : byId("keys").showModal()),
};

function leave(inField, field) {
  if (inField) {
    field.blur();
  } else if (state.chosen.size > 0) {
    chooseNone();
  } else if (state.open !== null && !byId("keys").open) {
    closeCase();
  }
}

document.addEventListener("keydown", (event) => {
  const inField = ["INPUT", "TEXTAREA", "SELECT"].includes(event.target.tagName) && event.target.type !== "checkbox";
  if (document.querySelector("dialog[open]:not(#keys)") !== null || (event.repeat && !["j", "k"].includes(event.key))) {
    return; /* a form's own; and a key that is held does a thing once */
  }
  if (event.key === "Escape") {
    leave(inField, event.target);
  } else if (!inField && !event.ctrlKey && !event.metaKey && !event.altKey && keys[event.key]) {
    event.preventDefault();
    keys[event.key]();
  }
});

document.addEventListener("muster:open", (event) => openCase(event.detail)); /* search.js, alike.js */
document.addEventListener("muster:list", () => state.open !== null && matchMedia("(max-width: 52rem)").matches && closeCase()); /* console_names.js */
startBulkBar();
byId("help").addEventListener("click", keys["?"]);
byId("next").hidden = !mayAct();
byId("next").addEventListener("click", takeNext);
byId("more").addEventListener("click", loadMore);
byId("sign-out").addEventListener("click", async () => {
  await ask("DELETE", "/api/v1/session").catch(() => undefined);
  closeCase();
  forgetAllDrafts();
  location.assign("/");
});
setInterval(() => document.querySelectorAll("[data-by]").forEach(showDue), 1000);
startView();
startLive();
const asked = sessionStorage.getItem("muster.open"); /* intake.js */
if (asked !== null) {
  sessionStorage.removeItem("muster.open");
  openCase(asked);
}
