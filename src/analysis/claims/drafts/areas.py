"""Areas as the press names them: forces by any spelling, counties, regions and nations."""

from __future__ import annotations

import functools
import re

from analysis.claims.drafts.fields import Field
from analysis.claims.drafts.words import PATTERNS, PIECES
from analysis.claims.models import OUTSIDE
from analysis.terms import forces

_WELSH = tuple(forces.WALES.names)
_LONDON = ("City of London", "Metropolitan Police")
_YORKSHIRE = ("North Yorkshire", "South Yorkshire", "West Yorkshire")
_MAY_BE_UK = ("across the country", "across the nation", "around the country", "nationally", "nationwide")


def _region(name: str, *, without: str = "") -> tuple[str, ...]:
    return tuple(force for force in forces.find_area(name).names if force != without)


# What the list of forces does not hold. To add a name: what it stands for, what else it may, and what to know.
OTHER_NAMES: dict[str, Field] = {
    **{words: Field("England and Wales") for words in ("England and Wales", "England & Wales")},
    **{words: Field("England and Wales", others=("UK",)) for words in (*_MAY_BE_UK, "Nationally", "Nationwide")},
    **{name: Field(name) for name in ("England", "UK", "United Kingdom", "Great Britain", "Britain", "Northern Ireland", "Scotland")},
    **{words: Field(_WELSH) for words in ("Wales", "Welsh", "the four Welsh", "all four Welsh")},
    **{words: Field(_LONDON, others=("Metropolitan Police",)) for words in ("Greater London", "London")},
    **{words: Field("Metropolitan Police") for words in ("Scotland Yard", "the Met", "The Met")},
    **{f"the {name}": Field(_region(name)) for name in ("North East", "North West", "South West", "East Midlands", "West Midlands region")},
    **{words: Field(_region("Yorkshire and The Humber")) for words in ("Yorkshire and the Humber", "Yorkshire and The Humber", "Yorkshire and Humber")},
    "East of England": Field(_region("East of England")),
    "West Midlands": Field("West Midlands", others=(_region("West Midlands region"),)),
    "the South East": Field(_region("South East", without="Thames Valley"), others=(_region("South East"),)),
    "Yorkshire": Field(_YORKSHIRE, others=(("Humberside", *_YORKSHIRE),)),
    "East Anglia": Field(("Cambridgeshire", "Norfolk", "Suffolk"), others=(("Cambridgeshire", "Essex", "Norfolk", "Suffolk"),)),
    "Teesside": Field("Cleveland", note="Teesside is most of its area"),
    "Northants": Field("Northamptonshire"),
    "Notts": Field("Nottinghamshire"),
    "Lincs": Field("Lincolnshire"),
    "Cambs": Field("Cambridgeshire"),
    "Herts": Field("Hertfordshire"),
    "Beds": Field("Bedfordshire"),
}  # fmt: skip
# Counties and cities whose name in a report of offences stands for them, and not for a street or a court in them.
_PLACES = (
    "Devon", "Cornwall", "Somerset", "Bristol", "Oxfordshire", "Buckinghamshire", "Berkshire", "Worcestershire", "Herefordshire", "Shropshire",
    "Isle of Wight", "Rutland", "Northumberland",
)  # fmt: skip


@functools.cache
def names() -> dict[str, Field]:
    """Return every name that is known, with what it stands for.

    Examples
    --------
    >>> names()["Avon & Somerset"].value, names()["Yorkshire"].others
    ('Avon and Somerset', (('Humberside', 'North Yorkshire', 'South Yorkshire', 'West Yorkshire'),))
    """
    spelt = {name: Field(force.name) for force in forces.FORCES for name in (force.name, *force.spellings)}
    for other in ("Met", "The Met", "Metropolitan", "London, City of"):  # not as the press means them
        spelt.pop(other, None)
    parts = {place: Field(forces.find_area(place).name, note=f"{place} is a part of its area") for place in _PLACES}
    known = parts | spelt | OTHER_NAMES
    bare = {name[4:]: field for name, field in OTHER_NAMES.items() if re.match("the [NSEW]", name)}
    lower = {name.lower(): field for name, field in OTHER_NAMES.items() if re.match("the [NSE]", name)}
    upper = {name.upper(): field for name, field in known.items() if len(name) > len("The Met")}
    return upper | bare | lower | known


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
    flat = dict.fromkeys(name for field in several for name in listed(field.value))
    quote = " … ".join(field.quote for field in several)
    if not all(name in forces.NAMES for name in flat):
        return Field(several[0].value, quote, note="the text names several areas")
    ordered = tuple(name for name in forces.NAMES if name in flat)
    return Field(ordered if len(ordered) > 1 else ordered[0], quote)


def listed(area: object) -> tuple[str, ...]:
    """Return the names that a draft writes for an area."""
    return area if isinstance(area, tuple) else () if area is None else (str(area),)


def is_national(area: object) -> bool:
    """Say whether an area is one of the nations, or all of them."""
    return (
        area == _WELSH or area in {"England and Wales", "England", *OUTSIDE.values()} or str(area).casefold() in OUTSIDE
    )


def is_abroad(sentence: str) -> bool:
    """Say whether a sentence speaks of another country.

    Examples
    --------
    >>> is_abroad("In the Republic of Ireland there were 84."), is_abroad("Kent Police recorded 84.")
    (True, False)
    """
    return bool(PATTERNS["abroad"].search(sentence))
