"""What an analyst sees in a notebook: tables, comparisons, periods, and a short list of names."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

import analysis
from analysis import Period, compare, comparison, show
from analysis.comparison import View, views
from analysis.report import markup

RELEASE = "2026-04-23"
MODULES = (analysis.charts, analysis.claims, analysis.publish, analysis.statistics, analysis.tables, analysis.sentences)


def test_a_table_has_quarters_as_official_tables_write_them_and_marks_what_is_missing():
    frame = pd.DataFrame(
        {
            "quarter": pd.PeriodIndex(["2013Q1", "2013Q2"], freq="Q-MAR"),
            "offences": pd.array([1234, pd.NA], dtype="Int64"),
            "share": [0.5, -0.25],
            "year": [2024, 2025],
            "force": ["Kent", None],
        }
    )
    assert show(frame).text.splitlines() == [
        "quarter     offences  share  year  force",
        "2012/13 Q1  1,234     0.50   2024  Kent",
        "2012/13 Q2  [x]       −0.25  2025  [x]",
        "2 of 2 rows",
    ]


def test_a_table_shows_its_first_rows_and_its_index_where_that_says_something():
    frame = pd.DataFrame({"offences": range(1000)})
    assert show(frame, rows=2).text.splitlines() == ["offences", "0", "1", "2 of 1,000 rows"]
    named = frame.set_index(pd.Index([f"force {i}" for i in range(1000)], name="force"))
    assert show(named, rows=1).text.splitlines() == ["force    offences", "force 0  0", "1 of 1,000 rows"]
    assert list(named.columns) == ["offences"]


def test_a_table_escapes_what_it_holds():
    assert "<script>" not in show(pd.DataFrame({"<script>": ["<script>"]})).html


def test_a_comparison_across_the_break_shows_counts_and_reasons_and_no_ratio():
    result = compare("Northamptonshire", period="2017-04..2017-12", baseline="2016-04..2017-03", release=RELEASE)
    assert repr(result) == (
        "Comparison(Northamptonshire, code 88A, release 2026-04-23: "
        "32 in 2017-04..2017-12 against 5 in 2016-04..2017-03; not like for like)"
    )
    html = result._repr_html_()
    for said in (">32<", ">5<", ">4<", "Not like for like", "Periods of different length", "The definition changed"):
        assert said in html
    assert "Ratio" not in html
    assert "%" not in html.replace("95%", "")


def test_a_fair_comparison_shows_the_ratio_with_both_intervals():
    html = compare("Kent", period="2024/25", baseline="2023/24", release=RELEASE)._repr_html_()
    assert (
        "Like for like. Ratio 1.18; 95% interval 0.91 to 1.53 with the spread among forces, 0.99 to 1.40 by chance alone."
    ) in html


def test_a_comparison_without_baseline_says_so():
    result = compare("Kent", period="2018/19 Q1..2020/21 Q4", release=RELEASE)
    assert repr(result).endswith("in 2018-04..2021-03; nothing to compare with)")
    assert "Nothing to compare with." in result._repr_html_()


def test_a_period_prints_as_what_makes_it_again():
    period = Period.parse("2017/18 Q1..Q3")
    assert repr(period) == "Period.parse('2017-04..2017-12')"
    assert eval(repr(period)) == period  # noqa: S307 -- what the line above says
    assert period._repr_html_().startswith("April to December 2017")


def test_a_judgement_prints_its_verdict_and_shows_what_its_page_shows():
    (judgement,) = analysis.claims.about("Kent", release=RELEASE)
    assert repr(judgement) == (
        "Judgement(south-east-2024: Cannot be checked; found source-mismatch, not-checkable; as of release 2026-04-23)"
    )
    html = judgement._repr_html_()
    assert html == str(analysis.published.article(judgement).html)
    for said in (judgement.claim.statement[:20], "Verdict: cannot be checked", "Fairly put:"):
        assert said in html


def test_a_judgement_escapes_what_was_stated():
    (judgement,) = analysis.claims.about("Kent", release=RELEASE)
    hostile = judgement.claim.model_copy(update={"statement": "<script>alert(1)</script>"})
    html = replace(judgement, claim=hostile)._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_view_prints_its_figures_and_direction_or_why_there_is_none():
    assert repr(View("As compared", 32, 4.5)) == "View(As compared: 32 against 4.5; more)"
    assert repr(View("<b>", reason="no baseline")) == "View(<b>: [x] against [x]; no direction, no baseline)"
    assert (
        View("<b>", reason="no baseline")._repr_html_()
        == "<p>&lt;b&gt;: [x] against [x]; no direction, no baseline</p>"
    )
    assert "more" in repr(views(compare("Kent", release=RELEASE)))


def test_the_list_of_names_is_short_and_each_explains_itself():
    assert dir(analysis) == sorted(analysis.__all__)
    assert len(analysis.__all__) < 25
    for name in analysis.__all__:
        thing = getattr(analysis, name)
        assert isinstance(thing, str | tuple | dict) or inspect.getdoc(thing), name


def _functions() -> list[tuple[str, Callable[..., Any]]]:
    own = [(name, getattr(analysis, name)) for name in analysis.__all__]
    for module in (*MODULES, comparison):
        things = {name: thing for name, thing in vars(module).items() if not name.startswith("_")}
        names = getattr(module, "__all__", [name for name in things if things[name] in _defined_in(module)])
        own += [(f"{module.__name__}.{name}", things[name]) for name in names]
    return [(name, thing) for name, thing in own if inspect.isfunction(thing)]


def _defined_in(module: ModuleType) -> list[object]:
    return [thing for thing in vars(module).values() if getattr(thing, "__module__", None) == module.__name__]


@pytest.mark.parametrize(("name", "function"), _functions(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_parameter_is_explained_unless_its_class_explains_it(name, function):
    section = re.search(r"^Parameters\n-+\n(.*?)(?=\n\n\w+\n-+\n|\Z)", inspect.getdoc(function) or "", re.S | re.M)
    heads = [line for line in (section[1] if section else "").splitlines() if line and not line.startswith(" ")]
    explained = {word.strip("* ") for head in heads for word in head.split(",")}
    for parameter in inspect.signature(function).parameters.values():
        by_class = re.fullmatch(r"(Sequence\[)?(Comparison|Judgement|Count)\]?", str(parameter.annotation))
        assert by_class or parameter.name in explained, f"{name}: {parameter.name}"


def test_a_fragment_shows_the_same_as_html_and_as_text():
    fragment = show(pd.DataFrame({"offences": [1]}))
    data, _ = fragment._repr_mimebundle_()
    assert data["text/plain"] == repr(fragment)
    assert isinstance(fragment, markup.Fragment)
