/* SPDX-License-Identifier: Apache-2.0
 * The timeline of a case, newest first: what was said on both sides, what officers noted, and what was done; and the box that answers. */
import { byId, element } from "./desk_kit.js";
import { sendReply } from "./console_act.js";
import { needChips } from "./console_icons.js";
import { wardenEvents } from "./heard.js";
import { mergeEvents, ofWhom } from "./merge.js";
import { code, mayAct, moment, people, place, state, telephone, timeInWords, unreadable, words } from "./console_words.js";
import { SEGMENTS_MAX, sizeOf } from "./sms_size.js";

const sender = (one) => (one.sender ? element("p", {}, `${words("sender")} `, telephone(one.sender)) : null);

/* What is not one whole text says so: its other parts may turn it round. */
const pieceOf = (one) => (one.part ? element("p", { className: "hint", textContent: [
  one.part.number ? words("part", { number: one.part.number, total: one.part.total }) : words("part_unsure"),
  one.part.case ? words("part_elsewhere", { case: one.part.case }) : ""].filter(Boolean).join(" ") }) : null);

/* Who told it, when it was not they themselves: whom to ask back. */
function reporter(one) {
  const line = one.reporter ? [one.reporter.name, one.reporter.relation, one.reporter.phone, one.reporter.email].filter(Boolean).join(" · ") : "";
  return line ? element("p", { className: "reporter", textContent: `${words("reporter")}: ${line}` }) : null;
}

function checkIn(one) {
  const head = [code("status", one.status ?? "message_to_read"), people(one.people ?? 1), code("channel", one.channel), code("stored_via", one.stored_via)];
  return element("li", { className: `theirs said-${one.status}` },
    element("p", {}, moment(one.received_at ?? one.at), " ", element("b", { textContent: one.status ? head[0] : "" }), " · ",
      (one.people ? head.slice(1) : head.slice(2)).join(" · ")),
    needChips(one.needs),
    one.message ? element("p", { className: "quote", textContent: one.message }) : null, pieceOf(one), place(one.location), reporter(one), sender(one), ofWhom(one), unreadable(one));
}

/* Where a text can go. A sender that is a name or a short code is a machine, and is not answered. */
const isNumber = (text) => /^\+[0-9]{7,15}$/.test(text ?? "");
const toContact = (item) => words("to_contact", { number: item?.e164 ?? "?" });
const toSender = (item) => words(item?.channel === "sms" ? "to_sender" : "to_given", { number: item?.sender ?? "?", time: item ? timeInWords(item.received_at ?? item.at) : "?" });

/* The party's numbers, that one first that a text goes to when nobody chooses (sql/queries/message_add.sql). */
function numbersOf(one) {
  const contacts = (one.contacts ?? []).filter((item) => ["phone", "whatsapp"].includes(item.kind));
  const heard = [...(one.check_ins ?? [])].sort((a, b) => (b.channel === "sms") - (a.channel === "sms"));
  const all = [...contacts.map((item) => ({ number: item.e164, way: { contact: item.contact }, where: toContact(item) })),
    ...heard.map((item) => ({ number: item.sender, way: { in_answer_to: item.receipt }, where: toSender(item) }))];
  return all.filter((item, index) => isNumber(item.number) && all.findIndex((other) => other.number === item.number) === index);
}

function wentTo(one, text) {
  const receipt = (one.check_ins ?? []).find((item) => item.receipt === text.in_answer_to);
  const where = text.in_answer_to === null ? toContact((one.contacts ?? []).find((item) => item.contact === text.contact)) : toSender(receipt);
  return element("p", { className: "hint", textContent: words("went_to", { where }) });
}

/* A text that did not go out is put back into the box, to be sent again as it is, or to another number. */
const writeAgain = (text) => element("button", { type: "button", textContent: words("reply_again"), onclick: () => {
  const box = byId("reply");
  box.value = text.text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
} });

/* What we wrote. The state is in words: "handed over" is not "delivered", and "not known" is said. */
const ours = (text, one) => element("li", { className: `ours is-${text.state}` },
  element("p", {}, moment(text.at), " ", element("b", { textContent: text.author ?? words("automatic") }), " · ",
    element("span", { className: "delivery", textContent: code("delivery", text.state) }),
    text.delivered_at ? element("span", {}, " ", moment(text.delivered_at)) : null,
    text.reason && text.state !== "delivered" && text.state !== "sent" ? ` (${code("delivery_reason", text.reason)})` : null),
  element("p", { className: "quote", textContent: text.text ?? "" }), wentTo(one, text), unreadable(text),
  text.state === "failed" && text.author && text.text && mayAct() ? writeAgain(text) : null);

const note = (one) => element("li", { className: "note" }, element("p", {}, moment(one.at), " ", element("b", { textContent: one.author ?? "" }), ` · ${words("noted")}`),
  element("p", { className: "quote", textContent: one.text ?? "" }), unreadable(one));

const postName = (id) => state.posts.find((post) => post.id === id)?.name ?? id;

function step(one) {
  const values = { to: one.to ?? (one.post ? postName(one.post) : ""), until: one.until ? timeInWords(one.until) : "", on: one.on ? code("waiting_on", one.on) : "" };
  const said = code("case_step", one.action).replace(/\{([a-z_]+)\}/g, (whole, name) => values[name] ?? whole);
  return element("li", { className: "step" }, element("p", {}, moment(one.at), " ", element("b", { textContent: one.by ?? "" }), ` ${said}`));
}

/* Everything in one line of time, the newest first; or only what was said on both sides. */
export function thread(one) {
  const all = [
    ...(one.check_ins ?? []).map((item) => ({ at: item.received_at ?? item.at, draw: () => checkIn(item) })),
    ...(one.messages ?? []).map((item) => ({ at: item.at, draw: () => ours(item, one) })),
    ...(one.notes ?? []).map((item) => ({ at: item.at, draw: () => note(item) })),
    ...(one.steps ?? []).map((item) => ({ at: item.at, draw: () => step(item) })),
    ...mergeEvents(one),
    ...wardenEvents(one),
  ].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  const list = element("ul", { id: "thread", className: `timeline${state.said_only ? " said-only" : ""}` }, all.map((item) => item.draw()));
  const only = element("input", { id: "said-only", type: "checkbox", checked: state.said_only, onchange: () => {
    state.said_only = only.checked;
    list.classList.toggle("said-only", only.checked);
  } });
  return all.length > 0 ? [element("p", { className: "said-only-line" }, only, " ", element("label", { htmlFor: "said-only", textContent: words("said_only") })), list] : [];
}

/* Where there is a choice of numbers: which one, and that the last text came from another than the first, if it did. */
function replyTo(one) {
  const last = (one.check_ins ?? []).find((item) => item.channel === "sms" && isNumber(item.sender));
  if (state.numbers.length < 2) {
    return null;
  }
  return element("div", { className: "reply-to" },
    last && last.sender !== state.numbers[0].number ? element("p", { id: "reply-other", className: "notice", textContent: words("reply_other", { number: last.sender }) }) : null,
    element("label", { htmlFor: "reply-to", textContent: words("reply_to") }),
    element("select", { id: "reply-to" }, ...state.numbers.map((item) => element("option", { value: item.number, textContent: item.where }))));
}

/* What it takes, as lib/domain/sms_segment.c counts it. */
export function drawReplySize() {
  const size = sizeOf(byId("reply").value);
  const told = byId("reply-length");
  const tooLong = size.segments > SEGMENTS_MAX;
  told.classList.toggle("late", tooLong);
  told.textContent = size.units === 0 ? "" : [
    tooLong ? words("reply_too_long", { segments: size.segments, most: SEGMENTS_MAX })
      : size.segments > 1 ? words("reply_segments", { segments: size.segments }) : words("reply_room", { left: size.room - size.units }),
    size.odd !== null && size.odd.trim() !== "" ? words("reply_odd", { character: size.odd }) : ""].filter(Boolean).join(" ");
}

/* Apart from the note's box: what is noted must never be texted by mistake. */
export function replyBox(one) {
  state.numbers = numbersOf(one);
  if (!mayAct()) {
    return null;
  }
  const text = element("textarea", { id: "reply", rows: 2, maxLength: 918, placeholder: words("reply_hint"), ariaLabel: words("reply"), "aria-describedby": "reply-length",
    oninput: drawReplySize });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      sendReply();
    }
  });
  return element("div", { className: "actions reply" }, replyTo(one), text,
    element("div", { className: "buttons" }, element("button", { type: "button", onclick: sendReply }, words("reply_send"), " ", element("kbd", { textContent: "Ctrl ↵" })),
      element("span", { className: "hint", id: "reply-length" })));
}
