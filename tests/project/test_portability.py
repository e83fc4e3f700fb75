"""What macOS and Windows have otherwise, as far as it can be simulated: no forks or local sockets, names, paths, encodings."""

from __future__ import annotations

import multiprocessing
import re
import subprocess
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import made
import official
import pytest
from documents import TOP, tree

from analysis import compare, publish, sandbox
from analysis.figures import added
from analysis.publish.pages import _page_of_row
from analysis.terms import areas, offences

RELEASE = "2026-04-23"
# Windows has devices of these names in every folder, whatever the ending and the case.
DEVICES = {"con", "prn", "aux", "nul", *(f"{kind}{number}" for kind in ("com", "lpt") for number in range(1, 10))}
LONGEST_PATH = 260  # on Windows, unless it is told otherwise
FOLDER = 100  # of those for the folder that somebody chooses

# Objects where text is read or written in an encoding that nobody named.
ENCODED = ("-X", "warn_default_encoding", "-W", "ignore")
ENCODINGS = """
import sys, warnings
warnings.filterwarnings("error", category=EncodingWarning, module="analysis")
from analysis.cli import main
sys.exit(main())
"""
# Takes away what only some systems have besides, as the interpreter would find it there.
ELSEWHERE = f"""
import os, signal, sys
for name in ("fork", "forkpty", "killpg", "sched_getaffinity", "symlink", "link"):
    delattr(os, name)
sys.modules |= dict.fromkeys(("resource", "grp", "pwd"))
{ENCODINGS}
"""


def test_without_forks_links_or_local_sockets_the_bytes_are_the_same_and_text_has_one_encoding(
    everything: Path, tmp_path: Path
) -> None:
    words = ["build", "--force", "Kent", "--release", RELEASE, "--jobs", "1", "--output", str(tmp_path / "out")]
    done = _run(ELSEWHERE, *words, options=ENCODED)
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stderr.splitlines() if ": made (" not in line] == []
    made, usual = tree(tmp_path / "out"), tree(everything)
    # Pages alone differ, since their links lead to the pages that are there; an executed notebook has all that they show.
    assert {name for name in made if made[name] != usual[name]} == {
        "forces/kent.html",
        "forces/kent/88a.html",
        "manifest.json",
    }
    assert sum("kent" in name for name in made) > 5


def test_a_workbook_is_read_where_the_system_knows_no_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_CHILD", f"import sys; sys.modules['resource'] = None; {sandbox._CHILD}")
    path = official.ods(tmp_path / "tables-261022.ods", official.years(2012, 2013, forces=areas.NAMES))
    assert made.held(added.add(path, as_it_is=True)).id == "2022-10-26"


@pytest.mark.parametrize("way", ["spawn", "forkserver"])
def test_results_pass_between_processes_that_are_not_forked(way: str) -> None:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context(way)) as pool:
        assert pool.submit(compare, "Kent", release=RELEASE).result() == compare("Kent", release=RELEASE)
        assert pool.submit(publish.request, release=RELEASE).result() == publish.request(release=RELEASE)


def test_every_file_has_a_name_that_every_system_can_hold(everything: Path) -> None:
    names = list(tree(everything))
    assert len(names) > 300
    for name in names:
        assert re.fullmatch(r"[A-Za-z0-9._/-]+", name)
        assert len(name) < LONGEST_PATH - FOLDER
        for part in name.split("/"):
            assert part.partition(".")[0].casefold() not in DEVICES
            assert not part.startswith((".", "-", " "))
            assert not part.endswith((".", " "))


def test_no_two_files_differ_by_case_alone(everything: Path) -> None:
    folded = Counter(name.casefold() for name in tree(everything))
    assert [name for name, count in folded.items() if count > 1] == []


@pytest.mark.parametrize("area", [areas.ENGLAND_AND_WALES.name, *areas.NAMES])
def test_pages_of_a_matrix_have_such_names_too(area: str) -> None:
    period, names = "2012-04..2025-12", Counter[str]()
    for code in offences.known():
        asked = {"period": period, "baseline": period, "offence": code, "release": "before-2019-08"}
        page = _page_of_row(areas.find_area(area), asked, is_mixed=True)
        assert re.fullmatch(r"[A-Za-z0-9_-]+", page.slug)
        assert page.slug.casefold() not in DEVICES
        assert len(f"notebooks/{page.slug}-contributions.ipynb") < LONGEST_PATH - FOLDER
        names[page.slug.casefold()] += 1
    assert max(names.values()) == 1


def test_nothing_in_the_project_is_a_link() -> None:
    ours = ("benchmarks", "data", "docs", "notebooks", "src", "tests")
    assert [path for name in ours for path in (TOP / name).rglob("*") if path.is_symlink()] == []


@pytest.mark.parametrize(
    "words",
    [
        ["compare", "Kent", "--release", RELEASE, "--json"],
        ["claims", "claims.yaml"],
        ["data", "list"],
    ],
    ids=lambda words: words[0],
)
def test_text_is_read_and_written_in_one_encoding_on_every_system(words: list[str], tmp_path: Path) -> None:
    first = (TOP / "data" / "raw" / "claims.yaml").read_text(encoding="utf-8").split("\n  - id: ")[:4]
    (tmp_path / "claims.yaml").write_text("\n  - id: ".join(first), encoding="utf-8")
    done = _run(ENCODINGS, *words, options=ENCODED, cwd=tmp_path)
    assert done.returncode in {0, 1}, done.stderr
    assert "EncodingWarning" not in done.stderr


def _run(
    code: str, *words: str, options: tuple[str, ...] = (), cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *options, "-c", code, *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)
