"""Areas × offences × periods in one table, worked out again from the files."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shipped
from python_calamine import CalamineWorkbook

from analysis import changes, charts, cli, compare, load_offences, load_rates, series, tables
from analysis.comparison import count, load_register, population
from analysis.comparison.series import Figures
from analysis.errors import RequestError
from analysis.terms import areas, offences
from analysis.terms.periods import Period

RELEASE = "2026-04-23"


def rows(code: str, force: str) -> dict[tuple[str, int], int]:
    return {
        (row["financial_year"], int(row["financial_quarter"])): int(row["offences"])
        for row in shipped.rows(code, RELEASE)
        if row["force"] == force and row["offences"]
    }


def sheet(path: Path, name: str) -> list[list[Any]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python()


def test_every_quarter_is_that_of_the_file() -> None:
    frame = series(["Kent", "Dyfed-Powys"], ["88A", "34B"], release=RELEASE)
    assert len(frame) == 2 * 2 * 55
    for (area, offence), part in frame.groupby(["area", "offence"]):
        found = {(row.financial_year, row.quarter): row.offences for row in part.itertuples()}
        assert {key: value for key, value in found.items() if value is not pd.NA} == rows(offence, area)


@pytest.mark.parametrize(("by", "count", "first"), [("year", 13, "2012-04-01"), ("rolling", 52, "2012-04-01")])
def test_years_and_rolling_years_are_sums_of_quarters(by: str, count: int, first: str) -> None:
    frame, quarters = series("Kent", "88A", by=by, release=RELEASE), list(rows("88A", "Kent").values())
    assert (len(frame), str(frame["start"].iloc[0].date())) == (count, first)
    step = 4 if by == "year" else 1
    assert frame["offences"].tolist() == [sum(quarters[i : i + 4]) for i in range(0, step * count, step)]
    assert frame["financial_year"].tolist()[:5:4] == ["2012/13", "2016/17" if by == "year" else "2013/14"]
    assert set(frame["financial_year"].iloc[1:4]) == ({"2013/14", "2014/15", "2015/16"} if by == "year" else {""})
    assert frame["quarter"].isna().all()


def test_an_area_has_its_code_where_it_has_one() -> None:
    frame = series(["Kent", "Kent+Essex"], "88A", "2024/25", release=RELEASE).drop_duplicates("area")
    assert frame[["kind", "code"]].values.tolist() == [["force", "E23000032"], ["union", ""]]


@pytest.mark.parametrize(
    "area", ["Kent", "England and Wales", "South East", "BTP", "City of London", "Kent+Surrey", "Northamptonshire"]
)
@pytest.mark.parametrize("offence", ["88A", "burglary", "sexual-offences", "95"])
def test_a_row_says_what_a_comparison_says(area: str, offence: str) -> None:
    """The table is quick, as it works in arrays; a comparison is slow, and holds it to account."""
    for period in (
        "2024/25",
        "2018/19",
        "2025-01..2025-03",
        "2016-10..2016-12",
    ):  # in the last of which one force recorded none of one offence
        (row,) = series(area, offence, [period], judged=True, release=RELEASE).itertuples()
        said = compare(area, offence=offence, period=period, release=RELEASE)
        count, rate = said.current, said.current.rate
        assert row.offences is pd.NA if count.offences is None else row.offences == count.offences
        assert row.provisional == count.is_provisional
        assert row.rate is pd.NA if rate is None else [row.rate, row.low, row.high] == pytest.approx([rate.value, rate.low, rate.high], abs=5e-4)  # fmt: skip
        assert rate is None or (row.residents, row.age_band) == (rate.residents.people, rate.residents.band)
        before = said.year_before
        assert row.answer == ((before.answer if before else None) or "")
        change = before and before.change
        assert row.change is pd.NA if not change else row.change == change.difference
        assert row.percent is pd.NA if not change or change.percent is None else row.percent == round(change.percent, 1)
        assert row.reading == ((change.reading if change else None) or "")


def test_rows_across_a_change_have_other_definitions_and_a_cut_period_has_none() -> None:
    frame = series("Northamptonshire", "88A", "2016-04..2018-03", release=RELEASE)
    assert frame["definition"].tolist() == [1, 1, 1, 1, 2, 2, 2, 2]
    (row,) = series("Northamptonshire", "88A", ["2016-10..2017-09"], release=RELEASE)["definition"]
    assert row is pd.NA


def test_what_was_not_supplied_or_not_counted_is_not_nought() -> None:
    frame = series(["Avon and Somerset", "Kent"], "12", "2012-04..2012-09", release=RELEASE)
    assert frame["supplied"].tolist() == [False, True, True, True]
    assert frame["offences"].isna().tolist() == [True, False, False, False]
    young = series("Kent", "8U", "2012-04..2012-09", release=RELEASE)  # counted since 2023 or so
    assert young[["offences", "supplied", "definition"]].isna().all().all()


def test_the_residents_of_another_band_are_told() -> None:
    frame = series("Kent", "88A", ["2019/20", "2024/25"], release=RELEASE)
    assert frame["age_band"].tolist() == ["all", "0-17"]
    assert (
        frame["residents"].iloc[0] == population.residents_for(areas.find_area("Kent"), Period.parse("2019/20")).people
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"areas": 3}, "areas: found 3; give a name or a list of names"),
        ({"areas": []}, "areas: found an empty list; give a name or a list of names"),
        ({"areas": ["Kent", None]}, "area: found nothing"),
        ({"areas": {"Kent": 1}}, "areas: found a mapping"),
        ({"areas": "Kemt"}, "'Kemt' is not known"),
        ({"offences": 88}, "offences: found 88; give a name"),
        ({"offences": [88]}, "offence: found 88; give its name as text"),
        ({"periods": 2024}, "periods: found 2024"),
        ({"periods": [2024]}, "period: found 2024; give its name as text"),
        ({"periods": "2024-05..2025-01"}, "cuts a quarter"),
        ({"periods": "2030/31"}, "does not hold 2030-04..2031-03 whole"),
        ({"periods": "2024-04..2024-09", "by": "year"}, "holds no financial year"),
        ({"by": "month"}, "by: found 'month'; give quarter, year or rolling"),
        ({"release": None}, "release: found nothing"),
    ],
)
def test_what_is_no_name_or_period_is_refused_at_the_door(words: dict[str, object], says: str) -> None:
    with pytest.raises(RequestError) as refused:
        series(**({"areas": "Kent"} | words))
    assert says in str(refused.value)


def test_the_command_gives_the_table_as_csv(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["series", "Kent", "Surrey", "--offence", "burglary", "--by", "year", "--release", RELEASE, "--csv"]
    assert cli.main(words) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split(",") == list(series("Kent").columns)
    assert len(lines) == 1 + 2 * 13


def test_a_workbook_has_numbers_as_numbers_and_says_where_they_come_from(tmp_path: Path) -> None:
    frame = series(["Kent", "BTP"], "88A", by="year", release=RELEASE)
    path = frame.to_excel(tmp_path / "kent.xlsx")
    book = CalamineWorkbook.from_path(path)
    assert book.sheet_names == ["figures", "notes"]
    head, *found = book.get_sheet_by_name("figures").to_python()[3:]
    assert head == list(frame.columns)
    at = head.index("offences")
    assert [row[at] for row in found] == frame["offences"].tolist()
    assert found[13][head.index("rate")] == ""  # British Transport Police has no residents
    notes = {row[0]: row[1] for row in book.get_sheet_by_name("notes").to_python()[3:]}
    assert "Open Government Licence v3.0" in notes["Licence"]
    assert "23 April 2026" in notes["How to cite"]
    assert {f"Column {name}" for name in frame.columns} <= notes.keys()
    before = path.read_bytes()
    assert frame.to_excel(path).read_bytes() == before


@pytest.mark.parametrize("path", ["a.csv", ".", 3, None])
def test_a_workbook_is_refused_where_the_path_is_none_of_a_workbook(path: Any, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"^path: found .*; give a file that ends in \.xlsx"):
        Figures({"force": ["Kent"]}).to_excel(tmp_path / path if isinstance(path, str) else path)


def test_a_workbook_is_left_where_it_may_not_be_replaced(tmp_path: Path) -> None:
    path = Figures({"force": ["Kent"]}).to_excel(tmp_path / "a.xlsx")
    with pytest.raises(RequestError, match=r"is there already; .* give --replace"):
        Figures({"force": ["Kent"]}).to_excel(path, replace=False)


def test_what_pandas_takes_for_a_workbook_changes_nothing_or_is_refused_by_name(tmp_path: Path) -> None:
    frame = Figures({"force": ["Kent"]})
    assert frame.to_excel(tmp_path / "a.xlsx", index=False).exists()
    for how in ({"index": True}, {"sheet_name": "a"}):
        for of in (frame, tables.offences(compare("Kent", release=RELEASE))):
            with pytest.raises(RequestError, match=rf"^to_excel: {next(iter(how))} is not taken; pandas\.DataFrame"):
                of.to_excel(tmp_path / "b.xlsx", **how)


def test_no_text_becomes_a_formula_and_a_table_of_no_release_names_none(tmp_path: Path) -> None:
    path = Figures({"force": ["=1+1", "https://x.org"], "n": [np.nan, 2]}).to_excel(tmp_path / "a.xlsx")
    found = sheet(path, "figures")[4:]
    assert [row[0] for row in found] == ["=1+1", "https://x.org"]
    assert [row[0] for row in sheet(path, "notes")[4:]] == ["What these figures are", "Licence", "Column force"]


@pytest.mark.parametrize(
    ("make", "head", "length"),
    [
        (lambda of: of, "Police recorded crime", 4 + 55),
        (charts.quarters, "Kent Police recorded", 4 + 55),
        (tables.offences, "Kent: recorded offences", 20),
        (
            lambda _: load_rates("2024/25", release=RELEASE).query("offences > 100")[["area", "low"]],
            "Police recorded",
            10,
        ),
    ],
)
def test_comparisons_charts_and_tables_are_written_too(make: Any, head: str, length: int, tmp_path: Path) -> None:
    path = make(compare("Kent", release=RELEASE)).to_excel(tmp_path / "a.xlsx")
    rows = sheet(path, "figures")
    assert rows[0][0].startswith(head), rows[0][0]
    assert len(rows) >= length
    assert ["Released", "23 April 2026"] in [row[:2] for row in sheet(path, "notes")]


def test_counts_are_shown_with_commas_rates_to_one_decimal_and_years_as_they_are(tmp_path: Path) -> None:
    path = series("Kent", "burglary", "2024/25", by="year", release=RELEASE).to_excel(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path) as book:
        styles, sheet = (book.read(f"xl/{name}.xml").decode() for name in ("styles", "worksheets/sheet1"))
    shown = re.findall(r'<xf numFmtId="(\d+)"', styles.split("<cellXfs")[1])
    own = dict(re.findall(r'<numFmt numFmtId="(\d+)" formatCode="([^"]+)"', styles)) | {"0": "", "3": "#,##0"}
    used = dict(re.findall(r'<c r="([A-Z]+)5"(?: s="(\d+)")?', sheet))
    looks = {letter: own[shown[int(style or 0)]] for letter, style in used.items()}
    assert [looks[letter] for letter in "EFILMOQ"] == ["yyyy-mm-dd", "", "#,##0", "", "#,##0.0", "#,##0.0", ""]


def test_parquet_keeps_types_marks_and_the_release(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="no engine for Parquet is here; tests/README.md says how to bring one")
    frame = series("Kent", ["88A", "burglary"], by="rolling", judged=True, release=RELEASE)
    frame.to_parquet(tmp_path / "a.parquet")
    found = pd.read_parquet(tmp_path / "a.parquet")
    pd.testing.assert_frame_equal(
        found.astype({"start": "datetime64[s]"}), pd.DataFrame(frame)
    )  # Parquet has no seconds
    assert found["definition"].isna().any()
    assert found.attrs == {"release": RELEASE}


def test_rates_and_offences_keep_every_count_and_have_the_marks_of_series() -> None:
    rates = load_rates("2024/25", offence="burglary", release=RELEASE)
    (whole,) = series("England and Wales", "burglary", "2024/25", by="year", release=RELEASE)["offences"]
    assert (rates["offences"].sum(), len(rates)) == (whole, 44)
    assert load_rates("2024/25", offence="shoplifting", release=RELEASE)[["offences", "rate"]].isna().sum().tolist() == [0, 44]  # fmt: skip
    frame = load_offences("88A", RELEASE)
    assert frame["offences"].sum() == 60_540
    marks = series(list(areas.NAMES), "88A", release=RELEASE)
    for name in ("offences", "provisional", "definition", "supplied"):
        pd.testing.assert_series_equal(frame[name], marks[name])
    assert {str(rates["area"].dtype), str(frame["area"].dtype), str(frame["release"].dtype)} == {"str"}
    about = ["residents", "age_band", "residents_year", "rate", "low", "high"]
    assert list(rates) == ["area", "offences", *about, "provisional", "definition", "supplied"]


def test_a_partnership_has_a_rate_only_of_what_it_is_known_of_how_far_it_varies() -> None:
    known = [series("Leeds", offence, by="rolling")["rate"].notna().all() for offence in ("burglary", "total")]
    assert known == [True, False]


def test_changes_are_of_twelve_months_at_most() -> None:
    assert not changes("Kent", period="2024/25", release=RELEASE).empty
    with pytest.raises(RequestError, match=r"2024-01\.\.2025-03 has 15 months; give at most twelve"):
        changes("Kent", period="2024-01..2025-03")


def test_a_span_of_financial_years_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["series", "Kent", "--period", "2023/24..2024/25", "--by", "year", "--release", RELEASE]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.startswith("area  kind")
    assert [row.split()[-3:] for row in rows[:2]] == [["no", "2", "yes"], ["yes", "2", "yes"]]
    assert "[x]" not in rows[0]  # the quarter of a year is none


def test_a_spell_and_a_gap_are_no_definition_of_their_own() -> None:
    """A number is none inside of what may not be compared within itself, and the same on both sides of a gap."""
    for area, offence in (("England and Wales", "8L"), ("Devon and Cornwall", "burglary")):
        frame = series(area, offence, release=RELEASE)
        of, held = offences.find(offence), load_register().release(RELEASE)
        for row, span in zip(frame.itertuples(), held.covers.each_quarter, strict=True):
            counted = count(areas.find_area(area), of, held, span)
            assert (row.definition is pd.NA) == (counted.definition == "two" or counted.not_counted)


def test_a_name_of_several_words_needs_no_quotation_marks(capsys: pytest.CaptureFixture[str]) -> None:
    for words, names in ((["West", "Yorkshire"], {"West Yorkshire"}), (["Kent", "Surrey"], {"Kent", "Surrey"})):
        assert cli.main(["series", *words, "--by", "year", "--csv", "--release", RELEASE]) == 0
        assert {line.partition(",")[0] for line in capsys.readouterr().out.splitlines()[1:]} == names


def test_the_command_writes_a_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "kent.xlsx"
    assert cli.main(["series", "Kent", "--by", "year", "--xlsx", str(path)]) == 0
    assert capsys.readouterr().out == f"open {path}\n"
    assert cli.main(["series", "Kent", "--by", "year", "--xlsx", str(path)]) == 2
    assert "is there already; name another file, or give --replace" in capsys.readouterr().err
    assert cli.main(["series", "Kent", "--xlsx", "a.csv"]) == 2
    assert capsys.readouterr().err == "analysis: --xlsx: found a.csv; give a file that ends in .xlsx\n"
    assert json.dumps(CalamineWorkbook.from_path(path).sheet_names) == '["figures", "notes"]'


def test_partnerships_have_the_years_that_were_published() -> None:
    frame = series(["Leeds", "Kent"], "burglary", by="rolling", judged=True, release=RELEASE)
    leeds = frame[frame["kind"] == "partnership"]
    assert [str(day.date()) for day in leeds["start"]] == ["2023-01-01", "2024-01-01", "2024-07-01"]
    for row in leeds.itertuples():
        said = compare(
            "Leeds",
            offence="burglary",
            period=Period.parse(
                f"{row.start:%Y-%m}..{row.start.year + (row.start.month > 1)}-{(row.start.month + 10) % 12 + 1:02d}"
            ),
        )
        rate = said.current.rate
        assert (row.offences, row.residents, row.age_band) == (said.current.offences, rate.residents.people, "all")
        assert (row.rate, row.low, row.high) == pytest.approx((rate.value, rate.low, rate.high), abs=0.001)


def test_what_is_counted_by_year_alone_stands_beside_quarters_and_a_town_without_figures_is_its_force() -> None:
    frame = series(["Leeds", "Kent"], ["burglary", "88A"], "2023-10..2025-06", release=RELEASE)
    found = frame.groupby(["area", "offence"], sort=False)["months"].agg(list).to_dict()
    quarters = [3] * 7
    assert found == {("Leeds", "burglary"): [12, 12], ("West Yorkshire", "88A"): quarters, ("Kent", "burglary"): quarters, ("Kent", "88A"): quarters}  # fmt: skip
    with pytest.raises(
        RequestError, match=r"Leeds has figures of burglary in 2023-01\.\.2023-12, .*; give one that holds"
    ):
        series("Leeds", "burglary", "2015/16")
