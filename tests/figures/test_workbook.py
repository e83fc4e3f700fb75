from __future__ import annotations

from pathlib import Path

import official
import pytest
from made import book, column
from official import HEADER, row

from analysis.errors import RequestError
from analysis.figures import workbook
from analysis.figures.workbook import HEADERS


def cells(book: bytes) -> list[tuple[str, ...]]:
    """Return a workbook's rows, put together again from its columns."""
    return list(zip(*(column(book, key) for key in HEADERS), strict=True))


SMALL = {"2012-13": [row("2012/13", 1, "Kent", "88A", 3), row("2012/13", 2, "Kent", "88A", -1)]}


@pytest.mark.parametrize("write", [official.ods, official.xlsx, official.as_csv])
def test_reads_the_same_figures_from_every_kind_of_file(write: object, tmp_path: Path) -> None:
    found = book(write(tmp_path / f"book.{write.__name__.removeprefix('as_')}", SMALL))  # type: ignore[operator, attr-defined]
    assert [float(r[-1]) for r in cells(found)] == [3, -1]
    assert [r[2] for r in cells(found)] == ["Kent", "Kent"]
    assert column(found, "row") == ["2", "3"]


def test_leaves_front_sheets_out_and_keeps_one_sheet_a_year(tmp_path: Path) -> None:
    found = book(official.ods(tmp_path / "a.ods", official.years(2012, 2014, last_quarters=2)))
    assert column(found, "sheet") == ["2012_13"] * 24 + ["2013_14"] * 24 + ["2014_15"] * 12


def test_finds_columns_by_header_in_any_order(tmp_path: Path) -> None:
    turned = {name: [list(reversed(r)) for r in rows] for name, rows in SMALL.items()}
    found = book(official.ods(tmp_path / "a.ods", turned, header=list(reversed(HEADER))))
    assert cells(found) == cells(book(official.ods(tmp_path / "b.ods", SMALL)))


@pytest.mark.parametrize("change", [lambda h: h + "   ", lambda h: h.replace(" ", "_"), str.upper])
def test_knows_headers_with_spaces_underscores_and_capitals(change: object, tmp_path: Path) -> None:
    header = [change(title) for title in HEADER]  # type: ignore[operator]
    assert len(cells(book(official.xlsx(tmp_path / "a.xlsx", SMALL, header=header)))) == 2


def test_ignores_stray_headers_over_nothing(tmp_path: Path) -> None:
    found = book(official.ods(tmp_path / "a.ods", SMALL, header=[*HEADER, *HEADER[:3]]))
    assert len(cells(found)) == 2


def test_drops_blank_rows_and_columns(tmp_path: Path) -> None:
    blank: list[object] = ["", " ", *[""] * 12]
    rows = {"2012-13": [SMALL["2012-13"][0], blank, SMALL["2012-13"][1], blank, blank]}
    assert column(book(official.ods(tmp_path / "a.ods", rows)), "row") == ["2", "4"]


def test_counts_rows_from_the_top_of_the_sheet_when_the_first_are_empty(tmp_path: Path) -> None:
    rows = {"2012-13": [HEADER, *SMALL["2012-13"]]}
    found = book(official.ods(tmp_path / "a.ods", rows, header=[""]))
    assert column(found, "row") == ["3", "4"]


def test_keeps_true_apart_from_one(tmp_path: Path) -> None:
    rows = {"2012-13": [row("2012/13", 1, "Kent", "88A", 1), row("2012/13", 2, "Kent", "88A", True)]}
    assert [r[-1] for r in cells(book(official.ods(tmp_path / "a.ods", rows)))] == ["1.0", "True"]


def test_reads_a_yearly_file_with_one_sheet_of_another_name(tmp_path: Path) -> None:
    found = book(official.xlsx(tmp_path / "a.xlsx", {"Table": SMALL["2012-13"]}, front=False))
    assert workbook.year_of_sheet(column(found, "sheet")[0]) is None


def test_refuses_a_file_larger_than_any_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = official.ods(tmp_path / "a.ods", SMALL)
    monkeypatch.setattr(workbook, "MOST_BYTES", path.stat().st_size)
    assert cells(book(path))
    monkeypatch.setattr(workbook, "MOST_BYTES", path.stat().st_size - 1)
    with pytest.raises(RequestError, match=r"a.ods: larger than [\d,]+ bytes; give an ODS"):
        book(path)


def test_a_workbook_may_end_in_the_name_of_another_kind(tmp_path: Path) -> None:
    assert cells(book(official.xlsx(tmp_path / "a.xlsx", SMALL).rename(tmp_path / "a.ods")))


@pytest.mark.parametrize(
    ("above", "header", "says"),
    [
        (9, HEADER, None),
        (10, HEADER, "no sheet has the headers"),
        (0, HEADER[:4], "no column 'Offence Group'"),  # four known names make a header, whose others are missing
        (0, HEADER[:3], "no sheet has the headers"),
    ],
)
def test_the_header_is_among_the_first_ten_rows(
    above: int, header: list[str], says: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    row = "2012/13,1,Kent,Sexual grooming,Sexual offences,Other,88A,3"
    path.write_text("\n".join([*["a note"] * above, ",".join(header), row]), encoding="utf-8")
    if says is None:
        assert len(cells(book(path))) == 1
    else:
        with pytest.raises(RequestError, match=says):
            book(path)


def test_reads_csv_with_short_rows_and_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = [",".join(HEADER), "2012/13,1,Kent,Sexual grooming,Sexual offences,Other,88A,3", "2012/13,2,Kent"]
    path.write_text("\ufeff" + "\n".join(lines), encoding="utf-8")
    assert cells(book(path))[1] == ("2012/13", "2", "Kent", "", "", "", "", "")
