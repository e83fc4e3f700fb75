"""A sentence with what is known in it replaced by tags, so that rules can read its shape.

``Kent Police recorded 33 offences in 2016/17, up from five`` becomes ``<A0> recorded <N0> offences <P0>, up from <N1>``.
Tags: ``A`` area, ``N`` count, ``P`` period, ``B`` period before another, ``E`` two periods, ``S`` beginning, ``L``
length, ``C`` change, ``R`` rate, ``K`` answers of forces, ``H`` share, ``X`` anything else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from analysis.drafts import areas, changes, numerals, times
from analysis.drafts.areas import Name
from analysis.drafts.fields import Field
from analysis.drafts.times import Time

_ROLES = {"current": "P", "baseline": "B", "ends": "E", "since": "S", "span": "L", "none": "X"}
_KINDS = {"change": "C", "rate": "R", "coverage": "K", "share": "H"}
NOUN = r"(?:offences?|crimes?|cases?|incidents?|reports?|instances?|allegations?)"
_ADJECTIVE = (
    r"(?:recorded|grooming|online|child|children|sexual|sexually|sex|such|new|separate|alleged|suspected|further|individual|reported"
    r"|police|internet|communication|communications|with|similar|more|other|of|these|those|a|related|grooming-related|cyber|the|and|communicating)"
)
_HEDGE = (
    r"(?:more than|less than|fewer than|just over|just under|well over|over|under|nearly|almost|around|about|some"
    r"|approximately|roughly|at least|up to|close to)"
)
_BEFORE = rf"(?: (?:a total of|a record|just|only|{_HEDGE}|as many as|as few as|the|a|another|a further))*"
_AFTER = (
    r"(?=[,.;:)!?\"']|$| ?[-(]| <[PBESLACXHKR]| (?:in|between|from|since|during|over|across|such|and|compared|up|down|against|to|by"
    r"|last|this|while|but|whereas|offences|cases|crimes|on|of (?:these|those|them|the|which)|the|a year|for|after|as|-|were|was|recorded|at|"
    r"under|so|within|throughout|with)\b)"
)
_RECORD = (
    r"(?:record(?:ed|s|ing)?|logg(?:ed|ing)|dealt with|deal with|saw|seen|register(?:ed|ing)|investigat(?:ed|ing)|received|reported|had|has"
    r"|totalled|total(?:ling)? (?:of|was|is)|total of|stood at|stands at|figure (?:was|is|of|stood at)|number (?:was|of)|handled|there (?:were|was|have been|had been)"
    r"|counted|noted|accounted for|were|was|recording|tally of|reached|hit)"
)


_SAYS_WHAT = re.compile(rf"\b{NOUN}\b|\b(?:record|logg|regist)(?:ed|s|ing)?\b|dealt with|groom", re.IGNORECASE)


@dataclass(frozen=True)
class CountRule:
    """Where a number is a count of offences; ``#`` stands for the number.

    Attributes
    ----------
    name
        What shows it.
    pattern
        Over the tagged sentence.
    example, gives
        A sentence, and the counts in it.
    """

    name: str
    pattern: re.Pattern[str]
    example: str
    gives: tuple[int, ...]


def _count(name: str, pattern: str, example: str, *gives: int) -> CountRule:
    return CountRule(name, re.compile(pattern, re.IGNORECASE), example, gives)


_MOVED = rf"(?:{changes.UP}|{changes.DOWN}|compared|against|<C\d+>)"
COUNT_RULES: tuple[CountRule, ...] = (
    _count("offences follow", rf"#:?(?: {_ADJECTIVE}){{0,7}}? {NOUN}\b", "Kent had 1,220 online child grooming offences.", 1220),
    _count("recorded", rf"\b{_RECORD}{_BEFORE} #{_AFTER}", "Kent Police recorded 33 in 2016/17.", 33),
    _count("moved from", rf"\bfrom{_BEFORE} #{_AFTER}.*\bto{_BEFORE} <N|<N\d+>.*{_MOVED}.*\bfrom{_BEFORE} #{_AFTER}", "Offences rose from 25 to 42.", 25, 42),
    _count("moved to", rf"\b{_MOVED}.*\bto{_BEFORE} #{_AFTER}", "It rose by a third to 42.", 42),
    _count("came from", rf"{_MOVED}.*\b(?:from|than|with|to|against|on){_BEFORE} #{_AFTER}", "42 offences, up from 25.", 42, 25),
    _count("a multiple of", r"<C\d+> (?:(?:more|higher|up) )?(?:(?:than|on|from) )?(?:the )?#", "29 offences, more than double the twelve of a year before.", 29, 12),
    _count("against", rf"\b(?:against|compared (?:with|to)|versus|followed|following|after){_BEFORE} #{_AFTER}", "42 offences, against 25.", 42, 25),
    _count("a period follows", r"#,? (?:offences )?(?:in |for |during )?<[PBS]\d+>", "Kent Police dealt with 33, and 17 the year before.", 33, 17),
    _count("a period goes before", rf"<[PB]\d+>(?:,|:| it was| there were| the figure was)? \(?#\)?{_AFTER}", "The figure for Kent in 2016/17 was 17.", 17),
    _count("it took place", r"#(?: of (?:them|these|those))? (?:took place|happened|occurred|were recorded|were logged|were reported)\b", "Of 42 offences, 12 took place in lockdown.", 42, 12),
    _count("of which", r"<N\d+>.*\bof (?:which|these|those|them),? #(?! (?:children|girls|boys|people|victims))", "There were 42 offences, of which 12 were in Kent.", 42, 12),
    _count("an area with a count", rf"<A\d+>(?: (?:recorded|logged|saw|had|came))?(?: the)?(?: (?:most|highest|fewest|lowest|next))?,? (?:with|at|on) #{_AFTER}", "Essex had most, at 17 offences, and Kent fewest, at 12.", 17, 12),
    _count("some of them", r"<N\d+>.*# of (?:them|these|those|which)(?: (?:in|were in|since|during|over|<))", "There were 42 offences, 12 of them in Kent.", 42, 12),
    _count("an area goes before", rf"<A\d+>(?:,| had| with| saw| recorded|:| -| on| at)? ?\(?{_BEFORE} ?#\)?{_AFTER}", "Offences by force: Kent 33, Essex (17).", 33, 17),
    _count("an area follows", r"#,? (?:in|by|from|were in|came from) <A\d+>", "There were 33 offences: 17 in Kent and 16 in Essex.", 33, 17, 16),
)  # fmt: skip


@dataclass
class Tagged:
    """A sentence in tags, with what the tags stand for.

    Attributes
    ----------
    text
        The tagged sentence.
    areas, times, numbers, fields
        By the number in their tag; ``numbers`` are counts, sure or not; ``fields`` belong to ``C``, ``R``, ``K``, ``H``.
    """

    text: str
    areas: list[Name] = field(default_factory=list)
    times: list[Time] = field(default_factory=list)
    numbers: list[Field] = field(default_factory=list)
    fields: list[dict[str, Field]] = field(default_factory=list)


def tag(sentence: str) -> Tagged:
    """Replace what is known in a sentence by tags.

    Examples
    --------
    >>> tag("Kent Police recorded 33 offences in 2016/17, up from five.").text
    '<A0> recorded <N0> offences <P0>, up from <N1>.'
    """
    tagged = Tagged(sentence)
    _replace(tagged, numerals.TRAPS[0].pattern, lambda _: "<X>")
    for rule in changes.RULES:
        _replace(tagged, rule.pattern, lambda match, rule=rule: _fields(tagged, _KINDS[rule.kind], rule.read(match)))  # type: ignore[misc]
    for time_rule in times.RULES:
        _replace(tagged, time_rule.pattern, lambda match, rule=time_rule: _time(tagged, Time(rule, match)))  # type: ignore[misc]
    _replace(tagged, areas.pattern(), lambda match: _area(tagged, match))
    _join_areas(tagged)
    for trap in numerals.TRAPS:
        _replace(tagged, trap.pattern, lambda _: "<X>")
    _tag_counts(tagged)
    if not _SAYS_WHAT.search(sentence):
        tagged.numbers = [
            replace(one, confirm=one.confirm or "the sentence does not say of what") for one in tagged.numbers
        ]
    return tagged


def _replace(tagged: Tagged, pattern: re.Pattern[str], put: Callable[[re.Match[str]], str]) -> None:
    """Replace what a pattern finds, but never inside or across a tag."""
    pieces = re.split(r"(<[A-Z]\d*>)", tagged.text)
    tagged.text = "".join(
        piece if i % 2 else pattern.sub(lambda match: _spaced(match, put(match)), piece)
        for i, piece in enumerate(pieces)
    )


def _spaced(match: re.Match[str], tag: str) -> str:
    return f"{' ' if match[0][:1] == ' ' else ''}{tag}{' ' if match[0][-1:] == ' ' else ''}"


def _fields(tagged: Tagged, letter: str, found: dict[str, Field]) -> str:
    if not found:
        return "<X>"
    tagged.fields.append(found)
    return f"<{letter}{len(tagged.fields) - 1}>"


def _time(tagged: Tagged, time: Time) -> str:
    if time.role == "none":
        return "<X>"
    tagged.times.append(time)
    return f"<{_ROLES[time.role]}{len(tagged.times) - 1}>"


def _area(tagged: Tagged, match: re.Match[str]) -> str:
    tagged.areas.append(areas.read(match))
    return f"<A{len(tagged.areas) - 1}>"


def _join_areas(tagged: Tagged) -> None:
    """Make one area of several that are listed without counts of their own: ``Sussex and Surrey``."""
    if "respectively" in tagged.text:
        return

    def put(match: re.Match[str]) -> str:
        tagged.areas.append(areas.together([tagged.areas[int(i)] for i in re.findall(r"<A(\d+)>", match[0])]))
        return f"<A{len(tagged.areas) - 1}>"

    tagged.text = re.sub(
        rf"(?:<A\d+>, )*<A\d+>(?:,? and |,? & )<A\d+>(?! ?(?:[:(-]|{numerals.NUMBER}))", put, tagged.text
    )


def _tag_counts(tagged: Tagged) -> None:
    """Tag the numbers that count offences. A number shown to be one can show the next, so that it is asked twice."""
    number = re.compile(rf"(?<![\w<.,£$€-])({numerals.NUMBER})(?![\w%]|[.,]\d|-\w)", re.IGNORECASE)
    for _ in range(2):
        start = 0
        while match := number.search(tagged.text, start):
            start = match.end()
            before, after = tagged.text[: match.start()], tagged.text[match.end() :]
            read = numerals.value(match[1])
            shape = f"{before}#{after}"
            if read is None or not any(rule.pattern.search(shape) for rule in COUNT_RULES):
                continue
            hedge = re.search(rf"\b{_HEDGE}(?: just)? $", before, re.IGNORECASE)
            tagged.numbers.append(Field(read, f"the text says “{hedge[0].strip()} {match[1]}”" if hedge else ""))
            token = f"<N{len(tagged.numbers) - 1}>"
            tagged.text = f"{before}{token}{after}"
            start = len(before) + len(token)
