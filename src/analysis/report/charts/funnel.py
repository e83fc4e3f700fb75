"""The funnel: each force's rate against how many offences would be expected, with limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis import statistics
from analysis.comparison import Comparison, Funnel
from analysis.comparison import funnel as funnel_of
from analysis.report import drawing
from analysis.report.charts.figure import WIDTH, Chart, apart, empty
from analysis.terms import numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CONFIDENCES = {0.95: (0, (4, 2)), 0.998: (0, (1, 1.5))}


def funnel(comparison: Comparison) -> Chart:
    """Draw the funnel of all forces for the comparison's period, this force set off.

    Returns
    -------
    Chart
        Dots for forces; limits of chance alone and limits that allow for the spread among forces, at 95% and 99.8%.
    """
    result = funnel_of(comparison)
    if result is None:
        return empty("funnel", "There are too few figures for a funnel of forces")
    table = result.forces
    with drawing.canvas(WIDTH, 4.2) as (figure, axes):
        figure.subplots_adjust(left=0.095, right=0.835, bottom=0.13, top=0.97)
        _limits(axes, result)
        own = table.index.isin(comparison.area.names) & (len(comparison.area.forces) == 1)
        axes.scatter(
            table.loc[~own, "expected"], table.loc[~own, "ratio"], s=18, color=drawing.MUTED, linewidth=0, zorder=3
        )
        for name, row in table[own].iterrows():
            axes.scatter(
                [row["expected"]], [row["ratio"]], s=60, marker="D", color=drawing.ACCENT, linewidth=0, zorder=4
            )
            _name(axes, str(name), float(row["expected"]), float(row["ratio"]), float(table["expected"].max()))
        axes.set_xlabel(f"Offences expected at the rate of all forces together (of {result.residents})")
        axes.set_ylabel("Recorded over expected")
        svg = drawing.to_svg(figure)
    return Chart(
        "funnel",
        _title(comparison, result),
        svg,
        _alternative(comparison, result),
        ("force", "offences", "residents", "expected", "recorded_over_expected", "place_low", "place_high"),
        tuple(
            (
                str(name),
                int(row["offences"]),
                int(row["residents"]),
                round(row["expected"], 1),
                round(row["ratio"], 3),
                int(row["place_low"]),
                int(row["place_high"]),
            )
            for name, row in table.iterrows()
        ),
    )


def _limits(axes: Axes, result: Funnel) -> None:
    table = result.forces
    lowest, highest = float(table["expected"].min()) * 0.8, float(table["expected"].max()) * 1.04
    expected = np.geomspace(lowest, highest, 120)
    top = max(2.2, float(table["ratio"].max()) * 1.12)
    ends = []
    axes.axhline(1, color=drawing.MUTED, linewidth=1)
    for confidence, dashes in CONFIDENCES.items():
        chance = statistics.funnel_limits(expected, confidence=confidence)
        spread = statistics.overdispersed_limits(expected, tau2=result.tau2, confidence=confidence)
        for limit in (chance.low, chance.high):
            axes.plot(expected, limit, color=drawing.ACCENT, linewidth=1.1, linestyle=dashes)
        for limit in (spread.low, spread.high):
            axes.plot(expected, limit, color=drawing.BREAK, linewidth=1.1, linestyle=dashes)
        ends += [float(chance.high[-1]), float(spread.high[-1])]
    # A square root spreads the many small forces out.
    axes.set_xscale("function", functions=(np.sqrt, np.square))
    axes.set_xlim(lowest, highest)
    axes.set_xticks(_round_numbers(lowest, highest))
    axes.xaxis.set_major_formatter(lambda value, _: numbers.number(value))
    axes.minorticks_off()
    axes.set_ylim(0, top)
    _label_limits(axes, highest, top, ends)


def _round_numbers(lowest: float, highest: float) -> list[int]:
    every = [digit * 10**power for power in range(7) for digit in (1, 2, 5)]
    return [number for number in every if lowest <= number <= highest]


def _label_limits(axes: Axes, highest: float, top: float, ends: Sequence[float]) -> None:
    """Name the upper limits in the margin, where no force can lie under the words."""
    texts = ("chance, 95%", "spread, 95%", "chance, 99.8%", "spread, 99.8%")
    for text, end, height in zip(texts, ends, apart(ends, top * 0.045), strict=True):
        if end <= top:
            axes.annotate(
                text,
                (highest, height),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                fontsize=8.5,
                color=drawing.ACCENT if text.startswith("chance") else drawing.BREAK,
                annotation_clip=False,
            )


def _name(axes: Axes, name: str, expected: float, ratio: float, highest: float) -> None:
    from matplotlib.patheffects import withStroke

    right = expected > highest * 0.4
    axes.annotate(
        name,
        (expected, ratio),
        xytext=(-9 if right else 9, 0),
        textcoords="offset points",
        ha="right" if right else "left",
        va="center",
        fontweight="bold",
        color=drawing.ACCENT,
        path_effects=[withStroke(linewidth=3, foreground=drawing.PAPER)],  # keeps lines off the letters
    )


def _title(comparison: Comparison, result: Funnel) -> str:
    period = comparison.current.period.words
    own = _own(comparison, result)
    if own is None:
        return f"Recorded over expected, {len(result.forces)} forces, {period}: {result.outside_chance} lie outside the limits of chance alone"
    return (
        f"{comparison.area.police} recorded {numbers.number(own['offences'])} offences in {period}; "
        f"{numbers.number(own['expected'], 0)} would be expected at the rate of all forces together"
    )


def _alternative(comparison: Comparison, result: Funnel) -> str:
    own = _own(comparison, result)
    said = (
        f" {comparison.area.name}: recorded over expected {numbers.number(own['ratio'], 2)}, place {result.places(comparison.area.name)} of {len(result.forces)}."
        if own is not None
        else ""
    )
    ratios = result.forces["ratio"]
    return (
        f"Funnel of {len(result.forces)} forces: recorded over expected against expected offences.{said} "
        f"Ratios run from {numbers.number(ratios.min(), 2)} to {numbers.number(ratios.max(), 2)}; {result.outside_chance} forces lie outside "
        f"the 95% limits of chance alone and {result.outside_spread} outside those that allow for the spread among forces."
    )


def _own(comparison: Comparison, result: Funnel) -> pd.Series | None:
    if len(comparison.area.forces) > 1 or comparison.area.name not in result.forces.index:
        return None
    return result.forces.T[comparison.area.name]
