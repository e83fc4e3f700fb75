"""The page of methods: what each answers, with the formulas and their sources, and what is known of the figures."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from markupsafe import Markup

from analysis import files, reader, statistics
from analysis.comparison import (
    SMALL,
    Comparison,
    Release,
    Source,
    coverage,
    load_register,
    noise_of,
    population,
    revisions,
    taken_back,
)
from analysis.report.view import Column, View, head, html, items, prose, rows_of, say, stack, table, words
from analysis.terms import offences
from analysis.terms.areas import ENGLAND_AND_WALES
from analysis.terms.findings import caveats
from analysis.terms.numbers import number
from analysis.terms.offences import BANDS
from analysis.terms.periods import Period, financial_year_of, quarter_label

TITLE = "Methods and data quality"


SIZES = (100, 1000)
FORESEEN = {"change": "Change", "next_year": "Next year's count", "place": "Place"}


@dataclass(frozen=True)
class Method:
    """A method of the library.

    Attributes
    ----------
    name, group
        What it is called, and what it belongs to.
    answers
        The question that it answers, in plain words.
    formula, source
        In plain text, and who stated it.
    """

    name: str
    group: str
    answers: str
    formula: str
    source: str


METHODS = reader.read(files.PACKAGE / "report" / "methods.yaml", tuple[Method, ...])


def masthead(comparison: Comparison) -> View:
    """Return the head of the page: what it is, and of which figures it speaks."""
    offence = comparison.offence
    return head(TITLE, "", f"{offence.name}, {offence.label} · release of {comparison.release.words}")


def introduction() -> View:
    """Return what the page holds, and that its methods are tested."""
    return stack(prose(say("methods.methods", methods=len(METHODS)), kind="lead"), prose(say("methods.methods-below")))


def rules() -> View:
    """Return what makes two periods comparable, and every caveat with its mark and when it applies."""
    values = {"provisional": load_register().provisional_quarters, "small": SMALL}
    rows = []
    for each in caveats().values():
        mark, when = f"[{each.mark}]" if each.mark else "none", each.when.format(**values)
        rows.append((each.name, each.code, mark, words("methods.weights")[each.weight], when))
    columns = [
        Column("Caveat", lambda row: html("code", row.caveat, row.code)),
        Column("Mark", "mark"),
        Column("The answer becomes", "answer"),
        Column("When it applies", "when"),
    ]
    frame = rows_of(("caveat", "code", "mark", "answer", "when"), rows)
    lead = prose(say("methods.rules"), say("methods.rules-intervals"))
    return stack(lead, table(frame, columns, caption="Every caveat of a comparison"))


def bases(comparison: Comparison) -> View:
    """Return which residents a rate is of, in words and for the financial years of the release."""
    band = comparison.offence.denominator.of
    if band == "none":
        return prose(say("methods.no-bases"))
    children = say("methods.bases-children", first=population.FIRST_CHILDREN) if band != "all" else ""
    rule = say("methods.bases", whom=f"{BANDS[band]}{children}", months=population.FARTHEST_MONTHS)
    columns = [Column("Financial years", "years"), Column("A rate is of", "residents")]
    frame = rows_of(("years", "residents"), _bands(comparison, band))
    return stack(prose(rule, say("methods.bases-without")), table(frame, columns, caption="Residents behind the rates"))


def catalogue() -> View:
    """Return every method by group: what it answers, its formula and its source."""
    shown, text = [], []
    for group, methods in itertools.groupby(METHODS, key=lambda method: method.group):
        shown.append(html("heading", 3, group))
        for method in methods:
            shown.append(html("method", method))
            text.append(
                "\n".join([method.name, method.answers, f"Formula. {method.formula}", f"Source. {method.source}."])
            )
    return View(Markup("\n").join(shown), "\n\n".join(text))


def usual(comparison: Comparison) -> View:
    """Return how far counts usually move: the parts of the noise of each reviewed offence, with what follows for two sizes."""
    rows = []
    for offence in offences.listed():
        noise = (
            noise_of(offence, comparison.release)
            if offence.reviewed and comparison.release.holds(offence.code)
            else None
        )
        if noise:
            alike = replace(noise, groups=())
            reach = [100 * math.expm1(statistics.NORMAL * math.sqrt(alike.change(size, size))) for size in SIZES]
            shares = (100 * math.sqrt(noise.passing), 100 * math.sqrt(noise.lasting))
            rows.append((offence.name, noise.c, *shares, noise.together, *reach, noise.changes))
    heads = [f"reach_{size}" for size in SIZES]
    names = ("offence", "c", "passing_percent", "lasting_percent", "together", *heads, "changes")
    columns = [
        Column("Offence", "offence"),
        Column("c", "c", 1),
        Column("What passes, %", "passing_percent", 1),
        Column("What lasts, % a year", "lasting_percent", 1),
        Column("Neighbours together", "together", 1),
    ]
    for size, name in zip(SIZES, heads, strict=True):
        columns.append(Column(f"From {number(size)} a year, a rise of up to this % is usual", name, 0))
    caption = f"Usual variation of a force's count of a year, release of {comparison.release.words}"
    return stack(
        prose(say("methods.usual")), table(rows_of(names, rows).round(3), columns, caption=caption, name="usual")
    )


def backtests(comparison: Comparison) -> View:
    """Return how often the ranges of the pages held in years that were kept out of what they were made from, the worst first."""
    release = comparison.release
    shown = [_tried(what, head, release) for what, head in FORESEEN.items()]
    if not any(shown):
        return prose(say("methods.no-backtests"), kind="empty")
    why = [say("methods.backtests-why")]
    earlier = [
        each for each in load_register().releases if each.kind == "full" and each.covers.last < release.covers.last
    ]
    if earlier:
        back, read = taken_back(earlier[-1], release)
        why.append(say("methods.taken-back", back=back, read=read, earlier=earlier[-1].words, later=release.words))
    return stack(prose(say("methods.backtests")), *filter(None, shown), prose(*why))


def _tried(what: str, head: str, release: Release) -> View | None:
    found = coverage(what, release)
    if not len(found):
        return None
    years = [name for name in found.columns if name.startswith("year_")]
    columns = [
        Column("Offence", "offence"),
        Column("All years", "pooled", 0),
        *(Column(name.removeprefix("year_"), name, 0) for name in years),
        *(Column(f"Quarter {each} of forces by size", f"quartile_{each}", 0) for each in range(1, 5)),
        Column("Mean half-width", "width", 1 if what == "place" else 2),
    ]
    caption = f"{head}: how many in a hundred ranges of 95% held, release of {release.words}"
    return table(found.round(3), columns, caption=caption, name=f"backtests_{what}")


def funnel_spread(comparison: Comparison) -> View:
    """Return how far the forces' rates of the comparison's period differ beyond chance."""
    result, period = comparison.funnel, comparison.current.period.words
    if result is None:
        return prose(say("methods.no-funnel-variance", period=period), kind="empty")
    values = {"residents": result.residents, "forces": len(result.forces), "phi": number(result.phi, 1)}
    values |= {"chance": result.outside_chance, "spread": result.outside_dispersion}
    named = "" if result.names_outliers else "; so no force is named as unlike the others"
    return prose(say("methods.funnel-variance", period=period, named=named, **values))


def known(comparison: Comparison) -> View:
    """Return what is known of the figures of a release: gaps, negative counts, late supply, and how far they change later."""
    by_force = pd.DataFrame({own.area.name: own.quarters.set_index("quarter")["offences"] for own in comparison.forces})
    late = [f"{', '.join(gap.forces)}, {gap.months.words}: {gap.what}" for gap in comparison.late_supply]
    lines = [_supplied(by_force), *late, _negative(by_force), _provisional(comparison), say("methods.known")]
    return items(*lines, kind="known")


def provenance() -> View:
    """Return how each table held was obtained, how it was checked, and what its limits are."""
    register = load_register()
    parts = [(_heading(source), items(*_lines(source))) for source in (*register.releases, *register.residents)]
    shown = Markup("\n").join(html("heading", 3, heading) + "\n" + lines.html for heading, lines in parts)
    return View(shown, "\n\n".join(f"{heading}\n{lines.text}" for heading, lines in parts))


def _bands(comparison: Comparison, band: str) -> Iterator[tuple[str, str]]:
    """Return the stretches of financial years whose rates are of the same residents, each in words."""
    span = comparison.release.span(comparison.offence.code)
    years = [financial_year_of(span.first)]
    while years[-1].last < span.last:
        years.append(years[-1].shift(12))
    found = [(year, population.residents_for(ENGLAND_AND_WALES, year, band=band)) for year in years]
    for chosen, stretch in itertools.groupby(found, key=lambda pair: pair[1] and pair[1].band):
        held = list(stretch)
        of, estimates = Period(held[0][0].first, held[-1][0].last), [each.year for _, each in held if each]
        ends = " to ".join(f"mid-{year}" for year in dict.fromkeys([*estimates[:1], *estimates[-1:]]))
        yield of.words, f"{BANDS[chosen]}, as estimated for {ends}" if chosen else "none near enough: [x]"


def _supplied(by_force: pd.DataFrame) -> str:
    missing = int(by_force.isna().to_numpy().sum())
    gaps = "none is missing" if missing == 0 else f"{number(missing)} were not supplied and are never taken for zero"
    size = {"figures": number(by_force.size), "forces": by_force.shape[1], "quarters": len(by_force)}
    return say("methods.supplied", gaps=gaps, **size)


def _negative(by_force: pd.DataFrame) -> str:
    counts = by_force.to_numpy(dtype=float, na_value=np.nan)
    below = counts[counts < 0]
    if not below.size:
        return "No count is negative."
    last = pd.PeriodIndex(by_force.index)[np.flatnonzero((counts < 0).any(axis=1))[-1]]
    sizes = " and ".join(number(value) for value in np.unique(below)[::-1])
    return say("methods.negative", counts=below.size, sizes=sizes, last=quarter_label(last))


def _provisional(comparison: Comparison) -> str:
    """Return the rule of provisional quarters, with what it was measured on."""
    quarters = load_register().provisional_quarters
    rule = say("methods.provisional", quarters=quarters)
    ages = comparison.revisions_by_age
    measured = {"newest": 0, "last": quarters - 1, "firm": quarters}
    if not set(measured.values()) <= set(ages.index):
        return rule
    changed = {name: f"{ages['changed'][age]} of {ages['cells'][age]}" for name, age in measured.items()}
    return f"{rule} {say('methods.provisional-measured', pairs=revisions.PAIRS_NEEDED, **changed)}"


def _heading(source: Source) -> str:
    kind = "Recorded offences" if isinstance(source, Release) else "Residents"
    return f"{kind}: {source.words if source.released else source.id}"


def _lines(source: Source) -> list[Markup]:
    of = source.covers.words + (
        f" ({words('methods.release-kinds')[source.kind]})" if isinstance(source, Release) else ""
    )
    parts = {"What": f"{source.producer}: {source.title}", "Covers": of, "How obtained": source.obtained}
    parts |= {"How checked": source.checked, "Known limits": source.limits}
    return [html("named", name, text.rstrip(".") + ".") for name, text in parts.items()]
