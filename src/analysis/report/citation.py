"""What can be quoted from a page as it stands, and how to cite it."""

from __future__ import annotations

from markupsafe import Markup

from analysis.comparison import SMALL, Comparison, Count
from analysis.report.markup import Fragment
from analysis.report.sentences import as_released, summary_sentences
from analysis.terms import numbers


def quotable(comparison: Comparison) -> Fragment:
    """Return two sentences that can be copied as they stand, and a citation.

    Parameters
    ----------
    comparison
        Whose figures the page gives.

    Returns
    -------
    Fragment
        Both marked for the page's script, which puts a button to copy beside each.
    """
    quote, source = " ".join(sentences(comparison)), reference(comparison)
    html = Markup(
        '<blockquote class="quote"><p data-copy="the sentences">{}</p></blockquote>\n'
        '<p class="citation" data-copy="the citation">{}</p>'
    ).format(quote, source)
    return Fragment(html, f"{quote}\n{source}")


def sentences(comparison: Comparison) -> tuple[str, str]:
    """Return the figure with its period, release and caveats, and what it may not be taken for.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> result = compare("Northamptonshire", period="2017-04..2017-12", baseline="2016-04..2017-03", release="2026-04-23")
    >>> print(sentences(result)[0])
    Northamptonshire Police recorded 32 child grooming offences in April to December 2017 and 4 in April to December 2016, as released on 23 April 2026 (the offences counted changed on 1 April 2017, so the two figures are not comparable; numbers this small can move much by chance).
    """
    if comparison.current.offences is None:
        return summary_sentences(comparison)[0], comparison.offence.not_people
    beside = _set_beside(comparison)
    also = f" and {numbers.number(beside.offences)} in {beside.period.words}" if beside else ""
    caveats = "; ".join(_caveats(comparison, beside))
    recorded = (
        f"{comparison.area.police} recorded {comparison.offence.count(comparison.current.offences)} in "
        f"{comparison.current.period.words}{also}, {as_released(comparison)}"
    )
    return f"{recorded} ({caveats})." if caveats else f"{recorded}.", comparison.offence.not_people


def reference(comparison: Comparison) -> str:
    """Return how to cite the figures of a page."""
    release = comparison.release
    return (
        f"{release.producer}, “{release.title}”, {comparison.offence.label}, {comparison.area.name}, "
        f"{comparison.current.period.words}; set beside earlier figures by Recorded grooming offences. {release.licence}."
    )


def _set_beside(comparison: Comparison) -> Count | None:
    """Return the count that is the fairest to set beside the current one, of those that there are."""
    baseline, before = comparison.baseline, comparison.same_quarters_year_before
    chosen = baseline if comparison.like_for_like or before is None else before
    return None if chosen is None or chosen.offences is None else chosen


def _caveats(comparison: Comparison, beside: Count | None) -> list[str]:
    counts = [comparison.current, *([beside] if beside else [])]
    changes = comparison.offence.breaks_within(*(count.period for count in counts))
    said = []
    if changes and beside:
        said.append(f"the offences counted changed on {changes[0].words}, so the two figures are not comparable")
    elif changes:
        said.append(f"the offences counted changed on {changes[0].words}, within the period")
    elif beside and beside == comparison.baseline and not comparison.like_for_like:
        said.append("the two periods are not like for like")
    if beside and any(beside.period.overlaps(change.launch) for change in comparison.offence.breaks):
        said.append("the earlier period touches the first year of the present definition")
    if "provisional" in comparison.codes:
        said.append("provisional: figures this new are often revised")
    if any(count.offences is not None and count.offences < SMALL for count in counts):
        said.append("numbers this small can move much by chance")
    return said
