"""The page of methods: what each answers, with the formulas and their sources, what is known of the figures, and how they were revised."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

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
    matrix,
    noise_of,
    population,
)
from analysis.comparison import revisions as compared
from analysis.report.sentences import late_supply
from analysis.report.tables import AGES, revised
from analysis.report.view import Column, View, counted, head, html, items, listing, prose, say, stack, table, words
from analysis.terms import areas, offences
from analysis.terms.findings import caveats
from analysis.terms.numbers import number
from analysis.terms.offences import BANDS
from analysis.terms.periods import Period, financial_year_of, quarter_label

SIZES = (100, 1000)  # offences a year of which the page says what is usual


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
    offence, release = comparison.offence, comparison.release.words
    return head(say("methods.title"), "", say("methods.of", name=offence.name, label=offence.label, release=release))


def introduction() -> View:
    """Return what the page holds, and that its methods are tested."""
    return stack(prose(say("methods.methods", methods=len(METHODS)), kind="lead"), prose(say("methods.methods-below")))


def rules() -> View:
    """Return what makes two periods comparable, and every caveat with its mark and when it applies."""
    values = {"provisional": load_register().provisional_quarters, "small": SMALL}
    weights, no_mark, listed = words("methods.weights"), say("methods.no-mark"), list(caveats().values())
    marks = [f"[{each.mark}]" if each.mark else no_mark for each in listed]
    rows = [
        (each.name, mark, weights[each.weight], each.when.format(**values))
        for each, mark in zip(listed, marks, strict=True)
    ]
    cells = {"caveat": [html("code", each.name, each.code) for each in listed]}
    return stack(
        prose(say("methods.rules"), say("methods.rules-intervals")), listing("methods.rules", rows, cells=cells)
    )


def bases(comparison: Comparison) -> View:
    """Return which residents a rate is of, in words and for the financial years of the release."""
    band = comparison.offence.denominator.of
    if band == "none":
        return prose(say("methods.no-bases"))
    children = say("methods.bases-children", first=population.FIRST_CHILDREN) if band != "all" else ""
    rule = say("methods.bases", whom=f"{BANDS[band]}{children}", months=population.FARTHEST_MONTHS)
    shown = listing("methods.bases", list(_bands(comparison, band)))
    return stack(prose(rule, say("methods.bases-without")), shown)


def catalogue() -> View:
    """Return every method by group: what it answers, its formula and its source."""
    groups = itertools.groupby(METHODS, key=lambda method: method.group)
    parts = [part for group, of in groups for part in (html("heading", 3, group), *map(partial(html, "method"), of))]
    text = (f"{each.name}\n{each.answers}\nFormula. {each.formula}\nSource. {each.source}." for each in METHODS)
    return View(Markup("\n").join(parts), "\n\n".join(text))


def usual(comparison: Comparison) -> View:
    """Return how far counts usually move: the parts of the noise of each reviewed offence, with what follows for two sizes."""
    release, rows, heads = comparison.release, [], words("methods.usual-heads")
    for offence in offences.listed():
        noise = noise_of(offence, release) if offence.reviewed and release.holds(offence.code) else None
        if noise:
            alike = replace(noise, groups=())
            reach = [100 * math.expm1(statistics.NORMAL * math.sqrt(alike.change(size, size))) for size in SIZES]
            shares = (100 * math.sqrt(noise.passing), 100 * math.sqrt(noise.lasting))
            measured = (round(float(each), 3) for each in (noise.c, *shares, noise.together, *reach))
            rows.append(dict(zip((*heads, "changes"), (offence.name, *measured, noise.changes), strict=True)))
    decimals = {name: 0 if name.startswith("reach") else 1 for name in heads if name != "offence"}
    shown = listing("methods.usual", rows, cells=decimals, name="usual", release=release.words)
    return stack(prose(say("methods.usual")), shown)


def backtests(comparison: Comparison) -> View:
    """Return how often the ranges of the pages held in years that were kept out of what they were made from, the worst first."""
    release = comparison.release
    shown = [_tried(what, coverage(what)) for what in words("methods.foreseen")]
    why = [say("methods.backtests-why")]
    tried = coverage("taken_back").iloc[-1]
    if tried["release"] == release.id:
        full = [
            each for each in load_register().releases if each.kind == "full" and each.covers.last < release.covers.last
        ]
        read, back = tried["ranges"], number(tried["ranges"] * tried["pooled"] / 100)
        why.append(say("methods.taken-back", back=back, read=read, earlier=full[-1].words, later=release.words))
    return stack(prose(say("methods.backtests")), *shown, prose(*why))


def funnel_spread(comparison: Comparison) -> View:
    """Return how far the forces' rates of the comparison's period differ beyond chance."""
    result, period = comparison.funnel, comparison.current.period.words
    if result is None:
        return prose(say("methods.no-funnel-variance", period=period), kind="empty")
    values = {"residents": result.residents, "forces": len(result.forces), "phi": number(result.phi, 1)}
    named = "" if result.names_outliers else say("methods.funnel-none-named")
    return prose(say("methods.funnel-variance", period=period, named=named, **values))


def known(comparison: Comparison) -> View:
    """Return what is known of the figures of a release: gaps, negative counts, late supply, and how far they change later."""
    by_force = matrix(comparison.offence.code, comparison.release)
    missing = int(by_force.isna().to_numpy().sum())
    gaps = say(f"methods.missing.{'some' if missing else 'none'}", count=number(missing))
    forces, quarters = by_force.shape[1], len(by_force)
    supplied = say("methods.supplied", gaps=gaps, figures=number(by_force.size), forces=forces, quarters=quarters)
    lines = [_provisional(comparison), say("methods.known"), supplied, _negative(by_force), *late_supply(comparison)]
    return items(*lines, kind="known")


def revisions() -> View:
    """Return which releases are compared, how many figures they share, and what that does not show."""
    pairs = compared.pairs()
    if not pairs:
        return prose(say("registers.no-revised"), kind="empty")
    ages = compared.by("age")
    cells, changed = ages["cells"].sum(), ages["changed"].sum()
    named = (say("registers.revised-pair", earlier=earlier.words, later=later.words) for earlier, later in pairs)
    said = say(
        "registers.revised",
        releases=say("registers.revised-and").join(named),
        pairs=counted("registers.pairs", len(pairs)),
        cells=number(cells),
        changed=number(changed),
        share=number(100 * changed / cells, 1),
        oldest=int(ages.index[ages["changed"] > 0].max()),
    )
    return prose(said, say("registers.revised-below"))


def revised_by_age() -> View:
    """Return what changed by the age of a figure in quarters, the newest first."""
    return revised("registers.by-age", compared.by("age").head(AGES).reset_index(), name="revised-ages", ages=AGES)


def revised_by_force() -> View:
    """Return what changed of each force's figures, by name."""
    frame = compared.by("force")
    frame = frame.loc[[name for name in areas.NAMES if name in frame.index]].reset_index()
    return revised("registers.by-force", frame, name="revised-forces")


def revised_by_offence() -> View:
    """Return what changed of each offence's figures, each group of offences behind a fold."""
    found, known = compared.by("offence"), offences.known()
    places = {code: place for place, code in enumerate(known)}
    groups = {code: known[known[code].group or code] for code in found.index if code in known}
    codes = sorted(groups, key=lambda code: (places[groups[code].code], places[code]))
    frame = found.loc[codes].reset_index()
    frame.insert(0, "group", [groups[code].name for code in codes])
    frame.insert(2, "name", [f"{known[code].name} ({code})" for code in codes])
    parts = [
        (group, revised("registers.by-offence", of, group=group)) for group, of in frame.groupby("group", sort=False)
    ]
    shown = Markup("\n").join(html("fold", group, of.html) for group, of in parts)
    return View(shown, "\n\n".join(f"{group}\n{of.text}" for group, of in parts), "revised-offences", frame)


def provenance() -> View:
    """Return how each table held was obtained, how it was checked, and what its limits are."""
    parts = []
    for source in (*load_register().releases, *load_register().residents):
        kind = "release" if isinstance(source, Release) else "residents"
        heading = say(f"methods.provenance-of.{kind}", when=source.words if source.released else source.id)
        parts.append((heading, items(*_provenance(source))))
    shown = Markup("\n").join(each for heading, lines in parts for each in (html("heading", 3, heading), lines.html))
    return View(shown, "\n\n".join(f"{heading}\n{lines.text}" for heading, lines in parts))


def _bands(comparison: Comparison, band: str) -> Iterator[tuple[str, str]]:
    """Return the stretches of financial years whose rates are of the same residents, each in words."""
    span = comparison.release.span(comparison.offence.code)
    years = [financial_year_of(span.first)]
    while years[-1].last < span.last:
        years.append(years[-1].shift(12))
    found = [(year, population.residents_for(areas.ENGLAND_AND_WALES, year, band=band)) for year in years]
    for chosen, stretch in itertools.groupby(found, key=lambda pair: pair[1] and pair[1].band):
        held = list(stretch)
        of, estimates = Period(held[0][0].first, held[-1][0].last), [each.year for _, each in held if each]
        ends = " to ".join(f"mid-{year}" for year in dict.fromkeys([*estimates[:1], *estimates[-1:]]))
        whom = BANDS[chosen] if chosen else ""
        yield of.words, say(f"methods.residents.{'held' if chosen else 'none'}", whom=whom, ends=ends)


def _tried(what: str, found: pd.DataFrame) -> View:
    heads = words("methods.backtests-heads")
    released = load_register().release(str(found["release"].iloc[0])).words
    named = found["offence"].map(
        {code: offence.name for code, offence in offences.known().items()} | {"all": heads["all"]}
    )
    found = found.assign(offence=named).drop(columns=["worst", "release"])
    printed = {"offence": heads["offence"], "pooled": heads["pooled"]}
    printed |= {name: name.removeprefix("year_") for name in found.columns if name.startswith("year_")}
    printed |= {f"quartile_{each}": heads["quartile"].format(each=each) for each in range(1, 5)}
    last, decimals = ("said", 0) if what == "kept" else ("width", 1 if what == "place" else 2)
    shown = [Column(label, name, 0) for name, label in printed.items()]
    caption = say("methods.backtests-caption", what=words("methods.foreseen")[what], release=released)
    return table(found, [*shown, Column(heads[last], last, decimals)], caption=caption, name=f"backtests_{what}")


def _negative(by_force: pd.DataFrame) -> str:
    counts = by_force.to_numpy(dtype=float, na_value=np.nan)
    below = counts[counts < 0]
    if not below.size:
        return say("methods.none-negative")
    last = pd.PeriodIndex(by_force.index)[np.flatnonzero((counts < 0).any(axis=1))[-1]]
    sizes = " and ".join(number(value) for value in np.unique(below)[::-1])
    return say("methods.negative", counts=below.size, sizes=sizes, last=quarter_label(last))


def _provisional(comparison: Comparison) -> str:
    """Return the rule of provisional quarters, with what it was measured on."""
    quarters = load_register().provisional_quarters
    rule = say("methods.provisional", quarters=quarters)
    ages = compared.by("age", comparison.offence.code)
    measured = {"newest": 0, "last": quarters - 1, "firm": quarters}
    if not set(measured.values()) <= set(ages.index):
        return rule
    changed = {name: f"{ages['changed'][age]} of {ages['cells'][age]}" for name, age in measured.items()}
    return f"{rule} {say('methods.provisional-measured', pairs=compared.PAIRS_NEEDED, **changed)}"


def _provenance(source: Source) -> Iterator[Markup]:
    kind = f" ({words('methods.release-kinds')[source.kind]})" if isinstance(source, Release) else ""
    told = {"what": f"{source.producer}: {source.title}", "covers": f"{source.covers.words}{kind}"}
    told |= {name: getattr(source, name) for name in ("obtained", "checked", "limits")}
    for name, text in told.items():
        yield html("named", say(f"methods.provenance-heads.{name}"), text.rstrip(".") + ".")
