# SPDX-License-Identifier: Apache-2.0
"""docs/durability.md names for each fault the test that shows it: each is there, and no file of tests is left out."""
import pathlib
import re

from harness.places import ROOT

HERE = pathlib.Path(__file__).parent


def test_the_tests_that_the_failure_model_names_exist():
    named = re.findall(r"`([\w/]*test_\w+\.py)::(test_\w+)`", (ROOT / "docs" / "durability.md").read_text(encoding="utf-8"))
    assert len(named) > 20
    for file, test in named:
        path = ROOT / file if "/" in file else HERE / file
        assert re.search(rf"^def {test}\(", path.read_text(encoding="utf-8"), re.MULTILINE), f"{file} has no {test}"
    left_out = {path.name for path in HERE.glob("test_*.py")} - {file for file, _ in named} - {pathlib.Path(__file__).name}
    assert not left_out, f"no fault of docs/durability.md is shown by {sorted(left_out)}"
