/* SPDX-License-Identifier: Apache-2.0
 * The base map that the service ships, read once a page: countries, regions and towns as GeoJSON. */
let reading = null;

export function readBaseMap() {
  reading ??= fetch("/assets/base_map.json").then((answer) => {
    if (!answer.ok) {
      throw new Error("no base map");
    }
    return answer.json();
  }).catch((failure) => {
    reading = null;
    throw failure;
  });
  return reading;
}

/* Kilometres between two positions, well enough to say which town is near. */
export function kilometres(a, b) {
  const degrees = Math.PI / 180;
  const x = (b.lon - a.lon) * Math.cos(((a.lat + b.lat) / 2) * degrees);
  return 111.2 * Math.hypot(x, b.lat - a.lat);
}

const compass = ["n", "ne", "e", "se", "s", "sw", "w", "nw"];

/* The nearest town of the base map: its name, how far, and on which side of it the position is. */
export function nearestTown(base, at) {
  let best = null;
  for (const one of base.features) {
    if (one.properties.kind === "town") {
      const town = { lon: one.geometry.coordinates[0], lat: one.geometry.coordinates[1] };
      const km = kilometres(town, at);
      if (best === null || km < best.km) {
        const turn = (Math.atan2((at.lon - town.lon) * Math.cos(at.lat * Math.PI / 180), at.lat - town.lat) * 4) / Math.PI;
        best = { name: one.properties.name, km, side: compass[(Math.round(turn) + 8) % 8] };
      }
    }
  }
  return best;
}
