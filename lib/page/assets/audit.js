/* SPDX-License-Identifier: Apache-2.0
 * Who did what: entries of the audit, filtered, a page at a time; and the same as a file. What is asked stands behind the "#" of the address, which no server sees. */
import { byId, element, fetched, settings } from "./desk_kit.js";

const EXPORT_PART = 1000;
const FIELDS = ["case", "user", "action", "since", "until"];
const GROUPS = ["case.read", "case", "search", "queue", "session", "token", "totp", "password", "certificate", "broadcast", "policy", "registration", "audit"];
let following = null;

const auditWords = (key, values = {}) => (settings[`audit.${key}`] ?? key).replace(/\{([a-z_]+)\}/g, (whole, name) => values[name] ?? whole);
const actionWords = (action) => settings[`audit.does.${action}`] ?? action;
const moment = (time) => new Date(time).toLocaleString(settings.language, { dateStyle: "short", timeStyle: "medium" });

function problem(words) {
  byId("problem").textContent = words;
  byId("problem").hidden = words === "";
}

/* "case" is the console's, whose style sheet this page shares. */
const field = (name) => byId(name === "case" ? "case-code" : name);
const isAllowed = settings.role === "lead" || settings.role === "admin";

/* --- asking ------------------------------------------------------------------------------------------------------------------- */
function query(extra) {
  const asked = new URLSearchParams(extra);
  for (const name of FIELDS) {
    const value = field(name).value.trim();
    if (value !== "") {
      asked.set(name, name === "since" || name === "until" ? new Date(value).toISOString() : value);
    }
  }
  return `/api/v1/audit?${asked}`;
}

const nextOf = (answer) => /<([^>]*)>\s*;\s*rel="?next"?/.exec(answer.headers.get("Link") ?? "")?.[1] ?? null;

async function ask(path) {
  const answer = await fetched("GET", path);
  if (answer.status === 401) {
    location.reload(); /* the sign-in page stands at the same address */
  }
  if (!answer.ok) {
    throw new Error(answer.status === 400 ? auditWords("not_so") : (await answer.json().catch(() => ({}))).title ?? auditWords("offline"));
  }
  return answer;
}

/* --- showing ------------------------------------------------------------------------------------------------------------------ */
const why = (detail) => (detail?.why ? element("span", { className: "reason", textContent: auditWords("because", { why: settings[`why.${detail.why}`] ?? detail.why }) }) : "");

/* Codes and counts; what is empty tells nothing. */
const facts = (detail) => Object.entries(detail ?? {}).filter(([name, value]) => name !== "why" && name !== "hash" && value !== "" && value !== false && value !== null)
  .map(([name, value]) => (value === true ? name : `${name}: ${Array.isArray(value) ? value.join(" ") : value}`)).join(", ");

const caseLink = (code) => (code ? element("button", { type: "button", title: auditWords("of_case"), textContent: code, onclick: () => {
  field("case").value = code;
  show();
} }) : "");

function line(one) {
  return element("tr", {}, element("td", {}, element("time", { dateTime: one.at, textContent: moment(one.at) })), element("td", { textContent: one.staff ?? "" }),
    element("td", { textContent: actionWords(one.action) }), element("td", {}, caseLink(one.case)), element("td", {}, why(one.detail), " ", facts(one.detail)),
    element("td", { textContent: one.origin ?? "" }));
}

function draw(entries, anew) {
  if (anew) {
    const columns = ["at", "user", "action", "case", "detail", "origin"];
    byId("entries").replaceChildren(element("thead", {}, element("tr", {}, columns.map((name) => element("th", { scope: "col", textContent: auditWords(name) })))), element("tbody"));
  }
  byId("entries").querySelector("tbody").append(...entries.map(line));
  const count = byId("entries").querySelectorAll("tbody tr").length;
  byId("said").textContent = count === 0 ? auditWords("none") : auditWords(following === null ? "shown_all" : "shown", { count });
  byId("more").hidden = following === null;
}

async function load(path, anew) {
  try {
    const answer = await ask(path);
    const told = await answer.json();
    following = nextOf(answer);
    draw(told.entries, anew);
    problem("");
  } catch (failure) {
    problem(failure.name === "Error" ? failure.message : auditWords("offline"));
  }
}

function show() {
  const asked = new URLSearchParams(FIELDS.map((name) => [name, field(name).value]).filter(([, value]) => value !== ""));
  history.replaceState(null, "", `#${asked}`);
  return load(query({ limit: 100 }), true);
}

/* --- taking away -------------------------------------------------------------------------------------------------------------- */
async function takeAway(format) {
  const parts = [];
  try {
    for (let path = query({ limit: EXPORT_PART, format }); path !== null;) {
      const answer = await ask(path);
      const part = await answer.text();
      parts.push(format === "csv" && parts.length > 0 ? part.slice(part.indexOf("\n") + 1) : part); /* one head is enough */
      path = nextOf(answer);
      byId("said").textContent = auditWords("taking", { count: parts.length * EXPORT_PART });
    }
  } catch (failure) {
    problem(failure.name === "Error" ? failure.message : auditWords("offline"));
    return;
  }
  const file = URL.createObjectURL(new Blob(parts, { type: format === "csv" ? "text/csv" : "application/jsonl" }));
  element("a", { href: file, download: `audit.${format}` }).click();
  setTimeout(() => URL.revokeObjectURL(file), 60000);
  byId("said").textContent = auditWords("taken");
}

/* --- beginning ---------------------------------------------------------------------------------------------------------------- */
byId("action").append(element("option", { value: "", textContent: auditWords("any") }), ...GROUPS.map((name) => element("option", { value: name, textContent: auditWords(`group.${name}`) })));
byId("case-line").hidden = settings.role === "admin"; /* who runs the system reads of no case */
for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
  if (FIELDS.includes(name)) {
    field(name).value = value;
  }
}
byId("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  show();
});
byId("more").addEventListener("click", () => load(following, false));
byId("csv").addEventListener("click", () => takeAway("csv"));
byId("jsonl").addEventListener("click", () => takeAway("jsonl"));
if (isAllowed) {
  show();
} else {
  problem(auditWords("not_yours"));
  byId("ask").hidden = byId("csv").hidden = byId("jsonl").hidden = true;
}
