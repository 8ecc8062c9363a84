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

/* The answer, or null when it is not known whether it was heard, or was told to come again. */
async function hand(item) {
  try {
    const answer = await fetch(item.to, { method: "POST", body: item.body, cache: "no-store", redirect: "error",
      headers: { "Content-Type": "application/x-www-form-urlencoded" } });
    return answer.status >= 500 || answer.status === 429 || answer.status === 408 ? null : answer;
  } catch {
    return null;
  }
}

/* Oldest first, one at a time, whoever else tries; stops at the first that does not get through. What was sent or refused keeps no words of
 * it. Returns the answers by number. */
async function sendAll() {
  const answers = new Map();
  await navigator.locks.request("muster-outbox", async () => {
    for (const item of (await all()).filter((one) => one.state === "waiting")) {
      const answer = await hand(item);
      if (answer === null) {
        return;
      }
      answers.set(item.n, answer);
      await inOutbox("readwrite", (box) => box.put({ n: item.n, what: item.what, at: item.at, state: answer.ok ? "sent" : "refused" }));
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

async function kept(key) {
  const cache = await caches.open(KEPT);
  return await cache.match(key, { ignoreVary: true }) ?? cache.match(key, { ignoreVary: true, ignoreSearch: true });
}

async function page(request, key) {
  const fresh = fetch(request).then(async (answer) => {
    if (answer.status === 200) {
      await (await caches.open(KEPT)).put(key, answer.clone());
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
/* What waits and what has come of it; what ended is said once. */
async function show() {
  const box = document.getElementById("outbox");
  const items = await all();
  box.hidden = items.length === 0;
  box.querySelector("ul").replaceChildren(...items.map((item) => {
    const line = document.createElement("li");
    const time = new Date(item.at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    line.className = item.state;
    line.textContent = `${item.what} (${time}): ${box.dataset[item.state]}`;
    return line;
  }));
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
  const values = new URLSearchParams(new FormData(form));
  const chosen = form.querySelector("[name=status]:checked");
  const item = { to: form.getAttribute("action"), body: values.toString(), at: Date.now(), state: "waiting",
    what: chosen?.closest("label").querySelector("b").textContent ?? document.title };
  const n = await inOutbox("readwrite", (box) => box.add(item));
  await show();
  const answer = (await sendAll()).get(n);
  if (answer !== undefined) {
    await inOutbox("readwrite", (box) => box.delete(n));
    replace(await answer.text());
    show();
    return;
  }
  await show();
  document.getElementById("outbox").scrollIntoView();
  (await navigator.serviceWorker?.ready)?.sync?.register("outbox").catch(() => {});
  renew(form); // what comes next is another message
}

/* A kept page shows an id that was used, perhaps; a form shown again with its faults keeps its own. */
function renew(form) {
  form.elements.client_id.value = crypto.randomUUID();
}

async function forget() {
  await inOutbox("readwrite", (box) => box.clear()); // at once: deleting waits for who has it open
  indexedDB.deleteDatabase("muster");
  localStorage.clear();
  await caches.delete(KEPT);
  await Promise.all((await navigator.serviceWorker.getRegistrations()).map((one) => one.unregister()));
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

/* This script and the check-in form of this language, for when there is no network. */
async function keepForm() {
  const url = new URL(location.href), cache = await caches.open(KEPT);
  for (const path of [SCRIPT, MORE, "/", "/check-in"]) {
    const key = keyOf(new URL(`${path}?lang=${document.documentElement.lang}`, url));
    if (await cache.match(key) === undefined) {
      const answer = await fetch(key, { cache: "no-store" });
      if (answer.status === 200) {
        await cache.put(key, answer);
      }
    }
  }
}

async function tend() {
  if ((await all()).some((one) => one.state === "waiting")) {
    await sendAll();
    await show();
  }
}

function begin() {
  const form = document.querySelector("form[action^='/check-in']");
  if (form?.elements.status && document.querySelector("[role=alert]") === null) {
    renew(form);
    const wanted = new URLSearchParams(location.search).get("status");
    const radio = [...form.querySelectorAll("[name=status]")].find((one) => one.value === wanted);
    if (radio && !form.querySelector("[name=status]:checked")) {
      radio.checked = true;
    }
  }
  offerPlace();
  document.addEventListener("submit", onSubmit);
  document.querySelector(".leave")?.addEventListener("click", (event) => {
    event.preventDefault();
    location.replace("/leave"); // this page leaves the way back
  });
  addEventListener("online", tend);
  setInterval(tend, AGAIN_MS);
  tend().then(tellEnds);
  addEventListener("load", () => navigator.serviceWorker?.register(SCRIPT).then(keepForm).catch(() => {}));
}

if (typeof document === "undefined") {
  serve();
} else if ("indexedDB" in self && "locks" in navigator) {
  begin();
}
