"""An area's quarters: every one that the release holds, and which of them are ordinary for it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.comparison import LEAST, Comparison, Process
from analysis.report.charts import labels, style
from analysis.report.charts.chart import Chart, chart, empty, of_area
from analysis.report.charts.labels import Label
from analysis.report.charts.style import ACCENT, BREAK, MARK, MUTED, PALE, PAPER, SHADE, Size, span
from analysis.report.rows import by_quarter
from analysis.report.view import sentence
from analysis.statistics import ProcessLimits
from analysis.terms.numbers import about, interval, number
from analysis.terms.periods import Month, Period, financial_year, quarter_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from analysis.terms.breaks import Break

_FOOT = 24.0  # points below the axes, for the years


def quarters(comparison: Comparison, *, size: Size | None = None, title: str | None = None) -> Chart:
    """Draw every quarter that the release holds, with the change of definition and the period under report.

    Parameters
    ----------
    size, title
        Width and height in inches; a title of one's own in place of the sentence that says what is seen.

    Returns
    -------
    Chart
        Bars, one a quarter; provisional quarters hatched, missing ones left out and named.
    """
    table = comparison.quarters
    if table["offences"].isna().all():
        return empty(f"No chart of quarters: no figure of {comparison.area.police} was supplied")
    quarters, inside = pd.PeriodIndex(table["quarter"]), comparison.current.period.quarters
    dated = _dated(quarters, comparison)

    def draw(width: float, height: float | None) -> Figure:
        left = margin(table["offences"].max())
        a_quarter = (72 * width - left - 3) / (len(table) + 0.4)
        notes = _period_notes(table, inside, a_quarter)
        breaks = _break_labels(comparison, dated, a_quarter * (len(table) + 0.4), a_quarter, left, floor=_top(notes, 2))
        top = _top([*notes, *breaks]) + 4
        size = (width, height or (top + _FOOT + (170 if width > style.NARROW else 150)) / 72)
        with style.canvas(size, left=left, right=3, bottom=_FOOT, top=top) as (figure, axes):
            _bars(axes, table, inside)
            _year_axis(axes, quarters, a_quarter)
            own = np.flatnonzero(table["quarter"].isin(inside))
            axes.axvspan(own[0] - 0.5, own[-1] + 0.5, color=SHADE, zorder=0, linewidth=0)
            for label in notes:
                label.write(axes, ACCENT)
            for label in breaks:
                label.write(axes, BREAK)
            for (_, place), label in zip(dated, breaks[len(breaks) - len(dated) :], strict=True):
                labels.mark_line(axes, place, label)
        return figure

    provisional = table["provisional"].map({True: "yes", False: "no"})
    frame = by_quarter(comparison.area.name, quarters, {"offences": table["offences"], "provisional": provisional})
    return chart(
        "quarters",
        title or _quarters_title(comparison),
        draw,
        _quarters_alternative(comparison),
        frame,
        values=quarter_values(table),
        about=of_area(comparison),
        size=size,
        along="x",
    )


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
    limits = result.limits
    if limits is None:
        return empty(f"No process chart: {_why_not(result)}")
    level = limits  # as it is known not to be None

    def draw(width: float, height: float | None) -> Figure:
        left, right = margin(_head(result, level)), 62.0
        across = 72 * width - left - right
        a_quarter = across / (len(result.quarters) + 0.2)
        steps = [((step.place + 0.1) * a_quarter, f"step {step.quarter}") for step in result.steps]
        named = labels.above(steps, across + right)
        top = _top(named) + 10
        size = (width, height or (top + _FOOT + (190 if width > style.NARROW else 160)) / 72)
        with style.canvas(size, left=left, right=right, bottom=_FOOT, top=top) as (figure, axes):
            _draw_process(axes, result, level, a_quarter)
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
    frame = by_quarter(comparison.area.name, result.quarters, columns)
    alternative = _process_alternative(comparison.area.name, result, limits)
    return chart(
        "process",
        title or _process_title(comparison, result),
        draw,
        alternative,
        frame,
        values=_process_values(comparison, result, limits, marked),
        about=of_area(comparison),
        size=size,
        along="x",
    )


def quarter_values(table: pd.DataFrame) -> list[str]:
    """Return what was recorded in each quarter, in words."""
    marks = table["provisional"].map({True: ", provisional", False: ""}) + table["definition"].map(_DEFINITIONS)
    counts = table["offences"].map(recorded, na_action=None)
    return [f"{_months(each)}: {said}{more}" for each, said, more in zip(table["quarter"], counts, marks, strict=True)]


_DEFINITIONS = {"present": "", "earlier": ", earlier definition", "two": ", two definitions"}


def recorded(offences: Any) -> str:
    """Return a count of recorded offences in words."""
    if pd.isna(offences):
        return "not supplied"
    return f"{number(offences)} recorded offence{'' if offences == 1 else 's'}"


def _months(quarter: pd.Period) -> str:
    return Period.of_quarters(quarter, quarter).words


def _bars(axes: Axes, table: pd.DataFrame, period: pd.PeriodIndex) -> None:
    values = table["offences"].astype("float64")
    bars = axes.bar(
        range(len(values)),
        values.fillna(0),
        width=0.78,
        color=[ACCENT if quarter in period else PALE for quarter in table["quarter"]],
        hatch=["////" if provisional else "" for provisional in table["provisional"]],
        edgecolor=PAPER,
        linewidth=0,
    )
    for bar in bars:
        bar.set_gid(MARK)
    axes.set_ylim(min(0.0, values.min()) * 1.05, max(values.max(), 4.0) * 1.04)
    axes.set_xlim(-0.7, len(values) - 0.3)
    count_axis(axes)
    for place in np.flatnonzero(values.isna()).tolist():
        axes.text(place, 0, "[x]", ha="center", va="bottom", fontsize=style.SMALL, color=BREAK)


def margin(highest: float) -> float:
    """Return how many points the numbers of the axis take."""
    return max(24.0, 8 + span(number(highest), style.TEXT))


def count_axis(axes: Axes) -> None:
    """Have an axis count in whole numbers as a reader writes them."""
    axes.yaxis.set_major_formatter(lambda value, _: number(value))
    axes.locator_params(axis="y", integer=True, nbins=6)


def _year_axis(axes: Axes, quarters: pd.PeriodIndex, a_quarter: float) -> None:
    """Write as many financial years under the middle of their quarters as there is room for, of so many points a quarter."""
    wide = span("2012/13", style.TEXT) / a_quarter  # in quarters
    firsts = [(place, quarter) for place, quarter in enumerate(quarters) if quarter.quarter == 1]
    fitting = [each for each in firsts if each[0] + 1.5 + wide / 2 < len(quarters) + 0.5]
    fitting = fitting[:: -math.ceil((wide + 0.3) / 4)]  # back from the newest
    axes.set_xticks([place + 1.5 for place, _ in fitting], [financial_year(quarter) for _, quarter in fitting])
    axes.tick_params(axis="x", pad=6)  # clear of the 0 beside it


def _top(of: Sequence[Label], more: float = 0) -> float:
    return max((label.top + more for label in of), default=0.0)


def _period_notes(table: pd.DataFrame, period: pd.PeriodIndex, a_quarter: float) -> list[Label]:
    """Return what shading and hatching mean, beside what is shaded and hatched."""
    own, count = np.flatnonzero(table["quarter"].isin(period)), len(table)
    first, last, end = (int(own[0]) + 0.2) * a_quarter, (int(own[-1]) + 1.2) * a_quarter, (count + 0.2) * a_quarter
    shaded, hatched = "shaded: period of this report", "hatched: provisional [p]"
    if not table["provisional"].any():
        hatched = ""
    elif own[-1] > count * 0.7:
        if span(f"{shaded}; {hatched}") < end:
            return [Label(f"{shaded}; {hatched}", end, 1, "right")]
        return [Label(hatched, end, 1, "right"), Label(shaded, end, 1 + labels.LINE, "right")]
    begins = last - span(shaded) if last > span(shaded) else min(first, end - span(shaded))
    meet = hatched and begins + span(shaded) > end - span(hatched)
    named = Label(shaded, last, 1, "right") if begins == last - span(shaded) else Label(shaded, begins, 1)
    notes = [replace(named, above=1 + labels.LINE) if meet else named]
    return [*notes, Label(hatched, end, 1, "right")] if hatched else notes


def _dated(quarters: pd.PeriodIndex, comparison: Comparison) -> list[tuple[Break, float]]:
    """Return each day on which what is counted changed, once, and where among the quarters it lies."""
    found = []
    for change in {change.day: change for change in comparison.all_breaks}.values():
        quarter = pd.Period(change.day, freq="Q-MAR")
        if quarter in quarters[1:]:
            # A change inside a quarter stands within that quarter's bar.
            inside = (pd.Timestamp(change.day) - quarter.start_time) / (quarter.end_time - quarter.start_time)
            found.append((change, int(quarters.get_indexer(pd.PeriodIndex([quarter]))[0]) - 0.5 + float(inside)))
    return sorted(found, key=lambda each: each[1])


def _break_labels(
    comparison: Comparison,
    dated: Sequence[tuple[Break, float]],
    width: float,
    a_quarter: float,
    left: float,
    *,
    floor: float,
) -> list[Label]:
    """Return a label for each break, its day; of a single one of this very offence, the definition on either side, the later one last."""
    change, place = dated[0] if len(dated) == 1 else (None, 0.0)
    if change and change.short_before and change.short_after and comparison.offence.code in change.breaks:
        across = (place + 0.7) * a_quarter
        before, after = (max(map(span, text.split("\n"))) for text in (change.short_before, change.short_after))
        later = Label(change.short_after, across + 4, floor)
        if across + 4 + after > width:
            later = Label(change.short_after, width, floor, "right")
        if before < across + left and later.side == "left":
            return [Label(change.short_before, across - 4, floor, "right"), later]
        return [Label(change.short_before, -left, later.top), later]  # above it, where its line does not reach
    return labels.above([((place + 0.7) * a_quarter, change.words) for change, place in dated], width, floor)


def _quarters_title(comparison: Comparison) -> str:
    table = comparison.quarters
    inside = table[table["quarter"].isin(comparison.current.period.quarters)]
    since = _settled(table)
    values = {"inside": _span(inside["offences"]), "since": _span(since["offences"])}
    month, period = _first_month(since["quarter"].iloc[0]), comparison.current.period.words
    return sentence("quarters-title", police=comparison.area.police, period=period, month=month, **values)


def _settled(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["settled"]] if table["settled"].any() else table


def _quarters_alternative(comparison: Comparison) -> str:
    table = comparison.quarters
    said = yearly(table)
    days = dict.fromkeys(change.words for change in comparison.all_breaks)
    breaks = " ".join(f"A line marks {day}, when what is counted changed." for day in days)
    missing = int(table["offences"].isna().sum())
    gaps = f" {missing} quarters are not supplied and left out." if missing else ""
    values = {"name": comparison.area.name, "release": comparison.release.id, "extremes": _extremes(_settled(table))}
    return sentence("quarters-alternative", said=said, breaks=breaks, gaps=gaps, **values).strip()


def _extremes(since: pd.DataFrame) -> str:
    held = since.dropna(subset="offences")
    if held.empty:
        return ""
    counts = held["offences"].to_numpy(dtype=int)
    places = {"lowest": int(counts.argmin()), "highest": int(counts.argmax()), "newest": -1}
    said = ", ".join(
        f"the {which} quarter is {quarter_label(held['quarter'].iloc[place])} with {number(int(counts[place]))}"
        for which, place in places.items()
    )
    return f"Since {_first_month(since['quarter'].iloc[0])} {said}. "


def _first_month(quarter: pd.Period) -> str:
    start = quarter.start_time
    return Month(start.year, start.month).words


def yearly(table: pd.DataFrame) -> str:
    """Return the sums of financial years in words, for readers who do not see the quarters."""
    years = table.groupby([financial_year(quarter) for quarter in table["quarter"]], sort=False)["offences"]
    return "; ".join(f"{year}: {_sum_words(values)}" for year, values in years)


def _sum_words(values: pd.Series) -> str:
    total = "not supplied whole" if values.isna().any() else number(int(values.sum()))
    return total if len(values) == 4 else f"{total} in {len(values)} quarters"


def _span(values: pd.Series) -> str:
    held = values.dropna()
    if held.empty:
        return "[x]"
    low, high = int(held.min()), int(held.max())
    return number(low) if low == high else f"{number(low)} to {number(high)}"


def _draw_process(axes: Axes, result: Process, limits: ProcessLimits, a_quarter: float) -> None:
    places = np.arange(len(result.quarters))
    low, is_wide = np.maximum(0, limits.low), a_quarter > 6
    for part in limits.parts:
        ends = [part.start - 0.5, part.stop - 0.5]
        axes.fill_between(ends, low[part.start], limits.high[part.start], color=SHADE, linewidth=0, zorder=0)
        axes.plot(ends, [limits.centre[part.start]] * 2, color=MUTED, linewidth=1)
    axes.plot(
        places, result.adjusted, color=ACCENT, linewidth=1.4, marker="o", markersize=4 if is_wide else 3, gid=MARK
    )
    top = _head(result, limits)
    a_line = top * labels.LINE / (axes.bbox.height / axes.figure.dpi * 72)
    ends = [float(values[-1]) for values in (limits.high, limits.centre, low)]
    heights = style.apart([max(end, a_line) for end in ends], 2.2 * a_line)
    for text, end, height in zip(("upper limit", "mean", "lower limit"), ends, heights, strict=True):
        style.note(axes, f"{text}\n{number(end)}", (places[-1], height), (5, 0), va="center", color=MUTED)
    marked = [place for place, _ in result.special_points()]
    runs = [place for place in marked if place - 1 not in marked]
    for place in marked:
        value = float(result.adjusted[place])
        axes.plot([place], [value], marker="s", markersize=7 if is_wide else 5, color=BREAK, zorder=4)
        if place not in runs:
            continue
        above = value >= limits.centre[place] or value < top * 0.1  # under it, the number would meet the years
        offset, side = (8, "bottom") if above else (-8, "top")
        run = str(runs.index(place) + 1)
        style.note(axes, run, (place, value), (0, offset), ha="center", va=side, color=BREAK)
    _year_axis(axes, result.quarters, a_quarter)
    axes.set_xlim(-0.6, len(places) - 0.4)
    axes.set_ylim(0, top)
    count_axis(axes)


def _head(result: Process, limits: ProcessLimits) -> float:
    return 1.14 * max(float(np.nanmax(result.adjusted)), float(limits.high.max()))


def _process_values(
    comparison: Comparison, result: Process, limits: ProcessLimits, marked: Mapping[int, str]
) -> list[str]:
    """Return in words what was recorded in each quarter that was supplied, its limits, and why it is marked."""
    counts = dict(zip(comparison.quarters["quarter"], quarter_values(comparison.quarters), strict=True))
    said = []
    for place, quarter in enumerate(result.quarters):
        if not np.isnan(result.adjusted[place]):
            season = f", {number(float(result.adjusted[place]), 1)} without the season" if result.season_removed else ""
            ends = interval(max(0.0, float(limits.low[place])), float(limits.high[place]))
            why = f"; marked: {marked[place]}" if place in marked else ""
            said.append(f"{counts[quarter]}{season}; limits {ends}{why}")
    return said


def _why_not(result: Process) -> str:
    if not result.reviewed:
        return "nobody has reviewed whether what is counted changed in these years"
    if len(result.quarters) < LEAST:
        held = f"{len(result.quarters)} quarters" if len(result.quarters) else "no quarter"
        return f"the release holds {held} since the newest definition had settled, and limits need {LEAST}"
    if (result.offences < 0).any():
        return "a quarter is negative (net of cancellations)"
    return "the median quarter is under 5 recorded offences, too few for limits"


def _process_title(comparison: Comparison, result: Process) -> str:
    special = len(result.special_points())
    what = "no quarter is" if not special else "1 quarter is" if special == 1 else f"{special} quarters are"
    season = ", season taken out" if result.season_removed else ""
    steps = [step.quarter for step in result.steps]
    named = f"at {' and '.join(steps)}" if len(steps) <= 2 else f"{len(steps)} times"
    where = f"the level steps {named}, and " if steps else ""
    since = quarter_label(result.quarters[0])
    return f"{comparison.area.name}: {where}{what} marked as unusual since {since}{season}"


def _process_alternative(area: str, result: Process, limits: ProcessLimits) -> str:
    named = "; ".join(f"{span}, {reason}" for span, reason in result.stretches()) or "none"
    pairs = zip(map(quarter_label, result.quarters), map(float, result.adjusted), strict=True)
    values = "; ".join(f"{quarter} {number(value)}" for quarter, value in pairs)
    mean, ends = number(float(limits.centre[-1]), 1), interval(max(0.0, float(limits.low[-1])), float(limits.high[-1]))
    steps = "".join(
        f" From {step.quarter} about {about(step.after)} a quarter, before about {about(step.before)}: a step."
        for step in result.steps
    )
    return sentence("process-alternative", area=area, steps=steps, mean=mean, limits=ends, named=named, values=values)
