"""Changes, rates, shares and answers of forces, as the press words them."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from analysis.claims.amounts import LARGEST, MULTIPLES, PERCENTAGES, Amount
from analysis.claims.drafts.fields import Field
from analysis.claims.drafts.words import PATTERNS
from analysis.claims.grammar import Rule
from analysis.terms.numbers import parsed

# One in three and its like, of several words the first; of "two in four" none.
_ODDS = {(percent / 100).as_integer_ratio(): words for words, percent in reversed(PERCENTAGES.items())}
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
    found = [Field(way, verb[0]) for way in ("up", "down") if (verb := PATTERNS[way].search(words))]
    return {"direction": found[0]} if len(found) == 1 else {}


def read(rule: Rule, match: re.Match[str], before: str = "") -> dict[str, object]:
    """Return the fields that words found by a rule of ``amounts`` state; none where they state nothing.

    Parameters
    ----------
    rule, match
        The rule, and the words.
    before
        The words of the change that was told last, to which others may be added: "and robbery by 1 per cent".
    """
    return _percent(match, before) if rule.read == "percent" else _READERS[rule.read](match)


def amount(words: str, named: dict[str, Fraction] | None = None, largest: int = LARGEST) -> object:
    """Return an amount as a claims file writes it: a number, or words with their bound.

    Examples
    --------
    >>> amount("near 200"), amount("5.0"), amount("a third", PERCENTAGES)
    ('nearly 200', 5, 'a third')
    """
    read = Amount.parse(re.sub(r"^near ", "nearly ", words.strip(), flags=re.I), named=named, largest=largest)
    if read.bound:
        return read.stated
    return int(read.number) if read.number.denominator == 1 else float(read.number)


def _percent(match: re.Match[str], before: str) -> dict[str, object]:
    """Read "rose by 68 per cent", "a third fewer", and "by 6 per cent" where the verb stands apart, before it."""
    said, apart = match.groupdict(), match.string[: match.start()]
    if PATTERNS["and another"].fullmatch(apart):
        apart = before + apart
    verbs = PATTERNS["rise or fall"].findall(apart[-120:])
    if not said.get("up") and not said.get("down") and not verbs:
        return {}
    falls = said["down"] if said.get("up") or said.get("down") else verbs[-1][1]
    found: dict[str, object] = {"percent": amount(match["amount"], PERCENTAGES)}
    return found | ({"direction": "down"} if falls else {})


def _rate(match: re.Match[str]) -> dict[str, object]:
    value, per = amount(match["amount"]), match["per"].casefold()
    near = match.string[max(0, match.start() - 30) : match.end() + 30]
    return {
        "value": f"about {value}" if PATTERNS["roughly"].search(near) and isinstance(value, int) else value,
        "per": _UNITS.get(per, per),
    }


def _coverage(match: re.Match[str]) -> dict[str, object]:
    responded, asked = parsed(match["responded"]), parsed(match["asked"])
    return {"responded": responded, "of": asked} if responded and asked and responded <= asked else {}


def _odds(match: re.Match[str]) -> dict[str, object]:
    """Read "one in three", "seven in ten"."""
    some, whole = parsed(match["some"]) or 0, parsed(match["whole"]) or 0
    if not 0 < some < whole or ((some, whole) not in _ODDS and 1000 * some % whole):
        return {}
    percent = _ODDS.get((some, whole)) or f"{100 * some / whole:.4g}"
    return {"percent": amount(f"{match['bound']}{percent}", PERCENTAGES)}


_READERS: dict[str, Callable[[re.Match[str]], dict[str, object]]] = {
    "times": lambda match: {"times": amount(match["amount"], MULTIPLES)},
    "rate": _rate,
    "coverage": _coverage,
    "share": lambda match: {"percent": amount(match["amount"], PERCENTAGES)},
    "odds": _odds,
}
