"""Published claims: what was said, put into fields."""

from __future__ import annotations

import itertools
from typing import Literal, Self

from pydantic import model_validator

from analysis.claims.amounts import Amount
from analysis.claims.fields import (
    Code,
    Counted,
    FieldError,
    Identifier,
    Months,
    Multiple,
    Number,
    Of,
    Percentage,
    Plain,
    Published,
    Since,
    Text,
    Where,
)
from analysis.terms import areas, models, offences
from analysis.terms.findings import verdicts
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

DISCLOSED = tuple(verdicts())
KINDS = (
    "count", "change", "difference", "rate", "interval", "record", "rank", "share", "points", "denied", "forecast",
)  # fmt: skip


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

    A fall of 30% is ``percent: -30``, or ``percent: 30`` with ``direction: down``; ``points`` are of a stated share.
    """

    percent: Percentage | None = None
    times: Multiple | None = None
    points: Plain | None = None
    direction: Literal["up", "down"] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if (self.percent, self.times, self.points, self.direction) == (None,) * 4:
            raise ValueError("is empty; write percent, times, points or direction")
        return self


class Difference(Quoted):
    """How many more or fewer offences than in the baseline: 2,600 more."""

    value: Counted
    direction: Literal["up", "down"]


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


class RatePer(Quoted):
    """Offences per so many residents or households; ``base`` is how many there are by the source's own figures."""

    value: Plain
    per: Number
    of: Literal["residents", "households"]
    base: Number | None = None

    @model_validator(mode="after")
    def _of_some(self) -> Self:
        for name in ("per", "base"):
            if getattr(self, name) == 0:
                raise FieldError(name, "found 0; write a whole number above 0")
        return self


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

    place: Number
    of: Number | None = None
    by: Literal["rate", "count", "change"] = "rate"
    order: Literal["highest", "lowest"] = "highest"

    @model_validator(mode="after")
    def _within(self) -> Self:
        if not 1 <= self.place <= (self.of or len(areas.FORCES)):
            raise FieldError("place", f"found {self.place}; write a place from 1 to {self.of or len(areas.FORCES)}")
        return self


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
    kind: Literal[KINDS] | None = None  # type: ignore[valid-type]
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
            for name in ("parts", *FORMS):
                if getattr(self, name):
                    raise FieldError(name, "has no current value to belong to; add current with its period")
        elif self.baseline is not None and self.baseline.period.overlaps(self.current.period):
            then, now = self.baseline.period, self.current.period
            raise FieldError("baseline", f"{then} overlaps the current {now}; write periods that share no month")
        if len({part.area.names for part in self.parts}) < len(self.parts):
            raise FieldError("parts", "an area stands twice; write each part once")
        return self
