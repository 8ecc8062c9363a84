# SPDX-License-Identifier: Apache-2.0
"""The pages as a browser without JavaScript uses them: forms, and what was typed kept when something is wrong."""
import html.parser
import re

import pytest

from harness import case_codes, people


class Page(html.parser.HTMLParser):
    """The forms of a page: for each its method, action and fields, as a browser would submit them untouched."""

    def __init__(self, text):
        super().__init__()
        self.forms, self.language, self.text, self._area, self._select, self.scripts = [], None, "", None, None, 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "html":
            self.language = given.get("lang")
        elif tag == "script":
            self.scripts += 1
        elif tag == "form":
            self.forms.append({"method": given.get("method", "get").lower(), "action": given.get("action", ""), "fields": [],
                               "names": set()})
        elif self.forms and given.get("name"):
            form = self.forms[-1]
            form["names"].add(given["name"])
            if tag == "input":
                if given.get("type") not in ("checkbox", "radio", "submit") or "checked" in given:
                    form["fields"].append((given["name"], given.get("value") or ("on" if given.get("type") == "checkbox" else "")))
            elif tag == "textarea":
                self._area = (given["name"], "")
            elif tag == "select":
                self._select = (given["name"], None)
        elif tag == "option" and self._select is not None:
            if self._select[1] is None or "selected" in given:
                self._select = (self._select[0], given.get("value", ""))

    def handle_endtag(self, tag):
        if tag == "textarea" and self._area is not None:
            self.forms[-1]["fields"].append(self._area)
            self._area = None
        elif tag == "select" and self._select is not None:
            self.forms[-1]["fields"].append((self._select[0], self._select[1] or ""))
            self._select = None

    def handle_data(self, data):
        self.text += data
        if self._area is not None:
            self._area = (self._area[0], self._area[1] + data)

    def post_form(self):
        return next(form for form in self.forms if form["method"] == "post")


def fill(form, values):
    """The form's fields with some of them changed; every name must be one that the page offers."""
    unknown = set(values) - form["names"]
    assert not unknown, f"the page has no fields {sorted(unknown)}; it has {sorted(form['names'])}"
    kept = [(name, value) for name, value in form["fields"] if name not in values]
    for name, value in values.items():
        kept += [(name, one) for one in value] if isinstance(value, list) else [(name, value)]
    return kept


def open_form(citizen, path, **options):
    answer = citizen.get(path, **options)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("text/html")
    return Page(answer.text)


def submit(citizen, form, values):
    return citizen.post(form["action"], data=fill(form, values))


def typed_person():
    return {"party/0/family_name": people.name(), "party/0/given_names": people.name(), "contacts/0/value": people.phone()}


def register(citizen, values, path="/register"):
    form = open_form(citizen, path).post_form()
    answer = submit(citizen, form, values)
    if answer.status_code == 303:
        answer = citizen.get(answer.headers["Location"])
    return answer


@pytest.mark.parametrize("path", ["/", "/register", "/register/all", "/check-in", "/status", "/place"])
def test_pages_have_a_language_and_tell_the_posture(citizen, path):
    for language in ("en", "fr"):
        page = open_form(citizen, f"{path}?lang={language}")
        assert page.language == language
        by_header = open_form(citizen, path, headers={"Accept-Language": f"{language}, *;q=0.1"})
        assert by_header.language == language
    kept = citizen.get(path).headers["Cache-Control"]
    assert kept == ("no-cache" if path == "/" else "private, no-cache"), "kept for Back and Forward alone"


def test_what_holds_a_secret_is_kept_by_no_browser(citizen, registered):
    sent, told = registered
    answer = citizen.post("/status?lang=en", data={"case": told["case"], "secret": told["secret"]})
    assert answer.status_code == 200 and told["case"] in answer.text and answer.headers["Cache-Control"] == "no-store"
    form = open_form(citizen, "/register/all?lang=en").post_form()
    answer = submit(citizen, form, {"party/0/family_name": people.name()})
    assert answer.status_code == 201 and answer.headers["Cache-Control"] == "no-store"
    assert citizen.post("/forget").headers["Cache-Control"] == "no-store"


def test_the_page_says_what_is_open_and_what_is_not(citizen):
    text = re.sub(r"\s+", " ", open_form(citizen, "/?lang=en").text).lower()
    for word in ("suspended", "emergency", "niger"):
        assert word in text


def test_register_then_check_in_then_status(site, citizen):
    answer = register(citizen, typed_person())
    assert answer.status_code in (200, 201), answer.text
    case = re.search(r"\b[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}\b", answer.text).group()
    secret = re.search(r"\b(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}\b", answer.text).group()
    assert site.query("SELECT channel, state FROM report.party WHERE registration_id = %s", (case_codes.number(case),)) == [
        ("web", "registered")]

    form = open_form(citizen, "/check-in").post_form()
    said = submit(citizen, form, {"case": case, "status": "need_help", "message": people.words("we need water")})
    assert said.status_code in (200, 201, 303), said.text
    assert site.query("SELECT status, channel FROM report.check_in WHERE registration_id = %s", (case_codes.number(case),)) == [
        ("need_help", "web")]

    form = open_form(citizen, "/status").post_form()
    told = submit(citizen, form, {"case": case, "secret": secret})
    assert told.status_code == 200 and case in told.text


def test_what_was_typed_is_kept(citizen):
    typed = typed_person() | {"party/0/birth_date": "30 February"}
    answer = register(citizen, typed, "/register/all")
    assert answer.status_code == 422
    fields = Page(answer.text).post_form()["fields"]
    for name, value in typed.items():
        assert (name, value) in fields, name
    corrected = submit(citizen, Page(answer.text).post_form(), {"party/0/birth_date": "1970-02-28"})
    assert corrected.status_code in (200, 201, 303), corrected.text


def test_markup_that_was_typed_stays_text(citizen):
    evil = '"><script>alert(1)</script><b x=\'' + people.name()
    answer = register(citizen, typed_person() | {"party/0/family_name": evil, "party/0/birth_date": "never"}, "/register/all")
    page = Page(answer.text)
    assert ("party/0/family_name", evil) in page.post_form()["fields"]
    assert "<script>alert" not in answer.text


def test_sent_twice_is_stored_once(site, citizen):
    form = open_form(citizen, "/register").post_form()
    typed = typed_person()
    before = site.query("SELECT count(*) FROM report.party")[0][0]
    answers = [submit(citizen, form, typed) for _ in range(3)]
    assert len({(answer.status_code, answer.headers.get("Location"), answer.text) for answer in answers}) == 1
    assert site.query("SELECT count(*) FROM report.party")[0][0] == before + 1


def test_an_empty_form_asks_for_a_name(citizen):
    answer = register(citizen, {})
    assert answer.status_code == 422
    french = Page(citizen.get("/register?lang=fr").text).post_form()
    again = citizen.post(french["action"], data=fill(french, {}))
    assert again.status_code == 422 and Page(again.text).language == "fr"


def test_mistyped_case_on_the_form(citizen):
    form = open_form(citizen, "/check-in").post_form()
    wrong = next(case_codes.wrong_symbols(case_codes.code(123456789)))
    answer = submit(citizen, form, {"case": wrong, "status": "safe"})
    assert answer.status_code == 422
    assert ("case", wrong) in Page(answer.text).post_form()["fields"]


def test_pages_carry_the_headers_that_protect_them(citizen):
    headers = citizen.get("/register").headers
    assert "default-src" in headers["Content-Security-Policy"] and "unsafe-inline" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "max-age" in headers["Strict-Transport-Security"]
    assert headers["Referrer-Policy"] in ("no-referrer", "same-origin")
