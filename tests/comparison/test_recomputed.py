"""Ten comparisons worked out again from the published tables, with nothing of the library: csv, math and scipy.stats alone."""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import shipped
from scipy import optimize, stats

from analysis.comparison import Change, Comparison, compare, load_register, noise_of
from analysis.comparison.counts import measured
from analysis.terms import areas, offences

RAW = Path(__file__).resolve().parents[2] / "data" / "raw"
NO_READABLE_RATE = {"British Transport Police", "City of London"}
ALL = (1, 2, 3, 4)


@dataclass(frozen=True)
class Asked:
    """A comparison as the library is asked for it, and the rows of the tables that it rests on.

    `now` and `then` are financial years with their quarters; `residents` names the table, column and mid-year.
    """

    force: str
    period: str
    baseline: str
    now: tuple[tuple[str, tuple[int, ...]], ...]
    then: tuple[tuple[str, tuple[int, ...]], ...]
    residents: tuple[str, str, str]
    release: str = "2026-04-23"
    offence: str = "88A"

    @property
    def row_name(self) -> str:
        return "London, City of" if self.force == "City of London" else self.force


def year(name: str, quarters: tuple[int, ...] = ALL) -> tuple[tuple[str, tuple[int, ...]], ...]:
    return ((name, quarters),)


REBASED, BY_AGE = ("residents_all-ages_rebased.csv", "all_ages"), ("residents_by-age.csv", "age_0_17")
LATEST = (("2024/25", (4,)), ("2025/26", (1, 2, 3)))
BEFORE = (("2023/24", (4,)), ("2024/25", (1, 2, 3)))
# fmt: off
TEN = [
    Asked("Northamptonshire", "2017-04..2017-12", "2016-04..2017-03", year("2017/18", (1, 2, 3)), year("2016/17"), (*REBASED, "2017")),
    Asked("Northamptonshire", "2025-01..2025-12", "2024-01..2024-12", LATEST, BEFORE, (*BY_AGE, "2024")),
    Asked("England and Wales", "2024/25", "2023/24", year("2024/25"), year("2023/24"), (*BY_AGE, "2024")),
    Asked("England and Wales", "2019/20", "2018/19", year("2019/20"), year("2018/19"), (*REBASED, "2019")),
    Asked("Kent", "2022/23", "2021/22", year("2022/23"), year("2021/22"), (*BY_AGE, "2022")),
    Asked("West Midlands", "2021-04..2021-06", "2020-04..2020-06", year("2021/22", (1,)), year("2020/21", (1,)), (*BY_AGE, "2021"),
          release="2023-10-19"),
    Asked("Metropolitan Police", "2024-10..2025-03", "2023-04..2023-09", year("2024/25", (3, 4)), year("2023/24", (1, 2)), (*BY_AGE, "2024")),
    Asked("Dyfed-Powys", "2021-04..2021-12", "2020-04..2021-03", year("2021/22", (1, 2, 3)), year("2020/21"), (*BY_AGE, "2021")),
    Asked("City of London", "2022/23", "2017/18", year("2022/23"), year("2017/18"), (*BY_AGE, "2022")),
    Asked("Avon and Somerset", "2024/25", "2023/24", year("2024/25"), year("2023/24"), ("residents_by-age.csv", "all_ages", "2024"),
         offence="sexual-offences"),
]
# fmt: on


@functools.cache
def rows(name: str) -> list[dict[str, str]]:
    with (RAW / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def counts(asked: Asked, quarters: Iterable[tuple[str, tuple[int, ...]]]) -> dict[str, int]:
    """Add up each force's figures; a force with a figure missing would raise a KeyError further on."""
    wanted = {(year, str(quarter)) for year, of_year in quarters for quarter in of_year}
    found: dict[str, int] = {}
    for row in shipped.rows(asked.offence, asked.release):
        if (row["financial_year"], row["financial_quarter"]) in wanted:
            found[row["force"]] = found.get(row["force"], 0) + int(row["offences"])
    assert len(found) == 44
    return found


def months(quarters: Iterable[tuple[str, tuple[int, ...]]]) -> int:
    return 3 * sum(len(of_year) for _, of_year in quarters)


def counted(asked: Asked, by_force: dict[str, int]) -> int:
    return sum(by_force.values()) if asked.force == "England and Wales" else by_force[asked.force]


def exact_ratio(a: int, b: int, relative: float) -> tuple[float | None, float | None]:
    """Clopper and Pearson's interval of a among a + b, turned into a ratio of rates."""
    low = stats.beta.ppf(0.025, a, b + 1) if a else 0.0
    high = stats.beta.ppf(0.975, a + 1, b) if b else 1.0
    ends = [share / (1 - share) / relative if share < 1 else None for share in (low, high)]
    return ends[0], ends[1]


def residents(asked: Asked) -> int:
    file, column, mid_year = asked.residents
    held = {row["force"]: int(row[column]) for row in rows(file) if row["year"] == mid_year}
    return sum(held.values()) if asked.force == "England and Wales" else held[asked.row_name]


@pytest.fixture(params=TEN, ids=lambda asked: f"{asked.force} {asked.period} {asked.offence} {asked.release}")
def asked(request: pytest.FixtureRequest) -> Asked:
    given: Asked = request.param
    return given


@pytest.fixture
def result(asked: Asked) -> Comparison:
    return compare(
        asked.force, period=asked.period, baseline=asked.baseline, offence=asked.offence, release=asked.release
    )


def test_counts_and_months_are_those_of_the_table(asked: Asked, result: Comparison) -> None:
    assert result.baseline is not None
    for count, quarters in ((result.current, asked.now), (result.baseline, asked.then)):
        assert count.offences == counted(asked, counts(asked, quarters))
        assert count.period.months == months(quarters)
        assert count.per_month == pytest.approx(counted(asked, counts(asked, quarters)) / months(quarters))


def test_the_ratio_and_its_exact_interval(asked: Asked, result: Comparison) -> None:
    a, b = (counted(asked, counts(asked, quarters)) for quarters in (asked.now, asked.then))
    relative = months(asked.now) / months(asked.then)
    assert result.ratio.value == pytest.approx(a / b / relative, rel=1e-12)
    assert (result.ratio.low, result.ratio.high) == pytest.approx(exact_ratio(a, b, relative), rel=1e-9)


def test_the_rate_of_residents_and_its_exact_interval(asked: Asked, result: Comparison) -> None:
    rate = result.current.rate
    if asked.force in NO_READABLE_RATE:
        assert rate is None
        return
    by_force = counts(asked, asked.now)
    if asked.force == "England and Wales":  # whose rate is of the 43 forces with residents
        by_force.pop("British Transport Police")
    count, people = counted(asked, by_force), residents(asked)
    scale = 10_000 / people * 12 / months(asked.now)
    assert rate is not None
    assert rate.offences == count
    assert rate.residents.people == people
    ends = stats.chi2.ppf(0.025, 2 * count) / 2, stats.chi2.ppf(0.975, 2 * count + 2) / 2
    expected = count * scale, ends[0] * scale, ends[1] * scale
    assert (rate.value, *rate.chance) == pytest.approx(expected, rel=1e-9)
    assert rate.low < rate.chance[0]
    assert rate.chance[1] < rate.high


# What the project's reference says of the example that its first issue is about


def test_northamptonshire_33_against_5_in_the_copy_made_before_august_2019() -> None:
    copied = shipped.rows("88A", "before-2019-08")
    nine_months = sum(
        int(row["offences"]) for row in copied if row["force"] == "Northamptonshire" and row["financial_quarter"] != "4"
    )
    year_before = counts(TEN[0], TEN[0].then)["Northamptonshire"]
    assert (nine_months, year_before) == (33, 5)
    held = compare("Northamptonshire", period="2017-04..2017-12", release="before-2019-08")
    assert held.current.offences == nine_months
    assert held.baseline is None  # the copy holds 2017/18 alone, and figures of two releases are never mixed
    low, high = exact_ratio(33, 5, 9 / 12)
    ratio = (nine_months / 9) / (year_before / 12)
    assert (ratio, low, high) == pytest.approx((8.80, 3.41, 28.88), abs=0.005)
    assert stats.binomtest(33, 38, 9 / 21).pvalue == pytest.approx(4.2e-8, rel=0.01)


def test_northamptonshire_32_against_5_in_the_newest_release_is_no_reading() -> None:
    result = compare("Northamptonshire", period="2017-04..2017-12", baseline="2016-04..2017-03", release="2026-04-23")
    assert result.baseline is not None
    assert (result.current.offences, result.baseline.offences) == (32, 5)
    assert result.ratio.value == pytest.approx((32 / 9) / (5 / 12))
    assert (result.ratio.low, result.ratio.high) == pytest.approx(exact_ratio(32, 5, 9 / 12), rel=1e-9)
    assert (result.answer, result.change) == ("no", Change(27))


# How figures usually vary, in plain NumPy


@pytest.mark.parametrize("offence", ["88A", "burglary"])
def test_the_usual_variation_of_a_year(offence: str) -> None:
    release = load_register().release("2026-04-23")
    table, regimes = measured(offences.find(offence), release)
    forces = [place for place in range(44) if areas.NAMES[place] not in NO_READABLE_RATE]
    table = table[:, forces]
    year = np.array([table[i : i + 4].sum(axis=0) if len(set(regimes[i : i + 4])) == 1 and regimes[i] >= 0 else table[0] * np.nan
                     for i in range(len(table) - 3)])  # fmt: skip
    rows = []
    for years in range(1, 6):
        for then, now, one, other in zip(year, year[4 * years :], regimes, regimes[4 * years :], strict=False):
            if one == other:
                move = np.log(now / then) - np.log((now.sum() - now) / (then.sum() - then))
                rows += [(m**2, 1 / a + 1 / b, 1.0, years, f) for f, (m, a, b) in enumerate(zip(move, now, then, strict=True)) if min(a, b) >= 2]  # fmt: skip
    squares, parts, whose = np.array(rows)[:, 0], np.array(rows)[:, 1:4], np.array(rows)[:, 4].astype(int)
    found = optimize.nnls(parts, squares)[0]
    for _ in range(25):
        fitted = parts @ found
        found = optimize.nnls(parts / fitted[:, None], squares * 5 / (4 + squares / fitted) / fitted)[0]
    drawn = np.minimum(squares / (parts @ found), 9)
    groups = [(drawn[whose == f].sum() / 12 / drawn.mean() + 20) / ((whose == f).sum() / 12 + 20) for f in range(42)]
    wide = np.quantile(squares / (parts @ found) / np.array(groups)[whose], 0.95) / stats.norm.ppf(0.975) ** 2
    noise = noise_of(offences.find(offence), release, of=[areas.NAMES[place] for place in forces])
    assert noise is not None
    expected = np.maximum(found * wide, [1, 0, 0])
    assert (noise.c, noise.passing, noise.lasting) == pytest.approx(expected.tolist(), rel=0.01, abs=1e-5)
    assert noise.groups == pytest.approx(groups, rel=0.01)
