"""The view object and the templates: the same content as HTML, text, frame and CSV, escaped whatever it holds."""

from __future__ import annotations

import ast
import csv
import io
import math
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from seen import Seen

import analysis
from analysis.report import view
from analysis.report.view import View, aligned, csv_text, html, items, prose, rows_of, stack, table
from analysis.terms.numbers import interval, number

HOSTILE = '<script>alert("1")</script>\'&<b>'
texts = st.text(st.characters(codec="utf-8"))
numbers = st.one_of(st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), st.none())


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
    assert view.figure(none) == "[x]"
    assert csv_text(rows_of(["force", "offences"], [["Kent", none]])) == "force,offences\nKent,\n"


def test_whole_numbers_stay_whole_beside_what_is_missing() -> None:
    frame = rows_of(["force", "offences", "rate", "mixed"], [["Kent", 1234, 1.5, 2], ["BTP", None, None, 2.5]])
    assert [str(dtype) for dtype in frame.dtypes[1:]] == ["Int64", "float64", "object"]
    assert csv_text(frame) == "force,offences,rate,mixed\nKent,1234,1.5,2\nBTP,,,2.5\n"
    shown = table(frame, heads={name: name for name in frame.columns}, caption="c")
    assert shown.text.splitlines() == [
        "force  offences  rate  mixed",
        "Kent   1,234     1.50  2",
        "BTP    [x]       [x]   2.50",
    ]


def test_an_interval_says_which_end_there_is_none_of() -> None:
    assert interval(3.41, 28.88) == "3.4 to 28.9"
    assert interval(0.5, None) == "0.5 to [x]"


@given(st.lists(st.lists(st.one_of(texts, numbers), min_size=3, max_size=3)))
def test_csv_reads_back_cell_by_cell(rows: list[list[object]]) -> None:
    header, *body = read(csv_text(rows_of(["a", "b", "c"], rows)))
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
    _, (found, _) = read(csv_text(rows_of(["text", "n"], [[text, 1]])))
    assert found[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    if text[:1].isalnum():
        assert found == text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_a_spreadsheet_would_run_is_disarmed(text: str) -> None:
    assert read(csv_text(rows_of(["text"], [[text]])))[1] == [f"'{text}"]


@pytest.mark.parametrize("count", [-2, -1, 0, 1, -0.5])
def test_a_number_stays_a_number(count: float) -> None:
    assert csv_text(rows_of(["offences"], [[count]])) == f"offences\n{count}\n"


def test_csv_ends_lines_with_a_line_feed_on_every_system() -> None:
    assert csv_text(rows_of(["a"], [[1], ["x,y"]])) == 'a\n1\n"x,y"\n'


@given(texts, texts, texts)
def test_a_table_shows_any_text_as_text(caption: str, name: str, content: str) -> None:
    frame = pd.DataFrame({"a": pd.Series([content], dtype=object)})
    made = table(frame, heads={"a": f"h{name}"}, caption=f"c{caption}", kind=f"k{name}").html
    seen = Seen(made)
    assert [tag for tag, _ in seen.tags] == ["div", "table", "caption", "thead", "tr", "th", "tbody", "tr", "th"]
    assert seen.tags[1][1]["class"] == f"k{name}".strip()
    for text in (caption, name, content):
        assert text in seen.said()


SOURCE = SimpleNamespace(producer=HOSTILE, title=HOSTILE, page=HOSTILE, licence=HOSTILE, limits=HOSTILE)
CLAIM = SimpleNamespace(id=HOSTILE, statement=HOSTILE, published=SimpleNamespace(words=HOSTILE))
CHANGE = SimpleNamespace(id=HOSTILE, when=HOSTILE, what=HOSTILE, verified="text")
MACROS: dict[str, tuple[object, ...]] = {
    "paragraphs": ([HOSTILE], HOSTILE),
    "items": ([HOSTILE], HOSTILE),
    "named": (HOSTILE, HOSTILE, HOSTILE),
    "said": (HOSTILE,),
    "meaning": (HOSTILE, HOSTILE, HOSTILE),
    "here": (HOSTILE, HOSTILE),
    "unseen": (HOSTILE,),
    "page": (HOSTILE, HOSTILE),
    "page_named": (HOSTILE, HOSTILE, HOSTILE),
    "page_part": (HOSTILE, HOSTILE, HOSTILE),
    "forces": ([(HOSTILE, HOSTILE)],),
    "search": (HOSTILE, HOSTILE, HOSTILE, {HOSTILE: HOSTILE}),
    "drawn": (HOSTILE, HOSTILE, HOSTILE),
    "with_change": (HOSTILE, HOSTILE),
    "strip": (HOSTILE,) * 5,
    "link": (HOSTILE, HOSTILE, HOSTILE),
    "code": (HOSTILE, HOSTILE),
    "masthead": (HOSTILE, HOSTILE),
    "heading": (3, HOSTILE),
    "panel": (HOSTILE, HOSTILE, HOSTILE),
    "fold": (HOSTILE, HOSTILE),
    "table": (HOSTILE, [(HOSTILE, HOSTILE)], [(HOSTILE,)], HOSTILE),
    "drawing": (*(HOSTILE,) * 8,),
    "card": (HOSTILE, HOSTILE),
    "trend": (HOSTILE, HOSTILE, HOSTILE),
    "finder": (HOSTILE, [(HOSTILE, HOSTILE, [HOSTILE])]),
    "elsewhere": (
        [SimpleNamespace(names=[HOSTILE], where=HOSTILE, closest=[HOSTILE])],
        {HOSTILE: (HOSTILE, HOSTILE)},
    ),
    "quote": (HOSTILE, HOSTILE),
    "source": (SOURCE,),
    "release": (SOURCE,),
    "claim": (
        SimpleNamespace(claim=CLAIM, panel=HOSTILE, answers=dict.fromkeys(("figure", "change", "comparison"), HOSTILE)),
        *(HOSTILE,) * 3,
        [(HOSTILE, [HOSTILE], [HOSTILE])],
        [HOSTILE],
        [(HOSTILE, HOSTILE)],
        *(HOSTILE,) * 2,
    ),
    "notes": ([HOSTILE],),
    "claim_line": (SimpleNamespace(name=HOSTILE, claim=CLAIM), HOSTILE, HOSTILE),
    "method": (SimpleNamespace(name=HOSTILE, answers=HOSTILE, formula=HOSTILE, source=HOSTILE),),
    "frame": (HOSTILE, HOSTILE, 1),
    "strong": (HOSTILE,),
    "effect": ([(HOSTILE, [(HOSTILE, HOSTILE)])], [(HOSTILE, HOSTILE)]),
    "timeline": ([(2017, [(CHANGE, HOSTILE, [SimpleNamespace(address=HOSTILE, title=HOSTILE)])])],),
}


def test_every_macro_is_held_against_hostile_text() -> None:
    assert set(MACROS) == {name for name in vars(view.template("macros.html.j2").module) if not name.startswith("_")}


@pytest.mark.parametrize("macro", MACROS)
def test_hostile_text_arrives_escaped_everywhere(macro: str) -> None:
    made = html(macro, *MACROS[macro])
    assert isinstance(made, Markup)
    seen = Seen(made)
    assert "script" not in {tag for tag, _ in seen.tags}
    shown = [seen.said(), *(str(value) for _, attributes in seen.tags for value in attributes.values())]
    assert any(HOSTILE in text for text in shown)
    assert "<script" not in made
    assert "&lt;script&gt;" in made


def test_no_html_is_written_in_python() -> None:
    package = Path(analysis.__file__).parent
    tag = re.compile(r"</?(a|b|p|h[1-6]|ul|li|t[rdh]|d[ltd]|div|span|table|figure|img|code|cite|details)\b[^<>]*>")
    found = []
    for path in set(package.rglob("*.py")) - {package / "report" / "charts" / "drawing.py"}:  # which writes SVG
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documented = [node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)]
        docstrings = {id(node.body[0].value) for node in documented if node.body and isinstance(node.body[0], ast.Expr)}
        found += [
            f"{path.relative_to(package)}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
            if tag.search(node.value)
        ]
    assert found == []


def test_presentation_takes_figures_from_the_comparison_room_alone() -> None:
    found = [
        f"{path.name}:{node.lineno}"
        for path in Path(view.__file__).parent.rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body  # what is imported for types alone is left out
        if isinstance(node, ast.ImportFrom | ast.Import) and "analysis.figures" in ast.unparse(node)
    ]
    assert found == []


def test_plain_text_with_signs_keeps_them_where_tags_would_be_taken_out() -> None:
    caption = "0 < n & n > 50"
    shown = table(rows_of(["a"], [[caption]]), heads={"a": caption}, caption=caption)
    assert Seen(shown.html).tags[0][1]["aria-label"] == caption
    assert shown.text == f"{caption}\n{caption}"


def test_headers_name_columns_and_rows() -> None:
    frame = rows_of(["force", "offences"], [["Kent", 167]])
    seen = Seen(table(frame, heads={"force": "Force", "offences": "2024/25"}, caption="Offences").html)
    assert [attributes.get("scope") for tag, attributes in seen.tags if tag == "th"] == ["col", "col", "row"]
    assert [attributes.get("class") for tag, attributes in seen.tags if tag in {"table", "th", "td"}] == [
        "numbers",  # said once, since all columns but the first are
        *[None] * 4,
    ]
    region = seen.tags[0][1]
    assert (region["role"], region["aria-label"], region["tabindex"]) == ("group", "Offences", "0")


def test_a_column_with_text_among_numbers_is_not_set_as_numbers() -> None:
    frame = rows_of(["force", "offences", "rate"], [["Kent", 1, 2], ["BTP", "none", 3]])
    made = table(frame, heads={"force": "a", "offences": "b"}, caption="c").html
    assert all("class" not in attributes for tag, attributes in Seen(made).tags if tag in {"table", "th", "td"})
    made = table(frame, heads={"force": "a", "offences": "b", "rate": "c"}, caption="c").html
    told = [attributes.get("class") for tag, attributes in Seen(made).tags if tag in {"table", "th", "td"}]
    assert told == [None, *[None, None, "number"] * 3]


def test_a_table_without_rows_or_row_headers_is_whole() -> None:
    none = table(rows_of(["a"], []), heads={"a": "a"}, caption="c")
    assert "<tbody>\n</tbody>" in none.html
    assert (none.text, none.csv) == ("a", "a\n")
    assert 'scope="row"' not in table(rows_of(["a"], [["x"]]), heads={"a": "a"}, caption="c", row_header=False).html


def test_a_table_as_text_is_aligned_and_without_tags() -> None:
    rows = [[Markup("<b>Kent</b>"), "1"], ["Avon & Somerset", "23"]]
    heads = {"force": "Force", "n": Markup("n&nbsp;a")}
    assert table(rows_of(["force", "n"], rows), heads=heads, caption="c").text == (
        "Force            n\N{NO-BREAK SPACE}a\nKent             1\nAvon & Somerset  23"
    )
    assert aligned([["a", "b"], ["ccc", "d"]]) == "a    b\nccc  d"


def test_figures_behind_a_table_may_be_finer_than_the_table() -> None:
    behind = rows_of(["quarter", "offences"], [["Q1", 1], ["Q2", 2]])
    shown = table(rows_of(["year"], [[3]]), heads={"year": "Year"}, caption="c", name="", behind=behind)
    assert shown.csv == "quarter,offences\nQ1,1\nQ2,2\n"


def test_markup_is_kept_and_text_beside_it_escaped() -> None:
    assert html("paragraphs", [Markup("<b>a</b>"), "a < b"]) == "<p><b>a</b></p>\n<p>a &lt; b</p>"
    shown = items("a < b", Markup("<b>a</b>"), kind="caveats")
    assert shown.html == '<ul class="caveats">\n<li>a &lt; b</li>\n<li><b>a</b></li>\n</ul>'
    assert shown.text == "- a < b\n- a"


def test_a_view_shows_html_and_text_and_where_a_build_asks_its_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = View(Markup("<p>1</p>"), "1", name="quarters", frame=rows_of(["a"], [[1]]), title="Kent")
    data, about = shown._repr_mimebundle_(include=None, exclude=None)
    assert data == {"text/plain": "1", "text/html": "<p>1</p>"}
    assert about == {"analysis": {"title": "Kent"}}
    monkeypatch.setattr(View, "gives_file", True)
    data, about = shown._repr_mimebundle_(include=None, exclude=None)
    assert data == {"text/plain": "1", "text/html": "<p>1</p>", "text/csv": "a\n1\n"}
    assert about == {"analysis": {"name": "quarters", "title": "Kent"}}
    assert repr(shown) == "1"


def test_a_view_without_figures_offers_none() -> None:
    data, about = View(Markup("<p>1</p>"), "1")._repr_mimebundle_()
    assert "text/csv" not in data
    assert about == {}


def test_a_table_of_which_a_page_has_no_file_still_has_its_frame() -> None:
    shown = View(Markup("<p>1</p>"), "1", frame=rows_of(["a"], [[1]]))
    assert shown.csv == "a\n1\n"
    data, about = shown._repr_mimebundle_()
    assert "text/csv" not in data
    assert about == {}


def test_pieces_are_stacked_with_the_figures_of_the_last_that_has_some() -> None:
    figures = View(Markup("<p>1</p>"), "1", name="a", frame=rows_of(["a"], [[1]]))
    shown = stack(prose("First."), figures, View(Markup(""), ""))
    assert (shown.html, shown.text, shown.name) == ("<p>First.</p>\n<p>1</p>", "First.\n1", "a")
    assert shown.csv == "a\n1\n"


def test_nothing_a_view_shows_tells_of_the_run() -> None:
    bundle = str(View(Markup("<p>1</p>"), "1", name="", frame=rows_of(["a"], []))._repr_mimebundle_())
    assert not re.search(r"0x[0-9a-f]+", bundle)
    assert sys.prefix not in bundle


def test_a_word_in_brackets_is_explained_at_a_tap_and_plain_elsewhere() -> None:
    shown = prose("Two [[releases]]; the [[95% range]].")
    assert shown.text == "Two releases; the 95% range."
    assert re.findall(r'popovertarget="word-([^"]+)">([^<]+)</button>(.)', shown.html) == [
        ("release", "releases", ";"),
        ("95-interval", "95% range", "."),
    ]
    with pytest.raises(KeyError):
        prose("A [[word]] that is not explained.")


def test_every_sentence_explains_known_words_alone_and_each_explanation_is_short() -> None:
    known = {word for written in view.words("glossary.words") for word in written.casefold().split("|")}
    used: set[str] = set()
    for path in (Path(view.__file__).parent / "words").glob("*.yaml"):
        used |= {
            word.casefold()
            for word in re.findall(r"\[\[([a-z0-9%][^\]]*)\]\]", path.read_text(encoding="utf-8"))
            if word != "brackets"
        }
    assert used <= known
    assert all(len(said.split()) < 40 and said.endswith(".") for said in view.words("glossary.words").values())
