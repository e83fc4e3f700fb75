"""Changes, rates, shares and answers of forces, as the press words them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from analysis.claims.amounts import BOUNDS, MULTIPLES, PERCENTAGES, folded
from analysis.drafts.fields import Field
from analysis.drafts.numerals import NUMBER, value

UP = (
    r"(?:r[oi]se[ns]?|rising|up|increas(?:e[ds]?|ing)|jump(?:s|ed|ing)?|soar(?:s|ed|ing)?|surg(?:e[ds]?|ing)|grew|grown|growth|growing"
    r"|climb(?:s|ed|ing)?|leapt|leap|spike[ds]?|rocket(?:s|ed)?|hike|gone up|went up|higher|more)"
)
DOWN = r"(?:fell|fallen|falls?|falling|down|drop(?:s|ped|ping)?|decreas(?:e[ds]?|ing)|declin(?:e[ds]?|ing)|reduc(?:ed|tion)|fewer|lower)"
_BOUND = rf"(?:(?:just |a |an |by )*(?:{'|'.join(BOUNDS)}) )?"
_PERCENT = rf"({_BOUND}(?:\d+(?:\.\d+)?|{NUMBER})) ?-?(?:%|per ?cent\b)"
_NAMED = rf"({_BOUND}(?:{'|'.join(sorted((name.replace(' ', '[ -]') for name in PERCENTAGES), key=len, reverse=True))}))\b(?! (?:of|a|year))"
_MULTIPLE = rf"({_BOUND}(?:{'|'.join(MULTIPLES)}))\b"
_PLATFORM = r"(?:Facebook|Instagram|Snapchat|WhatsApp|Messenger|TikTok|Meta|Kik|Twitter|social media|platforms?|apps?|sites?|methods?|online)"


@dataclass(frozen=True)
class Rule:
    """Words for a change, a rate, a share or answers.

    Attributes
    ----------
    kind
        ``change``, ``rate``, ``coverage`` or ``share``.
    pattern
        The words.
    read
        Gives the fields.
    example, gives
        A phrase, and its fields.
    """

    kind: str
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str]], dict[str, Field]]
    example: str
    gives: dict[str, object]


def amount(words: str) -> object:
    """Return an amount as a claims file writes it: a number, or words with their bound.

    Examples
    --------
    >>> amount("68"), amount("more than 80"), amount("two-thirds"), amount("five")
    (68, 'more than 80', 'two thirds', 5)
    """
    plain = re.sub(r"^(?:by |just |an? (?=more|over))+", "", folded(words))
    bound = next((bound for bound in BOUNDS if plain.startswith(f"{bound} ")), "")
    rest = plain.removeprefix(bound).strip()
    digits = value(rest) if re.fullmatch(NUMBER, rest) else None
    if digits is None and re.fullmatch(r"\d+\.\d+", rest):
        return f"{bound} {rest}" if bound else float(rest)
    if digits is None:
        return plain
    return f"{bound} {digits}" if bound else digits


def _percent(direction: str) -> Callable[[re.Match[str]], dict[str, Field]]:
    def read(match: re.Match[str]) -> dict[str, Field]:
        found = {"percent": Field(amount(match[1]))}
        return found | ({"direction": Field("down")} if direction == "down" else {})

    return read


def _times(match: re.Match[str]) -> dict[str, Field]:
    return {"times": Field(amount(re.sub(r"[- ]?fold$", "", match[1])))}


def _rate(match: re.Match[str]) -> dict[str, Field]:
    per = {"daily": "day", "weekly": "week", "monthly": "month"}.get(match[2].casefold(), match[2].casefold())
    stated = amount(match[1])
    bounded = re.search(r"\b(?:average|equivalent|roughly|around|about)\b", match[0], re.I)
    return {"value": Field(f"about {stated}" if bounded and isinstance(stated, int) else stated), "per": Field(per)}


def _coverage(match: re.Match[str]) -> dict[str, Field]:
    responded, asked = value(match[1]), value(match[2])
    if responded is None or asked is None or responded > asked:
        return {}
    return {"responded": Field(responded), "of": Field(asked)}


def _share(match: re.Match[str]) -> dict[str, Field]:
    return {"percent": Field(amount(match[1]))}


def _rule(
    kind: str,
    pattern: str,
    read: Callable[[re.Match[str]], dict[str, Field]],
    *,
    example: str,
    gives: dict[str, object],
) -> Rule:
    return Rule(kind, re.compile(pattern, re.IGNORECASE), read, example, gives)


_GAP = r"(?: (?:by|of|of some|in|at|a|an|whopping|massive|staggering|shocking|sharp|the))*"
_N = NUMBER
# In order: what one rule has read, the next does not read again.
RULES: tuple[Rule, ...] = (
    _rule("coverage", rf"\b({_N})(?: out)? of (?:the |all )?({_N})(?: of the)?(?: \w+){{0,3}}? (?:forces|constabularies)\b(?: in England and Wales| in the UK| across the UK)?", _coverage, example="38 of the 44 police forces replied", gives={"responded": 38, "of": 44}),
    _rule("share", rf"\b{_PERCENT} of (?:all |the |recorded |these |those )*(?:[\w-]+ ){{0,5}}?(?:offences|cases|crimes|instances|incidents|methods|communications?)\b(?![^.<]{{0,40}}\b(?:girls|victims|aged)\b)", _share, example="used in 52 per cent of online grooming cases", gives={"percent": 52}),
    _rule("rate", rf"(?:\b(?:an average of|on average,?|the equivalent of|equivalent to|averaging) )?\b((?:more than |almost |nearly |about |around |over )?{_N})(?: (?:online|child|grooming|recorded|such|sexual))*(?: (?:offences|crimes|cases|incidents))?(?: (?:were |are |being )?(?:recorded|reported))?(?: on average|,)?(?: an?| per| every| each)(?: single)? (day|week|month)\b", _rate, example="more than nine a day", gives={"value": "more than 9", "per": "day"}),
    _rule("change", rf"\b{UP}{_GAP} {_PERCENT}", _percent("up"), example="rose by 68 per cent", gives={"percent": 68}),
    _rule("change", rf"\b{DOWN}{_GAP} {_PERCENT}", _percent("down"), example="down 12.5%", gives={"percent": 12.5, "direction": "down"}),
    _rule("change", rf"\b{_PERCENT}(?: [\w-]+)? {UP}\b(?! than (?:half|one))", _percent("up"), example="a 140% increase", gives={"percent": 140}),
    _rule("change", rf"\b{_PERCENT}(?: [\w-]+)? {DOWN}\b", _percent("down"), example="a 30 per cent fall", gives={"percent": 30, "direction": "down"}),
    _rule("change", rf"\b{UP}(?: by)? {_NAMED}", _percent("up"), example="up a third", gives={"percent": "a third"}),
    _rule("change", rf"\b{DOWN}(?: by)? {_NAMED}", _percent("down"), example="fell by almost a quarter", gives={"percent": "almost a quarter", "direction": "down"}),
    _rule("change", rf"\b{_NAMED} (?:{UP.replace('|more', '')}|more\b)", _percent("up"), example="a third more", gives={"percent": "a third"}),
    _rule("change", rf"\b({_BOUND}{_N})[- ]?times (?:as many|more|higher|greater|the|that|those|what|as high|over|recorded)\b|\bby ()({_BOUND}{_N}) times\b", lambda match: {"times": Field(amount(match[1] or match[3]))}, example="more than five times the previous total", gives={"times": "more than 5"}),
    _rule("change", rf"\b({_BOUND}(?:two|three|four|five|six|seven|eight|nine|ten|\d+)[- ]?fold)\b", _times, example="a fivefold rise", gives={"times": 5}),
    _rule("change", rf"\b{_MULTIPLE}", _times, example="almost doubled", gives={"times": "almost doubled"}),
)  # fmt: skip


def direction(words: str) -> str | None:
    """Return which way words say that counts went, or None where they say neither or both.

    Examples
    --------
    >>> direction("33 offences, up from five"), direction("a fall on the year before"), direction("33 and five")
    ('up', 'down', None)
    """
    up = re.search(rf"\b{UP}\b", words, re.I)
    down = re.search(rf"\b{DOWN}\b", words, re.I)
    return None if bool(up) == bool(down) else "up" if up else "down"
