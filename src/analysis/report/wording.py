"""Changes, rates and places in words: a sentence, a few words for a table, a range."""

from __future__ import annotations

import math
from dataclasses import dataclass

from analysis.comparison import PER, SMALL, Change, Comparison, Funnel, Pair, Rate
from analysis.report.view import say, words
from analysis.terms.numbers import interval, number

MILLION = 1_000_000


def change_sentence(pair: Pair) -> str:
    """Return what the change between two counts that may be compared is and shows, to stand right after the two; else nothing.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> print(change_sentence(compare("Kent", release="2026-04-23")))
    87 more were recorded (31%). In a year one in ten forces change by as much. A recorded rise of 37% or more, or a fall of 29% or more, would have stood out.
    """
    change, baseline = pair.change, pair.baseline
    if not pair.like_for_like or change is None or baseline is None:
        return ""
    counts = (pair.current.offences or 0, baseline.offences or 0)
    if min(counts) < 0:
        return say("recorded.negative")
    if not any(counts):
        return say("recorded.none-recorded")
    return " ".join(filter(None, [_difference(change), *_shown(change, pair), _detectable(change, counts[1])]))


def percent_words(percent: float) -> str:
    """Return a change in per cent as a reader says it.

    Parameters
    ----------
    percent
        The change; negative for fewer.

    Examples
    --------
    >>> percent_words(12.4), percent_words(-50), percent_words(0.1), percent_words(0)
    ('12% more', '50% fewer', 'less than 1% more', 'the same')
    """
    if percent == 0:
        return say("recorded.percent.same")
    whole = f"{abs(round(percent)):,}" if abs(percent) >= 0.5 else say("recorded.percent.least")
    return say(f"recorded.percent.{_way(percent)}", percent=whole)


def change_words(pair: Pair) -> str:
    """Return the reading of a change in a few words, for a table, or why there is none.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> change_words(compare("Kent", release="2026-04-23")), change_words(compare("Kent", period="2017/18"))
    ('within the usual', 'not comparable')
    """
    change, said = pair.change, words("recorded.in-a-table")
    if pair.baseline is None:
        return said["no-baseline"]
    if not pair.like_for_like:
        return said["not-known" if pair.answer == "not-known" else "no"]
    if change is None or change.reading is None:
        is_small = pair.current.is_small or pair.baseline.is_small
        return said["few"].format(small=SMALL) if is_small else said["counts-only"]
    reading = said[change.reading]
    return said["with-care"].format(reading=reading) if pair.answer == "with-care" else reading


def change_range(change: Change) -> str:
    """Return the range of a change, the smaller change first where both ends go the same way."""
    ends = (change.high, change.low) if change.reading == "fewer" else (change.low, change.high)
    first, last = (percent_words(end or 0.0) for end in ends)
    shared = next((word for word in (" more", " fewer") if first.endswith(word) and last.endswith(word)), "")
    return say("recorded.range-ends", first=first.removesuffix(shared), last=last)


def ratio_words(low: float, high: float) -> str:
    """Return a range of a ratio as a change, such as ``4% fewer to 12% more``; ``[x]`` where there is none.

    Parameters
    ----------
    low, high
        The ends of the range of the ratio.
    """
    if math.isnan(low):
        return "[x]"
    low, high = 100 * (low - 1), 100 * (high - 1)
    return change_range(Change(0, low=low, high=high, reading="fewer" if high < 0 else None))


@dataclass(frozen=True)
class Scale:
    """For how many residents rates are printed: a million where most forces have under one offence in 10,000.

    Attributes
    ----------
    times
        What a rate for 10,000 is multiplied by.
    unit
        Whom it is then of, in words.
    """

    times: int
    unit: str

    @classmethod
    def of(cls, comparison: Comparison) -> Scale:
        """Return the scale of all rates of a page."""
        rates = comparison.rates
        whom = next(iter(rates.values())).residents.whom if rates else say("charts.residents")
        middle = sorted(rate.value for rate in rates.values())[len(rates) // 2] if rates else 1.0
        times = 1 if middle >= 1 else MILLION // PER
        return cls(times, say(f"tables.units.{times * PER}", whom=whom))

    def words(self, rate: Rate | None) -> str:
        """Return a rate with its interval, ``[x]`` where there is none."""
        return f"{self.value(rate.value)} ({self.ends(rate.low, rate.high)})" if rate else "[x]"

    def value(self, value: float) -> str:
        """Return a rate for 10,000 as it is printed."""
        return number(self.times * value, 1)

    def ends(self, low: float, high: float) -> str:
        """Return the ends of a range of rates for 10,000 as they are printed."""
        return interval(self.times * low, self.times * high)


def place_words(funnel: Funnel | None, name: str) -> str:
    """Return a force's place as a range, that it cannot be placed where that spans over half, or ``[x]`` where it has no rate.

    Parameters
    ----------
    funnel
        All forces' rates, or None.
    name
        The force.
    """
    if funnel is None or name not in funnel.forces.index:
        return "[x]"
    row = funnel.forces.loc[name]
    if row["rank_high"] - row["rank_low"] + 1 > len(funnel.forces) / 2:
        return say("tables.cannot-be-placed")
    return str(funnel.ranks(name))


def _way(change: float) -> str:
    return "more" if change > 0 else "fewer" if change < 0 else "same"


def _difference(change: Change) -> str:
    """Return how many more or fewer were recorded, and how much that is in per cent where it may be given."""
    values = {"difference": number(abs(change.difference))}
    if change.percent is None or not change.difference:
        return say(f"recorded.difference.{_way(change.difference)}", **values)
    percent = percent_words(abs(change.percent)).partition("%")[0] + "%"
    return say(f"recorded.difference-percent.{_way(change.difference)}", percent=percent, **values)


def _shown(change: Change, pair: Pair) -> list[str]:
    if change.percent is None:
        if not any(count.is_small for count in pair.counts):
            return [say("recorded.not-measured")]
        return [say(f"recorded.reading-small.{change.reading}" if change.reading else "recorded.few", small=SMALL)]
    shown = [say(f"recorded.reading.{change.reading}", range=say("recorded.range", range=change_range(change)))]
    return [_common(pair)] if change.reading == "within-usual" and change.common else shown


def _common(pair: Pair) -> str:
    """Return how common a change is, and what became of such changes."""
    seen = pair.change.common if pair.change else None
    if seen is None or pair.baseline is None:
        return ""
    years = round(pair.current.period.years_from(pair.baseline.period))
    over = say("recorded.common.span", years=years) if years > 1 else say("recorded.common.year")
    said = say(f"recorded.common.{seen.of}", over=over, share=_tenths(seen.share))
    kept = "" if seen.kept is None else say("recorded.common.kept", kept=_tenths(seen.kept))
    return f"{said}{kept}."


def _tenths(share: float) -> str:
    """Return a share in tenths, as a reader says it."""
    return words("recorded.tenths")[str(round(10 * share))]


def _detectable(change: Change, baseline: int) -> str:
    """Return how large a change from a baseline would have stood out, where this one does not."""
    least = change.detectable
    if least is None or change.reading != "within-usual" or not baseline:
        return ""
    more = f"{round(100 * least.more / baseline)}%"
    if least.fewer is None:
        return say("recorded.detectable-rise", more=more)
    return say("recorded.detectable", more=more, fewer=f"{round(100 * least.fewer / baseline)}%")
