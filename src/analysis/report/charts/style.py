"""The house style of every figure: colours, sizes, letters, and where words may stand."""

from __future__ import annotations

import functools
import io
import math
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import is_color_like, to_hex, to_rgba, to_rgba_array
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform, ScaledTranslation, Transform, TransformedPath
from scipy.optimize import isotonic_regression

from analysis import files
from analysis.errors import RequestError, shown

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
}
PAPER, INK, MUTED, ACCENT, PALE, BREAK, GRID, SHADE = COLOURS.values()
ROLES = {colour: name for name, colour in COLOURS.items()}

Size = tuple[float, float]
WIDTH = 6.6  # inches, shown as wide as a page's text column, so that the letters come near the size of the text
NARROW = 3.0  # inches, of which a screen of 320 pixels makes so many that the small letters are 11 high
TEXT = 9.5  # points
SMALL = 8.5  # points, for what stands on or beside a mark
FONTS = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"  # the page's, none as wide as the drawn one
_SPARE: dict[str, Figure] = {}  # by what kind of canvas it is
MARK = "mark"  # the name of what gives a value to a reader who points at it
UNDER: dict[str, Any] = {"facecolor": PAPER, "linewidth": 0, "pad": 1}  # keeps lines and hatching off the letters

# What a saved figure may be, and what is left out of it, since it tells of the run.
FORMATS: dict[str, dict[str, None]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}

# What no label is cut off by; without one, Matplotlib works out that of the axes for each.
_UNUSED = TransformedPath(Path.unit_rectangle(), IdentityTransform())
_SHEET = files.PACKAGE / "report" / "templates" / "charts.mplstyle"
STYLE: dict[str, Any] = dict(mpl.rc_params_from_file(_SHEET, use_default_template=False).items())


@contextmanager
def applied() -> Iterator[None]:
    """Apply the house style for as long as it is open."""
    with mpl.rc_context(_settings()):
        yield


@functools.cache
def _settings() -> Any:
    # From Matplotlib's own settings, not those that a user keeps in a matplotlibrc.
    import seaborn as sns  # takes most of a second, and only a drawing needs it

    return {**dict(mpl.rcParamsDefault.items()), **sns.axes_style("whitegrid"), **STYLE}


def canvas(
    kind: Callable[[Axes], object],
    width: float,
    height: float | None,
    inside: float = 0,
    *,
    foot: str = "",
    bottom: float = 24,
    **margins: float,
) -> tuple[Figure, Axes]:
    """Return a figure and its axes, so many points from each of its sides.

    Parameters
    ----------
    kind
        What new axes are given once; whatever is drawn on axes of its kind is to set their limits and ticks.
    width, height
        In inches; without a height, as high as it takes.
    inside
        How many points high the axes then are.
    foot
        What the horizontal axis counts, to be written below it; without it there is room for a line of years.
    bottom, margins
        Points from each side, of which a foot finds its own.
    """
    foot = wrapped(foot, 72 * width - 8)
    bottom = 25 + 12.0 * (foot.count("\n") + 1) if foot else bottom
    figure = _SPARE.pop(kind.__qualname__, None) or Figure(label=kind.__qualname__)
    figure.set_size_inches(width, height or (inside + bottom + margins["top"]) / 72)
    within(figure, bottom=bottom, **margins)
    if not figure.axes:
        kind(figure.subplots())
    if foot:
        figure.text(0.5, 0.01, foot, ha="center", va="bottom", color=MUTED, gid="center", linespacing=1.2)
    return figure, figure.axes[0]


def put_back(figure: Figure) -> None:
    """Keep the canvas of a drawing that nobody else has for the next of its kind: axes take longer to make than to fill."""
    if not figure.get_label():
        return
    (axes,) = figure.axes
    for artist in (*figure.texts, *axes.texts, *axes.lines, *axes.patches, *axes.collections):
        artist.remove()
    _SPARE[str(figure.get_label())] = figure


def within(figure: Figure, **margins: float) -> None:
    """Have the axes of a figure stand so many points from its sides."""
    width, height = 72 * figure.get_size_inches()
    near = {"left": margins["left"] / width, "bottom": margins["bottom"] / height}
    far = {"right": 1 - margins["right"] / width, "top": 1 - margins["top"] / height}
    figure.subplots_adjust(**margins | near | far)


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


def count_across(axes: Axes) -> None:
    """Have the horizontal axis alone count, in round numbers as a reader writes them."""
    axes.set_yticks([])
    axes.grid(visible=False)
    axes.grid(visible=True, axis="x")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.6g}")


def note(
    axes: Axes,
    text: str,
    at: tuple[float, float],
    offset: tuple[float, float],
    of: Transform | None = None,
    **look: Any,
) -> None:
    """Write a label so many points off a place of the drawing; how its lines are aligned is its name too, by which SVG knows."""
    looks: dict[str, Any] = {"fontsize": SMALL, "ha": "left", "linespacing": 1.1, "clip_path": _UNUSED, **look}
    off = ScaledTranslation(offset[0] / 72, offset[1] / 72, axes.figure.dpi_scale_trans)
    axes.text(*at, text, transform=(of or axes.transData) + off, gid=looks["ha"], **looks)


def picture(figure: Figure, suffix: str, *, title: str = "", foot: str = "", dots: float = 200) -> bytes:
    """Return a figure as it is now as PNG, SVG or PDF, between a title and a foot: the same bytes for the same drawing."""
    if not (isinstance(dots, int | float) and 10 <= dots <= 2400):
        raise RequestError(f"dpi: found {shown(dots)}; give 10 to 2400 dots an inch")
    out, wide = io.BytesIO(), figure.get_figwidth()
    around = [
        figure.text(
            0.01, 1.02, textwrap.fill(title, int(wide * 10.5)), ha="left", va="bottom", fontsize=11, fontweight="bold"
        ),
        figure.text(0.01, -0.02, wrapped(foot, 72 * wide, SMALL), ha="left", va="top", fontsize=SMALL, color=MUTED),
    ]
    try:
        with applied():
            figure.savefig(out, format=suffix[1:], dpi=dots, bbox_inches="tight", metadata=FORMATS[suffix])
    finally:
        for words in around:
            words.remove()
    return out.getvalue()


def recolour(figure: Figure, colours: Mapping[str, Any]) -> None:
    """Give a drawing colours of one's own in place of those of the house, by their roles."""
    for role, colour in colours.items():
        if role not in COLOURS or not is_color_like(colour):
            raise RequestError(
                f"colours: found {shown(role)}: {shown(colour)}; give a colour of Matplotlib for {', '.join(COLOURS)}"
            )
    own = {to_hex(COLOURS[role]): to_rgba(colour) for role, colour in colours.items()}
    for artist in figure.findobj() if own else ():
        for part in ("color", "facecolor", "edgecolor"):
            drawn = to_rgba_array(getattr(artist, f"get_{part}", lambda: "none")())
            made = [own.get(to_hex(each), tuple(each)) for each in drawn]
            if made != list(map(tuple, drawn)):
                getattr(artist, f"set_{part}")(made if len(made) > 1 else made[0])


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
