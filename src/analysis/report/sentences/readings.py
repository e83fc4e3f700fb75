"""How to read each chart and table, and what may not be concluded from it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from analysis.comparison import Comparison, Process
from analysis.report.view import NOTHING, View, html, prose, say, stack, words
from analysis.report.wording import Scale, place_words
from analysis.terms.numbers import about, day_words, joined, number
from analysis.terms.periods import quarter_label


def across_time(comparison: Comparison) -> View:
    """Return how to read the process chart, what it marks, and how many marks chance alone would give."""
    result = comparison.process
    if result.limits is None or result.false_signals is None:
        return NOTHING
    lines = [*_steps(result), _trend(result)]
    if comparison.all_breaks:
        change = comparison.all_breaks[-1]
        name, launch = ("changed-launch", change.launch.words) if change.launch else ("changed", "")
        lines.append(say(f"readings.{name}", day=change.words, launch=launch))
    behind = prose(
        say("readings.process", quarter=quarter_label(result.quarters[0])),
        *_marked(result),
        _season(result),
        *([say("readings.process-trial")] if result.limits.trial.any() else []),
    )
    return stack(prose(*lines), View(html("fold", say("readings.how-to-read"), behind.html), behind.text))


def among_forces(comparison: Comparison) -> View:
    """Return how to read the chart of all forces, where the force stands as a range, and what the chart does not say."""
    if not comparison.rates:
        return NOTHING
    none = comparison.current.rate is None and len(comparison.area.forces) == 1
    why = {"police": comparison.area.police, "why": comparison.current.no_rate}
    own = [say("readings.no-rate", **why)] if none else _place(comparison)
    return prose(*own, say("readings.rates"), say("readings.rates-differ"))


def changes_reading(comparison: Comparison) -> View:
    """Return what the changes of all forces say when they are looked at together; nothing for a single force."""
    result = comparison.changes
    if len(comparison.area.forces) == 1:
        return NOTHING
    if result is None:
        return prose(say("readings.no-changes"))
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
    ends = say("readings.ends", low=low, high=high)
    most, total = joined(found.most), number(abs(found.most_sum))
    return prose(say("readings.moved", ends=ends, most=most, sum=total, **values))


def robustness_reading(comparison: Comparison) -> View:
    """Return in how many other fair ways of looking the direction is the same."""
    own, *others = comparison.views
    change = comparison.change
    if own.direction and not (change and change.reading in {"more", "fewer"}):
        return prose(f"{say('readings.robustness.unread')} {say('readings.robustness-why')}")
    directions = [view.direction for view in others if view.direction]
    if not own.direction or not directions:
        line = say("readings.robustness.alone" if own.direction else "readings.robustness.none")
    else:
        same = sum(direction == own.direction for direction in directions)
        which = "one" if len(directions) == 1 else "many"
        line = say(f"readings.robustness.{which}", same=same, others=len(directions), direction=own.direction)
    return prose(f"{line} {say('readings.robustness-why')}")


def context_reading(comparison: Comparison) -> View:
    """Return why the force's other figures stand beside these, or that none do."""
    return prose(say("readings.context" if comparison.offence.context else "readings.no-context"))


def revisions_reading(comparison: Comparison) -> View:
    """Return how many quarters the releases differ in, by at most how much, and what was supplied late."""
    sizes = comparison.revisions["difference"].fillna(0).abs()
    lines = [say("readings.revisions")]
    if len(sizes):
        changed = int((sizes != 0).sum())
        lines.append(_counted("revised", changed, changed=changed, quarters=len(sizes), most=number(sizes.max())))
    late = (
        {"forces": ", ".join(gap.forces), "months": gap.months.words, "what": gap.what}
        for gap in comparison.late_supply
    )
    return prose(*lines, *(say("readings.late", **values) for values in late))


def _place(comparison: Comparison) -> list[str]:
    """Return where a force's rate lies allowing for chance, and in which places it may stand."""
    funnel, name = comparison.funnel, comparison.area.name
    if funnel is None or name not in funnel.forces.index:
        return []
    low, high = (float(funnel.forces[end].loc[name]) for end in ("pooled_low", "pooled_high"))
    ranks, ends = place_words(funnel, name), Scale.of(comparison).ends(low, high)
    is_placed = ranks != say("tables.cannot-be-placed")
    sentence = "readings.place" if is_placed else "readings.no-place"
    return [say(sentence, name=name, ends=ends, ranks=ranks, forces=len(funnel.forces))]


def _counted(subject: str, count: int, **values: object) -> str:
    """Return the sentence of a subject for none, one or many."""
    return say(f"readings.{subject}.{ {0: 'none', 1: 'one'}.get(count, 'many') }", **values | {"count": count})


def _marked(result: Process) -> list[str]:
    """Say how many quarters are marked and how many chance alone would mark, or that the rules are not those of such a series."""
    if result.signals is None or result.false_signals is None:
        return [say("readings.process-unmarked")]
    expected, share = number(result.false_signals.points, 1), number(result.false_signals.share * 100)
    counted = _counted("marked", len(result.special_points()))
    return [counted, say("readings.process-expected", expected=expected, share=share)]


def _steps(result: Process) -> Iterator[str]:
    """Give each step with the day in its quarter that the register of breaks has; nothing where none was found, which proves none."""
    for step in result.steps:
        days = joined([day_words(day) for day in step.days]) if step.days else ""
        near = say("readings.step-near" if days else "readings.step-alone", days=days)
        levels = {"before": about(step.before), "after": about(step.after)}
        drifts = say("readings.step-drifts") if step.drifts else ""
        yield say("readings.step", quarter=step.quarter, near=near, drifts=drifts, **levels)
    if result.steps:
        yield say("readings.steps-why")


def _season(result: Process) -> str:
    if not result.season_removed:
        return say("readings.no-season")
    parts = []
    for quarter, factor in zip(words("readings.quarters").values(), result.factors, strict=True):
        percent = round(100 * (factor - 1))
        side = "above" if percent > 0 else "below" if percent else "same"
        parts.append(say(f"readings.season-parts.{side}", quarter=quarter, percent=abs(percent)))
    return say("readings.season", quarters=", ".join(parts))


def _trend(result: Process) -> str:
    if result.steps:
        return say("readings.step-no-trend")
    if result.trend is None or not math.isfinite(result.trend.ratio.value):
        return say("readings.no-trend")
    value, low, high = (100 * (each - 1) for each in result.trend.ratio)
    way = "same" if not round(value) else "more" if value > 0 else "fewer"
    moved = say(f"readings.moved-by.{way}", percent=number(abs(value)))
    return say(
        "readings.trend", moved=moved, ends=say("readings.ends", low=_towards(low, "%"), high=_towards(high, "%"))
    )


def _towards(change: float, unit: str = "") -> str:
    return say(f"readings.towards.{'more' if change > 0 else 'fewer'}", change=f"{number(abs(change))}{unit}")
