/* SPDX-License-Identifier: Apache-2.0
 * What a script adds to asking: the position of the phone, told only when its button is pressed, and the answers of a registration that is
 * not sent yet, kept on this phone until it is sent or forgotten. */
const SAVED = "muster-register", ENOUGH_MS = 20000, OLD_MS = 60000;

// --- the position ----------------------------------------------------------------------------------------------------------
function place(form, at) {
  const told = { lat: at.latitude.toFixed(5), lon: at.longitude.toFixed(5), accuracy_m: Math.max(1, Math.round(at.accuracy)) };
  for (const [name, value] of Object.entries(told)) {
    form.elements[`location/${name}`].value = value;
  }
  return told.accuracy_m;
}

export function locate(box) {
  const said = box.querySelector("p"), form = box.closest("form");
  said.textContent = box.dataset.wait;
  navigator.geolocation.getCurrentPosition((found) => {
    const metres = place(form, found.coords);
    said.textContent = box.dataset.found.replace("{metres}", metres.toLocaleString(document.documentElement.lang));
    form.dispatchEvent(new Event("change"));
  }, () => { said.textContent = box.dataset.denied; }, { enableHighAccuracy: true, timeout: ENOUGH_MS, maximumAge: OLD_MS });
}

// --- the answers -----------------------------------------------------------------------------------------------------------
const own = ([name]) => name.startsWith("_");

function saved() {
  try {
    const kept = JSON.parse(localStorage.getItem(SAVED));
    return Array.isArray(kept?.answers) ? kept : null;
  } catch {
    return null;
  }
}

function save(form) {
  const answers = [...new FormData(form)].filter((one) => !own(one) && one[1] !== "");
  const step = form.elements._step?.value ?? "name";
  localStorage.setItem(SAVED, JSON.stringify({ step, answers }));
}

/* The service makes the page of that question, as if the person came from it. */
function resume(kept, action) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = action;
  for (const [name, value] of [...kept.answers, ["_step", kept.step], ["_go", kept.step]]) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}

function offer(box, form) {
  const kept = saved(), [go, drop] = box.querySelectorAll("button");
  const crisis = kept?.answers.find(([name]) => name === "crisis")?.[1];
  const said = kept?.answers.some(([name]) => name.includes("/")); // all that is asked has a path
  if (!said || crisis !== form.elements.crisis.value || document.querySelector("[role=alert]")) {
    return;
  }
  box.hidden = false;
  go.addEventListener("click", () => resume(kept, form.getAttribute("action")));
  drop.addEventListener("click", () => {
    localStorage.removeItem(SAVED);
    box.hidden = true;
    form.querySelector("input:not([type=hidden])").focus();
  });
}

/* What the browser's Back or Forward brings is the page as it was left: answers given since, on other pages, are put into it, so that going on from here
 * loses none. */
function renew(form, kept) {
  const answers = kept.answers, shown = new Set(), places = "[name^='location/']";
  for (const field of [...form.elements].filter((one) => one.matches("[name]:not([name^=_], button)"))) {
    const of = answers.filter(([name]) => name === field.name).map((one) => one[1]);
    if (field.type === "hidden" && !field.matches(places)) {
      field.remove();
      continue;
    } else if (field.type === "checkbox" || field.type === "radio") {
      field.checked = of.includes(field.value);
    } else {
      field.value = of[0] ?? "";
    }
    shown.add(field.name);
  }
  for (const [name, value] of answers.filter(([name]) => !shown.has(name))) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
}

function isReturn(event) {
  return event.persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward";
}

/* The first page may have been fetched anew, and has another id then. */
function isSame(form, kept) {
  const name = document.getElementById("resume") ? "crisis" : "client_id";
  return kept?.answers.find((one) => one[0] === name)?.[1] === form.elements[name].value;
}

function keepAnswers(form) {
  const box = document.getElementById("resume");
  for (const moment of ["input", "change", "submit"]) {
    form.addEventListener(moment, () => save(form));
  }
  addEventListener("pageshow", (event) => {
    const kept = saved();
    if (isReturn(event)) {
      if (!sessionStorage.left && isSame(form, kept)) {
        renew(form, kept);
      }
    } else if (box) {
      offer(box, form);
    } else if (form.elements._step) {
      save(form); // a question further on: what came before it is in the form
    }
  });
}

const form = document.querySelector("form[action^='/register']");
if (document.getElementById("registered")) {
  localStorage.removeItem(SAVED);
} else if (form) {
  keepAnswers(form);
}
