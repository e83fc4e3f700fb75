"""Force among forces: a funnel of rates, places as ranges, and changes looked at together."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from analysis import statistics
from analysis.comparison.counts import PER, both_by_force, by_force, rates
from analysis.comparison.judgement import Pair
from analysis.figures.register import Release
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

# Above this variance, as a multiple of chance, forces differ far more than chance, and no force is called an outlier.
TOO_WIDE = 10.0
FALSE_DISCOVERIES = 0.05


@dataclass(frozen=True)
class Funnel:
    """Every force's rate against that of all together, and how far forces differ beyond chance.

    Attributes
    ----------
    forces
        One row a force, indexed by name in canonical order: ``offences``, ``residents``, ``expected`` (at the rate
        of all together), ``ratio`` (observed over expected), ``rank_low`` and ``rank_high`` (95% range of
        places, the highest rate being 1).
    residents
        Whom the rates are of, in words.
    overall
        The rate of all together, a year for 10,000 residents.
    phi, tau2
        Spiegelhalter's over-dispersion: as a multiple of chance, and as a variance among forces.
    outside_chance, outside_dispersion
        How many forces lie outside the 95% limits of chance alone, and outside those that allow for the dispersion.
    """

    forces: pd.DataFrame
    residents: str
    overall: float
    phi: float
    tau2: float
    outside_chance: int
    outside_dispersion: int

    @property
    def names_outliers(self) -> bool:
        """Whether the dispersion is small enough for single forces to be named as unlike the others."""
        return self.phi <= TOO_WIDE

    def ranks(self, name: str) -> str | None:
        """Return a force's range of ranks in words, such as ``26 to 39``, or None where it has no rate."""
        if name not in self.forces.index:
            return None
        row = self.forces.T[name]
        low, high = int(row["rank_low"]), int(row["rank_high"])
        return str(low) if low == high else f"{low} to {high}"


@functools.cache  # one answer for all pages of a period: whose page it is does not enter
def funnel(offence: Offence, release: Release, period: Period) -> Funnel | None:
    """Set every force's rate in a period against that of all forces together.

    British Transport Police and the City of London are left out, and forces with a missing figure. None if fewer than
    three forces have a rate or nothing was recorded.

    Notes
    -----
    Limits are exact intervals around the expected count; over-dispersion after Spiegelhalter (2005); see
    :mod:`analysis.statistics`.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> result = compare("England and Wales", period="2025-01..2025-12", release="2026-04-23").funnel
    >>> round(result.phi, 1), len(result.forces), result.outside_chance, result.outside_dispersion
    (13.6, 42, 33, 5)
    """
    by_name = rates(offence, release, period)
    table = pd.DataFrame(
        {name: (float(rate.offences), float(rate.residents.people)) for name, rate in by_name.items()},
        index=["offences", "residents"],
    ).T
    if len(table) < 3 or not table["offences"].sum():
        return None
    overall = table["offences"].sum() / table["residents"].sum()
    table["expected"] = table["residents"] * overall
    table["ratio"] = table["offences"] / table["expected"]
    table["rank_low"], table["rank_high"] = statistics.rank_interval(table["offences"], table["residents"])
    dispersion = statistics.overdispersion(table["offences"], table["expected"])
    chance = statistics.funnel_limits(table["expected"].to_numpy())
    wider = statistics.overdispersed_limits(table["expected"].to_numpy(), tau2=dispersion.tau2)
    first = next(iter(by_name.values()))
    return Funnel(
        forces=table,
        residents=first.residents.words,
        overall=overall * PER * 12 / period.months,
        phi=dispersion.phi,
        tau2=dispersion.tau2,
        outside_chance=_outside(table["ratio"], chance),
        outside_dispersion=_outside(table["ratio"], wider),
    )


@dataclass(frozen=True)
class Changes:
    """The changes of all forces between two periods, looked at together.

    Attributes
    ----------
    forces
        One row a force that has a ratio: ``current``, ``baseline``, ``ratio``, ``p`` (widened by the dispersion) and
        ``adjusted`` (after Benjamini and Hochberg).
    dispersion
        The variance of the changes as a multiple of chance.
    beyond_chance
        How many exact 95% intervals exclude "no change".
    beyond_dispersion
        How many changes stand out once the dispersion and the number of forces are allowed for.
    """

    forces: pd.DataFrame
    dispersion: float
    beyond_chance: int
    beyond_dispersion: int


def changes(pair: Pair) -> Changes | None:
    """Look at the changes of all forces together, between the two periods of a pair that may be compared.

    None where the periods may not be compared. Forces with a zero, negative or missing count have no part.

    Notes
    -----
    z = log(ratio) / √(φ(1/a + 1/b)), two-sided; adjusted after Benjamini and Hochberg (1995).

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> result = compare("England and Wales", period="2024/25", baseline="2023/24", release="2026-04-23").changes
    >>> len(result.forces), round(result.dispersion, 1), result.beyond_dispersion
    (42, 2.4, 0)
    """
    phi = pair.ratio.dispersion
    if pair.change is None or pair.baseline is None or phi is None:
        return None
    now, then = pair.current.period, pair.baseline.period
    table = both_by_force(pair.current.offence.code, pair.current.release, now, then)
    table = table[(table > 0).all(axis=1)]
    if len(table) < 2:
        return None
    exact = statistics.rate_ratio(table["current"].to_numpy(), now.months, table["baseline"].to_numpy(), then.months)
    error = np.sqrt(phi * (1 / table["current"] + 1 / table["baseline"]))
    table["ratio"] = exact.value
    table["p"] = 2 * special.ndtr(-np.abs(np.log(exact.value)) / error)
    table["adjusted"] = statistics.benjamini_hochberg(table["p"])
    return Changes(
        forces=table,
        dispersion=phi,
        beyond_chance=int(((exact.low > 1) | (exact.high < 1)).sum()),
        beyond_dispersion=int((table["adjusted"] <= FALSE_DISCOVERIES).sum()),
    )


def contributions(pair: Pair) -> pd.DataFrame | None:
    """Return each force's part in the change between two periods that may be compared; the parts add up to the whole.

    Returns
    -------
    pandas.DataFrame or None
        Indexed by force, in canonical order: ``current``, ``baseline`` and ``difference``. None where the periods
        may not be compared, or a figure is missing.
    """
    if pair.change is None or pair.baseline is None:
        return None
    offence, release = pair.current.offence.code, pair.current.release
    periods = {"current": pair.current.period, "baseline": pair.baseline.period}
    table = pd.DataFrame({name: by_force(offence, release, period) for name, period in periods.items()})
    table = table.loc[pair.current.area.names]
    return table.assign(difference=table["current"] - table["baseline"]).astype(int)


def _outside(ratio: pd.Series, limits: statistics.Interval[statistics.FloatArray]) -> int:
    return int(((ratio < limits.low) | (ratio > limits.high)).sum())
