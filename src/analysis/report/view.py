"""What a cell of a notebook shows: the same content as HTML, text, a table of figures and CSV. Its HTML comes from the templates."""

from __future__ import annotations

import base64
import csv
import functools
import hashlib
import operator
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from numbers import Integral, Number
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from markupsafe import Markup

from analysis import files, reader
from analysis.errors import RequestError
from analysis.terms.areas import slug
from analysis.terms.numbers import filled, number
from analysis.terms.periods import quarter_label

if TYPE_CHECKING:
    import pandas as pd

Text = str | Markup
_NAMES = {"quarter", "definition", "age_band", "residents_year"}  # columns that name a row and count nothing


@dataclass(frozen=True)
class View:
    """A piece of a page, for a browser, a terminal and a program alike.

    Attributes
    ----------
    html
        Safe HTML.
    text
        The same in plain text.
    name
        The file name stem of the figures behind it, or None where a page has no file of them.
    frame
        Those figures, a :class:`pandas.DataFrame` to calculate with, or None.
    title
        What a page is called that begins with this piece, or what a chart shows; None elsewhere.
    caption
        What stands above the table, which says when and of which release; empty elsewhere.
    """

    html: Markup
    text: str
    name: str | None = None
    frame: pd.DataFrame | None = field(default=None, compare=False)
    title: str | None = None
    caption: str = ""
    titles_page: ClassVar[bool] = True
    gives_file: ClassVar[bool] = False  # with the figures as CSV, for whoever keeps them in a file: a build does

    @property
    def csv(self) -> str | None:
        """The figures as CSV, or None."""
        return None if self.frame is None else csv_text(self.frame)

    def to_excel(self, path: str | Path, **how: Any) -> Path:
        """Write the figures as an Excel workbook with a sheet of notes, as :meth:`analysis.comparison.series.Figures.to_excel` does."""
        from analysis.comparison import series

        if self.frame is None:
            raise RequestError("to_excel: there are no figures behind this; ask for one of analysis.tables or a chart")
        return series.write(self.frame, path, title=self.caption or self.title or "", **how)

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return str(self.html)

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, Any]]:
        data, about = {"text/plain": self.text, "text/html": str(self.html)}, {}
        if self.gives_file and self.name is not None and (figures := self.csv) is not None:  # which takes a while
            data["text/csv"], about["name"] = figures, self.name
        if self.title is not None and self.titles_page:
            about["title"] = self.title
        return data, {"analysis": about} if about else {}


NOTHING = View(Markup(""), "")  # a page leaves it out, and a heading with nothing under it


class Cells(NamedTuple):
    """What a column of a table prints in place of its figures.

    Attributes
    ----------
    of
        A cell for each row.
    kind
        The class of these cells for the style sheet; by default they are set as numbers. Cells without it have that of the figures behind them.
    """

    of: Sequence[Text]
    kind: str = "number"


def table(
    rows: pd.DataFrame | Sequence[Any],
    path: str | None = None,
    *,
    heads: Mapping[Any, Text] | None = None,
    caption: str = "",
    cells: Mapping[Any, Cells | Sequence[Text] | int | str | None] | None = None,
    name: str | None = None,
    behind: pd.DataFrame | None = None,
    kind: str = "",
    row_header: bool = True,
    **values: object,
) -> View:
    """Return a table with a caption and headers that assistive technology can follow.

    Parameters
    ----------
    rows
        A frame; or rows, each a mapping, or in the order of the headings.
    path
        Where caption and headings stand in ``report/words``: ``…-caption``, and ``…-heads``, each under the name of a column and in their order.
    heads
        The heading of each column by its name, if not those; without a path by default all that the frame has. What there is no column of, nor
        cells, is left out.
    caption
        What the table says, and when, if there is no path.
    cells
        What columns print in place of their figures, by name: cells, one a row; how many decimals; a form such as ``{:.0%}``; or None, which
        leaves the column out.
    name
        The file name stem of its figures, if a page has a file of them.
    behind
        Those figures, if they are others than the rows.
    kind
        A class for the style sheet.
    row_header
        Whether the first cell of a row names the row.
    values
        What stands for each name in braces in the words of a path.

    Examples
    --------
    >>> import pandas as pd
    >>> shown = table(pd.DataFrame({"force": ["Kent"], "offences": [1234]}), caption="By force")
    >>> shown
    Force  Offences
    Kent   1,234
    >>> print(shown.csv, end="")
    force,offences
    Kent,1234
    """
    import pandas as pd

    if path:
        heads, caption = heads or words(f"{path}-heads"), say(f"{path}-caption", **values)
    if not isinstance(rows, pd.DataFrame):
        rows = rows_of(list(rows[0]) if rows and isinstance(rows[0], dict) else list(heads or ()), rows)
    heads = heads or {each: str(each).replace("_", " ").capitalize() for each in rows}
    hows = dict.fromkeys(rows, 2) | dict(cells or {})
    made = {column: _cells(rows, column, hows[column]) for column in heads if hows.get(column) is not None}
    labels = [filled(heads[column], **values) if path else heads[column] for column in made]
    lines = list(zip(*(column.of for column in made.values()), strict=True))
    text = aligned([[plain(cell) for cell in line] for line in (labels, *lines)])
    top = list(zip(labels, (column.kind for column in made.values()), strict=True))
    shown = html("table", caption, top, lines, kind, row_header, name)
    return View(shown, text, name, rows if behind is None else behind, caption=plain(caption))


def rows_of(columns: Sequence[str], rows: Iterable[Sequence[Any] | Mapping[str, Any]]) -> pd.DataFrame:
    """Return rows, each in order or by column, as a table in which whole numbers stay whole beside what is missing."""
    import pandas as pd

    made = pd.DataFrame(list(rows), columns=list(columns), dtype=object)
    for column in columns:
        kinds = {type(value) for value in made[column] if not _is_missing(value)}
        if kinds == {int} or (kinds and all(issubclass(kind, float) for kind in kinds)):
            made[column] = made[column].astype("Int64" if kinds == {int} else "float64")
    return made


def prose(*lines: str, kind: str = "") -> View:
    """Return plain sentences as paragraphs for a page and as lines for a terminal; an empty one is left out.

    Examples
    --------
    >>> view = prose("Fewer than 5 & more", kind="empty")
    >>> print(view.html)
    <p class="empty">Fewer than 5 &amp; more</p>
    >>> view
    Fewer than 5 & more
    """
    lines = tuple(filter(None, lines))
    return View(html("paragraphs", lines, kind), "\n".join(map(plain, lines)))


def items(*lines: Text, kind: str = "") -> View:
    """Return lines as a list; nothing of none."""
    if not lines:
        return NOTHING
    return View(html("items", lines, kind), "\n".join(f"- {plain(line)}" for line in lines))


def fold(path: str, view: View, kind: str = "fold", **values: object) -> View:
    """Return a piece that opens at a tap, under words that :func:`say` takes; of the kind ``broad``, on a small screen only."""
    return replace(view, html=html("fold", say(path, **values), view.html, kind, view.name))


def stack(*views: View) -> View:
    """Return pieces one under the other, with the figures of the last that has some."""
    shown = [view for view in views if view.html]
    last = next((view for view in reversed(shown) if view.frame is not None), NOTHING)
    joined = Markup("\n").join(view.html for view in shown)
    return View(joined, "\n".join(view.text for view in shown), last.name, last.frame, caption=last.caption)


def head(title: str, when: str = "", called: str = "", *leads: str) -> View:
    """Return the head of a page, and what it answers; it may be called by another title than it bears."""
    made = View(html("masthead", title, when), "\n".join(filter(None, [title, when])))
    return replace(stack(made, prose(*leads[:1], kind="lead"), prose(*leads[1:])), title=called or title)


def html(macro: str, /, *values: Any) -> Markup:
    """Return what a macro of the templates makes of values, which it escapes."""
    made: Markup = getattr(template("macros.html.j2").module, macro)(*values)
    return made


def hashed(text: str) -> dict[str, Any]:
    """Return a style sheet or script of ours with the hash by which a page's Content-Security-Policy lets it in."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return {"text": Markup(text), "hash": f"sha256-{digest}"}  # noqa: S704 -- of this package


def figure(value: Any, decimals: int = 0) -> str:
    """Return a figure of a table in a reader's words, ``[x]`` where pandas has none.

    Examples
    --------
    >>> import pandas as pd
    >>> figure(6442), figure(pd.NA)
    ('6,442', '[x]')
    """
    return "[x]" if _is_missing(value) else number(value, decimals)


def aligned(lines: Sequence[Sequence[str]]) -> str:
    """Return a table as aligned plain text.

    Examples
    --------
    >>> print(aligned([["Force", "Offences"], ["Kent", "371"]]))
    Force  Offences
    Kent   371
    """
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def csv_text(frame: pd.DataFrame) -> str:
    """Return a table as CSV with line feeds, text cells disarmed so that no spreadsheet runs them as a formula.

    Examples
    --------
    >>> print(csv_text(rows_of(["force", "offences"], [["=1+1", -2]])), end="")
    force,offences
    '=1+1,-2
    """
    lines: list[str] = []
    # The writer quotes a line break in a cell only if it could end a line, so lines end with both until they are joined.
    writer = csv.writer(SimpleNamespace(write=lines.append), lineterminator="\r\n")
    columns = (frame.iloc[:, place] for place in range(frame.shape[1]))
    cells = [map(_csv_cell, column.astype(object).where(column.notna(), "").tolist()) for column in columns]
    writer.writerows([list(map(_csv_cell, frame.columns)), *zip(*cells, strict=True)])
    return "".join(line.removesuffix("\r\n") + "\n" for line in lines)


@functools.cache
def _of_file(name: str) -> dict[str, str | dict[str, str]]:
    """Return what a file of words holds."""
    return reader.read(files.PACKAGE / "report" / "words" / f"{name}.yaml", dict[str, str | dict[str, str]])


def words(path: str) -> Any:
    """Return words, or several by the code or name that each stands for.

    Parameters
    ----------
    path
        A file of ``report/words``, a subject in it and, where it is one of several, which: ``recorded.answers`` or ``recorded.answers.yes``.
    """
    name, *keys = path.split(".")
    found: Any = _of_file(name)
    return functools.reduce(operator.getitem, keys, found)


def say(path: str, /, **values: object) -> str:
    """Return a sentence with its values.

    Parameters
    ----------
    path
        What :func:`words` takes.
    values
        What :func:`analysis.terms.numbers.filled` puts in place of each name in braces.

    Examples
    --------
    >>> say("readings.process-expected", expected=0.4, share=30)
    'By chance alone about 0.4 would be marked in a series of this length that is stable between its steps, and 30% of such series would have at least one.'
    """
    return filled(words(path), **values)


def counted(path: str, count: int, /, **values: object) -> str:
    """Return the sentence under a path that is of none, of one or of many, with its values and the ``count``.

    Examples
    --------
    >>> counted("readings.marked", 0), counted("readings.marked", 2)
    ('No quarter is marked.', '2 quarters are marked.')
    """
    return say(f"{path}.{ {0: 'none', 1: 'one'}.get(count, 'many') }", count=count, **values)


def moved(path: str, change: float, /, **values: object) -> str:
    """Return the sentence under a path that is of more, of fewer or of the same, with its values and the size of the ``change``.

    Examples
    --------
    >>> moved("readings.towards", -2), moved("recorded.difference", 0)
    ('2 fewer', 'As many were recorded.')
    """
    return say(f"{path}.{'more' if change > 0 else 'fewer' if change < 0 else 'same'}", change=abs(change), **values)


@functools.cache
def glossary() -> dict[str, tuple[str, str, str]]:
    """Return of each word that pages explain, by each way to write it: its name, the word as it is usually written, and what it means."""
    each = ((written.split("|"), said) for written, said in words("glossary.words").items())
    return {way.casefold(): (slug(ways[0]), ways[0], said) for ways, said in each for way in ways}


def plain(text: Text) -> str:
    """Return text without tags, or without the brackets around words that the glossary explains.

    Examples
    --------
    >>> plain("Every [[release]] counts.")
    'Every release counts.'
    """
    return text.striptags() if isinstance(text, Markup) else text.replace("[[", "").replace("]]", "")


@functools.cache
def template(name: str) -> Any:
    """Return one of the templates by its path among them; what it is given is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    source = FileSystemLoader(files.PACKAGE / "report" / "templates")
    made = Environment(loader=source, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"slug": slug, "terms": _terms, "explained": lambda word: glossary()[word.casefold()][0]}
    made.globals["say"] = say
    return made.get_template(name)


def _terms(text: Text) -> list[Text]:
    """Return text cut where the glossary explains a word: text, the bracket before such a word, the word, the sign behind it, text and so on."""
    return [text] if isinstance(text, Markup) else re.split(r"(\(?)\[\[(.+?)\]\]([.,;:)]*)", text)


def _cells(rows: pd.DataFrame, name: str, how: Cells | Sequence[Text] | int | str) -> Cells:
    """Return a column as a reader sees it: the cells given, or its figures; what names a row, or says yes or no, is blank where there is none."""
    import pandas as pd

    if isinstance(how, Cells):
        return how
    values = rows[name] if name in rows else pd.Series()
    is_bool = pd.api.types.is_bool_dtype(values)
    # Where there is none, decimals say that figures are meant.
    kinds = {type(value) for value in values if not _is_missing(value)} or {type(how)}
    kind = "" if is_bool or not all(issubclass(each, Number) for each in kinds) else "number"
    if not isinstance(how, int | str):
        return Cells(how, kind)

    def cell(value: Any) -> Text:
        if _is_missing(value):
            return "" if is_bool or name in _NAMES else "[x]"
        if is_bool:
            return "yes" if value else "no"
        if isinstance(value, pd.Period):
            return quarter_label(value)
        if isinstance(value, datetime):
            return f"{value:%Y-%m-%d}"
        if isinstance(how, str):
            return how.format(value)
        if kind and not name.endswith("year"):  # which has no comma
            return number(value, 0 if isinstance(value, Integral) else how)
        return value if isinstance(value, Markup) else str(value)

    return Cells(list(map(cell, values)), kind)


def _csv_cell(cell: Any) -> Any:
    # Only text can be a formula; a negative count must stay a number.
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


def _is_missing(value: Any) -> bool:
    import pandas as pd

    return bool(pd.isna(value))
