"""Writes small workbooks laid out as the official one is."""

from __future__ import annotations

import csv
import functools
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

HEADER = [
    "Financial Year",
    "Financial Quarter",
    "Force Name",
    "Offence Description",
    "Offence Group",
    "Offence Subgroup",
    "Offence Code",
    "Number of Offences",
]
Rows = list[list[object]]


class _Archive(zipfile.ZipFile):
    """A zip file without the time of day, so that the same figures are the same file."""

    def writestr(self, name: str, data: str, compress_type: int = zipfile.ZIP_DEFLATED) -> None:  # type: ignore[override]
        super().writestr(
            zipfile.ZipInfo(name), data, compress_type, compresslevel=1
        )  # a large one takes as long to pack as to write


# description, group, subgroup
OFFENCES = {
    "88A": ("Sexual grooming", "Sexual offences", "Other sexual offences"),
    "71": ("Abuse of children through sexual exploitation", "Sexual offences", "Other sexual offences"),
    "30C": ("Burglary, not of a dwelling", "Theft offences", "Burglary"),
}


def row(year: str, quarter: object, force: object, code: object, count: object, **other: object) -> list[object]:
    """Return one row; `description`, `group` and `subgroup` may be given."""
    description, group, subgroup = OFFENCES.get(str(code), (f"Offence {code}", "Other offences", "Other"))
    return [
        year, quarter, force, other.get("description", description), other.get("group", group),
        other.get("subgroup", subgroup), code, count,
    ]  # fmt: skip


def years(
    first: int, last: int, *, last_quarters: int = 4, forces: Sequence[str] = ("Kent", "Avon & Somerset")
) -> dict[str, Rows]:
    """Return a sheet for each financial year: every force, quarter and code, with counts that all differ."""
    sheets: dict[str, Rows] = {}
    for start in range(first, last + 1):
        year = f"{start}/{(start + 1) % 100:02d}"
        sheets[year.replace("/", "_")] = [
            row(year, quarter, force, code, 1000 * i + 100 * (start % 10) + 10 * quarter + j)
            for quarter in range(1, (last_quarters if start == last else 4) + 1)
            for i, force in enumerate(forces, 1)
            for j, code in enumerate(OFFENCES, 1)
        ]
    return sheets


def release(folder: Path, day: str, last: int, last_quarters: int = 2) -> Path:
    """Write the workbook of a day, as its name ends, that begins with the first year and ends in another."""
    sheets = years(2012, last, last_quarters=last_quarters)
    return ods(folder / f"prc-pfa-mar2013-onwards-tables-{day}.ods", sheets)


def ods(path: Path, sheets: Mapping[str, Rows], *, header: Sequence[object] = HEADER, front: bool = True) -> Path:
    """Write an ODS workbook with two front sheets."""
    tables = "".join(_ods_table(name, rows) for name, rows in _every(sheets, header, front))
    return ods_content(path, f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>")


def ods_content(path: Path, body: str, *, before: str = "") -> Path:
    """Write an ODS file around a body of XML."""
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    with _Archive(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        file.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        file.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content{names}>{body}</office:document-content>',
        )
    return path


def xlsx(path: Path, sheets: Mapping[str, Rows], *, header: Sequence[object] = HEADER, front: bool = True) -> Path:
    """Write an XLSX workbook with two front sheets."""
    every = _every(sheets, header, front)
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    with _Archive(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        file.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="rId1" Type="{kind}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        listed = "".join(
            f'<sheet name="{escape(name)}" sheetId="{i}" r:id="rId{i}"/>' for i, (name, _) in enumerate(every, 1)
        )
        file.writestr("xl/workbook.xml", f'<workbook {main} xmlns:r="{kind}"><sheets>{listed}</sheets></workbook>')
        links = "".join(
            f'<Relationship Id="rId{i}" Type="{kind}/worksheet" Target="worksheets/sheet{i}.xml"/>'
            for i, _ in enumerate(every, 1)
        )
        file.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}/relationships">{links}</Relationships>'
        )
        for i, (_, rows) in enumerate(every, 1):
            lines = "".join(
                f'<row r="{n}">{"".join(_xlsx_cell(n, m, cell) for m, cell in enumerate(cells))}</row>'
                for n, cells in enumerate(rows, 1)
            )
            file.writestr(
                f"xl/worksheets/sheet{i}.xml", f"<worksheet {main}><sheetData>{lines}</sheetData></worksheet>"
            )
    return path


def as_csv(path: Path, sheets: Mapping[str, Rows], *, header: Sequence[object] = HEADER) -> Path:
    """Write the rows of every sheet into one CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *(cells for rows in sheets.values() for cells in rows)])
    return path


def _every(sheets: Mapping[str, Rows], header: Sequence[object], front: bool) -> list[tuple[str, Rows]]:
    notes: list[tuple[str, Rows]] = [("Cover_sheet", [["Police recorded crime"]]), ("Notes", [[1, "May be revised."]])]
    return [*(notes if front else []), *((name, [list(header), *rows]) for name, rows in sheets.items())]


def _ods_table(name: str, rows: Iterable[Sequence[object]]) -> str:
    lines = "".join(f"<table:table-row>{''.join(map(_ods_cell, cells))}</table:table-row>" for cells in rows)
    return f'<table:table table:name="{escape(name)}">{lines}</table:table>'


@functools.lru_cache(maxsize=None, typed=True)  # a million cells of one workbook say the same few things
def _ods_cell(cell: object) -> str:
    if cell is None or cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, bool):
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(cell).lower()}"/>'
    if isinstance(cell, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
    # A run of spaces is an element of its own in ODS.
    text = escape(str(cell)).replace("  ", '<text:s text:c="2"/>')
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def _xlsx_cell(row: int, column: int, cell: object) -> str:
    place = f"{chr(65 + column)}{row}"
    if cell is None or cell == "":
        return ""
    if isinstance(cell, bool):
        return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{place}"><v>{cell}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(str(cell))}</t></is></c>'
