"""Heads and feet of pages: who, what and when; what may be quoted; limits, marks and sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from analysis.comparison import Comparison, Pair, judge, load_register
from analysis.report import addresses
from analysis.report.addresses import OTHER_PAGES
from analysis.report.sentences.recorded import as_released, summary_sentences
from analysis.report.view import NOTHING, View, html, items, marked, prose
from analysis.terms import offences
from analysis.terms.findings import MARKS
from analysis.terms.numbers import number

_ACCREDITED = (
    "Police recorded crime is not an accredited official statistic; it shows police activity better than trends in crime "
    "(Office for Statistics Regulation, 2014 and 2024)."
)

# What a quotation must say with its figures, in the order in which it says it.
_QUOTED = {
    "definition-not-reviewed": "whether the two may be compared is not known",
    "unequal-periods": "the two periods are not of one length",
    "different-quarters": "the two periods hold different quarters of the year",
    "not-supplied": "figures are missing",
    "first-year": "one of the periods touches the first year of a definition",
    "recording-change": "recording changed in these years",
    "late-supply": "figures were supplied late",
    "review-older": "changes in what is counted have not been reviewed to the end",
    "provisional": "provisional: figures this new are often revised",
    "small-numbers": "numbers this small can move much by chance",
}


def masthead(comparison: Comparison) -> View:
    """Return the head of a page: who, what, when, and as published when."""
    return _head(comparison, comparison.area.police if len(comparison.area.forces) == 1 else comparison.area.name)


def index_masthead(comparison: Comparison) -> View:
    """Return the head of the page that lists all forces."""
    return _head(comparison, "Police forces of England and Wales")


def other_pages(missing: Sequence[str]) -> View:
    """Return links to the pages that are not a force's.

    Parameters
    ----------
    missing
        Names of pages that do not exist, which are not linked.
    """
    pages = [offence for offence in offences.with_pages() if offence.code != addresses.DEFAULT]
    named = OTHER_PAGES | {addresses.offence_page(each): f"{each.name}, England and Wales" for each in pages}
    links = {name: words for name, words in named.items() if name not in missing}
    if not links:
        return NOTHING
    listed = items(*(html("link", f"{name}.html", words) for name, words in links.items()))
    return View(listed.html, "\n".join(links.values()))


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
    recorded = (
        f"{comparison.area.police} recorded {comparison.offence.count(comparison.current.offences)} in "
        f"{comparison.current.period.words}{also}, {as_released(comparison)}"
    )
    caveats = "; ".join(_caveats(pair))
    return f"{recorded} ({caveats})." if caveats else f"{recorded}.", comparison.offence.not_people


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
    return items(*lines, _ACCREDITED, kind="limits")


def marks() -> View:
    """Return the legend of the marks that stand beside figures."""
    text = "Marks: " + "; ".join(f"[{mark}] {meaning}" for mark, meaning in MARKS.items()) + "."
    return View(html("paragraphs", [marked(text)], "marks"), text)


def sources(comparison: Comparison) -> View:
    """Return where the figures come from, how they were obtained and checked, and under which licence."""
    release = comparison.release
    listed = items(
        *(html("source", s.producer, s.title, s.page, s.licence) for s in comparison.sources), kind="sources"
    )
    notes = prose(
        f"How obtained: {release.obtained}", f"How checked: {release.checked}", f"Known limits: {release.limits}"
    )
    attribution = prose(load_register().attribution, kind="attribution")
    named = [f"{source.producer}: {source.title}. {source.licence}. {source.page}" for source in comparison.sources]
    return View(
        Markup("\n").join(view.html for view in (listed, notes, attribution)),
        "\n".join([*named, notes.text, attribution.text]),
    )


def _head(comparison: Comparison, subject: str) -> View:
    what = f"Recorded {comparison.offence.noun}"
    period, release = comparison.current.period.words, f"release of {comparison.release.words}"
    title = f"{subject}: recorded {comparison.offence.noun}, {period}, {release}"
    return View(
        html("masthead", subject, what, f"{period} · {release}"),
        f"{subject}\n{what}\n{period} · {release}",
        title=title,
    )


def _fairest(comparison: Comparison) -> Pair:
    """Return the fairest pair to quote of those that there are: the one asked for where it may be compared."""
    before = comparison.year_before
    chosen: Pair = comparison if comparison.like_for_like or before is None else before
    if chosen.baseline is None or chosen.baseline.offences is None:
        return judge(comparison.current)
    return chosen


def _caveats(pair: Pair) -> Iterator[str]:
    # Where a break forbids the comparison, what else would ask for care need not be quoted.
    needless = {caveat.code for caveat in pair.caveats if caveat.weight == "care"} if pair.breaks else set()
    if pair.breaks:
        so = "so the two figures are not comparable" if pair.baseline else "within the period"
        yield f"what is counted changed on {pair.breaks[0].words}, {so}"
    for code, words in _QUOTED.items():
        if code in pair.codes - needless:
            yield words
