# SPDX-License-Identifier: Apache-2.0
"""What a phone keeps, where it cannot keep all it could, and that it forgets all of it when its owner says so, and only then."""
import http.server
import threading

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from harness import people
from test_offline import lines, now, told_by

# What is on the phone, by where it lies.
LEFT = """const done = arguments[0], size = (of) => of.length;
Promise.all([indexedDB.databases().then(size), caches.keys().then(size), navigator.serviceWorker.getRegistrations().then(size), localStorage.length,
  sessionStorage.length, document.cookie.length]).then(done, () => done(null))"""


def left(browser):
    return browser.driver.execute_async_script(LEFT)


def network(driver, on):
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": not on, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})


def tell(browser, status, phone):
    browser.choose("status", status)
    browser.fill({"phone": phone})
    browser.submit("form[action^='/check-in']")


@pytest.mark.parametrize("worker", ["navigator.serviceWorker.register = () => Promise.reject(new DOMException('no', 'SecurityError'))",
                                    "Object.defineProperty(Navigator.prototype, 'serviceWorker', { value: undefined })"], ids=["refused", "unknown"])
def test_without_a_service_worker_the_page_itself_sends(site, browser, worker):
    """A private window, an old phone, a certificate it does not know: there is no worker, but there is an outbox."""
    since, phone, driver = now(site), people.phone(), browser.driver
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": worker})
    browser.open(f"{site.service.public_url}/check-in?lang=en")
    assert not driver.execute_script("return Boolean(navigator.serviceWorker?.controller)")
    network(driver, False)
    tell(browser, "need_help", phone)
    browser.wait_for(lambda: len(lines(browser, "waiting")) == 1, "the first waits")
    first = browser.field("client_id").get_attribute("value")
    tell(browser, "safe", phone)
    browser.wait_for(lambda: len(lines(browser, "waiting")) == 2, "the second waits behind it")
    assert browser.field("client_id").get_attribute("value") != first, "each is a message of its own"
    assert told_by(site, since) == []
    network(driver, True)
    browser.wait_for(lambda: told_by(site, since) == ["need_help", "safe"], "both in the register, in order", 30)
    browser.wait_for(lambda: not lines(browser, "waiting"), "nothing waits any more")
    tell(browser, "moving", phone)
    browser.wait_for(lambda: browser.driver.find_elements(By.CSS_SELECTOR, ".code.small"), "a receipt")
    assert browser.complaints() == [] or all("ERR_INTERNET_DISCONNECTED" in one for one in browser.complaints())
    assert told_by(site, since) == ["need_help", "safe", "moving"]


def type_answers(browser, url, name):
    browser.open(f"{url}/register?lang=en")
    browser.fill({"party/0/family_name": name, "contacts/0/value": people.phone()[4:]})


def test_forget_me_leaves_nothing_in_any_tab(site, phone_browser):
    browser, driver, url, name = phone_browser, phone_browser.driver, site.service.public_url, people.name()
    browser.open(f"{url}/?lang=en")
    browser.wait_for(lambda: left(browser)[2] == 1 and left(browser)[1] == 1, "the worker, and what it keeps")
    mine = driver.current_window_handle
    network(driver, False)
    browser.open(f"{url}/check-in?lang=en&status=safe")
    browser.fill({"phone": people.phone()})
    browser.submit("main form[action^='/check-in']")
    browser.wait_for(lambda: lines(browser, "waiting"), "a message waits")
    network(driver, True)
    driver.switch_to.new_window("tab")
    type_answers(browser, url, name)
    other = driver.current_window_handle
    driver.execute_script("sessionStorage.setItem('a', 'b'); document.cookie = 'a=b; secure'")
    driver.switch_to.window(mine)
    browser.open(f"{url}/privacy?lang=en")
    driver.execute_script("sessionStorage.setItem('a', 'b')")
    assert all(left(browser)), left(browser)
    browser.press("forget me on this phone")
    browser.wait_for(lambda: "/forget" in driver.current_url, "it is forgotten")
    browser.wait_for(lambda: left(browser) == [0] * 6, "nothing is left")
    driver.switch_to.window(other)
    browser.wait_for(lambda: "/forget" in driver.current_url, "the other tab forgot, too")
    assert name not in driver.page_source
    browser.wait_for(lambda: left(browser) == [0] * 6, "nothing is left there")
    driver.close()
    driver.switch_to.window(mine)
    assert left(browser) == [0] * 6
    browser.open(f"{url}/register?lang=en")
    assert not driver.find_element(By.ID, "resume").is_displayed() and name not in driver.page_source


def test_forget_me_without_script(site, plain_browser):
    browser = plain_browser
    browser.open(f"{site.service.public_url}/privacy?lang=en")
    browser.press("forget me on this phone")
    browser.wait_for_text("forgotten")


class Stranger:
    """Somebody else's site, whose page has every visitor's browser ask us to forget."""

    def __init__(self, target):
        page = (f"<form method=post action='{target}/forget'></form><script>const asked = new URLSearchParams(location.search);"
                f"if (asked.has('form')) document.forms[0].submit();"
                f"else fetch('{target}/forget', {{ method: 'POST', mode: 'no-cors', credentials: 'include' }})"
                f".then(() => {{ document.title = 'answered' }}, () => {{ document.title = 'failed' }})</script>").encode()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(page)))
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.hosts = [f"http://{host}:{self.server.server_port}" for host in ("localhost", "127.0.0.1")]


@pytest.fixture
def stranger(site):
    made = Stranger(site.service.public_url)
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_another_sites_page_cannot_make_a_phone_forget(site, stranger, phone_browser):
    """Neither one of another name nor one of our own name on another port."""
    browser, driver, url, name = phone_browser, phone_browser.driver, site.service.public_url, people.name()
    browser.open(f"{url}/?lang=en")
    browser.wait_for(lambda: left(browser)[1:3] == [1, 1], "what is kept")
    type_answers(browser, url, name)
    for host in stranger.hosts:
        driver.get(f"{host}/?form")
        browser.wait_for(lambda: driver.current_url.startswith(f"{url}/forget"), "the stranger's form is sent")
        assert "forgotten" not in browser.text().lower()
        driver.get(f"{host}/?fetch")
        browser.wait_for(lambda: driver.title in ("answered", "failed"), "the stranger's script is done")
    browser.open(f"{url}/register?lang=en")
    browser.wait_for(lambda: driver.find_element(By.ID, "resume").is_displayed(), "the answers are there")
    assert left(browser)[1:4] == [1, 1, 1] and name in driver.execute_script("return localStorage.getItem('muster-register')")


@pytest.mark.parametrize("scripts", ["browser", "plain_browser"])
def test_enter_in_the_long_form_sends_it_and_keeps_what_is_in_it(site, request, scripts):
    """Not to the map, nor to the questions one by one."""
    browser = request.getfixturevalue(scripts)
    name, other = people.name(), people.name()
    browser.open(f"{site.service.public_url}/register/all?lang=en")
    browser.fill({"party/0/given_names": name, "contacts/0/value": "call me", "location/place": "Dosso"})
    browser.field("party/0/family_name").send_keys(other, Keys.ENTER)
    browser.wait_for(lambda: browser.driver.find_elements(By.CSS_SELECTOR, "[role=alert]"), "what is wrong")
    assert browser.driver.find_elements(By.NAME, "_step") == [] and browser.driver.find_elements(By.NAME, "emergency_contact/name")
    for field, value in {"party/0/given_names": name, "party/0/family_name": other, "contacts/0/value": "call me", "location/place": "Dosso"}.items():
        assert browser.field(field).get_attribute("value") == value, field
