"""The rules by which a claim is judged: each code of a finding is one function, in the order of their gravity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analysis.claims import arithmetic, spans
from analysis.claims.figures import (
    NATIONAL,
    STANDINGS,
    WITHOUT_RAILWAYS,
    Figure,
    grouped,
    was_out,
    with_article,
)
from analysis.claims.models import Claim, joined
from analysis.comparison import SMALL
from analysis.terms import forces
from analysis.terms.findings import Finding
from analysis.terms.numbers import number
from analysis.terms.periods import Period


@dataclass(frozen=True)
class Case:
    """A claim with what the releases give.

    Attributes
    ----------
    claim
        What was stated.
    readings
        The stated figures with those of the releases, once for each way in which the area may be meant.
    """

    claim: Claim
    readings: tuple[tuple[Figure, ...], ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures in the reading that stands best to the releases; the first where two stand alike."""
        return max(self.readings, key=self._worst) if self.claim.can_be_matched else self.readings[0]

    @property
    def testable(self) -> tuple[Figure, ...]:
        """The stated counts that a release covers."""
        return tuple(figure for figure in self.figures if figure.is_testable)

    @property
    def standing(self) -> str | None:
        """How the stated counts stand to the releases, the worst of them; None where there is nothing to match."""
        if not self.claim.can_be_matched:
            # The tables count a whole of which this is a part: more than the whole is in no release.
            exceeds = self.claim.basis == "home-office" and any(figure.exceeds_all for figure in self.testable)
            return "not-reproduced" if exceeds else None
        return STANDINGS[self._worst(self.figures)] if self.testable else None

    def _worst(self, figures: tuple[Figure, ...]) -> int:
        return min((STANDINGS.index(f.standing) for f in figures if f.is_testable), default=-1)


@dataclass(frozen=True)
class Ruling:
    """A finding, and whether it may be the verdict or only stands beside one."""

    finding: Finding
    decides: bool


def _arithmetic(case: Case) -> Ruling | None:
    mistakes = arithmetic.mistakes(case.claim)
    return _ruling("arithmetic", " ".join(mistakes)) if mistakes else None


def _definition_change(case: Case) -> Ruling | None:
    claim, offence = case.claim, case.claim.counted_as
    changes = offence.breaks_within(*claim.periods) if claim.periods else ()
    if not changes:
        return None
    change, compares = changes[0], claim.is_comparison
    consequence = "so the two cannot be set against each other" if compares else "so the total adds up two definitions"
    return _ruling(
        "definition-change",
        f"On {change.words} the definition of code {offence.code} changed, {consequence}. Before, it held {change.before}; "
        f"since then, {change.after}.",
        decides=compares,
    )


def _unequal_periods(case: Case) -> Ruling | None:
    current, baseline = case.claim.current, case.claim.baseline
    if current is None or baseline is None or current.period.months == baseline.period.months:
        return None
    return _ruling(
        "unequal-periods",
        f"{_length(current.period)}, {_length(baseline.period)}: counts of unequal spans cannot be set against each other as they stand.",
    )


def _source_mismatch(case: Case) -> Ruling | None:
    if case.claim.basis != "foi":
        return None
    exceeding = [figure for figure in case.testable if figure.exceeds_all]
    sentences = [
        "The figures are of another collection than the recorded crime tables: answers to freedom-of-information "
        f"requests, from the forces that answered and on the day that they did{_counts_a_part(case.claim)}.",
        *_set_beside(case),
        *(_exceeds(case, figure) for figure in exceeding),
    ]
    return _ruling("source-mismatch", " ".join(sentences), decides=bool(exceeding))


def _mislabelled_period(case: Case) -> Ruling | None:
    sentences = []
    for stated in (case.claim.current, case.claim.baseline):
        if stated is None or stated.described_as is None:
            continue
        named = spans.misnamed(stated.described_as, stated.period)
        if named is not None:
            sentences.append(f"{_length(stated.period)}; “{stated.described_as}” names {named.words}.")
    return _ruling("mislabelled-period", " ".join(sentences)) if sentences else None


def _not_reproduced(case: Case) -> Ruling | None:
    if case.standing != "not-reproduced":
        return None
    if not case.claim.can_be_matched:
        exceeding = (figure for figure in case.testable if figure.exceeds_all)
        return _ruling("not-reproduced", " ".join(_exceeds(case, figure) for figure in exceeding))
    return _ruling("not-reproduced", " ".join([*_standings(case), *_could_be_revision(case)]))


def _undisclosed_base(case: Case) -> Ruling | None:
    claim, sentences = case.claim, []
    if claim.change is not None:
        missing = [
            f"the {name} count"
            for name, stated in (("current", claim.current), ("baseline", claim.baseline))
            if stated is None or stated.value is None
        ]
        if missing:
            sentences.append(f"A change is stated without {joined(missing)}.")
    if claim.share is not None and claim.share.base is None:
        sentences.append(f"{claim.share.percent.words('%')} is stated without the number of which it is a share.")
    return _ruling("undisclosed-base", " ".join(sentences)) if sentences else None


def _partial_coverage(case: Case) -> Ruling | None:
    coverage, area = case.claim.coverage, case.claim.area.area
    if coverage is None:
        return None
    # British Transport Police is not always asked, so that all of an area's own forces are its whole.
    exist = max(coverage.of, sum(1 for force in area.forces if force.code) if area else 0)
    if coverage.responded >= exist:
        return None
    return _ruling(
        "partial-coverage",
        f"{coverage.responded} of {exist} forces answered; what the others recorded is not in the figure.",
    )


def _outside_data(case: Case) -> Ruling | None:
    sentences = [
        f"The tables hold the {len(forces.FORCES)} forces of England and Wales, not {figure_or_claim.name}."
        for figure_or_claim in (case.claim.area, *(part.area for part in case.claim.parts))
        if figure_or_claim.area is None
    ]
    sentences += [reason for figure in case.figures if (reason := _not_covered(case, figure))]
    return _ruling("outside-data", " ".join(dict.fromkeys(sentences))) if sentences else None


def _small_base(case: Case) -> Ruling | None:
    change, baseline = case.claim.change, case.claim.baseline
    if change is None or (change.percent is None and change.times is None):
        return None
    if baseline is None or baseline.value is None or baseline.value >= SMALL:
        return None
    return _ruling(
        "small-base",
        f"The change is stated on a baseline of {baseline.value}, which is under {SMALL}: a few offences move it far. The counts say more.",
    )


def _not_checkable(case: Case) -> Ruling | None:
    tested = case.testable
    if case.standing is not None or any(figure.exceeds_all for figure in tested):
        return None
    if not tested and _outside_data(case) is not None:
        return None  # that says why
    if tested:
        return _ruling(
            "not-checkable",
            "The tables can neither confirm nor refute it: they hold no count of just what the claim counts.",
        )
    return _ruling("not-checkable", "No count is stated that the tables could confirm or refute.")


def _revised(case: Case) -> Ruling | None:
    if case.standing != "revised":
        return None
    return _ruling("revised", " ".join([*_standings(case), "To be revised is no fault of a statement."]))


def _reproduced(case: Case) -> Ruling | None:
    return _ruling("reproduced", " ".join(_standings(case))) if case.standing == "reproduced" else None


RULES: tuple[Callable[[Case], Ruling | None], ...] = (
    _arithmetic,
    _definition_change,
    _unequal_periods,
    _source_mismatch,
    _mislabelled_period,
    _not_reproduced,
    _undisclosed_base,
    _partial_coverage,
    _outside_data,
    _small_base,
    _not_checkable,
    _revised,
    _reproduced,
)


def _ruling(code: str, text: str, *, decides: bool = True) -> Ruling:
    return Ruling(Finding(code, text), decides)


def _length(period: Period) -> str:
    return f"{period.words} has {period.months} month{'s' if period.months != 1 else ''}"


def _counts_a_part(claim: Claim) -> str:
    if claim.offence.part_of is None:
        return ""
    return f"; and they count {claim.offence.noun} alone, a part of code {claim.offence.part_of}"


def _what(figure: Figure) -> str:
    """Return what tells a figure from the claim's others: the part's area, or the period."""
    return f"in {figure.place}" if figure.role == "part" else f"in {figure.period.words}"


def _set_beside(case: Case) -> list[str]:
    """Return the ratio between the two collections, for each stated count that the newest release can stand beside."""
    code = case.claim.counted_as.code
    pairs = [
        f"{number(figure.stated / figure.newest[1], 2)} {_what(figure)} ({number(figure.stated)} against {number(figure.newest[1])})"
        for figure in case.testable
        if figure.stated is not None and figure.newest[1] > 0
    ]
    if not pairs:
        return []
    newest = joined(dict.fromkeys(with_article(figure.newest[0]) for figure in case.testable))
    return [f"As a ratio to code {code} in {newest}, they are {joined(pairs)}."]


def _exceeds(case: Case, figure: Figure) -> str:
    most = max(value for _, value in figure.covering)
    whom = figure.place if figure.role == "part" else figure.period.words
    return (
        f"The {number(figure.stated)} stated for {whom} is more than any release held gives there for the whole of "
        f"code {case.claim.counted_as.code} ({number(most)} at most): the extracts differ, which does not show who is wrong."
    )


def _standings(case: Case) -> list[str]:
    """Return a sentence for each stated count that a release covers: where it stands, or what stands there instead."""
    return [_standing_words(case, i, figure) for i, figure in enumerate(case.figures) if figure.is_testable]


def _standing_words(case: Case, place: int, figure: Figure) -> str:
    newest, value = figure.newest
    lead = f"{number(figure.stated)} {_what(figure)}"
    if figure.standing == "not-reproduced":
        return f"{lead} stands in no release held: {_instead(case, place)}."
    how = _how_counted(case, place, figure)
    if figure.standing == "reproduced":
        return f"{lead} stands in {with_article(newest)}, the newest that covers the months{how}."
    older = joined(with_article(release) for release, given in figure.covering if given == figure.stated)
    return f"{lead} stands in {older}; {with_article(newest)}, the newest that covers the months, gives {number(value)}{how}."


def _instead(case: Case, place: int) -> str:
    """Return what each release gives in place of a stated count, and by how much it differs, in every reading."""
    alternatives = []
    for figure in (reading[place] for reading in case.readings if reading[place].is_testable):
        gives = joined(
            f"{names} give{'s' if ' and ' not in names else ''} {number(given)} ({_difference(given, figure.stated or 0)})"
            for given, names in grouped(figure.covering)
        )
        alternatives.append(gives + (f" {_RAILWAYS[figure.place]}" if figure.place in _RAILWAYS else ""))
    return "; ".join(dict.fromkeys(alternatives))


def _difference(given: int, stated: int) -> str:
    return f"{number(abs(given - stated))} {'more' if given > stated else 'fewer'}"


def _how_counted(case: Case, place: int, figure: Figure) -> str:
    """Return which way of counting England and Wales gives a stated count, where there are two."""
    if figure.place not in _RAILWAYS:
        return ""
    testable = (reading[place] for reading in case.readings if reading[place].is_testable)
    matching = [other for other in testable if other.standing == figure.standing]
    return f", {_RAILWAYS[figure.place]}" if len(matching) == 1 else f", {_EITHER_WAY}"


def _could_be_revision(case: Case) -> list[str]:
    """Return the sentence that revision could explain, where no release is known that the statement could have used."""
    wanting = [figure for figure in case.testable if figure.standing == "not-reproduced"]
    published = case.claim.published
    if any(was_out(release, published.earliest) for figure in wanting for release, _ in figure.covering):
        return []
    return [
        f"No release held that covers the months is known to be older than the claim ({published.words}), so a revision since then could explain it."
    ]


def _not_covered(case: Case, figure: Figure) -> str | None:
    if figure.period.cuts_quarter:
        return f"{figure.period.words} cuts a quarter of the financial year, and figures exist for whole quarters only."
    spans_held = [r.span(case.claim.counted_as.code) for r, _ in figure.given if r.kind != "context"]
    if figure.covering or (figure.area is None and any(span.covers(figure.period) for span in spans_held)):
        return None
    if not spans_held:
        return f"No release consulted holds code {case.claim.counted_as.code}."
    reach = Period(min(span.first for span in spans_held), max(span.last for span in spans_held))
    return f"No release held has every figure of {figure.place} for {figure.period.words}; figures reach from {reach.words}."


_RAILWAYS = {
    NATIONAL.name: "counted with British Transport Police",
    WITHOUT_RAILWAYS.name: "counted without British Transport Police",
}
_EITHER_WAY = "counted with or without British Transport Police"
