"""The page of methods: what each answers, with the formulas and their sources, what is known of the figures, and how they were revised."""

from __future__ import annotations

import itertools
import math
from typing import Any, Literal

from analysis import files, reader, statistics
from analysis.comparison import (
    NEWEST_PROVISIONAL,
    SMALL,
    Comparison,
    coverage,
    load_register,
    matrix,
    noise_of,
    population,
)
from analysis.comparison import revisions as compared
from analysis.report import view
from analysis.report.front import full_before
from analysis.report.view import NOTHING, View, html, items, prose, say, stack, words
from analysis.terms import offences
from analysis.terms.areas import BANDS
from analysis.terms.findings import caveats
from analysis.terms.offences import Offence

AGES = 12  # quarters: three years, after which little changes
SIZES = (100, 1000)  # offences a year of which the page says what is usual


# By group: the name of each method, the question that it answers, its formula in plain text, and who stated it.
METHODS = reader.read(files.PACKAGE / "report" / "methods.yaml", tuple[dict[str, str], ...])


def introduction() -> View:
    """Return what the page holds, and that its methods are tested."""
    return stack(prose(say("methods.methods", methods=len(METHODS)), kind="lead"), prose(say("methods.methods-below")))


def rules() -> View:
    """Return what makes two periods comparable, and every caveat with its mark and when it applies."""
    values = {"provisional": NEWEST_PROVISIONAL, "small": SMALL}
    weights, no_mark, listed = words("methods.weights"), say("methods.no-mark"), list(caveats().values())
    rows = [
        (each.name, f"[{each.mark}]" if each.mark else no_mark, weights[each.weight], each.when.format(**values))
        for each in listed
    ]
    cells = {"caveat": [html("code", each.name, each.code) for each in listed]}
    lead = prose(say("methods.rules"), say("methods.rules-intervals"))
    return stack(lead, view.table(rows, "methods.rules", cells=cells))


def bases(comparison: Comparison) -> View:
    """Return which residents a rate is of."""
    band = comparison.offence.denominator.of
    if band == "none":
        return prose(say("methods.no-bases"))
    children = say("methods.bases-children", first=population.FIRST_CHILDREN) if band != "all" else ""
    rule = say("methods.bases", whom=f"{BANDS[band]}{children}", months=population.FARTHEST_MONTHS)
    return prose(rule, say("methods.bases-without"))


def catalogue() -> View:
    """Return every method by group: what it answers, its formula and its source."""
    groups = itertools.groupby(METHODS, key=lambda method: method["group"])
    return stack(*(stack(View(html("heading", 3, group), group), *map(_method, of)) for group, of in groups))


def usual(comparison: Comparison) -> View:
    """Return how far counts usually move: the parts of the noise of each reviewed offence, with what follows for two sizes."""
    release, rows, heads = comparison.release, [], words("methods.usual-heads")
    for pair in comparison.reviewed:
        if noise := noise_of(pair.offence, release, of=()):  # of no force, so of any
            reach = [100 * math.expm1(statistics.NORMAL * math.sqrt(noise.change(size, size))) for size in SIZES]
            shares = (100 * math.sqrt(noise.passing), 100 * math.sqrt(noise.lasting))
            measured = (round(float(each), 3) for each in (noise.c, *shares, noise.together, *reach))
            rows.append(dict(zip((*heads, "changes"), (pair.offence.name, *measured, noise.changes), strict=True)))
    decimals = {name: 0 if name.startswith("reach") else 1 for name in heads}
    shown = view.table(rows, "methods.usual", cells=decimals, name="usual", release=release)
    return stack(prose(say("methods.usual")), shown)


def backtests(comparison: Comparison) -> View:
    """Return how often the ranges of the pages held in years that were kept out of what they were made from, the worst first."""
    release, tried, taken_back = comparison.release, coverage("taken_back").iloc[-1], ""
    if tried["release"] == release.id:
        values = {"back": round(tried["ranges"] * tried["pooled"] / 100), "read": tried["ranges"]}
        taken_back = say("methods.taken-back", earlier=full_before(release), later=release, **values)
    shown = [
        view.fold("methods.backtests-fold", _tried(what), "broad", what=said)
        for what, said in words("methods.foreseen").items()
    ]
    return stack(prose(say("methods.backtests")), *shown, prose(say("methods.backtests-why"), taken_back))


def funnel_spread(comparison: Comparison) -> View:
    """Return how far the forces' rates of the comparison's period differ beyond chance."""
    result, period = comparison.funnel, comparison.current.period
    if result is None:
        return prose(say("methods.no-funnel-variance", period=period), kind="empty")
    named = "" if result.names_outliers else say("methods.funnel-none-named")
    return prose(say("methods.funnel-variance", period=period, of=result, forces=len(result.forces), named=named))


def known(comparison: Comparison) -> View:
    """Return what is known of the figures of a release: gaps, negative counts, and how far they change later."""
    by_force = matrix(comparison.offence.code, comparison.release)
    missing, (quarters, forces) = by_force.isna().to_numpy().sum(), by_force.shape
    gaps = say(f"methods.missing.{'some' if missing else 'none'}", count=missing)
    supplied = say("methods.supplied", gaps=gaps, figures=by_force.size, forces=forces, quarters=quarters)
    provisional = say("methods.provisional", quarters=NEWEST_PROVISIONAL)
    lines = [provisional, say("methods.known"), supplied, say("methods.negative")]
    return items(*lines, kind="known")


def revisions() -> View:
    """Return which releases are compared, and what that does not show."""
    named = [say("registers.revised-pair", earlier=earlier, later=later) for earlier, later in compared.pairs()]
    if not named:
        return prose(say("registers.no-revised"), kind="empty")
    return prose(say("registers.revised", releases=named), say("registers.revised-below"))


def revised(part: Literal["age", "force", "offence"], offence: Offence | None = None) -> View:
    """Return how often and by how much figures changed later; nothing where no two releases can be compared.

    Parameters
    ----------
    part
        What a row is of: the ``age`` of a figure in quarters, the newest first; a ``force``, by name; or an ``offence``, by code and
        behind a fold.
    offence
        Of which offence; by default of all.
    """
    found, known = compared.by(part, offence.code if offence else None), offences.known()
    if found.empty:
        return NOTHING
    frame = (found.head(AGES) if part == "age" else found).reset_index()
    cells: dict[str, Any] = {"share": "{:.0%}", "median": 0, "largest": 0, "net": 0}
    if part == "offence":
        frame = frame.set_index(part).reindex([code for code in known if code in found.index]).reset_index()
        cells[part] = [f"{known[code].name} ({code})" for code in frame[part]]
    heads = {part: words("methods.revised-first")[part], **words("methods.revised-heads")}
    which, name = ("of", None) if offence else (part, f"revised-{part}s")
    values: dict[str, Any] = {"name": name, "ages": AGES, "offence": offence}
    made = view.table(frame, f"methods.revised-{which}", heads=heads, cells=cells, **values)
    return view.fold("methods.revised-fold", made) if part == "offence" else made


def provenance() -> View:
    """Return how each table held was obtained, how it was checked, and what its limits are."""
    held = load_register()
    rows = [
        (f"{each.producer}: {each.title}", each.covers.words, each.obtained, each.checked, each.limits)
        for each in (*held.releases, *held.residents)
    ]
    return view.table(rows, "methods.provenance", kind="rows")


def _method(of: dict[str, str]) -> View:
    text = "{name}\n{answers}\nFormula. {formula}\nSource. {source}.\n".format(**of)
    return View(html("method", of), text)


def _tried(what: str) -> View:
    """Return how often ranges of a kind held, by year and by size of the force."""
    found, said = coverage(what), words("methods.foreseen")[what]
    release = load_register().release(str(found["release"].iloc[0]))
    named = {code: offence.name for code, offence in offences.known().items()} | {"all": say("methods.all-offences")}
    found = found.drop(columns=["worst", "release"]).assign(offence=found["offence"].map(named))
    heads, (last, other) = words("methods.backtests-heads"), ("said", "width") if what == "kept" else ("width", "said")
    tried = found.filter(like="year_").dropna(axis="columns", how="all")  # of some years nothing can be known yet
    years = {name: name.removeprefix("year_") for name in map(str, tried)}
    heads = {name: heads[name] for name in ("offence", "pooled")} | years | heads  # the years behind the first two
    cells = dict.fromkeys(found, 0) | {other: None, last: {"kept": 0, "place": 1}.get(what, 2)}
    how: dict[str, Any] = {"heads": heads, "cells": cells, "name": f"backtests_{what}", "release": release}
    return view.table(found, "methods.backtests", what=said, **how)
