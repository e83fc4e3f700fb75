"""Sums of the figures of one release: an area's, each force's, and the figures themselves as numbers."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from analysis.errors import RequestError
from analysis.figures.register import Release
from analysis.figures.vintages import YearRelease
from analysis.terms import areas
from analysis.terms.areas import Area
from analysis.terms.periods import Period

if TYPE_CHECKING:
    import pandas as pd

_PLACES = {name: place for place, name in enumerate(areas.NAMES)}


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
    figures = part(offence, release, area, period)
    return None if np.isnan(figures).any() else int(figures.sum())


def by_force(offence: str, release: Release, period: Period) -> pd.Series:
    """Return the offences of every force in a period, ``<NA>`` where a quarter was not supplied, in canonical order."""
    import pandas as pd

    sums = part(offence, release, areas.ENGLAND_AND_WALES, period).sum(axis=0)
    return pd.Series(sums, index=list(areas.NAMES)).astype("Int64")


def both_by_force(offence: str, release: Release, current: Period, baseline: Period) -> pd.DataFrame:
    """Return the offences in two periods of every force that has a rate to be read and supplied every quarter.

    Returns
    -------
    pandas.DataFrame
        Columns ``current`` and ``baseline``, as floats for what is worked out of them; one row a force in canonical order.
    """
    import pandas as pd

    names = [force.name for force in areas.FORCES if force.has_readable_rate]
    periods = {"current": current, "baseline": baseline}
    both = pd.DataFrame({name: by_force(offence, release, period) for name, period in periods.items()})
    return both.loc[names].dropna().astype(float)


@functools.lru_cache(maxsize=1024)  # all that a page lists, in two releases
def values_of(offence: str, release: Release) -> tuple[int, np.ndarray]:
    """Return an offence's figures as numbers, quarters by forces, and the ordinal of the first quarter: quick to cut."""
    cells = release.cells(release.offence(offence).codes)
    return cells.covers.first.ordinal, cells.total.T


@functools.lru_cache(maxsize=1024)
def _lacking(offence: str, release: Release) -> tuple[int, np.ndarray]:
    cells = release.cells(release.offence(offence).codes)
    return cells.covers.first.ordinal, cells.lacking.T


def lacking(offence: str, release: Release, area: Area, period: Period) -> np.ndarray:
    """Say where a small part of a union has no figure and counts as none: quarters by the forces of an area."""
    if isinstance(release, YearRelease):
        return np.zeros((1, len(release.names(area))), dtype=bool)
    return _cut(*_lacking(offence, release), area, period)


def part(offence: str, release: Release, area: Area, period: Period) -> np.ndarray:
    """Return the figures of a period, quarters by the forces of an area, NaN where not supplied.

    Of what is counted by year there is one row for the year; of partnerships a column for each.
    """
    if isinstance(release, YearRelease):
        return release.figures(area, offence, period)
    if area.by_years:
        raise RequestError(
            f"area: {area.name} is counted by year, and release {release.id} by quarter; ask for {area.whole.name}"
        )
    assert release.covers.covers(period), f"{release.id} does not hold {period}"  # noqa: S101  # a slice would wrap round
    return _cut(*values_of(offence, release), area, period)


def _cut(start: int, values: np.ndarray, area: Area, period: Period) -> np.ndarray:
    rows = slice((period.first.ordinal - start) // 3, (period.last.ordinal - start) // 3 + 1)
    return values[rows][:, [_PLACES[name] for name in area.names]]


def quarters_of(offence: str, release: Release, names: Sequence[str]) -> np.ndarray:
    """Return every quarter of a release by the forces named, NaN where not supplied."""
    return values_of(offence, release)[1][:, [_PLACES[name] for name in names]]
