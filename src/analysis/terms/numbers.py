"""Numbers as readers see them, and words for numbers and months: the one place that writes and reads them."""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Iterable, Sequence
from datetime import date
from string import Formatter
from typing import Any

MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
MONTHS = tuple(calendar.month_name)[1:]
MONTH_NUMBERS = {name.casefold(): i for i, month in enumerate(MONTHS, 1) for name in (month, month[:3])} | {"sept": 9}
MONTH = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))  # choices of a regular expression

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: i for i, word in enumerate(_UNITS.split())} | {word: 10 * i for i, word in enumerate(_TENS.split(), 2)}
_LARGE = {"hundred": 100, "thousand": 1000}
_WORD = rf"(?:{'|'.join(sorted([*_SMALL, *_LARGE], key=len, reverse=True))})"
# A number in figures or words, as a regular expression: 33, 6,341, eight, twenty-four, three hundred and forty-two.
NUMBER_WORDS = (
    rf"(?:(?:an? (?=hundred|thousand))?{_WORD}(?:(?:-| |(?<=hundred) and |(?<=thousand) and ){_WORD}){{0,8}})"
)
NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?![\d,]\d)|\d+|{NUMBER_WORDS})"


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


def some(words: Sequence[str], most: int = 12, *, between: str = ", ", what: str = "") -> str:
    """Return as many words as a reader takes in, and how many more there are, of `what`.

    Examples
    --------
    >>> some(["8N", "8P"], 3), some(["8N", "8P", "8Q", "8R"], 2, what="codes")
    ('8N, 8P', '8N, 8P and 2 more codes')
    """
    more = f" and {len(words) - most:,} more {what}".rstrip() if len(words) > most else ""
    return f"{between.join(words[:most])}{more}"


def capital(text: str) -> str:
    """Return words as a sentence begins with them.

    Examples
    --------
    >>> capital("the Metropolitan Police"), capital("“doubled”")
    ('The Metropolitan Police', '“Doubled”')
    """
    start = 1 if text.startswith("“") else 0
    return f"{text[:start]}{text[start : start + 1].upper()}{text[start + 1 :]}"


class _Filling(Formatter):
    def format_field(self, value: Any, spec: str) -> str:
        words: str | None = value if isinstance(value, str) else getattr(value, "words", None)
        if words is not None:
            return words
        if isinstance(value, list | tuple):
            return joined(self.format_field(each, spec) for each in value)
        if isinstance(value, date):
            return day_words(value)
        return f"{value:d}" if spec == "d" else number(value, int(spec or 0))


def filled(text: str, /, **values: object) -> str:
    """Return words with what stands for each name in braces, as a reader says it.

    Parameters
    ----------
    text
        The words; ``{count:1}`` is a number with a decimal, ``{year:d}`` one without a comma, ``{count.period}`` what a count has by that name.
    values
        Texts, numbers, days, what has ``words`` of its own, such as periods and releases, and lists of these.

    Examples
    --------
    >>> filled("{count} in {months}, {share:1}%", count=6442, months=["May", "June"], share=2.5)
    '6,442 in May and June, 2.5%'
    """
    return _Filling().vformat(text, (), values)


def parsed(words: str) -> int | None:
    """Return the whole number that words or figures name, or None.

    Examples
    --------
    >>> parsed("eight"), parsed("twenty-four"), parsed("6,341"), parsed("three hundred and forty-two"), parsed("a hundred")
    (8, 24, 6341, 342, 100)
    >>> parsed("several"), parsed("twenty seventeen"), parsed("1,2")
    (None, None, None)
    """
    words = folded(words)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+|\d{1,20}", words):
        return int(words.replace(",", ""))
    if not re.fullmatch(NUMBER, words):
        return None
    total, part, room = 0, 0, 1000  # room for what may still be added: under 10 after "twenty", nothing after "two"
    for word in re.sub(r"^an?\b", "one", words).replace(" and ", " ").split():
        if word in _SMALL and _SMALL[word] < room:
            part += _SMALL[word]
            room = 10 if _SMALL[word] >= 20 else 0
        elif word == "hundred" and 0 < part < 100:
            part, room = part * 100, 100
        elif word == "thousand" and part and not total:
            total, part, room = part * 1000, 0, 1000
        else:
            return None
    return total + part


def folded(words: str) -> str:
    """Return words in lower case with plain hyphens and single spaces, and compounds such as "five-year" taken apart."""
    words = words.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    words = re.sub(f"[\N{EN DASH}{MINUS}]", "-", words)
    words = re.sub(r"(?<=[a-z])-(?=[a-z])|(?<=\d)-(?=[a-z])", " ", words)  # five-year, 12-month
    return " ".join(words.split())
