"""Published claims: what was said, put into fields, each read from what a document writes or refused with what would be right."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import partial
from typing import Annotated, Any, Literal, dataclass_transform

from analysis import files, reader
from analysis.errors import RequestError
from analysis.figures.register import load_register
from analysis.reader import FieldError
from analysis.terms import areas, offences
from analysis.terms.areas import Area
from analysis.terms.findings import verdicts
from analysis.terms.numbers import MINUS, MONTHS, folded, joined, parsed
from analysis.terms.offences import Offence
from analysis.terms.periods import Month, Period


def _table(name: str) -> dict[str, str]:
    """Return a table of ``words.yaml``: what each of its words stands for."""
    return {words: meaning for meaning, several in _WORDS[name].items() for words in several}


_WORDS = reader.read(files.PACKAGE / "claims" / "words.yaml", dict[str, dict[str, tuple[str, ...]]])
BOUNDS = _table("bounds")
PERCENTAGES = {words: Fraction(number) for words, number in _table("percentages").items()}
MULTIPLES = {words: Fraction(number) for words, number in _table("multiples").items()}
_A_NUMBER = "a number, or words such as 'more than 5', 'almost 2' or 'a third'"
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
    def parse(value: object, *, named: Mapping[str, Fraction] | None = None, largest: int = LARGEST) -> Amount:
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
        exact = named.get(rest) if named else None
        if named is PERCENTAGES and (several := re.fullmatch(r"(.+) (?:in|out of) (.+)", rest)):  # four in ten
            part, whole = map(parsed, several.groups())
            exact = Fraction(100 * part, whole) if part is not None and whole else None
        if exact is not None:
            return Amount(exact, BOUNDS.get(bound, "about"), Fraction(0), words, is_named=True)
        plain = re.sub(r" ?(?:%|per ?cent|times|fold)$", "", rest)
        try:
            digits = Decimal(plain if (number := parsed(plain)) is None else number)
            if not -largest <= digits <= largest or (exponent := int(digits.as_tuple().exponent)) < _SMALLEST_EXPONENT:
                raise InvalidOperation
        except InvalidOperation:
            raise RequestError(f"amount: {words[:60]!r} is not one; write {_A_NUMBER}") from None
        stated = f"{bound} {digits:,f}".strip().replace("-", MINUS)
        return Amount(Fraction(digits), BOUNDS.get(bound, ""), Fraction(10) ** min(0, exponent) / 2, stated)

    def holds(self, actual: Fraction, *, near: Fraction | None = None) -> bool:
        """Say whether an actual amount is what was stated: to half a unit of the last digit, or within the bound.

        "More than" and "less than" are strict; "almost", "nearly" and "about" allow a tenth, or as much as ``near`` says, and so do
        words such as "a third" and "doubled".
        """
        low, high = self.ends(near=near)
        return {"more than": actual > low, "less than": actual < high}.get(self.bound, low <= actual <= high)

    def agrees(self, actual: Fraction | int) -> bool:
        """Say whether a figure of the tables is what was stated: as :meth:`holds`, but "about" and "almost" allow a hundredth.

        Examples
        --------
        >>> almost = Amount.parse("almost 68,000", largest=MOST_OFFENCES)
        >>> [almost.agrees(Fraction(actual)) for actual in (67_319, 67_320, 68_000, 68_001)]
        [False, True, True, False]
        """
        return self.holds(Fraction(actual), near=None if self.is_named else max(self.half_unit, abs(self.number) / 100))

    def ends(self, *, least: int = -_BEYOND, near: Fraction | None = None) -> tuple[Fraction, Fraction]:
        """Return the lowest and the highest that the statement leaves open, where nothing is less than ``least``."""
        if self.bound in {"more than", "at least"}:
            return self.number, Fraction(_BEYOND)
        if self.bound in {"less than", "at most"}:
            return Fraction(least), self.number
        room = (near or abs(self.number) / 10) if self.bound else self.half_unit
        return self.number - room, self.number + (self.half_unit if self.bound == "almost" else room)

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


@dataclass(frozen=True)
class Place:
    """Whom a figure is said of.

    Attributes
    ----------
    names
        As this project names them: one area, or several forces.
    area
        The forces, or None where the tables do not hold the area.
    within
        The area that a town lies in, as a sentence calls it, whose figures are not the town's; empty elsewhere.
    """

    names: tuple[str, ...]
    area: Area | None
    within: str = ""

    @property
    def name(self) -> str:
        """The names as a sentence joins them."""
        return joined(self.names)


@dataclass(frozen=True)
class PublicationDate:
    """A year, with its month and day as far as they are known."""

    parts: tuple[int, ...]

    @property
    def earliest(self) -> date:
        """The first day that it may have been."""
        return date(*(*self.parts, 1, 1)[:3])

    @property
    def words(self) -> str:
        """The date as a reader says it: 26 April 2018, April 2018 or 2018."""
        month = [MONTHS[number - 1] for number in self.parts[1:2]]
        return " ".join(map(str, (*self.parts[2:], *month, self.parts[0])))


@dataclass(frozen=True)
class Whole:
    """What a share is of: an offence, in a place, or in the claim's own where that is None."""

    offence: Offence
    place: Place | None


# --- the values of fields, from what a document writes ------------------------------------------------------------------


def _matching(pattern: str, text: str) -> str:
    if not re.fullmatch(pattern, text):
        raise ValueError
    return " ".join(text.split())


def _whole(text: str, least: int = 0) -> int:
    if not least <= int(text) <= MOST_OFFENCES:
        raise ValueError
    return int(text)


def _count(text: str) -> Amount:
    with suppress(RequestError):
        read = Amount.parse(text, largest=MOST_OFFENCES)
        if (read.bound or text.isdecimal()) and read.number >= 0 and read.number.denominator == 1:
            return read
    raise ValueError


def _day(text: str) -> PublicationDate:
    found = PublicationDate(tuple(map(int, _matching(r"\d{4}(?:-\d{2}){0,2}", text).split("-"))))
    found.earliest  # noqa: B018  # refuses a day that no calendar has
    return found


def _month(text: str) -> Month:
    return Month(*_day(text).earliest.timetuple()[:2])


def _place(value: str | list[str]) -> Place:
    if isinstance(value, list):
        forces = areas.find_area([areas.find(name).name for name in value])
        return Place(tuple(forces.names), forces)
    if outside := areas.outside(value):
        return Place((outside.name,), None)
    area = areas.find_area(value)
    if area.place:  # a town's figures are not those of what it lies in
        return Place((area.place,), None, within=area.called)
    return Place((area.name,), area)


def _offence(code: str) -> Offence:
    holding = next((release for release in reversed(load_register().releases) if release.holds(code)), None)
    return holding.offence(code) if holding else offences.find(code)


def _whole_of(text: str) -> Whole:
    what, _, where = text.partition(" in ")
    is_all = what.casefold() in {"all", "all crime"}
    return Whole(_offence("total" if is_all else what), _place(where) if where else None)


_NAME = r"(?=.{1,100}$)[a-z0-9]+(?:-[a-z0-9]+)*"
_A_DATE = "a date such as 2018-04-26, a month such as 2018-04, or a year"
_A_WHOLE = "a whole number of {} or more, in figures without commas"
Text = Annotated[str, partial(_matching, r"(?s).*\S.*"), "words"]
Identifier = Annotated[str, partial(_matching, _NAME), "lower-case letters and digits with hyphens between"]
Number = Annotated[int, _whole, _A_WHOLE.format(0)]
Positive = Annotated[int, partial(_whole, least=1), _A_WHOLE.format(1)]
Counted = Annotated[Amount, _count, _A_WHOLE.format(0)]
Plain = Annotated[Amount, Amount.parse, _A_NUMBER]
Percentage = Annotated[Amount, partial(Amount.parse, named=PERCENTAGES), _A_NUMBER]
Multiple = Annotated[Amount, partial(Amount.parse, named=MULTIPLES), _A_NUMBER]
Published = Annotated[PublicationDate, _day, _A_DATE]
Months = Annotated[Period, Period.parse, "months such as 2017-04..2017-12"]
Since = Annotated[Month, _month, _A_DATE]
Where = Annotated[Place, _place, "a force, an area such as England and Wales, or a list of forces"]
Code = Annotated[Offence, _offence, "a code such as 88A"]
Of = Annotated[Whole, _whole_of, "a code and an area, such as '48 in England and Wales', or 'all'"]
Way = Literal["up", "down"]
Kind = Literal[
    "count", "change", "difference", "rate", "interval", "record", "rank", "share", "points", "denied", "forecast"
]

# --- a claim and its parts ----------------------------------------------------------------------------------------------


@dataclass_transform(frozen_default=True, kw_only_default=True)
@dataclass(frozen=True, kw_only=True)
class Quoted:
    """Fields that stand in the source, with its own few words. Each kind of them is a frozen dataclass."""

    quote: Text | None = None

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True, kw_only=True)(cls)


class Earlier(Quoted):
    """What was published earlier of a part of the months, and where."""

    value: Number
    period: Months
    source: Text


class Stated(Quoted):
    """A count as stated, with its months, the words used for them, and earlier figures that explain it."""

    value: Counted | None = None
    period: Months
    described_as: Text | None = None
    earlier: tuple[Earlier, ...] = ()


class Change(Quoted):
    """A change as stated: ``percent`` or ``times``, current over baseline, or only whether ``up`` or ``down``.

    A fall of 30% is ``percent: -30``, or ``percent: 30`` with ``direction: down``; ``points`` are of a stated share.
    """

    percent: Percentage | None = None
    times: Multiple | None = None
    points: Plain | None = None
    direction: Way | None = None

    def __post_init__(self) -> None:
        if (self.percent, self.times, self.points, self.direction) == (None,) * 4:
            raise ValueError("is empty; write percent, times, points or direction")


class Difference(Quoted):
    """How many more or fewer offences than in the baseline: 2,600 more."""

    value: Counted
    direction: Way


class Part(Quoted):
    """One of the parts that are said to make up the current value."""

    area: Where
    value: Counted


class Coverage(Quoted):
    """How many forces answered a request, of how many."""

    responded: Number
    of: Number


class Rate(Quoted):
    """Offences a day, week or month, as stated."""

    value: Plain
    per: Literal["day", "week", "month"]


class RatePer(Quoted):
    """Offences per so many residents or households; ``base`` is how many there are by the source's own figures."""

    value: Plain
    per: Positive
    of: Literal["residents", "households"]
    base: Positive | None = None


class Interval(Quoted):
    """One offence every so many minutes, as stated."""

    every: Plain
    unit: Literal["seconds", "minutes", "hours", "days"]


class Record(Quoted):
    """That the current figure is the highest or lowest since a month or year."""

    extreme: Literal["highest", "lowest"]
    since: Since


class Rank(Quoted):
    """A place among forces, by rate, count or change; ``order`` says from which end it is counted."""

    place: Positive
    of: Number | None = None
    by: Literal["rate", "count", "change"] = "rate"
    order: Literal["highest", "lowest"] = "highest"


class Rising(Quoted):
    """In how many forces, of how many, the figure rose."""

    count: Number
    of: Number


class ShareOf(Quoted):
    """What share of a total that the tables hold the current figure is: ``of`` an offence in an area, or ``all``."""

    percent: Percentage
    of: Of


class Share(Quoted):
    """A share as stated: ``percent`` is ``count`` out of ``of``, where all cases are ``whole``.

    A share of those for which something is known has an ``of`` under its ``whole``. Without an ``of``, the share is of
    the whole.
    """

    percent: Percentage
    count: Number | None = None
    of: Number | None = None
    whole: Number | None = None

    @property
    def base(self) -> int | None:
        """What the percentage is of."""
        return self.whole if self.of is None else self.of


# Forms of a figure beside a count, each of which needs the current period.
FORMS = (
    "rate", "rate_per", "baseline_rate_per", "compared_rate_per", "interval", "share_of", "record", "rank", "forces_rising",
)  # fmt: skip
DISCLOSED = tuple(verdicts())


class Claim(Quoted):
    """A published statement about recorded offences, in fields. The fields are judged, not the statement.

    ``kind`` is its form where the fields do not show it: what is ``denied`` or a ``forecast`` holds the fields of what it
    denies or foresees. ``compared_rate_per`` is the rate of England and Wales. ``discloses`` lists the codes of findings
    that the source itself gives; a ``draft`` was read by rules and nobody has confirmed it.
    """

    id: Identifier
    statement: Text
    published: Published
    source: Text
    area: Where
    basis: Literal["home-office", "foi"]
    offence: Code
    kind: Kind | None = None
    current: Stated | None = None
    baseline: Stated | None = None
    change: Change | None = None
    difference: Difference | None = None
    parts: tuple[Part, ...] = ()
    coverage: Coverage | None = None
    rate: Rate | None = None
    rate_per: RatePer | None = None
    baseline_rate_per: RatePer | None = None
    compared_rate_per: RatePer | None = None
    interval: Interval | None = None
    share: Share | None = None
    share_of: ShareOf | None = None
    record: Record | None = None
    rank: Rank | None = None
    forces_rising: Rising | None = None
    discloses: tuple[Literal[DISCLOSED], ...] = ()  # type: ignore[valid-type]
    draft: bool = False

    @staticmethod
    def of(fields: Mapping[str, Any]) -> Claim:
        """Return the claim of fields as a file of claims writes them.

        Raises
        ------
        RequestError
            With a line for each field that is wrong.

        Examples
        --------
        >>> said = {"id": "kent", "statement": "33 rapes", "published": "2018", "source": "-", "basis": "foi", "offence": "88A"}
        >>> Claim.of(said | {"area": "Kemt"})
        Traceback (most recent call last):
        ...
        analysis.errors.RequestError: claim: (kent).area: 'Kemt' is not known; the nearest names are Kent
        """
        return reader.of_values(Claim, dict(fields), "claim")

    @property
    def value(self) -> Amount | None:
        """The current count as stated, if one is."""
        return self.current.value if self.current else None

    @property
    def base_value(self) -> Amount | None:
        """The baseline count as stated, if one is."""
        return self.baseline.value if self.baseline else None

    @property
    def figure(self) -> tuple[object, ...] | None:
        """The current count with what it is of, by which two claims state the same; None without a count."""
        if self.current is None or self.value is None:
            return None
        return self.area.names, self.counted_as.code, self.current.period, self.value.number

    @property
    def is_comparison(self) -> bool:
        """Whether one period is set against another."""
        return any((self.baseline, self.change, self.difference, self.forces_rising))

    @property
    def is_foi(self) -> bool:
        """Whether the figures are of another collection, answers to freedom-of-information requests."""
        return self.basis == "foi"

    @property
    def counted_as(self) -> Offence:
        """The offence under which the tables count what the claim speaks of."""
        return offences.find(self.offence.part_of) if self.offence.part_of else self.offence

    @property
    def can_be_matched(self) -> bool:
        """Whether the tables hold the very figures that the claim speaks of."""
        return not self.is_foi and self.offence.part_of is None

    @property
    def periods(self) -> tuple[Period, ...]:
        """The stated periods, the current one first."""
        return tuple(stated.period for stated in (self.current, self.baseline) if stated is not None)

    def __post_init__(self) -> None:
        if self.current is None:
            for name in ("parts", *FORMS):
                if getattr(self, name):
                    raise FieldError(name, "has no current value to belong to; add current with its period")
        elif self.baseline is not None and self.baseline.period.overlaps(self.current.period):
            then, now = self.baseline.period, self.current.period
            raise FieldError("baseline", f"{then} overlaps the current {now}; write periods that share no month")
