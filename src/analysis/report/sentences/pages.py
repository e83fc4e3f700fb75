"""What stands at the head and at the foot of pages: titles, what can be quoted, limits, marks and sources."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.comparison import Comparison, Pair, judge, load_register
from analysis.report.sentences.recorded import as_released, summary_sentences
from analysis.report.view import View, head, html, items, prose, say, stack
from analysis.terms.numbers import number


def masthead(comparison: Comparison) -> View:
    """Return the head of a page on one offence: who, what, when, and as published when."""
    subject = comparison.area.police if len(comparison.area.forces) == 1 else comparison.area.name
    return _head(comparison, subject, comparison.offence.noun)


def area_masthead(comparison: Comparison) -> View:
    """Return the head of the report of an area, on all offences."""
    subject = comparison.area.police if len(comparison.area.forces) == 1 else comparison.area.name
    return _head(comparison, subject, say("site.all-offences"))


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
    if comparison.current.offences is None:
        return summary_sentences(comparison)[0], comparison.offence.not_people
    pair = _fairest(comparison)
    beside = pair.baseline
    count, period = comparison.offence.count(comparison.current.offences), comparison.current.period.words
    counts = say("recorded.counts", count=count, period=period)
    if beside:
        counts += say("recorded.before.counted", count=number(beside.offences), period=beside.period.words)
    values = {"police": comparison.area.police, "counts": counts, "released": as_released(comparison)}
    caveats = "; ".join(_caveats(pair))
    said = say("recorded.quotation-caveats" if caveats else "recorded.quotation", caveats=caveats, **values)
    return said, comparison.offence.not_people


def reference(comparison: Comparison) -> str:
    """Return how to cite the figures of a page."""
    release = comparison.release
    values = {"producer": release.producer, "title": release.title, "licence": release.licence}
    values |= {"offence": comparison.offence.label, "period": comparison.current.period.words}
    return say("recorded.reference", area=comparison.area.name, **values)


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
    named = [f"{each.producer}: {each.title}. {each.licence}. {each.page}" for each in comparison.sources]
    texts = {"obtained": release.obtained, "checked": release.checked, "known-limits": release.limits}
    said = prose(*(say(f"site.{name}", text=text) for name, text in texts.items()))
    attribution = prose(load_register().attribution, kind="attribution")
    return stack(View(listed.html, "\n".join(named)), said, attribution)


def _head(comparison: Comparison, subject: str, noun: str) -> View:
    values = {"period": comparison.current.period.words, "release": comparison.release.words}
    title = say("site.title", subject=subject, noun=noun, **values)
    return head(say("site.masthead", subject=subject, noun=noun), "", say("site.masthead-when", **values), title)


def _fairest(comparison: Comparison) -> Pair:
    """Return the fairest pair to quote of those that there are: the one asked for where it may be compared."""
    before = comparison.year_before
    chosen: Pair = comparison if comparison.like_for_like or before is None else before
    if chosen.baseline is None or chosen.baseline.offences is None:
        return judge(comparison.current)
    return chosen


def _caveats(pair: Pair) -> Iterator[str]:
    # Where a break forbids the comparison, what else would ask for care need not be quoted.
    needless = (
        {each.code for each in pair.caveats if each.weight == "care" or each.mark == "b"} if pair.breaks else set()
    )
    if pair.breaks:
        yield say("recorded.changed.between" if pair.baseline else "recorded.changed.within", day=pair.breaks[0].words)
    quoted = (caveat for caveat in pair.caveats if caveat.rule.quoted and caveat.code not in needless)
    # What weighs less here than it does elsewhere is true of single forces of the area, and not of the figures quoted.
    yield from dict.fromkeys(each.short for each in quoted if each.weight != "note" or each.rule.weight == "note")
