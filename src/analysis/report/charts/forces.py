"""All forces beside each other: the funnel, the rates with their intervals, and the tile map."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis import statistics
from analysis.comparison import Comparison, Funnel, Rate
from analysis.report.charts import style
from analysis.report.charts.style import ACCENT, BREAK, INK, MUTED, PALE, PAPER, SMALL, UNDER, WIDTH, Size
from analysis.report.rows import rate_frame, rate_words
from analysis.report.view import Chart, chart, empty, sentence, words
from analysis.terms import forces
from analysis.terms.forces import Force
from analysis.terms.numbers import interval, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CONFIDENCES = {0.95: (0, (4, 2)), 0.998: (0, (1, 1.5))}

# British Transport Police has no area; it stands apart from the others, in the sea.
RAILWAYS = (9, 7)
STEPS = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


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
    own = _own(comparison, result)
    with style.canvas(size or (WIDTH, 4.2), left=0.095, right=0.835, bottom=0.13, top=0.97) as (figure, axes):
        _limits(axes, result)
        others = table if own is None else table.drop(index=comparison.area.name)
        axes.scatter(others["expected"], others["ratio"], s=18, color=MUTED, linewidth=0, zorder=3)
        if own is not None:
            axes.scatter([own["expected"]], [own["ratio"]], s=60, marker="D", color=ACCENT, linewidth=0, zorder=4)
            _name(axes, comparison.area.name, own["expected"], own["ratio"], table["expected"].max())
        axes.set_xlabel(f"Offences expected at the rate of all forces together (of {result.residents})")
        axes.set_ylabel("Recorded over expected")
    named = {"ratio": "recorded_over_expected", "rank_low": "place_low", "rank_high": "place_high"}
    frame = table.rename(columns=named).astype(dict.fromkeys(("offences", "residents", "place_low", "place_high"), int))
    frame = frame.round({"expected": 1, "recorded_over_expected": 3}).rename_axis("force").reset_index()
    columns = ["force", "offences", "residents", "expected", "recorded_over_expected", "place_low", "place_high"]
    alternative = _funnel_alternative(comparison, result)
    return chart("funnel", title or _funnel_title(comparison, result), figure, alternative, frame[columns])


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
        return empty(_no_rates("No chart of rates", comparison))
    held = sorted((force for force in forces.FORCES if force.name in rates), key=lambda each: (each.region, each.name))
    # A line for each region, and under it one for each of its forces.
    lines: list[tuple[str, bool]] = []
    for region, of in groupby(held, lambda force: force.region):
        lines += [(region, False), *((force.name, True) for force in of)]
    width, height = size or (WIDTH, 0.7 + 0.205 * len(lines))
    margins = {"left": 0.275, "right": 0.985, "bottom": 0.5 / height, "top": 1 - 0.1 / height}
    with style.canvas((width, height), **margins) as (figure, axes):
        axes.grid(visible=False)
        axes.grid(visible=True, axis="x")
        places = {name: place for place, (name, is_force) in enumerate(lines) if is_force}
        own = {name: place for name, place in places.items() if comparison.area.names == [name]}
        _dots(axes, rates, places, colour=MUTED, width=1.1, marker="o", size=16)
        _dots(axes, rates, own, colour=ACCENT, width=2.4, marker="D", size=42)
        axes.set_yticks(list(places.values()), list(places))
        for label in axes.get_yticklabels():
            if label.get_text() in own:
                label.set(fontweight="bold", color=ACCENT)
        look: dict[str, Any] = {"va": "center", "fontsize": SMALL, "fontweight": "bold", "color": MUTED, "bbox": UNDER}
        for place, (region, is_force) in enumerate(lines):
            if not is_force:
                axes.text(0.005, place, region, transform=axes.get_yaxis_transform(), **look)
        axes.set_ylim(len(lines) - 0.2, -0.8)
        axes.set_xlim(left=0)
        axes.set_xlabel(f"Recorded offences a year for 10,000 {_of_whom(rates)}")
    alternative = f"Dots with 95% intervals, one for each force, by region and name. {_said(held, rates)}."
    return chart("forces", title or _rates_title(comparison), figure, alternative, rate_frame(held, rates), kind="tall")


def tiles(comparison: Comparison, *, size: Size | None = None, title: str | None = None) -> Chart:
    """Draw every force as a tile roughly where it lies, in one of five steps of a calm scale.

    Parameters
    ----------
    comparison
        Whose period, offence and release to look at.
    size, title
        Width and height in inches; a title of one's own in place of the sentence that says what is seen.

    Returns
    -------
    Chart
        Each tile carries its rate; those of which no rate can be read are hatched. Without a drawing where no
        force has a rate, which it says.
    """
    rates = comparison.rates
    if not rates:
        return empty(_no_rates("No map", comparison))
    step = _step(max(rate.value for rate in rates.values()))
    with style.canvas(size or (WIDTH, 6.9), left=0.01, right=0.99, bottom=0.01, top=0.99) as (figure, axes):
        axes.set_axis_off()
        for force in forces.FORCES:
            _tile(axes, force, rates.get(force.name), step)
        _legend(axes, _of_whom(rates), step)
        axes.set_xlim(0.98, 8.02)
        axes.set_ylim(10.02, -0.02)
    alternative = sentence("map-alternative", said=_said(forces.FORCES, rates))
    values = {"forces": len(rates), "ends": _ends(rates), "whom": _of_whom(rates)}
    title = title or sentence("map-title", period=comparison.current.period.words, **values)
    return chart("map", title, figure, alternative, rate_frame(forces.FORCES, rates), kind="map")


def _limits(axes: Axes, result: Funnel) -> None:
    table = result.forces
    lowest, highest = float(table["expected"].min()) * 0.8, float(table["expected"].max()) * 1.04
    expected = np.geomspace(lowest, highest, 120)
    top = max(2.2, float(table["ratio"].max()) * 1.12)
    ends = []
    axes.axhline(1, color=MUTED, linewidth=1)
    for confidence, dashes in CONFIDENCES.items():
        chance = statistics.funnel_limits(expected, confidence=confidence)
        spread = statistics.overdispersed_limits(expected, tau2=result.tau2, confidence=confidence)
        for name, limits, colour in (("chance", chance, ACCENT), ("spread", spread, BREAK)):
            for limit in (limits.low, limits.high):
                axes.plot(expected, limit, color=colour, linewidth=1.1, linestyle=dashes)
            ends.append((f"{name}, {confidence * 100:g}%", float(limits.high[-1]), colour))
    # A square root spreads the many small forces out.
    axes.set_xscale("function", functions=(np.sqrt, np.square))
    axes.set_xlim(lowest, highest)
    axes.set_xticks(_round_numbers(lowest, highest))
    axes.xaxis.set_major_formatter(lambda value, _: number(value))
    axes.minorticks_off()
    axes.set_ylim(0, top)
    # The upper limits are named in the margin, where no force can lie under the words.
    for (text, end, colour), height in zip(ends, style.apart([end for _, end, _ in ends], top * 0.045), strict=True):
        if end <= top:
            style.note(axes, text, (highest, height), (6, 0), va="center", color=colour)


def _round_numbers(lowest: float, highest: float) -> list[int]:
    every = [digit * 10**power for power in range(7) for digit in (1, 2, 5)]
    return [value for value in every if lowest <= value <= highest]


def _name(axes: Axes, name: str, expected: float, ratio: float, highest: float) -> None:
    from matplotlib.patheffects import withStroke

    side, offset = ("right", -9) if expected > highest * 0.4 else ("left", 9)
    halo = [withStroke(linewidth=3, foreground=PAPER)]  # keeps lines off the letters
    look: dict[str, Any] = {"fontsize": 9.5, "fontweight": "bold", "color": ACCENT, "path_effects": halo}
    style.note(axes, name, (expected, ratio), (offset, 0), ha=side, va="center", **look)


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
    axes.scatter(shown["value"], at, s=size, marker=marker, color=colour, linewidth=0, zorder=4)


def _rates_title(comparison: Comparison) -> str:
    rates = comparison.rates
    spread = f"rates of the {len(rates)} forces run from {_ends(rates)}"
    own = rates.get(comparison.area.name)
    if own is None:
        return f"In {comparison.current.period.words} the {spread}"
    return (
        f"{comparison.area.police}: {number(own.value, 1)} a year for 10,000 {own.residents.words} "
        f"({interval(own.low, own.high)}); {spread}"
    )


def _ends(rates: dict[str, Rate]) -> str:
    values = [rate.value for rate in rates.values()]
    return interval(min(values), max(values))


def _of_whom(rates: dict[str, Rate]) -> str:
    return next(iter(rates.values())).residents.words


def _no_rates(what: str, comparison: Comparison) -> str:
    return f"{what}: there is no rate of residents in {comparison.current.period.words}"


def _said(of: Iterable[Force], rates: dict[str, Rate]) -> str:
    return "; ".join(f"{force.name} {_rate_said(rates.get(force.name))}" for force in of)


def _rate_said(rate: Rate | None) -> str:
    return rate_words(rate.value, rate.low, rate.high) if rate else "no rate"


def _step(highest: float) -> float:
    """Return the round width of a step, five of which reach the highest rate."""
    widths = (step * 10.0**power for power in range(-3, 6) for step in STEPS)
    return next(width for width in widths if 5 * width >= highest)


def _tile(axes: Axes, force: Force, rate: Rate | None, step: float) -> None:
    row, column = force.tile or RAILWAYS
    level = None if rate is None else min(4, int(rate.value / step))
    _square(axes, column, row, level)
    colour = INK if level is None else style.ON_SCALE[level]
    look: dict[str, Any] = {"ha": "center", "va": "center", "color": colour, "bbox": UNDER if level is None else None}
    name = words("tiles").get(force.name, force.name)
    axes.text(column + 0.48, row + 0.32, name, fontsize=SMALL, linespacing=1.05, **look)
    value = "[x]" if rate is None else number(rate.value, 1)
    axes.text(column + 0.48, row + 0.75, value, fontsize=10, fontweight="bold", **look)


def _square(axes: Axes, column: float, row: float, level: int | None, size: float = 0.96) -> None:
    from matplotlib import rc_context
    from matplotlib.patches import Rectangle

    look: dict[str, Any] = {"facecolor": PAPER, "edgecolor": PALE, "hatch": "////", "linewidth": 0.8}
    if level is not None:
        look = {"facecolor": style.SCALE[level], "linewidth": 0}
    with rc_context({"hatch.color": PALE}):
        axes.add_patch(Rectangle((column, row), size, size, **look))


def _legend(axes: Axes, of_whom: str, step: float) -> None:
    axes.text(1, 0.02, f"Recorded offences a year\nfor 10,000 {of_whom}", va="top", fontsize=9.5, linespacing=1.3)
    decimals = 0 if step == int(step) else 1 if step * 10 == int(step * 10) else 3
    ends = [number(level * step, decimals) for level in range(5)]
    names = [f"{low} to under {high}" for low, high in pairwise(ends)]
    for place, name in enumerate([*names, f"{ends[4]} and over", "no rate can be read [x]"]):
        down = 0.82 + place * 0.34
        _square(axes, 1, down, place if place < 5 else None, size=0.28)
        axes.text(1.38, down + 0.14, name, va="center", fontsize=SMALL, color=MUTED)
