"""Pieces of the page of methods: what is known of the figures, and how each table came here."""

from __future__ import annotations

import numpy as np
import pandas as pd
from markupsafe import Markup

from analysis.comparison import Comparison
from analysis.figures import releases, revisions
from analysis.figures.register import Release, Source, load_register
from analysis.report import markup
from analysis.report.markup import Fragment
from analysis.terms import forces
from analysis.terms.numbers import number
from analysis.terms.periods import quarter_label

KINDS = {
    "full": "every year",
    "partial": "some years only",
    "context": "context only: it never decides whether a figure was revised or reproduced",
}


def known(comparison: Comparison) -> Fragment:
    """Return what is known of the figures of a release: gaps, negative counts, late supply, and how far they change later."""
    wide = releases.matrix(comparison.offence.code, comparison.release.id)
    lines = [
        _supplied(wide),
        *revisions.supplied_late(forces.NAMES),
        _negative(wide),
        *_provisional(comparison.offence.code),
        "Police recorded crime depends on what is reported, found and recorded. In 2014 the inspectorate of constabulary found about a fifth of reported crimes, and a quarter of "
        "sexual offences, not recorded; recording in full would raise the figures without any change in crime.",
    ]
    return Fragment(markup.items(lines, kind="known"), "\n".join(f"- {line}" for line in lines))


def provenance() -> Fragment:
    """Return how each table held was obtained, how it was checked, and what its limits are."""
    register = load_register()
    sources = [*register.releases, *register.residents]
    html = Markup("\n").join(
        Markup("<h3>{}</h3>\n{}").format(_heading(source), markup.items(_lines(source))) for source in sources
    )
    text = "\n\n".join(
        "\n".join([_heading(source), *(line.striptags() for line in _lines(source))]) for source in sources
    )
    return Fragment(html, text)


def _supplied(wide: pd.DataFrame) -> str:
    missing = int(wide.isna().to_numpy().sum())
    gaps = "none is missing" if missing == 0 else f"{number(missing)} were not supplied and are never taken for zero"
    return (
        f"The release has {number(wide.size)} figures, one for each of {wide.shape[1]} forces in each of {len(wide)} quarters; {gaps}. "
        "A 0 in it means that none was recorded."
    )


def _negative(wide: pd.DataFrame) -> str:
    counts = wide.to_numpy(dtype=float, na_value=np.nan)
    below = counts[counts < 0]
    if not below.size:
        return "No count is negative."
    last = pd.PeriodIndex(wide.index)[np.flatnonzero((counts < 0).any(axis=1))[-1]]
    sizes = " and ".join(number(value) for value in np.unique(below)[::-1])
    return (
        f"{below.size} counts are negative ({sizes}), the last in {quarter_label(last)}: real corrections, in which a force took back more than it "
        "recorded in a quarter. They are kept, and a total that is negative has no rate, ratio or interval."
    )


def _provisional(offence: str) -> list[str]:
    """Return the rule of provisional quarters, with what it was measured on."""
    quarters = load_register().provisional_quarters
    rule = f"The newest {quarters} quarters of a release are provisional: at least half of such figures change later."
    ages = revisions.by_age(offence)
    if not {0, quarters - 1, quarters} <= set(ages.index):
        return [rule]
    newest, last, first_firm = (
        f"{ages['changed'][age]} of {ages['cells'][age]}" for age in (0, quarters - 1, quarters)
    )
    return [
        f"{rule} As measured between full releases, {newest} of the newest quarter’s figures changed later, {last} of the "
        f"last quarter within the rule, and {first_firm} of the first beyond it. The rule is measured again once "
        f"{revisions.PAIRS_NEEDED} pairs of full releases are held."
    ]


def _heading(source: Source) -> str:
    kind = "Recorded offences" if isinstance(source, Release) else "Residents"
    return f"{kind}: {source.words if source.released else source.id}"


def _lines(source: Source) -> list[Markup]:
    of = f"{source.covers.words}" + (f" ({KINDS[source.kind]})" if isinstance(source, Release) else "")
    parts = {
        "What": f"{source.producer}: {source.title}",
        "Covers": of,
        "How obtained": source.obtained,
        "How checked": source.checked,
        "Known limits": source.limits,
    }
    return [Markup("<b>{}.</b> {}").format(name, text.rstrip(".") + ".") for name, text in parts.items()]
