"""Numbers and amounts as statements give them: in figures or words, plain or with a bound ("more than five times")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TypeVar

from analysis.errors import RequestError
from analysis.terms.language import folded, number
from analysis.terms.numbers import MINUS

Meaning = TypeVar("Meaning")


def _by_words(table: dict[Meaning, str]) -> dict[str, Meaning]:
    return {words: meaning for meaning, several in table.items() for words in several.split(", ")}


# How far an amount may be from what it is said of. The words are those of statements, the values those of `Amount`.
BOUNDS = _by_words(
    {
        "more than": "more than, over, above, just over, well over",
        "at least": "at least, no fewer than, no less than, upwards of",
        "less than": "less than, fewer than, under, below, just under",
        "at most": "up to, at most, as many as, as much as",
        "about": "almost, nearly, about, around, roughly, approximately, some, close to, getting on for, an estimated",
    }
)
PERCENTAGES = _by_words(
    {
        Fraction(50): "half, a half",
        Fraction(100, 3): "a third, one third",
        Fraction(200, 3): "two thirds",
        Fraction(25): "a quarter, one quarter",
        Fraction(75): "three quarters",
        Fraction(20): "a fifth",
        Fraction(10): "a tenth",
    }
)
MULTIPLES = _by_words(
    {
        Fraction(1, 2): "halved, halving",
        Fraction(2): "double, doubled, doubling, twice",
        Fraction(3): "treble, trebled, trebling, tripled, tripling",
        Fraction(4): "quadrupled",
    }
)
EXAMPLES = "'more than 5', 'almost 2' or 'a third'"
_REVERSED = {"more than": "less than", "less than": "more than", "at least": "at most", "at most": "at least"}
LARGEST = 10**6  # no percentage, multiple or rate of a true statement is larger
_SMALLEST_EXPONENT = -6


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
    def parse(
        value: int | float | Decimal | str, *, named: Mapping[str, Fraction] | None = None, largest: int = LARGEST
    ) -> Amount:
        """Read an amount: a number, or words such as ``more than 5``, ``almost doubled``, ``a third``.

        Parameters
        ----------
        value
            An int, a Decimal, a float or text.
        named
            Words that stand for an amount here, :data:`PERCENTAGES` or :data:`MULTIPLES`.
        largest
            The largest that is no slip of the hand.

        Returns
        -------
        Amount

        Raises
        ------
        RequestError
            If it is none of these, not finite, or larger.

        Examples
        --------
        >>> Amount.parse(68).holds(Fraction(17 * 100, 25)), Amount.parse("more than 5").holds(Fraction(5))
        (True, False)
        >>> Amount.parse("almost doubled", named=MULTIPLES).holds(Fraction(7263, 3728))
        True
        """
        words = folded(str(value))
        bound = max((word for word in BOUNDS if words.startswith(f"{word} ")), key=len, default="")
        rest = words.removeprefix(bound).strip()
        meaning = BOUNDS.get(bound, "")
        if named and rest in named:
            return Amount(named[rest], meaning or "about", Fraction(0), words, is_named=True)
        rest = re.sub(r" ?(?:%|per ?cent|times|fold)$", "", rest)
        digits = _decimal(rest, largest)
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


def _decimal(words: str, largest: int) -> Decimal | None:
    named = number(words)
    try:
        digits = Decimal(named if named is not None else words)
    except InvalidOperation:
        return None
    if not digits.is_finite() or int(digits.as_tuple().exponent) < _SMALLEST_EXPONENT or digits.adjusted() > 9:
        return None
    return digits if abs(digits) <= largest else None
