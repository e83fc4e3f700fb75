"""All forces beside each other: the rates with their intervals."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.comparison import Comparison, Rate
from analysis.report.charts import style
from analysis.report.charts.chart import Chart, chart, empty, of_period
from analysis.report.charts.quarters import recorded
from analysis.report.charts.style import ACCENT, MARK, MUTED, NARROW, SMALL, UNDER, Size, span
from analysis.report.rows import rate_frame
from analysis.report.view import say
from analysis.report.wording import Scale
from analysis.terms import areas
from analysis.terms.areas import Force


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
    lines: list[tuple[str, bool]] = []
    for region, of in groupby(held, lambda force: force.region):
        lines += [(region, False), *((force.name, True) for force in of)]
    places = {name: place for place, (name, is_force) in enumerate(lines) if is_force}
    own = {name: place for name, place in places.items() if comparison.area.names == [name]}
    others = {name: place for name, place in places.items() if name not in own}

    def draw(width: float, height: float | None) -> Figure:
        foot = say("charts.rates-foot", unit=scale.unit)
        letters = style.TEXT if width > NARROW else SMALL
        left = 8 + max(span(name, letters) for name in places)
        with style.canvas(width, height, 14.5 * len(lines), foot=foot, left=left, right=8, top=8) as (figure, axes):
            _dots(axes, rates, scale, others, color=MUTED, width=1.1, marker="o", s=16)
            _dots(axes, rates, scale, own, color=ACCENT, width=2.4, marker="D", s=42)
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

    values = [_rate_value(name, rates[name], scale) for name in [*others, *own]]
    alternative = say("charts.rates-alternative", said=_said_of(held, rates, scale))
    title, frame, about = title or _rates_title(comparison), rate_frame(held, rates), of_period(comparison)
    return chart(
        "forces", title, draw, alternative, frame, values=values, about=about, size=size, along="y", kind="tall"
    )


def _dots(
    axes: Axes, rates: dict[str, Rate], scale: Scale, places: dict[str, int], *, color: str, width: float, **look: Any
) -> None:
    shown = scale.times * pd.DataFrame([rates[name] for name in places], columns=["value", "low", "high"])
    at = list(places.values())
    axes.hlines(at, shown["low"], shown["high"], color=color, linewidth=width, zorder=3)
    axes.scatter(shown["value"], at, color=color, linewidth=0, zorder=4, gid=MARK, **look)


def _rates_title(comparison: Comparison) -> str:
    """Return how far the forces' rates range, and where the area's own lies."""
    own, rates, scale = comparison.rates.get(comparison.area.name), comparison.rates, Scale.of(comparison)
    values = [rate.value for rate in rates.values()]
    said = {"ends": scale.ends(min(values), max(values)), "unit": scale.unit, "forces": len(rates)}
    if own is None:
        return say("charts.rates-title", period=comparison.current.period.words, **said)
    said |= {"rate": scale.value(own.value), "within": scale.ends(own.low, own.high)}
    return say("charts.rates-title-own", police=comparison.area.police, **said)


def _said_of(of: Iterable[Force], rates: dict[str, Rate], scale: Scale) -> str:
    """Return forces with their rates in words, for readers who do not see them."""
    return "; ".join(f"{force.name} {scale.words(rates[force.name])}" for force in of)


def _rate_value(name: str, rate: Rate, scale: Scale) -> str:
    """Return what a force's dot is worth, in words."""
    return say(
        "charts.rate-value", name=name, rate=scale.words(rate), unit=scale.unit, recorded=recorded(rate.offences)
    )
