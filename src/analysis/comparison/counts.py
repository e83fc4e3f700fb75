"""Counts of an area in a period, and rates of residents."""

from __future__ import annotations

import pandas as pd

from analysis import statistics
from analysis.comparison.results import PER, Count, Rate
from analysis.figures import population, releases
from analysis.figures.population import Residents
from analysis.figures.register import Release, load_register
from analysis.terms import forces
from analysis.terms.forces import Area
from analysis.terms.periods import Period


def count_of(wide: pd.DataFrame, area: Area, period: Period) -> Count:
    """Return the count of an area in a period."""
    return Count(period, total(wide, area, period))


def total(wide: pd.DataFrame, area: Area, period: Period) -> int | None:
    """Return the offences of an area in a period, or None if any force-quarter was not supplied.

    Parameters
    ----------
    wide
        Quarters by forces, as :func:`analysis.figures.releases.matrix` gives them.
    area
        One force or several.
    period
        Whole quarters that the table holds.
    """
    part = wide.loc[period.quarters, area.names]
    return None if part.isna().to_numpy().any() else int(part.to_numpy().sum())


def by_force(wide: pd.DataFrame, period: Period) -> pd.Series:
    """Return the offences of every force in a period, ``<NA>`` where a quarter was not supplied.

    Parameters
    ----------
    wide
        Quarters by forces, as :func:`analysis.figures.releases.matrix` gives them.
    period
        Whole quarters that the table holds.

    Returns
    -------
    pandas.Series
        ``Int64``, one entry a force in canonical order.
    """
    return wide.loc[period.quarters].sum(skipna=False)


def both_by_force(wide: pd.DataFrame, current: Period, baseline: Period) -> pd.DataFrame:
    """Return the offences in two periods of every force that has a rate to be read and supplied every quarter.

    Parameters
    ----------
    wide
        Quarters by forces, as :func:`analysis.figures.releases.matrix` gives them.
    current, baseline
        Whole quarters that the table holds.

    Returns
    -------
    pandas.DataFrame
        Columns ``current`` and ``baseline``, as floats for what is worked out of them; one row a force in canonical order.
    """
    names = [force.name for force in forces.FORCES if force.has_readable_rate]
    both = pd.DataFrame({"current": by_force(wide, current), "baseline": by_force(wide, baseline)})
    return both.loc[names].dropna().astype(float)


def other_figures(area: Area, offence: str, release: Release, count: Count) -> list[tuple[Release, int]]:
    """Return the other full releases that give another figure for a count, each with its figure, oldest first.

    Parameters
    ----------
    area, offence, release
        Whose count it is, of what code, and in which release.
    count
        The count that the others are held against.
    """
    others = [
        other for other in load_register().holding(offence, count.period, kinds=("full",)) if other.id != release.id
    ]
    values = [(other, total(releases.matrix(offence, other.id), area, count.period)) for other in others]
    return [(other, value) for other, value in values if value is not None and count.offences not in {None, value}]


def rate_of(offences: int, residents: Residents, months: int) -> Rate:
    """Return a rate a year for 10,000 residents with its exact 95% interval.

    Parameters
    ----------
    offences
        The count, not negative.
    residents
        Whom it is a rate of.
    months
        How many months the count is of.

    Examples
    --------
    >>> rate = rate_of(100, Residents(200_000, 2024, "0-17"), 12)
    >>> round(rate.value, 2), round(rate.low, 2), round(rate.high, 2)
    (5.0, 4.07, 6.08)
    """
    exposure = residents.people / PER * months / 12
    return Rate(offences, residents, *statistics.rate(offences, exposure))


def force_rates(wide: pd.DataFrame, period: Period, *, band: str) -> dict[str, Rate]:
    """Return the rate of each force that has one to be read, in canonical order.

    Parameters
    ----------
    wide
        Quarters by forces, as :func:`analysis.figures.releases.matrix` gives them.
    period
        Whole quarters that the table holds.
    band
        The age band, from mid-2021.
    """
    counts = by_force(wide, period).dropna().astype(int)
    rates = {
        force.name: _rate_of_area(Area(force.name, (force,)), counts.get(force.name), period, band)
        for force in forces.FORCES
    }
    return {name: rate for name, rate in rates.items() if rate is not None}


def rate(wide: pd.DataFrame, area: Area, period: Period, *, band: str) -> Rate | None:
    """Return an area's rate of residents in a period, or None where there is none to be read.

    Parameters
    ----------
    wide
        Quarters by forces, as :func:`analysis.figures.releases.matrix` gives them.
    area
        British Transport Police in it, which has no residents, is left out of the count.
    period
        Whole quarters that the table holds.
    band
        The age band, from mid-2021.
    """
    residing = Area(area.name, tuple(force for force in area.forces if force.code))
    return _rate_of_area(residing, total(wide, residing, period), period, band)


def _rate_of_area(area: Area, offences: int | None, period: Period, band: str) -> Rate | None:
    if offences is None or offences < 0 or not any(force.has_readable_rate for force in area.forces):
        return None
    residents = population.residents_for(area, period, band=band)
    return rate_of(int(offences), residents, period.months) if residents else None
