"""Runs a reader of untrusted files in a process of its own, within limits of time and memory."""

from __future__ import annotations

import contextlib
import importlib
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from analysis.errors import ManyErrors, RequestError

SECONDS = 10  # of processor time; the largest release takes some three
MEMORY = 10**9  # bytes of address space; the largest release takes some 400 million

_T = TypeVar("_T")
_CHILD = "from analysis import sandbox; sandbox.serve()"


def run(reader: Callable[[Path], _T], path: Path, *, seconds: int = SECONDS, memory: int = MEMORY) -> _T:
    """Return what a reader makes of a file, or refuse the file if reading it takes too much.

    Parameters
    ----------
    reader
        A function of a module of this package, of a path alone. What it returns must be picklable.
    path
        The file.
    seconds, memory
        Limits of processor time and of address space in bytes. Where the system knows none (Windows), only the time
        on the clock is bounded.

    Returns
    -------
    object
        What the reader returned.

    Raises
    ------
    RequestError
        As the reader raised it, or if a limit was met.

    Examples
    --------
    >>> from analysis import files
    >>> from analysis.figures.workbook import read
    >>> run(read, files.shipped("data", "raw", "register.yaml"))
    Traceback (most recent call last):
    ...
    analysis.errors.RequestError: register.yaml: neither ODS nor XLSX inside; give an ODS, XLSX or CSV file
    """
    target = [reader.__module__, reader.__qualname__, str(path), str(seconds), str(memory)]
    try:
        done = subprocess.run(  # noqa: S603 -- this interpreter, and no shell
            [sys.executable, "-P", "-c", _CHILD, *target],
            capture_output=True,
            check=False,
            # The address space that idle threads reserve would count against the limit.
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
            timeout=10 * seconds,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_long(path, seconds) from error
    if done.returncode == -getattr(signal, "SIGXCPU", 0):
        raise _too_long(path, seconds)
    if done.returncode == -getattr(signal, "SIGABRT", 0):  # how calamine ends when it is given no more memory
        raise _too_large(path, memory)
    if done.returncode:
        raise RequestError(f"{path.name}: reading it broke off; save it again as ODS or XLSX")
    kind, content = pickle.loads(done.stdout)  # noqa: S301 -- written by `serve` below, of this same package
    if kind == "refused":
        raise RequestError(content[0]) if len(content) == 1 else ManyErrors(content)
    if kind == "memory":
        raise _too_large(path, memory)
    result: _T = content
    return result


def serve() -> None:
    """Do the child's part: take the limits on, read, and hand back what came of it."""
    module, name, path, seconds, memory = sys.argv[1:]
    _take_on(int(seconds), int(memory))
    outcome: tuple[str, object]
    try:
        outcome = "done", getattr(importlib.import_module(module), name)(Path(path))
    except RequestError as error:
        outcome = "refused", list(getattr(error, "messages", (str(error),)))
    except MemoryError:
        outcome = "memory", None
    pickle.dump(outcome, sys.stdout.buffer, protocol=5)


def _take_on(seconds: int, memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):  # a lower limit is in force already, or the system has none
            resource.setrlimit(kind, (most, most + 1 if kind == resource.RLIMIT_CPU else most))


def _too_long(path: Path, seconds: int) -> RequestError:
    return RequestError(f"{path.name}: reading it takes more than {seconds} seconds; it is not a workbook as published")


def _too_large(path: Path, memory: int) -> RequestError:
    return RequestError(
        f"{path.name}: reading it takes more than {memory / 10**9:g} GB of memory; it is not a workbook as published"
    )
