"""A full disk and a folder that may not be written to end a command in one line, and harm nothing that is there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import govuk
import official
import pytest
from documents import COMMAND, copy_of_project, shorten, tree

from analysis.figures import added

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="small disks and limits of POSIX systems")

BUILD = ["build", "--force", "Kent", "--release", "2026-04-23", "--jobs", "1"]
KIB = 1024


@dataclass
class Disk:
    """A folder with little room: a small disk of its own, or any with a limit to the size of what a command writes."""

    folder: Path
    is_small: bool
    words: list[str] = field(default_factory=list)

    def leave(self, room: int | None) -> None:
        """Leave so many bytes of room from now on; None for as much as anyone needs."""
        if self.is_small:
            filler = self.folder / "filler"
            filler.unlink(missing_ok=True)
            if room is not None:
                found = os.statvfs(self.folder)
                filler.write_bytes(bytes(found.f_bavail * found.f_frsize - room))
        else:
            self.words = [] if room is None else ["sh", "-c", f'ulimit -f {room // 512}; exec "$@"', "sh"]

    def run(self, *words: str, project: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        source = {"PYTHONPATH": str(project / "src")} if project else {}
        return subprocess.run(
            [*self.words, *COMMAND, *words],
            env=os.environ | source | environment, capture_output=True, text=True, check=False,
        )  # fmt: skip


@pytest.fixture(params=["a small disk", "a limit to the size of files"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    if request.param == "a small disk":
        with mounted(folder, "size=8m"):
            yield Disk(folder, is_small=True)
    else:
        yield Disk(folder, is_small=False)


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """Give a folder in which nobody may write, the superuser included."""
    folder = tmp_path / "closed"
    folder.mkdir()
    if os.geteuid() == 0:
        with mounted(folder, "ro"):
            yield folder
    else:
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[None]:
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip(f"nothing can be mounted here ({done.stderr.decode().strip()})")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def said(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one line in which a command says that it has done nothing more."""
    assert done.returncode == 2, done.stdout + done.stderr
    (line,) = (line for line in done.stderr.splitlines() if ": made (" not in line)
    assert line.startswith("analysis: ")
    return line


def test_a_build_without_room_leaves_the_older_pages_and_the_next_one_completes(disk: Disk, tmp_path: Path) -> None:
    project = shorten(copy_of_project(tmp_path / "copy"))
    output = disk.folder / "reports"
    words = [*BUILD, "--output", str(output)]
    assert disk.run(*words, project=project).returncode == 0
    before = tree(output)
    with (project / "src" / "analysis" / "report" / "templates" / "report" / "style.css").open("a") as file:
        file.write("/* another look */\n")
    for room in (2 * KIB, 40 * KIB):  # for no manifest, and for a manifest but no page
        disk.leave(room)
        line = said(disk.run(*words, project=project))
        assert not disk.is_small or f"{output}/" in line
        assert "cannot be written (" in line
        assert line.endswith("; give --output a folder with room that may be written to")
        require_listed(output)
        assert {name: found for name, found in tree(output).items() if name != "manifest.json"} == {
            name: found for name, found in before.items() if name != "manifest.json"
        }
    disk.leave(None)
    assert disk.run(*words, project=project).returncode == 0
    require_listed(output)
    assert tree(output)["forces/kent.html"] != before["forces/kent.html"]


def require_listed(output: Path) -> None:
    """Require that the manifest knows every file, as new or as old."""
    manifest = json.loads((output / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in tree(output).items():
        assert name == "manifest.json" or digest in {
            manifest["outputs"].get(name),
            manifest.get("replacing", {}).get(name),
        }


def test_an_addition_without_room_leaves_what_was_held_and_the_next_one_completes(disk: Disk, tmp_path: Path) -> None:
    store = disk.folder / "store"
    assert (
        disk.run(
            "data", "add", "--as-it-is", str(workbook(tmp_path, "201125", 2024)), ANALYSIS_DATA=str(store)
        ).returncode
        == 0
    )
    before = contents(store)
    words = ["data", "add", str(workbook(tmp_path, "210127", 2025)), "--replace", "--as-it-is"]
    for room in (0, 4 * KIB):  # for nothing, and for the first file or two
        disk.leave(room)
        line = said(disk.run(*words, ANALYSIS_DATA=str(store)))
        assert f"{store}/" in line
        assert "cannot be written (" in line
        assert line.endswith("; give ANALYSIS_DATA a folder with room that may be written to")
        assert contents(store) == before
    disk.leave(None)
    assert disk.run(*words, ANALYSIS_DATA=str(store)).returncode == 0
    assert len(contents(store)) == len(before) + 2


def test_an_update_without_room_leaves_what_was_held(disk: Disk, tmp_path: Path) -> None:
    store = disk.folder / "store"
    with offered(workbook(tmp_path, "210127", 2025).read_bytes()) as base:
        disk.leave(2 * KIB)
        line = said(disk.run("data", "update", "--as-it-is", ANALYSIS_DATA=str(store), ANALYSIS_GOVUK=base))
    assert "cannot be written (" in line
    assert contents(store) == {}


def test_a_folder_that_is_read_only_is_named_with_what_names_another(closed: Path, tmp_path: Path) -> None:
    path = str(workbook(tmp_path, "210127", 2025))
    elsewhere = Disk(tmp_path, is_small=False)
    with offered(Path(path).read_bytes()) as base:
        for words, option in (
            ([*BUILD, "--output", str(closed / "reports")], "--output"),
            (["data", "add", "--as-it-is", path], "ANALYSIS_DATA"),
            (["data", "update", "--as-it-is"], "ANALYSIS_DATA"),
        ):
            line = said(elsewhere.run(*words, ANALYSIS_DATA=str(closed), ANALYSIS_GOVUK=base))
            assert str(closed) in line
            assert line.endswith(f"; give {option} a folder with room that may be written to")
    assert list(closed.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full, on Linux")
@pytest.mark.parametrize("words", [["areas"], ["compare", "Kent", "--json"], ["--version"]])
def test_output_that_cannot_be_written_is_said(words: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*COMMAND, *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "analysis: output: No space left on device\n")


def workbook(folder: Path, day: str, last: int) -> Path:
    sheets = official.years(2012, last, last_quarters=2)
    return official.ods(folder / f"prc-pfa-mar2013-onwards-tables-{day}.ods", sheets)


def contents(store: Path) -> dict[str, str]:
    """Return what is held, without the lock; nothing where there is no store."""
    return {name: found for name, found in tree(store).items() if not name.endswith(".lock")}


@contextmanager
def offered(content: bytes) -> Iterator[str]:
    """Give the address at which GOV.UK offers a workbook of this content."""
    with govuk.Server() as server:
        server.answers[added.PAGE] = govuk.page(govuk.attachment(server.base + govuk.FILE))
        server.answers[govuk.FILE] = govuk.send(content)
        yield server.base
