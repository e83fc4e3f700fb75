from __future__ import annotations

import pytest

from analysis.figures.population import load_residents, residents_for
from analysis.terms.areas import BANDS, FORCES, find_area
from analysis.terms.periods import Period


def people(force: str, year: int, band: str) -> int:
    frame = load_residents()
    rows = frame[(frame["force"] == force) & (frame["year"] == year) & (frame["band"] == band)]
    return int(rows["residents"].iloc[0])


def who(area: str, period: str, band: str = "0-17") -> str | None:
    residents = residents_for(find_area(area), Period.parse(period), band=band)
    return None if residents is None else residents.words


def test_the_frame_holds_one_row_for_each_force_year_and_band() -> None:
    frame = load_residents()
    assert list(frame.columns) == ["force", "year", "band", "residents"]
    assert not frame.duplicated(["force", "year", "band"]).any()
    assert not frame.isna().to_numpy().any()
    assert frame.groupby(["band", "year"]).size().eq(43).all()
    assert set(frame["force"]) == {force.name for force in FORCES if force.code}


def test_children_begin_with_mid_2021_and_all_ages_go_back_to_2011() -> None:
    years = load_residents().groupby("band")["year"].agg(["min", "max"])
    assert years.loc[["0-15", "0-17", "10-15"]].to_numpy().tolist() == [[2021, 2024]] * 3
    assert years.loc["all"].tolist() == [2011, 2024]


def test_bands_lie_one_within_the_other() -> None:
    wide = load_residents().pivot(index=["force", "year"], columns="band", values="residents").dropna()
    assert (wide["10-15"] < wide["0-15"]).all()
    assert (wide["0-15"] < wide["0-17"]).all()
    assert (wide["0-17"] < wide["all"]).all()


def test_all_ages_are_the_rebased_series_wherever_it_reaches() -> None:
    assert people("Northamptonshire", 2016, "all") == 746_666  # 733,128 as first estimated
    assert people("Northamptonshire", 2024, "all") == 813_682
    totals = load_residents().query("band == 'all'").groupby("year")["residents"].sum()
    assert (totals[2021], totals[2023], totals[2024]) == (59_660_524, 60_854_727, 61_806_682)


def test_what_is_returned_may_be_changed_without_changing_what_others_get() -> None:
    frame = load_residents()
    frame["residents"] = 0
    assert people("City of London", 2024, "0-17") == 847


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        # The mid-year nearest the middle of the period: its end of June.
        ("2016/17", "residents of all ages, mid-2016"),
        ("2016/17 Q3", "residents of all ages, mid-2016"),
        ("2016/17 Q4", "residents of all ages, mid-2017"),
        ("2016-01..2016-12", "residents of all ages, mid-2016"),
        # A tie goes to the earlier year.
        ("year ending June 2017", "residents of all ages, mid-2016"),
        # Children only on the basis that holds since mid-2021.
        ("2020/21", "residents of all ages, mid-2020"),
        ("2020/21 Q4", "children aged 0 to 17, mid-2021"),
        ("2021/22", "children aged 0 to 17, mid-2021"),
        ("2024/25", "children aged 0 to 17, mid-2024"),
        # The newest estimate stands in for the newest periods, up to 18 months from it.
        ("2025-01..2025-12", "children aged 0 to 17, mid-2024"),
        ("2025/26 Q3", "children aged 0 to 17, mid-2024"),
        ("2025-10..2026-03", "children aged 0 to 17, mid-2024"),
        ("2026-01..2026-01", None),
        # And nothing stands in for periods before the first.
        ("2010/11 Q1", None),
    ],
)
def test_the_estimate_of_the_nearest_mid_year_on_one_basis(period: str, expected: str | None) -> None:
    assert who("Kent", period) == expected


@pytest.mark.parametrize(("band", "words"), [each for each in BANDS.items() if each[0] != "households"])
def test_every_band_can_be_asked_for_and_gives_its_own_people(band: str, words: str) -> None:
    residents = residents_for(find_area("Kent"), Period.parse("2022/23"), band=band)
    assert residents is not None
    assert residents.words == f"{words}, mid-2022"
    assert residents.people == people("Kent", 2022, band)


def test_railways_have_no_residents_and_add_none() -> None:
    assert who("BTP", "2022/23") is None
    whole = residents_for(find_area("England and Wales"), Period.parse("2022/23"))
    territorial = load_residents().query("year == 2022 and band == '0-17'")["residents"]
    assert whole is not None
    assert len(territorial) == 43
    assert whole.people == territorial.sum() == 12_506_535


def test_residents_of_an_area_are_those_of_its_forces() -> None:
    wales = residents_for(find_area("Wales"), Period.parse("2024/25"))
    assert wales is not None
    assert wales.people == sum(people(name, 2024, "0-17") for name in find_area("Wales").names)


def test_households_are_those_of_the_partnerships() -> None:
    year = Period.parse("2024/25")
    found = {
        name: residents_for(find_area(name), year, band="households")
        for name in ("Dorset", "Poole", "Bournemouth", "Dorset partnership")
    }
    assert found["Poole"] is not None
    assert (found["Poole"].people, found["Poole"].words) == (66_200, "households, mid-2021")
    assert found["Dorset"].people == sum(found[name].people for name in ("Poole", "Bournemouth", "Dorset partnership"))


def test_residents_of_a_partnership_are_of_all_ages_and_no_other() -> None:
    leeds, year = find_area("Leeds"), Period.parse("YE June 2025")
    assert residents_for(leeds, year, band="all").words == "residents of all ages, mid-2022"
    assert residents_for(leeds, year, band="0-17") is None
