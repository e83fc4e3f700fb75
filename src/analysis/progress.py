"""How a build tells where it is: one bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Never, TextIO

if TYPE_CHECKING:
    from tqdm import tqdm


class Progress:
    """Counts pages as they are done.

    Parameters
    ----------
    stream
        Where to tell it.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._bar: tqdm[Never] | None = None
        self._done = self._total = 0

    def begin(self, total: int) -> None:
        """Say how many pages there are to make."""
        self._total = total
        if total and self._stream.isatty():
            from tqdm import tqdm

            self._bar = tqdm(total=total, file=self._stream, unit="page", dynamic_ncols=True)

    def page(self, name: str, reason: str | None = None) -> None:
        """Say that a page is done, or why it failed."""
        self._done += 1
        line = f"{name}: {'made' if reason is None else f'FAILED: {reason}'}"
        if self._bar is None:
            print(f"{line} ({self._done} of {max(self._total, self._done)})", file=self._stream, flush=True)
            return
        if reason is not None:
            self._bar.write(line, file=self._stream)
        self._bar.set_description(name)
        self._bar.update()

    def close(self) -> None:
        """Close the bar."""
        if self._bar is not None:
            self._bar.close()
