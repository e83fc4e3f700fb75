"""Values of groups drawn towards the whole by how little each can be relied on, and the places that follow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.statistics.arrays import FloatArray, Interval, counts_of, exposures_of, tail_of


@dataclass(frozen=True)
class Pooled:
    """Values of groups drawn towards the whole, each by how little it can be relied on by itself.

    Attributes
    ----------
    centre
        The mean of the groups' own levels.
    between
        Their variance, noise taken out.
    values
        Each group's value, drawn towards the centre.
    variances
        How far each true value may lie from that.
    """

    centre: float
    between: float
    values: FloatArray
    variances: FloatArray


def pooled(values: ArrayLike, variances: ArrayLike) -> Pooled:
    """Draw values towards their mean by their reliability: partial pooling.

    Parameters
    ----------
    values
        One a group, on a scale on which they are about normal, such as logarithms of rates.
    variances
        The noise of each, above zero.

    Returns
    -------
    Pooled

    Raises
    ------
    ValueError
        If there are fewer than two groups, or as many variances are not given.

    Notes
    -----
    The normal model with the variance between groups by moments (DerSimonian and Laird, 1986): max(0, (Q - (n - 1)) / (ΣW -
    ΣW²/ΣW)) with W = 1/v and Q = ΣW(y - ȳ)². Each value counts for B/(B + v) of itself and the centre for the rest; the variance
    left is that of a posterior, 1/(1/B + 1/v), with that of the centre.

    Examples
    --------
    >>> drawn = pooled([-1.0, 0.0, 1.0], [0.1, 0.1, 2.0])
    >>> drawn.values.round(2).tolist(), round(drawn.between, 2)
    ([-0.87, -0.08, -0.14], 0.38)
    """
    found, noisy = counts_of(values, name="values"), exposures_of(variances, name="variances")
    if found.ndim != 1 or found.shape != noisy.shape or found.size < 2:
        raise ValueError(
            f"values: found shapes {found.shape} and {noisy.shape}; give two lists of one length, at least 2"
        )
    weights = 1 / noisy
    centre = (weights * found).sum() / weights.sum()
    excess = (weights * (found - centre) ** 2).sum() - (found.size - 1)
    between = max(0.0, float(excess / (weights.sum() - (weights**2).sum() / weights.sum())))
    weights = 1 / (noisy + between)
    centre = float((weights * found).sum() / weights.sum())
    own = between * weights  # what a value counts for by itself
    return Pooled(centre, between, centre + own * (found - centre), own * noisy + (1 - own) ** 2 / weights.sum())


# Points of Gauss and Legendre at which each group's value is taken, in probability. Twice as many move no place.
_POINTS = 48

# Rounding of a sum of probabilities: what lies this close to the tail counts as reaching it.
_ROUNDING = 1e-9


def rank_interval(values: ArrayLike, variances: ArrayLike, *, confidence: float = 0.95) -> Interval:
    """Find the range of places that each group may hold among all, the highest value being place 1.

    Parameters
    ----------
    values
        What the groups are placed by, such as logarithms of rates, one a group.
    variances
        How uncertain each is, above zero.
    confidence
        Probability, at the least, that the group's place lies in its range, ends included.

    Returns
    -------
    Interval
        Whole numbers from 1 to the number of groups.

    Raises
    ------
    ValueError
        If the two are not lists of one length or a variance is not above zero.

    Notes
    -----
    The values are taken as independent and normal. Instead of simulating places (Goldstein and Spiegelhalter, 1996), this adds up
    their probabilities: given one group's value, the number of groups above it is a sum of independent yes-or-no events, whose
    distribution is exact; it is averaged over the values that the one group may have, by Gauss and Legendre's rule. So the result
    has no seed and does not depend on the order of the groups.

    Examples
    --------
    >>> rank_interval([0.0, 0.1, 3.0], [0.1, 0.1, 0.1])
    Interval(low=array([2., 2., 1.]), high=array([3., 3., 1.]))
    """
    tail = tail_of(confidence)
    found, noisy = counts_of(values, name="values"), exposures_of(variances, name="variances")
    if found.ndim != 1 or found.shape != noisy.shape:
        raise ValueError(f"values: found shapes {found.shape} and {noisy.shape}; give two lists of one length")
    cumulative = _places_below(found, np.sqrt(noisy)).cumsum(axis=1)
    low = 1.0 + (cumulative <= tail + _ROUNDING).sum(axis=1)
    return Interval(low, 1.0 + (cumulative < 1 - tail - _ROUNDING).sum(axis=1))


def _places_below(values: FloatArray, deviations: FloatArray) -> FloatArray:
    """Find, for each group in a row, the probability that 0, 1, 2 … others have a higher value."""
    points, weights = special.roots_sh_legendre(_POINTS)
    taken = values[:, None] + deviations[:, None] * special.ndtri(points)  # groups by points
    above = np.zeros((values.size, values.size, _POINTS))  # group, how many are above, point
    above[:, 0] = 1
    for other in range(values.size):
        higher = special.ndtr((values[other] - taken) / deviations[other])
        higher[other] = 0  # no group stands above itself
        moved = above[:, : other + 1] * higher[:, None, :]
        above[:, : other + 1] -= moved
        above[:, 1 : other + 2] += moved[:, : values.size - 1]
    found: FloatArray = above @ weights
    return found
