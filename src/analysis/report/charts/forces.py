"""All forces beside each other: the funnel, and the rates with their intervals."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis import statistics
from analysis.comparison import Comparison, Funnel, Rate
from analysis.report.charts import style
from analysis.report.charts.chart import Chart, chart, empty, of_period
from analysis.report.charts.labels import LINE
from analysis.report.charts.quarters import recorded
from analysis.report.charts.style import ACCENT, BREAK, MARK, MUTED, NARROW, SMALL, UNDER, Size, span
from analysis.report.rows import rate_frame, rate_words
from analysis.report.view import sentence
from analysis.terms import forces, numbers
from analysis.terms.forces import Force
from analysis.terms.numbers import interval, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

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
    table = result.forces
    own, name = _own(comparison, result), comparison.area.name
    others = table if own is None else table.drop(index=name)

    def draw(width: float, height: float | None) -> Figure:
        foot = f"Offences expected at the rate of all forces together (of {result.residents})"
        foot = style.wrapped(foot, 72 * width - 8)
        is_wide, bottom = width > NARROW, 22 + 12.0 * (foot.count("\n") + 1)
        sides = {"left": 26, "right": 8 + span("spread, 99.8%" if is_wide else "spread"), "bottom": bottom, "top": 18}
        with style.canvas((width, height or (4.2 if is_wide else 3.6)), **sides) as (figure, axes):
            _limits(axes, result, ", " if is_wide else "\n")
            axes.scatter(others["expected"], others["ratio"], s=18, color=MUTED, linewidth=0, zorder=3, gid=MARK)
            look: dict[str, Any]
            if own is not None:
                look = {"s": 60, "marker": "D", "color": ACCENT, "linewidth": 0, "zorder": 4}
                axes.scatter([own["expected"]], [own["ratio"]], gid=MARK, **look)
                _name(axes, name, own["expected"], own["ratio"])
            look = {"xycoords": "axes fraction", "color": MUTED, "fontsize": style.TEXT}
            style.note(axes, "Recorded over expected", (0, 1), (-24, 5), **look)
            style.below(figure, foot)
        return figure

    values = _funnel_values(result, [*others.index, *([] if own is None else [name])])
    named = {"ratio": "recorded_over_expected", "rank_low": "place_low", "rank_high": "place_high"}
    frame = table.rename(columns=named).astype(dict.fromkeys(("offences", "residents", "place_low", "place_high"), int))
    frame = frame.round({"expected": 1, "recorded_over_expected": 3}).rename_axis("force").reset_index()
    columns = ["force", "offences", "residents", "expected", "recorded_over_expected", "place_low", "place_high"]
    alternative = _funnel_alternative(comparison, result)
    title, about = title or _funnel_title(comparison, result), of_period(comparison)
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
    held = sorted((force for force in forces.FORCES if force.name in rates), key=lambda each: (each.region, each.name))
    # A line for each region, and under it one for each of its forces.
    lines: list[tuple[str, bool]] = []
    for region, of in groupby(held, lambda force: force.region):
        lines += [(region, False), *((force.name, True) for force in of)]
    places = {name: place for place, (name, is_force) in enumerate(lines) if is_force}
    own = {name: place for name, place in places.items() if comparison.area.names == [name]}
    others = {name: place for name, place in places.items() if name not in own}

    def draw(width: float, height: float | None) -> Figure:
        foot = style.wrapped(f"Recorded offences a year for 10,000 {of_whom(rates)}", 72 * width - 8)
        letters = style.TEXT if width > NARROW else SMALL
        bottom, left = 22 + 12.0 * (foot.count("\n") + 1), 8 + max(span(name, letters) for name in places)
        size = (width, height or (14.5 * len(lines) + bottom + 8) / 72)
        with style.canvas(size, left=left, right=8, bottom=bottom, top=8) as (figure, axes):
            axes.grid(visible=False)
            axes.grid(visible=True, axis="x")
            _dots(axes, rates, others, colour=MUTED, width=1.1, marker="o", size=16)
            _dots(axes, rates, own, colour=ACCENT, width=2.4, marker="D", size=42)
            axes.set_yticks([])
            for place, (name, is_force) in enumerate(lines):
                set_off: dict[str, Any] = {"fontweight": "bold", "color": ACCENT if name in own else MUTED}
                look: dict[str, Any] = (
                    {"ha": "right", "fontsize": letters, "color": MUTED} if is_force else {"bbox": UNDER}
                )
                look |= set_off if name in own or not is_force else {}
                offset = (-5 if is_force else 2 - left, 0)
                style.note(axes, name, (0, place), offset, va="center", xycoords=axes.get_yaxis_transform(), **look)
            axes.set_ylim(len(lines) - 0.2, -0.8)
            axes.set_xlim(left=0)
            style.round_ticks(axes)
            style.below(figure, foot)
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


def _own(comparison: Comparison, result: Funnel) -> pd.Series | None:
    if len(comparison.area.forces) > 1 or comparison.area.name not in result.forces.index:
        return None
    return result.forces.T[comparison.area.name]


def _funnel_title(comparison: Comparison, result: Funnel) -> str:
    period = comparison.current.period.words
    own = _own(comparison, result)
    if own is None:
        return sentence("funnel-title-all", forces=len(result.forces), period=period, chance=result.outside_chance)
    values = {"offences": number(own["offences"]), "expected": number(own["expected"])}
    return sentence("funnel-title", police=comparison.area.police, period=period, **values)


def _funnel_alternative(comparison: Comparison, result: Funnel) -> str:
    own, name = _own(comparison, result), comparison.area.name
    said = ""
    if own is not None:
        said = f" {name}: recorded over expected {number(own['ratio'], 2)}, place {result.ranks(name)} of {len(result.forces)}."
    ratios = result.forces["ratio"]
    values = {"low": number(ratios.min(), 2), "high": number(ratios.max(), 2), "chance": result.outside_chance}
    return sentence(
        "funnel-alternative", forces=len(result.forces), own=said, spread=result.outside_dispersion, **values
    )


def _dots(
    axes: Axes, rates: dict[str, Rate], places: dict[str, int], *, colour: str, width: float, marker: str, size: float
) -> None:
    shown, at = pd.DataFrame([rates[name] for name in places], columns=["value", "low", "high"]), list(places.values())
    axes.hlines(at, shown["low"], shown["high"], color=colour, linewidth=width, zorder=3)
    axes.scatter(shown["value"], at, s=size, marker=marker, color=colour, linewidth=0, zorder=4, gid=MARK)


def _rates_title(comparison: Comparison) -> str:
    rates = comparison.rates
    spread = f"rates of the {len(rates)} forces run from {ends_of(rates)}"
    own = rates.get(comparison.area.name)
    if own is None:
        return f"In {comparison.current.period.words} the {spread}"
    return (
        f"{comparison.area.police}: {number(own.value, 1)} a year for 10,000 {own.residents.words} "
        f"({interval(own.low, own.high)}); {spread}"
    )


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
    return "; ".join(f"{force.name} {_rate_said(rates.get(force.name))}" for force in of)


def _rate_said(rate: Rate | None) -> str:
    return rate_words(rate.value, rate.low, rate.high) if rate else "no rate"


def rate_value(name: str, rate: Rate | None) -> str:
    """Return what a force's dot or tile is worth, in words."""
    if rate is None:
        return f"{name}: no rate can be read"
    of = f"a year for 10,000 {rate.residents.words}; {recorded(rate.offences)}"
    return f"{name}: {rate_words(rate.value, rate.low, rate.high)} {of}"


def _funnel_values(result: Funnel, names: list[str]) -> list[str]:
    """Return what the dots of some forces are worth, in words."""
    rows: Iterable[Any] = result.forces.loc[names].itertuples()
    return [
        f"{row.Index}: {recorded(row.offences)}, {number(row.expected)} expected; "
        f"place {numbers.places(row.rank_low, row.rank_high)} of {len(result.forces)}"
        for row in rows
    ]
