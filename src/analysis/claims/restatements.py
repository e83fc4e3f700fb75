"""What may fairly be said in place of a claim, from the newest release that covers it."""

from __future__ import annotations

from analysis.claims.figures import BROKEN, NATIONAL, Figure, figure_of, grouped, named
from analysis.claims.models import Claim, Place
from analysis.comparison import Count, Pair, count, judge
from analysis.figures.register import Register
from analysis.terms.forces import Area
from analysis.terms.numbers import number
from analysis.terms.periods import Period


def restate(claim: Claim, figures: tuple[Figure, ...], register: Register) -> str | None:
    """Return a fair sentence on what a claim speaks of, or None where the tables do not hold it.

    The figures are those of the claim in the reading that stands best to the releases.
    """
    current = next((figure for figure in figures if figure.role == "current"), None)
    if current is None or current.area is None or not current.covering:
        return None
    base = _baseline(claim, current.area, current.period, register)
    in_base = {release.id for release, _ in base.covering} if base else set()
    shared = [release for release, _ in current.covering if release.id in in_base]  # two releases are never mixed
    release = shared[-1] if shared else current.newest[0]
    shown = [current, base] if base and shared else [current]
    pair = judge(*(count(current.area, claim.counted_as, release, figure.period) for figure in shown))
    recorders = current.area.police + (", British Transport Police among them," if current.area == NATIONAL else "")
    offences = f"{number(pair.current.offences)} offence{'s' if pair.current.offences != 1 else ''}"
    sentence = f"{recorders} recorded {offences} in {current.period.words}{_aside(current, pair.current)}"
    if base is not None and pair.baseline is not None:
        words = _base_words(base.period, current.period)
        sentence += f" and {number(pair.baseline.offences)} in {words}{_aside(base, pair.baseline)}"
    return "; ".join([sentence, *_reservations(claim, pair)]) + "."


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


def _aside(figure: Figure, shown: Count) -> str:
    """Return what a reader must know beside a count: that it is provisional, and what other releases give."""
    notes = ["provisional"] if shown.is_provisional and shown.release.kind == "full" else []
    others = [(release, value) for release, value in figure.covering if value != shown.offences]
    notes += [f"{number(value)} in {named(releases)}" for value, releases in grouped(others)]
    return f" ({', '.join(notes)})" if notes else ""


def _base_words(base: Period, current: Period) -> str:
    if base == current.year_before and base.first.year == base.last.year:
        return f"the same months of {base.first.year}"
    return base.words


def _reservations(claim: Claim, pair: Pair) -> list[str]:
    """Return how the two figures may be read, and what may not be concluded."""
    offence, said = claim.counted_as, []
    if pair.codes & BROKEN:
        when = f" in {pair.breaks[0].month.words}" if pair.breaks else ""
        consequence = "the two are not comparable" if pair.baseline else "the total adds up two definitions"
        said.append(f"the offences counted changed{when}, so {consequence}")
    elif "first-year" in pair.codes:
        said.append(
            "the earlier months belong to the first year of the present definition, when its recording was new, "
            "so a change from them is not like one between later years"
        )
    elif pair.answer == "not-known":
        said.append("nobody has reviewed whether what is counted changed between them, so they are not compared")
    elif pair.change is not None and pair.change.reading is not None:
        said.append(_reading(pair.change.reading, pair.change.percent))
    if claim.offence.part_of:
        said.append(f"these are all offences of {offence.label}, and the tables do not show {claim.offence.noun} apart")
    return said


def _reading(reading: str, percent: float | None) -> str:
    if reading == "cannot-tell":
        return "these figures cannot tell a rise from a fall"
    if percent is None:
        return f"a {'rise' if reading == 'more' else 'fall'}"
    return f"{number(abs(percent))}% {reading}"
