"""What is said of a claim: the first line, the fair sentence, and the words of findings; all sentences stand in ``sentences.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from analysis import files, reader
from analysis.claims.figures import CONFIRMED, Elsewhere, Figure
from analysis.claims.forms import Form
from analysis.claims.models import FORMS, Claim
from analysis.comparison import is_small
from analysis.figures.register import Release
from analysis.terms import areas
from analysis.terms.findings import verdicts
from analysis.terms.numbers import MINUS, capital, filled, folded, joined, number
from analysis.terms.periods import Month

if TYPE_CHECKING:
    from analysis.claims.verdicts import Judgement

MOST_WORDS = 45  # of the fair sentence, besides its link
CHANGED = frozenset(verdicts()["definition-change"].caveats)
_ONE = {"be": "is", "have": "has", "agree": "agrees", "differ": "differs"}
_SEVERAL = {"be": "are"} | {name: name for name in ("have", "agree", "differ")}
MOST_GIVEN = 3  # figures that one sentence gives
_SENTENCES = reader.read(files.PACKAGE / "claims" / "sentences.yaml", dict[str, Any])


def said(key: str, /, **values: object) -> str:
    """Return what ``sentences.yaml`` says by a name, with its values, as :func:`analysis.terms.numbers.filled` puts them."""
    return filled(_SENTENCES[key], **values)


def sentence(key: str, /, **values: object) -> str:
    """Return the same as a sentence of its own."""
    return capital(said(key, **values))


def name_of(release: Release) -> str:
    """Return how a heading names a release.

    Examples
    --------
    >>> from analysis.figures.register import load_register
    >>> [name_of(load_register().release(name)) for name in ("before-2019-08", "2023-10-19")]
    ['copy made before August 2019', 'release of 19 October 2023']
    """
    if release.released is not None:
        return f"{'publication' if release.by_years else 'release'} of {release.words}"
    if release.known_by is not None:
        return f"copy made before {Month(release.known_by.year, release.known_by.month).words}"
    return f"table {release.id}"


def with_article(release: Release) -> str:
    """Return how a sentence names a release: a copy, of which there may be others, or the one release."""
    return f"{'a' if release.known_by else 'the'} {name_of(release)}"


def answer(judgement: Judgement) -> str:
    """Return whether the figures, the change and the comparison are right and fair, each in a sentence a reader would use.

    Examples
    --------
    >>> from analysis.claims import judge, shipped
    >>> print(answer(judge(shipped()[5])))
    The figure agrees with what was published then, and has been revised since. The total adds up two definitions (as the source says itself).
    """
    unread = [f"“{each}”" for each in not_judged(judgement.claim)]
    lines = [_figure_line(judgement), _change_line(judgement), _comparison_line(judgement)]
    lines += [said("not-judged", words=unread)] if unread else []
    return " ".join(f"{capital(line)}." for line in lines if line)


def fairly_put(judgement: Judgement) -> str:
    """Return what may fairly be said in place of a claim: true by itself, in at most 45 words, with its release and address.

    Examples
    --------
    >>> from analysis.claims import judge, shipped
    >>> print(fairly_put(judge(shipped()[4])))
    Hampshire Police recorded 142 child grooming offences in April to December 2017. (Release of 23 April 2026; claims.html#claim-hampshire-2018-04)
    """
    address = f"{capital(name_of(judgement.newest))}; claims.html#claim-{judgement.claim.id}"
    return f"{fair_sentence(judgement)} ({address})"


def fair_sentence(judgement: Judgement) -> str:
    """Return the same without its link."""
    kept = ""
    for part in _fair(judgement):  # what comes first matters most
        if not kept or len(f"{kept} {part}".split()) <= MOST_WORDS:
            kept = f"{kept} {part}".strip()
    return kept


def not_judged(claim: Claim) -> tuple[str, ...]:
    """Return the words of a statement that say more than its fields hold, in lower case, in their order.

    Examples
    --------
    >>> from analysis.claims import shipped
    >>> not_judged(next(claim for claim in shipped() if claim.id == "derbyshire-2017-10"))
    ()
    """
    held = {name for name in (*FORMS, "share") if getattr(claim, name)}
    words = "|".join(each["words"] for each in _SENTENCES["words"] if held.isdisjoint(each["fields"]))
    found = re.finditer(rf"\b(?:{words})(?!\w)", folded(claim.statement))
    return tuple(dict.fromkeys(match[0].strip() for match in found))


# --- the first line ----------------------------------------------------------------------------------------------------


def _figure_line(one: Judgement) -> str:
    found, claim, other = one.figure_answer, one.claim, one.elsewhere
    if found == "none":
        return "" if claim.is_comparison else said("no-count-stated").rstrip(".")
    if claim.kind == "denied" and found == "not-judged":
        return said("figure-denied", stated=one.testable[0].words, given=one.testable[0].tables)
    if found == "found-elsewhere" and other:
        return said("figure-found-elsewhere", stated=other.figure.stated, whose=whose(other), given=other.figure.tables)
    given = [_given(each) for each in standing_so(one)] or ["another"]
    several = len(one.stated)
    is_one = several == 1 or (len(given) == 1 and found in {"differs", "far-off"})
    if len(given) > MOST_GIVEN:
        given = [f"others for {len(given)} of {several}"]
    who = "the figure" if several == 1 else "one of the figures" if is_one else "the figures"
    if found == "agrees" and any(figure.standing == "revised" for figure in one.meant):
        found = "revised"
    if found == "other-collection" and one.is_exceeding:
        found = "other-more"
    return said(f"figure-{found}", who=who, given=given, **(_ONE if is_one else _SEVERAL))


def _given(each: Figure | Form) -> str:
    """Return what the tables give for what is stated: of a record the period that goes beyond it."""
    key, values = (f"given-{each.kind}", each.values) if isinstance(each, Form) else ("given", {})
    return said(key if key in _SENTENCES else "given", tables=each.tables, stated=each.words, **values)


def standing_so(one: Judgement) -> list[Figure | Form]:
    """Return the stated figures that stand as the answer has it, of which the first line gives at most :data:`MOST_GIVEN`."""
    return [each for each in one.stated if each.answer == one.figure_answer and each.tables]


def _change_line(one: Judgement) -> str:
    found = one.change.answer
    if found == "none":
        return ""
    held = held_change(one)
    if one.claim.kind == "denied":
        return said(f"denied-{found}", held=held, why=f": {held}" if held else "")
    them = "too" if one.figure_answer in CONFIRMED else "with the tables"
    return said(f"change-line-{found}", what=change_words(one.claim), held=held, them=them)


def _comparison_line(one: Judgement) -> str:
    """Return whether the comparison is fair, with what speaks against it; of a total, that it adds up two definitions."""
    found, discloses = one.comparison_answer, one.claim.discloses
    if found == "none":
        credit = said("credited") if "definition-change" in discloses else ""
        return said("adds-up", credit=credit) if one.codes & CHANGED else ""
    if found == "not-known" and one.claim.baseline is None:
        return said("comparison-no-baseline")
    credited = {code for each in discloses for code in verdicts()[each].caveats}
    told = dict[str, str]()  # of several reasons of one kind the first
    pair = one.pair
    for caveat in pair.deciding if pair and pair.answer == {"unfair": "no"}.get(found, found) else ():
        short = said("unreviewed") if caveat.code == "definition-not-reviewed" else caveat.short
        told.setdefault(caveat.code, short + said("credited") * (caveat.code in credited))
    return said(f"comparison-{found}", why=f": {joined(told.values())}" if told else "")


def change_words(claim: Claim) -> str:
    """Return a change as it was stated: the rise of 12% (2,600 more), “more than double”, the fall."""
    change, difference, told = claim.change, claim.difference, list[str]()
    if change:
        for stated, unit in ((change.percent, "%"), (change.points, " percentage points")):
            if stated:
                way = "down" if change.direction == "down" or stated.number < 0 else "up" if stated.number else "none"
                amount = stated.words(unit.removesuffix("s") if abs(stated.number) == 1 else unit)
                told.append(said(f"percent-{way}", amount=amount.replace(MINUS, "")))
        if change.times:
            told.append(said("times", amount=change.times.words(" times as many")))
        if change.direction and not (told or difference):
            told.append(said(change.direction))
    if difference:
        key, what = ("besides", joined(told)) if told else ("by", "")
        told = [said(f"{key}-{difference.direction}", what=what, amount=difference.value.stated)]
    return joined(told)


def held_change(one: Judgement) -> str:
    """Return the change as the tables have it: the counts, and a percentage where one may be given; empty where they have none."""
    found, change = one.change, one.claim.change
    now, then = found.current, found.baseline
    if now is None or then is None:
        return ""
    counts = [number(value, 0 if value == int(value) else 2) for value in (now, then)]
    is_told = not (then == int(then) and is_small(int(then))) and one.comparison_answer != "unfair"
    stated = change.percent if change else None
    decimals = 0 if found.answer == "agrees" and (stated is None or stated.half_unit >= 0.5) else 1
    percent = f"{'+' if (found.percent or 0) > 0 else ''}{number(found.percent, decimals)}%"
    key = "held-points" if change and change.points else "held-percent" if is_told else "held-counts"
    who = said("who-tables" if found.is_newest else "who-earlier")
    return said(key, who=who, now=counts[0], then=counts[1], percent=percent)


def figure_words(each: Figure, key: str = "") -> str:
    """Return the sentence on a stated figure: what the tables give for it, and what they gave."""
    (release, given), amount = each.given[-1], each.amount
    what = each.place.name if each.role == "part" else each.period.words  # what tells it from the claim's others
    values = {"what": what, "stated": each.words, "newest": with_article(release), "given": given}
    if not key and amount and each.standing == "revised":
        if sources := [source for source, value in each.given if amount.agrees(value)]:
            return sentence("older", **values, source=with_article(sources[-1]))
        parts = [f"{number(e.value)} in {e.period.words} ({e.source})" for e in each.earlier]
        return sentence("published-earlier", **values, parts=parts, rest=each.rest)
    return sentence(key or "gives", **values)


def form_words(form: Form) -> str:
    """Return the sentence on a stated figure that is no count."""
    key = f"form-{form.answer}" if form.answer in {"outside", "not-judged"} else form.sentence or form.kind
    return f"{sentence(key, stated=form.words, tables=form.tables, **form.values)}."


def whose(found: Elsewhere) -> str:
    """Return what a number is the figure of."""
    what = said(found.kind, period=found.period, area=found.area.called, noun=found.offence.noun)
    return what if found.value == found.figure.stated else said("nearly", what=what, value=found.value)


# --- the fair sentence -------------------------------------------------------------------------------------------------


def _fair(judgement: Judgement) -> Iterator[str]:
    """Give the sentences of the fair statement, the one that must stand first."""
    claim, pair = judgement.claim, judgement.restated
    if pair is None:
        key, values = next(unheld(judgement), ("count", {}))
        months = {"months": claim.current.period} if claim.current else {}
        yield said(f"nothing-{key}", **values | months)
        return
    current, base, change = pair.current, pair.baseline, pair.change if pair.like_for_like else None
    counted = claim.counted_as.count(current.offences or 0)
    told = said("counts", police=current.area.police, counted=counted, when=current.period)
    if base is not None:
        is_year_before = current.period.months == 12 and base.period == current.period.year_before
        then = "the year before" if is_year_before else base.period
        told = said("and-base", told=told, base=base.offences, then=then)
    if change and change.difference:
        # Percentage and reading are of the figures without the events that are counted, and so not of the two that are said.
        share = number(abs(change.percent)) if change.percent and not pair.counted_events else "0"
        percent = f" ({share}%)" if share != "0" else ""
        more = "more" if change.difference > 0 else "fewer"
        told += f": {said('gap', gap=abs(change.difference), more=more, percent=percent)}"
    elif change:
        told += f": {said('gap-none')}"
    yield f"{told}."
    if base is None and pair.codes & CHANGED:
        yield said("two-definitions-fairly")
    if base is not None and (why := pair.deciding):
        first = next((each for each in why if each.form == "counted"), why[0]) if pair.counted_events else why[0]
        yield said(f"then-{pair.answer}", why=first.short)
    if change and change.reading and not pair.counted_events:
        yield f"{sentence('usual' if change.reading == 'within-usual' else 'beyond')}."
    if claim.offence.part_of:
        yield sentence("whole-only", label=claim.counted_as.label, noun=claim.offence.noun)


def unheld(one: Judgement) -> Iterator[tuple[str, dict[str, object]]]:
    """Give why the tables hold no figure of what is stated: a name for each reason, and what a sentence on it says."""
    claim, reach = one.claim, one.reach
    if claim.kind == "forecast":
        yield "forecast", {}
    for place in (claim.area, *(part.area for part in claim.parts)):
        if place.area is None:
            values = {"place": place.name, "force": place.within, "forces": len(areas.FORCES)}
            yield "town" if place.within else "beyond", values
    for figure in one.meant:
        values = {"place": figure.place.name, "months": figure.period, "noun": claim.counted_as.noun}
        if figure.period.cuts_quarter:
            yield "cuts-quarter", values
        elif reach is None:
            yield "not-held", values | {"noun": claim.offence.noun, "offence": claim.counted_as.label}
            return
        elif not (figure.covering or (figure.place.area is None and reach.covers(figure.period))):
            yield "not-covered", values | {"reach": reach}
