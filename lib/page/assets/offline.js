/* SPDX-License-Identifier: Apache-2.0
 * Without network: a check-in is kept in IndexedDB, shown as waiting, and sent in order once there is network. One file, both the page's
 * script and the service worker, so that a phone fetches it once. Sent again it has one effect: each has its client_id from the start. */
"use strict";
const KEPT = "muster-1", SCRIPT = "/offline.js", MORE = "/more.js", PAGES = ["/", "/check-in", "/alerts", "/privacy", SCRIPT, MORE], SLOW_MS = 8000, AGAIN_MS = 15000;

// --- the outbox ------------------------------------------------------------------------------------------------------------
function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("muster", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("outbox", { keyPath: "n", autoIncrement: true });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

/* One transaction: done when it is on the phone's disk. */
async function inOutbox(mode, act) {
  const base = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const change = base.transaction("outbox", mode, { durability: "strict" });
      const asked = act(change.objectStore("outbox"));
      change.oncomplete = () => resolve(asked.result);
      change.onabort = change.onerror = () => reject(change.error);
    });
  } finally {
    base.close();
  }
}

const all = () => inOutbox("readonly", (box) => box.getAll());

/* Whether the service said it, not a Wi-Fi's sign-in page in its place: every answer of ours says so. */
const isOurs = (answer) => (answer.headers.get("Content-Security-Policy") ?? "").startsWith("default-src 'none'");

/* What came of it: { receipt } or { refused }, with the page that says so; { portal } when somebody else answered; null when it is not known whether it
 * was heard, or we were told to come again. Only an answer that names this very message is believed. */
async function hand(item) {
  const id = new URLSearchParams(item.body).get("client_id");
  try {
    const answer = await fetch(item.to, { method: "POST", body: item.body, cache: "no-store", redirect: "manual",
      headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json", "Idempotency-Key": id } });
    if (!isOurs(answer)) {
      return { portal: true };
    }
    const told = answer.status >= 500 || answer.status === 429 || answer.status === 408 ? null : await answer.json();
    return id !== null && (told?.receipt === id || told?.refused === id) ? told : null;
  } catch {
    return null;
  }
}

/* Oldest first, one at a time, whoever else tries; stops at the first that does not get through. What was sent or refused keeps no words of
 * it. Returns the answers by number, and whether somebody else answered in our place. */
async function sendAll() {
  const answers = new Map();
  answers.portal = false;
  await navigator.locks.request("muster-outbox", async () => {
    for (const item of (await all()).filter((one) => one.state === "waiting")) {
      const answer = await hand(item);
      if (answer === null || answer.portal) {
        answers.portal = answer !== null;
        return;
      }
      answers.set(item.n, answer);
      await inOutbox("readwrite", (box) => box.put({ n: item.n, what: item.what, at: Date.parse(answer.at), state: answer.receipt ? "sent" : "refused" }));
    }
  });
  return answers;
}

// --- the service worker ----------------------------------------------------------------------------------------------------
/* One kept page a language; null for what is not to be kept: anything a person typed. */
function keyOf(url) {
  const only = [...url.searchParams.keys()].every((name) => ["lang", "crisis", "status"].includes(name));
  return PAGES.includes(url.pathname) && only ? `${url.pathname}?lang=${url.searchParams.get("lang") ?? ""}` : null;
}

/* Of the form, the home page will do: it has one in it. */
async function kept(key) {
  const cache = await caches.open(KEPT);
  const home = key.startsWith("/check-in") ? key.replace("/check-in", "/") : key;
  for (const [one, options] of [[key, {}], [home, {}], [key, { ignoreSearch: true }], [home, { ignoreSearch: true }]]) {
    const found = await cache.match(one, { ignoreVary: true, ...options });
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/* A sign-in page of somebody's Wi-Fi is shown to who asked for a page, and never kept; as a script it is of no use. */
async function page(request, key) {
  const fresh = fetch(request).then(async (answer) => {
    if (answer.status === 200 && !answer.redirected && isOurs(answer)) {
      await (await caches.open(KEPT)).put(key, answer.clone());
    } else if (key.includes(".js?")) {
      return await kept(key) ?? answer;
    }
    return answer;
  });
  const slow = new Promise((resolve) => setTimeout(async () => resolve(await kept(key) ?? fresh), SLOW_MS));
  try {
    return await Promise.race([fresh, slow]);
  } catch {
    return await kept(key) ?? Response.error();
  }
}

function serve() {
  self.addEventListener("install", () => self.skipWaiting());
  self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
  self.addEventListener("fetch", (event) => {
    const url = new URL(event.request.url);
    const key = event.request.method === "GET" && (event.request.mode === "navigate" || url.pathname.endsWith(".js"))
      && url.origin === self.location.origin ? keyOf(url) : null;
    if (key !== null) {
      event.respondWith(page(event.request, key));
    }
  });
  self.addEventListener("sync", (event) => event.waitUntil(sendAll().then(async () => {
    if ((await all()).some((one) => one.state === "waiting")) {
      throw new Error("not yet"); // the browser comes back later
    }
  })));
}

// --- the page --------------------------------------------------------------------------------------------------------------
/* What waits and what has come of it; what ended is said once. A time is the service's: phones' clocks are wrong by years. */
async function show(portal = false) {
  const box = document.getElementById("outbox");
  const items = await all();
  box.hidden = items.length === 0;
  box.querySelector("ul").replaceChildren(...items.map((item) => {
    const line = document.createElement("li");
    const time = item.state === "waiting" || !item.at ? "" : ` (${new Date(item.at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" })})`;
    line.className = item.state;
    line.textContent = `${item.what}${time}: ${box.dataset[item.state]}`;
    return line;
  }), ...(portal ? [Object.assign(document.createElement("li"), { className: "portal", textContent: box.dataset.portal })] : []));
  return items;
}

async function tellEnds() {
  for (const item of await show()) {
    if (item.state !== "waiting") {
      await inOutbox("readwrite", (box) => box.delete(item.n));
    }
  }
}

/* The phone's own position, when its button is pressed. */
function offerPlace() {
  const box = document.getElementById("locate");
  if (box && navigator.geolocation) {
    box.hidden = false;
    box.querySelector("button").addEventListener("click", () => import(MORE).then((more) => more.locate(box)).catch(() => {}));
  }
}

/* The service's own page, in place of this one; its scripts do not run. */
function replace(html) {
  const made = new DOMParser().parseFromString(html, "text/html");
  document.title = made.title;
  document.documentElement.lang = made.documentElement.lang;
  document.body.replaceChildren(...made.body.childNodes);
  scrollTo(0, 0);
  document.querySelector("[role=alert] a, h1")?.focus();
  offerPlace();
}

async function submit(form) {
  const values = new URLSearchParams(new FormData(form)), now = new Date();
  const chosen = form.querySelector("[name=status]:checked");
  if (now.getUTCFullYear() > 999 && now.getUTCFullYear() < 10000) {
    values.set("at", now.toISOString()); // this phone's clock; kept beside the service's
  }
  const item = { to: form.getAttribute("action"), body: values.toString(), state: "waiting",
    what: chosen?.closest("label").querySelector("b").textContent ?? document.title };
  const n = await inOutbox("readwrite", (box) => box.add(item));
  await show();
  const answers = await sendAll(), answer = answers.get(n);
  if (answer !== undefined) {
    await inOutbox("readwrite", (box) => box.delete(n));
    replace(answer.page);
    show();
    return;
  }
  await show(answers.portal);
  document.getElementById("outbox").scrollIntoView();
  renew(form); // what comes next is another message
  navigator.serviceWorker?.ready.then((one) => one.sync?.register("outbox")).catch(() => {}); // never, where there is none
}

/* A kept page shows an id that was used, perhaps; a form shown again with its faults keeps its own. */
function renew(form) {
  form.elements.client_id.value = crypto.randomUUID();
}

/* Other tabs hear that all was cleared, and forget what they show. */
async function forget() {
  await inOutbox("readwrite", (box) => box.clear()); // at once: deleting waits for who has it open
  indexedDB.deleteDatabase("muster");
  localStorage.setItem("forget", ""); // of nothing to clear nobody would hear
  localStorage.clear();
  sessionStorage.clear();
  await caches.delete(KEPT);
  await Promise.all((await navigator.serviceWorker?.getRegistrations() ?? []).map((one) => one.unregister()));
}

function onStorage(event) {
  if (event.key === null) {
    removeEventListener("storage", onStorage);
    sessionStorage.clear();
    const form = Object.assign(document.createElement("form"), { method: "post", action: `/forget?lang=${document.documentElement.lang}` });
    document.body.append(form);
    form.submit();
  }
}

function onSubmit(event) {
  const form = event.target, to = form.getAttribute("action") ?? "";
  if (to.startsWith("/check-in") && form.elements.status && !event.submitter?.hasAttribute("formaction")) {
    event.preventDefault();
    const button = form.querySelectorAll("button");
    button.forEach((one) => { one.disabled = true; });
    submit(form).catch(() => form.submit()).finally(() => button.forEach((one) => { one.disabled = false; }));
  } else if (to.startsWith("/forget")) {
    event.preventDefault();
    forget().catch(() => {}).finally(() => form.submit());
  }
}

/* This script and the home page of this language, which has the form in it, for when there is no network: after all else. What was just fetched, this page
 * or the script, comes from the phone's own memory. */
async function keepForm() {
  const url = new URL(location.href), cache = await caches.open(KEPT), home = `/?lang=${document.documentElement.lang}`;
  const here = url.pathname === "/" && keyOf(url) !== null;
  for (const [path, from, held] of [[SCRIPT, SCRIPT, true], [home, here ? url.href : home, here]]) {
    const key = keyOf(new URL(path, url));
    if (await cache.match(key) === undefined) {
      const answer = await fetch(from, { cache: held ? "force-cache" : "default" });
      if (answer.status === 200 && isOurs(answer)) {
        await cache.put(key, answer);
      }
    }
  }
}

/* The home page has the form in it: opened there, nothing is asked of the network. Back is the home page again; Forward the form as it was left, or its
 * receipt. */
const views = new Map();
let shown = location.pathname;
function turn() {
  const view = views.get(location.pathname);
  if (view && location.pathname !== shown) {
    views.set(shown, [document.title, ...document.body.childNodes]);
    shown = location.pathname;
    document.title = view[0];
    document.body.replaceChildren(...view.slice(1));
    show();
  }
}

function openQuick(address) {
  const home = document.querySelector("main"), main = home.cloneNode();
  if (location.href !== address.href) {
    views.set(shown, [document.title, ...document.body.childNodes]);
    history.pushState(null, "", address);
    shown = address.pathname;
  }
  main.append(document.getElementById("quick").content.cloneNode(true), document.getElementById("outbox").cloneNode(true));
  home.replaceWith(main);
  const form = main.querySelector("form"), heading = main.querySelector("h1");
  form.elements._open.remove(); // for browsers that show a template
  prepare(form);
  document.title = heading.textContent;
  scrollTo(0, 0);
  heading.focus();
}

function onClick(event) {
  if (event.target.closest(".leave") !== null) { // also on a page that came in place of another
    event.preventDefault();
    sessionStorage.left = 1;
    location.replace("/leave"); // this page leaves the way back
    return;
  }
  const link = event.target.closest("a.act");
  const address = link === null ? null : new URL(link.href);
  if (address?.pathname === "/check-in" && document.getElementById("quick") !== null && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    openQuick(address);
  }
}

async function tend() {
  if ((await all()).some((one) => one.state === "waiting")) {
    await show((await sendAll()).portal);
  }
}

/* An id of its own, and the status that the address names. */
function prepare(form) {
  renew(form);
  const wanted = new URLSearchParams(location.search).get("status");
  const radio = [...form.querySelectorAll("[name=status]")].find((one) => one.value === wanted);
  if (radio && !form.querySelector("[name=status]:checked")) {
    radio.checked = true;
  }
}

/* Who left in a hurry is not shown what was typed, whoever presses Back; until somebody types again. */
function hideLeft(event) {
  if (sessionStorage.left && (event.persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward")) {
    document.body.hidden = true;
    location.replace(location.pathname + location.search);
  }
}

function begin() {
  const form = document.querySelector("form[action^='/check-in']");
  if (form?.elements.status && document.querySelector("[role=alert]") === null) {
    prepare(form);
  } else if (location.pathname === "/check-in" && document.getElementById("quick") !== null) {
    openQuick(new URL(location.href)); // kept for want of network
  }
  offerPlace();
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit);
  addEventListener("pageshow", hideLeft);
  addEventListener("input", () => sessionStorage.removeItem("left"));
  addEventListener("popstate", turn);
  addEventListener("storage", onStorage);
  addEventListener("online", tend);
  setInterval(tend, AGAIN_MS);
  tend().then(tellEnds);
  addEventListener("load", () => (self.requestIdleCallback ?? setTimeout)(() => navigator.serviceWorker?.register(SCRIPT).then(keepForm).catch(() => {})));
}

if (typeof document === "undefined") {
  serve();
} else if (location.pathname !== "/forget" && "indexedDB" in self && "locks" in navigator) { // what was forgotten stays so
  begin();
}
