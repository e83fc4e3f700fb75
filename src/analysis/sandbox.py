"""Runs a reader of untrusted files in a process of its own, within limits of time and memory."""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable

from analysis.errors import ManyErrors, RequestError

SECONDS = 10  # of processor time; the largest release takes some three
MEMORY = 10**9  # bytes of address space; the largest release takes some 400 million

_CHILD = "from analysis import sandbox; sandbox.serve()"


def run(
    reader: Callable[[bytes, str], bytes], content: bytes, name: str, *, seconds: int = SECONDS, memory: int = MEMORY
) -> bytes:
    """Return what a reader makes of a file, or refuse the file if reading it takes too much.

    Parameters
    ----------
    reader
        A function of a module of this package, of a file's content and name, that returns bytes: what has read
        a foreign file is not to hand on objects.
    content, name
        The file's bytes, and its name for errors.
    seconds, memory
        Limits of processor time and of address space in bytes. Where the system knows none (Windows), only the time
        on the clock is bounded.

    Returns
    -------
    bytes
        What the reader returned.

    Raises
    ------
    RequestError
        As the reader raised it, or if a limit was met.

    Examples
    --------
    >>> from analysis.figures.workbook import packed
    >>> run(packed, b"attribution: none", "register.yaml")
    Traceback (most recent call last):
    ...
    analysis.errors.RequestError: register.yaml: neither ODS nor XLSX inside; give an ODS, XLSX or CSV file
    """
    target = [reader.__module__, reader.__qualname__, name, str(seconds), str(memory)]

    def over(limit: str) -> RequestError:
        return RequestError(f"{name}: reading it takes more than {limit}; it is not a workbook as published")

    too_long, too_large = over(f"{seconds} seconds"), over(f"{memory / 10**9:g} GB of memory")
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
        raise too_long from error
    if done.returncode == -getattr(signal, "SIGXCPU", 1):
        raise too_long
    if done.returncode == -signal.SIGABRT:  # how calamine ends when it is given no more memory
        raise too_large
    if done.returncode:
        raise RequestError(f"{name}: reading it broke off; save it again as ODS or XLSX")
    errors, _, result = done.stdout.partition(b"\n")
    if (told := json.loads(errors)) is None:
        raise too_large
    if told:
        raise ManyErrors(told) if len(told) > 1 else RequestError(told[0])
    return result


def serve() -> None:
    """Do the child's part: take the limits on, read, and hand back what came of it, errors, or nothing."""
    module, reader, name, seconds, memory = sys.argv[1:]
    with contextlib.suppress(ImportError):  # Windows has none of these
        import resource

        limits = ((resource.RLIMIT_CPU, int(seconds)), (resource.RLIMIT_AS, int(memory)), (resource.RLIMIT_CORE, 0))
        for kind, most in limits:
            with contextlib.suppress(ValueError, OSError):  # a lower limit is in force, or the system has none
                resource.setrlimit(kind, (most, most + 1 if kind == resource.RLIMIT_CPU else most))
    # A workbook's rows are hundreds of thousands of tuples, none in a cycle: to look for one again and again takes a
    # fifth of the time of reading.
    gc.disable()
    errors: list[str] | None = []
    result = b""
    try:
        result = getattr(importlib.import_module(module), reader)(sys.stdin.buffer.read(), name)
    except RequestError as error:
        errors = list(error.messages)
    except MemoryError:
        errors = None
    sys.stdout.buffer.write(json.dumps(errors).encode() + b"\n")
    sys.stdout.buffer.write(result)
