from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import official
import pytest
from broken import Broken, workbooks
from made import cleaned
from official import Rows, row

from analysis.errors import RequestError, printable
from analysis.figures.cleaning import READERS
from analysis.figures.tables import Figures
from analysis.terms.areas import NAMES

# The others are refused by their size, their name or their date, or by what reading them takes.
ELSEWHERE = ("give a file ending in", "takes more than", "cannot have been released")
REFUSED_HERE = [
    each for each in workbooks.every() if not each.is_heavy and not any(map("".join(each.says).count, ELSEWHERE))
]


def figures(tmp_path: Path, sheets: dict[str, Rows]) -> Figures:
    return cleaned(official.xlsx(tmp_path / "a.xlsx", sheets))


def counts(found: Figures, code: str = "88A") -> list[tuple[str, str, object]]:
    """Return the figures of a code that there are, by force and quarter."""
    values, quarters = found.cells.of([code]).values[0], found.cells.covers.quarters
    return [(NAMES[i], str(quarters[j]), int(values[i, j])) for i, j in np.argwhere(~np.isnan(values))]


def test_gives_one_row_a_code_force_and_quarter(tmp_path: Path) -> None:
    found = figures(tmp_path, official.years(2012, 2013, last_quarters=1))
    assert counts(found)[:2] == [("Avon and Somerset", "2013Q1", 2211), ("Avon and Somerset", "2013Q2", 2221)]
    assert str(found.cells.covers) == "2012-04..2013-06"
    assert found.names["71"] == "Abuse of children through sexual exploitation"


def test_reads_padded_counts_and_keeps_negative_ones(tmp_path: Path) -> None:
    rows = [
        row("2012/13", 1, "Kent", "88A", " 1,234 "),
        row("2012/13", 2, "Kent", "88A", "-2"),
        row("2012/13", 3, "Kent", "88A", -1),
    ]
    assert [n for *_, n in counts(figures(tmp_path, {"2012_13": rows}))] == [1234, -2, -1]


@pytest.mark.parametrize("text", ["N/a", " n/a ", "[x]"])
def test_takes_a_count_that_is_not_available_for_missing_and_not_for_zero(text: str, tmp_path: Path) -> None:
    rows = [row("2012/13", 1, "Kent", "88A", text), row("2012/13", 1, "Essex", "88A", 0)]
    found = figures(tmp_path, {"2012_13": rows})
    assert counts(found) == [("Essex", "2013Q1", 0)]


def test_keeps_codes_as_text(tmp_path: Path) -> None:
    codes = [80, 80.0, "80 ", "80.0"]
    rows = [row("2012/13", i, "Kent", code, i, description="Absconding") for i, code in enumerate(codes, 1)]
    rows += [row("2012/13", 1, "Kent", code, 5) for code in ("4.1", "4.10", "88A")]
    found = figures(tmp_path, {"2012_13": rows})
    assert [n for *_, n in counts(found, "80")] == [1, 2, 3, 4]
    assert sorted(found.names) == ["4.1", "4.10", "80", "88A"]


def test_adds_the_rows_of_homicide_up_even_where_they_are_alike(tmp_path: Path) -> None:
    code = "1/4.1/4.10/4.2"
    rows = [row("2012/13", 1, "Kent", code, n, description="Homicide") for n in (3, 0, 0, 1)]
    assert counts(figures(tmp_path, {"2012_13": rows}), code) == [("Kent", "2013Q1", 4)]


def test_does_not_know_a_sum_of_which_a_part_is_unknown(tmp_path: Path) -> None:
    rows = [row("2012/13", 1, "Kent", "1/2", n) for n in (3, "N/a")]
    found = figures(tmp_path, {"2012_13": [*rows, row("2012/13", 1, "Kent", "88A", 1)]})
    assert counts(found, "1/2") == []


@pytest.mark.parametrize(("count", "subgroup"), [(4, "Other sexual offences"), (3, "Another")])
def test_adds_two_rows_up_that_differ_in_count_or_subgroup(count: int, subgroup: str, tmp_path: Path) -> None:
    rows = [row("2012/13", 1, "Kent", "88A", 3), row("2012/13", 1, "Kent", "88A", count, subgroup=subgroup)]
    assert counts(figures(tmp_path, {"2012_13": rows}), "88A") == [("Kent", "2013Q1", 3 + count)]


def test_knows_every_spelling_of_a_force(tmp_path: Path) -> None:
    names = ["London, City of", "Devon & Cornwall", "Metropolitan Police", "British Transport Police"]
    rows = [row("2012/13", 1, name, "88A", i) for i, name in enumerate(names)]
    assert [f for f, *_ in counts(figures(tmp_path, {"2012_13": rows}))] == [
        "British Transport Police", "City of London", "Devon and Cornwall", "Metropolitan Police",
    ]  # fmt: skip


def test_leaves_bodies_out_that_record_fraud(tmp_path: Path) -> None:
    bodies = ["Action Fraud", "CIFAS", "Cifas", "FFA UK", "Financial Fraud Action UK", "UK Finance"]
    rows = [row("2012/13", 1, "Kent", "88A", 1), *(row("2012/13", 1, body, "AF", 9) for body in bodies)]
    found = figures(tmp_path, {"2012_13": rows})
    assert list(found.names) == ["88A"]


def test_leaves_a_gap_in_supply_a_gap(tmp_path: Path) -> None:
    sheets = official.years(2012, 2012)
    sheets["2012_13"] = [r for r in sheets["2012_13"] if (r[1], r[2]) != (3, "Kent")]
    found = figures(tmp_path, sheets)
    assert ("Kent", "2013Q3") not in [(f, q) for f, q, _ in counts(found)]
    assert str(found.cells.covers) == "2012-04..2013-03"


def test_calls_a_code_what_its_newest_year_mostly_calls_it(tmp_path: Path) -> None:
    rows_1 = [row("2012/13", 1, f, "71", 1, description="Prostitution") for f in ("Kent", "Essex", "Surrey")]
    rows_1 += [row("2012/13", q, "Kent", "71", 1) for q in (2, 3, 4)]
    rows_2 = [row("2013/14", 1, f, "71", 1, description="Exploitation") for f in ("Kent", "Essex")]
    rows_2 += [row("2013/14", 1, "Surrey", "71", 1, description="A slip")]
    assert figures(tmp_path, {"2012_13": rows_1, "2013_14": rows_2}).names == {"71": "Exploitation"}


@pytest.mark.parametrize(
    ("key", "cell", "value"),
    [
        ("offences", "10,000,000", 10**7),
        ("offences", "10000001", None),
        ("offences", "-10000000", -(10**7)),
        ("offences", "-10000001", None),
        ("description", "x" * 300, "x" * 300),
        ("description", "x" * 301, None),
        ("financial_year", "1990/91", "1990/91"),
        ("financial_year", "1989/90", None),
        ("financial_year", "2099-2100", "2099/00"),
        ("financial_year", "2100/01", None),
        ("financial_quarter", "Q4", 4),
        ("financial_quarter", "Q0", None),
        ("offence", "A" * 40, "A" * 40),
        ("offence", "A" * 41, None),
    ],
)
def test_a_cell_is_read_up_to_its_limit(key: str, cell: str, value: object) -> None:
    if value is None:
        with pytest.raises(RequestError):
            READERS[key](cell)
    else:
        assert READERS[key](cell) == value


@pytest.mark.parametrize(
    ("last", "said"),
    [(("2013/14", 2), "2013/14 Q1, though"), (("2013/14", 3), "2013/14 Q1 and 1 more quarters, though")],
)
def test_of_absent_quarters_four_are_named(last: tuple[str, int], said: str, tmp_path: Path) -> None:
    rows = [row(*quarter, "Kent", "88A", 1) for quarter in (("2012/13", 1), last)]
    with pytest.raises(RequestError, match=f"no rows for 2012/13 Q2, 2012/13 Q3, 2012/13 Q4, {said}"):
        cleaned(official.as_csv(tmp_path / "a.csv", {"": rows}))


@pytest.mark.parametrize(("code", "times", "is_right"), [("8A", 2, False), ("8A/8B", 2, True), ("8A/8B", 3, False)])
def test_a_joined_code_may_have_as_many_rows_alike_as_codes(
    code: str, times: int, is_right: bool, tmp_path: Path
) -> None:
    path = official.as_csv(tmp_path / "a.csv", {"": [row("2012/13", 1, "Kent", code, 3, description="x")] * times})
    with contextlib.nullcontext() if is_right else pytest.raises(RequestError, match="each must stand once"):
        assert counts(cleaned(path), code) == [("Kent", "2013Q1", 3 * times)]


@pytest.mark.parametrize(("number", "is_right"), [(2000, True), (2001, False)])
def test_a_table_has_two_thousand_codes_at_most(number: int, is_right: bool, tmp_path: Path) -> None:
    rows = [row("2012/13", 1, "Kent", f"{i}A", 1, description="x") for i in range(number)]
    path = official.as_csv(tmp_path / "a.csv", {"": rows})
    with contextlib.nullcontext() if is_right else pytest.raises(RequestError, match="2,001 offence codes"):
        assert len(cleaned(path).cells.codes) == number


@pytest.mark.parametrize("broken", REFUSED_HERE, ids=lambda broken: broken.name)
def test_a_broken_workbook_is_refused_by_whoever_reads_it(broken: Broken, tmp_path: Path) -> None:
    """The command reads it in a process of its own, which a search for untested lines does not see."""
    path = Path(broken.make(tmp_path)[-1])
    with pytest.raises(RequestError) as caught:
        cleaned(path)
    told = printable(str(caught.value))
    assert len(told.splitlines()) == 1
    assert [said for said in broken.says if said not in told] == []


def test_says_once_how_many_rows_hold_the_same_wrong_value(tmp_path: Path) -> None:
    rows = [row("2012/13", q, "Kemt", "88A", 1) for q in (1, 2, 3)]
    with pytest.raises(RequestError, match=r"row 2, column 'Force Name': found 'Kemt' \(and 2 more rows\)"):
        figures(tmp_path, {"2012_13": rows})
