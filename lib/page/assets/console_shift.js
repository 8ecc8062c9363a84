/* SPDX-License-Identifier: Apache-2.0
 * The end of a shift, and the notes of those before: shown above the queue until the officer says that they have read them. */
import { byId, element, settings } from "./desk_kit.js";
import { ask, refusal } from "./console_call.js";
import { refreshSafely } from "./console_list.js";
import { mayAct, moment, problem, say } from "./console_words.js";

const LOOK_AGAIN_MS = 5 * 60 * 1000;
const PATH = "/api/v1/hand-over";
const shiftWords = (key, values = {}) => (settings[`shift.${key}`] ?? key).replace(/\{([a-z_]+)\}/g, (whole, name) => values[name] ?? whole);
const shift = { looked: 0, key: null };

function count(key, number) {
  return number === 0 ? null : shiftWords(number === 1 ? `${key}_one` : key, { count: number });
}

async function confirmRead(one) {
  const answer = await ask("POST", `${PATH}/${one.id}/read`);
  if (answer.ok) {
    await look();
    byId("shift-notes").focus();
  } else {
    problem(await refusal(answer));
  }
}

function note(one) {
  const cases = [count("given", one.given), count("returned", one.returned)].filter(Boolean).join(", ");
  const to = one.to === settings.user ? shiftWords("to_you") : one.to ? shiftWords("to", { name: one.to }) : null;
  return element("article", { className: "shift-note" },
    element("p", {}, element("b", { textContent: one.mine ? shiftWords("yours") : shiftWords("from", { name: one.by }) }), " ", moment(one.at), to ? ` · ${to}` : null, cases ? ` · ${cases}` : null),
    element("p", { className: "quote", textContent: one.unreadable ? shiftWords("unreadable") : one.note }),
    element("p", { className: "hint", textContent: one.read_by.length > 0 ? shiftWords("read_by", { names: one.read_by.join(", ") }) : shiftWords("read_by_nobody") }),
    !one.mine && !one.read && mayAct() ? element("button", { type: "button", textContent: shiftWords("read"), onclick: () => confirmRead(one) }) : null);
}

async function look() {
  shift.looked = Date.now();
  const answer = await ask("GET", PATH);
  if (!answer.ok) {
    return; /* the queue says what is wrong */
  }
  const all = (await answer.json()).hand_overs;
  const fresh = all.filter((one) => !one.mine && !one.read && mayAct());
  const earlier = all.filter((one) => !fresh.includes(one));
  const open = byId("shift-notes").querySelector("details")?.open ?? false;
  byId("shift-notes").hidden = all.length === 0;
  byId("shift-notes").replaceChildren(...[
    fresh.length > 0 ? element("h2", { textContent: shiftWords("fresh") }) : null, ...fresh.map(note),
    earlier.length > 0 ? element("details", { open }, element("summary", { textContent: shiftWords("earlier") }), ...earlier.map(note)) : null].filter(Boolean));
}

async function end(event) {
  event.preventDefault();
  const text = byId("shift-note").value.trim();
  const to = byId("shift-to").value.trim();
  if (text === "") {
    say("shift-problem", shiftWords("note_missing"));
    byId("shift-note").focus();
    return;
  }
  shift.key ??= crypto.randomUUID(); /* an answer that was lost must not end the shift twice */
  const answer = await ask("POST", PATH, to === "" ? { note: text } : { note: text, to }, { "Idempotency-Key": shift.key });
  if (answer.status === 422 && to !== "") {
    say("shift-problem", shiftWords("no_colleague", { name: to }));
    byId("shift-to").focus();
    return;
  }
  if (!answer.ok) {
    say("shift-problem", await refusal(answer));
    return;
  }
  const told = await answer.json();
  shift.key = null;
  byId("shift").close();
  byId("shift-form").reset();
  say("problem", "");
  say("said", [shiftWords("ended"), count("given", told.given), count("returned", told.returned)].filter(Boolean).join(" · "));
  await look();
  refreshSafely();
}

byId("shift-end").hidden = !mayAct();
byId("shift-end").addEventListener("click", () => {
  say("shift-problem", "");
  byId("shift").showModal();
  byId("shift-note").focus();
});
byId("shift-cancel").addEventListener("click", () => byId("shift").close());
byId("shift-form").addEventListener("submit", end);
byId("shift-form").addEventListener("input", () => {
  shift.key = null; /* other words are another note */
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && Date.now() - shift.looked > LOOK_AGAIN_MS) {
    look();
  }
});
look();
