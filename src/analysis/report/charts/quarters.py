"""Every quarter that the release holds, with the change of definition and the period under report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.comparison import Comparison, since_launch
from analysis.figures import register, releases
from analysis.report import drawing
from analysis.report.charts.figure import WIDTH, Chart
from analysis.terms import numbers
from analysis.terms.periods import Month, financial_year, quarter_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def quarters(comparison: Comparison) -> Chart:
    """Draw every quarter that the release holds, with the change of definition and the period under report.

    Parameters
    ----------
    comparison
        Whose figures to draw, and which period to set off.

    Returns
    -------
    Chart
        Bars, one a quarter; provisional quarters hatched, missing ones left out and named.
    """
    series = releases.by_quarter(releases.matrix(comparison.offence.code, comparison.release.id), comparison.area.names)
    index = pd.PeriodIndex(series.index)
    newest = register.provisional_from(comparison.release).quarters
    period = comparison.current.period.quarters
    with drawing.canvas(WIDTH, 3.4) as (figure, axes):
        figure.subplots_adjust(left=0.085, right=0.995, bottom=0.1, top=0.79)
        _bars(axes, series, period, newest)
        _year_axis(axes, index)
        _mark_period(axes, index, period, newest)
        _mark_breaks(axes, index, comparison)
        svg = drawing.to_svg(figure)
    rows = [
        (
            comparison.area.name,
            financial_year(quarter),
            quarter.quarter,
            _plain(value),
            "yes" if quarter in newest else "no",
        )
        for quarter, value in zip(index, series, strict=True)
    ]
    return Chart(
        "quarters",
        _quarters_title(comparison, series),
        svg,
        _quarters_alternative(comparison, series),
        ("force", "financial_year", "financial_quarter", "offences", "provisional"),
        tuple(rows),
    )


def _bars(axes: Axes, series: pd.Series, period: pd.PeriodIndex, newest: pd.PeriodIndex) -> None:
    values = series.astype("float64")
    colours = [drawing.ACCENT if quarter in period else drawing.PALE for quarter in series.index]
    hatches = ["////" if quarter in newest else "" for quarter in series.index]
    axes.bar(
        range(len(values)),
        values.fillna(0),
        width=0.78,
        color=colours,
        hatch=hatches,
        edgecolor=drawing.PAPER,
        linewidth=0,
    )
    low, high = min(0.0, values.min()), max(values.max(), 4.0)
    axes.set_ylim(low * 1.05, high * 1.04)
    axes.set_xlim(-0.7, len(values) - 0.3)
    axes.yaxis.set_major_formatter(lambda value, _: numbers.number(value))
    axes.locator_params(axis="y", integer=True, nbins=6)
    for place, value in enumerate(values):
        if pd.isna(value):
            axes.text(place, 0, "[x]", ha="center", va="bottom", fontsize=8, color=drawing.BREAK)


def _year_axis(axes: Axes, index: pd.PeriodIndex) -> None:
    firsts = [place for place, quarter in enumerate(index) if quarter.quarter == 1][::2]
    axes.set_xticks([place + 1.5 for place in firsts], [financial_year(index[place]) for place in firsts])


def _mark_period(axes: Axes, index: pd.PeriodIndex, period: pd.PeriodIndex, newest: pd.PeriodIndex) -> None:
    first, last = _place(index, period[0]), _place(index, period[-1])
    axes.axvspan(first - 0.5, last + 0.5, color=drawing.SHADE, zorder=0, linewidth=0)
    shaded, hatched = "shaded: period of this report", "hatched: provisional [p]"
    end = len(index) - 0.5
    own = (shaded, last + 0.5, "right") if last > len(index) * 0.36 else (shaded, first - 0.5, "left")
    if not newest.isin(index).any():
        labels = [own]
    elif last > len(index) * 0.7:
        labels = [(f"{shaded}; {hatched}", end, "right")]
    else:
        labels = [own, (hatched, end, "right")]
    for text, across, side in labels:
        axes.annotate(
            text,
            (across, 1.02),
            xycoords=axes.get_xaxis_transform(),
            ha=side,
            va="bottom",
            fontsize=8.5,
            color=drawing.ACCENT,
            annotation_clip=False,
        )


def _mark_breaks(axes: Axes, index: pd.PeriodIndex, comparison: Comparison) -> None:
    for change in comparison.offence.breaks:
        quarter = pd.Period(str(change.month), freq="M").asfreq("Q-MAR")
        if quarter not in index[1:]:
            continue
        place = _place(index, quarter) - 0.5
        axes.axvline(place, ymax=1.24, color=drawing.BREAK, linewidth=1.2, linestyle=(0, (4, 2)), clip_on=False)
        for text, side, shift in ((change.short_before, "right", -0.5), (change.short_after, "left", 0.5)):
            axes.annotate(
                text,
                (place + shift, 1.24),
                xycoords=axes.get_xaxis_transform(),
                ha=side,
                va="top",
                color=drawing.BREAK,
                annotation_clip=False,
                linespacing=1.25,
            )


def _place(index: pd.PeriodIndex, quarter: pd.Period) -> int:
    return int(index.get_indexer(pd.PeriodIndex([quarter]))[0])


def _quarters_title(comparison: Comparison, series: pd.Series) -> str:
    inside = series.loc[comparison.current.period.quarters]
    since = _under_present_definition(comparison, series)
    return (
        f"{comparison.area.police} recorded {_span(inside)} offences a quarter in {comparison.current.period.words}, "
        f"and {_span(since)} since {_first_month(since.index[0])}"
    )


def _under_present_definition(comparison: Comparison, series: pd.Series) -> pd.Series:
    since = since_launch(comparison.offence, comparison.release).index
    return series.loc[since] if len(since) else series


def _first_month(quarter: pd.Period) -> str:
    start = quarter.start_time
    return Month(start.year, start.month).words


def _quarters_alternative(comparison: Comparison, series: pd.Series) -> str:
    years = series.groupby([financial_year(quarter) for quarter in series.index], sort=False)
    said = "; ".join(f"{year}: {_sum_words(values)}" for year, values in years)
    breaks = " ".join(
        f"A line marks {change.words}, when the definition changed." for change in comparison.offence.breaks
    )
    extremes = _extremes(_under_present_definition(comparison, series))
    missing = int(series.isna().sum())
    gaps = f" {missing} quarters are not supplied and left out." if missing else ""
    return (
        f"Bar chart of recorded offences by quarter, {comparison.area.name}, release {comparison.release.id}. "
        f"By financial year: {said}. {extremes}{breaks}{gaps}"
    ).strip()


def _extremes(since: pd.Series) -> str:
    held = since.dropna()
    if held.empty:
        return ""
    index, counts = pd.PeriodIndex(held.index), held.to_numpy(dtype=int)
    said = (
        f"the {which} quarter is {quarter_label(index[int(place)])} with {numbers.number(int(counts[place]))}"
        for which, place in (("lowest", counts.argmin()), ("highest", counts.argmax()), ("newest", -1))
    )
    return f"Since {_first_month(since.index[0])} {', '.join(said)}. "


def _sum_words(values: pd.Series) -> str:
    total = "not supplied whole" if values.isna().any() else numbers.number(int(values.sum()))
    return total if len(values) == 4 else f"{total} in {len(values)} quarters"


def _span(values: pd.Series) -> str:
    held = values.dropna()
    if held.empty:
        return "[x]"
    low, high = int(held.min()), int(held.max())
    return numbers.number(low) if low == high else f"{numbers.number(low)} to {numbers.number(high)}"


def _plain(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)
