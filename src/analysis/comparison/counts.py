"""What was counted: an area's recorded offences in a period, with everything that must be known of the number."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from analysis import statistics
from analysis.comparison.definitions import breaks_of, definition, side_of
from analysis.comparison.totals import lacking, part, total
from analysis.comparison.usual import noise_of
from analysis.figures import population
from analysis.figures.population import Residents
from analysis.figures.register import Release, load_register, provisional_from
from analysis.figures.vintages import YearRelease, publications
from analysis.terms import areas
from analysis.terms.areas import Area
from analysis.terms.breaks import Effect
from analysis.terms.offences import OWN, Denominator, Offence
from analysis.terms.periods import Period, quarter_label

PER = Denominator.per  # residents that a rate is given for
SMALL = 50  # a count under this moves much by chance: no percentage rests on it


@dataclass(frozen=True)
class Rate:
    """Recorded offences a year for 10,000 residents, with the 95% interval that usual variation leaves open.

    Attributes
    ----------
    offences
        The count, without British Transport Police, which has no residents.
    residents
        Whom it is a rate of.
    value, low, high
        Offences a year for 10,000 residents.
    chance
        The exact 95% interval: chance alone, which is too narrow.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> rate = compare("Kent", period="2024/25", release="2026-04-23").current.rate
    >>> round(rate.value, 1), round(rate.low, 1), round(rate.high, 1), rate.residents.words
    (6.8, 5.4, 8.5, 'children aged 0 to 17, mid-2024')
    """

    offences: int
    residents: Residents
    value: float
    low: float
    high: float
    chance: statistics.Interval


@dataclass(frozen=True)
class Count:
    """Recorded offences of an area in a period, as one release has them.

    Attributes
    ----------
    area, offence, release, period
        Whose, of what, as published when, in which months.
    offences
        How many, or None where a force did not supply a quarter or the offence was not counted then.
    not_supplied, lacking
        The force-quarters that the release lacks, and those in which it lacks only a small part of a union, in words.
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

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> counted = compare("Kent", period="2024/25", release="2026-04-23").current
    >>> counted.offences, round(counted.per_month, 1), counted.marks, [round(end) for end in counted.usual]
    (289, 24.1, ('p',), [230, 363])
    """

    area: Area
    offence: Offence
    release: Release
    period: Period
    offences: int | None
    not_supplied: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
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

    @functools.cached_property
    def usual(self) -> statistics.Interval | None:
        """The 95% interval of the number that usual variation leaves open; None where there is no number or it is negative."""
        if self.offences is None or self.offences < 0 or self.release.by_years:
            return None
        variance = _variance(self.offence, self.release, self.area, self.period)
        chance = statistics.poisson_interval(float(self.offences))
        return statistics.widened(self.offences, variance or 0, *chance)

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

    Returns
    -------
    Count
        Its number is None where a force did not supply a quarter, or the offence was not counted then.

    Examples
    --------
    >>> from analysis.terms import offences
    >>> release = load_register().release("2026-04-23")
    >>> count(areas.find_area("Kent+Sussex"), offences.find("88A"), release, Period.parse("2024/25")).offences
    543
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
        not_supplied=()
        if not_counted
        else tuple(_gaps(np.isnan(part(code, release, area, period)), release, area, period)),
        lacking=() if not_counted else tuple(_gaps(lacking(code, release, area, period), release, area, period)),
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

    Returns
    -------
    bool
        Whether it is under 50.

    Examples
    --------
    >>> is_small(49), is_small(50)
    (True, False)
    """
    return number < SMALL


def is_provisional(release: Release, period: Period) -> bool:
    """Say whether a period touches the newest quarters of a release, of which at least half are revised later."""
    return period.overlaps(provisional_from(release))


def rate_of(offences: int, residents: Residents, months: int, *, variance: float | None = None) -> Rate:
    """Return a rate a year for 10,000 residents with its 95% intervals.

    Parameters
    ----------
    offences, residents, months
        The count, of whom, in how long.
    variance
        Of the logarithm of the count, as it usually varies; that of chance alone where it is not given.

    Examples
    --------
    >>> rate = rate_of(100, Residents(200_000, 2024, "0-17"), 12, variance=0.03)
    >>> round(rate.value, 2), round(rate.low, 2), round(rate.high, 2)
    (5.0, 3.56, 7.02)
    >>> round(rate.chance.low, 2), round(rate.chance.high, 2)
    (4.07, 6.08)
    """
    exposure = residents.people / PER * months / 12
    value, *chance = statistics.rate(offences, exposure)
    usual = 1 / max(offences, 1) if variance is None else variance
    low, high = statistics.widened(value, usual, *chance)
    return Rate(offences, residents, value, low, high, statistics.Interval(*chance))


@functools.lru_cache(maxsize=64)
def rates(offence: Offence, release: Release, period: Period) -> dict[str, Rate]:
    """Return the rate of each force that has one to be read, by name in canonical order."""
    each = map(Area.of, areas.FORCES)
    found = {area.name: _rate(offence, release, area, period)[0] for area in each}
    return {name: rate for name, rate in found.items() if rate is not None}


def _rate(offence: Offence, release: Release, area: Area, period: Period) -> tuple[Rate | None, str]:
    """Return an area's rate of residents, or None and why there is none to be read."""
    of = offence.denominator
    if not of.is_read:
        return None, "a rate of residents says nothing about these offences"
    if of.of != OWN and not any(force.has_readable_rate for force in area.forces):
        return None, " and ".join(f"{force.name} {force.no_rate}" for force in area.forces)
    # British Transport Police has no residents; elsewhere it would add offences to residents who are counted already.
    residing = population.residing(area, of)
    if not residing.forces:
        return None, f"the residents given leave out {area.name} or a part of it"
    offences = total(offence.code, release, residing, period)
    if offences is None:
        return None, f"a figure of {period.words} is missing"
    if offences < 0:
        return None, f"the count in {period.words} is negative"
    residents = population.counted_in(residing, period, of)
    if residents is None:
        return None, f"no estimate of residents stands near {period.words}"
    if release.by_years:
        return None, "how much such figures usually vary from year to year has not been measured"
    variance = _variance(offence, release, residing, period)
    return rate_of(offences, residents, period.months, variance=variance), ""


def _variance(offence: Offence, release: Release, area: Area, period: Period) -> float | None:
    """Return the usual variance of the logarithm of a count, or None where there is no offence or none is measured."""
    noise = noise_of(offence, release, period.months // 3, area.names)
    each = part(offence.code, release, area, period).sum(axis=0)
    return float(noise.level(each)) if noise and each.sum() > 0 else None


def _gaps(missing: np.ndarray, release: Release | YearRelease, area: Area, period: Period) -> Iterable[str]:
    if isinstance(release, YearRelease):
        yield from (f"{name}, {period.words}" for name, gap in zip(release.names(area), missing[0], strict=True) if gap)
        return
    if missing.any():
        for name, column in zip(area.names, missing.T, strict=True):
            for quarter in period.quarters[column]:
                yield f"{name}, {quarter_label(quarter)}"


def _other_figures(
    area: Area, offence: Offence, release: Release, period: Period, number: int | None
) -> Iterable[tuple[Release, int]]:
    others: Iterable[Release] = load_register().holding(offence.code, period, kinds=("full",))
    if isinstance(release, YearRelease):
        others = [each for each in publications(release.source) if period in each.years][:1]  # as first published
    for other in others:
        if other.id != release.id and number is not None:
            value = total(offence.code, other, area, period)
            if value not in {None, number}:
                yield other, value
