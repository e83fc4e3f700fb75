"""What is said of a claim: the first line, the fair sentence, and the words of findings; all sentences stand in ``sentences.yaml``."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import RootModel

from analysis import files
from analysis.claims.cases import Case
from analysis.claims.elsewhere import Elsewhere
from analysis.claims.forms import Form
from analysis.claims.held import name_of
from analysis.claims.models import FORMS, Claim
from analysis.comparison import Pair, is_small
from analysis.terms import models
from analysis.terms.numbers import folded, joined, number
from analysis.terms.periods import Period

if TYPE_CHECKING:
    from analysis.claims.verdicts import Judgement

MOST_WORDS = 45  # of the fair sentence, besides its link
CHANGED = ("definition-change", "mixed-quarter")
# What a caveat of a comparison is called among the findings on a claim.
_FINDINGS = dict.fromkeys(CHANGED, "definition-change")
_FINDINGS |= {"first-year": "launch-year", "different-quarters": "unequal-periods", "not-counted-then": "outside-data"}
_ONE = {"be": "is", "have": "has", "agree": "agrees", "differ": "differs"}
_SEVERAL = {"be": "are"} | {name: name for name in ("have", "agree", "differ")}
_MOST_GIVEN = 3  # figures that one sentence gives


class _Sentences(RootModel[dict[str, str | list[dict[str, str | list[str]]]]]):
    pass


@functools.cache
def _sentences() -> dict[str, str | list[dict[str, str | list[str]]]]:
    return models.read(files.PACKAGE / "claims" / "sentences.yaml", _Sentences).root


def said(key: str, /, **values: object) -> str:
    """Return what ``sentences.yaml`` says by a name, with its values."""
    return str(_sentences()[key]).format_map(values)


def sentence(key: str, /, **values: object) -> str:
    """Return the same as a sentence of its own."""
    return _capital(said(key, **values))


def answer(judgement: Case) -> str:
    """Return whether the figures, the change and the comparison are right and fair, each in a sentence a reader would use.

    Examples
    --------
    >>> from analysis.claims import judge, shipped
    >>> print(answer(judge(shipped()[5])))
    The figure agrees with what was published then, and has been revised since. It adds up two definitions (as the source says itself).
    """
    told = (
        _figure_line(judgement),
        _change_line(judgement),
        _comparison_line(judgement),
        said("not-judged", words=joined(f"“{each}”" for each in words))
        if (words := not_judged(judgement.claim))
        else "",
    )
    return " ".join(f"{_capital(line)}." for line in told if line)


def fairly_put(judgement: Judgement, *, address: str | None = None) -> str:
    """Return what may fairly be said in place of a claim: true by itself, in at most 45 words, with its link.

    Parameters
    ----------
    judgement
        What was found.
    address
        Of the page of claims; by default its release and the name of the page say where the claim stands.

    Examples
    --------
    >>> from analysis.claims import judge, shipped
    >>> print(fairly_put(judge(shipped()[4])))
    Hampshire Police recorded 142 child grooming offences in April to December 2017. (Release of 23 April 2026; claims.html#claim-hampshire-2018-04)
    """
    page = f"{address or 'claims.html'}#claim-{judgement.claim.id}"
    link = page if address else f"{_capital(name_of(judgement.newest))}; {page}"
    return f"{fair_sentence(judgement)} ({link})"


def fair_sentence(judgement: Judgement) -> str:
    """Return the same without its link."""
    parts = list(_fair(judgement))
    kept = [parts[0]]
    for part in parts[1:]:  # what comes first matters most
        if len(" ".join([*kept, part]).split()) <= MOST_WORDS:
            kept.append(part)
    return " ".join(kept)


def not_judged(claim: Claim) -> tuple[str, ...]:
    """Return the words of a statement that say more than its fields hold, in lower case, in their order.

    Examples
    --------
    >>> from analysis.claims import shipped
    >>> not_judged(next(claim for claim in shipped() if claim.id == "derbyshire-2017-10"))
    ()
    """
    return _beyond_fields(claim.statement, frozenset(name for name in (*FORMS, "share") if getattr(claim, name)))


@functools.lru_cache(maxsize=4096)
def _beyond_fields(statement: str, held: frozenset[str]) -> tuple[str, ...]:
    text = folded(statement)
    found = [
        match for fields, pattern in _beyond() if not held.intersection(fields) for match in pattern.finditer(text)
    ]
    ordered = sorted(found, key=lambda match: (match.start(), -match.end()))
    kept: list[re.Match[str]] = []
    for match in ordered:
        if not kept or match.start() >= kept[-1].end():
            kept.append(match)
    return tuple(dict.fromkeys(match[0].strip() for match in kept))


@functools.cache
def _beyond() -> tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]:
    listed = _sentences()["words"]
    return tuple(
        (tuple(each["fields"]), re.compile(rf"\b(?:{each['words']})(?!\w)"))
        for each in listed
        if isinstance(each, dict)
    )


# --- the first line ----------------------------------------------------------------------------------------------------


def _figure_line(case: Case) -> str:
    found, claim = case.figure_answer, case.claim
    if found == "none":
        return "" if case.claim.is_comparison else said("no-count-stated").rstrip(".")
    if claim.kind == "denied" and found == "not-judged":
        figure = case.testable[0]
        return said("figure-denied", stated=figure.words, given=number(figure.newest[1]))
    if found == "found-elsewhere" and case.elsewhere:
        other = case.elsewhere
        figure = next(f for f in case.meant if f.stated == other.stated)
        return said(
            "figure-found-elsewhere",
            stated=number(other.stated),
            whose=whose(other),
            given=number(figure.newest[1]),
        )
    stated = [figure for figure in case.meant if figure.amount]
    told = [figure for figure in stated if figure.answer == found and figure.is_testable]
    forms = (
        [form for form in case.forms if form.answer == found]
        if found in {"agrees", "agrees-within-revision", "differs", "far-off", "not-judged"}
        else []
    )
    given = [f"{number(figure.newest[1])} for {figure.words}" for figure in told] + [
        f"{form.held} for {form.stated}" for form in forms
    ]
    if len(given) > _MOST_GIVEN:
        given = [f"others for {len(given)} of {len(stated) + len(case.forms)}"]
    everything = len(stated) + len(case.forms)
    one = everything == 1 or (len(given) == 1 and found in {"differs", "far-off"})
    who = "the figure" if everything == 1 else "one of the figures" if one else "the figures"
    verbs = _ONE if one else _SEVERAL
    if found == "agrees" and any(not figure.is_of_newest for figure in told):
        found = "revised"
    if found == "other-collection" and any(map(case.exceeds, case.testable)):
        found = "other-more"
    return said(f"figure-{found}", who=who, given=joined(given or ["another"]), **verbs)


def _change_line(case: Case) -> str:
    held = case.change
    if held.answer == "none":
        return ""
    if case.claim.kind == "denied":
        return said(f"denied-{held.answer}", held=held_change(case))
    what, with_figure = change_words(case.claim), case.figure_answer in {"agrees", "agrees-within-revision"}
    them = "them too" if with_figure else "the tables"
    return said(
        f"change-line-{held.answer}", what=what, held=held_change(case) if held.current is not None else "", them=them
    )


def _comparison_line(case: Case) -> str:
    """Return whether the comparison is fair, with what speaks against it; of a total, that it adds up two definitions."""
    found, discloses = case.answers["comparison"], case.claim.discloses
    if found == "none":
        adds_up = case.codes & set(CHANGED)
        return said("adds-up", credit=said("credited") * ("definition-change" in discloses)) if adds_up else ""
    if found == "not-known" and case.claim.baseline is None:
        return said("comparison-no-baseline")
    reasons = _reasons(case, {"unfair": "forbids", "with-care": "care", "not-known": "unknown"}.get(found, ""))
    told = [f"{short}{said('credited') * (code in discloses)}" for short, code in reasons.items()]
    return said(f"comparison-{found}", why=f": {joined(told)}" if told else "")


def _reasons(case: Case, weight: str) -> dict[str, str]:
    """Return why a comparison is as it is: each reason once, with the code of the finding that it comes to."""
    caveats = [caveat for caveat in case.pair.caveats if caveat.weight == weight] if case.pair else []
    by_code: dict[str, list[str]] = {}
    for caveat in caveats:
        unreviewed = caveat.code == "definition-not-reviewed"
        by_code.setdefault(caveat.code, []).append(said("unreviewed") if unreviewed else caveat.short)
    return {_together(list(dict.fromkeys(shorts))): _FINDINGS.get(code, code) for code, shorts in by_code.items()}


def _together(shorts: list[str]) -> str:
    """Return reasons that begin alike as one: what is counted changed on 1 April 2015 and 2018."""
    words = [short.split() for short in shorts]
    alike = len(list(itertools.takewhile(lambda column: len(set(column)) == 1, zip(*words, strict=False))))
    return joined([shorts[0], *(" ".join(each[alike:]) for each in words[1:])])


def change_words(claim: Claim) -> str:
    """Return a change as it was stated: the rise of 12% (2,600 more), “more than double”, the fall."""
    change, difference = claim.change, claim.difference
    told = []
    if change and change.percent is not None:
        falls = change.direction == "down" or change.percent.number < 0
        key = "percent-down" if falls else "percent-up" if change.percent.number else "percent-none"
        told.append(said(key, amount=change.percent.words("%").replace("\N{MINUS SIGN}", "")))
    if change and change.times is not None:
        told.append(said("times", amount=change.times.words(" times as many")))
    if change and change.points is not None:
        told.append(said("points", amount=change.points.words("")))
    if change and change.direction and not told and difference is None:
        told.append(said(change.direction))
    if difference is None:
        return joined(told) if told else ""
    rises, amount = difference.direction == "up", difference.value.stated
    if not told:
        return said("rise-by" if rises else "fall-by", amount=amount)
    return said("besides", what=joined(told), more=said("more" if rises else "fewer", amount=amount))


def held_change(case: Case) -> str:
    """Return the change as the tables have it: the counts, and a percentage where one may be given."""
    held, change = case.change, case.claim.change
    counts = {
        name: number(value, 0 if value is None or value == int(value) else 2)
        for name, value in (("now", held.current), ("then", held.baseline))
    }
    who = said("who-tables" if held.is_newest else "who-earlier")
    is_rate = held.baseline is not None and held.baseline != int(held.baseline)
    is_small_base = held.baseline is None or (is_small(int(held.baseline)) and not is_rate)
    if held.percent is None or is_small_base or case.answers_comparison == "unfair":
        return said("held-counts", who=who, **counts)
    stated = change.percent if change else None
    decimals = 0 if held.answer == "agrees" and (stated is None or stated.half_unit >= 0.5) else 1
    return said(
        "held-percent", who=who, **counts, percent=f"{'+' if held.percent > 0 else ''}{number(held.percent, decimals)}%"
    )


def form_words(form: Form) -> str:
    """Return the sentence on a stated figure that is no count."""
    values = {"stated": form.stated, "held": form.held, **form.values}
    if form.answer in {"outside", "not-judged"}:
        return f"{_capital(said(f'form-{form.answer}', **values))}."
    if form.kind == "rank":
        first, last = form.values["first"], form.values["last"]
        text = said("rank", **values)
        text = text if first == last else said("rank-open", text=text, places=f"{first} to {last}")
        return f"{_capital(text)}."
    if form.kind == "record":
        agrees = form.answer == "agrees"
        beyond = "more" if form.stated == "highest" else "fewer"
        text = said("record-agrees" if agrees else "record-differs", extreme=form.stated, beyond=beyond, **form.values)
        if agrees and form.values["shorter"]:
            text = said("record-broken" if form.values["broken"] else "record-shorter", text=text, **form.values)
        return f"{_capital(text)}."
    return f"{_capital(said(form.kind, **values))}."


def whose(found: Elsewhere) -> str:
    """Return what a number is the figure of."""
    values = {"period": found.period.words, "area": found.area.article + found.area.name, "noun": found.offence.noun}
    what = said(found.kind, **values)
    return what if found.value == found.stated else said("nearly", what=what, value=number(found.value))


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


# --- the fair sentence -------------------------------------------------------------------------------------------------


def _fair(judgement: Judgement) -> Iterator[str]:
    """Give the sentences of the fair statement, the one that must stand first."""
    claim, pair = judgement.claim, judgement.restated
    if claim.kind == "forecast":
        yield said("nothing-forecast")
        return
    if pair is None:
        yield _nothing(judgement)
        return
    current, base = pair.current, pair.baseline
    police = current.area.police
    values = {"police": police, "counted": claim.counted_as.count(current.offences or 0), "when": current.period.words}
    if base is None:
        yield f"{said('counts', **values)}."
    else:
        then = _base_words(base.period, current.period)
        yield f"{said('counts-and-base', **values, base=number(base.offences), then=then)}{_gap(pair)}."
    yield from _reading(pair)
    if claim.offence.part_of:
        yield sentence("whole-only", label=claim.counted_as.label, noun=claim.offence.noun)


def _gap(pair: Pair) -> str:
    """Return the difference between two counts that may be compared, after a colon."""
    change, base = pair.change, pair.baseline
    if change is None or pair.answer not in {"yes", "with-care"} or base is None:
        return ""
    if not change.difference:
        return f": {said('gap-none')}"
    percent = "" if change.percent is None else f" ({number(abs(change.percent))}%)"
    return f": {said('gap', gap=number(abs(change.difference)), more='more' if change.difference > 0 else 'fewer', percent=percent)}"


def _reading(pair: Pair) -> Iterator[str]:
    """Give what may not be concluded, or what the change shows."""
    if pair.baseline is None:
        if pair.codes & set(CHANGED):
            yield said("two-definitions-fairly")
        return
    weight = {"no": "forbids", "with-care": "care"}.get(pair.answer or "", "")
    why = [caveat.short for caveat in pair.caveats if caveat.weight == weight]
    if pair.answer == "no":
        yield said("then-not-comparable", why=why[0])
    elif pair.answer == "not-known":
        yield said("then-not-known")
    elif why:
        yield said("then-care", why=why[0])
    change = pair.change
    if pair.answer in {"yes", "with-care"} and change and change.reading:
        yield f"{sentence('usual' if change.reading == 'within-usual' else 'beyond')}."


def _base_words(base: Period, current: Period) -> str:
    if base == current.year_before:
        return (
            "the year before"
            if current.months == 12
            else said("same-months", year=base.first.year)
            if base.first.year == base.last.year
            else base.words
        )
    return base.words


def _nothing(judgement: Judgement) -> str:
    """Return what the tables hold instead of nothing."""
    claim = judgement.claim
    if claim.area.within:
        return said("nothing-town", place=claim.area.name, force=claim.area.within)
    if claim.area.area is None:
        return said("nothing-uk", place=claim.area.name)
    if judgement.reach is None:
        return said("nothing-offence", noun=claim.offence.noun, place=claim.area.name)
    if claim.current is None:
        return said("nothing-count")
    values = {"noun": claim.counted_as.noun, "place": claim.area.name, "months": claim.current.period.words}
    return said("nothing-months", **values, reach=judgement.reach.words)
