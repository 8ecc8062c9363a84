/* SPDX-License-Identifier: Apache-2.0
 * Views that the officer gave a name: kept in this browser for this account, each an address like any other. See docs/decisions/0019-console.md. */
import { byId, element, settings } from "./desk_kit.js";
import { words } from "./console_words.js";

const MOST = 30;
const KEY = `muster.views.${settings.user}`;

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one?.name === "string" && typeof one.address === "string" && one.address.startsWith("?")) : [];
  } catch {
    return []; /* a browser that keeps nothing */
  }
}

function write(views) {
  try {
    localStorage.setItem(KEY, JSON.stringify(views.slice(0, MOST)));
  } catch {
    /* it is in the address all the same */
  }
}

function addressNow() {
  const asked = new URLSearchParams(location.search);
  asked.delete("lang");
  asked.sort();
  return `?${asked}`;
}

function go(event, address) {
  event.preventDefault();
  const asked = new URLSearchParams(address);
  const language = new URLSearchParams(location.search).get("lang");
  if (language !== null) {
    asked.set("lang", language);
  }
  history.pushState(null, "", `?${asked}`);
  dispatchEvent(new PopStateEvent("popstate"));
}

export function drawSaved() {
  const here = addressNow();
  const views = read();
  const remove = (name) => {
    write(read().filter((one) => one.name !== name));
    drawSaved();
    byId("view-name").focus();
  };
  byId("views").replaceChildren(...views.map((one) => {
    const link = element("a", { href: one.address, textContent: one.name, onclick: (event) => go(event, one.address) });
    if (one.address === here) {
      link.setAttribute("aria-current", "true");
    }
    return element("li", {}, link, element("button", { type: "button", className: "remove", ariaLabel: words("view_remove", { name: one.name }), textContent: "×", onclick: () => remove(one.name) }));
  }));
  byId("views").hidden = views.length === 0;
}

export function startSaved() {
  byId("view-form").addEventListener("submit", (event) => {
    const name = byId("view-name").value.trim();
    event.preventDefault();
    if (name === "") {
      byId("view-name").focus();
      return;
    }
    write([...read().filter((one) => one.name !== name), { name, address: addressNow() }]);
    byId("view-name").value = "";
    drawSaved();
  });
  drawSaved();
}
