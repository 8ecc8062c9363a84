/* SPDX-License-Identifier: Apache-2.0
 * A warden's list. A tap is kept on this phone until the register has it, and sent again and again, in order, with the id that it was given when it was tapped: so it
 * counts once. The page says of each what has reached us and what has not. Kept are codes and words, no names. */
import { byId, element, fetched, renewSession, settings } from "./desk_kit.js";

const ward = (key, values = {}) => (settings[`warden.${key}`] ?? key).replace(/\{([a-z_]+)\}/g, (whole, name) => values[name] ?? whole);
const KEPT = `muster.warden.${settings.user}`;
const SOONEST_MS = 2000;
const LATEST_MS = 60000;
const words = ["safe", "need_help", "not_found"];
let households = [];
let sending = false;
let pause = SOONEST_MS;
let timer = null;

/* --- what waits to be told ------------------------------------------------------------------------------------------------------------ */
/* [{id, case, word, at, undo}], the oldest first. Another tab of this page may have added to it: it is read anew each time. */
function waiting() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "[]");
  } catch {
    return [];
  }
}

function keep(list) {
  localStorage.setItem(KEPT, JSON.stringify(list));
}

const without = (one) => waiting().filter((item) => item.id !== one.id || item.undo !== one.undo);

function tap(household, word) {
  keep([...waiting(), { id: crypto.randomUUID(), case: household.case, word, at: new Date().toISOString(), undo: false }]);
  draw();
  send();
}

/* What was not sent yet is just forgotten; what was, or is under way, is taken back by the register. */
function undo(household, said) {
  const waits = waiting().find((item) => item.id === said.id && !item.undo);
  keep(waits && !waits.tried ? without(waits) : [...waiting(), { id: said.id, case: household.case, word: said.word, undo: true }]);
  draw();
  send();
}

/* What stands for a household: the last tap that waits, or what the register has. */
function wordOf(household) {
  const of = waiting().filter((item) => item.case === household.case);
  const undone = of.filter((item) => item.undo).map((item) => item.id);
  const tapped = of.filter((item) => !item.undo && !undone.includes(item.id)).at(-1);
  if (tapped) {
    return { id: tapped.id, word: tapped.word, at: tapped.at, waits: true };
  }
  if (household.word && !undone.includes(household.word.client_id)) {
    return { id: household.word.client_id, word: household.word.word, at: household.word.received_at, waits: false };
  }
  return undone.length > 0 ? { undoing: true } : null;
}

/* --- telling it ----------------------------------------------------------------------------------------------------------------------- */
function problem(text) {
  byId("problem").textContent = text;
  byId("problem").hidden = text === "";
}

function tell(one) {
  const path = `/api/v1/warden/${encodeURIComponent(one.case)}/words`;
  return one.undo ? fetched("DELETE", `${path}/${one.id}?lang=${settings.language}`)
    : fetched("POST", `${path}?lang=${settings.language}`, { client_id: one.id, word: one.word, at: one.at });
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(send, pause);
  pause = Math.min(pause * 2, LATEST_MS);
}

/* What the register has is ours no more; what it refuses for good is said, and not kept as if it could still arrive. */
function settle(one, answer) {
  const household = households.find((item) => item.case === one.case);
  keep(without(one));
  if (answer.ok && household && !one.undo) {
    household.word = { word: one.word, client_id: one.id, received_at: new Date().toISOString() };
  } else if (answer.ok && household?.word?.client_id === one.id) {
    household.word = null;
  } else if (!answer.ok && !one.undo) {
    problem(ward("refused", { word: ward(one.word), case: one.case }));
  }
}

const isFinal = (status) => [400, 404, 409, 422].includes(status);

async function send() {
  const one = waiting()[0];
  if (sending || one === undefined) {
    return;
  }
  sending = true;
  keep(waiting().map((item) => (item.id === one.id && item.undo === one.undo ? { ...item, tried: true } : item)));
  let answer = await tell(one).catch(() => null);
  if (answer?.status === 401 || answer?.status === 403) { /* signed in again in another tab, perhaps: the token for posts is another then */
    answer = await renewSession().catch(() => false) ? await tell(one).catch(() => null) : answer;
  }
  sending = false;
  if (answer?.ok || isFinal(answer?.status)) {
    settle(one, answer);
    pause = SOONEST_MS;
    draw();
    send();
    return;
  }
  if (answer?.status === 401) {
    problem(ward("sign_in"));
  }
  later();
  draw();
}

/* --- the page ------------------------------------------------------------------------------------------------------------------------- */
const time = (at) => new Date(at).toLocaleTimeString(settings.language, { timeStyle: "short" });
const moment = (at) => new Date(at).toLocaleString(settings.language, { dateStyle: "medium", timeStyle: "short" });

/* What was tapped of them says more than that they are overdue; that nobody was found does not. */
const isOverdue = (household) => household.overdue && !["safe", "need_help"].includes(wordOf(household)?.word);
const overdueLine = (household) => element("p", { className: "overdue", textContent: household.last_heard_at
  ? ward("overdue", { time: moment(household.last_heard_at) }) : ward("overdue_never", { time: moment(household.check_in_by) }) });

function saidOf(household, said) {
  if (said === null) {
    return null;
  }
  if (said.undoing) {
    return element("p", { className: "said-of waiting", textContent: ward("undoing") });
  }
  const sentence = ward(said.waits ? "waits" : "told", { word: ward(said.word), time: time(said.at) });
  return element("p", { className: said.waits ? "said-of waiting" : "said-of" }, element("span", { textContent: sentence }),
    element("button", { type: "button", textContent: ward("undo"), ariaLabel: `${ward("undo")}: ${household.case}`, onclick: () => undo(household, said) }));
}

function card(household) {
  const said = wordOf(household);
  const id = `h-${household.case}`;
  const button = (word) => element("button", { type: "button", className: word, ariaPressed: String(said?.word === word), onclick: () => tap(household, word),
    textContent: ward(word) });
  const place = [household.location?.place, household.location?.admin1].filter(Boolean).join(", ");
  const position = Number.isFinite(household.location?.lat) ? `${household.location.lat},${household.location.lon}` : "";
  const needs = (household.needs ?? []).map((need) => settings[`need.${need}`] ?? need).join(", ");
  const overdue = isOverdue(household);
  return element("li", { id: household.case, className: overdue ? "is-overdue" : "" }, element("h2", { id, textContent: household.names.join(", ") || ward("no_name") }),
    element("p", { className: "hint" }, [household.people > household.names.length ? ward("people", { count: household.people }) : "", household.case].filter(Boolean).join(" · ")),
    overdue ? overdueLine(household) : null,
    place ? element("p", { textContent: place }) : null,
    position ? element("a", { href: `geo:${position}`, textContent: ward("where") }) : null,
    household.phones.map((phone) => element("a", { href: `tel:${phone}`, textContent: phone })),
    needs ? element("p", { className: "needs", textContent: needs }) : null,
    element("div", { className: "taps", role: "group", ariaLabel: household.names.join(", ") || household.case }, words.map(button)), saidOf(household, said));
}

/* The button that has the focus keeps it. */
function draw() {
  const count = waiting().length;
  const focused = document.activeElement;
  const place = focused?.closest("#households > li")?.id;
  const index = place ? [...byId(place).querySelectorAll("button")].indexOf(focused) : -1;
  byId("untold").className = count > 0 ? "waiting" : "";
  byId("untold").textContent = count === 0 ? ward("all_told") : ward(count === 1 ? "untold_one" : "untold_other", { count });
  byId("households").replaceChildren(...households.map(card));
  if (index >= 0) {
    byId(place)?.querySelectorAll("button")[index]?.focus();
  }
}

/* Who is overdue first, then who waits for a word; what was said of late stands below. */
async function load() {
  const answer = await fetched("GET", `/api/v1/warden?lang=${settings.language}`).catch(() => null);
  if (!answer?.ok) {
    problem(ward(answer?.status === 403 ? "not_a_warden" : answer?.status === 401 ? "sign_in" : "no_list"));
    if (answer === null || answer.status >= 500) {
      setTimeout(load, 10000);
    }
    return;
  }
  problem("");
  households = (await answer.json()).households;
  const rank = (one) => (isOverdue(one) ? 0 : 2) + (one.word === null ? 0 : 1);
  households.sort((a, b) => rank(a) - rank(b));
  draw();
  if (households.length === 0) {
    problem(ward("empty"));
  }
}

byId("sign-out").addEventListener("click", async () => {
  if (waiting().length > 0) {
    problem(ward("not_yet_out"));
    send();
    return;
  }
  await fetched("DELETE", "/api/v1/session").catch(() => undefined);
  location.assign("/");
});
window.addEventListener("online", () => {
  pause = SOONEST_MS;
  send();
});
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
window.addEventListener("storage", (event) => event.key === KEPT && draw());
load().then(send);
