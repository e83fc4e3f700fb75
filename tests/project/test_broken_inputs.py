"""Whatever is broken, the command says so in one line, changes nothing and stays within time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from broken import EVERY, Broken
from documents import COMMAND, tree

from analysis import cli

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes, devices, and what a process used")

SECONDS = 10 + 10  # of processor time: what a reader may take, and the command itself on a busy machine
MEMORY = 10**9  # bytes that any one process of it may hold
LONGEST = 2200  # characters of a line, with a path before it
RUN_ON_THEIR_OWN = [each for each in EVERY if each.is_heavy]

# Runs a command and tells what it used. It is a process between the two, since what starts a command counts as the command's memory.
MEASURE = """
import json, resource, subprocess, sys
status = subprocess.call(sys.argv[2:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    json.dump([status, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024], file)
"""
# The command, which gives a reader less time than it else would: what never ends is ended no otherwise later.
HURRY = "import sys; from analysis import cli, sandbox; sandbox.run.__kwdefaults__['seconds'] = 2; sys.exit(cli.main(sys.argv[1:]))"
IMPATIENT = [sys.executable, "-c", HURRY]


class Ended(NamedTuple):
    """How the command ended."""

    status: int
    out: str
    err: str


def identified(broken: Broken) -> str:
    return f"{broken.kind}-{broken.name}".replace(" ", "_")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder in which a broken input is made, in which the command runs, and in which what a user adds lies."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANALYSIS_DATA", str(tmp_path / "store"))
    return tmp_path


def prepared(broken: Broken, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Make a broken input, and return the words of the command that is to meet it."""
    words = list(broken.make(folder))
    if (folder / "shipped").exists():
        monkeypatch.setenv("ANALYSIS_SHIPPED", str(folder / "shipped"))
    return words


def check(broken: Broken, ended: Ended) -> None:
    """Check what the command said: so many lines, each with its place and what would be right, and nothing else."""
    lines = ended.err.splitlines()
    assert ended.status == 2, ended
    assert ended.out == ""
    assert "Traceback" not in ended.err
    assert len(lines) == ended.err.count("\n") == broken.lines, ended.err[:2000]
    assert all(line.isprintable() and len(line) <= LONGEST for line in lines)
    assert [said for said in broken.says if said not in ended.err] == [], ended.err[:2000]
    assert lines[0].startswith("analysis")


@pytest.mark.parametrize("broken", [each for each in EVERY if not each.is_heavy], ids=identified)
def test_a_broken_input_is_refused_by_name(
    broken: Broken, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = prepared(broken, folder, monkeypatch)
    before = tree(folder, ".lock")
    begun = time.process_time()
    status = cli.main(words)
    assert time.process_time() - begun < SECONDS
    check(broken, Ended(status, *capsys.readouterr()))
    assert tree(folder, ".lock") == before


@pytest.mark.skipif(sys.platform != "linux", reason="other systems limit less")
@pytest.mark.parametrize("broken", RUN_ON_THEIR_OWN, ids=identified)
def test_what_aims_at_time_or_memory_stays_within_both(
    broken: Broken, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = prepared(broken, folder, monkeypatch)
    before = tree(folder, ".lock")
    is_endless = any("takes more than 2 seconds" in each for each in broken.says)
    ended, seconds, memory = measured([*(IMPATIENT if is_endless else COMMAND), *words], folder)
    check(broken, ended)
    assert tree(folder, ".lock") == before
    assert seconds < SECONDS
    assert memory < MEMORY


def measured(words: Sequence[str], folder: Path) -> tuple[Ended, float, int]:
    """Run the command; return how it ended, and the time and memory of it and of the processes that it waited for."""
    used = folder / "used"
    command = [sys.executable, "-IS", "-c", MEASURE, str(used), *words]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    status, seconds, memory = json.loads(used.read_text())
    used.unlink()
    return Ended(status, done.stdout, done.stderr), seconds, memory


def test_there_are_many_broken_inputs_of_every_kind_and_each_has_its_name() -> None:
    kinds = Counter(broken.kind for broken in EVERY)
    assert len(EVERY) >= 250
    assert set(kinds) == {
        "article", "claims", "force", "manifest", "matrix", "notebook", "offence", "option", "period", "register",
        "release", "workbook",
    }  # fmt: skip
    assert [name for name, times in Counter(map(identified, EVERY)).items() if times > 1] == []


MEGABYTE = 10**6
FILLINGS = {"every byte": bytes(range(256)) * (MEGABYTE // 256), "repeated": b"Kent and " * (MEGABYTE // 9), "nested": b"[" * MEGABYTE, "signs": b"a: *a " * (MEGABYTE // 6)}  # fmt: skip
COMMANDS = {
    "claims": (["claims"], ".yaml"),
    "check": (["check"], ".txt"),
    "data verify": (["data", "verify"], ".csv"),
    "data add CSV": (["data", "add"], ".csv"),
    "data add ODS": (["data", "add"], ".ods"),
    "data add XLSX": (["data", "add"], ".xlsx"),
    "build --matrix": (["build", "--matrix"], ".csv"),
    "build --areas": (["build", "--areas"], ".csv"),
    "build --notebook": (["build", "--notebook"], ".ipynb"),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("filling", FILLINGS)
def test_any_megabyte_is_refused_in_time(
    filling: str, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words, suffix = COMMANDS[command]
    path = tmp_path / f"given-230426{suffix}"
    path.write_bytes(FILLINGS[filling])
    _refused([*words, str(path)], capsys)


@pytest.mark.parametrize("name", ["K" * 100_000, "Kent+" * 900, "Kent+" * 20_000, "Kent without " * 380, "Kent without " * 8000])  # fmt: skip
def test_a_name_of_any_length_is_refused_in_time(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    _refused(["compare", name], capsys)
    _refused(["compare", "Kent", "--offence", name], capsys)
    _refused(["compare", "Kent", "--period", name], capsys)


def _refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    start = time.process_time()
    assert cli.main(words) == 2
    assert time.process_time() - start < SECONDS
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("analysis: ")
    assert len(line) <= LONGEST
