"""Other pairs than the one asked for: what may be compared instead, and other fair ways of looking at the same change."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.comparison.change import Pair
from analysis.comparison.counts import part
from analysis.comparison.judgement import judged
from analysis.figures.register import Release, load_register
from analysis.figures.vintages import YearRelease, publications
from analysis.terms import offences
from analysis.terms.areas import Area, find_area, less
from analysis.terms.offences import Offence
from analysis.terms.periods import Period, financial_year_of

if TYPE_CHECKING:
    from analysis.comparison.compare import Comparison

MOST = 4  # pairs that are offered
_LONGEST = 20  # quarters of a period of which every part is tried
_YEARS = 3  # of a longer baseline
_RAILWAYS = "British Transport Police"


@dataclass(frozen=True)
class Choice:
    """One fair way of looking at a change, or what stands beside it.

    Attributes
    ----------
    name
        What is chosen, in words.
    reason
        Why there is no direction, or an empty string.
    current, baseline
        The figures, or None where there are none.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> compare("Kent", period="2024/25", release="2026-04-23").views[0]
    Choice(name='As compared on this page', reason='', current=289, baseline=245)
    """

    name: str
    reason: str = ""
    current: float | None = None
    baseline: float | None = None

    @property
    def direction(self) -> str:
        """``more``, ``fewer`` or ``the same``, or an empty string where there is none."""
        if self.reason or self.current is None or self.baseline is None:
            return ""
        return "more" if self.current > self.baseline else "fewer" if self.current < self.baseline else "the same"


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
    by_years = isinstance(pair.release, YearRelease)
    if pair.answer == "yes" or "nothing-recorded" in pair.codes or (pair.baseline is None and not by_years):
        return ()
    if by_years:
        years = _distinct(pair, _of_years(pair))
        found = [each for each in years if pair.baseline is None or each.reasons < pair.reasons]
        if not (found or pair.like_for_like):
            found = list(_distinct(pair, _of_the_force(pair)))
    elif pair.answer == "with-care":
        launch = {"first-year"} & pair.reasons  # the gravest of what asks for care
        near = _distinct(pair, _other_baselines(pair))
        found = [each for each in near if each.reasons < pair.reasons or launch - each.reasons]
    else:
        parts = _longest(pair, *(each.period for each in pair.counts)) or _other_years(pair)
        like = [*_other_areas(pair), *_other_baselines(pair), *_other_offences(pair), *parts]  # the nearest first
        found = sorted(_distinct(pair, like), key=lambda each: -each.current.period.months)
    return tuple(found[:MOST])


def views(own: Comparison) -> tuple[Choice, ...]:
    """Return the change of a pair as it stands, and by each other fair choice that can differ from it.

    The pair's own comes first. No view has a direction where its two counts may not be compared, and no pair stands twice.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> result = compare("England and Wales", period="2024/25", baseline="2023/24", release="2026-04-23").views
    >>> result[0].direction, [view.name for view in result[1:]]
    ('fewer', ['As the release of 19 October 2023 had it', 'Against the mean of the same months in the 3 years before'])
    """
    ways: list[tuple[str, Pair | None]] = [("As compared on this page", own)]
    if own.baseline:
        held = [each for each in load_register().releases if each.kind == "full" and each.holds(own.offence.code)]
        others = [each for each in held if each.id != own.release.id]
        ways += [(f"As the release of {each.words} had it", _again(own, release=each)) for each in others]
        if len(own.area.names) > 1 and _RAILWAYS in own.area.names:
            rest = _again(own, area=less(own.area, find_area(_RAILWAYS)))
            if rest and any(a.offences != b.offences for a, b in zip(rest.counts, own.counts, strict=True)):
                ways.append((f"Without {_RAILWAYS}", rest))
    if not own.like_for_like:  # a part of the same months is no other way of looking where the whole may be compared
        last = own.current.period.last
        for name, first in (
            ("Financial year to date", financial_year_of(last).first),
            ("Four quarters", last.shift(-11)),
        ):
            part_of = Period(first, last)
            words = f"{name}: {part_of.words}, against the same months a year before"
            ways.append((words, _again(own, part_of, part_of.year_before)))
    found: dict[object, Choice] = {}
    for name, pair in ways:
        found.setdefault((_key(pair), pair.release.id) if pair else name, _choice(name, pair))
    return (*found.values(), *_longer_baseline(own), *_without_season(own))


def context(own: Pair) -> tuple[Choice, ...]:
    """Return the same two periods for the offences that belong beside this one, where the release holds them.

    A change that all of them share is not this offence's own.
    """
    found = []
    for offence in map(offences.find, own.offence.context):
        name = offence.name if offence.kind != "code" else f"{offence.name} (code {offence.code})"
        if own.release.holds(offence.code):
            found.append(_choice(name, _again(own, offence=offence)))
        else:
            found.append(Choice(name, f"release {own.release.id} as held here has no figures of it"))
    return tuple(found)


def _choice(name: str, pair: Pair | None) -> Choice:
    """Return a pair as a way of looking, with why it gives no direction if it does not."""
    if pair is None:
        return Choice(name, "the release does not hold both periods")
    reason = pair.caveats[0].short if pair.baseline and not pair.like_for_like else ""  # the gravest comes first
    return Choice(name, reason if pair.baseline else "there is no baseline", *(each.offences for each in pair.counts))


def _longer_baseline(own: Pair) -> Iterator[Choice]:
    name, period = f"Against the mean of the same months in the {_YEARS} years before", own.current.period
    if period.months <= 12:
        pairs = [_again(own, period, period.shift(-12 * back)) for back in range(1, _YEARS + 1)]
        is_launch = any(pair and "first-year" in pair.codes for pair in pairs)
        launch = "the baseline would touch the first year of the definition" if is_launch else ""
        reason = next(filter(None, (_choice(name, pair).reason for pair in pairs)), launch)
        figures = [pair.baseline.offences or 0 for pair in pairs if pair and pair.baseline]
        yield Choice(name, reason) if reason else Choice(name, "", own.current.offences, sum(figures) / _YEARS)


def _without_season(own: Comparison) -> Iterator[Choice]:
    """Give counts a month with the season taken out, where the two periods hold different quarters of the year."""
    if own.baseline is None or own.current.period.quarters_of_year == own.baseline.period.quarters_of_year:
        return
    name, cured = "A month, with the season taken out", {"unequal-periods", "different-quarters"}
    grave = [each for each in own.caveats if each.weight in {"forbids", "unknown"} and each.code not in cured]
    series = own.process  # as its chart has it
    held = [series.adjusted[series.quarters.isin(each.period.quarters)] for each in own.counts]
    is_known = all(3 * len(values) == each.period.months for values, each in zip(held, own.counts, strict=True))
    unknown = "" if is_known else "the season is known only after the first year of the definition"
    reason = grave[0].short if grave else unknown
    yield Choice(name, reason, *(round(float(values.mean()) / 3, 6) for values in held if not reason))


def _again(
    own: Pair,
    *periods: Period,
    area: Area | None = None,
    offence: Offence | None = None,
    release: Release | None = None,
) -> Pair | None:
    """Return the pair as judged with one choice changed; None where the release does not hold both periods, or they share a month."""
    held, months = release or own.release, periods or tuple(each.period for each in own.counts)
    if not all(map(held.covers.covers, months)) or (periods and months[0].overlaps(months[-1])):
        return None
    return judged(area or own.area, offence or own.offence, held, *months)


def _key(pair: Pair) -> tuple[object, ...]:
    return pair.area, pair.offence.code, *(each.period for each in pair.counts)


def _distinct(own: Pair, pairs: Iterable[Pair | None]) -> Iterator[Pair]:
    seen = {_key(own)}
    for each in pairs:
        if each and each.like_for_like and _key(each) not in seen:
            seen.add(_key(each))
            yield each


def _of_years(pair: Pair) -> Iterator[Pair | None]:
    """Give the year before, then years that follow each other, each two of one publication, the newest first."""
    yield from _other_areas(pair)
    own, before = pair.current, pair.current.period.year_before
    assert isinstance(own.release, YearRelease), "asked of tables of years only"  # noqa: S101
    if pair.baseline and before != pair.baseline.period and before in own.release.years:
        yield judged(own.area, own.offence, own.release, own.period, before)
    for given in reversed(publications(own.release.source)):
        for year in sorted(given.years, key=lambda each: each.last, reverse=True):
            if year.year_before in given.years:
                yield judged(own.area, own.offence, given, year, year.year_before)


def _of_the_force(pair: Pair) -> Iterator[Pair]:
    """Give the newest year, or the most of it that can be, of the force that a partnership lies in, which is more than the place, where it is counted by quarter."""
    area, offence, held = pair.area, pair.offence, load_register().release("latest")
    if area.by_years and held.holds(offence.code):
        year = held.span(offence.code).last_months(12)
        yield from _longest(judged(area.whole, offence, held, year, year.year_before), year, year.year_before)


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
        yield judged(area, own.offence, own.release, *(each.period for each in pair.counts))


def _other_baselines(pair: Pair) -> Iterator[Pair | None]:
    """Give the same count against a baseline moved out of every launch, and against the same months a year before."""
    current, baseline = (each.period for each in pair.counts)
    launches, moved = [effect.change.launch for effect, _ in pair.current.sides], baseline
    while any(launch and moved.overlaps(launch) for launch in launches):
        moved = moved.shift(12)
    if baseline < moved and moved.last < current.first:
        yield _again(pair, current, moved)
    if current.months <= 12:
        yield _again(pair, current, current.year_before)


def _other_offences(pair: Pair) -> Iterator[Pair | None]:
    """Give the same periods of offences that a break names in its place, or that are wider where nobody has reviewed this one."""
    own = pair.offence
    named = [code for change in pair.breaks for code in change.instead]
    if pair.answer == "not-known":
        named += [code for code in (own.subgroup, own.group, *own.context) if code]
    for code in dict.fromkeys(named):
        offence = offences.known().get(code)
        if offence and offence.code != own.code and pair.release.holds(offence.code):
            yield _again(pair, *(each.period for each in pair.counts), offence=offence)


def _longest(pair: Pair, current: Period, baseline: Period) -> list[Pair]:
    """Return the like pairs of parts of two periods that are longest and hold the same quarters of the year, the newest first."""
    most = min(current.months, baseline.months)
    for months in range(most, 0, -3) if most <= 3 * _LONGEST else ():
        starts = ([each.first.shift(at) for at in range(each.months - months, -1, -3)] for each in (current, baseline))
        cuts = [(Period(now, now.shift(months - 1)), Period(then, then.shift(months - 1)))
                for now, then in itertools.product(*starts) if now.month == then.month]  # fmt: skip
        if found := [each for each in (_again(pair, *cut) for cut in cuts) if each and each.like_for_like]:
            return found
    return []


def _other_years(pair: Pair) -> list[Pair]:
    """Return the nearest later year, or else the nearest earlier one, in which the same months may be compared with the year before."""
    covers, period = pair.release.covers, pair.current.period
    years = range(1, (covers.months + period.months) // 12 + 1) if period.months <= 12 else range(0)
    for shift in (*years, *(-each for each in years)):
        moved = period.shift(12 * shift)
        if moved.overlaps(covers):
            held = Period(max(moved.first, covers.first), min(moved.last, covers.last))
            if found := _longest(pair, held, held.year_before):
                return found[:1]
    return []
