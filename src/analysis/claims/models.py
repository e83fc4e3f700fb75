"""Published claims: what was said, put into fields."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, model_validator

from analysis.claims.amounts import EXAMPLES, MOST_OFFENCES, MULTIPLES, PERCENTAGES, Amount
from analysis.errors import RequestError, shown
from analysis.figures.register import load_register
from analysis.terms import areas, models, offences
from analysis.terms.areas import Area
from analysis.terms.findings import CLAIM_CODES
from analysis.terms.language import MONTHS
from analysis.terms.numbers import joined
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

# Areas that statements name and the tables of England and Wales do not hold, as a sentence names them.
OUTSIDE = {
    "uk": "the UK",
    "the uk": "the UK",
    "united kingdom": "the UK",
    "great britain": "Great Britain",
    "britain": "Great Britain",
    "northern ireland": "Northern Ireland",
    "scotland": "Scotland",
}
DISCLOSED = tuple(code.code for code in CLAIM_CODES)


class FieldError(ValueError):
    """What a check of several fields together found, with the field that it stands against."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Place:
    """Whom a figure is said of.

    Attributes
    ----------
    names
        As this project names them: one area, or several forces.
    area
        The forces, or None where the tables do not hold the area.
    """

    names: tuple[str, ...]
    area: Area | None

    @property
    def name(self) -> str:
        """The names as a sentence joins them."""
        return joined(self.names)


@dataclass(frozen=True)
class PublicationDate:
    """A day, a month or a year, as far as it is known."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def earliest(self) -> date:
        """The first day that it may have been."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def words(self) -> str:
        """The date as a reader says it: 26 April 2018, April 2018 or 2018."""
        month = MONTHS[self.month - 1] if self.month else None
        return " ".join(str(part) for part in (self.day, month, self.year) if part is not None)


def _wrong(value: object, right: str) -> ValueError:
    return ValueError(f"found {shown(value)}; write {right}")


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _wrong(value, "words")
    return " ".join(value.split())


def _identifier(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", value) or len(value) > 100:
        raise _wrong(value, "lower-case letters and digits with hyphens between")
    return value


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_OFFENCES:
        raise _wrong(value, "a whole number of 0 or more, in figures without commas")
    return value


def _count(value: object) -> Amount:
    if isinstance(value, str):
        with suppress(RequestError):
            read = Amount.parse(value, largest=MOST_OFFENCES)
            if read.bound and read.number >= 0 and read.number.denominator == 1:
                return read
    return Amount.parse(_whole(value), largest=MOST_OFFENCES)


def _publication_date(value: object) -> PublicationDate:
    plain = value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, int | str) else ""
    match = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", plain)
    if match:
        found = PublicationDate(*(int(part) if part else None for part in match.groups()))  # type: ignore[arg-type]
        with suppress(ValueError):
            found.earliest  # noqa: B018  # refuses a day that no calendar has
            return found
    raise _wrong(value, "a date such as 2018-04-26, a month such as 2018-04, or a year")


def _place(value: object) -> Place:
    if isinstance(value, list) and value:
        return _several(value)
    name = _words(value, "a force, an area such as England and Wales, or a list of forces")
    if outside := OUTSIDE.get(" ".join(name.casefold().split())):
        return Place((outside,), None)
    whole, _, left_out = name.partition(" without ")
    area = areas.find_area(whole)
    if left_out:
        area = less(area, areas.find_area(left_out))
    return Place((area.name,), area)


def less(area: Area, missing: Area) -> Area:
    """Return an area without some of its forces: England and Wales without British Transport Police."""
    left = tuple(force for force in area.forces if force not in missing.forces)
    if not left or len(left) + len(missing.forces) > len(area.forces):
        raise RequestError(f"area: {missing.name} is no part of {area.name} that leaves another; name forces of it")
    return Area(f"{area.name} without {missing.name}", left, area.article)


def _several(names: list[object]) -> Place:
    strange = [name for name in names if not isinstance(name, str)]
    if strange:
        raise ValueError(f"found {shown(strange[0])} among the forces; write names")
    members = [areas.find(str(name)) for name in names]
    if len(set(members)) < len(members):
        raise ValueError(f"found {joined(force.name for force in members)}; name each force once")
    ordered = tuple(force for force in areas.FORCES if force in members)
    ordered_names = tuple(force.name for force in ordered)
    return Place(ordered_names, Area(joined(ordered_names), ordered))


def _period(value: object) -> Period:
    return Period.parse(_words(value, "months such as 2017-04..2017-12"))


def _offence(value: object) -> Offence:
    code = _words(value, "a code in quotation marks, such as '88A'")
    holding = next((release for release in reversed(load_register().releases) if release.holds(code)), None)
    return holding.offence(code) if holding else offences.find(code)


def _amount(value: object, named: dict[str, Fraction] | None = None) -> Amount:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise _wrong(value, f"a number, or words such as {EXAMPLES}")
    return Amount.parse(value, named=named)


def _words(value: object, right: str) -> str:
    if not isinstance(value, str):
        raise _wrong(value, right)
    return value


def _read(kind: type, read: Callable[[object], object]) -> BeforeValidator:
    """Return a validator for what a document writes, or for a value that was made already."""

    def validated(value: object) -> object:
        try:
            return value if isinstance(value, kind) else read(value)
        except RequestError as error:  # the field is named already, so that the error need not name what it is of
            raise ValueError(error.detail) from None

    return BeforeValidator(validated)


Text = Annotated[str, BeforeValidator(_text)]
Identifier = Annotated[str, BeforeValidator(_identifier)]
Number = Annotated[int, BeforeValidator(_whole)]
Counted = Annotated[Amount, _read(Amount, _count)]
Published = Annotated[PublicationDate, _read(PublicationDate, _publication_date)]
Where = Annotated[Place, _read(Place, _place)]
Months = Annotated[Period, _read(Period, _period)]
Code = Annotated[Offence, _read(Offence, _offence)]
Percentage = Annotated[Amount, _read(Amount, partial(_amount, named=PERCENTAGES))]
Multiple = Annotated[Amount, _read(Amount, partial(_amount, named=MULTIPLES))]
Plain = Annotated[Amount, _read(Amount, _amount)]


class Quoted(models.Entry):
    """Fields that stand in the source, with its own few words."""

    quote: Text | None = None


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

    @model_validator(mode="after")
    def _earlier_lies_within(self) -> Self:
        for each in self.earlier:
            if not self.period.covers(each.period):
                raise FieldError("earlier", f"{each.period} does not lie within {self.period}; write a part of it")
        if any(a.period.overlaps(b.period) for a, b in itertools.combinations(self.earlier, 2)):
            raise FieldError("earlier", "two periods overlap; write each month once")
        return self


class Change(Quoted):
    """A change as stated: ``percent`` or ``times``, current over baseline, or only whether ``up`` or ``down``.

    A fall of 30% is ``percent: -30``, or ``percent: 30`` with ``direction: down``.
    """

    percent: Percentage | None = None
    times: Multiple | None = None
    direction: Literal["up", "down"] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.percent is None and self.times is None and self.direction is None:
            raise ValueError("is empty; write percent, times or direction")
        return self


class Part(Quoted):
    """One of the parts that are said to make up the current value."""

    area: Where
    value: Counted


class Coverage(Quoted):
    """How many forces answered a request, of how many."""

    responded: Number
    of: Number

    @model_validator(mode="after")
    def _within(self) -> Self:
        if self.responded > self.of:
            raise FieldError("responded", f"found {self.responded} of {self.of}; no more can answer than were asked")
        return self


class Rate(Quoted):
    """Offences a day, week or month, as stated."""

    value: Plain
    per: Literal["day", "week", "month"]


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


class Claim(Quoted):
    """A published statement about recorded offences, in fields. The fields are judged, not the statement.

    ``discloses`` lists the codes of findings that the source itself gives; a ``draft`` was read by rules and nobody has
    confirmed it.
    """

    id: Identifier
    statement: Text
    published: Published
    source: Text
    area: Where
    basis: Literal["home-office", "foi"]
    offence: Code
    current: Stated | None = None
    baseline: Stated | None = None
    change: Change | None = None
    parts: tuple[Part, ...] = ()
    coverage: Coverage | None = None
    rate: Rate | None = None
    share: Share | None = None
    discloses: tuple[Literal[DISCLOSED], ...] = ()  # type: ignore[valid-type]
    draft: bool = False

    @property
    def value(self) -> Amount | None:
        """The current count as stated, if one is."""
        return self.current.value if self.current else None

    @property
    def base_value(self) -> Amount | None:
        """The baseline count as stated, if one is."""
        return self.baseline.value if self.baseline else None

    @property
    def is_comparison(self) -> bool:
        """Whether one period is set against another."""
        return self.baseline is not None or self.change is not None

    @property
    def counted_as(self) -> Offence:
        """The offence under which the tables count what the claim speaks of."""
        return offences.find(self.offence.part_of) if self.offence.part_of else self.offence

    @property
    def can_be_matched(self) -> bool:
        """Whether the tables hold the very figures that the claim speaks of."""
        return self.basis == "home-office" and self.offence.part_of is None

    @property
    def periods(self) -> tuple[Period, ...]:
        """The stated periods, the current one first."""
        return tuple(stated.period for stated in (self.current, self.baseline) if stated is not None)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.current is None:
            for name in ("parts", "rate"):
                if getattr(self, name):
                    raise FieldError(name, "has no current value to belong to; add current with its period")
        elif self.baseline is not None and self.baseline.period.overlaps(self.current.period):
            then, now = self.baseline.period, self.current.period
            raise FieldError("baseline", f"{then} overlaps the current {now}; write periods that share no month")
        if len({part.area.names for part in self.parts}) < len(self.parts):
            raise FieldError("parts", "an area stands twice; write each part once")
        return self
