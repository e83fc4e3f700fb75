"""Where words above and beside the marks of a chart stand, so that none meets another or runs off the drawing, at any width."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from analysis.report.charts import style
from analysis.report.charts.style import BREAK, UNDER, span

LINE = 11.0  # points that a line of small letters takes
# Of a day on which something changed.
DASHED: dict[str, Any] = {"color": BREAK, "linewidth": 1.2, "linestyle": (0, (4, 2))}


@dataclass(frozen=True)
class Label:
    """Words above the axes of a chart.

    Attributes
    ----------
    text
        One line or more.
    across
        Where they begin or end, in points from the left end of the axes.
    above
        Their foot, in points from the top of the axes.
    side
        ``left`` if they begin there, ``right`` if they end there.
    """

    text: str
    across: float
    above: float
    side: str = "left"

    @property
    def top(self) -> float:
        """Their head, in points from the top of the axes."""
        return self.above + LINE * (self.text.count("\n") + 1)

    def write(self, axes: Axes, colour: str) -> None:
        """Write them, on a ground behind which another's line passes."""
        look: dict[str, Any] = {"xycoords": "axes fraction", "bbox": UNDER | {"pad": 0.5}, "zorder": 5}
        place = (self.across, self.above)
        style.note(axes, self.text, (0, 1), place, ha=self.side, va="bottom", color=colour, **look)


def top(of: Iterable[Label], more: float = 0) -> float:
    """Return how high above the axes the highest label reaches, and so many points more; nothing where there is none."""
    return max((label.top + more for label in of), default=0.0)


def in_rows(named: Iterable[tuple[float, str]], width: float) -> list[tuple[str, float, str, int]]:
    """Return where words beside places stand: their text, where they begin or end, the side, and their row from the top.

    Parameters
    ----------
    named
        How many points across each place is, and its words, from left to right.
    width
        Points that there are.

    Examples
    --------
    >>> in_rows([(10, "one"), (12, "two"), (98, "three")], 100)
    [('one', 14, 'left', 0), ('two', 16, 'left', 1), ('three', 94, 'right', 0)]
    """
    stand, ends = [], list[float]()
    for place, text in named:
        wide = span(text) + 8
        fits = place + wide < width
        start = place if fits else place - wide
        row = next((row for row, end in enumerate(ends) if end <= start), len(ends))
        ends[row : row + 1] = [start + wide]
        stand.append((text, place + 4 if fits else place - 4, "left" if fits else "right", row))
    return stand


def above(named: Iterable[tuple[float, str]], width: float, floor: float = 0) -> list[Label]:
    """Return labels of places in rows above the axes, the lowest of them so many points above."""
    stand = in_rows(named, width)
    highest = max((row for *_, row in stand), default=0)
    return [Label(text, across, floor + LINE * (highest - row), side) for text, across, side, row in stand]


def place_of(day: date, freq: Any) -> float:
    """Return where a day lies among periods that are counted from 1970, each from half before to half after its number."""
    period = pd.Period(day, freq=freq)
    return float(period.ordinal - 0.5 + (pd.Timestamp(day) - period.start_time) / (period.end_time - period.start_time))


def mark_line(axes: Axes, place: float, label: Label) -> None:
    """Draw a dashed line at a place, as high as its label."""
    axes.axvline(place, ymax=1 + label.top / style.points(axes)[1], clip_on=False, **DASHED)
