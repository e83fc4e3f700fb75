"""What a broken input is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

RELEASE = "2026-04-23"


@dataclass(frozen=True)
class Broken:
    """One broken input.

    Attributes
    ----------
    kind
        What is broken: a workbook, a register, claims and so on.
    name
        What is wrong with it.
    make
        Makes it in a folder and returns the words of the command. ``store`` in that folder is what a user added, and
        ``shipped``, where it is made, stands in for what the project ships.
    says
        What the command must say: first the place, and what would be right.
    lines
        In how many lines.
    is_heavy
        Whether it aims at time or memory, so that the command runs in a process of its own and is measured.
    """

    kind: str
    name: str
    make: Callable[[Path], Sequence[str]]
    says: tuple[str, ...]
    lines: int = 1
    is_heavy: bool = False
