"""Whether the direction of a change survives another fair choice: an older release, other months, a longer baseline."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

from analysis.comparison.across_time import process
from analysis.comparison.between_periods import compare
from analysis.comparison.counts import total
from analysis.comparison.results import Comparison
from analysis.errors import RequestError
from analysis.figures import releases
from analysis.figures.register import load_register
from analysis.report import markup
from analysis.terms import forces, numbers
from analysis.terms.forces import Area
from analysis.terms.offences import ALL_SEXUAL
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
    """

    name: str
    current: float | None = None
    baseline: float | None = None
    reason: str = ""

    @property
    def direction(self) -> str:
        """``more``, ``fewer`` or ``the same``, or an empty string where there is none."""
        if self.reason or self.current is None or self.baseline is None:
            return ""
        return "more" if self.current > self.baseline else "fewer" if self.current < self.baseline else "the same"

    def __repr__(self) -> str:
        sides = " against ".join(
            numbers.number(value, 0 if isinstance(value, int) else 1) for value in (self.current, self.baseline)
        )
        return f"View({self.name}: {sides}; {self.direction or f'no direction, {self.reason}'})"

    def _repr_html_(self) -> str:
        return str(markup.paragraphs([repr(self).removeprefix("View(").removesuffix(")")]))


def views(comparison: Comparison) -> tuple[View, ...]:
    """Return the change as it stands, and by each other fair choice.

    Parameters
    ----------
    comparison
        The change to look at.

    Returns
    -------
    tuple of View
        The comparison's own first. No view has a direction across a change of definition.

    Examples
    --------
    >>> result = views(compare("England and Wales", period="2024/25", baseline="2023/24", release="2026-04-23"))
    >>> result[0].direction, len(result)
    ('fewer', 5)
    """
    return _views(comparison)


@functools.lru_cache(maxsize=8)
def _views(comparison: Comparison) -> tuple[View, ...]:
    return (
        _own(comparison),
        *_other_releases(comparison),
        *_other_months(comparison),
        _longer_baseline(comparison),
        _without_season(comparison),
        *_without_railways(comparison),
    )


def context(comparison: Comparison) -> tuple[View, ...]:
    """Return the same two periods for the force's sexual offences as a whole and for neighbouring codes, where held.

    Returns
    -------
    tuple of View
        Context for how offences are recorded: a change that all of them share is not this offence's own.
    """
    release = comparison.release
    codes = [code for code in (ALL_SEXUAL, *comparison.offence.neighbours) if code != comparison.offence.code]
    return tuple(
        _as_view(releases.describe(code, release.id).name, _again(comparison, offence=code))
        if release.holds(code)
        else View(f"code {code}", reason=f"release {release.id} as held here has no figures of this code")
        for code in codes
    )


def _own(comparison: Comparison) -> View:
    return _as_view("As compared on this page", comparison)


def _other_releases(comparison: Comparison) -> list[View]:
    found = []
    for release in load_register().releases:
        if release.kind != "full" or release.id == comparison.release.id or not release.holds(comparison.offence.code):
            continue
        name = f"As the release of {release.words} had it"
        periods = [count.period for count in (comparison.current, comparison.baseline) if count]
        if all(release.span(comparison.offence.code).covers(period) for period in periods):
            found.append(_as_view(name, _again(comparison, release=release.id)))
        else:
            found.append(View(name, reason="that release does not hold both periods"))
    return found


def _other_months(comparison: Comparison) -> list[View]:
    """Return the change from April to the period's end, and of four quarters, where the page does not say so already."""
    last = comparison.current.period.last
    choices = {
        "Financial year to date": Period(financial_year_of(last).first, last),
        "Four quarters": Period(last.shift(-11), last),
    }
    return [
        _as_view(
            f"{name}: {period.words}, against the same months a year before",
            _again(comparison, period=period, baseline=period.year_before),
        )
        for name, period in choices.items()
        if comparison.baseline is None
        or (period, period.year_before) != (comparison.current.period, comparison.baseline.period)
    ]


def _longer_baseline(comparison: Comparison) -> View:
    period = comparison.current.period
    name = f"Against the mean of the same months in the {YEARS_OF_BASELINE} years before"
    if period.months > 12:
        return View(name, reason="the period is longer than a year")
    before = [period.shift(-12 * years) for years in range(1, YEARS_OF_BASELINE + 1)]
    if not all(comparison.release.span(comparison.offence.code).covers(each) for each in before):
        return View(name, reason="the release does not reach so far back")
    if comparison.offence.breaks_within(period, before[-1]):
        return View(name, reason="the definition changed in between")
    if any(each.overlaps(change.launch) for change in comparison.offence.breaks for each in before):
        return View(name, reason="the baseline would touch the first year of the definition")
    wide = releases.matrix(comparison.offence.code, comparison.release.id)
    counts = [total(wide, comparison.area, each) for each in before]
    held = [count for count in counts if count is not None]
    if len(held) < len(counts) or comparison.current.offences is None:
        return View(name, reason="a figure was not supplied")
    return View(name, comparison.current.offences, sum(held) / len(held))


def _without_season(comparison: Comparison) -> View:
    name = "A month, with the season taken out"
    if comparison.baseline is None:
        return View(name, reason="there is no baseline")
    if comparison.crosses_break:
        return View(name, reason="the definition changed in between")
    series = process(comparison)
    levels = []
    for period in (comparison.current.period, comparison.baseline.period):
        inside = series.quarters.isin(period.quarters)
        if inside.sum() * 3 != period.months:
            return View(name, reason="the season is known only after the first year of the definition")
        levels.append(round(float(series.adjusted[inside].sum()) / period.months, 6))
    if any(math.isnan(level) for level in levels):
        return View(name, reason="a figure was not supplied")
    return View(name, levels[0], levels[1])


def _without_railways(comparison: Comparison) -> list[View]:
    railways = forces.find("BTP")
    if len(comparison.area.forces) == 1 or railways not in comparison.area.forces:
        return []
    rest = Area(comparison.area.name, tuple(force for force in comparison.area.forces if force != railways))
    return [_as_view("Without British Transport Police", _again(comparison, area=rest))]


def _as_view(name: str, comparison: Comparison | str) -> View:
    if isinstance(comparison, str):
        return View(name, reason=comparison)
    if comparison.baseline is None:
        return View(name, reason="there is no baseline")
    reason = ""
    if comparison.crosses_break:
        reason = "the definition changed in between"
    elif not comparison.like_for_like:
        reason = "not like for like"
    return View(name, comparison.current.offences, comparison.baseline.offences, reason)


def _again(
    comparison: Comparison,
    *,
    area: Area | None = None,
    period: Period | None = None,
    baseline: Period | None = None,
    offence: str | None = None,
    release: str | None = None,
) -> Comparison | str:
    """Compare with one choice changed, or say in words why that cannot be."""
    base = baseline or (comparison.baseline.period if comparison.baseline else None)
    if base is None:
        return "there is no baseline"
    try:
        return compare(
            area or comparison.area,
            period=period or comparison.current.period,
            baseline=base,
            offence=offence or comparison.offence.code,
            release=release or comparison.release.id,
        )
    except RequestError:
        return "the release does not hold both periods"
