"""The folder of a build's kernels and their sockets, which only its owner may enter.

A small process makes it, and removes it once the build and all of its kernels are gone, however they ended.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from analysis.errors import RequestError
from analysis.files import unwritable

LONGEST_FOLDER = 60  # characters; systems allow 103 or more for the path of a socket, which has 39 more

# Its input ends when neither the build nor any kernel is left that could write to the folder; who asked may be gone by then.
_KEEPER = """
import os, shutil, sys, tempfile
try:
    from fcntl import LOCK_SH, flock
except ImportError:
    flock = None
while True:
    folder = tempfile.mkdtemp(prefix="analysis-", dir=sys.argv[1])
    if flock is None: break
    flock(os.open(folder, os.O_RDONLY), LOCK_SH)
    if os.path.exists(folder): break  # nobody has cleared it away meanwhile
os.close(os.open(os.path.join(folder, sys.argv[2]), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
try:
    os.write(1, os.fsencode(folder) + b"\\n")
    for _ in sys.stdin.buffer: pass
finally:
    shutil.rmtree(folder, ignore_errors=True)
"""
_OURS = re.compile(r"analysis-[a-z0-9_]{8}")
_MARK = ".made-by-a-build-of-like-for-like"  # an empty file in each folder of ours: nothing without it is ever removed
_TIDY_LIMIT = 10  # seconds


@contextmanager
def private_folder() -> Iterator[tuple[Path, IO[bytes]]]:
    """Give a folder that goes when this process and every holder of what is given with it are gone."""
    parent = tempfile.gettempdir() if len(tempfile.gettempdir()) <= LONGEST_FOLDER else "/tmp"  # noqa: S108
    _clear_away(Path(parent))
    with subprocess.Popen(  # noqa: S603  # this interpreter, and no shell
        [sys.executable, "-IS", "-c", _KEEPER, parent, _MARK],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        start_new_session=True,  # out of reach of Ctrl-C, which is for the build to handle
    ) as keeper:  # fmt: skip
        stdin, stdout = keeper.stdin, keeper.stdout
        assert stdin is not None  # noqa: S101
        assert stdout is not None  # noqa: S101
        folder = Path(os.fsdecode(stdout.readline().rstrip()))
        if not folder.is_absolute():
            raise unwritable(Path(parent), OSError("no folder can be made there"), option="TMPDIR")
        if not _is_private(found := folder.stat()):
            raise RequestError(
                f"{folder}: not private (owner {found.st_uid}, mode {found.st_mode & 0o777:o}); "
                "let TMPDIR name a folder in which what you make is yours alone"
            )
        try:
            with _in_use(folder):
                yield folder, stdin
        finally:
            stdin.close()
            try:
                keeper.wait(_TIDY_LIMIT)
            except subprocess.TimeoutExpired:  # it was stopped, or what a cell has hidden holds its input
                keeper.kill()
                shutil.rmtree(folder, ignore_errors=True)


def _is_private(found: os.stat_result) -> bool:
    return os.name != "posix" or (found.st_uid == os.getuid() and not found.st_mode & 0o077)


@contextmanager
def _in_use(folder: Path, *, alone: bool = False) -> Iterator[None]:
    """Let nobody clear a folder away for as long as this lasts; BlockingIOError if somebody is to be alone and is not."""
    if os.name != "posix":
        yield
        return
    import fcntl

    entry = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(entry, fcntl.LOCK_EX | fcntl.LOCK_NB if alone else fcntl.LOCK_SH)
        yield
    finally:
        os.close(entry)


def _clear_away(parent: Path) -> None:
    """Remove the folders of builds that were killed with their keepers: those that carry our mark, whatever others are called."""
    for folder in parent.glob("analysis-*"):
        with suppress(OSError):
            is_ours = _OURS.fullmatch(folder.name) and not folder.is_symlink() and (folder / _MARK).is_file()
            if is_ours and _is_private(folder.stat()):
                with _in_use(folder, alone=True):
                    shutil.rmtree(folder)
