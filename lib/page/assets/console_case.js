/* SPDX-License-Identifier: Apache-2.0
 * One case as the page shows it. Everything that people wrote is put into the page as text, never as markup. */
import { byId, element, settings } from "./desk_kit.js";
import { act, addNote, closeCase, resolve, sendReply } from "./console_act.js";
import { heardForm, wardenEvents } from "./heard.js";
import { mergeEvents, mergeNotice, ofWhom } from "./merge.js";
import { presenceWords } from "./console_live.js";
import { bandMark, code, codes, due, exercise, holder, mayAct, moment, now, people, state, timeInWords, words } from "./console_words.js";

export function part(title, ...content) {
  const shown = content.filter((one) => one !== null && one !== undefined && one !== "");
  return shown.length > 0 ? element("section", {}, element("h3", { textContent: title }), ...shown) : null;
}

function person(member) {
  const name = [member.given_names, member.family_name].filter(Boolean).join(" ") || words("no_name");
  const age = member.birth_date ? Math.floor((now() - Date.parse(member.birth_date)) / 31556952000) : null;
  const paper = member.document ? [member.document.type, member.document.number, member.document.country].filter(Boolean).join(" ") : "";
  const facts = [code("category", member.category ?? "citizen"), (member.citizenships ?? []).join(", "),
    age === null ? "" : words("born", { date: member.birth_date, age }), paper].filter(Boolean).join(" · ");
  return element("li", {}, element("b", { textContent: name }), element("p", { textContent: facts }),
    member.needs?.length ? element("p", { className: "needs", textContent: codes("need", member.needs) }) : null,
    member.needs_note ? element("p", { className: "quote", textContent: member.needs_note }) : null, ofWhom(member), unreadable(member));
}

function contact(one) {
  const value = one.value || one.e164 || "";
  const mail = element("a", { href: `mailto:${encodeURIComponent(value).replace("%40", "@")}`, textContent: value });
  const dial = telephone(one.e164 || value);
  dial.textContent = value;
  return element("li", {}, `${code("contact_kind", one.kind)}: `, one.kind === "email" ? mail : dial, unreadable(one));
}

function place(location) {
  if (!location) {
    return null;
  }
  const line = element("p", {}, [location.place, location.admin1].filter(Boolean).join(", "));
  if (Number.isFinite(location.lat) && Number.isFinite(location.lon)) {
    const at = `${location.lat.toFixed(5)}, ${location.lon.toFixed(5)}`;
    line.append(line.textContent ? " · " : "", element("a", { href: `geo:${location.lat},${location.lon}`, textContent: at }));
  }
  if (location.accuracy_m) {
    line.append(` (${words("accuracy", { metres: Math.round(location.accuracy_m) })})`);
  }
  return line.textContent ? line : null;
}

const placeMap = (at) => (Number.isFinite(at?.lat) && Number.isFinite(at?.lon)
  ? element("muster-place", { lat: at.lat, lon: at.lon, accuracy: at.accuracy_m ?? 0 }) : null);

const telephone = (number) => element("a", { href: `tel:${number.replace(/[^+0-9]/g, "")}`, textContent: number });
const sender = (one) => (one.sender ? element("p", {}, `${words("sender")} `, telephone(one.sender)) : null);
const unreadable = (one) => (one.unreadable ? element("p", { className: "problem", textContent: words("unreadable") }) : null);

/* What is not one whole text says so: its other parts may turn it round. */
const pieceOf = (one) => (one.part ? element("p", { className: "hint", textContent: [
  one.part.number ? words("part", { number: one.part.number, total: one.part.total }) : words("part_unsure"),
  one.part.case ? words("part_elsewhere", { case: one.part.case }) : ""].filter(Boolean).join(" ") }) : null);

function checkIn(one) {
  const head = [code("status", one.status ?? "message_to_read"), people(one.people ?? 1), code("channel", one.channel), code("stored_via", one.stored_via)];
  return element("li", { className: `said-${one.status}` },
    element("p", {}, moment(one.received_at ?? one.at), " ", element("b", { textContent: one.status ? head[0] : "" }), " · ",
      (one.people ? head.slice(1) : head.slice(2)).join(" · ")),
    one.needs?.length ? element("p", { className: "needs", textContent: codes("need", one.needs) }) : null,
    one.message ? element("p", { className: "quote", textContent: one.message }) : null, pieceOf(one), place(one.location), sender(one), ofWhom(one), unreadable(one));
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

/* What we wrote. The state is in words: "handed over" is not "delivered", and "not known" is said. */
const ours = (text, one) => element("li", { className: `ours is-${text.state}` },
  element("p", {}, moment(text.at), " ", element("b", { textContent: text.author ?? words("automatic") }), " · ",
    element("span", { className: "delivery", textContent: code("delivery", text.state) }),
    text.delivered_at ? element("span", {}, " ", moment(text.delivered_at)) : null,
    text.reason && text.state !== "delivered" && text.state !== "sent" ? ` (${code("delivery_reason", text.reason)})` : null),
  element("p", { className: "quote", textContent: text.text ?? "" }), wentTo(one, text), unreadable(text));

/* Both sides of the conversation, the newest first. */
function thread(one) {
  const said = (one.check_ins ?? []).map((item) => ({ at: item.received_at ?? item.at, draw: () => checkIn(item) }));
  const told = (one.messages ?? []).map((item) => ({ at: item.at, draw: () => ours(item, one) }));
  const all = [...said, ...told, ...mergeEvents(one), ...wardenEvents(one)].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return all.length > 0 ? element("ul", { className: "timeline" }, ...all.map((item) => item.draw())) : null;
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

/* Apart from the note's box: what is noted must never be texted by mistake. */
function replyBox(one) {
  state.numbers = numbersOf(one);
  if (!mayAct()) {
    return null;
  }
  const count = element("span", { className: "hint", id: "reply-length" });
  const text = element("textarea", { id: "reply", rows: 2, maxLength: 918, placeholder: words("reply_hint"), ariaLabel: words("reply"),
    oninput: () => { count.textContent = text.value.length > 0 ? `${text.value.length} / 918` : ""; } });
  return element("div", { className: "actions" }, replyTo(one), text,
    element("div", { className: "buttons" }, element("button", { type: "button", onclick: sendReply }, words("reply_send")), count));
}

const note = (one) => element("li", {}, element("p", {}, moment(one.at), " ", element("b", { textContent: one.author ?? "" })),
  element("p", { className: "quote", textContent: one.text ?? "" }), unreadable(one));

function acknowledgement(facts = {}) {
  const steps = [["received", facts.received_at], ["read", facts.read_at], ["acted", facts.acted_at]];
  return element("ol", { className: "steps" }, ...steps.map(([name, at]) =>
    element("li", { className: at ? "yes" : "no" }, element("b", { textContent: words(name) }), " ", at ? moment(at) : words("not_yet"))));
}

function consent(given) {
  const told = [given?.family ? words("consent_family") : "", given?.partners ? words("consent_partners") : ""].filter(Boolean);
  return element("p", { textContent: told.join(", ") || words("consent_none") });
}

function relative(one) {
  const line = one ? [one.name, one.relation, one.phone, one.email].filter(Boolean).join(" · ") : "";
  return line ? element("p", { textContent: line }) : null;
}

function actions(one) {
  if (!mayAct() || one.state === "resolved") {
    return null;
  }
  const mine = one.claimed_by === settings.user;
  const text = element("textarea", { id: "note", rows: 2, maxLength: 2000, placeholder: words("note_hint"), ariaLabel: words("note") });
  const button = (name, key, run, main) => element("button", { type: "button", className: main ? "main" : "", onclick: run }, words(name), " ",
    key ? element("kbd", { textContent: key }) : "");
  return element("div", { className: "actions" }, text,
    element("div", { className: "buttons" },
      one.claimed_by ? null : button("claim", "c", () => act("claim", "claimed_ok"), true),
      button("note_add", "", addNote),
      mine ? button("release", "", () => act("release", "released_ok")) : null,
      mine ? button("resolve", "r", resolve) : null));
}

export function drawCase(one) {
  const list = (items, draw) => (items?.length ? element("ul", {}, ...items.map(draw)) : null);
  const head = element("div", { className: "case-head" },
    element("button", { type: "button", className: "back", onclick: closeCase, textContent: words("back") }),
    bandMark(one.band), exercise(one), element("h2", { textContent: `${words("case")} ${one.case}` }), element("span", { textContent: code("band", one.band) }),
    due(one), element("span", { textContent: code("state", one.state) }), holder(one),
    element("span", { id: "presence", className: "others", role: "status", hidden: presenceWords(one.case) === "", textContent: presenceWords(one.case) }));
  byId("case").replaceChildren(...[head, element("p", { className: "why", textContent: codes("reason", one.reasons) }), unreadable(one), mergeNotice(one), actions(one), heardForm(one),
    element("div", { className: "columns" }, ...[
      element("div", {}, ...[part(words("timeline"), replyBox(one), thread(one)), part(words("notes"), list(one.notes, note))].filter(Boolean)),
      element("div", {}, ...[part(words("party"), list(one.party, person)), part(words("contacts"), list(one.contacts, contact)),
        part(words("place"), place(one.location), placeMap(one.location)), part(words("facts"), acknowledgement(one.acknowledgement)),
        part(words("intent"), one.intent ? element("p", { textContent: code("intent", one.intent) }) : null),
        part(words("emergency_contact"), relative(one.emergency_contact)), part(words("consent"), consent(one.consent))].filter(Boolean)),
    ])].filter(Boolean));
  document.dispatchEvent(new CustomEvent("muster:case", { detail: one.case })); /* alike.js */
}
