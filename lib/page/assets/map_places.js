/* SPDX-License-Identifier: Apache-2.0
 * What the ministry named on the map: posts and crossings from afar, assembly points and landmarks from nearer, quarters from the height of a town. */
const L = window.L;
const FROM_ZOOM = { post: 0, crossing: 0, assembly_point: 7, landmark: 11, quarter: 12 };
const SAME_DEGREES = 0.003; /* an assembly point that is a landmark, too, is named once */
const layers = new Map(); /* by kind */

function show(map) {
  for (const [kind, layer] of layers) {
    if (map.getZoom() >= FROM_ZOOM[kind]) {
      layer.addTo(map);
    } else {
      layer.remove();
    }
  }
}

const isAt = (one, other) => one.geometry.coordinates.every((degrees, i) => Math.abs(degrees - other.geometry.coordinates[i]) < SAME_DEGREES);

/* `label(kind, name, [lon, lat])` makes a mark. Drawn again, they are these alone. */
export function drawKnownPlaces(map, label, features) {
  if (layers.size === 0) {
    Object.keys(FROM_ZOOM).forEach((kind) => layers.set(kind, L.layerGroup()));
    map.on("zoomend", () => show(map));
  }
  layers.forEach((layer) => layer.clearLayers());
  const meeting = features.filter((one) => one.properties.kind === "assembly_point");
  for (const one of features.filter((it) => layers.has(it.properties.kind) && (it.properties.kind !== "landmark" || !meeting.some((point) => isAt(it, point))))) { /* towns the base map has */
    label(one.properties.kind, one.properties.name, one.geometry.coordinates).addTo(layers.get(one.properties.kind));
  }
  show(map);
}
