"""Where provisional figures may settle: as older ones did between two full releases."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import official
import pytest
from official import row

from analysis import statistics
from analysis.comparison import Comparison, compare, settling
from analysis.comparison.settling import settled, settled_change, settled_coverage
from analysis.figures import added, register, releases, revisions
from analysis.figures.register import load_register
from analysis.report import sentences, tables
from analysis.terms import offences
from analysis.terms.periods import Period, financial_year

NEWEST, BEFORE = "2026-04-23", "2023-10-19"
LOOKED_AT = ("88A", "robbery", "burglary", "stalking-and-harassment", "46")


def kent(
    period: str = "2025-01..2025-12", offence: str = "88A", release: str = NEWEST, area: str = "Kent"
) -> Comparison:
    return compare(area, period=period, offence=offence, release=release)


def year_of_age(age: int) -> str:
    newest = Period.parse("2025-01..2025-12")
    return str(newest.shift(-3 * age))


def test_the_newest_year_of_a_force_goes_the_way_that_such_years_went() -> None:
    found = settled(kent().current)
    then, now = (releases.matrix("88A", release).loc["2023Q2":"2024Q1"].sum().sum() for release in (BEFORE, NEWEST))
    assert found is not None
    # Drawn towards all offences, which hardly moved, and never beyond what the offence itself did.
    assert 371 * 0.99 * now / then < found.offences < 371
    assert found.low < 371 < found.high
    assert found.pairs == 1


def test_a_count_without_provisional_quarters_has_none() -> None:
    assert settled(kent("2023/24").current) is None
    assert settled(kent("2023-10..2024-09").current) is None
    assert settled(kent("2023-10..2024-12").current) is not None


def test_a_count_of_a_release_that_a_later_one_has_revised_has_none() -> None:
    assert kent("2022-07..2023-06", release=BEFORE).current.is_provisional
    assert settled(kent("2022-07..2023-06", release=BEFORE).current) is None


@pytest.mark.parametrize("offence", LOOKED_AT)
def test_the_older_the_figures_the_narrower_the_range(offence: str) -> None:
    widths = []
    for age in range(5):
        found = settled(kent(year_of_age(age), offence).current)
        assert found is not None
        assert found.low <= found.offences <= found.high
        widths.append((found.high - found.low) / found.offences)
    assert widths == sorted(widths, reverse=True)


@pytest.mark.parametrize("offence", LOOKED_AT)
def test_many_forces_together_are_surer_than_one(offence: str) -> None:
    nation = kent(offence=offence, area="England and Wales")
    whole, parts = settled(nation.current), [settled(force.current) for force in nation.forces]
    assert whole is not None
    assert whole.offences == pytest.approx(sum(part.offences for part in parts if part), abs=len(parts) / 2)
    one = settled(kent(offence=offence).current)
    assert one is not None
    assert (whole.high - whole.low) / whole.offences < (one.high - one.low) / one.offences


def test_a_single_quarter_and_one_with_older_ones_have_ranges_of_their_own() -> None:
    quarter, years = settled(kent("2025-10..2025-12").current), settled(kent("2023-01..2025-12").current)
    assert quarter is not None
    assert years is not None
    assert (quarter.high - quarter.low) / quarter.offences > 2 * (years.high - years.low) / years.offences


def test_a_change_settles_around_the_published_one_and_stands_only_where_one_is_given() -> None:
    result = kent()
    found = settled_change(result)
    assert found is not None
    assert found.low < found.value < found.high
    assert found.low < 100 * (371 / 284 - 1) < found.high
    # Both counts move; the change is no surer than the newer of them.
    one = settled(result.current)
    assert one is not None
    assert (found.high - found.low) / (100 + found.value) > (one.high - one.low) / one.offences * 0.9
    assert settled_change(kent("2023/24")) is None  # neither count is provisional
    assert settled_change(kent(offence="1")) is None  # small counts have no percentage
    assert (
        settled_change(compare("Kent", period="2024/25", offence="10D", baseline="2013/14", release=NEWEST)) is None
    )  # nobody reviewed it


def test_a_code_whose_list_changed_is_not_learnt_from() -> None:
    (pair,) = revisions.pairs("28E")
    year = ((0, 3),)
    assert not settling._is_in_use(offences.find("28E"), pair, year)  # ended in 2022/23; late records trail after it
    assert not settling._is_in_use(offences.find("28I"), pair, year)  # began in 2023/24 Q1
    assert settling._is_in_use(offences.find("residential-burglary"), pair, year)
    assert settling._ends("28E", pair[1])
    assert not settling._ends("30C", pair[1])
    found = settled(kent(offence="home-burglary").current)
    assert found is not None  # as all offences together settled
    assert found.low < kent(offence="home-burglary").current.offences < found.high


def add_full(path: Path, until: str, released: date) -> None:
    """Add a full release of 88A alone that says up to a quarter what the newest one does."""
    wide = releases.matrix(release=NEWEST).loc[:until]
    rows = [
        row(financial_year(quarter), quarter.quarter, force, "88A", int(count))
        for quarter, counts in wide.iterrows()
        for force, count in counts.items()
    ]
    added.add(official.as_csv(path, {"": rows}), released=released)
    held = register.load_added()  # a workbook of one code may be taken for partial
    full = tuple(release.model_copy(update={"kind": "full"}) for release in held.releases)
    register.save_added(held.model_copy(update={"releases": full}))


def test_a_third_full_release_is_learnt_from_by_itself(tmp_path: Path) -> None:
    one = settled(kent().current)
    add_full(tmp_path / "a.csv", "2024Q3", date(2024, 4, 25))
    two = settled(kent().current)
    assert one is not None
    assert two is not None
    assert (one.pairs, two.pairs) == (1, 2)
    assert two.high - two.low < one.high - one.low  # in the second pair nothing moved
    assert abs(two.offences - 371) < abs(one.offences - 371)
    burglary = settled(kent(offence="burglary").current)  # the third does not hold it
    assert burglary is not None
    assert burglary.pairs == 1


def test_a_newer_release_ends_what_was_foreseen_of_the_one_before(tmp_path: Path) -> None:
    add_full(tmp_path / "a.csv", "2026Q3", date(2026, 7, 23))
    assert load_register().release("latest").id == "2026-07-23"
    assert settled(kent().current) is None
    assert settled(kent(release="2026-07-23").current) is not None


@pytest.mark.parametrize("offence", LOOKED_AT)
@pytest.mark.parametrize("without", ["forces", "offence"])
def test_nine_in_ten_settle_within_the_range_made_without_them(offence: str, without: str) -> None:
    found = settled_coverage(offence, without=without)  # type: ignore[arg-type]
    assert found["quartile"].tolist() == [1, 2, 3, 4]
    assert found["force_figures"].sum() == 5 * 44
    assert (found["inside"] >= 0.9).all()
    assert np.average(found["inside"], weights=found["force_figures"]) >= 0.95


def test_nine_in_ten_national_figures_settle_within_the_range_made_without_their_offence() -> None:
    full = tuple(release for release in load_register().releases if release.kind == "full")
    inside = []
    for offence in list(offences.known().values())[::3]:  # a third of them, to be quick
        if not full[-1].holds(offence.code):
            continue
        told = settling._moves(offence, full, ((0, 3),))
        own = told.kinds == told.own
        before = told.sizes[own] - 0.5
        if before.sum() >= 500:
            after = np.round(np.exp(told.moves[own]) * told.sizes[own] - 0.5).sum()
            _, low, high = statistics.settled_range(before, **told.fit(own).of())
            inside.append(low <= after <= high)
    assert len(inside) > 30
    assert np.mean(inside) >= 0.9


def test_an_offence_that_one_release_holds_has_no_coverage() -> None:
    assert settled_coverage("28I").empty


def test_what_the_command_prints_waits_for_nothing_learnt() -> None:
    result = kent()
    before = settling._fitted.cache_info()
    sentences.report(result)
    result.to_dict()
    assert settling._fitted.cache_info() == before


def test_each_provisional_quarter_has_a_range_of_its_own() -> None:
    result = kent()
    found = settling.settled_quarters(result.area, result.offence, result.release)
    assert list(map(str, found.index)) == ["2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3"]
    newest = settled(kent("2025-10..2025-12").current)
    assert newest is not None
    assert found.iloc[-1].tolist() == [newest.offences, newest.low, newest.high]
    assert settling.settled_quarters(result.area, offences.find("28E"), result.release).empty  # ended
    assert settling.settled_quarters(result.area, result.offence, load_register().release(BEFORE)).empty


def test_a_page_says_once_what_its_figure_may_become_and_on_how_little_that_rests() -> None:
    shown = sentences.summary(kent()).text
    assert shown.count("as such figures have settled before") == 1
    assert shown.count("may become") == 1  # these counts cannot tell a change, so none is said to settle
    assert "January to December 2025: 371 as published; " in shown
    assert shown.endswith("it may become 328 to 400 (one pair of releases).")
    assert "may become" not in sentences.report(kent())
    assert "may become" not in sentences.summary(kent("2023/24")).text


def test_a_change_that_the_figures_tell_is_said_with_what_revisions_may_do_to_it() -> None:
    result = kent(offence="burglary")
    found = settled_change(result)
    assert found is not None
    assert result.change is not None
    assert result.change.reading == "fewer"
    ends = f"{round(-found.high)}% to {round(-found.low)}% fewer"
    assert sentences.settling_sentence(result).endswith(f"The change may become {ends}, by such revisions alone.")


def test_several_pairs_of_releases_are_counted(tmp_path: Path) -> None:
    add_full(tmp_path / "a.csv", "2024Q3", date(2024, 4, 25))
    assert sentences.settling_sentence(kent()).endswith("(2 pairs of releases).")


def test_the_rows_of_a_page_have_the_range_beside_each_provisional_quarter() -> None:
    rows = tables.figures(kent()).frame
    assert rows is not None
    told = rows.set_index(["financial_year", "financial_quarter"])[["offences", "settles_low", "settles_high"]]
    assert told.dropna().index.tolist() == [
        ("2024/25", 3),
        ("2024/25", 4),
        ("2025/26", 1),
        ("2025/26", 2),
        ("2025/26", 3),
    ]
    assert told.loc[("2025/26", 3)].tolist() == [77, 60, 89]


def test_the_rows_of_an_offence_that_began_later_are_whole_numbers_too() -> None:
    csv = tables.figures(kent(offence="28I", area="Surrey")).csv
    assert csv is not None
    assert csv.splitlines()[1] == "Surrey,2012/13,1,,,"
    assert csv.splitlines()[-1] == "Surrey,2025/26,3,374,331,422"
