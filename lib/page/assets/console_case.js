/* SPDX-License-Identifier: Apache-2.0
 * One case as the page shows it. Everything that people wrote is put into the page as text, never as markup. */
import { byId, element, settings } from "./desk_kit.js";
import { act, addNote, closeCase, escalate, letWait, passOn, resolve } from "./console_act.js";
import { heardForm } from "./heard.js";
import { mergeNotice, ofWhom } from "./merge.js";
import { needChips } from "./console_icons.js";
import { whoLooked } from "./console_looks.js";
import { presenceWords } from "./console_live.js";
import { whoMayItBe } from "./console_names.js";
import { replyBox, thread } from "./console_thread.js";
import { bandMark, code, codes, due, exercise, holder, mayAct, moment, now, place, state, telephone, timeInWords, unreadable, waits, words } from "./console_words.js";

export function part(title, ...content) {
  const shown = content.flat().filter((one) => one !== null && one !== undefined && one !== "");
  return shown.length > 0 ? element("section", {}, element("h3", { textContent: title }), ...shown) : null;
}

function person(member) {
  const name = [member.given_names, member.family_name].filter(Boolean).join(" ") || words("no_name");
  const age = member.birth_date ? Math.floor((now() - Date.parse(member.birth_date)) / 31556952000) : null;
  const paper = member.document ? [member.document.type, member.document.number, member.document.country].filter(Boolean).join(" ") : "";
  const facts = [code("category", member.category ?? "citizen"), (member.citizenships ?? []).join(", "),
    age === null ? "" : words("born", { date: member.birth_date, age }), paper].filter(Boolean).join(" · ");
  return element("li", {}, element("b", { textContent: name }), element("p", { textContent: facts }), needChips(member.needs),
    member.needs_note ? element("p", { className: "quote", textContent: member.needs_note }) : null, ofWhom(member), unreadable(member));
}

function contact(one) {
  const value = one.value || one.e164 || "";
  const mail = element("a", { href: `mailto:${encodeURIComponent(value).replace("%40", "@")}`, textContent: value });
  const dial = telephone(one.e164 || value);
  dial.textContent = value;
  return element("li", {}, `${code("contact_kind", one.kind)}: `, one.kind === "email" ? mail : dial, unreadable(one));
}

const placeMap = (at) => (Number.isFinite(at?.lat) && Number.isFinite(at?.lon)
  ? element("muster-place", { lat: at.lat, lon: at.lon, accuracy: at.accuracy_m ?? 0 }) : null);

/* Where the party is: as it registered, or as somebody of it said last. */
const whereabouts = (one) => (one.check_ins ?? []).find((item) => Number.isFinite(item.location?.lat))?.location ?? one.location;

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
  if (!one) {
    return null;
  }
  const line = [one.name, one.relation, one.email].filter(Boolean).join(" · ");
  return line || one.phone ? element("p", {}, line, one.phone ? [line ? " · " : "", telephone(one.phone)] : null) : null;
}

const languageName = (tag) => {
  try {
    return new Intl.DisplayNames([settings.language], { type: "language" }).of(tag);
  } catch {
    return tag;
  }
};

/* In what language to answer, whose case it is, and when we hear of them next, if all is well. */
function facts(one) {
  const post = state.posts.find((item) => item.id === one.post)?.name ?? one.post;
  const told = [["language", one.language ? languageName(one.language) : null], ["filter_post", post], ["in_queue", one.queue ? code("queue", one.queue) : null],
    ["next_check_in", one.check_in_by ? moment(one.check_in_by) : null]].filter(([, value]) => value);
  return element("dl", { className: "facts" }, told.map(([name, value]) => [element("dt", { textContent: words(name) }), element("dd", {}, value)]));
}

const noteBox = () => element("textarea", { id: "note", rows: 2, maxLength: 2000, placeholder: words("note_hint"), ariaLabel: words("note") });

/* Who registered and asked for nothing stands in no queue: what they tell makes it a case, if it is a cry for help. */
const noCaseActions = (button) => element("div", { className: "actions" }, element("p", { className: "hint", textContent: words("no_case") }), noteBox(),
  element("div", { className: "buttons" }, button("note_add", "", addNote)));

/* What may be done is offered, and nothing else: no button is refused for what the page knows. */
function actions(one) {
  if (!mayAct()) {
    return null;
  }
  const mine = one.claimed_by === settings.user;
  const may = mine || settings.role === "lead";
  const button = (name, key, run, main) => element("button", { type: "button", className: main ? "main" : "", "data-key": key, onclick: run }, words(name), " ",
    key ? element("kbd", { textContent: key }) : "");
  if (one.state === "none") {
    return noCaseActions(button);
  }
  if (one.state === "resolved") {
    return element("div", { className: "actions" }, element("p", { className: "hint", textContent: words("is_closed") }),
      element("div", { className: "buttons" }, button("reopen", "o", () => act("reopen", "reopened_ok"), true)));
  }
  return element("div", { className: "actions" }, noteBox(),
    element("div", { className: "buttons" },
      one.claimed_by === null ? button("claim", "c", () => act("claim", "claimed_ok"), true) : null,
      mine && one.state === "waiting" ? button("take_up", "c", () => act("claim", "claimed_ok"), true) : null,
      button("note_add", "", addNote),
      may && one.claimed_by ? button("resolve", "r", resolve) : null,
      may && one.claimed_by ? button("wait_dots", "w", letWait) : null,
      may || !one.claimed_by ? button("pass_dots", "t", passOn) : null,
      may || !one.claimed_by ? button("escalate_dots", "e", escalate) : null,
      may && one.claimed_by ? button("release", "", () => act("release", "released_ok")) : null));
}

function timeline(one) {
  const told = thread(one);
  return told.length === 0 && one.state === "none" ? element("p", { className: "hint", textContent: words("nothing_yet") }) : told;
}

/* On paper: when it was printed and by whom, for paper is carried away. */
const printed = () => element("p", { className: "printed", textContent: words("printed", { time: timeInWords(now()), name: settings.user }) });

const standing = (one) => (one.state === "none" ? [element("span", { textContent: code("state", "none") })]
  : [element("span", { textContent: code("band", one.band) }), due(one), element("span", { textContent: code("state", one.state) }), holder(one), waits(one)]);

export function drawCase(one) {
  const list = (items, draw) => (items?.length ? element("ul", {}, ...items.map(draw)) : null);
  const head = element("div", { className: "case-head" },
    element("button", { type: "button", className: "back", onclick: closeCase, textContent: words("back") }),
    one.state === "none" ? null : bandMark(one.band), exercise(one), element("h2", { textContent: one.state === "none" ? words("registered", { case: one.case }) : `${words("case")} ${one.case}` }), ...standing(one),
    element("span", { id: "presence", className: "others", role: "status", hidden: presenceWords(one.case) === "", textContent: presenceWords(one.case) }),
    element("button", { type: "button", className: "print", onclick: () => print(), textContent: words("print") }));
  state.current = one;
  byId("case").replaceChildren(...[head, printed(), element("p", { className: "why", textContent: codes("reason", one.reasons) }), needChips(one.needs), unreadable(one), mergeNotice(one),
    actions(one), heardForm(one),
    element("div", { className: "columns" }, ...[
      element("div", {}, ...[whoMayItBe(one), part(words("timeline"), replyBox(one), timeline(one)), whoLooked(one)].filter(Boolean)),
      element("div", {}, ...[part(words("party"), list(one.party, person)), part(words("contacts"), list(one.contacts, contact)),
        part(words("place"), place(whereabouts(one)), placeMap(whereabouts(one))), part(words("facts"), facts(one), one.state === "none" ? null : acknowledgement(one.acknowledgement)),
        part(words("intent"), one.intent ? element("p", { textContent: code("intent", one.intent) }) : null),
        part(words("emergency_contact"), relative(one.emergency_contact)), part(words("reporter"), relative(one.reporter)), part(words("consent"), consent(one.consent))].filter(Boolean)),
    ])].filter(Boolean));
  document.dispatchEvent(new CustomEvent("muster:case", { detail: one.case })); /* alike.js */
}
