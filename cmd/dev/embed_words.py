# SPDX-License-Identifier: Apache-2.0
"""embed_words.py FILE...: prints build/gen/domain/sms_word_table.c from lib/domain/words/*.words.

A line is `meaning [value] [need...]: phrase, phrase, ...`; a line that begins with a blank continues the one before it; `#` begins a
comment. Phrases may be written as people write them: they are folded here as lib/domain/sms_fold.c folds a message, and a unit test
compares the two. `order: N` says which table is asked first. Stops the build with file and line when a line cannot be read.
docs/languages.md is for those who write the words.
"""
import pathlib
import re
import sys
import unicodedata

PHRASE_WORDS_MAX = 6  # SMS_PHRASE_MAX
PHRASE_BYTES_MAX = 255
TABLES_MAX = 8  # SMS_LEXICONS_MAX
PLAIN = ("filler subject but or not no safe well good no_help supply condition request trapped under_fire evacuate stop start unsure code_label "
         "we_are people adults children unit ordinary").split()
STATUSES = "need_help injured in_danger moving departed".split()
NEEDS = ("medical_emergency medication mobility pregnant infant unaccompanied_minor older_person mental_health hearing vision detained "
         "violence shelter food_water money documents transport pets").split()
PREPOSITIONS = {"there": 1, "going": 0}
NUMBER_MAX = 99

# As sms_fold.c: letters that are typed as another, or as two; the marks of the rest come off.
FOLDED = str.maketrans({"æ": "ae", "œ": "oe", "ß": "ss", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ɲ": "n", "ƴ": "y", "ŋ": "n", "ı": "i", "ø": "o", "đ": "d",
                        "ł": "l", "ħ": "h", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ة": "ه", "ى": "ي", "ـ": "", "’": " ", "ʼ": " ", "'": " ", "-": " "})


def stop(path, line, message):
    sys.exit(f"{path}:{line}: {message}")


def fold(phrase):
    phrase = phrase.lower().translate(FOLDED)
    out = []
    for c in phrase:
        if c < "\u0250":  # Latin letters lose their marks; Arabic ones with a hamza are letters of their own
            c = unicodedata.normalize("NFD", c)[0]
        if not unicodedata.combining(c):
            out.append(c)
    return " ".join("".join(out).split())


def logical_lines(path):
    """(number, text) of each line with what continues it."""
    number, text = 0, ""
    for at, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.split("#", 1)[0].rstrip()
        if line[:1].isspace():
            if not text:
                stop(path, at, "begins with a blank, but there is no line above that it could continue")
            text += " " + line.strip()
        elif line:
            if text:
                yield number, text
            number, text = at, line
    if text:
        yield number, text


def read_head(path, line, head):
    """(meaning, value, needs) of what stands before the colon."""
    meaning, *rest = head.split() or [""]
    value = "0"
    if meaning in ("status", "number", "preposition"):
        value = rest.pop(0) if rest else ""
    if meaning == "status":
        if value not in STATUSES:
            stop(path, line, f"status {value!r} is none of: {', '.join(STATUSES)}")
        value = f"STATUS_{value.upper()}"
    elif meaning == "number":
        if not value.isdecimal() or not 1 <= int(value) <= NUMBER_MAX:
            stop(path, line, f"number {value!r} is not from 1 to {NUMBER_MAX}")
    elif meaning == "preposition":
        if value not in PREPOSITIONS:
            stop(path, line, f"preposition {value!r} is none of: {', '.join(PREPOSITIONS)}")
        value = str(PREPOSITIONS[value])
    elif meaning not in PLAIN:
        stop(path, line, f"meaning {meaning!r} is none of: {', '.join(['status', 'number', 'preposition'] + PLAIN)}")
    for need in rest:
        if need not in NEEDS:
            stop(path, line, f"need {need!r} is none of: {', '.join(NEEDS)}")
    if rest and meaning not in ("status", "supply", "condition"):
        stop(path, line, f"{meaning} has no needs: only status, supply and condition do")
    if not rest and meaning in ("supply", "condition"):
        stop(path, line, f"{meaning} says no need: name one or more of: {', '.join(NEEDS)}")
    return f"SMS_{meaning.upper()}", value, " | ".join(f"NEED_BIT(NEED_{need.upper()})" for need in rest) or "0"


def read_phrases(path, line, tail, seen, head):
    """The folded phrases of a line; one that stands in the file already is left out when it means the same there."""
    phrases = []
    for written in tail.split(","):
        phrase = fold(written)
        if not phrase:
            stop(path, line, "a phrase is empty: two commas, or one at the end")
        odd = [c for c in phrase if not (c == " " or "a" <= c <= "z" or "0" <= c <= "9" or (ord(c) >= 0x80 and c.isalnum()))]
        if odd:
            stop(path, line, f"{written.strip()!r} has {' '.join(sorted(set(odd)))}: only letters, digits, blanks, apostrophes and hyphens")
        if len(phrase.split()) > PHRASE_WORDS_MAX or len(phrase.encode()) > PHRASE_BYTES_MAX:
            stop(path, line, f"{written.strip()!r} has more than {PHRASE_WORDS_MAX} words or {PHRASE_BYTES_MAX} bytes")
        if phrase in seen:
            if seen[phrase][1] != head:
                stop(path, line, f"{written.strip()!r} means something else in line {seen[phrase][0]}")
            continue
        seen[phrase] = (line, head)
        phrases.append(phrase)
    return phrases


def read_table(path):
    """(order, rows) of one file."""
    order, rows, seen = None, [], {}
    for line, text in logical_lines(path):
        head, colon, tail = text.partition(":")
        if not colon:
            stop(path, line, "has no colon: write `meaning: phrase, phrase`")
        if head.strip() == "order":
            if not tail.strip().isdecimal():
                stop(path, line, "order is not a number")
            order = int(tail)
            continue
        meaning = read_head(path, line, head)
        phrases = read_phrases(path, line, tail, seen, meaning)
        if phrases:
            rows.append((", ".join(phrases), *meaning))
    if order is None:
        stop(path, 1, "has no line `order: N`, which says what table is asked first where two have a phrase")
    if path.stem != "any" and not re.fullmatch("[a-z]{2,3}", path.stem):
        stop(path, 1, "is not named after a language of two or three letters (ISO 639)")
    return order, rows


def main():
    paths = [pathlib.Path(name) for name in sys.argv[1:]]
    tables = sorted(((*read_table(path), path) for path in paths), key=lambda t: (t[0], t[2].stem != "any", t[2]))
    for one, other in zip(tables, tables[1:]):
        if one[0] == other[0]:
            stop(other[2], 1, f"has the order of {one[2]}: each needs its own")
    if len(tables) > TABLES_MAX or not tables or tables[0][2].stem != "any":
        sys.exit(f"embed_words: any.words must be first in order, and no more than {TABLES_MAX} tables be there")
    print("/* Made by cmd/dev/embed_words.py from lib/domain/words; do not edit. */")
    print('#include "domain/sms_words.h"\n')
    for _, rows, path in tables:
        print(f"static const struct sms_row rows_{path.stem}[] = {{")
        for phrases, meaning, value, needs in rows:
            print(f'    {{"{phrases}", {meaning}, {value}, {needs}}},')
        print("};\n")
    print("const struct sms_lexicon sms_words_table[] = {")
    for _, _, path in tables:
        language = "" if path.stem == "any" else path.stem
        print(f'    {{"{language}", rows_{path.stem}, sizeof(rows_{path.stem}) / sizeof(rows_{path.stem}[0])}},')
    print(f"}};\nconst size_t sms_words_table_count = {len(tables)};")


main()
