"""Broken requests: words of the command, matrices of pages and articles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from broken.inputs import RELEASE, Broken


def every() -> Iterator[Broken]:
    """Return all broken requests."""
    for part in (_forces, _periods, _words, _matrices, _articles):
        yield from part()


def _said(kind: str, name: str, words: list[str], *says: str) -> Broken:
    return Broken(kind, name, lambda _: words, says)


def _forces() -> Iterator[Broken]:
    lists = "`analysis areas` lists them all"
    for name, force, *says in (
        ("a slip", "Kemt", "force: 'Kemt' is not known; the nearest names are Kent"),
        ("a slip in a short name", "Northhants", "the nearest names are Northants, "),
        ("nothing", "", "force: '' is not known", lists),
        ("a blank", "  \t ", "is not known", lists),
        ("the word police alone", "Police", "force: 'Police' is not known"),
        ("another country", "Scotland", "force: 'Scotland' is not held, as these tables are of England and Wales; the Scottish"),
        ("a country that holds this one", "the UK", "no total of the UK is published", "ask for England and Wales"),
        ("another country's force", "Police Scotland", "force: 'Police Scotland' is not held", "the Scottish Government publishes"),
        ("one of two that is none", "Kent+Narnia", "force: 'Narnia' is not known", lists),
        ("a plus and nothing after it", "Kent+", "force: '' is not known", lists),
        ("letters of two scripts", "\u041aent", "force: '\u041aent' is not known", "the nearest names are"),
        ("words of another script", "日本 Kent", "force: '日本 Kent' is not known"),
        ("an accent that is a mark of its own", "Kent\u0301", "the nearest names are Kent"),
        ("from right to left", "Kent\u202e", "force: 'Kent\\u202e' is not known", "the nearest names are Kent"),
        ("a letter of no width", "\u200bKent", "force: '\\u200bKent' is not known"),
        ("what steers the terminal", "\x1b[31mKent", "force: '\\x1b[31mKent' is not known"),
        ("bytes that are no text", "Kent\udcff", "force: 'Kent\\udcff' is not known"),
        ("a hundred thousand letters", "K" * 100_000, "area: found 'KKK", "of 100,000 letters; give at most 5,000"),
    ):  # fmt: skip
        yield _said("force", name, ["compare", force], *says)
    yield _said("force", "a page that there is none of", ["build", "--force", "Wales", "--output", "never"], "--force: there is no page for Wales; name a force or England and Wales")  # fmt: skip
    yield _said("force", "no force in a revision", ["data", "revisions", "--force", "Narnia"], "force: 'Narnia' is not known", lists)  # fmt: skip


def _periods() -> Iterator[Broken]:
    forms = "write it as 2017-04..2017-12, 2017/18, 2017/18 Q1..Q3 or year ending June 2017"
    for name, period, *says in (
        ("words", "last year", "period: 'last year' is not a period", forms),
        ("a formula", "=1+1", "period: '=1+1' is not a period", forms),
        ("a hundred thousand digits", "9" * 100_000, "period: '999", forms),
        ("a quarter cut", "2017-05..2017-12", "cuts a quarter", "those that hold it are 2017-04..2017-12"),
        ("the future", "2030/31", "release 2026-04-23 covers 2012-04..2025-12 and does not hold 2030-04..2031-03 whole"),
        ("from right to left", "2017/18\u202e", "period: '2017/18\\u202e' is not a period", forms),
        ("what steers the terminal", "\x1b[2J", "period: '\\x1b[2J' is not a period", forms),
    ):  # fmt: skip
        yield _said("period", name, ["compare", "Kent", "--release", RELEASE, "--period", period], *says)
    overlap = ["compare", "Kent", "--period", "2024/25", "--baseline", "2024-07..2025-06"]
    yield _said("period", "a baseline in the same months", overlap, "baseline: 2024-07..2025-06 overlaps the period", "choose a baseline that shares no month with it")  # fmt: skip
    yield _said("period", "a baseline that is none", ["compare", "Kent", "--baseline", "before"], "period: 'before' is not a period", forms)  # fmt: skip
    yield _said("period", "a baseline ahead", ["compare", "Kent", "--baseline", "2030/31"], "baseline: release 2026-04-23 covers", "does not hold 2030-04..2031-03 whole")  # fmt: skip


def _words() -> Iterator[Broken]:
    held = "held are before-2019-08, 2019-outcomes, 2023-10-19, 2026-04-23, or latest"
    lists = "`analysis offences` lists all"
    for name, offence, *says in (
        ("a code that is none", "99Z", "offence: '99Z' is not known; the nearest are 99"),
        ("a slip", "rbbery", "offence: 'rbbery' is not known; the nearest are robbery"),
        ("nothing", "", "offence: '' is not known", lists),
        ("a part of a code", "71/17", "holds no code '71/17', which counts it within 88A"),
        ("what a national body records", "fraud", "since a national body records it"),
        ("code that runs", "88A'); import os", "offence: \"88A'); import os\" is not known", lists),
        ("what steers the terminal", "\x1b[2J", "offence: '\\x1b[2J' is not known", lists),
        ("a hundred thousand letters", "b" * 100_000, "offence: 'bbb", lists),
    ):  # fmt: skip
        yield _said("offence", name, ["compare", "Kent", "--offence", offence], *says)
    yield _said(
        "offence", "none in a revision", ["data", "revisions", "--offence", "99Z"], "offence: '99Z' is not known"
    )
    yield _said("offence", "a page of none", ["build", "--offence", "99Z", "--output", "never"], "offence: '99Z' is not known")  # fmt: skip
    yield _said("release", "one that is not held", ["compare", "Kent", "--release", "1999"], f"release: '1999' is not held; {held}")  # fmt: skip
    yield _said("release", "a path", ["compare", "Kent", "--release", "../../etc/passwd"], "release: '../../etc/passwd' is not held", held)  # fmt: skip
    yield _said("release", "a kind", ["compare", "Kent", "--release", "full"], "release: 'full' is not held", held)
    more = "; see analysis"
    yield _said("option", "no action", ["data"], "Missing command", more)
    yield _said("option", "an option of two lines that steers the terminal", ["compare", "Kent", "--x\n\x1b[31m"], "No such option", more)  # fmt: skip
    yield _said("option", "no force", ["compare"], "Missing argument 'AREA'", "; see analysis compare --help")
    yield _said("option", "no job", ["build", "--jobs", "0"], "'--jobs': 0 is not in the range x>=1")
    yield _said("option", "jobs and a cluster", ["build", "--jobs", "2", "--cluster", "tcp://192.0.2.1:8786"], "--jobs cannot be combined with --cluster")  # fmt: skip
    yield _said("option", "a value that begins like an option", ["compare", "Kent", "--offence=-1"], "'--offence': found '-1', which begins with -")  # fmt: skip
    yield _said(
        "option", "a folder without a name", ["build", "--output", " "], "'--output': found nothing; give a path"
    )
    yield _said("option", "a folder that is called like an option", ["build", "--output=--"], "'--output': found '--', which begins with -")  # fmt: skip
    yield _said("option", "jobs in words", ["build", "--jobs", "two"], "'--jobs': 'two' is not a valid integer")  # fmt: skip
    yield _said("option", "a day that is none", ["data", "add", "x.ods", "--released", "2026-02-30"], "'--released': found '2026-02-30'; give a day, as 2026-04-23; see analysis data add --help")  # fmt: skip
    for command in ("add", "verify"):
        yield _said("option", f"a workbook to {command} that is not there", ["data", command, "tables.ods"], "tables.ods: cannot be read (No such file or directory)", "give an ODS, XLSX or CSV file")  # fmt: skip
        yield _said("option", f"an address to {command}", ["data", command, "https://example.org/t.ods"], "t.ods: is an address; download what is there first", "`analysis data update` fetches the newest")  # fmt: skip

    def named(command: str, name: str, *says: str) -> Broken:
        def make(folder: Path) -> list[str]:
            (folder / name).write_text("", encoding="utf-8")
            return ["data", command, str(folder / name)]

        return Broken("option", f"a workbook to {command} by the name of {name}", make, says)

    yield named("add", "tables.ods", "tables.ods: the name ends in no date of release such as -230426", "--released YYYY-MM-DD")  # fmt: skip
    yield named("verify", "tables-010100.ods", "release: '2000-01-01' is not held", held)

    def file(folder: Path) -> list[str]:
        (folder / "reports").write_text("a file", encoding="utf-8")
        return ["build", "--force", "Kent", "--output", str(folder / "reports")]

    yield Broken("option", "a file for the output folder", file, ("cannot be written (Not a directory)", "a folder"))  # fmt: skip


def _matrices() -> Iterator[Broken]:
    def matrix(name: str, content: str | bytes, *says: str) -> Broken:
        def make(folder: Path) -> list[str]:
            path = folder / "pages.csv"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            return ["build", "--matrix", str(path), "--release", RELEASE, "--output", str(folder / "reports")]

        return Broken("matrix", name, make, ("pages.csv: ", *says))

    columns = "there must be force, and may be baseline, offence, period, release, each once"
    yield Broken("matrix", "nothing at the path", lambda folder: ["build", "--matrix", str(folder / "none.csv"), "--output", str(folder / "reports")], ("none.csv: cannot be read (No such file or directory); give a CSV file",))  # fmt: skip
    yield matrix("an empty file", "", "row 1: found columns none", columns)
    yield matrix("other columns", "area\nKent\n", "row 1: found columns area", columns)
    yield matrix("a column twice", "force,force\nKent,Essex\n", "row 1: found columns force, force", columns)
    yield matrix("a column that runs as code", "force,x=1;import os\nKent,1\n", "row 1: found columns force, x=1;import os", columns)  # fmt: skip
    yield matrix("no row", "force\n", "row 2: there is none; give a row for each page to make")
    yield matrix("an unknown force", "force\nKent\nNarnia\n", "row 3: force: 'Narnia' is not known")
    yield matrix("an unknown period", "force,period\nKent,2017Q2\n", "row 2: period: '2017Q2' may mean", "write 2017-04..2017-06")  # fmt: skip
    yield matrix("an unknown offence", "force,offence\nKent,99Z\n", "row 2: offence: '99Z' is not known")  # fmt: skip
    yield matrix("an unknown release", "force,release\nKent,../x\n", "row 2: release: '../x' is not held; held are")
    yield matrix("a short row", "force,period\nKent\n", "row 2: not as many cells as the header has")
    yield matrix("a long row", "force\nKent,Essex\n", "row 2: not as many cells as the header has")
    yield matrix("a null character", "force\nKent\0\n", "row 2: force: 'Kent\\x00' is not known")
    yield matrix("no text", b"force\n\xff\n", "not text in UTF-8 (byte 7); save it as plain text in UTF-8")
    yield matrix("a quotation mark not closed", 'force\n"Kent', "cannot be read as CSV (unexpected end of data)")
    yield matrix("a cell too long", "force\n" + "K" * 200_000, "cannot be read as CSV (field larger than field limit")
    yield matrix("a megabyte and more", "force\n" + "Kent\n" * 200_000, "larger than 1,000,000 bytes; give a CSV file, or several")  # fmt: skip
    yield Broken("matrix", "a device without end", lambda folder: ["build", "--matrix", "/dev/zero", "--output", str(folder / "reports")], ("/dev/zero: is a device",))  # fmt: skip


def _articles() -> Iterator[Broken]:
    def article(name: str, content: bytes, *says: str) -> Broken:
        def make(folder: Path) -> list[str]:
            path = folder / "article.txt"
            path.write_bytes(content)
            return ["check", str(path)]

        return Broken("article", name, make, ("article.txt: ", *says))

    plain = "save it as plain text in UTF-8"
    yield Broken("article", "nothing at the path", lambda folder: ["check", str(folder / "none.txt")], ("none.txt: cannot be read (No such file", "give a plain-text file in UTF-8, or -"))  # fmt: skip
    yield Broken("article", "a folder", lambda folder: ["check", str(folder)], ("is a folder", "give a plain-text file in UTF-8, or -"))  # fmt: skip
    yield article("Latin-1", b"caf\xe9", "not text in UTF-8 (byte 4)", plain)
    yield article("a picture", b"\x89PNG\r\n\x1a\n", "not text in UTF-8 (byte 1)", plain)
    yield article("a zip file", b"PK\x03\x04\x14\0", "holds a zero byte, so it is not plain text", plain)
    yield article("more than an article", b"a" * 40_001, "larger than 40,000 bytes; ")
    yield Broken("article", "a device without end", lambda _: ["check", "/dev/zero"], ("/dev/zero: is a device",))  # fmt: skip
    yield Broken("article", "a day of publication that is none", lambda folder: ["check", str(folder), "--published", "26/4/18"], ("'--published': ", "'26/4/18'"))  # fmt: skip
