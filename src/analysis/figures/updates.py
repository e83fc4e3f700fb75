"""Fetches the newest release from GOV.UK."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from pydantic import BaseModel, ValidationError
from tqdm import tqdm

from analysis.errors import RequestError
from analysis.figures import added, verification, workbook
from analysis.figures.added import DATA_SET, GOVUK, Addition
from analysis.figures.register import load_register
from analysis.progress import within

ASSETS = "assets.publishing.service.gov.uk"
PAGE = f"/api/content{DATA_SET}"

_TIMEOUT = (10, 30)  # seconds to connect, and between two pieces
_LONGEST = 900  # seconds for everything, however slowly it comes
_WAITS = (1.0, 3.0)  # seconds before the second and the third try
_MOST_ANSWER = 10 * 2**20
_PIECE = 2**18
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}  # where a test's own server listens


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


class _Attachment(BaseModel):
    title: str = ""
    filename: str = ""  # a web page among the attachments has none
    url: str = ""
    file_size: int | None = None


class _Details(BaseModel):
    attachments: list[_Attachment]


class _Page(BaseModel):
    details: _Details


def update(
    *,
    base: str | None = None,
    as_it_is: bool = False,
    show_progress: bool = False,
    waits: tuple[float, ...] = _WAITS,
) -> Update:
    """Ask GOV.UK for the newest table of police force areas, and add it if it is not held.

    Parameters
    ----------
    base
        GOV.UK's address; by default the environment variable ``ANALYSIS_GOVUK``, or ``https://www.gov.uk``.
    as_it_is
        Whether to take the table though it is far from what is held; see :func:`analysis.figures.added.add`.
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
        If GOV.UK cannot be reached or takes too long, the page is not as it was, or what comes is not the workbook.
        Nothing that is held has changed then.
    """
    base = (base or os.environ.get("ANALYSIS_GOVUK") or GOVUK).rstrip("/")
    fetch = _Fetch(base, show_progress, waits)
    late = f"{base}: took longer than {_LONGEST / 60:.0f} minutes; try again later, or fetch the workbook by hand"
    newest, url, content = within(_LONGEST, lambda: _fetched(fetch, base + PAGE), late=late)
    if content is None:
        return Update(newest.filename, None)
    obtained = f"Downloaded from {url}."
    return Update(newest.filename, added.add_content(content, newest.filename, obtained, as_it_is=as_it_is))


def _fetched(fetch: _Fetch, page: str) -> tuple[_Attachment, str, bytes | None]:
    """Return the newest table that GOV.UK offers, its address, and its content unless its date is held already."""
    newest = _newest(fetch, page)
    url, day = urljoin(page, newest.url), verification.release_date(newest.filename)
    if any(release.id == day.isoformat() for release in load_register().releases):
        return newest, url, None
    if (size := newest.file_size or 0) > workbook.MOST_BYTES:
        raise _too_large(url, size)
    return newest, url, fetch(url, most=workbook.MOST_BYTES)


def _newest(fetch: _Fetch, page: str) -> _Attachment:
    """Find the newest table in the content API's answer about the page."""
    by_hand = "fetch the workbook by hand and use `analysis data add FILE`"
    try:
        attachments = _Page.model_validate_json(fetch(page, most=_MOST_ANSWER)).details.attachments
    except ValidationError as error:
        raise RequestError(
            f"{page}: is not as it was when this was written; {by_hand} "
            "(its answer has no details.attachments of the known form)"
        ) from error
    tables = [attachment for attachment in attachments if _is_force_table(attachment)]
    if not tables:
        offered = (
            ", ".join([attachment.filename for attachment in attachments if attachment.filename][:10]) or "nothing"
        )
        raise RequestError(
            "GOV.UK: no table of police force areas from March 2013 onwards on the page; "
            f"it offers {offered}; {by_hand}"
        )
    dated = [table for table in tables if verification.date_in(table.filename)] or tables
    return max(dated, key=lambda table: verification.release_date(table.filename))


def _is_force_table(attachment: _Attachment) -> bool:
    name, title = attachment.filename.casefold(), attachment.title.casefold()
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,150}", name) or Path(name).suffix not in workbook.SUFFIXES:
        return False
    by_name = "pfa" in name and "mar2013" in name.replace("-", "").replace("_", "")
    return by_name or ("police force area" in title and "march 2013 onwards" in title)


@dataclass(frozen=True)
class _Fetch:
    """Downloads from GOV.UK and from nowhere else."""

    base: str
    show_progress: bool
    waits: tuple[float, ...]

    def __call__(self, url: str, *, most: int) -> bytes:
        self._check_address(url)
        waits = iter(self.waits)
        while True:
            try:
                return self._try(url, most)
            except RequestError:
                raise
            except (
                OSError,
                ValueError,
            ) as error:  # requests' errors are of these kinds, and what lies below raises others
                status = getattr(getattr(error, "response", None), "status_code", None)
                refuses = status is not None and status < 500  # the server's own failures and a broken line may pass
                if refuses or (wait := next(waits, None)) is None:
                    says = (
                        f"the server answered {status}; try again later, or fetch the workbook by hand"
                        if status
                        else f"could not be fetched whole ({type(error).__name__}); check the connection and try again"
                    )
                    raise RequestError(f"{url}: {says}") from error
            time.sleep(wait)

    def _try(self, url: str, most: int) -> bytes:
        content = bytearray()

        def check_redirect(response: requests.Response, **_: Any) -> None:
            if response.is_redirect:
                response.close()  # nothing of it is wanted but where it leads
                self._check_address(response.headers["location"], response.url)

        with requests.get(url, stream=True, timeout=_TIMEOUT, hooks={"response": check_redirect}) as response:
            response.raise_for_status()
            if response.headers.get("content-type", "").startswith("text/html"):
                raise RequestError(f"{response.url}: sent a web page in place of the file; fetch the workbook by hand")
            if (size := response.raw.length_remaining or 0) > most:  # as announced
                raise _too_large(response.url, size)
            with tqdm(total=size or None, unit="B", unit_scale=True, disable=not self.show_progress) as shown:
                for piece in response.iter_content(_PIECE):
                    content += piece
                    shown.update(len(piece))
                    if len(content) > most:
                        raise _too_large(url, len(content))
        return bytes(content)

    def _check_address(self, url: str, at: str = "") -> None:
        try:
            url = urljoin(at, url)
            there, home = urlsplit(url), urlsplit(self.base)
        except ValueError as error:
            raise RequestError(f"{url}: is no address ({error}); fetch the workbook by hand") from error
        if there.netloc not in {home.netloc, ASSETS}:
            raise RequestError(
                f"{url}: leads to another host than {home.netloc} or {ASSETS}; nothing was fetched from there"
            )
        if there.scheme != "https" and not (there.scheme == "http" and there.hostname in _LOOPBACK):
            raise RequestError(f"{url}: must begin with https://")


def _too_large(url: str, size: int) -> RequestError:
    return RequestError(f"{url}: {size / 2**20:,.0f} MB or more; a release is under {workbook.MOST_BYTES // 2**20} MB")
