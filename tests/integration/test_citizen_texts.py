# SPDX-License-Identifier: Apache-2.0
"""Pages that inform, the card of a registration, and leaving without a trace."""
import re
import uuid

import pytest

from harness import people

LANGUAGES = ("en", "fr", "ha", "dje", "ar")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/alerts", "/privacy"])
def test_what_we_do_is_said_in_each_language(citizen, path, language):
    page = citizen.get(f"{path}?lang={language}")
    assert page.status_code == 200 and f'<html lang="{language}"' in page.text and page.headers["ETag"]
    assert "<script" not in page.text or 'src="/' in page.text


def test_a_receipt_is_a_card_and_no_address_holds_the_code(citizen):
    form = {"client_id": str(uuid.uuid4()), "crisis": "ner-2023", "party/0/family_name": people.name()}
    page = citizen.post("/register?lang=en", data=form)
    assert page.status_code == 201
    code = re.search(r'class="code">([0-9A-Z-]{11})<', page.text).group(1)
    spelled = re.search(r"<bdi>([^<]+)</bdi>", page.text).group(1)
    said = "".join(word if word.isdigit() else word[0] for word in spelled.replace(",", "").split())
    assert said == code.replace("-", "") and "<svg" in page.text
    addresses = re.findall(r'(?:href|action)="([^"]+)"', page.text)
    assert addresses and not [address for address in addresses if code in address]

    opened = citizen.post("/check-in?lang=en", data={"_open": "1", "case": code})
    assert opened.status_code == 200 and f'value="{code}"' in opened.text and "content-encoding" not in opened.headers
    assert re.search(r'name="client_id" value="[0-9a-f-]{36}"', opened.text), "nothing was sent yet"


def test_leaving_and_forgetting(citizen):
    away = citizen.get("/leave")
    assert away.status_code == 303 and away.headers["Location"].startswith("https://")
    forgotten = citizen.post("/forget?lang=fr")
    assert forgotten.status_code == 200 and '<html lang="fr"' in forgotten.text
    assert {part.strip() for part in forgotten.headers["Clear-Site-Data"].split(",")} == {'"cache"', '"cookies"', '"storage"'}


def test_another_page_cannot_make_a_phone_forget(citizen):
    """What waits to be sent is in the storage that would be cleared."""
    for site in ("cross-site", "same-site"):
        answer = citizen.post("/forget", headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 403 and "Clear-Site-Data" not in answer.headers
    assert "Clear-Site-Data" in citizen.post("/forget", headers={"Sec-Fetch-Site": "same-origin"}).headers


def test_the_whole_form_has_no_way_that_loses_it(citizen):
    """Enter presses a form's first button."""
    page = citizen.get("/register/all?lang=en").text
    assert page.index("<form") < page.index("<button") and "formaction" not in page
