"""What may fairly be set in place of a claim: counts of one release that covers it, judged as every comparison is."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.claims.figures import Figure, figure_of
from analysis.claims.models import Claim, Place
from analysis.comparison import Pair, count, judge
from analysis.figures.register import Register


@dataclass(frozen=True)
class Restatement:
    """The counts that a fair sentence gives, judged, and for each what every release gives.

    Attributes
    ----------
    pair
        The current count, with a baseline of the same months of another year where a change was claimed.
    figures
        For each count of the pair, what every release gives.
    """

    pair: Pair
    figures: tuple[Figure, ...]


def restate(claim: Claim, figures: tuple[Figure, ...], register: Register) -> Restatement | None:
    """Return what may fairly be said of what a claim speaks of, or None where the tables do not hold it.

    The figures are those of the claim in the reading that stands best to the releases.
    """
    current = next((figure for figure in figures if figure.role == "current"), None)
    if current is None or current.area is None or not current.covering:
        return None
    base = _baseline(claim, current, register)
    in_base = {release.id for release, _ in base.covering} if base else set()
    shared = [release for release, _ in current.covering if release.id in in_base]  # two releases are never mixed
    shown = (current, base) if base and shared else (current,)
    release = shared[-1] if shared else current.newest[0]
    pair = judge(*(count(current.area, claim.counted_as, release, figure.period) for figure in shown))
    return Restatement(pair, shown)


def _baseline(claim: Claim, current: Figure, register: Register) -> Figure | None:
    """Return the baseline if it has the same months of other years, and otherwise the same months a year before."""
    if not claim.is_comparison or current.area is None:
        return None
    months, stated = current.period, claim.baseline.period if claim.baseline else None
    if stated is not None and stated.months == months.months and stated.first.month == months.first.month:
        period = stated
    elif months.months <= 12:
        period = months.year_before
    else:
        return None  # the same months a year before would overlap
    return figure_of(claim, "baseline", Place((current.place,), current.area), period, None, register)
