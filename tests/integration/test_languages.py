# SPDX-License-Identifier: Apache-2.0
"""Five languages for citizens, two for officers: what is missing stops the build, and what is there is what they read."""
import re
import shutil
import subprocess

import pytest

from harness.places import ROOT

FIVE = {"en": "ltr", "fr": "ltr", "ha": "ltr", "dje": "ltr", "ar": "rtl"}
PAGES = ROOT / "lib/page"


def embed(folder, language, change):
    """The build's step over the real texts, one of them changed."""
    texts = folder / "texts"
    shutil.copytree(PAGES / "texts", texts)
    path = texts / f"{language}.po"
    before = path.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, encoding="utf-8")
    files = [*sorted((PAGES / "assets").iterdir()), *sorted((PAGES / "templates").iterdir()), *sorted(texts.iterdir())]
    return subprocess.run(["/usr/bin/python3", ROOT / "cmd/dev/embed_assets.py", *files], capture_output=True, text=True, check=False)


def entry(key):
    return re.compile(rf'msgid "{re.escape(key)}"\nmsgstr ".*"\n')


@pytest.mark.parametrize("language, change, said", [
    ("ha", lambda text: entry("home.safe").sub("", text), "ha.po: home.safe has no text"),
    ("dje", lambda text: entry("status.safe").sub('msgid "status.safe"\nmsgstr ""\n', text), "dje.po: status.safe has no text"),
    ("ar", lambda text: text.replace("الملف {case}", "الملف", 1), "ar.po: status_page.case has other placeholders"),
    ("ar", lambda text: text + '\nmsgid "home.saef"\nmsgstr "x"\n', "ar.po: home.saef is not in en.po"),
    ("ha", lambda text: text.replace("Muster: mun gode, mun", "Muster: mun gode, ɓmun"), "ha.po: sms.safe has ɓ"),
    ("fr", lambda text: entry("console.title").sub("", text), "fr.po: console.title has no text"),
    ("ha", lambda text: text.replace('"X-Direction: ltr\\n"\n', ""), "ha.po: its header must name"),
])
def test_what_a_citizen_would_miss_stops_the_build(tmp_path, language, change, said):
    made = embed(tmp_path, language, change)
    assert made.returncode != 0 and said in made.stderr, made.stderr


@pytest.mark.parametrize("language", FIVE)
def test_a_page_is_in_the_browsers_language(site, citizen, language):
    page = citizen.get("/", headers={"Accept-Language": f"{language};q=0.9, en;q=0.1"}).text
    assert f'<html lang="{language}" dir="{FIVE[language]}">' in page
    assert re.findall(r'hreflang="([a-z]+)"', page) == ["en", "fr", "ar", "dje", "ha"]
    assert f'<html lang="{language}"' in citizen.get(f"/?lang={language}", headers={"Accept-Language": "fr"}).text
    assert f'lang={language}' in page, "its links stay in it"


def test_a_refusal_is_in_the_callers_words(citizen):
    told = citizen.post("/api/v1/check-ins", json={"status": "fine"}, headers={"Accept-Language": "ar"})
    assert told.status_code == 422 and told.headers["Content-Language"] == "ar"
    assert all(re.search("[\u0600-\u06ff]", error["message"]) for error in told.json()["errors"])


def test_the_desk_speaks_what_officers_texts_are_in(site):
    desk = site.browser()
    page = desk.get("/sign-in", headers={"Accept-Language": "ha, fr;q=0.5"}).text
    assert '<html lang="fr"' in page and re.findall(r'hreflang="([a-z]+)"', page) == ["en", "fr"]
