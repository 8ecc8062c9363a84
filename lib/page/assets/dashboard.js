/* SPDX-License-Identifier: Apache-2.0
 * The dashboard: figures now, over time, by queue, post and need. Each plot has a table behind it; each count of cases links to the list it counts. */
const settings = JSON.parse(document.getElementById("settings").textContent);
const REFRESH_MS = 10000;
const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 640, HEIGHT = 240, LEFT = 56, BOTTOM = 28, TOP = 12, RIGHT = 12;
const PEOPLE = ["accounted_for", "not_heard_from", "need_help", "departed", "stale"];
const CASES = ["open", "unclaimed", "late"];
const QUEUES = ["emergency", "assistance", "overdue", "identification", "departure", "inquiry"];
let shown = "";

export const byId = (id) => document.getElementById(id);
export const text = (key, values = {}) => (settings[`dashboard.${key}`] ?? key).replace(/\{([a-z_]+)\}/g, (whole, name) => values[name] ?? whole);
export const number = (value) => value.toLocaleString(settings.language);
const clock = (time, long) => new Date(time).toLocaleString(settings.language, long ? { dateStyle: "short", timeStyle: "short" } : { timeStyle: "short" });

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function svg(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

function problem(words) {
  byId("problem").textContent = words;
  byId("problem").hidden = words === "";
}

export async function ask(path) {
  const answer = await fetch(`/api/v1${path}`, { credentials: "same-origin", headers: { Accept: "application/json" } });
  if (answer.status === 401) {
    location.reload(); /* the sign-in page stands at the same address */
  }
  if (!answer.ok) {
    throw new Error((await answer.json().catch(() => ({}))).title ?? text("offline"));
  }
  return answer.json();
}

/* --- plots ------------------------------------------------------------------------------------------------------------------------- */
/* 1, 2 or 5 times a power of ten, so that at most five lines cross the plot. */
function stepOf(most) {
  const rough = Math.max(1, most / 4);
  const ten = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((times) => times * ten).find((step) => step >= rough);
}

function plot(series, names) {
  const times = series.map((one) => Date.parse(one.at));
  const first = times[0], span = Math.max(1, times.at(-1) - first);
  const step = stepOf(Math.max(...series.flatMap((one) => names.map((name) => one[name]))));
  const top = step * Math.max(1, Math.ceil(Math.max(...series.flatMap((one) => names.map((name) => one[name]))) / step));
  const x = (time) => LEFT + ((time - first) / span) * (WIDTH - LEFT - RIGHT);
  const y = (value) => HEIGHT - BOTTOM - (value / top) * (HEIGHT - BOTTOM - TOP);
  const drawn = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true", focusable: "false" });
  for (let value = 0; value <= top; value += step) {
    drawn.append(svg("line", { class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: y(value), y2: y(value) }), svg("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, number(value)));
  }
  const long = span > 86400000;
  drawn.append(svg("text", { x: LEFT, y: HEIGHT - 8 }, clock(first, long)), svg("text", { x: WIDTH - RIGHT, y: HEIGHT - 8, "text-anchor": "end" }, clock(first + span, long)));
  names.forEach((name, index) => {
    const points = series.map((one, i) => `${x(times[i]).toFixed(1)} ${y(one[name]).toFixed(1)}`);
    drawn.append(svg("path", { class: `series s${index + 1}`, d: `M${points.join("L")}${points.length === 1 ? "h6" : ""}` }));
  });
  return drawn;
}

const key = (names) => element("ul", { className: "key" }, ...names.map((name, index) => element("li", {},
  svg("svg", { class: `swatch s${index + 1}`, viewBox: "0 0 32 10", "aria-hidden": "true" }, svg("line", { x1: 0, x2: 32, y1: 5, y2: 5 })), text(name))));

function table(series, names) {
  return element("table", {}, element("thead", {}, element("tr", {}, element("th", { scope: "col", textContent: text("time") }), ...names.map((name) => element("th", { scope: "col", textContent: text(name) })))),
    element("tbody", {}, ...series.toReversed().map((one) => element("tr", {}, element("th", { scope: "row", textContent: clock(one.at, true) }), ...names.map((name) => element("td", { textContent: number(one[name]) }))))));
}

function drawPlot(id, series, names) {
  const section = byId(id);
  const open = section.querySelector("details")?.open ?? false;
  section.replaceChildren(section.querySelector("h2"), ...(series.length === 0 ? [element("p", { className: "hint", textContent: text("none_yet") })] : [plot(series, names), key(names),
    element("details", { open }, element("summary", { textContent: text("as_table") }), table(series, names))]));
}

/* --- tables ------------------------------------------------------------------------------------------------------------------------ */
const listPath = (queue, filter = {}) => `/?${new URLSearchParams({ lang: settings.language, queue, ...filter })}`;
const queueName = (queue) => settings[`queue.${queue}`] ?? queue;
export const head = (...names) => element("thead", {}, element("tr", {}, ...names.map((name) => element("th", { scope: "col", textContent: name }))));
export const listed = (queues, filter) => element("td", {}, ...QUEUES.filter((queue) => queues[queue] > 0).map((queue) =>
  element("a", { href: listPath(queue, filter), textContent: `${queueName(queue)} ${number(queues[queue])}` })));

function drawTables(told) {
  const figures = (one) => CASES.map((name) => element("td", { textContent: number(one[name]), className: name === "late" && one.late > 0 ? "late" : "" }));
  byId("queues").replaceChildren(head(text("queue"), ...CASES.map((name) => text(name))), element("tbody", {}, ...told.queues.map((one) =>
    element("tr", {}, element("th", { scope: "row" }, element("a", { href: listPath(one.queue), textContent: queueName(one.queue) })), ...figures(one)))));
  byId("posts").replaceChildren(head(text("post"), ...CASES.map((name) => text(name)), text("lists")), element("tbody", {}, ...told.posts.map((one) =>
    element("tr", {}, element("th", { scope: "row", textContent: one.name }), ...figures(one), listed(one.queues, { post: one.post })))));
  byId("needs").replaceChildren(head(text("need"), text("open"), text("lists")), element("tbody", {}, ...told.needs.map((one) =>
    element("tr", {}, element("th", { scope: "row", textContent: settings[`need.${one.need}`] ?? one.need }), element("td", { textContent: number(one.open) }), listed(one.queues, { need: one.need })))));
}

function drawNow(told) {
  const last = told.series.at(-1);
  const sum = (name) => told.queues.reduce((all, one) => all + one[name], 0);
  const tile = (name, value, kind) => element("div", { className: kind }, element("dt", { textContent: text(name) }), element("dd", { textContent: value === undefined ? "–" : number(value) }));
  byId("now").replaceChildren(...PEOPLE.map((name, index) => tile(name, last?.[name], `s${index + 1}`)), tile("open_cases", sum("open"), ""), tile("late_cases", sum("late"), ""));
}

async function refresh() {
  try {
    const since = new Date(Date.now() - Number(byId("since").value) * 3600000).toISOString();
    const told = await ask(`/figures?${new URLSearchParams({ crisis: byId("crisis").value, since })}`);
    byId("counted").textContent = told.counted_at ? text("counted", { time: new Date(told.counted_at).toLocaleTimeString(settings.language) }) : text("none_yet");
    const { counted_at, ...rest } = told;
    if (JSON.stringify(rest) !== shown && !document.activeElement?.closest("table")) { /* what somebody stands on stays */
      shown = JSON.stringify(rest);
      drawNow(told);
      drawPlot("people", told.series, PEOPLE);
      drawPlot("lateness", told.series, CASES);
      drawTables(told);
    }
    problem("");
  } catch (failure) {
    problem(failure instanceof TypeError ? text("offline") : failure.message);
  }
}

async function start() {
  const who = await ask("/me");
  byId("crisis").append(element("option", { value: "", textContent: text("all_crises") }), ...who.crises.map((one) => element("option", { value: one, textContent: one })));
  byId("crisis-line").hidden = who.crises.length < 2;
  byId("crisis").addEventListener("change", refresh);
  byId("since").addEventListener("change", refresh);
  byId("full").addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : document.querySelector("main").requestFullscreen()));
  await refresh();
  setInterval(refresh, REFRESH_MS);
}

start().catch(() => problem(text("offline")));
