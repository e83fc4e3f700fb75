"""Where each page stands below the output folder, what a link to it says, and which pages are a step away from another."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from analysis.report.view import words
from analysis.terms import areas, offences
from analysis.terms.areas import Force

DEFAULT = "88A"  # the worked example, whose pages have the shortest addresses
INDEX = "index"
NATIONAL = areas.ENGLAND_AND_WALES.slug
CLAIMS = "claims"
METHODS = "methods"
BREAKS = "breaks"

# What stands at the head of every page.
SITE = {INDEX: "All forces", NATIONAL: "England and Wales", CLAIMS: "Claims", METHODS: "Methods", BREAKS: "Breaks"}


def force_page(slug: str, offence: str) -> str:
    """Return where the page of a force and an offence stands, without ``.html``.

    Examples
    --------
    >>> force_page("kent", "88A"), force_page("kent", "burglary")
    ('forces/kent', 'forces/kent/burglary')
    """
    return f"forces/{slug}" if offence == DEFAULT else f"forces/{slug}/{offences.slug_of(offence)}"


def force_pages(offence: str, missing: Collection[str] = ()) -> dict[str, str]:
    """Return where each force's page of an offence stands, without ``.html``, by the force's name.

    Parameters
    ----------
    offence
        The code or id of the offence.
    missing
        Slugs of forces that have no page.

    Examples
    --------
    >>> force_pages("88A", missing=["kent"])["Surrey"]
    'forces/surrey'
    """
    return {force.name: force_page(force.slug, offence) for force in areas.FORCES if force.slug not in missing}


def national_page(offence: str) -> str:
    """Return where the page of an offence, by its code, in all of England and Wales stands, without ``.html``.

    Examples
    --------
    >>> national_page("88A"), national_page("rape")
    ('england-and-wales', 'offences/rape')
    """
    return NATIONAL if offence == DEFAULT else f"offences/{offences.slug_of(offence)}"


def stem(page: str) -> str:
    """Return the stem of the names of a page's notebook and figures.

    Examples
    --------
    >>> stem("forces/kent"), stem("forces/kent/burglary"), stem("offences/rape")
    ('kent', 'kent_burglary', 'offences_rape')
    """
    return page.removeprefix("forces/").replace("/", "_")


def near(force: Force | None, offence: str) -> dict[str, dict[str, str]]:
    """Return the pages a step away from that of an offence in a force, or in all of them: what to call each, by group.

    Examples
    --------
    >>> near(areas.find("Kent"), "88A")["Neighbouring forces"]["forces/surrey"]
    'Surrey'
    >>> near(None, "88A")["Other offences, all forces together"]["offences/rape"]
    'Rape'
    """
    national = {national_page(each.code): each.name for each in offences.with_pages() if each.code != offence}
    others = {"Other offences, all forces together": national}
    if force is None:
        return others
    beside = map(areas.find, force.neighbours)
    return {
        "Neighbouring forces": {force_page(each.slug, offence): each.name for each in beside},
        "This offence": {national_page(offence): "England and Wales"},
    } | others


def linkable(offence: str) -> dict[str, str]:
    """Return every page that the index of an offence may link to, and by which name it is told that there is none."""
    return {page: called for page, called, *_ in findable(offence)}


def findable(offence: str) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """Give each page with the name by which the index calls it, what a link to it says, and other words for it."""
    for force in areas.FORCES:
        others = [force.region, *force.spellings, *force.places]
        yield force_page(force.slug, offence), force.slug, force.name, tuple(others)
    known = {each.code: each for each in offences.with_pages()}
    if offence not in known:
        known[offence] = offences.known().get(offence) or offences.unlisted(offence, f"Code {offence}")
    for each in known.values():
        page, said = national_page(each.code), f"{each.name}, England and Wales"
        yield page, page, said, (each.code, each.noun, *each.aliases)
    for page, written in words("site.other-pages").items():
        said, *others = written.split("|")
        yield page, page, said, tuple(others)
