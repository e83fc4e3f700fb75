"""The table of what was tried is what the tests are."""

from __future__ import annotations

import re

import table


def test_the_table_is_what_the_tests_are() -> None:
    assert table.README.read_text(encoding="utf-8") == table.page(), "run `python tests/table.py`"


def test_every_file_that_is_named_is_there() -> None:
    named = set(re.findall(r"\]\(([^)]+)\)", table.README.read_text(encoding="utf-8")))
    assert len(named) > 15
    assert not [name for name in named if not (table.TESTS / name).is_file()]


def test_every_group_of_trials_is_there() -> None:
    groups = set(re.findall(r"^\| ([A-Z][a-z ]+) \|", table.README.read_text(encoding="utf-8"), re.M))
    assert {"Same bytes", "Killed", "No room", "Broken inputs", "Nothing let in", "Correct", "In the browser", "Searched"} <= groups  # fmt: skip
