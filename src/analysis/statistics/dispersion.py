"""How far groups differ beyond chance: in their changes and in their rates, the intervals and funnel limits that allow for it, and places as ranges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import overload

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
from analysis.statistics.intervals import poisson_interval


@dataclass(frozen=True)
class Dispersion:
    """How far the groups' changes between two periods differ, as a multiple of chance.

    Attributes
    ----------
    phi
        Variance over that of Poisson counts sharing one ratio, never under 1; NaN where it cannot be told.
    chi_square
        Pearson's chi-square of the table of two periods by groups.
    groups
        Groups that bear on it: those with any event in either period.
    """

    phi: float
    chi_square: float
    groups: int


def dispersion(counts: ArrayLike, baseline_counts: ArrayLike) -> Dispersion:
    """Estimate how far changes between two periods vary among groups, beyond chance.

    Parameters
    ----------
    counts
        Events of the current period, one a group.
    baseline_counts
        Events of the baseline, the same groups in the same order.

    Returns
    -------
    Dispersion
        Groups with no event in either period bear on nothing and are left out. `phi` is NaN with fewer than
        two groups left, with no event in one whole period, or where any count is missing or negative: leave
        such groups out by name first.

    Raises
    ------
    ValueError
        If the two are not lists of one length.

    Notes
    -----
    Pearson's chi-square of the table over its degrees of freedom (groups less one), as for quasi-Poisson
    models (McCullagh and Nelder, 1989), under one ratio common to all groups. The periods may differ in
    length: the common ratio takes that up.

    Examples
    --------
    >>> dispersion([30, 10, 20], [10, 30, 20]).phi
    10.0
    """
    current, baseline = counts_of(counts), counts_of(baseline_counts, name="baseline_counts")
    if current.ndim != 1 or current.shape != baseline.shape:
        raise ValueError(f"counts: found shapes {current.shape} and {baseline.shape}; give two lists of one length")
    informative = (current != 0) | (baseline != 0)
    current, baseline = current[informative], baseline[informative]
    groups = current.size
    counted = bool(((current >= 0) & (baseline >= 0)).all() and current.any() and baseline.any())
    if groups == 1 or not counted:
        return Dispersion(phi=np.nan, chi_square=np.nan, groups=groups)
    totals = current + baseline
    share = current.sum() / totals.sum()
    chi_square = float(((current - totals * share) ** 2 / (totals * share * (1 - share))).sum())
    return Dispersion(phi=max(1.0, chi_square / (groups - 1)), chi_square=chi_square, groups=groups)


@overload
def quasi_poisson_ratio(  # type: ignore[overload-overlap]  # a float is also an array, one that gives floats
    count: float,
    exposure: float,
    baseline_count: float,
    baseline_exposure: float,
    *,
    phi: float,
    confidence: float = ...,
) -> Estimate[float]: ...
@overload
def quasi_poisson_ratio(
    count: float | Values,
    exposure: float | Values,
    baseline_count: float | Values,
    baseline_exposure: float | Values,
    *,
    phi: float | Values,
    confidence: float = ...,
) -> Estimate[FloatArray]: ...
def quasi_poisson_ratio(
    count: ArrayLike,
    exposure: ArrayLike,
    baseline_count: ArrayLike,
    baseline_exposure: ArrayLike,
    *,
    phi: ArrayLike,
    confidence: float = 0.95,
) -> Estimate[float] | Estimate[FloatArray]:
    """Find the ratio of two rates with an interval widened by the spread among groups.

    Parameters
    ----------
    count
        Events of the current period or force.
    exposure
        Its months or residents, above zero.
    baseline_count
        Events of the baseline.
    baseline_exposure
        Its months or residents, above zero.
    phi
        Dispersion among all groups for this pair of periods, 1 or more (`spread`).
    confidence
        Share of such intervals that hold the true ratio, about.

    Returns
    -------
    Estimate
        Where either count is zero the interval is 0 to infinity, the limit of the formula: nothing can be
        told. A zero baseline has no value. Both zero, or one missing, or no `phi`: all or the interval NaN. A
        negative count keeps its value and has no interval.

    Raises
    ------
    ValueError
        If an exposure is not above zero or `phi` is under 1.

    Notes
    -----
    exp(log RR ± z·√(φ(1/a + 1/b))): the Poisson variance of a log ratio, multiplied by φ. With φ near 1 and
    few events it is narrower than `rate_ratio`'s exact interval, so it stands beside that one and not in its
    place.

    Examples
    --------
    >>> value, low, high = quasi_poisson_ratio(33, 9, 5, 12, phi=2.4)
    >>> round(value, 2), round(low, 2), round(high, 2)
    (8.8, 2.05, 37.78)
    """
    z = -special.ndtri(tail_of(confidence))
    current, baseline = counts_of(count), counts_of(baseline_count, name="baseline_count")
    relative = exposures_of(exposure) / exposures_of(baseline_exposure, name="baseline_exposure")
    widening = counts_of(phi, name="phi")
    if (widening < 1).any():
        raise ValueError(f"phi: found {widening[widening < 1].flat[0]:g}; give 1 or more")
    value = current / np.where(baseline > 0, baseline, np.nan) / relative
    usable = (current >= 0) & (baseline >= 0) & (current + baseline > 0)
    one_is_zero = usable & (current * baseline == 0) & np.isfinite(widening * relative)
    both = np.where(usable & (current * baseline > 0), current * baseline, np.nan)
    factor = np.exp(z * np.sqrt(widening * (current + baseline) / both))
    low, high = np.where(one_is_zero, 0.0, value / factor), np.where(one_is_zero, np.inf, value * factor)
    return Estimate(plain(value), plain(low), plain(high))


# The two pairs of limits that a funnel plot draws (Spiegelhalter, 2005): about two and three standard errors.
FUNNEL_CONFIDENCES = (0.95, 0.998)


@dataclass(frozen=True)
class Overdispersion:
    """How much more groups differ from what is expected of them than chance allows.

    Attributes
    ----------
    z
        Each group's standard errors from expected, on the square-root scale, before winsorising.
    phi
        Mean square of the winsorised z: 1 if chance alone were at work.
    tau2
        Variance among groups beyond chance, on the square-root scale; 0 if none is seen.
    """

    z: FloatArray
    phi: float
    tau2: float


@overload
def funnel_limits(expected: float, *, confidence: float = ...) -> Interval[float]: ...
@overload
def funnel_limits(expected: Values, *, confidence: float = ...) -> Interval[FloatArray]: ...
def funnel_limits(expected: ArrayLike, *, confidence: float = 0.95) -> Interval[float] | Interval[FloatArray]:
    """Find the funnel's limits by chance alone, as ratios of observed to expected.

    Parameters
    ----------
    expected
        Expected counts, above zero; they need not be whole.
    confidence
        0.95 for the inner limits, 0.998 for the outer ones.

    Returns
    -------
    Interval
        Observed over expected.

    Raises
    ------
    ValueError
        If an expected count is not above zero.

    Notes
    -----
    The exact interval around the expected count, as FunnelPlotR and UKHSA draw it. These are not Poisson
    quantiles: at 15 expected, 3.7% of counts fall below the lower 95% limit and 1.1% above the upper one.

    Examples
    --------
    >>> low, high = funnel_limits(15)
    >>> round(low, 4), round(high, 4)
    (0.5597, 1.6493)
    """
    expectation = exposures_of(expected, name="expected")
    low, high = poisson_interval(expectation, confidence=confidence)
    return Interval(plain(low / expectation), plain(high / expectation))


def overdispersion(observed: ArrayLike, expected: ArrayLike, *, winsorised: float = 0.1) -> Overdispersion:
    """Estimate by how much groups differ from expected, beyond chance.

    Parameters
    ----------
    observed
        Counts, one a group.
    expected
        Expected counts of the same groups, above zero.
    winsorised
        Share of the groups, at each end, whose z is drawn in to the quantile there, so that a few far groups
        do not hide themselves by widening the limits.

    Returns
    -------
    Overdispersion
        `phi` and `tau2` are NaN where a count is missing or negative: leave such groups out by name first.
        `tau2` is 0 where groups differ no more than by chance, and for a single group.

    Raises
    ------
    ValueError
        If the two are not lists of one length with at least one group, an expected count is not above zero,
        or the share is not from 0 to under a half.

    Notes
    -----
    Spiegelhalter (2005), "Handling over-dispersion of performance indicators": z = (√(O/E) - 1)·2√E, φ =
    Σz²/n of the winsorised z, τ² = max(0, (nφ - (n - 1)) / (ΣW - ΣW²/ΣW)) with W = 4E. Quantiles interpolate
    as in R.

    Examples
    --------
    >>> result = overdispersion([100, 150, 180, 80, 120, 225], [108, 112, 165, 95, 100, 220])
    >>> round(result.phi, 5), round(result.tau2, 7)
    (2.32718, 0.0034398)
    """
    counts, expectation = counts_of(observed, name="observed"), exposures_of(expected, name="expected")
    if counts.ndim != 1 or counts.shape != expectation.shape or counts.size == 0:
        raise ValueError(f"observed: found shapes {counts.shape} and {expectation.shape}; give two lists of one length")
    if not 0 <= 2 * winsorised < 1:
        raise ValueError(f"winsorised: found {winsorised}; give a share from 0 to under 0.5, such as 0.1")
    z = 2 * (np.sqrt(np.where(counts < 0, np.nan, counts)) - np.sqrt(expectation))
    phi = float((np.clip(z, *np.quantile(z, [winsorised, 1 - winsorised])) ** 2).mean())
    return Overdispersion(z=z, phi=phi, tau2=_tau2(phi, weights=4 * expectation))


@overload
def overdispersed_limits(expected: float, *, tau2: float, confidence: float = ...) -> Interval[float]: ...
@overload
def overdispersed_limits(expected: Values, *, tau2: float, confidence: float = ...) -> Interval[FloatArray]: ...
def overdispersed_limits(
    expected: ArrayLike, *, tau2: float, confidence: float = 0.95
) -> Interval[float] | Interval[FloatArray]:
    """Find the funnel's limits by chance and by what groups differ, as ratios of observed to expected.

    Parameters
    ----------
    expected
        Expected counts, above zero.
    tau2
        Variance among groups beyond chance (`overdispersion`), 0 or more.
    confidence
        0.95 for the inner limits, 0.998 for the outer ones.

    Returns
    -------
    Interval
        Observed over expected; the lower limit is never under 0.

    Raises
    ------
    ValueError
        If an expected count is not above zero or `tau2` is negative.

    Notes
    -----
    Spiegelhalter (2005): max(0, 1 ± z·√(1/(4E) + τ²))². With τ² = 0 this approximates `funnel_limits`, which
    is then the one to draw.

    Examples
    --------
    >>> low, high = overdispersed_limits(100, tau2=0.0034398)
    >>> round(low, 4), round(high, 4)
    (0.7207, 1.3249)
    """
    if tau2 < 0:
        raise ValueError(f"tau2: found {tau2:g}; give 0 or more")
    z = -special.ndtri(tail_of(confidence))
    deviation = z * np.sqrt(1 / (4 * exposures_of(expected, name="expected")) + tau2)
    return Interval(plain(np.maximum(0, 1 - deviation) ** 2), plain((1 + deviation) ** 2))


def _tau2(phi: float, *, weights: FloatArray) -> float:
    groups = weights.size
    if groups == 1:
        return 0.0
    excess = groups * phi - (groups - 1)
    return float(np.maximum(0, excess / (weights.sum() - (weights**2).sum() / weights.sum())))


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
