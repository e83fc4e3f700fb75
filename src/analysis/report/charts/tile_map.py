"""The tile map: every force as a square roughly where it lies, which leads to its page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.comparison import Comparison, Rate
from analysis.report import addresses
from analysis.report.charts import style
from analysis.report.charts.chart import Chart, chart, empty, of_period
from analysis.report.charts.forces import ends_of, no_rates, of_whom, rate_value, said_of
from analysis.report.charts.style import INK, MARK, MUTED, NARROW, PALE, PAPER, SMALL, TEXT, UNDER, Size
from analysis.report.rows import rate_frame
from analysis.report.view import say, words
from analysis.terms import areas
from analysis.terms.areas import Force
from analysis.terms.numbers import number

# British Transport Police has no area; it stands apart from the others, in the sea.
RAILWAYS = (9, 7)
STEPS = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


def tiles(
    comparison: Comparison, *, missing: Sequence[str] | None = None, size: Size | None = None, title: str | None = None
) -> Chart:
    """Draw every force as a tile roughly where it lies, in one of five steps of a calm scale.

    Parameters
    ----------
    comparison
        Whose period, offence and release to look at.
    missing
        Slugs of forces that have no page, where the others' tiles lead to theirs; None where none does.
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
        return empty(no_rates("No map", comparison))
    step = _step(max(rate.value for rate in rates.values()))

    def draw(width: float, height: float | None) -> Figure:
        is_narrow = width <= NARROW
        across = (72 * width - 2) / 7  # points from tile to tile
        tall, top = (400, 68) if is_narrow else (9.8 * across, 2)
        with style.canvas(width, height, tall, left=1, right=1, bottom=1, top=top) as (figure, axes):
            axes.set_axis_off()
            axes.set_xlim(1, 8)
            axes.set_ylim(10, 0)
            with rc_context({"hatch.color": PALE}):
                for force in areas.FORCES:
                    _tile(axes, force, rates.get(force.name), step, is_narrow=is_narrow)
                _legend(axes, of_whom(rates), step, (across, style.points(axes)[1] / 10), is_narrow=is_narrow)
        return figure

    values = [rate_value(force.name, rates.get(force.name)) for force in areas.FORCES]
    found = {} if missing is None else addresses.force_pages(comparison.offence.code, missing)
    pages = [f"{found[name]}.html" if name in found else None for name in areas.NAMES]
    alternative = say("charts.map-alternative", said=said_of(areas.FORCES, rates))
    told = {"forces": len(rates), "ends": ends_of(rates), "whom": of_whom(rates)}
    title = title or say("charts.map-title", period=comparison.current.period.words, **told)
    frame, about = rate_frame(areas.FORCES, rates), of_period(comparison)
    return chart("map", title, draw, alternative, frame, values=values, about=about, size=size, pages=pages, kind="map")


def _step(highest: float) -> float:
    """Return the round width of a step, five of which reach the highest rate."""
    widths = (step * 10.0**power for power in range(-3, 6) for step in STEPS)
    return next(width for width in widths if 5 * width >= highest)


def _tile(axes: Axes, force: Force, rate: Rate | None, step: float, *, is_narrow: bool) -> None:
    row, column = force.tile or RAILWAYS
    level = None if rate is None else min(4, int(rate.value / step))
    _square(axes, column, row, level, gid=MARK)
    colour = INK if level is None else style.ON_SCALE[level]
    look: dict[str, Any] = {"ha": "center", "va": "center", "color": colour, "bbox": UNDER if level is None else None}
    name = words("charts.tiles").get(force.name, force.name)
    name = words("charts.tiles-narrow").get(force.name, name) if is_narrow else name
    axes.text(column + 0.48, row + 0.32, name, fontsize=SMALL, linespacing=1.05, gid="center", **look)
    value = "[x]" if rate is None else number(rate.value, 1)
    axes.text(column + 0.48, row + 0.77, value, fontweight="bold", **look)


def _square(axes: Axes, column: float, row: float, level: int | None, size: Size = (0.96, 0.96), gid: str = "") -> None:
    look: dict[str, Any] = {"facecolor": PAPER, "edgecolor": PALE, "hatch": "////", "linewidth": 0.8}
    if level is not None:
        look = {"facecolor": style.SCALE[level], "linewidth": 0}
    axes.add_patch(Rectangle((column, row), *size, gid=gid, clip_on=False, **look))


def _legend(axes: Axes, of: str, step: float, tile: Size, *, is_narrow: bool) -> None:
    """Name the steps of the scale: in the empty north-west, or in two columns above tiles of so few points that they leave none."""
    decimals = 0 if step == int(step) else 1 if step * 10 == int(step * 10) else 3
    ends = [number(level * step, decimals) for level in range(5)]
    names = [f"{low} to under {high}" for low, high in pairwise(ends)]
    names += [f"{ends[4]} and over", "no rate [x]" if is_narrow else "no rate can be read [x]"]
    # In points: where the heading and the first square begin below the top of the tiles, the squares' side, and their rows.
    heading, first, side, row, rows = (-66, -40, 10, 12.5, 3) if is_narrow else (2, 55, 19, 23, 6)
    across, down = tile
    said = style.wrapped(f"Recorded offences a year for 10,000 {of}", 212, SMALL if is_narrow else TEXT)
    axes.text(1, heading / down, said, va="top", fontsize=SMALL if is_narrow else TEXT, linespacing=1.2)
    for place, name in enumerate(names):
        column, line = divmod(place, rows)
        left, top = 1 + 107 * column / across, (first + row * line) / down
        _square(axes, left, top, place if place < 5 else None, (side / across, side / down))
        look: dict[str, Any] = {"va": "center", "fontsize": SMALL, "color": MUTED}
        axes.text(left + (side + 6) / across, top + side / 2 / down, name, **look)
