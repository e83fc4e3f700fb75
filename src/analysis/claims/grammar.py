"""Words that texts are read by, as a file writes them: expressions and tables of rules, made of pieces that have names."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

from pydantic import Field

from analysis.terms import models


class Rule(models.Entry):
    """Words that a table knows, in any case: the head of ``spans.yaml`` explains each field."""

    name: str
    words: str
    example: str = ""
    gives: Any = None
    role: str = ""
    read: str = ""
    relation: str = ""
    months: int | None = None
    starts: int = 0
    moved: int = 0

    @functools.cached_property
    def pattern(self) -> re.Pattern[str]:
        """The words to look for."""
        return re.compile(self.words, re.IGNORECASE)


class Grammar(models.Entry):
    """Expressions, tables of rules in which what one has read the next does not read again, and what is no expression: names, and texts."""

    pieces: dict[str, str]
    patterns: dict[str, str]
    tables: dict[str, tuple[Rule, ...]]
    texts: dict[str, str] = Field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = Field(default_factory=dict)


def read(path: Path, **pieces: str) -> Grammar:
    """Return the grammar of a file, every ``{PIECE}`` written out: one of the file's own, or one of those given.

    Each piece of the file is there a second time as ``{LAST_PIECE}``, for the end of a span, its groups named so too.
    """
    found = models.read(path, Grammar)

    def written_out(words: str) -> str:
        return re.sub(r"\{([A-Z_]+)\}", lambda name: pieces[name[1]], words)

    for name, words in found.pieces.items():
        pieces[name] = written_out(words)
        pieces.setdefault(f"LAST_{name}", pieces[name].replace("(?P<", "(?P<last_"))
    patterns = {name: written_out(words) for name, words in found.patterns.items()}
    tables = {
        name: tuple(rule.model_copy(update={"words": written_out(rule.words)}) for rule in rules)
        for name, rules in found.tables.items()
    }
    return found.model_copy(update={"pieces": pieces, "patterns": patterns, "tables": tables})
