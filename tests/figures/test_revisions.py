from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import made
import official
import pandas as pd
import pytest
from official import row

from analysis import cli
from analysis.errors import RequestError
from analysis.figures import added, revisions, tables
from analysis.figures.register import NEWEST_PROVISIONAL, load_register
from analysis.report import registers
from analysis.terms import areas
from analysis.terms.periods import Period, financial_year

pytestmark = pytest.mark.usefixtures("store")


def test_says_what_each_release_gave_for_the_same_quarter() -> None:
    told = revisions.of(["Northamptonshire"])
    assert list(told.columns) == ["before-2019-08", "2023-10-19", "2026-04-23", "difference"]
    assert told.loc["2018Q1"].tolist() == [15, 14, 14, -1]
    assert told.loc["2022Q4"].tolist() == [pd.NA, 16, 17, 1]
    assert len(told) == 45


def test_adds_the_forces_of_an_area_up() -> None:
    told = revisions.of(areas.ENGLAND_AND_WALES.names)
    assert told.loc["2018Q1":"2018Q4", "2026-04-23"].sum() == 4624


def test_does_not_use_the_table_of_another_kind() -> None:
    assert "2019-outcomes" not in revisions.of(["Kent"]).columns
    changed = revisions.cells()
    assert "2019-outcomes" not in {*changed["earlier"], *changed["later"]}


def test_lists_changed_cells_the_largest_first() -> None:
    changed = revisions.cells()
    first = changed[changed["earlier"] == "2023-10-19"].iloc[0]
    assert (first["force"], str(first["quarter"]), first["before"], first["after"], first["change"]) == (
        "West Midlands", "2022Q1", 26, 67, 41,
    )  # fmt: skip
    assert changed["change"].abs().is_monotonic_decreasing
    assert (changed["change"] != 0).all()


def test_lists_every_cell_in_which_two_full_releases_differ() -> None:
    before, after = (tables.matrix(release=name) for name in ("2023-10-19", "2026-04-23"))
    differ = (before != after.reindex(before.index)).to_numpy().sum()
    assert (revisions.cells()["earlier"] == "2023-10-19").sum() == differ


def test_measures_how_often_figures_change_by_age() -> None:
    ages = revisions.by("age", "88A")
    assert ages.index.tolist() == list(range(45))
    assert ages["cells"].unique().tolist() == [44]
    assert ages["changed"].head(6).tolist() == [36, 27, 30, 22, 22, 21]
    assert ages.loc[8, "largest"] == 41
    assert ages.loc[0, ["share", "net"]].tolist() == [36 / 44, -97]


def test_the_first_pair_of_releases_gives_the_rule_of_five_quarters() -> None:
    often = revisions.by("age", "88A")["share"] >= 0.5
    assert often.tolist().index(False) == 5 == NEWEST_PROVISIONAL
    assert len(revisions.pairs("88A")) < 3, "three pairs are shipped: measure the rule again"


def copy_of_the_newest(path: Path, until: str, change: int) -> Path:
    """Write a workbook that says what the newest release does up to a quarter, with another figure in that one."""
    last = [financial_year(pd.Period(until, "Q-MAR")), int(until[-1])]
    rows = [row for row in made.rows("88A") if row[:2] <= last]
    return official.as_csv(path, {"": [[*row[:-1], row[-1] + change * (row[:2] == last)] for row in rows]})


def test_a_release_of_a_few_months_ago_does_not_count_as_a_pair(tmp_path: Path) -> None:
    added.add(copy_of_the_newest(tmp_path / "a.csv", "2026Q2", 1), released=date(2026, 1, 29), as_it_is=True)
    assert revisions.by("age", "88A")["cells"].unique().tolist() == [44]


@pytest.mark.parametrize(("months", "counts"), [(12, True), (9, False)])
def test_a_pair_is_a_year_apart(months: int, counts: bool) -> None:
    newest = load_register().release("2026-04-23")
    earlier = replace(newest, covers=Period(newest.covers.first, newest.covers.last.shift(-months)))
    assert revisions.pairs(among=[earlier, newest]) == ([(earlier, newest)] if counts else [])


def test_a_figure_that_was_supplied_later_is_a_change_without_a_size(tmp_path: Path) -> None:
    sheets = official.years(2012, 2013)
    added.add(official.ods(tmp_path / "a.ods", sheets), released=date(2014, 7, 1), as_it_is=True)
    sheets["2013_14"] = [r for r in sheets["2013_14"] if (r[1], r[2], r[6]) != (4, "Kent", "30C")]
    added.add(official.ods(tmp_path / "b.ods", sheets), released=date(2014, 4, 1), as_it_is=True)
    changed = revisions.cells("30C")
    changed = changed[changed["later"] == "2014-07-01"]
    assert changed[["force", "earlier", "before", "change"]].values.tolist() == [["Kent", "2014-04-01", pd.NA, pd.NA]]


def test_an_offence_of_one_release_has_no_revisions(tmp_path: Path) -> None:
    sheets = {"2012_13": [row("2012/13", 1, "Kent", "999", 3)]}
    added.add(official.ods(tmp_path / "a.ods", sheets), released=date(2027, 1, 21), as_it_is=True)
    assert revisions.of(["Kent"], "999").empty
    assert revisions.cells("999").empty
    assert revisions.by("age", "999").empty
    text = registers.revisions(revisions.found(areas.find_area("Kent"), "999"))
    assert text == "Kent, code 999: 0 of 0 quarters differ between releases."


def test_an_offence_that_no_release_holds_has_no_revisions() -> None:
    assert revisions.of(["Kent"], "x99").empty
    assert revisions.cells("x99").empty
    assert revisions.by("age", "x99").empty
    with pytest.raises(RequestError, match="offence: 'x99' is not known"):
        revisions.found(areas.find_area("Kent"), "x99")


def test_the_summary_tells_of_quarters_and_of_single_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registers, "MOST_LISTED", 2)
    found = revisions.found(areas.find_area("Northamptonshire"))
    lines = registers.revisions(found).splitlines()
    assert lines[0] == "Northamptonshire, code 88A: 5 of 45 quarters differ between releases."
    assert any(line.split() == ["2021/22", "Q4", "[x]", "16", "17", "1"] for line in lines)
    assert "Changes of single figures, the largest first (2 of 5):" in lines


def test_of_every_code_one_figure_in_eleven_was_changed_and_none_before_2015_16() -> None:
    changed = revisions.cells(None)
    changed = changed[changed["earlier"] == "2023-10-19"]
    both = revisions.by("age", None)
    assert (both["cells"].sum(), both["changed"].sum()) == (258_365, 22_953)
    gone = changed["after"].isna()
    assert changed.loc[gone, ["offence", "force"]].values.tolist() == [
        [c, "Avon and Somerset"] for c in ("12", "71", "8G")
    ]
    assert (~gone).sum() == 22_953
    assert changed.loc[~gone, "quarter"].min() == pd.Period("2016Q1", freq="Q-MAR")
    assert round(both["share"][0], 3) == 0.467
    one = revisions.cells("30C")
    same = changed[changed["offence"] == "30C"].drop(columns="offence").reset_index(drop=True)
    pd.testing.assert_frame_equal(
        one[one["earlier"] == "2023-10-19"].drop(columns="offence").reset_index(drop=True), same, check_dtype=False
    )


def test_a_union_is_revised_as_a_whole() -> None:
    told = revisions.of(["Kent"], "burglary")
    assert told.loc["2018Q1"].tolist() == [2871, 2818, 2818, -53]
    assert set(revisions.cells("burglary")["offence"]) == {"burglary"}


def test_since_a_release_only_what_later_ones_changed() -> None:
    found = revisions.found(areas.find_area("Kent"), since="2023-10-19")
    assert list(found.by_quarter.columns) == ["2023-10-19", "2026-04-23", "difference"]
    assert set(found.changes["earlier"]) == {"2023-10-19"}
    assert revisions.found(areas.find_area("Kent"), since="2026-04-23").changes.empty
    with pytest.raises(RequestError, match="release: '2020' is not held"):
        revisions.found(areas.find_area("Kent"), since="2020")


def test_the_provisional_quarters_of_the_newest_release_are_its_last_five() -> None:
    from analysis.figures.register import provisional_from

    assert provisional_from(load_register().release("2026-04-23")) == Period.parse("2024-10..2025-12")


def test_the_command_shows_any_offence_since_a_release(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["data", "revisions", "--since", "2023-10-19", "--force", "Kent", "--offence", "burglary"]
    assert cli.main(words) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Kent, burglary: 8 of 45 quarters differ between releases."
    assert lines[2].split() == ["quarter", "2023-10-19", "2026-04-23", "difference"]
    assert cli.main([*words[:-1], "burglry"]) == 2
    assert capsys.readouterr().err.startswith("analysis: offence: 'burglry' is not known; the nearest are burglary")
