"""Two counts and what may be said of them: the pair that the judgement makes, and all else is made from."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass, replace

from analysis.comparison.change import Change, Ratio, change_of, ratio_of
from analysis.comparison.counts import Count
from analysis.comparison.definitions import LITTLE, effects_of
from analysis.terms.breaks import Break, Effect
from analysis.terms.findings import WEIGHTS, Caveat, Comparable


@dataclass(frozen=True)
class Pair:
    """A count, what it is compared with, and what may be said of the two.

    Attributes
    ----------
    current, baseline
        The counts; the baseline is None where there is nothing to compare with.
    caveats
        What a reader must know before comparing, the gravest first; each has a ``code``, a ``weight`` and a ``text``.
    breaks
        The breaks that lie between the two counts, or inside one of them, oldest first.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> pair = compare("Kent", period="2024/25", release="2026-04-23").year_before
    >>> [counted.offences for counted in pair.counts], pair.answer, round(pair.ratio.value, 2)
    ([289, 245], 'yes', 1.18)
    """

    current: Count
    baseline: Count | None = None
    caveats: tuple[Caveat, ...] = ()
    breaks: tuple[Break, ...] = ()

    @property
    def counts(self) -> tuple[Count, ...]:
        """The counts: one, or the current one and the baseline."""
        return counts_of(self.current, self.baseline)

    @functools.cached_property
    def ratio(self) -> Ratio:
        """Current over baseline, adjusted for months: for an analyst, whatever the answer."""
        return Ratio() if self.baseline is None else ratio_of(self.current, self.baseline)

    @property
    def codes(self) -> frozenset[str]:
        """The caveats' codes."""
        return frozenset(caveat.code for caveat in self.caveats)

    @property
    def reasons(self) -> frozenset[str]:
        """The codes of the caveats that forbid the comparison, leave it unknown or ask for care."""
        return frozenset(caveat.code for caveat in self.caveats if caveat.weight != "note")

    @property
    def answer(self) -> Comparable | None:
        """Whether the two may be compared: ``yes``, ``with-care``, ``not-known``, ``no``; None without a baseline."""
        if self.baseline is None:
            return None
        weights = {caveat.weight for caveat in self.caveats}
        return next((answer for weight, answer in WEIGHTS.items() if weight in weights), "yes")

    @property
    def like_for_like(self) -> bool | None:
        """Whether the two may be compared, with care or without; None where that is not known, False without a baseline."""
        return None if self.answer == "not-known" else self.answer in {"yes", "with-care"}

    @functools.cached_property
    def change(self) -> Change | None:
        """The change; no more than the difference where the two may not be compared, None where there are no two numbers.

        Where events are known to have made so many offences, it is read without them, and where that is not known not at all.
        """
        if self.baseline is None:
            return None
        events = [caveat for caveat in self.caveats if caveat.code == "event" and caveat.form != "spell"]
        counted = counted_events(self.current, self.baseline)
        now, then = (less(count, counted) for count in (self.current, self.baseline))
        readable = bool(self.like_for_like) and all(caveat.form == "counted" for caveat in events)
        ratio = ratio_of(now, then) if counted else self.ratio
        change = change_of(now, then, ratio, comparable=readable)
        if change is None or self.current.offences is None or self.baseline.offences is None:
            return change
        return replace(change, difference=self.current.offences - self.baseline.offences)


def counts_of(current: Count, baseline: Count | None) -> tuple[Count, ...]:
    """Return the counts that there are."""
    return (current,) if baseline is None else (current, baseline)


def effects(count: Count) -> tuple[Effect, ...]:
    """Return what the register of breaks does to a count."""
    return effects_of(count.offence, count.area, count.release)


def counted_events(current: Count, baseline: Count | None) -> tuple[Break, ...]:
    """Return the events within either period of which it is known how many offences they made: no small part of a count."""
    numbered = [effect.change for effect in effects(current) if effect.change.kind == "event" and effect.change.number]
    return tuple(
        change
        for change in numbered
        if any(
            change.months.overlaps(count.period) and (change.number or 0) >= LITTLE * (count.offences or 0)
            for count in counts_of(current, baseline)
        )
    )


def less(count: Count, events: Iterable[Break]) -> Count:
    """Return a count without the offences of events that fall into it."""
    made = sum(event.number or 0 for event in events if event.months.overlaps(count.period))
    return count if count.offences is None or not made else replace(count, offences=count.offences - made)
