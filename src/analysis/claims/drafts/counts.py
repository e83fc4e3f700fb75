"""Which numbers of a sentence count recorded offences.

A number is a count where a rule of the table says so and nothing beside it says that it is of some of them only. When in
doubt it is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.claims.drafts import changes, numerals
from analysis.claims.drafts.fields import Field

_BEHIND, _AHEAD = 160, 90  # letters around a number in which a rule may look
NOUN = r"(?:offences?|crimes?|cases?|incidents?|reports?|instances?|allegations?)"
_NO_ADJECTIVE = (  # what ends a phrase such as "33 recorded child grooming offences" before its noun
    r"(?:in|for|by|from|to|on|at|after|who|that|which|was|were|is|are|have|had|has|of(?! (?:these|those|such|the))|sexual (?=offences|crimes)|victims?|people"
    r"|girls?|boys?|suspects?|convictions?|charges?|arrests?|calls?|searches|images?|indecent|rapes?|murders?|drugs?|knife|hate|domestic|abuse (?!and)|theft"
    r"|fraud|burglary|exploitation|trafficking|stalking|county lines|other (?!groom|such|online))\b"
)
HEDGE = (
    r"(?:more than|less than|fewer than|just over|just under|well over|over|under|nearly|almost|around|about|some"
    r"|approximately|roughly|no fewer than|at least|up to|close to|upwards of|as many as|getting on for|an estimated)"
)
REACHED = r"after (?:reaching|hitting|peaking at)"
_BEFORE = rf"(?: (?:a (?:total of|record)|just|only|{HEDGE}|as few as|the|a|its|those))*"
_AFTER = (
    r"(?=[,.;:)!?\"']|$| ?[-(]| <| (?:in|between|from|since|during|over|across|such|and|compared|up|down|against|to|by|last|this|while|but|whereas|when"
    r"|offences|cases|crimes|on|of (?:these|those|them|the|which)|a year|for|after|as|were|was|recorded|logged|reported|at|under|so|within|throughout|with"
    r"|nationally|locally|there|previously|respectively|alone|or|made)\b)"
)
_RECORD = (
    r"(?:record(?:ed|s|ing)?|logg(?:ed|ing)|logs|dealt with|deal(?:ing)? with|saw|seen|sees|register(?:ed|ing|s)|investigat(?:ed|ing)|reported|handled|counted|noted"
    r"|accounted for|account for|totalled|totalling|(?:there|they|it|offences|crimes|cases|these) (?:were|was|have been|had been|being)(?: at)?"
    r"|(?:<A\d+>|force|it|they|which|county|constabulary|area|region|and) (?:had|has|have)|tall(?:y|ied)|responsible for)"
)
# What is said of some of the offences, or of something else: how they ended, whom they hurt, by what means.
_SOME_OTHER_THING = re.compile(
    rf"^(?:(?: of)?(?: (?!{NOUN}|with\b|and\b)[a-z'-]+){{0,6}}? {NOUN}| of (?:them|these|those|which)|,)?(?: (?:recorded|logged|reported|investigated)(?: by (?:the )?(?:force|police|<A\d+>))?)?"
    r"(?: in (?:the )?(?:county|region|area|<A\d+>))?(?: (?:had|have|has|were|was|are|is|remain\w*|that|which|where|in which|being|already|so far|been))*"
    r" (?:result|led\b|lead|end(?:ed|ing)|involv\w+\b(?! offences)|featur|charg|arrest|solv|clos|drop|convict|aged?\b|took place (?:on|through|via|over)|taking place|happened on"
    r"|(?:took place |happened )?against (?:girls|boys|victims|under|primary|children (?:aged|under)|pupils)|on (?:Snap|Insta|Face|Whats|TikTok|social media)|committed (?:on|via|through|over)|where\b"
    r"|online(?=[,.])|via\b|through\b|outstanding|discontinued|unsolved|still|awaiting|each\b|every\b|(?:per|a) (?:\w+ )?(?:days?|weeks?|fortnight|months?|hours?|minutes?)\b)",
    re.IGNORECASE,
)
_KNOWN = r"(?:known|recorded|disclosed|revealed|provided|specified|identified|available|given|stated|noted)\b"
_WHERE_KNOWN = re.compile(  # "where the platform was known": a number of some of the offences
    rf"\b(?:where|in which|for which)\b[^.;<]{{0,70}}?\b{_KNOWN}|\b(?:platform|app|site|method|means|gender|age)s?\b[^.;<]{{0,40}}?\b{_KNOWN}",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Rule:
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


def _rule(name: str, pattern: str, example: str, *gives: int) -> Rule:
    return Rule(name, re.compile(pattern, re.IGNORECASE), example, gives)


_MOVED = rf"(?:\b(?:{changes.UP}|{changes.DOWN}|went|gone|going|moved|compar\w+)\b|<C\d+>)"
RULES: tuple[Rule, ...] = (
    _rule("offences follow", rf"#(?::| -)?(?: (?!{_NO_ADJECTIVE})[\"']?[^\W\d][\w'-]*\"?){{0,7}}? {NOUN}\b", "Kent had 1,220 online child grooming offences.", 1220),
    _rule("recorded", rf"\b{_RECORD}{_BEFORE} #{_AFTER}", "Kent Police recorded 33 in 2016/17.", 33),
    _rule("were recorded", r"# (?:(?:more|others) )?(?:(?:were|was|had been|have been|being) )?(?:then )?(?:recorded|logged|registered)\b", "It recorded 42 offences, when 25 were recorded a year before.", 42, 25),
    _rule("the figure was", rf"\b(?:figure|number|total|tally|count|equivalent|offences|crimes)\b[^#;]{{0,120}}?\b(?:was|were|is|of|at|reached|hit|came to|numbered|(?<!up )to){_BEFORE} #{_AFTER}", "The figure for Kent was 17.", 17),
    _rule("beside the total", r"\b(?:figure|total|tally), #,", "In Kent the total, 104, was a record.", 104),
    _rule("moved", rf"{_MOVED}[^#;]{{0,90}}?\b(?:from|than|with|(?<!up )to|against|on|the){_BEFORE} #{_AFTER}", "Offences in Kent went from 25 to 42.", 25, 42),
    _rule("against", rf"\b(?:against|versus|vs|followed by|following|{REACHED}|after|(?:having|had) been){_BEFORE} #{_AFTER}", "There were 42 offences, against 25.", 42, 25),
    _rule("a multiple of", r"<C\d+> (?:(?:than|on|from|that of|as (?:many|high) as) )?(?:the )?#", "29 offences, more than double the twelve of a year before.", 29, 12),
    _rule("a period follows", r"#\)?,? (?:offences )?(?:in |for |during )?\(?<[PBS]\d+>", "Kent Police dealt with 33, and 17 the year before.", 33, 17),
    _rule("a period goes before", rf"<[PB]\d+>\)?(?:,|:| -| \||'s)?(?: (?:it|there|the figure|that) (?:was|were))? \(?#\)?{_AFTER}", "Grooming in Kent: 2016/17: 17, 2017/18: 33, 2018/19 | 41", 17, 33, 41),
    _rule("and another", rf"<N\d+>[^#]{{0,120}}\b(?:and|with|including){_BEFORE} # (?:in|over|during|since|so far) (?:the\b|this\b|last\b|<[PSBL])", "There were 42 offences in May and 118 in the year to date.", 42, 118),
    _rule("respectively", rf"<N\d+>(?:,? and|,){_BEFORE} # respectively\b", "Kent and Essex recorded 42 and 25 respectively.", 42, 25),
    _rule("listed before respectively", r"<N\d+>, #(?:,? and|,) (?:<N|\d)[^#.;]{0,80}\brespectively\b", "Figures for 2018, 2019 and 2020: 71, 66 and 84 grooming offences respectively.", 71, 66, 84),
    _rule("in all", r"# (?:in (?:total|all)|altogether|overall)\b", "There were two a day in Kent, 733 in all.", 733),
    _rule("of which", r"<N\d+>[^#]*\bof (?:which|these|those|them),? #", "There were 42 offences, of which 12 were in Kent.", 42, 12),
    _rule("some of them", r"# of (?:them|these|those|which|sexual communication|grooming)\b|# (?:took place|happened|occurred)\b|# (?:were|are) (?:for |(?:offences|crimes|cases) of )(?:sexual communication|(?:online |child )*grooming)\b", "There were 42 offences, 12 of them in Kent.", 42, 12),
    _rule("after a colon", rf"\b(?:figures?|{NOUN}|grooming|numbers)\b[^#.;]{{0,60}}: #{_AFTER}", "The figures of Kent show more grooming: 42 over the year, against 25 in 2015/16.", 42, 25),
    _rule("in brackets", rf"\b(?:{NOUN}|total|that|them|these)\b[^#<.]{{0,20}} \(#\)", "Half of that total (196) was recorded in Kent.", 196),
    _rule("an area goes before", rf"<A\d+>(?:'s)?(?:,|:| -| \|)?(?:(?:,? (?!who\b|where\b)[\w'-]+){{0,5}}?,? (?:with|at|on|for)| had| has| recorded| says?| said)?{_BEFORE} \(?#\)?{_AFTER}", "Offences by force: Kent 33, Essex (17), Sussex | 12, most in Surrey, at 40.", 12, 17, 33, 40),
    _rule("an area follows", r"#,? (?:were )?(?:in|by|from|came from|for|at) (?:neighbouring |nearby |the |all )?<A\d+>", "There were 33 offences: 17 in Kent and 16 in Essex.", 33, 17, 16),
)  # fmt: skip
_ROUGH_THEN_EXACT = re.compile(rf"\b{HEDGE} {numerals.NUMBER} \(({numerals.NUMBER})\)", re.IGNORECASE)
_NUMBER = re.compile(rf"(?<![\w<.,£$€-])({numerals.NUMBER})(?![\w%]|[.,]\d|-\w)", re.IGNORECASE)


def exact(sentence: str) -> str:
    """Return a sentence in which a rough count gives way to the exact one after it.

    Examples
    --------
    >>> exact("Almost 4,000 (3,936) offences were recorded.")
    '3,936 offences were recorded.'
    """
    return _ROUGH_THEN_EXACT.sub(r"\1", sentence)


def tagged(text: str, known: list[Field]) -> str:
    """Return a tagged sentence with its counts tagged too, and add them to those known.

    Each number is judged by the letters near it, so that the work grows with the length of the sentence and no faster.
    One shown to be a count can show the next: to see them all, ask twice.

    Examples
    --------
    >>> found = []
    >>> tagged("<A0> recorded 33 offences <P0>, up from five.", found), [one.value for one in found]
    ('<A0> recorded <N0> offences <P0>, up from <N1>.', [33, 5])
    """
    done, end = "", 0
    for match in _NUMBER.finditer(text):
        done += text[end : match.start()]
        end = match.end()
        before, after = done[-_BEHIND:], text[end : end + _AHEAD]
        read = numerals.value(match[1]) if _is_count(before, after) else None
        if read is None:
            done += match[0]
            continue
        known.append(Field(read, _doubt(before, match[1])))
        done += f"<N{len(known) - 1}>"
    return done + text[end:]


def _is_count(before: str, after: str) -> bool:
    if _SOME_OTHER_THING.match(after) or _WHERE_KNOWN.search(before) or _WHERE_KNOWN.search(after):
        return False
    near = f"{before}#{after}"
    return any(rule.pattern.search(near) for rule in RULES)


def _doubt(before: str, words: str) -> str:
    hedge = re.search(rf"\b{HEDGE}(?: just)? $", before, re.IGNORECASE)
    return f"the text says “{hedge[0].strip()} {words}”" if hedge else ""
