"""What was recorded, whether two figures may be compared, and the change where they may: each difference beside its figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analysis.comparison import SMALL, Change, Comparison, Count, Pair
from analysis.report.view import View, html, items, prose
from analysis.terms.findings import Caveat
from analysis.terms.numbers import interval, number

_PANELS = {"yes": "fair", "with-care": "care", "not-known": "unknown", "no": "unlike", None: "unknown"}


def summary(comparison: Comparison) -> View:
    """Return what was recorded, in sentences that can be quoted as they stand."""
    lines = summary_sentences(comparison)
    lead, rest = prose(lines[0], kind="lead"), prose(*lines[1:])
    return View(lead.html + "\n" + rest.html, "\n".join(lines))


def summary_sentences(comparison: Comparison) -> tuple[str, ...]:
    """Return the sentences of :func:`summary`: the count, what it is set beside, and what it may not be taken for.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> result = compare("Northamptonshire", period="2017-04..2017-12", baseline="2016-04..2017-03", release="2026-04-23")
    >>> for sentence in summary_sentences(result):
    ...     print(sentence)
    Northamptonshire Police recorded 32 child grooming offences in April to December 2017, as released on 23 April 2026.
    In April 2016 to March 2017 it recorded 5; the two may not be compared. In the same months a year before, April to December 2016, it recorded 4; the two may not be compared. What is counted changed on 1 April 2017, and nothing is worked out across that date.
    These are offences as the police recorded them, not children and not offenders.
    """
    beside = " ".join(_beside(comparison))
    return (_recorded(comparison), *filter(None, [beside]), comparison.offence.not_people)


def comparability(comparison: Comparison) -> View:
    """Return the panel that says whether the two periods may be compared, one line a caveat."""
    verdict, better = answer_sentence(comparison), instead_sentence(comparison)
    lines = [html("named", caveat.name, caveat.text, caveat.mark) for caveat in comparison.caveats]
    listed = items(*lines, kind="caveats") if lines else prose("No caveat applies to these periods.")
    body = prose(better).html + "\n" + listed.html if better else listed.html
    text = "\n".join(filter(None, [verdict, better, *_caveat_lines(comparison.caveats)]))
    return View(html("panel", _PANELS[comparison.answer], verdict, body), text)


def report(comparison: Comparison) -> str:
    """Return the comparison in plain text, as ``analysis compare`` prints it."""
    verdict = filter(None, [answer_sentence(comparison), instead_sentence(comparison)])
    return "\n".join([*summary_sentences(comparison), "", *verdict, *_caveat_lines(comparison.caveats)])


def reading(comparison: Comparison) -> View:
    """Return what the change between the two periods says, with the ratio behind a fold."""
    sentence = prose(_difference(comparison) or answer_sentence(comparison), kind="reading")
    ratio, change = comparison.ratio, comparison.change
    if change is None or change.percent is None:
        return sentence
    fold = (
        f"Ratio of counts a month, current over baseline: {number(ratio.value, 2)}. 95% interval {interval(ratio.low_wide, ratio.high_wide, 2)} "
        f"with the usual variation among forces' changes; {interval(ratio.low, ratio.high, 2)} by chance alone, which is too narrow."
    )
    return View(sentence.html + "\n" + html("fold", "The ratio", fold), f"{sentence.text}\n{fold}")


def as_released(comparison: Comparison) -> str:
    """Return by which release a figure is what it is, as a phrase that ends a sentence."""
    if comparison.release.released is None:
        return f"according to {comparison.release.id}"
    return f"as released on {comparison.release.words}"


def answer_sentence(comparison: Comparison) -> str:
    """Return whether the two periods may be compared, in one sentence.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> print(answer_sentence(compare("Kent", release="2026-04-23")))
    Yes: January to December 2025 and January to December 2024 have the same quarters, definition, coverage and release.
    """
    if comparison.baseline is None:
        if comparison.current.period.months > 12:
            return "No comparison: a period of over twelve months has no baseline unless one is asked for."
        return "No comparison: the release holds no earlier figures to compare with."
    pair = f"{comparison.current.period.words} and {comparison.baseline.period.words}"
    return {
        "yes": f"Yes: {pair} have the same quarters, definition, coverage and release.",
        "with-care": f"Only with care: {pair} may be compared if what stands below is said with it.",
        "not-known": f"Not known: whether {pair} may be compared has not been reviewed. The counts stand; nothing is said of the difference.",
        "no": f"No: {pair} are not like for like.",
    }[comparison.answer or "no"]


def instead_sentence(comparison: Comparison) -> str:
    """Return the comparison that may be made instead, with its figures; an empty string where there is none."""
    other = comparison.instead
    if other is None or other.baseline is None:
        return ""
    then, care = other.baseline, ", with care" if other.answer == "with-care" else ""
    return (
        f"{then.period.words} may be compared instead{care}: {number(other.current.offences)} against {number(then.offences)}. "
        f"{change_sentence(other)}"
    ).strip()


def change_sentence(pair: Pair) -> str:
    """Return what the change between two counts that may be compared says, to stand right after the two; else nothing.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> print(change_sentence(compare("Kent", release="2026-04-23")))
    These figures cannot tell a rise from a fall: anything from 1% fewer to 72% more fits them.
    >>> print(change_sentence(compare("England and Wales", period="2024/25", baseline="2018/19", release="2026-04-23")))
    That is 21% more; anything from 9% to 35% more fits these figures.
    """
    change, baseline = pair.change, pair.baseline
    if change is None or baseline is None or pair.current.offences is None or baseline.offences is None:
        return ""
    if min(pair.current.offences, baseline.offences) < 0:
        return "A count is negative (net of cancellations), so no change is given."
    if baseline.offences == 0:
        none = "Neither has a recorded offence." if pair.current.offences == 0 else ""
        return none or "The baseline is 0, and nothing is a percentage of 0."
    same = "The two figures are the same" if pair.current.offences == baseline.offences else ""
    if change.percent is None:
        return f"{same}." if same else _small_change(change)
    if same:
        return f"{same}; anything from {_range(change)} fits them."
    if change.reading == "cannot-tell":
        return f"These figures cannot tell a rise from a fall: anything from {_range(change)} fits them."
    return f"That is {percent_words(change.percent)}; anything from {_range(change)} fits these figures."


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
        return "the same"
    return f"{abs(round(percent)) or 'less than 1'}% {'more' if percent > 0 else 'fewer'}"


def change_words(pair: Pair) -> str:
    """Return the change in a few words, for a table: with its reading, or why there is none.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> change_words(compare("Kent", release="2026-04-23")), change_words(compare("Kent", period="2017/18"))
    ('cannot tell: 1% fewer to 72% more', 'not comparable')
    """
    change = pair.change
    if pair.baseline is None:
        return "no baseline"
    if change is None:
        return "not known" if pair.answer == "not-known" else "not comparable"
    if change.percent is None:
        return f"counts only (under {SMALL})" if pair.current.is_small or pair.baseline.is_small else "counts only"
    if change.reading == "cannot-tell":
        return f"cannot tell: {_range(change)}"
    care = ", with care" if pair.answer == "with-care" else ""
    return f"{change.reading}: {_range(change).removesuffix(f' {change.reading}')}{care}"


def _small_change(change: Change) -> str:
    few = f"a count is under {SMALL}, so no percentage is given"
    if change.reading is None:
        return f"{few[0].upper()}{few[1:]}."
    if change.reading == "cannot-tell":
        return f"These figures cannot tell a rise from a fall; {few}."
    rise = "more" if change.reading == "more" else "fewer"
    return f"That is {rise}, beyond how much such figures usually vary; {few}."


def _range(change: Change) -> str:
    """Return the range of a change, the smaller change first where both ends go the same way."""
    ends = [change.low or 0.0, change.high or 0.0]
    if change.reading == "fewer":
        ends.reverse()
    first, last = (percent_words(end) for end in ends)
    for word in (" more", " fewer"):
        if first.endswith(word) and last.endswith(word):
            first = first.removesuffix(word)
    return f"{first} to {last}"


def _recorded(comparison: Comparison) -> str:
    current = comparison.current
    when = f"in {current.period.words}, {as_released(comparison)}"
    if current.not_counted:
        noun = comparison.offence.noun
        return f"{noun[0].upper()}{noun[1:]} were not counted throughout {current.period.words}: no figure, which is not zero."
    if current.offences is None:
        return f"{comparison.area.police} did not supply every figure {when}."
    net = ", net of cancellations" if current.offences < 0 else ""
    return f"{comparison.area.police} recorded {comparison.offence.count(current.offences)} {when}{net}."


def _beside(comparison: Comparison) -> Iterator[str]:
    they = "it" if len(comparison.area.forces) == 1 else "they"
    before, baseline = comparison.year_before, comparison.baseline
    pairs: list[tuple[Pair, str]] = []
    if baseline is not None and (before is None or baseline != before.baseline):
        later = ", which is later," if baseline.period > comparison.current.period else ""
        pairs.append((comparison, f"In {baseline.period.words}{later}"))
    if before is not None and before.baseline is not None:
        pairs.append((before, f"In the same months a year before, {before.baseline.period.words},"))
    for pair, when in pairs:
        if pair.baseline is not None:
            yield f"{when} {_said(pair.baseline, they)}{_standing(pair)}."
            yield from filter(None, [change_sentence(pair)])
    crossed = [change for pair, _ in pairs for change in pair.breaks]
    if crossed:
        newest = max(crossed, key=lambda change: change.day)
        yield f"What is counted changed on {newest.words}, and nothing is worked out across that date."


def _standing(pair: Pair) -> str:
    return {
        "no": "; the two may not be compared",
        "not-known": "; whether the two may be compared is not known",
        "with-care": "; the two may be compared only with care",
    }.get(pair.answer or "", "")


def _difference(pair: Pair) -> str:
    """Return the change with the two figures that it is of, or nothing."""
    said = change_sentence(pair)
    if not said or pair.baseline is None:
        return ""
    care = " With care only." if pair.answer == "with-care" else ""
    return f"{number(pair.current.offences)} against {number(pair.baseline.offences)}. {said}{care}"


def _said(count: Count, they: str) -> str:
    if count.not_counted:
        return "these offences were not counted throughout"
    if count.offences is None:
        return f"{they} recorded an unknown number, since a figure was not supplied"
    return f"{they} recorded {number(count.offences)}"


def _caveat_lines(caveats: Iterable[Caveat]) -> list[str]:
    return [f"- {caveat.name}: {caveat.text}" for caveat in caveats]
