/* SPDX-License-Identifier: Apache-2.0
 * The console's search: whoever is typed of stands below the box, best first. What is searched for goes in the body of a request, never in an
 * address. Nothing is opened but by the officer. */
const settings = JSON.parse(document.getElementById("settings").textContent);
const box = document.getElementById("q");
const found = document.getElementById("found");
const LEAST = 3;
const PAUSE_MS = 250;
const PATIENCE_MS = 10000;
let asking = null; /* the request on its way */
let timer = 0;

const code = (prefix, value) => settings[`${prefix}.${value}`] ?? String(value);
const term = (key, values = {}) => code("search", key).replace(/\{([a-z_]+)\}/g, (whole, name) => values[name] ?? whole);

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

function tell(text) {
  const said = document.getElementById("search-said");
  said.textContent = text;
  said.hidden = text === "";
}

function clear() {
  asking?.abort();
  asking = null;
  clearTimeout(timer);
  found.replaceChildren();
  found.hidden = true;
  tell("");
}

function line(one) {
  const facts = [one.queue ? `${code("queue", one.queue)}, ${code("state", one.state)}` : term("no_case"),
    one.last_status ? code("status", one.last_status) : null, one.known && one.party_size > 1 ? term("people", { count: one.party_size }) : null];
  const shown = [element("b", { textContent: one.name ?? term(one.known ? "no_name" : "stranger") }),
    element("span", { className: "found-case", textContent: one.case }),
    element("span", { className: "found-why", textContent: one.matched.map((way) => code("search.matched", way)).join(", ") }),
    element("span", { className: "found-facts", textContent: facts.filter(Boolean).join(" · ") })];
  const open = () => document.dispatchEvent(new CustomEvent("muster:open", { detail: one.case }));
  return element("li", {}, element("button", { type: "button", className: "found-line", onclick: open }, ...shown));
}

function draw(answer) {
  found.replaceChildren(...answer.results.map(line));
  found.hidden = answer.results.length === 0;
  const count = answer.results.length;
  tell(count === 0 ? term("none") : term(answer.more ? "more" : count === 1 ? "one" : "some", { count }));
}

async function search() {
  const text = box.value.trim();
  clear();
  if (text.length < LEAST) {
    return;
  }
  const mine = new AbortController();
  asking = mine;
  tell(term("looking"));
  try {
    const answer = await fetch(`/api/v1/search?lang=${settings.language}`, { method: "POST", credentials: "same-origin", cache: "no-store",
      signal: AbortSignal.any([mine.signal, AbortSignal.timeout(PATIENCE_MS)]), body: JSON.stringify({ q: text }),
      headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRF-Token": settings.csrf } });
    const told = await answer.json();
    if (asking === mine) {
      answer.ok ? draw(told) : tell([told.title, told.detail].filter(Boolean).join(": "));
    }
  } catch {
    if (asking === mine) {
      tell(term("failed"));
    }
  }
}

box.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(search, PAUSE_MS);
});
document.getElementById("search").addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
/* Down from the box, and up and down among what was found. */
document.getElementById("search-place").addEventListener("keydown", (event) => {
  const lines = [...found.querySelectorAll("button")];
  const at = lines.indexOf(document.activeElement);
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const next = at + (event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
    (lines[next] ?? (next < 0 ? box : lines[at]))?.focus();
  } else if (event.key === "Escape") {
    event.stopPropagation();
    box.value = "";
    clear();
    box.blur();
  }
});
document.addEventListener("keydown", (event) => {
  const inField = ["INPUT", "TEXTAREA", "SELECT"].includes(event.target.tagName);
  if (event.key === "/" && !inField && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});
