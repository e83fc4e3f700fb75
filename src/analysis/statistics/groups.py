"""Groups beside each other: how far their rates differ beyond chance, what each is worth by itself, and the places that follow."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.statistics.intervals import FloatArray, Interval, numbers_of, plain, poisson_interval

NORMAL = 1.959963984540054  # of a normal deviation, 95% lie within
# Of the groups at each end, drawn in so that a few far ones do not hide themselves by widening the limits.
_WINSORISED = 0.1

# Points of Gauss and Legendre at which each group's value is taken, in probability. Twice as many move no place.
_POINTS = 48
_TAIL = 0.025  # beyond each end of a range of places
_ROUNDING = 1e-9  # of a sum of probabilities: what lies this close to the tail counts as reaching it


class Overdispersion(NamedTuple):
    """How much more groups differ from what is expected of them than chance allows.

    Attributes
    ----------
    phi
        Mean square of the winsorised z: 1 if chance alone were at work.
    tau2
        Variance among groups beyond chance, on the square-root scale; 0 if none is seen.
    """

    phi: float
    tau2: float


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


def overdispersion(observed: ArrayLike, expected: ArrayLike) -> Overdispersion:
    """Estimate by how much groups differ from expected, beyond chance.

    Parameters
    ----------
    observed
        Counts, one a group.
    expected
        Expected counts of the same groups, above zero.

    Returns
    -------
    Overdispersion
        NaN where a count is missing or negative: leave such groups out by name first. `tau2` is 0 where groups differ no more than
        by chance, and for a single group.

    Raises
    ------
    ValueError
        If an expected count is not above zero.

    Notes
    -----
    Spiegelhalter (2005), "Handling over-dispersion of performance indicators": z = (√(O/E) - 1)·2√E, drawn in to its quantiles at 10%
    and 90%; φ = Σz²/n, τ² = max(0, (nφ - (n - 1)) / (ΣW - ΣW²/ΣW)) with W = 4E. Quantiles interpolate as in R.

    Examples
    --------
    >>> result = overdispersion([100, 150, 180, 80, 120, 225], [108, 112, 165, 95, 100, 220])
    >>> round(result.phi, 5), round(result.tau2, 7)
    (2.32718, 0.0034398)
    """
    counts, expectation = numbers_of(observed, "observed"), numbers_of(expected, "expected", positive=True)
    z = 2 * (np.sqrt(np.where(counts < 0, np.nan, counts)) - np.sqrt(expectation))
    phi = float((np.clip(z, *np.quantile(z, [_WINSORISED, 1 - _WINSORISED])) ** 2).mean())
    return Overdispersion(phi, _between(z.size * phi, 4 * expectation))


def funnel_limits(expected: ArrayLike, *, tau2: float = 0.0) -> Interval:
    """Find the funnel's 95% limits, by chance alone or with what groups differ, as ratios of observed to expected.

    Parameters
    ----------
    expected
        Expected counts, above zero; they need not be whole.
    tau2
        Variance among groups beyond chance (`overdispersion`).

    Returns
    -------
    Interval
        Observed over expected; the lower limit is never under 0.

    Raises
    ------
    ValueError
        If an expected count is not above zero.

    Notes
    -----
    By chance alone the exact interval around the expected count, as FunnelPlotR and UKHSA draw it. These are not Poisson quantiles: at
    15 expected, 3.7% of counts fall below the lower limit and 1.1% above the upper one. Else Spiegelhalter (2005): max(0, 1 ± z·√(1/(4E)
    + τ²))².

    Examples
    --------
    >>> [[round(end, 4) for end in funnel_limits(100, tau2=tau2)] for tau2 in (0, 0.0034398)]
    [[0.8136, 1.2163], [0.7207, 1.3249]]
    """
    expectation = numbers_of(expected, "expected", positive=True)
    if not tau2 >= 0:
        raise ValueError(f"tau2: found {tau2:g}; give 0 or more")
    if tau2 == 0:
        return Interval(*(plain(each / expectation) for each in poisson_interval(expectation)))
    reach = NORMAL * np.sqrt(1 / (4 * expectation) + tau2)
    return Interval(plain(np.maximum(0, 1 - reach) ** 2), plain((1 + reach) ** 2))


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
    found, noisy = _of_one_length(values, variances, least=2)
    weights = 1 / noisy
    between = _between((weights * (found - (weights * found).sum() / weights.sum()) ** 2).sum(), weights)
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
    found, noisy = _of_one_length(values, variances)
    cumulative = _places_below(found, np.sqrt(noisy)).cumsum(axis=1)
    low = 1.0 + (cumulative <= _TAIL + _ROUNDING).sum(axis=1)
    return Interval(low, 1.0 + (cumulative < 1 - _TAIL - _ROUNDING).sum(axis=1))


def _between(squares: float, weights: FloatArray) -> float:
    """Return the variance among groups beyond chance, by moments: of their weighted squares less what chance has."""
    if weights.size == 1:
        return 0.0
    excess = (squares - (weights.size - 1)) / (weights.sum() - (weights**2).sum() / weights.sum())
    return float(np.maximum(0, excess))


def _of_one_length(values: ArrayLike, variances: ArrayLike, least: int = 1) -> tuple[FloatArray, FloatArray]:
    found, noisy = numbers_of(values, "values"), numbers_of(variances, "variances", positive=True)
    if found.ndim != 1 or found.shape != noisy.shape or found.size < least:
        raise ValueError(
            f"values: found shapes {found.shape} and {noisy.shape}; give two lists of one length, at least {least}"
        )
    return found, noisy


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
