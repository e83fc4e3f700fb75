"""Kills commands at chosen moments, and looks for what they leave behind."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from documents import COMMAND

MARK = "ANALYSIS_TEST"  # a variable by which all processes of one command are found
TIME_TO_GO = 60  # seconds; a worker that imports its libraries notices late that its build has ended
LONGEST_WRITE = 0.05  # seconds; what a page's or a workbook's files take


@dataclass(frozen=True)
class Moment:
    """When a command is killed: after so many changes to files, and so many seconds more."""

    seconds: float
    changes: int = 0

    @property
    def sooner(self) -> Moment:
        """A moment for a command that was done before this one."""
        return replace(self, seconds=0.7 * self.seconds, changes=max(0, self.changes - 1))


def chance(seed: int) -> Random:
    """Return numbers that are as good as chance, and the same in every run."""
    return Random(seed)  # noqa: S311  # nothing is kept secret by them


def moments(count: int, *, duration: float, changes: int, seed: int) -> list[Moment]:
    """Return moments of chance: half of them spread over the whole duration, half amid the changes to files."""
    dice = chance(seed)
    half = count // 2
    spread = [Moment((place + dice.random()) * duration / (count - half)) for place in range(count - half)]
    amid = [Moment(dice.uniform(0, LONGEST_WRITE), dice.randint(1, changes)) for _ in range(half)]
    return dice.sample(spread + amid, count)


@contextmanager
def traced(project: Path, *, may_leave: str = "*.none", **variables: str) -> Iterator[dict[str, str]]:
    """Give an environment for commands of a copy of the project, and require that they leave nothing behind.

    Parameters
    ----------
    project
        The copy.
    may_leave
        A pattern of temporary files that a killed command cannot take away.
    **variables
        For the environment.
    """
    mark = uuid.uuid4().hex
    with tempfile.TemporaryDirectory() as temporary:
        yield os.environ | {"PYTHONPATH": str(project / "src"), "TMPDIR": temporary, MARK: mark} | variables
        assert not (there := left(Path(temporary), mark, may_leave)), there


def kill(
    words: Sequence[str], environment: Mapping[str, str], moment: Moment, *, watched: Sequence[Path], cwd: Path
) -> bool:
    """Run the command, kill it as the system does for want of memory, and say whether it still ran at that moment."""
    process = subprocess.Popen(
        [*COMMAND, *words], env=environment, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    seen, before = 0, _times(watched)
    while seen < moment.changes and process.poll() is None:
        time.sleep(0.001)
        if (now := _times(watched)) != before:
            seen, before = seen + 1, now
    try:
        process.wait(moment.seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    return process.wait() == -signal.SIGKILL


def _times(paths: Sequence[Path]) -> list[int]:
    return [path.stat().st_mtime_ns if path.exists() else 0 for path in paths]


def left(temporary: Path, mark: str | None = None, may_leave: str = "*.none") -> list[str]:
    """Return the processes and temporary files that are there still when they have had time to go.

    Parameters
    ----------
    temporary
        The folder for temporary files.
    mark
        Of the processes; none if processes may stay.
    may_leave
        A pattern of files that may stay.
    """
    for _ in range(20 * TIME_TO_GO):  # looks, not seconds on the clock: the machine may stand still meanwhile
        files = {path.name for path in temporary.iterdir()} - {path.name for path in temporary.glob(may_leave)}
        if not (there := [*(processes(mark).values() if mark else ()), *files]):
            break
        time.sleep(0.05)
    return there


def processes(mark: str) -> dict[int, str]:
    """Return the command lines of the other live processes that carry the mark, by process id."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            marked = f"{MARK}={mark}".encode() in (process / "environ").read_bytes()
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # it has ended
            continue
        if marked and int(process.name) != os.getpid():
            found[int(process.name)] = command
    return found
