"""Each write, rename, sync and removal fails once in turn, and a folder may not be written: one line says so, and nothing is harmed."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import govuk
import official
import pytest
from documents import COMMAND, tree

from analysis.cli import main
from analysis.publish import building, worker
from analysis.publish.building import Inputs
from analysis.publish.pages import Page
from analysis.publish.worker import Made

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="small disks and limits of POSIX systems")

BUILD = ["build", "--force", "Kent", "--release", "2026-04-23", "--output"]
MOST = 200  # calls that change something, of any one command here


class Faults:
    """Counts the calls that change something below a folder, and makes one of them fail."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.failing, self.calls = folder, 0, list[str]()
        self.waiting: set[int] = set()  # handles of files that are being written

    def meets(self, name: str, *paths: Any) -> None:
        """Count a call, and fail if it is the one."""
        if not any(str(self.folder) in os.fspath(path) for path in paths if isinstance(path, str | Path)):
            return
        self.calls.append(f"{name} {os.fspath(paths[0])}")
        if len(self.calls) == self.failing:
            code = errno.ENOSPC if self.failing % 2 else errno.EIO
            raise OSError(code, os.strerror(code))

    def patch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("mkdir", "unlink", "rmdir", "replace", "rename", "remove", "link", "symlink", "truncate"):
            monkeypatch.setattr(os, name, self._counted(name, getattr(os, name)))
        open_handle, open_file, wrap = os.open, io.open, os.fdopen

        def opened(path: Any, flags: int, *rest: Any, **options: Any) -> int:
            is_written = flags & (os.O_WRONLY | os.O_RDWR)
            if is_written:
                self.meets("open", path)
            handle = open_handle(path, flags, *rest, **options)
            if is_written and str(self.folder) in os.fspath(path) and not os.fspath(path).endswith(".lock"):
                self.waiting.add(handle)
            return handle

        def file_opened(path: Any, mode: str = "r", *rest: Any, **options: Any) -> Any:
            if set(mode) & set("wax+"):
                self.meets("open", path)
            return open_file(path, mode, *rest, **options)

        def wrapped(handle: int, mode: str = "r", *rest: Any, **options: Any) -> Any:
            file = wrap(handle, mode, *rest, **options)
            if handle in self.waiting and "w" in mode:
                self.waiting.discard(handle)
                return _HalfWritten(file, self)
            return file

        def synced(handle: int) -> None:  # and no wait for the disk: the machine itself goes on here
            os.fstat(handle)
            self.meets("fsync", self.folder)

        monkeypatch.setattr(os, "open", opened)
        monkeypatch.setattr(io, "open", file_opened)
        monkeypatch.setattr(os, "fdopen", wrapped)
        monkeypatch.setattr(os, "fsync", synced)

    def _counted(self, name: str, do: Callable[..., Any]) -> Callable[..., Any]:
        def done(*paths: Any, **options: Any) -> Any:
            self.meets(name, *paths)
            return do(*paths, **options)

        return done


class _HalfWritten:
    """A file of which half is written where its writing fails."""

    def __init__(self, file: Any, faults: Faults) -> None:
        self.file, self.faults = file, faults

    def __enter__(self) -> _HalfWritten:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def write(self, content: bytes) -> int:
        try:
            self.faults.meets("write", self.faults.folder)
        except OSError:
            self.file.write(content[: len(content) // 2])
            raise
        return int(self.file.write(content))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


@contextmanager
def failing(faults: Faults, number: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        faults.failing, faults.calls = number, []
        faults.patch(patched)
        yield


def in_turn(
    folder: Path, words: Sequence[str], prepare: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> Iterator[tuple[str, int]]:
    """Run a command again and again, a later call failing each time, until none is left; give the call and the status."""
    faults = Faults(folder)
    for number in range(1, MOST):
        prepare()
        capsys.readouterr()
        with failing(faults, number):
            status = main(list(words))
        if len(faults.calls) < number:
            assert (status, number > 5) == (0, True)  # or nothing was counted
            return
        failed, error = faults.calls[number - 1], capsys.readouterr().err
        assert status in {0, 2}, (failed, error)  # what is not needed, as the name of who holds a lock, may fail
        if status:
            (line,) = (line for line in error.splitlines() if ": made (" not in line)
            assert re.match(r"analysis: .*: cannot be (?:written|removed) \(.*; ", line), (failed, line)
            assert str(folder) in line, (failed, line)
        if not failed.startswith(("unlink", "rmdir")):  # or nothing can be taken away
            assert not unfinished(folder), failed
        yield failed, status
    raise AssertionError(f"over {MOST} calls")


def unfinished(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.name.endswith(".part")]


@pytest.fixture
def quick_build(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Let a build put in place what a test gives in place of what notebooks show; return what each file ends with."""
    mark, read, known = {"end": b""}, Inputs.read, dict[str, Inputs]()

    def made(pages: Sequence[Page], *_: object) -> Iterator[Made]:
        for page in pages:
            yield Made(
                page, {f"{page.name}.html": page.name.encode() + mark["end"], f"{page.name}.csv": b"1" + mark["end"]}
            )

    def inputs() -> Inputs:
        return known.setdefault(str(mark), read())

    monkeypatch.setattr(worker, "makers", lambda *_: nullcontext())
    monkeypatch.setattr(worker, "made", made)
    monkeypatch.setattr(building.Inputs, "read", inputs)
    return mark


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


def require_listed(output: Path) -> None:
    """Require that the manifest knows every file, as new or as old."""
    manifest = json.loads((output / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in tree(output).items():
        assert (
            name == "manifest.json"
            or name.startswith(".staging/")
            or digest
            in {
                manifest["outputs"].get(name),
                manifest.get("replacing", {}).get(name),
            }
        )


def test_a_build_of_which_a_call_fails_leaves_whole_pages_and_the_next_one_completes(
    quick_build: dict[str, bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, output, whole = (tmp_path / name for name in ("before", "reports", "whole"))
    assert main([*BUILD, str(before)]) == 0
    quick_build["end"] = b" anew"
    assert main([*BUILD, str(whole)]) == 0
    old, new = tree(before), tree(whole)

    def prepare() -> None:
        shutil.rmtree(output, ignore_errors=True)
        shutil.copytree(before, output)

    for failed, status in in_turn(output, [*BUILD, str(output), "--fresh"], prepare, capsys):
        found = tree(output)
        assert old.keys() <= found.keys(), failed
        assert all(found[name] in {old[name], new[name]} for name in old.keys() - {"manifest.json"}), failed
        require_listed(output)
        if status == 0:
            found.pop(".staging/.lock", "")  # which the next build takes away
            assert found == new, failed
        elif "manifest" in failed or failed.startswith("replace"):
            assert main([*BUILD, str(output), "--fresh"]) == main(["verify", str(output)]) == 0
            assert tree(output) == new, failed


@pytest.mark.parametrize("command", ["add", "update", "remove"])
def test_a_change_of_the_store_of_which_a_call_fails_is_whole_or_not_at_all(
    command: str, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, whole = tmp_path / "before", tmp_path / "whole"
    assert main(["data", "add", "--as-it-is", str(official.release(tmp_path, "201125", 2024))]) == 0
    shutil.copytree(store, before)
    newer = official.release(tmp_path, "210127", 2025)
    words = {
        "add": ["add", "--as-it-is", str(newer)],
        "update": ["update", "--as-it-is"],
        "remove": ["remove", "2025-11-20"],
    }

    def prepare(kept: Path = before) -> None:
        shutil.rmtree(store, ignore_errors=True)
        shutil.copytree(kept, store)

    with govuk.offering(newer.read_bytes()) as server:
        monkeypatch.setenv("ANALYSIS_GOVUK", server.base)
        assert main(["data", *words[command]]) == 0
        shutil.copytree(store, whole)
        old, new = tree(before, ".lock"), tree(whole, ".lock")
        assert old != new
        for failed, status in in_turn(store, ["data", *words[command]], prepare, capsys):
            assert main(["verify"]) == 0
            found = tree(store, ".lock")
            left = set(found) - set(old if status else new)  # a file of which no register knows, where one could not go
            assert len(left) <= failed.startswith("unlink"), failed
            assert {name: found[name] for name in found if name not in left} == (old if status else new), failed


def test_a_folder_that_is_read_only_is_named_with_what_names_another(closed: Path, tmp_path: Path) -> None:
    path = str(official.release(tmp_path, "210127", 2025))
    with govuk.offering(Path(path).read_bytes()) as server:
        environment = os.environ | {"ANALYSIS_DATA": str(closed), "ANALYSIS_GOVUK": server.base}
        for words, option in (
            ([*BUILD, str(closed / "reports")], "--output"),
            (["data", "add", "--as-it-is", path], "ANALYSIS_DATA"),
            (["data", "update", "--as-it-is"], "ANALYSIS_DATA"),
        ):
            done = subprocess.run([*COMMAND, *words], env=environment, capture_output=True, text=True, check=False)
            assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
            assert str(closed) in done.stderr
            assert done.stderr.endswith(f"; give {option} a folder with room that may be written to\n")
    assert list(closed.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full, on Linux")
@pytest.mark.parametrize("words", [["areas"], ["compare", "Kent", "--json"], ["--version"]])
def test_output_that_cannot_be_written_is_said(words: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*COMMAND, *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "analysis: output: No space left on device\n")
