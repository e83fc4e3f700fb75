"""How to read each figure and table of a page, and what it does not say."""

from __future__ import annotations

import math

from analysis.comparison import SMALL, Comparison, Process
from analysis.report.view import NOTHING, View, prose
from analysis.terms.numbers import number
from analysis.terms.periods import quarter_label

_QUARTERS = ("April to June", "July to September", "October to December", "January to March")


def across_time(comparison: Comparison) -> View:
    """Return how to read the process chart, what it marks, and how many marks chance alone would give."""
    result = comparison.process
    if result.limits is None or result.false_signals is None:
        return NOTHING
    lines = [
        f"Quarters since {quarter_label(result.quarters[0])}. The shaded band is where quarters usually fall if nothing changes; numbered "
        "squares are quarters that a rule marks as unusual. In a stable series of this length "
        f"{number(result.false_signals.signals, 1)} stretches of marked quarters would be expected by chance, and "
        f"{number(result.false_signals.share * 100)}% of stable series have at least one.",
        _marked(result),
        _season(result),
        *(["With fewer than 12 quarters the limits are for trial only."] if result.limits.trial.any() else []),
        _trend(result),
    ]
    if comparison.all_breaks:
        change = comparison.all_breaks[-1]
        launch = f", and {change.launch.words} was the launch of what has been counted since" if change.launch else ""
        both = "both" if change.launch else "it"
        lines.append(
            f"What is counted changed on {change.words}: a step there is no growth{launch}; the chart begins after {both}."
        )
    return prose(*lines)


def among_forces(comparison: Comparison) -> View:
    """Return how to read the chart of all forces, and what it does not say."""
    lines = [
        "Each dot is a force's rate of residents, each line its exact 95% interval, which is chance alone. Where lines overlap, a difference "
        "says little. Forces stand by region and name, never by size."
    ]
    if comparison.current.rate is None and len(comparison.area.forces) == 1:
        lines.append(f"{comparison.area.police} has no rate here: {comparison.current.no_rate}.")
    lines.append(
        "Forces differ in how offences are reported, found and recorded; the chart cannot say why rates differ. "
        "British Transport Police and the City of London are left out: the one has no residents, the other few residents and a large daytime population."
    )
    return prose(*lines) if comparison.rates else NOTHING


def funnel_reading(comparison: Comparison) -> View:
    """Return how to read the funnel, where the force stands as a range, and what may not be concluded."""
    result = comparison.funnel
    if result is None:
        return NOTHING
    lines = [
        f"Each dot is a force. If all had the same underlying rate ({number(result.overall, 1)} a year for 10,000 {result.residents}), "
        "95 dots in 100 would lie between the dashed lines marked chance; the lines marked spread allow for how much forces differ in fact.",
    ]
    if ranks := result.ranks(comparison.area.name):
        lines.append(
            f"By chance alone {comparison.area.name} could stand anywhere in place {ranks} of {len(result.forces)} (95% range, place 1 being the highest rate)."
        )
    if not result.names_outliers:
        lines.append(
            f"Forces differ far more than chance; this cannot say why. (Their variance is {number(result.phi, 1)} times what chance would give, the most "
            f"extreme tenth at each end set to the next: {result.outside_chance} of {len(result.forces)} lie outside the limits of chance alone, "
            f"{result.outside_dispersion} outside those that allow for the spread, and no force is named as unlike the others.)"
        )
    return prose(*lines)


def map_reading(comparison: Comparison) -> View:
    """Return how to read the map of all forces."""
    return prose(
        "Each square is one force, roughly where it lies. Forces a step of colour apart may differ by chance alone; the table below gives "
        f"each rate with its interval. Hatched squares have no rate to be read in {comparison.current.period.words}: British Transport Police has "
        "no residents, and the City of London few residents and a large daytime population."
    )


def index_reading(comparison: Comparison) -> View:
    """Return how to read the table of all forces."""
    then = f" and {comparison.baseline.period.words}" if comparison.baseline else ""
    return prose(
        f"Forces stand in the order of the alphabet. Counts are of {comparison.current.period.words}{then}. A change is given only where the two may be "
        f"compared and neither count is under {SMALL}, as a range that allows for how much forces' changes vary. Every rate has its exact 95% interval, "
        "which is chance alone.",
        *_meaning(comparison),
    )


def changes_reading(comparison: Comparison) -> View:
    """Return what the changes of all forces say when they are looked at together; nothing for a single force."""
    result = comparison.changes
    if len(comparison.area.forces) == 1:
        return NOTHING
    if result is None:
        return prose("The two periods may not be compared, so the forces' changes are not set against each other.")
    stand = "none stands" if result.beyond_dispersion == 0 else f"{result.beyond_dispersion} stand"
    return prose(
        f"Between the two periods, {result.beyond_chance} of {len(result.forces)} forces have an exact 95% interval that excludes no change, where about "
        f"{number(0.05 * len(result.forces))} would by chance; the variance of the changes is {number(result.dispersion, 1)} times what chance alone would "
        f"give. Once that and the number of forces are allowed for, {stand} out (Benjamini and Hochberg, 5%)."
    )


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
    if not comparison.offence.context:
        return prose("No other offences are set beside these.")
    return prose(
        "A change that the wider group shares may reflect how offences are recorded; one that a neighbouring offence makes up for may reflect which code "
        "an offence is recorded under. Neither can be told from these figures alone."
    )


def revisions_reading(comparison: Comparison) -> View:
    """Return how many quarters the releases differ in, by how much at the most, and what was supplied late."""
    told = comparison.revisions
    lines = [
        "A figure means nothing without its release: forces correct and complete what they have supplied, and being revised is no fault."
    ]
    if len(told):
        sizes = told["difference"].fillna(0).astype(int).abs()
        changed = int((sizes != 0).sum())
        revised = (
            "none was revised"
            if not changed
            else f"{changed} {'was' if changed == 1 else 'were'} revised, by at most {number(int(sizes.max()))}"
        )
        lines.append(f"{len(told)} quarters are in several releases; {revised}.")
    lines += [f"{', '.join(gap.forces)}, {gap.months.words}: {gap.what}" for gap in comparison.late_supply]
    return prose(*lines)


def _meaning(comparison: Comparison) -> list[str]:
    """Return the limit of the offence that says what more or fewer may mean, if it has one."""
    return [line for line in comparison.offence.limits if "better recording" in line.casefold()][:1]


def _marked(result: Process) -> str:
    stretches = result.stretches()
    return (
        f"Marked: {'; '.join(f'{span} ({reason})' for span, reason in stretches)}."
        if stretches
        else "No quarter is marked."
    )


def _season(result: Process) -> str:
    if not result.season_removed:
        return "Quarters of the year do not differ enough across all forces for a season to be taken out."
    parts = []
    for words, factor in zip(_QUARTERS, result.factors, strict=True):
        percent = round(100 * (factor - 1))
        parts.append(
            f"{words} {abs(percent)}% {'above' if percent > 0 else 'below'}" if percent else f"{words} about the same"
        )
    return (
        f"The season has been taken out: against an average quarter of its year, across all forces, {', '.join(parts)}."
    )


def _trend(result: Process) -> str:
    if result.trend is None or not math.isfinite(result.trend.ratio.value):
        return "No trend can be fitted."
    percents = [100 * (value - 1) for value in result.trend.ratio]
    value, low, high = percents
    moved = (
        f"{'rose' if value > 0 else 'fell'} by about {number(abs(value), 0)}% a year"
        if round(value)
        else "hardly moved"
    )
    ends = " to ".join(f"{number(abs(end))}% {'more' if end > 0 else 'fewer'}" for end in (low, high))
    return (
        f"Over these quarters recorded offences {moved} (95% interval: {ends}, allowing for how much quarters scatter)."
    )
