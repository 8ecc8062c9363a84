/* SPDX-License-Identifier: Apache-2.0
 * What is asked before a case waits, is passed on or noted, of one case or of several: a small form over the page, that Escape leaves. */
import { byId, element } from "./desk_kit.js";
import { ask, refusal } from "./console_call.js";
import { code, problem, state, words } from "./console_words.js";

const MINUTE_MS = 60000;
const WAITS = [[30, "wait_30m"], [60, "wait_1h"], [120, "wait_2h"], [240, "wait_4h"], [720, "wait_12h"], [1440, "wait_1d"], [0, "wait_other"]];
let told = null; /* posts and staff, asked for when they are first needed */

async function colleagues() {
  if (told === null) {
    const answer = await ask("GET", "/api/v1/colleagues");
    if (!answer.ok) {
      problem(await refusal(answer));
      return null;
    }
    told = await answer.json();
    setTimeout(() => { told = null; }, 5 * MINUTE_MS); /* people come and go */
  }
  return told;
}

const field = (label, input, hint) => element("p", {}, element("label", { htmlFor: input.id, textContent: label }), input,
  hint ? element("span", { className: "hint", textContent: hint }) : null);
const noteField = (required) => element("textarea", { id: "form-note", rows: 3, maxLength: 2000, required });

/* The values of `read()` once it was sent; null when it was left. */
function show(title, lead, fields, send, read) {
  return new Promise((resolve) => {
    const form = byId("form");
    let values = null;
    const made = element("form", { method: "dialog", onsubmit: () => { values = read(); } },
      element("h2", { id: "form-title", textContent: title }), lead ? element("p", { className: "hint", textContent: lead }) : null, fields,
      element("div", { className: "buttons" }, element("button", { className: "main", textContent: send }),
        element("button", { type: "button", textContent: words("cancel"), onclick: () => form.close() })));
    form.replaceChildren(made);
    form.onclose = () => {
      form.replaceChildren();
      resolve(values);
    };
    form.showModal();
    made.querySelector("select, textarea, input")?.focus();
  });
}

const several = (count) => (count > 1 ? words("cases_chosen", { count }) : "");
const localTime = (time) => new Date(time - new Date(time).getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16);

export function askWait(count = 1) {
  const until = element("select", { id: "form-in" }, WAITS.map(([minutes, key]) => element("option", { value: minutes, textContent: words(key) })));
  const at = element("input", { id: "form-at", type: "datetime-local", min: localTime(Date.now()), max: localTime(Date.now() + 31 * 1440 * MINUTE_MS) });
  const on = element("select", { id: "form-on" }, ["citizen", "partner"].map((one) => element("option", { value: one, textContent: code("waiting_on", one) })));
  const note = noteField(false);
  const other = field(words("wait_at"), at);
  until.value = "60";
  other.hidden = true;
  until.onchange = () => {
    other.hidden = until.value !== "0";
    at.required = until.value === "0";
  };
  return show(words("wait"), several(count), [field(words("wait_until"), until), other, field(words("wait_on"), on), field(words("note_optional"), note)], words("wait_send"),
    () => ({ until: new Date(until.value === "0" ? at.value : Date.now() + Number(until.value) * MINUTE_MS).toISOString(), on: on.value,
      ...(note.value.trim() ? { note: note.value.trim() } : {}) }));
}

/* `cases`: rows with crisis and post. To a post of their crisis, or to somebody who works all their posts. */
export async function askPass(cases) {
  const known = await colleagues();
  const crisis = cases[0]?.crisis;
  if (known === null || cases.some((one) => one.crisis !== crisis)) {
    if (known !== null) {
      problem(words("pass_one_crisis"));
    }
    return null;
  }
  const here = new Set(cases.map((one) => one.post));
  const posts = known.posts.filter((post) => post.crisis === crisis && !(here.size === 1 && here.has(post.id)));
  const works = (user, post) => known.staff.some((one) => one.user === user && one.crisis === crisis && (one.post === null || one.post === post));
  const staff = [...new Set(known.staff.filter((one) => one.crisis === crisis).map((one) => one.user))].filter((user) => [...here].every((post) => works(user, post)));
  const option = (kind) => (value, text) => element("option", { value: `${kind}:${value}`, textContent: text });
  const to = element("select", { id: "form-to", required: true }, element("option", { value: "", textContent: words("pass_choose") }),
    staff.length ? element("optgroup", { label: words("pass_staff") }, staff.map((user) => option("to")(user, user))) : null,
    posts.length ? element("optgroup", { label: words("pass_posts") }, posts.map((post) => option("post")(post.id, `${post.name} (${words(`part_${post.part}`)})`))) : null);
  const note = noteField(true);
  return show(words("pass"), several(cases.length), [field(words("pass_to"), to), field(words("pass_note"), note, words("pass_note_hint"))], words("pass_send"), () => {
    const [kind, ...rest] = to.value.split(":");
    return { [kind]: rest.join(":"), note: note.value.trim() };
  });
}

export async function askEscalate(one) {
  const known = await colleagues();
  if (known === null) {
    return null;
  }
  const part = known.posts.find((post) => post.crisis === one.crisis && post.id === one.post)?.part;
  const above = known.posts.find((post) => post.crisis === one.crisis && post.part === { helper: "lead", lead: "capital" }[part]);
  if (above === undefined) {
    problem(words("no_post_above"));
    return null;
  }
  const note = noteField(true);
  return show(words("escalate"), words("escalate_to", { post: above.name }), [field(words("pass_note"), note, words("pass_note_hint"))], words("escalate_send"),
    () => ({ note: note.value.trim() }));
}

export function askNote(count) {
  const note = noteField(true);
  return show(words("note"), several(count), [field(words("note_same"), note)], words("note_add"), () => ({ text: note.value.trim() }));
}

export const rowsOf = (codes) => codes.map((one) => state.cases.find((row) => row.case === one)).filter(Boolean);
