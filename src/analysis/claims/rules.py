"""The rules by which a claim is judged: each code of a finding is one function, in the order of their gravity."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass

from analysis.claims import arithmetic, spans
from analysis.claims.figures import BROKEN, NATIONAL, WITHOUT_RAILWAYS, Case, Figure, grouped, name_of, named, value
from analysis.comparison import SMALL, is_small
from analysis.figures.register import Release
from analysis.terms import areas
from analysis.terms.findings import Finding
from analysis.terms.numbers import joined, number
from analysis.terms.periods import Period

_FAR = 25  # points by which a stated change may differ from the tables' before it is a finding
_TURN = 5  # points that both exceed where they go in different directions
_FURTHEST = 3  # times as many, or as few, from which no revision explains a difference
_FEW = 12  # forces of an area up to which another list of them that gives the count is hardly chance
_SAID = "\0"  # in a sentence, where the counts go of which it is said: no text of a claim holds it
_LEFT_OUT = ("British Transport Police", "City of London")  # often, of a region
CREDIT = "The source says so itself."


@dataclass(frozen=True)
class Found(Finding):
    """A finding on a claim, with its sentences, which may be said of several claims, and whether it may be the verdict."""

    sentences: tuple[str, ...] = ()
    decides: bool = True


def _arithmetic(case: Case) -> Iterator[str]:
    yield from (mistake.text for mistake in _mistakes(case))


def _definition_change(case: Case) -> Iterator[str]:
    told = _caveats(case, BROKEN)
    yield from told
    if told and not case.claim.is_comparison:
        yield "The total adds up two definitions."


def _unequal_periods(case: Case) -> Iterator[str]:
    yield from _caveats(case, {"unequal-periods", "different-quarters"})


def _source_mismatch(case: Case) -> Iterator[str]:
    if case.claim.basis != "foi":
        return
    yield "The figures are of another collection than the recorded crime tables: answers to freedom-of-information requests, from the forces that answered and on the day that they did."
    offence = case.claim.offence
    if offence.part_of and case.claim.area.area:  # nations beyond the tables have laws of their own
        yield f"They count {offence.noun} alone, a part of code {offence.part_of}."
    yield from _set_beside(case)
    yield from _exceeding(case)


def _change_differs(case: Case) -> Iterator[str]:
    stated, tables = case.stated_change, case.tables_change
    if stated is None or tables is None or case.pair is None or case.pair.baseline is None:
        return
    turns = abs(stated) > _TURN < abs(tables) and (stated > 0) != (tables > 0)
    if not turns and abs(float(stated) - tables) < _FAR:
        return
    current, baseline = case.pair.current, case.pair.baseline
    wider = f" of the wider code {current.offence.code}" if case.claim.offence.part_of else ""
    yield (
        f"The {name_of(current.release)} gives {_signed(tables)} for the same area and months: {number(current.offences)} "
        f"offences{wider} after {number(baseline.offences)}. What was stated comes to {_signed(float(stated))}."
    )
    if case.claim.basis == "foi":
        yield "The two collections differ, which does not show who is wrong."


def _launch_year(case: Case) -> Iterator[str]:
    # Where a break lies between the two, the current period is the one in the launch year, and the graver is found.
    if case.claim.is_comparison and not case.codes & BROKEN:
        yield from _caveats(case, {"first-year"})


def _mislabelled_period(case: Case) -> Iterator[str]:
    for stated in (case.claim.current, case.claim.baseline):
        if stated and stated.described_as and (span := spans.misnamed(stated.described_as, stated.period)):
            months = f"{stated.period.months} month{'s' if stated.period.months != 1 else ''}"
            yield f"{stated.period.words} has {months}; “{stated.described_as}” names {span.words}."


def _not_reproduced(case: Case) -> Iterator[str]:
    if case.standing == "not-reproduced" and not case.claim.can_be_matched:
        yield from _exceeding(case)
    elif case.standing == "not-reproduced":
        yield from [*_standings(case), *_other_forces(case), *_could_be_revision(case)]


def _undisclosed_base(case: Case) -> Iterator[str]:
    claim = case.claim
    counts = {"the current count": claim.value, "the baseline count": claim.base_value}
    missing = [name for name, value in counts.items() if value is None]
    if claim.change is not None and missing:
        yield f"A change is stated without {joined(missing)}."
    if claim.share is not None and claim.share.base is None:
        yield f"{claim.share.percent.words('%')} is stated without the number of which it is a share."


def _partial_coverage(case: Case) -> Iterator[str]:
    coverage, area = case.claim.coverage, case.claim.area.area
    if coverage is None:
        return
    # British Transport Police is not always asked, so that all of an area's own forces are its whole.
    exist = max(coverage.of, sum(1 for force in area.forces if force.code) if area else 0)
    if coverage.responded < exist:
        yield f"{coverage.responded} of {exist} forces answered; what the other{'s' * (exist - coverage.responded > 1)} recorded is not in the figure."


def _outside_data(case: Case) -> Iterator[str]:
    for place in (case.claim.area, *(part.area for part in case.claim.parts)):
        if place.area is None:
            yield f"The tables hold the {len(areas.FORCES)} forces of England and Wales, not {place.name}."
    yield from _not_covered(case)


def _definition_not_reviewed(case: Case) -> Iterator[str]:
    if case.pair is not None and case.pair.answer == "not-known":  # nothing graver answers it
        yield from _caveats(case, {"definition-not-reviewed"})


def _small_base(case: Case) -> Iterator[str]:
    change, base = case.claim.change, case.claim.base_value
    if change and (change.percent or change.times) and base and is_small(int(base.number)):
        yield f"The change is stated on a baseline of {base.stated}, which is under {SMALL}: a few offences move it far. The counts say more."


def _not_checkable(case: Case) -> Iterator[str]:
    if case.standing is not None or any(figure.exceeds_all for figure in case.testable):
        return
    if case.testable:
        yield "The tables can neither confirm nor refute it: they hold no count of just what the claim counts."
    elif not any(_outside_data(case)):  # which says why
        yield "No count is stated that the tables could confirm or refute."


def _revised(case: Case) -> Iterator[str]:
    if case.standing in {"revised", "earlier"}:
        yield from [*_standings(case), "To be revised is no fault of a statement."]


def _reproduced(case: Case) -> Iterator[str]:
    if case.standing == "reproduced":
        yield from _standings(case)


# Each gives the sentences of a finding, whose code is its name.
RULES: tuple[Callable[[Case], Iterator[str]], ...] = (
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


def findings(case: Case) -> list[Found]:
    """Return what is found of a claim, the gravest first; what its source says itself is credited."""
    found = []
    for rule in RULES:
        code = rule.__name__.strip("_").replace("_", "-")
        if said := list(rule(case)):
            said += [CREDIT] if code in case.claim.discloses else []
            found.append(Found(code, " ".join(said), tuple(said), _decides(case, code)))
    return found


def _decides(case: Case, code: str) -> bool:
    """Say whether what was found may be the verdict: not of a total, nor where nothing but its rounding is wrong."""
    if code == "arithmetic":
        return any(not mistake.is_remark for mistake in _mistakes(case))
    if code == "definition-change":
        return case.claim.is_comparison
    return code != "source-mismatch" or any(_exceeding(case))


def _mistakes(case: Case) -> list[arithmetic.Mistake]:
    return arithmetic.mistakes(case.claim, percentages=not case.codes & BROKEN)


def _caveats(case: Case, among: Set[str]) -> list[str]:
    """Return what the caveats of some codes say of the stated periods."""
    return [caveat.text for caveat in case.pair.caveats if caveat.code in among] if case.pair else []


def _what(figure: Figure) -> str:
    """Return what tells a figure from the claim's others: the part's area, or the period."""
    return f"in {figure.place}" if figure.role == "part" else f"in {figure.period.words}"


def _set_beside(case: Case) -> Iterator[str]:
    """Give the ratio between the two collections, for each stated count that the newest release can stand beside."""
    pairs = [
        f"{number(f.stated / f.newest[1], 2)} {_what(f)} ({number(f.stated)} against {number(f.newest[1])})"
        for f in case.testable
        if f.stated is not None and f.newest[1] > 0
    ]
    if pairs:
        newest = dict.fromkeys(figure.newest[0] for figure in case.testable)
        yield f"As a ratio to {case.claim.counted_as.label} in {named(newest)}, they are {joined(pairs)}."


def _exceeding(case: Case) -> Iterator[str]:
    """Give the sentence on the stated counts that are more than any release gives for the whole, if there are some."""
    figures = [figure for figure in case.testable if figure.exceeds_all]
    if not figures:
        return
    told = joined(f"the {f.words} stated for {f.place if f.role == 'part' else f.period.words}" for f in figures)
    most = joined(number(max(value for _, value in figure.covering)) for figure in figures)
    yield _sentence(
        f"{told} {'are' if figures[1:] else 'is'} more than any release held gives there for the whole of "
        f"{case.claim.counted_as.label} ({most} at most): the extracts differ, which does not show who is wrong."
    )


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def _standings(case: Case) -> list[str]:
    """Return which release gives the stated counts that one covers, or what it gives instead: like with like in one sentence."""
    said: dict[str, list[str]] = {}
    for i, figure in enumerate(case.meant):
        if figure.is_testable:
            said.setdefault(_standing(case, i, figure), []).append(f"{figure.words} {_what(figure)}")
    return [_sentence(sentence.replace(_SAID, joined(counts))) for sentence, counts in said.items()]


def _standing(case: Case, place: int, figure: Figure) -> str:
    """Return the sentence on a stated count, with a place for it and those of which the same is said."""
    newest, now = named(figure.newest[:1]), number(figure.newest[1])
    if figure.standing == "not-reproduced":
        return f"for {_SAID} {_instead(case, place)}."
    if figure.standing == "earlier":
        return f"figures published earlier explain {_SAID}: {_published(figure)}; {newest} gives {now}."
    testable = (reading[place] for reading in case.readings if reading[place].is_testable)
    counted = _counted([other.place for other in testable if other.standing == figure.standing])
    how = f",{counted}" if counted else ""
    if figure.standing == "revised":
        return f"{_give(figure.matching)} {_SAID}; {newest}, the newest that covers the months, gives {now}{how}."
    gives = f"{newest}, the newest that covers the months, gives"
    return f"{gives} {now}{how}, which agrees with {_SAID}." if figure.bound else f"{gives} {_SAID}{how}."


def _instead(case: Case, place: int) -> str:
    """Return what each release gives in place of a stated count, and by how much it differs, in every reading."""
    meant, ways = case.meant[place], dict[str, list[str]]()
    for figure in (reading[place] for reading in case.readings if reading[place].is_testable):
        gives = joined(f"{_give(by)} {_off(given, figure)}" for given, by in grouped(figure.covering))
        ways.setdefault(gives, []).append(figure.place)
    told = [gives + _counted(places) for gives, places in ways.items()]
    if meant.as_published is not None:
        told.append(f"figures published earlier come to {_off(meant.as_published, meant)}, {_published(meant)}")
    return "; ".join(told)


def _give(releases: Sequence[Release]) -> str:
    return f"{named(releases)} give{'s' if len(releases) == 1 else ''}"


def _off(given: int, figure: Figure) -> str:
    """Return a number given in place of a stated count, and by how much it differs where the count is no bound."""
    if figure.stated is None or figure.bound:
        return number(given)
    return f"{number(given)} ({number(abs(given - figure.stated))} {'more' if given > figure.stated else 'fewer'})"


def _published(figure: Figure) -> str:
    """Return what was published earlier of a figure, and what was taken for the other months."""
    published = joined(f"{number(e.value)} in {e.period.words} ({e.source})" for e in figure.earlier)
    return published + (f", with {number(figure.rest)} in the other months" if figure.rest else "")


def _counted(places: list[str]) -> str:
    """Return how an area was where there are two ways."""
    return {
        (NATIONAL.name,): " counted with British Transport Police",
        (WITHOUT_RAILWAYS.name,): " counted without British Transport Police",
        (NATIONAL.name, WITHOUT_RAILWAYS.name): " counted with or without British Transport Police",
    }.get(tuple(places), "")


def _signed(percent: float) -> str:
    return f"{'+' if percent > 0 else ''}{number(percent)}%"


def _other_forces(case: Case) -> Iterator[str]:
    """Give other lists of forces that give a count where their own does not: without one, or with those often left out."""
    code, coverage = case.claim.counted_as.code, case.claim.coverage
    most = len(areas.FORCES) if coverage and coverage.of - coverage.responded == 1 else _FEW
    for figure in case.testable:
        members = figure.area.forces if figure.area else ()
        if figure.standing != "not-reproduced" or figure.bound or not 1 < len(members) <= most:
            continue
        lists = {f"without {each.name}": tuple(f for f in members if f != each) for each in members}
        lists |= {f"with {name}": (*members, each) for name in _LEFT_OUT if (each := areas.find(name)) not in members}
        for how, those in lists.items():
            area = areas.Area(how, those)
            giving = [r for r, _ in figure.covering if value(area, code, r, figure.period) == figure.stated]
            if giving:
                yield f"{figure.words} is what {_give(giving)} {how}, which may be chance."


def _could_be_revision(case: Case) -> Iterator[str]:
    """Give the sentence that revision could explain, where no release is known that the statement could have used."""
    wanting = [figure for figure in case.testable if figure.standing == "not-reproduced"]
    known_by = (release.released or release.known_by for figure in wanting for release, _ in figure.covering)
    if not (any(day <= case.claim.published.earliest for day in known_by if day) or any(map(_is_far, wanting))):
        yield "No release held that covers the months is known to be older than the claim, so a revision since then could explain it."


def _is_far(figure: Figure) -> bool:
    pairs = (sorted((figure.stated or 0, given)) for _, given in figure.covering)
    return all(more > _FURTHEST * fewer for fewer, more in pairs)


def _not_covered(case: Case) -> Iterator[str]:
    """Give the reason why a stated figure is not covered: once for the figures of one area."""
    code = case.claim.counted_as.code
    releases = {r.id: r for figure in case.meant for r, _ in figure.given if r.kind != "context"}
    spans = [span for release in releases.values() if (span := release.counted(code))]
    missing: dict[str, list[str]] = {}
    for figure in case.meant:
        if figure.period.cuts_quarter:
            yield f"{figure.period.words} cuts a quarter of the financial year, and figures exist for whole quarters only."
        elif not (figure.covering or (figure.area is None and any(span.covers(figure.period) for span in spans))):
            missing.setdefault(figure.place, []).append(figure.period.words)
    if missing and not spans:
        yield f"No release consulted holds {case.claim.counted_as.label}."
        return
    for place, words in missing.items():
        reach = Period(min(span.first for span in spans), max(span.last for span in spans))
        months = joined(dict.fromkeys(words), "or")
        yield f"No release held has every figure of {place} for {months}; figures reach from {reach.words}."
