"""The house style of every figure: colours, sizes, letters, and where words may stand."""

from __future__ import annotations

import functools
import io
import math
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import is_color_like, to_hex, to_rgba, to_rgba_array
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation, Transform
from scipy.optimize import isotonic_regression

from analysis import files
from analysis.errors import RequestError, shown
from analysis.terms.numbers import number

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

Size = tuple[float, float]  # width and height in inches
Sized = tuple[float, float | None]  # without a height, as high as it takes
WIDTH = 6.6  # inches, shown as wide as a page's text column, so that the letters come near the size of the text
NARROW = 3.0  # inches, of which a screen of 320 pixels makes so many that the small letters are 11 high
TEXT = 9.5  # points
SMALL = 8.5  # points, for what stands on or beside a mark
FONTS = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"  # the page's, none as wide as the drawn one
LINE = 11.0  # points that a line of small letters takes
UNDERNEATH = 24.0  # points, for a line of years or numbers below axes
_SPARE: dict[str, Figure] = {}  # by what kind of canvas it is
MARK = "mark"  # the name of what gives a value to a reader who points at it
UNDER: dict[str, Any] = {"facecolor": PAPER, "linewidth": 0, "pad": 1}  # keeps lines off the letters

# What a saved figure may be, and what is left out of it, since it tells of the run.
FORMATS: dict[str, dict[str, None]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}

_SHEET = files.PACKAGE / "report" / "templates" / "charts.mplstyle"
STYLE: dict[str, Any] = dict(mpl.rc_params_from_file(_SHEET, use_default_template=False).items())


def applied() -> Any:
    """Apply the house style for as long as it is open."""
    return mpl.rc_context(_settings())


@functools.cache
def _settings() -> Any:
    # From Matplotlib's own settings, not those that a user keeps in a matplotlibrc.
    import seaborn as sns  # takes most of a second, and only a drawing needs it

    return {**dict(mpl.rcParamsDefault.items()), **sns.axes_style("whitegrid"), **STYLE}


class Label(NamedTuple):
    """Words above the axes of a chart.

    Attributes
    ----------
    text
        One line or more.
    place
        Where they stand on the horizontal axis.
    side
        ``left`` if they begin there, ``right`` if they end there.
    colour
        That of breaks for a day on which something changed: they stand beside a dashed line.
    """

    text: str
    place: float
    side: str = "left"
    colour: str = BREAK


# A side, and the ends, the foot and the head of a label in points from the left end of axes and from their top.
Box = tuple[str, float, float, float, float]


def placed(
    labels: Iterable[Label], xlim: tuple[float, float], width: float, left: float = 0, right: float = 0
) -> list[Box]:
    """Return where labels stand above axes: each as low as it is clear of those before it.

    Parameters
    ----------
    labels
        The lowest first.
    xlim
        The ends of the horizontal axis.
    width, left, right
        How many points it is wide, and how many there are before and behind it.

    Examples
    --------
    >>> rows = placed([Label("three", 98), Label("two", 12), Label("one", 10)], (0, 100), 100)
    >>> [(side, start, foot) for side, start, _, foot, _ in rows]
    [('right', 67.225, 0.0), ('left', 16.0, 0.0), ('left', 14.0, 11.0)]
    """
    made = list[Box]()
    for label in labels:
        lines, beside = label.text.split("\n"), 4 if label.colour == BREAK else 0
        wide, tall, foot = max(map(span, lines)), LINE * len(lines), 0.0
        place = float(np.interp(label.place, xlim, (0, width)))
        side = "right" if beside and place + beside + wide > width + right else label.side
        start = place + beside if side == "left" else place - beside - wide
        side, start = (side, start) if start >= -left else ("left", -left)
        for _, begin, end, low, high in sorted(made, key=lambda box: box[3]):
            if begin < start + wide + 6 and start < end + 6 and low < foot + tall:
                foot = max(foot, high)
        made.append((side, start, start + wide, foot, foot + tall))
    return made


def write(axes: Axes, labels: Sequence[Label], boxes: Sequence[Box], above: float) -> None:
    """Write labels so many points above axes, on a ground behind which another's line passes, each line as high as its words."""
    tall, heads = points(axes)[1], dict[float, float]()
    for label, (side, start, stop, foot, head) in zip(labels, boxes, strict=True):
        look: dict[str, Any] = {"va": "bottom", "color": label.colour, "bbox": UNDER | {"pad": 0.5}, "zorder": 5}
        across = start if side == "left" else stop
        note(axes, label.text, (0, 1), (across, foot + above), axes.transAxes, ha=side, **look)
        if label.colour == BREAK:
            heads.setdefault(label.place, max(0.0, head + above))
    for place, head in heads.items():
        axes.axvline(place, ymax=1 + head / tall, clip_on=False, color=BREAK, linewidth=1.2, linestyle=(0, (4, 2)))


def canvas(
    kind: Callable[[Axes], object],
    size: Sized,
    inside: float,
    xlim: tuple[float, float],
    *,
    left: float,
    right: float = 3,
    labels: Sequence[Sequence[Label]] = ((),),
    foot: str = "",
    alike: bool = True,
) -> tuple[Figure, list[Axes]]:
    """Return a figure and the axes of its panels, with the labels above them written.

    Parameters
    ----------
    kind
        What new axes are given once; whatever is drawn on axes of its kind is to set their heights and ticks.
    size
        Of the figure.
    inside
        How many points high each panel is where the figure may be as high as it takes.
    xlim
        The ends of the horizontal axis of all.
    left, right
        Points that the numbers of an axis take, and what stands behind its end.
    labels
        What stands above each panel.
    foot
        What is said below them.
    alike
        Whether the panels have one scale, whose numbers stand before the first of a row alone.
    """
    width, columns = 72 * size[0], 1 if len(labels) == 1 else 2 if len(labels) <= 4 or size[0] <= NARROW else 3
    rows, gap = -(-len(labels) // columns), 14 if alike else left
    wide = (width - left - right - gap * (columns - 1)) / columns
    around = (left, right) if columns == 1 else (0, 0)
    boxes = [placed(each, xlim, wide, *around) for each in labels]
    top = 8 + max((head for each in boxes for *_, head in each), default=0.0)
    foot = wrapped(foot, width - 8)
    below = 1 + 12.0 * (foot.count("\n") + 1) if foot else 0.0
    height = 72 * size[1] if size[1] else below + rows * (top + inside + UNDERNEATH)
    inside = max(LINE, (height - below) / rows - top - UNDERNEATH)
    key = f"{kind.__qualname__} {rows} {columns} {len(labels)}"
    figure = _SPARE.pop(key, None) or Figure(label=key)
    figure.set_size_inches(width / 72, height / 72)
    for place, (each, stand) in enumerate(zip(labels, boxes, strict=True)):
        if place == len(figure.axes):
            kind(figure.add_axes((0, 0, 1, 1)))
        row, column = divmod(place, columns)
        axes, base = figure.axes[place], height - (row + 1) * (top + inside) - row * UNDERNEATH
        axes.set_position(((left + column * (wide + gap)) / width, base / height, wide / width, inside / height))
        axes.set_xlim(xlim)
        if alike and column:
            axes.tick_params(labelleft=False)
        write(axes, each, stand, above=3)
    if foot:
        figure.text(0.5, 0.01, foot, ha="center", va="bottom", color=MUTED, gid="center", linespacing=1.2)
    return figure, figure.axes


def put_back(figure: Figure) -> None:
    """Keep the canvas of a drawing that nobody else has for the next of its kind: axes take longer to make than to fill."""
    drawn = [artist for axes in figure.axes for artist in (*axes.texts, *axes.lines, *axes.patches, *axes.collections)]
    for artist in (*figure.texts, *drawn):
        artist.remove()
    _SPARE[str(figure.get_label())] = figure


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


def count_axis(axes: Axes) -> None:
    """Have an axis count in whole numbers as a reader writes them."""
    axes.yaxis.set_major_formatter(lambda value, _: number(value))
    axes.locator_params(axis="y", integer=True, nbins=6)


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
    looks: dict[str, Any] = {"fontsize": SMALL, "ha": "left", "linespacing": 1.1, **look}
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


def name_levels(axes: Axes, named: Sequence[tuple[str, float]], **look: Any) -> None:
    """Write what levels are called behind the end of axes, moved as little as it takes to stand clear of each other and within their height."""
    low, high = axes.get_ylim()
    a_line = LINE * (high - low) / points(axes)[1]
    gap = 1.1 * a_line * max(text.count("\n") + 1 for text, _ in named)
    levels = np.array([level for _, level in named], dtype=float)
    # Less the gaps below it each may only rise with its rank; where it does not, neighbours share their mean.
    order, gaps = np.argsort(levels, kind="stable"), gap * np.arange(len(named))
    ranked = isotonic_regression(levels[order] - gaps).x
    levels[order] = np.clip(ranked, low + gap / 2, high - gap / 2 - gaps[-1]) + gaps
    for (text, _), level in zip(named, levels.tolist(), strict=True):
        note(axes, text, (1, level), (4, 0), axes.get_yaxis_transform(), va="center", **look)
