/* SPDX-License-Identifier: Apache-2.0
 * The triage policy of a crisis, for its lead: what was changed here is shown with what it would move, before it is saved; and only what was seen is
 * changed. Whoever else works the crisis reads it. */
import { byId, element, endSession, fetched, hasEnded, renewSession, settings } from "./desk_kit.js";
import { checkInRow, ruleInWords } from "./policy_rules.js";

const PAUSE_MS = 300;
const POLL_MS = 2000;
const LISTS = ["reasons", "answer_minutes", "check_ins"];
const noWish = () => ({ reasons: {}, answer_minutes: {}, check_ins: {} });
const page = { crisis: "", policy: null, etag: "", wish: noWish(), faults: {}, asked: 0, timer: 0, saving: false };
const code = (prefix, value) => settings[`${prefix}.${value}`] ?? String(value);
const rule = (key, values = {}) => code("policy", key).replace(/\{([a-z_]+)\}/g, (whole, name) => values[name] ?? whole);
const number = (value) => value.toLocaleString(settings.language);
const moment = (time) => element("time", { dateTime: time, textContent: new Date(time).toLocaleString(settings.language, { dateStyle: "medium", timeStyle: "short" }) });
const band = (value) => `${value} ${code("band", value)}`;
const countIn = (key, count) => rule(count === 1 ? `${key}_one` : `${key}_other`, { count: number(count) });

function say(id, text) {
  byId(id).textContent = text;
  byId(id).hidden = text === "";
}

function problem(text) {
  say("said", "");
  say("problem", text);
  if (text !== "") {
    byId("problem").scrollIntoView({ block: "nearest" }); /* the table is longer than a screen */
  }
}

/* What was changed here is not thrown away: it stays, and the page goes on after a new sign-in elsewhere. */
function sessionOver() {
  if (count() === 0) {
    location.reload(); /* the sign-in page stands at the same address */
    return;
  }
  endSession();
  problem(`${rule("session_over")} `);
  byId("problem").append(element("a", { href: `/sign-in?lang=${settings.language}`, target: "_blank", textContent: rule("sign_in") }));
}

async function ask(method, path, body, headers = {}) {
  if (hasEnded() && await renewSession()) {
    problem("");
  }
  const answer = await fetched(method, `/api/v1/policy${path}?crisis=${encodeURIComponent(page.crisis)}&lang=${settings.language}`, body, headers);
  if (answer.status === 401) {
    sessionOver();
  }
  return answer;
}

async function refusal(answer) {
  if (answer.status === 401) {
    return rule("session_over");
  }
  const told = await answer.json().catch(() => ({}));
  return [told.title, told.detail].filter(Boolean).join(": ") || rule("failed");
}

/* --- what was changed here ---------------------------------------------------------------------------------------------------------- */
const count = () => LISTS.reduce((all, list) => all + Object.keys(page.wish[list]).length, 0);

function change(list, name, value) {
  if (value === page.policy[list][name]) {
    delete page.wish[list][name];
  } else {
    page.wish[list][name] = value;
  }
  delete page.faults[`${list}/${name}`];
  drawRow(list, name);
  drawEffect();
}

const inWords = (list, name, from, to) => (list === "reasons" ? rule("change_band", { reason: code("reason", name), from: band(from), to: band(to) })
  : list === "answer_minutes" ? rule("change_minutes", { band: band(name), from, to })
    : rule("change", { name: rule(name), from: ruleInWords(page, name, from), to: ruleInWords(page, name, to) }));

/* --- the tables --------------------------------------------------------------------------------------------------------------------- */
function mark(value) {
  return element("span", { className: `band b${value}`, textContent: value, "aria-hidden": "true" });
}

function fault(list, name) {
  const text = page.faults[`${list}/${name}`];
  return text ? element("span", { className: "fault", id: `fault-${list}-${name}`, textContent: text }) : null;
}

function inputOf(list, name, value) {
  const id = `${list}-${name}`;
  const most = page.policy.at_most[list][name];
  const label = list === "reasons" ? code("reason", name) : band(name);
  const input = list === "reasons"
    ? element("select", { id, ariaLabel: label }, Array.from({ length: most }, (_, index) => element("option", { value: index + 1, textContent: band(index + 1) })))
    : element("input", { id, type: "number", min: 0, max: most, inputMode: "numeric", ariaLabel: `${label}, ${rule("within")}` });
  input.value = String(value);
  input.disabled = !page.policy.may_change;
  input.addEventListener("change", () => {
    if (input.value !== "" && Number.isInteger(Number(input.value))) {
      change(list, name, Number(input.value));
    } else {
      input.value = String(page.wish[list][name] ?? page.policy[list][name]);
    }
  });
  if (page.faults[`${list}/${name}`]) {
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", `fault-${list}-${name}`);
  }
  return input;
}

function rowOf(list, name) {
  if (list === "check_ins") {
    return checkInRow(page, name, { change, fault: fault(list, name) });
  }
  const value = page.wish[list][name] ?? page.policy[list][name];
  const unit = list === "reasons" ? "" : rule("unit");
  const most = list === "reasons" ? null : element("span", { className: "hint", textContent: rule("at_most", { most: page.policy.at_most[list][name] }) });
  return element("tr", { id: `row-${list}-${name}`, className: page.wish[list][name] === undefined ? "" : "changed" },
    element("th", { scope: "row", textContent: list === "reasons" ? code("reason", name) : band(name) }),
    element("td", {}, element("span", { className: "set" }, mark(list === "reasons" ? value : name), inputOf(list, name, value), unit, most), fault(list, name)),
    element("td", { className: "hint", textContent: page.policy.default[list][name] }));
}

function drawRow(list, name) {
  const focused = document.activeElement?.id;
  byId(`row-${list}-${name}`).replaceWith(rowOf(list, name));
  if (focused === `${list}-${name}`) {
    byId(focused).focus();
  }
}

function drawTables() {
  byId("reasons").replaceChildren(...Object.keys(page.policy.reasons).map((name) => rowOf("reasons", name)));
  byId("minutes").replaceChildren(...Object.keys(page.policy.answer_minutes).map((name) => rowOf("answer_minutes", name)));
  byId("check-ins").replaceChildren(...Object.keys(page.policy.check_ins).map((name) => rowOf("check_ins", name)));
  const standing = [page.policy.may_change ? "" : rule("read_only"), page.policy.judging ? rule("judging") : ""].filter(Boolean).join(" ");
  byId("standing").textContent = standing;
  byId("standing").hidden = standing === "";
}

/* --- what it would move ------------------------------------------------------------------------------------------------------------- */
function drawEffect() {
  const changes = LISTS.flatMap((list) => Object.entries(page.wish[list]).map(([name, to]) => inWords(list, name, page.policy[list][name], to)));
  byId("effect").hidden = changes.length === 0;
  byId("changes").replaceChildren(...changes.map((text) => element("li", { textContent: text })));
  byId("save").disabled = true;
  clearTimeout(page.timer);
  page.asked++; /* what is being asked tells of less than is wished now */
  page.timer = changes.length > 0 ? setTimeout(preview, PAUSE_MS) : 0;
}

function movesInWords(told) {
  if (told.counted_at === null) {
    return [element("p", { textContent: rule("not_counted") })];
  }
  const moves = told.moves.map((one) => element("li", { textContent: rule("move", { cases: countIn("cases", one.cases), from: band(one.from), to: band(one.to) }) }));
  const sum = told.moves.reduce((all, one) => all + one.cases, 0);
  return [element("p", {}, element("b", { textContent: countIn("moved", sum) }), ` ${rule("of_open", { count: number(told.open) })}`),
    moves.length > 0 ? element("ul", {}, moves) : null,
    told.other_answer_by > 0 ? element("p", { textContent: countIn("other_time", told.other_answer_by) }) : null,
    element("p", { className: "hint" }, `${rule("counted")} `, moment(told.counted_at))].filter(Boolean);
}

async function preview() {
  const mine = ++page.asked;
  try {
    const answer = await ask("POST", "/preview", page.wish);
    if (mine !== page.asked) {
      return; /* more was changed meanwhile */
    }
    if (answer.status === 422) {
      await drawFaults(answer);
      byId("moves").replaceChildren(element("p", { className: "fault", textContent: rule("may_not_be") }));
    } else {
      const told = answer.ok ? movesInWords(await answer.json()) : [element("p", { textContent: await refusal(answer) })];
      if (mine !== page.asked) {
        return;
      }
      await drawFaults(null);
      byId("moves").replaceChildren(...told);
      byId("save").disabled = !answer.ok;
    }
  } catch {
    if (mine === page.asked) {
      byId("moves").replaceChildren(element("p", { textContent: rule("offline") }));
    }
  }
}

/* The server's sentence, or ours where it does not know the rule. */
const faultInWords = (one) => (one.field.startsWith("answer_minutes/") && one.code === "out_of_range"
  ? rule("minutes_fault", { most: page.policy.at_most.answer_minutes[one.field.split("/")[1]] }) : one.message);

async function drawFaults(answer) {
  const told = answer === null ? {} : await answer.json().catch(() => ({}));
  const before = Object.keys(page.faults);
  page.faults = Object.fromEntries((told.errors ?? []).map((one) => [one.field, faultInWords(one)]));
  for (const field of new Set([...before, ...Object.keys(page.faults)])) {
    const [list, name] = field.split("/");
    if (byId(`row-${list}-${name}`) !== null) {
      drawRow(list, name);
    }
  }
}

/* --- saving ------------------------------------------------------------------------------------------------------------------------- */
/* Somebody was quicker: theirs is shown, what was changed here stays to be saved on top of it, or not. */
async function onConflict() {
  const before = page.policy;
  const history = await load(true);
  const theirs = LISTS.flatMap((list) => Object.keys(page.policy[list])
    .filter((name) => page.policy[list][name] !== before[list][name]).map((name) => inWords(list, name, before[list][name], page.policy[list][name])));
  problem(rule("conflict", { name: history?.[0]?.changed_by ?? rule("operator"), changes: theirs.join("; ") }));
}

async function save(event) {
  event.preventDefault();
  if (count() === 0 || byId("save").disabled || page.saving) {
    return;
  }
  page.saving = true;
  try {
    const answer = await ask("PATCH", "", page.wish, { "If-Match": page.etag });
    if (answer.ok) {
      page.wish = noWish();
      await load(false);
      problem("");
      say("said", rule("saved"));
    } else if (answer.status === 412) {
      await onConflict();
    } else if (answer.status === 422) {
      await drawFaults(answer);
      problem(rule("may_not_be"));
    } else if (answer.status !== 401) {
      problem(await refusal(answer));
    }
  } catch {
    problem(rule("offline"));
  } finally {
    page.saving = false;
  }
}

/* --- history ------------------------------------------------------------------------------------------------------------------------ */
function drawHistory(history) {
  const entries = history.map((one, index) => {
    const before = history[index + 1] ?? (one.version === 1 ? page.policy.default : null);
    const changes = before === null ? [] : LISTS.flatMap((list) => Object.keys(one[list])
      .filter((name) => one[list][name] !== before[list][name]).map((name) => inWords(list, name, before[list][name], one[list][name])));
    return element("li", {}, element("p", {}, moment(one.changed_at), " ", element("b", { textContent: one.changed_by ?? rule("operator") })),
      element("ul", {}, (changes.length > 0 ? changes : [rule("no_change")]).map((text) => element("li", { textContent: text }))));
  });
  byId("history").replaceChildren(...(entries.length > 0 ? entries : [element("li", { className: "hint", textContent: rule("no_history") })]));
}

async function load(keepWish) {
  const [policy, history] = await Promise.all([ask("GET", ""), ask("GET", "/history")]);
  if (!policy.ok || !history.ok) {
    problem(await refusal(policy.ok ? history : policy));
    return null;
  }
  page.policy = await policy.json();
  page.etag = policy.headers.get("ETag");
  page.faults = {};
  if (!keepWish) {
    page.wish = noWish();
  }
  for (const list of LISTS) {
    for (const [name, value] of Object.entries(page.wish[list])) {
      if (value === page.policy[list][name]) {
        delete page.wish[list][name];
      }
    }
  }
  drawTables();
  drawEffect();
  const told = (await history.json()).history;
  drawHistory(told);
  return told;
}

/* Until every open case stands by it. */
async function look() {
  if (page.policy?.judging && document.visibilityState === "visible") {
    const answer = await ask("GET", "").catch(() => null);
    const told = answer?.ok ? await answer.json() : null;
    if (told !== null && !told.judging && told.version === page.policy.version) {
      page.policy.judging = false;
      byId("standing").hidden = true;
      say("said", rule("judged"));
    }
  }
}

async function start() {
  const me = await (await fetched("GET", "/api/v1/me")).json();
  const crises = me.crises ?? [];
  const asked = new URLSearchParams(location.search).get("crisis");
  page.crisis = crises.includes(asked) ? asked : crises[0] ?? "";
  byId("crisis").append(...crises.map((one) => element("option", { value: one, textContent: one })));
  byId("crisis").value = page.crisis;
  byId("crisis-line").hidden = crises.length < 2;
  byId("crisis").addEventListener("change", () => {
    page.crisis = byId("crisis").value;
    load(false);
  });
  byId("table").addEventListener("submit", save);
  byId("reset").addEventListener("click", () => {
    page.wish = noWish();
    page.faults = {};
    drawTables();
    drawEffect();
    byId("reasons").querySelector("select")?.focus();
  });
  addEventListener("beforeunload", (event) => count() > 0 && event.preventDefault());
  await load(false);
  setInterval(look, POLL_MS);
}

start().catch(() => problem(rule("offline")));
