"""Force among forces: a funnel of rates, rates and changes drawn towards the whole, places as ranges, and what moved the whole."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis import statistics
from analysis.comparison.counts import PER, is_small, rates
from analysis.comparison.pair import Pair
from analysis.comparison.totals import both_by_force, by_force
from analysis.comparison.usual import noise_of
from analysis.figures.register import Release
from analysis.terms.numbers import places
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

if TYPE_CHECKING:
    import pandas as pd

# Above this variance, as a multiple of chance, forces differ far more than chance, and no force is called an outlier.
TOO_WIDE = 10.0
CHANCE = 0.05  # of forces that change no more than usually, how many a 95% interval singles out


@dataclass(frozen=True)
class Funnel:
    """Every force's rate against that of all together, and how far forces differ beyond chance.

    Attributes
    ----------
    forces
        One row a force, indexed by name in canonical order: ``offences``, ``residents``, ``expected`` (at the rate
        of all together), ``ratio`` (observed over expected), ``pooled``, ``pooled_low`` and ``pooled_high`` (the rate drawn towards
        that of all forces, with its 95% interval), ``rank_low`` and ``rank_high`` (95% range of places, the highest rate being 1,
        with what a year moves).
    residents
        Whom the rates are of, in words.
    overall
        The rate of all together, a year for 10,000 residents.
    phi, tau2
        Spiegelhalter's over-dispersion, winsorised: as a multiple of chance, and as a variance among forces.
    outside_chance, outside_dispersion
        How many forces lie outside the 95% limits of chance alone, and outside those that allow for the dispersion.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> funnel = compare("Kent", period="2024/25", release="2026-04-23").funnel
    >>> len(funnel.forces), funnel.outside_chance, funnel.outside_dispersion
    (42, 32, 2)
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
        return places(row["rank_low"], row["rank_high"])


@functools.cache  # one answer for all pages of a period: whose page it is does not enter
def funnel(offence: Offence, release: Release, period: Period) -> Funnel | None:
    """Set every force's rate in a period against that of all forces together.

    British Transport Police and the City of London are left out, and forces with a missing figure. None if fewer than
    three forces have a rate, nothing was recorded, or usual variation is not known.

    Notes
    -----
    Limits are exact intervals around the expected count; over-dispersion after Spiegelhalter (2005); rates on the scale of
    logarithms are pooled by their usual variation, and places follow from the pooled rates with the movement of one more
    year; see :mod:`analysis.statistics`.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> result = compare("England and Wales", period="2025-01..2025-12", release="2026-04-23").funnel
    >>> round(result.phi, 1), len(result.forces), result.outside_chance, result.outside_dispersion
    (13.6, 42, 33, 5)
    """
    import pandas as pd

    by_name = rates(offence, release, period)
    table = pd.DataFrame(
        {name: (float(rate.offences), float(rate.residents.people)) for name, rate in by_name.items()},
        index=["offences", "residents"],
    ).T
    noise = noise_of(offence, release, period.months // 3, by_name)
    if len(table) < 3 or not table["offences"].sum() or noise is None:
        return None
    overall = table["offences"].sum() / table["residents"].sum()
    table["expected"] = table["residents"] * overall
    table["ratio"] = table["offences"] / table["expected"]
    per_year = PER * 12 / period.months
    table = table.join(pooled_rates(table, noise, per_year))
    dispersion = statistics.overdispersion(table["offences"], table["expected"])
    chance = statistics.funnel_limits(table["expected"].to_numpy())
    wider = statistics.overdispersed_limits(table["expected"].to_numpy(), tau2=dispersion.tau2)
    first = next(iter(by_name.values()))
    return Funnel(
        forces=table,
        residents=first.residents.words,
        overall=overall * per_year,
        phi=dispersion.phi,
        tau2=dispersion.tau2,
        outside_chance=_outside(table["ratio"], chance),
        outside_dispersion=_outside(table["ratio"], wider),
    )


@dataclass(frozen=True)
class Changes:
    """The changes of all forces between two periods, looked at together by the same rule as each one alone.

    Attributes
    ----------
    forces
        One row a force that has a ratio, in canonical order: ``current``, ``baseline``, ``ratio``, ``low`` and ``high`` (95% interval
        that usual variation leaves open), ``pooled``, ``pooled_low`` and ``pooled_high`` (the ratio drawn towards that of all).
    differ
        How far true changes differ among forces, noise taken out: a standard deviation of their logarithms.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> changes = compare("England and Wales", period="2024/25", release="2026-04-23").changes
    >>> len(changes.forces), changes.more, changes.fewer
    (42, [], [])
    """

    forces: pd.DataFrame
    differ: float

    @property
    def more(self) -> list[str]:
        """Forces whose interval lies above no change, small counts left out as on their own pages."""
        return self._named(self.forces["low"] > 1)

    @property
    def fewer(self) -> list[str]:
        """Forces whose interval lies below no change, small counts left out likewise."""
        return self._named(self.forces["high"] < 1)

    @property
    def expected(self) -> float:
        """How many forces would stand out by usual variation if none had changed."""
        return CHANCE * len(self.forces)

    def _named(self, beyond: pd.Series) -> list[str]:
        readable = ~self.forces[["current", "baseline"]].map(is_small).any(axis=1)
        return list(self.forces.index[beyond & readable])


def changes(pair: Pair) -> Changes | None:
    """Look at the changes of all forces together, between the two periods of a pair that may be compared.

    None where the periods may not be compared or usual variation is not known. Forces with a zero, negative or missing count
    have no part.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> result = compare("England and Wales", period="2024/25", baseline="2018/19", release="2026-04-23").changes
    >>> len(result.forces), len(result.more), len(result.fewer), round(result.expected, 1)
    (42, 2, 1, 2.1)
    """
    if not pair.like_for_like or pair.baseline is None:
        return None
    offence, release, now, then = pair.current.offence, pair.current.release, pair.current.period, pair.baseline.period
    table = both_by_force(offence.code, release, now, then)
    table = table[(table > 0).all(axis=1)]
    noise = noise_of(offence, release, now.months // 3, table.index)
    if noise is None or len(table) < 2:
        return None
    a, b = (table[name].to_numpy() for name in ("current", "baseline"))
    variances = noise.each(a, b, now.years_from(then))
    exact = statistics.rate_ratio(a, now.months, b, then.months)
    table["ratio"] = exact.value
    table["low"], table["high"] = statistics.widened(exact.value, variances, exact.low, exact.high)
    pooled = statistics.pooled(np.log(table["ratio"]), variances)
    drawn = _exponentials(pooled, table.index)
    return Changes(table.join(drawn), differ=float(np.sqrt(pooled.between)))


def contributions(pair: Pair) -> pd.DataFrame | None:
    """Return each force's part in the change between two periods that may be compared; the parts add up to the whole.

    Returns
    -------
    pandas.DataFrame or None
        Indexed by force, in canonical order: ``current``, ``baseline``, ``difference``, and ``deviation``, by how much the
        difference usually varies (a standard deviation). None where the periods may not be compared, or a figure is missing.
    """
    import pandas as pd

    if not pair.like_for_like or pair.baseline is None:
        return None
    offence, release = pair.current.offence, pair.current.release
    periods = {"current": pair.current.period, "baseline": pair.baseline.period}
    table = pd.DataFrame({name: by_force(offence.code, release, period) for name, period in periods.items()})
    table = table.loc[pair.current.area.names].astype(int)
    noise = noise_of(offence, release, pair.current.period.months // 3, table.index)
    a, b = (table[name].to_numpy() for name in periods)
    years = pair.current.period.years_from(pair.baseline.period)
    deviation = (a + b) / 2 * np.sqrt(noise.each(a, b, years)) if noise else np.nan
    return table.assign(difference=table["current"] - table["baseline"], deviation=deviation)


@dataclass(frozen=True)
class Moved:
    """What moved a whole: rises in some forces and falls in others.

    Attributes
    ----------
    net, low, high
        The change in the count, with the 95% range that usual variation leaves open.
    rises, falls
        How many forces rose and how many fell, each with the sum of their changes.
    most
        The fewest forces, by name in canonical order, whose changes with the net one make up at least half of it.
    most_sum
        What theirs add up to.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> moved = compare("England and Wales", period="2024/25", release="2026-04-23").moved
    >>> moved.net, moved.rises, moved.falls
    (-100, (23, 412), (20, -512))
    """

    net: int
    low: float
    high: float
    rises: tuple[int, int]
    falls: tuple[int, int]
    most: tuple[str, ...]
    most_sum: int


def moved(pair: Pair, parts: pd.DataFrame | None) -> Moved | None:
    """Say which forces moved a whole, by their parts in its change; None for a single force, or where no change may be given.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> result = compare("England and Wales", period="2024/25", baseline="2018/19", release="2026-04-23").moved
    >>> result.net, result.rises, result.falls
    (1261, (30, 1740), (13, -479))
    """
    if parts is None or len(parts) < 2:
        return None
    difference = parts["difference"]
    net = int(difference.sum())
    before, ratio = float(parts["baseline"].sum()), pair.ratio
    low, high = (before * (each - 1) if each is not None else math.nan for each in (ratio.low_wide, ratio.high_wide))
    along = difference[difference * net > 0].sort_values(key=np.abs, ascending=False, kind="stable")
    enough = int((along.abs().cumsum() < abs(net) / 2).sum()) + 1
    most = [name for name in parts.index if name in along.index[:enough]]
    up, down = difference[difference > 0], difference[difference < 0]
    return Moved(
        net,
        low,
        high,
        rises=(len(up), int(up.sum())),
        falls=(len(down), int(down.sum())),
        most=tuple(most),
        most_sum=int(difference[most].sum()),
    )


def pooled_rates(table: pd.DataFrame, noise: statistics.Noise, per_year: float = 1.0) -> pd.DataFrame:
    """Return rates drawn towards the whole with their intervals, and places as they may be a year later."""
    counts = table["offences"].to_numpy() + 0.5  # a half keeps a force without an offence on the scale of logarithms
    variances = noise.each(counts, counts) / 2
    drawn = statistics.pooled(np.log(counts / table["residents"] * per_year), variances)
    # The later year varies as this one does.
    low, high = statistics.rank_interval(drawn.values, drawn.variances + variances)
    return _exponentials(drawn, table.index).assign(rank_low=low, rank_high=high)


def _exponentials(drawn: statistics.Pooled, index: pd.Index) -> pd.DataFrame:
    import pandas as pd

    reach = statistics.NORMAL * np.sqrt(drawn.variances)
    ends = {"pooled": drawn.values, "pooled_low": drawn.values - reach, "pooled_high": drawn.values + reach}
    return pd.DataFrame({name: np.exp(value) for name, value in ends.items()}, index=index)


def _outside(ratio: pd.Series, limits: statistics.Interval) -> int:
    return int(((ratio < limits.low) | (ratio > limits.high)).sum())
