"""The page of a file of claims: one HTML file that needs no other, with the pieces and the look of ``claims.html``."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from analysis import files
from analysis.claims import Judgement
from analysis.claims.check import Checked
from analysis.errors import RequestError
from analysis.figures.register import load_register
from analysis.publish.identity import helplines, publisher
from analysis.publish.pages import Page
from analysis.publish.parameters import ReleaseParameters
from analysis.publish.rendering import shown, to_html
from analysis.report import published
from analysis.report.view import View

OPTION = "--html"
_MARK = b'<meta name="generator" content="analysis claims">'  # by which a page is known as one of ours
_FAR_IN = 4000  # bytes within which it stands


def require_ours(path: Path) -> None:
    """Refuse to replace what is no page that :func:`write` made.

    Raises
    ------
    RequestError
        If the path is a folder, a link, or a file of somebody else's.
    """
    if path.is_dir():
        raise RequestError(f"{OPTION}: {path} is a folder; give the name of a file, such as {path / 'claims.html'}")
    if not os.path.lexists(path):
        return
    is_ours = False
    with suppress(OSError):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                is_ours = _MARK in file.read(_FAR_IN)
    if not is_ours:
        raise RequestError(f"{OPTION}: {path} is there, and is no page that this command made; give another name")


def write(made: Sequence[Judgement] | Checked, path: Path) -> None:
    """Write the page of some judgements, or of a checked article, whole or not at all.

    Raises
    ------
    RequestError
        If something else stands there, or the file cannot be written.
    """
    from analysis.report import checked

    require_ours(path)
    content = checked.page(made).encode() if isinstance(made, Checked) else page(made)
    files.write_whole(path, content, option=OPTION)


def page(judgements: Sequence[Judgement]) -> bytes:
    """Return the page of some judgements, as one HTML file."""
    parts: tuple[str | View, ...] = (
        published.masthead(judgements), published.introduction(judgements),
        "## Verdicts", published.summary(judgements),
        "## What several claims share", published.notes(judgements),
        "## Claim by claim", published.articles(judgements),
        "## What the verdicts mean", published.meanings(),
        "## What these figures do not say", published.limits(judgements),
        "## Where this comes from", published.consulted(judgements),
    )  # fmt: skip
    newest = judgements[0].newest.id
    about = Page("index", "claims", "claims_report", ReleaseParameters(release=newest))
    concerned = (judgement.claim.counted_as for judgement in judgements)
    told = {"digest": "", "publisher": publisher(load_register(), newest), "helplines": helplines(concerned)}
    return to_html(about, shown(*parts), told)
