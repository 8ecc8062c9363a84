/* SPDX-License-Identifier: Apache-2.0
 * Writing a broadcast: who, what, how fast. It stays as typed whatever the server or the network says, until it was sent. */
import { ask, Unreached } from "./broadcast_call.js";
import { announce, anyOf, askOf, audienceWords, byId, choices, element, language, number, plural, SEGMENTS_MAX, settings, signInAgain, sizeOf, tell, wordOf } from "./broadcast_words.js";

const LISTS = ["statuses", "languages", "bands", "needs", "intents", "posts"];
const TEXTS_MAX = 8;
const form = byId("draft");
const last = { body: "", key: "" }; /* the same draft asked for again is one */
let onCounted = null;

const fieldOf = (path) => form.querySelector(`[data-field="${CSS.escape(path)}"]`);
const boxes = (list) => [...form.querySelectorAll(`input[name="${list}"]`)];
const chosen = (list) => boxes(list).filter((box) => box.checked).map((box) => (list === "bands" ? Number(box.value) : box.value));

/* --- who -------------------------------------------------------------------------------------------------------------------- */
function filter(list) {
  const box = (value) => element("label", { className: "check" },
    element("input", { type: "checkbox", name: list, value }), element("span", { textContent: wordOf(list, value) }));
  return element("details", { className: "filter", id: `filter-${list}` },
    element("summary", {}, element("b", { textContent: tell(`filter_${list}`) }), " ", element("span", { id: `${list}-now` })),
    element("fieldset", { "data-field": `audience/${list}` }, element("legend", { className: "unseen", textContent: tell(`filter_${list}`) }),
      element("p", { className: "hint", textContent: tell(`filter_${list}_hint`) }), element("div", { className: "choices" }, choices[list].map(box))));
}

/* A number as people write it, or the text itself when it is none: the server says what is wrong with that. */
function numberIn(name) {
  const text = form.elements[name].value.trim();
  const value = Number(text.replace(",", "."));
  return text === "" ? undefined : Number.isFinite(value) ? value : text;
}

function audience() {
  const zone = { lat: numberIn("lat"), lon: numberIn("lon"), km: numberIn("km") };
  const given = { overdue: form.elements.overdue.checked };
  for (const list of LISTS) {
    if (chosen(list).length > 0) {
      given[list] = chosen(list);
    }
  }
  return Object.values(zone).some((value) => value !== undefined) ? { ...given, zone } : given;
}

function showWho() {
  const who = audience();
  const zone = who.zone;
  for (const list of LISTS) {
    byId(`${list}-now`).textContent = who[list] ? anyOf(list, who[list]) : tell("any");
    byId(`filter-${list}`).classList.toggle("is-set", who[list] !== undefined);
  }
  byId("zone").classList.toggle("is-set", zone !== undefined);
  byId("zone-now").textContent = zone === undefined ? tell("anywhere") : tell("zone_now", { lat: zone.lat ?? "?", lon: zone.lon ?? "?", km: zone.km ?? "?" });
  const shown = zone && Object.values(zone).every((value) => value !== undefined) ? who : { ...who, zone: undefined };
  byId("who-words").replaceChildren(...audienceWords(shown));
}

/* A position copied from a case, "13.51250, 2.11250", fills both fields. */
function pasted(event) {
  const both = /^\s*(-?\d+\.\d+)\s*[,;\s]\s*(-?\d+\.\d+)\s*$/.exec(event.clipboardData?.getData("text") ?? "");
  if (both !== null) {
    event.preventDefault();
    [form.elements.lat.value, form.elements.lon.value] = both.slice(1);
    form.elements.km.focus();
    showWho();
  }
}

/* --- what ------------------------------------------------------------------------------------------------------------------- */
const texts = () => [...byId("texts").querySelectorAll("textarea")];

function sizeWords(size) {
  const each = size.room > 0 ? tell("size_one", { units: number(size.units), room: number(size.room) })
    : plural("size", size.segments, { units: number(size.units) });
  return size.segments > SEGMENTS_MAX ? `${each} ${tell("size_too_long", { most: SEGMENTS_MAX })}` : each;
}

function showSize(area) {
  const tag = area.name;
  const size = sizeOf(area.value, tag, form.elements.asks.checked);
  const line = byId(`size-${tag}`);
  const odd = size.odd === null ? "" : tell("size_odd", { character: size.odd });
  const end = form.elements.asks.checked ? tell("size_ends", { ask: askOf(tag) }) : "";
  if (line.dataset.segments !== undefined && line.dataset.segments !== `${size.segments}${size.odd}`) {
    announce(`${language(tag)}: ${sizeWords(size)} ${odd}`); /* not at each key: when what it costs changes */
  }
  line.dataset.segments = `${size.segments}${size.odd}`;
  line.classList.toggle("late", size.segments > SEGMENTS_MAX);
  line.replaceChildren(sizeWords(size), ...[odd, end].filter(Boolean).map((one) => element("span", { className: "more", textContent: one })));
}

function showTexts() {
  const all = texts();
  all.forEach((area, index) => {
    byId(`role-${area.name}`).textContent = all.length === 1 ? tell("only_text") : index === 0 ? tell("first_text") : "";
    byId(`remove-${area.name}`).hidden = all.length === 1;
    showSize(area);
  });
  const left = choices.languages.filter((tag) => !all.some((area) => area.name === tag));
  byId("add-language").replaceChildren(...left.map((tag) => element("option", { value: tag, textContent: language(tag) })));
  byId("add").closest("p").hidden = left.length === 0 || all.length >= TEXTS_MAX;
}

function addText(tag) {
  const area = element("textarea", { name: tag, id: `text-${tag}`, rows: 3, lang: tag, dir: "auto", "data-field": `texts/${tag}`,
    "aria-describedby": `size-${tag}`, oninput: () => showSize(area) });
  const remove = element("button", { type: "button", id: `remove-${tag}`, onclick: () => removeText(tag), ariaLabel: tell("remove_language", { language: language(tag) }),
    textContent: tell("remove") });
  byId("texts").append(element("div", { className: "text", id: `box-${tag}` },
    element("p", { className: "line" }, element("label", { htmlFor: `text-${tag}` }, language(tag)), element("span", { className: "hint", id: `role-${tag}` }), remove),
    area, element("p", { className: "hint size", id: `size-${tag}` })));
  showTexts();
}

function removeText(tag) {
  const area = byId(`text-${tag}`);
  if (area.value.trim() !== "" && !confirm(tell("remove_sure", { language: language(tag) }))) {
    return;
  }
  byId(`box-${tag}`).remove();
  showTexts();
  texts()[0].focus();
}

/* --- what is wrong ------------------------------------------------------------------------------------------------------------- */
function clearErrors() {
  byId("errors").hidden = true;
  form.querySelectorAll(".fault").forEach((one) => one.remove());
  form.querySelectorAll("[aria-invalid]").forEach((field) => {
    field.removeAttribute("aria-invalid");
    if (field.dataset.described !== undefined) {
      field.setAttribute("aria-describedby", field.dataset.described);
    }
  });
}

function named(field, path) {
  return field?.labels?.[0]?.textContent.trim() || field?.querySelector?.("legend")?.textContent || path;
}

function showError(error, index) {
  const field = fieldOf(error.field) ?? fieldOf(error.field.split("/").slice(0, 2).join("/")) ?? (error.field === "texts" ? texts()[0] : null);
  const name = named(field, error.field);
  if (field === null) {
    return element("li", { textContent: `${name}: ${error.message}` });
  }
  const id = `fault-${index}`;
  field.dataset.described = field.getAttribute("aria-describedby") ?? "";
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", `${field.dataset.described} ${id}`.trim());
  field.before(element("p", { className: "fault", id, textContent: error.message }));
  field.closest("details")?.setAttribute("open", "");
  const go = (event) => {
    event.preventDefault();
    (field.matches("fieldset") ? field.querySelector("input") : field).focus();
  };
  return element("li", {}, element("a", { href: `#${field.id || id}`, onclick: go, textContent: `${name}: ${error.message}` }));
}

function showErrors(title, errors) {
  clearErrors();
  byId("errors").replaceChildren(element("p", {}, title), ...(errors.length > 0 ? [element("ul", {}, errors.map(showError))] : []));
  byId("errors").hidden = false;
  byId("errors").focus();
}

/* --- counted --------------------------------------------------------------------------------------------------------------------- */
function written() {
  const body = { crisis: form.elements.crisis.value, audience: audience(), texts: {}, asks: form.elements.asks.checked };
  for (const area of texts()) {
    body.texts[area.name] = area.value.trim();
  }
  body.texts_a_second = numberIn("rate");
  body.hours = numberIn("hours");
  return body;
}

async function count(event) {
  event.preventDefault();
  const body = written();
  const text = JSON.stringify(body);
  if (byId("count").getAttribute("aria-disabled") === "true") {
    return;
  }
  if (text !== last.body) { /* else the one before may be there already: it stays one */
    Object.assign(last, { body: text, key: crypto.randomUUID() });
  }
  byId("count").setAttribute("aria-disabled", "true");
  announce(tell("counting"));
  try {
    const told = await ask("POST", "/broadcasts", body, { "Idempotency-Key": last.key });
    clearErrors();
    onCounted(told);
  } catch (failure) {
    showErrors(failure instanceof Unreached ? tell("not_counted", { why: failure.message }) : failure.status === 401 ? signInAgain() : failure.errors.length > 0 ? tell("look_again") : failure.message,
      failure.errors ?? []);
  } finally {
    byId("count").removeAttribute("aria-disabled");
  }
}

export const isTyped = () => texts().some((area) => area.value.trim() !== "");

/* Empty again: what was written has gone out. */
export function clearForm() {
  form.reset();
  byId("texts").replaceChildren();
  Object.assign(last, { body: "", key: "" });
  clearErrors();
  addText(settings.language);
  showWho();
}

/* `counted` gets each draft as the server has it. */
export function startForm(crises, counted) {
  onCounted = counted;
  byId("crisis").replaceChildren(...crises.map((crisis) => element("option", { value: crisis, textContent: crisis })));
  byId("crisis-line").hidden = crises.length < 2;
  byId("case-hint").textContent = tell("case_hint");
  byId("filters").replaceChildren(...LISTS.map(filter));
  byId("filter-posts").hidden = choices.posts.length < 2;
  form.addEventListener("submit", count);
  form.addEventListener("input", (event) => event.target.tagName !== "TEXTAREA" && showWho());
  form.elements.asks.addEventListener("change", showTexts);
  byId("zone-lat").addEventListener("paste", pasted);
  byId("add").addEventListener("click", () => {
    const tag = byId("add-language").value;
    addText(tag);
    byId(`text-${tag}`).focus();
  });
  clearForm();
}
