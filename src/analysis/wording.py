"""Sentences for the reports, made from the comparison that the figures come from.

Nothing here crosses a break as a ratio, calls an interval a bound, names a cause, or says "significant".
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from analysis import markup, revisions
from analysis.comparison import SMALL, Comparison, Count, Process, changes, funnel, process, views
from analysis.findings import MARKS, Finding
from analysis.markup import Fragment
from analysis.periods import quarter_label
from analysis.register import load_register

OTHER_PAGES = {
    "england-and-wales": "England and Wales, all forces together",
    "claims": "Published claims, each held against the figures",
    "methods": "Methods and data quality: every formula with a worked example, and what is known of the figures",
}
LATE_SUPPLY = {
    "Greater Manchester": "Greater Manchester did not supply figures for July 2019 to March 2020 at the time, and has supplied them since.",
    "Devon and Cornwall": "Devon and Cornwall did not supply figures for late 2022 at the time, and has supplied them since.",
}
NOT_VICTIMS = "These are offences as the police recorded them, not children and not offenders."


def masthead(comparison: Comparison) -> Fragment:
    """Return the head of a page: who, what, when, and as published when."""
    return _head(comparison, comparison.area.police if len(comparison.area.forces) == 1 else comparison.area.name)


def index_masthead(comparison: Comparison) -> Fragment:
    """Return the head of the page that lists all forces."""
    return _head(comparison, "Police forces of England and Wales")


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
    return (_recorded(comparison), *filter(None, [_set_beside(comparison)]), NOT_VICTIMS)


def comparability(comparison: Comparison) -> Fragment:
    """Return the panel that says whether the two periods may be compared, one line a caveat."""
    verdict = _verdict(comparison)
    lines = [_caveat_line(caveat) for caveat in comparison.caveats]
    body = markup.items(lines, kind="caveats") if lines else markup.paragraphs(["No caveat applies to these periods."])
    state = "fair" if comparison.like_for_like else "unlike"
    html = Markup('<div class="panel {}">\n<p class="verdict">{}</p>\n{}\n</div>').format(state, verdict, body)
    text = "\n".join([verdict, *(f"- {caveat.name}: {caveat.text}" for caveat in comparison.caveats)])
    return Fragment(html, text)


def reading(comparison: Comparison) -> Fragment:
    """Return the plain reading of the ratio, or why none is given."""
    return markup.prose(ratio_sentence(comparison), kind="reading")


def ratio_sentence(comparison: Comparison) -> str:
    """Return one sentence on the change: within or beyond what chance and the spread among forces would give.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> print(ratio_sentence(compare("BTP", period="2022/23", release="2026-04-23")))
    Neither period has a recorded offence, so there is no ratio.
    """
    ratio, baseline = comparison.ratio, comparison.baseline
    if baseline is None:
        return "There is no earlier period to compare with, so no ratio is given."
    if comparison.crosses_break:
        change = comparison.offence.breaks_within(comparison.current.period, baseline.period)[0]
        return f"The definition changed on {change.words}: the counts stand side by side, and no ratio or percentage is given."
    if comparison.current.offences is None or baseline.offences is None:
        return "A figure was not supplied, so no ratio is given."
    if min(comparison.current.offences, baseline.offences) < 0:
        return "A count is negative (net of cancellations), so no ratio is given."
    if comparison.current.offences == baseline.offences == 0:
        return "Neither period has a recorded offence, so there is no ratio."
    if not comparison.like_for_like:
        return "The two periods are not like for like, so no ratio is given."
    if baseline.offences == 0:
        return "The baseline has no recorded offence, so there is no ratio."
    if ratio.value is None or ratio.low_wide is None or ratio.high_wide is None:
        return f"The counts are {markup.number(comparison.current.offences)} and {markup.number(baseline.offences)}; they are too small for a reading."
    return _ratio_reading(comparison, baseline, ratio.value, (ratio.low_wide, ratio.high_wide))


def across_time(comparison: Comparison) -> Fragment:
    """Return how to read the process chart, what it marks, and how many marks chance alone would give."""
    result = process(comparison)
    lines = []
    if result.limits is not None and result.false_signals is not None and result.trend is not None:
        since = result.quarters[0]
        lines.append(
            f"Quarters since {quarter_label(since)}, the first full year after the launch of the definition. "
            if comparison.offence.breaks
            else f"Quarters since {quarter_label(since)}. "
        )
        lines[0] += (
            "The shaded band is where quarters usually fall if nothing changes; numbered squares are quarters that a rule marks as unusual. "
            f"In a stable series of this length {markup.number(result.false_signals.signals, 1)} such marks would be expected by chance, "
            f"and {markup.number(result.false_signals.share * 100)}% of stable series have at least one."
        )
        lines.append(_marked(result))
        lines.append(_season_words(result))
        if result.limits.trial.any():
            lines.append("With fewer than 12 quarters the limits are for trial only.")
        lines.append(_trend_words(result))
    if comparison.offence.breaks:
        change = comparison.offence.breaks[-1]
        lines.append(
            f"The step at {change.words} is a discontinuity of definition, not growth, and {change.launch.words} was the launch of the new "
            "definition; the chart begins after both."
        )
    return markup.prose(*lines)


def funnel_reading(comparison: Comparison) -> Fragment:
    """Return how to read the funnel, where the force stands as a range, and what may not be concluded."""
    result = funnel(comparison)
    if result is None:
        return Fragment(Markup(""), "")
    lines = [
        f"Each dot is a force. If all had the same underlying rate ({markup.number(result.overall, 1)} a year for 10,000 {result.residents}), "
        "95 dots in 100 would lie between the dashed lines marked chance; the lines marked spread allow for how much forces differ in fact.",
    ]
    if places := result.places(comparison.area.name):
        lines.append(
            f"By chance alone {comparison.area.name} could stand anywhere in place {places} of {len(result.forces)} (95% range, place 1 being the highest rate)."
        )
    if not result.names_outliers:
        lines.append(
            f"Forces differ far more than chance; this cannot say why. (The spread among them is {markup.number(result.phi, 1)} times what chance would give: "
            f"{result.outside_chance} of {len(result.forces)} lie outside the limits of chance alone, {result.outside_spread} outside those that allow for the "
            "spread, and no force is named as unlike the others.)"
        )
    return markup.prose(*lines)


def revisions_reading(comparison: Comparison) -> Fragment:
    """Return how many quarters the releases differ in, by how much at the most, and what was supplied late."""
    told = revisions.of(comparison.area.names, comparison.offence.code)
    changed = told[told["difference"].fillna(0) != 0]
    lines = [
        "A figure means nothing without its release: forces correct and complete what they have supplied, and being revised is no fault."
    ]
    if not changed.empty:
        sizes = changed["difference"].astype(int).abs()
        largest = pd.PeriodIndex(changed.index)[int(sizes.to_numpy().argmax())]
        lines.append(
            f"Of {len(told)} quarters that two or more releases speak of, {len(changed)} differ between them, at the most by {markup.number(sizes.max())} ({quarter_label(largest)})."
        )
    lines += [note for name, note in LATE_SUPPLY.items() if name in comparison.area.names]
    return markup.prose(*lines)


def changes_reading(comparison: Comparison) -> Fragment:
    """Return what the changes of all forces say when they are looked at together."""
    result = changes(comparison)
    if result is None:
        lines = ["The two periods are not like for like, so the forces' changes are not set against each other."]
    else:
        expected = markup.number(0.05 * len(result.forces), 0)
        lines = [
            f"Between the two periods, {result.beyond_chance} of {len(result.forces)} forces have an exact 95% interval that shuts out no change, where about "
            f"{expected} would by chance; the changes vary {markup.number(result.spread, 1)} times as much as chance alone would make them. Once that spread and "
            f"the number of forces are allowed for, {_counted(result.beyond_spread)} out (Benjamini and Hochberg, 5%)."
        ]
    return markup.prose(*lines)


def robustness_reading(comparison: Comparison) -> Fragment:
    """Return in how many fair ways of looking the direction is the same."""
    directions = [view.direction for view in views(comparison) if view.direction]
    if len(directions) < 2:
        line = "No other fair way of looking at these figures gives a direction."
    else:
        same = sum(direction == directions[0] for direction in directions)
        line = f"In {same} of {len(directions)} ways of looking that give a direction it is the one of this page ({directions[0]})."
    line += " A direction that depends on the choice of months, release or baseline is no finding."
    return markup.prose(line)


def context_reading() -> Fragment:
    """Return why the force's other figures stand beside these."""
    line = (
        "A change that all sexual offences recorded by the force share may reflect how offences are recorded; one that neighbouring codes make up for may "
        "reflect which code an offence is recorded under. Neither can be told from these figures alone."
    )
    return markup.prose(line)


def among_forces(comparison: Comparison) -> Fragment:
    """Return how to read the chart of all forces, and what it does not say."""
    lines = [
        "Each dot is a force's rate of residents, each line its exact 95% interval: chance alone. Where lines overlap, the order of the dots says little."
    ]
    if comparison.rate is None and len(comparison.area.forces) == 1:
        lines.append(f"{comparison.area.police} has no rate here: {_no_rate_reason(comparison)}")
    lines.append(
        "Forces differ in how they find and record these offences, in reporting and in proactive policing; the chart cannot say why rates differ. "
        "British Transport Police and the City of London are left out: the one has no residents, the other few residents and a large daytime population."
    )
    return markup.prose(*lines)


def map_reading(comparison: Comparison) -> Fragment:
    """Return how to read the map of all forces."""
    line = (
        "Each force is a square of one size in about its place. Forces a step of colour apart may differ by chance alone; the table below gives "
        f"each rate with its interval. Hatched squares have no rate to be read in {comparison.current.period.words}: British Transport Police has "
        "no residents, and the City of London few residents and a large daytime population."
    )
    return markup.prose(line)


def index_reading(comparison: Comparison) -> Fragment:
    """Return how to read the table of all forces."""
    lines = [
        f"Forces stand in the order of the alphabet. Counts are of {comparison.current.period.words}"
        + (f" and {comparison.baseline.period.words}" if comparison.baseline else "")
        + ". A percentage is given only where the two are like for like and neither count is under "
        f"{SMALL}; every rate has its exact 95% interval, which is of chance alone.",
        "A higher figure may reflect better recording, proactive policing or more reporting as well as more offending, and zero recorded is not zero abuse.",
    ]
    return markup.prose(*lines)


def other_pages(missing: Sequence[str]) -> Fragment:
    """Return links to the pages that are not a force's.

    Parameters
    ----------
    missing
        Slugs of pages that do not exist, which are not linked.
    """
    links = [(slug, words) for slug, words in OTHER_PAGES.items() if slug not in missing]
    html = (
        markup.items(Markup('<a href="{}.html">{}</a>').format(slug, words) for slug, words in links)
        if links
        else Markup("")
    )
    return Fragment(html, "\n".join(words for _, words in links))


def limits(comparison: Comparison) -> Fragment:
    """Return what the figures do not measure: lines that stand on every page."""
    lead = "Code 88A" if comparison.offence.code == "88A" else "This figure"
    lines = [
        lead + sentence.removeprefix("It") if sentence.startswith("It ") else sentence
        for sentence in comparison.offence.limits
    ]
    lines.append(
        "Police recorded crime is not an accredited official statistic; it shows police activity better than trends in crime "
        "(Office for Statistics Regulation, 2014 and 2024)."
    )
    return Fragment(markup.items(lines, kind="limits"), "\n".join(f"- {line}" for line in lines))


def marks() -> Fragment:
    """Return the legend of the marks that stand beside figures."""
    text = "Marks: " + "; ".join(f"[{mark}] {meaning}" for mark, meaning in MARKS.items()) + "."
    return Fragment(markup.paragraphs([markup.marked(text)], kind="marks"), text)


def sources(comparison: Comparison) -> Fragment:
    """Return where the figures come from, how they were obtained and checked, and under which licence."""
    release = comparison.release
    residents = [load_register().source(name) for name in ("by-age", "all-ages-rebased")] if comparison.rate else []
    lines = [
        Markup('{}: <cite><a href="{}">{}</a></cite>. {}.').format(
            source.producer, source.page, source.title, source.licence
        )
        for source in (release, *residents)
    ]
    notes = [f"How obtained: {release.obtained}", f"How checked: {release.checked}", f"Known limits: {release.limits}"]
    html = (
        markup.items(lines, kind="sources")
        + Markup("\n")
        + markup.paragraphs(notes)
        + Markup("\n")
        + markup.paragraphs([load_register().attribution], kind="attribution")
    )
    named = [f"{source.producer}: {source.title}. {source.licence}. {source.page}" for source in (release, *residents)]
    text = "\n".join([*named, *notes, load_register().attribution])
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


def _head(comparison: Comparison, subject: str) -> Fragment:
    what = f"Recorded {comparison.offence.noun}"
    period, release = comparison.current.period.words, f"release of {comparison.release.words}"
    html = Markup(
        '<header class="masthead">\n<h1>{}</h1>\n<p class="subject">{}</p>\n<p class="when">{} · {}</p>\n</header>'
    ).format(subject, what, period, release)
    return Fragment(
        html,
        f"{subject}\n{what}\n{period} · {release}",
        title=f"{subject}: recorded {comparison.offence.noun}, {period}, {release}",
    )


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


def _ratio_reading(comparison: Comparison, baseline: Count, value: float, wide: tuple[float, float]) -> str:
    small = min(comparison.current.offences or 0, baseline.offences or 0) < SMALL
    change = "" if small else f"{percent_words(value)}; "
    numbers = (
        f"{change}ratio {markup.number(value, 2)}, 95% interval {markup.interval(*wide, 2)} with the spread "
        f"among forces, {markup.interval(comparison.ratio.low, comparison.ratio.high, 2)} by chance alone"
    )
    if wide[0] <= 1 <= wide[1]:
        return f"The difference is within what chance and the usual spread among forces would give ({numbers})."
    return f"The difference is larger than chance and the usual spread among forces would usually give ({numbers})."


def percent_words(value: float) -> str:
    """Return a ratio as a change in per cent.

    Parameters
    ----------
    value
        The ratio, current over baseline.

    Examples
    --------
    >>> percent_words(1.124), percent_words(0.5), percent_words(1.001)
    ('12% more', '50% fewer', 'less than 1% apart')
    """
    change = round((value - 1) * 100)
    if change == 0:
        return "less than 1% apart"
    return f"{abs(change)}% {'more' if change > 0 else 'fewer'}"


def _said(count: Count) -> str:
    return (
        "an unknown number, since a figure was not supplied"
        if count.offences is None
        else markup.number(count.offences)
    )


def _marked(result: Process) -> str:
    stretches = result.stretches()
    if not stretches:
        return "No quarter is marked."
    return "Marked: " + "; ".join(f"{span} ({reason})" for span, reason in stretches) + "."


def _season_words(result: Process) -> str:
    if not result.season_removed:
        return "Quarters of the year do not differ enough across all forces for a season to be taken out."
    factors = ", ".join(f"Q{place} {markup.number(factor, 2)}" for place, factor in enumerate(result.factors, 1))
    return f"The season has been taken out: across all forces a quarter stands to the average of its year as {factors}."


def _trend_words(result: Process) -> str:
    if result.trend is None or not math.isfinite(result.trend.ratio.value):
        return "No trend can be fitted."
    ratio = result.trend.ratio
    return (
        f"Over these quarters recorded offences were multiplied by {markup.number(ratio.value, 2)} a year "
        f"(95% interval {markup.interval(ratio.low, ratio.high, 2)}, allowing for how much quarters scatter)."
    )


def _counted(number: int) -> str:
    return "none stands" if number == 0 else "1 stands" if number == 1 else f"{number} stand"


def _no_rate_reason(comparison: Comparison) -> str:
    return next(
        (caveat.text for caveat in comparison.caveats if caveat.code == "no-residents"), "it cannot be worked out."
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
