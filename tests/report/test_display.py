"""What an analyst sees in a notebook: tables, comparisons, periods, and a short list of names."""

from __future__ import annotations

import importlib
import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

import analysis
from analysis import Period, compare, comparison, show
from analysis.report import jupyter
from analysis.report.view import View as OfPage

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


@pytest.fixture(scope="module")
def shell() -> InteractiveShell:
    """Give an IPython shell that knows how to show the library's objects."""
    made = InteractiveShell.instance()
    jupyter.register(made)
    return made


def html(shell: InteractiveShell, thing: object) -> str:
    return str(shell.display_formatter.format(thing)[0]["text/html"])


def test_a_comparison_across_the_break_shows_counts_and_reasons_and_no_ratio(shell):
    result = compare("Northamptonshire", period="2017-04..2017-12", baseline="2016-04..2017-03", release=RELEASE)
    assert repr(result) == (
        "Comparison(Northamptonshire, code 88A, release 2026-04-23: "
        "32 in 2017-04..2017-12 against 5 in 2016-04..2017-03; no)"
    )
    shown = html(shell, result)
    for said in (
        "recorded 32 child",
        "and 5 in",
        "it recorded 4",
        "are not like for like",
        "Periods of different length",
        "The definition changed",
    ):
        assert said in shown
    assert "child grooming offences" in shown
    assert not re.search(r"\bratio\b", shown, re.I)


def test_a_comparison_without_baseline_says_so_once(shell):
    result = compare("Kent", period="2018/19 Q1..2020/21 Q4", release=RELEASE)
    assert repr(result).endswith("in 2018-04..2021-03; nothing to compare with)")
    assert "No comparison: a period of over twelve months" in html(shell, result)


def test_a_period_prints_as_what_makes_it_again():
    period = Period.parse("2017/18 Q1..Q3")
    assert repr(period) == "Period.parse('2017-04..2017-12')"
    assert eval(repr(period)) == period  # noqa: S307 -- what the line above says
    assert period._repr_html_().startswith("April to December 2017")


def test_a_judgement_prints_its_verdict_and_shows_what_its_page_shows(shell):
    judgement = analysis.claims.about("Kent", release=RELEASE)[0]
    assert repr(judgement).startswith("Judgement(south-east-2024: ")
    shown = html(shell, judgement)
    assert shown == str(analysis.published.article(judgement).html)
    for said in (judgement.claim.statement[:20], "Verdict: ", "Fairly put:"):
        assert said in shown


@pytest.mark.parametrize(("module", "name"), jupyter.SHOWN)
def test_what_is_shown_in_jupyter_is_a_class_that_there_is_and_that_writes_no_html(module, name):
    thing = getattr(importlib.import_module(module), name)
    assert thing.__module__ == module
    assert not hasattr(thing, "_repr_html_")


def test_the_figure_of_a_chart_shows_as_a_picture_once_it_is_changed(shell):
    figure = analysis.charts.quarters(compare("Kent", release=RELEASE)).figure
    before = shell.display_formatter.format(figure)[0]["image/png"]
    figure.axes[0].axhline(50, color="black")
    assert shell.display_formatter.format(figure)[0]["image/png"] != before


def test_what_is_picked_is_compared_and_drawn(capsys):
    picked = jupyter.picker(RELEASE)
    force, offence, period, _ = picked.children
    assert (force.options[0], offence.value, period.value) == ("England and Wales", "88A", "2025-01..2025-12")
    force.value, offence.value, period.value = "Kent", "burglary", "2024-04..2025-03"
    said = capsys.readouterr().out
    assert "Comparison(Kent, burglary, release 2026-04-23" in said.splitlines()[-3]
    assert "Bar chart of recorded offences by quarter, Kent" in said.splitlines()[-1]


def test_a_notebook_is_told_as_the_library_is_imported_and_nothing_else_loads():
    code = """
import sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
before = set(sys.modules)
import analysis
assert not {"pandas", "jinja2", "analysis.comparison", "analysis.report.view"} & (set(sys.modules) - before)
print(shell.display_formatter.format(analysis.compare("Kent", release="2026-04-23"))[0]["text/html"][:18])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ('<p class="lead">Ke\n', "")


def test_without_a_notebook_importing_costs_nothing():
    code = """
import sys
import analysis
print(sorted(name for name in sys.modules if name.startswith(("analysis.", "IPython", "pandas", "jinja2"))))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['analysis._version']"


def test_the_list_of_names_is_short_and_each_explains_itself():
    assert dir(analysis) == sorted(analysis.__all__)
    assert len(analysis.__all__) <= 32
    for name in analysis.__all__:
        thing = getattr(analysis, name)
        assert isinstance(thing, str | tuple | dict) or inspect.getdoc(thing), name


def _functions() -> list[tuple[str, Callable[..., Any]]]:
    own = [(name, getattr(analysis, name)) for name in analysis.__all__]
    for module in (*MODULES, comparison):
        own += [(f"{module.__name__}.{name}", getattr(module, name)) for name in module.__all__]
    return [(name, thing) for name, thing in own if inspect.isfunction(thing)]


@pytest.mark.parametrize(("name", "function"), _functions(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_parameter_is_explained_unless_its_class_explains_it(name, function):
    section = re.search(r"^Parameters\n-+\n(.*?)(?=\n\n\w+\n-+\n|\Z)", inspect.getdoc(function) or "", re.S | re.M)
    heads = [line for line in (section[1] if section else "").splitlines() if line and not line.startswith(" ")]
    explained = {word.strip("* ") for head in heads for word in head.split(",")}
    for parameter in inspect.signature(function).parameters.values():
        by_class = re.fullmatch(r"(Sequence\[)?(Comparison|Judgement|Count|Pair)\]?", str(parameter.annotation))
        assert by_class or parameter.name in explained, f"{name}: {parameter.name}"


def test_what_is_shown_is_the_same_as_html_and_as_text():
    frame = pd.DataFrame({"offences": [1]})
    shown = show(frame)
    data, _ = shown._repr_mimebundle_()
    assert data["text/plain"] == repr(shown)
    assert isinstance(shown, OfPage)
    assert shown.frame is frame
