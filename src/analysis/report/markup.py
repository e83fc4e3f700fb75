"""Pieces of a page: HTML that is escaped whatever it holds, with the same in plain text and the figures as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from analysis.terms.numbers import number


@dataclass(frozen=True)
class Fragment:
    """What a notebook cell shows: the same content for a page, for a terminal and for a program.

    Attributes
    ----------
    html
        Safe HTML.
    text
        The same in plain text.
    name
        The file name stem of the figures behind it, or None.
    csv
        Those figures, or None.
    title
        What a page is called that begins with this piece, or None.
    """

    html: Markup
    text: str
    name: str | None = None
    csv: str | None = None
    title: str | None = None

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, Any]]:
        data = {"text/plain": self.text, "text/html": str(self.html)}
        if self.csv is not None:
            data["text/csv"] = self.csv
        about = {key: value for key, value in (("name", self.name), ("title", self.title)) if value is not None}
        return data, {"analysis": about} if about else {}


@dataclass(frozen=True)
class Cell:
    """One cell of a table: what it says, and whether it is a number."""

    content: str | Markup
    number: bool = False


def figure(value: Any, decimals: int = 0, *, missing: str = "[x]") -> Cell:
    """Return a figure of a DataFrame as a cell, in words of its own where pandas has none.

    Parameters
    ----------
    value
        A number, or what pandas writes in place of one: ``None``, ``NaN`` or ``<NA>``.
    decimals
        How many to print.
    missing
        What to print where there is no figure.

    Examples
    --------
    >>> import pandas as pd
    >>> figure(6442).content, figure(pd.NA).content
    ('6,442', '[x]')
    """
    return Cell(missing if _is_missing(value) else number(value, decimals), number=True)


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows as CSV with line feeds, text cells disarmed so that no spreadsheet runs them as a formula.

    Examples
    --------
    >>> print(csv_text(["force", "offences"], [["=1+1", -2]]), end="")
    force,offences
    '=1+1,-2
    """
    out = io.StringIO(newline="")
    # The writer quotes a line break in a cell only if it could end a line, so lines end with both until they are joined.
    writer = csv.writer(out, lineterminator="\r\n")
    lines = []
    for row in [header, *rows]:
        writer.writerow([_csv_cell(cell) for cell in row])
        lines.append(out.getvalue().removesuffix("\r\n"))
        out.seek(out.truncate(0))
    return "\n".join([*lines, ""])


def table_html(
    caption: str | Markup,
    header: Sequence[str | Markup],
    rows: Iterable[Sequence[Cell]],
    *,
    kind: str = "",
    row_header: bool = True,
) -> Markup:
    """Return a table with a caption and headers that assistive technology can follow.

    Parameters
    ----------
    caption
        What the table says, and when.
    header
        The columns' names; none may be empty.
    rows
        Cells, as many as there are columns.
    kind
        A class for the style sheet.
    row_header
        Whether the first cell of a row names the row.

    Returns
    -------
    markupsafe.Markup
    """
    rows = list(rows)
    numeric = [bool(rows) and all(row[i].number for row in rows) for i in range(len(header))]
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(_number_class(is_number), name)
        for name, is_number in zip(header, numeric, strict=True)
    )
    body = Markup("\n").join(Markup("<tr>{}</tr>").format(_row(row, row_header)) for row in rows)
    css = Markup(' class="{}"').format(kind) if kind else Markup("")
    return Markup(
        '<div class="table" role="group" aria-label="{}" tabindex="0"><table{}>\n<caption>{}</caption>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}\n</tbody></table></div>'
    ).format(escape(caption).striptags(), css, caption, head, body)


def table_text(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return a table as aligned plain text."""
    lines = [
        [escape(name).striptags() for name in header],
        *([escape(c.content).striptags() for c in row] for row in rows),
    ]
    widths = [max(len(line[i]) for line in lines) for i in range(len(header))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def paragraphs(sentences: Iterable[str | Markup], *, kind: str = "") -> Markup:
    """Return sentences as paragraphs, escaped."""
    css = Markup(' class="{}"').format(kind) if kind else Markup("")
    return Markup("\n").join(Markup("<p{}>{}</p>").format(css, sentence) for sentence in sentences)


def marked(text: str) -> Markup:
    """Return text, escaped, in which marks such as ``[p]`` are set apart for the eye.

    Examples
    --------
    >>> marked("78 [p]")
    Markup('78 <span class="mark">[p]</span>')
    """
    return Markup(re.sub(r"\[[a-z]\]", r'<span class="mark">\g<0></span>', str(escape(text))))


def prose(*lines: str, kind: str = "") -> Fragment:
    """Return plain sentences as paragraphs for a page and as lines for a terminal.

    Parameters
    ----------
    *lines
        Plain text, a paragraph each.
    kind
        A class for the style sheet.

    Examples
    --------
    >>> fragment = prose("Fewer than 5 & more", kind="empty")
    >>> print(fragment.html)
    <p class="empty">Fewer than 5 &amp; more</p>
    >>> fragment
    Fewer than 5 & more
    """
    return Fragment(paragraphs(lines, kind=kind), "\n".join(lines))


def items(lines: Iterable[str | Markup], *, kind: str = "") -> Markup:
    """Return lines as a list, escaped."""
    css = Markup(' class="{}"').format(kind) if kind else Markup("")
    return Markup("<ul{}>\n{}\n</ul>").format(
        css, Markup("\n").join(Markup("<li>{}</li>").format(line) for line in lines)
    )


def _row(row: Sequence[Cell], row_header: bool) -> Markup:
    cells = []
    for i, cell in enumerate(row):
        pattern = '<th scope="row"{}>{}</th>' if row_header and i == 0 else "<td{}>{}</td>"
        cells.append(Markup(pattern).format(_number_class(cell.number), cell.content))
    return Markup("").join(cells)


def _number_class(is_number: bool) -> Markup:
    return Markup(' class="number"') if is_number else Markup("")


def _csv_cell(cell: object) -> object:
    if _is_missing(cell):
        return ""
    # Only text can be a formula; a negative count must stay a number.
    if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return f"'{cell}"
    return cell


def _is_missing(value: Any) -> bool:
    import pandas as pd

    return bool(pd.isna(value))
