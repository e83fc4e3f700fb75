"""Whether the direction of a change survives other fair choices, and what stands beside it as context."""

from __future__ import annotations

from pathlib import Path

import made
import pandas as pd
import pytest
import shipped

from analysis.comparison import Choice, compare
from analysis.terms.numbers import number

RAW = Path(__file__).resolve().parents[2] / "data" / "raw"
NEWEST, OLDER = "2026-04-23", "2023-10-19"
AS_COMPARED = "As compared on this page"
OF_2023 = "As the release of 19 October 2023 had it"
LONGER = "Against the mean of the same months in the 3 years before"
NO_RAILWAYS = "Without British Transport Police"


def of(force: str, period: str, baseline: str | None = None, release: str = NEWEST) -> dict[str, Choice]:
    return {view.name: view for view in compare(force, period=period, baseline=baseline, release=release).views}


def published(force: str, years: tuple[str, ...], quarters: tuple[int, ...], release: str = NEWEST) -> int:
    """Add up a force's figures, read from the published table without the library."""
    return sum(
        int(row["offences"])
        for row in shipped.rows("88A", release)
        if row["force"] == force and row["financial_year"] in years and int(row["financial_quarter"]) in quarters
    )


@pytest.mark.parametrize(
    ("current", "baseline", "reason", "direction"),
    [
        (2, 1, "", "more"),
        (1, 2, "", "fewer"),
        (0, 0, "", "the same"),
        (2, 1, "not like for like", ""),
        (None, 1, "", ""),
        (1, None, "", ""),
    ],
)
def test_a_direction_needs_two_figures_and_no_reason_against_it(
    current: float | None, baseline: float | None, reason: str, direction: str
) -> None:
    assert Choice("", reason, current, baseline).direction == direction


def test_every_fair_choice_is_looked_at() -> None:
    assert list(of("England and Wales", "2019/20 Q1..Q3", "2018/19 Q2..Q4")) == [
        AS_COMPARED,
        OF_2023,
        NO_RAILWAYS,
        "Financial year to date: April to December 2019, against the same months a year before",
        "Four quarters: January to December 2019, against the same months a year before",
        LONGER,
    ]


def test_no_choice_is_listed_that_cannot_differ() -> None:
    # "In 4 of 4 ways" counted the page's own, one pair twice, the season of the same quarters, and the railways' noughts.
    assert list(of("England and Wales", "2024/25", "2017/18")) == [
        AS_COMPARED,
        OF_2023,
        NO_RAILWAYS,
        LONGER,
    ]
    assert list(of("England and Wales", "2024/25", "2023/24")) == [AS_COMPARED, OF_2023, LONGER]
    assert not [name for name in of("Kent", "2022/23") if name.startswith(("Financial year", "Four quarters"))]


def test_every_view_of_counts_is_judged_and_has_a_direction_where_they_may_be_compared_only() -> None:
    for area, period, baseline in (
        ("England and Wales", "2024/25", "2017/18"),
        ("Kent", "2018/19", "2016/17"),
        ("Kent", "2023-04..2025-03", None),
    ):
        for view in of(area, period, baseline).values():
            assert bool(view.reason) != bool(view.direction)


@pytest.mark.parametrize(
    ("period", "baseline", "said"),
    [
        (
            "2013/14 Q2",
            None,
            [
                f"{AS_COMPARED}: 5 against 4; more",
                f"{OF_2023}: 5 against 4; more",
                f"{LONGER}: [x] against [x]; no direction, the release does not hold both periods",
            ],
        ),
        (
            "2024/25 Q1..Q2",
            "2023/24 Q1..Q3",
            [
                f"{AS_COMPARED}: 130 against 166; no direction, the two periods are not of one length",
                f"{OF_2023}: [x] against [x]; no direction, the release does not hold both periods",
                "Financial year to date: April to September 2024, against the same months a year before: 130 against 107; more",
                "Four quarters: October 2023 to September 2024, against the same months a year before: 268 against 219; more",
                f"{LONGER}: 130 against 125.0; more",
            ],
        ),
        (
            "2018/19 Q1..2020/21 Q4",
            None,
            [
                f"{AS_COMPARED}: 636 against [x]; no direction, there is no baseline",
                "Financial year to date: April 2020 to March 2021, against the same months a year before: 235 against 228; more",
            ],
        ),
    ],
)
def test_the_views_word_by_word(period: str, baseline: str | None, said: list[str]) -> None:
    found = of("Kent", period, baseline).values()
    sides = (
        (number(each, 0 if isinstance(each, int) else 1) for each in (view.current, view.baseline)) for view in found
    )
    ways = [view.direction or f"no direction, {view.reason}" for view in found]
    assert [
        f"{view.name}: {' against '.join(both)}; {way}" for view, both, way in zip(found, sides, ways, strict=True)
    ] == said


# Across the break


@pytest.mark.parametrize("force", ["Northamptonshire", "Kent", "England and Wales"])
@pytest.mark.parametrize(
    ("period", "baseline"),
    [
        ("2017-04..2017-12", "2016-04..2017-03"),
        ("2017/18", "2016/17"),
        ("2018/19", "2016/17"),
        ("2017/18 Q1", "2016/17 Q1"),
    ],
)
def test_no_view_across_the_break_has_a_direction(force: str, period: str, baseline: str) -> None:
    own = of(force, period, baseline)[AS_COMPARED]
    unequal = period == "2017-04..2017-12"
    reason = "the two periods are not of one length" if unequal else "what is counted changed on 1 April 2017"
    assert (own.direction, own.reason) == ("", reason)
    assert own.current is not None  # the counts still stand side by side
    found = of(force, period, baseline)
    assert found[OF_2023].direction == found[LONGER].direction == ""
    if baseline.startswith("2016-04") or "Q" in period:
        assert {view.direction for view in found.values()} == {""}


def test_a_longer_baseline_that_reaches_over_the_break_has_no_direction() -> None:
    found = of("Kent", "2019/20", "2018/19")
    assert found[AS_COMPARED].direction == "more"
    assert (found[LONGER].direction, found[LONGER].reason) == ("", "what is counted changed on 1 April 2017")
    assert (
        of("Kent", "2020/21", "2019/20")[LONGER].reason == "the baseline would touch the first year of the definition"
    )
    assert of("Kent", "2021/22", "2020/21")[LONGER].direction != ""


# Other releases


def test_an_older_release_may_give_another_direction() -> None:
    found = of("West Midlands", "2021/22 Q1", "2020/21 Q1")
    assert (found[AS_COMPARED].current, found[AS_COMPARED].direction) == (67, "more")
    assert (found[OF_2023].current, found[OF_2023].direction) == (26, "fewer")
    assert found[OF_2023].current == published("West Midlands", ("2021/22",), (1,), OLDER)
    assert found[OF_2023].baseline == published("West Midlands", ("2020/21",), (1,), OLDER)


def test_of_an_older_release_the_newer_one_is_the_other() -> None:
    found = of("Kent", "2021/22", release=OLDER)
    assert "As the release of 23 April 2026 had it" in found
    assert OF_2023 not in found


# British Transport Police left out


def test_the_country_is_looked_at_without_the_railways() -> None:
    found = of("England and Wales", "2019/20", "2018/19")
    for side, year in (("current", "2019/20"), ("baseline", "2018/19")):
        railways = published("British Transport Police", (year,), (1, 2, 3, 4))
        assert getattr(found[AS_COMPARED], side) - getattr(found[NO_RAILWAYS], side) == railways > 0


@pytest.mark.parametrize("force", ["Kent", "Wales", "British Transport Police"])
def test_where_the_railways_have_no_part_or_are_the_whole_they_are_not_left_out(force: str) -> None:
    assert NO_RAILWAYS not in of(force, "2019/20", "2018/19")


# A longer baseline


@pytest.mark.parametrize("force", ["Kent", "Northamptonshire", "Gwent"])
@pytest.mark.parametrize(
    ("period", "before", "quarters"),
    [
        ("2024/25", ("2021/22", "2022/23", "2023/24"), (1, 2, 3, 4)),
        ("2023/24 Q4", ("2020/21", "2021/22", "2022/23"), (4,)),
        ("2021/22 Q1..Q3", ("2018/19", "2019/20", "2020/21"), (1, 2, 3)),
    ],
)
def test_a_longer_baseline_is_the_mean_of_the_same_quarters_of_three_years(
    force: str, period: str, before: tuple[str, ...], quarters: tuple[int, ...]
) -> None:
    found = of(force, period)[LONGER]
    assert found.current == published(force, (period[:7],), quarters)
    assert found.baseline == pytest.approx(published(force, before, quarters) / 3)


# What is missing


@pytest.mark.parametrize("missing", ["2022Q3", "2023Q3"])
def test_a_figure_not_supplied_gives_no_direction_anywhere(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    table = made.published()
    table.loc[pd.Period(missing, "Q-MAR"), "Kent"] = pd.NA
    made.stand_in(monkeypatch, table)
    found = of("Kent", "2022/23", "2021/22")
    assert {view.direction for view in found.values()} == {""}
    assert {view.reason for view in found.values()} == {"figures are missing"}
