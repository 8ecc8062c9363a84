/* SPDX-License-Identifier: Apache-2.0
 * Asking the desk, for the console. */
import { byId, element, endSession, fetched, hasEnded, renewSession, settings } from "./desk_kit.js";
import { problem, state, words } from "./console_words.js";

/* The sign-in page stands at the same address, and leads back to it; but what was typed is not thrown away: it stays, and the page goes on after a new sign-in
 * elsewhere. */
export function sessionOver() {
  const typed = [...document.querySelectorAll("textarea, #q")].some((field) => field.value.trim() !== "");
  if (!typed) {
    location.reload();
    return;
  }
  endSession();
  problem(`${words("session_over")} `);
  byId("problem").append(element("a", { href: `${location.pathname}${location.search}`, target: "_blank", textContent: words("sign_in") }));
}

export async function ask(method, path, body, headers = {}) {
  if (hasEnded() && await renewSession()) {
    problem("");
  }
  const answer = await fetched(method, path, body, headers);
  if (answer.status === 401) {
    sessionOver();
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
  if (answer.status === 401) {
    return ""; /* said already */
  }
  const told = await answer.json().catch(() => ({}));
  const known = { 403: "forbidden", 409: "not_now", 412: "conflict" };
  const sentence = answer.status === 409 && /\/(messages|escalate)$/.test(answer.url) ? told.detail : "";
  const faults = (told.errors ?? []).map((one) => one.message).join("; ");
  return sentence || (known[answer.status] ? words(known[answer.status]) : "") || [told.title, faults || told.detail].filter(Boolean).join(": ") || words("failed");
}
