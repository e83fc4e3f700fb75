"""The tile map: every force a square of one size in about its place, coloured by its rate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.comparison import Comparison, Rate, force_rates
from analysis.figures import releases
from analysis.report import drawing
from analysis.report.charts.figure import WIDTH, Chart, empty
from analysis.report.charts.rates import RATE_COLUMNS, rate_row
from analysis.terms import forces, numbers
from analysis.terms.forces import Force

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# British Transport Police has no area; it stands apart from the others, in the sea.
RAILWAYS = (9, 7)
STEPS = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)

# Names that are too wide for a tile, as they are usually shortened.
SHORT = {
    "Avon and Somerset": "Avon and\nSomerset",
    "British Transport Police": "British\nTransport",
    "Cambridgeshire": "Cambs",
    "City of London": "City of\nLondon",
    "Devon and Cornwall": "Devon and\nCornwall",
    "Dyfed-Powys": "Dyfed-\nPowys",
    "Gloucestershire": "Glos",
    "Greater Manchester": "Greater\nManchester",
    "Hertfordshire": "Herts",
    "Leicestershire": "Leics",
    "Metropolitan Police": "Metropolitan",
    "North Wales": "North\nWales",
    "North Yorkshire": "North\nYorkshire",
    "Northamptonshire": "Northants",
    "Nottinghamshire": "Notts",
    "South Wales": "South\nWales",
    "South Yorkshire": "South\nYorkshire",
    "Thames Valley": "Thames\nValley",
    "Warwickshire": "Warks",
    "West Mercia": "West\nMercia",
    "West Midlands": "West\nMidlands",
    "West Yorkshire": "West\nYorkshire",
}


def tiles(comparison: Comparison) -> Chart:
    """Draw every force as a tile in about its place, in one of five steps of a calm scale.

    Parameters
    ----------
    comparison
        Whose period, offence and release to look at.

    Returns
    -------
    Chart
        Each tile carries its rate; those of which no rate can be read are hatched. Without a drawing where no
        force has a rate, which it says.
    """
    wide = releases.matrix(comparison.offence.code, comparison.release.id)
    rates = force_rates(wide, comparison.current.period, band=comparison.band)
    if not rates:
        return empty("map", f"No map: there is no rate of residents in {comparison.current.period.words}")
    step = _step(max(rate.value for rate in rates.values()))
    with drawing.canvas(WIDTH, 6.9) as (figure, axes):
        figure.subplots_adjust(left=0.01, right=0.99, bottom=0.01, top=0.99)
        axes.set_axis_off()
        for force in forces.FORCES:
            _tile(axes, force, rates.get(force.name), step)
        _legend(axes, _of_whom(rates), step)
        axes.set_xlim(0.98, 8.02)
        axes.set_ylim(10.02, -0.02)
        svg = drawing.to_svg(figure)
    rows = tuple(rate_row(force.name, rates.get(force.name)) for force in forces.FORCES)
    return Chart(
        "map",
        _title(comparison, rates),
        svg,
        _alternative(rates),
        RATE_COLUMNS,
        rows,
        kind="map",
    )


def _step(highest: float) -> float:
    """Return the round width of a step, five of which reach the highest rate."""
    widths = (step * 10.0**power for power in range(-3, 6) for step in STEPS)
    return next(width for width in widths if 5 * width >= highest)


def _tile(axes: Axes, force: Force, rate: Rate | None, step: float) -> None:
    row, column = force.tile or RAILWAYS
    level = None if rate is None else min(4, int(rate.value / step))
    _square(axes, column, row, level)
    colour = drawing.INK if level is None else drawing.ON_SCALE[level]
    label = SHORT.get(force.name, force.name)
    value = "[x]" if rate is None else numbers.number(rate.value, 1)
    # White under the letters of a hatched tile keeps the hatching off them.
    under = {"bbox": {"facecolor": drawing.PAPER, "linewidth": 0, "pad": 1}} if level is None else {}
    style: dict[str, Any] = {"ha": "center", "va": "center", "color": colour, **under}
    axes.text(column + 0.48, row + 0.32, label, fontsize=8.5, linespacing=1.05, **style)
    axes.text(column + 0.48, row + 0.75, value, fontsize=10, fontweight="bold", **style)


def _square(axes: Axes, column: float, row: float, level: int | None, size: float = 0.96) -> None:
    from matplotlib import rc_context
    from matplotlib.patches import Rectangle

    look: dict[str, Any] = {"facecolor": drawing.PAPER, "edgecolor": drawing.PALE, "hatch": "////", "linewidth": 0.8}
    if level is not None:
        look = {"facecolor": drawing.SCALE[level], "linewidth": 0}
    with rc_context({"hatch.color": drawing.PALE}):
        axes.add_patch(Rectangle((column, row), size, size, **look))


def _legend(axes: Axes, of_whom: str, step: float) -> None:
    title = f"Recorded offences a year\nfor 10,000 {of_whom}"
    axes.text(1, 0.02, title, va="top", fontsize=9.5, linespacing=1.3)
    decimals = 0 if step == int(step) else 1 if step * 10 == int(step * 10) else 3
    names = [
        f"{numbers.number(level * step, decimals)} to under {numbers.number((level + 1) * step, decimals)}"
        for level in range(4)
    ]
    names += [f"{numbers.number(4 * step, decimals)} and over", "no rate can be read [x]"]
    for place, name in enumerate(names):
        down = 0.82 + place * 0.34
        _square(axes, 1, down, place if place < 5 else None, size=0.28)
        axes.text(1.38, down + 0.14, name, va="center", fontsize=8.5, color=drawing.MUTED)


def _of_whom(rates: dict[str, Rate]) -> str:
    return next(iter(rates.values())).residents.words


def _title(comparison: Comparison, rates: dict[str, Rate]) -> str:
    values = [rate.value for rate in rates.values()]
    return (
        f"Rates of {len(values)} forces in {comparison.current.period.words} run from {numbers.number(min(values), 1)} to "
        f"{numbers.number(max(values), 1)} a year for 10,000 {_of_whom(rates)}"
    )


def _alternative(rates: dict[str, Rate]) -> str:
    said = [
        f"{force.name} {numbers.number(rate.value, 1)} ({numbers.interval(rate.low, rate.high)})"
        if (rate := rates.get(force.name))
        else f"{force.name} no rate"
        for force in forces.FORCES
    ]
    return (
        f"Tile map of the forces, each a square in about its place, coloured in five steps of the rate. Rates with 95% intervals: "
        f"{'; '.join(said)}."
    )
