"""How far a change differs from group to group beyond chance, and the ratio's interval widened by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.statistics.arrays import (
    Estimate,
    FloatArray,
    Values,
    counts_of,
    exposures_of,
    plain,
    tail_of,
)


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
