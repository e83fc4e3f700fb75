"""Words for numbers and months: the one place that reads them, whoever wrote them."""

from __future__ import annotations

import calendar
import re

from analysis.terms.numbers import MINUS

MONTHS = tuple(calendar.month_name)[1:]
MONTH_NUMBERS = {name.casefold(): i for i, month in enumerate(MONTHS, 1) for name in (month, month[:3])} | {"sept": 9}
MONTH = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))  # choices of a regular expression

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: i for i, word in enumerate(_UNITS.split())} | {word: 10 * i for i, word in enumerate(_TENS.split(), 2)}
_LARGE = {"hundred": 100, "thousand": 1000}
_WORD = rf"(?:{'|'.join(sorted([*_SMALL, *_LARGE], key=len, reverse=True))})"
# A number in figures or words, as a regular expression: 33, 6,341, eight, twenty-four, three hundred and forty-two.
NUMBER = (
    r"(?:\d{1,3}(?:,\d{3})+(?![\d,]\d)|\d+"
    rf"|(?:an? (?=hundred|thousand))?{_WORD}(?:(?:-| |(?<=hundred) and |(?<=thousand) and ){_WORD}){{0,8}})"
)


def number(words: str) -> int | None:
    """Return the whole number that words or figures name, or None.

    Examples
    --------
    >>> number("eight"), number("twenty-four"), number("6,341"), number("three hundred and forty-two"), number("a hundred")
    (8, 24, 6341, 342, 100)
    >>> number("several"), number("twenty seventeen"), number("1,2")
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
