# SPDX-License-Identifier: Apache-2.0
"""Makes the harness importable and its fixtures known to every folder of tests."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "integration"))

from harness.fixtures import *  # noqa: E402,F401,F403  (pytest finds fixtures by name)
