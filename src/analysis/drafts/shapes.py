"""Shapes of tagged sentences: which count is set against which, and which are parts of one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.drafts import changes
from analysis.drafts.tagging import Tagged

_GAP = r"(?:[^<]|<[^N]\d*>)*?"  # anything but another count
_SMALL = r"(?: (?:just|only|a mere|the|a|some|around|about|nearly|almost|more than|over|fewer than|total|of|record))*"
_CURRENT, _BASE = r"<N(?P<current>\d+)>", r"<N(?P<base>\d+)>"
_MOVED = rf"(?:\b{changes.UP}\b|\b{changes.DOWN}\b|\bcompar(?:ed|ing|ison)\b|<C\d+>)"


@dataclass(frozen=True)
class Pair:
    """A shape in which one count is set against another of the same area.

    Attributes
    ----------
    name
        How the two stand.
    pattern
        Over the tagged sentence, with the groups ``current`` and ``base``.
    example, gives
        A sentence, and its current and baseline count.
    """

    name: str
    pattern: re.Pattern[str]
    example: str
    gives: tuple[int, int]


def _pair(name: str, pattern: str, example: str, *gives: int) -> Pair:
    return Pair(name, re.compile(pattern, re.IGNORECASE), example, (gives[0], gives[1]))


PAIRS: tuple[Pair, ...] = (
    _pair("from one to another", rf"\bfrom{_SMALL} {_BASE}{_GAP}\bto{_SMALL} {_CURRENT}", "Offences in Kent rose from 25 to 42.", 42, 25),
    _pair("to one from another", rf"\bto{_SMALL} {_CURRENT}{_GAP}\bfrom{_SMALL} {_BASE}", "Offences in Kent rose to 42 from 25.", 42, 25),
    _pair("one, rising to another", rf"{_BASE}{_GAP}\b(?:rising|increasing|jumping|climbing|falling|dropping|rose|increased|grew|fell|dropped|jumped){_GAP} to{_SMALL} {_CURRENT}", "There were 25 offences, rising to 42.", 42, 25),
    _pair("one, up from another", rf"{_CURRENT}{_GAP}{_MOVED}{_GAP}\b(?:from|with|to|on|than|against){_SMALL} {_BASE}", "There were 42 offences, up from 25.", 42, 25),
    _pair("a multiple of another", rf"{_CURRENT}{_GAP}<C\d+> (?:the|on the|than the|that of the)? ?{_BASE}", "There were 42 offences, more than double the 20 of 2015/16.", 42, 20),
    _pair("one, up since there were another", rf"{_CURRENT}{_GAP}{_MOVED}{_GAP}<[SPB]\d+>,? when{_GAP} {_BASE}", "There were 42 offences, up since 2015/16, when there were 25.", 42, 25),
    _pair("one against another", rf"{_CURRENT}{_GAP}\b(?:against|versus|down from|up from|after){_SMALL} {_BASE}", "There were 42 offences, against 25.", 42, 25),
    _pair("one, and another before", rf"{_CURRENT}{_GAP}(?:,|\band\b|\bbut\b|\(|\bwhile\b|;| - )[^<]{{0,25}}{_BASE}[^<]{{0,20}}<B\d+>", "There were 42 offences, and 25 the year before.", 42, 25),
)  # fmt: skip
_PART_AFTER = r"<A\d+>[^<]{0,25}<N\d+>\)?"
_PART_BEFORE = r"<N\d+>(?: offences| were| recorded)* (?:in|by|from) (?:the )?<A\d+>"
_LIST = re.compile(rf"(?:{_PART_AFTER}[^<]{{0,24}}){{2,}}|(?:{_PART_BEFORE}[^<]{{0,8}}){{2,}}")
_CLAUSE = re.compile(r";|\bwhile\b|\bwhereas\b|\bbut\b|\. ")
_LEANS = re.compile(
    rf"\W*(?:this|that|it|the (?:figure|number|total)) (?:[a-z]+ ){{0,3}}?(?:{changes.UP}|{changes.DOWN}|compar\w+|an?(?: \w+)? (?:{changes.UP}|{changes.DOWN})|<C\d+>)"
    rf"[^.]*?<N(\d+)>",
    re.IGNORECASE,
)
_SOME_ONLY = re.compile(r"\b(?:includ\w+|of which|of these|among)\b[^<]*$", re.IGNORECASE)


def pairs(tagged: Tagged) -> list[tuple[int, int, str]]:
    """Return each current count with its baseline, and the words that set them against each other.

    Examples
    --------
    >>> from analysis.drafts.tagging import tag
    >>> pairs(tag("Kent Police recorded 42 offences in 2016/17, up from 25 the year before."))[0][:2]
    (0, 1)
    """
    found: list[tuple[int, int, str]] = []
    used: set[int] = set()
    for shape in PAIRS:
        for match in shape.pattern.finditer(tagged.text):
            current, base = int(match["current"]), int(match["base"])
            if used & {current, base} or _elsewhere(tagged.text, match):
                continue
            used |= {current, base}
            words = (
                _CLAUSE.split(tagged.text[: match.start()])[-1][-60:]
                + match[0]
                + tagged.text[match.end() : match.end() + 30]
            )
            found.append((current, base, re.sub(r"<[A-Z]\d*>", "", words)))
    return found


def leaning(tagged: Tagged) -> int | None:
    """Return the one count of a sentence that sets the count before it against another, or None.

    Examples
    --------
    >>> from analysis.drafts.tagging import tag
    >>> leaning(tag("That compares with 16 in 2016/17.")), leaning(tag("It recorded 16 offences."))
    (0, None)
    """
    match = _LEANS.match(tagged.text)
    if match is None or len(re.findall(r"<N\d+>", tagged.text)) != 1:
        return None
    before = tagged.text[: match.start(1)]
    return None if re.search(rf"\bto{_SMALL} <N$", before) else int(match[1])


def parts(tagged: Tagged) -> tuple[list[tuple[int, int]], bool]:
    """Return the areas and counts of a list, and whether it gives some of the areas only.

    Examples
    --------
    >>> from analysis.drafts.tagging import tag
    >>> parts(tag("They recorded 173 offences: Cleveland 62, Durham 92 and Northumbria 19."))
    ([(0, 1), (1, 2), (2, 3)], False)
    """
    match = _LIST.search(tagged.text)
    if match is None:
        return [], False
    numbers, places = (re.findall(rf"<{letter}(\d+)>", match[0]) for letter in "NA")
    listed = [(int(place), int(number)) for place, number in zip(places, numbers, strict=False)]
    return listed, bool(_SOME_ONLY.search(tagged.text[: match.start()]))


def _elsewhere(text: str, match: re.Match[str]) -> bool:
    """Say whether the second count is of another area: "33 in Kent, compared with 150 in Essex"."""
    second = max(match.end("current"), match.end("base"))
    return (
        bool(re.match(r"> (?:offences )?(?:in|by|for) (?:the )?<A\d+>", text[second:])) and "<A" in text[: match.end()]
    )
