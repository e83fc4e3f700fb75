"""The pages as one table: which notebook makes each, with which parameters, at which address; and what a build may be asked for."""

from __future__ import annotations

import csv
import io
import json
import logging
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from analysis import errors, files
from analysis.errors import RequestError
from analysis.figures import register
from analysis.report import addresses
from analysis.report.view import words
from analysis.terms import areas, offences
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

_log = logging.getLogger(__name__)

_PERIODS = ("period", "baseline", "release")
# What each notebook is run with.
NOTEBOOKS: Mapping[str, tuple[str, ...]] = {
    "index": _PERIODS,
    "changes": _PERIODS,
    "force_report": (*_PERIODS, "force"),
    "briefing": (*_PERIODS, "force"),  # of two sheets, printed beside a report
    "force_offence": (*_PERIODS, "force", "offence"),
    "offence_report": (*_PERIODS, "offence"),
    "breaks": ("release",),
    "claims_report": ("release",),
    "data": ("release",),
    "methods": ("release", "offence"),
}
_KNOWN = (*_PERIODS, "force", "offence")  # what a notebook of one's own may be run with
ANSWERS = "answers"
ANSWERS_INDEX = f"{ANSWERS}/index"
NOT_FOUND = "404"
OWN = "own/"  # before the names of what is not the project's
_WITH_PAGE = "name a force or England and Wales"
_MOST_MATRIX = 1_000_000  # bytes, some twenty thousand pages
_MOST_NOTEBOOK = 50_000_000  # bytes
_SETS = re.compile(r"^(\w+)\s*(?::.*?)?=(?!=)", re.MULTILINE)  # the name that a line of a cell of parameters sets


def area_with_page(name: str) -> areas.Area:
    """Return a force, England and Wales, or an area of one's own that forces make up: what there may be a page of."""
    area = areas.find_area(name).whole
    if len(area.forces) > 1 and area not in (areas.ENGLAND_AND_WALES, *areas.own().values()):
        raise RequestError(f"force: there is no page for {area.name}; {_WITH_PAGE}")
    return area


def _checked(name: str, value: Any) -> str | None:
    """Return a parameter as a notebook is run with it, or refuse it."""
    if value is None and name == "baseline":
        return None
    # papermill takes `-p offence 39` for a number.
    text = errors.text_of(str(value) if type(value) is int else value, name, "give text")
    if name in {"period", "baseline"}:
        return str(Period.parse(text).require_quarters())
    return area_with_page(text).name if name == "force" else text


def given(notebook: str, names: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a notebook is run with once that has been judged; the notebook's first cell asks.

    Parameters
    ----------
    notebook
        The name of the notebook, without ``.ipynb``.
    names
        The notebook's ``globals()``: the values of the parameters that its first cell declares, and what papermill injected.

    Returns
    -------
    dict
        Each parameter by its name.

    Raises
    ------
    RequestError
        In one line, if a parameter is unknown, missing or not as it should be.

    Examples
    --------
    >>> given("methods", {"offence": 39, "release": "2026-04-23"})
    {'release': '2026-04-23', 'offence': '39'}
    """
    known = NOTEBOOKS.get(notebook) or [name for name in _KNOWN if name in names]
    if not known:
        raise RequestError(f"{notebook}: has no parameter that is known; there are {', '.join(_KNOWN)}")
    # The newest cell of papermill's own is known by its first line.
    newest = next((cell for cell in reversed(names.get("In", ())) if cell.startswith("# Parameters\n")), "")
    found = {}
    for name in dict.fromkeys([*known, *(_SETS.findall(newest) if notebook in {*NOTEBOOKS, "explore"} else [])]):
        try:
            if name not in known or name not in names:
                wrong = "is missing" if name in known else f"is unknown; there are {', '.join(known)}"
                raise RequestError(f"{name}: {wrong}")
            found[name] = _checked(name, names[name])
        except RequestError as error:
            raise RequestError(f"{notebook}: parameter {name}: {error.detail}") from None
    return found


def read_notebook(name: str, content: bytes) -> dict[str, Any]:
    """Return a notebook without outputs, or refuse one without parameters."""
    try:
        notebook: dict[str, Any] = json.loads(content)
        tags = [tag for cell in notebook["cells"] for tag in cell["metadata"].get("tags", ())]
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"])
            if cell["cell_type"] == "code":
                cell |= {"outputs": [], "execution_count": None}  # papermill would copy half a megabyte for each page
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise RequestError(f"{name}: cannot be read as a notebook ({error}); give one as Jupyter saves it") from error
    if "parameters" not in tags:
        raise RequestError(f"{name}: no cell is tagged 'parameters'; tag the cell that sets them")
    return notebook


@dataclass(frozen=True)
class Page:
    """One page: which notebook makes it, with which parameters, and where it stands.

    Attributes
    ----------
    name
        The address below the output folder, without ``.html``.
    notebook
        Name of the notebook.
    parameters
        What that is run with.
    links
        What to call each page that it leads to, by group, for those that stand beside it.
    present
        Names of the pages that its own links may lead to.
    site
        The address of the output folder on the web, with a slash at its end, if it has one.
    pdf
        The version of Chromium that prints it as PDF too, if one does.
    """

    name: str
    notebook: str
    parameters: Mapping[str, Any]
    links: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    present: Sequence[str] = ()
    site: str = ""
    pdf: str = ""

    @property
    def slug(self) -> str:
        """Stem of the names of its notebook and of its figures."""
        return addresses.stem(self.name)

    @property
    def is_own(self) -> bool:
        """Whether it is made by a notebook that is not the project's."""
        return self.notebook.startswith(OWN)

    @property
    def has_briefing(self) -> bool:
        """Whether a briefing of two sheets is printed beside it."""
        return bool(self.pdf) and self.notebook == "force_report"

    @property
    def area(self) -> str:
        """The force or area that the page is about, or an empty string."""
        everywhere = areas.ENGLAND_AND_WALES.name if self.notebook == "offence_report" else ""
        return str(self.parameters.get("force", everywhere))

    @property
    def top(self) -> str:
        """The way from the page to the output folder; the page for what is not found stands wherever that was looked for."""
        return self.site if self.name == NOT_FOUND else "../" * self.name.count("/")

    @property
    def address(self) -> str:
        """Its address on the web, if it has one."""
        return address_on(self.site, self.name) if self.site else ""

    @property
    def command(self) -> str:
        """What makes it again."""
        named = {"notebook": f"{self.notebook.removeprefix(OWN)}.ipynb" if self.is_own else None}
        named |= {"force": f'"{self.area}"' if self.area else None}
        named |= {name: self.parameters.get(name) for name in (*_PERIODS, "offence")}
        return "analysis build" + "".join(f" --{name} {value}" for name, value in named.items() if value is not None)

    @property
    def concerned(self) -> list[Offence]:
        """The offence of the page, if it has one, or every offence that a shipped claim is about."""
        if self.notebook == "claims_report":
            from analysis import claims  # here, since a build of unchanged pages does without

            return [claim.counted_as for claim in claims.shipped()]
        found = offences.known().get(self.parameters.get("offence", ""))
        return [found] if found else []

    @property
    def depth(self) -> list[str]:
        """Offences of which each force that is present has a page in depth, where the page leads to all of them."""
        if self.name != addresses.INDEX:
            return []
        each = [name.split("/") for name in self.present if name.startswith("forces/")]
        told = Counter(parts[2] for parts in each if len(parts) > 2)
        return sorted(offence for offence, count in told.items() if count == len({parts[1] for parts in each}))


@dataclass(frozen=True)
class Request:
    """What a build is asked for.

    Attributes
    ----------
    parameters
        What all pages of the folder have in common; a folder holds pages of one set only.
    table
        The pages to make, and the answers for programs.
    is_subset
        Whether the folder may hold more pages of the same parameters, which are left alone.
    notebooks
        The bytes of notebooks that are not the project's, by the names that pages give them.
    """

    parameters: Mapping[str, Any]
    table: tuple[Page, ...]
    is_subset: bool = False
    notebooks: Mapping[str, bytes] = field(default_factory=dict)

    def at(self, address: str) -> Request:
        """Return the request for a site at an address, which names it wherever a page is meant away from the others.

        Raises
        ------
        RequestError
            If it is no address of the web.
        """
        is_plain = re.fullmatch(r"https?://[\w.-]+(?::\d+)?(?:/[!-~]*)?", address, re.ASCII)
        if not is_plain or set(address) & {"?", "#"}:
            right = "give the address of the site, such as https://example.org/crime/"
            raise RequestError(f"--site: found {address!r}; {right}")
        address = address.rstrip("/") + "/"
        besides = Page(NOT_FOUND, "site", {"release": self.table[0].parameters["release"]})
        table = tuple(replace(page, site=address) for page in (*self.table, besides))
        return replace(self, parameters={**self.parameters, "site": address}, table=table)

    def on_paper(self, chromium: str) -> Request:
        """Return the request for pages that a version of Chromium prints as PDF too."""
        printed = (page if page.notebook in {"answers", "site"} else replace(page, pdf=chromium) for page in self.table)
        return replace(self, table=tuple(printed))

    @property
    def names(self) -> set[str]:
        """The names of all that is to be made."""
        return {page.name for page in self.table}

    def beside_each_other(self, present: Iterable[str]) -> list[Page]:
        """Return the pages to make, with links only to the pages whose names are present."""
        names = {name for name in present if not name.startswith((ANSWERS, OWN)) and name != NOT_FOUND}
        # A page leads to those that end as it does, and to those below it.
        near: defaultdict[str, set[str]] = defaultdict(set)
        for name in names:
            above, _, last = name.rpartition("/")
            for key in (last, above) if "/" in above else ("",):
                near[key].add(name)

        def linked(page: Page) -> Page:
            is_of_all = page.name in {addresses.INDEX, NOT_FOUND}
            led = names if is_of_all else near[""] | near[page.name.rpartition("/")[2]] | near[page.name]
            return replace(page, links=_links(page, names), present=tuple(sorted(led)))

        return [page if page.notebook == "answers" else linked(page) for page in self.table]


def answered_areas(*, partnerships: bool = False) -> Iterator[areas.Area]:
    """Give each area that has answers: nation, countries, regions and forces, and partnerships if they are asked for."""
    codes = [each.code for each in areas.partnerships()] if partnerships else []
    yield from areas.AREAS.values()
    yield from map(areas.find_area, [*areas.NAMES, *codes])


def answered_offences(release: str, area: areas.Area | None = None) -> list[Offence]:
    """Return the offences that have answers: every reviewed one that a release holds, and the tables of the area's kind."""
    from analysis.figures import vintages  # here, since a build of unchanged pages does without NumPy

    tables = [register.load_register().release(release)]
    if area and area.by_years:
        tables.append(vintages.publications(vintages.PARTNERSHIPS)[-1])
    return [each for each in offences.with_pages() if all(table.holds(each.code) for table in tables)]


def address_on(site: str, page: str) -> str:
    """Return the one address of a page, by its name.

    Examples
    --------
    >>> address_on("https://example.org/", "index"), address_on("https://example.org/", "forces/kent")
    ('https://example.org/', 'https://example.org/forces/kent.html')
    """
    return site if page == addresses.INDEX else f"{site}{page}.html"


def request(
    *,
    force_names: Iterable[str] = (), period: str | None = None, baseline: str | None = None,
    offence: str | Sequence[str] = (), release: str = "latest", everything: bool = False,
) -> Request:  # fmt: skip
    """Return a request with every name resolved and every default filled in, or refuse it.

    Parameters
    ----------
    force_names
        Forces by any spelling, or ``England and Wales``; by default every page.
    period, baseline
        As :func:`analysis.compare` takes them; by default the latest four quarters and the same a year before.
    offence
        Offences, by any name, of which each force has a page in depth beside that of 88A.
    release
        A release's id, or ``latest``.
    everything
        Whether each force has a page in depth of every reviewed offence, and each partnership has answers.

    Raises
    ------
    RequestError
        If a force, period, offence or release is unknown, or the release does not hold the period whole.

    Examples
    --------
    >>> wanted = request(force_names=["kent"], release="2026-04-23")
    >>> [page.name for page in wanted.table], wanted.parameters["period"]
    (['forces/kent', 'forces/kent/88a', 'answers/kent'], '2025-01..2025-12')
    """
    wanted = [offence] if isinstance(offence, str) else list(offence)
    asked = [_asked(period, baseline, each, release) for each in wanted or (addresses.DEFAULT,)]
    shared = _periods(asked[0])
    depth = [*(each["offence"] for each in asked), addresses.DEFAULT]
    if everything:
        depth += [each.code for each in answered_offences(shared["release"])]
    found = [areas.find_area(name).whole for name in force_names]
    for area in found:
        if area.place:
            _log.warning("--force %s: the page is that of %s", area.asked, area.name)
    names = {area.name for area in found}
    pages = [*_pages(shared, list(dict.fromkeys(depth))), *_answers(shared, partnerships=everything and not names)]
    table = tuple(page for page in pages if not names or page.area in names)
    if unknown := names - {page.area for page in table if page.notebook != "answers"}:
        raise RequestError(f"--force: there is no page for {', '.join(sorted(unknown))}; {_WITH_PAGE}")
    return Request(shared, table, is_subset=bool(names))


def matrix_request(
    path: Path, *, period: str | None = None, baseline: str | None = None, offence: str = addresses.DEFAULT,
    release: str = "latest",
) -> Request:  # fmt: skip
    """Return a request for one page a row of a CSV file, with the other arguments where a row has none of its own.

    Rows of one period, baseline and release are pages of the site, at its addresses; where they differ, each address
    ends in them.

    Parameters
    ----------
    path
        A CSV with a header: ``force`` and, as wanted, ``period``, ``baseline``, ``offence`` and ``release``.
    period, baseline, offence, release
        As :func:`request` takes them.

    Raises
    ------
    RequestError
        If the file cannot be read, a column is unknown, or a row asks for what there is not; it names the row.
    """
    shared: dict[str, Any] = {"period": period, "baseline": baseline, "offence": offence, "release": release}
    text = files.text(Path(path), most=_MOST_MATRIX, right="give a CSV file, or several")
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        header, rows = reader.fieldnames or (), list(reader)
    except csv.Error as error:
        raise RequestError(f"{path}: cannot be read as CSV ({error})") from error
    if "force" not in header or set(header) - {"force", *shared} or len(set(header)) < len(header):
        right = f"there must be force, and may be {', '.join(sorted(shared))}, each once"
        raise RequestError(f"{path}: row 1: found columns {', '.join(header) or 'none'}; {right}")
    wanted = []
    for number, row in enumerate(rows, 2):
        try:
            if None in row or None in row.values():
                raise RequestError("not as many cells as the header has")
            own = {name: row.get(name, "").strip() or value for name, value in shared.items()}
            wanted.append((area_with_page(row["force"].strip()), _asked(**own)))
        except RequestError as error:
            raise RequestError(f"{path}: row {number}: {error}") from error
    if not wanted:
        raise RequestError(f"{path}: row 2: there is none; give a row for each page to make")
    first = _periods(wanted[0][1])
    is_mixed = any(_periods(asked) != first for _, asked in wanted)
    table = {page.name: page for page in (_page_of_row(area, asked, is_mixed=is_mixed) for area, asked in wanted)}
    if is_mixed:
        first = {"matrix": files.sha256("\n".join(sorted(table)).encode())}
    return Request(first, tuple(table.values()), is_subset=not is_mixed)


def notebook_request(
    path: Path, *, force_names: Iterable[str] = (), period: str | None = None, baseline: str | None = None,
    offence: str = addresses.DEFAULT, release: str = "latest",
) -> Request:  # fmt: skip
    """Return a request for the pages of a notebook of one's own, which may stand beside those of a site and are linked from none.

    Parameters
    ----------
    path
        The notebook. The cell tagged ``parameters`` sets ``release`` and, as wanted, ``force``, ``offence``, ``period`` and
        ``baseline``, which the other arguments take the place of; whatever else it sets stays.
    force_names
        The forces to make a page of; by default all, and England and Wales, where the notebook takes a force.
    period, baseline, offence, release
        As :func:`request` takes them.

    Raises
    ------
    RequestError
        If the notebook cannot be read or does not take what is asked for, or that is unknown.
    """
    path = Path(path)
    if not (slug := areas.slug(path.stem)):
        raise RequestError(f"{path}: its name has no letter that an address may have; rename it, such as mine.ipynb")
    content = files.read(path, most=_MOST_NOTEBOOK, right="give a notebook, such as mine.ipynb")
    cells = read_notebook(str(path), content)["cells"]
    sets = next(cell["source"] for cell in cells if "parameters" in cell["metadata"].get("tags", ()))
    declared = _SETS.findall(sets)
    asked, forces = _asked(period, baseline, offence, release), [area_with_page(name) for name in force_names]
    for name in ("release", *(["force"] if forces else [])):
        if name not in declared:
            raise RequestError(f"{path}: its parameters cell sets no {name}; set one there, such as {name} = 'latest'")
    name = f"{OWN}{slug}"
    taken = {each: value for each, value in asked.items() if each in declared}
    if "force" not in declared:
        table = [Page(name, name, taken)]
    else:
        every = forces or [areas.ENGLAND_AND_WALES, *map(areas.find_area, areas.NAMES)]
        table = [Page(f"{name}/{area.slug}", name, {**taken, "force": area.name}) for area in every]
    return Request(_periods(asked), tuple(table), is_subset=True, notebooks={name: content})


def _asked(period: str | None, baseline: str | None, offence: str, release: str) -> dict[str, Any]:
    """Return what is asked for with every default filled in."""
    held = register.load_register().release(release)
    what = held.offence(offence)
    current, base = register.resolve_periods(held, what, period, baseline)
    dates = {"period": str(current), "baseline": None if base is None else str(base)}
    return {**dates, "offence": what.code, "release": held.id}


def _periods(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {name: asked[name] for name in _PERIODS}


def _pages(asked: Mapping[str, Any], depth: Sequence[str]) -> Iterator[Page]:
    """Give every page of a site, with those of some offences in depth for each force."""
    release = {"release": asked["release"]}
    held = register.load_register().release(asked["release"])
    national = {each.code: each for each in offences.with_pages() if held.holds(each.code)}
    national |= {code: held.offence(code) for code in depth}
    yield Page(addresses.INDEX, "index", asked)
    yield Page(addresses.CHANGES, "changes", asked)
    yield Page(addresses.NATIONAL, "force_report", {**asked, "force": areas.ENGLAND_AND_WALES.name})
    for area in (*map(areas.Area.of, areas.FORCES), *(each for each in areas.own().values() if not each.by_years)):
        own = {**asked, "force": area.name}
        yield Page(addresses.force_page(area.slug), "force_report", own)
        for code in depth:
            yield Page(addresses.force_page(area.slug, code), "force_offence", {**own, "offence": code})
    for code in national:
        yield Page(addresses.national_page(code), "offence_report", {**asked, "offence": code})
    yield Page(addresses.CLAIMS, "claims_report", release)
    yield Page(addresses.METHODS, "methods", {**release, "offence": addresses.DEFAULT})
    yield Page(addresses.BREAKS, "breaks", release)
    yield Page(addresses.DATA, "data", release)


def _answers(asked: Mapping[str, Any], *, partnerships: bool) -> Iterator[Page]:
    """Give what is made for programs: the index, and the answers of each area."""
    yield Page(ANSWERS_INDEX, "answers", {**asked, "force": "", "partnerships": partnerships})
    for area in answered_areas(partnerships=partnerships):
        name = str(area.code) if area.by_years else area.name  # several may be called alike
        yield Page(f"{ANSWERS}/{area.slug}", "answers", {**asked, "force": name})


def _links(page: Page, present: Collection[str]) -> dict[str, dict[str, str]]:
    """Return what stands at the head of a page: the pages of the site and those a step away, as far as they are present."""
    groups, links = {"": words("site.pages")}, {}
    if page.area:
        force = areas.find(page.area) if page.area in areas.NAMES else None
        groups |= addresses.near(force, page.parameters.get("offence", addresses.DEFAULT if page.is_own else None))
    for group, pages in groups.items():
        if found := {name: said for name, said in pages.items() if name in present and name != page.name}:
            links[words("site.groups").get(group, "")] = found
    return links


def _page_of_row(area: areas.Area, asked: Mapping[str, Any], *, is_mixed: bool) -> Page:
    """Return the page of an offence of an area, by an address that tells its periods where those of a matrix differ."""
    if area == areas.ENGLAND_AND_WALES:
        page = Page(addresses.national_page(asked["offence"]), "offence_report", asked)
    else:
        page = Page(addresses.force_page(area.slug, asked["offence"]), "force_offence", {**asked, "force": area.name})
    told = [re.sub("[^A-Za-z0-9-]+", "-", f"_{value or 'none'}") for value in _periods(asked).values()]
    return replace(page, name=page.name + "".join(told)) if is_mixed else page
