"""What is known to be true of the tables in data/raw, one by one, and read without the library where it can be."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import shipped

from analysis import files
from analysis.errors import RequestError
from analysis.figures.register import load_register, verified
from analysis.figures.tables import matrix
from analysis.terms.areas import NAMES

RAW = Path(__file__).parents[2] / "data" / "raw"
NEWEST, OLDER, FIRST_COPY, OUTCOMES = "2026-04-23", "2023-10-19", "before-2019-08", "2019-outcomes"
YEARS = [f"{start}/{(start + 1) % 100:02d}" for start in range(2012, 2025)]
Cells = dict[tuple[str, int, str], int]


def rows(file: str) -> list[dict[str, str]]:
    with (RAW / file).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def cells(release: str, offence: str = "88A") -> Cells:
    """Return year, quarter and force with the count that the file has."""
    return {
        (row["financial_year"], int(row["financial_quarter"]), row["force"]): int(row["offences"])
        for row in shipped.rows(offence, release)
    }


def by_year(figures: Cells, *forces: str) -> dict[str, int]:
    totals: dict[str, int] = defaultdict(int)
    for (year, _, force), count in figures.items():
        if not forces or force in forces:
            totals[year] += count
    return totals


def quarters(figures: Cells, year: str, *forces: str) -> list[int]:
    return [
        sum(n for (y, q, force), n in figures.items() if (y, q) == (year, quarter) and (not forces or force in forces))
        for quarter in sorted({q for y, q, _ in figures if y == year})
    ]


def residents(file: str, column: str) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for row in rows(file):
        found[int(row["year"])][row["force"]] = int(row[column])
    return found


# Recorded offences


def test_88a_totals_by_year_in_the_newest_release() -> None:
    totals = by_year(cells(NEWEST))
    assert [totals[year] for year in YEARS] == [
        370, 459, 677, 962, 1156, 4624, 5879, 6329, 6394, 6903, 6673, 7240, 7140,
    ]  # fmt: skip
    assert totals["2025/26"] == 5734
    assert len(quarters(cells(NEWEST), "2025/26")) == 3


def test_88a_totals_by_year_in_the_release_of_2023() -> None:
    totals = by_year(cells(OLDER))
    assert [totals[year] for year in YEARS[:11]] == [370, 459, 677, 962, 1156, 4622, 5893, 6322, 6404, 6859, 6781]


@pytest.mark.parametrize(("release", "count"), [(FIRST_COPY, 4), (OLDER, 45), (NEWEST, 55)])
def test_88a_has_a_figure_for_every_force_and_quarter_zeros_included(release: str, count: int) -> None:
    table = shipped.rows("88A", release)
    assert Counter(row["force"] for row in table) == dict.fromkeys(NAMES, count)
    assert any(row["offences"] == "0" for row in table)


def test_quarters_once_missing_have_been_supplied_since() -> None:
    newest = cells(NEWEST)
    assert quarters(newest, "2019/20", "Greater Manchester") == [108, 95, 126, 144]
    assert quarters(newest, "2022/23", "Devon and Cornwall") == [33, 56, 31, 41]


def test_of_176_cells_of_the_outcomes_table_97_differ_and_four_are_missing() -> None:
    outcomes, newest = cells(OUTCOMES), cells(NEWEST)
    places = [place for place in newest if place[0] == "2018/19"]
    assert len(places) == 176
    assert sum(outcomes[place] != newest[place] for place in places if place in outcomes) == 97
    missing = {place: newest[place] for place in places if place not in outcomes}
    # Not supplied is not zero: North Yorkshire recorded some.
    assert missing == {
        ("2018/19", 1, "City of London"): 0,
        ("2018/19", 1, "North Yorkshire"): 4,
        ("2018/19", 3, "North Yorkshire"): 7,
        ("2018/19", 4, "City of London"): 0,
    }


@pytest.mark.parametrize("release", [OLDER, NEWEST])
def test_88a_is_a_part_of_all_sexual_offences(release: str) -> None:
    part, whole = cells(release), cells(release, "sexual-offences")
    assert part.keys() == whole.keys()
    assert all(part[place] <= whole[place] for place in part)


# Residents


def test_children_fall_where_the_estimates_were_rebased() -> None:
    children = residents("residents_by-age.csv", "age_0_17")
    assert round(100 * (sum(children[2021].values()) / sum(children[2020].values()) - 1), 1) == -2.7
    assert round(100 * (children[2021]["Metropolitan Police"] / children[2020]["Metropolitan Police"] - 1), 1) == -7.5


def test_the_city_of_london_has_few_residents() -> None:
    assert residents("residents_by-age.csv", "age_0_17")[2024]["London, City of"] == 847
    assert round(residents("residents_by-age.csv", "all_ages")[2024]["London, City of"], -3) == 15_000


def test_railways_have_no_residents_and_every_area_has_them_every_year() -> None:
    for file in ("residents_all-ages_rebased.csv", "residents_by-age.csv"):
        for found in residents(file, "all_ages").values():
            assert len(found) == 43
            assert min(found.values()) > 0
            assert not any("Transport" in name for name in found)


# The files, and what the library makes of them


def test_tables_are_sorted_and_end_lines_alike() -> None:
    for path in RAW.glob("*.csv"):
        content = path.read_bytes()
        assert b"\r" not in content
        assert content.endswith(b"\n")
        assert len(content) < 2_000_000
        keys = [list(row.values())[: 3 if {"area", "percent"} & row.keys() else 2] for row in rows(path.name)]
        assert keys == sorted(keys)
        assert len(keys) == len(set(map(tuple, keys)))


def test_every_table_is_registered_with_its_rows_and_hash() -> None:
    register = load_register()
    sources = (*register.releases, *register.residents, *register.years, *register.recording)
    assert {source.table.file for source in sources} == {path.name for path in RAW.glob("*.csv")}
    for source in sources:
        assert verified(source) == (RAW / source.table.file).read_bytes()
        assert len(rows(source.table.file)) == source.table.rows


def test_the_register_says_what_each_release_is() -> None:
    register = load_register()
    assert [(r.id, r.order, r.kind, r.released, str(r.covers)) for r in register.releases] == [
        ("before-2019-08", 1, "partial", None, "2017-04..2018-03"),
        ("2019-outcomes", 2, "context", None, "2018-04..2019-03"),
        ("2023-10-19", 3, "full", date(2023, 10, 19), "2012-04..2023-06"),
        ("2026-04-23", 4, "full", date(2026, 4, 23), "2012-04..2025-12"),
    ]
    assert register.attribution == "Contains public sector information licensed under the Open Government Licence v3.0."


def test_the_register_is_honest_about_how_figures_came_here() -> None:
    register = load_register()
    for release in register.releases:
        assert release.licence == "Open Government Licence v3.0"
        assert release.page.startswith("https://www.gov.uk/government/")
        assert re.search(r"conversion|toolkit", release.obtained)
    assert "unknown date" in register.release(FIRST_COPY).limits
    assert "context only" in register.release(OUTCOMES).limits
    assert "nothing to check the columns of children against" in register.source("by-age").checked


def test_the_matrix_has_one_form() -> None:
    wide = matrix()
    assert list(wide.columns) == list(NAMES)
    assert wide.index.dtype == "period[Q-MAR]"
    assert wide.index.is_monotonic_increasing
    assert set(wide.dtypes) == {pd.Int64Dtype()}


def test_latest_is_the_newest_full_release_and_a_code_may_be_in_any_case() -> None:
    pd.testing.assert_frame_equal(matrix("88a", "latest"), matrix("88A", NEWEST))


def test_what_is_returned_may_be_changed_without_changing_what_others_get() -> None:
    wide = matrix()
    wide.loc[:, :] = 0
    assert matrix().to_numpy().sum() == 60_540


@pytest.mark.parametrize(
    ("offence", "release", "says"),
    [
        ("8T", OUTCOMES, "offence: release 2019-outcomes holds no code '8T'; it holds 88A"),
        (
            "sexual-offences",
            OUTCOMES,
            "offence: release 2019-outcomes holds no figures of all sexual offences, as it lacks 17A, 17B, 19C, 19D, 19E, "
            "19F, 19G, 19H, 20A, 20B, 21, 22A and 8 more codes; it holds 88A",
        ),
        (
            "88A",
            "2024-01-25",
            "release: '2024-01-25' is not held; held are before-2019-08, 2019-outcomes, 2023-10-19, 2026-04-23, or latest",
        ),
    ],
)
def test_what_is_not_held_is_an_error_that_names_what_is(offence: str, release: str, says: str) -> None:
    with pytest.raises(RequestError, match=f"^{re.escape(says)}$"):
        matrix(offence, release)


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the library read a copy of data/raw, which a test may harm."""
    folder = tmp_path / "data" / "raw"
    folder.mkdir(parents=True)
    for path in RAW.iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(files, "shipped", tmp_path.joinpath)
    return folder


def test_one_changed_count_is_noticed_and_the_file_named(copied: Path) -> None:
    path = copied / "offences_2026-04-23.csv"
    content = path.read_bytes()
    assert content.count(b",14,") > 100
    path.write_bytes(content.replace(b",14,", b",15,", 1))
    with pytest.raises(RequestError, match=r"^offences_2026-04-23\.csv: its SHA-256 is .* never edited: restore"):
        matrix()
    assert matrix(release=OLDER).to_numpy().sum() > 0


def test_a_missing_table_is_named(copied: Path) -> None:
    (copied / "offences_2023-10-19.csv").unlink()
    with pytest.raises(RequestError, match=r"^offences_2023-10-19\.csv: missing from raw/; restore the file"):
        matrix(release=OLDER)
