/* SPDX-License-Identifier: Apache-2.0
 * What every page of the desk is made with: its settings, its elements, and how it asks the server. Everything that people wrote is put into a page
 * as text, never as markup. */

export const settings = JSON.parse(document.getElementById("settings").textContent);
export const byId = (id) => document.getElementById(id);

/* --- the page --------------------------------------------------------------------------------------------------------------- */
const isShown = (one) => one !== null && one !== undefined && one !== "" && one !== false;

export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made && name !== "list") {
      made[name] = value;
    } else {
      made.setAttribute(name, value);
    }
  }
  made.append(...children.flat(Infinity).filter(isShown));
  return made;
}

/* Makes what stands look like what was made, and keeps each element that can stay: a button that is being pressed, or has the focus, is not taken away. */
export function become(old, made) {
  if (old.nodeType !== made.nodeType || old.nodeName !== made.nodeName) {
    old.replaceWith(made);
    return;
  }
  if (old.nodeType === Node.TEXT_NODE) {
    old.data = old.data === made.data ? old.data : made.data;
    return;
  }
  [...old.attributes].filter((one) => !made.hasAttribute(one.name)).forEach((one) => old.removeAttribute(one.name));
  [...made.attributes].filter((one) => old.getAttribute(one.name) !== one.value).forEach((one) => old.setAttribute(one.name, one.value));
  old.onclick = made.onclick;
  if (old.checked !== made.checked) {
    old.checked = made.checked;
  }
  becomeAll(old, [...made.childNodes]);
}

export function becomeAll(parent, made) {
  const standing = [...parent.childNodes];
  made.forEach((one, index) => (index < standing.length ? become(standing[index], one) : parent.append(one)));
  standing.slice(made.length).forEach((one) => one.remove());
}

/* --- asking the server ------------------------------------------------------------------------------------------------------ */
const PATIENCE_MS = 15000;

/* The answer as it comes; a connection that fails, or is silent too long, throws. */
export function fetched(method, path, body, headers = {}) {
  const options = { method, credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS), headers: { Accept: "application/json", ...headers } };
  if (method !== "GET") {
    options.headers["X-CSRF-Token"] = settings.csrf;
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body ?? {});
  }
  return fetch(path, options);
}

let ended = false; /* the session we came with: its token for posts is no more */
export const hasEnded = () => ended;
export function endSession() {
  ended = true;
}

/* Whether there is a session again, of the same officer: somebody else's is not for this page. The page goes on with it. */
export async function renewSession() {
  const answer = await fetched("GET", "/api/v1/me");
  if (answer.ok) {
    const me = await answer.json();
    settings.csrf = me.csrf;
    settings.role = me.role;
    ended = me.user !== settings.user;
  }
  return !ended;
}
