"""An area's quarters: every one that the release holds, and which of them are ordinary for it (the process chart)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from analysis.comparison import LEAST, Comparison, Process
from analysis.report.charts import style
from analysis.report.charts.chart import Chart, chart, empty, sourced
from analysis.report.charts.style import ACCENT, BREAK, MARK, MUTED, PALE, PAPER, SHADE, UNDER, Size, span
from analysis.report.tables import by_quarter, quarters_frame
from analysis.report.view import say
from analysis.statistics import ProcessLimits
from analysis.terms.breaks import Break
from analysis.terms.numbers import about, interval, joined, number
from analysis.terms.periods import Period, financial_year, quarter_label

LINE = 11.0  # points that a line of small letters takes
# Of a day on which something changed.
DASHED: dict[str, Any] = {"color": BREAK, "linewidth": 1.2, "linestyle": (0, (4, 2))}


@dataclass(frozen=True)
class Label:
    """Words above the axes of a chart.

    Attributes
    ----------
    text
        One line or more.
    across
        Where they begin or end, in points from the left end of the axes.
    above
        Their foot, in points from the top of the axes.
    side
        ``left`` if they begin there, ``right`` if they end there.
    """

    text: str
    across: float
    above: float
    side: str = "left"

    @property
    def top(self) -> float:
        """Their head, in points from the top of the axes."""
        return self.above + LINE * (self.text.count("\n") + 1)

    def write(self, axes: Axes, colour: str, line: float | None = None) -> None:
        """Write them on a ground behind which another's line passes, with a dashed line at a place of the axes that reaches as high."""
        look: dict[str, Any] = {"bbox": UNDER | {"pad": 0.5}, "zorder": 5}
        style.note(
            axes,
            self.text,
            (0, 1),
            (self.across, self.above),
            axes.transAxes,
            ha=self.side,
            va="bottom",
            color=colour,
            **look,
        )
        if line is not None:
            axes.axvline(line, ymax=1 + max(0.0, self.top) / style.points(axes)[1], clip_on=False, **DASHED)


def in_rows(named: Iterable[tuple[float, str]], width: float, floor: float | None = None) -> list[Label]:
    """Return labels beside places, in as few rows as hold them clear of each other.

    Parameters
    ----------
    named
        How many points across each place is, and its words, from left to right.
    width
        Points that there are.
    floor
        How many points above the axes the lowest row stands; by default the highest stands below their top.

    Examples
    --------
    >>> [(each.across, each.above, each.side) for each in in_rows([(10, "one"), (12, "two"), (98, "three")], 100)]
    [(14, -13.0, 'left'), (16, -24.0, 'left'), (94, -13.0, 'right')]
    """
    stand, ends = list[Label](), list[float]()
    for place, text in named:
        wide = span(text) + 8
        fits = place + wide < width
        start = place if fits else place - wide
        row = next((row for row, end in enumerate(ends) if end <= start), len(ends))
        ends[row : row + 1] = [start + wide]
        stand.append(Label(text, place + 4 if fits else place - 4, -2 - LINE * (row + 1), "left" if fits else "right"))
    lift = 0 if floor is None else floor + 2 + LINE * len(ends)
    return [replace(label, above=label.above + lift) for label in stand]


def place_of(day: date, freq: Any) -> float:
    """Return where a day lies among periods that are counted from 1970, each from half before to half after its number."""
    period = pd.Period(day, freq=freq)
    return float(period.ordinal - 0.5 + (pd.Timestamp(day) - period.start_time) / (period.end_time - period.start_time))


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
        return empty(say("charts.no-quarters", police=comparison.area.police))
    quarters, inside = pd.PeriodIndex(table["quarter"]), comparison.current.period.quarters
    dated = _dated(quarters, comparison)

    def draw(width: float, height: float | None) -> Figure:
        left = margin(table["offences"].max())
        a_quarter = (72 * width - left - 3) / (len(table) + 0.4)
        notes = _notes(table, (len(table) + 0.2) * a_quarter)
        breaks = _break_labels(comparison, dated, a_quarter, left, floor=_top(notes) + 2)
        tall, top = 170 if width > style.NARROW else 150, _top([*notes, *breaks]) + 4
        figure, axes = style.canvas(count_axis, width, height, tall, left=left, right=3, top=top)
        _bars(axes, table, inside)
        year_axis(axes, quarters, a_quarter)
        own = np.flatnonzero(table["quarter"].isin(inside))
        axes.axvspan(own[0] - 0.5, own[-1] + 0.5, color=SHADE, zorder=0, linewidth=0)
        for label in notes:
            label.write(axes, ACCENT)
        lines = [None] * (len(breaks) - len(dated)) + [place for _, place in dated]
        for label, place in zip(breaks, lines, strict=True):
            label.write(axes, BREAK, place)
        return figure

    title, alternative = title or _quarters_title(comparison), _quarters_alternative(comparison)
    frame, look = quarters_frame(comparison), _look(comparison, size)
    return chart("quarters", title, draw, alternative, frame, values=quarter_values(table), **look)


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
    low, marked = np.maximum(0.0, limits.low), dict(result.special_points())
    highest = 1.14 * max(float(np.nanmax(result.adjusted)), float(limits.high.max()))

    def draw(width: float, height: float | None) -> Figure:
        left, right = margin(highest), 6 + span(say("charts.upper"))
        across = 72 * width - left - right
        a_quarter = across / (len(result.quarters) + 0.2)
        steps = [((step.place + 0.1) * a_quarter, say("charts.step", quarter=step.quarter)) for step in result.steps]
        named = in_rows(steps, across + right, 0)
        tall, top = 190 if width > style.NARROW else 160, _top(named) + 10
        figure, axes = style.canvas(count_axis, width, height, tall, left=left, right=right, top=top)
        dot, square = (4, 7) if a_quarter > 6 else (3, 5)
        _course(axes, result, limits, highest, dot)
        _runs(axes, result, limits, list(marked), square)
        year_axis(axes, result.quarters, a_quarter)
        for step, label in zip(result.steps, named, strict=True):
            label.write(axes, BREAK, step.place - 0.5)
        return figure

    columns = {
        "offences": pd.array(result.offences, dtype="Int64"),
        "without_season": result.adjusted.round(1),
        "mean": limits.centre.round(1),
        "low": low.round(1),
        "high": limits.high.round(1),
        "level": limits.segment + 1,
        "special": [marked.get(place, "") for place in range(len(result.quarters))],
    }
    counts = dict(zip(comparison.quarters["quarter"], quarter_values(comparison.quarters), strict=True))
    ends = [interval(*each) for each in zip(low.tolist(), limits.high.tolist(), strict=True)]
    values = [
        _process_value(result, place, counts[quarter], ends[place], marked.get(place, ""))
        for place, quarter in enumerate(result.quarters)
        if not np.isnan(result.adjusted[place])
    ]
    said = {"area": comparison.area.name, "marked": len(marked), "limits": ends[-1]}
    said["mean"] = number(float(limits.centre[-1]), 1)
    said["values"] = "; ".join(
        f"{quarter_label(quarter)} {number(float(value))}"
        for quarter, value in zip(result.quarters, result.adjusted, strict=True)
    )
    said["steps"] = "".join(
        " " + say("charts.process-said-step", quarter=step.quarter, before=about(step.before), after=about(step.after))
        for step in result.steps
    )
    frame = by_quarter(comparison.area.name, result.quarters, columns)
    title, alternative = title or _process_title(comparison, result), say("charts.process-alternative", **said)
    return chart("process", title, draw, alternative, frame, values=values, **_look(comparison, size))


def quarter_values(table: pd.DataFrame) -> list[str]:
    """Return what was recorded in each quarter, in words."""
    values: list[str] = []
    row: Any
    for row in table.itertuples():
        marks = [say("charts.provisional")] if row.provisional else []
        marks += [say(f"charts.definitions.{row.definition}")] if row.definition != "present" else []
        said = ", ".join([recorded(row.offences), *marks])
        values.append(f"{Period.of_quarters(row.quarter, row.quarter).words}: {said}")
    return values


def recorded(offences: Any) -> str:
    """Return a count of recorded offences in words."""
    if pd.isna(offences):
        return say("charts.not-supplied")
    return say("charts.recorded.one" if offences == 1 else "charts.recorded.many", count=number(offences))


def yearly(table: pd.DataFrame) -> str:
    """Return the sums of financial years in words, for readers who do not see the quarters."""
    said = []
    years = table.groupby([financial_year(quarter) for quarter in table["quarter"]], sort=False)["offences"]
    for year, values in years:
        total = say("charts.not-whole") if values.isna().any() else number(int(values.sum()))
        part = total if len(values) == 4 else say("charts.part-year", total=total, quarters=len(values))
        said.append(f"{year}: {part}")
    return "; ".join(said)


def margin(highest: float) -> float:
    """Return how many points the numbers of the axis take."""
    return max(24.0, 8 + span(number(highest), style.TEXT))


def count_axis(axes: Axes) -> None:
    """Have an axis count in whole numbers as a reader writes them."""
    axes.yaxis.set_major_formatter(lambda value, _: number(value))
    axes.locator_params(axis="y", integer=True, nbins=6)


def year_axis(axes: Axes, quarters: pd.PeriodIndex, a_quarter: float) -> None:
    """Write as many financial years under the middle of their quarters as there is room for, of so many points a quarter."""
    wide = span("2012/13", style.TEXT) / a_quarter  # in quarters
    firsts = [(place, quarter) for place, quarter in enumerate(quarters) if quarter.quarter == 1]
    fitting = [each for each in firsts if each[0] + 1.5 + wide / 2 < len(quarters) + 0.5]
    fitting = fitting[:: -math.ceil((wide + 0.3) / 4)]  # back from the newest
    axes.set_xticks([place + 1.5 for place, _ in fitting], [financial_year(quarter) for _, quarter in fitting])


def _look(comparison: Comparison, size: Size | None) -> dict[str, Any]:
    """Return what the drawings of an area's quarters have in common."""
    about = say("charts.about", whose=comparison.area.name, release=comparison.release.words)
    source = sourced(comparison.release, [comparison.offence], [comparison.area.name])
    return {"about": about, "size": size, "along": "x", "source": source}


def _top(labels: Iterable[Label]) -> float:
    """Return how high above the axes the highest label reaches."""
    return max((label.top for label in labels), default=0.0)


def _bars(axes: Axes, table: pd.DataFrame, period: pd.PeriodIndex) -> None:
    values = table["offences"].astype("float64")
    looks = list(zip(table["quarter"].isin(period), table["provisional"], strict=True))
    heights = values.fillna(0).tolist()
    for (is_current, is_provisional), run in groupby(range(len(heights)), key=looks.__getitem__):
        # One piece for neighbours that look alike: an object for each bar takes most of the time of the chart.
        corners = [[(x - 0.39, 0), (x + 0.39, 0), (x + 0.39, heights[x]), (x - 0.39, heights[x])] for x in run]
        look: dict[str, Any] = {"facecolor": ACCENT if is_current else PALE, "hatch": "////" if is_provisional else ""}
        axes.add_collection(PolyCollection(corners, edgecolor=PAPER, linewidth=0, gid=MARK, **look))
    axes.set_ylim(min(0.0, values.min()) * 1.05, max(values.max(), 4.0) * 1.04)
    axes.set_xlim(-0.7, len(values) - 0.3)
    for place in np.flatnonzero(values.isna()).tolist():
        axes.text(place, 0, "[x]", ha="center", va="bottom", fontsize=style.SMALL, color=BREAK)


def _notes(table: pd.DataFrame, end: float) -> list[Label]:
    """Return what shading and hatching mean, above the end of the axes: in one row, or in two where that is too narrow."""
    said = [say("charts.shaded"), *([say("charts.hatched")] if table["provisional"].any() else [])]
    rows = ["; ".join(said)] if span("; ".join(said)) < end else said[::-1]
    return [Label(text, end, 1 + LINE * row, "right") for row, text in enumerate(rows)]


def _dated(quarters: pd.PeriodIndex, comparison: Comparison) -> list[tuple[Break, float]]:
    """Return each day on which what is counted changed, once, and where among the quarters it lies."""
    # A change inside a quarter stands within that quarter's bar.
    found = {change.day: (change, place_of(change.day, quarters.freq)) for change in comparison.all_breaks}
    placed = [(change, place - quarters[0].ordinal) for change, place in found.values()]
    return sorted((each for each in placed if 0.5 <= each[1] < len(quarters) - 0.5), key=lambda each: each[1])


def _break_labels(
    comparison: Comparison, dated: Sequence[tuple[Break, float]], a_quarter: float, left: float, *, floor: float
) -> list[Label]:
    """Return a label for each break, its day; of a single one of this very offence, the definition on either side, the later one last."""
    width = a_quarter * (len(comparison.quarters) + 0.4)
    named = [((place + 0.7) * a_quarter, change.words) for change, place in dated]
    before, after, codes = (
        (dated[0][0].short_before, dated[0][0].short_after, dated[0][0].breaks) if len(dated) == 1 else ("", "", ())
    )
    if not (before and after and comparison.offence.code in codes):
        return in_rows(named, width, floor)
    across = named[0][0]
    if across + 4 + _wide(after) > width:
        later = Label(after, width, floor, "right")
    else:
        later = Label(after, across + 4, floor)
        if _wide(before) < across + left:
            return [Label(before, across - 4, floor, "right"), later]
    return [Label(before, -left, later.top), later]  # above it, where its line does not reach


def _wide(text: str) -> float:
    return max(map(span, text.split("\n")))


def _quarters_title(comparison: Comparison) -> str:
    """Return what was recorded in the period, and what the change from its baseline shows."""
    base, change = comparison.baseline, comparison.change
    if base is None or base.offences is None or comparison.current.offences is None:
        which = "alone"
    elif not comparison.like_for_like:
        which = "unknown" if comparison.answer == "not-known" else "unlike"
    else:
        which = change.reading if change and change.reading else "alone"
    values = {"now": number(comparison.current.offences), "then": number(base.offences if base else None)}
    values |= {"period": comparison.current.period.words, "baseline": base.period.words if base else ""}
    return say(f"charts.quarters-title.{which}", police=comparison.area.police, noun=comparison.offence.noun, **values)


def _quarters_alternative(comparison: Comparison) -> str:
    table = comparison.quarters
    said = [
        say("charts.quarters-alternative", name=comparison.area.name, release=comparison.release.id, said=yearly(table))
    ]
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


def _course(axes: Axes, result: Process, limits: ProcessLimits, highest: float, dot: float) -> None:
    """Draw the quarters over the band and the mean of each level, and name their ends."""
    places, low = np.arange(len(result.quarters)), np.maximum(0.0, limits.low)
    for part in limits.parts:
        across = np.r_[part.start - 0.5, places[part], part.stop - 0.5]
        under, middle, over = (np.pad(each[part], 1, mode="edge") for each in (low, limits.centre, limits.high))
        axes.fill_between(across, under, over, color=SHADE, linewidth=0, zorder=0)
        axes.plot(across, middle, color=MUTED, linewidth=1)
    axes.set_xlim(-0.6, len(places) - 0.4)
    axes.set_ylim(0, highest)
    axes.plot(places, result.adjusted, color=ACCENT, linewidth=1.4, marker="o", markersize=dot, gid=MARK)
    a_line = highest * LINE / style.points(axes)[1]
    ends = [float(values[-1]) for values in (limits.high, limits.centre, low)]
    heights = style.apart([max(end, a_line) for end in ends], 2.2 * a_line)
    for text, end, height in zip(map(say, ("charts.upper", "charts.mean", "charts.lower")), ends, heights, strict=True):
        style.note(axes, f"{text}\n{number(end)}", (places[-1] + 0.6, height), (4, 0), va="center", color=MUTED)


def _runs(axes: Axes, result: Process, limits: ProcessLimits, marked: list[int], square: float) -> None:
    """Mark the special quarters with squares, and number their runs."""
    axes.plot(marked, result.adjusted[marked], "s", markersize=square, color=BREAK, zorder=4)
    for run, place in enumerate((place for place in marked if place - 1 not in marked), 1):
        value = float(result.adjusted[place])
        # Under it, the number of a low one would meet the years.
        above = value >= limits.centre[place] or value < axes.get_ylim()[1] * 0.1
        offset, side = (8, "bottom") if above else (-8, "top")
        style.note(axes, str(run), (place, value), (0, offset), ha="center", va=side, color=BREAK)


def _process_value(result: Process, place: int, count: str, limits: str, why: str) -> str:
    """Return in words what was recorded in a quarter, its limits, and why it is marked."""
    name = "charts.process-value-season" if result.season_removed else "charts.process-value"
    said = [say(name, count=count, adjusted=number(float(result.adjusted[place]), 1), limits=limits)]
    return "; ".join([*said, *([say("charts.process-marked", why=why)] if why else [])])


def _why_not(result: Process) -> str:
    if not result.reviewed:
        return "not-reviewed"
    if len(result.quarters) < LEAST:
        return "short"
    return "negative" if (result.offences < 0).any() else "few"


def _process_title(comparison: Comparison, result: Process) -> str:
    steps = [step.quarter for step in result.steps]
    name = "process-steps" if len(steps) > 2 else "process-step" if steps else "process-level"
    values = {"area": comparison.area.name, "since": quarter_label(result.quarters[0])}
    return say(f"charts.{name}", steps=joined(steps) if steps else "", count=len(steps), **values)
