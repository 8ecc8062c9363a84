/* SPDX-License-Identifier: Apache-2.0
 * The queues and the cases of the one that is open, in answer order. */
import { become, becomeAll, byId, element } from "./desk_kit.js";
import { loadCase, openCase } from "./console_act.js";
import { choose, drawBulk, dropGone, isChosen } from "./console_bulk.js";
import { ask, followingPath, refusal } from "./console_call.js";
import { hasDraft } from "./console_drafts.js";
import { needChips } from "./console_icons.js";
import { presenceWords } from "./console_live.js";
import { writeAddress } from "./console_view.js";
import { readWhere, where } from "./console_where.js";
import { bandMark, code, codes, due, exercise, holder, mayAct, PAGE_SIZE, people, problem, state, waits, words } from "./console_words.js";

export function drawQueues() {
  becomeAll(byId("queues"), state.queues.map((queue) => {
    const button = element("button", { type: "button", onclick: () => chooseQueue(queue.queue) }, code("queue", queue.queue), " ",
      element("b", { textContent: queue.unclaimed, title: words("unclaimed") }), `/${queue.open}`);
    if (queue.late > 0) {
      button.append(" ", element("span", { className: "late", textContent: `${queue.late} ${words("late")}` }));
    }
    if (queue.queue === state.queue) {
      button.setAttribute("aria-current", "true");
    }
    return button;
  }));
  byId("queue-name").textContent = code("queue", state.queue);
}

/* A box to choose the row by; with the shift key, all from the last one. */
function chooser(one, index) {
  const on = isChosen(one.case);
  const box = element("input", { type: "checkbox", tabIndex: -1, onclick: (event) => choose(index, event.target.checked, event.shiftKey) });
  box.setAttribute("aria-label", words("choose_case", { case: one.case }));
  box.toggleAttribute("checked", on);
  box.checked = on;
  return element("label", { className: "choose" }, box);
}

function drawRow(one, index) {
  const others = presenceWords(one.case);
  const row = element("li", { className: `row b${one.band}`, "data-case": one.case },
    mayAct() ? chooser(one, index) : null,
    element("button", { type: "button", onclick: () => openCase(one.case, index) },
      element("span", { className: "first" }, bandMark(one.band), exercise(one), element("b", { textContent: one.name || words("no_name") }),
        element("span", { className: "code", textContent: one.case })),
      element("span", { className: "why", textContent: codes("reason", one.reasons) }),
      element("span", { className: "second" }, due(one), element("span", { textContent: people(one.people) }), where(one), holder(one), waits(one)),
      needChips(one.needs),
      hasDraft(one.case) && one.case !== state.open ? element("span", { className: "draft", textContent: words("draft_kept") }) : null,
      others ? element("span", { className: "others", textContent: others }) : null));
  row.classList.toggle("cursor", index === state.cursor);
  if (one.case === state.open) {
    row.querySelector("button").setAttribute("aria-current", "true");
  }
  return row;
}

/* Rows stay the elements they are, and in their places, as far as they can: nothing under the officer's pointer moves without a cause. */
function placeRows(rows) {
  const list = byId("cases");
  const standing = new Map([...list.children].map((row) => [row.dataset.case, row]));
  const wanted = new Set(rows.map((row) => row.dataset.case));
  [...list.children].filter((row) => !wanted.has(row.dataset.case)).forEach((row) => row.remove());
  rows.forEach((made, index) => {
    const row = standing.get(made.dataset.case) ?? made;
    if (row !== made) {
      become(row, made);
    }
    if (list.children[index] !== row) {
      list.insertBefore(row, list.children[index] ?? null);
    }
  });
}

export function drawCases() {
  const looks = JSON.stringify([state.queue, state.cursor, state.open, state.following, [...state.chosen],
    state.cases.map((one) => ({ ...one, waiting_s: 0, others: presenceWords(one.case), draft: hasDraft(one.case) }))]);
  if (looks === state.drawn) {
    return;
  }
  state.drawn = looks;
  const focused = byId("cases").contains(document.activeElement) ? document.activeElement.closest("li")?.dataset.case : undefined;
  state.cursor = Math.min(state.cursor, Math.max(0, state.cases.length - 1));
  placeRows(state.cases.map(drawRow));
  byId("empty").hidden = state.cases.length > 0;
  byId("more").hidden = state.following === null;
  if (focused !== undefined && !byId("cases").contains(document.activeElement)) {
    byId("cases").querySelector(`[data-case="${focused}"] button`)?.focus();
  }
}

export function moveCursor(by) {
  if (state.cases.length > 0) {
    state.cursor = Math.min(Math.max(state.cursor + by, 0), state.cases.length - 1);
    drawCases();
    byId("cases").querySelectorAll(".row > button")[state.cursor].focus();
  }
}

export async function chooseQueue(queue) {
  state.queue = queue;
  writeAddress();
  state.cursor = 0;
  state.cases = [];
  dropGone();
  drawQueues();
  drawCases();
  await refresh();
}

/* Of the place that the list is narrowed to, where it is: then they say how many are in the list. */
const figuresPath = () => `/api/v1/queues${state.filters.place ? `?${new URLSearchParams({ place: state.filters.place })}` : ""}`;

/* The figures alone; a figure that does not come is the next one's to bring. */
export async function refreshQueues() {
  const path = figuresPath();
  const queues = await ask("GET", path).catch(() => null);
  if (queues?.ok && path === figuresPath()) {
    state.queues = (await queues.json()).queues;
    drawQueues();
  }
}

export async function refresh() {
  const queue = state.queue;
  const filters = JSON.stringify(state.filters);
  const asked = new URLSearchParams(state.filters);
  const size = Math.min(Math.max(PAGE_SIZE, state.cases.length), 200);
  const [queues, cases] = await Promise.all([
    ask("GET", figuresPath()), ask("GET", `/api/v1/queues/${encodeURIComponent(queue)}/cases?limit=${size}&${asked}`),
  ]);
  if (!queues.ok || !cases.ok) {
    const refused = await refusal(queues.ok ? cases : queues);
    if (refused) {
      problem(refused);
    }
    return;
  }
  state.queues = (await queues.json()).queues;
  const listed = (await cases.json()).cases;
  if (queue !== state.queue || filters !== JSON.stringify(state.filters)) {
    return; /* another was chosen meanwhile */
  }
  const at = state.cases[state.cursor]?.case;
  state.cases = listed;
  state.following = followingPath(cases);
  dropGone();
  drawBulk();
  state.cursor = Math.max(0, listed.findIndex((one) => one.case === at));
  drawQueues();
  drawCases();
  if (byId("problem").dataset.offline) {
    delete byId("problem").dataset.offline;
    problem("");
  }
  const shown = listed.find((one) => one.case === state.open);
  if (shown !== undefined && shown.version !== state.version && !state.busy && !isTyping()) {
    await loadCase(state.open);
  }
}

export async function loadMore() {
  const answer = state.following === null ? null : await ask("GET", state.following);
  if (answer?.ok) {
    state.cases = state.cases.concat((await answer.json()).cases);
    state.following = followingPath(answer);
    drawCases();
  }
}

export async function refreshSafely() {
  try {
    await refresh();
  } catch {
    problem(words("offline"));
    byId("problem").dataset.offline = "1";
  }
}

export function isTyping() {
  const focused = document.activeElement;
  return focused !== null && ["INPUT", "TEXTAREA", "SELECT"].includes(focused.tagName) && focused.value !== "";
}

readWhere(() => {
  if (state.cases.length > 0) {
    state.drawn = "";
    drawCases();
  }
});
