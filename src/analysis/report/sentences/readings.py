"""How to read each figure and table of a page, and what it does not say."""

from __future__ import annotations

import math

import pandas as pd
from markupsafe import Markup

from analysis.comparison import SMALL, Comparison, Process, changes, funnel, process, views
from analysis.figures import revisions
from analysis.report import markup
from analysis.report.markup import Fragment
from analysis.terms import numbers
from analysis.terms.offences import ALL_SEXUAL
from analysis.terms.periods import quarter_label


def across_time(comparison: Comparison) -> Fragment:
    """Return how to read the process chart, what it marks, and how many marks chance alone would give."""
    result = process(comparison)
    lines = []
    if result.limits is not None and result.false_signals is not None and result.trend is not None:
        since = result.quarters[0]
        lines.append(
            f"Quarters since {quarter_label(since)}, the first full year after the launch of the definition. "
            if comparison.offence.breaks
            else f"Quarters since {quarter_label(since)}. "
        )
        lines[0] += (
            "The shaded band is where quarters usually fall if nothing changes; numbered squares are quarters that a rule marks as unusual. "
            f"In a stable series of this length {numbers.number(result.false_signals.signals, 1)} such marks would be expected by chance, "
            f"and {numbers.number(result.false_signals.share * 100)}% of stable series have at least one."
        )
        lines.append(_marked(result))
        lines.append(_season_words(result))
        if result.limits.trial.any():
            lines.append("With fewer than 12 quarters the limits are for trial only.")
        lines.append(_trend_words(result))
    if comparison.offence.breaks:
        change = comparison.offence.breaks[-1]
        lines.append(
            f"The step at {change.words} is a discontinuity of definition, not growth, and {change.launch.words} was the launch of the new "
            "definition; the chart begins after both."
        )
    return markup.prose(*lines)


def among_forces(comparison: Comparison) -> Fragment:
    """Return how to read the chart of all forces, and what it does not say."""
    lines = [
        "Each dot is a force's rate of residents, each line its exact 95% interval: chance alone. Where lines overlap, the order of the dots says little."
    ]
    if comparison.rate is None and len(comparison.area.forces) == 1:
        lines.append(f"{comparison.area.police} has no rate here: {_no_rate_reason(comparison)}")
    lines.append(
        "Forces differ in how they find and record these offences, in reporting and in proactive policing; the chart cannot say why rates differ. "
        "British Transport Police and the City of London are left out: the one has no residents, the other few residents and a large daytime population."
    )
    return markup.prose(*lines)


def funnel_reading(comparison: Comparison) -> Fragment:
    """Return how to read the funnel, where the force stands as a range, and what may not be concluded."""
    result = funnel(comparison)
    if result is None:
        return Fragment(Markup(""), "")
    lines = [
        f"Each dot is a force. If all had the same underlying rate ({numbers.number(result.overall, 1)} a year for 10,000 {result.residents}), "
        "95 dots in 100 would lie between the dashed lines marked chance; the lines marked spread allow for how much forces differ in fact.",
    ]
    if places := result.places(comparison.area.name):
        lines.append(
            f"By chance alone {comparison.area.name} could stand anywhere in place {places} of {len(result.forces)} (95% range, place 1 being the highest rate)."
        )
    if not result.names_outliers:
        lines.append(
            f"Forces differ far more than chance; this cannot say why. (The spread among them is {numbers.number(result.phi, 1)} times what chance would give: "
            f"{result.outside_chance} of {len(result.forces)} lie outside the limits of chance alone, {result.outside_spread} outside those that allow for the "
            "spread, and no force is named as unlike the others.)"
        )
    return markup.prose(*lines)


def map_reading(comparison: Comparison) -> Fragment:
    """Return how to read the map of all forces."""
    line = (
        "Each force is a square of one size in about its place. Forces a step of colour apart may differ by chance alone; the table below gives "
        f"each rate with its interval. Hatched squares have no rate to be read in {comparison.current.period.words}: British Transport Police has "
        "no residents, and the City of London few residents and a large daytime population."
    )
    return markup.prose(line)


def index_reading(comparison: Comparison) -> Fragment:
    """Return how to read the table of all forces."""
    lines = [
        f"Forces stand in the order of the alphabet. Counts are of {comparison.current.period.words}"
        + (f" and {comparison.baseline.period.words}" if comparison.baseline else "")
        + ". A percentage is given only where the two are like for like and neither count is under "
        f"{SMALL}; every rate has its exact 95% interval, which is of chance alone.",
        "A higher figure may reflect better recording, proactive policing or more reporting as well as more offending, and zero recorded is not zero abuse.",
    ]
    return markup.prose(*lines)


def changes_reading(comparison: Comparison) -> Fragment:
    """Return what the changes of all forces say when they are looked at together."""
    result = changes(comparison)
    if result is None:
        lines = ["The two periods are not like for like, so the forces' changes are not set against each other."]
    else:
        expected = numbers.number(0.05 * len(result.forces), 0)
        lines = [
            f"Between the two periods, {result.beyond_chance} of {len(result.forces)} forces have an exact 95% interval that shuts out no change, where about "
            f"{expected} would by chance; the changes vary {numbers.number(result.spread, 1)} times as much as chance alone would make them. Once that spread and "
            f"the number of forces are allowed for, {_counted(result.beyond_spread)} out (Benjamini and Hochberg, 5%)."
        ]
    return markup.prose(*lines)


def robustness_reading(comparison: Comparison) -> Fragment:
    """Return in how many fair ways of looking the direction is the same."""
    directions = [view.direction for view in views(comparison) if view.direction]
    if len(directions) < 2:
        line = "No other fair way of looking at these figures gives a direction."
    else:
        same = sum(direction == directions[0] for direction in directions)
        line = f"In {same} of {len(directions)} ways of looking that give a direction it is the one of this page ({directions[0]})."
    line += " A direction that depends on the choice of months, release or baseline is no finding."
    return markup.prose(line)


def context_reading(comparison: Comparison) -> Fragment:
    """Return why the force's other figures stand beside these, or that none do."""
    if comparison.offence.code == ALL_SEXUAL:
        return markup.prose(
            "These are all sexual offences together, which single codes are set beside; nothing is set beside them."
        )
    line = (
        "A change that all sexual offences recorded by the force share may reflect how offences are recorded; one that neighbouring codes make up for may "
        "reflect which code an offence is recorded under. Neither can be told from these figures alone."
    )
    return markup.prose(line)


def revisions_reading(comparison: Comparison) -> Fragment:
    """Return how many quarters the releases differ in, by how much at the most, and what was supplied late."""
    told = revisions.of(comparison.area.names, comparison.offence.code)
    changed = told[told["difference"].fillna(0) != 0]
    lines = [
        "A figure means nothing without its release: forces correct and complete what they have supplied, and being revised is no fault."
    ]
    if not changed.empty:
        sizes = changed["difference"].astype(int).abs()
        largest = pd.PeriodIndex(changed.index)[int(sizes.to_numpy().argmax())]
        lines.append(
            f"Of {len(told)} quarters that two or more releases speak of, {len(changed)} differ between them, at the most by {numbers.number(sizes.max())} ({quarter_label(largest)})."
        )
    lines += revisions.supplied_late(comparison.area.names)
    return markup.prose(*lines)


def _marked(result: Process) -> str:
    stretches = result.stretches()
    if not stretches:
        return "No quarter is marked."
    return "Marked: " + "; ".join(f"{span} ({reason})" for span, reason in stretches) + "."


def _season_words(result: Process) -> str:
    if not result.season_removed:
        return "Quarters of the year do not differ enough across all forces for a season to be taken out."
    factors = ", ".join(f"Q{place} {numbers.number(factor, 2)}" for place, factor in enumerate(result.factors, 1))
    return f"The season has been taken out: across all forces a quarter stands to the average of its year as {factors}."


def _trend_words(result: Process) -> str:
    if result.trend is None or not math.isfinite(result.trend.ratio.value):
        return "No trend can be fitted."
    ratio = result.trend.ratio
    return (
        f"Over these quarters recorded offences were multiplied by {numbers.number(ratio.value, 2)} a year "
        f"(95% interval {numbers.interval(ratio.low, ratio.high, 2)}, allowing for how much quarters scatter)."
    )


def _no_rate_reason(comparison: Comparison) -> str:
    return next(
        (caveat.text for caveat in comparison.caveats if caveat.code == "no-residents"), "it cannot be worked out."
    )


def _counted(number: int) -> str:
    return "none stands" if number == 0 else "1 stands" if number == 1 else f"{number} stand"
