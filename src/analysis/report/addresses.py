"""Where each page stands below the output folder, and what a link to it says."""

from __future__ import annotations

from analysis.terms import forces, offences
from analysis.terms.offences import Offence

DEFAULT = "88A"  # the worked example, whose pages have the shortest addresses
NATIONAL = forces.ENGLAND_AND_WALES.slug
CLAIMS = "claims"
METHODS = "methods"
BREAKS = "breaks"

OTHER_PAGES = {
    NATIONAL: "England and Wales, all forces together",
    CLAIMS: "Published claims, each held against the figures",
    METHODS: "Methods and data quality: every formula with a worked example, and what is known of the figures",
    BREAKS: "What changed in what is counted: breaks, events and late supplies, with sources",
}


def force_page(slug: str, offence: str) -> str:
    """Return where the page of a force and an offence stands, without ``.html``.

    Examples
    --------
    >>> force_page("kent", "88A"), force_page("kent", "burglary")
    ('forces/kent', 'forces/kent/burglary')
    """
    return f"forces/{slug}" if offence == DEFAULT else f"forces/{slug}/{offences.slug_of(offence)}"


def offence_page(offence: Offence) -> str:
    """Return where the national page of an offence stands, without ``.html``."""
    return f"offences/{offence.slug}"


def stem(page: str) -> str:
    """Return the stem of the names of a page's notebook and figures.

    Examples
    --------
    >>> stem("forces/kent"), stem("forces/kent/burglary"), stem("offences/rape")
    ('kent', 'kent_burglary', 'offences_rape')
    """
    return page.removeprefix("forces/").replace("/", "_")
