/* SPDX-License-Identifier: Apache-2.0
 * The console: a queue in answer order, one case beside it. Talks to /api/v1 of its own origin only. Everything that people wrote is put
 * into the page as text, never as markup. Opening a case is a look, and looks are recorded: nothing is opened but by the officer. */
"use strict";

const settings = JSON.parse(document.getElementById("settings").textContent);
const POLL_MS = 5000;
const PAGE_SIZE = 50;
const state = {
  queue: "emergency", queues: [], cases: [], following: null, cursor: 0, open: null, etag: null, version: null, drawn: "", skew_ms: 0,
  busy: false, sending: null, numbers: [],
};

/* The map and the dashboard link here: a queue, and of it the cases of one cell, post or need. */
const linked = new URLSearchParams(location.search);
const only = [...linked].filter(([name, value]) => ["cell", "post", "need"].includes(name) && value !== "");
state.queue = linked.get("queue") ?? state.queue;

const byId = (id) => document.getElementById(id);
const code = (prefix, value) => settings[`${prefix}.${value}`] ?? String(value);
const words = (key, values = {}) =>
  (settings[`console.${key}`] ?? key).replace(/\{([a-z_]+)\}/g, (whole, name) => values[name] ?? whole);
const codes = (prefix, values) => (values ?? []).map((value) => code(prefix, value)).join(", ");
const mayAct = () => settings.role === "officer" || settings.role === "lead";

/* --- the page ------------------------------------------------------------------------------------------------------------- */
function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made && name !== "list") {
      made[name] = value;
    } else {
      made.setAttribute(name, value);
    }
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

function say(id, text) {
  byId(id).textContent = text;
  byId(id).hidden = text === "";
}

function problem(text) {
  say("said", "");
  say("problem", text);
}

function done(key) {
  say("problem", "");
  say("said", words(key));
}

/* --- time ------------------------------------------------------------------------------------------------------------------- */
const now = () => Date.now() + state.skew_ms;

const timeInWords = (time) => new Date(time).toLocaleString(settings.language, { dateStyle: "medium", timeStyle: "short" });
const moment = (time) => element("time", { dateTime: time, title: new Date(time).toISOString(), textContent: timeInWords(time) });

function duration(milliseconds) {
  const minutes = Math.floor(Math.abs(milliseconds) / 60000);
  if (minutes < 1) {
    return `${Math.floor(Math.abs(milliseconds) / 1000)} s`;
  }
  if (minutes < 60) {
    return `${minutes} min`;
  }
  return minutes < 1440 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
}

function showDue(node) {
  const left = Date.parse(node.dataset.by) - now();
  node.classList.toggle("late", left < 0);
  node.textContent = left < 0 ? words("late_by", { time: duration(left) }) : words("due_in", { time: duration(left) });
}

function due(one) {
  if (one.acknowledgement?.acted_at || one.answered_at) {
    return element("span", { className: "due", textContent: words("answered") });
  }
  const node = element("span", { className: "due", title: Number.isFinite(one.waiting_s) ? words("waiting", { time: duration(one.waiting_s * 1000) }) : "" });
  node.dataset.by = one.respond_by;
  showDue(node);
  return node;
}

/* --- asking the server -------------------------------------------------------------------------------------------------------- */
async function ask(method, path, body, headers = {}) {
  const options = { method, credentials: "same-origin", headers: { Accept: "application/json", ...headers } };
  if (method !== "GET") {
    options.headers["X-CSRF-Token"] = settings.csrf;
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body ?? {});
  }
  const answer = await fetch(path, options);
  if (answer.status === 401) {
    location.reload(); /* the sign-in page stands at the same address */
  }
  const date = Date.parse(answer.headers.get("Date") ?? "");
  if (!Number.isNaN(date)) {
    state.skew_ms = date - Date.now();
  }
  return answer;
}

const casePath = (caseCode, action) => `/api/v1/cases/${encodeURIComponent(caseCode)}${action ? `/${action}` : ""}`;

/* The path of the page behind rel="next" (RFC 8288), or null. */
function followingPath(answer) {
  const link = /<([^>]*)>\s*;\s*rel="?next"?/.exec(answer.headers.get("Link") ?? "");
  return link === null ? null : new URL(link[1], location.origin).href;
}

async function refusal(answer) {
  const told = await answer.json().catch(() => ({}));
  const known = { 403: "forbidden", 409: "conflict", 412: "conflict" };
  const sentence = answer.status === 409 && answer.url.endsWith("/messages") ? told.detail : "";
  return sentence || (known[answer.status] ? words(known[answer.status]) : "") || [told.title, told.detail].filter(Boolean).join(": ") || words("failed");
}

/* --- queues and their cases ----------------------------------------------------------------------------------------------------- */
function bandMark(band) {
  return element("span", { className: `band b${band}`, textContent: band, title: code("band", band) });
}

/* What a drill made must never be taken for somebody. */
const exercise = (one) => (one.exercise ? element("span", { className: "exercise", textContent: words("exercise"), title: words("exercise_hint") }) : null);

function holder(one) {
  if (!one.claimed_by) {
    return element("span", { className: "free", textContent: words("nobody") });
  }
  const name = one.claimed_by === settings.user ? words("you") : one.claimed_by;
  return element("span", { className: "held", textContent: words("held_by", { name }) });
}

const people = (count) => (count === 1 ? words("person") : words("people", { count: count ?? "?" }));

function drawQueues() {
  byId("queues").replaceChildren(...state.queues.map((queue) => {
    const button = element("button", { type: "button", onclick: () => chooseQueue(queue.queue) }, code("queue", queue.queue), " ",
      element("b", { textContent: queue.unclaimed, title: words("unclaimed") }), `/${queue.open}`);
    if (queue.late > 0) {
      button.append(" ", element("span", { className: "late", textContent: `${queue.late} ${words("late")}` }));
    }
    if (queue.queue === state.queue) {
      button.setAttribute("aria-current", "true");
    }
    return button;
  }));
  byId("queue-name").textContent = code("queue", state.queue);
}

function drawRow(one, index) {
  const row = element("li", { className: `row b${one.band}` },
    element("button", { type: "button", onclick: () => openCase(one.case, index) },
      element("span", { className: "first" }, bandMark(one.band), exercise(one), element("b", { textContent: one.name || words("no_name") }),
        element("span", { className: "code", textContent: one.case })),
      element("span", { className: "why", textContent: codes("reason", one.reasons) }),
      element("span", { className: "second" }, due(one), element("span", { textContent: people(one.people) }), holder(one)),
      one.needs?.length ? element("span", { className: "needs", textContent: codes("need", one.needs) }) : null));
  row.classList.toggle("cursor", index === state.cursor);
  if (one.case === state.open) {
    row.firstChild.setAttribute("aria-current", "true");
  }
  return row;
}

function drawCases() {
  const looks = JSON.stringify([state.queue, state.cursor, state.open, state.following, state.cases.map((one) => ({ ...one, waiting_s: 0 }))]);
  if (looks === state.drawn) {
    return; /* nothing under the officer's pointer moves without a cause */
  }
  state.drawn = looks;
  const focused = [...byId("cases").querySelectorAll("button")].indexOf(document.activeElement);
  state.cursor = Math.min(state.cursor, Math.max(0, state.cases.length - 1));
  byId("cases").replaceChildren(...state.cases.map(drawRow));
  byId("empty").hidden = state.cases.length > 0;
  byId("more").hidden = state.following === null;
  if (focused >= 0) {
    byId("cases").querySelectorAll("button")[focused]?.focus();
  }
}

function moveCursor(by) {
  if (state.cases.length > 0) {
    state.cursor = Math.min(Math.max(state.cursor + by, 0), state.cases.length - 1);
    drawCases();
    byId("cases").querySelectorAll("button")[state.cursor].focus();
  }
}

async function chooseQueue(queue) {
  state.queue = queue;
  state.cursor = 0;
  state.cases = [];
  drawQueues();
  drawCases();
  await refresh();
}

async function refresh() {
  const queue = state.queue;
  const size = Math.min(Math.max(PAGE_SIZE, state.cases.length), 200);
  const [queues, cases] = await Promise.all([
    ask("GET", "/api/v1/queues"), ask("GET", `/api/v1/queues/${encodeURIComponent(queue)}/cases?limit=${size}${only.map(([name, value]) => `&${name}=${encodeURIComponent(value)}`).join("")}`),
  ]);
  if (!queues.ok || !cases.ok) {
    problem(await refusal(queues.ok ? cases : queues));
    return;
  }
  state.queues = (await queues.json()).queues;
  const listed = (await cases.json()).cases;
  if (queue !== state.queue) {
    return; /* another was chosen meanwhile */
  }
  const at = state.cases[state.cursor]?.case;
  state.cases = listed;
  state.following = followingPath(cases);
  state.cursor = Math.max(0, listed.findIndex((one) => one.case === at));
  drawQueues();
  drawCases();
  if (byId("problem").dataset.offline) {
    delete byId("problem").dataset.offline;
    problem("");
  }
  const shown = listed.find((one) => one.case === state.open);
  if (shown !== undefined && shown.version !== state.version && !state.busy && !isTyping()) {
    await loadCase(state.open);
  }
}

async function loadMore() {
  const answer = state.following === null ? null : await ask("GET", state.following);
  if (answer?.ok) {
    state.cases = state.cases.concat((await answer.json()).cases);
    state.following = followingPath(answer);
    drawCases();
  }
}

/* --- one case --------------------------------------------------------------------------------------------------------------------- */
function part(title, ...content) {
  const shown = content.filter((one) => one !== null && one !== undefined && one !== "");
  return shown.length > 0 ? element("section", {}, element("h3", { textContent: title }), ...shown) : null;
}

function person(member) {
  const name = [member.given_names, member.family_name].filter(Boolean).join(" ") || words("no_name");
  const age = member.birth_date ? Math.floor((now() - Date.parse(member.birth_date)) / 31556952000) : null;
  const paper = member.document ? [member.document.type, member.document.number, member.document.country].filter(Boolean).join(" ") : "";
  const facts = [code("category", member.category ?? "citizen"), (member.citizenships ?? []).join(", "),
    age === null ? "" : words("born", { date: member.birth_date, age }), paper].filter(Boolean).join(" · ");
  return element("li", {}, element("b", { textContent: name }), element("p", { textContent: facts }),
    member.needs?.length ? element("p", { className: "needs", textContent: codes("need", member.needs) }) : null,
    member.needs_note ? element("p", { className: "quote", textContent: member.needs_note }) : null, unreadable(member));
}

function contact(one) {
  const value = one.value || one.e164 || "";
  const mail = element("a", { href: `mailto:${encodeURIComponent(value).replace("%40", "@")}`, textContent: value });
  const dial = telephone(one.e164 || value);
  dial.textContent = value;
  return element("li", {}, `${code("contact_kind", one.kind)}: `, one.kind === "email" ? mail : dial, unreadable(one));
}

function place(location) {
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

const placeMap = (at) => (Number.isFinite(at?.lat) && Number.isFinite(at?.lon)
  ? element("muster-place", { lat: at.lat, lon: at.lon, accuracy: at.accuracy_m ?? 0 }) : null);

const telephone = (number) => element("a", { href: `tel:${number.replace(/[^+0-9]/g, "")}`, textContent: number });
const sender = (one) => (one.sender ? element("p", {}, `${words("sender")} `, telephone(one.sender)) : null);
const unreadable = (one) => (one.unreadable ? element("p", { className: "problem", textContent: words("unreadable") }) : null);

/* What is not one whole text says so: its other parts may turn it round. */
const pieceOf = (one) => (one.part ? element("p", { className: "hint", textContent: [
  one.part.number ? words("part", { number: one.part.number, total: one.part.total }) : words("part_unsure"),
  one.part.case ? words("part_elsewhere", { case: one.part.case }) : ""].filter(Boolean).join(" ") }) : null);

function checkIn(one) {
  const head = [code("status", one.status ?? "message_to_read"), people(one.people ?? 1), code("channel", one.channel), code("stored_via", one.stored_via)];
  return element("li", { className: `said-${one.status}` },
    element("p", {}, moment(one.received_at ?? one.at), " ", element("b", { textContent: one.status ? head[0] : "" }), " · ",
      (one.people ? head.slice(1) : head.slice(2)).join(" · ")),
    one.needs?.length ? element("p", { className: "needs", textContent: codes("need", one.needs) }) : null,
    one.message ? element("p", { className: "quote", textContent: one.message }) : null, pieceOf(one), place(one.location), sender(one), unreadable(one));
}

/* Where a text can go. A sender that is a name or a short code is a machine, and is not answered. */
const isNumber = (text) => /^\+[0-9]{7,15}$/.test(text ?? "");
const toContact = (item) => words("to_contact", { number: item?.e164 ?? "?" });
const toSender = (item) => words(item?.channel === "sms" ? "to_sender" : "to_given", { number: item?.sender ?? "?", time: item ? timeInWords(item.received_at ?? item.at) : "?" });

/* The party's numbers, that one first that a text goes to when nobody chooses (sql/queries/message_add.sql). */
function numbersOf(one) {
  const contacts = (one.contacts ?? []).filter((item) => ["phone", "whatsapp"].includes(item.kind));
  const heard = [...(one.check_ins ?? [])].sort((a, b) => (b.channel === "sms") - (a.channel === "sms"));
  const all = [...contacts.map((item) => ({ number: item.e164, way: { contact: item.contact }, where: toContact(item) })),
    ...heard.map((item) => ({ number: item.sender, way: { in_answer_to: item.receipt }, where: toSender(item) }))];
  return all.filter((item, index) => isNumber(item.number) && all.findIndex((other) => other.number === item.number) === index);
}

function wentTo(one, text) {
  const receipt = (one.check_ins ?? []).find((item) => item.receipt === text.in_answer_to);
  const where = text.in_answer_to === null ? toContact((one.contacts ?? []).find((item) => item.contact === text.contact)) : toSender(receipt);
  return element("p", { className: "hint", textContent: words("went_to", { where }) });
}

/* What we wrote. The state is in words: "handed over" is not "delivered", and "not known" is said. */
const ours = (text, one) => element("li", { className: `ours is-${text.state}` },
  element("p", {}, moment(text.at), " ", element("b", { textContent: text.author ?? words("automatic") }), " · ",
    element("span", { className: "delivery", textContent: code("delivery", text.state) }),
    text.delivered_at ? element("span", {}, " ", moment(text.delivered_at)) : null,
    text.reason && text.state !== "delivered" && text.state !== "sent" ? ` (${code("delivery_reason", text.reason)})` : null),
  element("p", { className: "quote", textContent: text.text ?? "" }), wentTo(one, text), unreadable(text));

/* Both sides of the conversation, the newest first. */
function thread(one) {
  const said = (one.check_ins ?? []).map((item) => ({ at: item.received_at ?? item.at, draw: () => checkIn(item) }));
  const told = (one.messages ?? []).map((item) => ({ at: item.at, draw: () => ours(item, one) }));
  const all = [...said, ...told].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return all.length > 0 ? element("ul", { className: "timeline" }, ...all.map((item) => item.draw())) : null;
}

/* Where there is a choice of numbers: which one, and that the last text came from another than the first, if it did. */
function replyTo(one) {
  const last = (one.check_ins ?? []).find((item) => item.channel === "sms" && isNumber(item.sender));
  if (state.numbers.length < 2) {
    return null;
  }
  return element("div", { className: "reply-to" },
    last && last.sender !== state.numbers[0].number ? element("p", { id: "reply-other", className: "notice", textContent: words("reply_other", { number: last.sender }) }) : null,
    element("label", { htmlFor: "reply-to", textContent: words("reply_to") }),
    element("select", { id: "reply-to" }, ...state.numbers.map((item) => element("option", { value: item.number, textContent: item.where }))));
}

/* Apart from the note's box: what is noted must never be texted by mistake. */
function replyBox(one) {
  state.numbers = numbersOf(one);
  if (!mayAct()) {
    return null;
  }
  const count = element("span", { className: "hint", id: "reply-length" });
  const text = element("textarea", { id: "reply", rows: 2, maxLength: 918, placeholder: words("reply_hint"), ariaLabel: words("reply"),
    oninput: () => { count.textContent = text.value.length > 0 ? `${text.value.length} / 918` : ""; } });
  return element("div", { className: "actions" }, replyTo(one), text,
    element("div", { className: "buttons" }, element("button", { type: "button", onclick: sendReply }, words("reply_send")), count));
}

const note = (one) => element("li", {}, element("p", {}, moment(one.at), " ", element("b", { textContent: one.author ?? "" })),
  element("p", { className: "quote", textContent: one.text ?? "" }), unreadable(one));

function acknowledgement(facts = {}) {
  const steps = [["received", facts.received_at], ["read", facts.read_at], ["acted", facts.acted_at]];
  return element("ol", { className: "steps" }, ...steps.map(([name, at]) =>
    element("li", { className: at ? "yes" : "no" }, element("b", { textContent: words(name) }), " ", at ? moment(at) : words("not_yet"))));
}

function consent(given) {
  const told = [given?.family ? words("consent_family") : "", given?.partners ? words("consent_partners") : ""].filter(Boolean);
  return element("p", { textContent: told.join(", ") || words("consent_none") });
}

function relative(one) {
  const line = one ? [one.name, one.relation, one.phone, one.email].filter(Boolean).join(" · ") : "";
  return line ? element("p", { textContent: line }) : null;
}

function actions(one) {
  if (!mayAct() || one.state === "resolved") {
    return null;
  }
  const mine = one.claimed_by === settings.user;
  const text = element("textarea", { id: "note", rows: 2, maxLength: 2000, placeholder: words("note_hint"), ariaLabel: words("note") });
  const button = (name, key, run, main) => element("button", { type: "button", className: main ? "main" : "", onclick: run }, words(name), " ",
    key ? element("kbd", { textContent: key }) : "");
  return element("div", { className: "actions" }, text,
    element("div", { className: "buttons" },
      one.claimed_by ? null : button("claim", "c", () => act("claim", "claimed_ok"), true),
      button("note_add", "", addNote),
      mine ? button("release", "", () => act("release", "released_ok")) : null,
      mine ? button("resolve", "r", resolve) : null));
}

function drawCase(one) {
  const list = (items, draw) => (items?.length ? element("ul", {}, ...items.map(draw)) : null);
  const head = element("div", { className: "case-head" },
    element("button", { type: "button", className: "back", onclick: closeCase, textContent: words("back") }),
    bandMark(one.band), exercise(one), element("h2", { textContent: `${words("case")} ${one.case}` }), element("span", { textContent: code("band", one.band) }),
    due(one), element("span", { textContent: code("state", one.state) }), holder(one));
  byId("case").replaceChildren(...[head, element("p", { className: "why", textContent: codes("reason", one.reasons) }), unreadable(one), actions(one),
    element("div", { className: "columns" }, ...[
      element("div", {}, ...[part(words("timeline"), replyBox(one), thread(one)), part(words("notes"), list(one.notes, note))].filter(Boolean)),
      element("div", {}, ...[part(words("party"), list(one.party, person)), part(words("contacts"), list(one.contacts, contact)),
        part(words("place"), place(one.location), placeMap(one.location)), part(words("facts"), acknowledgement(one.acknowledgement)),
        part(words("intent"), one.intent ? element("p", { textContent: code("intent", one.intent) }) : null),
        part(words("emergency_contact"), relative(one.emergency_contact)), part(words("consent"), consent(one.consent))].filter(Boolean)),
    ])].filter(Boolean));
}

async function loadCase(caseCode) {
  const answer = await ask("GET", casePath(caseCode));
  if (!answer.ok) {
    problem(await refusal(answer));
    return false;
  }
  const one = await answer.json();
  const drafts = ["note", "reply", "reply-to"].map((id) => [id, state.open === caseCode ? byId(id)?.value ?? "" : ""]);
  state.open = caseCode;
  state.etag = answer.headers.get("ETag");
  state.version = one.version ?? state.cases.find((row) => row.case === caseCode)?.version ?? null;
  document.body.classList.add("open");
  drawCase(one);
  for (const [id, draft] of drafts) {
    if (byId(id) !== null && draft !== "") {
      byId(id).value = draft;
    }
  }
  return true;
}

async function openCase(caseCode, index) {
  state.cursor = index ?? state.cursor;
  say("said", "");
  if (await loadCase(caseCode)) {
    byId("case").focus();
  }
  drawCases();
}

function closeCase() {
  state.open = null;
  document.body.classList.remove("open");
  byId("case").replaceChildren(element("p", { className: "hint", textContent: words("choose") }));
  drawCases();
  byId("cases").focus();
}

/* --- doing ------------------------------------------------------------------------------------------------------------------------ */
/* One at a time, and only on what was seen: If-Match makes the server refuse when another was quicker. */
async function act(action, saidKey, body, headers = {}) {
  const caseCode = state.open;
  if (caseCode === null || state.busy) {
    return false;
  }
  state.busy = true;
  try {
    const answer = await ask("POST", casePath(caseCode, action), body, state.etag === null ? headers : { "If-Match": state.etag, ...headers });
    const refused = answer.ok ? "" : await refusal(answer);
    await loadCase(caseCode);
    if (refused) {
      problem(refused);
    } else {
      done(saidKey);
    }
    return answer.ok;
  } finally {
    state.busy = false;
    refreshSafely();
  }
}

async function addNote() {
  const text = byId("note").value.trim();
  if (text === "") {
    byId("note").focus();
    return false;
  }
  const kept = await act("notes", "noted_ok", { text });
  if (kept) {
    byId("note").value = "";
  }
  return kept;
}

async function sendReply() {
  const text = byId("reply").value.trim();
  if (text === "") {
    byId("reply").focus();
    return;
  }
  const to = byId("reply-to")?.value ?? ""; /* where there is no choice the register knows the number */
  const way = state.numbers.find((item) => item.number === to)?.way ?? {};
  /* until it is known to be taken the same words to the same number are the same text: an answer that was lost must not send it twice */
  if (state.sending?.text !== text || state.sending.to !== to || state.sending.open !== state.open) {
    state.sending = { text, to, open: state.open, key: crypto.randomUUID() };
  }
  if (await act("messages", "reply_ok", { text, ...way }, { "Idempotency-Key": state.sending.key }) && byId("reply") !== null) {
    state.sending = null;
    byId("reply").value = "";
    byId("reply-length").textContent = "";
  }
}

async function resolve() {
  const text = byId("note").value.trim();
  if (text === "") {
    problem(words("resolve_note"));
    byId("note").focus();
  } else if (await act("resolve", "resolved_ok", { note: text }) && byId("note") !== null) {
    byId("note").value = "";
  }
}

async function takeNext() {
  if (!mayAct() || state.busy) {
    return;
  }
  const answer = await ask("POST", `/api/v1/queues/${encodeURIComponent(state.queue)}/claim`);
  if (answer.status === 204) {
    done("none_left");
  } else if (answer.ok) {
    const one = await answer.json();
    await openCase(one.case, state.cases.findIndex((row) => row.case === one.case));
    done("claimed_ok");
  } else {
    problem(await refusal(answer));
  }
  refreshSafely();
}

/* --- keys, clock, start --------------------------------------------------------------------------------------------------------------- */
function isTyping() {
  const focused = document.activeElement;
  return focused !== null && ["INPUT", "TEXTAREA", "SELECT"].includes(focused.tagName) && focused.value !== "";
}

const keys = {
  j: () => moveCursor(1),
  k: () => moveCursor(-1),
  c: () => (mayAct() ? act("claim", "claimed_ok") : undefined),
  n: takeNext,
  r: () => byId("note")?.focus(),
  "?": () => (byId("keys").open ? byId("keys").close() : byId("keys").showModal()),
};

document.addEventListener("keydown", (event) => {
  const inField = ["INPUT", "TEXTAREA", "SELECT"].includes(event.target.tagName);
  if (event.key === "Escape") {
    inField ? event.target.blur() : state.open !== null && !byId("keys").open && closeCase();
  } else if (!inField && !event.ctrlKey && !event.metaKey && !event.altKey && keys[event.key]) {
    event.preventDefault();
    keys[event.key]();
  }
});

async function refreshSafely() {
  try {
    await refresh();
  } catch {
    problem(words("offline"));
    byId("problem").dataset.offline = "1";
  }
}

if (only.length > 0) {
  byId("only").replaceChildren(words("only", { filter: only.map(([name, value]) => (name === "need" ? code("need", value) : value)).join(", ") }), " ", element("a", { href: `/?lang=${settings.language}`, textContent: words("only_all") }));
  byId("only").hidden = false;
}
import("/assets/map_small.js").catch(() => undefined); /* the place panel; without it the position stands there in figures */
byId("help").addEventListener("click", keys["?"]);
byId("next").hidden = !mayAct();
byId("next").addEventListener("click", takeNext);
byId("more").addEventListener("click", loadMore);
byId("sign-out").addEventListener("click", async () => {
  await ask("DELETE", "/api/v1/session").catch(() => undefined);
  location.assign("/");
});
setInterval(() => document.querySelectorAll("[data-by]").forEach(showDue), 1000);
setInterval(() => document.visibilityState === "visible" && refreshSafely(), POLL_MS);
refreshSafely();
