"""Broken workbooks: files, packages, sheets, cells and rows that are not as published."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import official
from official import HEADER, Rows, row

from broken.inputs import Broken

NAME = "tables-221026"  # that of a workbook released on 22 October 2026
OURS = "give an ODS, XLSX or CSV file"
UNREAD = "not a workbook that can be read"
TOO_MUCH = "reading it takes more than 10 seconds or 1 GB of memory, or breaks off"
SMALL = official.years(2012, 2012)
SHEET = "xl/worksheets/sheet3.xml"  # the first of figures, behind two others
ENTRY, ENTRY_OF_DIRECTORY = b"PK\x03\x04", b"PK\x01\x02"

Write = Callable[[Path], object]


def every() -> Iterator[Broken]:
    """Return all broken workbooks."""
    for part in (_files, _packages, _xml, _sheets, _sizes, _tables, _cells, _rows):
        yield from part()


def _workbook(name: str, write: Write, *says: str, suffix: str = "ods", heavy: bool = False) -> Broken:
    def make(folder: Path) -> list[str]:
        path = folder / f"{NAME}.{suffix}"
        write(path)
        return ["data", "add", str(path)]

    return Broken("workbook", name, make, (f"{NAME}.{suffix}", *says), is_heavy=heavy)


def _files() -> Iterator[Broken]:
    yield _workbook("nothing at the path", lambda _: None, "cannot be read (No such file", OURS)
    yield _workbook("a folder", Path.mkdir, "is a folder", OURS)
    yield _workbook("a device without end", lambda path: path.symlink_to("/dev/zero"), "is a device", OURS)
    yield _workbook("a link to itself", lambda path: path.symlink_to(path.name), "cannot be read", OURS)
    yield _workbook("an empty file", _holding(b""), UNREAD, "or save it without a password as ODS, XLSX or CSV")
    yield _workbook("larger than any release", _hole, "larger than 209,715,200 bytes; give an ODS")
    yield _workbook("a web page", _holding(b"<!DOCTYPE html><title>Not found</title>"), UNREAD)
    yield _workbook("a picture", _holding(b"\x89PNG\r\n\x1a\n" + bytes(64)), UNREAD, suffix="xlsx")
    yield _workbook("CSV that is called ODS", lambda path: official.as_csv(path, SMALL), UNREAD)
    old = _holding(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    yield _workbook("an old XLS, or an encrypted XLSX", old, UNREAD, "without a password", suffix="xlsx")
    yield _verified(
        "a web page to verify",
        _holding(b"<!DOCTYPE html>"),
        UNREAD,
        "or save it without a password as ODS, XLSX or CSV",
    )
    yield _verified("a slip to verify", _cell(2, "Kemt"), "row 3, column 'Force Name': found 'Kemt'", "the nearest names are Kent")  # fmt: skip
    for suffix in ("pdf", "zip", "gz"):
        found = f"found .{suffix}; give a file ending in .ods, .xlsx, .csv"
        yield _workbook(f"a file ending in .{suffix}", _holding(b""), found, suffix=suffix)


def _verified(name: str, write: Write, *says: str) -> Broken:
    """Return a workbook to compare with the release that is held of its date."""

    def make(folder: Path) -> list[str]:
        path = folder / "tables-230426.ods"
        write(path)
        return ["data", "verify", str(path)]

    return Broken("workbook", name, make, ("tables-230426.ods: ", *says))


def _holding(content: bytes) -> Write:
    return lambda path: path.write_bytes(content)


def _hole(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(201 * 2**20)


def _packages() -> Iterator[Broken]:
    unlock = "without a password"
    half = _changed(lambda content: content[: len(content) // 2])
    yield _workbook("an ODS file cut in half", half, UNREAD, "fetch it again")
    half = _changed(lambda content: content[: len(content) // 2], official.xlsx)
    yield _workbook("an XLSX file cut in half", half, UNREAD, suffix="xlsx")
    yield _workbook("the first four bytes of a zip file", _holding(ENTRY), UNREAD)
    yield _workbook("the end of a zip file alone", _holding(b"PK\x05\x06" + bytes(18)), UNREAD)
    yield _workbook("a directory that is elsewhere", _changed(_misplace), UNREAD)
    yield _workbook("nought bytes in the middle", _changed(lambda content: content[:300] + bytes(20) + content[320:]), UNREAD)  # fmt: skip
    yield _workbook("encrypted, as zip says it", _changed(_in_directory(8, 1)), unlock)
    encryption = "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    locked = f'<manifest:file-entry manifest:full-path="content.xml">{encryption}'
    yield _workbook("encrypted, as ODF says it", _part("META-INF/manifest.xml", lambda text: text.replace("/>", f">{locked}")), unlock)  # fmt: skip
    yield _workbook("compressed in an unknown way", _changed(_in_directory(10, 99)), UNREAD)
    yield _workbook("a zip file of something else", _parts({"readme.txt": "nothing"}), UNREAD)
    document = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<text/>"}
    yield _workbook("a text document", _parts(document), UNREAD)
    yield _workbook("over a gigabyte unpacked, as it says", _unpack_to_a_gigabyte, TOO_MUCH)  # fmt: skip
    yield _workbook("over a gigabyte unpacked, but it says little", _belittle, UNREAD, heavy=True)  # fmt: skip
    yield _workbook("fifty thousand parts", _parts({f"{n}.xml": "" for n in range(50_000)}), UNREAD, heavy=True)


def _changed(change: Callable[[bytes], bytes], write: Callable[..., Path] = official.ods) -> Write:
    """Change the bytes of a sound workbook."""
    return lambda path: path.write_bytes(change(write(path, SMALL).read_bytes()))


def _part(name: str, change: Callable[[str], str], write: Callable[..., Path] = official.ods) -> Write:
    """Change the text of one part of a sound workbook, or take the part out where nothing is left of it."""

    def broken(path: Path) -> None:
        with zipfile.ZipFile(write(path, SMALL)) as file:
            parts = {part: file.read(part).decode() for part in file.namelist()}
        parts[name] = change(parts[name])
        _parts({part: text for part, text in parts.items() if text})(path)

    return broken


def _parts(parts: Mapping[str, str]) -> Write:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for name, text in parts.items():
                file.writestr(name, text)

    return write


def _in_directory(place: int, value: int) -> Callable[[bytes], bytes]:
    """Put a number of two bytes into every entry of a zip file's directory."""

    def change(content: bytes) -> bytes:
        first, *entries = content.split(ENTRY_OF_DIRECTORY)
        at, number = place - len(ENTRY_OF_DIRECTORY), struct.pack("<H", value)
        return ENTRY_OF_DIRECTORY.join([first, *(entry[:at] + number + entry[at + 2 :] for entry in entries)])

    return change


def _misplace(content: bytes) -> bytes:
    """Change the place that the end of a zip file gives for its directory."""
    return content[:-6] + struct.pack("<I", 10**9) + content[-2:]


def _unpack_to_a_gigabyte(path: Path) -> None:
    """Write a sound beginning, and then a cell of a thousand million letters."""
    with zipfile.ZipFile(official.ods(path, SMALL)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    sound, _, _ = parts.pop("content.xml").partition(b"</text:p>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        with file.open("content.xml", "w") as part:
            part.write(sound)
            for _ in range(1000):
                part.write(b"x" * 10**6)
        for name, content in parts.items():
            file.writestr(name, content)


def _belittle(path: Path) -> None:
    """Say of what unpacks to a gigabyte that it unpacks to a thousand bytes."""
    _unpack_to_a_gigabyte(path)
    content = bytearray(path.read_bytes())
    for mark, place in ((ENTRY, 22), (ENTRY_OF_DIRECTORY, 24)):
        at = content.index(mark) + place
        content[at : at + 4] = struct.pack("<I", 1000)
    path.write_bytes(content)


def _xml() -> Iterator[Broken]:
    def entity(declared: str, used: str = "&i;") -> Callable[[str], str]:
        def change(text: str) -> str:
            head, end, body = text.rpartition("?>")
            return f"{head}{end}<!DOCTYPE x [{declared}]>{body.replace('Kent', used, 1)}"

        return change

    laughs = "".join(f'<!ENTITY {name} "{f"&{of};" * 10}">' for of, name in zip("abcdefgh", "bcdefghi", strict=True))
    outside = '<!ENTITY i SYSTEM "file:///etc/hostname">'
    yield _workbook("XML that ends too early", _part("content.xml", lambda text: text[: len(text) // 2]), UNREAD)
    yield _workbook("a row that is not closed", _part("content.xml", lambda text: text.replace("</table:table-row>", "", 5)), UNREAD)  # fmt: skip
    yield _workbook("XML that ends after a row", _part("content.xml", lambda text: text[: text.rindex("</table:table>")]), "reading it takes more than 2 seconds or 1 GB of memory, or breaks off", heavy=True)  # fmt: skip
    yield _workbook("entities that multiply", _part("content.xml", entity(f'<!ENTITY a "ha">{laughs}')), UNREAD, heavy=True)  # fmt: skip
    yield _workbook("a long entity named often", _part("content.xml", entity(f'<!ENTITY i "{"x" * 10**5}">', "&i;" * 10**4)), UNREAD, heavy=True)  # fmt: skip
    yield _workbook("an entity from a file, in ODS", _part("content.xml", entity(outside)), UNREAD)
    yield _workbook("an entity from a file, in XLSX", _part(SHEET, entity(outside), official.xlsx), UNREAD, suffix="xlsx")  # fmt: skip
    yield _workbook(
        "no list of sheets",
        _part("xl/workbook.xml", lambda _: "", official.xlsx),
        "no sheet has the headers",
        suffix="xlsx",
    )
    yield _workbook("a sheet that is listed and not there", _part(SHEET, lambda _: "", official.xlsx), UNREAD, suffix="xlsx")  # fmt: skip
    yield _workbook("a shared text that is not there", _part(SHEET, lambda text: text.replace("</row>", '<c r="I1" t="s"><v>999999</v></c></row>', 1), official.xlsx), UNREAD, suffix="xlsx")  # fmt: skip


def _sheets() -> Iterator[Broken]:
    first = ", ".join(HEADER[:3])
    rows = SMALL["2012_13"]
    without = [title if title != "Offence Code" else "Code" for title in HEADER]
    yield _workbook("no sheet of figures", _sheet({}), f"no sheet has the headers {first}", "its sheets are 'Cover_sheet', 'Notes'")  # fmt: skip
    yield _workbook("a header missing", _sheet(SMALL, without), "sheet 2012_13, row 1: no column 'Offence Code'; found 'Financial Year'")  # fmt: skip
    yield _workbook("a header missing among thirty", _sheet(SMALL, [*without, *map(str, range(22))]), "no column 'Offence Code'; found 'Financial Year'", "'11' and 10 more")  # fmt: skip
    yield _workbook("four headers missing", _sheet(SMALL, [*HEADER[:4], *"abcd"]), "no column 'Offence Group', 'Offence Subgroup', 'Offence Code', 'Number of Offences'")  # fmt: skip
    yield _workbook("a header of a million letters", _sheet(SMALL, [*HEADER[:7], "x" * 10**6]), "no column 'Number of Offences'", " … ")  # fmt: skip
    yield _workbook("a year without a header", _sheet(SMALL, ["x"]), f"sheet 2012_13: no row has the headers; its first row must be {first}")  # fmt: skip
    yield _workbook("a year without rows", _sheet({**SMALL, "2013-14": []}), "sheet 2013-14: no rows below the header")
    stray = {"2012-13": [[*cells, "2012/13"] for cells in rows]}
    yield _workbook("values under a second header", _sheet(stray, [*HEADER, HEADER[0]]), "sheet 2012-13, row 2, column 9: found a value under a second 'Financial Year'")  # fmt: skip
    yield _workbook("a sheet named 2012-99", _sheet({"2012-99": rows}), "sheet 2012-99, row 2, column 'Financial Year'", "or the sheet be named after its year")  # fmt: skip
    yield _workbook("a name of a million letters", _sheet({"y" * 10**6: [row("2012/13", 1, "Kemt", "88A", 1)]}), " … ", "the nearest names are Kent")  # fmt: skip
    yield _workbook("a sheet that steers the terminal", _sheet({"\x85\x9b31m": [row("2012/13", 1, "Kemt", "88A", 1)]}), "sheet \\x9b31m, row 2, column 'Force Name'")  # fmt: skip
    yield _workbook("a sheet copied", _sheet({**SMALL, "All": rows}), "sheet All, row", "column 'Offence Code'", "more rows); the same row stands above it; each must stand once")  # fmt: skip
    yield _workbook("thirty years without rows", _sheet({f"{year}-{year - 1899:02d}": [] for year in range(1960, 1990)}), "no rows below the header")  # fmt: skip


def _sheet(sheets: Mapping[str, Rows], header: Sequence[object] = HEADER) -> Write:
    return lambda path: official.ods(path, sheets, header=header)


def _sizes() -> Iterator[Broken]:
    beyond = _part(SHEET, lambda text: text.replace('r="A2"', 'r="A99999999999"'), official.xlsx)
    last = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    yield _workbook("a million columns", _repeated(10**6, 1), "no rows below the header", heavy=True)
    yield _workbook("eighty million cells", _repeated(16_000, 5_000), TOO_MUCH, heavy=True)
    yield _workbook("a cell in a row that no sheet has", beyond, TOO_MUCH, suffix="xlsx", heavy=True)
    yield _workbook("a cell in the very last place of XLSX", _part(SHEET, lambda text: text.replace("</sheetData>", last), official.xlsx), TOO_MUCH, suffix="xlsx", heavy=True)  # fmt: skip
    yield _workbook("two hundred thousand wrong rows", _many(200_000, lambda n: row("2012/13", 1, f"Kemt{n}", "88A", "few")), "column 'Force Name': found 'Kemt", suffix="csv", heavy=True)  # fmt: skip
    yield _workbook("fifty thousand codes", _many(50_000, lambda n: row("2012/13", 1, "Kent", f"C{n}", 1)), "50,000 offence codes; a release has at most 2,000", suffix="csv", heavy=True)  # fmt: skip


def _many(number: int, make: Callable[[int], list[object]]) -> Write:
    return lambda path: official.as_csv(path, {"": [make(n) for n in range(number)]})


def _repeated(columns: int, rows: int) -> Write:
    """Write a header, and cells that ODS keeps as one with how often it stands."""

    def write(path: Path) -> None:
        repeat = f'table:number-columns-repeated="{columns}" office:value-type="string"'
        cell = f"<table:table-cell {repeat}><text:p>x</text:p></table:table-cell>"
        wide = official._ods_table("2012-13", [HEADER]).replace("</table:table-row>", f"{cell}</table:table-row>")
        more = f'<table:table-row table:number-rows-repeated="{rows - 1}">{cell}</table:table-row>' if rows > 1 else ""
        table = wide.replace("</table:table>", f"{more}</table:table>")
        official.ods_content(path, f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>")

    return write


def _tables() -> Iterator[Broken]:
    head = ",".join(HEADER)
    for name, content, says in (
        ("an empty CSV file", "", "no sheet has the headers"),
        ("CSV of something else", "a,b\n1,2\n", "no sheet has the headers"),
        ("CSV with semicolons", head.replace(",", ";"), "no sheet has the headers"),
        ("CSV in UTF-16", head.encode("utf-16"), "byte 1 is not UTF-8; save it as CSV in UTF-8"),
        ("CSV in Latin-1", b"caf\xe9,b\n", "byte 4 is not UTF-8; save it as CSV in UTF-8"),
        ("a quotation mark not closed", '"Financial Year', "not CSV (unexpected end of data)"),
        ("a cell of two hundred thousand letters", "x" * 200_000, "not CSV (field larger than field limit"),
        ("a header alone", f"{head}\n", "no rows below the header"),
    ):
        write = _holding(content.encode() if isinstance(content, str) else content)
        yield _workbook(name, write, says, suffix="csv")
    write = _holding(f"{head}\n2012/13,1,Kent\n".encode())
    yield _workbook("a short row", write, "row 2, column '", "found nothing; must be", suffix="csv")
    yield _workbook("a count whose comma makes two cells", _holding(",".join(official.HEADER).encode() + b"\n2012/13,1,Kent,Sexual grooming,Sexual offences,Other sexual offences,88A,1,234\n"), "row 2, column 9: 9 cells under 8 headers; put a number that has a comma in quotation marks", suffix="csv")  # fmt: skip


def _cells() -> Iterator[Broken]:
    year, quarter, force, words, code, count = 0, 1, 2, 3, 6, 7
    whole = "must be a whole number of offences, or N/a where there is no figure"
    nearest = "must be a police force; "
    printable = "must be printable text of at most 300 characters"
    for name, column, cell, found, right in (
        ("a year alone", year, "2012", "'2012'", "must be a financial year such as 2017/18"),
        ("a year of two years", year, "2012/14", "'2012/14'", "must be a financial year such as 2017/18"),
        ("the year of another sheet", year, "2013/14", "'2013/14'", "must be 2012/13, as the sheet is named"),
        ("a year in the Middle Ages", year, "1066/67", "'1066/67'", "must be a financial year such as 2017/18"),
        ("a fifth quarter", quarter, 5, "'5", "must be 1, 2, 3 or 4"),
        ("half a quarter", quarter, 1.5, "'1.5'", "must be 1, 2, 3 or 4"),
        ("a quarter in words", quarter, "first", "'first'", "must be 1, 2, 3 or 4"),
        ("a quarter that is a sum", quarter, "=1+1", "'=1+1'", "must be 1, 2, 3 or 4"),
        ("an unknown force", force, "Kemt", "'Kemt'", f"{nearest}the nearest names are Kent"),
        ("no force", force, "", "nothing", "must be text"),
        ("a number for a force", force, 44, "'44", nearest),
        ("two forces", force, "Essex and Kent", "'Essex and Kent'", nearest),
        ("a force in two scripts", force, "\u041aent", "'\u041aent'", nearest),
        ("a force with words of another script", force, "日本 Kent", "'日本 Kent'", nearest),
        ("a force with an accent that is a mark of its own", force, "Kent\u0301", "'Kent\u0301'", nearest),
        ("a force from right to left", force, "Kent\u202e", "'Kent\\u202e'", printable),
        ("a force with a letter of no width", force, "Ke\u200bnt", "'Ke\\u200bnt'", printable),
        ("a force that steers the terminal", force, "\x9b31mKent", "'\\x9b31mKent'", printable),
        ("a description from right to left", words, "a\u202eb", "'a\\u202eb'", printable),
        ("a description too long", words, "x" * 301, "'xxx", printable),
        ("a code that is a sum", code, "=1+1", "'=1+1'", "must be an offence code such as 88A, 4.10 or 80"),
        ("no code", code, "", "nothing", "must be an offence code such as 88A"),
        ("a code too long", code, "8" * 41, "'888", "must be an offence code such as 88A"),
        ("a code that leads elsewhere", code, "../88A", "'../88A'", "must be an offence code such as 88A"),
        ("half an offence", count, 2.5, "'2.5'", whole),
        ("a count in words", count, "about 3", "'about 3'", whole),
        ("no count", count, "", "nothing", whole),
        ("a yes for a count", count, True, "'True'", whole),
        ("an error for a count", count, "#REF!", "'#REF!'", whole),
        ("a sum for a count", count, "=SUM(H2:H9)", "'=SUM(H2:H9)'", whole),
        ("a count in other digits", count, "\u0663", "'\u0663'", whole),
        ("a count with a comma out of place", count, "12,34", "'12,34'", whole),
        ("a count of five thousand digits", count, "9" * 5000, "'999", whole),
        ("more offences than people", count, 10**9, "'1000000000", "must be a count of offences, at most 10,000,000"),
        ("fewer offences than none can be", count, -(10**9), "'-1000000000", "must be a count of offences"),
        ("no number", count, "NaN", "'NaN'", whole),
        ("a number without end", count, 1e300, "'1e+300'", whole),
    ):  # fmt: skip
        yield _workbook(
            name, _cell(column, cell), f"sheet 2012_13, row 3, column {HEADER[column]!r}: found {found}", right
        )
    error = _part(SHEET, lambda text: text.replace('<c r="H2"><v>1211</v>', '<c r="H2" t="e"><f>1/0</f><v>#DIV/0!</v>'), official.xlsx)  # fmt: skip
    yield _workbook("a formula that ends in an error", error, "row 2, column 'Number of Offences': found", whole, suffix="xlsx")  # fmt: skip
    date = _part("content.xml", lambda text: text.replace('office:value-type="float" office:value="1211"', 'office:value-type="date" office:date-value="2012-04-01"'))  # fmt: skip
    yield _workbook("a date for a count", date, "row 2, column 'Number of Offences': found", whole)
    nought = ",".join(HEADER) + "\n2012/13,1,Kent\0,Sexual grooming,Sexual offences,Other,88A,3\n"
    yield _workbook("a force with a null character", _holding(nought.encode()), "row 2, column 'Force Name': found 'Kent\\x00'", printable, suffix="csv")  # fmt: skip


def _cell(column: int, cell: object) -> Write:
    """Write a workbook with two rows, and something else in one cell of the second."""
    rows = [row("2012/13", 1, "Essex", "88A", 2), row("2012/13", 1, "Kent", "88A", 3)]
    rows[1][column] = cell
    return _sheet({"2012_13": rows})


def _rows() -> Iterator[Broken]:
    def rows(name: str, *rows: list[object], says: tuple[str, ...]) -> Broken:
        return _workbook(name, _sheet({"2012_13": list(rows)}), *says)

    kent = row("2012/13", 1, "Kent", "88A", 3)
    yield rows("a row copied", kent, row("2012/13", 1, "Essex", "88A", 3), kent, says=("sheet 2012_13, row 4, column 'Offence Code': found '88A'; the same row stands above it; each must stand once",))  # fmt: skip
    yield rows("two groups for one count", kent, row("2012/13", 1, "Kent", "88A", 2, group="Theft"), says=("row 3, column 'Offence Group': found", "must have the same"))  # fmt: skip
    yield rows("two names for one count", kent, row("2012/13", 1, "Kent", "88A", 2, description="Theft"), says=("column 'Offence Description': found", "must have the same"))  # fmt: skip
    lost = [
        row("2012/13", 1, "Kent", code, 1, description=words) for code, words in (("4.1", "One"), (4.10, "Another"))
    ]
    yield rows("a code that lost its last nought", *lost, says=("column 'Offence Description': found", "must have the same"))  # fmt: skip
    yield rows("bodies that record fraud alone", row("2012/13", 1, "CIFAS", "AF", 1), says=("no row belongs to a police force; `analysis areas` lists the names",))  # fmt: skip
    yield rows(
        "no figure at all",
        row("2012/13", 1, "Kent", "88A", "N/a"),
        says=("no cell has a figure; fetch the file again",),
    )
    yield rows("a quarter missing", kent, row("2012/13", 3, "Kent", "88A", 4), says=("no rows for 2012/13 Q2, though it covers", "every quarter from the first to the last must be there"))  # fmt: skip
    years = official.years(2012, 2014)
    gap = {name: rows for name, rows in years.items() if name != "2013_14"}
    yield _workbook("a year missing", _sheet(gap), "no rows for 2013/14 Q1, 2013/14 Q2, 2013/14 Q3, 2013/14 Q4, though it covers")  # fmt: skip
    yield _workbook("figures of the future", _sheet(official.years(2012, 2030)), "cannot have been released on 2026-10-22; give its date as --released")  # fmt: skip
