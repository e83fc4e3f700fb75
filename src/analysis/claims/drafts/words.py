"""The words that a draft is read from, as ``words.yaml`` holds them, with those of the offences known."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from analysis import files
from analysis.claims import grammar
from analysis.claims.amounts import BOUNDS, MULTIPLES, PERCENTAGES
from analysis.terms import offences
from analysis.terms.numbers import MONTH, NUMBER

_EMPTY = {"", "a", "an", "the", "their"}


def key(words: str) -> str:
    """Return words as they are compared: in the singular, without articles and hyphens.

    Examples
    --------
    >>> key("the Thefts, from a vehicle"), key("anti-social burglaries")
    ('theft from vehicle', 'anti social burglary')
    """
    split = (word for word in re.split(r"[\s,-]+", words.casefold()) if word not in _EMPTY)
    return " ".join(word if len(word) < 4 else re.sub(r"(?<!s)s$", "", re.sub(r"ies$", "y", word)) for word in split)


@functools.cache
def nouns() -> str:
    """Return the words that a count is of, as a choice of a regular expression: ``offences``, ``burglaries``."""
    every = [one for one in offences.known().values() if one.noun and one.one]
    pairs = (pair for one in every for pair in zip(one.noun.split(), one.one.split(), strict=False))
    known = {name for one in every for name in (one.code, *one.aliases)}
    words = {plural for plural, single in pairs if plural != single and key(plural) == key(single)}
    words |= {f"{name}s" for name in known if f"{name}s" in known}
    usual = r"(?:offence|crime|case|incident|report|instance|allegation|attack)s?"
    return "|".join([usual, *sorted(words - {"offences", "crimes", "offenders", "weapons", "vehicles"})])


def _longest_first(names: Iterable[str]) -> str:
    return "|".join(sorted((name.replace(" ", "[ -]") for name in names), key=len, reverse=True))


_READ = grammar.read(
    files.PACKAGE / "claims" / "drafts" / "words.yaml",
    N=NUMBER,
    NOUNS=nouns(),
    MONTH=MONTH,
    BOUNDS=_longest_first(BOUNDS),
    PERCENTAGES=_longest_first(PERCENTAGES),
    MULTIPLES="|".join(MULTIPLES),
)
PIECES, NAMES, TABLES, TEXTS = _READ.pieces, _READ.names, _READ.tables, _READ.texts
PATTERNS = {name: re.compile(words) for name, words in _READ.patterns.items()}
