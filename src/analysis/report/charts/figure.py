"""A figure: the drawing, its text alternative and the figures behind it, together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from markupsafe import Markup

from analysis.report import drawing, markup
from analysis.report.markup import Cell
from analysis.terms import numbers

WIDTH = 6.6  # inches, shown as wide as a page's text column, so that 9.5 points come near the size of the text


@dataclass(frozen=True)
class Chart:
    """A figure: drawing, words and figures in one.

    Attributes
    ----------
    name
        Stem of the file that holds its figures.
    title
        A sentence that says what is seen.
    svg
        The drawing; empty where there is nothing to draw, which the title then says.
    alternative
        What it shows, in words and numbers, for readers who do not see it.
    header, rows
        The figures behind it.
    kind
        ``wide`` or ``tall``, for the style sheet.
    """

    name: str
    title: str
    svg: str
    alternative: str
    header: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    kind: str = "wide"

    def __repr__(self) -> str:
        return f"{self.title}\n{self.alternative}".rstrip()

    @property
    def csv(self) -> str:
        """The figures as CSV."""
        return markup.csv_text(self.header, self.rows)

    @property
    def html(self) -> Markup:
        """The figure as a page shows it, with its figures in a table that opens."""
        if not self.svg:
            return markup.paragraphs([f"{self.title}."], kind="empty")
        return Markup(
            '<figure class="chart {}" id="figure-{}">\n<figcaption>{}</figcaption>\n'
            '<div class="drawing" tabindex="0" role="group" aria-label="Drawing: {}"><img src="{}" alt="{}"></div>\n'
            "<details><summary>Figures behind this chart</summary>\n{}\n</details>\n</figure>"
        ).format(
            self.kind, self.name, self.title, self.title, drawing.address(self.svg), self.alternative, self._table()
        )

    def _table(self) -> Markup:
        rows = [[_cell(value) for value in row] for row in self.rows]
        return markup.table_html(f"Figures: {self.title}", [_words(name) for name in self.header], rows)

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, Any]]:
        data = {"text/plain": repr(self), "text/html": str(self.html)}
        if not self.svg:
            return data, {}
        return data | {"text/csv": self.csv}, {"analysis": {"name": self.name}}


def apart(places: Sequence[float], gap: float) -> list[float]:
    """Return places on a line moved as little as it takes for labels there to stand clear of each other.

    Examples
    --------
    >>> apart([10, 0, 11], gap=4)
    [8.5, 0.0, 12.5]
    """
    # Less the gaps below it each place may only rise with its rank; where it does not, neighbours share their mean.
    order = sorted(range(len(places)), key=places.__getitem__)
    pools: list[list[float]] = []
    for rank, place in enumerate(order):
        pools.append([places[place] - rank * gap])
        while len(pools) > 1 and fmean(pools[-2]) >= fmean(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    moved = [0.0] * len(places)
    for rank, (place, shared) in enumerate(zip(order, (fmean(pool) for pool in pools for _ in pool), strict=True)):
        moved[place] = shared + rank * gap
    return moved


def empty(name: str, title: str) -> Chart:
    """Return a figure that says why there is nothing to draw."""
    return Chart(name, title, "", "", (), ())


def _cell(value: object) -> Cell:
    if value is None:
        return Cell("[x]", number=True)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Cell(str(value))
    return Cell(numbers.number(value, 0 if isinstance(value, int) else 2), number=True)


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
