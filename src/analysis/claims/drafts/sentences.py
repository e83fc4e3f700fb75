"""An article as sentences: paragraphs, headlines and bullets, and the date and address that it gives itself."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from datetime import date

from analysis.terms.periods import MONTHS

_LONGEST = 600
_HEADLINE, _RAGGED = 60, 15  # letters of a line that may be a headline, and that an editor may leave free at its end
_BULLET = re.compile(r"^\s*(?:[-*•·‣▪–—]|\d{1,2}[.)])\s+(?=\S)")
_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“‘(]*[A-Z0-9])")
_ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Rev|Prof|Insp|Det|Supt|Sgt|No|vs|approx|e\.g|i\.e|c|s|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)|\b[A-Z])\.$")  # fmt: skip
_MONTH = rf"(?:{'|'.join(MONTHS)}|{'|'.join(month[:3] for month in MONTHS)}|Sept)\.?"
_DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH},? \d{{4}}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}[/.]\d{4})"
)
_WEEKDAY = r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? )?"
_TIME = r"(?:,?(?: at)? \d{1,2}[:.]\d{2}(?: ?[ap]m)?(?: (?:GMT|BST))?)?"
_LABELLED = re.compile(rf"\b(?:published|posted|date|released|press release|embargo(?:ed)?(?: until)?|updated)\b[^.\n]{{0,25}}?({_DATE})", re.I)  # fmt: skip
_ALONE = re.compile(rf"^\W*(?:[\w ,]{{0,40}}[|•·-] ?)?{_WEEKDAY}({_DATE}){_TIME}\W*$", re.I)
_PLAIN = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "−": "-", "‑": "-", "\N{NO-BREAK SPACE}": " ", "“": '"', "”": '"'})  # fmt: skip


@dataclass(frozen=True)
class Sentence:
    """A sentence, headline or bullet.

    Attributes
    ----------
    quote
        As the article has it, on one line.
    plain
        The same length, with plain hyphens and quotation marks.
    is_whole
        Whether it is all of the sentence, and no piece of one too long to be read.
    """

    quote: str
    plain: str
    is_whole: bool = True


def split(text: str) -> list[Sentence]:
    r"""Return the sentences of a text; a line that ends a paragraph, a headline or a bullet ends one too.

    Examples
    --------
    >>> [found.quote for found in split("Rise in Kent\n\n• Kent: 33\nMr. X said no. “It rose.” It did.")]
    ['Rise in Kent', 'Kent: 33', 'Mr. X said no.', '“It rose.”', 'It did.']
    """
    found = [
        _sentence(piece, whole) for block in _blocks(text) for whole in _sentences(block) for piece in _pieces(whole)
    ]
    return [sentence for sentence in found if not _ALONE.match(sentence.plain)]


def publication_date(text: str) -> date | None:
    """Return the date that a text gives as its own: beside "published" or the like, or alone on a line.

    Examples
    --------
    >>> publication_date("Published: Thursday, 26th April 2018, 10:02")
    datetime.date(2018, 4, 26)
    >>> publication_date("The law began on 3 April 2017.")
    """
    plain = text.translate(_PLAIN)
    found = _LABELLED.search(plain) or next(filter(None, map(_ALONE.match, map(str.strip, plain.splitlines()))), None)
    if found is None:
        return None
    from dateutil import parser

    words = found[1]
    try:
        return parser.parse(words, dayfirst=not re.match(r"\d{4}-", words)).date()
    except ValueError:
        return None


def address(text: str) -> str | None:
    """Return the address that a text names as its source: beside "source", or alone on a line.

    Examples
    --------
    >>> address("Source: https://example.org/33"), address("See https://example.org for help.")
    ('https://example.org/33', None)
    """
    found = re.search(r"(?im)^\s*(?:source|url|link|from)?:?\s*(https?://\S+)\s*$", text)
    return found[1] if found else None


def _blocks(text: str) -> list[str]:
    """Return what stands together: lines wrapped by an editor belong to one paragraph, bullets and headlines do not."""
    lines = text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}").splitlines()
    width = max(map(len, lines), default=0)
    blocks: list[str] = []
    before = ""
    for line in lines:
        bullet = _BULLET.match(line)
        words = " ".join(_BULLET.sub("", line).split())
        if before and words and not bullet and _is_wrapped(before, words, width):
            blocks[-1] += f" {words}"
        elif words:
            blocks.append(words)
        before = words
    return blocks


def _is_wrapped(before: str, line: str, width: int) -> bool:
    """Say whether a line goes on with the one before: it begins so, or that one had no room for its first word."""
    if line[0].islower():
        return True
    return len(before) > _HEADLINE and len(before) + len(line.split(maxsplit=1)[0]) > width - _RAGGED


def _sentences(block: str) -> list[str]:
    found, start = [], 0
    for end in _END.finditer(block):
        if _ABBREVIATION.search(block[start : end.start()]):
            continue
        found.append(block[start : end.end()].strip())
        start = end.end()
    return [*found, block[start:].strip()]


def _pieces(sentence: str) -> list[str]:
    """Return a sentence in pieces that a rule can search at once; none of the press is longer than one."""
    return textwrap.wrap(sentence, _LONGEST) or [sentence]


def _sentence(piece: str, whole: str) -> Sentence:
    return Sentence(piece, piece.translate(_PLAIN), is_whole=piece == whole)
