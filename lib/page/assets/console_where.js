/* SPDX-License-Identifier: Apache-2.0
 * Where a case of the list is, in words: the town that its coarse cell is at or near. The list has no finer place; the case itself says it. */
import { nearestTown, readBaseMap } from "./base_map.js";
import { element, settings } from "./desk_kit.js";

const SYMBOLS = "0123456789bcdefghjkmnpqrstuvwxyz";
const AT_KM = 5; /* a cell is that wide */
let base = null;
const said = new Map(); /* by cell */

/* The middle of a cell (a geohash). */
function middleOf(cell) {
  const range = { lon: [-180, 180], lat: [-90, 90] };
  let even = true;
  for (const symbol of cell) {
    const bits = SYMBOLS.indexOf(symbol);
    for (let bit = 16; bit >= 1; bit /= 2) {
      const axis = range[even ? "lon" : "lat"];
      axis[bits & bit ? 0 : 1] = (axis[0] + axis[1]) / 2;
      even = !even;
    }
  }
  return { lat: (range.lat[0] + range.lat[1]) / 2, lon: (range.lon[0] + range.lon[1]) / 2 };
}

function wordsOf(cell) {
  const town = nearestTown(base, middleOf(cell));
  if (town === null) {
    return "";
  }
  return (town.km <= AT_KM ? settings["map.small_at"] : settings["map.small_near"]).replace("{town}", town.name)
    .replace("{km}", Math.round(town.km).toLocaleString(settings.language)).replace("{side}", settings[`map.small_${town.side}`]);
}

/* Nothing before the base map is there, nor for a case whose place nobody knows. */
export function where(one) {
  if (base === null || !one.cell) {
    return null;
  }
  if (!said.has(one.cell)) {
    said.set(one.cell, wordsOf(one.cell));
  }
  return said.get(one.cell) ? element("span", { className: "where", textContent: said.get(one.cell) }) : null;
}

/* Calls `then` once, when places can be said. */
export function readWhere(then) {
  readBaseMap().then((read) => {
    base = read;
    then();
  }).catch(() => undefined); /* the list is whole without */
}
