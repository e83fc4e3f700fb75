"""The table of pages: which notebook makes each, with which parameters, and what a build may be asked for."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from analysis import files
from analysis.errors import RequestError
from analysis.figures import register
from analysis.publish import answers, site
from analysis.publish.parameters import (
    AnswersParameters,
    AreaParameters,
    ForceOffenceParameters,
    MethodsParameters,
    OffenceParameters,
    PeriodParameters,
    ReleaseParameters,
    area_with_page,
)
from analysis.report import addresses
from analysis.report.view import words
from analysis.terms import areas, offences

_MOST_MATRIX = 1_000_000  # characters, some twenty thousand pages


@dataclass(frozen=True)
class Page:
    """One page: which notebook makes it, with which parameters, and what its files are called.

    Attributes
    ----------
    name
        The address below the output folder, without ``.html``.
    slug
        Stem of its notebook and of its figures.
    notebook
        Name of the notebook.
    parameters
        Validated parameters of that notebook.
    links
        What to call each page that it leads to, by group, for those that stand beside it.
    present
        Names of the pages that its own links may lead to.
    command
        What makes it again.
    site
        The address of the output folder on the web, with a slash at its end, if it has one.
    """

    name: str
    slug: str
    notebook: str
    parameters: PeriodParameters | ReleaseParameters
    links: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    present: tuple[str, ...] = ()
    command: str = ""
    site: str = ""

    @property
    def area(self) -> str:
        """The force or area that the page is about, or an empty string."""
        everywhere = areas.ENGLAND_AND_WALES.name if isinstance(self.parameters, OffenceParameters) else ""
        return str(getattr(self.parameters, "force", everywhere))

    @property
    def top(self) -> str:
        """The way from the page to the output folder; the page for what is not found stands wherever that was looked for."""
        return self.site if self.name == site.NOT_FOUND else "../" * self.name.count("/")

    @property
    def address(self) -> str:
        """Its address on the web, if it has one."""
        return site.address(self.site, self.name) if self.site else ""

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
        The pages to make.
    answers
        The answers for programs to make beside them: an area's, and the index.
    is_site
        Whether they are pages of a site, which link to each other.
    is_subset
        Whether the folder may hold more pages of the same parameters, which are left alone.
    """

    parameters: Mapping[str, Any]
    table: tuple[Page, ...]
    answers: tuple[Page, ...] = ()
    is_site: bool = False
    is_subset: bool = False

    def at(self, address: str) -> Request:
        """Return the request for a site at an address, which names it wherever a page is meant away from the others.

        Raises
        ------
        RequestError
            If it is no address of the web.
        """
        address = site.address_of(address)
        release = ReleaseParameters(release=self.table[0].parameters.release)
        besides = Page(site.NOT_FOUND, site.NOT_FOUND, "site", release)
        here, programs = (
            tuple(replace(page, site=address) for page in pages) for pages in ((*self.table, besides), self.answers)
        )
        return replace(self, parameters={**self.parameters, "site": address}, table=here, answers=programs)

    @property
    def names(self) -> set[str]:
        """The names of all that is to be made."""
        return {page.name for page in (*self.table, *self.answers)}

    def beside_each_other(self, present: Iterable[str]) -> list[Page]:
        """Return the pages to make, with links only to the pages whose names are present."""
        if not self.is_site:
            return list(self.table)
        names = {name for name in present if not name.startswith(answers.FOLDER) and name != site.NOT_FOUND}
        near: defaultdict[str, set[str]] = defaultdict(
            set
        )  # a page leads to those that end as it does, and to those below it
        for name in names:
            if name.count("/") > 1:
                above, _, last = name.rpartition("/")
                near[last].add(name)
                near[above].add(name)
        short = {name for name in names if name.count("/") < 2}

        def linked(page: Page) -> Page:
            led = (
                names
                if page.name in {addresses.INDEX, site.NOT_FOUND}
                else short | near[page.name.rpartition("/")[2]] | near[page.name]
            )
            return replace(page, links=_links(page, names), present=tuple(sorted(led)))

        return [*map(linked, self.table), *self.answers]


def request(
    *,
    force_names: Iterable[str] = (),
    period: str | None = None,
    baseline: str | None = None,
    offence: str | Sequence[str] = (),
    release: str = "latest",
    everything: bool = False,
) -> Request:
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
        Whether each force has a page in depth of every reviewed offence.

    Raises
    ------
    RequestError
        If a force, period, offence or release is unknown, or the release does not hold the period whole.

    Examples
    --------
    >>> wanted = request(force_names=["kent"], release="2026-04-23")
    >>> [page.name for page in wanted.table], wanted.parameters["period"]
    (['forces/kent', 'forces/kent/88a'], '2025-01..2025-12')
    """
    wanted = [offence] if isinstance(offence, str) else list(offence)
    asked = [_asked(period, baseline, each, release) for each in wanted or (addresses.DEFAULT,)]
    shared = {name: value for name, value in asked[0].items() if name != "offence"}
    depth = [*(str(each["offence"]) for each in asked), addresses.DEFAULT]
    if everything:
        depth += [each.code for each in answers.answered_offences(shared["release"])]
    names = [areas.find_area(name).whole.name for name in force_names]
    pages = _all_pages(PeriodParameters(**shared), list(dict.fromkeys(depth)))
    table = tuple(page for page in pages if not names or page.area in names)
    if unknown := set(names) - {page.area for page in table}:
        raise RequestError(
            f"--force: there is no page for {', '.join(sorted(unknown))}; name a force or England and Wales"
        )
    programs = tuple(
        page
        for page in _answers(PeriodParameters(**shared), partnerships=everything and not names)
        if not names or page.area in names
    )
    return Request(shared, table, programs, is_site=True, is_subset=bool(names))


def matrix_request(
    path: Path,
    *,
    period: str | None = None,
    baseline: str | None = None,
    offence: str = "88A",
    release: str = "latest",
) -> Request:
    """Return a request for one page a row of a CSV file, with the other arguments where a row has none of its own.

    Rows of one period, baseline and release are pages of the site, at its addresses;
    others stand by themselves below ``pages``.

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
    shared = {"period": period, "baseline": baseline, "offence": offence, "release": release}
    table: dict[str, Page] = {}
    site: list[Page] = []
    for number, row in _matrix_rows(Path(path), {"force", *shared}):
        try:
            own: dict[str, Any] = {name: row.get(name) or value for name, value in shared.items()}
            area, asked = area_with_page(row["force"]), _asked(**own)
        except RequestError as error:
            raise RequestError(f"{path}: row {number}: {error}") from error
        page = _matrix_page(area, asked)
        table[page.name] = page
        site.append(_in_depth(area, asked))
    if not table:
        raise RequestError(f"{path}: row 2: there is none; give a row for each page to make")
    dates = [
        {name: value for name, value in vars(each.parameters).items() if name in PeriodParameters.model_fields}
        for each in table.values()
    ]
    if all(each == dates[0] for each in dates):
        return Request(dates[0], tuple({page.name: page for page in site}.values()), is_site=True, is_subset=True)
    parameters = {"matrix": files.sha256("\n".join(sorted(table)).encode())}
    return Request(parameters, tuple(table.values()))


def _asked(period: str | None, baseline: str | None, offence: str, release: str) -> dict[str, Any]:
    """Return what is asked for with every default filled in."""
    held = register.load_register().release(release)
    what = held.offence(offence)
    current, base = register.resolve_periods(held, what, period, baseline)
    dates = {"period": str(current), "baseline": None if base is None else str(base)}
    return {**dates, "offence": what.code, "release": held.id}


def _all_pages(asked: PeriodParameters, depth: Sequence[str]) -> list[Page]:
    """Return every page of a site, with those of some offences in depth for each force."""
    given, release = asked.model_dump(), ReleaseParameters(release=asked.release)
    held = register.load_register().release(asked.release)
    national = {each.code: each for each in offences.with_pages() if held.holds(each.code)}
    national |= {code: held.offence(code) for code in depth}
    pages = [
        _page(addresses.INDEX, "index", asked),
        _page(addresses.CHANGES, "changes", asked),
        _page(addresses.NATIONAL, "force_report", AreaParameters(force=areas.ENGLAND_AND_WALES.name, **given)),
    ]
    for force in areas.FORCES:
        own = given | {"force": force.name}
        pages.append(_page(addresses.force_page(force.slug), "force_report", AreaParameters(**own)))
        pages += [
            _page(
                addresses.force_page(force.slug, offence),
                "force_offence",
                ForceOffenceParameters(offence=offence, **own),
            )
            for offence in depth
        ]
    pages += [
        _page(addresses.national_page(code), "offence_report", OffenceParameters(offence=code, **given))
        for code in national
    ]
    methods = MethodsParameters(offence=addresses.DEFAULT, release=asked.release)
    return [
        *pages,
        _page(addresses.CLAIMS, "claims_report", release),
        _page(addresses.METHODS, "methods", methods),
        _page(addresses.BREAKS, "breaks", release),
        _page(addresses.DATA, "data", release),
    ]


def _answers(asked: PeriodParameters, *, partnerships: bool) -> Iterator[Page]:
    """Give what is made for programs: the index, and the answers of each area."""
    given = asked.model_dump()
    yield _page(answers.INDEX, "answers", AnswersParameters(force="", partnerships=partnerships, **given))
    for area in answers.answered_areas(partnerships=partnerships):
        name = str(area.code) if area.by_years else area.name  # several may be called alike
        yield _page(f"{answers.FOLDER}/{area.slug}", "answers", AnswersParameters(force=name, **given))


def _page(name: str, notebook: str, parameters: PeriodParameters | ReleaseParameters) -> Page:
    page = Page(name, addresses.stem(name), notebook, parameters)
    return replace(page, command=_command(page.area, parameters))


def _command(area: str, parameters: PeriodParameters | ReleaseParameters) -> str:
    asked = parameters.model_dump(exclude={"force", "partnerships"}, exclude_none=True)
    one_page = [f'--force "{area}"'] if area else []
    return " ".join(["analysis build", *one_page, *(f"--{name} {value}" for name, value in asked.items())])


def _links(page: Page, present: Collection[str]) -> dict[str, dict[str, str]]:
    """Return what stands at the head of a page: the pages of the site and those a step away, as far as they are present."""
    groups = {"": words("site.pages")}
    if page.area:
        force = None if page.area == areas.ENGLAND_AND_WALES.name else areas.find(page.area)
        groups |= addresses.near(force, getattr(page.parameters, "offence", None))
    found = {
        group: {name: said for name, said in pages.items() if name in present and name != page.name}
        for group, pages in groups.items()
    }
    return {words("site.groups").get(group, ""): pages for group, pages in found.items() if pages}


def _matrix_rows(path: Path, columns: set[str]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        if path.is_fifo():  # to open one would wait for somebody to write into it
            raise RequestError(f"{path}: a pipe; give a CSV file")
        with path.open(encoding="utf-8-sig", newline="") as file:
            text = file.read(_MOST_MATRIX + 1)
        if len(text) > _MOST_MATRIX:
            raise RequestError(f"{path}: larger than {_MOST_MATRIX:,} characters; give the rows in several files")
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        header = reader.fieldnames or ()
        if "force" not in header or set(header) - columns or len(set(header)) < len(header):
            raise RequestError(
                f"{path}: row 1: found columns {', '.join(header) or 'none'}; "
                f"there must be force, and may be {', '.join(sorted(columns - {'force'}))}, each once"
            )
        for number, row in enumerate(reader, 2):
            if None in row or None in row.values():
                raise RequestError(f"{path}: row {number}: not as many cells as the header has")
            yield number, {name: value.strip() for name, value in row.items()}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RequestError(f"{path}: cannot be read as CSV ({error})") from error


def _in_depth(area: areas.Area, asked: Mapping[str, Any]) -> Page:
    """Return the page of a site on an offence of an area."""
    if area == areas.ENGLAND_AND_WALES:
        return _page(addresses.national_page(asked["offence"]), "offence_report", OffenceParameters(**asked))
    depth = ForceOffenceParameters(force=area.name, **asked)
    return _page(addresses.force_page(area.slug, asked["offence"]), "force_offence", depth)


def _matrix_page(area: areas.Area, asked: Mapping[str, Any]) -> Page:
    what = asked["offence"] if asked["offence"] == addresses.DEFAULT else offences.slug_of(asked["offence"])
    parts = (area.slug, what, asked["period"], asked["baseline"] or "none", asked["release"])
    slug = "_".join(re.sub(r"[^A-Za-z0-9-]+", "-", part) for part in parts)
    parameters = ForceOffenceParameters(force=area.name, **asked)
    return Page(f"pages/{slug}", slug, "force_offence", parameters, command=_command(area.name, parameters))
