"""Numbers as readers see them."""

from __future__ import annotations

import calendar
import math
from collections.abc import Iterable
from datetime import date

MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"


def number(value: float | None, decimals: int = 0) -> str:
    """Return a number as readers see it: commas in thousands, a real minus sign, ``[x]`` where there is none.

    Examples
    --------
    >>> number(6442), number(-2), number(3.14159, 1), number(None)
    ('6,442', '−2', '3.1', '[x]')
    """
    if value is None or math.isnan(value):
        return "[x]"
    return f"{value:,.{decimals}f}".replace("-", MINUS)


def about(value: float) -> str:
    """Return a level as readers see it: a whole number, of whose digits no more than three are told.

    Examples
    --------
    >>> about(32.54), about(1956.4), about(107_461)
    ('33', '1,960', '107,000')
    """
    return number(value if abs(value) < 1000 else float(f"{value:.3g}"))


def interval(low: float | None, high: float | None, decimals: int = 1) -> str:
    """Return an interval as readers see it.

    Examples
    --------
    >>> interval(3.41, 28.88)
    '3.4 to 28.9'
    """
    return f"{number(low, decimals)} to {number(high, decimals)}"


def places(low: float, high: float) -> str:
    """Return a range of places, the highest rate being 1; ``[x]`` where there is none.

    Examples
    --------
    >>> places(26, 39), places(3, 3), places(math.nan, math.nan)
    ('26 to 39', '3', '[x]')
    """
    return number(low) if low == high or math.isnan(low) else interval(low, high, 0)


def day_words(day: date) -> str:
    """Return a day as a reader says it.

    Examples
    --------
    >>> day_words(date(2017, 4, 1))
    '1 April 2017'
    """
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def joined(words: Iterable[str], last_with: str = "and") -> str:
    """Return words as a sentence lists them.

    Examples
    --------
    >>> joined(["Cleveland", "Durham", "Northumbria"])
    'Cleveland, Durham and Northumbria'
    """
    *first, last = words
    return f"{', '.join(first)} {last_with} {last}" if first else last
