"""How far groups' rates differ beyond chance, and the funnel limits that allow for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.statistics.arrays import (
    FloatArray,
    Interval,
    counts_of,
    exposures_of,
    plain,
    tail_of,
)
from analysis.statistics.intervals import poisson_interval

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


def funnel_limits(expected: ArrayLike, *, confidence: float = 0.95) -> Interval:
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


def overdispersed_limits(expected: ArrayLike, *, tau2: float, confidence: float = 0.95) -> Interval:
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
