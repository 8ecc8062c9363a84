/* SPDX-License-Identifier: Apache-2.0
 * Names on the map that can be read: each stands beside its mark where neither a cell's count nor a name that matters more is. Where there is no room the mark
 * stays, and the name comes when the map is nearer; the list has every cell in words. */
const ORDER = ["post", "crossing", "assembly_point", "town", "landmark", "quarter"]; /* who is placed first */
const GAP = 4; /* pixels between a mark and its name */
const SIDES = ["right", "left", "above", "below"];

const meet = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
const isWhole = (one, map) => one.left >= map.left && one.right <= map.right && one.top >= map.top && one.bottom <= map.bottom;
const box = (left, top, width, height) => ({ left, top, right: left + width, bottom: top + height });

/* Where a name of that size stands on that side of its mark. */
function beside(mark, { width, height }, side) {
  const middle = { x: (mark.left + mark.right) / 2, y: (mark.top + mark.bottom) / 2 };
  return {
    right: box(mark.right + GAP, middle.y - height / 2, width, height), left: box(mark.left - GAP - width, middle.y - height / 2, width, height),
    above: box(middle.x - width / 2, mark.top - height, width, height), below: box(middle.x - width / 2, mark.bottom, width, height),
  }[side];
}

const rank = (label) => ORDER.findIndex((kind) => label.classList.contains(kind));

/* All is measured first and changed after: one layout, however many names. */
function place(map) {
  const seen = map.getContainer().getBoundingClientRect();
  const taken = ["markerPane", "tooltipPane"].flatMap((pane) => [...map.getPane(pane).children]).flatMap((one) => [one, ...one.querySelectorAll("*")])
    .map((one) => one.getBoundingClientRect()).filter((one) => one.width > 0);
  const labels = [...map.getPane("places").children].map((label) => ({ label, mark: label.getBoundingClientRect(), name: label.querySelector("span").getBoundingClientRect() }))
    .filter(({ mark }) => meet(mark, seen) || (mark.width === 0 && mark.left > seen.left && mark.left < seen.right && mark.top > seen.top && mark.top < seen.bottom))
    .sort((a, b) => rank(a.label) - rank(b.label));
  const marks = labels.filter(({ mark }) => mark.width > 0);
  for (const { label, mark, name } of labels) {
    const free = (side) => {
      const here = beside(mark, name, side);
      return !taken.some((one) => meet(one, here)) && !marks.some((other) => other.label !== label && meet(other.mark, here));
    };
    const side = SIDES.find((one) => free(one) && isWhole(beside(mark, name, one), seen)) ?? SIDES.find(free);
    SIDES.forEach((one) => label.classList.toggle(one, one === side));
    label.classList.toggle("unnamed", side === undefined);
    if (side !== undefined) {
      taken.push(beside(mark, name, side));
    }
  }
}

/* From now on, whenever what is drawn changes. */
export function keepNamesClear(map) {
  let due = null;
  const soon = () => {
    due ??= requestAnimationFrame(() => {
      due = null;
      place(map);
    });
  };
  const watch = new MutationObserver(soon);
  ["places", "markerPane", "tooltipPane"].forEach((pane) => watch.observe(map.getPane(pane), { childList: true }));
  map.on("zoomend moveend resize", soon);
  soon();
}
