"""Several areas or offences beside each other: their quarters across time, on one axis or in panels, and the rates of all forces."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
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
from analysis.comparison.series import series
from analysis.errors import RequestError
from analysis.report.charts import style
from analysis.report.charts.chart import Chart, chart, empty
from analysis.report.charts.quarters import margin, place_of, recorded, value_words, yearly
from analysis.report.charts.style import ACCENT, INK, MUTED, PALE, SMALL, Label, Size, Sized, span
from analysis.report.sentences import Scale
from analysis.report.tables import rate_frame
from analysis.report.view import rows_of, say
from analysis.terms import areas, offences
from analysis.terms.numbers import day_words, number
from analysis.terms.offences import Denominator, Offence
from analysis.terms.periods import Month, Period

# Told apart by colour, line and mark: more than these nobody tells apart.
_LOOKS = ((ACCENT, "-", "o", "●"), (INK, "--", "s", "■"), (PALE, "-", "^", "▲"), (MUTED, ":", "D", "◆"))
MANY = 15  # values of a line that are all said in words


@dataclass(frozen=True)
class _Line:
    """What a line is drawn of.

    Attributes
    ----------
    name
        What tells it apart: its area, its offence, or both.
    rows
        Of a table of series, with the ``day`` and the ``value`` that are drawn, its ends (``least``, ``most``) and its words (``said``);
        a line joins what is alike in ``definition``, ``before`` and ``alone``.
    changes
        Days on which what is counted changed, and those of one's own, with their words.
    """

    name: str
    area: str
    offence: Offence
    rows: pd.DataFrame
    changes: Mapping[date, str]


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
    table = comparisons if isinstance(comparisons, pd.DataFrame) else _table(comparisons)
    release = load_register().release(table.attrs.get("release", "latest"))
    made = _lines(table, release, rates, own)
    whom = Denominator(made[0].rows["age_band"].iloc[0]).whom if rates else ""
    if not panels and len(made) > len(_LOOKS):
        raise RequestError(f"lines: found {len(made)} for one axis; give at most {len(_LOOKS)}, or panels=True")
    hollow = say("charts.hollow") if any(line.rows["provisional"].any() for line in made) else ""
    draw = functools.partial(_drawn, made, panels, same_scale, hollow)
    many = table["months"].max()
    each, by_quarter = say(f"charts.lines-each.{'rate' if rates else many}", whom=whom), many == 3 and not rates
    said = ". ".join(f"{line.name}: {_said(line.rows, by_quarter)}" for line in made)
    by = say("charts.lines-by-year") if by_quarter else ""
    alternative = say("charts.lines-alternative", release=release.words, said=said, each=each, by=by)
    if days := sorted({day for line in made for day in line.changes}):
        alternative += " " + say("charts.lines-end", days=", ".join(map(day_words, days)))
    values = [f"{line.name}, {value}" for line in made for value in line.rows["said"].dropna()]
    of, whose = [line.offence for line in made], [line.area for line in made]
    look: dict[str, Any] = {"release": release, "of": of, "areas": whose, "size": size, "on_phones": False}
    title = title or _lines_title(made, release, each)
    return chart("lines", title, draw, alternative, table, values=values, **look)


def _table(comparisons: Sequence[Comparison]) -> pd.DataFrame:
    """Return the quarters of comparisons of one release as a table of series."""
    if len(releases := {each.release.id for each in comparisons}) > 1:
        raise RequestError(f"lines: found releases {', '.join(sorted(releases))}; give comparisons of one release")
    return pd.concat(
        [series(each.area, each.offence, release=each.release.id) for each in comparisons], ignore_index=True
    )


def _lines(table: pd.DataFrame, release: Release, rates: bool, own: dict[date, str]) -> list[_Line]:
    """Return the lines of a table of series."""
    of = ["rate", "low", "high"] if rates else ["offences"] * 3  # the value and its ends
    needed = dict.fromkeys(["area", "offence", "start", "months", "provisional", "definition", "age_band", *of])
    if (lacks := [name for name in needed if name not in table]) or table.empty:
        raise RequestError(
            f"comparisons: found a table without {', '.join(lacks) or 'rows'}; give one of analysis.series"
        )
    if rates:  # those of other residents than the newest are of may not be compared with them
        bands = set(table[table["rate"].notna()].groupby(["area", "offence"])["age_band"].last())
        if len(bands) != 1:
            found = " and ".join(map(repr, sorted(bands))) or "nobody"
            raise RequestError(f"rates: found rates of {found}; give offences of one age_band")
        table = table[table["age_band"].isin(bands)]
    several = [column for column in ("area", "offence") if table[column].nunique() > 1] or ["area"]
    made = []
    pair: Any
    for pair, part in table.groupby(["area", "offence"], sort=False):
        (area, code), rows = pair, _rows(part, of, rates, own)
        offence = offences.find(code)
        name = ", ".join({"area": area, "offence": offence.name}[column] for column in several)
        if part.duplicated(["start", "months"]).any():
            raise RequestError(f"lines: {name} stands twice; give each area and offence once")
        if rows["value"].isna().all():
            raise RequestError(f"comparisons: {area} has no {of[0]} of {code} to draw; leave it out")
        try:
            changes = _days(compare(area, offence=code, release=release.id))
        except RequestError:  # an area of one's own
            changes = {}
        made.append(_Line(name, area, offence, rows, changes | own))
    return made


def _rows(part: pd.DataFrame, of: Sequence[str], rates: bool, own: Mapping[date, str]) -> pd.DataFrame:
    """Return the rows of a line with what is drawn of them: no piece crosses a change in what is counted, or a day of one's own."""
    ends = [day + pd.DateOffset(months=many) for day, many in zip(part["start"], part["months"], strict=True)]
    days = pd.DatetimeIndex(sorted(own))
    before, until = days.searchsorted(part["start"], "right"), days.searchsorted(pd.DatetimeIndex(ends), "left")
    value, least, most = part[of].astype("float64").where(part["definition"].notna()).to_numpy().T
    rows = part.assign(
        value=value, least=least, most=most, before=before, alone=(until > before) * np.arange(len(part))
    )
    rows["day"] = part["start"] + pd.to_timedelta(15 * part["months"].astype(int), unit="D")
    each: Any = rows.itertuples()
    rows["said"] = [None if np.isnan(row.value) else _value_words(row, rates) for row in each]
    return rows


def _value_words(row: Any, rates: bool) -> str:
    """Return what was recorded in a period of a table, or its rate, in words."""
    first = Month(row.start.year, row.start.month)
    rate = {"value": number(row.value, 1), "low": number(row.least, 1), "high": number(row.most, 1)}
    said = say("charts.lines-rate", **rate) if rates else recorded(row.value)
    return value_words(Period(first, first.shift(row.months - 1)), said, row.provisional)


def _said(rows: pd.DataFrame, by_quarter: bool) -> str:
    """Return what a line shows in words: quarters by financial year, of many other values the first and the last."""
    if by_quarter:
        return yearly(rows.assign(quarter=pd.PeriodIndex(rows["start"], freq="Q-MAR")))
    values = list(rows["said"].dropna())
    return "; ".join(values if len(values) <= MANY else [values[0], values[-1]])


def _lines_title(made: Sequence[_Line], release: Release, each: str) -> str:
    first, *others = made
    what = first.offence.noun if all(line.offence.code == first.offence.code for line in others) else "offences"
    is_one_area = all(line.area == first.area for line in others)
    where = say("charts.lines-where", area=first.area) if what == "offences" and is_one_area else ""
    names = ", ".join(line.name for line in made) if len(made) <= 6 else say("charts.lines-panels", count=len(made))
    begin, end = first.rows["start"].iloc[0], first.rows.iloc[-1]
    last = Month(end["start"].year, end["start"].month).shift(int(end["months"]) - 1)
    period = Period(Month(begin.year, begin.month), last).words
    return say(
        "charts.lines-title", what=what, where=where, period=period, release=release.words, names=names, each=each
    )


def _drawn(made: Sequence[_Line], panels: bool, alike: bool, foot: str, size: Sized) -> Figure:
    """Draw lines on one axis, each named at its end, or each in a panel of its own, under its name."""
    groups = [[line] for line in made] if panels else [made]
    days = date2num([day for line in made for day in line.rows["day"]])  # type: ignore[no-untyped-call]
    beside = 0.01 * np.ptp(days) + 15
    xlim = (float(days.min() - beside), float(days.max() + beside))
    labels = []
    for group in groups:
        changes = {day: words for line in group for day, words in line.changes.items()}
        names = [Label(line.name, xlim[0], colour=INK) for line in group if panels]
        labels.append([*_labels(changes, date2num, xlim), *names])
    right = 7 if panels else 16 + max(span(line.name, style.TEXT) for line in made)
    left, inside = margin(max(line.rows["most"].max() for line in made)), 100 if panels else 200
    sides: dict[str, Any] = {"left": left, "right": right, "labels": labels, "foot": foot, "alike": alike}
    figure, every = style.canvas(_dated, size, inside, xlim, **sides)
    for axes, group in zip(every, groups, strict=True):
        for line, look in zip(group, _LOOKS, strict=False):
            _draw(axes, line.rows, look, 2 if panels else 3)
        shown = pd.concat([line.rows for line in (made if alike else group)])
        axes.set_ylim(min(0.0, shown["least"].min()), max(4.0, shown["most"].max()) * 1.04)
        axes.xaxis.set_major_locator(AutoDateLocator(minticks=2, maxticks=4 if panels else 7))  # type: ignore[no-untyped-call]
    if not panels:
        ends = [line.rows["value"].ffill().fillna(0.0).iloc[-1] for line in made]
        named = [(f"{sign} {line.name}", end) for line, (*_, sign), end in zip(made, _LOOKS, ends, strict=False)]
        style.name_levels(every[0], named, fontsize=style.TEXT)
    return figure


def _draw(axes: Axes, rows: pd.DataFrame, look: tuple[str, ...], dot: float) -> None:
    """Draw a line in pieces, with its intervals and its marks, hollow where provisional."""
    colour, dashes, marker, _ = look
    for _, piece in rows.groupby(["definition", "before", "alone"], sort=False, dropna=False):
        axes.plot(piece["day"], piece["value"], color=colour, linestyle=dashes, linewidth=1.4)
    held = rows.dropna(subset="value")
    if (held["most"] > held["least"]).any():
        axes.vlines(held["day"], held["least"], held["most"], color=colour, linewidth=0.8)
    hollow = held["provisional"].to_numpy(dtype=bool)
    drawn: dict[str, Any] = {"s": np.where(hollow, 3, dot) ** 2, "facecolors": np.where(hollow, style.PAPER, colour)}
    axes.scatter(
        held["day"], held["value"], marker=marker, edgecolors=colour, linewidths=1, zorder=2.1, gid=style.MARK, **drawn
    )


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

    ends = [end for sides in paths.values() for own in sides for end in own]
    highest = max(percent for sides in paths.values() for own in sides for _, percent in own.values())
    beside = 0.05 * np.ptp(ends) + 0.5
    xlim = (min(ends) - beside, max(ends) + beside)

    def draw(size: Sized) -> Figure:
        wide = 72 * (size[0] - 0.5) / (3 if size[0] > style.NARROW else 2)
        labels = [[Label(style.wrapped(name, wide, SMALL), xlim[0], colour=INK)] for name in paths]
        figure, panels = style.canvas(_small, size, 54, xlim, left=34, right=7, labels=labels)
        for axes, name in zip(panels, paths, strict=True):
            for stretches, own, colour in zip(years[name], paths[name], (PALE, ACCENT), strict=True):
                lines = [[(year.last.year, own[year.last.year][1]) for year in stretch] for stretch in stretches]
                # A year alone is drawn as a dash, so that it is seen too.
                seen = [
                    [(x + end, y) for end in (-0.35, 0.35) for x, y in line] if len(line) == 1 else line
                    for line in lines
                ]
                axes.add_collection(LineCollection(seen, colors=colour, linewidths=1.4), autolim=False)
            axes.set_ylim(0, 1.05 * highest)
        return figure

    about = {"area": comparison.area.name, "month": comparison.current.period.last.words.split()[0]}
    said = (
        f"{name}: {', '.join(f'{year} {number(count)} ({percent}%)' for year, (count, percent) in own.items())}"
        for name, (_, own) in paths.items()
    )
    alternative = say("charts.courses-alternative", said="; ".join(said), **about)
    shown = title or say(f"charts.courses-title.{'nation' if comparison.area == nation.area else 'area'}", **about)
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
    labels = _labels(_days(breaks), place, (low, high))
    boxes = style.placed(labels, (low, high), width)
    top = 2 + max((head for *_, head in boxes), default=0.0)
    style.write(axes, labels, boxes, -top)
    base, end = axes.get_ylim()
    axes.set_ylim(base, base + (end - base) / max(0.4, 1 - top / tall))


def _labels(days: Mapping[date, str], at: Callable[[date], float], xlim: tuple[float, float]) -> list[Label]:
    """Return labels for the days that lie on an axis, from right to left: so no line crosses the words of another."""
    places = {at(day): words for day, words in days.items()}
    return [Label(places[place], place) for place in sorted(places, reverse=True) if xlim[0] < place < xlim[1]]


def _days(breaks: Comparison | Mapping[str, str]) -> dict[date, str]:
    if isinstance(breaks, Comparison):
        return {each.day: each.words for each in breaks.all_breaks}
    days = {}
    for text, words in breaks.items():
        try:
            days[date.fromisoformat(text)] = words
        except (TypeError, ValueError):
            raise RequestError(f"breaks: {text!r} is not a day; write it as 2020-03-23") from None
    return days


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
    rows: list[str | areas.Force] = []
    for region, of in groupby(held, lambda force: force.region):
        rows += [region, *of]
    at = [place for place, row in enumerate(rows) if not isinstance(row, str)]
    own, is_own = comparison.area.names, np.array([[force.name] == comparison.area.names for force in held])
    ends = ((rate.value, rate.low, rate.high) for rate in (rates[force.name] for force in held))
    value, low, high = scale.times * np.transpose(list(ends))

    def draw(size: Sized) -> Figure:
        letters = style.TEXT if size[0] > style.NARROW else SMALL
        left, xlim = 8 + max(span(force.name, letters) for force in held), (0, 1.05 * high.max() - 0.05 * low.min())
        sides: dict[str, Any] = {"left": left, "right": 8, "foot": say("charts.rates-foot", unit=scale.unit)}
        figure, (axes,) = style.canvas(style.count_across, size, 14.5 * len(rows), xlim, **sides)
        colours, beside = np.where(is_own, ACCENT, MUTED).tolist(), axes.get_yaxis_transform()
        axes.hlines(at, low, high, colors=colours, linewidths=np.where(is_own, 2.4, 1.1), zorder=3)
        axes.scatter(value, at, s=np.where(is_own, 49, 16), color=colours, linewidth=0, zorder=4, gid=style.MARK)
        for place, row in enumerate(rows):
            if isinstance(row, str):
                look: dict[str, Any] = {"color": MUTED, "fontweight": "bold", "bbox": style.UNDER}
                style.note(axes, row, (0, place), (2 - left, 0), beside, va="center", **look)
            else:
                look = {"color": ACCENT, "fontweight": "bold"} if [row.name] == own else {"color": MUTED}
                style.note(
                    axes, row.name, (0, place), (-5, 0), beside, ha="right", va="center", fontsize=letters, **look
                )
        axes.set_ylim(len(rows) - 0.2, -0.8)
        axes.locator_params(axis="x", nbins=max(3, int(style.points(axes)[0] / 48)), steps=[1, 2, 5, 10])
        return figure

    words = {name: scale.words(rate) for name, rate in rates.items()}
    values = [
        say("charts.rate-value", name=name, rate=words[name], unit=scale.unit, recorded=recorded(rates[name].offences))
        for name in (force.name for force in held)
    ]
    told = (f"{each.name} {words[each.name]}, {recorded(rates[each.name].offences)}" for each in held)
    alternative = say("charts.rates-alternative", said="; ".join(told))
    whose: dict[str, Any] = {
        "release": comparison.release,
        "of": [comparison.offence],
        "areas": [say("charts.all-forces")],
    }
    whose |= {"about": comparison.current.period.words, "size": size, "along": "y"}
    title = title or _rates_title(comparison, scale)
    return chart("forces", title, draw, alternative, rate_frame(held, rates), values=values, **whose)


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
