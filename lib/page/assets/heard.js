/* SPDX-License-Identifier: Apache-2.0
 * "Heard from them": what a party, or somebody for it, tells the officer by phone or radio, taken down in the open case. Until it is known to be kept the same
 * words have the same id, so that an answer that was lost makes no second check-in. What is not sent is a draft, as a note is (console_drafts.js). */
import { byId, element, fetched, settings } from "./desk_kit.js";
import { heardDraft, keepHeard } from "./console_drafts.js";
import { code, done, mayAct, moment, problem, state } from "./console_words.js";

const told = (key) => code("heard", key);
const statuses = ["safe", "need_help", "injured", "in_danger", "moving", "departed"];
const needs = ["medical_emergency", "medication", "mobility", "pregnant", "infant", "unaccompanied_minor", "older_person", "mental_health", "hearing", "vision", "detained",
  "violence", "shelter", "food_water", "money", "documents", "transport", "pets"];
const FORMS_MAX = 50;
const forms = new Map(); /* by case: what is being typed stays when the case is drawn anew, or another looked at meanwhile */

function field(name, control) {
  return element("p", {}, element("label", { htmlFor: control.id, textContent: told(name) }), control);
}

/* --- what is not sent -------------------------------------------------------------------------------------------------------------------- */
const BOXES = ["words", "people", "place", "who", "phone"];
const boxOf = (inside, name) => inside.querySelector(`#heard-${name}`);
const tickedOf = (inside) => [...inside.querySelectorAll("#heard-needs input:checked")].map((box) => box.value);
const statusOf = (inside) => inside.querySelector("#heard-status input:checked")?.value ?? null;

function keep(caseCode, inside) {
  const values = Object.fromEntries(BOXES.map((name) => [name, boxOf(inside, name).value]).filter(([, value]) => value !== ""));
  const draft = { status: statusOf(inside), needs: tickedOf(inside), ...values };
  const any = draft.status !== null || draft.needs.length > 0 || Object.keys(values).length > 0;
  keepHeard(caseCode, any ? { ...draft, sending: heardDraft(caseCode)?.sending } : null);
}

/* As it was typed, in this form or before the page was loaded again. */
function show(inside, draft) {
  if (draft === null) {
    return;
  }
  inside.open = true;
  BOXES.forEach((name) => { boxOf(inside, name).value = draft[name] ?? ""; });
  inside.querySelectorAll("#heard-status input").forEach((one) => { one.checked = one.value === draft.status; });
  inside.querySelectorAll("#heard-needs input").forEach((one) => { one.checked = (draft.needs ?? []).includes(one.value); });
}

/* The id of what is sent: it stays with the draft, for an answer may be lost and the page be loaded again. */
function idOf(caseCode, words) {
  const draft = heardDraft(caseCode) ?? {};
  const sending = draft.sending?.words === words ? draft.sending : { words, id: crypto.randomUUID() };
  keepHeard(caseCode, { ...draft, sending });
  return sending.id;
}

const text = (id, properties = {}) => element("input", { id, maxLength: 120, autocomplete: "off", ...properties });

/* What is said, as the register takes it. Who told it stands with their words: it is part of what was heard. */
function said() {
  const value = (id) => byId(id).value.trim();
  const who = value("heard-who");
  const words = [value("heard-words"), who === "" ? "" : `${told("told_by")} ${who}`].filter(Boolean).join("\n");
  const ticked = tickedOf(byId("heard"));
  return {
    status: statusOf(byId("heard")),
    ...(ticked.length > 0 ? { needs: ticked } : {}),
    ...(value("heard-people") === "" ? {} : { people: Number(value("heard-people")) }),
    ...(value("heard-place") === "" ? {} : { location: { place: value("heard-place") } }),
    ...(words === "" ? {} : { message: words }),
    ...(value("heard-phone") === "" ? {} : { phone: value("heard-phone") }),
  };
}

function fault(caseCode, message) {
  const place = forms.get(caseCode)?.querySelector("#heard-fault");
  if (place) {
    place.textContent = message;
    place.hidden = message === "";
  }
}

async function send(caseCode) {
  const body = said();
  if (body.status === null) {
    fault(caseCode, told("no_status"));
    document.querySelector("#heard-status input").focus();
    return;
  }
  const words = JSON.stringify(body);
  const path = `/api/v1/cases/${encodeURIComponent(caseCode)}/check-ins?lang=${settings.language}`;
  const answer = await fetched("POST", path, { client_id: idOf(caseCode, words), ...body }).catch(() => null);
  if (answer?.ok) {
    forms.delete(caseCode);
    keepHeard(caseCode, null);
    if (state.open === caseCode) { /* else another case was opened meanwhile */
      problem("");
      document.dispatchEvent(new CustomEvent("muster:open", { detail: caseCode }));
    }
    done("heard_ok");
    return;
  }
  const refusal = await answer?.json().catch(() => ({}));
  const faults = (refusal?.errors ?? []).map((one) => one.message).join(" ");
  fault(caseCode, faults || refusal?.detail || told("failed"));
}

/* For the timeline: what a warden said at the door, or that nobody was there. What says how they are is a check-in beside it. */
export function wardenEvents(one) {
  const event = (at, key, item) => ({ at, draw: () => element("li", { className: "merge-event" },
    element("p", {}, moment(at), " ", element("b", { textContent: item.by }), " · ",
      code("warden", key).replace("{word}", code("warden", item.word)))) });
  return (one.warden_words ?? []).flatMap((item) => [event(item.received_at, "event", item), ...(item.undone_at === null ? [] : [event(item.undone_at, "event_undone", item)])]);
}

export function heardForm(one) {
  if (!mayAct()) {
    return null;
  }
  const standing = forms.get(one.case) ?? form(one);
  forms.delete(one.case);
  forms.set(one.case, standing);
  if (forms.size > FORMS_MAX) {
    forms.delete(forms.keys().next().value);
  }
  return standing;
}

function form(one) {
  const choice = (value) => element("label", {}, element("input", { type: "radio", name: "heard-status", value }), code("status", value));
  const box = (value) => element("label", {}, element("input", { type: "checkbox", value }), code("need", value));
  const made = element("details", { id: "heard" }, element("summary", { textContent: told("title") }),
    element("p", { id: "heard-fault", className: "problem", role: "alert", hidden: true }),
    element("fieldset", { id: "heard-status" }, element("legend", { textContent: told("status") }), ...statuses.map(choice)),
    element("fieldset", { id: "heard-needs" }, element("legend", { textContent: told("needs") }), ...needs.map(box)),
    field("words", element("textarea", { id: "heard-words", rows: 3, maxLength: 1800 })),
    element("div", { className: "heard-fields" }, field("people", text("heard-people", { type: "number", min: 1, max: 500 })), field("place", text("heard-place")),
      field("who", text("heard-who")), field("phone", text("heard-phone", { type: "tel" }))),
    element("div", { className: "buttons" }, element("button", { type: "button", className: "main", textContent: told("send"), onclick: () => send(one.case) })));
  show(made, heardDraft(one.case));
  made.addEventListener("input", () => keep(one.case, made));
  return made;
}
