"""Sentences for the reports, made from the comparison that the figures come from, and printed by the command too.

Nothing here decides what may be compared, calls an interval a bound, names a cause, or says "significant".
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from analysis.comparison import SMALL, Comparison, Count, Pair, Process, Rate, judge, load_register, vintages
from analysis.comparison.change import Change, Foreseen, may_become, poor_years
from analysis.report.view import NOTHING, View, counted, fold, head, html, items, moved, prose, say, stack, words
from analysis.terms.numbers import about, capital, interval, joined, number, places
from analysis.terms.periods import quarter_label

_PANELS = {"yes": "fair", "with-care": "care", "not-known": "unknown", "no": "unlike", None: "unknown"}


def masthead(comparison: Comparison, noun: str = "") -> View:
    """Return the head of a page: who, what, when, and as published when.

    Parameters
    ----------
    comparison
        Whose area, period and release it names.
    noun
        What is recorded, by default the offence.
    """
    area = comparison.area
    subject = area.police.removeprefix("The ") if len(area.forces) == 1 else area.name  # a title has no article
    values = {"subject": subject, "noun": noun or comparison.offence.noun, "of": comparison}
    return head(*(say(f"site.{name}", **values) for name in ("masthead", "masthead-when", "title")))


def area_masthead(comparison: Comparison) -> View:
    """Return the head of the report of an area, on all offences."""
    return masthead(comparison, say("site.all-offences"))


def summary(comparison: Comparison) -> View:
    """Return the top of a page: what was recorded, the answer and the reading, with the rest behind a fold."""
    first, *others = summary_sentences(comparison)
    behind = prose(*further_sentences(comparison), settling_sentence(comparison))
    return stack(
        prose(first, kind="lead"), prose(" ".join(others), kind="answer"), fold("recorded.more-on-these", behind)
    )


def summary_sentences(comparison: Comparison) -> tuple[str, ...]:
    """Return three sentences that can be quoted as they stand: what was recorded, may it be compared, what the figures can tell.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> for sentence in summary_sentences(compare("Kent", release="2026-04-23")):
    ...     print(sentence)
    Kent Police recorded 371 child grooming offences in January to December 2025 and 284 in January to December 2024, as released on 23 April 2026.
    The two may be compared.
    87 more were recorded (31%). In a year one in ten forces change by as much; of such changes eight in ten were still there a year later. A recorded rise of 37% or more, or a fall of 29% or more, would have stood out.
    """
    if comparison.baseline is None:
        return _recorded(comparison), answer_sentence(comparison)
    change = change_sentence(comparison) or say("recorded.unread")
    return _recorded(comparison), short_answer(comparison), change


def further_sentences(comparison: Comparison) -> tuple[str, ...]:
    """Return what stands behind the top of a page: the same months a year before, what the count may not be taken for, and poor years.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> print(further_sentences(compare("Kent", period="2017/18", baseline="2018/19", release="2026-04-23"))[0])
    In the same months a year before, April 2016 to March 2017, it recorded 34. The two may not be compared: what is counted changed on 1 April 2017.
    """
    pair, said = comparison.year_before, ""
    if pair and pair.baseline and pair.baseline != comparison.baseline:
        they = say("recorded.they.one" if len(comparison.area.forces) == 1 else "recorded.they.several")
        before = say(f"recorded.year-before.{_state(pair.baseline)}", before=pair.baseline, they=they)
        said = f"{before} {short_answer(pair)} {change_sentence(pair)}".strip()
    return tuple(filter(None, [said, comparison.offence.not_people, poor_years_sentence(comparison)]))


def comparability(comparison: Comparison) -> View:
    """Return the panel that says whether the two periods may be compared, one line a caveat."""
    lines = [html("named", caveat.rule.name, caveat.text, caveat.rule.mark) for caveat in comparison.caveats]
    listed = items(*lines, kind="caveats") if lines else prose(say("recorded.no-caveat"))
    answer, body = answer_sentence(comparison), stack(prose(instead_sentence(comparison)), listed)
    return View(html("panel", _PANELS[comparison.answer], answer, body.html), f"{answer}\n{body.text}")


def report(comparison: Comparison) -> str:
    """Return the comparison in plain text, as ``analysis compare`` prints it."""
    said = [*summary_sentences(comparison), *further_sentences(comparison), ""]
    caveats = (f"- {caveat.rule.name}: {caveat.text}" for caveat in comparison.caveats)
    judged = (answer_sentence(comparison), instead_sentence(comparison), *caveats)
    return "\n".join([*said, *(line for line in judged if line not in said)])


def answer_sentence(comparison: Comparison) -> str:
    """Return whether the two periods may be compared, in one sentence; or why there is nothing to compare with, and what is held.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> print(answer_sentence(compare("Kent", release="2026-04-23")))
    Yes: January to December 2025 and January to December 2024 have the same quarters, definition, coverage and release.
    """
    current, release = comparison.current, comparison.release
    if comparison.baseline:
        return say(f"recorded.answers.{comparison.answer}", now=current.period, then=comparison.baseline.period)
    if current.period.months > 12:
        return say("recorded.no-comparison.long")
    then = current.period.year_before
    if not isinstance(release, vintages.YearRelease):
        return say("recorded.no-comparison.none", then=then, since=release.span(comparison.offence.code).first)
    held = sorted({year for each in vintages.publications(release.source) for year in each.years})
    years = held if len(held) < 5 else f"{held[0].words} to {held[-1].words}"
    what = current.area.name if current.area.by_years else comparison.offence.noun
    return say("recorded.no-comparison.by-years", then=then, what=what, years=years)


def instead_sentence(comparison: Comparison) -> str:
    """Return the comparison that may be made instead, with its figures; an empty string where there is none."""
    other = comparison.instead
    if other is None:
        return ""
    now, is_of_the_same = other.current, (other.area, other.offence) == (comparison.area, comparison.offence)
    values = {"now": now, "then": other.baseline, "care": ", with care" if other.answer == "with-care" else ""}
    form = "periods" if is_of_the_same else "other"
    return say(f"recorded.instead-{form}", **values, change=change_sentence(other)).strip()


def poor_years_sentence(pair: Pair, what: Foreseen = "change") -> str:
    """Return in which years ranges of 95% held too few forces; an empty string of none.

    Parameters
    ----------
    pair, what
        As :func:`poor_years_words` takes them.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> poor_years_sentence(compare("Kent", offence="46", release="2026-04-23"))
    'Tried on past years, ranges such as these held fewer forces than the 95 in 100 that they say: 71 in 100 in 2023 and 83 in 100 in 2024.'
    """
    years = poor_years_words(pair, what)
    return say("recorded.held", years=years) if years else ""


def poor_years_words(pair: Pair, what: Foreseen = "change") -> str:
    """Return the newest years in which ranges of one kind held too few forces; an empty string of none, and of the range of what is no force.

    Parameters
    ----------
    pair
        What has the range: a force's change, its next year or what later releases make of it; or all forces' places.
    what
        As :func:`analysis.comparison.poor_years` takes it.
    """
    if what == "change":
        poor = pair.change.poor_years if pair.change else {}
    else:
        is_tried = what == "place" or pair.current.area.kind == "force"
        poor = poor_years(pair.current.offence, what) if is_tried else {}
    return joined(say("recorded.held-year", year=year, held=held) for year, held in poor.items()) if poor else ""


def settling_sentence(comparison: Comparison) -> str:
    """Return what later releases may make of a provisional count; an empty string of a count that is firm.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> print(settling_sentence(compare("Kent", release="2026-04-23")))
    January to December 2025: 371 as published; as such figures have been revised, later releases may put it at 325 to 423.
    """
    now = comparison.current
    found = may_become(now)
    if found is None:
        return ""
    said = say("recorded.settling", now=now, later=found)
    return f"{said} {poor_years_sentence(comparison, 'settling')}".strip()


def change_sentence(pair: Pair) -> str:
    """Return what the change between two counts that may be compared is and shows, to stand right after the two; else nothing.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> print(change_sentence(compare("Kent", release="2026-04-23")))
    87 more were recorded (31%). In a year one in ten forces change by as much; of such changes eight in ten were still there a year later. A recorded rise of 37% or more, or a fall of 29% or more, would have stood out.
    """
    change, baseline = pair.change, pair.baseline
    if not pair.like_for_like or change is None or baseline is None:
        return ""
    counts = (pair.current.offences or 0, baseline.offences or 0)
    if min(counts) < 0:
        return say("recorded.negative")
    if not any(counts):
        return say("recorded.none-recorded")
    is_of_others = pair.counted_events and change.percent is not None  # the percentage is not of the two that were said
    form = "difference" if change.percent is None or is_of_others or not change.difference else "difference-percent"
    were = "was" if abs(change.difference) == 1 else "were"
    recorded = moved(f"recorded.{form}", change.difference, were=were, percent=share_words(change.percent or 0))
    if is_of_others:
        without = say("recorded.without-events", counts=change.counts, change=percent_words(change.percent or 0))
        recorded = f"{recorded} {without}"
    return " ".join(filter(None, [recorded, _shown(pair, change), _detectable(change)]))


def short_answer(pair: Pair) -> str:
    """Return whether two counts may be compared, and what speaks against it, in a few words."""
    reasons = list(dict.fromkeys(each.short for each in pair.deciding))
    return say(f"recorded.short-answers{'-why' * bool(reasons)}.{pair.answer}", why=reasons[:2])


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
    return moved("recorded.percent", percent, percent=share_words(percent))


def share_words(percent: float) -> str:
    """Return the size of a change in per cent, such as ``12%`` or ``less than 1%``.

    Parameters
    ----------
    percent
        The change, of which the sign is left out.
    """
    return f"{abs(round(percent)):,}%" if abs(percent) >= 0.5 else say("recorded.percent.least")


def change_words(pair: Pair) -> str:
    """Return the reading of a change in a few words, for a table, or why there is none.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> change_words(compare("Kent", release="2026-04-23")), change_words(compare("Kent", period="2017/18"))
    ('within the usual', 'not comparable')
    """
    if not pair.like_for_like:
        return say(f"recorded.in-a-table.{pair.answer or 'no-baseline'}")
    if pair.change is None or pair.change.reading is None:
        is_small = any(count.is_small for count in pair.counts)
        return say(f"recorded.in-a-table.{'few' if is_small else 'counts-only'}", small=SMALL)
    reading = say(f"recorded.in-a-table.{pair.change.reading}")
    return say("recorded.in-a-table.with-care", reading=reading) if pair.answer == "with-care" else reading


def range_words(low: float | None, high: float | None) -> str:
    """Return a range of a change in per cent, the smaller change first where both ends go the same way.

    Parameters
    ----------
    low, high
        Its ends; negative for fewer.

    Examples
    --------
    >>> range_words(-4.2, 79), range_words(-50, -20)
    ('4% fewer to 79% more', '20% to 50% fewer')
    """
    ends = (high, low) if (high or 0) < 0 else (low, high)
    first, last = (percent_words(end or 0.0) for end in ends)
    shared = next((word for word in (" more", " fewer") if first.endswith(word) and last.endswith(word)), "")
    return say("recorded.range-ends", first=first.removesuffix(shared), last=last)


class Scale(NamedTuple):
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
        rates = sorted(comparison.rates.values(), key=lambda rate: rate.value)
        whom = rates[0].residents.whom if rates else say("charts.residents")
        times = 100 if rates and rates[len(rates) // 2].value < 1 else 1
        return cls(times, say(f"tables.units.{times}", whom=whom))

    def words(self, rate: Rate | None) -> str:
        """Return a rate with its interval, ``[x]`` where there is none."""
        return f"{self.value(rate.value)} ({self.ends(rate.low, rate.high)})" if rate else "[x]"

    def value(self, value: float) -> str:
        """Return a rate for 10,000 as it is printed."""
        return number(self.times * value, 1)

    def ends(self, low: float, high: float) -> str:
        """Return the ends of a range of rates for 10,000 as they are printed."""
        return interval(self.times * low, self.times * high)


def quotable(comparison: Comparison) -> View:
    """Return two sentences that can be copied as they stand, and a citation; the page's script puts a button beside each."""
    quote, source = " ".join(quotation(comparison)), reference(comparison)
    return View(html("quote", quote, source), f"{quote}\n{source}")


def quotation(comparison: Comparison) -> tuple[str, str]:
    """Return the figure with its period, release and caveats, and what it may not be taken for.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> result = compare("Northamptonshire", period="2017-04..2017-12", baseline="2016-04..2017-03", release="2026-04-23")
    >>> print(quotation(result)[0])
    Northamptonshire Police recorded 32 child grooming offences in April to December 2017 and 4 in April to December 2016, as released on 23 April 2026 (what is counted changed on 1 April 2017, so the two figures are not comparable; numbers this small can move much by chance).
    """
    before = comparison.year_before
    pair: Pair = comparison if comparison.like_for_like or before is None else before  # the fairer of the two
    if pair.baseline is None or pair.baseline.offences is None:
        pair = judge(comparison.current)
    said, caveats = _recorded(pair), "" if pair.current.offences is None else "; ".join(_caveats(pair))
    return f"{said[:-1]} ({caveats})." if caveats else said, comparison.offence.not_people


def reference(comparison: Comparison) -> str:
    """Return how to cite the figures of a page."""
    return say("recorded.reference", of=comparison)


def limits(comparison: Comparison) -> View:
    """Return what the figures do not measure: lines that stand on every page."""
    offence = comparison.offence
    lead = say("site.limits.code" if offence.kind == "code" else "site.limits.other", code=offence.code)
    lines = [lead + line.removeprefix("It") if line.startswith("It ") else line for line in offence.limits]
    return items(*lines, say("site.accredited"), kind="limits")


def sources(comparison: Comparison) -> View:
    """Return where the figures come from, how they were obtained and checked, and under which licence."""
    release = comparison.release
    listed = items(*(html("source", each) for each in comparison.sources), kind="sources")
    told = prose(*(say(f"site.{name}", of=release) for name in ("obtained", "checked", "known-limits")))
    attribution = prose(load_register().attribution, kind="attribution")
    return stack(listed, fold("site.obtained-fold", told, "broad"), attribution)


def across_time(comparison: Comparison) -> View:
    """Return how to read the process chart, what it marks, and how many marks chance alone would give."""
    result = comparison.process
    if result.limits is None or result.false_signals is None:
        return NOTHING
    lines, trend = [], result.trend
    for step in result.steps:
        near = say("readings.step-near" if step.days else "readings.step-alone", step=step)
        drifts = say("readings.step-drifts") if step.drifts else ""
        levels = {"before": about(step.before), "after": about(step.after)}
        lines.append(say("readings.step", step=step, near=near, drifts=drifts, **levels))
    if result.steps:
        lines.append(say("readings.steps-why"))
    elif trend is None or not math.isfinite(trend.ratio.value):
        lines.append(say("readings.no-trend"))
    else:
        value, low, high = (100 * (each - 1) for each in trend.ratio)
        lines.append(moved("readings.trend", round(value), ends=range_words(low, high)))
    if change := next(reversed(comparison.all_breaks), None):
        lines.append(say("readings.changed-launch" if change.launch else "readings.changed", change=change))
    return stack(prose(*lines), fold("readings.how-to-read", prose(*_behind(result))))


def among_forces(comparison: Comparison) -> View:
    """Return how to read the chart of all forces, where the force stands as a range, and what the chart does not say."""
    if not comparison.rates:
        return NOTHING
    name, funnel, own = comparison.area.name, comparison.funnel, ""
    if comparison.current.rate is None and len(comparison.area.forces) == 1:
        own = say("readings.no-rate", of=comparison.current)
    elif funnel is not None and name in funnel.forces.index:
        row = funnel.forces.T[name]
        low, high = row["rank_low"], row["rank_high"]
        values = {"ends": Scale.of(comparison).ends(row["pooled_low"], row["pooled_high"]), "ranks": places(low, high)}
        values |= {"name": comparison.area.called, "first": capital(comparison.area.called)}
        is_placed = high - low + 1 <= len(funnel.forces) / 2
        own = say(f"readings.{'place' if is_placed else 'no-place'}", forces=len(funnel.forces), **values)
    poor = poor_years_sentence(comparison, "place") if funnel else ""
    return prose(own, poor, say("readings.rates"), say("readings.rates-differ"))


def _recorded(pair: Pair) -> str:
    now, then, noun, before = pair.current, pair.baseline, pair.offence.noun, ""
    form = _state(now)
    if now.offences is not None and form == "counted":
        form = "recorded-net" if now.offences < 0 else "recorded"
    if then:
        when = say("recorded.later" if then.period > now.period else "recorded.earlier", before=then)
        before = say(f"recorded.before.{_state(then)}", before=then, then=when)
    values = {
        "of": now,
        "noun": noun[0].upper() + noun[1:],
        "count": pair.offence.count(now.offences),
        "before": before,
    }
    released = say("recorded.released" if pair.release.released else "recorded.according", release=pair.release)
    return say(f"recorded.{form}", released=released, **values)


def _state(count: Count) -> str:
    return "not-counted" if count.not_counted else "not-supplied" if count.offences is None else "counted"


def _shown(pair: Pair, change: Change) -> str:
    """Return what a change shows: that it is beyond the usual, or how common one is and what became of such changes."""
    if change.percent is None:
        if not any(count.is_small for count in pair.counts):
            return say("recorded.event" if pair.has_uncounted_event else "recorded.not-measured")
        return say("recorded.few", small=SMALL)
    first, last = (each.period for each in pair.counts)
    years, tenths, seen = round(first.years_from(last)), words("recorded.tenths"), change.common
    apart, over = (
        say(f"recorded.{each}.{'span' if years > 1 else 'year'}", years=years) for each in ("apart", "common")
    )
    if change.reading != "within-usual" or seen is None:
        return say(f"recorded.reading.{change.reading}", range=range_words(change.low, change.high), apart=apart)
    said = say(f"recorded.common.{seen.of}", over=over, share=tenths[str(round(10 * seen.share))])
    kept = "" if seen.kept is None else say("recorded.common.kept", kept=tenths[str(round(10 * seen.kept))])
    return f"{said}{kept}."


def _detectable(change: Change) -> str:
    """Return how large a change from a baseline would have stood out, where this one does not."""
    least, base = change.detectable, change.counts and change.counts[1].offences
    if not least or not base or change.reading != "within-usual":
        return ""
    more, fewer = (f"{round(100 * (each or 0) / base)}%" for each in (least.more, least.fewer))
    return say("recorded.detectable-rise" if least.fewer is None else "recorded.detectable", more=more, fewer=fewer)


def _caveats(pair: Pair) -> Iterator[str]:
    # Where a break forbids the comparison, what else would ask for care need not be quoted.
    broken = bool(pair.breaks)
    needless = {each.code for each in pair.caveats if broken and (each.weight == "care" or each.rule.mark == "b")}
    if broken:
        yield say(f"recorded.changed.{'between' if pair.baseline else 'within'}", change=pair.breaks[0])
    quoted = (caveat for caveat in pair.caveats if caveat.rule.quoted and caveat.code not in needless)
    # What weighs less here than it does elsewhere is true of single forces of the area, and not of the figures quoted.
    yield from dict.fromkeys(each.short for each in quoted if each.weight != "note" or each.rule.weight == "note")


def _behind(result: Process) -> Iterator[str]:
    """Give how a process chart is read: its marks, beside how many chance alone would make, and its season."""
    yield say("readings.process", quarter=quarter_label(result.quarters[0]))
    if result.marked is None or result.false_signals is None:  # the rules are not those of such a series
        yield say("readings.process-unmarked")
    else:
        yield counted("readings.marked", len(result.marked))
        share = 100 * result.false_signals.share
        yield say("readings.process-expected", expected=result.false_signals.points, share=share)
    yield say("readings.season" if result.season_removed else "readings.no-season")
