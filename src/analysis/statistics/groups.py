"""Groups beside each other: how far their rates differ beyond chance, what each is worth by itself, and the places that follow."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.statistics.intervals import FloatArray, Interval, numbers_of

NORMAL = 1.959963984540054  # of a normal deviation, 95% lie within
# Of the groups at each end, drawn in so that a few far ones do not hide themselves by widening the limits.
_WINSORISED = 0.1

# Points of Gauss and Legendre at which each group's value is taken, in probability. Twice as many move no place.
_POINTS = 48
_TAIL = 0.025  # beyond each end of a range of places
_ROUNDING = 1e-9  # of a sum of probabilities: what lies this close to the tail counts as reaching it


class Pooled(NamedTuple):
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


def overdispersion(observed: ArrayLike, expected: ArrayLike) -> float:
    """Estimate by how much groups differ from expected, beyond chance: the mean square of the winsorised z, 1 for chance alone.

    Parameters
    ----------
    observed
        Counts, one a group.
    expected
        Expected counts of the same groups, above zero.

    Returns
    -------
    float
        φ; NaN where a count is missing or negative: leave such groups out by name first.

    Raises
    ------
    ValueError
        If an expected count is not above zero.

    Notes
    -----
    Spiegelhalter (2005), "Handling over-dispersion of performance indicators": z = (√(O/E) - 1)·2√E, drawn in to its quantiles at 10%
    and 90%; φ = Σz²/n. Quantiles interpolate as in R.

    Examples
    --------
    >>> round(overdispersion([100, 150, 180, 80, 120, 225], [108, 112, 165, 95, 100, 220]), 5)
    2.32718
    """
    counts, expectation = numbers_of(observed, "observed"), numbers_of(expected, "expected", positive=True)
    z = 2 * (np.sqrt(np.where(counts < 0, np.nan, counts)) - np.sqrt(expectation))
    return float((np.clip(z, *np.quantile(z, [_WINSORISED, 1 - _WINSORISED])) ** 2).mean())


def pooled(values: ArrayLike, variances: ArrayLike) -> Pooled:
    """Draw values towards their mean by their reliability: partial pooling.

    Parameters
    ----------
    values
        One of each of two groups or more, on a scale on which they are about normal, such as logarithms of rates.
    variances
        The noise of each, above zero.

    Returns
    -------
    Pooled

    Raises
    ------
    ValueError
        If a variance is not above zero, or there are neither one nor as many as values.

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
    found, noisy = _beside(values, variances)
    weights = 1 / noisy
    squares = (weights * (found - (weights * found).sum() / weights.sum()) ** 2).sum()
    spread = weights.sum() - (weights**2).sum() / weights.sum()
    between = float(np.maximum(0, (squares - (weights.size - 1)) / spread))
    weights = 1 / (noisy + between)
    centre = float((weights * found).sum() / weights.sum())
    own = between * weights  # what a value counts for by itself
    return Pooled(centre, between, centre + own * (found - centre), own * noisy + (1 - own) ** 2 / weights.sum())


def rank_interval(values: ArrayLike, variances: ArrayLike) -> Interval:
    """Find the range of places that each group holds among all with a probability of at least 95%, the highest value being place 1.

    Parameters
    ----------
    values
        What the groups are placed by, such as logarithms of rates, one a group.
    variances
        How uncertain each is, above zero.

    Returns
    -------
    Interval
        Whole numbers from 1 to the number of groups, ends included.

    Raises
    ------
    ValueError
        If a variance is not above zero, or there are neither one nor as many as values.

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
    found, noisy = _beside(values, variances)
    cumulative = _places_below(found, np.sqrt(noisy)).cumsum(axis=1)
    low = 1.0 + (cumulative <= _TAIL + _ROUNDING).sum(axis=1)
    return Interval(low, 1.0 + (cumulative < 1 - _TAIL - _ROUNDING).sum(axis=1))


def _beside(values: ArrayLike, variances: ArrayLike) -> tuple[FloatArray, ...]:
    """Return a list of values and the noise of each, of one or of as many variances."""
    return np.broadcast_arrays(numbers_of(values, "values", axes=1), numbers_of(variances, "variances", positive=True))


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
