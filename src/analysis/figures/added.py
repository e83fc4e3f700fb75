"""Workbooks that a user adds, or that GOV.UK offers: fetched, checked, kept unchanged, registered, and removed again."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests
from urllib3 import Retry
from urllib3.exceptions import HTTPError

from analysis import files
from analysis.errors import RequestError
from analysis.figures import completeness, register, tables, verification, workbook
from analysis.figures.register import Register, Release, Table, load_added, load_register
from analysis.figures.tables import Figures
from analysis.progress import within
from analysis.terms.periods import Month

GOVUK = "https://www.gov.uk"
ASSETS = "assets.publishing.service.gov.uk"
DATA_SET = "/government/statistical-data-sets/police-recorded-crime-and-outcomes-open-data-tables"
PAGE = f"/api/content{DATA_SET}"
FULL_SINCE = Month(2012, 4)  # a workbook that begins later does not hold every year
TODAY = "ANALYSIS_TODAY"  # a date to take for today's

_TIMEOUT = (10, 30)  # seconds to connect, and between two pieces
_LONGEST = 900  # seconds for everything, however slowly it comes
_TIMES = 3  # that a file is asked for: what fails may pass
_AGAIN = Retry(total=_TIMES - 1, backoff_factor=0.5, status_forcelist=range(500, 600), raise_on_status=False)
_MOST_ANSWER = 10 * 2**20
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}  # where a test's own server listens
_BY_HAND = "fetch the workbook by hand and use `analysis data add FILE`"
_log = logging.getLogger(__name__)

# What this module writes, whole or unfinished; anything else in the folders is somebody else's.
_OURS = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{12}\.(ods|xlsx|csv)((\.\d\.[0-9a-f]{12})?\.(csv|parquet))?|\..+\.part")


def add(path: Path, *, released: date | None = None, replace: bool = False, as_it_is: bool = False) -> str:
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

    Returns
    -------
    str
        What is said of it.

    Raises
    ------
    RequestError
        If the workbook is not as published, if its date is not known or does not fit what it covers, if another
        file is held of that date which differs, or if it cannot be whole.
    """
    content, obtained = workbook.content_of(path), f"Added from the file {path.name}."
    day = released or verification.release_date(path.name)
    return _added(content, path.name, obtained, day, may_replace=replace, as_it_is=as_it_is)


def update(*, base: str | None = None, as_it_is: bool = False) -> str:
    """Ask GOV.UK for the newest table of police force areas, and add it if it is not held.

    Parameters
    ----------
    base
        GOV.UK's address; by default the environment variable ``ANALYSIS_GOVUK``, or ``https://www.gov.uk``.
    as_it_is
        As :func:`add` takes it.

    Returns
    -------
    str
        What is said of it.

    Raises
    ------
    RequestError
        If GOV.UK cannot be reached or takes too long, the page is not as it was, or what comes is not the workbook.
        Nothing that is held has changed then.
    """
    base = (base or os.environ.get("ANALYSIS_GOVUK") or GOVUK).rstrip("/")
    fetch = partial(_fetched, session=_session(base))
    late = f"{base}: took longer than {_LONGEST / 60:.0f} minutes; try again later, or fetch the workbook by hand"
    name, url, found = within(_LONGEST, lambda: _offered(fetch, base + PAGE), late=late)
    if isinstance(found, Release):
        return f"Nothing new: the newest table on GOV.UK is {name}, and that release is held already."
    day = verification.release_date(name)
    return _added(found, name, f"Downloaded from {url}.", day, may_replace=False, as_it_is=as_it_is)


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
            added = ", ".join(release.id for release in held.releases) or "none"
            raise RequestError(f"release: {name!r} was not added; added are {added}")
        _register(held, kept)
    _log.info("removed release %s", name)
    return f"Removed release {name}. The latest is {load_register().release('latest').id}."


def _added(content: bytes, name: str, obtained: str, day: date, *, may_replace: bool, as_it_is: bool) -> str:
    """Add the content of a workbook, which is hashed, read and kept as it is given here."""
    if (suffix := Path(name).suffix.casefold()) not in workbook.SUFFIXES:
        raise RequestError(f"{name}: found {suffix or 'no ending'}; give a file ending in .ods, .xlsx, .csv")
    # In UTC, as releases come out in London in the morning.
    if day > (today := date.fromisoformat(os.environ.get(TODAY) or f"{datetime.now(UTC):%Y-%m-%d}")):
        raise RequestError(f"{name}: released on {day}, after today, {today}; give its date as --released YYYY-MM-DD")
    sha256 = files.sha256(content)
    with _changing() as held:
        same_file = next((each for each in held.releases if each.table.sha256 == sha256), None)
        same_date = _held_as(day.isoformat())
        if same_file and same_file.id == day.isoformat():
            same_date = None
            with suppress(RequestError):  # what was kept of it is missing or damaged, and is mended
                register.verified(same_file)
                return f"Release {same_file.id} is held already, from the same file; nothing changed."
        elif same_file and not may_replace:
            raise RequestError(f"{name}: held already as release {same_file.id}; --replace gives it the date {day}")
        figures = verification.read(content, name, day)
        if same_date and not may_replace:
            return _agreeing(name, same_date, figures)
        full = [other for other in load_register().releases if other.kind == "full" and other.id != day.isoformat()]
        sides = completeness.Sides(figures, full[-1])
        lacks = () if as_it_is else completeness.lacking(name, day, sides)
        release = _release(figures, day, sha256, suffix, obtained, as_it_is=as_it_is, is_partial=bool(lacks))
        others = [other for other in held.releases if other.id != release.id and other.table.sha256 != sha256]
        # Under names of their own, which the register does not know yet.
        files.write_whole(release.folder / release.table.file, content)
        derived = tables.to_csv(figures.cells)
        files.write_whole(register.derived_path(release.table.file, derived), derived)
        _register(held, [*others, release])
    _log.info("added release %s (%s) from %s", release.id, release.kind, name)
    number, latest = len(release.codes), load_register().release("latest")
    said = [
        f"Added release {release.id}: {release.kind}, {release.covers.words}, {number} offence code{'s'[: number > 1]}.",
        sides.changes(),
        f"It is partial, as it has {', '.join(lacks)}; --as-it-is takes it for full." if lacks else "",
        "It is now the latest." if latest.id == release.id else "",
    ]
    return " ".join(filter(None, said))


def _agreeing(name: str, release: Release, figures: Figures) -> str:
    """Say that a file adds nothing to what is held of its date, or refuse one that says otherwise."""
    found = verification.compared(release, figures)
    if other := int(found.differences["file"].notna().sum()) or len(found.only_file):
        what = "codes are of this one alone" if found.only_file else f"of {found.compared:,} cells differ"
        raise RequestError(
            f"{name}: release {release.id} is held already, from another file, and {other:,} {what}; "
            "`analysis data verify` lists them, and --replace puts this file in its place"
        )
    told = f"the file agrees with it in all {found.compared - len(found.differences):,} cells that it has and adds none"
    return f"Release {release.id} is held already; {told}; nothing changed."


def _held_as(name: str) -> Release | None:
    return next((release for release in load_register().releases if release.id == name), None)


@contextmanager
def _changing() -> Iterator[Register]:
    """Give what a user added, to one process at a time, and clear away what no register knows when it is done."""
    with files.locked(register.added_folder()):
        try:
            yield load_added()
        finally:
            _clear_away()


def _release(
    figures: Figures, day: date, sha256: str, suffix: str, obtained: str, *, as_it_is: bool, is_partial: bool
) -> Release:
    cells = figures.cells
    compared = "compared with the newest full release" if not as_it_is else "taken as they are and compared with none"
    return Release(
        id=day.isoformat(),
        order=day.toordinal(),
        kind="partial" if is_partial or cells.covers.first > FULL_SINCE else "full",
        title=f"Police recorded crime open data: police force area tables, {cells.covers.words}, released {day}",
        producer="Home Office",
        page=GOVUK + DATA_SET,
        licence="Open Government Licence v3.0",
        released=day,
        covers=cells.covers,
        obtained=obtained,
        checked=f"Every cell was checked when it was added; rows and totals were {compared}. There was no other copy to compare.",
        limits="A workbook that was added here; whether it is the official one is for whoever added it to know.",
        table=Table(file=f"{day}-{sha256[:12]}{suffix}", sha256=sha256),
        offences={code: {"name": figures.names[code]} for code in cells.codes},
    )


def _register(held: Register, entries: list[Release]) -> None:
    register.save_added(replace(held, releases=tuple(sorted(entries, key=lambda release: release.order))))


def _clear_away() -> None:
    """Remove what the register does not know: workbooks that were replaced, and what a killed run left."""
    kept = {release.table.file for release in load_added().releases}
    for path in (*register.added_folder().glob("*"), *register.derived_folder().glob("*")):
        workbook_of = re.sub(rf"\.{register.DERIVED}\.[0-9a-f]+\.csv$", "", path.name)
        if _OURS.fullmatch(path.name) and workbook_of not in kept:
            with suppress(OSError):  # the next change of what is held tries again
                path.unlink()


def _is_force_table(name: str, title: str) -> bool:
    name, title = name.casefold(), title.casefold()
    is_workbook = re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,150}", name) and Path(name).suffix in workbook.SUFFIXES
    by_name = "pfa" in name and "mar2013" in re.sub("[-_]", "", name)
    return bool(is_workbook) and (by_name or ("police force area" in title and "march 2013 onwards" in title))


def _offered(fetch: Callable[..., bytes], page: str) -> tuple[str, str, bytes | Release]:
    """Return the newest table in the content API's answer: its name, address and content, or what is held of its date."""
    changed = f"{page}: is not as it was when this was written; {_BY_HAND}"
    try:
        listed = json.loads(fetch(page, most=_MOST_ANSWER))["details"]["attachments"]
        # A web page among the attachments has no name of a file.
        offered = [[str(each.get(part, "")) for part in ("filename", "title", "url")] for each in listed]
        found = {name: urljoin(page, url) for name, title, url in offered if _is_force_table(name, title)}
    except RequestError:
        raise
    except (LookupError, TypeError, AttributeError, RecursionError, ValueError) as error:
        raise RequestError(changed) from error
    if not found:
        raise RequestError(changed)
    newest = max(list(filter(verification.date_in, found)) or found, key=verification.release_date)
    held = _held_as(verification.release_date(newest).isoformat())
    return newest, found[newest], held or fetch(found[newest], most=workbook.MOST_BYTES)


def _session(base: str) -> requests.Session:
    """Return what asks GOV.UK and nobody else, wherever an answer leads."""
    home = urlsplit(base)
    if home.scheme != "https" and not (home.scheme == "http" and home.hostname in _LOOPBACK):
        raise RequestError(f"{base}: must begin with https://")
    session = requests.Session()
    session.adapters.clear()
    for place in (base, f"https://{ASSETS}"):
        session.mount(f"{place}/", requests.adapters.HTTPAdapter(max_retries=_AGAIN))
    # Nothing of a redirect is wanted but where it leads.
    session.hooks["response"] = [lambda answer, **_: answer.close() if answer.is_redirect else None]
    return session


def _fetched(url: str, *, most: int, session: requests.Session, times: int = _TIMES) -> bytes:
    """Download a file; one that breaks off midway is asked for again."""
    try:
        with session.get(url, stream=True, timeout=_TIMEOUT) as answer:
            answer.raise_for_status()
            announced = answer.raw.length_remaining or 0
            content = b"" if announced > most else bytes(answer.raw.read(most + 1, decode_content=True))
    except requests.exceptions.InvalidSchema as error:
        only = " or ".join(session.adapters)
        raise RequestError(f"{url}: leads elsewhere than to {only} ({error}); nothing was fetched there") from error
    except (OSError, ValueError, HTTPError) as error:  # the kinds of requests' errors, and of what lies below
        if isinstance(error, HTTPError) and times > 1:
            return _fetched(url, most=most, session=session, times=times - 1)
        status = getattr(getattr(error, "response", None), "status_code", None)
        says = f"the server answered {status}" if status else f"could not be fetched whole ({type(error).__name__})"
        raise RequestError(f"{url}: {says}; try again later, or {_BY_HAND}") from error
    if (size := max(announced, len(content))) > most:
        raise RequestError(f"{url}: {size / 2**20:,.0f} MB or more; a release is under {most // 2**20} MB")
    return content
