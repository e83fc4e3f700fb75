"""The noise of recorded counts: how far a force's figures scatter about a slow trend of their own, by their size, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.arrays import (
    Estimate,
    FloatArray,
    IntArray,
    Interval,
    counts_of,
    plain,
)
from analysis.statistics.intervals import rate_ratio

YEARS = 5  # that a slow trend, a straight line, is laid through; fewer where a series is shorter, at the least three
LEAST_YEARS = 3
LEAST = 2.0  # events in a block, on average; what is smaller says next to nothing of its noise
ENOUGH = 100  # residuals, under which no noise is measured
_HEAVY = 4.0  # degrees of freedom of the t distribution that weighs residuals: real scatter has far outliers
_ROUNDS = 25  # of reweighting; the estimate no longer moves
NORMAL = 1.959963984540054  # of a normal deviation, 95% lie within


@dataclass(frozen=True)
class Noise:
    """How far a count scatters about its slow trend: variance c·μ + τ²·μ² at the mean μ.

    Attributes
    ----------
    c
        The part that grows with the count, as a multiple of chance: at least 1, which is Poisson's.
    tau
        The part that is a share of the count, whatever its size.
    residuals
        How many residuals it was measured on.

    Examples
    --------
    >>> noise = Noise(c=2, tau=0.1, residuals=1000)
    >>> float(noise.variance(100)), round(float(noise.relative(100)), 3)
    (300.0, 0.03)
    """

    c: float
    tau: float
    residuals: int

    def variance(self, mean: ArrayLike) -> FloatArray:
        """Return the variance of counts with these means."""
        means = np.asarray(mean, dtype=np.float64)
        found: FloatArray = self.c * means + (self.tau * means) ** 2
        return found

    def relative(self, counts: ArrayLike) -> FloatArray:
        """Return the variance of the logarithm of a count, or of the sum of several groups' counts along the first axis."""
        each = np.atleast_1d(np.asarray(counts, dtype=np.float64))
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.variance(np.maximum(each, 0)).sum(axis=0) / each.sum(axis=0) ** 2)


def fit_noise(counts: ArrayLike, *, quarters: int = 4, regimes: ArrayLike | None = None) -> Noise | None:
    """Measure the noise of counts of so many quarters, for all groups together.

    Parameters
    ----------
    counts
        Quarters by groups; NaN where a group's figure is missing.
    quarters
        How many quarters in a row make up a count, from 1 to 4.
    regimes
        A whole number for each quarter: what is counted is the same in quarters of one number. A quarter with a negative
        one is left out. Default: all are the same.

    Returns
    -------
    Noise or None
        None where fewer than a hundred residuals can be had.

    Raises
    ------
    ValueError
        If the counts are not a table, or the regimes are not one a quarter.

    Notes
    -----
    Blocks of so many quarters are followed from year to year, so that the season falls out. Each block of a group is divided
    by the movement of all groups together, and a straight line laid through five years of it: the slow trend. The squares of
    what is left, corrected for the line's freedom, are set against the mean: variance = c·μ + τ²·μ², by least squares weighted
    by the fitted variance and by a t distribution with four degrees of freedom (Lange, Little and Taylor, 1989), so that a few
    far points do not decide. Then c and τ² are scaled so that 95% of the residuals lie within 1.96 deviations, since tails are
    heavier than normal. Movement that all groups share, and a group's own that lasts for years, are not noise.

    Examples
    --------
    >>> random = np.random.default_rng(1)
    >>> level = np.geomspace(10, 400, 40) * np.ones((40, 1))
    >>> found = fit_noise(random.negative_binomial(100, 1 / (1 + level / 100)), quarters=1)
    >>> round(found.c, 1), round(found.tau, 2)
    (1.0, 0.1)
    """
    table, same = _checked(counts, regimes)
    for years in range(YEARS, LEAST_YEARS - 1, -1):
        residuals, means = _residuals(table, quarters, same, years)
        if residuals.size >= ENOUGH:
            return _fitted(residuals / means, means)
    return None


def fit_noise_error(
    counts: ArrayLike, *, quarters: int = 4, regimes: ArrayLike | None = None, parts: int = 7
) -> Noise | None:
    """Measure how sure the noise is: the standard errors of c and τ, leaving out one part of the groups after another.

    Parameters
    ----------
    counts, quarters, regimes
        As :func:`fit_noise` takes them.
    parts
        Into how many parts the groups are dealt out, in turn.

    Returns
    -------
    Noise or None
        The standard errors in the places of c and τ; None where noise cannot be measured without one of the parts.

    Notes
    -----
    Delete-a-group jackknife (Kott, 2001): the square root of (1 - 1/parts)·Σ(estimate without a part - their mean)².
    """
    table = counts_of(counts, name="counts")
    dealt = np.arange(table.shape[1]) % parts
    found = [fit_noise(table[:, dealt != part], quarters=quarters, regimes=regimes) for part in range(parts)]
    each = np.array([(one.c, one.tau) for one in found if one is not None])
    if len(each) < parts:
        return None
    c, tau = np.sqrt((1 - 1 / parts) * ((each - each.mean(axis=0)) ** 2).sum(axis=0))
    return Noise(float(c), float(tau), sum(one.residuals for one in found if one))


def noisy_ratio(
    counts: ArrayLike,
    exposure: float,
    baseline_counts: ArrayLike,
    baseline_exposure: float,
    noise: Noise,
) -> Estimate:
    """Find the ratio of two rates with the 95% interval that usual variation leaves open.

    Parameters
    ----------
    counts, baseline_counts
        Events, groups by cases (or one case: a list of groups); the groups of a case are added up, each with its own noise.
    exposure, baseline_exposure
        Months or residents, above zero.
    noise
        Measured on counts of as many quarters.

    Returns
    -------
    Estimate
        NaN ends where either sum is not above zero. Never narrower than the exact interval, which is chance alone.

    Examples
    --------
    >>> value, low, high = noisy_ratio([78], 12, [63], 12, Noise(2.2, 0.1, 1000))
    >>> round(value, 2), round(low, 2), round(high, 2)
    (1.24, 0.7, 2.18)
    """
    now, then = (np.atleast_1d(np.asarray(each, dtype=np.float64)) for each in (counts, baseline_counts))
    a, b = now.sum(axis=0), then.sum(axis=0)
    exact = rate_ratio(a, exposure, b, baseline_exposure)
    low, high = widened(exact.value, noise.relative(now) + noise.relative(then), exact.low, exact.high)
    usable = (a > 0) & (b > 0)
    return Estimate(plain(exact.value), plain(np.where(usable, low, np.nan)), plain(np.where(usable, high, np.nan)))


def widened(value: ArrayLike, variance: ArrayLike, low: ArrayLike, high: ArrayLike) -> Interval:
    """Widen an exact 95% interval to what usual variation leaves open, and never narrow it.

    Parameters
    ----------
    value
        A count, rate or ratio.
    variance
        Of its logarithm, as it usually varies.
    low, high
        The exact interval, which is chance alone.

    Examples
    --------
    >>> low, high = widened(100.0, 0.03, 81.4, 121.6)
    >>> round(low, 1), round(high, 1)
    (71.2, 140.4)
    """
    with np.errstate(over="ignore", invalid="ignore"):
        factor = np.exp(NORMAL * np.sqrt(np.asarray(variance, dtype=np.float64)))
        return Interval(plain(np.minimum(value / factor, low)), plain(np.maximum(value * factor, high)))


def movement(counts: ArrayLike, *, quarters: int = 4, regimes: ArrayLike | None = None) -> float | None:
    """Measure how far all groups together move from one year to the next: the mean square of the logarithm of their ratio.

    Parameters
    ----------
    counts, quarters, regimes
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
    table, same = _checked(counts, regimes)
    pairs = [
        blocks[:, np.isfinite(blocks).all(axis=0)].sum(axis=1)
        for blocks, when in _windows(table, quarters, same, 2)
        if np.ptp(when) == 1
    ]
    moves = [np.log(now / then) ** 2 for then, now in pairs if then > 0 and now > 0]
    return float(np.mean(moves)) if moves else None


def expected_range(counts: ArrayLike, noise: Noise, movement: float) -> Interval:
    """Find the range in which the count of the same months a year later falls 95 times in 100.

    Parameters
    ----------
    counts
        Events, groups by cases; the groups of a case are added up.
    noise
        Of counts of as many quarters.
    movement
        How far all groups together move in a year (:func:`movement`).

    Returns
    -------
    Interval
        Both counts vary, and what all groups share moves; what one group does for years is not foreseen. NaN for a count of 0.

    Examples
    --------
    >>> low, high = expected_range([100], Noise(2.2, 0.1, 1000), 0.0025)
    >>> round(low), round(high)
    (60, 166)
    """
    each = np.atleast_1d(np.asarray(counts, dtype=np.float64))
    reach = np.exp(NORMAL * np.sqrt(2 * noise.relative(each) + movement))
    return Interval(plain(each.sum(axis=0) / reach), plain(each.sum(axis=0) * reach))


def _checked(counts: ArrayLike, regimes: ArrayLike | None) -> tuple[FloatArray, IntArray]:
    table = counts_of(counts, name="counts")
    same = np.zeros(len(table), dtype=np.int64) if regimes is None else np.asarray(regimes, dtype=np.int64)
    if table.ndim != 2 or same.shape != table.shape[:1]:
        raise ValueError(
            f"counts: found shapes {table.shape} and {same.shape}; give quarters by groups and one regime a quarter"
        )
    return table, same


def _residuals(table: FloatArray, quarters: int, regimes: IntArray, years: int) -> tuple[FloatArray, FloatArray]:
    """Return what scatters about straight lines through so many years, and the mean that each scatters about."""
    pairs = [_about_a_line(blocks, when) for blocks, when in _windows(table, quarters, regimes, years)]
    if not pairs:
        return np.empty(0), np.empty(0)
    residuals, means = (np.concatenate([pair[place].ravel() for pair in pairs]) for place in (0, 1))
    kept = np.isfinite(residuals) & (means >= LEAST)
    return residuals[kept], means[kept]


def _windows(
    table: FloatArray, quarters: int, regimes: IntArray, years: int
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Give blocks of the same quarters in so many years that hold figures, and the years in which they lie."""
    starts = len(table) - quarters + 1
    inside = [regimes[start : start + quarters] for start in range(max(starts, 0))]
    whole = np.array([each.min() == each.max() and each[0] >= 0 for each in inside], dtype=bool)
    for first in range(4):
        for regime in np.unique(regimes[regimes >= 0]):
            held = [start for start in range(first, starts, 4) if whole[start] and regimes[start] == regime]
            for place in range(len(held) - years + 1):
                chosen = held[place : place + years]
                blocks = np.array([table[start : start + quarters].sum(axis=0) for start in chosen])
                yield blocks, np.array(chosen) / 4


def _about_a_line(blocks: FloatArray, when: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the scatter of each group about a straight line, its freedom allowed for, once the common movement is out."""
    common = np.nansum(np.where(np.isfinite(blocks).all(axis=0), blocks, 0), axis=1)
    if (common <= 0).any():
        return np.empty((0, 0)), np.empty((0, 0))
    still = blocks / (common / common.mean())[:, None]
    centred = when - when.mean()
    left = np.eye(len(when)) - 1 / len(when) - np.outer(centred, centred) / (centred @ centred)
    means = np.broadcast_to(still.mean(axis=0), still.shape)
    return left @ still / np.sqrt(np.diag(left))[:, None], means


def _fitted(relative: FloatArray, means: FloatArray) -> Noise:
    squares, parts = relative**2, np.column_stack([1 / means, np.ones(means.size)])
    fitted = parts @ _least_squares(parts, squares, np.ones(means.size))
    for _ in range(_ROUNDS):
        weights = (_HEAVY + 1) / (_HEAVY + squares / fitted)
        found = _least_squares(parts, squares * weights, 1 / fitted**2)
        fitted = np.maximum(parts @ found, 1e-12)
    # Chance alone is Poisson's, so the first part is never under 1; the other takes what it leaves.
    wide = float(np.quantile(squares / fitted, 0.95)) / NORMAL**2
    c, tau2 = found * wide
    return Noise(float(max(1.0, c)), float(np.sqrt(tau2)), int(means.size))


def _least_squares(parts: FloatArray, values: FloatArray, weights: FloatArray) -> FloatArray:
    """Fit two parts, neither under zero, by weighted least squares: in closed form, since two parts leave few cases."""
    weighted = parts * weights[:, None]
    normal, right = weighted.T @ parts, weighted.T @ values
    both = np.asarray(np.linalg.solve(normal, right), dtype=np.float64)
    if (both >= 0).all():
        return both
    alone = np.maximum(right / np.diag(normal), 0)
    gain = right * alone  # how much of the sum of squares each takes by itself
    return np.where(np.arange(2) == np.argmax(gain), alone, 0.0)
