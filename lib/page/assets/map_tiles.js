/* SPDX-License-Identifier: Apache-2.0
 * Tiles of another server under all else, where the operator named one. Without it nothing is asked of anybody but this service. */
import { map } from "./map.js";
import { byId, element, settings } from "./desk_kit.js";

if (settings.tiles_url) {
  const attribution = element("span", { textContent: settings.tiles_attribution }).outerHTML; /* as text: Leaflet takes markup */
  window.L.tileLayer(settings.tiles_url, { attribution, maxZoom: 18 }).addTo(map);
  map.setMaxZoom(18);
  byId("map").classList.add("tiled");
}
