"""What may be compared instead, where two counts may not be, or only with care: the longest spans and the nearest in meaning first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from analysis.comparison.counts import count
from analysis.comparison.definitions import breaks_of
from analysis.comparison.judgement import judge
from analysis.comparison.pair import Pair
from analysis.comparison.totals import part
from analysis.figures.register import Release
from analysis.figures.vintages import YearRelease, publications
from analysis.terms import offences
from analysis.terms.areas import Area, find_area, less
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

MOST = 4  # pairs that are offered
_LONGEST = 20  # quarters of a period of which every part is tried


def alternatives(pair: Pair) -> tuple[Pair, ...]:
    """Return other pairs that may be compared, the best first: nothing where the two may be compared as they are.

    Parameters
    ----------
    pair
        Two counts as judged.

    Returns
    -------
    tuple of Pair
        Longest first; of equal length the same count against another baseline, then another offence, then parts of the two
        periods, then other years. Where the two may be compared with care, only pairs with fewer of the same reasons.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> grooming = compare("England and Wales", period="2024/25", baseline="2017/18", release="2026-04-23")
    >>> [(str(other.baseline.period), other.answer) for other in alternatives(grooming)][0]
    ('2018-04..2019-03', 'with-care')
    """
    if pair.answer == "yes" or "nothing-recorded" in pair.codes:
        return ()
    if isinstance(pair.current.release, YearRelease):
        pairs = (*_other_areas(pair), *_years(pair, pair.current.release))
        return tuple(each for each in _distinct(pairs, pair) if pair.baseline is None or each.reasons < pair.reasons)[
            :MOST
        ]
    if pair.baseline is None:
        return ()
    if pair.answer == "with-care":
        launch = {"first-year"} & pair.reasons  # the gravest of what asks for care
        better = (each for each in _other_baselines(pair) if each.reasons < pair.reasons or launch - each.reasons)
        return tuple(_distinct(better, pair))
    found = [each for each in _distinct(_all(pair), pair) if each.like_for_like]
    return tuple(sorted(found, key=lambda each: -each.current.period.months)[:MOST])


def _all(pair: Pair) -> Iterator[Pair]:
    yield from _other_areas(pair)
    yield from _other_baselines(pair)
    yield from _other_offences(pair)
    parts = list(_parts(pair))
    yield from parts
    if not parts:
        yield from _other_years(pair)


def _years(pair: Pair, release: YearRelease) -> Iterator[Pair]:
    """Give the year before, then years that follow each other, each two of one publication, the newest first."""
    own, before = pair.current, pair.current.period.year_before
    if pair.baseline and before != pair.baseline.period and before in release.years:
        yield judge(own, count(own.area, own.offence, release, before))
    for given in reversed(publications(release.source)):
        for year in sorted(given.years, key=lambda each: each.last, reverse=True):
            if year.year_before in given.years:
                yield judge(*(count(own.area, own.offence, given, each) for each in (year, year.year_before)))


def _other_areas(pair: Pair) -> Iterator[Pair]:
    """Give the same periods of the area without the forces that have no figures, where most of it is left."""
    own = pair.current
    if "not-supplied" not in pair.codes or own.area.by_years or any(each.not_counted for each in pair.counts):
        return
    gaps = (np.isnan(part(each.offence.code, each.release, each.area, each.period)).any(axis=0) for each in pair.counts)
    lacking = np.logical_or.reduce(list(gaps))
    missing = [force for force, lacks in zip(own.area.forces, lacking, strict=True) if lacks]
    if 2 * len(missing) < len(own.area.forces):
        area = less(own.area, find_area([force.name for force in missing]))
        yield judge(*(count(area, own.offence, each.release, each.period) for each in pair.counts))


def _distinct(pairs: Iterable[Pair], own: Pair) -> Iterator[Pair]:
    seen = {_key(own)}
    for each in pairs:
        if each.like_for_like and _key(each) not in seen:
            seen.add(_key(each))
            yield each


def _key(pair: Pair) -> tuple[object, ...]:
    return pair.current.area.name, pair.current.offence.code, *(each.period for each in pair.counts)


def _judged(area: Area, offence: Offence, release: Release, *periods: Period) -> Pair | None:
    """Return two periods as judged, or None where the release does not hold both or they share a month."""
    if not all(map(release.covers.covers, periods)) or periods[0].overlaps(periods[1]):
        return None
    return judge(*(count(area, offence, release, period) for period in periods))


def _again(pair: Pair, current: Period, baseline: Period, offence: Offence | None = None) -> Pair | None:
    own = pair.current
    return _judged(own.area, offence or own.offence, own.release, current, baseline)


def _other_baselines(pair: Pair) -> Iterator[Pair]:
    """Give the same count against a baseline moved out of every launch, and against the same months a year before."""
    current, baseline = pair.current, pair.baseline
    assert baseline is not None, "asked of pairs only"  # noqa: S101
    launches = [effect.change.launch for effect in breaks_of(current.offence, current.area, current.release)]
    moved = baseline.period
    while any(launch and moved.overlaps(launch) for launch in launches):
        moved = moved.shift(12)
    if baseline.period < moved and moved.last < current.period.first and (found := _again(pair, current.period, moved)):
        yield found
    if current.period.months <= 12 and (found := _again(pair, current.period, current.period.year_before)):
        yield found


def _other_offences(pair: Pair) -> Iterator[Pair]:
    """Give the same periods of offences that a break names in its place, or that are wider where nobody has reviewed this one."""
    own, baseline = pair.current.offence, pair.baseline
    assert baseline is not None, "asked of pairs only"  # noqa: S101
    named = [code for change in pair.breaks for code in change.instead]
    if pair.answer == "not-known":
        named += [code for code in (own.subgroup, own.group, *own.context) if code]
    for code in dict.fromkeys(named):
        offence = offences.known().get(code)
        if offence is None or offence.code == own.code or not pair.current.release.holds(offence.code):
            continue
        if found := _again(pair, pair.current.period, baseline.period, offence):
            yield found


def _parts(pair: Pair) -> Iterator[Pair]:
    """Give the longest parts of the two periods that hold the same quarters of the year and may be compared."""
    assert pair.baseline is not None, "asked of pairs only"  # noqa: S101
    yield from _longest(pair, pair.current.period, pair.baseline.period)


def _longest(pair: Pair, current: Period, baseline: Period) -> Iterator[Pair]:
    """Give the like pairs of parts of two periods that are longest, the newest first."""
    most = min(current.months, baseline.months)
    if most > 3 * _LONGEST:
        return
    for months in range(most, 0, -3):
        cuts = [(now, then) for now in _cuts(current, months) for then in _cuts(baseline, months)]
        judged = (_again(pair, now, then) for now, then in cuts if now.first.month == then.first.month)
        found = [each for each in judged if each and each.like_for_like]
        if found:
            yield from found
            return


def _cuts(period: Period, months: int) -> Iterator[Period]:
    """Give every part of a period of so many months that begins with a quarter, the newest first."""
    for begin in range(period.months - months, -1, -3):
        first = period.first.shift(begin)
        yield Period(first, first.shift(months - 1))


def _other_years(pair: Pair) -> Iterator[Pair]:
    """Give the nearest later year, or else the nearest earlier one, in which the same months may be compared with the year before."""
    covers, period = pair.current.release.covers, pair.current.period
    if period.months > 12:
        return
    years = range(1, (covers.months + period.months) // 12 + 1)
    for shifts in (years, (-each for each in years)):
        for shift in shifts:
            moved = period.shift(12 * shift)
            if moved.first > covers.last or moved.last < covers.first:
                break
            held = Period(max(moved.first, covers.first), min(moved.last, covers.last))
            if found := list(_longest(pair, held, held.year_before)):
                yield found[0]
                return
