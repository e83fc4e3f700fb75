"""Force among forces: a funnel of rates, places as ranges, and changes looked at together."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from analysis import statistics
from analysis.comparison.between_periods import spread_among_forces
from analysis.comparison.counts import both_by_force, by_force, force_rates
from analysis.comparison.results import PER, Comparison
from analysis.figures import releases
from analysis.figures.register import Release
from analysis.terms.periods import Period

# Above this spread forces differ far more than chance, and no force is called an outlier.
TOO_WIDE = 10.0
FALSE_DISCOVERIES = 0.05


@dataclass(frozen=True)
class Funnel:
    """Every force's rate against that of all together, and how far forces differ beyond chance.

    Attributes
    ----------
    forces
        One row a force, indexed by name in canonical order: ``offences``, ``residents``, ``expected`` (at the rate
        of all together), ``ratio`` (observed over expected), ``place_low`` and ``place_high`` (95% range of
        places, the highest rate being 1).
    residents
        Whom the rates are of, in words.
    overall
        The rate of all together, a year for 10,000 residents.
    phi, tau2
        Spiegelhalter's over-dispersion: as a multiple of chance, and as a variance among forces.
    outside_chance, outside_spread
        How many forces lie outside the 95% limits of chance alone, and outside those that allow for the spread.
    """

    forces: pd.DataFrame
    residents: str
    overall: float
    phi: float
    tau2: float
    outside_chance: int
    outside_spread: int

    @property
    def names_outliers(self) -> bool:
        """Whether the spread is small enough for single forces to be named as unlike the others."""
        return self.phi <= TOO_WIDE

    def places(self, name: str) -> str | None:
        """Return a force's range of places in words, such as ``26 to 39``, or None where it has no rate."""
        if name not in self.forces.index:
            return None
        row = self.forces.T[name]
        low, high = int(row["place_low"]), int(row["place_high"])
        return str(low) if low == high else f"{low} to {high}"


def funnel(comparison: Comparison) -> Funnel | None:
    """Set every force's rate in the comparison's period against that of all forces together.

    Parameters
    ----------
    comparison
        Whose period, offence and release to look at.

    Returns
    -------
    Funnel or None
        British Transport Police and the City of London are left out, and forces with a missing figure. None if
        fewer than three forces have a rate or nothing was recorded.

    Notes
    -----
    Limits are exact intervals around the expected count; over-dispersion after Spiegelhalter (2005); see
    :mod:`analysis.statistics`.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> result = funnel(compare("England and Wales", period="2025-01..2025-12", release="2026-04-23"))
    >>> round(result.phi, 1), len(result.forces), result.outside_chance, result.outside_spread
    (13.6, 42, 33, 5)
    """
    # One answer for all pages of a period: whose page it is does not enter.
    return _funnel(comparison.offence.code, comparison.release, comparison.current.period, comparison.band)


@functools.cache
def _funnel(offence: str, release: Release, period: Period, band: str) -> Funnel | None:
    rates = force_rates(releases.matrix(offence, release.id), period, band=band)
    table = pd.DataFrame(
        {name: (float(rate.offences), float(rate.residents.people)) for name, rate in rates.items()},
        index=["offences", "residents"],
    ).T
    if len(table) < 3 or not table["offences"].sum():
        return None
    overall = table["offences"].sum() / table["residents"].sum()
    table["expected"] = table["residents"] * overall
    table["ratio"] = table["offences"] / table["expected"]
    table["place_low"], table["place_high"] = statistics.place_interval(table["offences"], table["residents"])
    spread = statistics.overdispersion(table["offences"], table["expected"])
    chance = statistics.funnel_limits(table["expected"].to_numpy())
    wider = statistics.overdispersed_limits(table["expected"].to_numpy(), tau2=spread.tau2)
    first = next(iter(rates.values()))
    return Funnel(
        forces=table,
        residents=first.residents.words,
        overall=overall * PER * 12 / period.months,
        phi=spread.phi,
        tau2=spread.tau2,
        outside_chance=_outside(table["ratio"], chance),
        outside_spread=_outside(table["ratio"], wider),
    )


@dataclass(frozen=True)
class Changes:
    """The changes of all forces between two periods, looked at together.

    Attributes
    ----------
    forces
        One row a force that has a ratio: ``current``, ``baseline``, ``ratio``, ``p`` (widened by the spread) and
        ``adjusted`` (after Benjamini and Hochberg).
    spread
        How many times as much as by chance the changes vary.
    beyond_chance
        How many exact 95% intervals shut out "no change".
    beyond_spread
        How many changes stand out once the spread and the number of forces are allowed for.
    """

    forces: pd.DataFrame
    spread: float
    beyond_chance: int
    beyond_spread: int


def changes(comparison: Comparison) -> Changes | None:
    """Look at the changes of all forces together, between the comparison's two like-for-like periods.

    Returns
    -------
    Changes or None
        None where the periods are not like for like. Forces with a zero, negative or missing count have no part.

    Notes
    -----
    z = log(ratio) / √(φ(1/a + 1/b)), two-sided; adjusted after Benjamini and Hochberg (1995).

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> result = changes(compare("England and Wales", period="2024/25", baseline="2023/24", release="2026-04-23"))
    >>> round(result.spread, 1), result.beyond_chance
    (2.4, 8)
    """
    if not comparison.like_for_like or comparison.baseline is None:
        return None
    wide = releases.matrix(comparison.offence.code, comparison.release.id)
    now, then = comparison.current.period, comparison.baseline.period
    phi = spread_among_forces(wide, now, then)
    table = both_by_force(wide, now, then)
    table = table[(table > 0).all(axis=1)]
    if phi is None or len(table) < 2:
        return None
    exact = statistics.rate_ratio(table["current"].to_numpy(), now.months, table["baseline"].to_numpy(), then.months)
    error = np.sqrt(phi * (1 / table["current"] + 1 / table["baseline"]))
    table["ratio"] = exact.value
    table["p"] = 2 * special.ndtr(-np.abs(np.log(exact.value)) / error)
    table["adjusted"] = statistics.benjamini_hochberg(table["p"])
    return Changes(
        forces=table,
        spread=phi,
        beyond_chance=int(((exact.low > 1) | (exact.high < 1)).sum()),
        beyond_spread=int((table["adjusted"] <= FALSE_DISCOVERIES).sum()),
    )


def contributions(comparison: Comparison) -> pd.DataFrame | None:
    """Return each force's part in the change between two like-for-like periods; the parts add up to the whole.

    Returns
    -------
    pandas.DataFrame or None
        Indexed by force, in canonical order: ``current``, ``baseline`` and ``difference``. None where the periods
        are not like for like, or a figure is missing.
    """
    if not comparison.like_for_like or comparison.baseline is None:
        return None
    wide = releases.matrix(comparison.offence.code, comparison.release.id)[comparison.area.names]
    table = pd.DataFrame(
        {"current": by_force(wide, comparison.current.period), "baseline": by_force(wide, comparison.baseline.period)}
    )
    return table.assign(difference=table["current"] - table["baseline"]).astype(int)


def _outside(ratio: pd.Series, limits: statistics.Interval[statistics.FloatArray]) -> int:
    return int(((ratio < limits.low) | (ratio > limits.high)).sum())
