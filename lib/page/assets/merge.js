/* SPDX-License-Identifier: Apache-2.0
 * Two cases of the same people made one: what will be one is shown side by side first; and in a case that others were merged into, which, by whom, and the
 * way back. */
import { byId, element, fetched, settings } from "./desk_kit.js";
import { code, codes, done, mayAct, moment, problem, state, words } from "./console_words.js";

const joined = (key, values = {}) => code("merge", key).replace(/\{([a-z_]+)\}/g, (whole, name) => values[name] ?? whole);
const path = (caseCode, action) => `/api/v1/cases/${encodeURIComponent(caseCode)}${action ? `/${action}` : ""}?lang=${settings.language}`;
const open = (caseCode) => document.dispatchEvent(new CustomEvent("muster:open", { detail: caseCode }));

async function send(caseCode, action, body, etag, tell = problem) {
  const answer = await fetched("POST", path(caseCode, action), body, etag ? { "If-Match": etag } : {}).catch(() => null);
  if (answer?.ok) {
    document.dispatchEvent(new CustomEvent("muster:same"));
    return answer.json();
  }
  const told = await answer?.json().catch(() => ({}));
  const who = ![409, 412].includes(answer?.status) ? "" : action === "merge" ? await quicker(caseCode, body.with) : await parter(caseCode, body.with);
  tell(who || told?.detail || joined("failed"));
  return null;
}

/* --- side by side ----------------------------------------------------------------------------------------------------------------- */
const nameOf = (member) => [[member.given_names, member.family_name].filter(Boolean).join(" "), member.birth_date].filter(Boolean).join(", ");
const lines = (items) => (items.length > 0 ? items.map((item) => element("p", {}, item)) : [element("p", { className: "hint", textContent: "–" })]);

/* What an officer compares: one row each. */
const rows = [
  ["people", (one) => (one.party ?? []).map(nameOf).filter(Boolean)],
  ["documents", (one) => (one.party ?? []).map((member) => (member.document ? `${member.document.number ?? ""} ${member.document.country ?? ""}`.trim() : "")).filter(Boolean)],
  ["contacts", (one) => [...(one.contacts ?? []).map((item) => item.e164 || item.value), ...(one.check_ins ?? []).map((item) => item.sender)]
    .filter((item, index, all) => item && all.indexOf(item) === index)],
  ["place", (one) => [one.location?.place, one.check_ins?.find((item) => item.location?.place)?.location.place].filter((item, index, all) => item && all.indexOf(item) === index)],
  ["said", (one) => (one.last_status ? [code("status", one.last_status)] : [])],
  ["needs", (one) => (one.needs?.length ? [codes("need", one.needs)] : [])],
  ["stands", (one) => (one.queue ? [`${code("queue", one.queue)} · ${code("band", one.band)} · ${code("state", one.state)}`] : [])],
];

function table(here, there) {
  const cell = (one, read) => element("td", {}, lines(read(one)));
  return element("table", { className: "side-by-side" },
    element("thead", {}, element("tr", {}, element("td", {}), ...[here, there].map((one) => element("th", { scope: "col", textContent: one.case })))),
    element("tbody", {}, ...rows.map(([key, read]) =>
      element("tr", {}, element("th", { scope: "row", textContent: joined(key) }), cell(here, read), cell(there, read)))));
}

/* Somebody decided about the two meanwhile: who, and what; "" where that was not it. */
export async function quicker(here, there) {
  const pairs = fetched("GET", path(here, "duplicates")).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);
  const [one, other, told] = await Promise.all([look(here), look(there), pairs]);
  const merged = [one, other].flatMap((item) => item?.merges ?? []).find((item) => item.undone_at === null && [here, there].includes(item.case));
  const apart = told?.duplicates.find((item) => item.case === there)?.kept_apart;
  return merged ? joined("quicker_merged", { name: merged.by, case: merged.case, into: merged.into }) : apart ? joined("quicker_apart", { name: apart.by }) : "";
}

/* Who took them apart already, or has the case now. */
async function parter(caseCode, other) {
  const one = await look(caseCode);
  const last = (one?.merges ?? []).filter((item) => item.case === other).pop();
  const holder = one?.claimed_by;
  return last?.undone_by ? joined("quicker_parted", { name: last.undone_by }) : holder && holder !== settings.user ? words("quicker", { name: holder }) : "";
}

async function look(caseCode) {
  const answer = await fetched("GET", path(caseCode)).catch(() => null);
  return answer?.ok ? { ...await answer.json(), etag: answer.headers.get("ETag") } : null;
}

/* The other may not open, such as where a reason is asked first: then, if it has no case, it is shown as the list has it. */
const asListed = (one) => ({ case: one.case, party: one.names ? [{ given_names: one.names }] : [], last_status: one.last_status });

function show(here, there) {
  const note = element("textarea", { id: "merge-note", rows: 2, maxLength: 2000 });
  const dialog = element("dialog", { id: "merge" }, element("h2", { id: "merge-title", textContent: joined("title") }), element("p", { textContent: joined("what") }),
    element("p", { className: "problem", role: "alert", hidden: true }), table(here, there), element("label", { htmlFor: "merge-note", textContent: joined("note") }), note,
    element("div", { className: "buttons" },
      element("button", { type: "button", className: "main", textContent: joined("do"), onclick: () => merge(dialog, here, there, note.value.trim()) }),
      element("button", { type: "button", textContent: joined("leave"), onclick: () => dialog.close() })));
  dialog.setAttribute("aria-labelledby", "merge-title");
  dialog.addEventListener("keydown", (event) => event.stopPropagation()); /* the console's keys are not for here */
  dialog.addEventListener("close", () => dialog.remove());
  byId("merge")?.remove();
  document.body.append(dialog);
  dialog.showModal();
}

async function merge(dialog, here, there, text) {
  const fault = dialog.querySelector(".problem");
  const one = await send(here.case, "merge", text === "" ? { with: there.case } : { with: there.case, note: text }, here.etag, (message) => {
    fault.textContent = message;
    fault.hidden = false;
  });
  if (one !== null) {
    dialog.close();
    open(one.case);
    done("merged_ok");
  }
}

/* alike.js: one of its lines, beside the case that is open. */
export async function startMerge(caseCode, listed) {
  const [here, there] = await Promise.all([look(caseCode), look(listed.case).then((one) => one ?? (listed.queue ? null : asListed(listed)))]);
  if (here === null || there === null) {
    problem(joined("failed"));
    return;
  }
  show(here, there);
}

/* --- in the case --------------------------------------------------------------------------------------------------------------------- */
async function part(one, other) {
  const again = (message) => {
    open(one.case);
    problem(message);
  };
  if (await send(one.case, "unmerge", { with: other }, state.open === one.case ? state.etag : null, again) !== null) {
    open(one.case);
    done("parted_ok");
  }
}

/* What the case is made of; the last that was merged can be taken out again. */
export function mergeNotice(one) {
  const parts = (one.merges ?? []).filter((item) => item.undone_at === null && item.into === one.case);
  const asked = one.asked_for ? element("p", { className: "asked-for", textContent: joined("asked_for", { case: one.asked_for }) }) : null;
  const line = (item) => element("p", {}, joined("is_part", { case: item.case, by: item.by }), " ", moment(item.at), " ",
    mayAct() ? element("button", { type: "button", textContent: joined("undo"), ariaLabel: `${joined("undo")}: ${item.case}`, onclick: () => part(one, item.case) }) : null);
  return asked || parts.length > 0 ? element("section", { className: "merges" }, asked, ...parts.map(line)) : null;
}

/* For the timeline: what was merged when, and taken out again. */
export function mergeEvents(one) {
  const event = (at, key, item, by) => ({ at, draw: () => element("li", { className: "merge-event" },
    element("p", {}, moment(at), " ", element("b", { textContent: by ?? "" }), " · ", joined(key, { case: item.case, into: item.into }))) });
  return (one.merges ?? []).flatMap((item) => [event(item.at, "event", item, item.by),
    ...(item.undone_at === null ? [] : [event(item.undone_at, "event_undone", item, item.undone_by)])]);
}

/* Whose it is, where it is not the case's own. */
export const ofWhom = (item) => (item.case ? element("p", { className: "hint", textContent: joined("of", { case: item.case }) }) : null);
