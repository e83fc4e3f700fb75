"""Where each page stands below the output folder, what a link to it says, and which pages are a step away from another."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from analysis.report.view import say, words
from analysis.terms import areas, offences
from analysis.terms.areas import Area, Force
from analysis.terms.offences import Offence

DEFAULT = "88A"  # the worked example, of which every force has a page
INDEX = "index"
NATIONAL = areas.ENGLAND_AND_WALES.slug
CLAIMS, METHODS, BREAKS, CHANGES, DATA = "claims", "methods", "breaks", "changes", "data"


def force_page(slug: str, offence: str | None = None) -> str:
    """Return where the report of a force stands, or the page of one offence of it, without ``.html``.

    Examples
    --------
    >>> force_page("kent"), force_page("kent", "burglary")
    ('forces/kent', 'forces/kent/burglary')
    """
    return f"forces/{slug}" if offence is None else f"forces/{slug}/{offences.slug_of(offence)}"


def national_page(offence: str) -> str:
    """Return where the page of an offence, by its code, in all of England and Wales stands, without ``.html``.

    Examples
    --------
    >>> national_page("rape")
    'offences/rape'
    """
    return f"offences/{offences.slug_of(offence)}"


def stem(page: str) -> str:
    """Return the stem of the names of a page's notebook and figures.

    Examples
    --------
    >>> stem("forces/kent"), stem("forces/kent/burglary"), stem("offences/rape")
    ('kent', 'kent_burglary', 'offences_rape')
    """
    return "all" if page == DATA else page.removeprefix("forces/").replace("/", "_")


def of_area(area: Area, offence: Offence) -> str:
    """Return which pages tell of an offence in an area, the best first, between bars: a link leads to the first that there is."""
    return f"{force_page(area.slug, offence.code)}|{national_page(offence.code)}"


def of_force(name: str, offence: Offence) -> str:
    """Return which pages tell of an offence in a force, the best first, between bars."""
    slug = areas.find(name).slug
    return f"{force_page(slug, offence.code)}|{force_page(slug)}"


def linked(html: str, present: Collection[str], top: str = "") -> str:
    """Return HTML in which each link that the templates left open leads to the first of its pages that is present, or nowhere.

    Parameters
    ----------
    html
        With links such as ``<a data-page="forces/kent/burglary|offences/burglary#row">``.
    present
        Names of the pages that there are.
    top
        The way to the output folder.

    Examples
    --------
    >>> linked('<a data-page="forces/kent/46|offences/46">Shoplifting</a>', {"offences/46"}, "../")
    '<a href="../offences/46.html">Shoplifting</a>'
    """
    first, *others = html.split('<a data-page="')
    made = [first]
    for other in others:
        pages, _, rest = other.partition('"')
        found = next((page for page in pages.split("|") if page.partition("#")[0] in present), None)
        name, mark, part = (found or "").partition("#")
        made.append(f'<a href="{top}{name}.html{mark}{part}"{rest}' if found else f"<a{rest}")
    return "".join(made)


def near(force: Force | None, offence: str | None) -> dict[str, dict[str, str]]:
    """Return the pages a step away from that of a force, of an offence, or of both: what to call each, by group.

    Examples
    --------
    >>> near(areas.find("Kent"), "88A")["neighbours"]["forces/surrey/88a"]
    'Surrey'
    >>> near(None, "88A")["offences"]["offences/rape"]
    'Rape'
    """
    listed = [each for each in offences.with_pages() if each.code != offence]
    national = {national_page(each.code): each.name for each in listed}
    if force is None:
        return {"offences": national}
    own = {force_page(force.slug, each.code): each.name for each in listed}
    beside = {force_page(each.slug, offence): each.name for each in map(areas.find, force.neighbours)}
    if offence is None:
        return {"force": own, "neighbours": beside, "national": national}
    nation = areas.ENGLAND_AND_WALES.name
    own = {force_page(force.slug): say("site.all-of", area=force.name)} | own
    national = {NATIONAL: say("site.all-of", area=nation)} | national
    return {"force": own, "offence": {national_page(offence): nation}, "neighbours": beside, "national": national}


def findable(kind: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Give each page of a kind that a search may find: its name, what a link to it says, and other words for it.

    Parameters
    ----------
    kind
        ``areas``, ``places``, ``offences`` or ``pages``.

    Examples
    --------
    >>> next(findable("areas"))[:2]
    ('forces/avon-and-somerset', 'Avon and Somerset')
    """
    if kind == "areas":
        for force in areas.FORCES:
            others = (force.region, *force.abbreviations, *force.spellings, *force.places)
            yield force_page(force.slug), force.name, others
    elif kind == "places":
        for part in areas.partnerships():
            page = f"{force_page(part.force.slug)}#partnerships-{areas.slug(part.name)}"
            yield page, say("site.partnership", name=part.name, force=part.force.name), part.authorities
    elif kind == "offences":
        known, also = offences.known(), words("site.offences-found-by")
        for each in offences.with_pages():
            parts = [known[code] for code in each.codes if code in known] if each.kind == "family" else []
            more = [word for part in parts for word in (part.name, *part.aliases)]
            more += also.get(each.code, "").split("|")
            yield national_page(each.code), each.name, (each.code, each.noun, *each.aliases, *filter(None, more))
    else:
        found_by = words("site.found-by")
        for page, said in (words("site.pages") | words("site.sections")).items():
            if page != INDEX:
                yield page, said, tuple(found_by.get(page, "").split("|"))
