/* SPDX-License-Identifier: Apache-2.0
 * Asking the desk. A session that ends takes nothing with it: the page stays with what was typed, says so, and goes on after a new sign-in. */
import { endSession, fetched, hasEnded, renewSession, settings } from "./desk_kit.js";
import { tell } from "./broadcast_words.js";

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

/* `run` asks; what fails on the way is told as such. */
async function reached(run) {
  try {
    return await run();
  } catch {
    throw new Unreached(tell("offline"));
  }
}

/* The answer's JSON; throws Unreached or Refused. */
export async function ask(method, path, body, headers = {}) {
  if (hasEnded() && !(await reached(renewSession))) {
    throw new Refused(401, { title: tell("session_over") });
  }
  const answer = await reached(() => fetched(method, `/api/v1${path}?lang=${settings.language}`, body, headers));
  if (answer.status === 401) {
    endSession();
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
