"""What may fairly be said in place of a claim, from the newest release that covers it."""

from __future__ import annotations

from analysis.claims.figures import NATIONAL, Figure, figure_of, grouped
from analysis.claims.models import Claim, Place
from analysis.figures.register import Register, Release, provisional_from
from analysis.terms.forces import Area
from analysis.terms.numbers import number
from analysis.terms.periods import Period


def restate(claim: Claim, figures: tuple[Figure, ...], register: Register) -> str | None:
    """Return a fair sentence on what a claim speaks of, or None where the tables do not hold it.

    Parameters
    ----------
    claim
        What was stated.
    figures
        Its figures, in the reading that stands best to the releases.
    register
        The releases consulted.
    """
    current = next((figure for figure in figures if figure.role == "current"), None)
    if current is None or current.area is None or not current.covering:
        return None
    base = _baseline(claim, current.area, current.period, register)
    if base is not None and not _covering(current, base):
        base = None
    release = _covering(current, base)[-1]
    sentence = f"{_recorders(current.area)} recorded {_counted(current, release)} in {current.period.words}{_aside(current, release)}"
    if base is not None:
        sentence += (
            f" and {number(_given(base, release))} in {_base_words(base.period, current.period)}{_aside(base, release)}"
        )
    return "; ".join([sentence, *_reservations(claim, current.period, base.period if base else None)]) + "."


def _baseline(claim: Claim, area: Area, current: Period, register: Register) -> Figure | None:
    """Return the baseline if it has the same months of other years, and otherwise the same months a year before."""
    if not claim.is_comparison:
        return None
    stated = claim.baseline.period if claim.baseline else None
    if stated is not None and stated.months == current.months and stated.first.month == current.first.month:
        period = stated
    elif current.months <= 12:
        period = current.year_before
    else:
        return None  # the same months a year before would overlap
    return figure_of(claim, "baseline", Place((area.name,), area), period, None, register)


def _covering(current: Figure, base: Figure | None) -> list[Release]:
    """Return the releases that cover what is set side by side: figures of two releases are never mixed."""
    in_base = {release.id for release, _ in base.covering} if base else set()
    return [release for release, _ in current.covering if base is None or release.id in in_base]


def _given(figure: Figure, release: Release) -> int:
    return next(value for other, value in figure.covering if other.id == release.id)


def _recorders(area: Area) -> str:
    return f"{area.police}, British Transport Police among them," if area == NATIONAL else area.police


def _counted(figure: Figure, release: Release) -> str:
    count = _given(figure, release)
    return f"{number(count)} offence{'s' if count != 1 else ''}"


def _aside(figure: Figure, release: Release) -> str:
    """Return what a reader must know beside a count: that it is provisional, and what other releases give."""
    count = _given(figure, release)
    notes = []
    if release.kind == "full" and figure.period.overlaps(provisional_from(release)):
        notes.append("provisional")
    others = [(other, value) for other, value in figure.covering if value != count]
    notes += [f"{number(value)} in {names}" for value, names in grouped(others)]
    return f" ({', '.join(notes)})" if notes else ""


def _base_words(base: Period, current: Period) -> str:
    if base == current.year_before and base.first.year == base.last.year:
        return f"the same months of {base.first.year}"
    return base.words


def _reservations(claim: Claim, current: Period, base: Period | None) -> list[str]:
    """Return what may not be concluded."""
    offence, reservations = claim.counted_as, []
    changes = offence.breaks_within(*(period for period in (current, base) if period is not None))
    if changes:
        consequence = "the two are not comparable" if base else "the total adds up two definitions"
        reservations.append(f"the offences counted changed in {changes[0].month.words}, so {consequence}")
    elif base is not None and any(base.overlaps(change.launch) for change in offence.breaks):
        reservations.append(
            "the earlier months belong to the first year of the present definition, when its recording was new, "
            "so a change from them is not like one between later years"
        )
    if claim.offence.part_of:
        reservations.append(
            f"these are all offences of code {offence.code}, and the tables do not show {claim.offence.noun} apart"
        )
    return reservations
