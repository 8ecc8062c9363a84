/* SPDX-License-Identifier: Apache-2.0
 * Light, dark, or as the system has it: remembered in this browser. It runs before anything is painted, so nothing flashes: what style sheets say for
 * the dark is made to hold always, or never. */
(() => {
  const KEY = "muster.theme";
  const CHOICES = ["system", "light", "dark"];
  const DARK = /prefers-color-scheme:\s*dark/;
  const rules = new Map();

  const chosen = () => {
    try {
      return CHOICES.find((one) => one === localStorage.getItem(KEY)) ?? "system";
    } catch {
      return "system";
    }
  };

  function gather(sheet) {
    for (const rule of sheet?.cssRules ?? []) {
      if (rule instanceof CSSMediaRule && !rules.has(rule) && DARK.test(rule.media.mediaText)) {
        rules.set(rule, rule.media.mediaText);
      }
    }
  }

  function apply() {
    const theme = chosen();
    [...document.styleSheets].forEach(gather);
    for (const [rule, text] of rules) {
      rule.media.mediaText = theme === "system" ? text : theme === "dark" ? "all" : "not all";
    }
    document.documentElement.style.colorScheme = theme === "system" ? "" : theme;
    document.documentElement.dataset.theme = theme;
    const button = document.getElementById("theme");
    if (button !== null) {
      button.setAttribute("aria-label", button.dataset[theme]);
      button.title = button.dataset[theme];
    }
  }

  apply();
  document.addEventListener("load", (event) => event.target.tagName === "LINK" && apply(), true); /* a page's own sheets come after */
  addEventListener("storage", (event) => event.key === KEY && apply()); /* another window */
  document.addEventListener("DOMContentLoaded", () => {
    apply();
    document.getElementById("theme")?.addEventListener("click", () => {
      const next = CHOICES[(CHOICES.indexOf(chosen()) + 1) % CHOICES.length];
      try {
        localStorage.setItem(KEY, next);
      } catch {
        return; /* a browser that keeps nothing stays with the system's */
      }
      apply();
    });
  });
})();
