"""An area's quarters: every one that the release holds, and which of them are ordinary for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.comparison import LEAST, Comparison, Process
from analysis.report.charts import style
from analysis.report.charts.style import ACCENT, BREAK, MUTED, NOTE, PALE, PAPER, SHADE, SMALL, UNDER, WIDTH, Size
from analysis.report.rows import by_quarter
from analysis.report.view import Chart, chart, empty, sentence
from analysis.statistics import ProcessLimits
from analysis.terms.numbers import about, interval, number
from analysis.terms.periods import Month, financial_year, quarter_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes


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
    quarters = pd.PeriodIndex(table["quarter"])
    left, top = margin(table["offences"].max()), 0.79 if comparison.all_breaks else 0.92
    with style.canvas(size or (WIDTH, 3.4), left=left, right=0.995, bottom=0.1, top=top) as (figure, axes):
        _bars(axes, table, comparison.current.period.quarters)
        _year_axis(axes, quarters, every=2)
        _mark_period(axes, table, comparison.current.period.quarters)
        _mark_breaks(axes, quarters, comparison)
    provisional = table["provisional"].map({True: "yes", False: "no"})
    frame = by_quarter(comparison.area.name, quarters, {"offences": table["offences"], "provisional": provisional})
    return chart("quarters", title or _quarters_title(comparison), figure, _quarters_alternative(comparison), frame)


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
    left, rows = margin(limits.high.max()), _step_rows(result)
    above = 0.17 + _ROW * max(rows, default=0)
    width, height = size or (WIDTH, 3.13 + above)
    margins = {"bottom": 0.36 / height, "top": 1 - above / height}
    with style.canvas((width, height), left=left, right=0.87, **margins) as (figure, axes):
        _draw_process(axes, result, limits)
        _mark_steps(axes, result, rows, height - 0.36 - above)
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
    return chart("process", title or _process_title(comparison, result), figure, alternative, frame)


def _bars(axes: Axes, table: pd.DataFrame, period: pd.PeriodIndex) -> None:
    values = table["offences"].astype("float64")
    axes.bar(
        range(len(values)),
        values.fillna(0),
        width=0.78,
        color=[ACCENT if quarter in period else PALE for quarter in table["quarter"]],
        hatch=["////" if provisional else "" for provisional in table["provisional"]],
        edgecolor=PAPER,
        linewidth=0,
    )
    axes.set_ylim(min(0.0, values.min()) * 1.05, max(values.max(), 4.0) * 1.04)
    axes.set_xlim(-0.7, len(values) - 0.3)
    count_axis(axes)
    for place in np.flatnonzero(values.isna()).tolist():
        axes.text(place, 0, "[x]", ha="center", va="bottom", fontsize=8, color=BREAK)


def margin(highest: float) -> float:
    """Return how much of the width the numbers of the axis take."""
    return max(0.085, 0.0148 * len(number(highest)))


def count_axis(axes: Axes) -> None:
    """Have an axis count in whole numbers as a reader writes them."""
    axes.yaxis.set_major_formatter(lambda value, _: number(value))
    axes.locator_params(axis="y", integer=True, nbins=6)


def _year_axis(axes: Axes, quarters: pd.PeriodIndex, *, every: int) -> None:
    """Write financial years under the middle of their quarters."""
    firsts = [(place, quarter) for place, quarter in enumerate(quarters) if quarter.quarter == 1][::every]
    axes.set_xticks([place + 1.5 for place, _ in firsts], [financial_year(quarter) for _, quarter in firsts])


def _mark_period(axes: Axes, table: pd.DataFrame, period: pd.PeriodIndex) -> None:
    own = np.flatnonzero(table["quarter"].isin(period))
    first, last, end = int(own[0]), int(own[-1]), len(table) - 0.5
    axes.axvspan(first - 0.5, last + 0.5, color=SHADE, zorder=0, linewidth=0)
    shaded, hatched = "shaded: period of this report", "hatched: provisional [p]"
    labels = [(shaded, last + 0.5, "right") if last > len(table) * 0.36 else (shaded, first - 0.5, "left")]
    if table["provisional"].any() and last > len(table) * 0.7:
        labels = [(f"{shaded}; {hatched}", end, "right")]
    elif table["provisional"].any():
        labels.append((hatched, end, "right"))
    look: dict[str, Any] = {"xycoords": axes.get_xaxis_transform(), "va": "bottom", "color": ACCENT, **NOTE}
    for text, across, side in labels:
        axes.annotate(text, (across, 1.02), ha=side, **look)


def _mark_breaks(axes: Axes, quarters: pd.PeriodIndex, comparison: Comparison) -> None:
    dated = {change.day: (change, pd.Period(change.day, freq="Q-MAR")) for change in comparison.all_breaks}
    lines = [(change, quarter) for change, quarter in dated.values() if quarter in quarters[1:]]
    top = 1.24 if len(lines) == 1 else 1.28
    taken: list[float] = []  # where the labels of each row end
    for change, quarter in lines:
        # A change inside a quarter stands within that quarter's bar.
        inside = (pd.Timestamp(change.day) - quarter.start_time) / (quarter.end_time - quarter.start_time)
        place = int(quarters.get_indexer(pd.PeriodIndex([quarter]))[0]) - 0.5 + float(inside)
        axes.axvline(place, ymax=top, color=BREAK, linewidth=1.2, linestyle=(0, (4, 2)), clip_on=False)
        if len(lines) == 1 and change.short_before and change.short_after and comparison.offence.code in change.breaks:
            _label(axes, change.short_before, place - 0.5, top, side="right")
            _label(axes, change.short_after, place + 0.5, top, side="left")
            return
        wide = len(quarters) * 0.018 * len(change.words)  # as wide as its words, in quarters
        fits = place + wide < len(quarters)
        start = place if fits else place - wide
        row = next((row for row, end in enumerate(taken) if end < start), len(taken))
        taken[row : row + 1] = [start + wide]
        across, side = (place + 0.5, "left") if fits else (place - 0.5, "right")
        _label(axes, change.words, across, 1.28 - 0.065 * row, side=side, fontsize=SMALL)


def _label(axes: Axes, text: str, across: float, height: float, *, side: str, **look: Any) -> None:
    look |= {"ha": side, "va": "top", "color": BREAK, "linespacing": 1.25, "annotation_clip": False}
    under = UNDER | {"pad": 0.5}  # another break's line passes behind the words
    axes.annotate(text, (across, height), xycoords=axes.get_xaxis_transform(), bbox=under, zorder=5, **look)


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


def _draw_process(axes: Axes, result: Process, limits: ProcessLimits) -> None:
    places = np.arange(len(result.quarters))
    low = np.maximum(0, limits.low)
    for part in limits.parts:
        ends = [part.start - 0.5, part.stop - 0.5]
        axes.fill_between(ends, low[part.start], limits.high[part.start], color=SHADE, linewidth=0, zorder=0)
        axes.plot(ends, [limits.centre[part.start]] * 2, color=MUTED, linewidth=1)
    axes.plot(places, result.adjusted, color=ACCENT, linewidth=1.4, marker="o", markersize=3.5)
    top = 1.14 * max(float(np.nanmax(result.adjusted)), float(limits.high.max()))
    ends = [float(values[-1]) for values in (limits.high, limits.centre, low)]
    heights = style.apart([max(end, top * 0.06) for end in ends], top * 0.12)
    for text, end, height in zip(("upper limit", "mean", "lower limit"), ends, heights, strict=True):
        style.note(axes, f"{text}\n{number(end)}", (places[-1], height), (8, 0), va="center", color=MUTED)
    marked = [place for place, _ in result.special_points()]
    runs = [place for place in marked if place - 1 not in marked]
    for place in marked:
        value = float(result.adjusted[place])
        axes.plot([place], [value], marker="s", markersize=7, color=BREAK, zorder=4)
        if place not in runs:
            continue
        above = value >= limits.centre[place] or value < top * 0.1  # under it, the number would meet the years
        offset, side = (8, "bottom") if above else (-8, "top")
        run = str(runs.index(place) + 1)
        style.note(axes, run, (place, value), (0, offset), ha="center", va=side, color=BREAK)
    _year_axis(axes, result.quarters, every=1 if len(places) <= _YEARLY else 2)
    axes.tick_params(axis="x", pad=6)  # clear of the 0 beside it
    axes.set_xlim(-0.6, len(places) - 0.4)
    axes.set_ylim(0, top)
    count_axis(axes)


_YEARLY = 36  # quarters, of which each year can be named below the chart
_ROW = 0.18  # inches that a row of labels above the chart takes


def _step_rows(result: Process) -> list[int]:
    """Return in which row above the chart each step is named, from 1, so that none meets the one before."""
    wide = len(result.quarters) * 0.2  # as wide as its words, in quarters
    taken: list[float] = []
    rows = []
    for step in result.steps:
        row = next((row for row, end in enumerate(taken) if end < step.place), len(taken))
        taken[row : row + 1] = [step.place + wide]
        rows.append(row + 1)
    return rows


def _mark_steps(axes: Axes, result: Process, rows: list[int], tall: float) -> None:
    for step, row in zip(result.steps, rows, strict=True):
        top = 1 + _ROW * row / tall  # of the height of the axes
        axes.axvline(step.place - 0.5, ymax=top, color=BREAK, linewidth=1.2, linestyle=(0, (4, 2)), clip_on=False)
        _label(axes, f"step {step.quarter}", step.place - 0.2, top + 0.015, side="left", fontsize=SMALL)


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
