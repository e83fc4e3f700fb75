"""Killed at any moment, a command leaves whole files only, and the next one completes to the same bytes."""

from __future__ import annotations

import compileall
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import govuk
import killing
import nbformat
import official
import pytest
from documents import COMMAND, copy_of_project, shorten, tree
from killing import Moment, traced

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="SIGKILL, and processes that /proc lists")

# How often each command is killed; `make kills` does it more often, for a night.
BUILD_KILLS, ADD_KILLS, UPDATE_KILLS = (50, 16, 8) if os.environ.get("ANALYSIS_KILLS") == "many" else (3, 4, 2)
PARTS = max(1, BUILD_KILLS // 10)

AT_ONCE = 2
COMPLETED = 0.4  # of the builds after a killed one; the others are killed too
BUILD = ["build", "--force", "Kent", "--release", "2026-04-23"]
MANIFESTS = (
    2 * 4
)  # that a build writes: before and after the files of its report, of the page of its offence, of answers and of 404


@dataclass(frozen=True)
class Project:
    """A checkout, and the pages that a build makes of it when nobody kills it."""

    folder: Path
    pages: dict[str, str]
    seconds: float

    @property
    def store(self) -> str:
        """A folder in which nobody has added anything."""
        return str(self.folder / "store")

    def build(self, output: Path, jobs: int = 1) -> list[str]:
        """Return the words of a build."""
        return [*BUILD, "--jobs", str(jobs), "--output", str(output)]


def run(words: Iterable[str], environment: dict[str, str], cwd: Path) -> None:
    done = subprocess.run([*COMMAND, *words], env=environment, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _compiled(shorten(copy_of_project(tmp_path_factory.mktemp("checkout"))))


@pytest.fixture(scope="module")
def projects(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, ...]:
    """Give two checkouts whose pages all differ, one of which has a chart more, with a file of its figures, and was made where no home can be written."""
    other = tmp_path_factory.mktemp("other")
    shutil.copytree(checkout, other, dirs_exist_ok=True)
    path = other / "notebooks" / "force_offence.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if not cell.source.startswith("charts.process")]
    nbformat.write(notebook, path)
    with (other / "src" / "analysis" / "report" / "templates" / "report" / "style.css").open("a") as file:
        file.write("/* another look */\n")
    # Side by side, as they are killed, so that the time is right.
    with ThreadPoolExecutor(AT_ONCE) as pool:
        made = tuple(pool.map(_built, (checkout, _compiled(other)), ({"HOME": "/dev/null"}, {})))
    first, second = (project.pages for project in made)
    assert first.keys() - second.keys() == {"data/kent_88a-process.csv"}
    assert all(first[name] != second[name] for name in second if name.endswith(".html"))
    return made


def _compiled(project: Path) -> Path:
    compileall.compile_dir(project / "src", quiet=2)
    return project


def _built(folder: Path, variables: dict[str, str]) -> Project:
    project, output = Project(folder, {}, 0), folder / "never-killed"
    with traced(folder, ANALYSIS_DATA=project.store, **variables) as environment:
        start = time.monotonic()
        run(project.build(output), environment, folder)
        seconds = time.monotonic() - start
    assert (output / "forces" / "kent.html").is_file()
    return replace(project, pages=tree(output), seconds=seconds)


@pytest.mark.parametrize("part", range(PARTS))
def test_a_killed_build_leaves_whole_files_and_the_next_one_completes(
    part: int, projects: tuple[Project, ...], tmp_path: Path
) -> None:
    """From an empty folder or over an older build, and some of the builds that follow a killed one are killed too."""
    # A kill that comes when all is done takes another build, and the last files are killed amid by their own moments.
    duration = 0.6 * min(project.seconds for project in projects)
    every = killing.moments(BUILD_KILLS, duration=duration, changes=MANIFESTS, seed=8)
    mine = every[part::PARTS]

    def kill_some(series: int) -> None:
        _kill_builds(mine[series::AT_ONCE], projects, tmp_path / str(series), killing.chance(10 * part + series))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(kill_some, range(AT_ONCE)))


def _kill_builds(moments: Sequence[Moment], projects: Sequence[Project], output: Path, chance: Random) -> None:
    project, other = chance.sample(projects, 2)
    for number, planned in enumerate(moments, 1):
        moment = planned
        while not _kill_build(moment, project, output):
            assert tree(output) == project.pages
            project, other, moment = other, project, moment.sooner
        _require_whole(output, projects)
        if number == len(moments) or chance.random() < COMPLETED:
            _complete(project, output)
            project, other = other, project
            if chance.random() < 0.3:
                shutil.rmtree(output)
        elif chance.random() < 0.5:
            project, other = other, project


def _kill_build(moment: Moment, project: Project, output: Path) -> bool:
    watched = [output / "manifest.json"]
    with traced(project.folder, ANALYSIS_DATA=project.store) as environment:
        # By two workers, which are both to go; what completes it is made by one, since another takes as long to start as all pages do.
        words = project.build(output, jobs=2)
        return killing.kill(words, environment, moment, watched=watched, cwd=project.folder)


def _complete(project: Project, output: Path) -> None:
    with traced(project.folder, ANALYSIS_DATA=project.store) as environment:
        run(project.build(output), environment, project.folder)
    assert tree(output) == project.pages


def _require_whole(output: Path, projects: Iterable[Project]) -> None:
    """Require that each file is what one of the projects makes, and that the manifest lists it, as new or as old."""
    found = {name: digest for name, digest in tree(output).items() if not name.startswith(".staging/")}
    if not found:
        return
    del found["manifest.json"]
    manifest = json.loads((output / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in found.items():
        assert digest in {project.pages.get(name) for project in projects}, f"{name} is not whole"
        listed = {manifest["outputs"].get(name), manifest.get("replacing", {}).get(name)}
        assert digest in listed, f"{name} is not in the manifest"


@dataclass(frozen=True)
class Change:
    """A command that changes what is held, and the files of the store before it and after it, when nobody kills it."""

    words: list[str]
    checkout: Path
    before: Path
    after: dict[str, str]
    seconds: float
    variables: dict[str, str]

    def run(self, store: Path) -> None:
        with traced(self.checkout, ANALYSIS_DATA=str(store), **self.variables) as environment:
            run(self.words, environment, self.checkout)

    def kill(self, store: Path, moment: Moment) -> bool:
        watched = [store / "raw" / "added", store / "processed"]
        with traced(
            # A download that is cut off stays in the system's folder for temporary files, and nothing of it elsewhere.
            self.checkout, may_leave="analysis-update-*", ANALYSIS_DATA=str(store), **self.variables
        ) as environment:  # fmt: skip
            return killing.kill(self.words, environment, moment, watched=watched, cwd=self.checkout)


FOLDERS_CHANGE = (
    9  # times while a release is added: three files begun and in place, one taken away, and who holds the lock
)


@pytest.fixture(scope="module")
def held(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a store with two releases, so that a third one changes how many quarters are provisional."""
    folder = tmp_path_factory.mktemp("held")
    for last, quarters, day in ((2024, 1, "201124"), (2025, 2, "201125")):
        words = ["data", "add", "--as-it-is", str(official.release(folder, day, last, quarters))]
        with traced(checkout, ANALYSIS_DATA=str(folder / "store")) as environment:
            run(words, environment, checkout)
    return folder / "store"


def _finished(words: list[str], checkout: Path, before: Path, folder: Path, **variables: str) -> Change:
    shutil.copytree(before, folder)
    start = time.monotonic()
    Change(words, checkout, before, {}, 0, variables).run(folder)
    return Change(words, checkout, before, tree(folder, ".lock"), time.monotonic() - start, variables)


@pytest.mark.parametrize("kind", ["another release", "another file of a release"])
def test_a_killed_addition_leaves_what_was_held_or_what_is_and_the_next_one_completes(
    kind: str, checkout: Path, held: Path, tmp_path: Path
) -> None:
    if kind == "another release":
        words = ["data", "add", "--as-it-is", str(official.release(tmp_path, "200128", 2027, 3))]
    else:
        words = ["data", "add", "--as-it-is", str(official.release(tmp_path, "201125", 2025, 1)), "--replace"]
    change = _finished(words, checkout, held, tmp_path / "finished")
    _kill_changes(
        change, killing.moments(ADD_KILLS // 2, duration=change.seconds, changes=FOLDERS_CHANGE, seed=8), tmp_path
    )


def test_a_killed_update_leaves_what_was_held_or_what_is_and_the_next_one_completes(
    checkout: Path, held: Path, tmp_path: Path
) -> None:
    workbook = official.release(tmp_path, "200128", 2027, 3)
    with govuk.offering(workbook.read_bytes(), workbook.name) as server:
        change = _finished(
            ["data", "update", "--as-it-is"], checkout, held, tmp_path / "finished", ANALYSIS_GOVUK=server.base
        )
        moments = killing.moments(UPDATE_KILLS, duration=change.seconds, changes=FOLDERS_CHANGE, seed=8)
        _kill_changes(change, moments, tmp_path)


def _kill_changes(change: Change, moments: Iterable[Moment], folder: Path) -> None:
    def kill_one(numbered: tuple[int, Moment]) -> None:
        number, moment = numbered
        store = folder / f"killed-{number}"
        shutil.copytree(change.before, store)
        while not change.kill(store, moment):
            assert tree(store, ".lock") == change.after
            shutil.rmtree(store)
            shutil.copytree(change.before, store)
            moment = moment.sooner
        _require_old_or_new(store, change)
        change.run(store)
        assert tree(store, ".lock") == change.after

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(kill_one, enumerate(moments)))


def _require_old_or_new(store: Path, change: Change) -> None:
    """Require that the register is the old one or the new one, and that the files of the one that stands are whole."""
    found, before = tree(store, ".lock"), tree(change.before, ".lock")
    stands = next(
        (
            each
            for each in (before, change.after)
            if found["raw/added/register.yaml"] == each["raw/added/register.yaml"]
        ),
        None,
    )
    assert stands is not None, "the register is neither the old one nor the new one"
    assert stands.items() <= found.items()
    for name, digest in found.items():
        assert name.endswith(".part") or digest in {before.get(name), change.after.get(name)}, f"{name} is not whole"
