"""The numbers of a sentence: which count recorded offences, and which count something else.

A number is a count where a rule says so and nothing beside it says that it is of some of them only. When in doubt it is
none.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from analysis.claims.amounts import BOUNDS
from analysis.claims.drafts import changes
from analysis.claims.drafts.fields import Field
from analysis.claims.drafts.offences import nouns
from analysis.claims.spans import Rule
from analysis.terms.language import NUMBER, number

_N = NUMBER
_PEOPLE = (
    "children|child|girls?|boys?|victims?|people|young people|teenagers?|pupils|parents|adults|men|women|suspects|offenders"
    "|arrests?|charges|convictions|prosecutions|schools|platforms|apps|sites|websites|companies|calls|counselling sessions"
    "|callers|visits|visitors|officers|staff|volunteers|members|signatures|messages|images|households|users|times|occasions|MPs|respondents"
)
# Each is taken out before counts are looked for. To add one: a name, a pattern, and a sentence to try it on.
NOT_COUNTS: tuple[Rule, ...] = (
    Rule("address", r"https?://\S+|www\.\S+|\S+@\S+\.\w+", "See https://example.org/2018/33 for more."),
    Rule("short telephone number", r"\b(?:call|calling|ring|dial|phone|on|text) (?:101|999|111|116 ?\d{3})\b|(?<=\bcalls to )(?:101|999|111)\b", "Ring 101; it had 42 calls to 999."),
    Rule("law", rf"\b(?:sections?|s\.|clause|article|schedule|part|code|page|chapter|no\.?|number|figure|table) ?{_N}(?:[A-Z]\b|/\d+)?", "Under section 67, code 71/17."),
    Rule("length of time", rf"\b{_N}[- ](?:and a half )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|quarters?|years?|decades?)\b", "It took two years."),
    Rule("percentage", rf"\b(?:\d+(?:\.\d+)?|{_N}) ?(?:%|per ?cent|percent|percentage points?)(?!\w)", "In 52 per cent."),
    Rule("forces", rf"\b(?:{_N}(?: out)? of (?:the |all )?)?{_N}(?: of the)?(?: \w+)? (?:(?:police )?forces|constabularies|areas|counties)\b", "Replies came from 38 police forces."),
    Rule("difference", rf"\b(?:r[oi]se[ns]?|rising|up|fell|falls?|fallen|down|increas\w+|decreas\w+|grew|growth|dropp?\w*|jump\w*|climb\w*|leap\w*|hike|gone up|reduc\w+|difference|gap) (?:by|of) (?:just |only |{_N} ?)?{_N}\b(?! ?(?:%|per|times|fold))|(?:(?<=and by )|(?<=but by )){_N}\b(?! ?(?:%|per|times|fold))|\b{_N} (?:more|fewer|less|higher|lower|up|down)(?= (?:than|on|offences|crimes|cases)\b)", "It rose by 11 in Kent and by 23 in Essex, 12 more than before, a jump of 22 on 2019/20."),
    Rule("more of them", rf"\b(?:an (?:extra|additional)|another|a further) {_N}\b", "It recorded an extra 14 grooming offences."),
    Rule("people and things", rf"\b{_N}(?: of the)?(?: (?!(?:{nouns()})\b)[\w'-]+){{0,2}}? (?:{_PEOPLE})\b(?!['’]| (?:sex(?:ual)? )?(?:grooming|abuse|offences|crimes|cases|communication))", "Police arrested 33 people."),
    Rule("times a platform was named", rf"\b(?:Facebook|Instagram|Snapchat|WhatsApp|Messenger|TikTok|Kik|Twitter|Skype|Roblox|Discord|Meta)\b[^.;<]*?\b(?:in |by )?{_N} (?:of (?:the |those )?)?(?:cases|offences|crimes|instances|reports)\b", "Facebook was named in 12 of the cases."),
    Rule("offences of another kind", rf"\b{_N}(?: [\w'-]+){{0,2}}? (?:stabbings?|domestic(?! burglar)|hate|image)\b", "There were 120 domestic incidents."),
    Rule("year", r"\b(?:19|20)\d{2}\b(?! (?:\w+ ){0,3}(?:offences|crimes|cases))", "The law of 2015."),
    Rule("pronoun", r"\b(?:one|two) of (?!the \d)|\b(?:no|any|every|this|that|some|each) one\b|\bone (?!(?:\w+ ){0,2}(?:offence|crime|case)\b)", "One of them spoke."),
)  # fmt: skip

_MOST_NUMBERS = 40  # of a sentence; what has more is none
_BEHIND, _AHEAD = 160, 90  # letters around a number in which a rule may look
NOUN = rf"(?:{nouns()})"
_NO_ADJECTIVE = (  # what ends a phrase such as "33 recorded child grooming offences" before its noun
    r"(?:in|for|by|from|to|on|at|after|who|that|which|was|were|is|are|have|had|has|of(?! (?:these|those|such|the))|victims?|people"
    r"|girls?|boys?|suspects?|convictions?|charges?|arrests?|calls?|searches|images?|hate|domestic(?! burglar)|county lines|other (?!such|online|groom))\b"
)
HEDGE = rf"(?:{'|'.join(sorted(BOUNDS, key=len, reverse=True))})"
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
_MOVED = rf"(?:\b(?:{changes.UP}|{changes.DOWN}|went|gone|going|moved|compar\w+)\b|<C\d+>)"
COUNTS: tuple[Rule, ...] = (
    Rule("offences follow", rf"#(?::| -)?(?: (?!{_NO_ADJECTIVE})[\"']?[^\W\d][\w'-]*\"?){{0,7}}? {NOUN}\b", "Kent had 1,220 online child grooming offences.", (1220,)),
    Rule("recorded", rf"\b{_RECORD}{_BEFORE} #{_AFTER}", "Kent Police recorded 33 in 2016/17.", (33,)),
    Rule("were recorded", r"# (?:(?:more|others) )?(?:(?:were|was|had been|have been|being) )?(?:then )?(?:recorded|logged|registered)\b", "It recorded 42 offences, when 25 were recorded a year before.", (42, 25)),
    Rule("the figure was", rf"\b(?:figure|number|total|tally|count|equivalent|offences|crimes)\b[^#;]{{0,120}}?\b(?:was|were|is|of|at|reached|hit|came to|numbered|(?<!up )to){_BEFORE} #{_AFTER}", "The figure for Kent was 17.", (17,)),
    Rule("beside the total", r"\b(?:figure|total|tally), #,", "In Kent the total, 104, was a record.", (104,)),
    Rule("moved", rf"{_MOVED}[^#;]{{0,90}}?\b(?:from|than|with|(?<!up )to|against|on|the){_BEFORE} #{_AFTER}", "Offences in Kent went from 25 to 42.", (25, 42)),
    Rule("against", rf"\b(?:against|versus|vs|followed by|following|{REACHED}|after|(?:having|had) been){_BEFORE} #{_AFTER}", "There were 42 offences, against 25.", (42, 25)),
    Rule("a multiple of", r"<C\d+> (?:(?:than|on|from|that of|as (?:many|high) as) )?(?:the )?#", "29 offences, more than double the twelve of a year before.", (29, 12)),
    Rule("a period follows", r"#\)?,? (?:offences )?(?:in |for |during )?\(?<[PBS]\d+>", "Kent Police dealt with 33, and 17 the year before.", (33, 17)),
    Rule("a period goes before", rf"<[PB]\d+>\)?(?:,|:| -| \||'s)?(?: (?:it|there|the figure|that) (?:was|were))? \(?#\)?{_AFTER}", "Grooming in Kent: 2016/17: 17, 2017/18: 33, 2018/19 | 41", (17, 33, 41)),
    Rule("and another", rf"<N\d+>[^#]{{0,120}}\b(?:and|with|including){_BEFORE} # (?:in|over|during|since|so far) (?:the\b|this\b|last\b|<[PSBL])", "There were 42 offences in May and 118 in the year to date.", (42, 118)),
    Rule("respectively", rf"<N\d+>(?:,? and|,){_BEFORE} # respectively\b", "Kent and Essex recorded 42 and 25 respectively.", (42, 25)),
    Rule("listed before respectively", r"<N\d+>, #(?:,? and|,) (?:<N|\d)[^#.;]{0,80}\brespectively\b", "Figures for 2018, 2019 and 2020: 71, 66 and 84 grooming offences respectively.", (71, 66, 84)),
    Rule("in all", r"# (?:in (?:total|all)|altogether|overall)\b", "There were two a day in Kent, 733 in all.", (733,)),
    Rule("of which", r"<N\d+>[^#]*\bof (?:which|these|those|them),? #", "There were 42 offences, of which 12 were in Kent.", (42, 12)),
    Rule("some of them", r"# of (?:them|these|those|which|sexual communication|grooming)\b|# (?:took place|happened|occurred)\b|# (?:were|are) (?:for |(?:offences|crimes|cases) of )(?:sexual communication|(?:online |child )*grooming)\b", "There were 42 offences, 12 of them in Kent.", (42, 12)),
    Rule("after a colon", rf"\b(?:figures?|{NOUN}|grooming|numbers)\b[^#.;]{{0,60}}: #{_AFTER}", "The figures of Kent show more grooming: 42 over the year, against 25 in 2015/16.", (42, 25)),
    Rule("in brackets", rf"\b(?:{NOUN}|total|that|them|these)\b[^#<.]{{0,20}} \(#\)", "Half of that total (196) was recorded in Kent.", (196,)),
    Rule("an area goes before", rf"<A\d+>(?:'s)?(?:,|:| -| \|)?(?:(?:,? (?!who\b|where\b)[\w'-]+){{0,5}}?,? (?:with|at|on|for)| had| has| recorded| says?| said)?{_BEFORE} \(?#\)?{_AFTER}", "Offences by force: Kent 33, Essex (17), Sussex | 12, most in Surrey, at 40.", (12, 17, 33, 40)),
    Rule("an area follows", r"#,? (?:were )?(?:in|by|from|came from|for|at) (?:neighbouring |nearby |the |all )?<A\d+>", "There were 33 offences: 17 in Kent and 16 in Essex.", (33, 17, 16)),
)  # fmt: skip
_ROUGH_THEN_EXACT = re.compile(rf"\b{HEDGE} {NUMBER} \(({NUMBER})\)", re.IGNORECASE)
_HEDGED = re.compile(rf"\b({HEDGE}) $", re.IGNORECASE)
_NUMBER = re.compile(rf"(?<![\w<.,£$€-])({NUMBER})(?![\w%]|[.,]\d|-\w)", re.IGNORECASE)


def exact(sentence: str) -> str:
    """Return a sentence in which a rough count gives way to the exact one after it.

    Examples
    --------
    >>> exact("Almost 4,000 (3,936) offences were recorded.")
    '3,936 offences were recorded.'
    """
    return _ROUGH_THEN_EXACT.sub(r"\1", sentence)


def tagged(text: str, put: Callable[[str, Field], str]) -> str:
    """Return a tagged sentence with its counts tagged too.

    Each number is judged by the letters near it, so that the work grows with the length of the sentence and no faster.
    One shown to be a count can show the next: to see them all, ask twice.

    Examples
    --------
    >>> tagged("<A0> recorded 33 offences <P0>, up from nearly five.", lambda letter, field: f"[{field.value}]")
    '<A0> recorded [33] offences <P0>, up from nearly [nearly 5].'
    """
    done, end = "", 0
    found = list(_NUMBER.finditer(text))
    for match in found if len(found) <= _MOST_NUMBERS else ():
        before, end = done + text[end : match.start()], match.end()
        read = number(match[1]) if _is_count(before[-_BEHIND:], text[end : end + _AHEAD]) else None
        hedge = _HEDGED.search(before[-_BEHIND:])
        rough = f"{hedge[1].casefold()} {read}" if hedge else read
        quote = f"{hedge[1]} {match[1]}" if hedge else match[1]
        done = before + (match[0] if read is None else put("N", Field(rough, quote)))
    return done + text[end:]


def _is_count(before: str, after: str) -> bool:
    if _SOME_OTHER_THING.match(after) or _WHERE_KNOWN.search(before) or _WHERE_KNOWN.search(after):
        return False
    near = f"{before}#{after}"
    return any(rule.pattern.search(near) for rule in COUNTS)
