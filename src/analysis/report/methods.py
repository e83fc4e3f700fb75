"""The page of methods: what each answers, with worked examples that run as the page is made, and what is known of the figures."""

from __future__ import annotations

import ast
import functools
import itertools
import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any, cast

import numpy as np
import pandas as pd
from markupsafe import Markup
from pydantic import RootModel

from analysis import files, statistics
from analysis.comparison import (
    SMALL,
    Changes,
    Comparison,
    Release,
    Source,
    compare,
    load_register,
    population,
    revisions,
)
from analysis.report.view import Column, View, html, items, prose, rows_of, stack, table
from analysis.terms import models
from analysis.terms.findings import CAVEATS
from analysis.terms.forces import ENGLAND_AND_WALES
from analysis.terms.models import Entry, Text
from analysis.terms.numbers import interval, number
from analysis.terms.periods import Period, financial_year, financial_year_of, quarter_label

TITLE = "Methods and data quality"

WHEN = {
    "unequal-periods": "The two periods differ in length: a part-year beside a year, or 57 months beside five years.",
    "different-quarters": "Equal length, but other quarters of the year; January to March carries more than a quarter of a year’s offences.",
    "definition-change": "A date on which the definition changed lies between the two periods, or inside either. Counts then stand side by side, "
    "without ratio, percentage or arrow.",
    "not-counted-then": "The offence began after, or ended before, a part of either period. That is no figure, and not zero.",
    "mixed-quarter": "The definition changed inside a quarter of either period, which then stands on neither side.",
    "not-supplied": "A force did not supply a quarter. A missing figure is never taken for zero.",
    "definition-not-reviewed": "Nobody has reviewed whether the definition changed in a part of these months. The counts stand, and nothing that compares "
    "them is given.",
    "review-older": "A part of the months is up to four quarters newer than the last review of the definition.",
    "first-year": "Either period lies in, or touches, the first year of a new definition, while forces were learning to record it.",
    "recording-change": "How these offences are recorded changed inside or between the periods, without a change of definition.",
    "late-supply": "A force supplied a part of either period late; the gap was mended afterwards.",
    "event": "One incident or operation makes up much of either period.",
    "provisional": "A period reaches into the newest {provisional} quarters of the release, of which at least half change later.",
    "revised": "Another full release gives another figure for either period. To be revised is no fault.",
    "small-numbers": "Either count is under {small}. Then counts are given and no percentage.",
    "no-residents": "British Transport Police, the City of London, or a period that no estimate of residents stands near: no rate.",
    "population-step": "The two rates are of residents on different bases, such as all ages and children: they are not compared.",
}
DOES = {"forbids": "no", "unknown": "not known", "care": "only with care", "note": "as it is"}

KINDS = {
    "full": "every year",
    "partial": "some years only",
    "context": "context only: it never decides whether a figure was revised or reproduced",
}


class Example(Entry):
    """A worked example: a call of the library and the result that it must give.

    Attributes
    ----------
    given
        What goes in, in words.
    call
        What is run: a function of :mod:`analysis.statistics` with plain values.
    stated
        What must come out: each quantity's name and its value, to the last digit that the source states.
    read
        Where each stands in what the call gives; by default it is the whole.
    source
        Where that is stated; an example without a published one is worked by hand, and says so.
    """

    given: Text
    call: Text
    stated: dict[str, str]
    read: tuple[str, ...] = ("",)
    source: Text

    def found(self) -> tuple[float, ...]:
        """Run the call and return what it gives, one number for each stated."""
        call = cast("ast.Call", ast.parse(self.call, mode="eval").body)
        options = {str(each.arg): ast.literal_eval(each.value) for each in call.keywords}
        result = getattr(statistics, self.call.partition("(")[0])(*map(ast.literal_eval, call.args), **options)
        return tuple(float(value) for path in self.read for value in np.ravel(_part(result, path)))

    def agrees(self, found: tuple[float, ...]) -> bool:
        """Say whether every number lies within half a unit of the last digit stated."""
        return len(found) == len(self.stated) and all(
            math.isclose(value, float(text), rel_tol=0, abs_tol=0.5 * 10.0 ** -decimals(text))
            for value, text in zip(found, self.stated.values(), strict=True)
        )


class Method(Entry):
    """A method of the library.

    Attributes
    ----------
    name, group
        What it is called, and what it belongs to.
    alone
        Whether no page rests on it: it stands in the catalogue alone, as a check.
    answers
        The question that it answers, in plain words.
    formula, source
        In plain text, and who stated it.
    examples
        Worked examples, at least one.
    """

    name: Text
    group: Text
    alone: bool = False
    answers: Text
    formula: Text
    source: Text
    examples: tuple[Example, ...]


class _Catalogue(RootModel[tuple[Method, ...]]):
    pass


METHODS = models.read(files.PACKAGE / "report" / "methods.yaml", _Catalogue).root


def masthead(comparison: Comparison) -> View:
    """Return the head of the page: what it is, and of which figures it speaks."""
    when = f"{comparison.offence.name}, {comparison.offence.label} · release of {comparison.release.words}"
    return View(html("masthead", TITLE, "", when), f"{TITLE}\n{when}", title=TITLE)


def introduction() -> View:
    """Return what the page holds, and how many of its worked examples agree with their sources."""
    agreeing = [example.agrees(found) for _, example, found in _results()]
    alone = sum(method.alone for method in METHODS)
    lead = (
        f"{len(METHODS) - alone} methods stand behind the pages, and {alone} stand here alone, as checks. Each has worked examples, {len(agreeing)} in "
        f"all, which ran as this page was made: {sum(agreeing)} of {len(agreeing)} agree with their source to the last digit that it states."
    )
    rest = (
        "Below: which comparisons are fair, every formula with its source, how often the intervals hold, how far the police forces differ beyond "
        "chance, and what is known of the figures themselves."
    )
    return stack(prose(lead, kind="lead"), prose(rest))


def rules() -> View:
    """Return what makes two periods comparable, and every caveat with its mark and when it applies."""
    lines = [
        "Two periods are like for like only if they have the same quarters of the year, the same definition, the same coverage and the same release. "
        "There are four answers: yes, only with care, no, and not known, where nobody has reviewed what the offence counts. The gravest caveat decides.",
        "Beside the interval of chance alone stands one widened by how much forces’ changes usually vary; no change is called unusual on the first alone. "
        "Forces stand by name or by region and name, never by size, and places are ranges.",
    ]
    values = {"provisional": load_register().provisional_quarters, "small": SMALL}
    frame = rows_of(
        ("caveat", "code", "mark", "answer", "when"),
        [
            (code.name, code.code, f"[{code.mark}]" if code.mark else "none", DOES[code.weight], WHEN[code.code].format(**values))
            for code in CAVEATS
        ],
    )  # fmt: skip
    columns = [
        Column("Caveat", lambda row: html("code", row.caveat, row.code)),
        Column("Mark", "mark"),
        Column("The answer becomes", "answer"),
        Column("When it applies", "when"),
    ]
    return stack(prose(*lines), table(frame, columns, caption="Every caveat of a comparison"))


def bases(comparison: Comparison) -> View:
    """Return which residents a rate is of, in words and for the financial years of the release."""
    band = comparison.offence.residents
    if band == "none":
        return prose("A rate of residents says nothing about these offences, so none is given.")
    whom = population.BANDS[band]
    if band != "all":
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
    columns = [Column("Financial years", "years"), Column("A rate is of", "residents")]
    frame = rows_of(("years", "residents"), _bands(comparison, band))
    return stack(prose(*lines), table(frame, columns, caption="Residents behind the rates"))


def catalogue() -> View:
    """Return every method by group, with its worked examples run and set beside their published results."""
    shown, text = [], []
    for group, methods in itertools.groupby(METHODS, key=lambda method: method.group):
        shown.append(html("heading", 3, group))
        for method in methods:
            examples = _examples(method)
            shown.append(html("method", method.name, method.answers, method.formula, method.source, examples.html))
            lines = [method.name, method.answers, f"Formula. {method.formula}", f"Source. {method.source}."]
            text.append("\n".join([*lines, examples.text]))
    frame = rows_of(
        ("group", "method", "call", "quantity", "stated", "found", "source"),
        [
            (method.group, method.name, example.call, name, float(stated), value, example.source)
            for method, example, found in _results()
            for (name, stated), value in zip(example.stated.items(), found, strict=True)
        ],
    )
    return View(Markup("\n").join(shown), "\n\n".join(text), name="examples", frame=frame)


def coverage() -> View:
    """Return how often each interval holds the truth, counted out over every possible count."""
    lead = (
        "An interval of 95% should hold the truth 95 times in 100. Counts are whole numbers, so an exact interval, which never holds it less "
        "often than that, holds it more often where counts are small. Each share is the sum of the probabilities of all counts, or pairs of "
        "counts, whose interval holds the truth; nothing is simulated. A ratio is of two equal periods with this many events each; "
        "the last column is its interval at φ = 1, that is before any widening."
    )
    names = ("events_to_expect", "exact_count", "byar_count", "exact_ratio", "widened_ratio_phi_1")
    found = [(row.mean, row.exact, row.byar, row.ratio, row.ratio_log) for row in statistics.coverage_table()]
    heads = ("Exact interval of a count", "Byar’s", "Exact interval of a ratio", "Widened, φ = 1")
    columns = [Column("Events to expect", names[0], 0)]
    columns += [Column(head, _share(name), number=True) for head, name in zip(heads, names[1:], strict=True)]
    caption = "How often intervals of 95% hold the truth"
    return stack(prose(lead), table(rows_of(names, found), columns, caption=caption, name="coverage"))


def spreads(comparison: Comparison) -> View:
    """Return how much the forces' changes vary for each pair of whole years under the present definition."""
    found = [
        (now, then, changes)
        for then, now in itertools.pairwise(_years(comparison))
        if (changes := _changes(comparison, now, then)) is not None
    ]
    if not found:
        line = "The release does not hold two whole years under one definition, so no dispersion of changes is given."
        return prose(line, kind="empty")
    phis, forces = [changes.dispersion for *_, changes in found], max(len(changes.forces) for *_, changes in found)
    lead = (
        f"From year to year the variance of the forces’ changes is {interval(min(phis), max(phis))} times that of chance, so an interval "
        f"of chance alone is too narrow to call a change unusual: among {forces} forces about {number(0.05 * forces)} exact intervals of 95% would exclude "
        "“no change” by chance. The last column allows for that variance and for the number of forces."
    )
    frame = rows_of(
        ("baseline", "current", "forces", "phi", "exact_intervals_without_no_change", "standing_out"),
        [
            (_year(then), _year(now), len(each.forces), each.dispersion, each.beyond_chance, each.beyond_dispersion)
            for now, then, each in found
        ],
    )
    columns = [
        Column("Years", lambda row: f"{row.baseline} to {row.current}"),
        Column("Forces", "forces"),
        Column("Dispersion φ", "phi", 1),
        Column("Exact intervals that exclude no change", "exact_intervals_without_no_change"),
        Column("Standing out beyond the dispersion", "standing_out"),
    ]
    caption = f"Dispersion of year-on-year changes among forces, release of {comparison.release.words}"
    return stack(prose(lead), table(frame, columns, caption=caption, name="spreads"))


def funnel_spread(comparison: Comparison) -> View:
    """Return how far the forces' rates of the comparison's period differ beyond chance."""
    result = comparison.funnel
    if result is None:
        line = f"For {comparison.current.period.words} fewer than three forces have a rate, so there is no funnel."
        return prose(line, kind="empty")
    named = "" if result.names_outliers else "; so no force is named as unlike the others"
    return prose(
        f"In {comparison.current.period.words} the rates of {result.residents} among {len(result.forces)} forces have a variance {number(result.phi, 1)} "
        f"times that of chance (φ, winsorised: the rates furthest out are drawn in first): {result.outside_chance} forces lie outside the 95% limits of "
        f"chance alone, {result.outside_dispersion} outside those that allow for that variance{named}. Forces differ in recording, reporting and police "
        "work as well; the figures cannot say why."
    )


def known(comparison: Comparison) -> View:
    """Return what is known of the figures of a release: gaps, negative counts, late supply, and how far they change later."""
    by_force = pd.DataFrame({own.area.name: own.quarters.set_index("quarter")["offences"] for own in comparison.forces})
    return items(
        _supplied(by_force),
        *(f"{', '.join(gap.forces)}, {gap.months.words}: {gap.what}" for gap in comparison.late_supply),
        _negative(by_force),
        _provisional(comparison),
        "Police recorded crime depends on what is reported, found and recorded. In 2014 the inspectorate of constabulary found about a fifth of reported "
        "crimes, and a quarter of sexual offences, not recorded. Recording has improved since (Office for Statistics Regulation, 2024), which raises the "
        "figures without any change in crime, and makes a rise over the years doubtful.",
        kind="known",
    )


def provenance() -> View:
    """Return how each table held was obtained, how it was checked, and what its limits are."""
    register = load_register()
    parts = [(_heading(source), items(*_lines(source))) for source in (*register.releases, *register.residents)]
    shown = Markup("\n").join(html("heading", 3, heading) + "\n" + lines.html for heading, lines in parts)
    return View(shown, "\n\n".join(f"{heading}\n{lines.text}" for heading, lines in parts))


def decimals(text: str) -> int:
    """Return how many digits a number states after its point.

    Examples
    --------
    >>> decimals("8.80"), decimals("33")
    (2, 0)
    """
    return -int(Decimal(text).as_tuple().exponent)


@functools.cache
def _results() -> tuple[tuple[Method, Example, tuple[float, ...]], ...]:
    return tuple((method, example, example.found()) for method in METHODS for example in method.examples)


def _part(result: Any, path: str) -> Any:
    """Return an attribute of a result, or one point of it."""
    name, _, place = path.partition("[")
    found = attrgetter(name)(result) if name else result
    return found[int(place.rstrip("]"))] if place else found


def _examples(method: Method) -> View:
    rows = [
        (
            html("example", example.given, example.call, example.source),
            _quantities(example, [float(stated) for stated in example.stated.values()]),
            _quantities(example, found),
            "yes" if example.agrees(found) else "no",
        )
        for of, example, found in _results()
        if of is method
    ]
    heads = ("Worked example", "Its source’s result", "Found here", "Agree")
    return table(
        rows_of(heads, rows), [Column(head, head) for head in heads], caption=f"{method.name}: worked examples"
    )


def _quantities(example: Example, values: Sequence[float]) -> str:
    # A quantity keeps to one line.
    return "; ".join(
        f"{name}\N{NO-BREAK SPACE}{number(value, decimals(stated))}"
        for (name, stated), value in zip(example.stated.items(), values, strict=True)
    )


def _share(name: str) -> Any:
    return lambda row: f"{number(100 * getattr(row, name), 1)}%"


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
        yield of.words, f"{population.BANDS[chosen]}, as estimated for {ends}" if chosen else "none near enough: [x]"


def _years(comparison: Comparison) -> list[Period]:
    """Return the whole financial years of the release since its present definition had settled."""
    years = [list(year) for _, year in itertools.groupby(comparison.process.quarters, key=financial_year)]
    return [Period.of_quarters(year[0], year[-1]) for year in years if len(year) == 4]


def _year(period: Period) -> str:
    return financial_year(period.quarters[0])


def _changes(comparison: Comparison, now: Period, then: Period) -> Changes | None:
    offence, release = comparison.offence, comparison.release.id
    return compare(comparison.area, period=now, baseline=then, offence=offence, release=release).changes


def _supplied(by_force: pd.DataFrame) -> str:
    missing = int(by_force.isna().to_numpy().sum())
    gaps = "none is missing" if missing == 0 else f"{number(missing)} were not supplied and are never taken for zero"
    return (
        f"The release has {number(by_force.size)} figures, one for each of {by_force.shape[1]} forces in each of {len(by_force)} quarters; {gaps}. "
        "A 0 in it means that none was recorded."
    )


def _negative(by_force: pd.DataFrame) -> str:
    counts = by_force.to_numpy(dtype=float, na_value=np.nan)
    below = counts[counts < 0]
    if not below.size:
        return "No count is negative."
    last = pd.PeriodIndex(by_force.index)[np.flatnonzero((counts < 0).any(axis=1))[-1]]
    sizes = " and ".join(number(value) for value in np.unique(below)[::-1])
    return (
        f"{below.size} counts are negative ({sizes}), the last in {quarter_label(last)}: real corrections, in which a force took back more than it "
        "recorded in a quarter. They are kept, and a total that is negative has no rate, ratio or interval."
    )


def _provisional(comparison: Comparison) -> str:
    """Return the rule of provisional quarters, with what it was measured on."""
    quarters = load_register().provisional_quarters
    rule = f"The newest {quarters} quarters of a release are provisional: at least half of such figures change later."
    ages = comparison.revisions_by_age
    if not {0, quarters - 1, quarters} <= set(ages.index):
        return rule
    newest, last, firm = (f"{ages['changed'][age]} of {ages['cells'][age]}" for age in (0, quarters - 1, quarters))
    return (
        f"{rule} As measured between full releases, {newest} of the newest quarter’s figures changed later, {last} of the "
        f"last quarter within the rule, and {firm} of the first beyond it. The rule is measured again once "
        f"{revisions.PAIRS_NEEDED} pairs of full releases are held."
    )


def _heading(source: Source) -> str:
    kind = "Recorded offences" if isinstance(source, Release) else "Residents"
    return f"{kind}: {source.words if source.released else source.id}"


def _lines(source: Source) -> list[Markup]:
    of = source.covers.words + (f" ({KINDS[source.kind]})" if isinstance(source, Release) else "")
    parts = {
        "What": f"{source.producer}: {source.title}",
        "Covers": of,
        "How obtained": source.obtained,
        "How checked": source.checked,
        "Known limits": source.limits,
    }
    return [html("named", name, text.rstrip(".") + ".") for name, text in parts.items()]
