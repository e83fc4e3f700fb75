"""Sentences for the reports, made from the comparison that the figures come from.

What was recorded and whether it may be compared, how to read each figure, and the heads and feet of pages. Nothing here
decides what may be compared, calls an interval a bound, names a cause, or says "significant".
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from analysis.comparison import (
    CHANCE,
    SMALL,
    Change,
    Comparison,
    Count,
    Pair,
    Process,
    judge,
    load_register,
    settled,
    settled_change,
)
from analysis.report.view import NOTHING, View, head, html, items, marked, prose, sentence, stack, words
from analysis.terms.findings import MARKS
from analysis.terms.numbers import about, interval, joined, number
from analysis.terms.periods import quarter_label

SMALL_CHANGE = 10  # per cent: where all that fits is smaller, a reader is told how small

_PANELS = {"yes": "fair", "with-care": "care", "not-known": "unknown", "no": "unlike", None: "unknown"}


def summary(comparison: Comparison) -> View:
    """Return what was recorded, in sentences that can be quoted as they stand."""
    lines = [*summary_sentences(comparison), *filter(None, [settling_sentence(comparison)])]
    return stack(prose(lines[0], kind="lead"), prose(*lines[1:]))


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
    return tuple(filter(None, [_recorded(comparison), beside, comparison.offence.not_people]))


def comparability(comparison: Comparison) -> View:
    """Return the panel that says whether the two periods may be compared, one line a caveat."""
    verdict, better = answer_sentence(comparison), instead_sentence(comparison)
    lines = [html("named", caveat.name, caveat.text, caveat.mark) for caveat in comparison.caveats]
    listed = items(*lines, kind="caveats") if lines else prose("No caveat applies to these periods.")
    body = stack(prose(better), listed) if better else listed
    return View(html("panel", _PANELS[comparison.answer], verdict, body.html), "\n".join(_judged(comparison)))


def report(comparison: Comparison) -> str:
    """Return the comparison in plain text, as ``analysis compare`` prints it."""
    return "\n".join([*summary_sentences(comparison), "", *_judged(comparison)])


def reading(comparison: Comparison) -> View:
    """Return what the change between the two periods says, with the ratio behind a fold."""
    sentence = prose(
        *filter(None, [_difference(comparison) or answer_sentence(comparison), next_year_sentence(comparison)]),
        kind="reading",
    )
    ratio, change = comparison.ratio, comparison.change
    if change is None or change.percent is None:
        return sentence
    fold = (
        f"Ratio of counts a month, current over baseline: {number(ratio.value, 2)}. 95% interval {interval(ratio.low_wide, ratio.high_wide, 2)} "
        f"with usual variation; {interval(ratio.low, ratio.high, 2)} by chance alone, which is too narrow."
    )
    if rate := comparison.current.rate:
        fold += f" Likewise the rate: {interval(rate.low, rate.high)} with usual variation, {interval(*rate.chance)} by chance alone."
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
    return words("answers")[comparison.answer or "no"].format(pair=pair)


def instead_sentence(comparison: Comparison) -> str:
    """Return the comparison that may be made instead, with its figures; an empty string where there is none."""
    other = comparison.instead
    if other is None or other.baseline is None:
        return ""
    then, care = other.baseline, ", with care" if other.answer == "with-care" else ""
    counts = f"{number(other.current.offences)} against {number(then.offences)}"
    return f"{then.period.words} may be compared instead{care}: {counts}. {change_sentence(other)}".strip()


def change_sentence(pair: Pair) -> str:
    """Return what the change between two counts that may be compared says, to stand right after the two; else nothing.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> print(change_sentence(compare("Kent", release="2026-04-23")))
    These figures cannot tell a rise from a fall: anything from 9% fewer to 88% more fits them.
    >>> print(change_sentence(compare("England and Wales", period="2024/25", baseline="2018/19", release="2026-04-23")))
    That is 21% more; anything from 13% to 31% more fits these figures.
    """
    change, baseline = pair.change, pair.baseline
    if change is None or baseline is None or pair.current.offences is None or baseline.offences is None:
        return ""
    if min(pair.current.offences, baseline.offences) < 0:
        return "A count is negative (net of cancellations), so no change is given."
    if baseline.offences == 0:
        if pair.current.offences == 0:
            return "Neither has a recorded offence."
        return "The baseline is 0, and nothing is a percentage of 0."
    same = "The two figures are the same" if pair.current.offences == baseline.offences else ""
    if change.percent is None:
        return f"{same}." if same else _small_change(change)
    if same:
        return f"{same}; anything from {_range(change)} fits them."
    if change.reading == "cannot-tell":
        if largest := _at_most(change):
            return f"These figures show no change larger than {largest}% either way."
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
    ('cannot tell: 9% fewer to 88% more', 'not comparable')
    """
    change = pair.change
    if pair.baseline is None:
        return "no baseline"
    if change is None:
        return "not known" if pair.answer == "not-known" else "not comparable"
    if change.percent is None:
        return f"counts only (under {SMALL})" if pair.current.is_small or pair.baseline.is_small else "counts only"
    if change.reading == "cannot-tell":
        return (
            f"no larger than {largest}% either way"
            if (largest := _at_most(change))
            else f"cannot tell: {_range(change)}"
        )
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


def next_year_sentence(comparison: Comparison) -> str:
    """Return in which range the same months a year later would fall, where that can be foreseen."""
    ends = comparison.next_year
    return sentence("next-year", low=number(math.floor(ends.low)), high=number(math.ceil(ends.high))) if ends else ""


def settling_sentence(comparison: Comparison) -> str:
    """Return where a provisional count may settle, and a change that it can tell; an empty string where nothing is learnt of it.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> print(settling_sentence(compare("Kent", release="2026-04-23")))
    January to December 2025: 371 as published; as such figures have settled before, it may become 328 to 400 (one pair of releases).
    """
    found, change = settled(comparison.current), settled_change(comparison)
    if found is None:
        return ""
    pairs = "one pair of releases" if found.pairs == 1 else f"{found.pairs} pairs of releases"
    published, low, high = map(number, (comparison.current.offences, found.low, found.high))
    period = comparison.current.period.words
    said = sentence("settling", period=period, published=published, low=low, high=high, pairs=pairs)
    reading = comparison.change.reading if comparison.change else None
    if change is None or reading not in {"more", "fewer"}:
        return said
    return f"{said} {sentence('settling-change', ends=_range(Change(change.value, change.low, change.high, reading)))}"


def contributions_reading(comparison: Comparison) -> View:
    """Return what moved a whole: how many forces rose and fell, and which make up most of the net change."""
    found = comparison.moved
    if found is None or found.net == 0:
        return NOTHING
    ends = [f"{number(abs(end))} {'more' if end > 0 else 'fewer'}" for end in (round(found.low), round(found.high))]
    values = {
        "rises": found.rises[0],
        "up": number(found.rises[1]),
        "falls": found.falls[0],
        "down": number(-found.falls[1]),
    }
    most, net = joined(found.most), f"{number(abs(found.net))} {'more' if found.net > 0 else 'fewer'}"
    values |= {"net": net, "ends": " to ".join(ends), "most": most, "sum": number(abs(found.most_sum))}
    return prose(sentence("moved", **values))


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
    return _range(Change(low=low, high=high, reading="fewer" if high < 0 else None))


def _at_most(change: Change) -> int | None:
    """Return a change that is larger than any that fits, in whole per cent, where that is small either way."""
    largest = math.ceil(max(abs(change.low or 0), abs(change.high or 0)))
    return largest if largest <= SMALL_CHANGE else None


def _range(change: Change) -> str:
    """Return the range of a change, the smaller change first where both ends go the same way."""
    ends = (change.high, change.low) if change.reading == "fewer" else (change.low, change.high)
    first, last = (percent_words(end or 0.0) for end in ends)
    shared = next((word for word in (" more", " fewer") if first.endswith(word) and last.endswith(word)), "")
    return f"{first.removesuffix(shared)} to {last}"


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
            yield f"{when} {_said(pair.baseline, they)}{words('standing').get(pair.answer or '', '')}."
            yield from filter(None, [change_sentence(pair)])
    crossed = [change for pair, _ in pairs for change in pair.breaks]
    if crossed:
        newest = max(crossed, key=lambda change: change.day)
        yield f"What is counted changed on {newest.words}, and nothing is worked out across that date."


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


def _judged(comparison: Comparison) -> list[str]:
    """Return whether the periods may be compared, what may be instead, and each caveat, a line each."""
    caveats = (f"- {caveat.name}: {caveat.text}" for caveat in comparison.caveats)
    return [*filter(None, [answer_sentence(comparison), instead_sentence(comparison)]), *caveats]


_QUARTERS = ("April to June", "July to September", "October to December", "January to March")


def across_time(comparison: Comparison) -> View:
    """Return how to read the process chart, what it marks, and how many marks chance alone would give."""
    result = comparison.process
    if result.limits is None or result.false_signals is None:
        return NOTHING
    expected, share = number(result.false_signals.points, 1), number(result.false_signals.share * 100)
    lines = [
        sentence("process", quarter=quarter_label(result.quarters[0])),
        *_steps(result),
        _marked(result),
        sentence("process-expected", expected=expected, share=share),
        _season(result),
        *(
            ["Where a level has held for fewer than 12 quarters, its limits are for trial only."]
            if result.limits.trial.any()
            else []
        ),
        _trend(result),
    ]
    if comparison.all_breaks:
        change = comparison.all_breaks[-1]
        launch = f", and {change.launch.words} was the launch of what has been counted since" if change.launch else ""
        begins = f"the chart begins after {'both' if launch else 'it'}"
        lines.append(f"What is counted changed on {change.words}: a step there is no growth{launch}; {begins}.")
    return prose(*lines)


def among_forces(comparison: Comparison) -> View:
    """Return how to read the chart of all forces, and what it does not say."""
    if not comparison.rates:
        return NOTHING
    none = comparison.current.rate is None and len(comparison.area.forces) == 1
    own = [f"{comparison.area.police} has no rate here: {comparison.current.no_rate}."] if none else []
    return prose(sentence("rates"), *own, sentence("rates-differ"))


def funnel_reading(comparison: Comparison) -> View:
    """Return how to read the funnel, where the force stands as a range, and what may not be concluded."""
    result = comparison.funnel
    if result is None:
        return NOTHING
    forces = len(result.forces)
    lines = [sentence("funnel", rate=number(result.overall, 1), residents=result.residents)]
    if ranks := result.ranks(comparison.area.name):
        own = result.forces.T[comparison.area.name]
        drawn = {"pooled": number(own["pooled"], 1), "ends": interval(own["pooled_low"], own["pooled_high"])}
        lines.append(sentence("funnel-place", name=comparison.area.name, ranks=ranks, forces=forces, **drawn))
    if not result.names_outliers:
        outside = {"chance": result.outside_chance, "spread": result.outside_dispersion}
        wide = {"phi": number(result.phi, 1), "times": number(math.sqrt(result.phi), 1)}
        lines.append(sentence("funnel-spread", forces=forces, **wide, **outside))
    return prose(*lines)


def map_reading(comparison: Comparison) -> View:
    """Return how to read the map of all forces."""
    return prose(sentence("map", period=comparison.current.period.words))


def index_reading(comparison: Comparison) -> View:
    """Return how to read the table of all forces."""
    periods = " and ".join(count.period.words for count in (comparison.current, comparison.baseline) if count)
    meaning = [line for line in comparison.offence.limits if "better recording" in line.casefold()][:1]
    forces = len(comparison.forces)
    chance = {"forces": forces, "expected": number(CHANCE * forces)}
    return prose(sentence("index", periods=periods, small=SMALL, **chance), *meaning)


def changes_reading(comparison: Comparison) -> View:
    """Return what the changes of all forces say when they are looked at together; nothing for a single force."""
    result = comparison.changes
    if len(comparison.area.forces) == 1:
        return NOTHING
    if result is None:
        return prose("The two periods may not be compared, so the forces' changes are not set against each other.")
    differ = (
        sentence("changes-differ", percent=number(100 * math.expm1(result.differ)))
        if result.differ
        else sentence("changes-alike")
    )
    values = {"more": number(len(result.more)), "fewer": number(len(result.fewer)), "expected": number(result.expected)}
    return prose(sentence("changes", forces=len(result.forces), differ=differ, **values))


def robustness_reading(comparison: Comparison) -> View:
    """Return in how many other fair ways of looking the direction is the same."""
    own, *others = comparison.views
    directions = [view.direction for view in others if view.direction]
    if not own.direction:
        line = "This page's own comparison gives no direction."
    elif not directions:
        line = "No other fair way of looking at these figures gives a direction."
    else:
        same = sum(direction == own.direction for direction in directions)
        ways = "other way of looking that gives" if len(directions) == 1 else "other ways of looking that give"
        line = f"In {same} of {len(directions)} {ways} a direction it is the one of this page ({own.direction})."
    return prose(f"{line} A direction that depends on the choice of months, release or baseline is no finding.")


def context_reading(comparison: Comparison) -> View:
    """Return why the force's other figures stand beside these, or that none do."""
    return prose(sentence("context" if comparison.offence.context else "no-context"))


def revisions_reading(comparison: Comparison) -> View:
    """Return how many quarters the releases differ in, by at most how much, and what was supplied late."""
    told = comparison.revisions
    lines = [sentence("revisions")]
    if len(told):
        sizes = told["difference"].fillna(0).astype(int).abs()
        changed, revised = int((sizes != 0).sum()), "none was revised"
        if changed:
            revised = f"{changed} {'was' if changed == 1 else 'were'} revised, by at most {number(int(sizes.max()))}"
        lines.append(f"{len(told)} quarters are in several releases; {revised}.")
    lines += [f"{', '.join(gap.forces)}, {gap.months.words}: {gap.what}" for gap in comparison.late_supply]
    return prose(*lines)


def _steps(result: Process) -> Iterator[str]:
    """Give each step with what the register of breaks has near it, and each of its entries once."""
    for step in result.steps:
        days = " and ".join(dict.fromkeys(change.words for change in step.changes))
        near = f"an entry within a quarter of it ({days})" if days else "no entry within a quarter of it"
        levels = {"before": about(step.before), "after": about(step.after)}
        drifts = " in the years right before and after, for the level drifts as well" if step.drifts else ""
        yield sentence("step", quarter=step.quarter, near=near, drifts=drifts, **levels)
    for change in dict.fromkeys(change for step in result.steps for change in step.changes):
        yield f"{', '.join([change.words, *change.forces])}: {change.what}"
    yield sentence("steps-why" if result.steps else "no-step")


def _marked(result: Process) -> str:
    count = len(result.special_points())
    if not count:
        return "No quarter is marked."
    marked = "; ".join(f"{span} ({reason})" for span, reason in result.stretches())
    return f"{count} {'quarter is' if count == 1 else 'quarters are'} marked: {marked}."


def _season(result: Process) -> str:
    if not result.season_removed:
        return "Quarters of the year do not differ enough across all forces for a season to be taken out."
    parts = []
    for quarter, factor in zip(_QUARTERS, result.factors, strict=True):
        percent = round(100 * (factor - 1))
        side = "above" if percent > 0 else "below"
        parts.append(f"{quarter} {abs(percent)}% {side}" if percent else f"{quarter} about the same")
    return sentence("season", quarters=", ".join(parts))


def _trend(result: Process) -> str:
    if result.steps:
        return "A step is no steady trend, so none is given."
    if result.trend is None or not math.isfinite(result.trend.ratio.value):
        return "No trend can be fitted."
    value, low, high = (100 * (each - 1) for each in result.trend.ratio)
    moved = (
        f"{'rose' if value > 0 else 'fell'} by about {number(abs(value))}% a year" if round(value) else "hardly moved"
    )
    ends = " to ".join(f"{number(abs(end))}% {'more' if end > 0 else 'fewer'}" for end in (low, high))
    return sentence("trend", moved=moved, ends=ends)


def masthead(comparison: Comparison) -> View:
    """Return the head of a page: who, what, when, and as published when."""
    return _head(comparison, comparison.area.police if len(comparison.area.forces) == 1 else comparison.area.name)


def index_masthead(comparison: Comparison) -> View:
    """Return the head of the page that lists all forces."""
    return _head(comparison, "Police forces of England and Wales")


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
    return items(*lines, sentence("accredited"), kind="limits")


def marks() -> View:
    """Return the legend of the marks that stand beside figures."""
    text = "Marks: " + "; ".join(f"[{mark}] {meaning}" for mark, meaning in MARKS.items()) + "."
    return View(html("paragraphs", [marked(text)], "marks"), text)


def sources(comparison: Comparison) -> View:
    """Return where the figures come from, how they were obtained and checked, and under which licence."""
    release = comparison.release
    listed = [html("source", each) for each in comparison.sources]
    named = [f"{each.producer}: {each.title}. {each.licence}. {each.page}" for each in comparison.sources]
    obtained, checked = f"How obtained: {release.obtained}", f"How checked: {release.checked}"
    return stack(
        View(items(*listed, kind="sources").html, "\n".join(named)),
        prose(obtained, checked, f"Known limits: {release.limits}"),
        prose(load_register().attribution, kind="attribution"),
    )


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
    needless = {caveat.code for caveat in pair.caveats if caveat.weight == "care"} if pair.breaks else set()
    if pair.breaks:
        so = "so the two figures are not comparable" if pair.baseline else "within the period"
        yield f"what is counted changed on {pair.breaks[0].words}, {so}"
    yield from (said for code, said in words("quoted").items() if code in pair.codes - needless)
