"""The rules of fairness that speak of rates."""

from __future__ import annotations

import made
import pandas as pd
import pytest

from analysis import compare
from analysis.terms.periods import Period

NOW, THEN = "2024/25", "2023/24"


@pytest.mark.parametrize(
    ("without", "said"),
    [
        ([THEN], "April 2023 to March 2024"),
        ([NOW], "April 2024 to March 2025"),
        ([NOW, THEN], "April 2024 to March 2025 or April 2023 to March 2024"),
    ],
)
@pytest.mark.parametrize("figure", [pd.NA, -1000], ids=["missing", "negative"])
def test_a_period_without_a_rate_is_named_whichever_it_is(monkeypatch, without, said, figure) -> None:
    table = made.published()
    for period in without:
        table.loc[Period.parse(period).quarters[0], "Kent"] = figure
    made.stand_in(monkeypatch, table)
    result = compare("Kent", period=NOW, baseline=THEN, release="2026-04-23")
    assert (result.rate is None, result.baseline_rate is None) == (NOW in without, THEN in without)
    text = next(caveat.text for caveat in result.caveats if caveat.code == "no-residents")
    assert text == (
        f"No estimate of residents stands near {said}, or a figure is missing or negative, so no rate is given."
    )


def test_nothing_is_said_where_both_periods_have_a_rate() -> None:
    assert "no-residents" not in compare("Kent", period=NOW, baseline=THEN, release="2026-04-23").codes


def test_a_period_alone_is_judged_alone() -> None:
    assert "no-residents" not in compare("Kent", period="2018/19 Q1..2020/21 Q4", release="2026-04-23").codes
