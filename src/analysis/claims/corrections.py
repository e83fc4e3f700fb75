"""The log of corrections to verdicts, and how to reply."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from analysis import files
from analysis.claims import documents
from analysis.claims.models import Fields, Identifier, PublicationDate, Published, Text
from analysis.errors import ManyErrors


def _whole_date(value: PublicationDate) -> PublicationDate:
    if value.day is None:
        raise ValueError(f"found {value.words}; write the day too, such as 2026-05-01")
    return value


class Correction(Fields):
    """One correction: when, of which claim, what was said, what is said now, and why; with a reply, word for word."""

    date: Annotated[Published, AfterValidator(_whole_date)]
    claim: Identifier
    said: Text
    says: Text
    reason: Text
    reply: Text | None = None


class Corrections(Fields):
    """How to reply, and every correction so far, the newest first."""

    replies: Text
    corrections: tuple[Correction, ...]


def load_corrections() -> Corrections:
    """Return the log that the project ships: ``data/raw/corrections.yaml``.

    Raises
    ------
    RequestError
        If it is not of the form that its header explains; a line for each thing wrong.

    Examples
    --------
    >>> len(load_corrections().replies) > 0
    True
    """
    path = files.shipped("data", "raw", "corrections.yaml")
    checked = documents.check(Corrections, documents.compose(path))
    if checked.value is None:
        raise ManyErrors([f"{path}: line {each.line}: {each.field}: {each.message}" for each in checked.problems])
    return checked.value
