"""The table of pages: which notebook makes each, with which parameters, and what a build may be asked for."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from analysis.terms import forces, offences
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
    """

    name: str
    slug: str
    notebook: str
    parameters: FigureParameters | ReleaseParameters

    @property
    def area(self) -> str:
        """The force or area that the page is about, or an empty string."""
        everywhere = forces.ENGLAND_AND_WALES.name if isinstance(self.parameters, OffenceParameters) else ""
        return str(getattr(self.parameters, "force", everywhere))

    @property
    def top(self) -> str:
        """The way from the page to the output folder."""
        return "../" * self.name.count("/")

    @property
    def command(self) -> str:
        """The command that makes the page again.

        Examples
        --------
        >>> request(force_names=["kent"], period="2024/25", release="2026-04-23").table[0].command
        'analysis build --force "Kent" --period 2024-04..2025-03 --baseline 2023-04..2024-03 --offence 88A --release 2026-04-23'
        """
        asked = self.parameters.model_dump(exclude={"force", "missing"}, exclude_none=True)
        one_page = [f'--force "{self.area}"'] if self.area else []
        return " ".join(["analysis build", *one_page, *(f"--{name} {value}" for name, value in asked.items())])


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
        All pages that the index may link to, by the name by which it calls them.
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
        return replace(self, parameters=figures.model_dump(), figures=figures, linked=_linked(_all_pages(figures)))

    def index(self, present: Iterable[str]) -> list[Page]:
        """Return the index page, if there is one, with links only to the pages whose names are present."""
        if self.figures is None:
            return []
        names = set(present)
        missing = sorted(called for page, called in self.linked.items() if page not in names)
        return [Page("index", "index", "index", IndexParameters(missing=missing, **self.figures.model_dump()))]


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
    names = [forces.find_area(name).name for name in force_names]
    everything = _all_pages(figures)
    table = tuple(page for page in everything if not names or _is_of(page, names, figures.offence))
    if unknown := set(names) - {page.area for page in table}:
        raise RequestError(
            f"--force: there is no page for {', '.join(sorted(unknown))}; name a force or England and Wales"
        )
    return Request(figures.model_dump(), table, figures, _linked(everything), bool(names))


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
        for force in forces.FORCES
    ]
    if figures.offence == addresses.DEFAULT:
        whole = ForceParameters(force=forces.ENGLAND_AND_WALES.name, **given)
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
    return Page(name, addresses.stem(name), notebook, parameters)


def _offence_page(offence: Offence, figures: FigureParameters) -> Page:
    parameters = OffenceParameters(**figures.model_dump() | {"offence": offence.code})
    return _page(addresses.offence_page(offence), "offence_report", parameters)


def _with_pages(figures: FigureParameters) -> list[Offence]:
    """Return the offences that get a national page beside the default's: reviewed, and held for the period."""
    held = register.load_register().release(figures.release)
    return [
        offence for offence in offences.with_pages() if offence.code != addresses.DEFAULT and held.holds(offence.code)
    ]


def _linked(pages: Sequence[Page]) -> dict[str, str]:
    """Return how the index calls each page that it may link to."""
    of_forces = {
        page.name: forces.find(page.area).slug
        for page in pages
        if page.notebook == "force_report" and page.name != addresses.NATIONAL
    }
    return {page.name: of_forces.get(page.name, page.name) for page in pages}


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


def _matrix_page(area: forces.Area, figures: FigureParameters) -> Page:
    what = figures.offence if figures.offence == addresses.DEFAULT else offences.slug_of(figures.offence)
    parts = (area.slug, what, figures.period, figures.baseline or "none", figures.release)
    slug = "_".join(re.sub(r"[^A-Za-z0-9-]+", "-", part) for part in parts)
    parameters = ForceParameters(force=area.name, **figures.model_dump())
    return Page(f"pages/{slug}", slug, "force_report", parameters)
