"""A figure as a page, a notebook and a program have it: two drawings, what they show in words, and the figures behind them.

A drawing becomes SVG that stands within a page: text as text, marks with their values in words, and nothing that nobody sees.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any, ClassVar

import matplotlib.path as paths
import numpy as np
import pandas as pd
from markupsafe import Markup
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.transforms import Transform

from analysis import door, files
from analysis.comparison import Release
from analysis.errors import RequestError
from analysis.report.charts import style
from analysis.report.charts.style import FONTS, INK, MARK, NARROW, ROLES, TEXT, WIDTH, Size, Sized, applied
from analysis.report.view import View, html, say, table
from analysis.terms.numbers import joined
from analysis.terms.offences import Offence

_ANCHORS = {"left": ("start", 0.0), "center": ("middle", 0.5), "right": ("end", 1.0)}
_CIRCLE = 26  # points of the path by which Matplotlib draws one
_LETTERS = {paths.Path.MOVETO: "M", paths.Path.LINETO: "L"}
TALL = 0.6  # of its width: what is higher is printed on a sheet of its own
Draw = Callable[[Sized], Figure]


@dataclass(frozen=True, repr=False)
class Chart(View):
    """A figure: the drawing, its text alternative and the figures behind it, together.

    Attributes
    ----------
    svg
        The drawing in light colours, whose marks tell their values; empty where there is nothing to draw, which the title then says.
    alternative
        What it shows, in words and numbers, for readers who do not see it.
    source
        What it shows, where the figures come from, and their licence, in a line.
    draw
        What draws it again, in a size; None where there is nothing to draw.
    size
        Width and height in inches, without the latter as high as suits.
    """

    svg: str = ""
    alternative: str = ""
    source: str = ""
    draw: Draw | None = field(default=None, compare=False)
    size: Sized = (WIDTH, None)
    titles_page: ClassVar[bool] = False

    @functools.cached_property
    def figure(self) -> Figure | None:
        """The same as a :class:`matplotlib.figure.Figure` in inches, to change and to save; None where there is nothing to draw."""
        return self.draw(self.size) if self.draw else None

    @door.guarded
    def save(
        self,
        path: str | Path,
        *,
        title: str | None = None,
        source: bool = True,
        dpi: float = 200,
        size: Size | None = None,
        colours: Mapping[str, Any] | None = None,
    ) -> Path:
        """Write the figure as it is now, with its title above it, and below it what it shows, its source and its licence.

        Parameters
        ----------
        path
            Where to: a name that ends in ``.png``, ``.svg`` or ``.pdf``. A file that is there is replaced.
        title
            A title of one's own in place of the chart's; an empty one for none.
        source
            Whether the line below stands there.
        dpi
            Dots an inch, of PNG.
        size
            Width and height in inches: it is drawn anew, without what was changed in ``figure``.
        colours
            Colours of one's own, as Matplotlib takes them, for roles of the house style (``{"accent": "tab:red", "pale": "0.8"}``): it is
            drawn anew.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        RequestError
            If the name ends otherwise, the file cannot be written, there is nothing to draw, or a size or a colour is none.
        """
        target = Path(path)
        if target.suffix not in style.FORMATS:
            raise RequestError(
                f"{target}: ends in {target.suffix or 'nothing'!r}; give a name that ends in .png, .svg or .pdf"
            )
        if self.figure is None or self.draw is None:
            raise RequestError(f"{target}: nothing to draw: {self.title}")
        figure = self.draw(size or tuple(self.figure.get_size_inches())) if size or colours else self.figure
        style.recolour(figure, colours or {})
        words = {"title": (self.title or "") if title is None else title, "foot": self.source if source else ""}
        files.write_whole(target, style.picture(figure, target.suffix, dots=dpi, **words), option="path")
        return target


def chart(
    name: str,
    title: str,
    draw: Draw,
    alternative: str,
    frame: pd.DataFrame,
    *,
    release: Release,
    of: Iterable[Offence],
    areas: Iterable[str],
    values: Sequence[str] = (),
    about: str = "",
    size: Size | None = None,
    along: str = "",
    on_phones: bool = True,
) -> Chart:
    """Return a figure as a page shows it, with its figures in a table that opens.

    Parameters
    ----------
    name
        Stem of the file that holds its figures.
    title
        A sentence that says what is seen.
    draw
        What draws it.
    alternative, frame
        What it shows in words, and the figures behind it.
    release, of, areas
        Of which publication, offences and areas it is.
    values
        What each mark is worth, in words, in the order in which they are drawn.
    about
        What is true of all of them beside the release: whose they are, or of which period.
    size
        Width and height in inches, which the narrow drawing leaves aside; by default the house's.
    along
        ``x`` or ``y``, where a mark is found by its place on one axis alone.
    on_phones
        Whether there is a narrow drawing too: not where no page shows the chart.
    """
    shown, svgs, shapes = size or (WIDTH, None), list[str](), list[float]()
    with applied():
        for each in (shown, (NARROW, None))[: 1 + on_phones]:
            figure = draw(each)
            shapes.append(figure.get_figheight() / figure.get_figwidth())
            svgs.append(to_svg(figure, name, values, is_narrow=bool(svgs)))
            style.put_back(figure)
    about = ", ".join(filter(None, [about, say("charts.release", release=release.words)]))
    nouns, whose = (joined(dict.fromkeys(each)) for each in ((offence.noun for offence in of), areas))
    told = {"producer": release.producer, "licence": release.licence, "release": release.words}
    source = say("charts.source", offences=nouns, areas=whose, **told)
    behind = table(frame, caption=say("charts.figures-behind", title=title)).html
    both = Markup("".join(svgs))  # noqa: S704 -- its words are escaped
    drawn = html("drawing", name, title, both, alternative, behind, "tall" if shapes[0] > TALL else "", about, along)
    text, caption = f"{title}\n{alternative}", f"{title} ({about})"
    return Chart(drawn, text, name, frame, title, caption, svgs[0], alternative, source, applied()(draw), shown)


def empty(why: str) -> Chart:
    """Return a figure that is not there, and the sentence that says why."""
    return Chart(html("paragraphs", [f"{why}."], "empty"), why, title=why)


def to_svg(figure: Figure, name: str, values: Sequence[str], *, is_narrow: bool = False) -> str:
    """Return a figure as SVG, while the house style is applied: the same bytes for the same drawing, in light colours.

    The style sheet of a page may change those.

    Parameters
    ----------
    figure
        The drawing.
    name
        What its names within a page begin with.
    values
        What each part of it that is called `MARK` is worth, in words, in the order in which they are drawn. The narrow
        drawing has none: nobody hovers on a phone, and the script reads them from the wide one.
    is_narrow
        Whether it is the drawing for phones.

    Raises
    ------
    ValueError
        If a colour is not the house's, or there are not as many marks as values.
    """
    drawn = _Drawing(figure.get_size_inches() * 72, name, () if is_narrow else values)
    figure.draw(drawn)
    if drawn.marks != len(values):
        raise ValueError(f"{name}: found {drawn.marks} marks for {len(values)} values")
    return drawn.svg('class="narrow" display="none"' if is_narrow else 'class="broad"')


class _Drawing(RendererBase):
    """What Matplotlib draws on: it keeps shapes and, above them, words."""

    def __init__(self, size: np.ndarray, name: str, values: Sequence[str]) -> None:
        super().__init__()
        self._width, self._height = map(float, size)
        self._name, self._values = name, values
        self._shapes: list[str] = []
        self._words: list[str] = []
        self._names: list[str | None] = []  # of the artists that are being drawn
        self.marks = 0

    def svg(self, which: str) -> str:
        """Return what was drawn."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {which} role="img" aria-labelledby="said-{self._name}"'
            f' viewBox="0 0 {_short(self._width)} {_short(self._height)}" width="{self._width / 0.75:.0f}"'
            f' height="{self._height / 0.75:.0f}" font-family="{FONTS}" font-size="{TEXT}" fill="{INK}" stroke-linejoin="round">'
            f'{"".join(self._shapes)}<g aria-hidden="true">{"".join(self._words)}</g></svg>'
        )

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self._width, self._height

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:  # noqa: ARG002
        # About as wide as in the reader's font, which is another; the ground of a label is as wide.
        size = prop.get_size_in_points()
        return 0.55 * size * len(s), size, 0.24 * size

    def _get_font_height_metrics(self, prop: Any) -> tuple[float, float, float]:
        # As far as letters reach above and below their line, and the gap: Matplotlib would read a font for it, for each word.
        size = prop.get_size_in_points()
        return 0.76 * size, 0.24 * size, 0.2 * size

    def open_group(self, s: str, gid: str | None = None) -> None:  # noqa: ARG002
        self._names.append(gid)

    def close_group(self, s: str) -> None:  # noqa: ARG002
        self._names.pop()

    def draw_path(self, gc: GraphicsContextBase, path: paths.Path, transform: Transform, rgbFace: Any = None) -> None:  # noqa: N803
        shape = self._shape(path, transform)
        if not shape:
            return
        shape += self._look(gc, rgbFace)
        said = ""
        if self._names[-1:] == [MARK]:
            if self.marks < len(self._values):
                said = f"<title>{escape(self._values[self.marks], quote=False)}</title>"
            shape, self.marks = f'{shape} class="mark"', self.marks + 1
        self._shapes.append(f"<{shape}>{said}</{shape.partition(' ')[0]}>" if said else f"<{shape}/>")

    def draw_text(self, gc: Any, x: float, y: float, s: str, prop: Any, *_: Any, mtext: Any = None, **__: Any) -> None:
        # A line is held where it is aligned, since the reader's font is another; of several lines only their name says where.
        anchor, part = _ANCHORS[mtext.get_ha() if mtext else self._names[-1] or "left"]
        size, weight, colour = prop.get_size_in_points(), prop.get_weight(), _colour(gc.get_rgb())
        across = x + part * self.get_text_width_height_descent(s, prop, False)[0]
        look = f' text-anchor="{anchor}"' if part else ""
        look += f' font-size="{_short(size)}"' if size != TEXT else ""
        look += ' font-weight="bold"' if weight == "bold" else ""
        look += f' fill="{colour}"' if colour != INK else ""
        self._words.append(f'<text x="{_short(across)}" y="{_short(y)}"{look}>{escape(s, quote=False)}</text>')

    def _shape(self, path: paths.Path, transform: Transform) -> str:
        if len(path) == _CIRCLE and path.codes is not None and np.asarray(path.codes)[1] == path.CURVE4:
            points = transform.transform(np.asarray(path.vertices)[:-1])
            (left, low), (right, high) = points.min(axis=0), points.max(axis=0)
            middle = f'cx="{_short((left + right) / 2)}" cy="{_short(self._height - (low + high) / 2)}"'
            return f'circle {middle} r="{_short((right - left) / 2)}"'
        steps = ""
        for (x, y), code in path.iter_segments(transform, simplify=False, curves=False):
            steps += "z" if code == path.CLOSEPOLY else f"{_LETTERS[code]}{_short(x)} {_short(self._height - y)}"
        return f'path d="{steps}"' if steps.strip("z") else ""

    def _look(self, gc: GraphicsContextBase, face: Any) -> str:
        fill = "none" if face is None or (len(face) > 3 and face[3] == 0) else _colour(tuple(face))
        look = f' fill="{fill}"'
        if gc.get_linewidth() and gc.get_rgb()[3]:
            look += f' stroke="{_colour(gc.get_rgb())}"'
            look += f' stroke-width="{_short(gc.get_linewidth())}"' if gc.get_linewidth() != 1 else ""
            dashes: Any = gc.get_dashes()[1]
            look += f' stroke-dasharray="{" ".join(map(_short, dashes))}"' if dashes is not None else ""
        return look


@functools.cache
def _colour(value: Any) -> str:
    found = to_hex(value)
    if found not in ROLES:
        raise ValueError(f"colour {found} is not in the house style; use one of {', '.join(ROLES.values())}")
    return found


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
