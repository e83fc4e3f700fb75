"""What each number of a text may be: readings from its words and from the tables, joined, best first."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from analysis.claims.check import lookup
from analysis.claims.check.context import Area, Context, Counted
from analysis.claims.check.lookup import EXACT, NATIONAL, Slot, Tables
from analysis.claims.check.nearness import Costs, Nearness, few
from analysis.claims.check.numbers import FIGURES, Number
from analysis.claims.models import OUTSIDE
from analysis.figures.register import load_register
from analysis.terms.offences import find
from analysis.terms.periods import Period

From = Literal["words", "tables", "both"]
MOST = 5  # readings of one number
_WIDE = (12, 10, 40)  # areas, offences and periods of a text that are looked up
_NOWHERE = (2.6, "")  # how far the words are from what they name nowhere near
_PER = re.compile(r"\b(?:an?|per|each|every|every single|a single) (day|week|month)\b|\b(daily|weekly|monthly)\b|(?:per|for every|in every|to every|for each|in each) (\d[\d,]*|thousand|hundred thousand|million)\b", re.I)  # fmt: skip
_PER_WORDS = {"daily": "day", "weekly": "week", "monthly": "month", "thousand": "1000", "hundred thousand": "100000", "million": "1000000"}  # fmt: skip
_EVERY = re.compile(r"\b(second|minute|hour|day)s?\b", re.IGNORECASE)


@dataclass(frozen=True)
class Candidate:
    """A reading before it is judged.

    Attributes
    ----------
    area, offence
        As a claim writes them; no offence where no table holds what is named.
    period, baseline
        The months; no period where the text names none.
    held
        What the newest release gives, in the number's own unit; None where it gives nothing.
    source
        Whether the words give it, the tables, or both.
    words
        The words that it rests on.
    outside
        Where what no table holds is counted, and what is held that comes closest; empty where that is not known.
    """

    area: Area
    offence: str | None
    period: Period | None
    baseline: Period | None
    held: float | None
    source: From
    words: tuple[str, ...]
    outside: str = ""


# How far the words are from it, what its fit with the tables outweighs, and it.
_Weighed = tuple[float, float, Candidate]


class Readings:
    """The readings of the numbers of a text.

    Parameters
    ----------
    context
        What the text names.
    numbers
        Its numbers.
    """

    def __init__(self, context: Context, numbers: Sequence[Number]) -> None:
        register = load_register()
        self._near = Nearness(context, numbers)
        self._names_any = bool(context.offences)
        places = Counter(one.value for one in context.areas if one.value not in OUTSIDE.values())
        codes = Counter(one.value for one in context.offences if isinstance(one.value, str))
        held = [code for code, _ in codes.most_common(_WIDE[1]) if find(code).table or any(r.holds(code) for r in register.releases)]  # fmt: skip
        known = [place for place, _ in places.most_common(_WIDE[0])]
        self._tables = Tables(list(dict.fromkeys([*known, NATIONAL])), held, register)

    def of(self, number: Number) -> list[Candidate]:
        """Return at most :data:`MOST` readings of a number, best first; none of what is no figure, or where no offence is named."""
        if number.kind not in FIGURES or not self._names_any or number.value is None:
            return []
        places, codes = self._near.areas(number), self._near.offences(number)
        places.setdefault(NATIONAL, (1.6 if places else 0.6, ""))
        slots = self._near.slots(number)[: _WIDE[2]]
        looked_up = self._looked_up(number, places, codes, slots) if slots and self._tables.codes else ()
        return _ordered([*looked_up, *self._words_alone(places, codes, slots)])

    def unit(self, number: Number) -> str:
        """Return what a rate is per, or in what an interval is told: ``day``, ``1000``, ``minutes``; empty where it has none."""
        plain = self._near.plain
        after = plain[number.end : number.end + 90]
        if number.kind == "every":
            found = _EVERY.search(after)
            return f"{found[1].lower()}s" if found else ""
        if number.kind != "rate":
            return ""
        near = _PER.search(after) or _PER.search(plain[max(0, number.start - 300) : number.end + 300])
        said = next(filter(None, near.groups()), "").lower() if near else "1000"
        return _PER_WORDS.get(said, said.replace(",", ""))

    def _looked_up(self, number: Number, places: Costs[Area], codes: Costs[Counted], slots: Sequence[Slot]) -> Iterator[_Weighed]:  # fmt: skip
        """Yield the likeliest by the words, and by the tables, of every area, offence and period that is looked up."""
        tables = self._tables
        held = tables.held(number, slots, self.unit(number))
        counts = lookup.newest(tables.counts([slot.period for slot in slots]))
        fit, now = lookup.fits(number, held, counts, tables), lookup.newest(held)
        where = np.array([places.get(place, _NOWHERE)[0] for place in tables.places])
        which = np.array([codes.get(code, _NOWHERE)[0] for code in tables.codes])
        costs = where[:, None, None] + which[None, :, None] + np.array([slot.cost for slot in slots])
        worth = _worth(number) * np.where(fit == EXACT, 1.0, 0.3 * (fit > 0))
        nearest = np.argsort(costs.ravel(), kind="stable")[:12].tolist()
        fitting = np.argsort((costs - worth).ravel() + 99 * (fit.ravel() == 0), kind="stable")[:12].tolist()
        for flat in dict.fromkeys([*nearest, *fitting]):
            i, j, k = np.unravel_index(flat, costs.shape)
            place, code, slot = tables.places[i], tables.codes[j], slots[k]
            said = (places.get(place, _NOWHERE)[1], codes.get(code, _NOWHERE)[1], slot.words)
            value = None if np.isnan(now[i, j, k]) else round(float(now[i, j, k]), 4)
            made = Candidate(place, code, slot.period, slot.baseline, value, "words", tuple(filter(None, said)))
            yield float(costs[i, j, k]), float(worth[i, j, k]), made

    def _words_alone(self, places: Costs[Area], codes: Costs[Counted], slots: Sequence[Slot]) -> Iterator[_Weighed]:
        """Yield what the words name and no release counts: a part of a code, another nation, what is counted elsewhere."""
        months: list[tuple[Period | None, Period | None, float, str]] = [
            (slot.period, slot.baseline, slot.cost, slot.words) for slot in slots[:3]
        ] or [(None, None, 0.0, "")]
        likely, near = few(codes), few(places)
        abroad = [(place, far, said) for place, (far, said) in places.items() if place not in self._tables.places]
        uncounted = [(code, far, said) for code, (far, said) in codes.items() if code not in self._tables.codes]
        pairs = [*itertools.product(near, uncounted), *itertools.product(abroad, likely[:1])]
        if not slots:
            pairs += itertools.product(near, likely)
        for (place, away, name), (code, far, noun) in pairs:
            for period, baseline, cost, words in months:
                said = tuple(filter(None, (name, noun, words)))
                outside = "" if isinstance(code, str) else code.words
                named = code if isinstance(code, str) else None
                yield away + far + cost, 0.0, Candidate(place, named, period, baseline, None, "words", said, outside)


def _ordered(weighed: Sequence[_Weighed]) -> list[Candidate]:
    """Return readings that words and tables both give, then by turns those of the words and those of the tables alone."""
    least = min((cost for cost, _, _ in weighed), default=0.0)
    found: dict[From, list[tuple[float, Candidate]]] = {"both": [], "words": [], "tables": []}
    for cost, worth, one in weighed:
        source: From = "words" if not worth else "both" if cost - least <= worth else "tables"
        found[source].append((cost - worth, replace(one, source=source)))
    both, words, tables = ([one for _, one in sorted(each, key=lambda pair: pair[0])] for each in found.values())
    by_turns = itertools.chain.from_iterable(itertools.zip_longest(words[:3], tables))
    made: dict[tuple[object, ...], Candidate] = {}
    for one in filter(None, [*both[:3], *by_turns]):
        made.setdefault((one.area, one.offence, one.period, one.baseline), one)
    return list(made.values())[:MOST]


def _worth(number: Number) -> float:
    """Return how much a fit with the tables outweighs: a long number is hardly met by chance, a small one often."""
    value = abs(float(number.value or 0))
    if number.bound and not number.half_unit:
        return 0.4
    if number.kind in {"count", "difference"}:
        return 2.0 if value >= 1000 else 0.8 if value >= 100 else 0.4 if value >= 20 else 0.2
    return 1.0 if number.half_unit < 0.5 else {"percent": 0.7, "rate": 0.7}.get(number.kind, 0.4)
