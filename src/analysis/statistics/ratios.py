"""Ratios of two rates, and many tests looked at together."""

from __future__ import annotations

from typing import Generic, NamedTuple, overload

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.statistics.arrays import (
    FloatArray,
    Interval,
    Value,
    Values,
    exposures_of,
    plain,
    tail_of,
    whole_counts_of,
)

# R's allowance, in `binom.test`, for two probabilities that are equal but for rounding.
_TIE = 1 + 1e-7

# An inverse whose tail is further off than this share is taken as wrong; halvings that then settle a float.
_ASTRAY = 1e-6
_HALVINGS = 60

# The E-test sums over a square of counts that grows with their total: beyond this it fills the memory.
_E_TEST_LIMIT = 50_000


class RateRatio(NamedTuple, Generic[Value]):
    """The ratio of two rates, what chance alone would leave of it, and the tests of equal rates.

    Attributes
    ----------
    value
        Current rate over baseline rate; NaN where the baseline is not above zero.
    low
        Lower end of the exact interval.
    high
        Upper end of the exact interval; infinity where the baseline is zero.
    p
        Exact two-sided probability, under equal rates, of a split no likelier than the one seen.
    mid_p
        The same, the split that was seen counted by half.
    z
        Score statistic: standard errors, under equal rates, from the even split.
    """

    value: Value
    low: Value
    high: Value
    p: Value
    mid_p: Value
    z: Value


@overload
def rate_ratio(  # type: ignore[overload-overlap]  # a float is also an array, one that gives floats
    count: float,
    exposure: float,
    baseline_count: float,
    baseline_exposure: float,
    *,
    confidence: float = ...,
) -> RateRatio[float]: ...
@overload
def rate_ratio(
    count: float | Values,
    exposure: float | Values,
    baseline_count: float | Values,
    baseline_exposure: float | Values,
    *,
    confidence: float = ...,
) -> RateRatio[FloatArray]: ...
def rate_ratio(
    count: ArrayLike,
    exposure: ArrayLike,
    baseline_count: ArrayLike,
    baseline_exposure: ArrayLike,
    *,
    confidence: float = 0.95,
) -> RateRatio[float] | RateRatio[FloatArray]:
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
    RateRatio
        Zero baseline: value NaN, high infinite, low finite. Both zero, or one missing: all NaN. A negative
        count keeps the value of plain arithmetic and has no interval, p or z; a negative baseline has no
        value either.

    Raises
    ------
    ValueError
        If a count has a fraction or an exposure is not above zero.

    Notes
    -----
    Given their total, the current count of two Poisson counts is binomial (Przyborowski and Wilenski, 1940);
    the interval is Clopper and Pearson's for that binomial, turned into a ratio, as R's ``poisson.test``
    gives it. `p` sums every split no likelier than the one seen, again as R does, so that at the very edge it
    can disagree with the interval, which leaves half of the error to each side (Fay, 2010). `mid_p` and `z`
    (their W2) are as in Gu, Ng, Tang and Schucany (2008).

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
    odds = conditional_interval(current, baseline, tail=tail)
    share = exposures / (exposures + baseline_exposures)
    p, mid_p = _exact_p(current, current + baseline, share)
    z = (current - relative * baseline) / np.sqrt((current + baseline) * relative)
    ends = plain(odds.low / relative), plain(odds.high / relative)
    return RateRatio(plain(value), *ends, plain(p), plain(mid_p), plain(z))


@overload
def e_test(  # type: ignore[overload-overlap]  # a float is also an array, one that gives floats
    count: float, exposure: float, baseline_count: float, baseline_exposure: float
) -> float: ...
@overload
def e_test(
    count: float | Values,
    exposure: float | Values,
    baseline_count: float | Values,
    baseline_exposure: float | Values,
) -> FloatArray: ...
def e_test(
    count: ArrayLike, exposure: ArrayLike, baseline_count: ArrayLike, baseline_exposure: ArrayLike
) -> float | FloatArray:
    """Test whether two Poisson rates are equal, with more power than the conditional test.

    Parameters
    ----------
    count
        Events of the current period or force: whole numbers.
    exposure
        Its months or residents, above zero.
    baseline_count
        Events of the baseline: whole numbers.
    baseline_exposure
        Its months or residents, above zero.

    Returns
    -------
    float or ndarray of float
        Two-sided probability; NaN where both counts are zero, or one is negative or missing.

    Raises
    ------
    ValueError
        If a count has a fraction, an exposure is not above zero, or two counts together pass 50,000.

    Notes
    -----
    Krishnamoorthy and Thomson (2004), by `scipy.stats.poisson_means_test`, imported when first called since
    `scipy.stats` is slow to load.

    Examples
    --------
    >>> round(e_test(0, 100, 3, 100), 6)
    0.088379
    """
    parts = (
        whole_counts_of(count),
        exposures_of(exposure),
        whole_counts_of(baseline_count, name="baseline_count"),
        exposures_of(baseline_exposure, name="baseline_exposure"),
    )
    if (parts[0] + parts[2] > _E_TEST_LIMIT).any():
        raise ValueError(f"count: found more than {_E_TEST_LIMIT:,} events in two counts; use rate_ratio for these")
    p: float | FloatArray = plain(np.vectorize(_e_test_p, otypes=[float])(*parts))
    return p


def conditional_interval(count: FloatArray, other: FloatArray, *, tail: float) -> Interval[FloatArray]:
    """Find the exact interval of the odds of one count against another, given their total.

    Parameters
    ----------
    count
        Whole counts, 0 or more; NaN for none.
    other
        The counts set against them.
    tail
        Probability beyond each end (`tail_of`).

    Returns
    -------
    Interval
        Low is 0 for a count of 0, high infinite against 0; both NaN where both counts are 0.

    Examples
    --------
    >>> conditional_interval(np.array([33.0]), np.array([5.0]), tail=0.025).low.round(3)
    array([2.56])
    """
    with np.errstate(divide="ignore"):
        high = 1 / _least_odds(other, count, tail)
    return Interval(_least_odds(count, other, tail), high)


def _e_test_p(count: float, exposure: float, baseline_count: float, baseline_exposure: float) -> float:
    from scipy.stats import poisson_means_test  # here, since scipy.stats is slow to load

    parts = (count, exposure, baseline_count, baseline_exposure)
    if not np.isfinite(parts).all() or min(count, baseline_count) < 0 or count + baseline_count == 0:
        return np.nan
    return float(poisson_means_test(int(count), exposure, int(baseline_count), baseline_exposure).pvalue)


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


def _exact_p(count: FloatArray, total: FloatArray, share: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Find the two-sided p of a binomial count by least likelihood, and its mid-p."""
    above = count > total * share
    count, share = np.where(above, total - count, count), np.where(above, 1 - share, share)
    seen = _at_least(total - count, total, 1 - share) - _at_least(total - count + 1, total, 1 - share)
    other_tail = _first_as_unlikely(seen, total, share)
    p = _at_least(total - count, total, 1 - share) + _at_least(other_tail, total, share)
    p = np.minimum(p, 1)
    return p, p - seen / 2


def _first_as_unlikely(seen: FloatArray, total: FloatArray, share: FloatArray) -> FloatArray:
    """Find, above the mean, where probabilities only fall, the first count no likelier than `seen`."""
    first, last = np.ceil(total * share), total + 1
    while (first < last).any():
        middle = np.floor((first + last) / 2)
        probability = _at_least(middle, total, share) - _at_least(middle + 1, total, share)
        unlikely = probability <= seen * _TIE
        first, last = (
            np.where(unlikely, first, np.minimum(middle + 1, last)),
            np.where(unlikely, middle, last),
        )
    return first


def _at_least(count: FloatArray, total: FloatArray, share: FloatArray) -> FloatArray:
    """Find the probability that a binomial count of `total` is `count` or more."""
    inside = special.betainc(np.maximum(count, 1), np.maximum(total - count + 1, 1), share)
    return np.where(count <= 0, 1.0, np.where(count > total, 0.0, inside))
