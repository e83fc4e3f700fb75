"""The command as a process: ``analysis`` and ``python -m analysis``."""

import os
import signal
import sys
from types import FrameType


def main() -> int:
    """Run the command, and let Ctrl-C end it at any moment without a traceback."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:  # closed: else the next file would be opened in its place, and messages written into that
            os.open(os.devnull, os.O_RDWR)
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
