"""Workbooks that a user adds: checked, kept unchanged, registered, and removed again."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from analysis import files
from analysis.errors import RequestError
from analysis.figures import completeness, register, revisions, tables, verification, workbook
from analysis.figures.cleaning import Figures
from analysis.figures.register import Held, Register, Release, Table, load_added, load_register
from analysis.figures.verification import Verification
from analysis.terms.periods import Month

GOVUK = "https://www.gov.uk"
DATA_SET = "/government/statistical-data-sets/police-recorded-crime-and-outcomes-open-data-tables"
PAGE = GOVUK + DATA_SET
FULL_SINCE = Month(2012, 4)  # a workbook that begins later does not hold every year
TODAY = "ANALYSIS_TODAY"  # a date to take for today's

_log = logging.getLogger(__name__)

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
    changes
        How many figures of the newest full release it changes, and their total.
    """

    release: Release
    is_new: bool
    left_out: int = 0
    agrees: Verification | None = None
    lacks: tuple[str, ...] = ()
    changes: str = ""

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
            named = f"{', '.join(more[: register.MOST_NAMED])}{' and more' if len(more) > register.MOST_NAMED else ''}"
            said.append(
                f"All {self.agrees.same:,} cells that were held of it are the same; it adds "
                f"{f'{len(more)} codes ({named})' if more else f'{len(self.agrees.differences):,} cells'}."
            )
        if self.changes:
            said.append(self.changes)
        if self.left_out:
            said.append(f"{self.left_out:,} rows of bodies that are no police force were left out.")
        if self.lacks:
            said.append(f"It is partial, as it has {', '.join(self.lacks)}; --as-it-is takes it for full.")
        if load_register().release("latest").id == release.id:
            said.append("It is now the latest.")
        return " ".join(said)


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
    day, obtained = released or verification.release_date(path.name), f"Added from the file {path.name}."
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
    day, suffix = day or verification.release_date(name), _suffix(name)
    if day > (today := today or _today()):
        raise RequestError(
            f"{name}: released on {day}, which is after today, {today}; give the date of release as --released YYYY-MM-DD"
        )
    sha256 = files.sha256(content)
    with _changing() as held:
        same_date = _same_date(name, day, sha256, replace=replace)
        if isinstance(same_date, Addition):
            return same_date
        figures = verification.read(content, name, day)
        agrees = _agreeing(name, same_date, figures) if same_date and not replace else None
        if agrees and not agrees.adds:
            return Addition(agrees.release, is_new=False, agrees=agrees)
        full = [other for other in load_register().releases if other.kind == "full" and other.id != day.isoformat()]
        lacks: tuple[str, ...] = ()
        changes = ""
        if full and not agrees:
            lacks = () if as_it_is else completeness.lacking(name, day, figures, full[-1])
            changes = completeness.Sides(figures, full[-1]).changes()
        release = _release(figures, day, sha256, suffix, obtained, as_it_is=as_it_is, is_partial=bool(lacks))
        others = [other for other in held.releases if other.id != release.id and other.table.sha256 != sha256]
        # Under names of their own, which the register does not know yet.
        files.write_whole(release.folder / release.table.file, content)
        derived = tables.to_csv(figures.cells)
        files.write_whole(register.derived_path(release.table.file, derived), derived)
        _register(held, [*others, release])
    _log.info("added release %s (%s) from %s", release.id, release.kind, name)
    return Addition(load_register().release(release.id), True, figures.left_out, agrees, lacks, changes)


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


def _suffix(name: str) -> str:
    suffix = Path(name).suffix.casefold()
    if suffix not in workbook.SUFFIXES:
        raise RequestError(
            f"{name}: found {suffix or 'no ending'}; give a file ending in {', '.join(workbook.SUFFIXES)}"
        )
    return suffix


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
    found = verification.compared(release, figures)
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


@contextmanager
def _changing() -> Iterator[Register]:
    """Give what a user added, to one process at a time, and clear away what no register knows when it is done."""
    with files.locked(register.added_folder()):
        held = load_added()
        try:
            yield held
        finally:
            _clear_away()


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
    entered = replace(held, releases=tuple(sorted(entries, key=lambda release: release.order)))
    with suppress(RequestError):  # a workbook that is missing or damaged; whoever adds it again measures anew
        measured = revisions.provisional_quarters(among=register.with_added(entered).releases)
        entered = replace(entered, provisional_quarters=measured)
    register.save_added(entered)


def _clear_away() -> None:
    """Remove what the register does not know: workbooks that were replaced, and what a killed run left."""
    kept = {release.table.file for release in load_added().releases}
    for folder in (register.added_folder(), register.derived_path("", b"").parent):
        for path in folder.glob("*"):
            workbook_of = re.sub(rf"\.{register.DERIVED}\.[0-9a-f]+\.csv$", "", path.name)
            if _OURS.fullmatch(path.name) and workbook_of not in kept:
                with suppress(OSError):
                    path.unlink()
