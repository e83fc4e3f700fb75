"""What the machine lacks, what a person presses, and what a cell prints without end: a build ends well, and says how it went."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import official
import pytest
from documents import COMMAND, TOP, copy_of_project, tree

from analysis import files, progress
from analysis.figures.register import load_added

pytestmark = pytest.mark.skipif(os.name != "posix", reason="limits and signals of POSIX systems")

Project = Callable[..., Path]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Give what makes a copy of the project, whose page of a force is what some cells show."""
    copy = copy_of_project(tmp_path / "copy")
    path = copy / "notebooks" / "force_offence.ipynb"
    (copy / "rows.csv").write_text("force\nKent\n")

    def change(*cells: str) -> Path:
        notebook = nbformat.read(TOP / "notebooks" / "force_offence.ipynb", as_version=4)
        parameters = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())]
        shown = [nbformat.v4.new_code_cell(cell) for cell in ("from IPython.display import HTML", *cells)]
        for number, cell in enumerate(shown):
            cell["id"] = f"cell-{number}"
        notebook.cells = [*parameters, *shown]
        nbformat.write(notebook, path)
        return copy

    return change


def build(copy: Path, *options: str, script: str = '"$@"', **variables: str) -> subprocess.CompletedProcess[str]:
    words = [*COMMAND, "build", "--matrix", "rows.csv", "--release", "2026-04-23", "--output", "out", *options]
    return subprocess.run(
        ["bash", "-c", script, "bash", *words], cwd=copy, env=environment(copy) | variables,
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def environment(copy: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(copy / "src")}


def pages(copy: Path) -> dict[str, str]:
    return {name: found for name, found in tree(copy / "out").items() if name != "manifest.json"}


GOOD = "HTML('<p>recorded</p>')"


def test_what_the_machine_lacks_keeps_the_last_good_page_and_a_fault_of_the_page_does_not(project: Project) -> None:
    copy = project(GOOD)
    (copy / "rows.csv").write_text("force\nKent\nEssex\nSurrey\nDorset\n")
    assert build(copy, "--jobs", "1").returncode == 0
    before = pages(copy)
    ends = {
        "Kent": "raise MemoryError",
        "Essex": "raise OSError(24, 'Too many open files')",
        "Dorset": "import os; os._exit(9)",
        "Surrey": "1 / 0",
    }
    done = build(project(f"exec({ends}[force])"), "--jobs", "1")
    assert done.returncode == 1
    for said in (
        "forces/kent/88a: MemoryError",
        "forces/essex/88a: OSError: [Errno 24] Too many open files",
        "forces/dorset/88a: WorkerDied: the program that makes pages ended with status 9",
    ):
        (line,) = (line for line in done.stdout.splitlines() if said in line)
        assert "; the page of before is kept" in line
    assert "forces/surrey/88a: ZeroDivisionError: division by zero" in done.stdout
    found = pages(copy)
    lost = before.keys() - found.keys()
    assert lost
    assert lost == {name for name in before if "surrey" in name}
    assert all(before[name] == content for name, content in found.items())


def test_a_script_of_a_persons_own_without_a_main_guard_can_build(project: Project) -> None:
    copy = project(GOOD)
    script = """
from pathlib import Path
from analysis import publish
outcome = publish.build(publish.matrix_request(Path("rows.csv"), release="2026-04-23"), Path("out"))
print(outcome.built, outcome.failed)
"""
    (copy / "own.py").write_text(script, encoding="utf-8")
    words = [sys.executable, "-W", "error", "own.py"]
    done = subprocess.run(words, cwd=copy, env=environment(copy), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "['forces/kent/88a'] {}\n", "")


def test_the_log_of_a_build_names_what_was_read_made_and_refused_and_how_long_it_took(project: Project) -> None:
    copy = project("1 / 0 if force == 'Essex' else None", GOOD)
    (copy / "rows.csv").write_text("force\nKent\nEssex\n")
    assert build(copy, "--jobs", "1", "--log", "run.log").returncode == 1
    told = [line.partition(" INFO ")[2] for line in (copy / "run.log").read_text().splitlines()]
    inputs = json.loads((copy / "out" / "manifest.json").read_text())["inputs"]
    assert [line for line in told if line.startswith(("read data/", "read notebooks/", "read l", "read template"))] == [
        f"read {name}: SHA-256 {digest[:12]}" for name, digest in sorted(inputs.items())
    ]
    assert {"data/breaks.yaml", "notebooks/force_offence.ipynb", "library", "lock", "template"} <= inputs.keys()
    kent = [line for line in told if line.startswith("made ")]  # and again without the link to the page that failed
    assert len(kent) == 2
    assert all(re.fullmatch(r"made forces/kent/88a in \d+\.\d seconds", line) for line in kent)
    (essex,) = (line for line in told if line.startswith("failed forces/"))
    assert re.fullmatch(r"failed forces/essex/88a: ZeroDivisionError: division by zero", essex)
    assert re.fullmatch(r"took \d+\.\d seconds", told[-1])


UNHEARD = ['"$@" 2>&1 | head -1; exit ${PIPESTATUS[0]}', '"$@" 2>/dev/full', '"$@" >&- 2>&-']


def test_a_build_to_which_nobody_listens_is_finished_and_its_status_says_how_it_went(project: Project) -> None:
    copy = project(GOOD)
    assert build(copy, script=UNHEARD[0]).returncode == 0
    before, engine = pages(copy), copy / "src" / "analysis" / "publish" / "engine.py"
    assert {Path(name).suffix for name in before} == {".html", ".svg", ".ipynb"}
    code = engine.read_text(encoding="utf-8")
    for script in UNHEARD:
        for found, status in (("raise MemoryError", 1), (code, 0)):  # no worker starts; there is nothing to make
            engine.write_text(found, encoding="utf-8")
            assert build(copy, script=script).returncode == status
            assert pages(copy) == before


def test_a_reader_that_is_gone_stops_no_progress() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w") as stream:  # noqa: PTH123  # it has no path
        shown = progress.Progress(stream)
        shown.begin(2)
        shown.page("kent")
        shown.close()
        os.dup2(os.open(os.devnull, os.O_WRONLY), writer)  # for what is left to be written


@pytest.mark.parametrize("is_terminal", [False, True])
def test_lines_of_progress_tell_the_minutes_to_go_of_a_long_build_and_stay_in_place_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, *, is_terminal: bool
) -> None:
    seconds = iter([300, 300, 360, 400])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(seconds))
    monkeypatch.setenv("COLUMNS", "12")
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: is_terminal)
    shown = progress.Progress(stream)
    shown.begin(5)
    shown.page("kent")
    shown.page("surrey", "MemoryError")
    shown.close()
    failed = "surrey: FAILED: MemoryError (2 of 5, 3 min to go)\n"
    on_terminal = f"kent: made \r{failed}{' ' * 11}\r"
    assert stream.getvalue() == (on_terminal if is_terminal else f"kent: made (1 of 5)\n{failed}")


def test_what_an_encoding_does_not_hold_is_written_as_escapes_and_a_backend_that_is_none_changes_nothing(
    project: Project,
) -> None:
    drawn = "from matplotlib import pyplot; pyplot.close(pyplot.figure())"
    done = build(project(drawn, "raise ValueError('caf\\xe9')"), PYTHONIOENCODING="ascii", MPLBACKEND="nonsense")
    assert done.returncode == 1
    assert "ValueError: caf\\xe9" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_page_is_made_of_what_was_hashed_whatever_is_changed_meanwhile_and_a_second_build_into_its_folder_is_refused(
    project: Project,
) -> None:
    at = str(project())
    copy = project(
        f"import time; from pathlib import Path; from analysis import files; at = Path({at!r})",
        "(at / 'begun').touch()\nwhile not (at / 'changed').exists(): time.sleep(0.01)",
        "HTML(files.sha256(files.shipped('data', 'raw', 'areas.yaml')))",
    )
    words = [*COMMAND, "build", "--matrix", "rows.csv", "--release", "2026-04-23", "--output", "out"]
    running = subprocess.Popen(words, cwd=copy, env=environment(copy), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not (copy / "begun").exists():
        assert running.poll() is None
        time.sleep(0.01)
    second = build(copy)
    refused = f"process {running.pid} is writing there; wait for it or end it, or give --output another folder"
    assert (second.returncode, second.stdout, second.stderr) == (2, "", f"analysis: out/.staging: {refused}\n")
    with (copy / "data" / "raw" / "areas.yaml").open("ab") as file:
        file.write(b"\n")
    (copy / "changed").touch()
    assert running.communicate()[0].startswith(b"1 made, 0 unchanged, 0 failed")
    manifest = json.loads((copy / "out" / "manifest.json").read_text())
    assert manifest["outputs"] == pages(copy)
    (page,) = (copy / "out" / "forces" / "kent").glob("*.html")
    assert manifest["inputs"]["data/areas.yaml"] in page.read_text()
    assert manifest["inputs"]["data/areas.yaml"] != files.sha256(copy / "data" / "raw" / "areas.yaml")


@pytest.mark.parametrize("seconds", [0.2, 0.3, 0.4, 0.6, 1, 3])
def test_ctrl_c_at_any_moment_and_again_and_again_ends_a_build_without_a_traceback(
    seconds: float, project: Project
) -> None:
    copy = project("import time; time.sleep(600)")
    words = [*COMMAND, "build", "--matrix", "rows.csv", "--output", "out"]
    code = f"import os, signal; signal.signal(signal.SIGINT, signal.default_int_handler); os.execv({words[0]!r}, {words!r})"
    running = subprocess.Popen([sys.executable, "-c", code], cwd=copy, env=environment(copy), stderr=subprocess.PIPE)
    time.sleep(seconds)
    for _ in range(6):
        running.send_signal(signal.SIGINT)
        time.sleep(0.02)
    _, said = running.communicate(timeout=300)
    # On a busy machine the interpreter may still be starting; what it says of that is its own.
    starting = b"Traceback" in said and b"__main__.py" not in said
    assert starting or (running.returncode in {130, -signal.SIGINT} and b"Traceback" not in said), said
    assert not (copy / "out" / ".staging").exists()


def test_of_two_additions_one_waits_and_both_are_held(tmp_path: Path) -> None:
    paths = [
        official.ods(tmp_path / f"tables-{day}.ods", official.years(2012, last))
        for day, last in (("201124", 2023), ("201125", 2024))
    ]
    words = [*COMMAND, "data", "add", "--as-it-is"]
    pipes: dict[str, int] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    running = [subprocess.Popen([*words, path], text=True, **pipes) for path in paths]
    for each in running:
        printed, said = each.communicate()
        assert each.returncode == 0
        assert all("waiting up to 120 seconds for process" in line for line in said.splitlines())
        assert printed.startswith("Added release")
    assert [release.id for release in load_added().releases] == ["2024-11-20", "2025-11-20"]
