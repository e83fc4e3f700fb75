"""Back-tests: how often the ranges of a page held in years that were kept out of what they were made from."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from analysis import statistics
from analysis.comparison.among_forces import both, pooled_rates
from analysis.comparison.counts import APART, count, measured, rates
from analysis.comparison.definitions import PLACES
from analysis.comparison.judgement import judge
from analysis.figures.register import Release
from analysis.terms import areas, offences
from analysis.terms.areas import Area
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ["what", "force", "year", "quartile", "held", "width", "score"]
LEAST_YEARS = 2  # pairs of years; from fewer nothing is held out
LEAST_FORCES = 4
POOR = 0.85  # a share of ranges of 95%, under which a year is named where the range stands
MISS = 2 / 0.05  # what a range of 95% pays for each unit by which it misses (Gneiting and Raftery, 2007)


@functools.cache
def backtest(offence: Offence, release: Release) -> pd.DataFrame:
    """Try the ranges of a force's year on years that were kept out of what they were made from.

    Parameters
    ----------
    offence, release
        Of what, as published when. Years end in the release's last month.

    Returns
    -------
    pandas.DataFrame
        One row a range: ``what`` (``change``: whether the range of a force's change on the year before holds the change of all others;
        ``next_year``: whether the range foreseen from the year before holds its count; ``place``: whether the range of places foreseen
        holds its place by rate), ``force``, ``year`` (the calendar year in which the one judged ends), ``quartile`` (of the
        forces by size, 1 the smallest), ``held``, ``width`` and ``score`` (of the logarithm, from the middle to an end, or in places; the score is the
        interval score, the lower the better). Empty where too few years lie under one definition.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> kent = compare("Kent", release="2026-04-23")
    >>> found = backtest(kent.offence, kent.release)
    >>> int(found[(found["force"] == "Kent") & (found["what"] == "change")]["held"].sum())  # of six years
    6
    """
    import pandas as pd

    counts, regimes = measured(offence, release)
    frames = []
    for then, now in _years(regimes, release):
        start = (now.first.ordinal - release.covers.first.ordinal) // 3
        kept = regimes.copy()
        kept[start : start + 4] = -1
        noise = statistics.fit_noise(counts, regimes=kept, apart=APART)
        shared = statistics.movement(counts, regimes=kept, apart=APART)
        two = both(offence, release, now, then)
        two = two[(two > 0).all(axis=1)]
        if noise is None or shared is None or len(two) < LEAST_FORCES:
            continue
        parts = [*_judged(two, noise, shared), _places(offence, release, then, now, noise)]
        year = pd.concat([part for part in parts if len(part)], ignore_index=True)
        size = two["current"] / two["current"].sum()
        frames.append(year.assign(year=now.last.year, size=year["force"].map(size)))
    if len(frames) < LEAST_YEARS:
        return pd.DataFrame(columns=COLUMNS)
    found = pd.concat(frames, ignore_index=True)
    sizes: pd.Series[float] = found.groupby("force")["size"].mean().rank(method="first")
    quartiles = {force: math.ceil(4 * rank / len(sizes)) for force, rank in sizes.items()}
    return found.assign(quartile=[quartiles[force] for force in found["force"]])[COLUMNS]


def coverage(what: str, release: Release) -> pd.DataFrame:
    """Return how often one kind of range held for every reviewed offence, the one with the worst year first.

    Parameters
    ----------
    what
        ``change``, ``next_year`` or ``place``, as :func:`backtest` has them.
    release
        Whose figures.

    Returns
    -------
    pandas.DataFrame
        One row an offence and one of all together, the last: ``offence`` (its name), ``ranges`` (how many were tried), ``pooled``,
        ``quartile_1`` to ``quartile_4`` (small forces to large), ``year_…`` for each of the newest five years, ``worst`` of these (all
        in per cent; NaN where nothing was tried), ``width`` and ``score`` (means).
    """
    import pandas as pd

    tried = {
        each.name: backtest(each, release) for each in offences.listed() if each.reviewed and release.holds(each.code)
    }
    found = {name: frame[frame["what"] == what] for name, frame in tried.items()}
    newest = range(release.covers.last.year - 4, release.covers.last.year + 1)
    together = pd.concat(found.values(), ignore_index=True) if found else pd.DataFrame(columns=COLUMNS)
    rows = [_row(name, frame, newest) for name, frame in found.items() if len(frame)]
    shown = pd.DataFrame(rows)
    if rows:
        shown = pd.concat(
            [shown.sort_values("worst", kind="stable"), pd.DataFrame([_row("All of these", together, newest)])]
        )
    return shown.reset_index(drop=True)


def poor_years(offence: Offence, release: Release) -> dict[str, dict[int, float]]:
    """Return the newest five years in which fewer than 85 in a hundred ranges held, by kind of range and year, with their share.

    Parameters
    ----------
    offence, release
        Of what, as published when.
    """
    tried = backtest(offence, release)
    newest = tried[tried["year"] > release.covers.last.year - 5].astype({"held": float})
    shares = newest.groupby(["what", "year"], as_index=False)["held"].mean()
    poor: dict[str, dict[int, float]] = {}
    for row in shares[shares["held"] < POOR].itertuples():
        poor.setdefault(str(row.what), {})[int(str(row.year))] = float(str(row.held))
    return poor


def taken_back(earlier: Release, later: Release) -> tuple[int, int]:
    """Return how many readings of forces' newest year in a release were no longer the reading in a later one, and of how many.

    Parameters
    ----------
    earlier, later
        Full releases; every reviewed offence and force is read of the earlier one's last four quarters against those before.
    """
    now = Period(earlier.covers.last.shift(-11), earlier.covers.last)
    back = read = 0
    held = (each for each in offences.listed() if each.reviewed and earlier.holds(each.code) and later.holds(each.code))
    for offence, force in itertools.product(held, areas.FORCES):
        then, after = (
            judge(*(count(Area.of(force), offence, release, period) for period in (now, now.shift(-12))))
            for release in (earlier, later)
        )
        reading = then.change.reading if then.like_for_like and then.change else None
        if reading in {"more", "fewer"}:
            read += 1
            back += not after.change or after.change.reading != reading
    return back, read


def _row(name: str, frame: pd.DataFrame, newest: range) -> dict[str, object]:
    held = 100 * frame["held"].astype(float)
    quartiles = {f"quartile_{each}": held[frame["quartile"] == each].mean() for each in range(1, 5)}
    years = {f"year_{each}": held[frame["year"] == each].mean() for each in newest}
    known = [share for share in years.values() if np.isfinite(share)]
    means = {"width": frame["width"].astype(float).mean(), "score": frame["score"].astype(float).mean()}
    worst = {"worst": min(known, default=float("nan"))}
    return {"offence": name, "ranges": len(frame), "pooled": held.mean(), **quartiles, **years, **worst, **means}


def _years(regimes: np.ndarray, release: Release) -> Iterator[tuple[Period, Period]]:
    """Give each year that ends in the release's last month with the year before, where both are under one definition."""
    last = release.covers.last
    for end in range(len(regimes), 7, -4):
        if regimes[end - 8] >= 0 and len(set(regimes[end - 8 : end])) == 1:
            now = Period(last.shift(-11), last).shift(3 * (end - len(regimes)))
            yield now.shift(-12), now


def _judged(two: pd.DataFrame, noise: statistics.Noise, shared: float) -> Iterator[pd.DataFrame]:
    a, b = (two[name].to_numpy() for name in ("current", "baseline"))
    own = noise.of(PLACES[name] for name in two.index)
    exact = statistics.rate_ratio(a, 12, b, 12)
    others = (a.sum() - a) / (b.sum() - b)
    yield _scored("change", two.index, others, statistics.widened(exact.value, own.each(a, b), exact.low, exact.high))
    yield _scored("next_year", two.index, a, statistics.widened(b, own.each(b, b) + shared))


def _scored(what: str, forces: pd.Index, truth: np.ndarray, ends: statistics.Interval) -> pd.DataFrame:
    import pandas as pd

    least, true, most = (np.log(np.maximum(each, 0.5)) for each in (ends.low, truth, ends.high))
    missed = np.maximum(least - true, 0) + np.maximum(true - most, 0)
    columns = {"held": missed == 0, "width": (most - least) / 2, "score": most - least + MISS * missed}
    return pd.DataFrame({"what": what, "force": forces, **columns})


def _places(offence: Offence, release: Release, then: Period, now: Period, noise: statistics.Noise) -> pd.DataFrame:
    """Try the range of places of each force with a rate in both years."""
    import pandas as pd

    before, after = (rates(offence, release, period) for period in (then, now))
    names = [name for name in before if name in after]
    if len(names) < LEAST_FORCES:
        return pd.DataFrame(columns=COLUMNS)
    foreseen = pooled_rates({name: before[name] for name in names}, noise.of(PLACES[name] for name in names))
    later = pd.Series({name: after[name].value for name in names})
    # Equal rates share their places.
    first, last = later.rank(ascending=False, method="min"), later.rank(ascending=False, method="max")
    low, high = foreseen["rank_low"], foreseen["rank_high"]
    missed = (low - last).clip(lower=0) + (first - high).clip(lower=0)
    columns = {"held": missed == 0, "width": (high - low) / 2, "score": high - low + MISS * missed}
    return pd.DataFrame({"what": "place", "force": names, **columns}).reset_index(drop=True)
