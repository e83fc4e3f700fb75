"""The rules by which a claim is judged: each code of a finding is one function, in the order of their gravity."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass

from analysis.claims import arithmetic, spans
from analysis.claims.cases import Case
from analysis.claims.figures import Figure
from analysis.claims.held import named, with_article
from analysis.claims.wording import change_words, form_words, held_change, said, sentence, whose
from analysis.comparison import SMALL, is_small
from analysis.terms import areas
from analysis.terms.findings import Finding
from analysis.terms.numbers import day_words, joined, number

CREDIT = said("credit")
CHANGED = frozenset({"definition-change", "mixed-quarter"})
_FAR_OFF, _DIFFERS, _WITHIN = "far-off", "differs", "agrees-within-revision"


@dataclass(frozen=True)
class Found(Finding):
    """A finding on a claim, with its sentences, which may be said of several claims, and whether it may be the verdict."""

    sentences: tuple[str, ...] = ()
    decides: bool = True


def _arithmetic(case: Case) -> Iterator[str]:
    yield from (mistake.text for mistake in _mistakes(case))


def _definition_change(case: Case) -> Iterator[str]:
    told = _caveats(case, CHANGED)
    yield from told
    if told and not case.claim.is_comparison:
        yield said("two-definitions")


def _unequal_periods(case: Case) -> Iterator[str]:
    yield from _caveats(case, {"unequal-periods", "different-quarters"})


def _source_mismatch(case: Case) -> Iterator[str]:
    claim = case.claim
    if claim.basis != "foi":
        return
    yield said("other-collection")
    if claim.offence.part_of and claim.area.area:  # nations beyond the tables have laws of their own
        yield said("part-of", noun=claim.offence.noun, code=claim.offence.part_of)
    for figure in case.testable:
        if case.exceeds(figure) or not claim.offence.part_of:
            release, given = figure.newest
            key = "more-than-whole" if case.exceeds(figure) else "beside"
            yield sentence(
                key, what=_what(figure), release=with_article(release), given=number(given), stated=figure.words
            )


def _wrong_direction(case: Case) -> Iterator[str]:
    yield from _change(case, "wrong-direction")


def _far_off(case: Case) -> Iterator[str]:
    yield from _figures(case, _FAR_OFF)
    yield from _change(case, _FAR_OFF)


def _found_elsewhere(case: Case) -> Iterator[str]:
    if found := case.elsewhere:
        yield sentence(
            "elsewhere", stated=number(found.stated), whose=whose(found), chance=number(100 * found.chance, 1)
        )
        figure = next(figure for figure in case.meant if figure.stated == found.stated)
        yield _standing(figure, "gives")


def _change_differs(case: Case) -> Iterator[str]:
    yield from _change(case, _DIFFERS)


def _launch_year(case: Case) -> Iterator[str]:
    # Where a break lies between the two, the current period is the one in the launch year, and the graver is found.
    if case.claim.is_comparison and not case.codes & CHANGED:
        yield from _caveats(case, {"first-year"})


def _mislabelled_period(case: Case) -> Iterator[str]:
    for stated in (case.claim.current, case.claim.baseline):
        if stated and stated.described_as and (span := spans.misnamed(stated.described_as, stated.period)):
            months = f"{stated.period.months} month{'s' if stated.period.months != 1 else ''}"
            yield said(
                "mislabelled", period=stated.period.words, months=months, words=stated.described_as, span=span.words
            )


def _differs(case: Case) -> Iterator[str]:
    yield from _figures(case, _DIFFERS)


def _undisclosed_base(case: Case) -> Iterator[str]:
    claim = case.claim
    counts = {"the current count": claim.value, "the baseline count": claim.base_value}
    missing = [name for name, value in counts.items() if value is None]
    if claim.change is not None and missing and case.change.answer == "not-known":
        yield said("without", missing=joined(missing))
    if claim.share is not None and claim.share.base is None:
        yield said("share-without", share=claim.share.percent.words("%"))


def _partial_coverage(case: Case) -> Iterator[str]:
    coverage, area = case.claim.coverage, case.claim.area.area
    if coverage is None:
        return
    # British Transport Police is not always asked, so that all of an area's own forces are its whole.
    exist = max(coverage.of, sum(1 for force in area.forces if force.code) if area else 0)
    if coverage.responded < exist:
        yield said("partial", responded=coverage.responded, of=exist)


def _outside_data(case: Case) -> Iterator[str]:
    if case.claim.kind == "forecast":
        yield said("forecast")
    for place in (case.claim.area, *(part.area for part in case.claim.parts)):
        if place.within:
            yield said("town", place=place.name, force=place.within)
        elif place.area is None:
            yield said("outside", forces=len(areas.FORCES), place=place.name)
    yield from _caveats(case, {"not-counted-then"})
    if "not-counted-then" not in case.codes:
        yield from _not_covered(case)


def _definition_not_reviewed(case: Case) -> Iterator[str]:
    if case.pair is not None and case.pair.answer == "not-known":  # nothing graver answers it
        yield from _caveats(case, {"definition-not-reviewed", "nothing-recorded"})


def _small_base(case: Case) -> Iterator[str]:
    change, base = case.claim.change, case.claim.base_value
    if change and (change.percent or change.times) and base and is_small(int(base.number)):
        yield said("small-base", base=base.stated, small=SMALL)


def _not_checkable(case: Case) -> Iterator[str]:
    settled = {"agrees", "agrees-within-revision"} if case.claim.basis == "foi" else set()
    if case.figure_answer not in {"none", "not-judged", "other-collection"}:
        return
    if case.change.answer not in {"none", "not-known", *settled}:
        return
    yield from (said("not-judged-form", what=form_words(form)) for form in case.forms if form.answer == "not-judged")
    if any(map(case.exceeds, case.testable)):
        return
    if case.testable:
        yield said("no-count-of-just-that")
    elif not any(_outside_data(case)):  # which says why
        yield said("no-count-stated")


def _within_revision(case: Case) -> Iterator[str]:
    yield from _figures(case, _WITHIN)
    yield from _change(case, _WITHIN) if case.claim.basis != "foi" else ()


def _revised(case: Case) -> Iterator[str]:
    told = [_standing(f, "older") for f in _counted(case) if f.answer == "agrees" and not f.is_of_newest]
    yield from [*told, said("no-fault")] if told else []


def _reproduced(case: Case) -> Iterator[str]:
    yield from (_standing(f, "gives-it") for f in _counted(case) if f.answer == "agrees" and f.is_of_newest)
    yield from (form_words(form) for form in case.forms if form.answer == "agrees" and case.claim.can_be_matched)
    yield from _change(case, "agrees") if case.claim.basis != "foi" else ()


# Each gives the sentences of a finding, whose code is its name.
RULES: tuple[Callable[[Case], Iterator[str]], ...] = (
    _arithmetic, _definition_change, _unequal_periods, _source_mismatch, _wrong_direction, _far_off, _found_elsewhere,
    _change_differs, _launch_year, _mislabelled_period, _differs, _undisclosed_base, _partial_coverage, _outside_data,
    _definition_not_reviewed, _small_base, _not_checkable, _within_revision, _revised, _reproduced,
)  # fmt: skip


def findings(case: Case) -> list[Found]:
    """Return what is found of a claim, the gravest first; what its source says itself is credited."""
    found = []
    for rule in RULES:
        code = rule.__name__.strip("_").replace("_", "-")
        if told := list(dict.fromkeys(rule(case))):
            told += [CREDIT] if code in case.claim.discloses else []
            found.append(Found(code, " ".join(told), tuple(told), _decides(case, code)))
    return found


def _decides(case: Case, code: str) -> bool:
    """Say whether what was found may be the verdict: not of a total, nor where nothing but its rounding is wrong."""
    if code == "arithmetic":
        return any(not mistake.is_remark for mistake in _mistakes(case))
    if code == "definition-change":
        return case.claim.is_comparison
    return code != "source-mismatch" or any(map(case.exceeds, case.testable))


def _mistakes(case: Case) -> list[arithmetic.Mistake]:
    return arithmetic.mistakes(case.claim, percentages=not case.codes & CHANGED)


def _caveats(case: Case, among: Set[str]) -> list[str]:
    """Return what the caveats of some codes say of the stated periods."""
    return [caveat.text for caveat in case.pair.caveats if caveat.code in among] if case.pair else []


def _counted(case: Case) -> list[Figure]:
    """Return the stated counts that the tables may confirm, but the one that is found elsewhere."""
    if not case.claim.can_be_matched and not any(map(case.exceeds, case.testable)):
        return []
    found = case.elsewhere
    return (
        [figure for figure in case.testable if not found or figure.stated != found.stated]
        if case.claim.kind != "denied"
        else []
    )


def _figures(case: Case, answer: str) -> Iterator[str]:
    """Give a sentence for each stated figure that stands so to the tables."""
    if case.claim.basis == "foi" or case.claim.kind == "forecast":
        return
    yield from (_standing(figure, "gives") for figure in _counted(case) if figure.answer == answer)
    yield from (form_words(form) for form in case.forms if form.answer == answer and case.claim.can_be_matched)


def _change(case: Case, answer: str) -> Iterator[str]:
    """Give the sentence on the stated change where it stands so to the tables."""
    held = case.change
    if held.answer == answer and held.current is not None:
        yield sentence(f"change-{answer}", stated=change_words(case.claim), held=held_change(case))
        if case.claim.basis == "foi":
            yield said("two-collections")


def _standing(figure: Figure, key: str) -> str:
    """Return the sentence on a stated count: what the tables give for it, and what they gave."""
    release, given = figure.newest
    older = [(r, value) for r, value in figure.covering if figure.amount and figure.amount.agrees(value)]
    values = {"what": _what(figure), "stated": figure.words, "newest": with_article(release), "given": number(given)}
    if key == "older":
        others = [each.published for each in figure.vintages if figure.amount and figure.amount.agrees(each.offences)]
        if older:
            return sentence("older", **values, source=named([older[-1][0]]))
        if others:
            return sentence("older", **values, source=said("publication", day=day_words(others[-1])))
        parts = joined(f"{number(e.value)} in {e.period.words} ({e.source})" for e in figure.earlier)
        return sentence("published-earlier", **values, parts=parts, rest=number(figure.rest))
    if key == "gives" and figure.stated is not None and not (figure.amount and figure.amount.bound):
        gap = abs(given - figure.stated)
        share = "" if is_small(given) else f" ({number(100 * gap / given, 1)}%)"
        values["gap"] = f"{number(gap)} {'more' if given > figure.stated else 'fewer'}{share}"
        return sentence("gives-gap" if gap else "gives-it", **values)
    return sentence(key, **values)


def _what(figure: Figure) -> str:
    """Return what tells a figure from the claim's others: the part's area, or the period."""
    return figure.place if figure.role == "part" else figure.period.words


def _not_covered(case: Case) -> Iterator[str]:
    """Give the reason why a stated figure is not covered: once for the figures of one area."""
    missing: dict[str, list[str]] = {}
    for figure in case.meant:
        if figure.period.cuts_quarter:
            yield said("cuts-quarter", period=figure.period.words)
        elif not (figure.covering or (figure.area is None and case.reach and case.reach.covers(figure.period))):
            missing.setdefault(figure.place, []).append(figure.period.words)
    if missing and case.reach is None:
        yield sentence("not-held", offence=case.claim.counted_as.label)
        return
    for place, words in missing.items():
        yield said(
            "not-covered",
            place=place,
            months=joined(dict.fromkeys(words), "or"),
            reach=case.reach.words if case.reach else "",
        )
