"""The period beside its baseline and the same quarters a year before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.comparison import Comparison, Count
from analysis.report.charts import style
from analysis.report.charts.style import ACCENT, BREAK, UNDER, WIDTH, Size
from analysis.report.rows import named_counts
from analysis.report.view import Chart, chart, rows_of
from analysis.terms.numbers import interval, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DEFINITIONS = {"present": "present", "earlier": "earlier definition", "two": "two definitions"}
JOINTS = {
    "yes": "; like for like,",
    "with-care": "; to be compared only with care,",
    "no": "; not like for like with",
    "not-known": "; not known to be like for like with",
}


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
    width, height = size or (WIDTH, 0.55 + 0.55 * len(counts))
    margins = {"left": 0.03, "right": 0.97, "bottom": 0.5 / height, "top": 1 - 0.05 / height}
    with style.canvas((width, height), **margins) as (figure, axes):
        axes.grid(visible=False)
        axes.grid(visible=True, axis="x")
        for place, each in enumerate(counts):
            _draw(axes, place, *each)
        axes.set_yticks([])
        axes.set_ylim(len(counts) - 0.6, -0.7)
        reach = [value for _, count, *ends in counts for value in (count.per_month, *ends) if value]
        axes.set_xlim(min([0.0, *reach]), 1.06 * max([1.0, *reach]))
        axes.set_xlabel("Recorded offences a month, with the 95% interval of usual variation")
    frame = rows_of(
        ("which", "period", "months", "offences", "per_month", "low", "high", "definition"),
        [
            (
                *(label, count.period.words, count.period.months, count.offences),
                *(None if value is None else round(value, 3) for value in (count.per_month, *ends)),
                DEFINITIONS[count.definition],
            )
            for label, count, *ends in counts
        ],
    )
    said = "; ".join(_said(*each) for each in counts)
    alternative = f"Dots with 95% intervals for recorded offences a month. {said}."
    return chart("periods", title or _title(comparison), figure, alternative, frame)


def _interval(count: Count) -> tuple[float | None, float | None]:
    ends = count.usual
    return (ends.low / count.period.months, ends.high / count.period.months) if ends else (None, None)


def _draw(axes: Axes, place: int, label: str, count: Count, low: float | None, high: float | None) -> None:
    unlike = _definition(count)
    colour = BREAK if unlike else ACCENT
    said = "not supplied [x]"
    if count.offences is not None:
        marks = "".join(f" [{letter}]" for letter in count.marks)
        said = f"{number(count.offences)} offence{'' if count.offences == 1 else 's'}{marks}"
    # Above the line and from the left edge: there it meets no other label, whatever the figures.
    look = {"xycoords": axes.get_yaxis_transform(), "va": "bottom", "fontsize": 8.8, "bbox": UNDER, "color": colour}
    style.note(axes, f"{label}, {count.period.words}: {said}{unlike}", (0, place), (0, 9), **look)
    if low is not None and high is not None:
        axes.plot([low, high], [place, place], color=colour, linewidth=2.4, solid_capstyle="butt")
    if count.per_month is not None:
        axes.plot([count.per_month], [place], marker="s" if unlike else "o", markersize=8, color=colour, clip_on=False)


def _said(label: str, count: Count, low: float | None, high: float | None) -> str:
    said = f"{label.lower()}, {count.period.words}: {number(count.offences)} in {count.period.months} months, {number(count.per_month, 1)} a month"
    ends = "" if low is None else f" (interval {interval(low, high)})"
    return said + ends + _definition(count)


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
    return f"{said}{JOINTS[comparison.answer]} {number(other.offences)} in {other.period.words}"
