/* SPDX-License-Identifier: Apache-2.0
 * What the broadcasts' page says, and how: texts of the catalogue, numbers, names of languages, an audience in words, and in how many messages of
 * the network a text goes. Everything that people wrote is put into the page as text, never as markup. */

import { byId, element, settings } from "./desk_kit.js";
import { SEGMENTS_MAX, sizeOf as textSize } from "./sms_size.js";

export { becomeAll, byId, element, settings } from "./desk_kit.js";
export { SEGMENTS_MAX };

const listed = (name) => settings[`list.${name}`].split(" ");
const spoken = [...document.querySelectorAll(".languages a")].map((link) => link.lang);
/* Graver first; "none": never heard from. */
export const choices = {
  languages: [...new Set([...spoken, "ha", "dje", "ar"])],
  statuses: ["none", "in_danger", "injured", "need_help", ...listed("status").filter((one) => !["in_danger", "injured", "need_help"].includes(one))],
  bands: ["1", "2", "3", "4", "5"],
  needs: listed("need"),
  intents: listed("intent"),
  posts: [], /* of the session: set when it is known */
};
export const postNames = {};

/* --- texts ---------------------------------------------------------------------------------------------------------------- */
const rules = new Intl.PluralRules(settings.language);
const languageNames = new Intl.DisplayNames(settings.language, { type: "language", fallback: "code" });
const either = new Intl.ListFormat(settings.language, { type: "disjunction" });

export const known = (key) => settings[`broadcast.${key}`];
export const tell = (key, values = {}) => (known(key) ?? key).replace(/\{([a-z_]+)\}/g, (whole, name) => values[name] ?? whole);
export const number = (value) => Number(value).toLocaleString(settings.language);
/* "1 person", "1,204 people": the text for one or for several. */
export const plural = (key, count, values = {}) =>
  tell(`${key}_${rules.select(count) === "one" ? "one" : "other"}`, { count: number(count), ...values });
export const people = (count) => plural("people", count);
export const money = (cost) => Number(cost.amount).toLocaleString(settings.language, { style: "currency", currency: cost.currency });

export function language(tag) {
  const name = languageNames.of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(settings.language) + name.slice(1);
}

export function duration(seconds) {
  if (seconds < 90) {
    return plural("seconds", Math.max(1, Math.ceil(seconds)));
  }
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? plural("minutes", minutes) : plural("hours_long", Math.ceil(minutes / 60));
}

export function moment(time) {
  const date = new Date(time);
  const today = date.toDateString() === new Date().toDateString();
  const made = element("time", { dateTime: time, title: date.toISOString() });
  made.textContent = today ? date.toLocaleTimeString(settings.language, { timeStyle: "short" })
    : date.toLocaleString(settings.language, { dateStyle: "medium", timeStyle: "short" });
  return made;
}

/* --- the page --------------------------------------------------------------------------------------------------------------- */
/* The session is over: what helps, in another window, so that nothing here is lost. */
export const signInAgain = () => [`${tell("session_over")} `, element("a", { href: `/sign-in?lang=${settings.language}`, target: "_blank", textContent: tell("sign_in") })];

/* Said to who hears the page: once, when it changes. */
export function announce(text) {
  if (byId("live").textContent !== text) {
    byId("live").textContent = text;
  }
}

/* --- an audience in words ------------------------------------------------------------------------------------------------------ */
const wordsOf = {
  posts: (post) => postNames[post] ?? post,
  languages: language,
  statuses: (status) => (status === "none" ? tell("unheard") : tell("said", { status: settings[`status.${status}`] ?? status })),
  bands: (band) => `${band} ${settings[`band.${band}`] ?? ""}`,
  needs: (need) => settings[`need.${need}`] ?? need,
  intents: (intent) => tell("said", { status: settings[`intent.${intent}`] ?? intent }),
};
export const wordOf = (list, value) => wordsOf[list](String(value));
/* In the order in which they are offered, whatever the one they come in. */
const inOrder = (list, values) => choices[list].filter((value) => values.map(String).includes(value)).concat(values.filter((value) => !choices[list].includes(String(value))));
export const anyOf = (list, values) => either.format(inOrder(list, values).map((value) => wordOf(list, value)));

function lastWord(statuses) {
  const told = statuses.filter((status) => status !== "none");
  if (told.length === statuses.length) {
    return tell("clause_statuses", { any: anyOf("statuses", told) });
  }
  return told.length === 0 ? tell("clause_unheard") : tell("clause_unheard_or", { any: anyOf("statuses", told) });
}

function clauses(audience) {
  const said = [];
  if (audience.statuses?.length > 0) {
    said.push(lastWord(audience.statuses));
  }
  for (const list of ["languages", "bands", "needs", "intents"]) {
    if (audience[list]?.length > 0) {
      said.push(tell(`clause_${list}`, { any: anyOf(list, audience[list]) }));
    }
  }
  if (audience.zone) {
    said.push(tell("clause_zone", { lat: audience.zone.lat, lon: audience.zone.lon, km: number(audience.zone.km) }));
  }
  if (audience.cells?.length > 0) {
    said.push(plural("clause_cells", audience.cells.length));
  }
  if (audience.posts?.length > 0) {
    said.push(tell("clause_posts", { any: anyOf("posts", audience.posts) }));
  }
  if (audience.overdue) {
    said.push(tell("clause_overdue"));
  }
  return said;
}

export function audienceWords(audience) {
  const said = clauses(audience);
  if (said.length === 0) {
    return [element("p", {}, element("b", { textContent: tell("everybody") }))];
  }
  return [element("p", {}, element("b", { textContent: tell("who_that") })),
    element("ul", {}, said.map((clause, index) => element("li", { textContent: index > 0 ? tell("and", { clause }) : clause })))];
}

/* --- what a text takes ----------------------------------------------------------------------------------------------------------- */
const SAMPLE_CODE = "K7M2Q-9QXD4"; /* all case codes are as long */

export const askOf = (tag) => settings[`ask.${tag.split("-")[0]}`] ?? settings.ask;

/* As sms_size.js has it, of the text with its question and a case code; the server's count is shown before anything is sent. */
export function sizeOf(text, tag, asks) {
  const trimmed = text.trim();
  return textSize((asks && trimmed ? `${trimmed} ${askOf(tag)}` : trimmed).replaceAll("{case}", SAMPLE_CODE));
}
