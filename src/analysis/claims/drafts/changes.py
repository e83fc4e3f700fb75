"""Changes, rates, shares and answers of forces, as the press words them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from analysis.claims.amounts import BOUNDS, MULTIPLES, PERCENTAGES, Amount, folded
from analysis.claims.drafts.fields import Field
from analysis.claims.drafts.numerals import NUMBER, value

_RISING = (
    r"r[oi]se[ns]?|rising|(?<!made )(?<!makes )(?<!making )(?<!take )(?<!sum )up(?! to\b)|increas(?:e[ds]?|ing)|jump(?:s|ed|ing)?|soar(?:s|ed|ing)?"
    r"|surg(?:e[ds]?|ing)|gr[eo]w(?:n|s|th|ing)?|climb(?:s|ed|ing)?|leap(?:t|s|ed|ing)?|spike[ds]?|(?:sky)?rocket(?:s|ed|ing)?|hike|escalat(?:ed|ing|ion)"
    r"|swell(?:ed|ing)?|swollen|uplift|upturn|gone up|went up"
)
_FALLING = (
    r"fell|fallen|falls?|falling|down|drop(?:s|ped|ping)?|decreas(?:e[ds]?|ing)|declin(?:e[ds]?|ing)|reduc(?:e[ds]?|ing|tion)|dip(?:s|ped|ping)?"
    r"|slip(?:s|ped)?|slid|plung(?:e[ds]?|ing)|plummet(?:s|ed)?|slump(?:s|ed)?|shr[aiu]nk|tumbl(?:e[ds]?|ing)|gone down|went down"
)
RISE, FALL = f"(?:{_RISING})", f"(?:{_FALLING})"
UP, DOWN = f"(?:{_RISING}|higher|more|above|greater)", f"(?:{_FALLING}|fewer|lower|below|less)"
_BOUND = rf"(?:(?:just |a |an |by |as much as )*(?:{'|'.join(BOUNDS)}|near) )?"
_PERCENT = rf"({_BOUND}(?:\d+(?:\.\d+)?|{NUMBER})) ?-?(?:%|per ?cent\b)"
_NAMED = rf"({_BOUND}(?:{'|'.join(sorted((name.replace(' ', '[ -]') for name in PERCENTAGES), key=len, reverse=True))}))\b(?! (?:a|year))"
_TIMES_AS_WORDS = {"doubling": "doubled", "doubles": "doubled", "trebling": "trebled", "tripling": "tripled", "triple": "tripled", "halving": "halved", "quadruple": "quadrupled"}  # fmt: skip
_MULTIPLE = (
    rf"({_BOUND}(?:{'|'.join([*MULTIPLES, *_TIMES_AS_WORDS])}))\b(?![ -](?:figures?|digits?|a (?:day|week|year)))"
)
_ODDS = {(1, 2): "half", (1, 3): "a third", (1, 4): "a quarter", (1, 5): "a fifth", (1, 10): "a tenth", (2, 3): "two thirds", (3, 4): "three quarters"}  # fmt: skip
_OF_OFFENCES = r"of (?:all |the |its |their |recorded |these |those |such )*(?=(?:\d[\d,]* )?(?:[\w-]+ ){0,5}?(?:offences|cases|crimes|instances|incidents)\b)"


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
    words = re.sub(r"^near ", "nearly ", words.strip(), flags=re.IGNORECASE)
    plain = re.sub(rf"^(?:by |just |as much as |an? (?={'|'.join(BOUNDS)}))+", "", folded(words))
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


def _percent_by(match: re.Match[str]) -> dict[str, Field]:
    """Read "by 6 per cent" where the verb stands apart: "offences fell in 2018/19, by 6 per cent"."""
    verbs = list(re.finditer(rf"\b(?:({RISE})|({FALL}))\b", match.string[: match.start()][-120:], re.I))
    if not verbs:
        return {}
    return _percent("up" if verbs[-1][1] else "down")(match)


def _times(match: re.Match[str]) -> dict[str, Field]:
    words = re.sub(r"[- ]?fold$", "", match[1])
    return {
        "times": Field(amount(re.sub(r"\w+$", lambda last: _TIMES_AS_WORDS.get(last[0].casefold(), last[0]), words)))
    }


def _rate(match: re.Match[str]) -> dict[str, Field]:
    unit = match[2].casefold()
    per = {"daily": "day", "weekly": "week", "monthly": "month"}.get(unit, unit)
    stated = amount(match[1])
    near = match.string[max(0, match.start() - 30) : match.end() + 30]
    bounded = re.search(r"\b(?:average|equivalent|averaging|equates|roughly|around|about)\b", near, re.I)
    return {"value": Field(f"about {stated}" if bounded and isinstance(stated, int) else stated), "per": Field(per)}


def _coverage(match: re.Match[str]) -> dict[str, Field]:
    said = match.groupdict()
    responded, asked = value(said["responded"]), value(said["asked"])
    if responded is None or asked is None or responded > asked:
        return {}
    return {"responded": Field(responded), "of": Field(asked)}


def _share(match: re.Match[str]) -> dict[str, Field]:
    return {"percent": Field(amount(match[1]))}


def _odds(match: re.Match[str]) -> dict[str, Field]:
    some, whole = value(match["some"]), value(match["whole"])
    if not some or not whole or some >= whole:
        return {}
    percent: object = _ODDS.get((some, whole))
    if percent is None:
        if 1000 * some % whole:
            return {}
        percent = 100 * some // whole if not 100 * some % whole else 100 * some / whole
    bound = match["bound"].strip().casefold()
    return {"percent": Field(f"{bound} {percent}" if bound else percent)}


def _rule(
    kind: str,
    pattern: str,
    read: Callable[[re.Match[str]], dict[str, Field]],
    *,
    example: str,
    gives: dict[str, object],
) -> Rule:
    return Rule(kind, re.compile(pattern, re.IGNORECASE), read, example, gives)


_GAP = r"(?: (?!in\b|to\b|was\b|were\b|from\b|than\b|and\b|with\b|for\b|while\b)[\w'-]+){0,4}?"
_FORCES = r"(?: of the)?(?: \w+){0,3}? (?:forces|constabularies)\b"
_ANSWERED = r"(?:responded|replied|answered|provid\w+|suppl\w+|gave|sent|return\w+)"
_PER = r"(?:(?:,? on average,?)?(?: an?| per| every| each)(?: single)? (?=day|week|month)| (?=daily|weekly|monthly))(day|week|month|daily|weekly|monthly)\b(?: on average)?"
_N = NUMBER
# In order: what one rule has read, the next does not read again.
RULES: tuple[Rule, ...] = (
    _rule("coverage", rf"\b(?P<responded>{_N})(?: out)? of (?:the |all |a possible )?(?P<asked>{_N}){_FORCES}", _coverage, example="38 of the 44 police forces replied", gives={"responded": 38, "of": 44}),
    _rule("coverage", rf"\b(?P<responded>{_N})(?: \w+){{0,3}}? forces,? (?:out )?of (?:the |all |a possible )?(?P<asked>{_N})\b", _coverage, example="38 police forces out of 44", gives={"responded": 38, "of": 44}),
    _rule("coverage", rf"\bof (?:the |all )?(?P<asked>{_N})(?={_FORCES}[^;.<\d]{{0,40}}? (?P<responded>{_N}) {_ANSWERED})", _coverage, example="of the 44 forces, only 38 replied", gives={"responded": 38, "of": 44}),
    _rule("share", rf"\b{_PERCENT}\)? {_OF_OFFENCES}", _share, example="used in 52 per cent of online grooming cases", gives={"percent": 52}),
    _rule("share", rf"(?<!by )(?<!up )(?<!down )\b{_NAMED} {_OF_OFFENCES}", _share, example="almost half of the grooming offences", gives={"percent": "almost half"}),
    _rule("share", rf"\b(?P<bound>{_BOUND})(?P<some>{_N}) (?:in|out of)(?: every)? (?P<whole>{_N}) (?:of )?{_OF_OFFENCES.removeprefix('of ')}", _odds, example="one in three grooming offences", gives={"percent": "a third"}),
    _rule("rate", rf"(?:\b(?:an average of|on average,?|the equivalent of|equivalent to|averaging|equates to) )?\b((?:more than |almost |nearly |about |around |over |roughly )?{_N})(?: (?:online|child|grooming|recorded|such|sexual|new))*(?: (?:offence|crime|case|incident)s?)?(?: (?:was |were |are |is |being )?(?:recorded|reported|logged))?{_PER}", _rate, example="more than nine a day", gives={"value": "more than 9", "per": "day"}),
    _rule("change", rf"\b{RISE}{_GAP} {_PERCENT}", _percent("up"), example="rose by 68 per cent", gives={"percent": 68}),
    _rule("change", rf"\b{FALL}{_GAP} {_PERCENT}", _percent("down"), example="down 12.5%", gives={"percent": 12.5, "direction": "down"}),
    _rule("change", rf"\b{_PERCENT}(?: [\w-]+)? {UP}\b", _percent("up"), example="a 140% increase", gives={"percent": 140}),
    _rule("change", rf"\b{_PERCENT}(?: [\w-]+)? {DOWN}\b", _percent("down"), example="a 30 per cent fall", gives={"percent": 30, "direction": "down"}),
    _rule("change", rf"(?<!more than )(?<!made )\bby {_PERCENT}", _percent_by, example="fell in 2018/19, by 6 per cent", gives={"percent": 6, "direction": "down"}),
    _rule("change", rf"\b{RISE}(?: by| of)? {_NAMED}", _percent("up"), example="up a third", gives={"percent": "a third"}),
    _rule("change", rf"\b{FALL}(?: by| of)? {_NAMED}", _percent("down"), example="fell by almost a quarter", gives={"percent": "almost a quarter", "direction": "down"}),
    _rule("change", rf"\b{_NAMED} {UP}\b", _percent("up"), example="a third more", gives={"percent": "a third"}),
    _rule("change", rf"\b{_NAMED} {DOWN}\b", _percent("down"), example="a quarter fewer", gives={"percent": "a quarter", "direction": "down"}),
    _rule("change", rf"\b({_BOUND}{_N})[- ]?times (?:as many|more|higher|greater|the|that|those|what|as high|over|recorded|its)\b", _times, example="more than five times the previous total", gives={"times": "more than 5"}),
    _rule("change", rf"\bby ({_BOUND}{_N}) times\b", _times, example="rose by four times", gives={"times": 4}),
    _rule("change", rf"\b({_BOUND}(?:two|three|four|five|six|seven|eight|nine|ten|\d+)[- ]?fold)\b", _times, example="a fivefold rise", gives={"times": 5}),
    _rule("change", rf"\b{_MULTIPLE}", _times, example="almost doubled", gives={"times": "almost doubled"}),
)  # fmt: skip


def stated(change: dict[str, Field]) -> dict[str, Amount]:
    """Return the percentage or the multiple that a change states.

    Examples
    --------
    >>> stated({"percent": Field("a third"), "direction": Field("up")})["percent"].number
    Fraction(100, 3)
    """
    named = {"percent": PERCENTAGES, "times": MULTIPLES}
    return {name: Amount.parse(str(change[name].value), named=named[name]) for name in named if name in change}


def fits(change: dict[str, Field], current: object, base: object) -> bool:
    """Say whether a stated change is the one between two counts.

    Examples
    --------
    >>> fits({"percent": Field(17)}, 77, 66), fits({"times": Field("doubled")}, 77, 66)
    (True, False)
    """
    amounts = stated(change)
    if not amounts or not isinstance(current, int) or not isinstance(base, int) or not base:
        return False
    ratio = Fraction(current, base)
    is_fall = "direction" in change and change["direction"].value == "down"
    if ratio == 1 or ("percent" in amounts and is_fall != (ratio < 1)):
        return False
    actual = {"percent": abs(ratio - 1) * 100, "times": ratio}
    return all(amount.holds(actual[name]) for name, amount in amounts.items())


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
