# SPDX-License-Identifier: Apache-2.0
"""Tiles of a server that the operator names: asked of it and of nobody else, under the same map; by default nobody is asked."""
import base64
import http.server
import ssl
import threading

import pytest
from selenium.webdriver.common.by import By

from accessibility import assert_accessible
from harness.site import Site
from test_broadcast_pages import one

PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADBwIAMCbHYQAAAABJRU5ErkJggg==")


@pytest.fixture(scope="module")
def tiled():
    """A site, and the paths that its tile server was asked for."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, self.headers.get("Referer")))
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(PIXEL)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Site({"desk": {"tiles_url": f"https://127.0.0.1:{server.server_port}/t/{{z}}/{{x}}/{{y}}.png", "tiles_attribution": "Tiles <b>of ours</b>"}})
    try:
        site.start()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(site.service.certificate, site.service.private_key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield site, asked
    finally:
        server.shutdown()
        site.close()


def open_map(browser, site):
    officer = site.staff(number=253)
    browser.driver.set_window_size(1280, 900)
    browser.open(f"{site.service.desk_url}/sign-in?lang=en")
    browser.fill({"user": officer.user, "password": officer.password})
    browser.submit("form")
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "queues"), "the console")
    browser.open(f"{site.service.desk_url}/map?lang=en")
    browser.wait_for(lambda: browser.driver.find_elements(By.CSS_SELECTOR, "path.country"), "the base map")


def test_tiles_of_the_server_that_is_named(tiled, browser):
    site, asked = tiled
    open_map(browser, site)
    browser.wait_for(lambda: browser.driver.find_elements(By.CSS_SELECTOR, "img.leaflet-tile-loaded"), "a tile")
    assert asked and all(path.startswith("/t/") and referer is None for path, referer in asked), "nor is it told who asks"
    assert "Tiles <b>of ours</b>" in one(browser, ".leaflet-control-attribution").text, "as text"
    assert_accessible(browser)
    browser.picture("map-tiles")
    assert browser.complaints() == []


def test_without_one_nobody_is_asked(site, browser):
    open_map(browser, site)
    assert not browser.driver.find_elements(By.CSS_SELECTOR, "img.leaflet-tile")
    assert site.desk().get("/map").headers["Content-Security-Policy"].count("https:") == 0
    assert browser.complaints() == []
