"""The period beside its baseline and the same quarters a year before."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.comparison import Comparison, Count
from analysis.report.charts import style
from analysis.report.charts.chart import Chart, chart, of_area
from analysis.report.charts.labels import LINE
from analysis.report.charts.quarters import DEFINITIONS, recorded
from analysis.report.charts.style import ACCENT, BREAK, MARK, SMALL, UNDER, Size
from analysis.report.rows import named_counts
from analysis.report.view import rows_of, words
from analysis.terms.numbers import interval, number


def periods(comparison: Comparison, *, size: Size | None = None, title: str | None = None) -> Chart:
    """Draw the period beside its baseline and the same quarters a year before, as counts a month with intervals.

    Parameters
    ----------
    size, title
        Width and height in inches; a title of one's own in place of the sentence that says what is seen.

    Returns
    -------
    Chart
        Dots with the 95% intervals that usual variation leaves open, one a period; those under another definition set apart by shape and word.
    """
    counts = [(label, count, *_interval(count)) for label, count in named_counts(comparison)]

    def draw(width: float, height: float | None) -> Figure:
        foot = "Recorded offences a month, with the 95% interval of usual variation"
        named = [style.wrapped(_named(label, count), 72 * width - 14, SMALL) for label, count, *_ in counts]
        rows = [LINE * (text.count("\n") + 1) + 24 for text in named]  # points: the words, and below them the dot
        with style.canvas(width, height, sum(rows), foot=foot, left=7, right=11, top=6) as (figure, axes):
            for place, text, (_, count, low, high) in zip(np.cumsum(rows) - 8, named, counts, strict=True):
                _draw(axes, float(place), text, count, low, high)
            axes.set_ylim(sum(rows), 0)
            reach = [value for _, count, *ends in counts for value in (count.per_month, *ends) if value]
            axes.set_xlim(min([0.0, *reach]), 1.06 * max([1.0, *reach]))
            style.count_across(axes)
        return figure

    frame = rows_of(
        ("which", "period", "months", "offences", "per_month", "low", "high", "definition"),
        [
            (
                *(label, count.period.words, count.period.months, count.offences, count.per_month, *ends),
                DEFINITIONS[count.definition],
            )
            for label, count, *ends in counts
        ],
    ).round(3)
    said = "; ".join(_said(*each) for each in counts)
    alternative = f"Dots with 95% intervals for recorded offences a month. {said}."
    shown = [each for each in counts if each[1].per_month is not None]
    values = [f"{_named(label, count)}; {_a_month(count, *ends)}" for label, count, *ends in shown]
    title, about = title or _title(comparison), of_area(comparison)
    return chart("periods", title, draw, alternative, frame, values=values, about=about, size=size, along="y")


def _interval(count: Count) -> tuple[float | None, float | None]:
    ends = count.usual
    return (ends.low / count.period.months, ends.high / count.period.months) if ends else (None, None)


def _draw(axes: Axes, place: float, text: str, count: Count, low: float | None, high: float | None) -> None:
    unlike = _definition(count)
    colour = BREAK if unlike else ACCENT
    # Above the line and from the left edge: there it meets no other label, whatever the figures.
    look: dict[str, Any] = {"xycoords": axes.get_yaxis_transform(), "va": "bottom", "bbox": UNDER, "color": colour}
    style.note(axes, text, (0, place), (0, 8), **look)
    if low is not None and high is not None:
        axes.plot([low, high], [place, place], color=colour, linewidth=2.4, solid_capstyle="butt")
    if count.per_month is not None:
        look = {"marker": "s" if unlike else "o", "markersize": 8, "color": colour, "clip_on": False}
        axes.plot([count.per_month], [place], gid=MARK, **look)


def _named(label: str, count: Count) -> str:
    marks = "".join(f" [{letter}]" for letter in count.marks)
    said = "not supplied [x]" if count.offences is None else f"{recorded(count.offences)}{marks}"
    return f"{label}, {count.period.words}: {said}{_definition(count)}"


def _said(label: str, count: Count, low: float | None, high: float | None) -> str:
    said = f"{label.lower()}, {count.period.words}: {number(count.offences)} in {count.period.months} months"
    return f"{said}, {_a_month(count, low, high)}{_definition(count)}"


def _a_month(count: Count, low: float | None, high: float | None) -> str:
    ends = "" if low is None else f" (interval {interval(low, high)})"
    return f"{number(count.per_month, 1)} a month{ends}"


def _definition(count: Count) -> str:
    """Return what a count under another definition than the one beside it, or under two, is called; nothing for others."""
    if "b" not in count.marks:
        return ""
    return ", two definitions" if count.definition == "two" else ", another definition"


def _title(comparison: Comparison) -> str:
    now, other = comparison.current, comparison.baseline
    said = f"{number(now.offences)} recorded offences in {now.period.words}"
    if other is None or comparison.answer is None:
        return f"{said}; no other period is compared with it"
    return (
        f"{said}; {words('charts.periods-title')[comparison.answer]} {number(other.offences)} in {other.period.words}"
    )
