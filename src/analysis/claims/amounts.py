"""Numbers and amounts as statements give them: in figures or words, plain or with a bound ("more than five times")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from analysis import files, reader
from analysis.errors import RequestError
from analysis.terms.numbers import MINUS, folded, parsed


@dataclass(frozen=True)
class _Words:
    bounds: dict[str, tuple[str, ...]]
    percentages: dict[str, tuple[str, ...]]
    multiples: dict[str, tuple[str, ...]]


_WORDS = reader.read(files.PACKAGE / "claims" / "amounts.yaml", _Words)
BOUNDS = {words: bound for bound, several in _WORDS.bounds.items() for words in several}
PERCENTAGES, MULTIPLES = (
    {words: Fraction(number) for number, several in table.items() for words in several}
    for table in (_WORDS.percentages, _WORDS.multiples)
)
EXAMPLES = "'more than 5', 'almost 2' or 'a third'"
_REVERSED = {"more than": "less than", "less than": "more than", "at least": "at most", "at most": "at least"}
MOST_OFFENCES = 10**9
LARGEST = 10**6  # no percentage, multiple or rate of a true statement is larger
_SMALLEST_EXPONENT = -6
_BEYOND = 10**18  # more than any number of a statement, or a ratio of two


@dataclass(frozen=True)
class Amount:
    """An amount as stated, with the range that the statement leaves open.

    Attributes
    ----------
    number
        The amount itself.
    bound
        Empty for a plain number, or ``more than``, ``at least``, ``less than``, ``at most``, ``about`` or ``almost``.
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
        if named is PERCENTAGES and (several := re.fullmatch(r"(.+) (?:in|out of) (.+)", rest)):  # four in ten
            part, whole = parsed(several[1]), parsed(several[2])
            if part is not None and whole:
                return Amount(Fraction(100 * part, whole), meaning or "about", Fraction(0), words, is_named=True)
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
        low, high = self.ends()
        return {"more than": actual > low, "less than": actual < high}.get(self.bound, low <= actual <= high)

    def agrees(self, actual: Fraction | int) -> bool:
        """Say whether a figure of the tables is what was stated: as :meth:`holds`, but "about" and "almost" allow a hundredth.

        Examples
        --------
        >>> almost = Amount.parse("almost 68,000", largest=MOST_OFFENCES)
        >>> [almost.agrees(Fraction(actual)) for actual in (67_319, 67_320, 68_000, 68_001)]
        [False, True, True, False]
        """
        if self.is_named or self.bound not in {"about", "almost"}:
            return self.holds(Fraction(actual))
        near = max(self.half_unit, abs(self.number) / 100)
        return self.number - near <= actual <= self.number + (near if self.bound == "about" else 0)

    def ends(self, *, least: int = -_BEYOND) -> tuple[Fraction, Fraction]:
        """Return the lowest and the highest that the statement leaves open, where nothing is less than ``least``."""
        if self.bound in {"more than", "at least"}:
            return self.number, Fraction(_BEYOND)
        if self.bound in {"less than", "at most"}:
            return Fraction(least), self.number
        tenth = abs(self.number) / 10 if self.bound else self.half_unit
        return self.number - tenth, self.number + (self.half_unit if self.bound == "almost" else tenth)

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
    named = parsed(words)
    try:
        digits = Decimal(named if named is not None else words)
    except InvalidOperation:
        return None
    if not digits.is_finite() or int(digits.as_tuple().exponent) < _SMALLEST_EXPONENT or digits.adjusted() > 9:
        return None
    return digits if abs(digits) <= largest else None
