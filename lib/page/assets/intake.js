/* SPDX-License-Identifier: Apache-2.0
 * Taking down who calls: a form for the keyboard alone, and beside it who of the register that may already be. What was typed stays until the
 * register has it; sent again it is the same party (client_id). Names go to the server in bodies, never in addresses. */
import { byId, element, fetched, settings } from "./desk_kit.js";

const LEAST = 3;
const PAUSE_MS = 300;
const SPELLED = { A: "Alfa", B: "Bravo", C: "Charlie", D: "Delta", E: "Echo", F: "Foxtrot", G: "Golf", H: "Hotel", J: "Juliett", K: "Kilo", M: "Mike", N: "November",
  P: "Papa", Q: "Quebec", R: "Romeo", S: "Sierra", T: "Tango", V: "Victor", W: "Whiskey", X: "X-ray", Y: "Yankee", Z: "Zulu" };
const state = { client_id: crypto.randomUUID(), sending: false, case: null, timer: 0, looked: "", looking: 0 };

const take = (key, values = {}) => (settings[`intake.${key}`] ?? key).replace(/\{([a-z_]+)\}/g, (whole, name) => values[name] ?? whole);
const code = (prefix, value) => settings[`${prefix}.${value}`] ?? String(value);
const listed = (name) => settings[`list.${name}`].split(" ");

/* --- the form --------------------------------------------------------------------------------------------------------------- */
const PERSON = [["given_names", "text", 100], ["family_name", "text", 100], ["birth_date", "text", 10], ["document", "text", 40]];

function addPerson() {
  const at = byId("people").children.length;
  const field = ([name, type, maxLength]) => element("p", {}, element("label", { htmlFor: `party-${at}-${name}`, textContent: take(name) }),
    element("input", { id: `party-${at}-${name}`, type, maxLength, autocomplete: "off", spellcheck: false, placeholder: name === "birth_date" ? "1979-05-23" : "" }));
  byId("people").append(element("fieldset", {}, element("legend", { textContent: take("person", { number: at + 1 }) }), element("div", { className: "person" }, PERSON.map(field))));
  return byId(`party-${at}-given_names`);
}

const typed = (id) => byId(id).value.trim();

function person(at) {
  const said = Object.fromEntries(["given_names", "family_name", "birth_date"].map((name) => [name, typed(`party-${at}-${name}`)]).filter(([, value]) => value !== ""));
  const document = typed(`party-${at}-document`);
  return document === "" ? said : { ...said, document: { number: document } };
}

function party() {
  const people = [...byId("people").children].map((_, at) => person(at)).filter((one, at) => at === 0 || Object.keys(one).length > 0);
  const needs = [...byId("needs").querySelectorAll(":checked")].map((box) => box.value);
  const first = { ...people[0], ...(needs.length > 0 ? { needs } : {}), ...(typed("note") ? { needs_note: typed("note") } : {}) };
  return { crisis: byId("crisis").value, client_id: state.client_id, language: byId("language").value, party: [first, ...people.slice(1)],
    ...(typed("phone") ? { contacts: [{ kind: "phone", value: typed("phone"), primary: true }] } : {}),
    ...(typed("place") ? { location: { place: typed("place") } } : {}), ...(byId("intent").value ? { intent: byId("intent").value } : {}) };
}

/* "party/0/birth_date", "contacts/0/value": the field that it was typed in. */
function fieldOf(path) {
  const parts = path.split("/");
  const named = { contacts: "phone", location: "place", intent: "intent", crisis: "crisis", language: "language" }[parts[0]];
  const inParty = parts[0] === "party" && (byId(`party-${parts[1]}-${parts[2]}`) ?? byId(parts[2] === "needs_note" ? "note" : `party-${parts[1] ?? 0}-given_names`));
  return named ? byId(named) : inParty || byId("party-0-given_names");
}

function tellFaults(title, errors) {
  document.querySelectorAll("[aria-invalid]").forEach((one) => one.removeAttribute("aria-invalid"));
  byId("errors").hidden = title === "";
  byId("errors").replaceChildren(title, element("ul", {}, errors.map((error) => {
    const field = fieldOf(error.field);
    field.setAttribute("aria-invalid", "true");
    return element("li", {}, element("a", { href: `#${field.id}`, textContent: `${field.labels?.[0]?.textContent ?? error.field}: ${error.message}`,
      onclick: (event) => { event.preventDefault(); field.focus(); } }));
  })));
  if (title !== "") {
    byId("errors").focus();
  }
}

function problem(text) {
  byId("problem").textContent = text;
  byId("problem").hidden = text === "";
}

/* --- taking it down --------------------------------------------------------------------------------------------------------- */
function show(told) {
  state.case = told.case;
  byId("taken-code").textContent = told.case;
  byId("taken-spelled").textContent = [...told.case].map((one) => (one === "-" ? "–" : SPELLED[one] ?? one)).join(" ");
  byId("taken-by").textContent = told.check_in_by ? take("check_in_by", { time: new Date(told.check_in_by).toLocaleString(settings.language, { dateStyle: "full", timeStyle: "short" }) }) : "";
  byId("taken").hidden = false;
  byId("party").hidden = true;
  byId("taken").focus();
}

async function save() {
  if (state.sending) {
    return;
  }
  state.sending = true;
  byId("save").disabled = true;
  problem("");
  try {
    const answer = await fetched("POST", `/api/v1/registrations?lang=${settings.language}`, party());
    const told = await answer.json().catch(() => ({}));
    if (answer.status === 201) {
      tellFaults("", []);
      show(told);
    } else if (answer.status === 422) {
      tellFaults(take("faults"), told.errors ?? []);
    } else {
      problem(answer.status === 401 ? take("session_over") : [told.title, told.detail].filter(Boolean).join(": ") || take("failed"));
    }
  } catch {
    problem(take("offline"));
  } finally {
    state.sending = false;
    byId("save").disabled = false;
  }
}

function another() {
  state.client_id = crypto.randomUUID();
  state.looked = "";
  byId("party").reset();
  byId("people").replaceChildren();
  addPerson();
  draw([], take("known_hint"));
  tellFaults("", []);
  problem("");
  byId("taken").hidden = true;
  byId("party").hidden = false;
  byId("phone").focus();
}

/* --- who that may already be --------------------------------------------------------------------------------------------------- */
function toConsole(caseCode) {
  sessionStorage.setItem("muster.open", caseCode); /* a case code stands in no address */
  location.assign(`/?lang=${settings.language}`);
}

function known(one) {
  const facts = [one.queue ? `${code("queue", one.queue)}, ${code("state", one.state)}` : "", one.last_status ? code("status", one.last_status) : ""].filter(Boolean).join(" · ");
  return element("li", {}, element("b", { textContent: one.name ?? code("search", one.known ? "no_name" : "stranger") }), element("span", { textContent: one.case }),
    element("span", { textContent: one.matched.map((way) => code("search.matched", way)).join(", ") }), facts ? element("span", { textContent: facts }) : null,
    element("button", { type: "button", textContent: take("open"), onclick: () => toConsole(one.case) }));
}

function draw(results, said) {
  byId("known").replaceChildren(...results.map(known));
  byId("known-said").textContent = said;
}

async function look(words) {
  const mine = ++state.looking;
  const answers = await Promise.all(words.map((q) => fetched("POST", `/api/v1/search?lang=${settings.language}`, { q, limit: 5 }).then((answer) => (answer.ok ? answer.json() : { results: [] }))));
  if (mine !== state.looking) {
    return; /* more was typed meanwhile */
  }
  const all = answers.flatMap((answer) => answer.results).sort((a, b) => b.score - a.score);
  const each = all.filter((one, index) => all.findIndex((other) => other.case === one.case) === index).slice(0, 6);
  draw(each, each.length === 0 ? take("known_none") : take("known_some"));
}

function lookSoon() {
  clearTimeout(state.timer);
  state.timer = setTimeout(() => {
    const name = `${typed("party-0-given_names")} ${typed("party-0-family_name")}`.trim();
    const words = [name, typed("phone"), typed("party-0-document")].filter((one) => one.length >= LEAST);
    if (words.join("\n") === state.looked) {
      return;
    }
    state.looked = words.join("\n");
    if (words.length === 0) {
      draw([], take("known_hint"));
    } else {
      look(words).catch(() => draw([], take("offline")));
    }
  }, PAUSE_MS);
}

/* --- start ------------------------------------------------------------------------------------------------------------------------ */
const spoken = new Intl.DisplayNames(settings.language, { type: "language" });
byId("language").append(...["fr", "en", "ha", "dje", "ar"].map((tag) => element("option", { value: tag, textContent: spoken.of(tag) ?? tag })));
byId("intent").append(element("option", { value: "", textContent: take("not_said") }), ...listed("intent").map((value) => element("option", { value, textContent: code("intent", value) })));
byId("needs").append(...listed("need").map((value) => element("label", {}, element("input", { type: "checkbox", value }), code("need", value))));
addPerson();

byId("party").addEventListener("input", lookSoon);
byId("party").addEventListener("submit", (event) => {
  event.preventDefault();
  save();
});
byId("more-people").addEventListener("click", () => addPerson().focus());
byId("another").addEventListener("click", another);
byId("open").addEventListener("click", () => toConsole(state.case));
document.addEventListener("keydown", (event) => {
  if (event.altKey && event.key.toLowerCase() === "p" && !byId("party").hidden) {
    event.preventDefault();
    addPerson().focus();
  } else if (event.ctrlKey && event.key === "Enter" && !byId("party").hidden) {
    event.preventDefault();
    save();
  } else if (event.key === "Enter" && event.target === byId("taken")) {
    another();
  }
});
addEventListener("beforeunload", (event) => {
  if (!byId("party").hidden && (typed("phone") || typed("party-0-given_names") || typed("party-0-family_name"))) {
    event.preventDefault();
  }
});

fetched("GET", "/api/v1/me").then(async (answer) => {
  const crises = answer.ok ? (await answer.json()).crises : [];
  byId("crisis").append(...crises.map((value) => element("option", { value, textContent: value })));
  byId("crisis-line").hidden = crises.length < 2;
}).catch(() => problem(take("offline")));
byId("phone").focus();
