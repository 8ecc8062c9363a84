/* SPDX-License-Identifier: Apache-2.0
 * What of the register is shown: the queue and the filters, kept in the address, so that a view can be kept as a bookmark and sent to a colleague. */
import { byId, element, settings } from "./desk_kit.js";
import { ask } from "./console_call.js";
import { chooseQueue } from "./console_list.js";
import { placeField } from "./console_place.js";
import { drawSaved, startSaved } from "./console_saved.js";
import { code, state, words } from "./console_words.js";
import { zoneName } from "./console_zone.js";

const NAMES = ["band", "need", "post", "cell", "zone", "place"]; /* a cell and a zone are chosen on the map, which links here */
const choices = {
  band: () => [1, 2, 3, 4, 5].map((band) => [String(band), `${band} ${code("band", band)}`]),
  need: () => Object.keys(settings).filter((key) => key.startsWith("need.")).map((key) => [key.slice(5), settings[key]]).sort((a, b) => a[1].localeCompare(b[1])),
  post: () => state.posts.map((post) => [post.id, post.name]),
};

export function readAddress() {
  const asked = new URLSearchParams(location.search);
  const queue = asked.get("queue");
  state.queue = queue !== null && settings[`queue.${queue}`] !== undefined ? queue : "emergency";
  state.filters = Object.fromEntries(NAMES.filter((name) => asked.get(name)).map((name) => [name, asked.get(name)]));
}

export function writeAddress() {
  const asked = new URLSearchParams(location.search);
  for (const [name, value] of [["queue", state.queue], ...NAMES.map((name) => [name, state.filters[name]])]) {
    if (value) {
      asked.set(name, value);
    } else {
      asked.delete(name);
    }
  }
  const address = `?${asked}`;
  if (address !== location.search) {
    history.pushState(null, "", address);
  }
}

function narrow(name, value) {
  state.filters = { ...state.filters, [name]: value };
  if (value === "") {
    delete state.filters[name];
  }
  writeAddress();
  drawFilters();
  chooseQueue(state.queue);
}

function field(name) {
  const chosen = state.filters[name] ?? "";
  const offered = choices[name]();
  const all = [["", words("any")], ...offered, ...(chosen && !offered.some(([value]) => value === chosen) ? [[chosen, chosen]] : [])];
  const select = element("select", { id: `filter-${name}` }, all.map(([value, text]) => element("option", { value, textContent: text })));
  select.value = chosen;
  select.addEventListener("change", () => narrow(name, select.value));
  return element("p", {}, element("label", { htmlFor: `filter-${name}`, textContent: words(`filter_${name}`) }), select);
}

const wordOf = { band: (value) => `${value} ${code("band", value)}`, need: (value) => code("need", value), post: (value) => state.posts.find((post) => post.id === value)?.name ?? value,
  zone: (value) => zoneName(value, drawOnly), place: (value) => words("place_around", { place: value }) };

/* What is left out is said, and one touch from coming back: the map and the dashboard link to such views. */
function drawOnly() {
  const set = Object.entries(state.filters);
  const filter = set.map(([name, value]) => (wordOf[name] ?? String)(value)).join(", ");
  byId("only").hidden = set.length === 0;
  byId("only").replaceChildren(words("only", { filter }), " ", state.filters.place ? `${words("place_counts")} ` : "",
    element("a", { href: `/?lang=${settings.language}&queue=${encodeURIComponent(state.queue)}`, textContent: words("only_all") }));
}

export function drawFilters() {
  const focused = document.activeElement?.id;
  const set = Object.keys(state.filters).length;
  byId("filter-fields").replaceChildren(...Object.keys(choices).map(field), placeField(state.filters.place ?? "", (value) => narrow("place", value)));
  drawOnly();
  drawSaved();
  byId("filter-count").textContent = set > 0 ? String(set) : "";
  byId("filters").classList.toggle("set", set > 0);
  if (focused?.startsWith("filter-")) {
    byId(focused)?.focus();
  }
}

export async function startView() {
  readAddress();
  startSaved();
  drawFilters();
  addEventListener("popstate", () => {
    readAddress();
    drawFilters();
    chooseQueue(state.queue);
  });
  const answer = await ask("GET", "/api/v1/me").catch(() => null);
  if (answer?.ok) {
    const posts = (await answer.json()).posts;
    state.posts = posts.filter((post, index) => posts.findIndex((other) => other.id === post.id) === index);
    drawFilters();
  }
}
