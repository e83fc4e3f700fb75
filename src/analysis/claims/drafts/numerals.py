"""Numbers in a sentence, in figures or in words, and what shows that one is no count of offences."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNITS = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
    "hundred",
    "thousand",
]
_UNIT = rf"(?:{'|'.join(sorted(_UNITS, key=len, reverse=True))})"
FIGURES = r"\d{1,3}(?:,\d{3})+(?![\d,]\d)|\d+"
NUMBER = rf"(?:{FIGURES}|(?:an? (?=hundred|thousand))?{_UNIT}(?:(?:-| |(?<=hundred) and |(?<=thousand) and ){_UNIT})*)"


def value(words: str) -> int | None:
    """Return the whole number that figures or words name, or None.

    Examples
    --------
    >>> value("6,341"), value("three hundred and forty-two"), value("a hundred"), value("twenty seventeen")
    (6341, 342, 100, None)
    """
    if words[0].isdigit():
        return int(words.replace(",", ""))
    from text_to_num import text2num  # type: ignore[import-untyped]

    try:
        return int(text2num(re.sub(r"^an? ", "one ", words.casefold()), "en"))
    except ValueError:
        return None


@dataclass(frozen=True)
class Trap:
    """A pattern of words with a number that counts no offences.

    Attributes
    ----------
    name
        What the number is.
    pattern
        The words with the number.
    example
        A sentence in which the pattern stands.
    """

    name: str
    pattern: re.Pattern[str]
    example: str


def _trap(name: str, pattern: str, example: str) -> Trap:
    return Trap(name, re.compile(pattern, re.IGNORECASE), example)


_N = NUMBER
_MONTH = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
)
_PEOPLE = (
    "children|child|girls?|boys?|victims?|people|young people|teenagers?|pupils|parents|adults|men|women|suspects|offenders"
    "|arrests?|charges|convictions|prosecutions|schools|platforms|apps|sites|websites|companies|calls|counselling sessions"
    "|callers|visits|visitors|officers|staff|volunteers|members|signatures|messages|images|households|users|times|occasions|MPs|respondents"
)
# Each is taken out before counts are looked for. To add one: a name, a pattern, and a sentence to try it on.
TRAPS: tuple[Trap, ...] = (
    _trap("address", r"https?://\S+|www\.\S+|\S+@\S+\.\w+", "See https://example.org/2018/33 for more."),
    _trap("money", rf"[£$€] ?[\d.,]*\d(?: ?(?:m|bn|k|million|billion))?\b|\b{_N} (?:pounds|pence)\b", "It cost £33."),
    _trap("telephone number", r"\b0\d{2,4}[ -]?\d{3,4}(?:[ -]?\d{3,4})?\b", "Call 0808 800 5000."),
    _trap("short telephone number", r"\b(?:call|calling|ring|dial|phone|on|text) (?:101|999|111|116 ?\d{3})\b|(?<=\bcalls to )(?:101|999|111)\b", "Ring 101; it had 42 calls to 999."),
    _trap("clock time", r"\b\d{1,2}[:.]\d{2} ?(?:am|pm)?\b|\b\d{1,2} ?(?:am|pm)\b|\b24/7\b|\b24 hours\b", "At 9.30am."),
    _trap("age", rf"\b{_N}[- ](?:year|month)s?[- ]olds?\b|\bas young as (?:just )?{_N}\b", "A two-year-old, and one as young as 11."),
    _trap("age group", rf"\b(?:aged?|ages|age of|ages of)(?: of)?(?: just| only| between| under| over)? {_N}(?:(?: to | and |-){_N})?\b", "Girls aged 12 to 15."),
    _trap("age after a name", rf"(?<=\w)(?<!total)(?<!figure)(?<!tally), {_N},(?= )(?! {_N})", "The pupil, 14, told a teacher."),
    _trap("age of somebody", rf"\b(?:man|woman|boy|girl|child|teenager|teacher|pensioner|men|women|boys|girls) of (?:just )?{_N}\b", "A man of 34 was jailed."),
    _trap("under an age", rf"\b(?:under|over)[- ](?:the age of )?{_N}s?\b(?! (?:\w+ ){{0,3}}(?:offences|crimes|cases))(?=[^<]|$)", "Contact with under-16s."),
    _trap("law", rf"\b(?:sections?|s\.|clause|article|schedule|part|code|page|chapter|no\.?|number|figure|table) ?{_N}[A-Z]?\b", "Under section 67."),
    _trap("act", r"\bAct,? (?:of )?\d{4}\b", "The Sexual Offences Act 2003."),
    _trap("day of a month", rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\b(?:,? \d{{4}})?|\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? \d{{4}})?", "It began on 3 April 2017."),
    _trap("month and year", rf"\b{_MONTH} \d{{4}}\b", "It began in April 2017."),
    _trap("number in figures of a date", r"\b\d{1,4}[/.]\d{1,2}[/.]\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b", "Posted 26/04/2018."),
    _trap("sentence of a court", rf"\b(?:jailed|sentenced|imprisoned|locked up)[^.;<]*?{_N} (?:years?|months?)\b", "He was jailed for eight years."),
    _trap("length of time", rf"\b{_N}[- ](?:and a half )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|quarters?|years?|decades?)\b", "It took two years."),
    _trap("percentage", rf"\b(?:\d+(?:\.\d+)?|{_N}) ?(?:%|per ?cent|percent|percentage points?)(?!\w)", "In 52 per cent."),
    _trap("odds", rf"\b(?:\d+|{_UNIT})(?: in | out of ){_N}\b(?! (?:\w+ )?forces)", "One in four did not know."),
    _trap("forces", rf"\b(?:{_N}(?: out)? of (?:the |all )?)?{_N}(?: of the)?(?: \w+)? (?:(?:police )?forces|constabularies|areas|counties)\b", "Replies came from 38 police forces."),
    _trap("difference", rf"\b(?:r[oi]se[ns]?|rising|up|fell|falls?|fallen|down|increas\w+|decreas\w+|grew|growth|dropp?\w*|jump\w*|climb\w*|leap\w*|hike|gone up|reduc\w+|difference|gap) (?:by|of) (?:just |only |{_UNIT}? ?)?{_N}\b(?! ?(?:%|per|times|fold))|(?:(?<=and by )|(?<=but by )){_N}\b(?! ?(?:%|per|times|fold))|\b{_N} (?:more|fewer|less|higher|lower|up|down)(?= (?:than|on)\b)", "It rose by 11 in Kent and by 23 in Essex, 12 more than before, a jump of 22 on 2019/20."),
    _trap("more of them", rf"\b(?:an (?:extra|additional)|another|a further) {_N}\b", "It recorded an extra 14 grooming offences."),
    _trap("multiple", rf"\b{_N}[- ]?(?:times|fold)\b", "Five times more."),
    _trap("people and things", rf"\b{_N}(?: of the)?(?: (?!offences|crimes|cases)[\w'-]+){{0,2}}? (?:{_PEOPLE})\b(?!['’]| (?:sex(?:ual)? )?(?:grooming|abuse|offences|crimes|cases|communication))", "Police arrested 33 people."),
    _trap("times a platform was named", rf"\b(?:Facebook|Instagram|Snapchat|WhatsApp|Messenger|TikTok|Kik|Twitter|Skype|Roblox|Discord|Meta)\b[^.;<]*?\b(?:in |by )?{_N} (?:of (?:the |those )?)?(?:cases|offences|crimes|instances|reports)\b", "Facebook was named in 12 of the cases."),
    _trap("offences of another kind", rf"\b{_N}(?: [\w'-]+){{0,2}}? (?:rapes?|burglar(?:y|ies)|robber(?:y|ies)|thefts?|frauds?|assaults?|stabbings?|knife|drugs?|murders?|neglect|domestic|hate|image|indecent|trafficking|sexual offences|sex offences)\b", "There were 120 burglaries."),
    _trap("year", r"\b(?:19|20)\d{2}\b(?! (?:\w+ ){0,3}(?:offences|crimes|cases))", "The law of 2015."),
    _trap("ordinal", r"\b\d+(?:st|nd|rd|th)\b", "The 14th report."),
    _trap("pronoun", r"\b(?:one|two) of (?!the \d)|\b(?:no|any|every|this|that|some|each) one\b|\bone (?!(?:\w+ ){0,2}(?:offence|crime|case)\b)", "One of them spoke."),
)  # fmt: skip
