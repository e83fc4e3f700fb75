"""How long what is waited for may take, and how a build tells where it is: in one line on a terminal, a line a page elsewhere."""

from __future__ import annotations

import contextlib
import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TextIO, TypeVar

from analysis.errors import RequestError

_T = TypeVar("_T")


def within(seconds: float, work: Callable[[], _T], *, late: str) -> _T:
    """Return what work gives if it does so in time: the one clock for all that is fetched, besides the limits of each read.

    A server can send a byte of its headers or its answer at a time, which no limit of a read ends.

    Parameters
    ----------
    seconds
        How long it may take in all.
    work
        What to do; it goes on by itself when its time is over, and what comes of it is lost.
    late
        What to say then.

    Raises
    ------
    RequestError
        That says `late`; whatever else the work raises is raised as it is.

    Examples
    --------
    >>> within(1, lambda: 2 + 2, late="it took longer than a second")
    4
    """
    future: Future[_T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # it is raised below
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        return future.result(seconds)
    except TimeoutError:
        if future.done():
            raise
        raise RequestError(late) from None


class Progress:
    """Counts pages as they are done; a stream that is closed, full or that nobody reads stops no build.

    Parameters
    ----------
    stream
        Where to tell it; None for nowhere.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._done = self._total = 0
        self._began = 0.0  # when the first page was done

    def begin(self, total: int) -> None:
        """Say how many pages there are to make."""
        self._total = total

    def page(self, name: str, reason: str | None = None) -> None:
        """Say that a page is done, or why it failed."""
        self._done += 1
        if self._done == 1:  # which the programs started up for as well: it tells nothing of the others
            self._began = time.monotonic()
        total = max(self._total, self._done)
        minutes = (time.monotonic() - self._began) / 60 / max(1, self._done - 1) * (total - self._done)
        left = f", {minutes:.0f} min to go" if minutes >= 1 else ""
        told = f"{name}: {'made' if reason is None else f'FAILED: {reason}'} ({self._done} of {total}{left})"
        self._tell(told, end="\n" if reason else "\r")

    def close(self) -> None:
        """Leave a terminal's line to what comes next."""
        self._tell("", end="\r")

    def _tell(self, line: str, end: str) -> None:
        """Print a line; on a terminal one that ends in no new line is written over by the next."""
        with contextlib.suppress(OSError, ValueError):
            if self._stream and self._stream.isatty():
                width = shutil.get_terminal_size().columns - 1
                line = line[:width] if end == "\r" else line
                print(f"{line:{width}}", end=end, file=self._stream, flush=True)
            elif self._stream and line:
                print(line, file=self._stream, flush=True)
