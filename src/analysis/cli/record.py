"""What is told of a run: on standard error with ``-v``, nothing but errors with ``-q``, and in a file with ``--log``."""

from __future__ import annotations

import contextlib
import logging
import shlex
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from analysis._version import __version__
from analysis.errors import RequestError, printable

_log = logging.getLogger("analysis")


class _Lines(logging.Formatter):
    """One line an entry, with the time in UTC; nothing in it can steer a terminal."""

    converter = time.gmtime  # type: ignore[assignment]  # a time is always given
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        """Return an entry without line ends of its own."""
        return printable(super().format(record)).replace("\n", " | ")


class _File(logging.FileHandler):
    """Writes the record of a run; where it cannot, the run goes on, and that is said at its end."""

    failure: OSError | None = None

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802  # as the base class calls it
        """Keep why an entry was not written."""
        error = sys.exc_info()[1]
        self.failure = error if isinstance(error, OSError) else self.failure


class _Screen(logging.StreamHandler):  # type: ignore[type-arg]  # as the base class is called at run time
    """Writes to standard error, if anybody reads it."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Let a stream that is closed or full stop nothing."""


@contextlib.contextmanager
def kept(words: Sequence[str], *, quiet: bool, verbose: bool, log: Path | None) -> Iterator[None]:
    """Tell of a run while it lasts.

    Parameters
    ----------
    words
        The words of the command, for the file.
    quiet, verbose
        What is told on standard error: nothing, or what is read and made; otherwise only what waits.
    log
        A file to which the record of the run is added.

    Raises
    ------
    RequestError
        If the file cannot be written: before the run, or, of a run that is done, afterwards.
    """
    screen = _Screen(sys.stderr)
    screen.setLevel(logging.ERROR if quiet else logging.INFO if verbose else logging.WARNING)
    screen.setFormatter(logging.Formatter("analysis: %(message)s"))
    handlers: list[logging.Handler] = [screen]
    file = None
    if log is not None:
        if log.exists() and not log.is_file():  # a pipe would be waited for, and a device is no record
            raise RequestError(f"--log {log}: is no regular file; name a file that may be written to")
        try:
            file = _File(log, encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            raise _unwritable(log, error) from error
        file.setFormatter(_Lines("%(asctime)s %(levelname)s %(message)s"))
        handlers.append(file)
    before, level = _log.handlers, _log.level
    _log.handlers, _log.propagate = handlers, False
    _log.setLevel(logging.DEBUG if file else logging.INFO if verbose else logging.WARNING)
    began = time.monotonic()
    _log.info("analysis %s: %s", __version__, shlex.join(words))
    try:
        yield
    finally:
        _log.info("took %.1f seconds", time.monotonic() - began)
        _log.handlers, _log.propagate = before, True
        _log.setLevel(level)
        if file:
            with contextlib.suppress(OSError):
                file.close()
    if file and file.failure:
        assert log is not None  # noqa: S101  # where there is a handler, there is its file
        raise _unwritable(log, file.failure)


def _unwritable(log: Path, error: OSError) -> RequestError:
    return RequestError(
        f"--log {log}: cannot be written ({error.strerror}); name a file with room that may be written to"
    )
