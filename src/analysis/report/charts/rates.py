"""The rate of every force that has one, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from analysis.comparison import Comparison, Rate, force_rates
from analysis.figures import releases
from analysis.report import drawing
from analysis.report.charts.figure import WIDTH, Chart
from analysis.terms import numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RATE_COLUMNS = ("force", "offences", "residents", "age_band", "residents_year", "rate_per_10000", "low", "high")


def among_forces(comparison: Comparison) -> Chart:
    """Draw the rate of every force that has one, with intervals, this force set off.

    Returns
    -------
    Chart
        Dots with exact 95% intervals in order of the rate, the area's own in the accent and named.
    """
    wide = releases.matrix(comparison.offence.code, comparison.release.id)
    rates = force_rates(wide, comparison.current.period, band=comparison.band)
    rows = [rate_row(name, rate) for name, rate in sorted(rates.items(), key=lambda item: (item[1].value, item[0]))]
    height = 0.7 + 0.205 * len(rows)
    with drawing.canvas(WIDTH, height) as (figure, axes):
        figure.subplots_adjust(left=0.275, right=0.985, bottom=0.5 / height, top=1 - 0.1 / height)
        axes.grid(visible=False)
        axes.grid(visible=True, axis="x")
        _dots(axes, list(enumerate(rows)), colour=drawing.MUTED, width=1.1, marker="o", size=16)
        own = [(place, row) for place, row in enumerate(rows) if comparison.area.names == [row[0]]]
        _dots(axes, own, colour=drawing.ACCENT, width=2.4, marker="D", size=42)
        axes.set_yticks(range(len(rows)), [str(row[0]) for row in rows])
        for label in axes.get_yticklabels():
            if label.get_text() in comparison.area.names and len(comparison.area.forces) == 1:
                label.set_fontweight("bold")
                label.set_color(drawing.ACCENT)
        axes.set_ylim(-0.8, len(rows) - 0.2)
        axes.set_xlim(left=0)
        axes.set_xlabel(f"Recorded offences a year for 10,000 {next(iter(rates.values())).residents.words}")
        svg = drawing.to_svg(figure)
    return Chart(
        "forces",
        _forces_title(comparison, rates),
        svg,
        _forces_alternative(rows),
        RATE_COLUMNS,
        tuple(rows),
        kind="tall",
    )


def rate_row(name: str, rate: Rate | None) -> tuple[Any, ...]:
    """Return a force's rate as a row under :data:`RATE_COLUMNS`, without figures where it has none."""
    if rate is None:
        return (name, *(None,) * 7)
    people = rate.residents
    numbers = (round(number, 3) for number in (rate.value, rate.low, rate.high))
    return (name, rate.offences, people.people, people.band, people.year, *numbers)


def _dots(
    axes: Axes, rows: Sequence[tuple[int, tuple[Any, ...]]], *, colour: str, width: float, marker: str, size: float
) -> None:
    places = [place for place, _ in rows]
    value, low, high = ([row[column] for _, row in rows] for column in (-3, -2, -1))
    axes.hlines(places, low, high, color=colour, linewidth=width, zorder=3)
    axes.scatter(value, places, s=size, marker=marker, color=colour, linewidth=0, zorder=4)


def _forces_title(comparison: Comparison, rates: dict[str, Rate]) -> str:
    values = [rate.value for rate in rates.values()]
    spread = f"rates of the {len(values)} forces run from {numbers.number(min(values), 1)} to {numbers.number(max(values), 1)}"
    own = rates.get(comparison.area.name)
    if own is None:
        return f"In {comparison.current.period.words} the {spread}"
    return (
        f"{comparison.area.police}: {numbers.number(own.value, 1)} a year for 10,000 {own.residents.words} "
        f"({numbers.interval(own.low, own.high)}); {spread}"
    )


def _forces_alternative(rows: Sequence[tuple[Any, ...]]) -> str:
    said = "; ".join(
        f"{name} {numbers.number(value, 1)} ({numbers.interval(low, high)})" for name, *_, value, low, high in rows
    )
    return f"Dots with 95% intervals, one for each force, in order of the rate. {said}."
