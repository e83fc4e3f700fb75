"""README.md: its commands give what it shows, and what it names is there."""

from __future__ import annotations

import re
import shlex

import documents
import pytest
from documents import TOP

from analysis import cli
from analysis.cli import running as understood

BLOCKS = documents.blocks(TOP / "README.md")
SHOWN = [shown for block in BLOCKS if block.language == "console" for shown in documents.commands(block.text)]
TARGETS = re.findall(r"^([a-z-]+):.*## ", (TOP / "Makefile").read_text(encoding="utf-8"), re.M)


def test_shows_a_command_with_its_output():
    assert SHOWN


@pytest.mark.parametrize(("words", "output"), SHOWN, ids=lambda value: value[1] if isinstance(value, list) else "")
def test_a_command_prints_what_is_shown(words, output, capsys):
    assert words[0] == "analysis"
    cli.main(words[1:])
    printed = capsys.readouterr().out
    assert documents.agrees(output, printed), printed


@pytest.mark.parametrize("line", [line for b in BLOCKS if b.language == "sh" for line in b.text.splitlines() if line])
def test_every_command_named_can_be_parsed(line, monkeypatch):
    monkeypatch.setattr(understood.Command, "invoke", lambda *_: cli.DONE)
    words = shlex.split(line, comments=True)
    if words and words[0].endswith("bin/analysis"):
        assert cli.main(words[1:]) == 0
    elif words and words[0] == "make":
        assert words[1] in TARGETS


@pytest.mark.parametrize("block", [b for b in BLOCKS if b.language == "python"], ids=lambda block: block.heading)
def test_python_that_is_shown_runs(block):
    exec(block.text, {})  # noqa: S102 -- what the README has


def test_every_make_target_named_exists():
    text = (TOP / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`make ([a-z-]+)`", text)) | set(re.findall(r"^make ([a-z-]+)", text, re.M))
    assert named
    assert named <= set(TARGETS)
