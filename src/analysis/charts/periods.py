"""The period beside its baseline and the same quarters a year before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis import drawing, markup, statistics
from analysis.charts.figure import WIDTH, Chart
from analysis.comparison import Comparison, Count

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
    with drawing.canvas(WIDTH, 0.75 + 0.5 * len(rows)) as (figure, axes):
        figure.subplots_adjust(left=0.36, right=0.97, bottom=0.5 / (0.75 + 0.5 * len(rows)), top=0.95)
        axes.grid(visible=False)
        axes.grid(visible=True, axis="x")
        for place, row in enumerate(rows):
            _interval_row(axes, place, row)
        axes.set_yticks(range(len(rows)), [f"{row[0]}\n{row[1]}" for row in rows])
        axes.tick_params(axis="y", labelcolor=drawing.INK)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(0, 1.06 * max([1.0, *(row[6] or row[4] or 0 for row in rows)]))
        axes.set_xlabel("Recorded offences a month, with exact 95% interval")
        svg = drawing.to_svg(figure)
    said = "; ".join(
        f"{row[0].lower()}, {row[1]}: {markup.number(row[3])} in {row[2]} months, {markup.number(row[4], 1)} a month"
        + (f" (interval {markup.interval(row[5], row[6])})" if row in drawn else "")
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
    _, _, _, offences, per_month, low, high, definition = row
    if per_month is None:
        axes.text(
            0.02, place, "not supplied [x]", transform=axes.get_yaxis_transform(), va="center", color=drawing.BREAK
        )
        return
    colour = drawing.BREAK if definition != "present" else drawing.ACCENT
    if low is not None:
        axes.plot([low, high], [place, place], color=colour, linewidth=2, solid_capstyle="butt")
    axes.plot([per_month], [place], marker="o" if definition == "present" else "s", markersize=7, color=colour)
    note = f"{markup.number(offences)} offences" + (f", {definition} [b]" if definition != "present" else "")
    axes.annotate(
        note,
        (per_month, place),
        xytext=(0, 8),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=8.5,
        color=colour,
    )


def _periods_title(comparison: Comparison) -> str:
    now = comparison.current
    parts = [f"{markup.number(now.offences)} recorded offences in {now.period.words}"]
    other = comparison.baseline or comparison.same_quarters_year_before
    if other is None:
        return f"{parts[0]}; there is no earlier period to set beside it"
    joint = "; not like for like with" if not comparison.like_for_like else "; like for like,"
    return f"{parts[0]}{joint} {markup.number(other.offences)} in {other.period.words}"
