"""The page of methods: what each answers, with the formulas and their sources, and what is known of the figures."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup
from pydantic import RootModel

from analysis import files, statistics
from analysis.comparison import (
    SMALL,
    Comparison,
    Release,
    Source,
    backtest,
    load_register,
    measured,
    noise_of,
    population,
    revisions,
    settled_coverage,
)
from analysis.report.view import Column, View, head, html, items, prose, rows_of, say, stack, table, words
from analysis.terms import models, offences
from analysis.terms.areas import ENGLAND_AND_WALES
from analysis.terms.findings import caveats
from analysis.terms.measures import BANDS
from analysis.terms.models import Entry, Text
from analysis.terms.numbers import number
from analysis.terms.offences import Offence
from analysis.terms.periods import Period, financial_year_of, quarter_label

TITLE = "Methods and data quality"

_settled_coverage = functools.cache(settled_coverage)


# Offences that the ranges are tried on: small and large, with a launch, with a short history, and with rising and falling figures.
TRIED = ("88A", "robbery", "burglary", "8Q", "46")
SIZES = (100, 1000)
FORESEEN = {"change": "Change", "next_year": "Next year's count", "place": "Place"}


class Method(Entry):
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

    name: Text
    group: Text
    answers: Text
    formula: Text
    source: Text


class _Catalogue(RootModel[tuple[Method, ...]]):
    pass


METHODS = models.read(files.PACKAGE / "report" / "methods.yaml", _Catalogue).root


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
    """Return how far counts usually vary: the two parts of the noise of each offence tried, with how sure they are."""
    rows = []
    for offence in _tried(comparison.release):
        counts, regimes = measured(offence, comparison.release)
        noise, error = noise_of(offence, comparison.release), statistics.fit_noise_error(counts, regimes=regimes)
        if noise and error:
            reach = [100 * math.expm1(statistics.NORMAL * math.sqrt(2 * noise.relative(size))) for size in SIZES]
            shares = (100 * noise.tau, 100 * error.tau)
            rows.append((offence.name, noise.c, error.c, *shares, *reach, noise.residuals))
    heads = [f"reach_{size}" for size in SIZES]
    frame = rows_of(("offence", "c", "c_error", "tau_percent", "tau_percent_error", *heads, "residuals"), rows)
    columns = [
        Column("Offence", "offence"),
        Column("c (standard error)", _with_error("c"), number=True),
        Column("τ in % (standard error)", _with_error("tau_percent"), number=True),
    ]
    for size, name in zip(SIZES, heads, strict=True):
        columns.append(Column(f"From {number(size)} a year, a rise of up to this % fits no change", name, 0))
    caption = f"Usual variation of a force's count of a year, release of {comparison.release.words}"
    return stack(prose(say("methods.usual")), table(frame.round(3), columns, caption=caption, name="usual"))


def backtests(comparison: Comparison) -> View:
    """Return how often the ranges of the pages held in years that were kept out of what they were made from, by size of force."""
    tried = {offence: backtest(offence, comparison.release) for offence in _tried(comparison.release)}
    found = {offence: frame for offence, frame in tried.items() if len(frame)}
    if not found:
        return prose(say("methods.no-backtests"), kind="empty")
    rows = [
        (
            *(offence.name, quartile, part["year"].nunique(), len(part)),
            *(100 * float(part[what].mean()) for what in FORESEEN),
            *_settled_share(offence, quartile),
        )
        for offence, frame in found.items()
        for quartile, part in (*frame.groupby("quartile"), ("all", frame))
    ]
    heads = ("offence", "quartile", "years", "force_years", *FORESEEN, "settled", "settled_figures")
    columns = [
        Column("Offence", "offence"),
        Column("Quarter of forces by size", lambda row: str(row.quartile)),
        Column("Years", "years"),
        Column("Force-years", "force_years"),
        *(Column(f"{head}, %", _whole(name), number=True) for name, head in FORESEEN.items()),
        Column("Settled figure, %", "settled", 0),
    ]
    together = [frame["next_year"][frame["year"].str.startswith("2020-04")].mean() for frame in found.values()]
    worst = min((share for share in together if not math.isnan(share)), default=None)
    caption = f"How often ranges of 95% held, release of {comparison.release.words}"
    shown = table(rows_of(heads, rows).round(1), columns, caption=caption, name="backtests")
    why = [say("methods.backtests-together", worst=f"{number(100 * worst)}%")] if worst is not None else []
    return stack(prose(say("methods.backtests")), shown, prose(say("methods.backtests-why"), *why))


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


def _settled_share(offence: Offence, quartile: object) -> tuple[float | None, int | None]:
    """Return how many in a hundred figures of a quarter of forces settled within their range, and of how many."""
    parts = _settled_coverage(offence)
    parts = parts if quartile == "all" else parts[parts["quartile"] == quartile]
    figures = int(parts["force_figures"].sum())
    if not figures:
        return None, None
    return 100 * float((parts["inside"] * parts["force_figures"]).sum()) / figures, figures


def _tried(release: Release) -> list[Offence]:
    return [offences.find(name) for name in TRIED if release.holds(name)]


def _with_error(name: str) -> Any:
    return lambda row: f"{number(getattr(row, name), 1)} ({number(getattr(row, f'{name}_error'), 1)})"


def _whole(name: str) -> Any:
    return lambda row: number(getattr(row, name))


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
