"""Workbooks that a user adds: checked, kept unchanged, registered and removed; and files compared with what is held."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd

from analysis import files, sandbox
from analysis.errors import RequestError
from analysis.figures import cleaning, completeness, register, revisions, sources, tables, workbook
from analysis.figures.cleaning import Figures
from analysis.figures.register import Register, load_added, load_register
from analysis.figures.sources import Held, Release, Table
from analysis.terms.periods import Month

GOVUK = "https://www.gov.uk"
DATA_SET = "/government/statistical-data-sets/police-recorded-crime-and-outcomes-open-data-tables"
PAGE = GOVUK + DATA_SET
FULL_SINCE = Month(2012, 4)  # a workbook that begins later does not hold every year
TODAY = "ANALYSIS_TODAY"  # a date to take for today's

_log = logging.getLogger(__name__)
_MOST_SAID = 3  # of what is wrong with a table

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
    agrees
        How the workbook compares with what was held of its date, where it agrees with all of that.
    lacks
        What it leaves out, so that it is partial.
    """

    release: Release
    is_new: bool
    left_out: int = 0
    agrees: Verification | None = None
    lacks: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What the command prints."""
        release = self.release
        if not self.is_new:
            if self.agrees is None:
                return f"Release {release.id} is held already, from the same file; nothing changed."
            return (
                f"Release {release.id} is held already; the file agrees with it in all {self.agrees.same:,} cells "
                "that it has and adds none; nothing changed."
            )
        number = len(release.codes)
        said = [
            f"Added release {release.id}: {release.kind}, {release.covers.words}, {number} offence code{'s'[: number > 1]}."
        ]
        if self.agrees:
            more = self.agrees.only_file
            named = f"{', '.join(more[: sources.MOST_NAMED])}{' and more' if len(more) > sources.MOST_NAMED else ''}"
            said.append(
                f"All {self.agrees.same:,} cells that were held of it are the same; it adds "
                f"{f'{len(more)} codes ({named})' if more else f'{len(self.agrees.differences):,} cells'}."
            )
        if self.left_out:
            said.append(f"{self.left_out:,} rows of bodies that are no police force were left out.")
        if self.lacks:
            said.append(f"It is partial, as it has {', '.join(self.lacks)}; --as-it-is takes it for full.")
        if load_register().release("latest").id == release.id:
            said.append("It is now the latest.")
        return " ".join(said)


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

    @property
    def contradicts(self) -> pd.DataFrame:
        """The cells of which both have a figure, and not the same one."""
        return self.differences.dropna()

    @property
    def same(self) -> int:
        """In how many cells both have the same figure."""
        return self.compared - len(self.differences)

    @property
    def lacks(self) -> bool:
        """Whether the release has figures that the file has not."""
        return bool(self.only_held) or bool(self.differences["file"].isna().any())

    @property
    def adds(self) -> bool:
        """Whether the file has figures that the release has not."""
        return bool(self.only_file) or bool(self.differences["held"].isna().any())


def add(
    path: Path,
    *,
    released: date | None = None,
    replace: bool = False,
    as_it_is: bool = False,
    today: date | None = None,
) -> Addition:
    """Add a workbook as a release of its own.

    It is checked cell by cell, compared with what is held, kept unchanged, made into a wide table, and entered in the
    register last, so that whatever moment this ends at, what was held before is still held.

    Parameters
    ----------
    path
        The workbook: ODS, XLSX or CSV.
    released
        When it was published; by default the date in its name, as in ``…-230426.ods``.
    replace
        Whether it may stand in for what is held of the same date.
    as_it_is
        Whether to take it though rows are missing or totals are far from what is held, and for full though it leaves
        out forces, codes or years.
    today
        The last day on which it can have been published; by default the environment variable ``ANALYSIS_TODAY``, or
        today in UTC.

    Returns
    -------
    Addition

    Raises
    ------
    RequestError
        If the workbook is not as published, if its date is not known or does not fit what it covers, if another
        file is held of that date which differs, or if it cannot be whole.
    """
    day, obtained = released or release_date(path.name), f"Added from the file {path.name}."
    content = workbook.content_of(path)
    return add_content(content, path.name, obtained, day=day, replace=replace, as_it_is=as_it_is, today=today)


def add_content(
    content: bytes,
    name: str,
    obtained: str,
    *,
    day: date | None = None,
    replace: bool = False,
    as_it_is: bool = False,
    today: date | None = None,
) -> Addition:
    """Add the content of a workbook, which is hashed, read and kept as it is given here."""
    day, suffix = day or release_date(name), _suffix(name)
    if day > (today := today or _today()):
        raise RequestError(
            f"{name}: released on {day}, which is after today, {today}; give the date of release as --released YYYY-MM-DD"
        )
    sha256 = files.sha256(content)
    with _changing() as held:
        same_date = _same_date(name, day, sha256, replace=replace)
        if isinstance(same_date, Addition):
            return same_date
        figures = _read(content, name, day)
        agrees = _agreeing(name, same_date, figures) if same_date and not replace else None
        if agrees and not agrees.adds:
            return Addition(agrees.release, is_new=False, agrees=agrees)
        lacks = () if as_it_is or agrees else _lacking(name, day, figures)
        release = _release(figures, day, sha256, suffix, obtained, as_it_is=as_it_is, is_partial=bool(lacks))
        others = [other for other in held.releases if other.id != release.id and other.table.sha256 != sha256]
        # Under names of their own, which the register does not know yet.
        files.write_whole(release.folder / release.table.file, content)
        derived = tables.to_csv(figures.cells)
        files.write_whole(sources.derived_path(release.table.file, derived), derived)
        _register(held, [*others, release])
    _log.info("added release %s (%s) from %s", release.id, release.kind, name)
    return Addition(load_register().release(release.id), True, figures.left_out, agrees, lacks)


def remove(name: str) -> str:
    """Remove a release that was added, with its workbook and the table made of it.

    Parameters
    ----------
    name
        Its id, as ``analysis data list`` shows it.

    Returns
    -------
    str
        What is said of it.

    Raises
    ------
    RequestError
        If no such release was added; what the project ships stays.
    """
    with _changing() as held:
        kept = [release for release in held.releases if release.id != name]
        if len(kept) == len(held.releases):
            is_shipped = " is shipped with the project and stays" if name in _ids() else " is not held"
            added = ", ".join(release.id for release in held.releases)
            raise RequestError(f"release: {name!r}{is_shipped}; {f'added are {added}' if added else 'none was added'}")
        _register(held, kept)
    _log.info("removed release %s", name)
    shipped = ", and the one that the project ships is held again" if name in _ids() else ""
    return f"Removed release {name}{shipped}. The latest is {load_register().release('latest').id}."


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
    return _compared(release, _read(workbook.content_of(path), path.name, day))


def _compared(release: Release, figures: Figures) -> Verification:
    theirs = figures.cells
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


def _today() -> date:
    """Return today in UTC, as releases come out in London in the morning, or the day that the environment names."""
    if not (named := os.environ.get(TODAY)):
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(named)
    except ValueError:
        raise RequestError(f"{TODAY}: found {named!r}; give a date as 2026-04-23") from None


def _ids() -> set[str]:
    return {release.id for release in load_register().releases}


def _same_date(name: str, day: date, sha256: str, *, replace: bool) -> Release | Addition | None:
    """Return what is held of a date, from another file; or say that the same file is held already."""
    found = None
    for other in load_register().releases:
        is_same_file = other.is_added and other.table.sha256 == sha256
        if is_same_file and other.id == day.isoformat():
            with suppress(RequestError):  # what was kept of it is missing or damaged, and is mended
                register.verified(other)
                return Addition(other, is_new=False)
        elif is_same_file and not replace:
            raise RequestError(f"{name}: held already as release {other.id}; option --replace gives it the date {day}")
        elif other.id == day.isoformat():
            found = other
    return found


def _agreeing(name: str, release: Release, figures: Figures) -> Verification:
    """Compare a file with what is held of its date, and require that it takes nothing of that away."""
    found = _compared(release, figures)
    either = "`analysis data verify` lists them, and --replace puts this file in its place"
    if (cells := len(found.contradicts)) > 0:
        raise RequestError(
            f"{name}: release {release.id} is held already, from another file, and {cells:,} of {found.compared:,} "
            f"cells differ; {either}"
        )
    if found.adds and found.lacks:
        raise RequestError(
            f"{name}: release {release.id} is held already, from another file, and holds figures that this one lacks; "
            f"{either}"
        )
    return found


def _lacking(name: str, day: date, figures: Figures) -> tuple[str, ...]:
    """Say what a workbook leaves out, in comparison with the newest full release, and refuse what cannot be right."""
    full = [other for other in load_register().releases if other.kind == "full" and other.id != day.isoformat()]
    if not full:
        return ()
    held = full[-1]
    if doubts := completeness.doubts(figures, held):
        more = f" (and {len(doubts) - _MOST_SAID} more)" if len(doubts) > _MOST_SAID else ""
        raise RequestError(
            f"{name}: {'; '.join(doubts[:_MOST_SAID])}{more}; fetch the file again, or take it with --as-it-is"
        )
    lacks = completeness.left_out(figures, held)
    if held.released and day > held.released:
        lacks += completeness.ends_early(figures, held)
    return tuple(lacks)


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
    with files.locked(register.added_folder()):
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


def _release(
    figures: Figures, day: date, sha256: str, suffix: str, obtained: str, *, as_it_is: bool, is_partial: bool
) -> Release:
    cells = figures.cells
    compared = "Its rows and totals were compared with the newest full release."
    if as_it_is:
        compared = "It was taken as it is: its rows and totals were not compared with another release."
    spans = {code: cells.of((code,)).span for code in cells.codes}
    return Release(
        id=day.isoformat(),
        order=day.toordinal(),
        kind="partial" if is_partial or cells.covers.first > FULL_SINCE else "full",
        title=f"Police recorded crime open data: police force area tables, {cells.covers.words}, released {day}",
        producer="Home Office",
        page=PAGE,
        licence="Open Government Licence v3.0",
        released=day,
        covers=cells.covers,
        obtained=obtained,
        checked=f"Every cell was checked when it was added. {compared} It has not been compared with another copy.",
        limits="A workbook that was added here; whether it is the official one is for whoever added it to know.",
        table=Table(file=f"{day}-{sha256[:12]}{suffix}", rows=figures.rows, sha256=sha256),
        offences={code: Held(name=figures.names[code], covers=span) for code, span in spans.items() if span},
        folder=register.added_folder(),
    )


def _register(held: Register, entries: list[Release]) -> None:
    """Enter the releases, and how many quarters are provisional now, in one step."""
    if not entries:
        register.forget_added()
        return
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
