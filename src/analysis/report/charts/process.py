"""The process chart: which quarters are ordinary for an area, and which are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.comparison import Comparison, Process
from analysis.comparison import process as process_of
from analysis.report import drawing
from analysis.report.charts.figure import WIDTH, Chart, apart, empty
from analysis.terms import numbers
from analysis.terms.periods import financial_year, quarter_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def process(comparison: Comparison) -> Chart:
    """Draw the quarters since the launch of the definition with their process limits, special points numbered.

    Returns
    -------
    Chart
        Without a drawing where the median quarter is under 5, which it says.
    """
    result = process_of(comparison)
    if result.limits is None:
        return empty("process", f"No process chart: {_why_not(result)}")
    with drawing.canvas(WIDTH, 3.3) as (figure, axes):
        figure.subplots_adjust(left=0.085, right=0.87, bottom=0.11, top=0.95)
        _draw(axes, result)
        svg = drawing.to_svg(figure)
    marked = dict(result.special_points())
    rows = tuple(
        (
            comparison.area.name,
            financial_year(quarter),
            quarter.quarter,
            None if np.isnan(count) else int(count),
            None if np.isnan(value) else round(float(value), 1),
            round(float(result.limits.centre[place]), 1),
            round(max(0.0, float(result.limits.low[place])), 1),
            round(float(result.limits.high[place]), 1),
            marked.get(place, ""),
        )
        for place, (quarter, count, value) in enumerate(
            zip(result.quarters, result.offences, result.adjusted, strict=True)
        )
    )
    header = (
        "force",
        "financial_year",
        "financial_quarter",
        "offences",
        "without_season",
        "mean",
        "low",
        "high",
        "special",
    )
    return Chart("process", _title(comparison, result), svg, _alternative(comparison, result), header, rows)


def _draw(axes: Axes, result: Process) -> None:
    limits, places = result.limits, np.arange(len(result.quarters))
    if limits is None:
        return
    axes.fill_between(places, np.maximum(0, limits.low), limits.high, color=drawing.SHADE, linewidth=0, zorder=0)
    axes.plot(places, limits.centre, color=drawing.MUTED, linewidth=1)
    axes.plot(places, result.adjusted, color=drawing.ACCENT, linewidth=1.4, marker="o", markersize=3.5)
    top = 1.14 * max(float(np.nanmax(result.adjusted)), float(limits.high.max()))
    ends = [float(values[-1]) for values in (limits.high, limits.centre, np.maximum(0, limits.low))]
    heights = apart([max(end, top * 0.06) for end in ends], top * 0.12)
    for text, end, height in zip(("upper limit", "mean", "lower limit"), ends, heights, strict=True):
        axes.annotate(
            f"{text}\n{numbers.number(end, 0)}",
            (places[-1], height),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
            color=drawing.MUTED,
            annotation_clip=False,
        )
    for number, (place, _) in enumerate(result.special_points(), 1):
        value = float(result.adjusted[place])
        axes.plot([place], [value], marker="s", markersize=7, color=drawing.BREAK, zorder=4)
        above = value >= limits.centre[place] or value < top * 0.1  # under it, the number would meet the years
        axes.annotate(
            str(number), (place, value), xytext=(0, 8 if above else -8), textcoords="offset points", ha="center",
            va="bottom" if above else "top", fontsize=8.5, color=drawing.BREAK,
        )  # fmt: skip
    firsts = [place for place, quarter in enumerate(result.quarters) if quarter.quarter == 1]
    axes.set_xticks([place + 1.5 for place in firsts], [financial_year(result.quarters[place]) for place in firsts])
    axes.set_xlim(-0.6, len(places) - 0.4)
    axes.set_ylim(0, top)
    axes.yaxis.set_major_formatter(lambda value, _: numbers.number(value))
    axes.locator_params(axis="y", integer=True, nbins=6)


def _why_not(result: Process) -> str:
    if not len(result.quarters):
        return "the release does not reach past the first year of the definition"
    if (result.offences < 0).any():
        return "a quarter is negative (net of cancellations)"
    return "the median quarter is under 5 recorded offences, too few for limits"


def _title(comparison: Comparison, result: Process) -> str:
    special = len(result.special_points())
    since = quarter_label(result.quarters[0])
    what = "no quarter is" if not special else "1 quarter is" if special == 1 else f"{special} quarters are"
    season = ", season taken out" if result.season_removed else ""
    return f"{comparison.area.name}: {what} marked as unusual since {since}{season}"


def _alternative(comparison: Comparison, result: Process) -> str:
    limits = result.limits
    if limits is None:
        return ""
    named = "; ".join(f"{span}, {reason}" for span, reason in result.stretches()) or "none"
    values = [
        f"{quarter_label(q)} {numbers.number(float(v), 0)}"
        for q, v in zip(result.quarters, result.adjusted, strict=True)
    ]
    return (
        f"Process chart of recorded offences by quarter, {comparison.area.name}: mean {numbers.number(float(limits.centre[-1]), 1)}, "
        f"limits {numbers.interval(max(0.0, float(limits.low[-1])), float(limits.high[-1]))}. Marked: {named}. Values: {'; '.join(values)}."
    )
