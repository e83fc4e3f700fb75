"""The rules by which a claim is judged: what is found by each code, in the order of their gravity.

Of what is stated it is asked first whether it follows from the other stated figures. Every figure is taken as rounded: a change
holds if its base and some percentage that rounds to the stated one give a count that rounds to the stated one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from analysis.claims import spans, wording
from analysis.claims.figures import CONFIRMED
from analysis.claims.forms import spells
from analysis.claims.models import Amount, Change, Share
from analysis.claims.wording import CHANGED, said, sentence
from analysis.comparison import SMALL, is_small
from analysis.terms.findings import Verdict, verdicts
from analysis.terms.numbers import number

if TYPE_CHECKING:
    from analysis.claims.verdicts import Judgement

CREDIT = said("credit")
_LITTLE = 0.0005  # a chance that is not said to the digit


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
    """Give what is found of a claim, the gravest first; what its source says itself is credited.

    A verdict of the register is found by the caveats of the comparison, the stated figures and the stated change that it names, and
    by the rule of its code in :data:`RULES`.
    """
    codes = set()
    for code, verdict in verdicts().items():
        if sentences := list(dict.fromkeys([*_named(one, verdict), *(RULES[code](one) if code in RULES else ())])):
            sentences += [said("no-fault")] if code == "revised" else []
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
    return code != "source-mismatch" or one.is_exceeding


def _named(one: Judgement, verdict: Verdict) -> Iterator[str]:
    """Give what the register names: caveats on the stated periods, and how the stated figures and the change stand to the tables."""
    claim, pair, answer = one.claim, one.pair, one.change.answer
    # Where a break lies between the two, the current period is the one in the launch year, and the graver is found.
    is_graver = verdict.code == "launch-year" and (not claim.is_comparison or bool(one.codes & CHANGED))
    is_graver |= verdict.code == "definition-not-reviewed" and pair is not None and pair.answer != "not-known"
    if pair and not is_graver:
        yield from (caveat.text for caveat in pair.caveats if caveat.code in verdict.caveats)
    if not claim.is_foi and claim.kind != "forecast":
        is_whole = claim.kind != "denied" and (claim.can_be_matched or one.is_exceeding)
        elsewhere = one.elsewhere and one.elsewhere.figure
        figures = (each for each in one.testable if each.standing == verdict.figure and each is not elsewhere)
        yield from map(wording.figure_words, figures if is_whole else ())
        forms = (form for form in one.forms if form.answer == verdict.figure)
        yield from map(wording.form_words, forms if claim.can_be_matched else ())
    # A change that the tables confirm says nothing of another collection.
    if answer == verdict.change and one.change.current is not None and not (claim.is_foi and answer in CONFIRMED):
        key = "denied" if claim.kind == "denied" else "change"
        stated, held = wording.change_words(claim), wording.held_change(one)
        yield f"{sentence(f'{key}-{answer}', stated=stated, held=held)}."
        if claim.is_foi:
            yield said("two-collections")


# --- rules of their own ---------------------------------------------------------------------------------------------------


def _arithmetic(one: Judgement) -> Iterator[str]:
    return (text for text, _ in _mistakes(one))


def _definition_change(one: Judgement) -> list[str]:
    return [said("two-definitions")] if one.codes & CHANGED and not one.claim.is_comparison else []


def _source_mismatch(one: Judgement) -> Iterator[str]:
    claim = one.claim
    if not claim.is_foi:
        return
    yield said("other-collection")
    if claim.offence.part_of and claim.area.area:  # nations beyond the tables have laws of their own
        yield said("part-of", noun=claim.offence.noun, code=claim.offence.part_of)
    for figure in one.testable:
        if one.exceeds(figure) or not claim.offence.part_of:
            yield wording.figure_words(figure, "more-than-whole" if one.exceeds(figure) else "beside")


def _found_elsewhere(one: Judgement) -> Iterator[str]:
    if found := one.elsewhere:
        chance = number(100 * found.chance, 1) if found.chance >= _LITTLE else f"less than {number(100 * _LITTLE, 1)}"
        yield sentence("elsewhere", stated=found.figure.stated, whose=wording.whose(found), chance=chance)
        yield wording.figure_words(found.figure)


def _mislabelled_period(one: Judgement) -> Iterator[str]:
    for each in (one.claim.current, one.claim.baseline):
        if each and each.described_as and (span := spans.misnamed(each.described_as, each.period)):
            months = f"{each.period.months} month{'s' if each.period.months != 1 else ''}"
            values = {"period": each.period, "words": each.described_as, "span": span}
            yield said("mislabelled", months=months, **values)


def _undisclosed_base(one: Judgement) -> Iterator[str]:
    claim = one.claim
    counts = {"the current count": claim.value, "the baseline count": claim.base_value}
    missing = [name for name, value in counts.items() if value is None]
    if one.reach and claim.periods and all(period.first < one.reach.first for period in claim.periods):
        return  # no table reaches back so far, which is said of it
    is_near = claim.kind == "denied" and one.change.current is not None  # to what is denied
    if claim.change and missing and one.change.answer == "not-known" and not is_near:
        yield said("without", missing=missing)
    if claim.share is not None and claim.share.base is None:
        yield said("share-without", share=claim.share.percent.words("%"))
    if claim.forces_rising and claim.baseline is None:
        yield said("rising-without")


def _partial_coverage(one: Judgement) -> Iterator[str]:
    if coverage := one.claim.coverage:
        # British Transport Police is not always asked, so that all of an area's own forces are its whole.
        area = one.claim.area.area
        exist = max(coverage.of, sum(1 for force in area.forces if force.code) if area else 0)
        if coverage.responded < exist:
            yield said("partial", responded=coverage.responded, of=exist)


def _outside_data(one: Judgement) -> Iterator[str]:
    is_told = "not-counted-then" in one.codes  # which says of the months why
    for key, values in wording.unheld(one):
        if not (is_told and "months" in values):
            yield said(f"outside-{key}", **values)


def _small_base(one: Judgement) -> Iterator[str]:
    change, base = one.claim.change, one.claim.base_value
    if change and base and (change.percent or change.times) and is_small(int(base.number)):
        yield said("small-base", base=base.stated, small=SMALL)


def _not_checkable(one: Judgement) -> Iterator[str]:
    is_told = any(wording.unheld(one))  # why
    undecided = {"none", "not-known", "not-judged", "other-collection", "" if is_told else "outside"}
    if {one.figure_answer, one.change.answer} <= undecided | {*(CONFIRMED if one.claim.is_foi else ())}:
        yield from (wording.form_words(form) for form in one.forms if form.answer in {"not-judged", one.figure_answer})
        if one.claim.kind == "denied" and not one.claim.is_foi and (one.testable or one.change.current is not None):
            for each in one.testable:
                yield f"{sentence('figure-denied', stated=each.words, given=each.tables)}."
            yield from [] if one.testable else [said("denied-near")]
        elif not (is_told or one.testable):
            yield said("no-count-stated")
        elif one.testable and not one.is_exceeding:
            yield said("no-count-of-just-that")


# --- arithmetic -----------------------------------------------------------------------------------------------------------


def _mistakes(one: Judgement) -> Iterator[tuple[str, bool]]:
    """Give what does not follow from the stated figures, and whether it is a remark: only cut off instead of rounded."""
    claim, current, base = one.claim, one.claim.value, one.claim.base_value
    if claim.change and current and base:
        yield from _of_change(claim.change, current, base, percentages=not one.codes & CHANGED)
    if claim.parts and current:
        low, high = (Fraction(sum(ends)) for ends in zip(*(_ends(part.value) for part in claim.parts), strict=True))
        if not _within(current, low, high):
            total = int(sum(part.value.number for part in claim.parts))
            yield said("parts-add-up", total=total, stated=current.stated), False
    if claim.rate and claim.current and current:
        period, per, stated = claim.current.period, claim.rate.per, claim.rate.value
        low, high = (end / spells(period, per) for end in _ends(current))
        if not _within(stated, low, high):
            spell = f"{period.months} months" if per == "month" else f"{period.days} days"
            values = {"actual": number(float(current.number / spells(period, per)), 2), "per": per, "spell": spell}
            yield said("rate-is", stated=current.stated, rate=stated.stated, **values), False
    if (share := claim.share) and share.base is not None:
        yield from ((text, False) for text in _of_share(share, share.base))


def _of_change(change: Change, current: Amount, base: Amount, *, percentages: bool) -> Iterator[tuple[str, bool]]:
    values = {"base": base.stated, "stated": current.stated}
    if base.number == 0 and (change.percent or change.times):
        yield said("of-nothing", what="percentage" if change.percent else "multiple"), False
        return
    if stated := change.percent:
        sign, way = (-1, "fall") if change.direction == "down" else (1, "change")
        low, high = sorted(sign * 100 * (end - 1) for end in _ratio(current, base, is_exact=bool(stated.bound)))
        actual = sign * 100 * (current.number / base.number - 1)
        if not _within(stated, low, high):
            would_be = stated.bounding(base.number * (1 + sign * stated.number / 100), falling=sign < 0)
            is_told = percentages and not is_small(int(base.number))
            exact = f" ({number(float(sign * actual), 2)}%)" if is_told else ""
            what = f"a {way} of {stated.words('%')}"
            is_cut_off = not stated.bound and 0 <= actual - stated.number < 2 * stated.half_unit
            yield said("would-give", what=what, would_be=would_be, exact=exact, **values), is_cut_off
    if (times := change.times) and not _within(times, *_ratio(current, base, is_exact=bool(times.bound))):
        what, would_be = times.words(" times as many"), times.bounding(base.number * times.number)
        yield said("would-give", what=what, would_be=would_be, exact="", **values), False
    if change.direction:
        low, high = _ratio(current, base, is_exact=True)
        more, way = ("more", "rise") if change.direction == "up" else ("fewer", "fall")
        if high <= 1 if more == "more" else low >= 1:
            yield said("not-more", more=more, way=way, **values), False


def _of_share(share: Share, base: int) -> Iterator[str]:
    if share.whole is not None and share.whole < base:
        yield said("not-some", base=base, whole=share.whole)
    elif share.count is not None and base == 0:
        yield said("share-of-nothing")
    elif share.count is not None:
        half = Fraction(0) if share.percent.bound else Fraction(1, 2)
        low, high = (100 * (share.count + sign * half) / base for sign in (-1, 1))
        if not _within(share.percent, low, high):
            values = {"base": base, "count": share.count, "share": share.percent.words("%")}
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


# What is found by a code besides what the register of verdicts names.
RULES: dict[str, Callable[[Judgement], Iterable[str]]] = {
    rule.__name__.strip("_").replace("_", "-"): rule
    for rule in (
        _arithmetic, _definition_change, _source_mismatch, _found_elsewhere, _mislabelled_period, _undisclosed_base, _partial_coverage,
        _outside_data, _small_base, _not_checkable,
    )
}  # fmt: skip
