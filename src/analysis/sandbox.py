"""Runs a reader of untrusted files in a process of its own, within limits of time and memory."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable

from analysis.errors import RequestError

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
        As the reader raised it, or if a limit was met or reading broke off.

    Examples
    --------
    >>> from analysis.figures.workbook import packed
    >>> run(packed, b"attribution: none", "register.yaml")
    Traceback (most recent call last):
    ...
    analysis.errors.RequestError: register.yaml: not a workbook that can be read (Cannot detect file format); fetch it again, or save it without a password as ODS, XLSX or CSV
    """
    target = [reader.__module__, reader.__qualname__, name, str(seconds), str(memory)]

    too_much = f"more than {seconds} seconds or {memory / 10**9:g} GB of memory, or breaks off"
    try:
        done = subprocess.run(  # noqa: S603 -- this interpreter, and no shell
            [sys.executable, "-P", "-c", _CHILD, *target],
            input=content,
            capture_output=True,
            check=True,
            # The address space that idle threads reserve would count against the limit.
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
            timeout=10 * seconds,
        )
    except subprocess.SubprocessError as error:
        raise RequestError(f"{name}: reading it takes {too_much}; it is not a workbook as published") from error
    told, _, result = done.stdout.partition(b"\n")
    if told := json.loads(told):
        raise RequestError(told)
    return result


def serve() -> None:
    """Do the child's part: take the limits on, read, and hand back what came of it, after an error or an empty one."""
    module, reader, name, seconds, memory = sys.argv[1:]
    with contextlib.suppress(ImportError):  # Windows has none of these
        import resource

        limits = ((resource.RLIMIT_CPU, int(seconds)), (resource.RLIMIT_AS, int(memory)), (resource.RLIMIT_CORE, 0))
        for kind, most in limits:
            with contextlib.suppress(ValueError, OSError):  # a lower limit is in force, or the system has none
                resource.setrlimit(kind, (most, most + 1 if kind == resource.RLIMIT_CPU else most))
    told, result = "", b""
    try:
        result = getattr(importlib.import_module(module), reader)(sys.stdin.buffer.read(), name)
    except RequestError as error:
        told = str(error)
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + result)
