"""An article and its sentences: the day and address that it gives itself, who counted, and what a sentence is about."""

from __future__ import annotations

import functools
import textwrap
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TextIO

from analysis import nodes
from analysis.claims.drafts.fields import Field
from analysis.claims.drafts.offences import Named, is_other
from analysis.claims.drafts.words import PATTERNS, TABLES
from analysis.errors import RequestError

MOST_BYTES = 40_000  # some seven thousand words: no article is longer, and any text is read within seconds
_LONGEST = 600  # letters that a rule can search at once; no sentence of the press is longer
_HEADLINE, _RAGGED = 60, 15  # letters of a line that may be a headline, and that an editor may leave free at its end
_PLAIN = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "−": "-", "‑": "-", "\N{NO-BREAK SPACE}": " ", "“": '"', "”": '"'})  # fmt: skip


@dataclass(frozen=True)
class Sentence:
    """A sentence, headline or bullet: as the article has it, and as long with plain hyphens and quotation marks."""

    quote: str
    plain: str


def read(name: str, standard_input: TextIO | None) -> str:
    """Return the text of an article.

    Parameters
    ----------
    name
        A path, or ``-`` for standard input.
    standard_input
        What ``-`` stands for; None where it is closed.

    Returns
    -------
    str

    Raises
    ------
    RequestError
        If it cannot be read, is larger than :data:`MOST_BYTES`, or is not text in UTF-8.
    """
    try:
        if name == "-":
            if standard_input is None or standard_input.closed:
                raise RequestError("-: standard input is closed; give a plain-text file, or text on standard input")
            content = standard_input.buffer.read(MOST_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise RequestError(f"{name}: cannot be read ({error.strerror}); give a plain-text file, or -") from None
    text = nodes.decoded(content, name, most=MOST_BYTES, instead="give the text of one article")
    if "\0" in text:
        raise RequestError(f"{name}: holds a zero byte, so it is not plain text; save it as plain text in UTF-8")
    return text


def sentences(text: str) -> list[Sentence]:
    r"""Return the sentences of a text; a line that ends a paragraph, a headline or a bullet ends one too.

    Examples
    --------
    >>> [found.quote for found in sentences("Rise in Kent\n\n• Kent: 33\nMr. X said no. “It rose.” It did.")]
    ['Rise in Kent', 'Kent: 33', 'Mr. X said no.', '“It rose.”', 'It did.']
    """
    whole = (sentence for block in _blocks(text) for sentence in _split(block))
    pieces = (piece for sentence in whole for piece in textwrap.wrap(sentence, _LONGEST))
    found = (Sentence(piece, piece.translate(_PLAIN)) for piece in pieces)
    return [
        sentence for sentence in found if not ((own := PATTERNS["own line"].match(sentence.plain)) and _day(own[1]))
    ]


def published(text: str) -> Field:
    """Return the day that a text gives as its own: beside "published" or the like, or alone on a line.

    Examples
    --------
    >>> published("Published: Thursday, 26th April 2018, 10:02 Updated: 3 May 2019")
    Field(value='2018-04-26', quote='Thursday, 26th April 2018, 10:02', others=(), note='')
    >>> published("The law began on 3 April 2017.").value
    """
    lines = _lines(text)
    for pattern in (PATTERNS["own date"], PATTERNS["own line"]):
        for match in filter(None, map(pattern.search, lines)):
            if day := _day(match[1]):
                return Field(day.isoformat(), match[1].strip(" ,."))
    return Field(note="the text gives no day of its own; write it, or give it with --published")


def source(text: str) -> Field:
    """Return the address that a text names as its source: beside "source", or alone on a line.

    Examples
    --------
    >>> source("Source: https://example.org/33").value, source("See https://example.org for help.").note
    ('https://example.org/33', 'the text gives no address of its own')
    """
    found = next(filter(None, map(PATTERNS["address"].search, _lines(text))), None)
    return Field(found[1], found[0]) if found else Field("not known", note="the text gives no address of its own")


def is_elsewhere(sentence: str, names: Named) -> bool:
    """Say whether a sentence is about something other than recorded offences of one kind.

    Examples
    --------
    >>> from analysis.claims.drafts.offences import named
    >>> told = ("Hate crimes rose to 33.", "Calls to the helpline about rape rose to 33.", "There were 33 rapes.")
    >>> [is_elsewhere(sentence, named(sentence)) for sentence in told]
    [True, True, False]
    """
    if is_other(sentence, names) or (PATTERNS["court"].search(sentence) and not PATTERNS["recorded"].search(sentence)):
        return True
    return bool(PATTERNS["no offence"].search(sentence)) and not PATTERNS["offences"].search(sentence)


def basis(text: str, *, is_part: bool = False) -> Field:
    """Return whose figures an article uses: who counted is asked first, who is named as a source second.

    Where nobody is named, they are the tables', but for a part of a code, which the tables do not count apart.

    Examples
    --------
    >>> basis("Home Office figures show").value, basis("the NSPCC said").value, basis("A council met").note
    ('home-office', 'foi', 'the text does not say who counted')
    """
    found = [(rule.name, match[0]) for rule in TABLES["basis"] if (match := rule.pattern.search(text))]
    if not found:
        likelier, other = ("foi", "home-office") if is_part else ("home-office", "foi")
        return Field(likelier, "", (other,), "the text does not say who counted")
    return Field(*found[0], tuple(dict.fromkeys(value for value, _ in found if value != found[0][0])))


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.translate(_PLAIN).splitlines()]


@functools.lru_cache(maxsize=1000)
def _day(words: str) -> date | None:
    import dateparser  # the command must not wait for it where no draft is made

    known = {"RELATIVE_BASE": datetime(2000, 1, 1), "DATE_ORDER": "DMY", "REQUIRE_PARTS": ["day", "month", "year"]}  # noqa: DTZ001
    found = dateparser.parse(words.strip(" ,."), languages=["en"], settings=known)
    return found.date() if found and 1900 <= found.year <= 2099 else None


def _blocks(text: str) -> list[str]:
    """Return what stands together: lines wrapped by an editor belong to one paragraph, bullets and headlines do not."""
    lines = text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}").splitlines()
    width = max(map(len, lines), default=0)
    blocks: list[list[str]] = []
    before = ""
    for line in lines:
        bullet = PATTERNS["bullet"].match(line)
        words = " ".join(PATTERNS["bullet"].sub("", line).split())
        if before and words and not bullet and _is_wrapped(before, words, width):
            blocks[-1].append(words)
        elif words:
            blocks.append([words])
        before = words
    return [" ".join(block) for block in blocks]


def _is_wrapped(before: str, line: str, width: int) -> bool:
    """Say whether a line goes on with the one before: it begins so, or that one had no room for its first word."""
    if line[0].islower():
        return True
    return len(before) > _HEADLINE and len(before) + len(line.split(maxsplit=1)[0]) > width - _RAGGED


def _split(block: str) -> list[str]:
    found, start = [], 0
    for end in PATTERNS["end"].finditer(block):
        if not PATTERNS["abbreviation"].search(block[max(start, end.start() - 10) : end.start()]):
            found.append(block[start : end.end()].strip())
            start = end.end()
    return [*found, block[start:].strip()]
