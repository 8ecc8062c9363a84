/* SPDX-License-Identifier: Apache-2.0
 * Who looked at the open case, for a lead: asked for only when it is opened, for this look at the audit is on record, too. What was done stands in the timeline. */
import { element, settings } from "./desk_kit.js";
import { ask, refusal } from "./console_call.js";
import { moment, words } from "./console_words.js";

const LOOKS = ["case.read", "case.duplicates", "audit.read", "audit.export"];
const isLook = (one) => LOOKS.includes(one.action);
const why = (one) => (one.detail?.why ? ` (${settings[`why.${one.detail.why}`] ?? one.detail.why})` : "");

/* The same look of the same person within the hour is one line: a case that stands open is read again and again. */
function gather(entries) {
  const lines = [];
  for (const one of entries.filter(isLook)) {
    const last = lines.find((line) => line.staff === one.staff && line.action === one.action && Date.parse(line.first) - Date.parse(one.at) < 3600000);
    if (last && why(last) === why(one)) {
      last.first = one.at;
      last.times++;
    } else {
      lines.push({ ...one, first: one.at, times: 1 });
    }
  }
  return lines;
}

const line = (one) => element("li", {}, element("p", {}, moment(one.at), " ", element("b", { textContent: one.staff ?? words("looked_nobody") }), " ",
  settings[`audit.does.${one.action}`] ?? one.action, why(one), one.times > 1 ? ` · ${words("looked_times", { times: one.times })}` : ""));

async function load(one, list, said) {
  said.textContent = words("looked_loading");
  try {
    const answer = await ask("GET", `/api/v1/audit?lang=${settings.language}&case=${encodeURIComponent(one.case)}&limit=200`);
    if (!answer.ok) {
      said.textContent = await refusal(answer);
      return;
    }
    const lines = gather((await answer.json()).entries);
    list.replaceChildren(...lines.map(line));
    said.textContent = lines.length === 0 ? words("looked_none") : answer.headers.get("Link") ? words("looked_more") : "";
  } catch {
    said.textContent = words("looked_failed");
  }
}

/* A case that is drawn anew, for something came, keeps what was opened: it is not asked for again. */
let kept = { case: "", part: null };

/* For who may read the audit of the case; nothing for others. */
export function whoLooked(one) {
  if (settings.role !== "lead" || kept.case === one.case) {
    return settings.role === "lead" ? kept.part : null;
  }
  const list = element("ul", { className: "timeline" });
  const said = element("p", { className: "hint", role: "status" });
  const all = element("a", { href: `/audit?lang=${settings.language}#case=${one.case}`, textContent: words("looked_all") });
  const part = element("details", { id: "looks" }, element("summary", { textContent: words("who_looked") }), said, list,
    element("p", { className: "hint", textContent: words("looked_hint") }), element("p", {}, all)); /* behind the "#": no server's log has the code */
  part.addEventListener("toggle", () => part.open && load(one, list, said));
  kept = { case: one.case, part };
  return part;
}
