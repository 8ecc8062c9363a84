/* SPDX-License-Identifier: Apache-2.0
 * Needs as small pictures of our own, each with its words beside it: the picture is found at a glance, the words are what it says. */
import { element } from "./desk_kit.js";
import { code } from "./console_words.js";

const SVG = "http://www.w3.org/2000/svg";
/* Strokes on a field of 24 by 24. */
const drawn = {
  medical_emergency: "M9 3h6v6h6v6h-6v6H9v-6H3V9h6z",
  medication: "M4.5 13.5l9-9a4.24 4.24 0 0 1 6 6l-9 9a4.24 4.24 0 0 1-6-6zM9 9l6 6",
  mobility: "M9.5 3a1.6 1.6 0 1 0 .01 0M9.5 8.5V14H16l3 6M9.5 11H15M7.5 12.5a5 5 0 1 0 7 6",
  pregnant: "M11 2.5a1.9 1.9 0 1 0 .01 0M9 21.5V16H7.5v-6a2.5 2.5 0 0 1 5-1c3 1.2 4.5 3.2 4 5.2S14 16.5 13 16.500v5",
  infant: "M10 2h4v3.500h-4zM8 8.500a3 3 0 0 1 3-3h2a3 3 0 0 1 3 3V20a2 2 0 0 1-2 2h-4a2 2 0 0 1-2-2zM8 12h3M8 16h3",
  unaccompanied_minor: "M12 6a2 2 0 1 0 .01 0M12 10v6M8.5 12h7M12 16l-2.5 4.500M12 16l2.5 4.500M3 7V3h4M17 3h4v4M21 17v4h-4M7 21H3v-4",
  older_person: "M9 2.500a1.8 1.8 0 1 0 .01 0M9 8v6.500l-2.5 7M9 14.500l3 7M9 9.500l5 3M16.5 13v8.500M14 13a1.25 1.25 0 0 1 2.5 0",
  mental_health: "M9 21.500v-4H6.500a1.5 1.5 0 0 1-1.5-1.500v-2.500L3 13l2-4a7 7 0 1 1 11 6.500v6M9 10.500q1.5-3 3 0t3 0",
  hearing: "M7 10a5 5 0 0 1 10 0c0 3.5-3 4-3 7a3 3 0 0 1-5.5 1.500M10 10a2 2 0 0 1 4 0c0 2-2 2-2 3.500M3 21L21 3",
  vision: "M2 12q10-11 20 0q-10 11-20 0zM12 9a3 3 0 1 0 .01 0M4 21L20 3",
  detained: "M4 3h16v18H4zM8 3v18M12 3v18M16 3v18",
  violence: "M12 2l2 5.5 5.5-2.5-2.5 5.5 5 3-6 1.5.5 5.5-4.5-3.5-4.5 3.5.5-5.5-6-1.5 5-3L4.5 5 10 7.500z",
  shelter: "M2.5 11.500L12 3l9.5 8.500M5 9.500V21h14V9.500M10 21v-6h4v6",
  food_water: "M7.5 3s-4.5 6-4.5 10a4.5 4.5 0 0 0 9 0c0-4-4.5-10-4.5-10zM17.5 8.500V21M15 3v4a2.5 2.5 0 0 0 5 0V3M17.5 3v5",
  money: "M2 6h20v12H2zM12 9a3 3 0 1 0 .01 0M5.5 9.500v.01M18.5 14.500v.01",
  documents: "M5 2h14v20H5zM12 6.500a3.5 3.5 0 1 0 .01 0M8.5 17.500h7",
  transport: "M3 17v-5l2.5-6h13l2.5 6v5zM3 12h18M6.5 17v3M17.5 17v3M6.5 14.500v.01M17.5 14.500v.01",
  pets: "M6 8.500a1.6 1.9 0 1 0 .01 0M10 4a1.6 1.9 0 1 0 .01 0M14.5 4a1.6 1.9 0 1 0 .01 0M18.5 8.500a1.6 1.9 0 1 0 .01 0M12.2 12c-3.2 0-5.2 3-5.2 5.500S9 20.5 12.2 20s5.3 0 5.3-2.5-2-5.5-5.3-5.500z",
};

function picture(path) {
  const svg = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(line);
  return svg;
}

export const needChips = (needs) => (needs?.length
  ? element("span", { className: "needs" }, needs.map((need) => element("span", { className: `need n-${need}` },
    drawn[need] ? picture(drawn[need]) : null, code("need", need)))) : null);
