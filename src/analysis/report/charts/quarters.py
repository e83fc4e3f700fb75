"""An area's quarters: every one that the release holds, and which of them are ordinary for it (the process chart)."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from analysis.comparison import LEAST, Comparison, Process
from analysis.report.charts import style
from analysis.report.charts.chart import Chart, chart, empty
from analysis.report.charts.style import ACCENT, BREAK, MARK, MUTED, PALE, PAPER, SHADE, Label, Size, Sized, span
from analysis.report.tables import by_quarter
from analysis.report.view import say, words
from analysis.statistics import ProcessLimits
from analysis.terms.numbers import interval, number
from analysis.terms.periods import Period, financial_year, quarter_label


def place_of(day: date, freq: Any) -> float:
    """Return where a day lies among periods that are counted from 1970, each from half before to half after its number."""
    period = pd.Period(day, freq=freq)
    return float(period.ordinal - 0.5 + (pd.Timestamp(day) - period.start_time) / (period.end_time - period.start_time))


def break_labels(days: Mapping[date, str], at: Callable[[date], float], ends: tuple[float, float]) -> list[Label]:
    """Return labels for the days that lie on an axis, from right to left: so no line crosses the words of another."""
    places = {at(day): words for day, words in days.items()}
    return [Label(places[place], place) for place in sorted(places, reverse=True) if ends[0] < place < ends[1]]


def quarters(comparison: Comparison, *, size: Size | None = None, title: str | None = None) -> Chart:
    """Draw every quarter that the release holds, with the change of definition and the period under report.

    Parameters
    ----------
    size, title
        Width and height in inches; a title of one's own in place of the sentence that says what is seen.

    Returns
    -------
    Chart
        Bars, one a quarter; provisional quarters hollow, missing ones left out and named.
    """
    table = comparison.quarters
    if table["offences"].isna().all():
        return empty(say("charts.no-quarters", police=comparison.area.the_police))
    quarters, inside = pd.PeriodIndex(table["quarter"]), comparison.current.period.quarters
    ends = (-0.7, len(table) - 0.3)
    notes = [say("charts.shaded"), *([say("charts.hollow")] if table["provisional"].any() else [])]

    def draw(size: Sized) -> Figure:
        is_wide = size[0] > style.NARROW
        note = Label(("; " if is_wide else "\n").join(notes), ends[1], "right", ACCENT)
        labels, left = [[note, *_breaks(comparison, quarters)]], margin(table["offences"].max())
        figure, (axes,) = style.canvas(style.count_axis, size, 170 if is_wide else 150, ends, left=left, labels=labels)
        _bars(axes, table, inside)
        year_axis(axes, quarters)
        own = np.flatnonzero(table["quarter"].isin(inside))
        axes.axvspan(own[0] - 0.5, own[-1] + 0.5, color=SHADE, zorder=0, linewidth=0)
        return figure

    columns = {"offences": table["offences"], "provisional": table["provisional"].map({True: "yes", False: "no"})}
    frame, look = by_quarter(comparison.area.name, quarters, columns), _look(comparison, size)
    title, alternative = title or _quarters_title(comparison), _quarters_alternative(comparison)
    return chart("quarters", title, draw, alternative, frame, values=quarter_values(table), **look)


def process(comparison: Comparison, *, size: Size | None = None, title: str | None = None) -> Chart:
    """Draw the quarters since the launch of the definition with their process limits, anew at each step, and the special points marked.

    Parameters
    ----------
    size, title
        Width and height in inches; a title of one's own in place of the sentence that says what is seen.

    Returns
    -------
    Chart
        Without a drawing where there are no limits, which it says.
    """
    result, name, limits = comparison.process, comparison.area.name, comparison.process.limits
    if limits is None:
        return empty(say(f"charts.no-process.{'few' if result.reviewed else 'not-reviewed'}", least=LEAST))
    adjusted, marked = result.adjusted.tolist(), result.marked or ()
    labels = list(map(quarter_label, result.quarters))
    low = np.maximum(0.0, limits.low)
    ends = list(map(interval, low.tolist(), limits.high.tolist()))
    columns = {
        "offences": pd.array(result.offences, dtype="Int64"),
        "without_season": result.adjusted.round(1),
        "mean": limits.centre.round(1),
        "low": low.round(1),
        "high": limits.high.round(1),
        "level": limits.segment + 1,
        "special": ["yes" if place in marked else "" for place in range(len(labels))],
    }
    counts = dict(zip(comparison.quarters["quarter"], quarter_values(comparison.quarters), strict=True))
    values = []
    for place, (quarter, value) in enumerate(zip(result.quarters, adjusted, strict=True)):
        if not math.isnan(value):
            told = {"count": counts[quarter], "adjusted": number(value, 1), "limits": ends[place]}
            values.append(say(f"charts.process-value{'-season' * result.season_removed}", **told))
            values[-1] += say("charts.process-marked") if place in marked else ""
    said: dict[str, Any] = {"area": name, "marked": len(marked), "limits": ends[-1], "mean": limits.centre[-1]}
    said["values"] = "; ".join(f"{label} {number(value)}" for label, value in zip(labels, adjusted, strict=True))
    alternative = say("charts.process-alternative", **said)
    steps = [step.quarter for step in result.steps]
    which = "steps" if len(steps) > 2 else "step" if steps else "level"
    said |= {"steps": steps, "count": len(steps), "since": labels[0]}
    said |= {"noun": comparison.offence.noun, "season": say("charts.without-season") if result.season_removed else ""}
    title = title or say(f"charts.process-{which}", **said)
    draw, frame = functools.partial(_process, result, limits), by_quarter(name, result.quarters, columns)
    return chart("process", title, draw, alternative, frame, values=values, **_look(comparison, size))


def _process(result: Process, limits: ProcessLimits, size: Sized) -> Figure:
    """Draw the quarters over the band and the mean of each level, name their ends, and mark the special ones with squares."""
    places, low = np.arange(len(result.quarters)), np.maximum(0.0, limits.low)
    highest = 1.04 * max(float(np.nanmax(result.adjusted)), float(limits.high.max()))
    is_wide, ends = size[0] > style.NARROW, (-0.6, len(places) - 0.4)
    steps = [Label(say("charts.step", quarter=step.quarter), step.place - 0.5) for step in result.steps[::-1]]
    sides: dict[str, Any] = {"left": margin(highest), "right": 6 + span(say("charts.upper")), "labels": [steps]}
    figure, (axes,) = style.canvas(style.count_axis, size, 190 if is_wide else 160, ends, **sides)
    dot = 5 if style.points(axes)[0] > 6 * len(places) else 4
    for part in limits.parts:
        across = np.r_[part.start - 0.5, places[part], part.stop - 0.5]
        under, middle, over = (np.pad(each[part], 1, mode="edge") for each in (low, limits.centre, limits.high))
        axes.fill_between(across, under, over, color=SHADE, linewidth=0, zorder=0)
        axes.plot(across, middle, color=MUTED, linewidth=1)
    axes.set_ylim(0, highest)
    axes.plot(places, result.adjusted, color=ACCENT, linewidth=1.4)
    axes.scatter(places, result.adjusted, s=dot**2, color=ACCENT, linewidth=0, zorder=2.1, gid=MARK)
    levels = {"upper": limits.high[-1], "mean": limits.centre[-1], "lower": low[-1]}
    named = [(f"{say(f'charts.{name}')}\n{number(float(level))}", float(level)) for name, level in levels.items()]
    style.name_levels(axes, named, color=MUTED)
    marked = list(result.marked or ())
    axes.plot(marked, result.adjusted[marked], "s", markersize=dot + 2, color=BREAK, zorder=4)
    year_axis(axes, result.quarters)
    return figure


def quarter_values(table: pd.DataFrame) -> list[str]:
    """Return what was recorded in each quarter, in words."""
    periods = (Period.of_quarters(quarter, quarter) for quarter in table["quarter"])
    definitions = table["definition"].map({"present": ""} | words("charts.definitions"))
    return list(map(value_words, periods, map(recorded, table["offences"]), table["provisional"], definitions))


def value_words(period: Period, said: str, is_provisional: bool, definition: str = "") -> str:
    """Return what a mark of a period is worth, with what must be known of it."""
    marks = [say("charts.provisional") if is_provisional else "", definition]
    return f"{period.words}: {', '.join(filter(None, [said, *marks]))}"


def recorded(offences: Any) -> str:
    """Return a count of recorded offences in words."""
    if pd.isna(offences):
        return say("charts.not-supplied")
    return say("charts.recorded.one" if offences == 1 else "charts.recorded.many", count=number(offences))


def margin(highest: float) -> float:
    """Return how many points the numbers of the axis take."""
    return max(24.0, 8 + span(number(highest), style.TEXT))


def year_axis(axes: Axes, quarters: pd.PeriodIndex) -> None:
    """Write as many financial years under the middle of their quarters as there is room for."""
    wide = span("2012/13", style.TEXT) * float(np.ptp(axes.get_xlim())) / style.points(axes)[0]  # in quarters
    firsts = [(place, quarter) for place, quarter in enumerate(quarters) if quarter.quarter == 1]
    fitting = [each for each in firsts if each[0] + 1.5 + wide / 2 < len(quarters) + 0.5]
    fitting = fitting[:: -math.ceil((wide + 0.3) / 4)]  # back from the newest
    axes.set_xticks([place + 1.5 for place, _ in fitting], [financial_year(quarter) for _, quarter in fitting])


def _look(comparison: Comparison, size: Size | None) -> dict[str, Any]:
    """Return what the drawings of an area's quarters have in common."""
    name, of = comparison.area.name, [comparison.offence]
    return {"about": name, "release": comparison.release, "of": of, "areas": [name], "size": size, "along": "x"}


def _bars(axes: Axes, table: pd.DataFrame, period: pd.PeriodIndex) -> None:
    values, is_provisional = table["offences"].astype("float64"), table["provisional"].to_numpy(dtype=bool)
    # One object for all: one for each bar takes most of the time of the chart.
    corners = [[(x - 0.39, 0), (x + 0.39, 0), (x + 0.39, y), (x - 0.39, y)] for x, y in enumerate(values.fillna(0))]
    colours = np.where(table["quarter"].isin(period), ACCENT, PALE)
    faces, widths = np.where(is_provisional, PAPER, colours), np.where(is_provisional, 0.8, 0)
    look: dict[str, Any] = {"facecolors": faces, "edgecolors": colours, "linewidths": widths, "gid": MARK}
    axes.add_collection(PolyCollection(corners, **look), autolim=False)
    axes.set_ylim(min(0.0, values.min()) * 1.05, max(values.max(), 4.0) * 1.04)
    gaps = values.isna().to_numpy()
    for place in np.flatnonzero(gaps & ~np.r_[False, gaps[:-1]]).tolist():  # the marks of neighbours would overlap
        axes.text(place, 0, "[x]", ha="center", va="bottom", fontsize=style.SMALL, color=BREAK)


def _breaks(comparison: Comparison, quarters: pd.PeriodIndex) -> list[Label]:
    """Return a label for each day on which what is counted changed; of a single break of this very offence, the definition on either side."""

    def place(day: date) -> float:  # a change inside a quarter stands within that quarter's bar
        return place_of(day, quarters.freq) - quarters[0].ordinal

    ends = (0.4, len(quarters) - 0.5)
    found = [each for each in comparison.all_breaks if ends[0] < place(each.day) < ends[1]]
    only = found[0] if len(found) == 1 and comparison.offence.code in found[0].breaks else None
    if only and only.short_before and only.short_after:
        return [Label(only.short_after, place(only.day)), Label(only.short_before, place(only.day), "right")]
    return break_labels({each.day: each.words for each in found}, place, ends)


def _quarters_title(comparison: Comparison) -> str:
    """Return what was recorded in the period, and what the change from its baseline shows."""
    now, then, change = comparison.current, comparison.baseline, comparison.change
    which: str = change.reading if change and change.reading and comparison.like_for_like else "alone"
    if then and not (then.offences is None or now.offences is None or comparison.like_for_like):
        which = "unknown" if comparison.answer == "not-known" else "unlike"
    values = {"now": number(now.offences), "then": number(then.offences if then else None), "period": now.period.words}
    values |= {"baseline": then.period.words if then else "", "noun": comparison.offence.noun}
    return say(f"charts.quarters-title.{which}", police=comparison.area.police, **values)


def _quarters_alternative(comparison: Comparison) -> str:
    table, whose = comparison.quarters, {"name": comparison.area.name, "release": comparison.release.id}
    said = [say("charts.quarters-alternative", **whose)]
    since = table[table["settled"]] if table["settled"].any() else table
    counts = since.dropna(subset="offences").set_index("quarter")["offences"].astype(int)
    if len(counts):
        found = {"lowest": counts.idxmin(), "highest": counts.idxmax(), "newest": counts.index[-1]}
        values = {which: f"{quarter_label(at)} ({number(counts[at])})" for which, at in found.items()}
        first = since["quarter"].iloc[0]
        said.append(say("charts.extremes", month=Period.of_quarters(first, first).first.words, **values))
    days = dict.fromkeys(change.words for change in comparison.all_breaks)
    said += [say("charts.break-line", day=day) for day in days]
    if missing := int(table["offences"].isna().sum()):
        said.append(say("charts.gaps", missing=missing))
    return " ".join(said)
