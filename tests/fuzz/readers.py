"""What the search for breaking inputs calls: a reader takes any bytes, or refuses them by name."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.parsers import expat

import official
from broken import EVERY

from analysis import claims, files
from analysis.errors import RequestError
from analysis.figures import added, cleaning
from analysis.figures import workbook as workbooks
from analysis.report import published

FINDS = Path(__file__).resolve().parents[1] / "data" / "fuzz"
LONGEST = 2200  # characters of a line that is refused
KINDS = ("csv", "ods", "xlsx", "zip")  # what the first byte of an input for the workbook reader stands for
SHEET = "xl/worksheets/sheet1.xml"
MOST_CELLS = 100_000  # more than this is held off by limits of memory, which are not in force here


def workbook(data: bytes) -> None:
    """Read bytes as a table, as the XML of an ODS or XLSX sheet, or as a whole package."""
    kind, content = KINDS[data[0] % len(KINDS)] if data else "csv", data[1:]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"a.{'ods' if kind == 'zip' else kind}")
        if kind in {"ods", "xlsx"}:
            if not _is_small_xml(content):
                return
            _package(path, kind, content)
        else:
            path.write_bytes(content)
        try:
            cleaning.clean(workbooks.packed(workbooks.content_of(path), path.name), path.name)
        except RequestError as error:
            check(error)
        except BaseException as error:
            # The library in Rust gave up. `limits.run` contains that in a process of its own, and refuses the file.
            if type(error).__name__ != "PanicException":
                raise


def claim_file(data: bytes) -> None:
    """Read bytes as a file of claims, and judge and show what could be read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "claims.yaml")
        path.write_bytes(data)
        try:
            loaded = claims.load(path)
        except RequestError as error:
            check(error)
            return
    for line in loaded.errors:
        check(RequestError(line))
        assert line == str(RequestError(line)), "an error of several lines"
    assert loaded.claims or loaded.errors
    judgements = claims.judge_all(loaded.claims)
    json.dumps([judgement.to_dict() for judgement in judgements])
    if judgements:
        published.report_text(judgements)
        published.articles(judgements)


def answer(data: bytes) -> None:
    """Take bytes as what GOV.UK answers: its page, and whatever that offers."""
    try:
        added._offered(lambda *_, **__: data, "https://www.gov.uk/api/content/tables")
    except RequestError as error:
        check(error)


def check(error: RequestError) -> None:
    """See that what is said is short lines, each with a place before what is wrong."""
    lines = str(error).splitlines()
    assert lines
    assert len(lines) <= 20
    assert all(len(line) <= LONGEST and ": " in line for line in lines), lines


def seeds_of_workbook() -> Iterator[bytes]:
    """Return sound workbooks of every kind."""
    rows = official.years(2012, 2013, last_quarters=2)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a")
        yield b"\0" + official.as_csv(path, rows).read_bytes()
        for kind, write, part in ((1, official.ods, "content.xml"), (2, official.xlsx, SHEET)):
            content = write(path, rows, front=False).read_bytes()
            yield bytes([kind]) + zipfile.ZipFile(io.BytesIO(content)).read(part)
            yield b"\3" + content


def seeds_of_answer() -> Iterator[bytes]:
    """Return answers as GOV.UK gives them, and with addresses that lead nowhere."""
    name, title = (
        "prc-pfa-mar2013-onwards-tables-230726.ods",
        "Police recorded crime, police force area, March 2013 onwards",
    )
    for url in ("https://assets.publishing.service.gov.uk/a.ods", "a.ods", "http://[::1", ""):
        offered = {"filename": name, "title": title, "url": url}
        yield json.dumps({"details": {"attachments": [offered, {"title": "About"}]}}).encode()


def seeds_of_claim_file() -> Iterator[bytes]:
    """Return the claims that the project ships, one by one, and the broken ones of the tests that are short."""
    text = files.shipped("data", "raw", "claims.yaml").read_text(encoding="utf-8")
    _, _, listed = text.partition("claims:\n")
    yield from (f"claims:\n  - id{claim}".encode() for claim in listed.split("  - id")[1:])
    with tempfile.TemporaryDirectory() as folder:
        for broken in EVERY:
            if broken.kind == "claims":
                broken.make(Path(folder))
                content = Path(folder, "claims.yaml").read_bytes() if Path(folder, "claims.yaml").exists() else b""
                if 0 < len(content) < 2000:
                    yield content


def finds(name: str) -> list[bytes]:
    """Return what a search found with a reader, and was mended."""
    return [path.read_bytes() for path in sorted((FINDS / name).glob("*"))]


# Of each reader what calls it, sound inputs, and words that an input needs and chance does not find.
READERS: dict[str, tuple[Callable[[bytes], None], Callable[[], Iterator[bytes]], list[str]]] = {
    "workbook": (
        workbook, seeds_of_workbook, [*official.HEADER, *['2012/13', 'Kent', 'N/a', '88A', 'office:value', 'office:value-type="float"', 't="e"', 'CIFAS']],
    ),
    "answer": (answer, seeds_of_answer, ["details", "attachments", "filename", "title", "url", "pfa", "mar2013", "230726", ".ods", "http://[", "\\u0000"]),
    "claims": (
        claim_file,
        seeds_of_claim_file,
        [*claims.Claim.__dataclass_fields__, "England and Wales", *["value", "period", "described_as", "percent", "times", "direction", "responded", "of", "per"],
         *["whole", "count", "home-office", "foi", "2017-04..2018-03"]],
    ),
}  # fmt: skip


def _package(path: Path, kind: str, content: bytes) -> None:
    """Put XML in the place of the sheets of a sound workbook."""
    rows = {"2012_13": [official.row("2012/13", 1, "Kent", "88A", 3)]}
    write, part = (official.ods, "content.xml") if kind == "ods" else (official.xlsx, SHEET)
    with zipfile.ZipFile(write(path, rows, front=False)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    with zipfile.ZipFile(path, "w") as file:
        for name, held in {**parts, part: content}.items():
            file.writestr(name, held)


def _is_small_xml(content: bytes) -> bool:
    """Say whether content is well-formed XML that claims no huge table.

    calamine goes round for ever where a sheet does not end, and takes all memory where a cell is said to stand a
    thousand million times. Limits hold both off, and the table of broken inputs has both.
    """
    repeats: list[int] = []

    def start(_: str, attributes: dict[str, str]) -> None:
        numbers = [attributes.get(name, "") for name in _REPEATS]
        repeats.extend(int(number[:9]) for number in ("".join(filter(str.isdigit, text)) for text in numbers) if number)
        place = attributes.get("r", "")
        repeats.append(MOST_CELLS + 1 if len(place) > len("AA1000") else 1)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, UnicodeError):
        return False
    return sum(repeats) <= MOST_CELLS


_REPEATS = ("table:number-columns-repeated", "table:number-rows-repeated", "text:c")
