"""Workbooks that a user adds: checked, kept unchanged and registered; and official files, compared with what is held."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
from filelock import FileLock

from analysis import files, sandbox
from analysis.errors import RequestError
from analysis.figures import cleaning, register, revisions, sources, tables, workbook
from analysis.figures.cleaning import Figures
from analysis.figures.register import Register, load_added, load_register
from analysis.figures.sources import Held, Release, Table
from analysis.terms.periods import Month

GOVUK = "https://www.gov.uk"
DATA_SET = "/government/statistical-data-sets/police-recorded-crime-and-outcomes-open-data-tables"
PAGE = GOVUK + DATA_SET
FULL_SINCE = Month(2012, 4)  # a workbook that begins later does not hold every year

# What this module writes, whole or unfinished; anything else in the folders is somebody else's.
_OURS = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{12}\.(ods|xlsx|csv)((\.\d\.[0-9a-f]{12})?\.(csv|parquet))?|\..+\.part")


@dataclass(frozen=True)
class Addition:
    """What came of adding a workbook.

    Attributes
    ----------
    release
        The release as it is held now.
    is_new
        Whether anything changed; a workbook that is held already changes nothing.
    left_out
        Rows of bodies that record fraud and are no police forces.
    """

    release: Release
    is_new: bool
    left_out: int = 0

    @property
    def text(self) -> str:
        """What the command prints."""
        release = self.release
        if not self.is_new:
            return f"Release {release.id} is held already, from the same file; nothing changed."
        latest = " It is now the latest." if load_register().release("latest").id == release.id else ""
        left_out = f" {self.left_out:,} rows of bodies that are no police force were left out." if self.left_out else ""
        return (
            f"Added release {release.id}: {release.kind}, {release.covers.words}, "
            f"{len(release.codes)} offence codes.{left_out}{latest}"
        )


@dataclass(frozen=True)
class Verification:
    """How a file compares with the release that is held of the same date.

    Attributes
    ----------
    release
        The release held.
    codes
        The codes that both have.
    compared
        In how many cells of those codes either has a figure.
    differences
        One row a differing cell: ``force``, ``quarter``, ``offence``, ``held`` and ``file``, the last two ``<NA>`` where
        there is no figure.
    only_held, only_file
        The codes of which only the release, or only the file, has figures.
    """

    release: Release
    codes: tuple[str, ...]
    compared: int
    differences: pd.DataFrame
    only_held: tuple[str, ...] = ()
    only_file: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether no cell differs."""
        return self.differences.empty and not self.only_held and not self.only_file


def add(path: Path, *, released: date | None = None, replace: bool = False) -> Addition:
    """Add a workbook as a release of its own.

    It is checked cell by cell, kept unchanged, made into a wide table, and entered in the register last, so that
    whatever moment this ends at, what was held before is still held.

    Parameters
    ----------
    path
        The workbook: ODS, XLSX or CSV.
    released
        When it was published; by default the date in its name, as in ``…-230426.ods``.
    replace
        Whether it may stand in for what is held of the same date.

    Returns
    -------
    Addition

    Raises
    ------
    RequestError
        If the workbook is not as published, if its date is not known or does not fit what it covers, or if another
        file is held of that date.
    """
    day, obtained = released or release_date(path.name), f"Added from the file {path.name}."
    return add_content(workbook.content_of(path), path.name, obtained, day=day, replace=replace)


def add_content(
    content: bytes, name: str, obtained: str, *, day: date | None = None, replace: bool = False
) -> Addition:
    """Add the content of a workbook, which is hashed, read and kept as it is given here."""
    day, suffix = day or release_date(name), _suffix(name)
    sha256 = files.sha256(content)
    with _changing() as held:
        for other in load_register().releases:
            is_same_file = other.is_added and other.table.sha256 == sha256
            if is_same_file and other.id == day.isoformat():
                with suppress(RequestError):  # what was kept of it is missing or damaged, and is mended below
                    register.verified(other)
                    return Addition(other, is_new=False)
            elif is_same_file and not replace:
                raise RequestError(
                    f"{name}: held already as release {other.id}; option --replace gives it the date {day}"
                )
            elif other.id == day.isoformat() and not replace:
                raise RequestError(
                    f"{name}: release {day} is held already, from another file; `analysis data verify` compares the "
                    "two, and --replace puts this one in its place"
                )
        figures = _read(content, name, day)
        release = _release(figures, day, sha256, suffix, obtained)
        others = [other for other in held.releases if other.id != release.id and other.table.sha256 != sha256]
        # Under names of their own, which the register does not know yet.
        files.write_whole(release.folder / release.table.file, content)
        derived = tables.to_csv(figures.cells)
        files.write_whole(sources.derived_path(release.table.file, derived), derived)
        _register(held, [*others, release])
    return Addition(load_register().release(release.id), is_new=True, left_out=figures.left_out)


def verify(path: Path, *, released: date | None = None) -> Verification:
    """Compare an official file, cell by cell, with the release that is held of the same date.

    Parameters
    ----------
    path
        The workbook.
    released
        When it was published; by default the date in its name.

    Returns
    -------
    Verification
        Of every code that either has.

    Raises
    ------
    RequestError
        If no release of that date is held, or the file is not a workbook as published.
    """
    day = released or release_date(path.name)
    release = load_register().release(day.isoformat())
    theirs = _read(workbook.content_of(path), path.name, day).cells
    codes = tuple(code for code in release.codes if code in theirs.codes)
    both = pd.DataFrame({"held": release.cells(codes).series, "file": theirs.of(codes).series}).dropna(how="all")
    differences = both[~(both["held"] == both["file"]).fillna(False)].reset_index()
    only_held = tuple(code for code in release.codes if code not in codes)
    only_file = tuple(code for code in theirs.codes if code not in codes)
    return Verification(release, codes, len(both), differences, only_held, only_file)


def release_date(name: str) -> date:
    """Return the date that a workbook's name ends in, as DDMMYY.

    Raises
    ------
    RequestError
        If the name holds no such date.

    Examples
    --------
    >>> print(release_date("prc-pfa-mar2013-onwards-tables-230426.ods"))
    2026-04-23
    """
    if found := date_in(name):
        return found
    raise RequestError(
        f"{name}: the name ends in no date of release such as -230426 (23 April 2026); name it so, or add it with --released YYYY-MM-DD"
    )


def date_in(name: str) -> date | None:
    """Return the date that a workbook's name ends in, or None."""
    for digits in reversed(re.findall(r"(?<![0-9])[0-9]{6}(?![0-9])", name)):
        with suppress(ValueError):
            return date(2000 + int(digits[4:]), int(digits[2:4]), int(digits[:2]))
    return None


def _suffix(name: str) -> str:
    suffix = Path(name).suffix.casefold()
    if suffix not in workbook.SUFFIXES:
        raise RequestError(
            f"{name}: found {suffix or 'no ending'}; give a file ending in {', '.join(workbook.SUFFIXES)}"
        )
    return suffix


@contextmanager
def _changing() -> Iterator[Register]:
    """Give what a user added, to one process at a time, and clear away what no register knows when it is done."""
    folder = register.added_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / ".lock").acquire()
    except OSError as error:
        raise files.unwritable(folder, error, option=files.USER_DATA) from error
    with lock:
        held = load_added()
        try:
            yield held
        finally:
            _clear_away()


def _read(content: bytes, name: str, day: date) -> Figures:
    """Read and check a workbook that may be anything, and see that its date can be right."""
    figures = cleaning.clean(sandbox.run(workbook.read, content, name))
    covers = figures.cells.covers
    if covers.last >= Month(day.year, day.month):
        raise RequestError(
            f"{name}: covers {covers.words} and cannot have been released on {day}; "
            "give the date of release as --released YYYY-MM-DD"
        )
    return figures


def _release(figures: Figures, day: date, sha256: str, suffix: str, obtained: str) -> Release:
    cells = figures.cells
    spans = {code: cells.of((code,)).span for code in cells.codes}
    return Release(
        id=day.isoformat(),
        order=day.toordinal(),
        kind="full" if cells.covers.first <= FULL_SINCE else "partial",
        title=f"Police recorded crime open data: police force area tables, {cells.covers.words}, released {day}",
        producer="Home Office",
        page=PAGE,
        licence="Open Government Licence v3.0",
        released=day,
        covers=cells.covers,
        obtained=obtained,
        checked="Every cell was checked when it was added. It has not been compared with another copy.",
        limits="A workbook that was added here; whether it is the official one is for whoever added it to know.",
        table=Table(file=f"{day}-{sha256[:12]}{suffix}", rows=figures.rows, sha256=sha256),
        offences={code: Held(name=figures.names[code], covers=span) for code, span in spans.items() if span},
        folder=register.added_folder(),
    )


def _register(held: Register, entries: list[Release]) -> None:
    """Enter the releases, and how many quarters are provisional now, in one step."""
    entered = held.model_copy(update={"releases": tuple(sorted(entries, key=lambda release: release.order))})
    with suppress(RequestError):  # a workbook that is missing or damaged; whoever adds it again measures anew
        measured = revisions.provisional_quarters(among=register.with_added(entered).releases)
        entered = entered.model_copy(update={"provisional_quarters": measured})
    register.save_added(entered)


def _clear_away() -> None:
    """Remove what the register does not know: workbooks that were replaced, and what a killed run left."""
    kept = {release.table.file for release in load_added().releases}
    for folder in (register.added_folder(), sources.derived_path("", b"").parent):
        for path in folder.glob("*"):
            workbook_of = re.sub(rf"\.{sources.DERIVED}\.[0-9a-f]+\.csv$", "", path.name)
            if _OURS.fullmatch(path.name) and workbook_of not in kept:
                with suppress(OSError):
                    path.unlink()
