"""The values that a claim's fields hold, each read from what a document writes or refused with what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Annotated

from pydantic import BeforeValidator

from analysis.claims.amounts import EXAMPLES, MOST_OFFENCES, MULTIPLES, PERCENTAGES, Amount
from analysis.errors import RequestError, shown
from analysis.figures.register import load_register
from analysis.terms import areas, offences
from analysis.terms.areas import Area
from analysis.terms.numbers import MONTHS, joined
from analysis.terms.offences import Offence
from analysis.terms.periods import Month, Period

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
    within
        The area that a town lies in, whose figures are not the town's; empty elsewhere.
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
    area = areas.find_area(name)
    if area.place:  # a town's figures are not those of what it lies in
        return Place((area.place,), None, within=area.name)
    return Place((area.name,), area)


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


@dataclass(frozen=True)
class Whole:
    """What a share is of: an offence, in a place, or in the claim's own where that is None."""

    offence: Offence
    place: Place | None


def _whole_of(value: object) -> Whole:
    text = _words(value, "a code and an area, such as '48 in England and Wales', or 'all'")
    what, _, where = text.partition(" in ")
    is_all = what.strip().casefold() in {"all", "all crime"}
    return Whole(_offence("total" if is_all else what.strip()), _place(where.strip()) if where else None)


def _month(value: object) -> Month:
    day = _publication_date(value)
    return Month(day.year, day.month or 1)


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
Since = Annotated[Month, BeforeValidator(lambda value: value if isinstance(value, Month) else _month(value))]
Of = Annotated[Whole, _read(Whole, _whole_of)]
Plain = Annotated[Amount, _read(Amount, _amount)]
