/* SPDX-License-Identifier: Apache-2.0
 * The list narrowed to a place that the ministry named: a box that offers its names. They are asked for when somebody first comes to it. */
import { element, fetched } from "./desk_kit.js";
import { words } from "./console_words.js";

const KINDS = ["town", "quarter", "landmark", "crossing"];
const names = { known: [], asking: null };

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

/* "Yantala, Niamey", each once, in the order of the alphabet. */
function readNames() {
  names.asking ??= fetched("GET", "/api/v1/places").then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error("refused")))).then((told) => {
    const all = told.features.map((one) => one.properties).filter((one) => KINDS.includes(one.kind));
    names.known = [...new Set(all.map((one) => [one.name, one.within].filter(Boolean).join(", ")))].sort((a, b) => a.localeCompare(b));
    return names.known;
  }).catch(() => {
    names.asking = null; /* to be tried again */
    return [];
  });
  return names.asking;
}

/* The name that was meant, however it is accented; null when there is no such place. */
const nameOf = (typed) => names.known.find((name) => plain(name) === plain(typed)) ?? null;

export function placeField(chosen, choose) {
  const offered = element("datalist", { id: "filter-places" });
  const fault = element("span", { id: "filter-place-fault", className: "problem", role: "alert", hidden: true });
  const box = element("input", { id: "filter-place", type: "search", maxLength: 200, autocomplete: "off", spellcheck: false, value: chosen, list: "filter-places",
    "aria-describedby": "filter-place-hint filter-place-fault" });
  const offer = (all) => offered.replaceChildren(...all.map((value) => element("option", { value })));
  const told = (text) => {
    fault.textContent = text;
    fault.hidden = text === "";
    text === "" ? box.removeAttribute("aria-invalid") : box.setAttribute("aria-invalid", "true");
  };
  offer(names.known);
  box.addEventListener("focus", () => readNames().then((all) => all.length !== offered.children.length && offer(all)));
  box.addEventListener("change", async () => {
    const typed = box.value.trim();
    await readNames();
    const name = typed === "" ? "" : nameOf(typed);
    told(name === null ? words("place_unknown") : "");
    if (name !== null && name !== chosen) {
      choose(name);
    }
  });
  return element("p", { className: "wide" }, element("label", { htmlFor: "filter-place", textContent: words("filter_place") }), box, offered,
    element("span", { id: "filter-place-hint", className: "hint", textContent: words("place_hint") }), fault);
}
