"""All forces beside each other: the funnel, and the rates with their intervals."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis import statistics
from analysis.comparison import Comparison, Funnel, Rate
from analysis.report.charts import style
from analysis.report.charts.chart import Chart, chart, empty, of_period
from analysis.report.charts.labels import LINE
from analysis.report.charts.quarters import recorded
from analysis.report.charts.style import ACCENT, BREAK, MARK, MUTED, NARROW, SMALL, UNDER, Size, span
from analysis.report.rows import rate_frame, rate_words
from analysis.report.view import say
from analysis.terms import areas, numbers
from analysis.terms.areas import Force
from analysis.terms.numbers import interval, number

CONFIDENCES = {0.95: (0, (4, 2)), 0.998: (0, (1, 1.5))}


def funnel(comparison: Comparison, *, size: Size | None = None, title: str | None = None) -> Chart:
    """Draw the funnel of all forces for the comparison's period, this force set off.

    Parameters
    ----------
    size, title
        Width and height in inches; a title of one's own in place of the sentence that says what is seen.

    Returns
    -------
    Chart
        Dots for forces; limits of chance alone and limits that allow for the spread among forces, at 95% and 99.8%.
    """
    result = comparison.funnel
    if result is None:
        return empty("There are too few figures for a funnel of forces")
    table, name = result.forces, comparison.area.name
    own, others = table[table.index == name], table[table.index != name]

    def draw(width: float, height: float | None) -> Figure:
        foot = f"Offences expected at the rate of all forces together (of {result.residents})"
        is_wide = width > NARROW
        right, height = 8 + span("spread, 99.8%" if is_wide else "spread"), height or (4.2 if is_wide else 3.6)
        with style.canvas(width, height, foot=foot, left=26, right=right, top=18) as (figure, axes):
            _limits(axes, result, ", " if is_wide else "\n")
            axes.scatter(others["expected"], others["ratio"], s=18, color=MUTED, linewidth=0, zorder=3, gid=MARK)
            if not own.empty:
                x, y = own["expected"], own["ratio"]
                axes.scatter(x, y, s=60, marker="D", color=ACCENT, linewidth=0, zorder=4, gid=MARK)
                _name(axes, name, float(x.iloc[0]), float(y.iloc[0]))
            look: dict[str, Any] = {"xycoords": "axes fraction", "color": MUTED, "fontsize": style.TEXT}
            style.note(axes, "Recorded over expected", (0, 1), (-24, 5), **look)
        return figure

    rows: Iterable[Any] = pd.concat([others, own]).itertuples()
    values = [
        f"{row.Index}: {recorded(row.offences)}, {number(row.expected)} expected; "
        f"place {numbers.places(row.rank_low, row.rank_high)} of {len(table)}"
        for row in rows
    ]
    named = {"ratio": "recorded_over_expected", "rank_low": "place_low", "rank_high": "place_high"}
    frame = table.rename(columns=named).astype(dict.fromkeys(("offences", "residents", "place_low", "place_high"), int))
    frame = frame.round({"expected": 1, "recorded_over_expected": 3}).rename_axis("force").reset_index()
    columns = ["force", "offences", "residents", "expected", "recorded_over_expected", "place_low", "place_high"]
    alternative = _funnel_alternative(result, own)
    title, about = title or _funnel_title(comparison, result, own), of_period(comparison)
    return chart("funnel", title, draw, alternative, frame[columns], values=values, about=about, size=size)


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
        return empty(no_rates("No chart of rates", comparison))
    held = sorted((force for force in areas.FORCES if force.name in rates), key=lambda each: (each.region, each.name))
    # A line for each region, and under it one for each of its forces.
    lines: list[tuple[str, bool]] = []
    for region, of in groupby(held, lambda force: force.region):
        lines += [(region, False), *((force.name, True) for force in of)]
    places = {name: place for place, (name, is_force) in enumerate(lines) if is_force}
    own = {name: place for name, place in places.items() if comparison.area.names == [name]}
    others = {name: place for name, place in places.items() if name not in own}

    def draw(width: float, height: float | None) -> Figure:
        foot = f"Recorded offences a year for 10,000 {of_whom(rates)}"
        letters = style.TEXT if width > NARROW else SMALL
        left = 8 + max(span(name, letters) for name in places)
        with style.canvas(width, height, 14.5 * len(lines), foot=foot, left=left, right=8, top=8) as (figure, axes):
            _dots(axes, rates, others, color=MUTED, width=1.1, marker="o", s=16)
            _dots(axes, rates, own, color=ACCENT, width=2.4, marker="D", s=42)
            for place, (name, is_force) in enumerate(lines):
                look: dict[str, Any] = {"ha": "right", "fontsize": letters} if is_force else {"bbox": UNDER}
                look |= {"fontweight": "bold"} if name in own or not is_force else {}
                look |= {"va": "center", "color": ACCENT if name in own else MUTED}
                offset = (-5 if is_force else 2 - left, 0)
                style.note(axes, name, (0, place), offset, xycoords=axes.get_yaxis_transform(), **look)
            axes.set_ylim(len(lines) - 0.2, -0.8)
            axes.set_xlim(left=0)
            style.count_across(axes)
        return figure

    values = [rate_value(name, rates[name]) for name in [*others, *own]]
    alternative = f"Dots with 95% intervals, one for each force, by region and name. {said_of(held, rates)}."
    title, frame, about = title or _rates_title(comparison), rate_frame(held, rates), of_period(comparison)
    return chart(
        "forces", title, draw, alternative, frame, values=values, about=about, size=size, along="y", kind="tall"
    )


def _limits(axes: Axes, result: Funnel, joint: str) -> None:
    table = result.forces
    lowest, highest = float(table["expected"].min()) * 0.8, float(table["expected"].max()) * 1.04
    expected = np.square(np.linspace(np.sqrt(lowest), np.sqrt(highest), 48))
    top = max(2.2, float(table["ratio"].max()) * 1.12)
    ends = []
    axes.axhline(1, color=MUTED, linewidth=1)
    for confidence, dashes in CONFIDENCES.items():
        chance = statistics.funnel_limits(expected, confidence=confidence)
        spread = statistics.overdispersed_limits(expected, tau2=result.tau2, confidence=confidence)
        for name, limits, colour in (("chance", chance, ACCENT), ("spread", spread, BREAK)):
            for limit in (limits.low, limits.high):
                axes.plot(expected, limit, color=colour, linewidth=1.1, linestyle=dashes)
            ends.append((f"{name}{joint}{confidence * 100:g}%", float(limits.high[-1]), colour))
    # A square root spreads the many small forces out.
    axes.set_xscale("function", functions=(np.sqrt, np.square))
    axes.set_xlim(lowest, highest)
    across, tall = style.points(axes)
    axes.set_xticks(_round_numbers(lowest, highest, across))
    axes.xaxis.set_major_formatter(lambda value, _: number(value))
    axes.minorticks_off()
    axes.set_ylim(0, top)
    # The upper limits are named in the margin, where no force can lie under the words.
    gap = top * LINE * (joint.count("\n") + 1) / tall
    ends = [each for each in ends if each[1] <= top]
    for (text, _, colour), height in zip(ends, style.apart([end for _, end, _ in ends], gap), strict=True):
        style.note(axes, text, (highest, height), (5, 0), va="center", color=colour)


def _round_numbers(lowest: float, highest: float, across: float) -> list[int]:
    """Return round numbers, the highest first, that stand clear of each other on an axis of roots of so many points."""
    kept: list[int] = []
    a_root = across / (np.sqrt(highest) - np.sqrt(lowest))
    for value in (digit * 10**power for power in range(6, -1, -1) for digit in (5, 2, 1)):
        clear = not kept or (np.sqrt(kept[-1]) - np.sqrt(value)) * a_root > span(number(kept[-1]), style.TEXT) + 4
        if lowest <= value <= highest and clear:
            kept.append(value)
    return kept


def _name(axes: Axes, name: str, expected: float, ratio: float) -> None:
    """Write a name beside its dot, on the side where there is room, or above it."""
    (across, _), wide = style.points(axes), 1.12 * span(name, style.TEXT)  # in bold
    at = across * axes.transAxes.inverted().transform(axes.transData.transform((expected, ratio)))[0]
    offset, side, height = (min(max(at, wide / 2), across - wide / 2) - at, 9), "center", "bottom"
    if at + 9 + wide < across:
        offset, side, height = (9, 0), "left", "center"
    elif at - 9 - wide > 0:
        offset, side, height = (-9, 0), "right", "center"
    look: dict[str, Any] = {"fontsize": style.TEXT, "fontweight": "bold", "color": ACCENT, "bbox": UNDER | {"pad": 0}}
    style.note(axes, name, (expected, ratio), offset, ha=side, va=height, **look)


def _funnel_title(comparison: Comparison, result: Funnel, own: pd.DataFrame) -> str:
    period = comparison.current.period.words
    if own.empty:
        return say("charts.funnel-title-all", forces=len(result.forces), period=period, chance=result.outside_chance)
    values = {name: number(own[name].iloc[0]) for name in ("offences", "expected")}
    return say("charts.funnel-title", police=comparison.area.police, period=period, **values)


def _funnel_alternative(result: Funnel, own: pd.DataFrame) -> str:
    ratios, forces = result.forces["ratio"], len(result.forces)
    said = [
        f" {name}: recorded over expected {number(ratio, 2)}, place {result.ranks(str(name))} of {forces}."
        for name, ratio in own["ratio"].items()
    ]
    values = {"low": number(ratios.min(), 2), "high": number(ratios.max(), 2), "own": "".join(said)}
    outside = {"chance": result.outside_chance, "spread": result.outside_dispersion}
    return say("charts.funnel-alternative", forces=forces, **values, **outside)


def _dots(axes: Axes, rates: dict[str, Rate], places: dict[str, int], *, color: str, width: float, **look: Any) -> None:
    shown, at = pd.DataFrame([rates[name] for name in places], columns=["value", "low", "high"]), list(places.values())
    axes.hlines(at, shown["low"], shown["high"], color=color, linewidth=width, zorder=3)
    axes.scatter(shown["value"], at, color=color, linewidth=0, zorder=4, gid=MARK, **look)


def _rates_title(comparison: Comparison) -> str:
    own = comparison.rates.get(comparison.area.name)
    spread = f"rates of the {len(comparison.rates)} forces run from {ends_of(comparison.rates)}"
    if own is None:
        return f"In {comparison.current.period.words} the {spread}"
    rate = f"{number(own.value, 1)} a year for 10,000 {own.residents.words} ({interval(own.low, own.high)})"
    return f"{comparison.area.police}: {rate}; {spread}"


def ends_of(rates: dict[str, Rate]) -> str:
    """Return the lowest and the highest of rates."""
    values = [rate.value for rate in rates.values()]
    return interval(min(values), max(values))


def of_whom(rates: dict[str, Rate]) -> str:
    """Return which residents rates are of."""
    return next(iter(rates.values())).residents.words


def no_rates(what: str, comparison: Comparison) -> str:
    """Return why there is none of what would show rates."""
    return f"{what}: there is no rate of residents in {comparison.current.period.words}"


def said_of(of: Iterable[Force], rates: dict[str, Rate]) -> str:
    """Return forces with their rates in words, for readers who do not see them."""
    said = {name: rate_words(rate.value, rate.low, rate.high) for name, rate in rates.items()}
    return "; ".join(f"{force.name} {said.get(force.name, 'no rate')}" for force in of)


def rate_value(name: str, rate: Rate | None) -> str:
    """Return what a force's dot or tile is worth, in words."""
    if rate is None:
        return f"{name}: no rate can be read"
    of = f"a year for 10,000 {rate.residents.words}; {recorded(rate.offences)}"
    return f"{name}: {rate_words(rate.value, rate.low, rate.high)} {of}"
