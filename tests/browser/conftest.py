# SPDX-License-Identifier: Apache-2.0
"""Chromium, driven by its own driver; what each test saw last is kept as a picture in build/screenshots/."""
import contextlib
import os
import re

import pytest
from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from harness.places import ROOT

PICTURES = ROOT / "build" / "screenshots"


class Browser:
    """`home`: a folder whose own store of certificates it uses, believing no others; `preferences`: of its profile."""

    def __init__(self, profile, scripts, arguments=(), home=None, preferences=None):
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        options.accept_insecure_certs = home is None # our own certificate; what it protects is tested elsewhere
        for argument in ("--headless=new", "--window-size=1280,900", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--lang=en",
                         f"--user-data-dir={profile}", "--disable-background-networking",
                         *arguments, "--no-sandbox"): # root and containers cannot have it; it sees no pages but ours
            options.add_argument(argument)
        kept = dict(preferences or {})
        if not scripts:
            kept["profile.managed_default_content_settings.javascript"] = 2
        if kept:
            options.add_experimental_option("prefs", kept)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        environment = os.environ | ({"HOME": str(home)} if home is not None else {})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver", env=environment), options=options)
        self.driver.set_page_load_timeout(30)

    def open(self, url):
        self.driver.get(url)

    def text(self):
        return self.driver.find_element(By.TAG_NAME, "body").text

    def wait_for(self, condition, what, seconds=15):
        """Asks again and again; a page that is just being left or made has elements that are gone, or not there yet."""
        waiting = WebDriverWait(self.driver, seconds, 0.1, (StaleElementReferenceException, NoSuchElementException))
        return waiting.until(lambda _: condition(), f"still not: {what}")

    def wait_for_text(self, words):
        self.wait_for(lambda: words.lower() in self.text().lower(), f"{words!r} on the page")

    def field(self, name):
        return self.driver.find_element(By.NAME, name)

    def fill(self, values):
        for name, value in values.items():
            field = self.field(name)
            field.clear()
            field.send_keys(value)

    def choose(self, name, value):
        """A radio button or an option of a list; a citizen's finger lands on its label."""
        for element in self.driver.find_elements(By.NAME, name):
            if element.tag_name == "select":
                element.find_element(By.CSS_SELECTOR, f"option[value='{value}']").click()
                return
            if element.get_attribute("value") == value:
                self.driver.find_element(By.CSS_SELECTOR, f"label[for='{element.get_attribute('id')}']").click() \
                    if element.get_attribute("id") else element.find_element(By.XPATH, "ancestor::label").click()
                return
        raise AssertionError(f"no {name} = {value}")

    def choose_option(self, id, value):
        self.driver.find_element(By.CSS_SELECTOR, f"#{id} option[value='{value}']").click()

    def submit(self, within="main form[method='post']"):
        self.driver.find_element(By.CSS_SELECTOR, f"{within} [type='submit'], {within} button:not([type])").click()

    def press(self, words):
        """The button or link that says so."""
        path = (f"//*[self::button or self::a or (self::input and @type='submit')]"
                f"[contains(translate(normalize-space(concat(., ' ', @value)), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',"
                f" 'abcdefghijklmnopqrstuvwxyz'), '{words.lower()}')]")
        found = self.wait_for(lambda: [one for one in self.driver.find_elements(By.XPATH, path) if one.is_displayed()],
                              f"a button that says {words!r}")
        found[0].click()

    def picture(self, name, widths=(1280, 360)):
        PICTURES.mkdir(parents=True, exist_ok=True)
        for width in widths:
            self.driver.set_window_size(width, 900)
            self.driver.save_screenshot(str(PICTURES / f"{name}-{width}.png"))
        self.driver.set_window_size(1280, 900)

    def overflows(self, width):
        """True when the page must be scrolled sideways at this width."""
        self.driver.set_window_size(width, 900)
        wide = self.driver.execute_script("return document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
        self.driver.set_window_size(1280, 900)
        return wide

    def complaints(self):
        """What the console reports as errors: blocked by the content security policy, scripts that failed."""
        return [entry["message"] for entry in self.driver.get_log("browser")
                if entry["level"] == "SEVERE" and not re.search(r"favicon|status of (4\d\d)", entry["message"])]

    def quit(self):
        self.driver.quit()


def _browser(tmp_path_factory, request, scripts):
    browser = Browser(tmp_path_factory.mktemp("chromium"), scripts)
    try:
        yield browser
        browser.picture(f"{request.node.name}-last")
    finally:
        browser.quit()


@pytest.fixture(scope="module", autouse=True)
def clear_desk(site):
    """What other files left open would fill a list's first page."""
    site.query("UPDATE register.triage_case SET state = 'resolved', resolved_at = now(), claimed_by = NULL, claimed_at = NULL, lease_until = NULL,"
               " waiting_until = NULL, version = version + 1 WHERE state <> 'resolved'", role="muster")


@pytest.fixture
def plain_browser(tmp_path_factory, request):
    """Chromium with JavaScript switched off."""
    yield from _browser(tmp_path_factory, request, scripts=False)


@pytest.fixture
def browser(tmp_path_factory, request):
    yield from _browser(tmp_path_factory, request, scripts=True)


@pytest.fixture
def phone_browser(tmp_path_factory, request):
    """One that lets a service worker in, which a certificate nobody signed would keep out."""
    browser = Browser(tmp_path_factory.mktemp("chromium"), scripts=True, arguments=("--ignore-certificate-errors",))
    try:
        yield browser
        browser.picture(f"{request.node.name}-last")
    finally:
        browser.quit()


@pytest.fixture
def browser_at():
    """Makes Chromiums, each with a home of its own."""
    with contextlib.ExitStack() as opened:
        def make(home, preferences=None):
            browser = Browser(home / "profile", scripts=True, home=home, preferences=preferences)
            opened.callback(browser.quit)
            return browser
        yield make


@pytest.fixture
def second_browser(tmp_path_factory):
    """For who sits at another desk."""
    browser = Browser(tmp_path_factory.mktemp("chromium"), scripts=True)
    try:
        yield browser
    finally:
        browser.quit()
