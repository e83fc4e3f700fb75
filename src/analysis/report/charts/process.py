"""Which of an area's quarters are ordinary for it: the process chart."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.comparison import LEAST, Comparison, Process
from analysis.report.charts import labels, style
from analysis.report.charts.chart import Chart, chart, empty, of_area
from analysis.report.charts.quarters import count_axis, margin, quarter_values, year_axis
from analysis.report.charts.style import ACCENT, BREAK, MARK, MUTED, SHADE, Size
from analysis.report.rows import by_quarter
from analysis.report.view import say
from analysis.statistics import ProcessLimits
from analysis.terms.numbers import about, interval, joined, number
from analysis.terms.periods import quarter_label


def process(comparison: Comparison, *, size: Size | None = None, title: str | None = None) -> Chart:
    """Draw the quarters since the launch of the definition with their process limits, anew at each step, and the runs of special points numbered.

    Parameters
    ----------
    size, title
        Width and height in inches; a title of one's own in place of the sentence that says what is seen.

    Returns
    -------
    Chart
        Without a drawing where the median quarter is under 5, which it says.
    """
    result = comparison.process
    if result.limits is None:
        why = say(f"charts.why-not.{_why_not(result)}", quarters=len(result.quarters), least=LEAST)
        return empty(say("charts.no-process", why=why))
    limits: ProcessLimits = result.limits

    def draw(width: float, height: float | None) -> Figure:
        left, right = margin(_head(result, limits)), 6 + style.span(say("charts.upper"))
        across = 72 * width - left - right
        a_quarter = across / (len(result.quarters) + 0.2)
        steps = [((step.place + 0.1) * a_quarter, say("charts.step", quarter=step.quarter)) for step in result.steps]
        named = labels.above(steps, across + right)
        tall, top = 190 if width > style.NARROW else 160, labels.top(named) + 10
        with style.canvas(width, height, tall, left=left, right=right, top=top) as (figure, axes):
            _draw(axes, result, limits, a_quarter)
            for step, label in zip(result.steps, named, strict=True):
                label.write(axes, BREAK)
                labels.mark_line(axes, step.place - 0.5, label)
        return figure

    marked = dict(result.special_points())
    columns = {
        "offences": pd.array(result.offences, dtype="Int64"),
        "without_season": result.adjusted.round(1),
        "mean": limits.centre.round(1),
        "low": np.maximum(0.0, limits.low).round(1),
        "high": limits.high.round(1),
        "level": limits.segment + 1,
        "special": [marked.get(place, "") for place in range(len(result.quarters))],
    }
    frame, values = by_quarter(comparison.area.name, result.quarters, columns), _values(comparison, result, limits)
    title, about = title or _title(comparison, result), of_area(comparison)
    alternative = _alternative(comparison.area.name, result, limits)
    return chart("process", title, draw, alternative, frame, values=values, about=about, size=size, along="x")


def _draw(axes: Axes, result: Process, limits: ProcessLimits, a_quarter: float) -> None:
    places = np.arange(len(result.quarters))
    low = np.maximum(0, limits.low)
    for part in limits.parts:
        across = np.r_[part.start - 0.5, places[part], part.stop - 0.5]
        under, middle, over = (np.pad(each[part], 1, mode="edge") for each in (low, limits.centre, limits.high))
        axes.fill_between(across, under, over, color=SHADE, linewidth=0, zorder=0)
        axes.plot(across, middle, color=MUTED, linewidth=1)
    dot, square = (4, 7) if a_quarter > 6 else (3, 5)
    axes.plot(places, result.adjusted, color=ACCENT, linewidth=1.4, marker="o", markersize=dot, gid=MARK)
    top = _head(result, limits)
    a_line = top * labels.LINE / style.points(axes)[1]
    ends = [float(values[-1]) for values in (limits.high, limits.centre, low)]
    heights = style.apart([max(end, a_line) for end in ends], 2.2 * a_line)
    for text, end, height in zip(map(say, ("charts.upper", "charts.mean", "charts.lower")), ends, heights, strict=True):
        style.note(axes, f"{text}\n{number(end)}", (places[-1] + 0.6, height), (4, 0), va="center", color=MUTED)
    marked = [place for place, _ in result.special_points()]
    for place in marked:
        axes.plot([place], [result.adjusted[place]], marker="s", markersize=square, color=BREAK, zorder=4)
    for run, place in enumerate((place for place in marked if place - 1 not in marked), 1):
        value = float(result.adjusted[place])
        above = value >= limits.centre[place] or value < top * 0.1  # under it, the number would meet the years
        offset, side = (8, "bottom") if above else (-8, "top")
        style.note(axes, str(run), (place, value), (0, offset), ha="center", va=side, color=BREAK)
    year_axis(axes, result.quarters, a_quarter)
    axes.set_xlim(-0.6, len(places) - 0.4)
    axes.set_ylim(0, top)
    count_axis(axes)


def _head(result: Process, limits: ProcessLimits) -> float:
    return 1.14 * max(float(np.nanmax(result.adjusted)), float(limits.high.max()))


def _values(comparison: Comparison, result: Process, limits: ProcessLimits) -> list[str]:
    """Return in words what was recorded in each quarter that was supplied, its limits, and why it is marked."""
    counts = dict(zip(comparison.quarters["quarter"], quarter_values(comparison.quarters), strict=True))
    marked = dict(result.special_points())
    said = []
    for place, quarter in enumerate(result.quarters):
        if not np.isnan(result.adjusted[place]):
            values = {"count": counts[quarter], "adjusted": number(float(result.adjusted[place]), 1)}
            values["limits"] = interval(max(0.0, float(limits.low[place])), float(limits.high[place]))
            told = [say("charts.process-value-season" if result.season_removed else "charts.process-value", **values)]
            told += [say("charts.process-marked", why=marked[place])] if place in marked else []
            said.append("; ".join(told))
    return said


def _why_not(result: Process) -> str:
    if not result.reviewed:
        return "not-reviewed"
    if len(result.quarters) < LEAST:
        return "short"
    return "negative" if (result.offences < 0).any() else "few"


def _title(comparison: Comparison, result: Process) -> str:
    steps = [step.quarter for step in result.steps]
    name = "process-steps" if len(steps) > 2 else "process-step" if steps else "process-level"
    since = quarter_label(result.quarters[0])
    return say(
        f"charts.{name}", area=comparison.area.name, since=since, steps=joined(steps) if steps else "", count=len(steps)
    )


def _alternative(area: str, result: Process, limits: ProcessLimits) -> str:
    pairs = zip(map(quarter_label, result.quarters), map(float, result.adjusted), strict=True)
    values = "; ".join(f"{quarter} {number(value)}" for quarter, value in pairs)
    mean, ends = number(float(limits.centre[-1]), 1), interval(max(0.0, float(limits.low[-1])), float(limits.high[-1]))
    steps = "".join(
        " " + say("charts.process-said-step", quarter=step.quarter, before=about(step.before), after=about(step.after))
        for step in result.steps
    )
    return say(
        "charts.process-alternative",
        area=area,
        steps=steps,
        mean=mean,
        limits=ends,
        marked=len(result.special_points()),
        values=values,
    )
