"""Exact intervals around a count, a rate and a ratio of two rates: how far chance alone would carry them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

_TAIL = (1 - 0.95) / 2  # the probability beyond each end of an interval


class Interval(NamedTuple):
    """The two ends of an interval: floats, or arrays of them.

    Attributes
    ----------
    low
        Lower end; NaN where there is no interval.
    high
        Upper end; infinity where there is no bound, NaN where there is no interval.
    """

    low: Any
    high: Any


class Estimate(NamedTuple):
    """A value with the interval around it: floats, or arrays of them.

    Attributes
    ----------
    value
        The value itself; NaN where it is undefined.
    low
        Lower end of its interval.
    high
        Upper end of its interval.
    """

    value: Any
    low: Any
    high: Any


def numbers_of(
    values: ArrayLike, name: str, *, positive: bool = False, whole: bool = False, axes: int = 0
) -> FloatArray:
    """Read numbers with so many axes at the least, which may be missing but not infinite, nor, if positive, zero or less, nor, if whole, fractions.

    Raises
    ------
    ValueError
        If one is, by the name of the argument.

    Examples
    --------
    >>> numbers_of([9, 0], "exposure", positive=True)
    Traceback (most recent call last):
    ...
    ValueError: exposure: found 0; give numbers above zero
    """
    array = np.asarray(values, dtype=np.float64)
    if np.isinf(array).any():
        raise ValueError(f"{name}: found an infinite value; give finite numbers")
    if array.ndim < axes:
        raise ValueError(f"{name}: found shape {array.shape}; give {'a list' if axes == 1 else 'quarters by groups'}")
    if positive and (array <= 0).any():
        raise ValueError(f"{name}: found {array[array <= 0].flat[0]:g}; give numbers above zero")
    if whole and (fractions := array[np.isfinite(array) & (array != np.floor(array))]).size:
        raise ValueError(f"{name}: found {fractions.flat[0]:g}; give whole numbers")
    return array


def plain(array: ArrayLike) -> Any:
    """Return an array of no dimensions as the float that it is, and any other as it stands."""
    result = np.asarray(array, dtype=np.float64)
    return float(result) if result.ndim == 0 else result


def poisson_interval(count: ArrayLike) -> Interval:
    """Find the exact 95% interval around a Poisson count.

    Parameters
    ----------
    count
        Recorded events: a number, or an array of any shape.

    Returns
    -------
    Interval
        Ends in events. Low is 0 for a count of 0. Both are NaN where the count is negative or missing.

    Raises
    ------
    ValueError
        If a count is infinite.

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
    counts = numbers_of(count, "count")
    low = np.where(counts == 0, 0.0, special.gammaincinv(counts, _TAIL))
    return Interval(plain(low), plain(np.where(counts < 0, np.nan, special.gammainccinv(counts + 1, _TAIL))))


def rate(count: ArrayLike, exposure: ArrayLike) -> Estimate:
    """Find the rate of events to exposure, and its exact 95% interval.

    Parameters
    ----------
    count
        Recorded events: a number or an array.
    exposure
        Residents, months or the like, above zero; broadcast against the counts.

    Returns
    -------
    Estimate
        Events a unit of exposure. A negative total keeps its value, net of corrections, without an interval.

    Raises
    ------
    ValueError
        If an exposure is not above zero.

    Examples
    --------
    >>> value, low, high = rate(15, 400)
    >>> round(value, 4), round(low, 6), round(high, 6)
    (0.0375, 0.020988, 0.061851)
    """
    sizes = numbers_of(exposure, "exposure", positive=True)
    return Estimate(*(plain(np.asarray(each, dtype=np.float64) / sizes) for each in (count, *poisson_interval(count))))


def rate_ratio(
    count: ArrayLike, exposure: ArrayLike, baseline_count: ArrayLike, baseline_exposure: ArrayLike
) -> Estimate:
    """Find the ratio of two Poisson rates with its exact conditional 95% interval: chance alone.

    Parameters
    ----------
    count, baseline_count
        Events of the current period or force, and of the baseline: whole numbers.
    exposure, baseline_exposure
        Their months or residents, above zero. All four are broadcast together.

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
    the interval is Clopper and Pearson's for that binomial, turned into a ratio by quantiles of F, as R's ``poisson.test`` gives it.
    England and Wales records some five million offences a year. Up to a hundred million the tails are right to a hundredth of themselves;
    beyond that SciPy's quantile can be wrong where the other count is 999 or 1,000 (its issue 21725).

    Examples
    --------
    >>> ratio = rate_ratio(33, 9, 5, 12)
    >>> round(ratio.value, 2), round(ratio.low, 2), round(ratio.high, 2)
    (8.8, 3.41, 28.88)
    >>> rate_ratio(33, 9, 0, 12).high
    inf
    """
    current, baseline, sizes, baseline_sizes = np.broadcast_arrays(
        numbers_of(count, "count", whole=True),
        numbers_of(baseline_count, "baseline_count", whole=True),
        numbers_of(exposure, "exposure", positive=True),
        numbers_of(baseline_exposure, "baseline_exposure", positive=True),
    )
    relative = sizes / baseline_sizes
    value = current / np.where(baseline > 0, baseline, np.nan) / relative
    usable = (current >= 0) & (baseline >= 0) & (current + baseline > 0) & np.isfinite(relative)
    current, baseline = np.where(usable, current, np.nan), np.where(usable, baseline, np.nan)
    with np.errstate(divide="ignore"):
        low, high = _least_odds(current, baseline), 1 / _least_odds(baseline, current)
    return Estimate(plain(value), plain(low / relative), plain(high / relative))


def _least_odds(count: FloatArray, other: FloatArray) -> FloatArray:
    """Find the least odds of `count` against `other` that leave the tail to counts as large."""
    with np.errstate(invalid="ignore"):
        odds = count / (other + 1) * special.fdtri(2 * count, 2 * (other + 1), _TAIL)
    return np.where((count == 0) & (other > 0), 0.0, odds)
