"""What a cell of the official workbook may hold, column by column."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from analysis.errors import RequestError
from analysis.terms import forces

MOST_OFFENCES = 10_000_000  # one force, one quarter, one code; the largest ever published is a fortieth of it
NOT_SUPPLIED = -(2**63)  # no count, yet it fits into an array of whole numbers

_MOST_TEXT = 300
_YEARS = range(1990, 2100)


class CellError(Exception):
    """A cell is not what its column must hold; the message says what would be right."""


def _year(cell: Any) -> int:
    match = re.fullmatch(r"([0-9]{4})[-/_](?:[0-9]{2})?([0-9]{2})", _stripped(cell))
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]) or int(match[1]) not in _YEARS:
        raise CellError("must be a financial year such as 2017/18")
    return int(match[1])


def year_of_sheet(name: str, cell: Any) -> int:
    """Read a financial year where the sheet's name says which it must be."""
    year = _year(cell)
    if name != f"{year}/{(year + 1) % 100:02d}":
        raise CellError(f"must be {name}, as the sheet is named, or the sheet be named after its year")
    return year


def _quarter(cell: Any) -> int:
    match = re.fullmatch(r"Q?([1-4])(?:\.0)?", _stripped(cell))
    if match is None:
        raise CellError("must be 1, 2, 3 or 4")
    return int(match[1])


def _force(cell: Any) -> str:
    name = _words(cell)
    if forces.is_fraud_body(name):
        return name
    try:
        return forces.find(name).name
    except RequestError as error:
        raise CellError(f"must be a police force; {str(error).rpartition('; ')[2]}") from error


def _code(cell: Any) -> str:
    # Spreadsheets keep codes such as 80 as numbers. 4.10 kept as a number would come back as 4.1: then 4.1 would
    # have two descriptions, which is refused later.
    text = re.sub(r"^([0-9]+)\.0$", r"\1", _stripped(cell))
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z/. ]{0,39}", text):
        raise CellError("must be an offence code such as 88A, 4.10 or 80")
    return text


def _words(cell: Any) -> str:
    text = " ".join(cell.split()) if isinstance(cell, str) else ""
    if not text:
        raise CellError("must be text")
    if len(text) > _MOST_TEXT or not text.isprintable():
        raise CellError(f"must be printable text of at most {_MOST_TEXT} characters")
    return text


def _count(cell: Any) -> int:
    text = _stripped(cell)
    if text.casefold() in {"n/a", "[x]"}:
        return NOT_SUPPLIED
    if not re.fullmatch(r"-?([0-9]{1,12}|[0-9]{1,3}(,[0-9]{3}){1,3})(\.0)?", text):
        raise CellError("must be a whole number of offences, or N/a where there is no figure")
    number = int(text.removesuffix(".0").replace(",", ""))
    if abs(number) > MOST_OFFENCES:
        raise CellError(f"must be a count of offences, at most {MOST_OFFENCES:,}")
    return number


def _stripped(cell: Any) -> str:
    return str(cell).strip() if isinstance(cell, str | int | float) else ""


READERS: dict[str, Callable[[Any], Any]] = {
    "financial_year": _year,
    "financial_quarter": _quarter,
    "force": _force,
    "description": _words,
    "group": _words,
    "subgroup": _words,
    "offence": _code,
    "offences": _count,
}
