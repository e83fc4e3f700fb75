"""What was counted: an area's recorded offences in a period, with everything that must be known of the number."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from analysis import statistics
from analysis.figures import population, releases
from analysis.figures.population import Residents
from analysis.figures.register import Release, load_register, provisional_from
from analysis.terms import breaks, forces
from analysis.terms.breaks import Effect
from analysis.terms.forces import Area
from analysis.terms.offences import Offence
from analysis.terms.periods import Month, Period, quarter_label

SMALL = 50  # a count under this moves much by chance: no percentage rests on it
PER = 10_000  # residents that a rate is given for
LITTLE = 0.01  # of a union: members that are less of it do not break it
NEWER = 12  # months after what was reviewed of an offence that may still be compared, with care

# On which side of a break a period lies: wholly before or after it, on both, or holding a quarter that the break cuts.
BEFORE, AFTER, BOTH, MIXED = "before", "after", "both", "mixed"

_PLACES = {name: place for place, name in enumerate(forces.NAMES)}


@dataclass(frozen=True)
class Rate:
    """Recorded offences a year for 10,000 residents, with an exact 95% interval.

    Attributes
    ----------
    offences
        The count, without British Transport Police, which has no residents.
    residents
        Whom it is a rate of.
    value, low, high
        Offences a year for 10,000 residents.
    """

    offences: int
    residents: Residents
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Count:
    """Recorded offences of an area in a period, as one release has them.

    Attributes
    ----------
    area, offence, release, period
        Whose, of what, as published when, in which months.
    offences
        How many, or None where a force did not supply a quarter or the offence was not counted then.
    not_supplied
        The force-quarters that the release lacks, in words.
    not_counted
        Whether the offence was not counted in a part of the period.
    sides
        For each break of the offence that holds for the area, oldest first, the side on which the period lies.
    others
        Other full releases that give another figure, each with its figure, oldest first.
    is_provisional
        Whether the period touches the newest quarters of the release.
    rate, no_rate
        The rate of residents, or None and why there is none, as a clause.
    marks
        Letters that stand in square brackets beside the number, as :data:`analysis.terms.findings.MARKS` explains them.
    """

    area: Area
    offence: Offence
    release: Release
    period: Period
    offences: int | None
    not_supplied: tuple[str, ...] = ()
    not_counted: bool = False
    sides: tuple[tuple[Effect, str], ...] = ()
    others: tuple[tuple[Release, int], ...] = ()
    is_provisional: bool = False
    rate: Rate | None = None
    no_rate: str = ""
    marks: tuple[str, ...] = ()

    @property
    def per_month(self) -> float | None:
        """Offences a month."""
        return None if self.offences is None else self.offences / self.period.months

    @property
    def is_small(self) -> bool:
        """Whether the number is so small that it can move much by chance."""
        return self.offences is not None and is_small(self.offences)

    @property
    def definition(self) -> str:
        """Under which definition it was counted: ``present``, ``earlier``, or ``two`` of them."""
        return definition(side for _, side in self.sides)

    def with_mark(self, letter: str) -> Count:
        """Return the count with a further mark."""
        return replace(self, marks=tuple(sorted({*self.marks, letter})))

    def to_dict(self) -> dict[str, object]:
        """Return the count as the JSON of the command gives it."""
        return {
            "period": str(self.period),
            "months": self.period.months,
            "offences": self.offences,
            "per_month": self.per_month,
        }


def count(area: Area, offence: Offence, release: Release, period: Period) -> Count:
    """Count the recorded offences of an area in a period.

    Parameters
    ----------
    area
        One force or several.
    offence
        What to count.
    release
        The release to count in, which holds the offence.
    period
        Whole quarters that the release covers.
    """
    code = offence.code
    not_counted = not release.span(code).covers(period)
    number = None if not_counted else total(code, release, area, period)
    if not_counted:
        rate, no_rate = None, f"{offence.label} was not counted throughout {period.words}"
    else:
        rate, no_rate = _rate(offence, release, area, period)
    made = Count(
        area,
        offence,
        release,
        period,
        number,
        not_supplied=() if not_counted else tuple(_gaps(code, release, area, period)),
        not_counted=not_counted,
        sides=tuple((effect, side_of(effect, period)) for effect in breaks_of(offence, area, release)),
        others=tuple(_other_figures(area, offence, release, period, number)),
        is_provisional=is_provisional(release, period),
        rate=rate,
        no_rate=no_rate,
    )
    letters = {
        "b": made.definition == "two",
        "p": made.is_provisional,
        "r": bool(made.others),
        "u": made.is_small,
    }
    return replace(made, marks=tuple(letter for letter, stands in letters.items() if stands))


def is_small(number: int) -> bool:
    """Say whether a number is so small that no percentage may rest on it.

    Parameters
    ----------
    number
        A count of offences.

    Examples
    --------
    >>> is_small(49), is_small(50)
    (True, False)
    """
    return number < SMALL


def is_provisional(release: Release, period: Period) -> bool:
    """Say whether a period touches the newest quarters of a release, of which at least half are revised later."""
    return period.overlaps(provisional_from(release))


def definition(sides: Iterable[str]) -> str:
    """Return under which definition something was counted, by its sides of all breaks."""
    found = set(sides)
    return "two" if found & {BOTH, MIXED} else "earlier" if BEFORE in found else "present"


def side_of(effect: Effect, period: Period) -> str:
    """Return on which side of a break a period lies.

    Examples
    --------
    >>> from analysis.terms import offences
    >>> (grooming,) = breaks_of(offences.find("88A"), forces.find_area("Kent"), load_register().release("2026-04-23"))
    >>> [side_of(grooming, Period.parse(text)) for text in ("2016/17", "2017/18", "2016/17 Q1..2017/18 Q1")]
    ['before', 'after', 'both']
    """
    change = effect.change
    if change.mixes_quarter and period.overlaps(change.quarter):
        return MIXED
    if period.last < change.begins:
        return BEFORE
    return AFTER if period.first >= change.begins else BOTH


def breaks_of(offence: Offence, area: Area, release: Release) -> tuple[Effect, ...]:
    """Return the breaks of an offence that hold for an area and begin before a release ends, oldest first.

    A break of some members of a union is not one where, in the years before and after it, they make up little of the union.
    """
    return tuple(
        effect
        for effect in effects_of(offence, area)
        if effect.forbids
        and effect.change.month <= release.covers.last
        and share(effect, area, offence, release, _around(effect)) >= LITTLE
    )


def effects_of(offence: Offence, area: Area) -> tuple[Effect, ...]:
    """Return the breaks and cautions of an offence that hold for an area; an entry for a force holds for all areas with it."""
    names = set(area.names)
    return tuple(
        effect
        for effect in breaks.effects(offence)
        if not effect.change.forces or names.intersection(effect.change.forces)
    )


def share(effect: Effect, area: Area, offence: Offence, release: Release, periods: Iterable[Period]) -> float:
    """Return the largest share of a union, in one of some periods, that the members touched make up; 1 where that is not known."""
    if not effect.codes or not all(release.holds(code) for code in effect.codes):
        return 1.0
    shares = []
    for period in filter(release.covers.covers, periods):
        whole = total(offence.code, release, area, period)
        parts = [float(np.nansum(_part(code, release, area, period))) for code in effect.codes]
        shares.append(sum(map(abs, parts)) / whole if whole and whole > 0 else 1.0)
    return max(shares, default=1.0)


def _around(effect: Effect) -> tuple[Period, Period]:
    """Return the four quarters before the one that holds a change, and the four after it."""
    quarter = effect.change.quarter
    return (
        Period(quarter.first.shift(-12), quarter.first.shift(-1)),
        Period(quarter.first.shift(3), quarter.last.shift(12)),
    )


def reviewed(offence: Offence, span: Period) -> Literal["yes", "older", "no"]:
    """Return whether somebody has looked for changes in what is counted in all of a span, or in all but its newest months."""
    looked_at = offence.reviewed.span if offence.reviewed else None
    if looked_at is None or span.first < looked_at.first or span.last > looked_at.last.shift(NEWER):
        return "no"
    return "older" if span.last > looked_at.last else "yes"


def settled_since(offence: Offence, release: Release) -> Month:
    """Return the first month after the newest break and its launch, as far as the release reaches."""
    start = release.span(offence.code).first
    for effect in breaks_of(offence, forces.ENGLAND_AND_WALES, release):
        change = effect.change
        start = max(start, change.begins, change.launch.last.shift(1) if change.launch else change.begins)
    return start


def total(offence: str, release: Release, area: Area, period: Period) -> int | None:
    """Return the offences of an area in a period, or None if any force-quarter was not supplied.

    Parameters
    ----------
    offence
        A code, or the id of a union, that the release holds.
    release
        Where to count.
    area
        One force or several.
    period
        Whole quarters that the release holds.
    """
    part = _part(offence, release, area, period)
    return None if np.isnan(part).any() else int(part.sum())


def by_force(offence: str, release: Release, period: Period) -> pd.Series:
    """Return the offences of every force in a period, ``<NA>`` where a quarter was not supplied, in canonical order."""
    sums = _part(offence, release, forces.ENGLAND_AND_WALES, period).sum(axis=0)
    return pd.Series(sums, index=list(forces.NAMES)).astype("Int64")


def both_by_force(offence: str, release: Release, current: Period, baseline: Period) -> pd.DataFrame:
    """Return the offences in two periods of every force that has a rate to be read and supplied every quarter.

    Returns
    -------
    pandas.DataFrame
        Columns ``current`` and ``baseline``, as floats for what is worked out of them; one row a force in canonical order.
    """
    names = [force.name for force in forces.FORCES if force.has_readable_rate]
    periods = {"current": current, "baseline": baseline}
    both = pd.DataFrame({name: by_force(offence, release, period) for name, period in periods.items()})
    return both.loc[names].dropna().astype(float)


@functools.lru_cache(maxsize=1024)  # all that a page lists, in two releases
def _values(offence: str, release: Release) -> tuple[int, np.ndarray]:
    """Return an offence's figures as numbers, quarters by forces, and the ordinal of the first quarter: quick to cut."""
    wide = releases.matrix(offence, release)
    first = Period.of_quarters(wide.index[0], wide.index[0]).first
    return first.ordinal, wide.to_numpy(dtype=float, na_value=np.nan)


def _part(offence: str, release: Release, area: Area, period: Period) -> np.ndarray:
    assert release.covers.covers(period), f"{release.id} does not hold {period}"  # noqa: S101  # a slice would wrap round
    start, values = _values(offence, release)
    rows = slice((period.first.ordinal - start) // 3, (period.last.ordinal - start) // 3 + 1)
    return values[rows][:, [_PLACES[name] for name in area.names]]


def rate_of(offences: int, residents: Residents, months: int) -> Rate:
    """Return a rate a year for 10,000 residents with its exact 95% interval.

    Examples
    --------
    >>> rate = rate_of(100, Residents(200_000, 2024, "0-17"), 12)
    >>> round(rate.value, 2), round(rate.low, 2), round(rate.high, 2)
    (5.0, 4.07, 6.08)
    """
    exposure = residents.people / PER * months / 12
    return Rate(offences, residents, *statistics.rate(offences, exposure))


@functools.lru_cache(maxsize=64)
def rates(offence: Offence, release: Release, period: Period) -> dict[str, Rate]:
    """Return the rate of each force that has one to be read, by name in canonical order."""
    areas = [Area(force.name, (force,)) for force in forces.FORCES]
    found = {area.name: _rate(offence, release, area, period)[0] for area in areas}
    return {name: rate for name, rate in found.items() if rate is not None}


def _rate(offence: Offence, release: Release, area: Area, period: Period) -> tuple[Rate | None, str]:
    """Return an area's rate of residents, or None and why there is none to be read."""
    if offence.residents == "none":
        return None, "a rate of residents says nothing about these offences"
    if not any(force.has_readable_rate for force in area.forces):
        return None, " and ".join(f"{force.name} {force.no_rate}" for force in area.forces)
    # British Transport Police has no residents; elsewhere it would add offences to residents who are counted already.
    residing = Area(area.name, tuple(force for force in area.forces if force.code))
    offences = total(offence.code, release, residing, period)
    if offences is None:
        return None, f"a figure of {period.words} is missing"
    if offences < 0:
        return None, f"the count in {period.words} is negative"
    residents = population.residents_for(residing, period, band=offence.residents)
    if residents is None:
        return None, f"no estimate of residents stands near {period.words}"
    return rate_of(offences, residents, period.months), ""


def _gaps(offence: str, release: Release, area: Area, period: Period) -> Iterable[str]:
    missing = np.isnan(_part(offence, release, area, period))
    if missing.any():
        for name, column in zip(area.names, missing.T, strict=True):
            for quarter in period.quarters[column]:
                yield f"{name}, {quarter_label(quarter)}"


def _other_figures(
    area: Area, offence: Offence, release: Release, period: Period, number: int | None
) -> Iterable[tuple[Release, int]]:
    for other in load_register().holding(offence.code, period, kinds=("full",)):
        if other.id != release.id and number is not None:
            value = total(offence.code, other, area, period)
            if value not in {None, number}:
                yield other, value
