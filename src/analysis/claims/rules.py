"""The rules by which a claim is judged: what is found by each code, in the order of their gravity.

Of what is stated it is asked first whether it follows from the other stated figures. Every figure is taken as rounded: a change
holds if its base and some percentage that rounds to the stated one give a count that rounds to the stated one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from analysis.claims import spans
from analysis.claims.figures import Figure
from analysis.claims.forms import Form, days, spells
from analysis.claims.models import Amount, Claim, Share
from analysis.claims.wording import CHANGED, change_words, form_words, held_change, said, sentence, whose, with_article
from analysis.comparison import SMALL, is_small
from analysis.terms import areas
from analysis.terms.findings import verdicts
from analysis.terms.numbers import day_words, joined, number

if TYPE_CHECKING:
    from analysis.claims.verdicts import Judgement

CREDIT = said("credit")


@dataclass(frozen=True)
class Found:
    """A finding on a claim: its code, its sentences, which may be said of several claims, and whether it may be the verdict."""

    code: str
    sentences: tuple[str, ...]
    decides: bool = True

    @property
    def text(self) -> str:
        """What is said of this claim."""
        return " ".join(self.sentences)


def findings(one: Judgement) -> Iterator[Found]:
    """Give what is found of a claim, the gravest first; what its source says itself is credited."""
    codes = set()
    for code in verdicts():
        if sentences := list(dict.fromkeys(RULES[code](one) if code in RULES else ())):
            sentences += [CREDIT] if code in one.claim.discloses else []
            codes.add(code)
            yield Found(code, tuple(sentences), _decides(one, code))
    if codes <= {"reproduced"}:
        told = said("fair-with-care" if one.comparison_answer == "with-care" else "fair")
        yield Found("fair", (told,))


def _decides(one: Judgement, code: str) -> bool:
    """Say whether what was found may be the verdict: not of a total, nor where nothing but its rounding is wrong."""
    if code == "arithmetic":
        return not all(is_remark for _, is_remark in _mistakes(one))
    if code == "definition-change":
        caveats = one.pair.caveats if one.pair else ()
        return one.claim.is_comparison and any(each.code in CHANGED and each.weight == "forbids" for each in caveats)
    return code != "source-mismatch" or any(map(one.exceeds, one.testable))


def _caveats(one: Judgement, among: Set[str]) -> list[str]:
    """Return what the caveats of some codes say of the stated periods."""
    return [caveat.text for caveat in one.pair.caveats if caveat.code in among] if one.pair else []


def _definition_change(one: Judgement) -> Iterator[str]:
    told = _caveats(one, CHANGED)
    yield from told
    if told and not one.claim.is_comparison:
        yield said("two-definitions")


def _source_mismatch(one: Judgement) -> Iterator[str]:
    claim = one.claim
    if not claim.is_foi:
        return
    yield said("other-collection")
    if claim.offence.part_of and claim.area.area:  # nations beyond the tables have laws of their own
        yield said("part-of", noun=claim.offence.noun, code=claim.offence.part_of)
    for figure in one.testable:
        if one.exceeds(figure) or not claim.offence.part_of:
            yield _standing(figure, "more-than-whole" if one.exceeds(figure) else "beside")


def _found_elsewhere(one: Judgement) -> Iterator[str]:
    if found := one.elsewhere:
        chance = number(100 * found.chance, 1)
        yield sentence("elsewhere", stated=number(found.stated), whose=whose(found), chance=chance)
        yield _standing(next(figure for figure in one.meant if figure.stated == found.stated), "gives")


def _launch_year(one: Judgement) -> list[str]:
    # Where a break lies between the two, the current period is the one in the launch year, and the graver is found.
    return _caveats(one, {"first-year"}) if one.claim.is_comparison and not one.codes & CHANGED else []


def _mislabelled_period(one: Judgement) -> Iterator[str]:
    for each in (one.claim.current, one.claim.baseline):
        if each and each.described_as and (span := spans.misnamed(each.described_as, each.period)):
            months = f"{each.period.months} month{'s' if each.period.months != 1 else ''}"
            values = {"period": each.period.words, "words": each.described_as, "span": span.words}
            yield said("mislabelled", months=months, **values)


def _undisclosed_base(one: Judgement) -> Iterator[str]:
    claim = one.claim
    counts = {"the current count": claim.value, "the baseline count": claim.base_value}
    missing = [name for name, value in counts.items() if value is None]
    if one.reach and claim.periods and all(period.first < one.reach.first for period in claim.periods):
        return  # no table reaches back so far, which is said of it
    if claim.change is not None and missing and one.change.answer == "not-known":
        yield said("without", missing=joined(missing))
    if claim.share is not None and claim.share.base is None:
        yield said("share-without", share=claim.share.percent.words("%"))


def _partial_coverage(one: Judgement) -> Iterator[str]:
    if coverage := one.claim.coverage:
        # British Transport Police is not always asked, so that all of an area's own forces are its whole.
        area = one.claim.area.area
        exist = max(coverage.of, sum(1 for force in area.forces if force.code) if area else 0)
        if coverage.responded < exist:
            yield said("partial", responded=coverage.responded, of=exist)


def _outside_data(one: Judgement) -> Iterator[str]:
    if one.claim.kind == "forecast":
        yield said("forecast")
    for place in (one.claim.area, *(part.area for part in one.claim.parts)):
        if place.area is None:
            key = "town" if place.within else "outside"
            yield said(key, place=place.name, force=place.within, forces=len(areas.FORCES))
    not_counted = _caveats(one, {"not-counted-then"})
    yield from not_counted or _not_covered(one)


def _not_covered(one: Judgement) -> Iterator[str]:
    """Give the reason why a stated figure is not covered: once for the figures of one area."""
    missing: dict[str, list[str]] = {}
    for figure in one.meant:
        if figure.period.cuts_quarter:
            yield said("cuts-quarter", period=figure.period.words)
        elif not (figure.covering or (figure.area is None and one.reach and one.reach.covers(figure.period))):
            missing.setdefault(figure.place.name, []).append(figure.period.words)
    if missing and one.reach is None:
        yield sentence("not-held", offence=one.claim.counted_as.label)
        return
    for place, periods in missing.items():
        months = joined(dict.fromkeys(periods), "or")
        yield said("not-covered", place=place, months=months, reach=one.reach.words if one.reach else "")


def _definition_not_reviewed(one: Judgement) -> list[str]:
    is_answered = one.pair is None or one.pair.answer != "not-known"  # by something graver
    return [] if is_answered else _caveats(one, {"definition-not-reviewed", "nothing-recorded"})


def _small_base(one: Judgement) -> Iterator[str]:
    change, base = one.claim.change, one.claim.base_value
    if change and (change.percent or change.times) and base and is_small(int(base.number)):
        yield said("small-base", base=base.stated, small=SMALL)


def _not_checkable(one: Judgement) -> Iterator[str]:
    settled = {"agrees", "agrees-within-revision"} if one.claim.is_foi else set()
    if one.figure_answer not in {"none", "not-judged", "other-collection"}:
        return
    if one.change.answer not in {"none", "not-known", *settled}:
        return
    yield from (form_words(form) for form in one.forms if form.answer == "not-judged")
    if any(map(one.exceeds, one.testable)):
        return
    if one.testable:
        yield said("no-count-of-just-that")
    elif not any(_outside_data(one)):  # which says why
        yield said("no-count-stated")


def _revised(one: Judgement) -> Iterator[str]:
    told = [_standing(f, "older") for f in _stated(one, "agrees") if isinstance(f, Figure) and not f.is_of_newest]
    yield from [*told, said("no-fault")] if told else []


def _reproduced(one: Judgement) -> Iterator[str]:
    yield from (_standing(each, "gives-it") for each in _stated(one, "agrees") if each.is_of_newest)
    yield from _change(one, "agrees")


def _stated(one: Judgement, answer: str) -> list[Figure | Form]:
    """Return the stated figures that stand so to the tables, but the one that is found elsewhere."""
    claim, found = one.claim, one.elsewhere and one.elsewhere.stated
    if claim.is_foi or claim.kind == "forecast":
        return []
    is_whole = claim.can_be_matched or any(map(one.exceeds, one.testable))
    figures = [figure for figure in one.testable if figure.stated != found and is_whole and claim.kind != "denied"]
    stated: list[Figure | Form] = [*figures, *(one.forms if claim.can_be_matched else ())]
    return [each for each in stated if each.answer == answer]


def _stands(answer: str, *, figures: bool = True, change: bool = True) -> Callable[[Judgement], Iterator[str]]:
    """Return the rule that gives a sentence for each stated figure, and for the stated change, that stands so to the tables."""

    def rule(one: Judgement) -> Iterator[str]:
        yield from (_standing(each, "gives") for each in _stated(one, answer) if figures)
        yield from _change(one, answer) if change else ()

    return rule


def _change(one: Judgement, answer: str) -> Iterator[str]:
    is_confirmed = answer in {"agrees", "agrees-within-revision"}  # which says nothing of another collection
    if one.change.answer == answer and one.change.current is not None and not (one.claim.is_foi and is_confirmed):
        yield sentence(f"change-{answer}", stated=change_words(one.claim), held=held_change(one))
        if one.claim.is_foi:
            yield said("two-collections")


def _standing(each: Figure | Form, key: str) -> str:
    """Return the sentence on a stated figure: what the tables give for it, and what they gave."""
    if isinstance(each, Form):
        return form_words(each)
    release, given = each.newest
    what = each.place.name if each.role == "part" else each.period.words  # what tells it from the claim's others
    values = {"what": what, "stated": each.words, "newest": with_article(release), "given": number(given)}
    amount = each.amount
    if key == "older" and amount:
        sources = [said("publication", day=day_words(v.published)) for v in each.vintages if amount.agrees(v.offences)]
        sources += [with_article(release) for release, value in each.covering if amount.agrees(value)]
        if sources:
            return sentence("older", **values, source=sources[-1])
        parts = joined(f"{number(e.value)} in {e.period.words} ({e.source})" for e in each.earlier)
        return sentence("published-earlier", **values, parts=parts, rest=number(each.rest))
    if key == "gives" and each.stated is not None and amount and not amount.bound:
        gap = abs(given - each.stated)
        share = "" if is_small(given) else f" ({number(100 * gap / given, 1)}%)"
        values["gap"] = f"{number(gap)} {'more' if given > each.stated else 'fewer'}{share}"
        return sentence("gives-gap" if gap else "gives-it", **values)
    return sentence(key, **values)


def _mistakes(one: Judgement) -> Iterator[tuple[str, bool]]:
    """Give what does not follow from the stated figures, and whether it is a remark: only cut off instead of rounded."""
    claim, current, base = one.claim, one.claim.value, one.claim.base_value
    if claim.change and current and base:
        yield from _of_change(claim, current, base, percentages=not one.codes & CHANGED)
    if claim.parts and current:
        low, high = (sum((end[i] for part in claim.parts if (end := _ends(part.value))), Fraction(0)) for i in (0, 1))
        if not _within(current, low, high):
            total = number(int(sum(part.value.number for part in claim.parts)))
            yield said("parts-add-up", total=total, stated=current.stated), False
    if claim.rate and claim.current and current:
        period, per, stated = claim.current.period, claim.rate.per, claim.rate.value
        low, high = (end / spells(period)[per] for end in _ends(current))
        if not _within(stated, low, high):
            spell = f"{period.months} months" if per == "month" else f"{days(period)} days"
            values = {"actual": number(float(current.number / spells(period)[per]), 2), "per": per, "spell": spell}
            yield said("rate-is", stated=current.stated, rate=stated.words(""), **values), False
    if (share := claim.share) and share.base is not None:
        yield from ((text, False) for text in _of_share(share, share.base))


def _of_change(claim: Claim, current: Amount, base: Amount, *, percentages: bool) -> Iterator[tuple[str, bool]]:
    change, values = claim.change, {"base": base.stated, "stated": current.stated, "exact": ""}
    assert change is not None  # noqa: S101  # what is asked about
    if base.number == 0 and (change.percent or change.times):
        yield said("of-nothing", what="percentage" if change.percent else "multiple"), False
        return
    if stated := change.percent:
        sign, way = (-1, "fall") if change.direction == "down" else (1, "change")
        low, high = sorted(sign * 100 * (end - 1) for end in _ratio(current, base, is_exact=bool(stated.bound)))
        actual = sign * 100 * (current.number / base.number - 1)
        if not _within(stated, low, high):
            would_be = stated.bounding(base.number * (1 + sign * stated.number / 100), falling=sign < 0)
            if percentages and not is_small(int(base.number)):
                values["exact"] = f" ({number(float(sign * actual), 2)}%)"
            told = said("would-give", what=f"a {way} of {stated.words('%')}", would_be=would_be, **values)
            yield told, not stated.bound and 0 <= actual - stated.number < 2 * stated.half_unit
    if (times := change.times) and not _within(times, *_ratio(current, base, is_exact=bool(times.bound))):
        would_be = times.bounding(base.number * times.number)
        yield said("would-give", what=times.words(" times as many"), would_be=would_be, **values | {"exact": ""}), False
    if change.direction:
        low, high = _ratio(current, base, is_exact=True)
        more, way = ("more", "rise") if change.direction == "up" else ("fewer", "fall")
        if high <= 1 if more == "more" else low >= 1:
            yield said("not-more", more=more, way=way, **values), False


def _of_share(share: Share, base: int) -> Iterator[str]:
    if share.whole is not None and share.whole < base:
        yield said("not-some", base=number(base), whole=number(share.whole))
    elif share.count is not None and base == 0:
        yield said("share-of-nothing")
    elif share.count is not None:
        half = Fraction(0) if share.percent.bound else Fraction(1, 2)
        low, high = (100 * (share.count + sign * half) / base for sign in (-1, 1))
        if not _within(share.percent, low, high):
            values = {"base": number(base), "count": number(share.count), "share": share.percent.words("%")}
            values["exact"] = "" if is_small(base) else f" ({number(100 * share.count / base, 2)}%)"
            yield said("share-would-be", would_be=share.percent.bounding(base * share.percent.number / 100), **values)


def _ends(count: Amount, *, is_exact: bool = True) -> tuple[Fraction, Fraction]:
    """Return the ends of what a count may have been, to the unit or as rounded."""
    return (replace(count, half_unit=Fraction(0)) if is_exact else count).ends(least=0)


def _ratio(current: Amount, base: Amount, *, is_exact: bool) -> tuple[Fraction, Fraction]:
    (low, high), (least, most) = _ends(current, is_exact=is_exact), _ends(base)
    return low / most if most else Fraction(10**9), high / least if least else Fraction(10**9)


def _within(stated: Amount, low: Fraction, high: Fraction) -> bool:
    """Say whether some amount between two is what was stated."""
    return stated.holds(low) or stated.holds(high) or low <= stated.number <= high


# What is found by each code: its sentences; none where there is nothing to say.
RULES: dict[str, Callable[[Judgement], Iterable[str]]] = {
    "arithmetic": lambda one: (text for text, _ in _mistakes(one)),
    "definition-change": _definition_change,
    "unequal-periods": lambda one: _caveats(one, {"unequal-periods", "different-quarters"}),
    "source-mismatch": _source_mismatch,
    "wrong-direction": _stands("wrong-direction"),
    "far-off": _stands("far-off"),
    "found-elsewhere": _found_elsewhere,
    "change-differs": _stands("differs", figures=False),
    "launch-year": _launch_year,
    "mislabelled-period": _mislabelled_period,
    "differs": _stands("differs", change=False),
    "undisclosed-base": _undisclosed_base,
    "partial-coverage": _partial_coverage,
    "outside-data": _outside_data,
    "definition-not-reviewed": _definition_not_reviewed,
    "small-base": _small_base,
    "not-checkable": _not_checkable,
    "within-revision": _stands("agrees-within-revision"),
    "revised": _revised,
    "reproduced": _reproduced,
}
