/* SPDX-License-Identifier: Apache-2.0
 * Asking the desk, for the console. */
import { fetched } from "./desk_kit.js";
import { state, words } from "./console_words.js";

export async function ask(method, path, body, headers = {}) {
  const answer = await fetched(method, path, body, headers);
  if (answer.status === 401) {
    location.reload(); /* the sign-in page stands at the same address */
  }
  const date = Date.parse(answer.headers.get("Date") ?? "");
  if (!Number.isNaN(date)) {
    state.skew_ms = date - Date.now();
  }
  return answer;
}

export const casePath = (caseCode, action) => `/api/v1/cases/${encodeURIComponent(caseCode)}${action ? `/${action}` : ""}`;

/* The path of the page behind rel="next" (RFC 8288), or null. */
export function followingPath(answer) {
  const link = /<([^>]*)>\s*;\s*rel="?next"?/.exec(answer.headers.get("Link") ?? "");
  return link === null ? null : new URL(link[1], location.origin).href;
}

export async function refusal(answer) {
  const told = await answer.json().catch(() => ({}));
  const known = { 403: "forbidden", 409: "conflict", 412: "conflict" };
  const sentence = answer.status === 409 && answer.url.endsWith("/messages") ? told.detail : "";
  return sentence || (known[answer.status] ? words(known[answer.status]) : "") || [told.title, told.detail].filter(Boolean).join(": ") || words("failed");
}
