"""What was recorded, in sentences that can be quoted as they stand, and whether the two periods may be compared."""

from __future__ import annotations

from markupsafe import Markup

from analysis.comparison import Comparison, Count
from analysis.report import markup
from analysis.report.markup import Fragment
from analysis.report.sentences.ratios import ratio_sentence
from analysis.terms import numbers
from analysis.terms.findings import Finding


def summary(comparison: Comparison) -> Fragment:
    """Return what was recorded, in two or three sentences that can be quoted as they stand."""
    lines = summary_sentences(comparison)
    html = markup.paragraphs(lines[:1], kind="lead") + Markup("\n") + markup.paragraphs(lines[1:])
    return Fragment(html, "\n".join(lines))


def summary_sentences(comparison: Comparison) -> tuple[str, ...]:
    """Return the sentences of :func:`summary`: the count, the fair comparison, and what may not be concluded.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> result = compare("Northamptonshire", period="2017-04..2017-12", baseline="2016-04..2017-03", release="2026-04-23")
    >>> for sentence in summary_sentences(result):
    ...     print(sentence)
    Northamptonshire Police recorded 32 child grooming offences in April to December 2017, as released on 23 April 2026.
    In April 2016 to March 2017 it recorded 5; the two are not like for like. In the same months a year before, April to December 2016, it recorded 4. The offences counted changed on 1 April 2017, so no change is worked out across that date.
    These are offences as the police recorded them, not children and not offenders.
    """
    return (_recorded(comparison), *filter(None, [_set_beside(comparison)]), comparison.offence.not_people)


def comparability(comparison: Comparison) -> Fragment:
    """Return the panel that says whether the two periods may be compared, one line a caveat."""
    verdict = _verdict(comparison)
    lines = [_caveat_line(caveat) for caveat in comparison.caveats]
    body = markup.items(lines, kind="caveats") if lines else markup.paragraphs(["No caveat applies to these periods."])
    state = "fair" if comparison.like_for_like else "unlike"
    html = Markup('<div class="panel {}">\n<p class="verdict">{}</p>\n{}\n</div>').format(state, verdict, body)
    text = "\n".join([verdict, *(f"- {caveat.name}: {caveat.text}" for caveat in comparison.caveats)])
    return Fragment(html, text)


def report(comparison: Comparison) -> str:
    """Return the comparison in plain text, as ``analysis compare`` prints it."""
    caveats = [f"- {caveat.name}: {caveat.text}" for caveat in comparison.caveats]
    return "\n".join([*summary_sentences(comparison), "", _verdict(comparison), *caveats])


def as_released(comparison: Comparison) -> str:
    """Return by which release a figure is what it is, as a phrase that ends a sentence."""
    if comparison.release.released is None:
        return f"according to {comparison.release.id}"
    return f"as released on {comparison.release.words}"


def _recorded(comparison: Comparison) -> str:
    current = comparison.current
    when = f"in {current.period.words}, {as_released(comparison)}"
    if current.offences is None:
        return f"{comparison.area.police} did not supply every figure {when}."
    net = ", net of cancellations" if current.offences < 0 else ""
    return f"{comparison.area.police} recorded {comparison.offence.count(current.offences)} {when}{net}."


def _set_beside(comparison: Comparison) -> str:
    baseline, before = comparison.baseline, comparison.same_quarters_year_before
    they = "it" if len(comparison.area.forces) == 1 else "they"
    sentences = []
    if baseline is not None:
        unlike = "" if comparison.like_for_like else "; the two are not like for like"
        if baseline == before:
            sentences.append(
                f"In the same months a year before, {baseline.period.words}, {they} recorded {_said(baseline)}{unlike}."
            )
            before = None
        else:
            sentences.append(f"In {baseline.period.words} {they} recorded {_said(baseline)}{unlike}.")
    if before is not None:
        sentences.append(f"In the same months a year before, {before.period.words}, {they} recorded {_said(before)}.")
    if comparison.crosses_break:
        crossed = comparison.offence.breaks_within(*(c.period for c in (comparison.current, baseline, before) if c))
        sentences.append(
            f"The offences counted changed on {crossed[0].words}, so no change is worked out across that date."
        )
    elif comparison.like_for_like:
        sentences.append(ratio_sentence(comparison))
    return " ".join(sentences)


def _said(count: Count) -> str:
    return (
        "an unknown number, since a figure was not supplied"
        if count.offences is None
        else numbers.number(count.offences)
    )


def _verdict(comparison: Comparison) -> str:
    if comparison.baseline is None:
        return "There is no earlier period to compare with."
    pair = f"{comparison.current.period.words} and {comparison.baseline.period.words}"
    if comparison.like_for_like:
        return f"Yes: {pair} have the same quarters, definition, coverage and release."
    return f"No: {pair} are not like for like."


def _caveat_line(caveat: Finding) -> Markup:
    mark = Markup('<span class="mark">[{}]</span> ').format(caveat.mark) if caveat.mark else Markup("")
    return Markup("{}<b>{}.</b> {}").format(mark, caveat.name, caveat.text)
