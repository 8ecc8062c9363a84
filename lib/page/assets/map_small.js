/* SPDX-License-Identifier: Apache-2.0
 * <muster-place lat lon accuracy>: where one case is, drawn over the base map, and in words which place it is at or which town is near. For the console's place panel;
 * an SVG of our own, so that a case loads neither Leaflet nor anything from elsewhere. */
import { nearestTown, readBaseMap } from "./base_map.js";
import { placeAt, readKnownPlaces } from "./known_places.js";

const settings = JSON.parse(document.getElementById("settings").textContent);
const say = (key, values) => (settings[`map.${key}`] ?? key).replace(/\{([a-z_]+)\}/g, (whole, name) => values[name] ?? whole);
const WIDTH = 320, HEIGHT = 200, NEAR_KM = 120, FAR_KM = 1200; /* across */
const SURE_M = 3000; /* a position that may be farther off is in no quarter */

function svg(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/* So far from above that the nearest town is in sight. */
function draw(base, at, accuracy, town) {
  const across = Math.min(FAR_KM, Math.max(NEAR_KM, 3.8 * (town?.km ?? 0)));
  const scale = (WIDTH / across) * 111.2;
  const x = (lon) => (WIDTH / 2 + (lon - at.lon) * Math.cos(at.lat * Math.PI / 180) * scale).toFixed(1);
  const y = (lat) => (HEIGHT / 2 - (lat - at.lat) * scale).toFixed(1);
  const line = (ring) => `M${ring.map(([lon, lat]) => `${x(lon)} ${y(lat)}`).join("L")}Z`;
  const shapes = base.features.filter((one) => one.geometry.type === "MultiPolygon").map((one) => svg("path", {
    class: one.properties.kind === "country" && one.properties.country === base.country ? "country home" : one.properties.kind, d: one.geometry.coordinates.flat().map(line).join("") }));
  const inside = (one) => Math.abs(x(one.geometry.coordinates[0]) - WIDTH / 2) < WIDTH / 2 && Math.abs(y(one.geometry.coordinates[1]) - HEIGHT / 2) < HEIGHT / 2;
  const towns = base.features.filter((one) => one.properties.kind === "town" && inside(one)).map((one) => {
    const [lon, lat] = one.geometry.coordinates;
    return svg("g", { class: "town" }, svg("circle", { cx: x(lon), cy: y(lat), r: 2.5 }), svg("text", { x: Number(x(lon)) + 5, y: Number(y(lat)) + 4 }, one.properties.name));
  });
  const reach = Math.max(4, ((accuracy || 0) / 1000) * (WIDTH / across));
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true", focusable: "false" }, ...shapes, ...towns,
    svg("circle", { class: "reach", cx: WIDTH / 2, cy: HEIGHT / 2, r: reach }), svg("path", { class: "here", d: `M${WIDTH / 2 - 9} ${HEIGHT / 2}h18M${WIDTH / 2} ${HEIGHT / 2 - 9}v18` }));
}

class MusterPlace extends HTMLElement {
  async connectedCallback() {
    const at = { lat: Number(this.getAttribute("lat")), lon: Number(this.getAttribute("lon")) };
    const [base, places] = await Promise.all([readBaseMap().catch(() => null), readKnownPlaces()]);
    if (base === null || !Number.isFinite(at.lat) || !Number.isFinite(at.lon)) {
      return; /* the position stands there in figures */
    }
    const words = document.createElement("p");
    const town = nearestTown(base, at);
    const known = (Number(this.getAttribute("accuracy")) || 0) <= SURE_M ? placeAt(places, at) : null;
    words.textContent = known !== null ? say("small_at", { town: known.name }) : town === null ? "" : town.km < 3 ? say("small_at", { town: town.name }) :
      say("small_near", { town: town.name, km: Math.round(town.km).toLocaleString(settings.language), side: settings[`map.small_${town.side}`] });
    this.replaceChildren(words, draw(base, at, Number(this.getAttribute("accuracy")), town));
  }
}

customElements.define("muster-place", MusterPlace);
