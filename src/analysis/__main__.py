"""The command as a process: ``analysis`` and ``python -m analysis``."""

import contextlib
import os
import signal
import sys
from types import FrameType

LEAST_MEMORY = 400  # MB of addresses; with less, OpenBLAS waits for ever


def main() -> int:
    """Run the command, and let Ctrl-C end it at any moment without a traceback."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:  # closed: else the next file would be opened in its place, and messages written into that
            os.open(os.devnull, os.O_RDWR)
    with contextlib.suppress(ImportError):  # Windows has no such limit
        import resource

        most, _ = resource.getrlimit(resource.RLIMIT_AS)
        if most != resource.RLIM_INFINITY and most < LEAST_MEMORY * 10**6:
            least = f"allow {LEAST_MEMORY} (see `ulimit -v`)"
            print(f"analysis: only {most // 10**6} MB of memory may be used; {least}", file=sys.stderr)
            return 2
    # More threads gain nothing here, and one for which there is no memory makes OpenBLAS interrupt the command.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # It makes grammars as nbformat brings it in, for over a second, and serves a check of addresses that is not made here.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    handles = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # a shell's background commands do not
    if handles:
        signal.signal(signal.SIGINT, _end)  # nothing has begun
    from analysis.cli import main as run

    if handles:
        signal.signal(signal.SIGINT, _interrupt)
    return run()


def _end(*_: object) -> None:
    os._exit(130)


def _interrupt(number: int, _: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)  # the first is enough: what it ends is to be cleared up whole
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
