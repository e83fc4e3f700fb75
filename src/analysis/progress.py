"""How long what is waited for may take, and how a build tells where it is: one bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Never, TextIO, TypeVar

from analysis.errors import RequestError

if TYPE_CHECKING:
    from tqdm import tqdm

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
        self._bar: tqdm[Never] | None = None
        self._done = self._total = 0
        self._began = 0.0  # when the first page was done

    def begin(self, total: int) -> None:
        """Say how many pages there are to make."""
        self._total = total
        with contextlib.suppress(OSError, ValueError):
            if total and self._stream and self._stream.isatty():
                from tqdm import tqdm

                self._bar = tqdm(total=total, file=self._stream, unit="page", dynamic_ncols=True)

    def page(self, name: str, reason: str | None = None) -> None:
        """Say that a page is done, or why it failed."""
        self._done += 1
        if self._done == 1:  # which the programs started up for as well: it tells nothing of the others
            self._began = time.monotonic()
        told = f"{name}: {'made' if reason is None else f'FAILED: {reason}'}"
        with contextlib.suppress(OSError, ValueError):
            if self._bar is not None:
                if reason is not None:
                    self._bar.write(told, file=self._stream)
                self._bar.set_description(name)
                self._bar.update()
            elif self._stream:
                total = max(self._total, self._done)
                minutes = (time.monotonic() - self._began) / 60 / max(1, self._done - 1) * (total - self._done)
                left = f", {minutes:.0f} min to go" if minutes >= 1 else ""
                print(f"{told} ({self._done} of {total}{left})", file=self._stream, flush=True)

    def close(self) -> None:
        """Close the bar."""
        with contextlib.suppress(OSError, ValueError):
            if self._bar is not None:
                self._bar.close()
