"""The noise of recorded counts: how far a group's figures usually move beside those of all others, by size and distance, and what follows from it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.groups import NORMAL
from analysis.statistics.intervals import BoolArray, FloatArray, IntArray, Interval, numbers_of, plain

FARTHEST = 5  # years between two counts, up to which changes are measured; what is further apart follows the line
LEAST = 2.0  # events in a block; what is smaller says next to nothing of its noise
ENOUGH = 60  # changes from one year to the next, under which no noise is measured
PRIOR = 20.0  # changes that a group's own scatter must outweigh: so many pull it towards that of all
_HEAVY = 4.0  # degrees of freedom of the t distribution that weighs changes: real scatter has far outliers
_ROUNDS = 25  # of reweighting; the estimate no longer moves
_OVERLAP = 12  # blocks begin in each quarter and changes span up to five years: some twelve say what one would
_FAR = 9.0  # a squared deviation beyond which a change says no more of its group's scatter


@dataclass(frozen=True)
class Noise:
    """How far two counts usually lie apart: the variance of the logarithm of their ratio, apart from what moves all groups.

    Attributes
    ----------
    c
        The part that falls with the counts, as a multiple of chance (1/now + 1/then): at least 1, which is Poisson's.
    passing
        The part that is the same at any distance, whatever the size: what comes and goes.
    lasting
        The part that grows with each year between the two: what wanders and stays.
    groups
        What each group's variance is multiplied by; empty where all are alike.
    together
        What the variance of several groups' sum is multiplied by, since neighbours move alike.
    changes
        How many changes it was measured on.

    Examples
    --------
    >>> noise = Noise(c=2, passing=0.01, lasting=0.005)
    >>> [round(float(noise.change([100], [100], years)), 3) for years in (1, 5)]
    [0.055, 0.075]
    """

    c: float
    passing: float = 0.0
    lasting: float = 0.0
    groups: tuple[float, ...] = ()
    together: float = 1.0
    changes: int = 0

    def of(self, places: Iterable[int]) -> Noise:
        """Return the noise of some of the groups, by their places."""
        return replace(self, groups=tuple(self.groups[place] for place in places) if self.groups else ())

    def each(self, now: ArrayLike, then: ArrayLike, years: float = 1.0) -> FloatArray:
        """Return the variance of the logarithm of each group's ratio, the groups along the first axis."""
        a, b = (np.maximum(np.atleast_1d(np.asarray(each, dtype=np.float64)), 0.5) for each in (now, then))
        found = self.c * (1 / a + 1 / b) + self.passing + self.lasting * years
        return np.asarray(found * self._factors(found.ndim))

    def change(self, now: ArrayLike, then: ArrayLike, years: float = 1.0) -> FloatArray:
        """Return the variance of the logarithm of the ratio of the groups' sums, so many years apart."""
        a, b = (np.maximum(np.atleast_1d(np.asarray(each, dtype=np.float64)), 0) for each in (now, then))
        factors = self._factors(a.ndim)
        with np.errstate(divide="ignore", invalid="ignore"):
            chance = sum((factors * each).sum(axis=0) / each.sum(axis=0) ** 2 for each in (a, b))
            shares = (a / a.sum(axis=0) + b / b.sum(axis=0)) / 2
        moved = (factors * shares**2).sum(axis=0) * (self.passing + self.lasting * years)
        return np.asarray((self.c * chance + moved) * (self.together if len(a) > 1 else 1.0))

    def level(self, counts: ArrayLike) -> FloatArray:
        """Return the variance of the logarithm of the sum of some counts, such that two a year apart have that of their change."""
        return self.change(counts, counts) / 2

    def _factors(self, dimensions: int) -> FloatArray:
        return np.asarray(self.groups or (1.0,)).reshape(-1, *[1] * (dimensions - 1))


def fit_noise(
    counts: ArrayLike,
    *,
    quarters: int = 4,
    regimes: ArrayLike | None = None,
    apart: Sequence[int] = (),
    unions: Sequence[Sequence[int]] = (),
    farthest: int = FARTHEST,
) -> Noise | None:
    """Measure the noise of counts of so many quarters: one fit for all groups, with a scatter of each drawn towards that of all.

    Parameters
    ----------
    counts
        Quarters by groups; NaN where a group's figure is missing.
    quarters
        How many quarters in a row make up a count, from 1 to 4.
    regimes
        A whole number for each quarter: what is counted is the same in quarters of one number. A quarter with a negative
        one is left out. Default: all are the same.
    apart
        Places of groups that have no part in the common movement, nor in what is measured for all; each has its own scatter still.
    unions
        Places of groups that are neighbours, to measure how far they move alike.
    farthest
        Up to how many years apart counts are set against each other; of one year alone what lasts cannot be told from what passes.

    Returns
    -------
    Noise or None
        None where fewer than sixty changes from one year to the next can be had, or none over two years.

    Notes
    -----
    A local level on the scale of logarithms, by moments. Blocks of the same quarters, one to five years apart, are set against each
    other: the logarithm of a group's ratio less that of all others together. Their squares are fitted by c (1/now + 1/then) +
    passing + lasting × years, none below zero, by least squares weighted by the fitted variance and by a t distribution with four
    degrees of freedom (Lange, Little and Taylor, 1989), so that a few far points do not decide. A group's mean square about that,
    far ones drawn in, is pooled with that of all as if twenty changes stood behind it. Then all is scaled so that 95% of changes
    lie within 1.96 deviations, since tails are heavier than normal; the changes of unions likewise.

    Examples
    --------
    >>> random = np.random.default_rng(1)
    >>> level = np.geomspace(10, 400, 40) * np.ones((60, 1))
    >>> found = fit_noise(random.poisson(level), quarters=1)
    >>> round(found.c, 1), round(found.passing, 2), round(found.lasting, 2)
    (1.0, 0.0, 0.0)
    """
    groups = numbers_of(counts, "counts", axes=2).shape[1]
    inside = ~np.isin(np.arange(groups), apart)
    lags = [past_changes(counts, quarters=quarters, regimes=regimes, years=years) for years in range(1, farthest + 1)]
    told = [_changes(now, then, inside) for now, then, _ in lags]
    moves, chance, places = (np.concatenate([lag[part] for lag in told]) for part in range(3))
    years = np.repeat(np.arange(1.0, farthest + 1), [len(lag[0]) for lag in told])
    within = inside[places.astype(np.int64)]
    if int((within & (years == 1)).sum()) < ENOUGH or not (within & (years >= min(2, farthest))).any():
        return None
    squares, parts = moves**2, np.column_stack([chance, np.ones(years.size), years * (farthest > 1)])
    found = _fitted(squares[within], parts[within])
    if not found.any():
        return Noise(1.0, changes=int(within.sum()))
    relative = squares / np.maximum(parts @ found, 1e-12)
    factors = _factors(relative, places, within, groups)
    wide = float(np.quantile((relative / factors[places])[within], 0.95)) / NORMAL**2
    c, passing, lasting = (float(each) for each in found * wide)
    noise = Noise(max(1.0, c), passing, lasting, tuple(factors.tolist()), changes=int(within.sum()))
    return replace(noise, together=_together(noise, *lags[0][:2], inside, unions))


def widened(value: ArrayLike, variance: ArrayLike, low: ArrayLike = np.inf, high: ArrayLike = -np.inf) -> Interval:
    """Widen an exact 95% interval to what usual variation leaves open, and never narrow it.

    Parameters
    ----------
    value
        A count, rate or ratio.
    variance
        Of its logarithm, as it usually varies.
    low, high
        The exact interval, which is chance alone; left out, usual variation alone decides.

    Examples
    --------
    >>> low, high = widened(100.0, 0.03, 81.4, 121.6)
    >>> round(low, 1), round(high, 1)
    (71.2, 140.4)
    """
    with np.errstate(over="ignore", invalid="ignore"):
        at = np.asarray(value, dtype=np.float64)
        factor = np.exp(NORMAL * np.sqrt(np.asarray(variance, dtype=np.float64)))
        return Interval(plain(np.minimum(at / factor, low)), plain(np.maximum(at * factor, high)))


def movement(
    counts: ArrayLike, *, quarters: int = 4, regimes: ArrayLike | None = None, apart: Sequence[int] = ()
) -> float | None:
    """Measure how far all groups together move from one year to the next: the mean square of the logarithm of their ratio.

    Parameters
    ----------
    counts, quarters, regimes, apart
        As :func:`fit_noise` takes them.

    Returns
    -------
    float or None
        None where no two years in a row can be set against each other.

    Examples
    --------
    >>> round(movement([[100.0]] * 4 + [[110.0]] * 4), 5)  # the square of log 1.1
    0.00908
    """
    now, then, _ = past_changes(counts, quarters=quarters, regimes=regimes)
    usable = (now > 0) & (then > 0)
    usable[:, list(apart)] = False
    a, b = (np.where(usable, each, 0).sum(axis=1) for each in (now, then))
    held = (a > 0) & (b > 0)
    return float(np.mean(np.log(a[held] / b[held]) ** 2)) if held.any() else None


def past_changes(
    counts: ArrayLike, *, quarters: int = 4, regimes: ArrayLike | None = None, years: int = 1
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Set counts so many years apart against each other, with what was counted a year after the later one.

    Parameters
    ----------
    counts, quarters, regimes
        As :func:`fit_noise` takes them.
    years
        How far the two lie apart.

    Returns
    -------
    tuple of ndarray
        The later counts, the earlier ones, and those of a year after the later, pairs by groups: NaN where a figure is missing or
        something else was counted.

    Examples
    --------
    >>> now, then, later = past_changes([[10.0], [20.0], [30.0]] * 4, quarters=1)
    >>> now[0].item(), then[0].item(), later[0].item(), later.shape
    (20.0, 10.0, 30.0, (8, 1))
    """
    table = numbers_of(counts, "counts", axes=2)
    same = np.zeros(len(table), dtype=np.int64) if regimes is None else np.asarray(regimes)
    if len(table) < quarters:
        return (np.empty((0, table.shape[1])),) * 3
    windows, ahead = np.lib.stride_tricks.sliding_window_view, 4 * years
    definitions = windows(same, quarters)
    one = np.where(definitions.min(axis=-1) == definitions.max(axis=-1), definitions[:, 0], -1)
    starts = max(0, len(one) - ahead)
    held = np.flatnonzero((one[:starts] >= 0) & (one[:starts] == one[ahead:]))
    # A year that the figures do not reach stands as one of its own, without figures.
    blocks = np.pad(windows(table, quarters, axis=0).sum(axis=-1), ((0, 4), (0, 0)), constant_values=np.nan)
    after, one = held + ahead + 4, np.pad(one, (0, 4), constant_values=-1)
    later = np.where((one[after] == one[held])[:, None], blocks[after], np.nan)
    return blocks[held + ahead], blocks[held], later


def _changes(now: FloatArray, then: FloatArray, inside: BoolArray) -> tuple[FloatArray, FloatArray, IntArray]:
    """Return the changes of groups beside all others, the part of them that chance has, and whose they are."""
    usable = (now > 0) & (then > 0)
    a, b = (np.where(usable & inside, each, 0) for each in (now, then))
    with np.errstate(divide="ignore", invalid="ignore"):
        others = (a.sum(axis=1, keepdims=True) - a) / (b.sum(axis=1, keepdims=True) - b)
        moves = np.log(now / then) - np.log(others)
        told = usable & (np.minimum(now, then) >= LEAST) & np.isfinite(moves)
        return moves[told], (1 / now + 1 / then)[told], np.nonzero(told)[1]


def _factors(relative: FloatArray, places: IntArray, within: BoolArray, groups: int) -> FloatArray:
    """Return what each group's variance is to that of all, drawn towards 1 by how little there is of it."""
    drawn = np.minimum(relative, _FAR)
    usual = drawn[within].mean()
    sums, many = np.bincount(places, drawn, groups), np.bincount(places, minlength=groups)
    return np.asarray((sums / _OVERLAP / usual + PRIOR) / (many / _OVERLAP + PRIOR))


def _together(
    noise: Noise, now: FloatArray, then: FloatArray, inside: BoolArray, unions: Sequence[Sequence[int]]
) -> float:
    """Return by how much more the sum of neighbours varies than if each moved for itself; never less."""
    usable = (now > 0) & (then > 0) & inside
    a, b = (np.where(usable, each, 0) for each in (now, then))
    found: list[float] = []
    for union in (list(union) for union in unions if len(union) > 1):
        with np.errstate(divide="ignore", invalid="ignore"):
            ours, before = (each[:, union].sum(axis=1) for each in (a, b))
            moves = np.log(ours / before) - np.log((a.sum(axis=1) - ours) / (b.sum(axis=1) - before))
            relative = moves**2 / noise.of(union).change(a[:, union].T, b[:, union].T)
        found += relative[np.isfinite(relative)].tolist()
    return max(1.0, float(np.quantile(found, 0.95)) / NORMAL**2) if found else 1.0


def _fitted(squares: FloatArray, parts: FloatArray) -> FloatArray:
    found = _least_squares(parts, squares, np.ones(squares.size))
    for _ in range(_ROUNDS):
        fitted = np.maximum(parts @ found, 1e-12)
        weights = (_HEAVY + 1) / (_HEAVY + squares / fitted)
        last, found = found, _least_squares(parts, squares * weights, 1 / fitted**2)
        if np.allclose(found, last, rtol=1e-4, atol=1e-12):
            break
    return found


def _least_squares(parts: FloatArray, values: FloatArray, weights: FloatArray) -> FloatArray:
    """Fit a few parts, none under zero, by weighted least squares: in closed form, the best fit of those parts that none takes below zero."""
    weighted = parts * weights[:, None]
    normal, right = weighted.T @ parts, weighted.T @ values
    best = np.zeros(len(right))
    for chosen in [*itertools.product([True, False], repeat=len(right))][:-1]:  # all of them first, and not none
        own, taken = np.zeros(len(right)), np.flatnonzero(chosen)
        own[taken] = np.linalg.lstsq(normal[np.ix_(taken, taken)], right[taken], rcond=None)[0]
        if (own >= 0).all() and right @ own > right @ best:
            best = own
            if all(chosen):
                break  # what all of them fit best is best of all
    return best
