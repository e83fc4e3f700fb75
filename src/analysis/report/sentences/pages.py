"""What stands at the head and at the foot of pages: titles, what can be quoted, limits, marks and sources."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from analysis.comparison import Comparison, Pair, judge, load_register
from analysis.report import addresses
from analysis.report.sentences.recorded import as_released, summary_sentences
from analysis.report.view import View, head, html, items, marked, prose, say, stack
from analysis.terms.findings import MARKS
from analysis.terms.numbers import number


def masthead(comparison: Comparison) -> View:
    """Return the head of a page: who, what, when, and as published when."""
    return _head(comparison, comparison.area.police if len(comparison.area.forces) == 1 else comparison.area.name)


def index_masthead(comparison: Comparison) -> View:
    """Return the head of the page that lists all forces."""
    return _head(comparison, "Police forces of England and Wales")


def finder(comparison: Comparison, missing: Collection[str] = ()) -> View:
    """Return links to every page but those that there are not, with all the words by which the page's script finds each.

    Parameters
    ----------
    comparison
        Of all forces together.
    missing
        Pages that there are not, as :func:`analysis.report.addresses.linkable` calls them.
    """
    every = addresses.findable(comparison.offence.code)
    found = [(page, said, words) for page, called, said, words in every if called not in missing]
    return View(html("finder", found), "\n".join(said for _, said, _ in found))


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
    also = f" and {number(beside.offences)} in {beside.period.words}" if beside else ""
    counted = f"{comparison.offence.count(comparison.current.offences)} in {comparison.current.period.words}{also}"
    caveats = "; ".join(_caveats(pair))
    said = f"{comparison.area.police} recorded {counted}, {as_released(comparison)}"
    return f"{said} ({caveats})." if caveats else f"{said}.", comparison.offence.not_people


def reference(comparison: Comparison) -> str:
    """Return how to cite the figures of a page."""
    release = comparison.release
    return (
        f"{release.producer}, “{release.title}”, {comparison.offence.label}, {comparison.area.name}, "
        f"{comparison.current.period.words}; set beside earlier figures by Like for like. {release.licence}."
    )


def limits(comparison: Comparison) -> View:
    """Return what the figures do not measure: lines that stand on every page."""
    offence = comparison.offence
    lead = f"Code {offence.code}" if offence.kind == "code" else "This figure"
    lines = [lead + line.removeprefix("It") if line.startswith("It ") else line for line in offence.limits]
    return items(*lines, say("site.accredited"), kind="limits")


def marks() -> View:
    """Return the legend of the marks that stand beside figures."""
    text = "Marks: " + "; ".join(f"[{mark}] {meaning}" for mark, meaning in MARKS.items()) + "."
    return View(html("paragraphs", [marked(text)], "marks"), text)


def sources(comparison: Comparison) -> View:
    """Return where the figures come from, how they were obtained and checked, and under which licence."""
    release = comparison.release
    listed = items(*(html("source", each) for each in comparison.sources), kind="sources")
    named = [f"{each.producer}: {each.title}. {each.licence}. {each.page}" for each in comparison.sources]
    obtained, checked = f"How obtained: {release.obtained}", f"How checked: {release.checked}"
    told = prose(obtained, checked, f"Known limits: {release.limits}")
    attribution = prose(load_register().attribution, kind="attribution")
    return stack(View(listed.html, "\n".join(named)), told, attribution)


def _head(comparison: Comparison, subject: str) -> View:
    what = f"Recorded {comparison.offence.noun}"
    period, release = comparison.current.period.words, f"release of {comparison.release.words}"
    title = f"{subject}: recorded {comparison.offence.noun}, {period}, {release}"
    return head(subject, what, f"{period} · {release}", title)


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
        so = "so the two figures are not comparable" if pair.baseline else "within the period"
        yield f"what is counted changed on {pair.breaks[0].words}, {so}"
    quoted = (caveat for caveat in pair.caveats if caveat.rule.quoted and caveat.code not in needless)
    yield from dict.fromkeys(caveat.short for caveat in quoted)
