/* SPDX-License-Identifier: Apache-2.0
 * A lead draws a zone: by clicking on the map, by dragging its marks, or by typing positions. What is typed is what counts; the mouse types too. What
 * would be inside is asked before anything is kept. */
import { map } from "./map.js";
import { byId, element, settings } from "./desk_kit.js";
import { ask, backTo, drawShape, refresh, say, setDrawing, zoneWords } from "./map_zones.js";

const L = window.L;
const PREVIEW_AFTER_MS = 400;
const ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz";
const drawn = L.layerGroup().addTo(map);
const touched = L.layerGroup().addTo(map);
let editing = null; /* the zone that is changed; null: a new one */
let asked = 0, timer = null, opener = null;

const number = (value) => value.toLocaleString(settings.language);
const shown = (value) => String(Math.round(value * 1e5) / 1e5);
const written = ({ lat, lng }) => `${shown(lat)}, ${shown(lng)}`;
const chosen = (name) => document.querySelector(`#zone-form [name="${name}"]:checked`).value;
const isCircle = () => chosen("zone-shape") === "circle";

/* --- what is typed ----------------------------------------------------------------------------------------------------------------- */
/* Decimal degrees, latitude first, as people write and read them out; null when it is no such thing. */
function position(text) {
  const found = /^\s*(-?\d+(?:\.\d+)?)\s*[,; ]\s*(-?\d+(?:\.\d+)?)\s*$/.exec(text);
  const lat = Number(found?.[1]), lng = Number(found?.[2]);
  return found !== null && Math.abs(lat) <= 90 && Math.abs(lng) <= 180 ? { lat, lng } : null;
}

const lines = () => byId("zone-points").value.split("\n").filter((text) => text.trim() !== "");
const setPoints = (points) => {
  byId("zone-points").value = points.map(written).join("\n");
};
const radiusOf = () => Number(byId("zone-radius").value.replace(",", ".")) * 1000;

/* {feature} as it may be sent, or {problem} in words. */
function read() {
  const until = byId("zone-until").value;
  const properties = { crisis: byId("zone-crisis").value, kind: chosen("zone-kind"), name: byId("zone-name").value.trim(),
    ...(editing ? { valid_from: editing.properties.valid_from } : {}), ...(until ? { valid_until: new Date(until).toISOString() } : {}),
    ...(chosen("zone-kind") === "assembly_point" ? { tell_citizens: byId("zone-tell").checked } : {}) };
  if (isCircle()) {
    const middle = position(byId("zone-middle").value);
    if (middle === null || !(radiusOf() > 0)) {
      return { middle, properties, problem: zoneWords("need_circle") };
    }
    return { middle, feature: { type: "Feature", geometry: { type: "Point", coordinates: [middle.lng, middle.lat] }, properties: { ...properties, radius_m: radiusOf() } } };
  }
  const typed = lines().map(position);
  const wrong = typed.indexOf(null);
  const points = typed.filter((one) => one !== null);
  if (wrong >= 0 || points.length < 3) {
    return { points, properties, problem: wrong >= 0 ? zoneWords("not_a_position", { line: number(wrong + 1) }) : zoneWords("need_points") };
  }
  const ring = [...points, points[0]].map(({ lat, lng }) => [lng, lat]);
  return { points, feature: { type: "Feature", geometry: { type: "Polygon", coordinates: [ring] }, properties } };
}

/* --- the picture ------------------------------------------------------------------------------------------------------------------- */
function mark(at, title, moved) {
  const icon = L.divIcon({ className: "zone-corner", html: element("span", { textContent: title }), iconSize: [28, 28] });
  L.marker([at.lat, at.lng], { icon, draggable: true, keyboard: false, pane: "popupPane" }).on("dragend", (event) => moved(event.target.getLatLng())).addTo(drawn);
}

function boundsOf(cell) {
  const range = { lng: [-180, 180], lat: [-90, 90] };
  [...cell].flatMap((symbol) => [16, 8, 4, 2, 1].map((bit) => (ALPHABET.indexOf(symbol) & bit) !== 0)).forEach((upper, index) => {
    const side = range[index % 2 === 0 ? "lng" : "lat"];
    side[upper ? 0 : 1] = (side[0] + side[1]) / 2;
  });
  return [[range.lat[0], range.lng[0]], [range.lat[1], range.lng[1]]];
}

let bounds = null; /* of what is drawn */

function picture(now) {
  drawn.clearLayers();
  bounds = null;
  if (now.feature) {
    bounds = drawShape({ ...now.feature, properties: { ...now.feature.properties, name: now.feature.properties.name || "…" } }, drawn, "drawn").getBounds();
  } else if (now.points?.length > 1) {
    L.polyline(now.points, { className: "zone drawn", interactive: false }).addTo(drawn);
  }
  if (isCircle() && now.middle) {
    mark(now.middle, "+", (at) => { byId("zone-middle").value = written(at); changed(); });
  }
  now.points?.forEach((at, index) => mark(at, String(index + 1), (moved) => { setPoints(now.points.with(index, moved)); changed(); }));
}

/* --- what would be inside ---------------------------------------------------------------------------------------------------------- */
function tell(words, isProblem) {
  byId("zone-inside").textContent = isProblem ? "" : words;
  byId("zone-problem").textContent = isProblem ? words : "";
  byId("zone-problem").hidden = !isProblem;
}

async function preview(feature) {
  const mine = ++asked;
  try {
    const told = await ask("POST", "/preview", { ...feature, properties: { ...feature.properties, name: feature.properties.name || "?" } });
    if (mine === asked) {
      touched.clearLayers();
      told.cells.forEach((cell) => L.rectangle(boundsOf(cell), { className: "zone-touched", interactive: false }).addTo(touched));
      tell(zoneWords("inside", { open: number(told.open), parties: number(told.parties), people: number(told.registered) }), false);
    }
  } catch (failure) {
    if (mine === asked) {
      touched.clearLayers();
      tell(failure instanceof TypeError ? settings["map.offline"] : failure.message, true);
    }
  }
}

function changed() {
  const now = read();
  clearTimeout(timer);
  asked++;
  byId("zone-circle").hidden = !isCircle();
  byId("zone-outline").hidden = isCircle();
  byId("zone-tell-line").hidden = chosen("zone-kind") !== "assembly_point";
  byId("zone-how").textContent = zoneWords(isCircle() ? "how_circle" : "how_outline");
  picture(now);
  touched.clearLayers();
  tell(now.problem ?? "", false);
  if (now.feature) {
    timer = setTimeout(() => preview(now.feature), PREVIEW_AFTER_MS);
  }
}

/* What was typed may be anywhere: the map goes there. */
const goThere = () => bounds !== null && map.fitBounds(bounds.pad(1), { maxZoom: 11 });

/* --- the mouse, and the middle of the map for those without ------------------------------------------------------------------------- */
function take(at) {
  if (!isCircle()) {
    byId("zone-points").value = [...lines(), written(at)].join("\n");
  } else if (position(byId("zone-middle").value) === null) {
    byId("zone-middle").value = written(at);
  } else {
    const middle = position(byId("zone-middle").value);
    byId("zone-radius").value = String(Math.max(0.1, Math.round(map.distance(middle, at) / 100) / 10));
  }
  changed();
}

/* --- the form ---------------------------------------------------------------------------------------------------------------------- */
const localTime = (time) => {
  const at = new Date(time);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
};

function fill(feature) {
  const p = feature?.properties;
  const circle = feature === null || feature.geometry.type === "Point";
  byId("zone-name").value = p?.name ?? "";
  byId("zone-tell").checked = p?.tell_citizens ?? false;
  document.querySelector(`#zone-form [name="zone-kind"][value="${p?.kind ?? "danger"}"]`).checked = true;
  document.querySelector(`#zone-form [name="zone-shape"][value="${circle ? "circle" : "outline"}"]`).checked = true;
  byId("zone-middle").value = feature && circle ? written({ lat: feature.geometry.coordinates[1], lng: feature.geometry.coordinates[0] }) : "";
  byId("zone-radius").value = p?.radius_m ? String(p.radius_m / 1000) : "";
  setPoints(feature && !circle ? feature.geometry.coordinates[0].slice(0, -1).map(([lng, lat]) => ({ lat, lng })) : []);
  byId("zone-until").value = p?.valid_until ? localTime(p.valid_until) : "";
  byId("zone-crisis").value = p?.crisis ?? byId("zone-crisis").value;
}

function open(feature) {
  editing = feature;
  opener = document.activeElement;
  setDrawing(true);
  say("");
  fill(feature);
  byId("zone-form").hidden = false;
  byId("zones-panel").open = true;
  map.doubleClickZoom.disable();
  map.on("click", onClick);
  changed();
  byId("zone-name").focus();
}

const onClick = (event) => take(event.latlng);

function close() {
  clearTimeout(timer);
  asked++;
  editing = null;
  drawn.clearLayers();
  touched.clearLayers();
  byId("zone-form").hidden = true;
  setDrawing(false);
  map.off("click", onClick);
  map.doubleClickZoom.enable();
  (opener?.isConnected ? opener : byId("zone-new")).focus();
}

async function save(event) {
  event.preventDefault();
  const now = read();
  const problem = now.problem ?? (byId("zone-name").value.trim() === "" ? zoneWords("need_name") : "");
  if (problem !== "") {
    tell(problem, true);
    return;
  }
  const before = editing;
  byId("zone-save").disabled = true;
  try {
    const kept = before === null ? await ask("POST", "", now.feature) : await ask("PUT", `/${before.id}`, now.feature, before.properties.version);
    close();
    const words = zoneWords(kept.properties.kind === "danger" ? "saved" : "saved_point", { name: kept.properties.name });
    say(words, before === null ? undefined : backTo(before, kept.properties.version));
    await refresh();
  } catch (failure) {
    tell(failure instanceof TypeError ? settings["map.offline"] : failure.message, true);
  } finally {
    byId("zone-save").disabled = false;
  }
}

/* Returns what opens the form: of a zone, or of none. */
export function startDrawing(crises) {
  byId("zone-crisis").append(...crises.map((one) => element("option", { value: one, textContent: one })));
  byId("zone-crisis-line").hidden = crises.length < 2;
  byId("zone-new").hidden = false;
  byId("zone-new").addEventListener("click", () => open(null));
  byId("zone-form").addEventListener("input", changed);
  byId("zone-form").addEventListener("submit", save);
  ["zone-middle", "zone-radius", "zone-points"].forEach((id) => byId(id).addEventListener("change", goThere));
  byId("zone-form").addEventListener("keydown", (event) => event.key === "Escape" && close());
  byId("zone-cancel").addEventListener("click", close);
  byId("zone-here").addEventListener("click", () => take(map.getCenter()));
  byId("zone-back").addEventListener("click", () => {
    if (isCircle()) {
      byId("zone-middle").value = "";
      byId("zone-radius").value = "";
    } else {
      byId("zone-points").value = lines().slice(0, -1).join("\n");
    }
    changed();
  });
  return open;
}
