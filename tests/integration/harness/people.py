# SPDX-License-Identifier: Apache-2.0
"""Invented people. Whatever identifies one of them is remembered, so that logs, dumps and journals can be searched for it."""
import base64
import itertools
import random
import re
import uuid

_ONSETS = ("Bal", "Cor", "Dren", "Fal", "Gim", "Hob", "Jas", "Kel", "Lom", "Mar", "Nor", "Pel", "Quil", "Ros", "Sten", "Tur")
_MIDDLES = ("abre", "edo", "ifi", "onka", "ulmi", "arvo", "ettri", "iska")
_ENDINGS = ("zewicz", "mbrook", "dottir", "ngarde", "vashti", "quell", "ffonso", "xaver")
_TOWNS = (("Niamey", 13.5137, 2.1098), ("Zinder", 13.8072, 8.9881), ("Maradi", 13.5, 7.1017), ("Agadez", 16.9733, 7.9911),
          ("Tahoua", 14.8888, 5.2692), ("Dosso", 13.049, 3.1937))

_random = random.Random(20230802)
_numbers = itertools.count(1_234_567, 37)
_known = set()


WINDOW = 6 # no text is shorter, nor any form of one


def remember(*values):
    """Marks texts as personal: they must never be seen outside the desk."""
    for value in values:
        assert len(value) >= WINDOW, f"too short to search for: {value!r}"
        _known.add(value)


def known():
    return frozenset(_known)


def name():
    """A family name that no log line or SQL keyword resembles."""
    invented = _random.choice(_ONSETS) + _random.choice(_MIDDLES) + _random.choice(_ENDINGS)
    invented += _random.choice("aeiou") + _random.choice("bcdfgklmnprst") + _random.choice("aeiou")
    remember(invented)
    return invented


def phone():
    """A number of Niger in E.164, different at each call."""
    national = f"9{next(_numbers) % 10_000_000:07d}"
    remember(national)
    return f"+227{national}"


def passport():
    number = f"Q{_random.randrange(10**8, 10**9)}"
    remember(number)
    return number


def words(text):
    """A message with an invented word that makes it findable."""
    return f"{text} {name().lower()}"


def document():
    return {"type": "passport", "number": passport(), "country": "US"}


def member(**changes):
    return {"family_name": name(), "given_names": name(), "birth_date": "1979-05-23", "citizenships": ["US"],
            "category": "citizen", "document": document()} | changes


def location():
    town, lat, lon = _random.choice(_TOWNS)
    return {"lat": round(lat + _random.uniform(-0.05, 0.05), 6), "lon": round(lon + _random.uniform(-0.05, 0.05), 6),
            "accuracy_m": 25, "place": words(f"near the market of {town}"), "admin1": "NE-8"}


def registration(**changes):
    """Every field of the contract, for one person."""
    return {"crisis": "ner-2023", "client_id": str(uuid.uuid4()), "language": "en", "party": [member()],
            "contacts": [{"kind": "phone", "value": phone(), "primary": True}], "location": location(), "intent": "staying",
            "emergency_contact": {"name": name(), "relation": "sister", "phone": phone()},
            "consent": {"family": True, "partners": False}} | changes


def check_in(**changes):
    return {"client_id": str(uuid.uuid4()), "status": "safe"} | changes


def traces(haystack, texts=None):
    """Which of `texts` (all known, unless told) are in `haystack`: plain, without regard to case, in UTF-16, in hexadecimal, in
    base64."""
    lowered = haystack.lower()
    seen, seen_lowered = _windows(haystack), _windows(lowered)
    found = []
    for text in sorted(_known if texts is None else texts):
        raw = text.encode()
        forms = [raw.hex().encode(), raw.lower().hex().encode(), text.encode("utf-16-be").lower()]
        if (text.lower().encode()[:WINDOW] in seen_lowered and _stands_in(text.lower(), lowered)
                or any(form[:WINDOW] in seen_lowered and form in lowered for form in forms)
                or any(form[:WINDOW] in seen and form in haystack for form in _base64_forms(raw))):
            found.append(text)
    return found


def _windows(haystack):
    """All that stands in it, WINDOW octets long: a log of megabytes is not searched for each of thousands of texts."""
    return {haystack[at:at + WINDOW] for at in range(len(haystack) - WINDOW + 1)}


def _stands_in(text, lowered):
    """Digits alone also occur by chance in what is written in hexadecimal: they count where they stand by themselves."""
    plain = text.encode()
    if plain not in lowered or re.fullmatch("[0-9a-f]+", text) is None:
        return plain in lowered
    return re.search(b"(?<![0-9a-f])" + plain + b"(?![0-9a-f])", lowered) is not None


def _base64_forms(raw):
    """What every base64 text that holds `raw` somewhere must hold: for each of three alignments, the symbols that depend on
    `raw` alone."""
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw)
        first = -(-shift * 8 // 6)
        last = (shift + len(raw)) * 8 // 6
        yield encoded[first:last]
