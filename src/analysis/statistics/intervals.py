"""Intervals around one count or one rate: how far chance alone would carry it."""

from __future__ import annotations

from typing import Literal, overload

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.statistics.arrays import (
    Estimate,
    FloatArray,
    Interval,
    Values,
    counts_of,
    exposures_of,
    plain,
    tail_of,
)

# UKHSA takes the exact interval for counts below this, where Byar's approximation is poor.
_EXACT_BELOW = 10


@overload
def poisson_interval(count: float, *, confidence: float = ...) -> Interval[float]: ...
@overload
def poisson_interval(count: Values, *, confidence: float = ...) -> Interval[FloatArray]: ...
def poisson_interval(count: ArrayLike, *, confidence: float = 0.95) -> Interval[float] | Interval[FloatArray]:
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
    of freedom, here as gamma quantiles. Being exact it never covers less than it promises, and often more
    (`coverage_table`).

    Examples
    --------
    >>> low, high = poisson_interval(5)
    >>> round(low, 4), round(high, 4)
    (1.6235, 11.6683)
    """
    low, high = _poisson_ends(counts_of(count), tail_of(confidence))
    return Interval(plain(low), plain(high))


@overload
def byar_interval(count: float, *, confidence: float = ..., exact_below: float = ...) -> Interval[float]: ...
@overload
def byar_interval(count: Values, *, confidence: float = ..., exact_below: float = ...) -> Interval[FloatArray]: ...
def byar_interval(
    count: ArrayLike, *, confidence: float = 0.95, exact_below: float = _EXACT_BELOW
) -> Interval[float] | Interval[FloatArray]:
    """Find Byar's interval around a Poisson count, as UKHSA publishes it.

    Parameters
    ----------
    count
        Recorded events: a number, or an array of any shape.
    confidence
        Share of such intervals that hold the true mean, about.
    exact_below
        Counts under this get the exact interval; 0 for the approximation throughout.

    Returns
    -------
    Interval
        Ends in events. Both are NaN where the count is negative or missing; the approximation's low is NaN
        where it would fall under zero, as UKHSA has it.

    Raises
    ------
    ValueError
        If a count is infinite or the confidence is not between 0 and 1.

    Notes
    -----
    Breslow and Day (1987), volume II, in the form of UKHSA's PHEindicatormethods: the count itself below and
    the count and one above. DescTools' "byar" takes the count and a half on both sides, and so gives other
    ends.

    Examples
    --------
    >>> low, high = byar_interval(65)
    >>> round(low, 3), round(high, 3)
    (50.163, 82.849)
    """
    counts, tail = counts_of(count), tail_of(confidence)
    exact_low, exact_high = _poisson_ends(counts, tail)
    byar_low, byar_high = _byar_ends(counts, tail)
    exact = counts < exact_below
    return Interval(
        plain(np.where(exact, exact_low, byar_low)),
        plain(np.where(exact, exact_high, byar_high)),
    )


@overload
def rate(  # type: ignore[overload-overlap]  # a float is also an array, one that gives floats
    count: float,
    exposure: float,
    *,
    per: float = ...,
    confidence: float = ...,
    method: Literal["exact", "byar"] = ...,
) -> Estimate[float]: ...
@overload
def rate(
    count: float | Values,
    exposure: float | Values,
    *,
    per: float = ...,
    confidence: float = ...,
    method: Literal["exact", "byar"] = ...,
) -> Estimate[FloatArray]: ...
def rate(
    count: ArrayLike,
    exposure: ArrayLike,
    *,
    per: float = 1,
    confidence: float = 0.95,
    method: Literal["exact", "byar"] = "exact",
) -> Estimate[float] | Estimate[FloatArray]:
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
    method
        ``"exact"``, or ``"byar"`` as UKHSA publishes rates (exact below 10).

    Returns
    -------
    Estimate
        Events for that much exposure. A negative total keeps its value, net of corrections, without an
        interval.

    Raises
    ------
    ValueError
        If an exposure, or `per`, is not above zero, or the method is not one of the two.

    Examples
    --------
    >>> value, low, high = rate(15, 400)
    >>> round(value, 4), round(low, 6), round(high, 6)
    (0.0375, 0.020988, 0.061851)
    """
    counts, tail = counts_of(count), tail_of(confidence)
    scale = exposures_of(per, name="per") / exposures_of(exposure)
    if method == "exact":
        low, high = _poisson_ends(counts, tail)
    elif method == "byar":
        low, high = byar_interval(counts, confidence=confidence)
    else:
        raise ValueError(f"method: found {method!r}; give 'exact' or 'byar'")
    return Estimate(plain(counts * scale), plain(low * scale), plain(high * scale))


def _poisson_ends(counts: FloatArray, tail: float) -> tuple[FloatArray, FloatArray]:
    low = np.where(counts == 0, 0.0, special.gammaincinv(counts, tail))
    high = np.where(counts < 0, np.nan, special.gammainccinv(counts + 1, tail))
    return low, high


def _byar_ends(counts: FloatArray, tail: float) -> tuple[FloatArray, FloatArray]:
    z = -special.ndtri(tail)
    above = np.where(counts < 0, np.nan, counts + 1)
    positive = np.where(counts > 0, counts, np.nan)
    low = positive * (1 - 1 / (9 * positive) - z / (3 * np.sqrt(positive))) ** 3
    high = above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3
    low = np.where(low < 0, np.nan, low)
    return np.where(counts == 0, 0.0, low), high
