"""Places among groups, as ranges: how far chance leaves open who stands above whom."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.statistics.arrays import FloatArray, Interval, counts_of, exposures_of, tail_of

# Points at which each group's rate is taken, evenly spaced in probability. Doubling them moves no place.
_POINTS = 256

# Rounding of a sum of probabilities: what lies this close to the tail counts as reaching it.
_ROUNDING = 1e-9


def rank_interval(counts: ArrayLike, exposures: ArrayLike, *, confidence: float = 0.95) -> Interval[FloatArray]:
    """Find the range of places that each group may hold among all, the highest rate being place 1.

    Parameters
    ----------
    counts
        Events, one a group.
    exposures
        Residents or months of the same groups, above zero.
    confidence
        Probability, at the least, that the group's place lies in its range, ends included.

    Returns
    -------
    Interval
        Whole numbers from 1 to the number of groups. A group whose count or exposure is missing, or whose
        count is negative, gets NaN and is not counted among the others.

    Raises
    ------
    ValueError
        If the two are not lists of one length or an exposure is not above zero.

    Notes
    -----
    The true rates are taken as independent gamma variables with the count and a half as shape (Jeffreys'
    prior for a Poisson rate). Instead of simulating places (Goldstein and Spiegelhalter, 1996), this adds up
    their probabilities: given one group's rate, the number of groups above it is a sum of independent
    yes-or-no events, whose distribution is exact; it is averaged over 256 evenly likely values of that rate.
    So the result has no seed and does not depend on the order of the groups. It says what chance leaves open,
    and nothing of how offences come to be recorded.

    Examples
    --------
    >>> rank_interval([10, 12, 200], [100, 100, 100])
    Interval(low=array([2., 2., 1.]), high=array([3., 3., 1.]))
    """
    tail = tail_of(confidence)
    events, sizes = counts_of(counts, name="counts"), exposures_of(exposures, name="exposures")
    if events.ndim != 1 or events.shape != sizes.shape:
        raise ValueError(f"counts: found shapes {events.shape} and {sizes.shape}; give two lists of one length")
    placed = (events >= 0) & np.isfinite(sizes)
    cumulative = _places_below(events[placed] + 0.5, sizes[placed]).cumsum(axis=1)
    low, high = np.full(events.shape, np.nan), np.full(events.shape, np.nan)
    low[placed] = 1 + (cumulative <= tail + _ROUNDING).sum(axis=1)
    high[placed] = 1 + (cumulative < 1 - tail - _ROUNDING).sum(axis=1)
    return Interval(low, high)


def _places_below(shapes: FloatArray, sizes: FloatArray) -> FloatArray:
    """Find, for each group in a row, the probability that 0, 1, 2 … others have a higher rate."""
    points = (np.arange(_POINTS) + 0.5) / _POINTS
    below = np.empty((shapes.size, shapes.size))
    for own in range(shapes.size):
        rates = special.gammaincinv(shapes[own], points) / sizes[own]
        higher = special.gammaincc(shapes[:, None], rates * sizes[:, None])
        above = np.zeros((shapes.size, _POINTS))  # the probability that so many are above, at each point
        above[0] = 1
        for others, one_more in enumerate(np.delete(higher, own, axis=0), start=1):
            moved = above[:others] * one_more
            above[:others] -= moved
            above[1 : others + 1] += moved
        below[own] = above.mean(axis=1)
    return below
