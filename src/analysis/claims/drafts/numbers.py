"""The numbers of a sentence: which count recorded offences, and which count something else.

A number is a count where a rule says so and nothing beside it says that it is of some of them only. When in doubt it is
none.
"""

from __future__ import annotations

from collections.abc import Callable

from analysis.claims.drafts.fields import Field
from analysis.claims.drafts.words import PATTERNS, rules
from analysis.terms.language import number

NOT_COUNTS, COUNTS = rules("not counts"), rules("counts")

_MOST_NUMBERS = 40  # of a sentence; what has more is none
_BEHIND, _AHEAD = 160, 90  # letters around a number in which a rule may look


def exact(sentence: str) -> str:
    """Return a sentence in which a rough count gives way to the exact one after it.

    Examples
    --------
    >>> exact("Almost 4,000 (3,936) offences were recorded.")
    '3,936 offences were recorded.'
    """
    return PATTERNS["rough then exact"].sub(r"\1", sentence)


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
    found = list(PATTERNS["number"].finditer(text))
    for match in found if len(found) <= _MOST_NUMBERS else ():
        before, end = done + text[end : match.start()], match.end()
        read = number(match[1]) if _is_count(before[-_BEHIND:], text[end : end + _AHEAD]) else None
        hedge = PATTERNS["hedged"].search(before[-_BEHIND:])
        rough = f"{hedge[1].casefold()} {read}" if hedge else read
        quote = f"{hedge[1]} {match[1]}" if hedge else match[1]
        done = before + (match[0] if read is None else put("N", Field(rough, quote)))
    return done + text[end:]


def _is_count(before: str, after: str) -> bool:
    if (
        PATTERNS["some other thing"].match(after)
        or PATTERNS["where known"].search(before)
        or PATTERNS["where known"].search(after)
    ):
        return False
    near = f"{before}#{after}"
    return any(rule.pattern.search(near) for rule in COUNTS)
