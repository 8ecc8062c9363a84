/* SPDX-License-Identifier: Apache-2.0
 * Wardens' lists, for a lead: who goes from door to door, how their households stand, and what they are given or no longer have. Shown are codes and how they
 * stand, no names: whoever opens a case is on record. */
import { becomeAll, byId, element, fetched, renewSession, settings } from "./desk_kit.js";

const POLL_MS = 60000;
const STANDS = ["heard", "not_found", "to_visit"];
const page = { wardens: [], open: null, households: [] };
const gives = settings.role === "lead";
const listWords = (key, values = {}) => (settings[`wardens.${key}`] ?? key).replace(/\{([a-z_]+)\}/g, (whole, name) => values[name] ?? whole);
const countOf = (key, count) => listWords(count === 1 ? `${key}_one` : `${key}_other`, { count: count.toLocaleString(settings.language) });
const moment = (time) => new Date(time).toLocaleString(settings.language, { dateStyle: "medium", timeStyle: "short" });

/* --- asking --------------------------------------------------------------------------------------------------------------------------- */
function say(id, text, ...more) {
  for (const one of ["problem", "said"]) {
    byId(one).replaceChildren(...(one === id && text !== "" ? [text, ...more] : []));
    byId(one).hidden = one !== id || text === "";
  }
}

/* The answer, or null after saying why there is none; what a 422 names is the caller's to say. */
async function ask(method, path, body) {
  const once = () => fetched(method, `/api/v1/wardens${path}${path.includes("?") ? "&" : "?"}lang=${settings.language}`, body).catch(() => null);
  let answer = await once();
  if (answer?.status === 403 && method !== "GET" && await renewSession().catch(() => false)) { /* signed in again in another window: the token for posts is another */
    answer = await once();
  }
  if (answer?.status === 401) {
    location.reload(); /* the sign-in page stands at the same address */
    return null;
  }
  if (!answer?.ok && answer?.status !== 422) {
    const told = await answer?.json().catch(() => ({}));
    say("problem", [told?.title, told?.detail].filter(Boolean).join(": ") || listWords("failed"));
    return null;
  }
  return answer;
}

const listPath = (user, code = "") => `/${encodeURIComponent(user)}/households${code ? `/${encodeURIComponent(code)}` : ""}`;

/* --- who ------------------------------------------------------------------------------------------------------------------------------ */
const figure = (kind, text) => element("span", { className: `mark ${kind}`, textContent: text });

function warden(one) {
  const shown = [...STANDS.filter((kind) => one[kind] > 0).map((kind) => figure(kind, countOf(kind, one[kind]))),
    one.overdue > 0 ? figure("overdue", countOf("overdue", one.overdue)) : null];
  const button = element("button", { type: "button", onclick: () => open(one.user) }, element("b", { textContent: one.user }), " ",
    element("span", { className: "hint", textContent: countOf("households", one.households) }), element("span", { className: "figures" }, shown));
  if (one.user === page.open) {
    button.setAttribute("aria-current", "true");
  }
  return element("li", {}, button);
}

function drawWardens() {
  byId("nobody").hidden = page.wardens.length > 0;
  becomeAll(byId("people"), page.wardens.map(warden));
}

async function loadWardens() {
  const answer = await ask("GET", "");
  if (answer === null) {
    return;
  }
  page.wardens = (await answer.json()).wardens;
  if (page.open !== null && !page.wardens.some((one) => one.user === page.open)) {
    page.open = null;
    byId("one-list").hidden = true;
  }
  drawWardens();
}

/* --- a list --------------------------------------------------------------------------------------------------------------------------- */
function openCase(code) {
  sessionStorage.setItem("muster.open", code);
  location.assign(`/?lang=${settings.language}`);
}

function household(one) {
  const facts = [one.last_heard_at ? listWords("last_heard", { time: moment(one.last_heard_at) }) : listWords("never_heard"),
    one.word ? listWords("said", { word: listWords(`word_${one.word}`), time: moment(one.received_at) }) : ""].filter(Boolean).join(" · ");
  return element("li", { className: one.overdue ? "overdue" : "" }, element("div", {},
    element("p", {}, element("span", { className: "code", textContent: one.case }), " ", figure(one.stands, listWords(`stands_${one.stands}`)), " ",
      one.overdue ? figure("overdue", listWords("stands_overdue", { time: moment(one.check_in_by) })) : null),
    element("p", { className: "hint", textContent: facts })),
  element("div", { className: "buttons" }, element("button", { type: "button", textContent: listWords("open"), ariaLabel: `${listWords("open")}: ${one.case}`, onclick: () => openCase(one.case) }), " ",
    gives ? element("button", { type: "button", textContent: listWords("take"), ariaLabel: `${listWords("take")}: ${one.case}`, onclick: () => take(one.case) }) : null));
}

function drawList() {
  byId("one-list").hidden = page.open === null;
  byId("list-title").textContent = listWords("list_of", { user: page.open ?? "" });
  byId("give").hidden = !gives;
  byId("none").hidden = page.households.length > 0;
  becomeAll(byId("households"), page.households.map(household));
}

async function loadList() {
  const user = page.open;
  const answer = user === null ? null : await ask("GET", listPath(user));
  if (answer !== null && page.open === user) { /* else another was opened meanwhile */
    page.households = (await answer.json()).households;
    drawList();
  }
}

async function open(user) {
  if (page.open !== user) {
    faults([]);
    byId("codes").value = "";
    say("said", "");
  }
  page.open = user;
  page.households = [];
  drawWardens();
  drawList();
  byId("none").hidden = true; /* not known yet */
  await loadList();
  if (page.open === user) {
    byId("list-title").focus();
  }
}

const reload = () => Promise.all([loadWardens(), loadList()]);

/* --- giving and taking ---------------------------------------------------------------------------------------------------------------- */
/* Codes as they are copied from anywhere: with or without their hyphen, or a space in its place. */
function codesIn(text) {
  const codes = [];
  const parts = text.split(/[\s,;]+/).filter(Boolean);
  for (let i = 0; i < parts.length; i++) {
    const halves = parts[i].length === 5 && parts[i + 1]?.length === 5;
    codes.push(halves ? `${parts[i]}-${parts[++i]}` : parts[i]);
  }
  return [...new Map(codes.map((code) => [code.toUpperCase().replace(/-/g, ""), code])).values()];
}

function faults(lines) {
  byId("faults").hidden = lines.length === 0;
  byId("faults").replaceChildren(...(lines.length === 0 ? [] : [element("p", { textContent: listWords("nothing_given") }),
    element("ul", {}, lines.map((line) => element("li", { textContent: line })))]));
  byId("codes").toggleAttribute("aria-invalid", lines.length > 0);
}

/* Which code, and why not. */
function fault(error, codes, user) {
  const code = codes[Number(/^cases\/(\d+)$/.exec(error.field)?.[1] ?? -1)];
  const isShaped = /^[0-9A-Z]{5}-?[0-9A-Z]{5}$/i.test(code ?? "");
  return code === undefined ? error.message : error.code === "not_a_case" && isShaped ? listWords("cannot", { case: code, user }) : `${code}: ${error.message}`;
}

async function give(user, codes) {
  const answer = await ask("POST", listPath(user), { cases: codes });
  if (answer === null) {
    return false;
  }
  if (!answer.ok) {
    const told = await answer.json().catch(() => ({}));
    faults((told.errors ?? []).map((error) => fault(error, codes, user)));
    return false;
  }
  faults([]);
  return true;
}

async function take(code) {
  const user = page.open;
  if (await ask("DELETE", listPath(user, code)) === null) {
    return;
  }
  const back = element("button", { type: "button", textContent: listWords("undo"), onclick: async () => {
    if (await give(user, [code])) {
      say("said", listWords("given_one", { case: code, user }));
      await reload();
    }
  } });
  say("said", listWords("taken", { case: code, user }), back);
  back.focus();
  await reload();
}

byId("give").addEventListener("submit", async (event) => {
  event.preventDefault();
  const user = page.open;
  const codes = codesIn(byId("codes").value);
  if (codes.length === 0) {
    byId("codes").focus();
    return;
  }
  say("said", "");
  if (await give(user, codes)) {
    byId("codes").value = "";
    say("said", codes.length === 1 ? listWords("given_one", { case: codes[0], user }) : listWords("given_other", { count: codes.length, user }));
    await reload();
  } else {
    byId("codes").focus();
  }
});

byId("read-only").hidden = gives;
loadWardens().then(() => page.wardens.length === 1 && open(page.wardens[0].user));
setInterval(() => document.visibilityState === "visible" && reload(), POLL_MS);
