"""Whether the direction of a change survives another fair choice: an older release, other months, a longer baseline."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.comparison.across_time import process
from analysis.comparison.counts import Count, count
from analysis.comparison.judgement import Pair, judge
from analysis.figures.register import Release, load_register
from analysis.terms import forces, offences
from analysis.terms.forces import Area
from analysis.terms.numbers import number
from analysis.terms.offences import Offence
from analysis.terms.periods import Period, financial_year_of

YEARS_OF_BASELINE = 3


@dataclass(frozen=True)
class View:
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
        sides = " against ".join(
            number(value, 0 if isinstance(value, int) else 1) for value in (self.current, self.baseline)
        )
        return f"View({self.name}: {sides}; {self.direction or f'no direction, {self.reason}'})"


def views(own: Pair) -> tuple[View, ...]:
    """Return the change of a pair as it stands, and by each other fair choice that can differ from it.

    The pair's own comes first. No view has a direction where its two counts may not be compared, and no pair stands twice.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> result = compare("England and Wales", period="2024/25", baseline="2023/24", release="2026-04-23").views
    >>> result[0].direction, [view.name for view in result[1:]]
    ('fewer', ['As the release of 19 October 2023 had it', 'Against the mean of the same months in the 3 years before'])
    """
    if own.baseline is None:
        return (View("As compared on this page", own.current.offences, reason="there is no baseline"),)
    found = [_as_view("As compared on this page", own)]
    seen = {_key(own)}
    for name, other in (*_other_releases(own), *_other_months(own), *_without_railways(own)):
        if isinstance(other, str):
            found.append(View(name, reason=other))
        elif _key(other) not in seen:
            seen.add(_key(other))
            found.append(_as_view(name, other))
    return (*found, *_longer_baseline(own), *_without_season(own))


def context(own: Pair) -> tuple[View, ...]:
    """Return the same two periods for the offences that belong beside this one, where the release holds them.

    A change that all of them share is not this offence's own.
    """
    return tuple(_context(own, offences.find(code)) for code in own.current.offence.context)


def _context(own: Pair, offence: Offence) -> View:
    name = offence.name if offence.kind != "code" else f"{offence.name} (code {offence.code})"
    release = own.current.release
    if not release.holds(offence.code):
        return View(name, reason=f"release {release.id} as held here has no figures of it")
    other = _again(own, offence=offence)
    return View(name, reason=other) if isinstance(other, str) else _as_view(name, other)


def _other_releases(own: Pair) -> Iterator[tuple[str, Pair | str]]:
    for release in load_register().releases:
        if release.kind == "full" and release.id != own.current.release.id and release.holds(own.current.offence.code):
            yield f"As the release of {release.words} had it", _again(own, release=release)


def _other_months(own: Pair) -> Iterator[tuple[str, Pair | str]]:
    """Give the change from April to the period's end, and of four quarters, each against the same months a year before."""
    last = own.current.period.last
    choices = {
        "Financial year to date": Period(financial_year_of(last).first, last),
        "Four quarters": Period(last.shift(-11), last),
    }
    for name, period in choices.items():
        words = f"{name}: {period.words}, against the same months a year before"
        yield words, _again(own, period=period, baseline=period.year_before)


def _without_railways(own: Pair) -> Iterator[tuple[str, Pair | str]]:
    area, railways = own.current.area, forces.find("BTP")
    if len(area.forces) == 1 or railways not in area.forces:
        return
    counts = [
        count(Area(railways.name, (railways,)), c.offence, c.release, c.period)
        for c in (own.current, own.baseline)
        if c
    ]
    if any(each.offences for each in counts):  # where it recorded none, leaving it out changes nothing
        rest = Area(area.name, tuple(force for force in area.forces if force != railways))
        yield "Without British Transport Police", _again(own, area=rest)


def _longer_baseline(own: Pair) -> Iterator[View]:
    current, period = own.current, own.current.period
    name = f"Against the mean of the same months in the {YEARS_OF_BASELINE} years before"
    if period.months > 12:
        return
    pairs = [_again(own, baseline=period.shift(-12 * years)) for years in range(1, YEARS_OF_BASELINE + 1)]
    reasons = [pair if isinstance(pair, str) else _why_not(pair) for pair in pairs]
    baselines = [pair.baseline for pair in pairs if not isinstance(pair, str)]
    held = [each.offences for each in baselines if each is not None and each.offences is not None]
    if reason := next((reason for reason in reasons if reason), ""):
        yield View(name, reason=reason)
    elif any(not isinstance(pair, str) and "first-year" in pair.codes for pair in pairs):
        yield View(name, reason="the baseline would touch the first year of the definition")
    elif current.offences is not None and held:
        yield View(name, current.offences, sum(held) / len(held))


def _without_season(own: Pair) -> Iterator[View]:
    """Give counts a month with the season taken out, where the two periods hold different quarters of the year."""
    current, baseline = own.current, own.baseline
    if baseline is None or current.period.quarters_of_year == baseline.period.quarters_of_year:
        return
    name = "A month, with the season taken out"
    forbidding = {caveat.code for caveat in own.caveats if caveat.weight in {"forbids", "unknown"}}
    if forbidding - {"unequal-periods", "different-quarters"}:  # those are what taking the season out is for
        yield View(name, reason=_why_not(own))
        return
    series = process(current.area, current.offence, current.release)
    levels = []
    for period in (current.period, baseline.period):
        inside = series.quarters.isin(period.quarters)
        if inside.sum() * 3 != period.months:
            yield View(name, reason="the season is known only after the first year of the definition")
            return
        levels.append(round(float(series.adjusted[inside].sum()) / period.months, 6))
    if any(math.isnan(level) for level in levels):
        yield View(name, reason="a figure was not supplied")
    else:
        yield View(name, levels[0], levels[1])


def _as_view(name: str, pair: Pair) -> View:
    baseline = pair.baseline
    return View(name, pair.current.offences, baseline.offences if baseline else None, _why_not(pair), pair)


def _why_not(pair: Pair) -> str:
    if pair.change is not None:
        return (
            ""
            if None not in {pair.current.offences, pair.baseline and pair.baseline.offences}
            else "a figure is missing"
        )
    if pair.answer == "not-known":
        return "nobody has reviewed whether the definition changed"
    if pair.codes & {"definition-change", "mixed-quarter"}:
        return "the definition changed in between"
    return "a figure was not supplied" if "not-supplied" in pair.codes else "not like for like"


def _again(
    own: Pair,
    *,
    area: Area | None = None,
    period: Period | None = None,
    baseline: Period | None = None,
    offence: Offence | None = None,
    release: Release | None = None,
) -> Pair | str:
    """Judge the pair with one choice changed, or say in words why that cannot be."""
    current, before = own.current, own.baseline
    base = baseline or (before.period if before else None)
    now = period or current.period
    held, what = release or current.release, offence or current.offence
    if base is None:
        return "there is no baseline"
    span = held.span(what.code)
    if not (span.covers(now) and span.covers(base)):
        return "the release does not hold both periods"

    def counted(months: Period) -> Count:
        return count(area or current.area, what, held, months)

    return judge(counted(now), counted(base))


def _key(pair: Pair) -> tuple[object, ...]:
    baseline = pair.baseline
    return tuple(pair.current.area.names), pair.current.release.id, pair.current.period, baseline and baseline.period
