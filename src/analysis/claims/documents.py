"""Files of claims and the log of corrections: YAML that a person writes, with a line for each thing that cannot be read."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from analysis import files, reader
from analysis.claims.models import Claim
from analysis.errors import ManyErrors, RequestError, text_of

_MOST_BYTES = 1_000_000  # some two thousand claims; a file of that size is read in seconds
_REMEDY = "write it as data/raw/claims.yaml is written"


@dataclass(frozen=True)
class Correction:
    """One correction: when, of which claims, what was said, what is said now, and why; with a reply, word for word."""

    date: date
    claims: tuple[str, ...]
    said: str
    says: str
    reason: str
    reply: str | None = None


@dataclass(frozen=True)
class Corrections:
    """How to reply, and every correction so far, the newest first."""

    replies: str
    corrections: tuple[Correction, ...]


@dataclass(frozen=True)
class Loaded:
    """What a file of claims holds.

    Attributes
    ----------
    claims
        Those that could be read, in the order of the file.
    errors
        One line for each thing wrong: the file, the line, the claim's id, the field and what would be right.
    """

    claims: tuple[Claim, ...]
    errors: tuple[str, ...]


@dataclass(frozen=True)
class _File:
    """A file of claims, each as its nodes, so that a bad one leaves the others readable."""

    claims: tuple[yaml.Node, ...]


def load(path: Path | str) -> Loaded:
    """Read a file of claims. A bad claim does not hide the others.

    Parameters
    ----------
    path
        A YAML file of the form that ``data/raw/claims.yaml`` shows.

    Returns
    -------
    Loaded
        Both the claims that could be read and what is wrong with the others.

    Raises
    ------
    RequestError
        If no file is there, or it is no list of claims.

    Examples
    --------
    >>> from analysis import files
    >>> loaded = load(files.shipped("data", "raw", "claims.yaml"))
    >>> len(loaded.claims), loaded.errors
    (132, ())
    """
    path = path if isinstance(path, Path) else Path(text_of(path, "path", "give a file of claims"))
    root = reader.composed(files.text(path, most=_MOST_BYTES, right=_REMEDY), path, remedy=_REMEDY)
    nodes = reader.made(_File, root, str(path)).claims
    if not nodes:
        raise RequestError(f"{path}: line {root.start_mark.line + 1}: claims: found none; write a list of at least one")
    claims: dict[str, Claim] = {}
    errors: list[str] = []
    for number, node in enumerate(nodes, 1):
        try:
            claim = reader.made(Claim, node, str(path), f"claims.{number}")
            if claims.setdefault(claim.id, claim) is not claim:
                at = f"{path}: line {node.start_mark.line + 1}: claims.{number} ({claim.id})"
                raise RequestError(f"{at}: the id stands twice; give each claim its own")
        except RequestError as error:
            errors.append(str(error))
    return Loaded(tuple(claims.values()), tuple(errors))


def shipped() -> tuple[Claim, ...]:
    """Return the claims that the project ships: ``data/raw/claims.yaml``.

    Raises
    ------
    RequestError
        If any of them cannot be read.
    """
    return _whole(files.shipped("data", "raw", "claims.yaml"))


@functools.cache  # every page of a force asks for them, and each judgement
def _whole(path: Path) -> tuple[Claim, ...]:
    loaded = load(path)
    if loaded.errors:
        raise ManyErrors(list(loaded.errors))
    return loaded.claims


def load_corrections() -> Corrections:
    """Return the log that the project ships: ``data/raw/corrections.yaml``.

    Raises
    ------
    RequestError
        If it is not of the form that its header explains.

    Examples
    --------
    >>> len(load_corrections().replies) > 0
    True
    """
    return reader.read(files.shipped("data", "raw", "corrections.yaml"), Corrections)
