"""The script that makes the tables of years: what it reads of a workbook, and what it refuses by sheet and row."""

import csv
import importlib.util
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import yaml

from analysis.errors import RequestError
from analysis.terms import areas

ROOT = Path(__file__).parents[2]
spec = importlib.util.spec_from_file_location("ons", ROOT / "data" / "ons.py")
ons = importlib.util.module_from_spec(spec)
sys.modules["ons"] = ons  # as its dataclasses ask
spec.loader.exec_module(ons)

HEADINGS = [
    labels[0]
    for labels in yaml.safe_load((ROOT / "data" / "ons.yaml").read_text(encoding="utf-8"))["offences"].values()
]
Sheets = dict[str, list[list[Any]]]


def sheets() -> Sheets:
    """Return a workbook for the year ending December 2024 as rows, laid out as the official one: every figure is its row's number."""
    forces = [[force.code or "", force.name, *[100 + i] * len(HEADINGS)] for i, force in enumerate(areas.FORCES)]
    head = [["Source: Home Office"], ["Area Code", "Area Name", *(f"{heading} [note 2]" for heading in HEADINGS)]]
    title = "Police recorded crime by offence group and police force area, England and Wales, number of offences, year ending December 2024"
    nation = ["K04000001", "ENGLAND AND WALES", *[sum(row[2] for row in forces)] * len(HEADINGS)]
    places = ["Police Force Area code", "Police Force Area name", "Community Safety Partnership code", "Community Safety Partnership name", "Local Authority code", "Local Authority name"]  # fmt: skip
    kent = ["E23000032", "Kent"]
    partnerships = [
        [*kent, "", "", "", "", *[120] * len(HEADINGS)],
        [*kent, "E22000140", "Ashford", "E07000105", "Ashford ", *[60] * len(HEADINGS)],
        [*kent, "E22000352", "Dartford and Gravesham", "Combined", "", *[59] * len(HEADINGS)],
        [*kent, "", "Unassigned Kent", "", "", *[1] * len(HEADINGS)],
    ]
    people = [[*row[:6], 130_100, "54,200"] if row[2] else [*row[:6], "[x]", "[x]"] for row in partnerships]
    knives = [[force.code or "", force.name, 20, "5.5", 30, "6.5"] for force in areas.FORCES]
    return {
        "Table P1 ": [[f"Table P1: {title} [note 1]"], *head, nation, *forces],
        "Table P5": [
            ["Table P5: Number of knife and sharp instrument offences, by Police Force Area"],
            ["Area Codes", "Area name", "Apr 2010 to\n Mar 2011", "% involving a knife Apr 2010 to Mar 2011", "Jan 2024 to\n Dec 2024", "% involving a knife Jan 2024 to Dec 2024"],
            *knives,
        ],
        "Table C1": [
            ["Table C1: List of combined Local Authorities by Community Safety Partnership"],
            ["Police Force Area name", "Community Safety Partnership name", "Local Authority code", "Local Authority name"],
            ["Kent", "Dartford and Gravesham", "E07000107", "Dartford"],
            ["", "", "E07000109", "Gravesham"],
        ],
        "Table C2": [
            ["Table C2: Number of police recorded crimes by Community Safety Partnership area, year ending December 2024"],
            [*places, *HEADINGS],
            *partnerships,
        ],
        "Table C4": [
            ["Table C4: Recorded crime rate per 1,000 population by Community Safety Partnership area, year ending December 2024"],
            [*places, "Population figures (mid-2022)", "Household figures (mid-2021)"],
            *people,
        ],
    }  # fmt: skip


def book(folder: Path, content: Sheets, name: str = "tables.xlsx") -> Path:
    with xlsxwriter.Workbook(folder / name) as workbook:
        for sheet, rows in content.items():
            page = workbook.add_worksheet(sheet)
            for i, row in enumerate(rows):
                page.write_row(i, 0, row)
    return folder / name


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_four_tables_are_made_of_a_workbook(tmp_path: Path) -> None:
    made = ons.made([book(tmp_path, sheets())])
    assert set(made) == {"vintages.csv", "partnerships.csv", "knife-enabled.csv", "partnership-residents.csv"}
    kent = [row for row in table(made["vintages.csv"]) if row["area"] == "Kent"]
    assert [row["2025-04-24 2024-01..2024-12"] for row in kent] == ["120"] * len(HEADINGS)
    assert table(made["partnership-residents.csv"]) == [
        {"code": "E22000140", "name": "Ashford", "force": "Kent", "authorities": "Ashford", "residents": "130100", "households": "54200"},
        {"code": "E22000352", "name": "Dartford and Gravesham", "force": "Kent", "authorities": "Dartford;Gravesham", "residents": "130100", "households": "54200"},
    ]  # fmt: skip
    knives = next(row for row in table(made["knife-enabled.csv"]) if row["area"] == "Kent")
    assert [knives[f"2025-04-24 {year}"] for year in ("2010-04..2011-03", "2024-01..2024-12")] == ["20", "30"]


def test_the_year_before_is_worked_out_of_percentages_and_a_note_after_a_code_is_none_of_it(tmp_path: Path) -> None:
    content = sheets()
    first = content["Table P1 "]
    before = [
        [row[0] + ("8" if row[1] == "Kent" else ""), row[1], *[100 * (row[2] / 80 - 1)] * len(HEADINGS)]
        for row in first[4:]
    ]
    title = "Table P2: Police recorded crime by offence group and police force area, percentage change, year ending December 2024"
    content["Table P2"] = [[title], *first[1:3], *before]
    rows = table(ons.made([book(tmp_path, content)])["vintages.csv"])
    assert {row["2025-04-24 2023-01..2023-12"] for row in rows} == {"80"}
    content["Table P2"][5][4] = 3.21
    with pytest.raises(RequestError, match=r"tables.xlsx: Table P2: row 6: 3.21 per cent of .* gives no whole number"):
        ons.made([book(tmp_path, content)])


def cell(sheet: str, row: int, column: int, value: object) -> Callable[[Sheets], None]:
    def change(content: Sheets) -> None:
        rows = content[sheet]
        rows[row - 1] = [*rows[row - 1], *[""] * (column - len(rows[row - 1]))]
        rows[row - 1][column - 1] = value

    return change


def gone(sheet: str, row: int) -> Callable[[Sheets], None]:
    return lambda content: content[sheet].pop(row - 1) and None


def twice(sheet: str, row: int) -> Callable[[Sheets], None]:
    return lambda content: content[sheet].append(content[sheet][row - 1])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (cell("Table P1 ", 5, 26, "1,234"), r"Table P1: row 5: wider than its header of 25 columns"),
        (cell("Table P1 ", 6, 4, 10.5), r"Table P1: row 6: column 'violence against the person' has 10.5, which is no whole number"),
        (cell("Table P1 ", 6, 4, "about 10"), r"Table P1: row 6: column '.*' has 'about 10'; a number was expected"),
        (cell("Table P1 ", 3, 4, "Violence"), r"Table P1: column 4 is headed 'violence', which data/ons.yaml does not know"),
        (cell("Table P1 ", 3, 4, "Robbery"), r"Table P1: no column of violence-against-the-person"),
        (twice("Table P1 ", 5), r"Table P1: row 49: Avon and Somerset stands twice"),
        (gone("Table P1 ", 5), r"Table P1: no row of Avon and Somerset"),
        (gone("Table P5", 3), r"Table P5: no row of Avon and Somerset"),
        (twice("Table C2", 4), r"Table C2: row 7: Ashford \(E22000140\) stands twice"),
        (cell("Table C2", 4, 9, "[x]"), r"Table C2: row 4: Ashford has no figure of homicide"),
        (cell("Table C2", 4, 3, "X1"), r"Table C2: row 4: Ashford has the code 'X1', which is of no partnership or force"),
        (gone("Table C2", 4), r"Table C2: row 3: Kent has 120 of .*, and its partnerships and what is unassigned 60; one of them is missing or wrong"),
        (cell("Table C2", 4, 9, 62), r"Table C2: row 3: Kent has 120 of homicide, and its partnerships and what is unassigned 122"),
        (gone("Table C4", 4), r"partnerships: Ashford \(E22000140\) has no residents"),
        (gone("Table C1", 3), r"partnerships: Dartford and Gravesham \(E22000352\) has no local authority"),
        (cell("Table P1 ", 1, 1, "Table P1: by offence group, number of offences, year ending March 2022"), r"the day on which figures to March 2022 came out is not in data/ons.yaml"),
        (lambda content: content.pop("Table P5") and None, r"no workbook given holds the table for knife-enabled"),
    ],
)  # fmt: skip
def test_what_is_not_as_it_should_be_is_refused_by_sheet_and_row(
    change: Callable[[Sheets], None], said: str, tmp_path: Path
) -> None:
    content = sheets()
    change(content)
    with pytest.raises(RequestError, match=said) as caught:
        ons.made([book(tmp_path, content)])
    assert "\n" not in str(caught.value)


def test_a_partnership_without_one_of_the_years_is_refused(tmp_path: Path) -> None:
    content = sheets()
    rows = [list(row) for row in content["Table C2"] if "Ashford" not in row and row[2:4] != ["", ""]]
    rows[0] = [
        "Table C5: Number of police recorded crimes by Community Safety Partnership area, year ending December 2023"
    ]
    content["Table C5"] = rows
    with pytest.raises(
        RequestError,
        match=r"partnerships: Ashford \(E22000140\) has no figure of total for \('2025-04-24', '2023-01..2023-12'\)",
    ):
        ons.made([book(tmp_path, content)])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("notes.xlsx", b"no workbook", "notes.xlsx: not a workbook that can be read"),
        (
            "other.csv",
            b"a,b\n1,2\n",
            "other.csv: no table of offences by area; give a workbook of police force area data tables",
        ),
    ],
)
def test_a_file_of_another_kind_is_refused_and_nothing_is_written(
    name: str, content: bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_bytes(content)
    assert ons.main([str(tmp_path / name), "--output", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.startswith(said)
    assert not (tmp_path / "out").exists()


def test_the_same_figure_given_twice_differently_is_refused(tmp_path: Path) -> None:
    other = sheets()
    cell("Table P1 ", 5, 4, 7)(other)
    with pytest.raises(RequestError, match=r"vintages: .* has 100 and 7 for .*; keep one workbook of each"):
        ons.made([book(tmp_path, sheets()), book(tmp_path, other, "other.xlsx")])
