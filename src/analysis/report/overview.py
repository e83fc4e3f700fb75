"""The report of an area on all of its offences: what stands out, what is known of its recording, and its figures."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
from markupsafe import Markup

from analysis.comparison import CHANCE, Change, Comparison, Pair, matrix, population
from analysis.report import addresses, view
from analysis.report.sentences import percent_words
from analysis.report.tables import by_force
from analysis.report.view import NOTHING, View, html, items, prose, rows_of, say, stack, table
from analysis.terms import areas, breaks
from analysis.terms.areas import Area
from analysis.terms.findings import WEIGHTS
from analysis.terms.numbers import interval, joined, number

ALIKE = 5  # forces nearest in residents


def findings(comparison: Comparison) -> View:
    """Return what stands out among the area's reviewed offences, or that nothing does; and which of them may be compared."""
    pairs = [pair for pair in comparison.reviewed if pair.baseline]
    read = [(pair, pair.change) for pair in pairs if pair.change and pair.change.reading]
    changed = [(pair, change) for pair, change in read if change.reading != "within-usual"]
    police = comparison.area.the_police
    lead = view.counted("overview.stands-out", len(changed), police=police, offences=len(read))
    first = prose(lead if read else say("overview.stands-out.unread", police=police), kind="lead")
    if not pairs:
        return stack(first, prose(say("overview.no-baseline")))
    names = {answer: [pair.offence.name for pair in pairs if pair.answer == answer] for answer in WEIGHTS.values()}
    care = len(names["with-care"])
    compared = len(names["yes"]) + care
    others = [say(f"overview.not-compared.{each}", names=names[each]) for each in ("no", "not-known") if names[each]]
    others += [say("overview.unread", count=compared - len(read))] if compared > len(read) else []
    others += [say("overview.by-chance", expected=max(1, CHANCE * len(read)))] if read else []
    second = prose(say("overview.compared", of=comparison, compared=compared, whole=len(pairs), care=care))
    return stack(first, second, items(*(_named(*each) for each in changed), kind="stands-out"), prose(" ".join(others)))


def recording(comparison: Comparison) -> View:
    """Return what the register of breaks says of the area alone, and how many quarters it did not supply."""
    area, release = comparison.area, comparison.release
    several = len(area.forces) > 1
    lines = []
    for each in breaks.register().entries:
        if set(each.forces) & set(area.names) and len(each.forces) > several:
            is_named = len(each.forces) == 1 or all(name in each.what for name in each.forces)
            when = each.when if is_named else f"{joined(each.forces)}, {each.when}"
            lines.append(html("page_part", f"breaks#break-{each.id}", when, each.what))
    every = [(release.span(pair.offence.code), matrix(pair.offence.code, release)) for pair in comparison.reviewed]
    held = [counts.loc[counts.index.isin(span.quarters), area.names].isna() for span, counts in every]
    missing = sum(int(each.to_numpy().sum()) for each in held)
    gaps = say("overview.gaps" if missing else "overview.no-gaps", count=missing, quarters=sum(map(np.size, held)))
    known = say("overview.recording" if lines else "overview.recording-none", area=area.called)
    return stack(prose(gaps, known), items(*lines, kind="recording"))


def inspections(comparison: Comparison) -> View:
    """Return which share of the crimes reported to an area's police inspectors found recorded, and of those of the nation."""
    area, nation = comparison.area.name, areas.ENGLAND_AND_WALES.name
    found = [each for name in dict.fromkeys([area, nation]) for each in breaks.inspections(name)]
    named = [{"month": str(each.month), "recorded_percent": each.percent, "source": each.address} for each in found]
    rows = [each._asdict() | others for each, others in zip(found, named, strict=True)]
    frame = rows_of(("area", "kind", "month", "recorded_percent", "within", "grade", "source"), rows)

    def share(percent: float, within: float | None) -> str:
        ends = "" if within is None else f" ({interval(percent - within, min(100.0, percent + within))})"
        return f"{number(percent, 1)}%{ends}"

    cells: dict[str, Any] = {
        "month": [html("link", each.address, each.month.words) for each in found],
        "recorded_percent": [share(each.percent, each.within) for each in found],
        "grade": [each.grade or say("overview.no-grade") for each in found],
    }
    shown = table(frame, "overview.inspections", cells=cells, name="inspections", area=area)
    link = html("page", f"{addresses.METHODS}#how-often-the-intervals-hold", say("overview.ranges-held"))
    return stack(prose(link, say("overview.inspections")), shown)


def alike(comparison: Comparison) -> View:
    """Return links to the forces nearest in residents, by name; nothing for several forces, or where nobody lives."""
    own, *others = comparison.area.forces
    period = comparison.current.period
    held = {each: population.residents_for(Area.of(each), period, band="all") for each in areas.FORCES}
    people = {force: found.people for force, found in held.items() if found}
    if others or own not in people:
        return NOTHING
    nearest = sorted(people, key=lambda each: abs(math.log(people[each] / people[own])))[1 : ALIKE + 1]
    links = html("forces", [(addresses.force_page(each.slug), each.name) for each in people if each in nearest])
    said = say("overview.alike", people=people[own])
    return View(html("named", said, links), f"{said}. {links.striptags()}")


def figures(comparison: Comparison) -> View:
    """Return the area's quarters of child grooming, as the file of the area that other programs read."""
    return replace(prose(say("overview.figures")), name="", frame=by_force(comparison))


def _named(pair: Pair, change: Change) -> Markup:
    """Return what changed, with its figures, leading to the page of the offence."""
    if change.percent is None:
        told = view.moved("readings.towards", change.difference)
    else:
        told = percent_words(change.percent)
    said = say("overview.named-care" if pair.answer == "with-care" else "overview.named", of=pair, change=told)
    return html("page_named", addresses.of_area(pair.area, pair.offence), pair.offence.name, said)
