"""The period beside its baseline and the same quarters a year before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis import statistics
from analysis.comparison import Comparison, Count
from analysis.report import drawing
from analysis.report.charts.figure import WIDTH, Chart
from analysis.terms import numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def periods(comparison: Comparison) -> Chart:
    """Draw the period beside its baseline and the same quarters a year before, as counts a month with intervals.

    Returns
    -------
    Chart
        Dots with exact 95% intervals, one a period; those under another definition set apart by shape and word.
    """
    counts = _distinct_counts(comparison)
    rows = [_period_row(comparison, label, count) for label, count in counts]
    drawn = [row for row in rows if row[5] is not None]
    height = 0.55 + 0.55 * len(rows)
    with drawing.canvas(WIDTH, height) as (figure, axes):
        figure.subplots_adjust(left=0.03, right=0.97, bottom=0.5 / height, top=1 - 0.05 / height)
        axes.grid(visible=False)
        axes.grid(visible=True, axis="x")
        for place, row in enumerate(rows):
            _interval_row(axes, place, row)
        axes.set_yticks([])
        axes.set_ylim(len(rows) - 0.6, -0.7)
        axes.set_xlim(
            min(0, *(row[4] or 0 for row in rows)), 1.06 * max([1.0, *(row[6] or row[4] or 0 for row in rows)])
        )
        axes.set_xlabel("Recorded offences a month, with exact 95% interval")
        svg = drawing.to_svg(figure)
    said = "; ".join(
        f"{row[0].lower()}, {row[1]}: {numbers.number(row[3])} in {row[2]} months, {numbers.number(row[4], 1)} a month"
        + (f" (interval {numbers.interval(row[5], row[6])})" if row in drawn else "")
        + (f", {row[7]}" if row[7] != "present" else "")
        for row in rows
    )
    return Chart(
        "periods",
        _periods_title(comparison),
        svg,
        f"Dots with 95% intervals for recorded offences a month. {said}.",
        ("which", "period", "months", "offences", "per_month", "low", "high", "definition"),
        tuple(rows),
    )


def _distinct_counts(comparison: Comparison) -> list[tuple[str, Count]]:
    named = [
        ("This period", comparison.current),
        ("Baseline", comparison.baseline),
        ("Same quarters a year before", comparison.same_quarters_year_before),
    ]
    if comparison.baseline == comparison.same_quarters_year_before:
        named = [named[0], ("Baseline: same quarters a year before", comparison.baseline)]
    return [(label, count) for label, count in named if count is not None]


def _period_row(comparison: Comparison, label: str, count: Count) -> tuple[Any, ...]:
    low = high = None
    if count.offences is not None and count.offences >= 0:
        bounds = statistics.rate(count.offences, count.period.months)
        low, high = round(bounds.low, 3), round(bounds.high, 3)
    per_month = None if count.per_month is None else round(count.per_month, 3)
    definition = _definition(comparison, count)
    return (label, count.period.words, count.period.months, count.offences, per_month, low, high, definition)


def _definition(comparison: Comparison, count: Count) -> str:
    for change in comparison.offence.breaks:
        if count.period.last < change.month:
            return "earlier definition"
        if count.period.first < change.month:
            return "two definitions"
    return "present"


def _interval_row(axes: Axes, place: int, row: tuple[Any, ...]) -> None:
    label, period, _, offences, per_month, low, high, definition = row
    present = definition == "present"
    colour = drawing.ACCENT if present else drawing.BREAK
    said = (
        "not supplied [x]" if offences is None else f"{numbers.number(offences)} offence{'' if offences == 1 else 's'}"
    )
    # Above the line and from the left edge: there it meets no other label, whatever the figures.
    axes.annotate(
        f"{label}, {period}: {said}{'' if present else f', {definition} [b]'}",
        (0, place),
        xycoords=axes.get_yaxis_transform(),
        xytext=(0, 9),
        textcoords="offset points",
        va="bottom",
        fontsize=8.8,
        color=colour,
        bbox={"facecolor": drawing.PAPER, "linewidth": 0, "pad": 1},
    )
    if low is not None:
        axes.plot([low, high], [place, place], color=colour, linewidth=2.4, solid_capstyle="butt")
    if per_month is not None:
        axes.plot([per_month], [place], marker="o" if present else "s", markersize=8, color=colour, clip_on=False)


def _periods_title(comparison: Comparison) -> str:
    now = comparison.current
    parts = [f"{numbers.number(now.offences)} recorded offences in {now.period.words}"]
    other = comparison.baseline or comparison.same_quarters_year_before
    if other is None:
        return f"{parts[0]}; there is no earlier period to set beside it"
    joint = "; not like for like with" if not comparison.like_for_like else "; like for like,"
    return f"{parts[0]}{joint} {numbers.number(other.offences)} in {other.period.words}"
