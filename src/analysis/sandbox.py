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
from typing import TypeVar

from analysis.errors import ManyErrors, RequestError

SECONDS = 10  # of processor time; the largest release takes some three
MEMORY = 10**9  # bytes of address space; the largest release takes some 400 million

_T = TypeVar("_T")
_CHILD = "from analysis import sandbox; sandbox.serve()"


def run(
    reader: Callable[[bytes, str], _T], content: bytes, name: str, *, seconds: int = SECONDS, memory: int = MEMORY
) -> _T:
    """Return what a reader makes of a file, or refuse the file if reading it takes too much.

    Parameters
    ----------
    reader
        A function of a module of this package, of a file's content and name. What it returns must be picklable.
    content, name
        The file's bytes, and its name for errors.
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
    >>> from analysis.figures.workbook import read
    >>> run(read, b"attribution: none", "register.yaml")
    Traceback (most recent call last):
    ...
    analysis.errors.RequestError: register.yaml: neither ODS nor XLSX inside; give an ODS, XLSX or CSV file
    """
    target = [reader.__module__, reader.__qualname__, name, str(seconds), str(memory)]
    try:
        done = subprocess.run(  # noqa: S603 -- this interpreter, and no shell
            [sys.executable, "-P", "-c", _CHILD, *target],
            input=content,
            capture_output=True,
            check=False,
            # The address space that idle threads reserve would count against the limit.
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
            timeout=10 * seconds,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_long(name, seconds) from error
    if done.returncode == -getattr(signal, "SIGXCPU", 0):
        raise _too_long(name, seconds)
    if done.returncode == -getattr(signal, "SIGABRT", 0):  # how calamine ends when it is given no more memory
        raise _too_large(name, memory)
    if done.returncode:
        raise RequestError(f"{name}: reading it broke off; save it again as ODS or XLSX")
    kind, came = pickle.loads(done.stdout)  # noqa: S301 -- written by `serve` below, of this same package
    if kind == "refused":
        raise RequestError(came[0]) if len(came) == 1 else ManyErrors(came)
    if kind == "memory":
        raise _too_large(name, memory)
    result: _T = came
    return result


def serve() -> None:
    """Do the child's part: take the limits on, read, and hand back what came of it."""
    module, reader, name, seconds, memory = sys.argv[1:]
    _take_on(int(seconds), int(memory))
    outcome: tuple[str, object]
    try:
        outcome = "done", getattr(importlib.import_module(module), reader)(sys.stdin.buffer.read(), name)
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


def _too_long(name: str, seconds: int) -> RequestError:
    return RequestError(f"{name}: reading it takes more than {seconds} seconds; it is not a workbook as published")


def _too_large(name: str, memory: int) -> RequestError:
    return RequestError(
        f"{name}: reading it takes more than {memory / 10**9:g} GB of memory; it is not a workbook as published"
    )
