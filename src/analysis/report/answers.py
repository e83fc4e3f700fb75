"""What is said of a published claim: whether its figures are right and its comparison is fair, and how to put it fairly."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.claims.figures import BROKEN, NATIONAL, Figure, grouped, named
from analysis.claims.models import Claim
from analysis.claims.verdicts import Judgement
from analysis.comparison import Count, Pair
from analysis.report.sentences import change_sentence, percent_words
from analysis.report.view import say, words
from analysis.terms.numbers import joined, number
from analysis.terms.periods import Period

_NEAR = 0.01  # share of the newest figure by which a stated one may differ and still be said to be near it
_MOST = 3  # figures that one sentence gives
_WELL = {"found", "near", "other-near", "near-earlier", "revised", "earlier-figure"}
_CREDIT = " (as the source says itself)"
# What a caveat of a comparison is called among the findings on a claim.
_FINDINGS = dict.fromkeys(BROKEN, "definition-change")
_FINDINGS |= {"first-year": "launch-year", "different-quarters": "unequal-periods"}


def answer(judgement: Judgement) -> str:
    """Return whether the stated figures are right and the comparison is fair, in one sentence that can be printed.

    Examples
    --------
    >>> from analysis.claims import judge, shipped
    >>> print(answer(judge(shipped()[5])))
    The figure is what had been published by then, and has been revised since, but it adds up two definitions (as the source says itself).
    """
    state = _state(judgement)
    figures, compared = _figures(judgement, state), _compared(judgement)
    if any(finding.code == "arithmetic" and finding.decides for finding in judgement.findings):
        figures = f"{words('claims.claim-figures')['arithmetic']}; {figures[0].lower()}{figures[1:]}"
    if not compared:
        return f"{figures}."
    turn = "and" if (state in _WELL) is (judgement.answers["comparison"] == "fair") else "but"
    return f"{figures}, {turn} {compared}{_change(judgement)}."


def fairly_put(judgement: Judgement) -> str | None:
    """Return what may fairly be said in place of a claim, with the reading of the change; None where the tables cannot say it.

    Examples
    --------
    >>> from analysis.claims import judge, shipped
    >>> print(fairly_put(judge(shipped()[0])))
    Northamptonshire Police recorded 32 child grooming offences in April to December 2017 (33 in a copy made before August 2019) and 4 in the same months of 2016. The offences counted changed in April 2017, so the two are not comparable.
    """
    restated = judgement.restatement
    if restated is None:
        return None
    pair, area = restated.pair, restated.pair.current.area
    recorders = area.police + (", British Transport Police among them," if area == NATIONAL else "")
    counts = [f"{recorders} recorded {judgement.claim.counted_as.count(pair.current.offences or 0)}"]
    counts += [number(pair.baseline.offences)] if pair.baseline else []
    whens = [pair.current.period.words, _base_words(restated.figures[-1].period, pair.current.period)]
    told = [
        f"{counted} in {when}{_aside(figure, count)}"
        for counted, when, figure, count in zip(counts, whens, restated.figures, pair.counts, strict=False)
    ]
    said = [f"{' and '.join(told)}.", change_sentence(pair), *_reservations(judgement.claim, pair)]
    return " ".join(filter(None, said))


def _state(judgement: Judgement) -> str:
    """Return how the stated figures stand: the answer on them, or how near they come where it is that they are not found."""
    found, claim = judgement.answers["figure"], judgement.claim
    tested = [figure for figure in judgement.meant if figure.is_testable]
    wanting = [figure for figure in tested if figure.standing == "not-reproduced" or not claim.can_be_matched]
    if wanting and claim.offence.part_of is None:
        if all(_is_near(figure, figure.newest[1]) for figure in wanting):
            return {"not-found": "near", "other-collection": "other-near"}.get(found, found)
        if found == "not-found" and all(_is_near(figure, figure.as_published) for figure in wanting):
            return "near-earlier"
    return "other-more" if found == "other-collection" and any(figure.exceeds_all for figure in tested) else found


def _is_near(figure: Figure, given: int | None) -> bool:
    return given is not None and figure.stated is not None and abs(figure.stated - given) <= _NEAR * given


def _figures(judgement: Judgement, state: str) -> str:
    stated = [figure for figure in judgement.meant if figure.amount]
    tested = [figure for figure in stated if figure.is_testable]
    standing = {"revised": "revised", "earlier-figure": "earlier", "not-found": "not-reproduced"}.get(state)
    told = [figure for figure in tested if figure.standing == standing] or tested
    one = len(told if standing else stated) == 1
    who = "The figure" if len(stated) == 1 else "One of the figures" if one else "The figures"
    given = [f"{number(figure.newest[1])} for {figure.amount.stated}" for figure in told if figure.amount]
    if len(given) > _MOST:
        given = [f"others for {len(given)} of {len(stated)}"]
    more = sum(figure.exceeds_all for figure in tested)
    exceeding = "it is" if len(stated) == 1 else "one of them is" if more == 1 else "some of them are"
    verbs = {"be": "is", "have": "has"} if one else {"be": "are", "have": "have"}
    return words("claims.claim-figures")[state].format(
        who=who, given=joined(given or [""]), exceeding=exceeding, **verbs
    )


def _compared(judgement: Judgement) -> str:
    """Return whether the comparison is fair, with what speaks against it; of a total, that it adds up two definitions."""
    found, discloses = judgement.answers["comparison"], judgement.claim.discloses
    if found == "none":
        adds_up = any(finding.code == "definition-change" for finding in judgement.findings)
        return f"it adds up two definitions{_CREDIT * ('definition-change' in discloses)}" if adds_up else ""
    if found == "not-known" and judgement.claim.baseline is None:
        found = "no-baseline"
    weight = {"unfair": "forbids", "with-care": "care"}.get(found)
    caveats = [caveat for caveat in judgement.pair.caveats if caveat.weight == weight] if judgement.pair else []
    reasons = {caveat.short: _FINDINGS.get(caveat.code, caveat.code) in discloses for caveat in caveats}
    why = joined(f"{reason}{_CREDIT * is_credited}" for reason, is_credited in reasons.items()) if reasons else ""
    return f"{words('claims.claim-comparisons')[found]}{f': {why}' if why else ''}"


def _change(judgement: Judgement) -> str:
    """Return what the tables say of the change, in a few words after the answer; nothing where no change may be given."""
    change = judgement.pair.change if judgement.pair and judgement.claim.area.area else None
    if change is None or change.reading is None:
        return ""
    if change.reading == "within-usual":
        return "; the tables’ figures cannot tell a rise from a fall"
    if change.percent is None:
        return f"; the tables show a {'rise' if change.reading == 'more' else 'fall'}"
    return f"; the tables give {percent_words(change.percent)}"


def _aside(figure: Figure, shown: Count) -> str:
    """Return what a reader must know beside a count: that it is provisional, and what other releases give."""
    notes = ["provisional"] if shown.is_provisional and shown.release.kind == "full" else []
    others = [(release, value) for release, value in figure.covering if value != shown.offences]
    notes += [f"{number(value)} in {named(releases)}" for value, releases in grouped(others)]
    return f" ({', '.join(notes)})" if notes else ""


def _base_words(base: Period, current: Period) -> str:
    is_year_before = base == current.year_before and base.first.year == base.last.year
    return f"the same months of {base.first.year}" if is_year_before else base.words


def _reservations(claim: Claim, pair: Pair) -> Iterator[str]:
    """Give how the counts may be read, and what may not be concluded."""
    if pair.codes & BROKEN:
        when = f" in {pair.breaks[0].month.words}" if pair.breaks else ""
        consequence = "the two are not comparable" if pair.baseline else "the total adds up two definitions"
        yield f"The offences counted changed{when}, so {consequence}."
    elif "first-year" in pair.codes:
        yield say("claims.fairly-first-year")
    elif pair.answer == "not-known":
        yield say("claims.fairly-not-known")
    if claim.offence.part_of:
        yield f"These are all offences of {claim.counted_as.label}; the tables do not show {claim.offence.noun} apart."
