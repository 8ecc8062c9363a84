/* SPDX-License-Identifier: Apache-2.0
 * One's own account: password, where one is signed in, API tokens; and for an admin the resets that wait for a second one. The second factor's forms need no script. */
import { byId, element, fetched, settings } from "./desk_kit.js";

const SCOPES = { viewer: ["look"], officer: ["look", "work"], lead: ["look", "work", "overrule"] };
const DAY_MS = 86400000;

const accountWords = (key, values = {}) => (settings[`account.${key}`] ?? key).replace(/\{([a-z_]+)\}/g, (whole, name) => values[name] ?? whole);
const moment = (time) => new Date(time).toLocaleString(settings.language, { dateStyle: "medium", timeStyle: "short" });

function say(id, text) {
  for (const one of ["said", "problem"]) {
    byId(one).textContent = one === id ? text : "";
    byId(one).hidden = one !== id;
  }
  byId(id).scrollIntoView({ block: "nearest" });
}

/* The answer, or null after saying what is wrong. */
async function ask(method, path, body) {
  try {
    const answer = await fetched(method, `/api/v1${path}`, body);
    if (answer.status === 401) {
      location.reload(); /* the sign-in page stands at the same address */
    } else if (!answer.ok) {
      const told = await answer.json().catch(() => ({}));
      say("problem", told.errors?.map((one) => one.message).join(" ") || told.detail || told.title || accountWords("offline"));
    }
    return answer.ok ? answer : null;
  } catch {
    say("problem", accountWords("offline"));
    return null;
  }
}

const button = (key, run, label) => element("button", { type: "button", textContent: accountWords(key), ariaLabel: `${accountWords(key)}: ${label}`, onclick: run });
const once = (title, secret) => element("div", { className: "shown-once" }, element("p", { textContent: title }), element("code", { textContent: secret }));

/* --- sessions and tokens ------------------------------------------------------------------------------------------------------ */
async function end(one, label) {
  if (await ask("DELETE", `/sessions/${one.id}`)) {
    if (one.current) {
      location.assign("/");
      return;
    }
    say("said", accountWords("ended", { what: label }));
    await load();
  }
}

function line(one) {
  const label = one.name ?? (one.origin ? accountWords("browser_at", { origin: one.origin }) : accountWords("browser"));
  const may = one.kind !== "token" ? "" : one.scopes === null ? accountWords("scope.all") : one.scopes.map((scope) => accountWords(`scope.${scope}`)).join(", ") || accountWords("scope.none");
  return element("li", {}, element("div", {}, element("p", {}, element("b", { textContent: label }), one.current ? ` – ${accountWords("this_one")}` : ""),
    element("p", { className: "hint", textContent: [may, accountWords("used", { from: moment(one.created_at), used: moment(one.used_at), until: moment(one.expires_at) })].filter(Boolean).join(". ") })),
  button("end", () => end(one, label), label));
}

async function load() {
  const answer = await ask("GET", "/sessions");
  const list = answer ? (await answer.json()).sessions : [];
  for (const [id, kind] of [["sessions", "browser"], ["tokens", "token"]]) {
    const lines = list.filter((one) => one.kind === kind).map(line);
    byId(id).replaceChildren(...(lines.length > 0 ? lines : [element("li", { className: "hint", textContent: accountWords("none") })]));
  }
}

byId("token").addEventListener("submit", async (event) => {
  event.preventDefault();
  const scopes = [...byId("scopes").querySelectorAll("input:checked")].map((box) => box.value);
  const expires = new Date(Date.now() + Number(byId("token-days").value) * DAY_MS).toISOString();
  const answer = await ask("POST", "/tokens", { name: byId("token-name").value, scopes, expires });
  if (answer) {
    byId("made").replaceChildren(once(accountWords("token_once"), (await answer.json()).token));
    byId("token").reset();
    say("said", accountWords("token_made"));
    await load();
    byId("made").scrollIntoView({ block: "center" });
  }
});

/* --- password ----------------------------------------------------------------------------------------------------------------- */
byId("password").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (byId("new").value !== byId("again").value) {
    say("problem", accountWords("not_the_same"));
    return;
  }
  const body = { old: byId("old").value, new: byId("new").value, ...(byId("totp") ? { totp: byId("totp").value } : {}) };
  if (await ask("POST", "/password", body)) {
    byId("password").reset();
    document.querySelectorAll(".password-due").forEach((one) => one.remove());
    say("said", accountWords("password_changed"));
    await load();
  }
});

/* --- resets, for an admin ----------------------------------------------------------------------------------------------------- */
async function approve(one) {
  const answer = await ask("POST", `/resets/${one.id}/approve`);
  if (answer) {
    const told = await answer.json();
    byId("once").replaceChildren(told.password ? once(accountWords("once", { user: told.user }), told.password) : "");
    say("said", accountWords("approved", { user: told.user }));
    await loadResets();
    byId("once").scrollIntoView({ block: "center" });
  }
}

async function drop(one) {
  if (await ask("DELETE", `/resets/${one.id}`)) {
    say("said", accountWords("dropped"));
    await loadResets();
  }
}

async function loadResets() {
  const answer = await ask("GET", "/resets");
  const list = answer ? (await answer.json()).resets : [];
  const lines = list.map((one) => element("li", {}, element("div", {}, element("p", {}, element("b", { textContent: one.user }), ` – ${accountWords(`what.${one.what}`)}`),
    element("p", { className: "hint", textContent: accountWords("asked", { by: one.asked_by, at: moment(one.asked_at) }) + (one.may_approve ? "" : ` ${accountWords("another")}`) })),
  element("span", {}, one.may_approve ? button("approve", () => approve(one), one.user) : "", " ", button("drop", () => drop(one), one.user))));
  byId("resets").replaceChildren(...(lines.length > 0 ? lines : [element("li", { className: "hint", textContent: accountWords("no_resets") })]));
}

byId("reset").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await ask("POST", "/resets", { user: byId("reset-user").value.trim(), what: byId("reset-what").value })) {
    byId("reset").reset();
    say("said", accountWords("reset_asked"));
    await loadResets();
  }
});

/* --- beginning ---------------------------------------------------------------------------------------------------------------- */
const scopes = SCOPES[settings.role] ?? [];
byId("scopes").append(...scopes.map((scope) => element("label", {}, element("input", { type: "checkbox", value: scope, checked: scope === "look" }), accountWords(`scope.${scope}`))));
byId("token-make").hidden = scopes.length === 0;
byId("password-part").hidden = byId("sessions-part").hidden = byId("tokens-part").hidden = false;
load();
if (settings.role === "admin") {
  byId("resets-part").hidden = false;
  loadResets();
}
