"""Makes four tables of data/raw from workbooks that the Office for National Statistics published.

    python data/ons.py WORKBOOK...

The workbooks are those called *Police force area data tables* (XLSX), and Table C2 of one as CSV. Give all of them: the tables are
written anew, whole or not at all. Rows are joined by the code of their area and never by its name, which varies and which a region and
a force may share. What is not as it should be is refused with its file, sheet and row.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

import yaml
from python_calamine import CalamineWorkbook

from analysis import files
from analysis.errors import RequestError
from analysis.terms import areas
from analysis.terms.periods import Period

RAW = Path(__file__).parent / "raw"
TERMS = yaml.safe_load((Path(__file__).parent / "ons.yaml").read_text(encoding="utf-8"))
OFFENCES = {label: offence for offence, labels in TERMS["offences"].items() for label in labels}
RAILWAYS = "British Transport Police"
KNIVES, FIREARMS = "knife-enabled", "firearm-offences"
_EXACT = 1e-3  # how near to a whole number a figure lies that a percentage of full precision gives back
_APART = 1  # between a force and what its rows add up to; so far two forces part in the workbooks of 2025
_MONTHS = r"([A-Z][a-z]{2}) '?(\d{2,4}) to ([A-Z][a-z]{2}) '?(\d{2,4})"

Key = tuple[str, str, str]  # code, area, offence
Rows = Sequence[Sequence[Any]]


@dataclass
class Tables:
    """Figures by table, then by area and offence, then by when they were published and of which year."""

    figures: dict[str, dict[Key, dict[tuple[str, str], int]]] = field(default_factory=dict)
    partnerships: dict[str, dict[str, str]] = field(default_factory=dict)
    residents: dict[str, tuple[int, int]] = field(default_factory=dict)
    combined: dict[str, list[str]] = field(default_factory=dict)

    def put(self, table: str, key: Key, when: tuple[str, Period], number: int | None) -> None:
        """Put a figure in its place; another one in the same place is refused."""
        row = self.figures.setdefault(table, {}).setdefault(key, {})
        place = when[0], str(when[1])
        if number is not None and row.setdefault(place, number) != number:
            raise RequestError(
                f"{table}: {key} has {row[place]:,} and {number:,} for {place}; keep one workbook of each"
            )


@dataclass(frozen=True)
class Sheet:
    """One table of a workbook: its title, its headings, and its rows of areas with their numbers in the file."""

    name: str
    title: str
    headings: list[str]
    years: list[str]
    rows: list[tuple[int, Sequence[Any]]]

    def number(self, row: int, cells: Sequence[Any], column: int) -> int | None:
        """Return a whole number, or None where the sheet has no figure."""
        value = self.value(row, cells, column)
        if value is not None and value != int(value):
            raise self.wrong(row, f"column {self.headings[column]!r} has {cells[column]!r}, which is no whole number")
        return None if value is None else int(value)

    def value(self, row: int, cells: Sequence[Any], column: int) -> float | None:
        """Return a number, or None where the sheet has no figure."""
        text = str(cells[column] if column < len(cells) else "").replace(",", "").strip()
        if text.casefold() in TERMS["no_figure"]:
            return None
        try:
            return float(text)
        except ValueError:
            raise self.wrong(row, f"column {self.headings[column]!r} has {text!r}; a number was expected") from None

    def wrong(self, row: int, what: str) -> RequestError:
        """Return an error that names the sheet and the row."""
        return RequestError(f"{self.name}: row {row}: {what}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the tables of the workbooks that are named."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", 1)[0])
    parser.add_argument("workbooks", nargs="+", type=Path, metavar="WORKBOOK")
    parser.add_argument("--output", type=Path, default=RAW, metavar="FOLDER")
    asked = parser.parse_args(arguments)
    try:
        for name, content in made(asked.workbooks).items():
            files.write_whole(asked.output / name, content)
            rows = content.count(b"\n") - 1
            print(f"{name}: {rows} rows, {len(content):,} bytes, SHA-256 {files.sha256(content)}")
    except RequestError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def made(workbooks: Iterable[Path]) -> dict[str, bytes]:
    """Return the four tables by the name of their file."""
    tables = Tables()
    for path in workbooks:
        read(path, tables)
    known = {"vintages", "partnerships", "knife-enabled"}
    if missing := known - set(tables.figures):
        raise RequestError(f"no workbook given holds the table for {', '.join(sorted(missing))}")
    _whole(tables)
    header = ["code", "name", "force", "authorities", "residents", "households"]
    people = [
        [code, found["name"], areas.find(found["force"]).name, _authorities(found, tables), *tables.residents[code]]
        for code, found in sorted(tables.partnerships.items())
    ]
    written = {f"{name}.csv": _wide(tables.figures[name]) for name in sorted(known)}
    return written | {"partnership-residents.csv": _csv([header, *people])}


def read(path: Path, tables: Tables) -> None:
    """Put what a workbook holds into the tables."""
    sheets = list(_sheets(path))
    ends = [end for sheet in sheets if "offence group" in sheet.title and (end := _year(sheet.title))]
    ends += [end for sheet in sheets if not ends and (end := _year(sheet.title))]
    if not ends:
        raise RequestError(
            f"{path.name}: no table of offences by area; give a workbook of police force area data tables"
        )
    newest = max(ends, key=lambda end: end.last)
    published = TERMS["published"].get(str(newest.last))
    if published is None:
        raise RequestError(
            f"{path.name}: the day on which figures to {newest.last.words} came out is not in data/ons.yaml"
        )
    counts: dict[Key, int] = {}
    for sheet in sheets:
        title, on = sheet.title.casefold(), str(published)
        if "community safety partnership" in title:
            if title.startswith("table c1"):
                _combined(sheet, tables)
            elif "rate per" in title:
                _residents(sheet, tables)
            elif "percentage change" not in title:
                _partnerships(sheet, tables, (on, _year(sheet.title)))
        elif "knife" in title or "firearm" in title:
            if not re.search(r"\brates?\b", title):
                _by_period(sheet, tables, on, KNIVES if "knife" in title else FIREARMS)
        elif "number of offences" in title and "offence group" in title:
            counts |= _counts(sheet, tables, (on, _year(sheet.title)), newest)
        elif "percentage change" in title and "offence group" in title:
            _year_before(sheet, tables, (on, newest.shift(-12)), counts)


def _sheets(path: Path) -> Iterator[Sheet]:
    """Give each sheet that is a table of areas."""
    if path.suffix == ".csv":
        books: dict[str, Rows] = {"": list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))}
    else:
        try:
            workbook = CalamineWorkbook.from_path(str(path))
        except Exception as error:
            raise RequestError(f"{path.name}: not a workbook that can be read ({error})") from error
        books = {name.strip(): workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names}
    for name, rows in books.items():
        where = f"{path.name}: {name}".removesuffix(": ")
        top = next(
            (i for i, row in enumerate(rows) if row and re.search("area code|police force area name", _plain(row[0]))),
            None,
        )
        if top is None or not rows[0]:
            continue
        above = [_words(cell) for cell in (rows[top - 1] if top else [])]
        headings = [_plain(cell) or _plain(over) for cell, over in zip_longest(rows[top], above, fillvalue="")]
        # Tables of one offence head their columns by years, in this row or in the one above it.
        years = above if any(map(_months, above)) else [_words(cell) for cell in rows[top]]
        while headings and not headings[-1]:
            headings.pop()
        found = []
        for number, row in enumerate(rows[top + 1 :], top + 2):
            if len(row) > 1 and any(str(cell).strip() for cell in row[1:]):
                if any(str(cell).strip() for cell in row[len(headings) :]):
                    raise RequestError(f"{where}: row {number}: wider than its header of {len(headings)} columns")
                found.append((number, row))
        yield Sheet(where, _words(rows[0][0]), headings, years, found)


def _counts(sheet: Sheet, tables: Tables, when: tuple[str, Period | None], newest: Period) -> dict[Key, int]:
    columns = _columns(sheet)
    found: dict[Key, int] = {}
    for row, cells, code, name in _forces(sheet):
        for column, offence in columns.items():
            number = sheet.number(row, cells, column)
            tables.put("vintages", (code, name, offence), _dated(sheet, when), number)
            if number is not None and when[1] == newest:
                found[code, name, offence] = number
    return found


def _year_before(sheet: Sheet, tables: Tables, when: tuple[str, Period], counts: dict[Key, int]) -> None:
    """Work the year before out of the percentages, which stand in full precision where both years have 50 offences or more."""
    columns = _columns(sheet)
    for row, cells, code, name in _forces(sheet):
        for column, offence in columns.items():
            percent, count = sheet.value(row, cells, column), counts.get((code, name, offence))
            if percent is None or count is None or percent <= -100:
                continue
            base = count / (1 + percent / 100)
            if abs(base - round(base)) > _EXACT:
                raise sheet.wrong(
                    row, f"{percent} per cent of {offence} gives no whole number of the year before {count:,}"
                )
            tables.put("vintages", (code, name, offence), when, round(base))


def _by_period(sheet: Sheet, tables: Tables, on: str, offence: str) -> None:
    """Take a table of one offence, a column for each year; a share or a change beside them is left."""
    columns = {i: months for i, text in enumerate(sheet.years) if "%" not in text and (months := _months(text))}
    if not columns:
        return  # by kind of offence, of one year
    for row, cells, code, name in _forces(sheet, railways=offence == KNIVES):
        for column, months in columns.items():
            tables.put("knife-enabled", (code, name, offence), (on, months), sheet.number(row, cells, column))


def _partnerships(sheet: Sheet, tables: Tables, when: tuple[str, Period | None]) -> None:
    columns, seen, sums = _columns(sheet), Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    forces: dict[str, tuple[int, dict[str, int | None]]] = {}
    for row, cells in sheet.rows:
        force, partnership, name, authority = (_words(cells[i]) for i in (0, 2, 3, 5))
        code = partnership or force
        if not re.fullmatch(r"(E22|W14|E23|W15)\d{6}", code):
            raise sheet.wrong(row, f"{name} has the code {code!r}, which is of no partnership or force")
        seen[code, name] += 1
        if seen[code, name] > 1:
            raise sheet.wrong(row, f"{name} ({code}) stands twice")
        if partnership:
            tables.partnerships[code] = {"name": name, "force": force, "authority": authority}
        if not name:  # the force itself
            forces[force] = row, {}
        for column, offence in columns.items():
            number = sheet.number(row, cells, column)
            if not name:
                forces[force][1][offence] = number
                tables.put("vintages", (code, areas.find(code).name, offence), _dated(sheet, when), number)
                continue
            if number is None and partnership:
                raise sheet.wrong(row, f"{name} has no figure of {offence}")
            sums[force, offence] += number or 0
            tables.put("partnerships", (code, name, offence), _dated(sheet, when), number)
    for force, (row, numbers) in forces.items():
        for offence, number in numbers.items():
            if number is not None and abs(sums[force, offence] - number) > _APART:
                raise sheet.wrong(row, f"{areas.find(force).name} has {number:,} of {offence}, and its partnerships and what is unassigned {sums[force, offence]:,}; one of them is missing or wrong")


def _combined(sheet: Sheet, tables: Tables) -> None:
    """Take the authorities of partnerships of several, or that share one; a name stands for the rows below it too."""
    name = ""
    for _, cells in sheet.rows:
        name = _words(cells[1]) or name
        tables.combined.setdefault(name, []).append(_words(cells[3]))


def _residents(sheet: Sheet, tables: Tables) -> None:
    people, households = (
        next((i for i, heading in enumerate(sheet.headings) if heading.startswith(what)), None)
        for what in ("population", "household")
    )
    if people is None or households is None:
        raise RequestError(f"{sheet.name}: no columns of population and households")
    for row, cells in sheet.rows:
        if code := str(cells[2]).strip():
            numbers = [sheet.number(row, cells, column) for column in (people, households)]
            if None not in numbers:
                tables.residents[code] = (numbers[0] or 0, numbers[1] or 0)


def _columns(sheet: Sheet) -> dict[int, str]:
    """Return the offence of each column of figures; all of them must be there once, and nothing unknown."""
    first = max(i for i, heading in enumerate(sheet.headings) if re.search(r"area name|authority name", heading)) + 1
    columns: dict[int, str] = {}
    for i, heading in enumerate(sheet.headings[first:], first):
        if not heading and all(sheet.value(row, cells, i) is None for row, cells in sheet.rows):
            continue  # a narrow column that parts two others
        if heading not in OFFENCES:
            raise RequestError(f"{sheet.name}: column {i + 1} is headed {heading!r}, which data/ons.yaml does not know")
        columns[i] = OFFENCES[heading]
    if missing := set(OFFENCES.values()) - set(columns.values()):
        raise RequestError(f"{sheet.name}: no column of {', '.join(sorted(missing))}")
    return columns


def _forces(sheet: Sheet, *, railways: bool = True) -> Iterator[tuple[int, Sequence[Any], str, str]]:
    """Give the rows of forces; all must be there, each once. Nations and regions, which they add up to, are left."""
    seen: list[str] = []
    for row, cells in sheet.rows:
        code, name = str(cells[0]).strip(), _plain(cells[1])
        if match := re.match(r"(?:E23|W15)\d{6}(?=\d?$)", code):  # a note may follow the code
            code = match[0]
        if match or (not code and name.startswith(RAILWAYS.casefold())):
            force = areas.find(code or RAILWAYS)
            if force.name in seen:
                raise sheet.wrong(row, f"{force.name} stands twice")
            seen.append(force.name)
            yield row, cells, code, force.name
    expected = [name for name in areas.NAMES if railways or name != RAILWAYS]
    # From July 2019 Greater Manchester supplied no figures for a while, and has no row or no figure.
    if missing := set(expected) - set(seen) - {"Greater Manchester"}:
        raise RequestError(f"{sheet.name}: no row of {', '.join(sorted(missing))}")


def _whole(tables: Tables) -> None:
    """Refuse partnerships of which a year, the residents or the name of a force is missing."""
    found = tables.figures["partnerships"]
    years = {place for row in found.values() for place in row}
    for (code, name, offence), row in found.items():
        if code in tables.partnerships and (missing := years - set(row)):
            raise RequestError(
                f"partnerships: {name} ({code}) has no figure of {offence} for {', '.join(map(str, sorted(missing)))}"
            )
    for code, entry in tables.partnerships.items():
        if code not in tables.residents:
            raise RequestError(f"partnerships: {entry['name']} ({code}) has no residents")
        if not _authorities(entry, tables):
            raise RequestError(f"partnerships: {entry['name']} ({code}) has no local authority")


def _authorities(found: dict[str, str], tables: Tables) -> str:
    return found["authority"] or ";".join(tables.combined.get(found["name"], ()))


def _dated(sheet: Sheet, when: tuple[str, Period | None]) -> tuple[str, Period]:
    if when[1] is None:
        raise RequestError(f"{sheet.name}: its title names no year: {sheet.title!r}")
    return when[0], when[1]


def _year(title: str) -> Period | None:
    match = re.search(r"year ending ([A-Z][a-z]+) (20[1-9]\d|\d\d)", title)
    if not match:
        return None
    return Period.parse(f"year ending {match[1]} 20{match[2][-2:]}")


def _months(heading: str) -> Period | None:
    if not (match := re.search(_MONTHS, heading)):
        return None
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    ends = (f"20{match[i + 1][-2:]}-{names.index(match[i]) + 1:02d}" for i in (1, 3))
    return Period.parse("..".join(ends))


def _words(cell: object) -> str:
    return " ".join(str(cell).split())


def _plain(cell: object) -> str:
    """Return a heading in lower case without its notes."""
    text = re.sub(r"\[note[^\]]*\]", "", _words(cell)).casefold()
    return re.sub(r"(?<=[a-z])\d(?=\)$)|(?<=[a-z)])\s?\d[\d,]*$", "", text.strip()).strip()


def _wide(found: dict[Key, dict[tuple[str, str], int]]) -> bytes:
    """Return figures with a row for each area and offence and a column for each year of each publication."""
    places = sorted({place for row in found.values() for place in row})
    header = ["code", "area", "offence", *(" ".join(place) for place in places)]
    keys = sorted(found)
    return _csv([header, *([*key, *(found[key].get(place, "") for place in places)] for key in keys)])


def _csv(rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


if __name__ == "__main__":
    sys.exit(main())
