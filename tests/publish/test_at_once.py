"""Two commands at once on one folder: one waits, or is refused by name, and both end well."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

import official
from documents import COMMAND, tree

from analysis.figures.register import load_added


def started(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen([*COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_second_build_into_one_folder_is_refused_and_the_first_completes(tmp_path: Path) -> None:
    output = tmp_path / "reports"
    (tmp_path / "rows.csv").write_text("force\nKent\n", encoding="utf-8")
    words = ["build", "--matrix", str(tmp_path / "rows.csv"), "--release", "2026-04-23", "--output", str(output)]
    first = started(*words)
    while not ((holder := output / ".staging" / ".holder.lock").exists() and holder.read_text()):
        assert first.poll() is None
        time.sleep(0.001)
    second = started(*words)
    assert second.communicate() == (
        "",
        f"analysis: {output}/.staging: process {first.pid} is writing there; "
        "wait for it or end it, or give --output another folder\n",
    )
    assert second.returncode == 2
    printed, _ = first.communicate()
    assert first.returncode == 0
    assert printed.startswith("1 made, 0 unchanged, 0 failed")
    found = tree(output)
    del found["manifest.json"]
    assert json.loads((output / "manifest.json").read_text(encoding="utf-8"))["outputs"] == found


def test_of_two_additions_one_waits_and_both_are_held(tmp_path: Path) -> None:
    paths = [
        official.ods(tmp_path / f"tables-{day}.ods", official.years(2012, last))
        for day, last in (("201124", 2023), ("201125", 2024))
    ]
    running = [started("data", "add", "--as-it-is", str(path)) for path in paths]
    for each in running:
        printed, said = each.communicate()
        assert each.returncode == 0
        assert all("waiting up to 120 seconds for process" in line for line in said.splitlines())
        assert printed.startswith("Added release")
    assert [release.id for release in load_added().releases] == ["2024-11-20", "2025-11-20"]
