"""Files of claims: what could be read, and a line for each thing that could not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from analysis import files
from analysis.claims import documents
from analysis.claims.documents import Problem, shown
from analysis.claims.models import Claim
from analysis.errors import ManyErrors, RequestError, one_line

_MOST_CLAIMS = 5000


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


def load(path: Path | str) -> Loaded:
    """Read a file of claims. A bad claim does not hide the others.

    Parameters
    ----------
    path
        A YAML file of the form that ``data/raw/claims.yaml`` shows.

    Returns
    -------
    Loaded
        Both what could be read and what could not; nothing is raised for the file's content.

    Examples
    --------
    >>> loaded = load(files.shipped("data", "raw", "claims.yaml"))
    >>> len(loaded.claims), loaded.errors
    (23, ())
    """
    path = Path(path)
    try:
        nodes = _claim_nodes(path)
    except RequestError as error:
        return Loaded((), (str(error),))
    claims: dict[str, Claim] = {}
    errors: list[str] = []
    for number, node in enumerate(nodes, 1):
        checked = documents.check(Claim, node)
        claim, problems = checked.value, list(checked.problems)
        if claim is not None and claim.id in claims:
            problems.append(Problem(documents.line_of(node, ["id"]), "id", "stands twice; give each claim its own"))
        errors.extend(_lines(path, node, number, problems))
        if claim is not None:
            claims.setdefault(claim.id, claim)
    return Loaded(tuple(claims.values()), tuple(errors))


def shipped() -> tuple[Claim, ...]:
    """Return the claims that the project ships: ``data/raw/claims.yaml``.

    Raises
    ------
    RequestError
        If any of them cannot be read.
    """
    loaded = load(files.shipped("data", "raw", "claims.yaml"))
    if loaded.errors:
        raise ManyErrors(list(loaded.errors))
    return loaded.claims


def _claim_nodes(path: Path) -> list[yaml.Node]:
    root = documents.compose(path)
    found = documents.entry(root, "claims")
    if not isinstance(root, yaml.MappingNode) or found is None:
        raise RequestError(f"{path}: line 1: holds no claims; write them as a list under 'claims:'")
    for key, _ in root.value:
        if key is not found[0]:
            raise RequestError(
                f"{path}: line {key.start_mark.line + 1}: {shown(key.value)} beside 'claims'; write one list of claims"
            )
    if not isinstance(found[1], yaml.SequenceNode) or not found[1].value:
        raise RequestError(f"{path}: line {found[0].start_mark.line + 1}: claims: write a list of at least one claim")
    if (number := len(found[1].value)) > _MOST_CLAIMS:
        raise RequestError(f"{path}: {number:,} claims; write several files of at most {_MOST_CLAIMS:,}")
    return list(found[1].value)


def _lines(path: Path, node: yaml.Node, number: int, problems: list[Problem]) -> Iterator[str]:
    found = documents.entry(node, "id")
    named = found is not None and isinstance(found[1], yaml.ScalarNode)
    name = f"claim {shown(found[1].value).strip(chr(39))}" if found is not None and named else f"claim {number}"
    for problem in problems:
        where = f"{problem.field}: " if problem.field else ""
        yield one_line(f"{path}: line {problem.line}: {name}: {where}{problem.message}")
