"""Numbers and amounts as statements give them: in figures or words, plain or with a bound ("more than five times")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from analysis.errors import RequestError
from analysis.terms.numbers import MINUS

_ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
NUMBER = rf"(?:\d[\d,]{{0,9}}|(?:{'|'.join(_TENS)})(?: (?:{'|'.join(_ONES[1:10])}))?|{'|'.join(reversed(_ONES))})"

# How far an amount may be from what it is said of. The words are those of statements, the values those of `Amount`.
BOUNDS = {
    "more than": "more than",
    "over": "more than",
    "above": "more than",
    "at least": "at least",
    "less than": "less than",
    "fewer than": "less than",
    "under": "less than",
    "below": "less than",
    "up to": "at most",
    "at most": "at most",
    "almost": "about",
    "nearly": "about",
    "about": "about",
    "around": "about",
    "roughly": "about",
    "approximately": "about",
}
PERCENTAGES = {
    "half": Fraction(50),
    "a half": Fraction(50),
    "a third": Fraction(100, 3),
    "one third": Fraction(100, 3),
    "two thirds": Fraction(200, 3),
    "a quarter": Fraction(25),
    "one quarter": Fraction(25),
    "three quarters": Fraction(75),
    "a fifth": Fraction(20),
    "a tenth": Fraction(10),
}
MULTIPLES = {
    "halved": Fraction(1, 2),
    "double": Fraction(2),
    "doubled": Fraction(2),
    "twice": Fraction(2),
    "treble": Fraction(3),
    "trebled": Fraction(3),
    "tripled": Fraction(3),
    "quadrupled": Fraction(4),
}
EXAMPLES = "'more than 5', 'almost 2' or 'a third'"
_REVERSED = {"more than": "less than", "less than": "more than", "at least": "at most", "at most": "at least"}
_LARGEST = Decimal(10) ** 6  # no percentage, multiple or rate of a true statement is larger
_SMALLEST_EXPONENT = -6


def number(words: str) -> int | None:
    """Return the whole number that words or figures name, or None.

    Examples
    --------
    >>> number("eight"), number("twenty-four"), number("1,220"), number("several")
    (8, 24, 1220, None)
    """
    words = folded(words)
    if not re.fullmatch(NUMBER, words):
        return None
    if words[0].isdigit():
        return int(words.replace(",", ""))
    tens, _, ones = words.partition(" ")
    if tens in _TENS:
        return _TENS[tens] + (_ONES.index(ones) if ones else 0)
    return _ONES.index(words)


@dataclass(frozen=True)
class Amount:
    """An amount as stated, with the range that the statement leaves open.

    Attributes
    ----------
    number
        The amount itself.
    bound
        Empty for a plain number, or ``more than``, ``at least``, ``less than``, ``at most`` or ``about``.
    half_unit
        Half a unit of the last digit stated.
    stated
        The words or figures, without the unit.
    is_named
        Whether it was a word that holds its own unit, such as ``a third`` or ``doubled``.
    """

    number: Fraction
    bound: str
    half_unit: Fraction
    stated: str
    is_named: bool = False

    @staticmethod
    def parse(value: int | float | Decimal | str, *, named: Mapping[str, Fraction] | None = None) -> Amount:
        """Read an amount: a number, or words such as ``more than 5``, ``almost doubled``, ``a third``.

        Parameters
        ----------
        value
            An int, a Decimal, a float or text.
        named
            Words that stand for an amount here, :data:`PERCENTAGES` or :data:`MULTIPLES`.

        Returns
        -------
        Amount

        Raises
        ------
        RequestError
            If it is none of these, not finite, or beyond a million.

        Examples
        --------
        >>> Amount.parse(68).holds(Fraction(17 * 100, 25)), Amount.parse("more than 5").holds(Fraction(5))
        (True, False)
        >>> Amount.parse("almost doubled", named=MULTIPLES).holds(Fraction(7263, 3728))
        True
        """
        words = folded(str(value))
        bound = next((word for word in BOUNDS if words.startswith(f"{word} ")), "")
        rest = words.removeprefix(bound).strip()
        meaning = BOUNDS.get(bound, "")
        if named and rest in named:
            return Amount(named[rest], meaning or "about", Fraction(0), words, is_named=True)
        rest = re.sub(r" ?(?:%|per ?cent|times|fold)$", "", rest)
        digits = _decimal(rest)
        if digits is None:
            raise RequestError(f"amount: {words[:60]!r} is not one; write a number, or words such as {EXAMPLES}")
        unit = Fraction(10) ** min(0, int(digits.as_tuple().exponent))
        stated = f"{bound} {digits:,f}".strip().replace("-", MINUS)
        return Amount(Fraction(digits), meaning, unit / 2, stated)

    def holds(self, actual: Fraction) -> bool:
        """Say whether an actual amount is what was stated: to half a unit of the last digit, or within the bound.

        "More than" and "less than" are strict; "almost", "nearly" and "about" allow a tenth, and so do words such as
        "a third" and "doubled".
        """
        return {
            "more than": actual > self.number,
            "at least": actual >= self.number,
            "less than": actual < self.number,
            "at most": actual <= self.number,
            "about": abs(actual - self.number) <= abs(self.number) / 10,
            "": abs(actual - self.number) <= self.half_unit,
        }[self.bound]

    def words(self, unit: str) -> str:
        """Return the amount with its unit, as stated: ``more than 80%``, or ``a third``."""
        return self.stated if self.is_named else f"{self.stated}{unit}"

    def bounding(self, count: Fraction, *, falling: bool = False) -> str:
        """Return another count under the same bound, rounded: ``more than 5,780``.

        Parameters
        ----------
        count
            What the stated number would come to.
        falling
            Whether the amount is taken away, so that more of it leaves less.
        """
        bound = _REVERSED.get(self.bound, self.bound) if falling else self.bound
        return f"{bound} {round(count):,}".strip().replace("-", MINUS)


def folded(words: str) -> str:
    """Return words in lower case with plain hyphens and single spaces, and compounds such as "five-year" taken apart."""
    words = words.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    words = re.sub(f"[\N{EN DASH}{MINUS}]", "-", words)
    words = re.sub(r"(?<=[a-z])-(?=[a-z])|(?<=\d)-(?=[a-z])", " ", words)  # five-year, 12-month
    return " ".join(words.split())


def _decimal(words: str) -> Decimal | None:
    named = number(words)
    try:
        digits = Decimal(named if named is not None else words)
    except InvalidOperation:
        return None
    if not digits.is_finite() or int(digits.as_tuple().exponent) < _SMALLEST_EXPONENT or digits.adjusted() > 6:
        return None
    return digits if abs(digits) <= _LARGEST else None
