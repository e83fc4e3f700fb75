"""The house style of every figure, and how a drawing becomes SVG that follows the page into dark mode."""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Light and dark value of each colour by its role; the Analysis Function palette, with the same contrast when dark.
# Drawings use the light values; the SVG names them by role, so that the reader's scheme chooses.
COLOURS: dict[str, tuple[str, str]] = {
    "paper": ("#ffffff", "#16181c"),
    "ink": ("#1d1d1f", "#ececee"),
    "muted": ("#58585c", "#b4b4ba"),
    "accent": ("#12436d", "#8cb9e4"),
    "pale": ("#9fb4c6", "#3f5d78"),
    "break": ("#801650", "#f08fc4"),
    "grid": ("#e4e4e6", "#33363c"),
    "shade": ("#eff1f4", "#23272e"),
}
PAPER, INK, MUTED, ACCENT, PALE, BREAK, GRID, SHADE = (light for light, _ in COLOURS.values())

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
def canvas(width: float, height: float) -> Iterator[tuple[Figure, Axes]]:
    """Give a figure and its axes in the house style, and put the style away afterwards.

    Parameters
    ----------
    width, height
        In inches; a page's text column is 7.5 wide.
    """
    import matplotlib as mpl
    import seaborn as sns
    from matplotlib.figure import Figure

    with sns.axes_style("whitegrid"), mpl.rc_context(STYLE):  # type: ignore[arg-type]  # its stubs want literal keys
        figure = Figure(figsize=(width, height))
        axes = figure.subplots()
        axes.set_axisbelow(True)
        sns.despine(ax=axes, left=True)
        axes.tick_params(length=0)
        yield figure, axes


def to_svg(figure: Figure) -> str:
    """Return a figure as SVG: the same bytes for the same drawing, its colours named by role.

    Raises
    ------
    ValueError
        If the drawing holds a colour that the house style does not know.
    """
    import matplotlib as mpl

    out = io.StringIO()
    with mpl.rc_context(STYLE):  # type: ignore[arg-type]  # its stubs want literal keys
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    svg = out.getvalue()
    start = svg.index("<svg")
    body = re.sub(r"#[0-9a-fA-F]{6}\b", _role, svg[start:])
    opening, rest = body.split(">", 1)
    return f"{opening}>{_SCHEME}{rest}".replace("\n", " ").replace("  ", " ").strip()


def _role(match: re.Match[str]) -> str:
    for name, (light, _) in COLOURS.items():
        if match[0].lower() == light:
            return f"var(--{name})"
    raise ValueError(f"colour {match[0]} is not in the house style; use one of {', '.join(COLOURS)}")


def _scheme() -> str:
    light = ";".join(f"--{name}:{value}" for name, (value, _) in COLOURS.items())
    dark = ";".join(f"--{name}:{value}" for name, (_, value) in COLOURS.items())
    return f"<style>:root{{{light}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}</style>"


_SCHEME = _scheme()
