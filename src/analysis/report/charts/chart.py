"""A figure as a page, a notebook and a program have it: two drawings, what they show in words, and the figures behind them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import pandas as pd
from markupsafe import Markup
from matplotlib.figure import Figure

from analysis import files
from analysis.comparison import Comparison
from analysis.errors import RequestError
from analysis.report.charts import drawing, style
from analysis.report.charts.style import NARROW, WIDTH, Size
from analysis.report.view import View, html, say, table

# At a width and a height in inches; without the latter, as high as suits.
Draw = Callable[[float, float | None], "Figure"]


@dataclass(frozen=True, repr=False)
class Chart(View):
    """A figure: the drawing, its text alternative and the figures behind it, together.

    Attributes
    ----------
    svg
        The drawing in light colours, whose marks tell their values; empty where there is nothing to draw, which the title then says.
    alternative
        What it shows, in words and numbers, for readers who do not see it.
    figure
        The same as a :class:`matplotlib.figure.Figure` in inches, to change and to save; None where there is nothing to draw.
    """

    svg: str = ""
    alternative: str = ""
    figure: Figure | None = field(default=None, compare=False)
    titles_page: ClassVar[bool] = False

    def save(self, path: str | Path) -> Path:
        """Write the figure as it is now, with its title above it.

        Parameters
        ----------
        path
            Where to: a name that ends in ``.png`` (200 dots an inch), ``.svg`` or ``.pdf``. A file that is there is replaced.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        RequestError
            If the name ends otherwise, the file cannot be written, or there is nothing to draw.
        """
        target = Path(path)
        if target.suffix not in style.FORMATS:
            raise RequestError(f"{target}: ends in {target.suffix or 'nothing'!r}; give .png, .svg or .pdf")
        if self.figure is None:
            raise RequestError(f"{target}: nothing to draw: {self.title}")
        files.write_whole(target, style.picture(self.figure, target.suffix, title=self.title or ""), option="path")
        return target


def chart(
    name: str,
    title: str,
    draw: Draw,
    alternative: str,
    frame: pd.DataFrame,
    *,
    values: Sequence[str],
    about: str,
    size: Size | None = None,
    along: str = "",
    kind: str = "",
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
    values
        What each mark is worth, in words, in the order in which they are drawn.
    about
        What is true of all of them: whose they are, or of which period, and of which release.
    size
        Width and height in inches, which the narrow drawing leaves aside; by default the house's.
    along
        ``x`` or ``y``, where a mark is found by its place on one axis alone.
    kind
        ``tall``, for the style sheet.
    on_phones
        Whether there is a narrow drawing too: not where no page shows the chart.
    """
    figure = draw(*(size or (WIDTH, None)))
    svg = drawing.to_svg(figure, name, values)
    narrow = drawing.to_svg(draw(NARROW, None), name, values, is_narrow=True) if on_phones else ""
    behind = table(frame, caption=say("charts.figures-behind", title=title)).html
    both = Markup(svg + narrow)  # noqa: S704 -- its words are escaped
    drawn = html("drawing", name, title, both, alternative, behind, kind, about, along)
    return Chart(drawn, f"{title}\n{alternative}", name, frame, title, svg, alternative, figure)


def empty(why: str) -> Chart:
    """Return a figure that is not there, and the sentence that says why."""
    return Chart(html("paragraphs", [f"{why}."], "empty"), why, title=why)


def of_area(comparison: Comparison) -> str:
    """Return whose the values of a chart are, and of which release."""
    return say("charts.about", whose=comparison.area.name, release=comparison.release.words)


def of_period(comparison: Comparison) -> str:
    """Return of which period and release the values of a chart are."""
    return say("charts.about", whose=comparison.current.period.words, release=comparison.release.words)
