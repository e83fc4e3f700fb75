"""Areas as the press names them: forces by any spelling, counties, regions and nations."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable

from analysis import files
from analysis.claims.drafts.fields import Field
from analysis.claims.drafts.words import PIECES
from analysis.claims.fields import OUTSIDE
from analysis.terms import areas, models


class _Name(models.Entry):
    names: tuple[str, ...]
    value: str | tuple[str, ...]
    others: tuple[str | tuple[str, ...], ...] = ()
    note: str = ""


class _Names(models.Entry):
    areas: tuple[_Name, ...]
    places: tuple[str, ...]
    unused: tuple[str, ...]


@functools.cache
def names() -> dict[str, Field]:
    """Return every name that is known, with what it stands for.

    Examples
    --------
    >>> names()["Avon & Somerset"].value, names()["NORTH EAST"].value, names()["Yorkshire"].others
    ('Avon and Somerset', ('Cleveland', 'Durham', 'Northumbria'), (('Humberside', 'North Yorkshire', 'South Yorkshire', 'West Yorkshire'),))
    """
    read = models.read(files.PACKAGE / "claims" / "drafts" / "areas.yaml", _Names)
    within = {place: force.name for force in areas.FORCES for place in force.places}
    known = {place: Field(within[place], note=f"{place} is a part of its area") for place in read.places}
    known |= {
        name: Field(force.name)
        for force in areas.FORCES
        for name in (force.name, *force.spellings, *force.abbreviations)
    }
    for name in read.unused:
        known.pop(name)
    for entry in read.areas:
        value, *others = (one if isinstance(one, str) else _forces(one) for one in (entry.value, *entry.others))
        known |= dict.fromkeys(entry.names, Field(value, others=tuple(others), note=entry.note))
    return {name.upper(): field for name, field in known.items() if len(name) > len("The Met")} | known


def _forces(several: Iterable[str]) -> tuple[str, ...]:
    return tuple(force for name in several for force in areas.find_area(name).whole.names)


@functools.cache
def pattern() -> re.Pattern[str]:
    """Return the expression that finds a name, longest first; names are capitalised, so case counts."""
    choices = "|".join(re.escape(name).replace(r"\-", "[- ]") for name in sorted(names(), key=len, reverse=True))
    return re.compile(PIECES["AREA"].replace("{names}", choices))


def read(match: re.Match[str]) -> Field:
    """Return what a name found stands for: "West Midlands Police" is the force, and "West Midlands" may not be.

    Examples
    --------
    >>> read(pattern().search("across West Midlands Police")).others
    ()
    """
    known = names().get(match["name"]) or names()[match["name"].replace(" ", "-")]
    is_force = match["police"] and str(known.value).casefold() == match["name"].casefold()
    return Field(known.value, match[0], () if is_force else known.others, known.note)


def together(several: list[Field]) -> Field:
    """Return areas that are counted together: ``Sussex and Surrey``."""
    values = (field.value if isinstance(field.value, tuple) else (field.value,) for field in several)
    flat = set(itertools.chain(*values))
    quote = " … ".join(field.quote for field in several)
    if not all(name in areas.NAMES for name in flat):
        return Field(several[0].value, quote, note="the text names several areas")
    ordered = tuple(name for name in areas.NAMES if name in flat)
    return Field(ordered if len(ordered) > 1 else ordered[0], quote)


def is_national(area: object) -> bool:
    """Say whether an area is one of the nations, or all of them."""
    return area == tuple(areas.WALES.names) or str(area).casefold() in {"england and wales", "england", *OUTSIDE}
