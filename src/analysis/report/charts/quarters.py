"""An area's quarters: every one that the release holds, and what the charts of quarters share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.comparison import Comparison
from analysis.report.charts import labels, style
from analysis.report.charts.chart import Chart, chart, empty, of_area
from analysis.report.charts.labels import Label
from analysis.report.charts.style import ACCENT, BREAK, MARK, PALE, PAPER, SHADE, Size, span
from analysis.report.rows import quarters_frame
from analysis.report.view import say
from analysis.terms.breaks import Break
from analysis.terms.numbers import number
from analysis.terms.periods import Period, financial_year, quarter_label


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
        notes = _period_notes(table, inside, a_quarter)
        breaks = _break_labels(comparison, dated, a_quarter, left, floor=labels.top(notes, 2))
        tall, top = 170 if width > style.NARROW else 150, labels.top([*notes, *breaks]) + 4
        with style.canvas(width, height, tall, left=left, right=3, top=top) as (figure, axes):
            _bars(axes, table, inside)
            year_axis(axes, quarters, a_quarter)
            own = np.flatnonzero(table["quarter"].isin(inside))
            axes.axvspan(own[0] - 0.5, own[-1] + 0.5, color=SHADE, zorder=0, linewidth=0)
            for label in notes:
                label.write(axes, ACCENT)
            for label in breaks:
                label.write(axes, BREAK)
            for (_, place), label in zip(dated, breaks[len(breaks) - len(dated) :], strict=True):
                labels.mark_line(axes, place, label)
        return figure

    title, alternative = title or _quarters_title(comparison), _quarters_alternative(comparison)
    frame, values, about = quarters_frame(comparison), quarter_values(table), of_area(comparison)
    return chart("quarters", title, draw, alternative, frame, values=values, about=about, size=size, along="x")


def quarter_values(table: pd.DataFrame) -> list[str]:
    """Return what was recorded in each quarter, in words."""
    values: list[str] = []
    row: Any
    for row in table.itertuples():
        marks = [say("charts.provisional")] if row.provisional else []
        marks += [say(f"charts.definitions.{row.definition}")] if row.definition != "present" else []
        values.append(
            f"{Period.of_quarters(row.quarter, row.quarter).words}: {', '.join([recorded(row.offences), *marks])}"
        )
    return values


def recorded(offences: Any) -> str:
    """Return a count of recorded offences in words."""
    if pd.isna(offences):
        return say("charts.not-supplied")
    return say("charts.recorded.one" if offences == 1 else "charts.recorded.many", count=number(offences))


def _bars(axes: Axes, table: pd.DataFrame, period: pd.PeriodIndex) -> None:
    values = table["offences"].astype("float64")
    look: dict[str, Any] = {
        "color": [ACCENT if quarter in period else PALE for quarter in table["quarter"]],
        "hatch": ["////" if provisional else "" for provisional in table["provisional"]],
    }
    for bar in axes.bar(range(len(values)), values.fillna(0), width=0.78, edgecolor=PAPER, linewidth=0, **look):
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


def year_axis(axes: Axes, quarters: pd.PeriodIndex, a_quarter: float) -> None:
    """Write as many financial years under the middle of their quarters as there is room for, of so many points a quarter."""
    wide = span("2012/13", style.TEXT) / a_quarter  # in quarters
    firsts = [(place, quarter) for place, quarter in enumerate(quarters) if quarter.quarter == 1]
    fitting = [each for each in firsts if each[0] + 1.5 + wide / 2 < len(quarters) + 0.5]
    fitting = fitting[:: -math.ceil((wide + 0.3) / 4)]  # back from the newest
    axes.set_xticks([place + 1.5 for place, _ in fitting], [financial_year(quarter) for _, quarter in fitting])
    axes.tick_params(axis="x", pad=6)  # clear of the 0 beside it


def _period_notes(table: pd.DataFrame, period: pd.PeriodIndex, a_quarter: float) -> list[Label]:
    """Return what shading and hatching mean, beside what is shaded and hatched."""
    own, count = np.flatnonzero(table["quarter"].isin(period)), len(table)
    first, last, end = (int(own[0]) + 0.2) * a_quarter, (int(own[-1]) + 1.2) * a_quarter, (count + 0.2) * a_quarter
    shaded, hatched = say("charts.shaded"), say("charts.hatched")
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
    # A change inside a quarter stands within that quarter's bar.
    found = {change.day: (change, labels.place_of(change.day, quarters.freq)) for change in comparison.all_breaks}
    placed = [(change, place - quarters[0].ordinal) for change, place in found.values()]
    return sorted((each for each in placed if 0.5 <= each[1] < len(quarters) - 0.5), key=lambda each: each[1])


def _break_labels(
    comparison: Comparison, dated: Sequence[tuple[Break, float]], a_quarter: float, left: float, *, floor: float
) -> list[Label]:
    """Return a label for each break, its day; of a single one of this very offence, the definition on either side, the later one last."""
    width = a_quarter * (len(comparison.quarters) + 0.4)
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


def _settled(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["settled"]] if table["settled"].any() else table


def _quarters_alternative(comparison: Comparison) -> str:
    table = comparison.quarters
    days = dict.fromkeys(change.words for change in comparison.all_breaks)
    missing = int(table["offences"].isna().sum())
    said = [
        say(
            "charts.quarters-alternative", name=comparison.area.name, release=comparison.release.id, said=yearly(table)
        ),
        _extremes(_settled(table)),
        *(say("charts.break-line", day=day) for day in days),
        *([say("charts.gaps", missing=missing)] if missing else []),
    ]
    return " ".join(filter(None, said))


def _extremes(since: pd.DataFrame) -> str:
    known = since.dropna(subset="offences")
    if known.empty:
        return ""
    counts = known.set_index("quarter")["offences"].astype(int)
    quarters = {"lowest": counts.idxmin(), "highest": counts.idxmax(), "newest": counts.index[-1]}
    values = {which: f"{quarter_label(at)} ({number(counts[at])})" for which, at in quarters.items()}
    return say("charts.extremes", month=_first_month(since), **values)


def _first_month(table: pd.DataFrame) -> str:
    first = table["quarter"].iloc[0]
    return Period.of_quarters(first, first).first.words


def yearly(table: pd.DataFrame) -> str:
    """Return the sums of financial years in words, for readers who do not see the quarters."""
    years = table.groupby([financial_year(quarter) for quarter in table["quarter"]], sort=False)["offences"]
    return "; ".join(f"{year}: {_sum_words(values)}" for year, values in years)


def _sum_words(values: pd.Series) -> str:
    total = say("charts.not-whole") if values.isna().any() else number(int(values.sum()))
    return total if len(values) == 4 else say("charts.part-year", total=total, quarters=len(values))
