"""Exact intervals around a count, a rate and a ratio of two rates: how far chance alone would carry them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.statistics.arrays import (
    Estimate,
    FloatArray,
    Interval,
    counts_of,
    exposures_of,
    plain,
    tail_of,
    whole_counts_of,
)

# An inverse whose tail is further off than this share is taken as wrong; halvings that then settle a float.
_ASTRAY = 1e-6
_HALVINGS = 60


def poisson_interval(count: ArrayLike, *, confidence: float = 0.95) -> Interval:
    """Find the exact interval around a Poisson count.

    Parameters
    ----------
    count
        Recorded events: a number, or an array of any shape.
    confidence
        Share of such intervals that hold the true mean, at the least.

    Returns
    -------
    Interval
        Ends in events. Low is 0 for a count of 0. Both are NaN where the count is negative or missing.

    Raises
    ------
    ValueError
        If a count is infinite or the confidence is not between 0 and 1.

    Notes
    -----
    Garwood (1936): half the chi-square quantiles with twice the count, and twice the count and two, degrees
    of freedom, here as gamma quantiles. Being exact it never covers less than it promises, and often more.

    Examples
    --------
    >>> low, high = poisson_interval(5)
    >>> round(low, 4), round(high, 4)
    (1.6235, 11.6683)
    """
    low, high = _poisson_ends(counts_of(count), tail_of(confidence))
    return Interval(plain(low), plain(high))


def rate(
    count: ArrayLike,
    exposure: ArrayLike,
    *,
    per: float = 1,
    confidence: float = 0.95,
) -> Estimate:
    """Find the rate of events to exposure, and its interval.

    Parameters
    ----------
    count
        Recorded events: a number or an array.
    exposure
        Residents, months or the like, above zero; broadcast against the counts.
    per
        Units of exposure that the rate is given for, such as 10,000 children.
    confidence
        Share of such intervals that hold the true rate.

    Returns
    -------
    Estimate
        Events for that much exposure. A negative total keeps its value, net of corrections, without an
        interval.

    Raises
    ------
    ValueError
        If an exposure, or `per`, is not above zero.

    Examples
    --------
    >>> value, low, high = rate(15, 400)
    >>> round(value, 4), round(low, 6), round(high, 6)
    (0.0375, 0.020988, 0.061851)
    """
    counts = counts_of(count)
    scale = exposures_of(per, name="per") / exposures_of(exposure)
    low, high = _poisson_ends(counts, tail_of(confidence))
    return Estimate(plain(counts * scale), plain(low * scale), plain(high * scale))


def rate_ratio(
    count: ArrayLike,
    exposure: ArrayLike,
    baseline_count: ArrayLike,
    baseline_exposure: ArrayLike,
    *,
    confidence: float = 0.95,
) -> Estimate:
    """Find the ratio of two Poisson rates with its exact conditional interval: chance alone.

    Parameters
    ----------
    count
        Events of the current period or force: whole numbers.
    exposure
        Its months or residents, above zero.
    baseline_count
        Events of the baseline: whole numbers.
    baseline_exposure
        Its months or residents, above zero. All four are broadcast together.
    confidence
        Share of such intervals that hold the true ratio, at the least.

    Returns
    -------
    Estimate
        Zero baseline: value NaN, high infinite, low finite. Both zero, or one missing: all NaN. A negative
        count keeps the value of plain arithmetic and has no interval; a negative baseline has no value either.

    Raises
    ------
    ValueError
        If a count has a fraction or an exposure is not above zero.

    Notes
    -----
    Given their total, the current count of two Poisson counts is binomial (Przyborowski and Wilenski, 1940);
    the interval is Clopper and Pearson's for that binomial, turned into a ratio, as R's ``poisson.test`` gives it.

    Examples
    --------
    >>> ratio = rate_ratio(33, 9, 5, 12)
    >>> round(ratio.value, 2), round(ratio.low, 2), round(ratio.high, 2)
    (8.8, 3.41, 28.88)
    >>> rate_ratio(33, 9, 0, 12).high
    inf
    """
    tail = tail_of(confidence)
    current, baseline, exposures, baseline_exposures = np.broadcast_arrays(
        whole_counts_of(count),
        whole_counts_of(baseline_count, name="baseline_count"),
        exposures_of(exposure),
        exposures_of(baseline_exposure, name="baseline_exposure"),
    )
    relative = exposures / baseline_exposures
    value = current / np.where(baseline > 0, baseline, np.nan) / relative
    usable = (current >= 0) & (baseline >= 0) & (current + baseline > 0) & np.isfinite(relative)
    current, baseline = np.where(usable, current, np.nan), np.where(usable, baseline, np.nan)
    with np.errstate(divide="ignore"):
        low, high = _least_odds(current, baseline, tail), 1 / _least_odds(baseline, current, tail)
    return Estimate(plain(value), plain(low / relative), plain(high / relative))


def _poisson_ends(counts: FloatArray, tail: float) -> tuple[FloatArray, FloatArray]:
    low = np.where(counts == 0, 0.0, special.gammaincinv(counts, tail))
    high = np.where(counts < 0, np.nan, special.gammainccinv(counts + 1, tail))
    return low, high


def _least_odds(count: FloatArray, other: FloatArray, tail: float) -> FloatArray:
    """Find the least odds of `count` against `other` that leave the tail to counts as large."""
    with np.errstate(invalid="ignore"):
        # An array even for single counts, so that single places can be put right.
        odds = np.asarray(special.betaincinv(count, other + 1, tail) / special.betainccinv(other + 1, count, tail))
    # SciPy's inverse goes astray for some huge counts (its issue 21725; also 1,000 of some millions), not for others.
    astray = (count > 0) & ~(np.abs(_tail_at(odds, count, other) / tail - 1) < _ASTRAY)
    if astray.any():
        odds[astray] = _least_odds_by_halving(count[astray], other[astray], tail)
    return np.where((count == 0) & (other > 0), 0.0, odds)


def _tail_at(odds: FloatArray, count: FloatArray, other: FloatArray) -> FloatArray:
    """Find the probability, at these odds, of a count as large: by the smaller share, which is the exacter."""
    by_count = special.betainc(count, other + 1, odds / (1 + odds))
    return np.where(odds < 1, by_count, special.betaincc(other + 1, count, 1 / (1 + odds)))


def _least_odds_by_halving(count: FloatArray, other: FloatArray, tail: float) -> FloatArray:
    high = np.log(count / (other + 1)) + 1
    low = high - 100
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        enough = _tail_at(np.exp(middle), count, other) > tail
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.asarray(np.exp((low + high) / 2))
