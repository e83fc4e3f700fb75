"""The table of pages: which notebook makes each, with which parameters, and what a build may be asked for."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from analysis import files
from analysis.errors import RequestError
from analysis.figures import register
from analysis.publish.parameters import (
    BreaksParameters,
    ClaimsParameters,
    FigureParameters,
    ForceParameters,
    IndexParameters,
    MethodsParameters,
    OffenceParameters,
    ReleaseParameters,
    area_with_page,
)
from analysis.report import addresses
from analysis.terms import areas, offences
from analysis.terms.offences import Offence

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
    command
        What makes it again.
    """

    name: str
    slug: str
    notebook: str
    parameters: FigureParameters | ReleaseParameters
    links: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    command: str = ""

    @property
    def area(self) -> str:
        """The force or area that the page is about, or an empty string."""
        everywhere = areas.ENGLAND_AND_WALES.name if isinstance(self.parameters, OffenceParameters) else ""
        return str(getattr(self.parameters, "force", everywhere))

    @property
    def top(self) -> str:
        """The way from the page to the output folder."""
        return "../" * self.name.count("/")


@dataclass(frozen=True)
class Request:
    """What a build is asked for.

    Attributes
    ----------
    parameters
        What all pages of the folder have in common; a folder holds pages of one set only.
    table
        The pages to make, the index left out.
    figures
        Parameters of the index, or None where there is none.
    linked
        All pages that the index may link to, and the names by which it calls them.
    is_subset
        Whether the folder may hold more pages of the same parameters, which are left alone.
    """

    parameters: Mapping[str, Any]
    table: tuple[Page, ...]
    figures: FigureParameters | None = None
    linked: Mapping[str, str] = field(default_factory=dict)
    is_subset: bool = False

    def beside(self, offence: str) -> Request:
        """Return the same request as one that adds to the pages of another offence."""
        if self.figures is None:
            return self
        figures = self.figures.model_copy(update={"offence": offence})
        return replace(self, parameters=figures.model_dump(), figures=figures, linked=addresses.linkable(offence))

    def beside_each_other(self, present: Iterable[str]) -> list[Page]:
        """Return the pages to make and the index, if there is one, with links only to the pages whose names are present."""
        if self.figures is None:
            return list(self.table)
        names = {*present, addresses.INDEX}
        missing = sorted(called for page, called in self.linked.items() if page not in names)
        index = _page(addresses.INDEX, "index", IndexParameters(missing=missing, **self.figures.model_dump()))
        whole = {page.name for page in _all_pages(self.figures)}
        command = "" if self.is_subset and whole - names else _command("", self.figures)
        return [
            replace(page, links=_links(page, names), command=(page.name in whole and command) or page.command)
            for page in (*self.table, index)
        ]


def request(
    *,
    force_names: Iterable[str] = (),
    period: str | None = None,
    baseline: str | None = None,
    offence: str = "88A",
    release: str = "latest",
) -> Request:
    """Return a request with every name resolved and every default filled in, or refuse it.

    Parameters
    ----------
    force_names
        Forces by any spelling, or ``England and Wales``; by default every page.
    period, baseline
        As :func:`analysis.compare` takes them; by default the latest four quarters and the same a year before.
    offence
        A Home Office code that the release holds.
    release
        A release's id, or ``latest``.

    Raises
    ------
    RequestError
        If a force, period, offence or release is unknown, or the release does not hold the period whole.

    Examples
    --------
    >>> wanted = request(force_names=["kent"], release="2026-04-23")
    >>> wanted.table[0].name, wanted.parameters["period"]
    ('forces/kent', '2025-01..2025-12')
    """
    figures = _figures_asked(period, baseline, offence, release)
    names = [areas.find_area(name).whole.name for name in force_names]
    everything = _all_pages(figures)
    table = tuple(page for page in everything if not names or _is_of(page, names, figures.offence))
    if unknown := set(names) - {page.area for page in table}:
        raise RequestError(
            f"--force: there is no page for {', '.join(sorted(unknown))}; name a force or England and Wales"
        )
    linked = addresses.linkable(figures.offence)
    return Request(figures.model_dump(), table, figures, linked, bool(names))


def matrix_request(
    path: Path,
    *,
    period: str | None = None,
    baseline: str | None = None,
    offence: str = "88A",
    release: str = "latest",
) -> Request:
    """Return a request for one page a row of a CSV file, with the other arguments where a row has none of its own.

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
    table = {}
    for number, row in _matrix_rows(path, {"force", *shared}):
        try:
            own: dict[str, Any] = {name: row.get(name) or value for name, value in shared.items()}
            page = _matrix_page(area_with_page(row["force"]), _figures_asked(**own))
        except RequestError as error:
            raise RequestError(f"{path}: row {number}: {error}") from error
        table[page.name] = page
    if not table:
        raise RequestError(f"{path}: row 2: there is none; give a row for each page to make")
    parameters = {"matrix": files.sha256("\n".join(sorted(table)).encode())}
    return Request(parameters, tuple(table.values()))


def _figures_asked(period: str | None, baseline: str | None, offence: str, release: str) -> FigureParameters:
    held = register.load_register().release(release)
    what = held.offence(offence)
    current, base = register.resolve_periods(held, what, period, baseline)
    return FigureParameters(
        period=str(current), baseline=None if base is None else str(base), offence=what.code, release=held.id
    )


def _all_pages(figures: FigureParameters) -> list[Page]:
    release, given = figures.release, figures.model_dump()
    pages = [
        _page(
            addresses.force_page(force.slug, figures.offence),
            "force_report",
            ForceParameters(force=force.name, **given),
        )
        for force in areas.FORCES
    ]
    if figures.offence == addresses.DEFAULT:
        whole = ForceParameters(force=areas.ENGLAND_AND_WALES.name, **given)
        pages.append(_page(addresses.NATIONAL, "force_report", whole))
        pages += [_offence_page(offence, figures) for offence in _with_pages(figures)]
    else:
        held = register.load_register().release(release)
        pages.append(_offence_page(held.offence(figures.offence), figures))
    return [
        *pages,
        _page(addresses.CLAIMS, "claims_report", ClaimsParameters(release=release)),
        _page(addresses.METHODS, "methods", MethodsParameters(offence=figures.offence, release=release)),
        _page(addresses.BREAKS, "breaks", BreaksParameters(release=release)),
    ]


def _is_of(page: Page, names: Iterable[str], offence: str) -> bool:
    """Say whether a page is of one of some areas, and of the offence asked for."""
    return page.area in names and getattr(page.parameters, "offence", offence) == offence


def _page(name: str, notebook: str, parameters: FigureParameters | ReleaseParameters) -> Page:
    page = Page(name, addresses.stem(name), notebook, parameters)
    return replace(page, command=_command(page.area, parameters))


def _command(area: str, parameters: FigureParameters | ReleaseParameters) -> str:
    asked = parameters.model_dump(exclude={"force", "missing"}, exclude_none=True)
    one_page = [f'--force "{area}"'] if area else []
    return " ".join(["analysis build", *one_page, *(f"--{name} {value}" for name, value in asked.items())])


def _links(page: Page, present: Collection[str]) -> dict[str, dict[str, str]]:
    """Return what stands at the head of a page: the pages of the site and those a step away, as far as they are present."""
    groups = {"": addresses.SITE}
    if page.area:
        force = None if page.area == areas.ENGLAND_AND_WALES.name else areas.find(page.area)
        groups |= addresses.near(force, getattr(page.parameters, "offence", ""))
    found = {
        group: {name: said for name, said in pages.items() if name in present and name != page.name}
        for group, pages in groups.items()
    }
    return {group: pages for group, pages in found.items() if pages}


def _offence_page(offence: Offence, figures: FigureParameters) -> Page:
    parameters = OffenceParameters(**figures.model_dump() | {"offence": offence.code})
    return _page(f"offences/{offence.slug}", "offence_report", parameters)


def _with_pages(figures: FigureParameters) -> list[Offence]:
    """Return the offences that get a national page beside the default's: reviewed, and held for the period."""
    held = register.load_register().release(figures.release)
    return [
        offence for offence in offences.with_pages() if offence.code != addresses.DEFAULT and held.holds(offence.code)
    ]


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


def _matrix_page(area: areas.Area, figures: FigureParameters) -> Page:
    what = figures.offence if figures.offence == addresses.DEFAULT else offences.slug_of(figures.offence)
    parts = (area.slug, what, figures.period, figures.baseline or "none", figures.release)
    slug = "_".join(re.sub(r"[^A-Za-z0-9-]+", "-", part) for part in parts)
    parameters = ForceParameters(force=area.name, **figures.model_dump())
    return Page(f"pages/{slug}", slug, "force_report", parameters, command=_command(area.name, parameters))
