"""The house style of every figure, and how a drawing becomes SVG that follows the page into dark mode."""

from __future__ import annotations

import io
import re
import textwrap
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import isotonic_regression

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Light and dark value of each colour by its role; the Analysis Function palette, with the same contrast when dark.
# Drawings use the light values; the SVG names them by role, so that the reader's scheme chooses.
COLOURS: dict[str, tuple[str, str]] = {
    "paper": ("#ffffff", "#16181c"),
    "ink": ("#1d1d1f", "#ececee"),
    "muted": ("#58585c", "#b4b4ba"),
    "accent": ("#12436d", "#8cb9e4"),
    "pale": ("#7895b0", "#557a9e"),
    "break": ("#801650", "#f08fc4"),
    "grid": ("#e4e4e6", "#33363c"),
    "shade": ("#eff1f4", "#23272e"),
    "scale1": ("#e3edf6", "#22303d"),
    "scale2": ("#bdd2e6", "#2c475f"),
    "scale3": ("#8db1d3", "#3c6285"),
    "scale4": ("#3f6f9f", "#7fb0dd"),
    "scale5": ("#12426c", "#bcdcf8"),  # the accent but for a shade, since a drawing names a colour by its light value
}
PAPER, INK, MUTED, ACCENT, PALE, BREAK, GRID, SHADE, *SCALE = (light for light, _ in COLOURS.values())
ROLES = {light: name for name, (light, _) in COLOURS.items()}
ON_SCALE = (INK, INK, INK, PAPER, PAPER)  # the colour of text on each step of the scale

Size = tuple[float, float]
WIDTH = 6.6  # inches, shown as wide as a page's text column, so that 9.5 points come near the size of the text
SMALL = 8.5  # points, for what stands on or beside a mark
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
    "axes.labelsize": 9.5,
    "axes.linewidth": 0.8,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "font.family": ["DejaVu Sans"],
    "font.size": 9.5,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "hatch.color": PAPER,
    "hatch.linewidth": 1.2,
    "path.simplify": False,
    "svg.fonttype": "path",  # the same glyphs on every machine, so that labels cannot collide on one of them
    "svg.hashsalt": "analysis",
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 9.5,
}


@contextmanager
def canvas(size: Size, **margins: float) -> Iterator[tuple[Figure, Axes]]:
    """Give a figure of so many inches and its axes in the house style, and put the style away afterwards."""
    with panels(size, (1, 1), True, **margins) as (figure, (axes,)):
        yield figure, axes


@contextmanager
def panels(
    size: Size, shape: tuple[int, int], same_scale: bool, /, **margins: float
) -> Iterator[tuple[Figure, list[Axes]]]:
    """Give a figure of so many inches and its axes, row by row, in the house style, and put the style away afterwards."""
    import seaborn as sns
    from matplotlib import style
    from matplotlib.figure import Figure

    with style.context([*_BASE, sns.axes_style("whitegrid"), STYLE]):
        figure = Figure(figsize=size)
        figure.subplots_adjust(**margins)
        every = list(figure.subplots(*shape, squeeze=False, sharex=True, sharey=same_scale).flat)
        for axes in every:
            axes.set_axisbelow(True)
            sns.despine(ax=axes, left=True)
            axes.tick_params(length=0)
        yield figure, every


def note(axes: Axes, text: str, at: tuple[float, float], offset: tuple[float, float], **look: Any) -> None:
    """Write a label so many points off a place of the drawing."""
    axes.annotate(text, at, xytext=offset, textcoords="offset points", **NOTE | look)


def to_svg(figure: Figure) -> str:
    """Return a figure as SVG: the same bytes for the same drawing, its colours named by role.

    A colour that the house style does not know is a ValueError.
    """
    from matplotlib import style

    out = io.StringIO()
    with style.context([*_BASE, STYLE]):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    svg = out.getvalue()
    start = svg.index("<svg")
    body = re.sub(r"#[0-9a-fA-F]{6}\b", _role, svg[start:])
    opening, rest = body.split(">", 1)
    return f"{opening}>{_SCHEME}{rest}".replace("\n", " ").replace("  ", " ").strip()


def picture(figure: Figure, suffix: str, *, title: str = "", dots: int = 200) -> bytes:
    """Return a figure as it is now as PNG, SVG or PDF, with a title above it: the same bytes for the same drawing."""
    from matplotlib import style

    out = io.BytesIO()
    words = textwrap.fill(title, int(figure.get_figwidth() * 10.5))
    above = figure.text(0.01, 1.02, words, ha="left", va="bottom", fontsize=11, fontweight="bold")
    try:
        with style.context([*_BASE, STYLE]):
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


def _role(match: re.Match[str]) -> str:
    if match[0].lower() not in ROLES:
        raise ValueError(f"colour {match[0]} is not in the house style; use one of {', '.join(COLOURS)}")
    return f"var(--{ROLES[match[0].lower()]})"


def _named(which: int) -> str:
    """Return the colours of a light page (0) or a dark one (1) by their roles."""
    return f":root{{{';'.join(f'--{name}:{values[which]}' for name, values in COLOURS.items())}}}"


_SCHEME = f"<style>{_named(0)}@media(prefers-color-scheme:dark){{{_named(1)}}}</style>"
