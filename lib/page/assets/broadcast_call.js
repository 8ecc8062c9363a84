/* SPDX-License-Identifier: Apache-2.0
 * Asking the desk. A session that ends takes nothing with it: the page stays with what was typed, says so, and goes on after a new sign-in. */
import { settings, tell } from "./broadcast_words.js";

const PATIENCE_MS = 15000;
let ended = false; /* the session we came with: its token for posts is no more */

/* What failed on the way: nothing is known of what the server did. */
export class Unreached extends Error {}
/* What the server said no to, in its words. `errors` name fields. */
export class Refused extends Error {
  constructor(status, told) {
    super([...new Set([told.title, told.detail].filter(Boolean))].join(": ") || tell("failed"));
    this.status = status;
    this.detail = told.detail ?? this.message;
    this.errors = told.errors ?? [];
  }
}

async function fetched(method, path, body, headers) {
  const options = { method, credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS), headers: { Accept: "application/json", ...headers } };
  if (method !== "GET") {
    options.headers["X-CSRF-Token"] = settings.csrf;
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body ?? {});
  }
  try {
    return await fetch(`/api/v1${path}?lang=${settings.language}`, options);
  } catch {
    throw new Unreached(tell("offline"));
  }
}

async function renewed() {
  const answer = await fetched("GET", "/me");
  if (answer.ok) {
    const me = await answer.json();
    settings.csrf = me.csrf;
    settings.role = me.role;
    ended = me.user !== settings.user; /* somebody else's session is not for this page */
  }
}

/* The answer's JSON; throws Unreached or Refused. */
export async function ask(method, path, body, headers = {}) {
  if (ended) {
    await renewed();
  }
  if (ended) {
    throw new Refused(401, { title: tell("session_over") });
  }
  const answer = await fetched(method, path, body, headers);
  if (answer.status === 401) {
    ended = true;
    throw new Refused(401, { title: tell("session_over") });
  }
  const told = await answer.json().catch(() => null);
  if (answer.status >= 500) {
    throw new Unreached(told?.detail ?? tell("offline"));
  }
  if (!answer.ok || told === null) {
    throw new Refused(answer.status, told ?? {});
  }
  return told;
}

export const broadcastPath = (id, action) => `/broadcasts/${encodeURIComponent(id)}${action ? `/${action}` : ""}`;
