"""Whether the direction of a change survives another fair choice: an older release, other months, a longer baseline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.comparison.across_time import process
from analysis.comparison.counts import count
from analysis.comparison.judgement import judge
from analysis.comparison.pair import Pair
from analysis.figures.register import Release, load_register
from analysis.terms import areas, offences
from analysis.terms.areas import Area
from analysis.terms.numbers import number
from analysis.terms.offences import Offence
from analysis.terms.periods import Period, financial_year_of

YEARS_OF_BASELINE = 3

# Why a pair has no direction, by the codes that forbid it; the first that applies is given.


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
        sides = " against ".join(
            number(value, 0 if isinstance(value, int) else 1) for value in (self.current, self.baseline)
        )
        return f"Choice({self.name}: {sides}; {self.direction or f'no direction, {self.reason}'})"


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
    found = {_key(own): _view("As compared on this page", own)}
    # A part of the same months is no other way of looking where the whole may be compared.
    for view in (*changed, *(() if own.like_for_like else _other_months(own))):
        found.setdefault(_key(view.pair) if view.pair else (view.name,), view)
    return (*found.values(), *_longer_baseline(own), *_without_season(own))


def context(own: Pair) -> tuple[Choice, ...]:
    """Return the same two periods for the offences that belong beside this one, where the release holds them.

    A change that all of them share is not this offence's own.
    """
    return tuple(_context(own, offences.find(code)) for code in own.current.offence.context)


def _context(own: Pair, offence: Offence) -> Choice:
    name = offence.name if offence.kind != "code" else f"{offence.name} (code {offence.code})"
    if not own.current.release.holds(offence.code):
        return Choice(name, reason=f"release {own.current.release.id} as held here has no figures of it")
    return _again(name, own, offence=offence)


def _other_releases(own: Pair) -> Iterator[Choice]:
    for release in load_register().releases:
        if release.kind == "full" and release.id != own.current.release.id and release.holds(own.current.offence.code):
            yield _again(f"As the release of {release.words} had it", own, release=release)


def _other_months(own: Pair) -> Iterator[Choice]:
    """Give the change from April to the period's end, and of four quarters, each against the same months a year before."""
    last = own.current.period.last
    choices = {Period(financial_year_of(last).first, last): "Financial year to date"}
    choices.setdefault(Period(last.shift(-11), last), "Four quarters")
    for period, name in choices.items():
        words = f"{name}: {period.words}, against the same months a year before"
        yield _again(words, own, period=period, baseline=period.year_before)


def _without_railways(own: Pair) -> Iterator[Choice]:
    area, railways = own.current.area, areas.find("BTP")
    if len(area.forces) == 1 or railways not in area.forces:
        return
    counts = [count(Area.of(railways), c.offence, c.release, c.period) for c in own.counts]
    if any(each.offences for each in counts):  # where it recorded none, leaving it out changes nothing
        rest = Area(area.name, tuple(force for force in area.forces if force != railways))
        yield _again("Without British Transport Police", own, area=rest)


def _longer_baseline(own: Pair) -> Iterator[Choice]:
    current, period = own.current, own.current.period
    name = f"Against the mean of the same months in the {YEARS_OF_BASELINE} years before"
    if period.months > 12:
        return
    years = [_again(name, own, baseline=period.shift(-12 * back)) for back in range(1, YEARS_OF_BASELINE + 1)]
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
    levels = []
    for each in own.counts:
        inside = series.quarters.isin(each.period.quarters)
        if inside.sum() * 3 != each.period.months:
            yield Choice(name, reason="the season is known only after the first year of the definition")
            return
        levels.append(round(float(series.adjusted[inside].sum()) / each.period.months, 6))
    yield Choice(name, levels[0], levels[1])


def _view(name: str, pair: Pair) -> Choice:
    baseline = pair.baseline.offences if pair.baseline else None
    return Choice(name, pair.current.offences, baseline, _why_not(pair), pair)


def _why_not(pair: Pair) -> str:
    if pair.baseline is None:
        return "there is no baseline"
    if pair.like_for_like:
        return ""
    return pair.caveats[0].short  # the gravest comes first


def _again(
    name: str,
    own: Pair,
    *,
    area: Area | None = None,
    period: Period | None = None,
    baseline: Period | None = None,
    offence: Offence | None = None,
    release: Release | None = None,
) -> Choice:
    """Return the pair as judged with one choice changed, or why that cannot be."""
    current, before = own.current, own.baseline
    held, what = release or current.release, offence or current.offence
    periods = [months for months in (period or current.period, baseline or (before and before.period)) if months]
    if not all(map(held.covers.covers, periods)):
        return Choice(name, reason="the release does not hold both periods")
    return _view(name, judge(*(count(area or current.area, what, held, months) for months in periods)))


def _key(pair: Pair) -> tuple[object, ...]:
    return (tuple(pair.current.area.names), pair.current.release.id, *(each.period for each in pair.counts))
