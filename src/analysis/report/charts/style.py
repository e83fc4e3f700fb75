"""The house style of every figure: colours, sizes, letters, and where words may stand."""

from __future__ import annotations

import io
import math
import textwrap
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import isotonic_regression

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Each colour by its role, the Analysis Function palette. A drawing is in these; the style sheet of a page has the dark ones.
COLOURS: dict[str, str] = {
    "paper": "#ffffff",
    "ink": "#1d1d1f",
    "muted": "#58585c",
    "accent": "#12436d",
    "pale": "#7895b0",
    "break": "#801650",
    "grid": "#e4e4e6",
    "shade": "#eff1f4",
    "scale1": "#e3edf6",
    "scale2": "#bdd2e6",
    "scale3": "#8db1d3",
    "scale4": "#3f6f9f",
    "scale5": "#12426c",  # the accent but for a shade, since its dark one is another
}
PAPER, INK, MUTED, ACCENT, PALE, BREAK, GRID, SHADE, *SCALE = COLOURS.values()
ROLES = {colour: name for name, colour in COLOURS.items()}
ON_SCALE = (INK, INK, INK, PAPER, PAPER)  # the colour of text on each step of the scale

Size = tuple[float, float]
WIDTH = 6.6  # inches, shown as wide as a page's text column, so that the letters come near the size of the text
NARROW = 3.0  # inches, of which a screen of 320 pixels makes so many that the small letters are 11 high
TEXT = 9.5  # points
SMALL = 8.5  # points, for what stands on or beside a mark
FONTS = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"  # the page's, none as wide as the drawn one
MARK = "mark"  # the name of what gives a value to a reader who points at it
NOTE: dict[str, Any] = {"fontsize": SMALL, "annotation_clip": False}  # a label that may stand outside the axes
UNDER: dict[str, Any] = {"facecolor": PAPER, "linewidth": 0, "pad": 1}  # keeps lines and hatching off the letters

# What a saved figure may be, and what is left out of it, since it tells of the run.
FORMATS: dict[str, dict[str, None]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}

_BASE = ("default",)  # Matplotlib's own settings, not those that a user keeps in a matplotlibrc
STYLE: dict[str, Any] = {
    "axes.edgecolor": MUTED,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.labelcolor": MUTED,
    "axes.labelsize": TEXT,
    "axes.linewidth": 0.8,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "font.family": ["DejaVu Sans"],  # the widest that a reader may have: where its words fit, others do
    "font.size": TEXT,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "hatch.color": PAPER,
    "hatch.linewidth": 1.2,
    "path.simplify": False,
    "svg.fonttype": "path",  # the same glyphs on every machine, so that labels cannot collide on one of them
    "svg.hashsalt": "analysis",
    "text.color": INK,
    "text.parse_math": False,  # a name may hold a dollar sign
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelsize": TEXT,
    "ytick.labelsize": TEXT,
}


def applied() -> AbstractContextManager[None]:
    """Apply the house style for as long as it is open."""
    import seaborn as sns
    from matplotlib import style

    return style.context([*_BASE, sns.axes_style("whitegrid"), STYLE])


@contextmanager
def canvas(size: Size, **margins: float) -> Iterator[tuple[Figure, Axes]]:
    """Give a figure of so many inches and its axes, so many points from each of its sides, and put the style away afterwards."""
    with panels(size, (1, 1), True, **margins) as (figure, (axes,)):
        yield figure, axes


@contextmanager
def panels(
    size: Size,
    shape: tuple[int, int],
    same_scale: bool,
    /,
    *,
    left: float,
    right: float,
    bottom: float,
    top: float,
    **inside: float,
) -> Iterator[tuple[Figure, list[Axes]]]:
    """Give a figure of so many inches and its axes, row by row, so many points from its sides, and put the style away afterwards."""
    import seaborn as sns
    from matplotlib.figure import Figure

    width, height = (72 * side for side in size)
    with applied():
        figure = Figure(figsize=size)
        sides = {"left": left / width, "right": 1 - right / width, "bottom": bottom / height, "top": 1 - top / height}
        figure.subplots_adjust(**sides, **inside)
        every = list(figure.subplots(*shape, squeeze=False, sharex=True, sharey=same_scale).flat)
        for axes in every:
            axes.set_axisbelow(True)
            sns.despine(ax=axes, left=True)
            axes.tick_params(length=0)
        yield figure, every


def points(axes: Axes) -> tuple[float, float]:
    """Return how many points wide and high axes are."""
    a_point = axes.figure.dpi / 72
    return axes.bbox.width / a_point, axes.bbox.height / a_point


def span(text: str, size: float = SMALL) -> float:
    """Return how many points wide a line may become, in any letters of the house."""
    return 0.63 * size * len(text)


def wrapped(text: str, points: float, size: float = TEXT) -> str:
    """Return a text in lines that are no wider than so many points."""
    return textwrap.fill(text, max(8, math.floor(points / (0.57 * size))), break_on_hyphens=False)


def round_ticks(axes: Axes) -> None:
    """Have a horizontal axis count in round numbers, as many as it has room for, as a reader writes them."""
    axes.locator_params(axis="x", nbins=max(3, int(axes.bbox.width / axes.figure.dpi * 1.5)), steps=[1, 2, 5, 10])
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.6g}")


def below(figure: Figure, text: str) -> None:
    """Write at the foot of a figure what its horizontal axis counts."""
    figure.text(0.5, 0.01, text, ha="center", va="bottom", color=MUTED, gid="center", linespacing=1.2)


def note(axes: Axes, text: str, at: tuple[float, float], offset: tuple[float, float], **look: Any) -> None:
    """Write a label so many points off a place of the drawing; how its lines are aligned is its name too, by which SVG knows."""
    look = NOTE | {"ha": "left", "linespacing": 1.1} | look
    axes.annotate(text, at, xytext=offset, textcoords="offset points", gid=look["ha"], **look)


def picture(figure: Figure, suffix: str, *, title: str = "", dots: int = 200) -> bytes:
    """Return a figure as it is now as PNG, SVG or PDF, with a title above it: the same bytes for the same drawing."""
    out = io.BytesIO()
    words = textwrap.fill(title, int(figure.get_figwidth() * 10.5))
    above = figure.text(0.01, 1.02, words, ha="left", va="bottom", fontsize=11, fontweight="bold")
    try:
        with applied():
            figure.savefig(out, format=suffix[1:], dpi=dots, bbox_inches="tight", metadata=FORMATS[suffix])
    finally:
        above.remove()
    return out.getvalue()


def trend(stretches: Sequence[Sequence[tuple[float, float]]]) -> tuple[str, float]:
    """Return the path of a line small enough for a row of a table, cut between its stretches, and the height of nought.

    Parameters
    ----------
    stretches
        Points that a line joins: how far across (0 to 1), and the value.

    Examples
    --------
    >>> trend([[(0, 0), (0.5, 4)], [(1, 2)]])
    ('M2 24L52 4M101 14h2', 24.0)
    """
    values = [value for points in stretches for _, value in points]
    low, high = min([0.0, *values]), max([1.0, *values])

    def height(value: float) -> float:
        return round(24 - 20 * (value - low) / (high - low), 1)

    path = ""
    for points in stretches:
        alone = len(points) == 1  # drawn as a dash, so that it is seen too
        drawn = [f"{2 - alone + 100 * across:.4g} {height(value):.4g}" for across, value in points]
        path += f"M{'L'.join(drawn)}" + ("h2" if alone else "")
    return path, height(0)


def apart(places: Sequence[float], gap: float) -> list[float]:
    """Return places on a line moved as little as it takes for labels there to stand clear of each other.

    Examples
    --------
    >>> apart([10, 0, 11], gap=4)
    [8.5, 0.0, 12.5]
    """
    # Less the gaps below it each place may only rise with its rank; where it does not, neighbours share their mean.
    order = np.argsort(places, kind="stable")
    gaps = gap * np.arange(len(places))
    moved = np.empty(len(places))
    moved[order] = isotonic_regression(np.asarray(places, dtype=float)[order] - gaps).x + gaps
    return [float(place) for place in moved]
