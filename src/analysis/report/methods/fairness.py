"""Pieces of the page of methods: the rules of fairness, and which residents a rate is of."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from markupsafe import Markup

from analysis.comparison import SMALL, Comparison
from analysis.figures import population
from analysis.figures.register import load_register
from analysis.report import markup
from analysis.report.markup import Cell, Fragment
from analysis.terms.findings import CAVEATS
from analysis.terms.forces import ENGLAND_AND_WALES
from analysis.terms.periods import Period, financial_year_of

WHEN = {
    "unequal-periods": "The two periods differ in length: a part-year beside a year, or 57 months beside five years.",
    "different-quarters": "Equal length, but other quarters of the year; January to March carries more than a quarter of a year’s offences.",
    "definition-change": "A date on which the definition changed lies between the two periods, or inside either. Counts then stand side by side, "
    "without ratio, percentage or arrow.",
    "first-year": "The baseline lies in, or touches, the first year of a new definition, while forces were learning to record it.",
    "not-supplied": "A force did not supply a quarter. A missing figure is never taken for zero.",
    "provisional": "A period reaches into the newest {provisional} quarters of the release, of which at least half change later.",
    "revised": "Another full release gives another figure for either period. To be revised is no fault.",
    "small-numbers": "Either count is under {small}. Then counts are given and no percentage.",
    "no-residents": "British Transport Police, the City of London, or a period that no estimate of residents stands near: no rate.",
    "population-step": "The two rates are of residents on different bases, such as all ages and children: they are not compared.",
}


def rules() -> Fragment:
    """Return what makes two periods comparable, and every caveat with its mark and when it applies."""
    lines = [
        "Two periods are like for like only if they have the same quarters of the year, the same definition, the same coverage and the same release. "
        "Where one of these fails they are not, however similar they look; the page then says so, and why.",
        "Beside the interval of chance alone stands one widened by the spread among forces; no change is called unusual on the first alone. "
        "Forces stand in the order of the alphabet or of their rates with intervals, and places are ranges.",
    ]
    numbers = {"provisional": load_register().provisional_quarters, "small": SMALL}
    header = ["Caveat", "Mark", "When it applies"]
    rows = [
        [
            Cell(Markup("{} <code>{}</code>").format(caveat.name, caveat.code)),
            Cell(f"[{caveat.mark}]" if caveat.mark else "none"),
            Cell(WHEN[caveat.code].format(**numbers)),
        ]
        for caveat in CAVEATS
    ]
    html = markup.paragraphs(lines) + Markup("\n") + markup.table_html("Every caveat of a comparison", header, rows)
    return Fragment(html, "\n".join([*lines, markup.table_text(header, rows)]))


def bases(comparison: Comparison) -> Fragment:
    """Return which residents a rate is of, in words and for the financial years of the release."""
    whom = population.BANDS[comparison.band]
    if comparison.band != "all":
        whom += (
            f" from mid-{population.FIRST_CHILDREN}; before, there is no estimate of children on the same basis, since the earlier ones were not "
            "rebased to the Census of 2021, and residents of all ages stand in, from the rebased series"
        )
    lines = [
        f"A rate is of the residents at the mid-year nearest the middle of its period. They are {whom}. The newest estimate stands in for later "
        f"periods, up to {population.FARTHEST_MONTHS} months away; beyond that there is no rate, [x].",
        "British Transport Police has no residents. The City of London has few, and a large daytime population. Both are left out wherever rates are "
        "compared; national counts are of all 44 forces, national rates of the 43 with residents.",
    ]
    rows = [[Cell(years), Cell(words)] for years, words in _bands(comparison)]
    header = ["Financial years", "A rate is of"]
    html = markup.paragraphs(lines) + Markup("\n") + markup.table_html("Residents behind the rates", header, rows)
    return Fragment(html, "\n".join([*lines, markup.table_text(header, rows)]))


def _bands(comparison: Comparison) -> Iterator[tuple[str, str]]:
    """Return the stretches of financial years whose rates are of the same residents, each in words."""
    span = comparison.release.span(comparison.offence.code)
    years = [financial_year_of(span.first)]
    while years[-1].last < span.last:
        years.append(years[-1].shift(12))
    found = [(year, population.residents_for(ENGLAND_AND_WALES, year, band=comparison.band)) for year in years]
    for band, stretch in itertools.groupby(found, key=lambda pair: pair[1] and pair[1].band):
        held = list(stretch)
        of, estimates = Period(held[0][0].first, held[-1][0].last), [each.year for _, each in held if each]
        ends = " to ".join(f"mid-{year}" for year in dict.fromkeys([*estimates[:1], *estimates[-1:]]))
        yield of.words, f"{population.BANDS[band]}, as estimated for {ends}" if band else "none near enough: [x]"
