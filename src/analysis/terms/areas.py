"""The 44 police forces of England and Wales, and the areas that they make up, as ``data/raw/forces.csv`` lists them."""

from __future__ import annotations

import csv
import difflib
import functools
import re
import unicodedata
from dataclasses import dataclass

from analysis import files
from analysis.errors import RequestError


@dataclass(frozen=True)
class Force:
    """One police force.

    Attributes
    ----------
    name
        The canonical name, as every table and page of this project prints it.
    code
        The ONS code of the police force area, or None for British Transport Police, which has no area.
    region
        The region of England, ``Wales``, or ``Railways``.
    tile
        Row and column in the tile map, from the north-west; None for British Transport Police.
    no_rate
        Why no rate of residents can be read, as the end of a sentence; empty where one can.
    spellings
        Other names seen in releases and in the press.
    places
        Counties, districts, cities and towns that lie within it, as a person might type them.
    neighbours
        The forces whose areas border on it by land, by name; none for British Transport Police.
    """

    name: str
    code: str | None
    region: str
    tile: tuple[int, int] | None
    no_rate: str = ""
    spellings: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    neighbours: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """The name as it stands in addresses and file names.

        Examples
        --------
        >>> find("Avon & Somerset").slug
        'avon-and-somerset'
        """
        return slug(self.name)

    @property
    def has_readable_rate(self) -> bool:
        """Whether a rate of residents can be read: not for railways, nor for the City of London's daytime population."""
        return not self.no_rate


@dataclass(frozen=True)
class Area:
    """One force, or several counted together.

    Attributes
    ----------
    name
        What the area is called.
    forces
        Its forces, in canonical order.
    article
        ``the`` and a space, where a sentence says so: the South East.

    Examples
    --------
    >>> area = find_area("Kent+Sussex")
    >>> area.name, area.names, area.slug
    ('Kent and Sussex', ['Kent', 'Sussex'], 'kent-and-sussex')
    """

    name: str
    forces: tuple[Force, ...]
    article: str = ""

    @property
    def slug(self) -> str:
        """The name as it stands in addresses and file names."""
        return slug(self.name)

    @property
    def names(self) -> list[str]:
        """The canonical names of the area's forces."""
        return [force.name for force in self.forces]

    @property
    def police(self) -> str:
        """What to call those who recorded: a force by its name with "Police", several as "police in" the area."""
        if len(self.forces) > 1:
            return f"Police in {self.article}{self.name}"
        return self.name if self.name.endswith("Police") else f"{self.name} Police"


def slug(name: str) -> str:
    """Return a name in lower case with hyphens, safe in an address and on every file system.

    Examples
    --------
    >>> slug("Devon & Cornwall")
    'devon-and-cornwall'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.casefold().replace("&", " and ")).strip("-")


def _read() -> tuple[Force, ...]:
    with files.shipped("data", "raw", "forces.csv").open(encoding="utf-8", newline="") as table:
        return tuple(
            Force(
                name=row["name"],
                code=row["code"] or None,
                region=row["region"],
                tile=(int(row["row"]), int(row["column"])) if row["row"] else None,
                no_rate=row["no_rate"],
                **{name: tuple(filter(None, row[name].split(";"))) for name in ("spellings", "places", "neighbours")},
            )
            for row in csv.DictReader(table)
        )


FORCES: tuple[Force, ...] = _read()
"""The 44 forces in canonical order, British Transport Police among them."""
NAMES: tuple[str, ...] = tuple(force.name for force in FORCES)

ENGLAND_AND_WALES = Area("England and Wales", FORCES)
ENGLAND = Area("England", tuple(force for force in FORCES if (force.code or "").startswith("E")))
WALES = Area("Wales", tuple(force for force in FORCES if (force.code or "").startswith("W")))

# Bodies that stand among the forces in the official workbook and record fraud only.
FRAUD_BODIES: tuple[str, ...] = (
    "Action Fraud",
    "CIFAS",
    "Cifas",
    "FFA UK",
    "Financial Fraud Action UK",
    "UK Finance",
    "NFIB",
)


def find(name: str) -> Force:
    """Return the force that a name, known spelling, ONS code or slug stands for.

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
    >>> find("London, City of").name
    'City of London'
    >>> find("E23000022").name
    'Northamptonshire'
    >>> find("Northants")
    Traceback (most recent call last):
    ...
    analysis.errors.RequestError: force: 'Northants' is not known; the nearest names are North Wales, Northamptonshire, Northumbria
    """
    force = _by_key().get(_key(name))
    if force is None:
        close = difflib.get_close_matches(name.title(), NAMES, n=3, cutoff=0.5)
        nearest = f"the nearest names are {', '.join(close)}" if close else "`analysis forces` lists all 44"
        raise RequestError(f"force: {name!r} is not known; {nearest}")
    return force


def find_area(name: str) -> Area:
    """Return a force as an area of its own, a region or nation, the force of a place, or several joined by ``+``.

    Parameters
    ----------
    name
        A force as :func:`find` takes it; ``England and Wales``, ``England``, ``Wales``; a region of England (``West
        Midlands region`` for the one that shares a force's name); a county, city or town; or several with ``+``.

    Returns
    -------
    Area
        Its forces in canonical order, each once.

    Raises
    ------
    RequestError
        If nothing is called that.

    Examples
    --------
    >>> len(find_area("England and Wales").forces), find_area("Wales").names
    (44, ['Dyfed-Powys', 'Gwent', 'North Wales', 'South Wales'])
    >>> find_area("Kent+Sussex").names, find_area("Leeds").name, len(find_area("South East").forces)
    (['Kent', 'Sussex'], 'West Yorkshire', 5)
    """
    if "+" in name and _key(name) not in _by_key():
        parts = [find_area(part) for part in name.split("+")]
        chosen = {force for part in parts for force in part.forces}
        return Area(" and ".join(dict.fromkeys(part.name for part in parts)), tuple(f for f in FORCES if f in chosen))
    key = _key(name)
    if key not in _by_key() and key in _areas():
        return _areas()[key]
    force = find(name)
    return Area(force.name, (force,))


def is_fraud_body(name: str) -> bool:
    """Say whether a name in the official workbook is a body that records fraud, not a force."""
    return name.strip().casefold() in {body.casefold() for body in FRAUD_BODIES}


def _key(name: str) -> str:
    words = "".join(" " if _divides(letter) else letter for letter in name.casefold().replace("&", " and ")).split()
    # "Kent Police" and "Kent" are one; "Metropolitan Police" is itself a canonical name and meets the same key.
    while len(words) > 1 and words[-1] in {"police", "constabulary", "service"}:
        words.pop()
    return " ".join(words)


def _divides(letter: str) -> bool:
    """Say whether a letter stands between words: spaces and punctuation do, while a letter of any script or a mark is part of one."""
    return letter.isspace() or unicodedata.category(letter)[0] in "PZ"


@functools.cache
def _by_key() -> dict[str, Force]:
    return {
        _key(name): force
        for force in FORCES
        for name in (force.name, *force.spellings, *([force.code] if force.code else []))
    }


@functools.cache
def _areas() -> dict[str, Area]:
    """Return what an area may be called besides a force's own names: places first, so that a nation or region wins."""
    found = {_key(place): Area(force.name, (force,)) for force in FORCES for place in force.places}
    for region in dict.fromkeys(force.region for force in FORCES if force.code and force.region != "Wales"):
        article = "the " if region.partition(" ")[0] in {"North", "South", "East", "West"} else ""
        area = Area(region, tuple(force for force in FORCES if force.region == region), article)
        if _key(region) in _by_key():  # the region would be taken for the force
            area = Area(f"{region} region", area.forces, article)
        found |= {_key(region): area, _key(f"{region} region"): area}
    return found | {_key(area.name): area for area in (ENGLAND_AND_WALES, ENGLAND, WALES)}
