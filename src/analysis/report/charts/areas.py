"""Several areas or offences beside each other: their quarters across time, on one axis or in panels, and the rates of all forces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.dates import AutoDateLocator, DateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.comparison import Comparison, Release, compare, load_register
from analysis.errors import RequestError
from analysis.report.charts import style
from analysis.report.charts.chart import Chart, chart, empty, sourced
from analysis.report.charts.quarters import count_axis, in_rows, margin, place_of, quarter_values, recorded, yearly
from analysis.report.charts.style import ACCENT, BREAK, INK, MUTED, PALE, SMALL, Size, span
from analysis.report.sentences import Scale
from analysis.report.tables import quarters_frame, rate_frame
from analysis.report.view import rows_of, say
from analysis.terms import areas, offences
from analysis.terms.numbers import day_words, number
from analysis.terms.offences import Denominator, Offence
from analysis.terms.periods import Month, Period, calendar_quarters

# Told apart by colour, line and mark: more than these nobody tells apart.
_LOOKS = ((ACCENT, "-", "o", "●"), (INK, "--", "s", "■"), (PALE, "-", "^", "▲"), (MUTED, ":", "D", "◆"))
MANY = 15  # values of a line that are all said in words


@dataclass(frozen=True)
class _Line:
    """What a line is drawn of.

    Attributes
    ----------
    table
        A row for each period: ``start``, ``months``, ``value``, ``low`` and ``high`` of a rate, ``provisional`` and ``definition``.
    changes
        Days on which what is counted changed, with their words.
    values, said
        What each mark is worth, and all of them, in words.
    """

    area: str
    offence: Offence
    table: pd.DataFrame
    changes: Mapping[date, str]
    values: Sequence[str]
    said: str

    def pieces(self, own: Iterable[date]) -> list[np.ndarray]:
        """Return the places of what may be joined: no line crosses a change in what is counted, or a day of one's own."""
        start, definition = self.table["start"], self.table["definition"].to_numpy()
        ends = [day + pd.DateOffset(months=many) for day, many in zip(start, self.table["months"], strict=True)]
        cuts = [pd.Timestamp(day) for day in (*self.changes, *own)]
        alike = [
            definition[i] == definition[i + 1] and not any(before < cut < after for cut in cuts)
            for i, (before, after) in enumerate(zip(start, ends[1:], strict=False))
        ]
        return np.split(np.arange(len(start)), np.flatnonzero(~np.array(alike, dtype=bool)) + 1)


def lines(
    comparisons: Sequence[Comparison] | pd.DataFrame,
    *,
    rates: bool = False,
    panels: bool = False,
    same_scale: bool = True,
    breaks: Mapping[str, str] | None = None,
    size: Size | None = None,
    title: str | None = None,
) -> Chart:
    """Draw the figures of several areas or offences as lines that end where what is counted changed.

    Parameters
    ----------
    comparisons
        A table of :func:`analysis.series`, by quarter, year or rolling; or a comparison for each line, of one release and of different areas
        or offences, of which every quarter is drawn, whatever their periods. At most four on one axis.
    rates
        Whether to draw the rates of a table, each with its interval, in place of the counts: those of the residents that the newest are of.
    panels
        Whether each has a panel of its own (small multiples).
    same_scale
        Whether all panels have one scale, so that heights can be compared.
    breaks
        Days of one's own at which the lines end too, as ``2020-03-23``, each with its words.
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
        If there is none, two are of the same area and offence, releases differ, one axis would have over four lines, a day is none, or a
        table is none of :func:`analysis.series` or has no rates.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> drawn = lines([compare(force, release="2026-04-23") for force in ("Kent", "Surrey")])
    >>> drawn.title, len(drawn.frame)
    ('Recorded child grooming offences a quarter, April 2012 to December 2025, release of 23 April 2026: Kent, Surrey', 110)
    """
    own = _days(breaks or {})
    if isinstance(comparisons, pd.DataFrame):
        release, made, frame = *_of_series(comparisons, rates), comparisons
    elif rates:
        raise RequestError("rates: comparisons have none by quarter; give a table of analysis.series")
    else:
        release, made, frame = _of_comparisons(comparisons)
    named = _named(made, at_most=len(made) if panels else len(_LOOKS))
    hollow = any(line.table["provisional"].any() for line in made)

    def draw(width: float, height: float | None) -> Figure:
        return _drawn(named, own, say("charts.hollow") if hollow else "", panels, same_scale, width, height)

    whom = Denominator(_band(frame)).whom if rates else ""
    each = say(f"charts.lines-each.{'rate' if rates else made[0].table['months'].max()}", whom=whom)
    said = ". ".join(f"{name}: {line.said}" for name, line in named.items())
    by = "" if frame is comparisons else say("charts.lines-by-year")
    alternative = say("charts.lines-alternative", release=release.words, said=said, each=each, by=by)
    days = sorted({day for line in made for day in line.changes} | set(own))
    alternative += " " + say("charts.lines-end", days=", ".join(map(day_words, days))) if days else ""
    values = [f"{name}, {value}" for name, line in named.items() for value in line.values]
    look: dict[str, Any] = {"size": size, "kind": "tall" if panels else "", "on_phones": False}
    look["source"] = sourced(release, [line.offence for line in made], [line.area for line in made])
    title, about = title or _lines_title(named, release, each), say("charts.release", release=release.words)
    return chart("lines", title, draw, alternative, frame, values=values, about=about, **look)


def _of_comparisons(comparisons: Sequence[Comparison]) -> tuple[Release, list[_Line], pd.DataFrame]:
    """Return the one release that comparisons are of, their quarters as lines and as one table."""
    if len(releases := {each.release.id for each in comparisons}) > 1:
        raise RequestError(f"lines: found releases {', '.join(sorted(releases))}; give comparisons of one release")
    made, frames = [], []
    for each in comparisons:
        quarters = each.quarters
        start = calendar_quarters(pd.PeriodIndex(quarters["quarter"])).to_timestamp()
        frames.append(quarters_frame(each, begins=start.strftime("%Y-%m-%d"), offence=each.offence.code))
        changes = {change.day: change.words for change in each.all_breaks}
        value = quarters["offences"].astype("float64")
        table = quarters.assign(start=start, months=3, definition=0, value=value)
        values = quarter_values(quarters.dropna(subset="offences"))
        made.append(_Line(each.area.name, each.offence, table, changes, values, yearly(quarters)))
    return comparisons[0].release, made, pd.concat(frames, ignore_index=True)


def _of_series(series: pd.DataFrame, rates: bool) -> tuple[Release, list[_Line]]:
    """Return the lines of a table of :func:`analysis.series`, and its release."""
    of = ["rate", "low", "high"] if rates else ["offences"]
    needed = ["area", "offence", "start", "months", "provisional", "definition", "age_band", *of]
    if (lacks := [name for name in needed if name not in series]) or series.empty:
        raise RequestError(
            f"comparisons: found a table without {', '.join(lacks) or 'rows'}; give one of analysis.series"
        )
    release = load_register().release(series.attrs.get("release", "latest"))
    if rates:
        series = series[series["age_band"] == _band(series)]
    made = []
    for (area, code), part in series.groupby(["area", "offence"], sort=False):
        numbers = part[["definition", *of]].astype("float64").rename(columns={of[0]: "value"})
        table = part[["start", "months", "provisional"]].join(numbers).reset_index(drop=True)
        table.loc[table["definition"].isna(), "value"] = np.nan
        values = [_value_words(row, rates) for row in table.dropna(subset="value").itertuples()]
        if not values:
            raise RequestError(f"comparisons: {area} has no {of[0]} of {code} to draw; leave it out")
        said = "; ".join(values if len(values) <= MANY else [values[0], values[-1]])
        made.append(
            _Line(str(area), offences.find(str(code)), table, _breaks_of(str(area), str(code), release), values, said)
        )
    return release, made


def _band(series: pd.DataFrame) -> str:
    """Return the residents that all newest rates of a table are of: rates of others may not be compared with them."""
    bands = set(series.loc[series["rate"].notna()].groupby(["area", "offence"])["age_band"].last())
    if len(bands) != 1:
        raise RequestError(
            f"rates: found rates of {' and '.join(map(repr, sorted(bands))) or 'nobody'}; give offences of one age_band"
        )
    return str(bands.pop())


def _breaks_of(area: str, offence: str, release: Release) -> dict[date, str]:
    """Return the breaks of an offence that hold for an area by its name; none where that is an area of one's own."""
    try:
        compared = compare(area, offence=offence, release=release.id)
    except RequestError:
        return {}
    return {change.day: change.words for change in compared.all_breaks}


def _value_words(row: Any, rates: bool) -> str:
    """Return what was recorded in a period of a table, or its rate, in words."""
    first = Month(row.start.year, row.start.month)
    rate = {name: number(getattr(row, name, 0), 1) for name in ("value", "low", "high")}
    said = say("charts.lines-rate", **rate) if rates else recorded(row.value)
    marks = [say("charts.provisional")] if row.provisional else []
    return f"{Period(first, first.shift(row.months - 1)).words}: {', '.join([said, *marks])}"


def courses(comparison: Comparison, *, size: Size | None = None, title: str | None = None) -> Chart:
    """Draw the years of each group of offences in a panel of its own, all on one scale: per cent of the newest year, over those of the nation.

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
    nation = compare(areas.ENGLAND_AND_WALES, period=comparison.current.period, release=comparison.release.id)
    whole = offences.known()["total"].of
    groups = [of.current.offence for of in comparison.listed if of.current.offence.code in whole]
    if not groups:
        return empty(say("charts.no-groups", release=comparison.release.words))
    years = {each.name: [side.years(each) for side in (nation, comparison)] for each in groups}
    paths = {name: [_percents(stretches) for stretches in sides] for name, sides in years.items()}
    rows = [
        (name, year, count, percent, wide.get(year, (None, None))[1])
        for name, (wide, own) in paths.items()
        for year, (count, percent) in own.items()
    ]
    frame = rows_of(("offence", "year_ending", "offences", "percent_of_newest", "percent_in_england_and_wales"), rows)

    def draw(width: float, height: float | None) -> Figure:
        columns, a_row, between = (3, 1.2, 0.75) if width > style.NARROW else (2, 1.4, 1.1)  # for names of three lines
        rows = -(-len(groups) // columns)
        # One axes holds all panels, in points: an axes for each, with ticks of its own, takes several times as long.
        figure, axes = style.canvas(
            Axes.set_axis_off, width, height or 0.5 + a_row * rows, left=34, right=7, bottom=22, top=30
        )
        across, down = style.points(axes)
        axes.set(xlim=(0, across), ylim=(0, down))
        wide, tall = across / (1.15 * columns - 0.15), down / (rows + between * (rows - 1))
        ends = np.array([end for sides in paths.values() for own in sides for end in own])
        percents = np.array([percent for sides in paths.values() for own in sides for _, percent in own.values()])
        beside = 0.05 * np.ptp(ends) or 0.5
        low, high = ends.min() - beside, ends.max() + beside
        top = percents.max() + 0.05 * np.ptp(percents)
        levels = _ticks(0, top, max(1, int(tall / (2 * SMALL))))
        drawn: dict[str, list[Any]] = {style.GRID: [], MUTED: [], PALE: [], ACCENT: []}  # one above the other
        for place, each in enumerate(groups):
            left = 1.15 * wide * (place % columns)
            base = down - tall - (1 + between) * tall * (place // columns)
            look: dict[str, Any] = {"fontsize": SMALL, "color": MUTED}
            name = style.wrapped(each.name, 72 * (width - 0.5) / columns, SMALL)
            axes.text(left, base + tall + 6, name, va="baseline", fontsize=SMALL, color=INK)
            for year in _ticks(low, high, 3):
                at = left + wide * (year - low) / (high - low)
                axes.text(at, base - 3.5, f"{year:.0f}", ha="center", va="top", **look)
            for level in levels:
                at = base + tall * level / top
                drawn[style.GRID].append([(left, at), (left + wide, at)])
                if not place % columns:
                    axes.text(left - 3.5, at, f"{level:.0f}", ha="right", va="center_baseline", **look)
            drawn[MUTED].append([(left, base), (left + wide, base)])
            for stretches, own, colour in zip(years[each.name], paths[each.name], (PALE, ACCENT), strict=True):
                for stretch in stretches:
                    at_end = [year.last.year for year in stretch]
                    x = left + wide * (np.array(at_end) - low) / (high - low)
                    y = base + tall * np.array([own[end][1] for end in at_end]) / top
                    drawn[colour].append(np.column_stack([x, y]))
        for colour, lines in drawn.items():
            axes.add_collection(
                LineCollection(lines, colors=colour, linewidths=1.4 if colour in {PALE, ACCENT} else 0.8), autolim=False
            )
            if alone := [line[0] for line in lines if len(line) == 1]:
                x, y = np.transpose(alone)
                axes.scatter(x, y, s=4, color=colour, zorder=2)
        return figure

    about = {"area": comparison.area.name, "month": comparison.current.period.last.words.split()[0]}
    said = (
        f"{name}: {', '.join(f'{year} {number(count)} ({percent}%)' for year, (count, percent) in own.items())}"
        for name, (_, own) in paths.items()
    )
    alternative = say("charts.courses-alternative", said="; ".join(said), **about)
    shown = title or say(f"charts.courses-title.{'nation' if comparison.area == nation.area else 'area'}", **about)
    of = say("charts.release", release=comparison.release.words)
    source = sourced(comparison.release, groups, [comparison.area.name])
    return chart("courses", shown, draw, alternative, frame, values=(), about=of, source=source, size=size, kind="tall")


def _ticks(low: float, high: float, most: int) -> list[float]:
    """Return whole numbers between two ends, as round as at most so many intervals allow."""
    found = MaxNLocator(most, integer=True, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    return [float(each) for each in found if low <= each <= high]


def mark_breaks(axes: Axes, breaks: Comparison | Mapping[str, str]) -> None:
    """Draw days on which what is counted changed on any axes whose horizontal axis is of days, or of periods as pandas draws them.

    Parameters
    ----------
    axes
        The Matplotlib axes, with what they show drawn already: a day outside of them is left out.
    breaks
        A comparison, whose breaks are drawn, or days of one's own as ``2020-03-23``, each with its words.
    """
    changes = {each.day: each.words for each in breaks.all_breaks} if isinstance(breaks, Comparison) else _days(breaks)
    _make_room(axes, _mark(axes, changes))


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
    rates = comparison.rates
    if not rates:
        return empty(say("charts.no-rates", period=comparison.current.period.words))
    held = sorted((force for force in areas.FORCES if force.name in rates), key=lambda each: (each.region, each.name))
    scale = Scale.of(comparison)
    # A line for each region, and under it one for each of its forces.
    rows: list[tuple[str, bool]] = []
    for region, of in groupby(held, lambda force: force.region):
        rows += [(region, False), *((force.name, True) for force in of)]
    places = {name: place for place, (name, is_force) in enumerate(rows) if is_force}
    own = {name: place for name, place in places.items() if comparison.area.names == [name]}
    others = {name: place for name, place in places.items() if name not in own}
    ends = {name: (rate.value, rate.low, rate.high) for name, rate in rates.items()}
    lowest, highest = min(low for _, low, _ in ends.values()), max(high for *_, high in ends.values())

    def draw(width: float, height: float | None) -> Figure:
        foot = say("charts.rates-foot", unit=scale.unit)
        letters = style.TEXT if width > style.NARROW else SMALL
        left = 8 + max(span(name, letters) for name in places)
        figure, axes = style.canvas(
            style.count_across, width, height, 14.5 * len(rows), foot=foot, left=left, right=8, top=8
        )
        for of, colour, thick, dot in ((others, MUTED, 1.1, ("o", 16)), (own, ACCENT, 2.4, ("D", 42))):
            at = list(of.values())
            value, low, high = scale.times * np.reshape([ends[name] for name in of], (-1, 3)).T
            axes.hlines(at, low, high, color=colour, linewidth=thick, zorder=3)
            axes.scatter(value, at, color=colour, linewidth=0, zorder=4, gid=style.MARK, marker=dot[0], s=dot[1])
        beside = axes.get_yaxis_transform()
        for place, (name, is_force) in enumerate(rows):
            look: dict[str, Any] = {"ha": "right", "fontsize": letters} if is_force else {"bbox": style.UNDER}
            look |= {"fontweight": "bold"} if name in own or not is_force else {}
            look |= {"va": "center", "color": ACCENT if name in own else MUTED}
            offset = (-5 if is_force else 2 - left, 0)
            style.note(axes, name, (0, place), offset, beside, **look)
        axes.set(ylim=(len(rows) - 0.2, -0.8), xlim=(0, scale.times * (1.05 * highest - 0.05 * lowest)))
        axes.locator_params(axis="x", nbins=max(3, int(style.points(axes)[0] / 72 * 1.5)), steps=[1, 2, 5, 10])
        return figure

    words = {name: scale.words(rate) for name, rate in rates.items()}
    values = [
        say("charts.rate-value", name=name, rate=words[name], unit=scale.unit, recorded=recorded(rates[name].offences))
        for name in [*others, *own]
    ]
    told = (f"{each.name} {words[each.name]}, {recorded(rates[each.name].offences)}" for each in held)
    alternative = say("charts.rates-alternative", said="; ".join(told))
    title, frame = title or _rates_title(comparison, scale), rate_frame(held, rates)
    about = say("charts.about", whose=comparison.current.period.words, release=comparison.release.words)
    look: dict[str, Any] = {"size": size, "along": "y", "kind": "tall"}
    look["source"] = sourced(comparison.release, [comparison.offence], [say("charts.all-forces")])
    return chart("forces", title, draw, alternative, frame, values=values, about=about, **look)


def _mark(axes: Axes, days: Mapping[date, str]) -> float:
    """Draw days with their words in rows below the top of the axes, and return how many points those take."""
    low, high = axes.get_xlim()
    across = style.points(axes)[0]
    within = sorted((place, words) for day, words in days.items() if low < (place := _place(axes, day)) < high)
    labels = in_rows([((place - low) / (high - low) * across, words) for place, words in within], across)
    for (place, _), label in zip(within, labels, strict=True):
        label.write(axes, BREAK, place)
    return max((-label.above for label in labels), default=0.0)


def _make_room(axes: Axes, words: float) -> None:
    """Have the axes reach so much higher that so many points of words meet no line."""
    low, high = axes.get_ylim()
    axes.set_ylim(low, low + (high - low) / max(0.4, 1 - words / style.points(axes)[1]))


def _named(made: Sequence[_Line], *, at_most: int) -> dict[str, _Line]:
    """Return lines by what tells them apart: their areas, their offences, or both."""
    areas, offences = {each.area for each in made}, {each.offence.code for each in made}
    named: dict[str, _Line] = {}
    for each in made:
        parts = [each.area] if len(areas) > 1 or len(offences) == 1 else []
        parts += [each.offence.name] if len(offences) > 1 else []
        name = ", ".join(parts)
        if name in named:
            raise RequestError(f"lines: {name} stands twice; give each area and offence once")
        named[name] = each
    if len(named) > at_most:
        raise RequestError(f"lines: found {len(named)} for one axis; give at most {at_most}, or panels=True")
    return named


def _drawn(
    named: Mapping[str, _Line],
    own: dict[date, str],
    above: str,
    panels: bool,
    same_scale: bool,
    width: float,
    height: float | None,
) -> Figure:
    """Draw lines on one axis, each named at its end, or each in a panel of its own, under its name."""
    groups = [[each] for each in named.items()] if panels else [list(named.items())]
    columns = 1 if len(groups) == 1 else 2 if len(groups) <= 4 else 3
    rows = -(-len(groups) // columns)
    figure = Figure(figsize=(width, height or (0.55 + 1.75 * rows if panels else 3.6)))
    highest = max(0.0, *(float(each.table["value"].max()) for each in named.values()))
    right = 7 if panels else 16 + max(span(name, style.TEXT) for name in named)
    between = {"hspace": 0.32, "wspace": 0.1 if same_scale else 0.3}
    style.within(figure, left=margin(highest), right=right, bottom=22, top=34 if panels else 18, **between)
    every = list(figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=same_scale).flat)
    for axes in every[len(groups) :]:
        axes.remove()
    used = every[: len(groups)]
    for axes, lines in zip(used, groups, strict=True):
        for (_, each), look in zip(lines, _LOOKS, strict=False):
            _draw(axes, each, own, look, markersize=0 if panels else 3)
    for axes in used:
        _finish(axes, used if same_scale else [axes], ticks=4 if panels else 7)
    words = []
    for axes, lines in zip(used, groups, strict=True):
        words.append(_mark(axes, {day: said for _, each in lines for day, said in each.changes.items()} | own))
    for axes, points in [(used[0], max(words))] if same_scale else zip(used, words, strict=True):
        _make_room(axes, points)
    if panels:
        for axes, name in zip(used, named, strict=True):
            axes.set_title(name, loc="left", y=1, fontsize=style.TEXT, fontweight="bold", color=INK)
    else:
        _name_ends(used[0], named)
    figure.text(0.99, 0.99, above, ha="right", va="top", fontsize=SMALL, color=MUTED)
    return figure


def _name_ends(axes: Axes, named: Mapping[str, _Line]) -> None:
    """Name lines at their ends, clear of each other."""
    ends = [float(each.table["value"].ffill().fillna(0.0).iloc[-1]) for each in named.values()]
    heights = style.apart(ends, axes.get_ylim()[1] * 0.07)
    for name, (*_, sign), level in zip(named, _LOOKS, heights, strict=False):
        at = (axes.get_xlim()[1], level)
        style.note(axes, f"{sign} {name}", at, (4, 0), va="center", fontsize=style.TEXT)


def _draw(axes: Axes, line: _Line, own: Iterable[date], look: tuple[str, ...], markersize: float) -> None:
    """Draw a line in pieces, since no line may join what was not counted alike."""
    colour, dashes, marker, _ = look
    table, pieces = line.table, line.pieces(own)
    days, values = table["start"] + pd.to_timedelta(15 * table["months"].astype(int), unit="D"), table["value"]
    for piece in pieces:
        axes.plot(days.iloc[piece], values.iloc[piece], color=colour, linestyle=dashes, linewidth=1.4)
    held = values.notna().to_numpy()
    if "low" in table:
        axes.vlines(days[held], table["low"][held], table["high"][held], color=colour, linewidth=0.8)
    # Marks of their own: hollow where provisional, and in a panel of no size but there and where a piece is one period.
    provisional = table["provisional"].to_numpy(dtype=bool)
    alone = np.isin(np.arange(len(values)), [piece[0] for piece in pieces if len(piece) == 1])
    sizes = np.where(provisional | alone, max(markersize, 3.0), markersize)[held]
    drawn: dict[str, Any] = {
        "facecolors": [style.PAPER if hollow else colour for hollow in provisional[held]],
        "linewidths": np.where(sizes > 0, 1.0, 0.0).tolist(),
    }
    axes.scatter(
        days[held], values[held], s=sizes**2, marker=marker, edgecolors=colour, zorder=2.1, gid=style.MARK, **drawn
    )


def _finish(axes: Axes, alike: Sequence[Axes], ticks: int) -> None:
    """Give axes the scale that they share with some others, and years below."""
    low, high = zip(*(each.dataLim.intervaly for each in alike), strict=True)
    axes.set_ylim(min(0.0, *low), max(4.0, *high) * 1.04)
    axes.margins(x=0.01)
    count_axis(axes)
    axes.xaxis.set_major_locator(AutoDateLocator(minticks=2, maxticks=ticks))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(DateFormatter("%Y"))  # type: ignore[no-untyped-call]
    axes.tick_params(labelbottom=True)


def _lines_title(named: Mapping[str, _Line], release: Release, each: str) -> str:
    first, *others = named.values()
    what = first.offence.noun if all(line.offence.code == first.offence.code for line in others) else "offences"
    is_one_area = all(line.area == first.area for line in others)
    where = say("charts.lines-where", area=first.area) if what == "offences" and is_one_area else ""
    names = say("charts.lines-panels", count=len(named)) if len(named) > 6 else ", ".join(named)
    start, last = first.table["start"].iloc[0], first.table.iloc[-1]
    span = Period(
        Month(start.year, start.month), Month(last["start"].year, last["start"].month).shift(int(last["months"]) - 1)
    )
    return say(
        "charts.lines-title", what=what, where=where, period=span.words, release=release.words, names=names, each=each
    )


def _days(breaks: Mapping[str, str]) -> dict[date, str]:
    days = {}
    for text, words in breaks.items():
        try:
            days[date.fromisoformat(text)] = words
        except (TypeError, ValueError):
            raise RequestError(f"breaks: {text!r} is not a day; write it as 2020-03-23") from None
    return days


def _place(axes: Axes, day: date) -> float:
    """Return where a day lies on an axis of days, or of periods, which pandas counts."""
    if not hasattr(axes, "freq"):
        return float(date2num(day))  # type: ignore[no-untyped-call]
    return place_of(day, axes.freq)


def _percents(stretches: Sequence[Mapping[Period, int]]) -> dict[int, tuple[int, int]]:
    """Return the count of each year, by that in which it ends, and how many per cent of the newest it is."""
    counts = {year.last.year: count for stretch in stretches for year, count in stretch.items()}
    newest = counts[max(counts)] if counts else 0
    return {year: (count, round(100 * count / newest)) for year, count in counts.items()} if newest > 0 else {}


def _rates_title(comparison: Comparison, scale: Scale) -> str:
    """Return how far the forces' rates range, and where the area's own lies."""
    own, values = comparison.rates.get(comparison.area.name), [rate.value for rate in comparison.rates.values()]
    said = {"ends": scale.ends(min(values), max(values)), "unit": scale.unit, "forces": len(values)}
    if own is None:
        return say("charts.rates-title", period=comparison.current.period.words, **said)
    said |= {"rate": scale.value(own.value), "within": scale.ends(own.low, own.high)}
    return say("charts.rates-title-own", police=comparison.area.police, **said)
