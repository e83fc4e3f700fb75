"""Changes, rates, shares and answers of forces, as the press words them."""

from __future__ import annotations

import re
from fractions import Fraction

from analysis.claims.amounts import BOUNDS, MULTIPLES, PERCENTAGES, Amount
from analysis.claims.drafts.fields import Field
from analysis.claims.drafts.offences import nouns
from analysis.claims.spans import Rule
from analysis.terms.language import NUMBER, number

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
_BOUND = rf"(?:(?:{'|'.join(sorted(BOUNDS, key=len, reverse=True))}|near) )?"
_NAMES = "|".join(sorted((name.replace(" ", "[ -]") for name in PERCENTAGES), key=len, reverse=True))
_LEAD = r"(?:(?:just|an?|by|as much as) ){0,3}"  # "by as much as a third"
_SHARE = rf"{_LEAD}(?P<amount>{_BOUND}(?:(?:\d+\.\d+|{NUMBER})(?= ?-?(?:%|per ?cent\b))|(?:{_NAMES})\b(?! (?:a|year))))(?: ?-?(?:%|per ?cent\b))?"
_ODDS = {(1, 2): "half", (1, 3): "a third", (1, 4): "a quarter", (1, 5): "a fifth", (1, 10): "a tenth", (2, 3): "two thirds", (3, 4): "three quarters"}  # fmt: skip
_SOME = (
    r"(?:all |the |its |their |recorded |these |those |such )*(?=(?:\d[\d,]* )?(?:[\w-]+ ){0,5}?(?:" + nouns() + r")\b)"
)
_GAP = r"(?: (?!in\b|to\b|was\b|were\b|from\b|than\b|and\b|with\b|for\b|while\b)[\w'-]+){0,4}?"
_FORCES = r"(?: of the)?(?: \w+){0,3}? (?:forces|constabularies)\b"
_ANSWERED = r"(?:responded|replied|answered|provid\w+|suppl\w+|gave|sent|return\w+)"
_PER = r"(?:(?:,? on average,?)?(?: an?| per| every| each)(?: single)? (?=day|week|month)| (?=daily|weekly|monthly))(?P<per>day|week|month|daily|weekly|monthly)\b(?: on average)?"
_UNITS = {"daily": "day", "weekly": "week", "monthly": "month"}


def stated(change: dict[str, Field]) -> dict[str, Amount]:
    """Return the percentage or the multiple that a change states.

    Examples
    --------
    >>> stated({"percent": Field("a third"), "direction": Field("up")})["percent"].number
    Fraction(100, 3)
    """
    named = {"percent": PERCENTAGES, "times": MULTIPLES}
    return {name: Amount.parse(str(change[name].value), named=named[name]) for name in named if name in change}


def fits(change: dict[str, Field], current: Fraction | None, base: Fraction | None) -> bool:
    """Say whether a stated change is the one between two counts.

    Examples
    --------
    >>> fits({"percent": Field(17)}, Fraction(77), Fraction(66)), fits({"times": Field("doubled")}, Fraction(77), Fraction(66))
    (True, False)
    """
    amounts = stated(change)
    if not amounts or current is None or not base or current == base:
        return False
    ratio = current / base
    is_fall = "direction" in change and change["direction"].value == "down"
    actual = {"percent": (1 - ratio if is_fall else ratio - 1) * 100, "times": ratio}
    return all(amount.holds(actual[name]) for name, amount in amounts.items())


def direction(words: str) -> dict[str, Field]:
    """Return which way words say that counts went; nothing where they say neither or both.

    Examples
    --------
    >>> direction("33 offences, up from five")["direction"].value, direction("a fall on the year before")["direction"].value
    ('up', 'down')
    >>> direction("33 and five"), direction("up and down")
    ({}, {})
    """
    ways = {way: re.search(rf"\b{verbs}\b", words, re.I) for way, verbs in (("up", UP), ("down", DOWN))}
    found = [{"direction": Field(way, verb[0])} for way, verb in ways.items() if verb]
    return found[0] if len(found) == 1 else {}


def _amount(words: str, named: dict[str, Fraction] | None = None) -> object:
    """Return an amount as a claims file writes it: a number, or words with their bound."""
    amount = Amount.parse(re.sub(r"^near ", "nearly ", words.strip(), flags=re.I), named=named)
    if amount.bound:
        return amount.stated
    return int(amount.number) if amount.number.denominator == 1 else float(amount.number)


def _percent(match: re.Match[str]) -> dict[str, object]:
    """Read "rose by 68 per cent", "a third fewer", and "by 6 per cent" where the verb stands apart, before it."""
    said = match.groupdict()
    before = re.findall(rf"\b(?:({RISE})|({FALL}))\b", match.string[: match.start()][-120:], re.I)
    if not said.get("up") and not said.get("down") and not before:
        return {}
    falls = said["down"] if said.get("up") or said.get("down") else before[-1][1]
    found: dict[str, object] = {"percent": _amount(match["amount"], PERCENTAGES)}
    return found | ({"direction": "down"} if falls else {})


def _times(match: re.Match[str]) -> dict[str, object]:
    return {"times": _amount(match["amount"], MULTIPLES)}


def _rate(match: re.Match[str]) -> dict[str, object]:
    value, per = _amount(match["amount"]), match["per"].casefold()
    near = match.string[max(0, match.start() - 30) : match.end() + 30]
    is_rough = re.search(r"\b(?:average|equivalent|averaging|equates|roughly|around|about)\b", near, re.I)
    return {"value": f"about {value}" if is_rough and isinstance(value, int) else value, "per": _UNITS.get(per, per)}


def _coverage(match: re.Match[str]) -> dict[str, object]:
    responded, asked = number(match["responded"]), number(match["asked"])
    return {"responded": responded, "of": asked} if responded and asked and responded <= asked else {}


def _share(match: re.Match[str]) -> dict[str, object]:
    return {"percent": _amount(match["amount"], PERCENTAGES)}


def _odds(match: re.Match[str]) -> dict[str, object]:
    """Read "one in three", "seven in ten"."""
    some, whole = number(match["some"]) or 0, number(match["whole"]) or 0
    if not 0 < some < whole or ((some, whole) not in _ODDS and 1000 * some % whole):
        return {}
    percent = _ODDS.get((some, whole)) or f"{100 * some / whole:.4g}"
    return {"percent": _amount(f"{match['bound']}{percent}", PERCENTAGES)}


_N = NUMBER
# In order: what one rule has read, the next does not read again.
RULES: tuple[Rule, ...] = (
    Rule("coverage", rf"\b(?P<responded>{_N})(?: out)? of (?:the |all |a possible )?(?P<asked>{_N}){_FORCES}", "38 of the 44 police forces replied", {"responded": 38, "of": 44}, _coverage),
    Rule("coverage", rf"\b(?P<responded>{_N})(?: \w+){{0,3}}? forces,? (?:out )?of (?:the |all |a possible )?(?P<asked>{_N})\b", "38 police forces out of 44", {"responded": 38, "of": 44}, _coverage),
    Rule("coverage", rf"\bof (?:the |all )?(?P<asked>{_N})(?={_FORCES}[^;.<\d]{{0,40}}? (?P<responded>{_N}) {_ANSWERED})", "of the 44 forces, only 38 replied", {"responded": 38, "of": 44}, _coverage),
    Rule("share", rf"(?<!by )(?<!up )(?<!down )\b{_SHARE}\)? of {_SOME}", "used in 52 per cent of online grooming cases", {"percent": 52}, _share),
    Rule("share", rf"\b(?P<bound>{_BOUND})(?P<some>{_N}) (?:in|out of)(?: every)? (?P<whole>{_N}) (?:of )?{_SOME}", "one in three grooming offences", {"percent": "a third"}, _odds),
    Rule("rate", rf"(?:\b(?:an average of|on average,?|the equivalent of|equivalent to|averaging|equates to) )?\b(?P<amount>{_BOUND}{_N})(?: (?:online|child|grooming|recorded|such|sexual|new))*(?: (?:{nouns()}))?(?: (?:was |were |are |is |being )?(?:recorded|reported|logged))?{_PER}", "more than nine a day", {"value": "more than 9", "per": "day"}, _rate),
    Rule("change", rf"\b(?:(?P<up>{RISE})|(?P<down>{FALL})){_GAP} {_SHARE}", "rose by 68 per cent", {"percent": 68}, _percent),
    Rule("change", rf"\b{_SHARE}(?: [\w-]+)? (?:(?P<up>{UP})|(?P<down>{DOWN}))\b", "a quarter fewer", {"percent": "a quarter", "direction": "down"}, _percent),
    Rule("change", rf"(?<!more than )(?<!made )\b(?:by|of) {_SHARE}", "fell in 2018/19, by 6 per cent", {"percent": 6, "direction": "down"}, _percent),
    Rule("change", rf"\b{_LEAD}(?P<amount>{_BOUND}{_N})[- ]?times (?:as many|more|higher|greater|the|that|those|what|as high|over|recorded|its)\b", "more than five times the previous total", {"times": "more than 5"}, _times),
    Rule("change", rf"\bby {_LEAD}(?P<amount>{_BOUND}{_N}) times\b", "rose by four times", {"times": 4}, _times),
    Rule("change", rf"\b{_LEAD}(?P<amount>{_BOUND}(?:two|three|four|five|six|seven|eight|nine|ten|\d+)[- ]?fold)\b", "a fivefold rise", {"times": 5}, _times),
    Rule("change", rf"\b{_LEAD}(?P<amount>{_BOUND}(?:{'|'.join(MULTIPLES)}))\b(?![ -](?:figures?|digits?|a (?:day|week|year)))", "almost doubled", {"times": "almost doubled"}, _times),
)  # fmt: skip
