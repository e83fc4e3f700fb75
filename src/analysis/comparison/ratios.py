"""The ratio of two counts, with how sure one can be of it: a number for an analyst, whatever may be said."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, replace

from analysis import statistics
from analysis.comparison.counts import Count, both_by_force
from analysis.figures.register import Release
from analysis.terms.offences import Offence
from analysis.terms.periods import Period


@dataclass(frozen=True)
class Ratio:
    """The ratio of two rates a month, current over baseline; None where undefined or unbounded.

    Attributes
    ----------
    value
        The ratio.
    low, high
        Exact 95% interval: chance alone.
    low_wide, high_wide
        95% interval widened by how much more than by chance the changes of forces vary.
    dispersion
        That variance as a multiple of chance, at least 1.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    low_wide: float | None = None
    high_wide: float | None = None
    dispersion: float | None = None

    def to_dict(self) -> dict[str, float | None]:
        """Return the ratio as the JSON of the command gives it."""
        return {name: getattr(self, name) for name in ("value", "low", "high", "low_wide", "high_wide")}


def ratio_of(current: Count, baseline: Count) -> Ratio:
    """Return the ratio of two counts; without a number where one is missing or negative."""
    a, b = current.offences, baseline.offences
    if a is None or b is None or min(a, b) < 0:
        return Ratio()
    rates = (a, current.period.months, b, baseline.period.months)
    exact = statistics.rate_ratio(*rates)
    phi = dispersion_among_forces(current.offence, current.release, current.period, baseline.period)
    ratio = Ratio(_finite(exact.value), _finite(exact.low), _finite(exact.high), dispersion=phi)
    if phi is None or 0 in {a, b}:
        return ratio  # the widened interval rests on logarithms, and there is none of zero
    wide = statistics.quasi_poisson_ratio(*rates, phi=phi)
    return replace(ratio, low_wide=_finite(wide.low), high_wide=_finite(wide.high))


@functools.cache  # once for the pages of all forces
def dispersion_among_forces(offence: Offence, release: Release, current: Period, baseline: Period) -> float | None:
    """Return the variance of the forces' changes between two periods as a multiple of chance, at least 1.

    British Transport Police and the City of London are left out, and so are forces with a missing or negative count.
    None if fewer than two forces remain.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> round(compare("Kent", period="2024/25", baseline="2023/24", release="2026-04-23").ratio.dispersion, 1)
    2.4
    """
    both = both_by_force(offence.code, release, current, baseline)
    both = both[(both >= 0).all(axis=1)]
    return _finite(statistics.dispersion(both["current"], both["baseline"]).phi)


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
