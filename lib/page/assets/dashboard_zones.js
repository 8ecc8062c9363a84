/* SPDX-License-Identifier: Apache-2.0
 * The dashboard's figures by zone: open cases as the map counts them, with links to the lists they count, and registered parties inside. */
import { ask, byId, element, head, listed, number, text } from "./dashboard.js";

const settings = JSON.parse(document.getElementById("settings").textContent);
const REFRESH_MS = 10000;
let shown = "";

function line({ id, properties: p }) {
  return element("tr", {}, element("th", { scope: "row" }, p.name, element("small", { className: "hint", textContent: `${settings[`zone.kind_${p.kind}`]} · ${text("parties", { count: number(p.parties) })}` })),
    element("td", { textContent: number(p.open) }), element("td", { textContent: number(p.late), className: p.late > 0 ? "late" : "" }),
    listed(p.queues, { zone: id }));
}

async function refresh() {
  const told = await ask(`/zones?${new URLSearchParams({ crisis: byId("crisis").value })}`);
  if (JSON.stringify(told) !== shown && !document.activeElement?.closest("#zones")) { /* what somebody stands on stays */
    shown = JSON.stringify(told);
    byId("zones-section").hidden = told.features.length === 0;
    byId("zones").replaceChildren(head(text("zone"), text("open"), text("late"), text("lists")),
      element("tbody", {}, ...told.features.map(line)));
  }
}

const again = () => refresh().catch(() => undefined); /* dashboard.js says that the service cannot be reached */
byId("crisis").addEventListener("change", again);
setInterval(again, REFRESH_MS);
again();
