"""The rules by which a claim is judged: each code of a finding is one function, in the order of their gravity."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass

from analysis.claims import arithmetic, spans
from analysis.claims.figures import BROKEN, NATIONAL, WITHOUT_RAILWAYS, Case, Figure, grouped, name_of, named
from analysis.claims.models import joined
from analysis.comparison import SMALL, is_small
from analysis.terms import forces
from analysis.terms.findings import Finding
from analysis.terms.numbers import number
from analysis.terms.periods import Period

_FAR = 25  # points by which a stated change may differ from the tables' before it is a finding
_TURN = 5  # points that both exceed where they go in different directions


@dataclass(frozen=True)
class Ruling:
    """A finding, and whether it may be the verdict or only stands beside one."""

    finding: Finding
    decides: bool


def _arithmetic(case: Case) -> Ruling | None:
    mistakes = arithmetic.mistakes(case.claim, percentages=not case.codes & BROKEN)
    decides = any(not each.is_remark for each in mistakes)
    return _ruling("arithmetic", *(each.text for each in mistakes), decides=decides)


def _definition_change(case: Case) -> Ruling | None:
    is_total = not case.claim.is_comparison
    consequence = "The total adds up two definitions." if is_total else ""
    return _caveats(case, "definition-change", BROKEN, consequence, decides=not is_total)


def _unequal_periods(case: Case) -> Ruling | None:
    return _caveats(case, "unequal-periods", {"unequal-periods", "different-quarters"})


def _source_mismatch(case: Case) -> Ruling | None:
    if case.claim.basis != "foi":
        return None
    exceeding = [figure for figure in case.testable if figure.exceeds_all]
    return _ruling(
        "source-mismatch",
        "The figures are of another collection than the recorded crime tables: answers to freedom-of-information "
        f"requests, from the forces that answered and on the day that they did{_counts_a_part(case)}.",
        *_set_beside(case),
        *(_exceeds(case, figure) for figure in exceeding),
        decides=bool(exceeding),
    )


def _change_differs(case: Case) -> Ruling | None:
    stated, tables = case.stated_change, case.tables_change
    if stated is None or tables is None or case.pair is None or case.pair.baseline is None:
        return None
    turns = abs(stated) > _TURN < abs(tables) and (stated > 0) != (tables > 0)
    if not turns and abs(float(stated) - tables) < _FAR:
        return None
    current, baseline = case.pair.current, case.pair.baseline
    wider = f" of the wider code {current.offence.code}" if case.claim.offence.part_of else ""
    differ = " The two collections differ, which does not show who is wrong." if case.claim.basis == "foi" else ""
    return _ruling(
        "change-differs",
        f"The {name_of(current.release)} gives {_signed(tables)} for the same area and months: {number(current.offences)} "
        f"offences{wider} after {number(baseline.offences)}. What was stated comes to {_signed(float(stated))}.{differ}",
    )


def _launch_year(case: Case) -> Ruling | None:
    # Where a break lies between the two, the current period is the one in the launch year, and the graver is found.
    is_from_launch = case.claim.is_comparison and not case.codes & BROKEN
    return _caveats(case, "launch-year", {"first-year"}) if is_from_launch else None


def _mislabelled_period(case: Case) -> Ruling | None:
    sentences = []
    for stated in (case.claim.current, case.claim.baseline):
        if stated and stated.described_as and (span := spans.misnamed(stated.described_as, stated.period)):
            months = f"{stated.period.months} month{'s' if stated.period.months != 1 else ''}"
            sentences.append(f"{stated.period.words} has {months}; “{stated.described_as}” names {span.words}.")
    return _ruling("mislabelled-period", *sentences)


def _not_reproduced(case: Case) -> Ruling | None:
    if case.standing != "not-reproduced":
        return None
    if case.claim.can_be_matched:
        return _ruling("not-reproduced", *_standings(case), *_could_be_revision(case))
    return _ruling("not-reproduced", *(_exceeds(case, figure) for figure in case.testable if figure.exceeds_all))


def _undisclosed_base(case: Case) -> Ruling | None:
    claim, sentences = case.claim, []
    if claim.change is not None:
        counts = {"the current count": claim.value, "the baseline count": claim.base_value}
        missing = [name for name, value in counts.items() if value is None]
        if missing:
            sentences.append(f"A change is stated without {joined(missing)}.")
    if claim.share is not None and claim.share.base is None:
        sentences.append(f"{claim.share.percent.words('%')} is stated without the number of which it is a share.")
    return _ruling("undisclosed-base", *sentences)


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
        f"The tables hold the {len(forces.FORCES)} forces of England and Wales, not {place.name}."
        for place in (case.claim.area, *(part.area for part in case.claim.parts))
        if place.area is None
    ]
    sentences += [reason for figure in case.figures if (reason := _not_covered(case, figure))]
    return _ruling("outside-data", *dict.fromkeys(sentences))


def _definition_not_reviewed(case: Case) -> Ruling | None:
    is_open = case.pair is not None and case.pair.answer == "not-known"  # nothing graver answers it
    return _caveats(case, "definition-not-reviewed", {"definition-not-reviewed"}) if is_open else None


def _small_base(case: Case) -> Ruling | None:
    change, base = case.claim.change, case.claim.base_value
    if change is None or (change.percent is None and change.times is None):
        return None
    if base is None or not is_small(int(base.number)):
        return None
    return _ruling(
        "small-base",
        f"The change is stated on a baseline of {base.stated}, which is under {SMALL}: a few offences move it far. The counts say more.",
    )


def _not_checkable(case: Case) -> Ruling | None:
    tested = case.testable
    if case.standing is not None or any(figure.exceeds_all for figure in tested):
        return None
    if not tested and _outside_data(case) is not None:
        return None  # that says why
    can = "The tables can neither confirm nor refute it: they hold no count of just what the claim counts."
    return _ruling("not-checkable", can if tested else "No count is stated that the tables could confirm or refute.")


def _revised(case: Case) -> Ruling | None:
    if case.standing not in {"revised", "earlier"}:
        return None
    return _ruling("revised", *_standings(case), "To be revised is no fault of a statement.")


def _reproduced(case: Case) -> Ruling | None:
    return _ruling("reproduced", *_standings(case)) if case.standing == "reproduced" else None


RULES: tuple[Callable[[Case], Ruling | None], ...] = (
    _arithmetic,
    _definition_change,
    _unequal_periods,
    _source_mismatch,
    _change_differs,
    _launch_year,
    _mislabelled_period,
    _not_reproduced,
    _undisclosed_base,
    _partial_coverage,
    _outside_data,
    _definition_not_reviewed,
    _small_base,
    _not_checkable,
    _revised,
    _reproduced,
)


def rulings(case: Case) -> list[Ruling]:
    """Return what is found of a claim, the gravest first; what its source says itself is credited."""
    found = [ruling for rule in RULES if (ruling := rule(case))]
    credited = dict.fromkeys(case.claim.discloses, " The source says so itself.")
    return [
        Ruling(Finding(each.finding.code, each.finding.text + credited.get(each.finding.code, "")), each.decides)
        for each in found
    ]


def _caveats(case: Case, code: str, among: Set[str], more: str = "", *, decides: bool = True) -> Ruling | None:
    """Return the caveats of some codes on the stated periods as one finding."""
    said = [caveat.text for caveat in case.pair.caveats if caveat.code in among] if case.pair else []
    return _ruling(code, *said, more, decides=decides) if said else None


def _ruling(code: str, *sentences: str, decides: bool = True) -> Ruling | None:
    """Return sentences as a finding; None where there is none."""
    text = " ".join(filter(None, sentences))
    return Ruling(Finding(code, text), decides) if text else None


def _counts_a_part(case: Case) -> str:
    offence = case.claim.offence
    if offence.part_of is None or case.claim.area.area is None:  # nations beyond the tables have laws of their own
        return ""
    return f"; and they count {offence.noun} alone, a part of code {offence.part_of}"


def _what(figure: Figure) -> str:
    """Return what tells a figure from the claim's others: the part's area, or the period."""
    return f"in {figure.place}" if figure.role == "part" else f"in {figure.period.words}"


def _set_beside(case: Case) -> list[str]:
    """Return the ratio between the two collections, for each stated count that the newest release can stand beside."""
    pairs = [
        f"{number(figure.stated / figure.newest[1], 2)} {_what(figure)} ({number(figure.stated)} against {number(figure.newest[1])})"
        for figure in case.testable
        if figure.stated is not None and figure.newest[1] > 0
    ]
    if not pairs:
        return []
    newest = named(dict.fromkeys(figure.newest[0] for figure in case.testable))
    return [f"As a ratio to {case.claim.counted_as.label} in {newest}, they are {joined(pairs)}."]


def _exceeds(case: Case, figure: Figure) -> str:
    most = max(value for _, value in figure.covering)
    whom = figure.place if figure.role == "part" else figure.period.words
    return (
        f"The {_stated(figure)} stated for {whom} is more than any release held gives there for the whole of "
        f"{case.claim.counted_as.label} ({number(most)} at most): the extracts differ, which does not show who is wrong."
    )


def _standings(case: Case) -> list[str]:
    """Return a sentence for each stated count that a release covers: where it stands, or what stands there instead."""
    return [_standing_words(case, i, figure) for i, figure in enumerate(case.figures) if figure.is_testable]


def _standing_words(case: Case, place: int, figure: Figure) -> str:
    newest, value = figure.newest
    lead = f"{_stated(figure)} {_what(figure)}"
    if figure.standing == "not-reproduced":
        return f"{lead} stands in no release held: {_instead(case, place)}."
    if figure.standing == "earlier":
        published = joined(f"{number(e.value)} in {e.period.words} ({e.source})" for e in figure.earlier)
        rest = f" with {number(figure.rest)} in the other months" if figure.rest else ""
        return f"{lead} is what figures published earlier come to: {published}{rest}; {named([newest])} gives {number(value)}."
    testable = (reading[place] for reading in case.readings if reading[place].is_testable)
    counted = _counted([other.place for other in testable if other.standing == figure.standing])
    how = f",{counted}" if counted else ""
    stands = "stands in" if not figure.amount or not figure.amount.bound else f"holds, with {number(value)}, in"
    if figure.standing == "reproduced":
        return f"{lead} {stands} {named([newest])}, the newest that covers the months{how}."
    older = named(figure.matching)
    return (
        f"{lead} stands in {older}; {named([newest])}, the newest that covers the months, gives {number(value)}{how}."
    )


def _instead(case: Case, place: int) -> str:
    """Return what each release gives in place of a stated count, and by how much it differs, in every reading."""
    stated, ways = case.figures[place].stated or 0, dict[str, list[str]]()
    for figure in (reading[place] for reading in case.readings if reading[place].is_testable):
        gives = joined(
            f"{named(releases)} give{'s' if len(releases) == 1 else ''} {number(given)} "
            f"({number(abs(given - stated))} {'more' if given > stated else 'fewer'})"
            for given, releases in grouped(figure.covering)
        )
        ways.setdefault(gives, []).append(figure.place)
    return "; ".join(gives + _counted(places) for gives, places in ways.items())


def _counted(places: list[str]) -> str:
    """Return how an area was where there are two ways."""
    return {
        (NATIONAL.name,): " counted with British Transport Police",
        (WITHOUT_RAILWAYS.name,): " counted without British Transport Police",
        (NATIONAL.name, WITHOUT_RAILWAYS.name): " counted with or without British Transport Police",
    }.get(tuple(places), "")


def _stated(figure: Figure) -> str:
    return figure.amount.stated if figure.amount else number(None)


def _signed(percent: float) -> str:
    return f"{'+' if percent > 0 else ''}{number(percent)}%"


def _could_be_revision(case: Case) -> list[str]:
    """Return the sentence that revision could explain, where no release is known that the statement could have used."""
    published = case.claim.published
    wanting = (figure.covering for figure in case.testable if figure.standing == "not-reproduced")
    known_by = (release.released or release.known_by for covering in wanting for release, _ in covering)
    if any(day <= published.earliest for day in known_by if day):
        return []
    return [
        f"No release held that covers the months is known to be older than the claim ({published.words}), so a revision since then could explain it."
    ]


def _not_covered(case: Case, figure: Figure) -> str | None:
    if figure.period.cuts_quarter:
        return f"{figure.period.words} cuts a quarter of the financial year, and figures exist for whole quarters only."
    code = case.claim.counted_as.code
    spans_counted = [span for r, _ in figure.given if r.kind != "context" and (span := r.counted(code))]
    if figure.covering or (figure.area is None and any(span.covers(figure.period) for span in spans_counted)):
        return None
    if not spans_counted:
        return f"No release consulted holds {case.claim.counted_as.label}."
    reach = Period(min(span.first for span in spans_counted), max(span.last for span in spans_counted))
    return f"No release held has every figure of {figure.place} for {figure.period.words}; figures reach from {reach.words}."
