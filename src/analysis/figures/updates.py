"""Fetches the newest release from GOV.UK."""

from __future__ import annotations

import ipaddress
import json
import os
import re
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import pooch  # type: ignore[import-untyped]

from analysis import files
from analysis.errors import RequestError
from analysis.figures import added, workbook
from analysis.figures.added import DATA_SET, GOVUK, Addition
from analysis.figures.register import load_register

if TYPE_CHECKING:
    from requests import Response

ASSETS = "assets.publishing.service.gov.uk"
PAGE = f"/api/content{DATA_SET}"

_TIMEOUT = (10, 30)  # seconds to connect, and between two pieces
_LONGEST = 900  # seconds for a file
_WAITS = (1.0, 3.0)  # seconds before the second and the third try
_MOST_ANSWER = 10 * 2**20


@dataclass(frozen=True)
class Update:
    """What came of asking GOV.UK.

    Attributes
    ----------
    filename
        The newest table that GOV.UK offers.
    addition
        The release that was added, or None where it was held already.
    """

    filename: str
    addition: Addition | None

    @property
    def text(self) -> str:
        """What the command prints."""
        if self.addition is None:
            return f"Nothing new: the newest table on GOV.UK is {self.filename}, and that release is held already."
        return self.addition.text


@dataclass(frozen=True)
class _Attachment:
    title: str
    filename: str
    url: str
    size: int


def update(*, base: str | None = None, show_progress: bool = False, waits: tuple[float, ...] = _WAITS) -> Update:
    """Ask GOV.UK for the newest table of police force areas, and add it if it is not held.

    Parameters
    ----------
    base
        GOV.UK's address; by default the environment variable ``ANALYSIS_GOVUK``, or ``https://www.gov.uk``.
    show_progress
        Whether to show on standard error how far the download is.
    waits
        Seconds to wait before each new try after a failure of the server or the line.

    Returns
    -------
    Update

    Raises
    ------
    RequestError
        If GOV.UK cannot be reached, the page is not as it was, or what comes is not the workbook. Nothing that is held
        has changed then.
    """
    base = (base or os.environ.get("ANALYSIS_GOVUK") or GOVUK).rstrip("/")
    with tempfile.TemporaryDirectory(prefix="analysis-update-") as folder:
        fetch = _Fetch(base, Path(folder), show_progress, waits)
        newest = _newest(_attachments(fetch, base + PAGE))
        day = added.release_date(newest.filename)
        if any(release.id == day.isoformat() for release in load_register().releases):
            return Update(newest.filename, None)
        if newest.size > workbook.MOST_BYTES:
            raise _too_large(newest.url, newest.size)
        path = fetch(newest.url, newest.filename, most=workbook.MOST_BYTES)
        addition = added.add(path, obtained=f"Downloaded from {newest.url}.")
    return Update(newest.filename, addition)


def _attachments(fetch: _Fetch, url: str) -> list[_Attachment]:
    """Read the list of attachments off the content API's answer about the page."""
    path = fetch(url, "page.json", most=_MOST_ANSWER)
    changed = (
        f"{url}: is not as it was when this was written; fetch the workbook by hand and use `analysis data add FILE`"
    )
    try:
        found = json.loads(path.read_bytes())["details"]["attachments"]
        return [
            _Attachment(str(a["title"]), str(a["filename"]), urljoin(url, str(a["url"])), int(a.get("file_size") or 0))
            for a in found
            if a.get("filename") and a.get("url") and a.get("title")
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RequestError(f"{changed} (its answer has no details.attachments of the known form)") from error


def _newest(attachments: list[_Attachment]) -> _Attachment:
    tables = [a for a in attachments if _is_force_table(a)]
    if not tables:
        offered = ", ".join(attachment.filename for attachment in attachments[:10]) or "nothing"
        raise RequestError(
            f"GOV.UK: no table of police force areas from March 2013 onwards on the page; it offers {offered}; "
            "fetch the workbook by hand and use `analysis data add FILE`"
        )
    return max(tables, key=lambda table: added.release_date(table.filename))


def _is_force_table(attachment: _Attachment) -> bool:
    name, title = attachment.filename.casefold(), attachment.title.casefold()
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,150}", name) or Path(name).suffix not in workbook.SUFFIXES:
        return False
    by_name = "pfa" in name and "mar2013" in name.replace("-", "").replace("_", "")
    return by_name or ("police force area" in title and "march 2013 onwards" in title)


@dataclass(frozen=True)
class _Fetch:
    """Downloads files from GOV.UK and from nowhere else."""

    base: str
    folder: Path
    show_progress: bool
    waits: tuple[float, ...]

    def __call__(self, url: str, name: str, *, most: int) -> Path:
        self._check_address(url)
        for wait in (*self.waits, None):
            try:
                return self._try(url, name, most)
            except OSError as error:  # requests' errors are of this kind
                if error.errno in files.NO_ROOM:
                    raise files.unwritable(self.folder / name, error, option="TMPDIR") from error
                if wait is None or not _may_pass(error):
                    raise _failed(url, error) from error
                time.sleep(wait)
        raise AssertionError("unreachable")

    def _try(self, url: str, name: str, most: int) -> Path:
        path = self.folder / name
        # pooch leaves an answer open that it does not read to its end.
        with ExitStack() as answers, path.open("wb") as file:

            def check(response: Response, **_: Any) -> None:
                answers.callback(response.close)
                self._check_response(response, most)

            download = pooch.HTTPDownloader(progressbar=self.show_progress, timeout=_TIMEOUT, hooks={"response": check})
            download(url, _Bounded(file.write, url, most), None)
        return path

    def _check_address(self, url: str) -> None:
        there, home = urlsplit(url), urlsplit(self.base)
        if there.netloc not in {home.netloc, ASSETS}:
            raise RequestError(
                f"{url}: leads to another host than {home.netloc} or {ASSETS}; nothing was fetched from there"
            )
        if there.scheme != "https" and not (there.scheme == "http" and _is_loopback(there.hostname)):
            raise RequestError(f"{url}: must begin with https://")

    def _check_response(self, response: Response, most: int) -> None:
        """Look at an answer before a redirect is followed and before its body is read."""
        if response.is_redirect:
            self._check_address(urljoin(response.url, response.headers["location"]))
        elif response.ok:
            announced = response.headers.get("content-length", "")
            if announced.isdecimal() and int(announced) > most:
                raise _too_large(response.url, int(announced))
            if response.headers.get("content-type", "").startswith("text/html"):
                raise RequestError(f"{response.url}: sent a web page in place of the file; fetch the workbook by hand")


@dataclass
class _Bounded:
    """A file that takes no more than it may, however much is sent and however slowly."""

    put: Callable[[bytes], Any]
    url: str
    most: int

    def __post_init__(self) -> None:
        self._size, self._until = 0, time.monotonic() + _LONGEST

    def write(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self.most:
            raise _too_large(self.url, self._size)
        if time.monotonic() > self._until:
            raise RequestError(f"{self.url}: took longer than {_LONGEST // 60} minutes; try again later")
        self.put(piece)

    def flush(self) -> None:
        """Leave flushing to the file's own buffer."""


def _may_pass(error: OSError) -> bool:
    """Say whether trying again can help: the server's own failures and a broken line, not a refusal."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    return status is None or status >= 500


def _failed(url: str, error: OSError) -> RequestError:
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status is not None:
        return RequestError(f"{url}: the server answered {status}; try again later, or fetch the workbook by hand")
    return RequestError(
        f"{url}: could not be fetched whole ({type(error).__name__}); check the connection and try again"
    )


def _too_large(url: str, size: int) -> RequestError:
    return RequestError(f"{url}: {size / 2**20:,.0f} MB or more; a release is under {workbook.MOST_BYTES // 2**20} MB")


def _is_loopback(host: str | None) -> bool:
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost"
