"""The 44 police forces of England and Wales, and the areas that they make up."""

from __future__ import annotations

import difflib
import functools
import re
import unicodedata
from dataclasses import dataclass

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
    spellings
        Other names seen in releases and in the press.
    tile
        Row and column in the tile map, from the north-west; None for British Transport Police.
    """

    name: str
    code: str | None
    region: str
    spellings: tuple[str, ...]
    tile: tuple[int, int] | None

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
        return self.name not in {"British Transport Police", "City of London"}


@dataclass(frozen=True)
class Area:
    """One force, or several counted together.

    Attributes
    ----------
    name
        What the area is called.
    forces
        Its forces, in canonical order.
    """

    name: str
    forces: tuple[Force, ...]

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
            return f"Police in {self.name}"
        return self.name if self.name.endswith("Police") else f"{self.name} Police"


def slug(name: str) -> str:
    """Return a name in lower case with hyphens, safe in an address and on every file system.

    Examples
    --------
    >>> slug("Devon & Cornwall")
    'devon-and-cornwall'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.casefold().replace("&", " and ")).strip("-")


def _force(name: str, code: str | None, region: str, tile: tuple[int, int] | None, *spellings: str) -> Force:
    return Force(name, code, region, spellings, tile)


FORCES: tuple[Force, ...] = (
    _force("Avon and Somerset", "E23000036", "South West", (8, 2), "Avon & Somerset"),
    _force("Bedfordshire", "E23000026", "East of England", (6, 6)),
    _force("British Transport Police", None, "Railways", None, "BTP", "British Transport"),
    _force("Cambridgeshire", "E23000023", "East of England", (5, 6)),
    _force("Cheshire", "E23000006", "North West", (4, 3)),
    _force("City of London", "E23000034", "London", (8, 6), "London, City of"),
    _force("Cleveland", "E23000013", "North East", (1, 6)),
    _force("Cumbria", "E23000002", "North West", (1, 4)),
    _force("Derbyshire", "E23000018", "East Midlands", (4, 4)),
    _force("Devon and Cornwall", "E23000035", "South West", (9, 1), "Devon & Cornwall"),
    _force("Dorset", "E23000039", "South West", (9, 2)),
    _force("Durham", "E23000008", "North East", (1, 5), "County Durham"),
    _force("Dyfed-Powys", "W15000004", "Wales", (5, 2), "Dyfed Powys", "Dyfed and Powys"),
    _force("Essex", "E23000028", "East of England", (7, 6)),
    _force("Gloucestershire", "E23000037", "South West", (7, 3)),
    _force("Greater Manchester", "E23000005", "North West", (3, 4), "GMP", "Greater Manchester Police"),
    _force("Gwent", "W15000002", "Wales", (6, 2)),
    _force(
        "Hampshire", "E23000030", "South East", (9, 3), "Hampshire and Isle of Wight", "Hampshire and the Isle of Wight"
    ),
    _force("Hertfordshire", "E23000027", "East of England", (7, 5)),
    _force("Humberside", "E23000012", "Yorkshire and The Humber", (2, 6)),
    _force("Kent", "E23000032", "South East", (9, 5)),
    _force("Lancashire", "E23000003", "North West", (2, 4)),
    _force("Leicestershire", "E23000021", "East Midlands", (5, 5)),
    _force("Lincolnshire", "E23000020", "East Midlands", (4, 6)),
    _force("Merseyside", "E23000004", "North West", (3, 3)),
    _force(
        "Metropolitan Police",
        "E23000001",
        "London",
        (8, 5),
        "Metropolitan",
        "Metropolitan Police Service",
        "The Met",
        "Met",
    ),
    _force("Norfolk", "E23000024", "East of England", (5, 7)),
    _force("North Wales", "W15000001", "Wales", (4, 2)),
    _force("North Yorkshire", "E23000009", "Yorkshire and The Humber", (2, 5)),
    _force("Northamptonshire", "E23000022", "East Midlands", (6, 5)),
    _force("Northumbria", "E23000007", "North East", (0, 5)),
    _force("Nottinghamshire", "E23000019", "East Midlands", (4, 5)),
    _force("South Wales", "W15000003", "Wales", (6, 1)),
    _force("South Yorkshire", "E23000011", "Yorkshire and The Humber", (3, 6)),
    _force("Staffordshire", "E23000015", "West Midlands", (5, 4)),
    _force("Suffolk", "E23000025", "East of England", (6, 7)),
    _force("Surrey", "E23000031", "South East", (8, 4)),
    _force("Sussex", "E23000033", "South East", (9, 4)),
    _force("Thames Valley", "E23000029", "South East", (7, 4)),
    _force("Warwickshire", "E23000017", "West Midlands", (6, 4)),
    _force("West Mercia", "E23000016", "West Midlands", (5, 3)),
    _force("West Midlands", "E23000014", "West Midlands", (6, 3)),
    _force("West Yorkshire", "E23000010", "Yorkshire and The Humber", (3, 5)),
    _force("Wiltshire", "E23000038", "South West", (8, 3)),
)

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
        raise RequestError(f"force: {name!r} is not known; {_nearest(name, NAMES)}")
    return force


def find_area(name: str) -> Area:
    """Return a force as an area of its own, or one of the areas ``England and Wales``, ``England`` and ``Wales``.

    Parameters
    ----------
    name
        A force as :func:`find` takes it, or the name of an area.

    Returns
    -------
    Area

    Raises
    ------
    RequestError
        If nothing is called that.

    Examples
    --------
    >>> len(find_area("England and Wales").forces), find_area("Wales").names
    (44, ['Dyfed-Powys', 'Gwent', 'North Wales', 'South Wales'])
    """
    for area in (ENGLAND_AND_WALES, ENGLAND, WALES):
        if _key(name) == _key(area.name):
            return area
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


def _nearest(name: str, among: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(name.title(), among, n=3, cutoff=0.5)
    return f"the nearest names are {', '.join(close)}" if close else "`analysis forces` lists all 44"
