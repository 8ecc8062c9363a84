/* SPDX-License-Identifier: Apache-2.0
 * What the console knows and how it says it: the page's state, texts of the catalogue, times, and what a row of a queue and an open case both show. */
import { byId, element, settings } from "./desk_kit.js";

export const POLL_MS = 5000;
export const PAGE_SIZE = 50;
export const state = {
  queue: "emergency", queues: [], cases: [], following: null, cursor: 0, open: null, etag: null, version: null, drawn: "", skew_ms: 0,
  busy: false, numbers: [], filters: {}, posts: [], presence: new Map(), holder: null,
  chosen: new Set(), current: null, said_only: false,
};
export const code = (prefix, value) => settings[`${prefix}.${value}`] ?? String(value);
export const words = (key, values = {}) =>
  (settings[`console.${key}`] ?? key).replace(/\{([a-z_]+)\}/g, (whole, name) => values[name] ?? whole);
export const codes = (prefix, values) => (values ?? []).map((value) => code(prefix, value)).join(", ");
export const mayAct = () => settings.role === "officer" || settings.role === "lead";

export function say(id, text) {
  byId(id).textContent = text;
  byId(id).hidden = text === "";
}

export function problem(text) {
  say("said", "");
  say("problem", text);
}

export function done(key, tell = (text) => text) {
  say("problem", "");
  say("said", tell(words(key)));
}

/* --- time ------------------------------------------------------------------------------------------------------------------- */
export const now = () => Date.now() + state.skew_ms;

export const timeInWords = (time) => new Date(time).toLocaleString(settings.language, { dateStyle: "medium", timeStyle: "short" });
export const moment = (time) => element("time", { dateTime: time, title: new Date(time).toISOString(), textContent: timeInWords(time) });

export function duration(milliseconds) {
  const minutes = Math.floor(Math.abs(milliseconds) / 60000);
  if (minutes < 1) {
    return `${Math.floor(Math.abs(milliseconds) / 1000)} s`;
  }
  if (minutes < 60) {
    return `${minutes} min`;
  }
  return minutes < 1440 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
}

export function showDue(node) {
  const left = Date.parse(node.dataset.by) - now();
  node.classList.toggle("late", left < 0);
  node.textContent = left < 0 ? words("late_by", { time: duration(left) }) : words("due_in", { time: duration(left) });
}

export function due(one) {
  if (one.acknowledgement?.acted_at || one.answered_at) {
    return element("span", { className: "due", textContent: words("answered") });
  }
  const node = element("span", { className: "due", title: Number.isFinite(one.waiting_s) ? words("waiting", { time: duration(one.waiting_s * 1000) }) : "" });
  node.dataset.by = one.respond_by;
  showDue(node);
  return node;
}

/* --- what a row and a case both show ------------------------------------------------------------------------------------ */
export function bandMark(band) {
  return element("span", { className: `band b${band}`, textContent: band, title: code("band", band) });
}

/* What a drill made must never be taken for somebody. */
export const exercise = (one) => (one.exercise ? element("span", { className: "exercise", textContent: words("exercise"), title: words("exercise_hint") }) : null);

export function holder(one) {
  if (!one.claimed_by) {
    return element("span", { className: "free", textContent: words("nobody") });
  }
  const name = one.claimed_by === settings.user ? words("you") : one.claimed_by;
  return element("span", { className: "held", textContent: words("held_by", { name }) });
}

/* What a case waits for, and until when. */
export const waits = (one) => (one.state === "waiting" && one.waiting_until
  ? element("span", { className: "waits", textContent: words("waits", { until: timeInWords(one.waiting_until), on: code("waiting_on", one.waiting_on) }) }) : null);

export const people = (count) => (count === 1 ? words("person") : words("people", { count: count ?? "?" }));

/* --- what people gave us ------------------------------------------------------------------------------------------------------- */
export const telephone = (number) => element("a", { href: `tel:${number.replace(/[^+0-9]/g, "")}`, textContent: number });
export const unreadable = (one) => (one.unreadable ? element("p", { className: "problem", textContent: words("unreadable") }) : null);

export function place(location) {
  if (!location) {
    return null;
  }
  const line = element("p", {}, [location.place, location.admin1].filter(Boolean).join(", "));
  if (Number.isFinite(location.lat) && Number.isFinite(location.lon)) {
    const at = `${location.lat.toFixed(5)}, ${location.lon.toFixed(5)}`;
    line.append(line.textContent ? " · " : "", element("a", { href: `geo:${location.lat},${location.lon}`, textContent: at }));
  }
  if (location.accuracy_m) {
    line.append(` (${words("accuracy", { metres: Math.round(location.accuracy_m) })})`);
  }
  return line.textContent ? line : null;
}
