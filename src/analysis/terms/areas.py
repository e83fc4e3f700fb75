"""Areas: forces, what they make up, partnerships within them, unions and differences, as ``data/raw/areas.yaml`` describes them."""

from __future__ import annotations

import csv
import difflib
import functools
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from analysis import door, files, reader
from analysis.errors import RequestError, shown
from analysis.terms.numbers import capital, joined

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["nation", "country", "region", "force", "partnership", "union", "difference"]


@dataclass(frozen=True)
class Force:
    """One police force.

    Attributes
    ----------
    name
        The canonical name, as every table and page of this project prints it.
    region
        The region of England, ``Wales``, or ``Railways``.
    code
        The ONS code of the police force area, or None for British Transport Police, which has no area.
    no_rate
        Why no rate of residents can be read, of railways and of the City of London's daytime population, as the end of a sentence; empty where
        one can.
    spellings, abbreviations
        Other names seen in releases and in the press.
    places
        Counties, districts, cities and towns that lie within it, as a person might type them.
    neighbours
        The forces whose areas border on it by land, by name; none for British Transport Police.
    article
        ``the``, where a sentence says so: the Metropolitan Police.
    """

    name: str
    region: str
    code: str | None = None
    no_rate: str = ""
    spellings: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    neighbours: tuple[str, ...] = ()
    article: str = ""

    @property
    def slug(self) -> str:
        """The name as it stands in addresses and file names.

        Examples
        --------
        >>> find("Avon & Somerset").slug
        'avon-and-somerset'
        """
        return slug(self.name)


class Partnership(NamedTuple):
    """A Community Safety Partnership: a part of a force's area, made of one local authority or more, or of a part of one."""

    code: str
    name: str
    force: Force
    authorities: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class Area:
    """A force, what several make up, or a partnership within one.

    Attributes
    ----------
    name
        What the area is called.
    forces
        Its forces, in canonical order; of a partnership the force that it lies in, whose figures are not its own.
    article
        ``the``, where a sentence says so: the South East.
    kind
        ``nation``, ``country``, ``region``, ``force``, ``partnership``, ``union`` or ``difference``.
    code
        Its ONS code, where it has one.
    partnerships
        Of a partnership, or a union of them, which.
    asked, place
        What was asked for, as written; and the town or district asked for, where the area is more than that.

    Examples
    --------
    >>> area = find_area("Kent+Sussex")
    >>> area.name, area.kind, area.names, area.slug
    ('Kent and Sussex', 'union', ['Kent', 'Sussex'], 'kent-and-sussex')
    """

    name: str
    forces: tuple[Force, ...]
    article: str = ""
    kind: Kind = "union"
    code: str | None = None
    partnerships: tuple[Partnership, ...] = ()
    asked: str = field(default="", compare=False)
    place: str = field(default="", compare=False)

    # What is kept by area is looked up for every count: by its name, and not by each of its forces and partnerships.
    def __hash__(self) -> int:
        return hash((self.name, self.code))

    def __repr__(self) -> str:
        return f"find_area({self.name!r})"

    @staticmethod
    def of(force: Force) -> Area:
        """Return a force as an area of its own."""
        return Area(force.name, (force,), force.article, "force", force.code)

    @property
    def slug(self) -> str:
        """The name as it stands in addresses and file names."""
        return slug(self.name)

    @property
    def names(self) -> list[str]:
        """The canonical names of the area's forces."""
        return [force.name for force in self.forces]

    @property
    def called(self) -> str:
        """The name as it stands within a sentence: the South East, the Metropolitan Police."""
        return f"{self.article} {self.name}".strip()

    @property
    def members(self) -> list[str]:
        """The names of those whose figures are its own: its partnerships, or else its forces."""
        return [part.name for part in self.partnerships] or self.names

    @property
    def police(self) -> str:
        """What to call those who recorded, as a sentence begins."""
        return capital(self.the_police)

    @property
    def the_police(self) -> str:
        """The same within a sentence: a force by its name with "Police", several as "police in" the area."""
        # "Police in Metropolitan Police" is nowhere.
        if self.kind == "union" and any(name.endswith("Police") for name in self.names):
            return joined(Area.of(force).the_police for force in self.forces)
        if len(self.forces) > 1 or self.by_years:
            return f"police in {self.called}"
        return self.called if self.name.endswith("Police") else f"{self.name} Police"

    @property
    def by_years(self) -> bool:
        """Whether it is counted by year and not by quarter, as partnerships are."""
        return bool(self.partnerships)

    @property
    def is_explicit(self) -> bool:
        """Whether a partnership was asked for as one, and nothing else will do."""
        return _key(self.asked).endswith(" partnership") or self.asked in {each.code for each in self.partnerships}

    @property
    def whole(self) -> Area:
        """The force that a partnership lies in, or the forces of several; any other area is itself."""
        if not self.by_years:
            return self
        whole = _together([Area.of(force) for force in self.forces])
        return replace(whole, asked=self.asked, place=self.place or self.name)


@functools.cache  # asked for each link of each page
def slug(name: str) -> str:
    """Return a name in lower case with hyphens, safe in an address and on every file system.

    Examples
    --------
    >>> slug("Devon & Cornwall")
    'devon-and-cornwall'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.casefold().replace("&", " and ")).strip("-")


@dataclass(frozen=True)
class _Named:
    """An area that is made of others."""

    name: str
    kind: Kind
    parts: tuple[str, ...]
    code: str | None = None
    article: str = ""
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outside:
    """An area that people name and the tables do not hold: what a sentence calls it, all its ``names``, and ``where`` it is counted."""

    name: str
    names: tuple[str, ...]
    where: str


@dataclass(frozen=True)
class _Document:
    forces: tuple[Force, ...]
    areas: tuple[_Named, ...]
    towns: dict[str, tuple[str, ...]]
    within: dict[str, tuple[str, ...]]
    outside: tuple[Outside, ...]
    fraud_bodies: tuple[str, ...]
    bands: dict[str, str]


_DOCUMENT = reader.read(files.shipped("data", "raw", "areas.yaml"), _Document)

FORCES: tuple[Force, ...] = _DOCUMENT.forces
"""The forces in canonical order, British Transport Police among them."""
NAMES: tuple[str, ...] = tuple(force.name for force in FORCES)
PLACES = {name: place for place, name in enumerate(NAMES)}
OUTSIDE: tuple[Outside, ...] = _DOCUMENT.outside
BANDS: Mapping[str, str] = _DOCUMENT.bands


def _in_order(forces: Iterable[Force]) -> tuple[Force, ...]:
    chosen = set(forces)
    return tuple(force for force in FORCES if force in chosen)


def _made() -> dict[str, Area]:
    """Return the areas that forces make up, by name; each may be made of those before it."""
    found = {force.name: Area.of(force) for force in FORCES}
    for entry in _DOCUMENT.areas:
        forces = _in_order(force for part in entry.parts for force in found[part].forces)
        found[entry.name] = Area(entry.name, forces, entry.article, entry.kind, entry.code)
    return {entry.name: found[entry.name] for entry in _DOCUMENT.areas}


OWN = "ANALYSIS_AREAS"  # names a file of areas of one's own
OWN_FILE = "data/own-areas.csv"  # where it stands in what pages are made from
MOST_BYTES = 100_000  # of such a file: some two thousand areas
AREAS: Mapping[str, Area] = _made()
ENGLAND_AND_WALES, ENGLAND, WALES = (AREAS[name] for name in ("England and Wales", "England", "Wales"))


def find(name: str) -> Force:
    """Return the force that a name, known spelling, abbreviation, ONS code or slug stands for.

    Parameters
    ----------
    name
        As written; case, ``&`` and a closing "Police" or "Constabulary" do not matter.

    Returns
    -------
    Force

    Raises
    ------
    RequestError
        If no force is called that; the message offers the nearest names.

    Examples
    --------
    >>> find("London, City of").name, find("TVP").name
    ('City of London', 'Thames Valley')
    >>> find("E23000022").name
    'Northamptonshire'
    >>> find("Northampton")
    Traceback (most recent call last):
    ...
    analysis.errors.RequestError: force: 'Northampton' is not known; the nearest names are Northamptonshire
    """
    found = [area for area in _meant(name) if area.kind == "force" and not area.place]
    if not found:
        raise _unknown(name, of_forces=True)
    return found[0].forces[0]


def find_area(name: object) -> Area:
    """Return the area that some words stand for.

    Parameters
    ----------
    name
        A force as :func:`find` takes it; ``England and Wales``, ``England``, ``Wales``; a region of England (``West Midlands region``
        for the one that shares a force's name); a Community Safety Partnership, or a town, which is its partnership where there is one and
        else the force that it lies in; several with ``+``, commas or "and" between, the longest known name being read first; or an area
        "without" another. A name that is a force's and a partnership's is the force: ``Dorset partnership`` is the other. A list of
        such names is their union.

    Returns
    -------
    Area
        Its forces in canonical order, each once.

    Raises
    ------
    RequestError
        If nothing is called that, or more than one thing is.

    Examples
    --------
    >>> len(find_area("England and Wales").forces), find_area("Wales").names
    (44, ['Dyfed-Powys', 'Gwent', 'North Wales', 'South Wales'])
    >>> find_area("Avon and Somerset, Kent and Sussex").names
    ['Avon and Somerset', 'Kent', 'Sussex']
    >>> find_area("England and Wales without British Transport Police").kind, find_area("Leeds").kind
    ('difference', 'partnership')
    """
    if isinstance(name, Area):
        return name
    if isinstance(name, list | tuple):
        return _together([find_area(each) for each in name])
    if not isinstance(name, str):
        raise RequestError(f"area: found {shown(name)}; give a name, such as Kent, or a list of names")
    if len(name) > MOST_LETTERS:
        raise RequestError(f"area: found {shown(name)} of {len(name):,} letters; give at most {MOST_LETTERS:,}")
    return replace(_read(name, own()), asked=" ".join(name.split()))


def find_areas(names: Iterable[object]) -> pd.DataFrame:
    """Return what each name of a column stands for, and why not where it stands for nothing.

    Parameters
    ----------
    names
        A column of a table, or a list; each name as :func:`find_area` takes it.

    Returns
    -------
    pandas.DataFrame
        A row a name, with the column's own index: ``asked``; ``area``, its ``kind`` and ``code``; ``force``, the force that it is or lies
        in, where that is one; and ``why``, blank where the name is known.

    Examples
    --------
    >>> found = find_areas(["kent police", "Leeds", "Kemt"])
    >>> found[["area", "force"]].values.tolist()
    [['Kent', 'Kent'], ['Leeds', 'West Yorkshire'], ['', '']]
    >>> found["why"].iloc[2]
    "'Kemt' is not known; the nearest names are Kent"
    """
    import pandas as pd

    if isinstance(names, str | bytes | Mapping | pd.DataFrame) or not isinstance(names, Iterable):
        raise RequestError(f"names: found {shown(names)}; give a column or a list of names")

    @functools.cache
    def row(name: str) -> tuple[str, ...]:
        try:
            area = find_area(name)
        except RequestError as error:
            return "", "", "", "", error.detail
        return area.name, area.kind, area.code or "", area.forces[0].name if len(area.forces) == 1 else "", ""

    rows = [(name, *row(str(name))) for name in names]
    index = names.index if isinstance(names, pd.Series) else None
    return pd.DataFrame(rows, columns=["asked", "area", "kind", "code", "force", "why"], index=index)


@door.guarded
def load_areas(path: str | Path) -> dict[str, Area]:
    """Read areas of one's own, such as groups of peers, which every function takes where it takes an area.

    Parameters
    ----------
    path
        A CSV with a column ``name``, and ``forces`` or ``partnerships``: names with ``;`` between them, as :func:`find_area` takes them.

    Returns
    -------
    dict of str to Area
        Each by its name. The environment variable ``ANALYSIS_AREAS`` names such a file too: then its names are known everywhere.

    Raises
    ------
    RequestError
        In one line that names the row, if the file cannot be read, or a name is not known, is one of an area already, or stands twice.
    """
    right = "give a CSV with columns name, and forces or partnerships"
    rows = csv.DictReader(files.text(Path(path), most=MOST_BYTES, right=right).splitlines())
    named = rows.fieldnames or ()
    columns = [name for name in ("forces", "partnerships") if name in named]
    if "name" not in named or not columns:
        raise RequestError(f"{path}: row 1: found {', '.join(named) or 'nothing'}; {right}")
    found: dict[str, Area] = {}
    for number, row in enumerate(rows, 2):
        name = " ".join((row["name"] or "").split())
        try:
            if not name or name in found or len(_meant(name)) == 1:
                raise RequestError(f"name: found {name!r}; give a name that no area has")
            parts = re.split(r"[;+]", ";".join(row[column] or "" for column in columns))
            made = _together([_read(part.strip(), {}) for part in parts if part.strip()])
        except RequestError as error:
            raise RequestError(f"{path}: row {number}: {error}") from None
        found[name] = replace(made, name=name, article="", kind="union", code=None, asked=name, place="")
    return found


def own() -> Mapping[str, Area]:
    """Return the areas of one's own that the environment names a file of, by the keys of their names."""
    if not (path := os.environ.get(OWN)):
        return {}
    return _own(path, Path(path).stat().st_mtime_ns if Path(path).exists() else 0)


@functools.lru_cache(maxsize=4)
def _own(path: str, _: int) -> Mapping[str, Area]:
    return {_key(name): area for name, area in load_areas(path).items()}


@functools.cache
def partnerships() -> tuple[Partnership, ...]:
    """Return the Community Safety Partnerships, in the order of their codes."""
    return tuple(
        Partnership(row["code"], row["name"], find(row["force"]), tuple(row["authorities"].split(";")))
        for row in files.rows("partnership-residents.csv")
    )


@functools.cache
def by_name() -> Mapping[str, Area]:
    """Return every name that means one area, as it is written, with that area.

    Examples
    --------
    >>> by_name()["Notts"].name, by_name()["Leeds"].kind, "Newcastle" in by_name()
    ('Nottinghamshire', 'partnership', False)
    """
    names = (name for _, name, _ in (*_wholes(), *_parts()))
    return {name: meant[0] for name in names if len(meant := _meant(name)) == 1}


def outside(name: str) -> Outside | None:
    """Return what a name stands for that the tables do not hold, or None where it is none of these.

    Examples
    --------
    >>> outside("Police Scotland").name, outside("Scotland Yard")
    ('Scotland', None)
    """
    return next((each for each in OUTSIDE if _key(name) in map(_key, each.names)), None)


def is_fraud_body(name: str) -> bool:
    """Say whether a name in the official workbook is a body that records fraud, not a force."""
    return name.strip().casefold() in {body.casefold() for body in _DOCUMENT.fraud_bodies}


_WITHOUT = re.compile(r"\s+(?:without|excluding|except for|except)\s+", re.I)
_BETWEEN = re.compile(r"(\s*[+,&]\s*(?:and\s+)?|\s+and\s+)", re.I)
_MOST_WORDS = 25  # with what stands between them, of a name that holds commas or "and" itself
MOST_LETTERS = 5_000  # of all names that are given as one
_SUFFIX = re.compile(r", (?:City|County) of$")


def _read(text: str, own: Mapping[str, Area]) -> Area:
    if found := _named(text, own):
        return found
    whole, *missing = _WITHOUT.split(text, maxsplit=1)
    if missing:
        return less(_read(whole, own), _read(missing[0], own))
    # Words and what stands between them by turns; of the words that are left, the most that are known are read as one name.
    words, parts = _BETWEEN.split(text), []
    while words:
        for end in range(min(len(words), _MOST_WORDS), 0, -2):
            if found := _named("".join(words[:end]), own):
                parts.append(found)
                words = words[end + 1 :]
                break
        else:
            raise _unknown(words[0])
    return _together(parts)


def _named(name: str, own: Mapping[str, Area]) -> Area | None:
    """Return what a name stands for, if that is one thing."""
    found = (own[_key(name)],) if own and _key(name) in own else _meant(name)
    if len(found) > 1:
        names = [area.name for area in found]
        right = f"ask for one of them, or for {'+'.join(names)} together"
        raise RequestError(f"area: {name.strip()!r} may mean {joined(names, last_with='or')}; {right}")
    return found[0] if found else None


def _together(parts: list[Area]) -> Area:
    if not parts:
        raise RequestError("area: found nothing; give at least one name")
    if len(parts) == 1:
        return parts[0]
    by_years = [part for part in parts if part.by_years]
    if by_years and len(by_years) < len(parts):
        other = next(part for part in parts if not part.by_years)
        raise RequestError(
            f"area: {by_years[0].name} is counted by year and {other.name} by quarter, so they are not added up; "
            f"ask for {by_years[0].whole.name} in place of {by_years[0].name}"
        )
    if by_years:
        return _of_partnerships(each for part in parts for each in part.partnerships)
    forces = _in_order(force for part in parts for force in part.forces)
    return Area.of(forces[0]) if len(forces) == 1 else Area(joined(dict.fromkeys(part.name for part in parts)), forces)


def less(area: Area, missing: Area) -> Area:
    """Return an area without some of its forces."""
    if area.by_years or missing.by_years:
        other = missing if missing.by_years else area
        raise RequestError(f"area: {other.name} is counted by year, and is not taken away; name forces")
    left = tuple(force for force in area.forces if force not in missing.forces)
    if not left or len(left) + len(missing.forces) > len(area.forces):
        raise RequestError(f"area: {missing.name} is no part of {area.name} that leaves another; name forces of it")
    return Area(f"{area.name} without {missing.name}", left, area.article, "difference")


def _of_partnerships(found: Iterable[Partnership]) -> Area:
    each, wholes = tuple(dict.fromkeys(found)), _by_key(_wholes)
    # What is also the name of a force, region or country means that, so that the partnership says what it is.
    names = [f"{one.name} partnership" if _key(one.name) in wholes else _SUFFIX.sub("", one.name) for one in each]
    kind: Kind = "partnership" if len(each) == 1 else "union"
    code = each[0].code if len(each) == 1 else None
    article = "the" if names[0].startswith(("Isle", "Vale of", "Forest of", "City of")) else ""
    return Area(joined(names), _in_order(one.force for one in each), article, kind, code, each)


def _unknown(name: str, *, of_forces: bool = False) -> RequestError:
    if beyond := outside(name):
        return RequestError(f"force: {name!r} is not held, as these tables are of England and Wales; {beyond.where}")
    names = NAMES if of_forces else by_name()
    close = difflib.get_close_matches(name.strip().title(), names, n=3, cutoff=0.7)
    if not close:  # "London Borough of Camden"
        words = f" {_key(name)} "
        close = sorted((one for one in names if f" {_key(one)} " in words), key=len)[:-4:-1]
    nearest = f"the nearest names are {', '.join(close)}" if close else "`analysis areas` lists them all"
    return RequestError(f"force: {name!r} is not known; {nearest}")


# Spaces and punctuation; a mark or a letter of any script is part of a word, and + stands between names.
_APART = re.compile(r"[\s!-#%-*,-/:;?@[-\]_{}\u2010-\u2027\u2030-\u205e]+")


def _key(name: str) -> str:
    """Return a name as it is looked up: "Kent Police" is "Kent", and "Leeds CSP" is "Leeds partnership"."""
    words = _APART.sub(" ", name.casefold().replace("&", " and ")).strip()
    words = re.sub(r" (?:csp|community safety partnership)$", " partnership", words)
    return re.sub(r"^the (?=.)|(?: (?:police|constabulary|service))+$", "", words)


def _meant(name: str) -> tuple[Area, ...]:
    """Return what a name may mean: something whole, or else what counts most of towns, partnerships, authorities and places."""
    key = _key(name)
    return _by_key(_wholes).get(key) or _by_key(_parts).get(key, ())


@functools.cache
def _by_key(names: Callable[[], Iterable[tuple[int, str, Area]]]) -> Mapping[str, tuple[Area, ...]]:
    """Return what each key may mean: the areas of the first kind of name that has it."""
    found: dict[str, dict[Area, None]] = {}
    first: dict[str, int] = {}
    for kind, name, area in names():
        for key in (_key(name), f"{_key(name)} partnership") if area.by_years else (_key(name),):
            if first.setdefault(key, kind) == kind:
                found.setdefault(key, {})[area] = None
    return {key: tuple(meant) for key, meant in found.items()}


def _wholes() -> Iterator[tuple[int, str, Area]]:
    """Yield the forces, and what they make up, by all that each may be called, with the kind of name."""
    for force in FORCES:
        for name in (force.name, *force.spellings, *force.abbreviations, *filter(None, [force.code])):
            yield 0, name, Area.of(force)
    for entry in _DOCUMENT.areas:
        region = [f"{entry.name} region"] if entry.kind == "region" else []
        for name in (entry.name, *entry.spellings, *region, *filter(None, [entry.code])):
            yield 1, name, AREAS[entry.name]


def _parts() -> Iterator[tuple[int, str, Area]]:
    """Yield names of towns, partnerships, authorities and places, those first that count most."""
    each = {one.name: _of_partnerships([one]) for one in partnerships()}
    yield from ((0, town, each[name]) for town, names in _DOCUMENT.towns.items() for name in names)
    yield from (
        (1, town, replace(each[name], place=town)) for town, names in _DOCUMENT.within.items() for name in names
    )
    for kind in (2, 3):
        for one in partnerships():
            for name in (one.name, _SUFFIX.sub("", one.name), one.code) if kind == 2 else one.authorities:
                yield kind, name, replace(each[one.name], place=name if {name} < {*one.authorities} else "")
    yield from ((4, place, replace(Area.of(force), place=place)) for force in FORCES for place in force.places)
