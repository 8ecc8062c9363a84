/* SPDX-License-Identifier: Apache-2.0
 * The name of the zone that a list is narrowed to. */
import { fetched } from "./desk_kit.js";

const names = new Map();

/* Its name if it is known, else "…", and `known` is called when it is. */
export function zoneName(id, known) {
  if (!names.has(id)) {
    names.set(id, "…");
    fetched("GET", `/api/v1/zones/${encodeURIComponent(id)}`).then(async (answer) => {
      names.set(id, answer.ok ? (await answer.json()).properties.name : "?");
      known();
    }).catch(() => names.delete(id));
  }
  return names.get(id) ?? "…";
}
