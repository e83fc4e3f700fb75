from __future__ import annotations

import csv
import io
import math
import re
import sys
from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from analysis.report import markup
from analysis.report.markup import Cell, Fragment, csv_text, items, paragraphs, table_html, table_text
from analysis.terms.numbers import interval, number

HOSTILE = '<script>alert("1")</script>\'&<b>'
texts = st.text(st.characters(codec="utf-8"))
numbers = st.one_of(st.integers(), st.floats(allow_nan=False), st.none())


class Seen(HTMLParser):
    """Collects what a browser would make of HTML: tags with their attributes, and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(str(html))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0, 0, "0"),
        (999, 0, "999"),
        (6442, 0, "6,442"),
        (1234567, 0, "1,234,567"),
        (-2, 0, "−2"),
        (-1234.5, 1, "−1,234.5"),
        (1.25, 2, "1.25"),
        (None, 0, "[x]"),
        (math.nan, 1, "[x]"),
    ],
)
def test_numbers_are_as_readers_see_them(value: float | None, decimals: int, text: str) -> None:
    assert number(value, decimals) == text


@pytest.mark.parametrize("none", [None, float("nan"), pd.NA, pd.NaT])
def test_whatever_pandas_has_for_none_is_no_figure(none: object) -> None:
    assert markup.figure(none) == Cell("[x]", number=True)
    assert markup.figure(none, missing="not supplied").content == "not supplied"
    assert csv_text(["force", "offences"], [["Kent", none]]) == "force,offences\nKent,\n"


def test_a_figure_is_a_number_of_a_table() -> None:
    counts = pd.Series([1234, -2], dtype="Int64")
    assert [markup.figure(count) for count in counts] == [
        Cell("1,234", number=True),
        Cell("−2", number=True),
    ]
    assert markup.figure(0.5, 2).content == "0.50"


def test_an_interval_says_which_end_there_is_none_of() -> None:
    assert interval(3.41, 28.88) == "3.4 to 28.9"
    assert interval(0.5, None) == "0.5 to [x]"


@given(st.lists(st.lists(st.one_of(texts, numbers), min_size=3, max_size=3)))
def test_csv_reads_back_cell_by_cell(rows: list[list[object]]) -> None:
    header, *body = read(csv_text(["a", "b", "c"], rows))
    assert header == ["a", "b", "c"]
    assert len(body) == len(rows)
    for line, row in zip(body, rows, strict=True):
        for found, cell in zip(line, row, strict=True):
            if isinstance(cell, str):
                assert found.removeprefix("'") == cell.removeprefix("'")
            else:
                assert found == ("" if cell is None else str(cell))


@given(texts)
def test_no_text_is_a_formula_and_plain_text_is_left_alone(text: str) -> None:
    _, (found, _) = read(csv_text(["text", "n"], [[text, 1]]))
    assert found[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    if text[:1].isalnum():
        assert found == text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_a_spreadsheet_would_run_is_disarmed(text: str) -> None:
    assert read(csv_text(["text"], [[text]]))[1] == [f"'{text}"]


@pytest.mark.parametrize("count", [-2, -1, 0, 1, -0.5])
def test_a_number_stays_a_number(count: float) -> None:
    assert csv_text(["offences"], [[count]]) == f"offences\n{count}\n"


def test_csv_ends_lines_with_a_line_feed_on_every_system() -> None:
    assert csv_text(["a"], [[1], ["x,y"]]) == 'a\n1\n"x,y"\n'


@given(texts, texts, texts)
def test_a_table_shows_any_text_as_text(caption: str, name: str, content: str) -> None:
    html = table_html(f"c{caption}", [f"h{name}"], [[Cell(content)]], kind=f"k{name}")
    seen = Seen(html)
    assert [tag for tag, _ in seen.tags] == ["div", "table", "caption", "thead", "tr", "th", "tbody", "tr", "th"]
    assert seen.tags[1][1]["class"] == f"k{name}"
    for text in (caption, name, content):
        assert text in seen.text


def test_hostile_text_arrives_escaped_everywhere() -> None:
    pieces = [
        table_html(HOSTILE, [HOSTILE, "n"], [[Cell(HOSTILE), Cell(HOSTILE, number=True)]], kind=HOSTILE),
        paragraphs([HOSTILE], kind=HOSTILE),
        items([HOSTILE], kind=HOSTILE),
    ]
    for html in pieces:
        assert isinstance(html, Markup)
        assert "<script" not in html
        assert "&lt;script&gt;" in html
        seen = Seen(html)
        assert not {"script", "b"} & {tag for tag, _ in seen.tags}
        assert HOSTILE in seen.text
        assert HOSTILE in [attributes.get("class") for _, attributes in seen.tags]


def test_plain_text_with_signs_keeps_them_where_tags_would_be_taken_out() -> None:
    caption = "0 < n & n > 50"
    assert Seen(table_html(caption, ["a"], [])).tags[0][1]["aria-label"] == caption
    assert Seen(table_html(Markup("<b>a</b> &lt; b"), ["a"], [])).tags[0][1]["aria-label"] == "a < b"
    assert table_text([caption], [[Cell(caption)]]) == f"{caption}\n{caption}"


def test_headers_name_columns_and_rows() -> None:
    html = table_html("Offences", ["Force", "2024/25"], [[Cell("Kent"), Cell("167", number=True)]])
    seen = Seen(html)
    assert [attributes.get("scope") for tag, attributes in seen.tags if tag == "th"] == ["col", "col", "row"]
    assert [attributes.get("class") for tag, attributes in seen.tags if tag in {"th", "td"}] == [
        None,
        "number",
        None,
        "number",
    ]
    region = seen.tags[0][1]
    assert (region["role"], region["aria-label"], region["tabindex"]) == ("group", "Offences", "0")


def test_a_column_with_one_text_among_numbers_is_not_set_as_numbers() -> None:
    rows = [[Cell("Kent"), Cell("1", number=True)], [Cell("BTP"), Cell("[x]")]]
    heads = [attributes for tag, attributes in Seen(table_html("c", ["a", "b"], rows)).tags if tag == "th"]
    assert "class" not in heads[1]


def test_a_table_without_rows_or_row_headers_is_whole() -> None:
    assert "<tbody>\n\n</tbody>" in table_html("c", ["a"], [])
    assert 'scope="row"' not in table_html("c", ["a"], [[Cell("x")]], row_header=False)


def test_a_table_as_text_is_aligned_and_without_tags() -> None:
    rows = [[Cell(Markup("<b>Kent</b>")), Cell("1")], [Cell("Avon & Somerset"), Cell("23")]]
    assert table_text(["Force", Markup("n&nbsp;a")], rows) == (
        "Force            n\N{NO-BREAK SPACE}a\nKent             1\nAvon & Somerset  23"
    )


def test_markup_is_kept_and_text_beside_it_escaped() -> None:
    assert paragraphs([Markup("<b>a</b>"), "a < b"]) == "<p><b>a</b></p>\n<p>a &lt; b</p>"
    assert items(["a < b"], kind="caveats") == '<ul class="caveats">\n<li>a &lt; b</li>\n</ul>'


def test_a_fragment_shows_html_text_and_figures_together() -> None:
    fragment = Fragment(Markup("<p>1</p>"), "1", name="quarters", csv="a\n1\n", title="Kent")
    data, about = fragment._repr_mimebundle_(include=None, exclude=None)
    assert data == {"text/plain": "1", "text/html": "<p>1</p>", "text/csv": "a\n1\n"}
    assert about == {"analysis": {"name": "quarters", "title": "Kent"}}
    assert repr(fragment) == "1"


def test_a_fragment_without_figures_offers_none() -> None:
    data, about = Fragment(Markup("<p>1</p>"), "1")._repr_mimebundle_()
    assert "text/csv" not in data
    assert about == {}


def test_nothing_a_fragment_shows_tells_of_the_run() -> None:
    bundle = str(Fragment(Markup("<p>1</p>"), "1", csv="a\n")._repr_mimebundle_())
    assert not re.search(r"0x[0-9a-f]+", bundle)
    assert sys.prefix not in bundle
