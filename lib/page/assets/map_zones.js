/* SPDX-License-Identifier: Apache-2.0
 * Zones on the map: danger by hatching, assembly points by dots, each by its name, and in the list what is inside, in words. What a lead draws is
 * map_draw.js. */
import { map } from "./map.js";
import { byId, element, fetched, settings } from "./desk_kit.js";

const L = window.L;
const REFRESH_MS = 5000;
const AGAIN_MS = 2000;
const QUEUES = ["emergency", "assistance", "overdue", "identification", "departure", "inquiry"];
const state = { zones: [], shown: "", drawing: false, leads: [], draw: null };

export const zoneWords = (key, values = {}) => (settings[`zone.${key}`] ?? key).replace(/\{([a-z_]+)\}/g, (whole, name) => values[name] ?? whole);
const number = (value) => value.toLocaleString(settings.language);
const clock = (time) => new Date(time).toLocaleString(settings.language, { dateStyle: "short", timeStyle: "short" });

/* --- asking ------------------------------------------------------------------------------------------------------------------------ */
/* What the server says is wrong, as one sentence. */
async function refusal(answer) {
  const told = await answer.json().catch(() => ({}));
  const faults = (told.errors ?? []).map((one) => one.message);
  return faults.length > 0 ? faults.join(" ") : [told.title, told.detail].filter(Boolean).join(": ") || settings["map.offline"];
}

export async function ask(method, path, body, version) {
  const answer = await fetched(method, `/api/v1/zones${path}`, body, version === undefined ? {} : { "If-Match": `"${version}"` });
  if (answer.status === 401) {
    location.reload(); /* the sign-in page stands at the same address */
  }
  if (!answer.ok) {
    throw Object.assign(new Error(answer.status === 412 ? zoneWords("changed") : await refusal(answer)), { status: answer.status });
  }
  return answer.json();
}

/* What the server takes, of what it gave. */
export const drawnOf = ({ geometry, properties: p }) => ({ type: "Feature", geometry, properties: { crisis: p.crisis, kind: p.kind, name: p.name,
  valid_from: p.valid_from, ...(p.radius_m ? { radius_m: p.radius_m } : {}), ...(p.valid_until ? { valid_until: p.valid_until } : {}), ...(p.kind === "assembly_point" ? { tell_citizens: p.tell_citizens } : {}) } });

/* --- the picture ------------------------------------------------------------------------------------------------------------------- */
map.createPane("zones").style.zIndex = 410; /* above land and cells, under what is written */
map.getPane("zones").style.pointerEvents = "none";
const renderer = L.svg({ pane: "zones", padding: 0.5 });
const shapes = L.layerGroup().addTo(map);
const MARKS = { danger: "⚠", assembly_point: "⚑" };

export function shapeOf({ geometry, properties }, options) {
  if (geometry.type === "Point") {
    return L.circle([geometry.coordinates[1], geometry.coordinates[0]], { radius: properties.radius_m, ...options });
  }
  return L.polygon(geometry.coordinates[0].map(([lon, lat]) => [lat, lon]), options);
}

const lookOf = (kind, more = "") => ({ renderer, pane: "zones", interactive: false, className: `zone ${kind} ${more}`, fillColor: `url(#zone-${kind})` });

export function drawShape(feature, group, more) {
  const shape = shapeOf(feature, lookOf(feature.properties.kind, more)).addTo(group);
  const { kind, name } = feature.properties;
  const text = element("span", { textContent: `${MARKS[kind]} ${name}` });
  L.marker(shape.getBounds().getCenter(), { icon: L.divIcon({ className: `zone-name ${kind}`, html: text, iconSize: null }), pane: "places", interactive: false, keyboard: false }).addTo(group);
  return shape;
}

/* --- the list ---------------------------------------------------------------------------------------------------------------------- */
const consolePath = (queue, zone) => `/?${new URLSearchParams({ lang: settings.language, queue, zone })}`;

function factsOf({ properties: p }) {
  const times = [new Date(p.valid_from) > new Date() ? zoneWords("from_time", { time: clock(p.valid_from) }) : "",
    p.valid_until ? zoneWords("until_time", { time: clock(p.valid_until) }) : "", p.in_force ? "" : zoneWords("not_in_force"),
    p.judging && p.kind === "danger" ? zoneWords("judging") : "",
    p.told ? zoneWords("told") : p.tell_citizens ? zoneWords("untold") : ""];
  return [settings["map.open"].replace("{count}", number(p.open)), p.late > 0 ? settings["map.late"].replace("{count}", number(p.late)) : "",
    zoneWords("parties", { parties: number(p.parties), people: number(p.registered) }), ...times].filter(Boolean).join(" · ");
}

function goTo(feature) {
  const shape = shapeOf(feature, { interactive: false }).addTo(map); /* a circle has bounds on a map alone */
  map.fitBounds(shape.getBounds().pad(0.5));
  shape.remove();
}

function line(feature) {
  const { kind, name, queues, may_change } = feature.properties;
  const tools = may_change && state.draw !== null ? element("p", { className: "tools" },
    element("button", { type: "button", textContent: zoneWords("edit"), "aria-label": `${zoneWords("edit")}: ${name}`, onclick: () => state.draw(feature) }),
    element("button", { type: "button", textContent: zoneWords("remove"), "aria-label": `${zoneWords("remove")}: ${name}`, onclick: () => remove(feature) })) : null;
  const row = element("li", { className: `zone-row ${kind}` },
    element("button", { type: "button", className: "where", onclick: () => goTo(feature) },
      element("b", { textContent: name }), " ", element("span", { className: `kind ${kind}`, textContent: `${MARKS[kind]} ${zoneWords(`kind_${kind}`)}` })),
    element("p", { textContent: factsOf(feature) }),
    element("span", { className: "queues" }, QUEUES.filter((queue) => queues[queue] > 0).map((queue) =>
      element("a", { href: consolePath(queue, feature.id), textContent: `${settings[`queue.${queue}`]}: ${number(queues[queue])}` }))), tools);
  row.dataset.zone = feature.id;
  return row;
}

function redraw() {
  const focused = document.activeElement?.closest?.("#zones .zone-row")?.dataset.zone;
  const which = [...document.activeElement?.closest?.("#zones .zone-row")?.querySelectorAll("button, a") ?? []].indexOf(document.activeElement);
  shapes.clearLayers();
  state.zones.forEach((feature) => drawShape(feature, shapes, feature.properties.in_force ? "" : "later"));
  byId("zones").replaceChildren(...state.zones.map(line));
  byId("zones-none").hidden = state.zones.length > 0;
  byId("zones-count").textContent = state.zones.length > 0 ? ` (${number(state.zones.length)})` : "";
  if (focused !== undefined) {
    [...byId("zones").children].find((row) => row.dataset.zone === focused)?.querySelectorAll("button, a")[which]?.focus();
  }
}

export async function refresh() {
  if (state.drawing) {
    return;
  }
  const told = await ask("GET", `?${new URLSearchParams({ crisis: byId("crisis").value })}`);
  const looks = JSON.stringify(told);
  if (looks !== state.shown && !state.drawing) {
    state.zones = told.features;
    redraw(); /* a map without a view yet lets no circle be drawn: then it is done the next time */
    state.shown = looks;
  }
}

export function setDrawing(drawing) {
  state.drawing = drawing;
  byId("zones-standing").hidden = drawing;
  byId("map").classList.toggle("drawing", drawing);
}

/* --- what was done, and back ------------------------------------------------------------------------------------------------------- */
export function say(words, undo) {
  byId("zone-said").replaceChildren(words);
  byId("zone-undo").hidden = undo === undefined;
  byId("zone-undo").onclick = undo ?? null;
}

/* Puts a zone to what it was before, unless somebody changed it again. */
export function backTo(feature, version) {
  return async () => {
    try {
      await ask("PUT", `/${feature.id}`, drawnOf(feature), version);
      say(zoneWords("undone", { name: feature.properties.name }));
    } catch (failure) {
      say(failure instanceof TypeError ? settings["map.offline"] : failure.message);
    }
    await refresh().catch(() => undefined);
  };
}

async function remove(feature) {
  try {
    const gone = await ask("DELETE", `/${feature.id}`, undefined, feature.properties.version);
    say(zoneWords("removed", { name: feature.properties.name }), backTo(feature, gone.properties.version));
    await refresh();
    byId("zone-undo").focus();
  } catch (failure) {
    say(failure instanceof TypeError ? settings["map.offline"] : failure.message);
    await refresh().catch(() => undefined);
  }
}

/* The crises that the signed-in lead may draw in: those they lead as a whole. */
async function leadOf(crises) {
  const led = await Promise.all(crises.map(async (crisis) => {
    const answer = await fetched("GET", `/api/v1/policy?${new URLSearchParams({ crisis })}`);
    return answer.ok && (await answer.json()).may_change ? crisis : null;
  }));
  return led.filter((crisis) => crisis !== null);
}

/* Until it has worked once, every other second: map.js says meanwhile that the service cannot be reached. */
async function showFirst() {
  try {
    await refresh();
    byId("zones-panel").open = state.zones.length > 0;
    setInterval(() => document.visibilityState === "visible" && refresh().catch(() => undefined), REFRESH_MS);
  } catch {
    setTimeout(showFirst, AGAIN_MS);
  }
}

async function start() {
  byId("crisis").addEventListener("change", () => refresh().catch(() => undefined));
  if (settings.role === "lead") {
    const who = await fetched("GET", "/api/v1/me");
    state.leads = who.ok ? await leadOf((await who.json()).crises) : [];
    if (state.leads.length > 0) {
      const { startDrawing } = await import("./map_draw.js");
      state.draw = startDrawing(state.leads);
    }
  }
}

start().catch(() => undefined).then(showFirst); /* who leads is not known: then nothing is drawn by them, and all is shown */
