"""What a build makes besides pages: answers for programs; and for a site with an address cards as PNG, a list of pages and a feed."""

from __future__ import annotations

import csv
import io
import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from analysis.errors import RequestError
from analysis.figures import vintages
from analysis.figures.register import load_register
from analysis.report import addresses
from analysis.report.view import say, template
from analysis.terms import areas, offences
from analysis.terms.areas import Area
from analysis.terms.offences import Offence

if TYPE_CHECKING:
    from analysis.publish.pages import Page

ANSWERS = "answers"
ANSWERS_INDEX = f"{ANSWERS}/index"
NOT_FOUND = "404"
_DOTS = 100  # for each inch of a card, which is 1200 by 630
_INK, _GREY, _BLUE = "#1d1d1f", "#58585c", "#12436d"


def answered_areas(*, partnerships: bool = False) -> Iterator[Area]:
    """Give each area that has answers: nation, countries, regions and forces, and partnerships if they are asked for."""
    yield from areas.AREAS.values()
    yield from map(areas.find_area, areas.NAMES)
    if partnerships:
        yield from (areas.find_area(each.code) for each in areas.partnerships())


def answered_offences(release: str, area: Area | None = None) -> list[Offence]:
    """Return the offences that have answers: every reviewed one that a release holds, and the tables of the area's kind."""
    tables = [load_register().release(release)]
    if area and area.by_years:
        tables.append(vintages.publications(vintages.PARTNERSHIPS)[-1])
    return [each for each in offences.with_pages() if all(table.holds(each.code) for table in tables)]


def answers(asked: Mapping[str, Any]) -> dict[str, bytes]:
    """Return what ``compare --json`` says of an area, a file an offence; or the index and the schemas, where no area is asked for."""
    from analysis.comparison import compare

    release = asked["release"]
    if not asked["force"]:
        return _index(asked)
    area = areas.find_area(asked["force"])
    # Of a partnership, the newest years of its own tables.
    figures = {} if area.by_years else {name: asked[name] for name in ("period", "baseline", "release")}
    return {
        _path(area, each): _json(compare(area, offence=each.code, **figures).to_dict())
        for each in answered_offences(release, area)
    }


def _index(asked: Mapping[str, Any]) -> dict[str, bytes]:
    from analysis.claims import check, verdicts
    from analysis.comparison.compare import SCHEMA, json_schema

    release = asked["release"]
    listed = [
        {"name": area.name, "kind": area.kind, "answers": {each.code: _path(area, each) for each in answered_offences(release, area)}}
        for area in answered_areas(partnerships=asked["partnerships"])
    ]  # fmt: skip
    named = [{"code": each.code, "name": each.name} for each in answered_offences(release)]
    periods = {name: asked[name] for name in ("release", "period", "baseline")}
    index = {"schema": SCHEMA, **periods, "offences": named, "areas": listed}
    schemas = {"compare": json_schema(), "claims": verdicts.json_schema(), "check": check.json_schema()}
    made = {f"schema/{name}.json": _json(each) for name, each in schemas.items()}
    return {f"{ANSWERS_INDEX}.json": _json(index)} | made


def _path(area: Area, offence: Offence) -> str:
    return f"{ANSWERS}/{area.slug}/{offence.slug}.json"


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def address_of(text: str) -> str:
    """Return the address of a site, which ends in a slash, or refuse what is none.

    Raises
    ------
    RequestError
        If it is not of the web, or has more than a host and a path.

    Examples
    --------
    >>> address_of("https://example.org/crime")
    'https://example.org/crime/'
    """
    try:
        parts = urlsplit(text)
        is_good = parts.scheme in {"http", "https"} and parts.hostname and parts.port is not False
    except ValueError:  # as of a port that is no number
        is_good = False
    if not is_good or parts.query or parts.fragment or parts.username or not re.fullmatch(r"[!-~]+", text):
        raise RequestError(f"--site: found {text!r}; give the address of the site, such as https://example.org/crime/")
    return text.rstrip("/") + "/"


def address(site: str, page: str) -> str:
    """Return the one address of a page, by its name.

    Examples
    --------
    >>> address("https://example.org/", "index"), address("https://example.org/", "forces/kent")
    ('https://example.org/', 'https://example.org/forces/kent.html')
    """
    return site if page == addresses.INDEX else f"{site}{page}.html"


def card(title: str, said: str, figures: Mapping[str, str]) -> bytes:
    """Return what stands for a page where a link to it is shared, as PNG: what its first lines say, and its quarters.

    Parameters
    ----------
    title, said
        Its title and its first lines.
    figures
        Its figures as CSV, by name.

    Returns
    -------
    bytes
        1200 by 630 pixels; the same for the same words, figures and version of Matplotlib.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with mpl.rc_context(mpl.rcParamsDefault | {"font.family": "DejaVu Sans", "text.parse_math": False}):
        figure = Figure(figsize=(1200 / _DOTS, 630 / _DOTS), dpi=_DOTS, facecolor="white")
        figure.add_artist(mpl.patches.Rectangle((0, 1 - 12 / 630), 1, 12 / 630, color=_BLUE))
        heads, lines = textwrap.wrap(title, 54), textwrap.wrap(said, 78)
        top = 146 + 42 * len(heads)
        below = top + 33 * len(lines)
        texts = [(80, say("site.name"), 26, _GREY, "normal"), (600, load_register().attribution, 18, _GREY, "normal")]
        texts += [(140 + 42 * number, line, 32, _INK, "bold") for number, line in enumerate(heads)]
        texts += [(top + 33 * number, line, 24, _INK, "normal") for number, line in enumerate(lines)]
        for y, text, size, colour, weight in texts:
            figure.text(0.05, 1 - y / 630, text, fontsize=size * 72 / _DOTS, color=colour, weight=weight)
        counts = _quarters(figures)
        if len(counts) > 1 and below < 480:
            axes = figure.add_axes((0.05, 45 / 630, 0.9, (550 - below) / 630))
            axes.bar(range(len(counts)), counts, color=_BLUE, width=0.7)
            axes.set_xlim(-0.5, len(counts) - 0.5)
            axes.set_axis_off()
        made = io.BytesIO()
        FigureCanvasAgg(figure).print_png(made, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return made.getvalue()


def _quarters(figures: Mapping[str, str]) -> list[float]:
    """Return the counts of the one offence that a page draws by quarter, oldest first; none where it draws another thing."""
    rows = csv.DictReader(io.StringIO(figures.get("quarters", "")))
    return [float(row["offences"]) for row in rows if row.get("offences") and "offence" not in row]


def content(page: Page) -> dict[str, bytes]:
    """Return the files of a site that are no pages: the list of those that are present, and the feed."""
    newest_first = sorted(_entries(page), key=lambda entry: (entry[1], entry[0]), reverse=True)
    told = {
        "site": page.site,
        "name": say("site.name"),
        "pages": [address(page.site, name) for name in page.present],
        "released": load_register().release(page.parameters["release"]).released,
        "entries": [(name, day, title, said, _link(page, to)) for name, day, title, said, to in newest_first],
    }
    return {name: (template(f"{name}.j2").render(told) + "\n").encode() for name in ("sitemap.xml", "feed.xml")}


def _link(page: Page, to: str) -> str:
    at, mark, part = to.partition("#")
    return address(page.site, at) + mark + part if at in page.present else page.site


def _entries(page: Page) -> Iterator[tuple[str, date, str, str, str]]:
    """Give what is new: each entry's name, day, title, words, and where it leads below the site."""
    from analysis import claims
    from analysis.claims.documents import load_corrections
    from analysis.claims.wording import answer

    held = load_register()
    newest = held.release(page.parameters["release"])
    until = newest.released or date.min
    days = [(each, each.released) for each in held.releases if each.kind == "full" and each.released]
    days = [(each, day) for each, day in days if day <= until]
    for each, day in days:
        link = addresses.CHANGES if each == newest else addresses.DATA
        yield f"release-{each.id}", day, say("site.feed-release", release=each.words), each.title, link
    if len(days) > 1 and newest == held.release("latest"):
        for then, now in claims.changed(claims.shipped(), since=days[-2][0].id):
            name = now.claim.id
            title = say("site.feed-verdict", claim=name, now=now.name, then=then.name)
            yield f"verdict-{newest.id}-{name}", until, title, answer(now), f"{addresses.CLAIMS}#claim-{name}"
    for one in load_corrections().corrections:
        title, said, day = say("site.feed-correction", claim=one.claim), f"{one.says}. {one.reason}", one.date
        yield f"correction-{day}-{one.claim}", day, title, said, f"{addresses.CLAIMS}#claim-{one.claim}"
