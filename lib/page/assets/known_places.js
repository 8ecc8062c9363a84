/* SPDX-License-Identifier: Apache-2.0
 * The places that the ministry named, read once a page, and which of them a position is at. */
import { kilometres } from "./base_map.js";

const AT_KM = { quarter: 1.5, landmark: 0.7, crossing: 3, assembly_point: 0.7 }; /* nearer than this one is there */
const PATIENCE_MS = 5000;
let reading = null;

export function readKnownPlaces() {
  reading ??= fetch("/api/v1/places", { credentials: "same-origin", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE_MS) })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error("refused"))))
    .then((told) => told.features.filter((one) => one.properties.kind in AT_KM))
    .catch(() => {
      reading = null; /* to be tried again at the next case */
      return [];
    });
  return reading;
}

/* "Yantala, Niamey" of the nearest that the position is at; null when it is at none. */
export function placeAt(places, at) {
  let best = null;
  for (const one of places) {
    const [lon, lat] = one.geometry.coordinates;
    const km = kilometres({ lon, lat }, at);
    if (km <= AT_KM[one.properties.kind] && (best === null || km < best.km)) {
      best = { km, name: [one.properties.name, one.properties.within].filter(Boolean).join(", ") };
    }
  }
  return best;
}
