# SPDX-License-Identifier: Apache-2.0
"""Whether a page can be used by everybody, as far as axe-core can tell: WCAG 2.2, levels A and AA."""
import functools
import subprocess

from harness.places import ROOT

RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] })
  .then((found) => done(found.violations.map((one) => `${one.id}: ${one.help}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`)))
  .catch((failure) => done([String(failure)]));
"""


@functools.cache
def _axe():
    subprocess.run([ROOT / "cmd" / "dev" / "axe.sh"], check=True)
    return (ROOT / "build" / "tools" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def violations(browser):
    """Selectors and rules, and nothing of what the page says."""
    browser.driver.execute_script(_axe())
    return browser.driver.execute_async_script(RUN)


def assert_accessible(browser):
    """As it stands, in the light and in the dark."""
    for scheme in ("light", "dark"):
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
        found = violations(browser)
        assert found == [], f"{scheme}: {found}"
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
