"""Back-tests: how often the intervals of a page held in years that were kept out of what they were made from."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from analysis import statistics
from analysis.comparison.among_forces import pooled_rates
from analysis.comparison.counts import rates
from analysis.comparison.totals import both_by_force
from analysis.comparison.usual import measured
from analysis.figures.register import Release
from analysis.terms.offences import Offence
from analysis.terms.periods import Period, financial_year_of

if TYPE_CHECKING:
    import pandas as pd

QUARTILES = 4
LEAST_YEARS = 2  # pairs of years; from fewer nothing is held out


def backtest(offence: Offence, release: Release) -> pd.DataFrame:
    """Count how often the intervals of a force's financial year held, each year kept out of what they were made from.

    Parameters
    ----------
    offence, release
        Of what, as published when.

    Returns
    -------
    pandas.DataFrame
        One row a force and year: ``force``, ``year`` (the one judged), ``quartile`` (of the forces by size, 1 the smallest), and
        whether these held: ``change`` (the interval of its change on the year before holds the change of all forces together),
        ``next_year`` (the range foreseen from the year before holds its count), ``place`` (the range of places foreseen holds its
        place by rate; missing where there is no rate). Empty where too few years lie under one definition.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> kent = compare("Kent", release="2026-04-23")
    >>> backtest(kent.offence, kent.release).groupby("force")["change"].sum()["Kent"]  # of six years
    np.int64(6)
    """
    import pandas as pd

    counts, regimes = measured(offence, release)
    first = release.covers.first
    frames = []
    for then, now in _years(offence, release):
        places = [(now.first.ordinal - first.ordinal) // 3 + place for place in range(4)]
        start = places[0]
        if regimes[start - 4] < 0 or len({*regimes[start - 4 : start + 4]}) > 1:
            continue
        kept = regimes.copy()
        kept[places] = -1
        noise = statistics.fit_noise(counts, regimes=kept)
        shared = statistics.movement(counts, regimes=kept)
        both = both_by_force(offence.code, release, now, then)
        both = both[(both > 0).all(axis=1)]
        if noise is not None and shared is not None and len(both) >= QUARTILES:
            held = _places_held(offence, release, then, now, noise)
            frames.append(
                _judged(both, noise, shared).assign(
                    year=str(now), place=[held.get(name, np.nan) for name in both.index]
                )
            )
    if len(frames) < LEAST_YEARS:
        return pd.DataFrame(columns=["force", "year", "quartile", "change", "next_year", "place"])
    found = pd.concat(frames, ignore_index=True)
    sizes = found.groupby("force")["size"].mean().rank(method="first")
    quartiles = (sizes * QUARTILES / len(sizes)).map(math.ceil)
    return found.assign(quartile=found["force"].map(quartiles)).drop(columns="size")


def _years(offence: Offence, release: Release) -> Iterator[tuple[Period, Period]]:
    span = release.span(offence.code)
    then = financial_year_of(span.first)
    while span.covers(then.shift(12)):
        if span.covers(then):
            yield then, then.shift(12)
        then = then.shift(12)


def _judged(both: pd.DataFrame, noise: statistics.Noise, shared: float) -> pd.DataFrame:
    import pandas as pd

    current, baseline = (both[[name]].T.to_numpy() for name in ("current", "baseline"))
    ratio = statistics.noisy_ratio(current, 12, baseline, 12, noise)
    common = both["current"].sum() / both["baseline"].sum()
    low, high = statistics.expected_range(baseline, noise, shared)
    return pd.DataFrame(
        {
            "force": both.index,
            "size": both.mean(axis=1).to_numpy(),
            "change": (ratio.low <= common) & (common <= ratio.high),
            "next_year": (low <= current[0]) & (current[0] <= high),
        }
    )


def _places_held(
    offence: Offence, release: Release, then: Period, now: Period, noise: statistics.Noise
) -> dict[str, bool]:
    """Say of each force with a rate in both years whether its place lay in the range foreseen."""
    import pandas as pd

    before, after = (rates(offence, release, period) for period in (then, now))
    names = [name for name in before if name in after]
    if len(names) < QUARTILES:
        return {}
    table = pd.DataFrame(
        {name: (before[name].offences, before[name].residents.people) for name in names},
        index=["offences", "residents"],
    ).T
    foreseen = pooled_rates(table, noise)
    later = pd.Series({name: after[name].value for name in names})
    low, high = later.rank(ascending=False, method="min"), later.rank(ascending=False, method="max")
    held = (high >= foreseen["rank_low"]) & (low <= foreseen["rank_high"])  # equal rates share their places
    return {str(name): bool(value) for name, value in held.items()}
