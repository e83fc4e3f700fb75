"""What was recorded, whether it may be compared and what the change says: the top of a page, and what the command prints."""

from __future__ import annotations

import math

from analysis.comparison import Change, Comparison, Count, Pair, change_may_become, may_become, poor_years
from analysis.report.view import View, html, items, prose, say, stack
from analysis.report.wording import change_range, change_sentence
from analysis.terms.numbers import interval, joined, number

_PANELS = {"yes": "fair", "with-care": "care", "not-known": "unknown", "no": "unlike", None: "unknown"}


def summary(comparison: Comparison) -> View:
    """Return the top of a page: what was recorded, the answer and the reading, with the rest behind a fold."""
    first, *others = summary_sentences(comparison)
    behind = prose(*further_sentences(comparison), *filter(None, [settling_sentence(comparison)]))
    fold = View(html("fold", say("recorded.more-on-these"), behind.html), behind.text)
    return stack(prose(first, kind="lead"), prose(" ".join(others), kind="answer"), fold)


def summary_sentences(comparison: Comparison) -> tuple[str, ...]:
    """Return three sentences that can be quoted as they stand: what was recorded, may it be compared, what the figures can tell.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> for sentence in summary_sentences(compare("Kent", release="2026-04-23")):
    ...     print(sentence)
    Kent Police recorded 371 child grooming offences in January to December 2025 and 284 in January to December 2024, as released on 23 April 2026.
    The two may be compared.
    87 more were recorded (31%). In a year one in ten forces change by as much. A recorded rise of 37% or more, or a fall of 29% or more, would have stood out.
    """
    if comparison.baseline is None:
        return _recorded(comparison), answer_sentence(comparison)
    change = change_sentence(comparison) or say("recorded.unread")
    return _recorded(comparison), _short_answer(comparison), change


def further_sentences(comparison: Comparison) -> tuple[str, ...]:
    """Return what stands behind the top of a page: the same months a year before, and what the count may not be taken for.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> print(further_sentences(compare("Kent", period="2017/18", baseline="2018/19", release="2026-04-23"))[0])
    In the same months a year before, April 2016 to March 2017, it recorded 34. The two may not be compared: what is counted changed on 1 April 2017.
    """
    pair, said = comparison.year_before, list[str]()
    if pair is not None and pair.baseline is not None and pair.baseline != comparison.baseline:
        they = say("recorded.they.one" if len(comparison.area.forces) == 1 else "recorded.they.several")
        values = {"period": pair.baseline.period.words, "count": number(pair.baseline.offences), "they": they}
        before = say(f"recorded.year-before.{_state(pair.baseline)}", **values)
        said = [before, _short_answer(pair), change_sentence(pair)]
    return tuple(filter(None, [" ".join(filter(None, said)), comparison.offence.not_people]))


def comparability(comparison: Comparison) -> View:
    """Return the panel that says whether the two periods may be compared, one line a caveat."""
    verdict, better = answer_sentence(comparison), instead_sentence(comparison)
    lines = [html("named", caveat.name, caveat.text, caveat.mark) for caveat in comparison.caveats]
    listed = items(*lines, kind="caveats") if lines else prose(say("recorded.no-caveat"))
    body = stack(prose(better), listed) if better else listed
    return View(html("panel", _PANELS[comparison.answer], verdict, body.html), "\n".join(_judged(comparison)))


def report(comparison: Comparison) -> str:
    """Return the comparison in plain text, as ``analysis compare`` prints it."""
    return "\n".join([*summary_sentences(comparison), *further_sentences(comparison), "", *_judged(comparison)])


def reading(comparison: Comparison) -> View:
    """Return what the change between the two periods says, with the ratio behind a fold."""
    lines = (
        change_sentence(comparison) or answer_sentence(comparison),
        next_year_sentence(comparison),
        held_sentence(comparison),
    )
    said = prose(*filter(None, lines), kind="reading")
    ratio, change = comparison.ratio, comparison.change
    if change is None or change.percent is None:
        return said
    usual, chance = interval(ratio.low_wide, ratio.high_wide, 2), interval(ratio.low, ratio.high, 2)
    wider = [say("recorded.ratio", value=number(ratio.value, 2), usual=usual, chance=chance)]
    if rate := comparison.current.rate:
        ends = {"usual": interval(rate.low, rate.high), "chance": interval(*rate.chance)}
        wider.append(say("recorded.ratio-rate", **ends))
    behind = prose(*wider)
    return stack(said, View(html("fold", say("recorded.the-ratio"), behind.html), behind.text))


def as_released(comparison: Comparison) -> str:
    """Return by which release a figure is what it is, as a phrase that ends a sentence."""
    if comparison.release.released is None:
        return say("recorded.according", release=comparison.release.id)
    return say("recorded.released", release=comparison.release.words)


def answer_sentence(comparison: Comparison) -> str:
    """Return whether the two periods may be compared, in one sentence.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> print(answer_sentence(compare("Kent", release="2026-04-23")))
    Yes: January to December 2025 and January to December 2024 have the same quarters, definition, coverage and release.
    """
    if comparison.baseline is None:
        return say(
            "recorded.no-comparison.long" if comparison.current.period.months > 12 else "recorded.no-comparison.none"
        )
    pair = say("recorded.pair", current=comparison.current.period.words, baseline=comparison.baseline.period.words)
    return say(f"recorded.answers.{comparison.answer}", pair=pair)


def instead_sentence(comparison: Comparison) -> str:
    """Return the comparison that may be made instead, with its figures; an empty string where there is none."""
    other = comparison.instead
    if other is None or other.baseline is None:
        return ""
    now, then = other.current, other.baseline
    form = "baseline" if now == comparison.current else "periods" if now.offence == comparison.offence else "offence"
    form = form if now.area == comparison.area else "area"
    return say(
        f"recorded.instead-{form}",
        offence=f"{now.offence.name[:1].upper()}{now.offence.name[1:]} ({now.offence.label})",
        area=now.area.name,
        now=now.period.words,
        then=then.period.words,
        care=", with care" if other.answer == "with-care" else "",
        counts=f"{number(now.offences)} against {number(then.offences)}",
        change=change_sentence(other),
    ).strip()


def next_year_sentence(comparison: Comparison) -> str:
    """Return in which range the same months a year later would fall, where that can be foreseen."""
    ends = comparison.next_year
    if ends is None:
        return ""
    return say("recorded.next-year", low=number(math.floor(ends.low)), high=number(math.ceil(ends.high)))


def held_sentence(comparison: Comparison) -> str:
    """Return in which of the newest years such ranges did not hold as often as they say; an empty string where they did."""
    change, area = comparison.change, comparison.area
    if change is None or change.low is None or len(area.forces) > 1:
        return ""
    poor = poor_years(comparison.offence, comparison.release).get("change", {})
    years = [say("recorded.held-year", year=year, held=number(100 * share)) for year, share in poor.items()]
    return say("recorded.held", years=joined(years)) if years else ""


def settling_sentence(comparison: Comparison) -> str:
    """Return what later releases may make of a provisional count and its change; an empty string of a count that is firm.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> print(settling_sentence(compare("Kent", release="2026-04-23")))
    January to December 2025: 371 as published; as such figures have been revised, later releases may put it at 325 to 423.
    """
    found = may_become(comparison.current)
    if found is None:
        return ""
    published, low, high = map(number, (comparison.current.offences, found.low, found.high))
    said = say("recorded.settling", period=comparison.current.period.words, published=published, low=low, high=high)
    change = comparison.change
    ends = change_may_become(change, comparison.current, comparison.baseline) if comparison.baseline else None
    if ends is None or change is None or change.reading not in {"more", "fewer"}:
        return said
    shown = change_range(Change(0, None, ends.low, ends.high, "fewer" if ends.high < 0 else None))
    return f"{said} {say('recorded.settling-change', ends=shown)}"


def _recorded(comparison: Comparison) -> str:
    current, period = comparison.current, comparison.current.period.words
    police, released = comparison.area.police, as_released(comparison)
    if current.not_counted:
        noun = comparison.offence.noun
        return say("recorded.not-counted", noun=noun[0].upper() + noun[1:], period=period)
    if current.offences is None:
        return say("recorded.not-supplied", police=police, period=period, released=released)
    values = {"count": comparison.offence.count(current.offences), "before": _and_before(comparison)}
    name = "recorded.recorded-net" if current.offences < 0 else "recorded.recorded"
    return say(name, police=police, period=period, released=released, **values)


def _and_before(comparison: Comparison) -> str:
    """Return the other count that a period is compared with, as it follows on the first."""
    baseline = comparison.baseline
    if baseline is None:
        return ""
    period = baseline.period.words
    if baseline.period > comparison.current.period:
        period = say("recorded.later", period=period)
    return say(f"recorded.before.{_state(baseline)}", count=number(baseline.offences), period=period)


def _state(count: Count) -> str:
    return "not-counted" if count.not_counted else "not-supplied" if count.offences is None else "counted"


def _short_answer(pair: Pair) -> str:
    """Return whether two counts may be compared, and what speaks against it, in a few words."""
    weight = {"no": "forbids", "with-care": "care", "not-known": "unknown"}.get(pair.answer or "")
    reasons = dict.fromkeys(caveat.short for caveat in pair.caveats if caveat.weight == weight)
    if not reasons:
        return say(f"recorded.short-answers.{pair.answer}")
    return say(f"recorded.short-answers-why.{pair.answer}", why=joined(list(reasons)[:2]))


def _judged(comparison: Comparison) -> list[str]:
    """Return whether the periods may be compared, what may be instead, and each caveat, a line each."""
    caveats = (f"- {caveat.name}: {caveat.text}" for caveat in comparison.caveats)
    return [*filter(None, [answer_sentence(comparison), instead_sentence(comparison)]), *caveats]
