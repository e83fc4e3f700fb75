"""How to read each chart and table, and what may not be concluded from it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from analysis.comparison import CHANCE, SMALL, Comparison, Process
from analysis.report.view import NOTHING, View, prose, say
from analysis.terms.numbers import about, interval, joined, number
from analysis.terms.periods import quarter_label

QUARTERS = ("April to June", "July to September", "October to December", "January to March")


def across_time(comparison: Comparison) -> View:
    """Return how to read the process chart, what it marks, and how many marks chance alone would give."""
    result = comparison.process
    if result.limits is None or result.false_signals is None:
        return NOTHING
    expected, share = number(result.false_signals.points, 1), number(result.false_signals.share * 100)
    lines = [
        say("readings.process", quarter=quarter_label(result.quarters[0])),
        *_steps(result),
        _marked(result),
        say("readings.process-expected", expected=expected, share=share),
        _season(result),
        *([say("readings.process-trial")] if result.limits.trial.any() else []),
        _trend(result),
    ]
    if comparison.all_breaks:
        change = comparison.all_breaks[-1]
        launch = f", and {change.launch.words} was the launch of what has been counted since" if change.launch else ""
        begins = f"the chart begins after {'both' if launch else 'it'}"
        lines.append(f"What is counted changed on {change.words}: a step there is no growth{launch}; {begins}.")
    return prose(*lines)


def among_forces(comparison: Comparison) -> View:
    """Return how to read the chart of all forces, and what it does not say."""
    if not comparison.rates:
        return NOTHING
    none = comparison.current.rate is None and len(comparison.area.forces) == 1
    own = [f"{comparison.area.police} has no rate here: {comparison.current.no_rate}."] if none else []
    return prose(say("readings.rates"), *own, say("readings.rates-differ"))


def funnel_reading(comparison: Comparison) -> View:
    """Return how to read the funnel, where the force stands as a range, and what may not be concluded."""
    result = comparison.funnel
    if result is None:
        return NOTHING
    forces = len(result.forces)
    lines = [say("readings.funnel", rate=number(result.overall, 1), residents=result.residents)]
    if ranks := result.ranks(comparison.area.name):
        own = result.forces.T[comparison.area.name]
        drawn = {"pooled": number(own["pooled"], 1), "ends": interval(own["pooled_low"], own["pooled_high"])}
        lines.append(say("readings.funnel-place", name=comparison.area.name, ranks=ranks, forces=forces, **drawn))
    if not result.names_outliers:
        outside = {"chance": result.outside_chance, "spread": result.outside_dispersion}
        wide = {"phi": number(result.phi, 1), "times": number(math.sqrt(result.phi), 1)}
        lines.append(say("readings.funnel-spread", forces=forces, **wide, **outside))
    return prose(*lines)


def map_reading(comparison: Comparison) -> View:
    """Return how to read the map of all forces."""
    return prose(say("readings.map", period=comparison.current.period.words))


def index_reading(comparison: Comparison) -> View:
    """Return how to read the table of all forces."""
    periods = " and ".join(count.period.words for count in (comparison.current, comparison.baseline) if count)
    meaning = [line for line in comparison.offence.limits if "better recording" in line.casefold()][:1]
    forces = len(comparison.forces)
    chance = {"forces": forces, "expected": number(CHANCE * forces)}
    return prose(say("readings.index", periods=periods, small=SMALL, **chance), *meaning)


def changes_reading(comparison: Comparison) -> View:
    """Return what the changes of all forces say when they are looked at together; nothing for a single force."""
    result = comparison.changes
    if len(comparison.area.forces) == 1:
        return NOTHING
    if result is None:
        return prose("The two periods may not be compared, so the forces' changes are not set against each other.")
    percent = number(100 * math.expm1(result.differ))
    differ = say("readings.changes-differ" if result.differ else "readings.changes-alike", percent=percent)
    values = {"more": number(len(result.more)), "fewer": number(len(result.fewer)), "expected": number(result.expected)}
    return prose(say("readings.changes", forces=len(result.forces), differ=differ, **values))


def contributions_reading(comparison: Comparison) -> View:
    """Return what moved a whole: how many forces rose and fell, and which make up most of the net change."""
    found = comparison.moved
    if found is None or found.net == 0:
        return NOTHING
    low, high, net = (_towards(value) for value in (round(found.low), round(found.high), found.net))
    (rises, up), (falls, down) = found.rises, found.falls
    values = {"rises": rises, "up": number(up), "falls": falls, "down": number(-down), "net": net}
    most, total = joined(found.most), number(abs(found.most_sum))
    return prose(say("readings.moved", ends=f"{low} to {high}", most=most, sum=total, **values))


def robustness_reading(comparison: Comparison) -> View:
    """Return in how many other fair ways of looking the direction is the same."""
    own, *others = comparison.views
    directions = [view.direction for view in others if view.direction]
    if not own.direction:
        line = "This page's own comparison gives no direction."
    elif not directions:
        line = "No other fair way of looking at these figures gives a direction."
    else:
        same = sum(direction == own.direction for direction in directions)
        ways = "other way of looking that gives" if len(directions) == 1 else "other ways of looking that give"
        line = f"In {same} of {len(directions)} {ways} a direction it is the one of this page ({own.direction})."
    return prose(f"{line} A direction that depends on the choice of months, release or baseline is no finding.")


def context_reading(comparison: Comparison) -> View:
    """Return why the force's other figures stand beside these, or that none do."""
    return prose(say("readings.context" if comparison.offence.context else "readings.no-context"))


def revisions_reading(comparison: Comparison) -> View:
    """Return how many quarters the releases differ in, by at most how much, and what was supplied late."""
    sizes = comparison.revisions["difference"].fillna(0).abs()
    changed, lines = int((sizes != 0).sum()), [say("readings.revisions")]
    if len(sizes):
        were = f"{changed} {'was' if changed == 1 else 'were'} revised, by at most {number(sizes.max())}"
        lines.append(f"{len(sizes)} quarters are in several releases; {were if changed else 'none was revised'}.")
    lines += [f"{', '.join(gap.forces)}, {gap.months.words}: {gap.what}" for gap in comparison.late_supply]
    return prose(*lines)


def _steps(result: Process) -> Iterator[str]:
    """Give each step with what the register of breaks has near it, and each of its entries once."""
    for step in result.steps:
        days = " and ".join(dict.fromkeys(change.words for change in step.changes))
        near = f"an entry within a quarter of it ({days})" if days else "no entry within a quarter of it"
        levels = {"before": about(step.before), "after": about(step.after)}
        drifts = " in the years right before and after, for the level drifts as well" if step.drifts else ""
        yield say("readings.step", quarter=step.quarter, near=near, drifts=drifts, **levels)
    for change in dict.fromkeys(change for step in result.steps for change in step.changes):
        yield f"{', '.join([change.words, *change.forces])}: {change.what}"
    yield say("readings.steps-why" if result.steps else "readings.no-step")


def _marked(result: Process) -> str:
    count = len(result.special_points())
    if not count:
        return "No quarter is marked."
    marked = "; ".join(f"{span} ({reason})" for span, reason in result.stretches())
    return f"{count} {'quarter is' if count == 1 else 'quarters are'} marked: {marked}."


def _season(result: Process) -> str:
    if not result.season_removed:
        return "Quarters of the year do not differ enough across all forces for a season to be taken out."
    parts = []
    for quarter, factor in zip(QUARTERS, result.factors, strict=True):
        percent = round(100 * (factor - 1))
        side = "above" if percent > 0 else "below"
        parts.append(f"{quarter} {abs(percent)}% {side}" if percent else f"{quarter} about the same")
    return say("readings.season", quarters=", ".join(parts))


def _trend(result: Process) -> str:
    if result.steps:
        return "A step is no steady trend, so none is given."
    if result.trend is None or not math.isfinite(result.trend.ratio.value):
        return "No trend can be fitted."
    value, low, high = (100 * (each - 1) for each in result.trend.ratio)
    rose = "rose" if value > 0 else "fell"
    moved = f"{rose} by about {number(abs(value))}% a year" if round(value) else "hardly moved"
    return say("readings.trend", moved=moved, ends=f"{_towards(low, '%')} to {_towards(high, '%')}")


def _towards(change: float, unit: str = "") -> str:
    return f"{number(abs(change))}{unit} {'more' if change > 0 else 'fewer'}"
