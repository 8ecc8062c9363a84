# SPDX-License-Identifier: Apache-2.0
"""Words of text messages: what a translator gets wrong is told with file and line, and what is right becomes a table."""
import pathlib
import subprocess

import pytest

EMBED = pathlib.Path(__file__).parents[2] / "cmd/dev/embed_words.py"
GOOD = "order: 1\nstatus need_help: taimako, Bukɓatar d’aide,\n  s’il-vous-plaît\n"


def embed(folder, **files):
    files.setdefault("any", "order: 0\nwell: ok\n")
    for name, text in files.items():
        (folder / f"{name}.words").write_text(text, encoding="utf-8")
    paths = sorted(folder.glob("*.words"))
    return subprocess.run(["/usr/bin/python3", EMBED, *paths], capture_output=True, text=True, check=False)


def test_phrases_are_folded_and_lines_joined(tmp_path):
    made = embed(tmp_path, xx=GOOD)
    assert made.returncode == 0, made.stderr
    assert '{"taimako, bukbatar d aide, s il vous plait", SMS_STATUS, STATUS_NEED_HELP, 0},' in made.stdout
    assert "sms_words_table_count = 2;" in made.stdout


def test_a_phrase_twice_with_one_meaning_is_written_once(tmp_path):
    made = embed(tmp_path, xx="order: 1\nwell: blessé, blesse\nwell: BLESSE\n")
    assert made.returncode == 0 and made.stdout.count("blesse") == 1


@pytest.mark.parametrize("text, line, words", [
    ("order: 1\nhelpp: a", 2, "meaning 'helpp' is none of"),
    ("order: 1\nstatus need_halp: a", 2, "status 'need_halp' is none of"),
    ("order: 1\nstatus: a", 2, "status '' is none of"),
    ("order: 1\nsupply watr: a", 2, "need 'watr' is none of"),
    ("order: 1\nsupply: a", 2, "supply says no need"),
    ("order: 1\nwell money: a", 2, "well has no needs"),
    ("order: 1\nnumber zero: a", 2, "number 'zero' is not"),
    ("order: 1\npreposition up: a", 2, "preposition 'up' is none of"),
    ("order: 1\n# said\nwell: a,, b", 3, "a phrase is empty"),
    ("order: 1\nwell: a,", 2, "a phrase is empty"),
    ("order: 1\nwell: a b c d e f g", 2, "more than 6 words"),
    ("order: 1\nwell: a;b", 2, "has ;"),
    ("order: 1\nwell a, b", 2, "has no colon"),
    ("order: 1\nwell: a\nsafe: b, a", 3, "means something else in line 2"),
    ("  well: a\norder: 1", 1, "begins with a blank"),
    ("well: a", 1, "has no line `order: N`"),
    ("order: 0\nwell: a", 1, "has the order of"),
])
def test_what_cannot_be_read_is_told_with_its_line(tmp_path, text, line, words):
    made = embed(tmp_path, xx=text)
    assert made.returncode != 0
    assert f"xx.words:{line}: " in made.stderr and words in made.stderr, made.stderr
