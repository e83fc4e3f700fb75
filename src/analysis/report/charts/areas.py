"""Several areas or offences beside each other: their quarters across time, on one axis or in panels, and the rates of all forces."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, DateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.comparison import Comparison, Release, load_register
from analysis.comparison.counts import breaks_of
from analysis.errors import RequestError, day_of
from analysis.report.charts import style
from analysis.report.charts.chart import Chart, chart, empty
from analysis.report.charts.quarters import break_labels, margin, place_of, recorded, value_words
from analysis.report.charts.style import ACCENT, INK, MUTED, PALE, SMALL, Label, Size, Sized, span
from analysis.report.sentences import Scale
from analysis.report.tables import RATE_COLUMNS, rate_cells
from analysis.report.view import rows_of, say
from analysis.terms import areas, offences
from analysis.terms.numbers import number
from analysis.terms.offences import Denominator
from analysis.terms.periods import Month, Period

# Told apart by colour, line and mark: more than these nobody tells apart.
_LOOKS = ((ACCENT, "-", "o", "●"), (INK, "--", "s", "■"), (PALE, "-", "^", "▲"), (MUTED, ":", "D", "◆"))


def lines(
    table: pd.DataFrame,
    *,
    rates: bool = False,
    panels: bool = False,
    same_scale: bool = True,
    size: Size | None = None,
    title: str | None = None,
) -> Chart:
    """Draw the figures of several areas or offences as lines that end where what is counted changed.

    Parameters
    ----------
    table
        Of :func:`analysis.series`, by quarter, year or rolling: a line for each area and offence, at most four on one axis.
    rates
        Whether to draw the rates, each with its interval, in place of the counts: those of the residents that the newest are of.
    panels
        Whether each has a panel of its own (small multiples).
    same_scale
        Whether all panels have one scale, so that heights can be compared.
    size, title
        Width and height in inches; a title of one's own in place of the usual one.

    Returns
    -------
    Chart
        Recorded offences, each at the middle of its period; the axis is of days. What was not supplied, or was counted under two
        definitions, is left out.

    Raises
    ------
    RequestError
        If the table is none of :func:`analysis.series` or has no rates, or one axis would have over four lines.

    Examples
    --------
    >>> from analysis.comparison.series import series
    >>> drawn = lines(series(["Kent", "Surrey"], "88A", release="2026-04-23"))
    >>> drawn.title, len(drawn.frame)
    ('Recorded child grooming offences a quarter, April 2012 to December 2025, release of 23 April 2026: Kent, Surrey', 110)
    """
    release = load_register().release(table.attrs.get("release", "latest"))
    parts = _parts(table, rates)
    if not panels and len(parts) > len(_LOOKS):
        raise RequestError(f"lines: found {len(parts)} for one axis; give at most {len(_LOOKS)}, or panels=True")
    rows = pd.concat(parts.values())
    whose, of = rows["area"].unique(), [offences.find(code) for code in rows["offence"].unique()]
    ends = {name: _changes(part, release) for name, part in parts.items()}
    many, whom = rows["months"].max(), Denominator(rows["age_band"].iloc[0]).whom if rates else ""
    length = "rate" if rates else str(many) if many in {3, 12} else "other"
    each = say(f"charts.lines-each.{length}", whom=whom, months=many)
    values = {name: part["said"].dropna() for name, part in parts.items()}
    said = ". ".join(f"{name}: {'; '.join(dict.fromkeys(of_one.iloc[[0, -1]]))}" for name, of_one in values.items())
    alternative = say("charts.lines-alternative", release=release, said=said, each=each)
    if days := sorted({day for changes in ends.values() for day in changes}):
        alternative += " " + say("charts.lines-end", days=days)
    if not title:
        what = of[0].noun if len(of) == 1 else "offences"
        where = say("charts.lines-where", area=whose[0]) if what == "offences" and len(whose) == 1 else ""
        names = ", ".join(parts) if len(parts) <= 6 else say("charts.lines-panels", count=len(parts))
        first, last = rows[rows["line"] == rows["line"].iloc[0]]["period"].iloc[[0, -1]]
        about = {"period": Period(first.first, last.last), "release": release, "names": names, "each": each}
        title = say("charts.lines-title", what=what, where=where, **about)
    marks = [f"{name}, {value}" for name, of_one in values.items() for value in of_one]
    draw = functools.partial(_drawn, parts, ends, panels, same_scale)
    look: dict[str, Any] = {"release": release, "of": of, "areas": whose, "size": size, "on_phones": False}
    return chart("lines", title, draw, alternative, table, values=marks, **look)


def _parts(table: pd.DataFrame, rates: bool) -> dict[str, pd.DataFrame]:
    """Return the rows of each line of a table of series by its name, with what is drawn of them.

    A line joins the ``value`` of each ``day``, with its ends (``least``, ``most``) and its words (``said``), of rows that are alike in
    ``definition``: no piece crosses a change in what is counted.
    """
    of = ["rate", "low", "high"] if rates else ["offences"] * 3  # the value and its ends
    needed = dict.fromkeys(["area", "offence", "start", "months", "provisional", "definition", "age_band", *of])
    if (lacks := [name for name in needed if name not in table]) or table.empty:
        raise RequestError(f"table: found one without {', '.join(lacks) or 'rows'}; give one of analysis.series")
    if rates:  # those of other residents than the newest are of may not be compared with them
        bands = set(table[table["rate"].notna()].groupby(["area", "offence"])["age_band"].last())
        if len(bands) != 1:
            found = " and ".join(map(repr, sorted(bands))) or "nobody"
            raise RequestError(f"rates: found rates of {found}; give offences of one age_band")
        table = table[table["age_band"].isin(bands)]
    elif table["months"].nunique() > 1:
        found = " and ".join(map(str, sorted(table["months"].unique())))
        raise RequestError(f"table: found counts of {found} months; give those of one length, or rates=True")
    value, least, most = table[of].astype("float64").where(table["definition"].notna()).to_numpy().T
    rows = table.assign(value=value, least=least, most=most)
    rows["day"] = rows["start"] + pd.to_timedelta(15 * rows["months"].astype(int), unit="D")
    firsts = [Month(start.year, start.month) for start in rows["start"]]
    periods: Any = [
        Period(first, first.shift(months - 1)) for first, months in zip(firsts, rows["months"], strict=True)
    ]
    told = [
        say("charts.lines-rate", value=row.value, low=row.least, high=row.most) if rates else recorded(row.value)
        for row in rows.itertuples()
    ]
    said = pd.Series(list(map(value_words, periods, told, rows["provisional"])), rows.index, dtype=object)
    rows = rows.assign(period=periods, said=said.where(rows["value"].notna()))
    names, several = rows["offence"].map(lambda code: offences.find(code).name), rows[["area", "offence"]].nunique() > 1
    rows["line"] = names if several["offence"] else rows["area"]
    if several.all():
        rows["line"] = rows["area"] + ", " + names
    if (twice := rows.duplicated(["line", "start", "months"])).any():
        raise RequestError(f"lines: {rows['line'][twice].iloc[0]} stands twice; give each area and offence once")
    parts = {str(name): part for name, part in rows.groupby("line", sort=False)}
    for part in parts.values():
        if part["value"].isna().all():
            area, code = part[["area", "offence"]].iloc[0]
            raise RequestError(f"table: {area} has no {of[0]} of {code} to draw; leave it out")
    return parts


def _changes(part: pd.DataFrame, release: Release) -> dict[date, str]:
    """Return the days on which what a line counts changed, with their words; of an area of one's own nothing is known."""
    area, code = part[["area", "offence"]].iloc[0]
    try:
        breaks = breaks_of(offences.find(code), areas.find_area(area), release)
    except RequestError:
        return {}
    return {each.change.day: each.change.words for each in breaks}


def _drawn(
    parts: Mapping[str, pd.DataFrame], ends: Mapping[str, Mapping[date, str]], panels: bool, alike: bool, size: Sized
) -> Figure:
    """Draw lines on one axis, each named at its end, or each in a panel of its own, under its name."""
    groups, rows = [[name] for name in parts] if panels else [list(parts)], pd.concat(parts.values())
    days = date2num(rows["day"])  # type: ignore[no-untyped-call]
    beside = 0.01 * np.ptp(days) + 15
    xlim = (float(days.min() - beside), float(days.max() + beside))
    labels = [
        break_labels({day: words for name in group for day, words in ends[name].items()}, date2num, xlim)
        for group in groups
    ]
    if panels:
        labels = [[*above, Label(name, xlim[0], colour=INK)] for above, name in zip(labels, parts, strict=True)]
    sides: dict[str, Any] = {"left": margin(rows["most"].max()), "labels": labels, "alike": alike}
    sides["right"] = 7 if panels else 16 + max(span(name, style.TEXT) for name in parts)
    sides["foot"] = say("charts.hollow") if rows["provisional"].any() else ""
    figure, every = style.canvas(_dated, size, 100 if panels else 200, xlim, **sides)
    for axes, group in zip(every, groups, strict=True):
        for name, (colour, dashes, marker, _) in zip(group, _LOOKS, strict=False):
            for _, piece in parts[name].groupby("definition", sort=False, dropna=False):
                axes.plot(piece["day"], piece["value"], color=colour, linestyle=dashes, linewidth=1.4)
            held = parts[name].dropna(subset="value")
            if (held["most"] > held["least"]).any():
                axes.vlines(held["day"], held["least"], held["most"], color=colour, linewidth=0.8)
            hollow, dot = held["provisional"].to_numpy(dtype=bool), 2 if panels else 3
            look: dict[str, Any] = {
                "s": np.where(hollow, 3, dot) ** 2,
                "facecolors": np.where(hollow, style.PAPER, colour),
            }
            look |= {"marker": marker, "edgecolors": colour, "linewidths": 1, "zorder": 2.1, "gid": style.MARK}
            axes.scatter(held["day"], held["value"], **look)
        shown = parts[group[0]] if panels and not alike else rows
        axes.set_ylim(min(0.0, shown["least"].min()), max(4.0, shown["most"].max()) * 1.04)
        axes.xaxis.set_major_locator(AutoDateLocator(minticks=2, maxticks=4 if panels else 7))  # type: ignore[no-untyped-call]
    if not panels:
        levels = [part["value"].ffill().fillna(0.0).iloc[-1] for part in parts.values()]
        named = [(f"{sign} {name}", level) for name, level, (*_, sign) in zip(parts, levels, _LOOKS, strict=False)]
        style.name_levels(every[0], named, fontsize=style.TEXT)
    return figure


def _dated(axes: Axes) -> None:
    style.count_axis(axes)
    axes.xaxis.set_major_formatter(DateFormatter("%Y"))  # type: ignore[no-untyped-call]


def _small(axes: Axes) -> None:
    """Have the axes of a small panel count in whole numbers, few of them."""
    style.count_axis(axes)
    axes.tick_params(labelsize=SMALL)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(3, integer=True, steps=[1, 2, 5, 10]))
        axis.set_label_coords(0.5, 0.5)  # it has none: Matplotlib would look for room for it each time


def courses(comparison: Comparison, *, size: Size | None = None, title: str | None = None) -> Chart:
    """Draw the years of each group of offences in a panel of its own, all on one scale: per cent of the newest year.

    Parameters
    ----------
    comparison
        Of any offence: its area, its release and the month in which its period ends are those of all panels.
    size, title
        Width and height in inches; a title of one's own in place of the usual one.

    Returns
    -------
    Chart
        Lines end where what is counted changed, and leave out a year that holds a break.
    """
    whole = offences.known()["total"].of
    groups = [of.current.offence for of in comparison.listed if of.current.offence.code in whole]
    years = pd.DataFrame(
        [
            (group.name, stretch, year.last.year, count)
            for group in groups
            for stretch, counts in enumerate(comparison.years(group))
            for year, count in counts.items()
        ],
        columns=["offence", "stretch", "year_ending", "offences"],
    )
    if years.empty:
        return empty(say("charts.no-groups", release=comparison.release.words))
    newest = years.groupby("offence")["offences"].transform("last")
    years["percent_of_newest"] = (100 * years["offences"] / newest.where(newest > 0)).round().astype("Int64")
    paths, ends = years.dropna(subset="percent_of_newest"), years["year_ending"].agg(["min", "max"])
    beside = 0.05 * np.ptp(ends) + 0.5
    xlim = (ends["min"] - beside, ends["max"] + beside)

    def draw(size: Sized) -> Figure:
        wide = 72 * (size[0] - 0.5) / (3 if size[0] > style.NARROW else 2)
        labels = [[Label(style.wrapped(group.name, wide, SMALL), xlim[0], colour=INK)] for group in groups]
        figure, panels = style.canvas(_small, size, 54, xlim, left=34, right=7, labels=labels)
        of = dict(zip([group.name for group in groups], panels, strict=True))
        key: Any
        for key, path in paths.groupby(["offence", "stretch"], sort=False):
            # A year alone is drawn as a dash, so that it is seen too.
            dash = (-0.35, 0.35) if len(path) == 1 else 0
            at = path["year_ending"].to_numpy() + dash
            of[key[0]].plot(at, np.broadcast_to(path["percent_of_newest"], at.shape), color=ACCENT, linewidth=1.4)
        for axes in panels:
            axes.set_ylim(0, 1.05 * max(paths["percent_of_newest"], default=100))
        return figure

    frame = years.drop(columns="stretch")
    about = {"area": comparison.area.name, "month": comparison.current.period.last.words.split()[0]}
    said = []
    for name, rows in frame.groupby("offence", sort=False):
        told = (
            f"{year} {number(count)}{'' if pd.isna(percent) else f' ({percent}%)'}"
            for year, count, percent in rows.drop(columns="offence").to_numpy()
        )
        said.append(f"{name}: {', '.join(told)}")
    alternative = say("charts.courses-alternative", said="; ".join(said), **about)
    shown = title or say("charts.courses-title", **about)
    whose: dict[str, Any] = {"release": comparison.release, "of": groups, "areas": [comparison.area.name]}
    return chart("courses", shown, draw, alternative, frame, size=size, **whose)


def mark_breaks(axes: Axes, breaks: Comparison | Mapping[str, str]) -> None:
    """Draw days on which what is counted changed on any axes whose horizontal axis is of days, or of periods as pandas draws them.

    Parameters
    ----------
    axes
        The Matplotlib axes, with what they show drawn already: a day outside of them is left out.
    breaks
        A comparison, whose breaks are drawn, or days of one's own as ``2020-03-23``, each with its words.
    """
    low, high = axes.get_xlim()
    width, tall = style.points(axes)
    place = functools.partial(place_of, freq=axes.freq) if hasattr(axes, "freq") else date2num  # periods are counted
    labels = break_labels(_days(breaks), place, (low, high))
    boxes = style.placed(labels, (low, high), width)
    top = 2 + max((head for *_, head in boxes), default=0.0)
    style.write(axes, labels, boxes, -top)
    base, end = axes.get_ylim()
    axes.set_ylim(base, base + (end - base) / max(0.4, 1 - top / tall))


def _days(breaks: Comparison | Mapping[str, str]) -> dict[date, str]:
    if isinstance(breaks, Comparison):
        return {each.day: each.words for each in breaks.all_breaks}
    return {day_of(text, "breaks"): words for text, words in breaks.items()}


def among_forces(comparison: Comparison, *, size: Size | None = None, title: str | None = None) -> Chart:
    """Draw the rate of every force that has one, with intervals, this force set off.

    Parameters
    ----------
    size, title
        Width and height in inches; a title of one's own in place of the sentence that says what is seen.

    Returns
    -------
    Chart
        Dots with the 95% intervals that usual variation leaves open, by region and name, never by size; the area's own in the accent and named.
    """
    rates, scale = comparison.rates, Scale.of(comparison)
    period, own = comparison.current.period, comparison.area
    if not rates:
        return empty(say("charts.no-rates", period=period.words))
    held = sorted((force for force in areas.FORCES if force.name in rates), key=lambda each: (each.region, each.name))
    rows = [row for region, of in groupby(held, lambda force: force.region) for row in (region, *of)]
    at = [place for place, row in enumerate(rows) if not isinstance(row, str)]
    of_each, is_own = [rates[force.name] for force in held], np.array([[force.name] == own.names for force in held])
    value, low, high = scale.times * np.array([(rate.value, rate.low, rate.high) for rate in of_each]).T

    def draw(size: Sized) -> Figure:
        letters = style.TEXT if size[0] > style.NARROW else SMALL
        left, xlim = 8 + max(span(force.name, letters) for force in held), (0, 1.05 * high.max() - 0.05 * low.min())
        sides: dict[str, Any] = {"left": left, "right": 8, "foot": say("charts.rates-foot", unit=scale.unit)}
        figure, (axes,) = style.canvas(style.count_across, size, 14.5 * len(rows), xlim, **sides)
        colours, beside = np.where(is_own, ACCENT, MUTED).tolist(), axes.get_yaxis_transform()
        axes.hlines(at, low, high, colors=colours, linewidths=np.where(is_own, 2.4, 1.1), zorder=3)
        axes.scatter(value, at, s=np.where(is_own, 49, 16), color=colours, linewidth=0, zorder=4, gid=style.MARK)
        bold: dict[str, Any] = {"fontweight": "bold"}
        for place, row in enumerate(rows):
            if isinstance(row, str):
                style.note(
                    axes, row, (0, place), (2 - left, 0), beside, va="center", color=MUTED, bbox=style.UNDER, **bold
                )
            else:
                look = {"color": ACCENT, **bold} if [row.name] == own.names else {"color": MUTED}
                style.note(
                    axes, row.name, (0, place), (-5, 0), beside, va="center", ha="right", fontsize=letters, **look
                )
        axes.set_ylim(len(rows) - 0.2, -0.8)
        axes.locator_params(axis="x", nbins=max(3, int(style.points(axes)[0] / 48)), steps=[1, 2, 5, 10])
        return figure

    said = [
        {"name": force.name, "rate": scale.words(rate), "unit": scale.unit, "recorded": recorded(rate.offences)}
        for force, rate in zip(held, of_each, strict=True)
    ]
    values = [say("charts.rate-value", **each) for each in said]
    alternative = say("charts.rates-alternative", said="; ".join(say("charts.rate-told", **each) for each in said))
    told: dict[str, Any] = {"unit": scale.unit, "period": period, "police": own.police}
    told["ends"] = scale.ends(min(rate.value for rate in of_each), max(rate.value for rate in of_each))
    if mine := rates.get(own.name):
        told |= {"rate": scale.value(mine.value), "within": scale.ends(mine.low, mine.high)}
    title = title or say(f"charts.rates-title{'-own' if mine else ''}", **told)
    frame = rows_of(RATE_COLUMNS, [{"force": force.name} | rate_cells(rates[force.name]) for force in held])
    whose: dict[str, Any] = {"areas": [say("charts.all-forces")], "about": period.words, "size": size, "along": "y"}
    whose |= {"release": comparison.release, "of": [comparison.offence], "values": values}
    return chart("forces", title, draw, alternative, frame, **whose)
