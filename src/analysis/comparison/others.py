"""Other pairs than the one asked for: what may be compared instead, and other fair ways of looking at the same change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from analysis.comparison.across_time import process
from analysis.comparison.change import Pair
from analysis.comparison.counts import count, part
from analysis.comparison.judgement import judge
from analysis.figures.register import Release, load_register
from analysis.figures.vintages import YearRelease, publications
from analysis.terms import areas, offences
from analysis.terms.areas import Area, find_area, less
from analysis.terms.numbers import number
from analysis.terms.offences import Offence
from analysis.terms.periods import Period, financial_year_of

MOST = 4  # pairs that are offered
_LONGEST = 20  # quarters of a period of which every part is tried
_YEARS = 3  # of a longer baseline


@dataclass(frozen=True)
class Choice:
    """One fair way of looking at a change.

    Attributes
    ----------
    name
        What is chosen, in words.
    current, baseline
        The figures, or None where there are none.
    reason
        Why there is no direction, or an empty string.
    pair
        The two counts as judged; None where the figures are not counts.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> compare("Kent", period="2024/25", release="2026-04-23").views[0]
    Choice(As compared on this page: 289 against 245; more)
    """

    name: str
    current: float | None = None
    baseline: float | None = None
    reason: str = ""
    pair: Pair | None = None

    @property
    def direction(self) -> str:
        """``more``, ``fewer`` or ``the same``, or an empty string where there is none."""
        if self.reason or self.current is None or self.baseline is None:
            return ""
        return "more" if self.current > self.baseline else "fewer" if self.current < self.baseline else "the same"

    def __repr__(self) -> str:
        sides = (number(each, 0 if isinstance(each, int) else 1) for each in (self.current, self.baseline))
        return f"Choice({self.name}: {' against '.join(sides)}; {self.direction or f'no direction, {self.reason}'})"


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
        found = sorted(_distinct(pair, _like(pair)), key=lambda each: -each.current.period.months)
    return tuple(found[:MOST])


def views(own: Pair) -> tuple[Choice, ...]:
    """Return the change of a pair as it stands, and by each other fair choice that can differ from it.

    The pair's own comes first. No view has a direction where its two counts may not be compared, and no pair stands twice.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> result = compare("England and Wales", period="2024/25", baseline="2023/24", release="2026-04-23").views
    >>> result[0].direction, [view.name for view in result[1:]]
    ('fewer', ['As the release of 19 October 2023 had it', 'Against the mean of the same months in the 3 years before'])
    """
    changed = () if own.baseline is None else (*_other_releases(own), *_without_railways(own))
    found: dict[object, Choice] = {}
    # A part of the same months is no other way of looking where the whole may be compared.
    as_it_is = _choice("As compared on this page", own)
    for view in (as_it_is, *changed, *(() if own.like_for_like else _other_months(own))):
        found.setdefault((_key(view.pair), view.pair.release.id) if view.pair else view.name, view)
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
            found.append(Choice(name, reason=f"release {own.release.id} as held here has no figures of it"))
    return tuple(found)


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
    return judge(*(count(area or own.area, offence or own.offence, held, each) for each in months))


def _key(pair: Pair) -> tuple[object, ...]:
    return pair.area, pair.offence.code, *(each.period for each in pair.counts)


def _distinct(own: Pair, pairs: Iterable[Pair | None]) -> Iterator[Pair]:
    seen = {_key(own)}
    for each in pairs:
        if each and each.like_for_like and _key(each) not in seen:
            seen.add(_key(each))
            yield each


def _like(pair: Pair) -> Iterator[Pair | None]:
    """Give what may stand for a pair that may not be compared, the nearest in meaning first."""
    yield from _other_areas(pair)
    yield from _other_baselines(pair)
    yield from _other_offences(pair)
    yield from _longest(pair, *(each.period for each in pair.counts)) or _other_years(pair)


def _of_years(pair: Pair) -> Iterator[Pair | None]:
    """Give the year before, then years that follow each other, each two of one publication, the newest first."""
    yield from _other_areas(pair)
    own, before = pair.current, pair.current.period.year_before
    assert isinstance(own.release, YearRelease), "asked of tables of years only"  # noqa: S101
    if pair.baseline and before != pair.baseline.period and before in own.release.years:
        yield judge(own, count(own.area, own.offence, own.release, before))
    for given in reversed(publications(own.release.source)):
        for year in sorted(given.years, key=lambda each: each.last, reverse=True):
            if year.year_before in given.years:
                yield judge(*(count(own.area, own.offence, given, each) for each in (year, year.year_before)))


def _of_the_force(pair: Pair) -> Iterator[Pair]:
    """Give the newest year, or the most of it that can be, of the force that a partnership lies in, which is more than the place, where it is counted by quarter."""
    area, offence, held = pair.area, pair.offence, load_register().release("latest")
    if area.by_years and held.holds(offence.code):
        year = held.span(offence.code).last_months(12)
        whole = judge(*(count(area.whole, offence, held, each) for each in (year, year.year_before)))
        yield from _longest(whole, year, year.year_before)


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
        cuts = [(now, then) for now in _cuts(current, months) for then in _cuts(baseline, months)]
        judged = (_again(pair, now, then) for now, then in cuts if now.first.month == then.first.month)
        if found := [each for each in judged if each and each.like_for_like]:
            return found
    return []


def _cuts(period: Period, months: int) -> Iterator[Period]:
    """Give every part of a period of so many months that begins with a quarter, the newest first."""
    for begin in range(period.months - months, -1, -3):
        first = period.first.shift(begin)
        yield Period(first, first.shift(months - 1))


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


def _choice(name: str, pair: Pair | None) -> Choice:
    """Return a pair as a way of looking, with no direction where it may not be compared."""
    if pair is None:
        return Choice(name, reason="the release does not hold both periods")
    if pair.baseline is None:
        return Choice(name, pair.current.offences, None, "there is no baseline", pair)
    reason = "" if pair.like_for_like else pair.caveats[0].short  # the gravest comes first
    return Choice(name, pair.current.offences, pair.baseline.offences, reason, pair)


def _other_releases(own: Pair) -> Iterator[Choice]:
    for release in load_register().releases:
        if release.kind == "full" and release.id != own.release.id and release.holds(own.offence.code):
            yield _choice(f"As the release of {release.words} had it", _again(own, release=release))


def _other_months(own: Pair) -> Iterator[Choice]:
    """Give the change from April to the period's end, and of four quarters, each against the same months a year before."""
    last = own.current.period.last
    choices = {Period(financial_year_of(last).first, last): "Financial year to date"}
    choices.setdefault(Period(last.shift(-11), last), "Four quarters")
    for period, name in choices.items():
        words = f"{name}: {period.words}, against the same months a year before"
        yield _choice(words, _again(own, period, period.year_before))


def _without_railways(own: Pair) -> Iterator[Choice]:
    area, railways = own.area, areas.find("BTP")
    if len(area.forces) == 1 or railways not in area.forces:
        return
    # Where it recorded none, leaving it out changes nothing.
    if any(count(Area.of(railways), each.offence, each.release, each.period).offences for each in own.counts):
        rest = Area(area.name, tuple(force for force in area.forces if force != railways))
        yield _choice("Without British Transport Police", _again(own, area=rest))


def _longer_baseline(own: Pair) -> Iterator[Choice]:
    current, period = own.current, own.current.period
    name = f"Against the mean of the same months in the {_YEARS} years before"
    if period.months > 12:
        return
    years = [_choice(name, _again(own, period, period.shift(-12 * back))) for back in range(1, _YEARS + 1)]
    baselines = [year.baseline for year in years if year.baseline is not None]
    if reason := next((year.reason for year in years if year.reason), ""):
        yield Choice(name, reason=reason)
    elif any(year.pair and "first-year" in year.pair.codes for year in years):
        yield Choice(name, reason="the baseline would touch the first year of the definition")
    else:
        yield Choice(name, current.offences, sum(baselines) / len(baselines))


def _without_season(own: Pair) -> Iterator[Choice]:
    """Give counts a month with the season taken out, where the two periods hold different quarters of the year."""
    current, baseline = own.current, own.baseline
    if baseline is None or current.period.quarters_of_year == baseline.period.quarters_of_year:
        return
    name = "A month, with the season taken out"
    grave = [caveat for caveat in own.caveats if caveat.weight in {"forbids", "unknown"}]
    others = [each.short for each in grave if each.code not in {"unequal-periods", "different-quarters"}]
    if others:  # those two are what taking the season out is for
        yield Choice(name, reason=others[0])
        return
    series = process(current.area, current.offence, current.release)
    inside = [series.quarters.isin(each.period.quarters) for each in own.counts]
    if any(held.sum() * 3 != each.period.months for held, each in zip(inside, own.counts, strict=True)):
        yield Choice(name, reason="the season is known only after the first year of the definition")
    else:
        now, then = (float(series.adjusted[at].sum()) / own.counts[i].period.months for i, at in enumerate(inside))
        yield Choice(name, round(now, 6), round(then, 6))
