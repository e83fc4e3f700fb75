"""The words that a draft is read from, as ``words.yaml`` holds them: expressions, and tables of rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from analysis import files
from analysis.claims.amounts import BOUNDS, MULTIPLES, PERCENTAGES
from analysis.claims.drafts.offences import nouns
from analysis.claims.spans import Rule
from analysis.terms import models
from analysis.terms.language import MONTH, NUMBER


class _Row(models.Entry):
    name: str
    words: str
    example: str
    gives: Any = None
    read: str = ""


class _Words(models.Entry):
    pieces: dict[str, str]
    patterns: dict[str, str]
    tables: dict[str, tuple[_Row, ...]]


def _longest_first(names: dict[str, Any]) -> str:
    return "|".join(sorted((name.replace(" ", "[ -]") for name in names), key=len, reverse=True))


_READ = models.read(files.PACKAGE / "claims" / "drafts" / "words.yaml", _Words)
PIECES = {"N": NUMBER, "NOUNS": nouns(), "MONTH": MONTH}
PIECES |= {
    "BOUNDS": _longest_first(BOUNDS),
    "PERCENTAGES": _longest_first(PERCENTAGES),
    "MULTIPLES": "|".join(MULTIPLES),
}


def _written_out(words: str) -> str:
    return re.sub(r"\{([A-Z_]+)\}", lambda name: PIECES[name[1]], words)


for _name, _words in _READ.pieces.items():
    PIECES[_name] = _written_out(_words)
PATTERNS = {name: re.compile(_written_out(words)) for name, words in _READ.patterns.items()}


def rules(table: str, readers: Mapping[str, Callable[[re.Match[str]], Any]] | None = None) -> tuple[Rule, ...]:
    """Return a table of rules, each with its reader where it names one.

    Examples
    --------
    >>> rules("counts")[0].name
    'offences follow'
    """
    given = {"": lambda _: None, **(readers or {})}
    rows = _READ.tables[table]
    return tuple(Rule(row.name, _written_out(row.words), row.example, row.gives, given[row.read]) for row in rows)
