"""Areas as the press names them: forces by any spelling, and counties and regions that are one force or several."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from analysis.claims.drafts.fields import Field
from analysis.claims.models import OUTSIDE
from analysis.terms import forces


@dataclass(frozen=True)
class Name:
    """A name, and what it stands for.

    Attributes
    ----------
    area
        A name or several names of forces, as a claims file writes them.
    confirm
        What to confirm, empty where the name has one meaning.
    """

    area: str | tuple[str, ...]
    confirm: str = ""

    @property
    def field(self) -> Field:
        """The area as a field of a claim."""
        return Field(list(self.area) if isinstance(self.area, tuple) else self.area, self.confirm)


def _part(force: str) -> Name:
    return Name(force, f"the text names a part of {force}'s area")


def _region(name: str) -> tuple[str, ...]:
    return tuple(force.name for force in forces.FORCES if force.region == name)


_WELSH = ("Dyfed-Powys", "Gwent", "North Wales", "South Wales")
_AND_SURREY = "or with Thames Valley, as the region of England has it"
# What the list of forces does not hold. To add a name: what it stands for, and what makes that unsure.
OTHER_NAMES: dict[str, Name] = {
    "England and Wales": Name("England and Wales"),
    "England & Wales": Name("England and Wales"),
    "England": Name("England"),
    "Wales": Name("Wales"),
    "the four Welsh": Name(_WELSH),
    "all four Welsh": Name(_WELSH),
    "Welsh": Name("Wales"),
    **{
        words: Name("England and Wales", f"“{words}” may mean the UK")
        for words in ("across the country", "across the nation", "around the country", "nationally", "nationwide")
    },
    **{
        words.capitalize(): Name("England and Wales", f"“{words}” may mean the UK")
        for words in ("nationally", "nationwide")
    },
    "Greater London": Name(("City of London", "Metropolitan Police"), "or Metropolitan Police alone"),
    "London": Name(("City of London", "Metropolitan Police"), "or Metropolitan Police alone"),
    "Scotland Yard": Name("Metropolitan Police"),
    "the Met": Name("Metropolitan Police"),
    "The Met": Name("Metropolitan Police"),
    "the North East": Name(_region("North East")),
    "the North West": Name(_region("North West")),
    "the South West": Name(_region("South West")),
    "the East Midlands": Name(_region("East Midlands")),
    "East of England": Name(_region("East of England")),
    "the West Midlands region": Name(_region("West Midlands")),
    "West Midlands": Name("West Midlands", "or the region: " + ", ".join(_region("West Midlands"))),
    "the South East": Name(("Hampshire", "Kent", "Surrey", "Sussex"), _AND_SURREY),
    "Yorkshire and the Humber": Name(_region("Yorkshire and The Humber")),
    "Yorkshire and The Humber": Name(_region("Yorkshire and The Humber")),
    "Yorkshire and Humber": Name(_region("Yorkshire and The Humber")),
    "Yorkshire": Name(("North Yorkshire", "South Yorkshire", "West Yorkshire"), "or with Humberside"),
    "East Anglia": Name(("Cambridgeshire", "Norfolk", "Suffolk"), "or with Essex"),
    "Northants": Name("Northamptonshire"),
    "Notts": Name("Nottinghamshire"),
    "Lincs": Name("Lincolnshire"),
    "Cambs": Name("Cambridgeshire"),
    "Herts": Name("Hertfordshire"),
    "Beds": Name("Bedfordshire"),
    "Devon": _part("Devon and Cornwall"),
    "Cornwall": _part("Devon and Cornwall"),
    "Somerset": _part("Avon and Somerset"),
    "Bristol": _part("Avon and Somerset"),
    "Oxfordshire": _part("Thames Valley"),
    "Buckinghamshire": _part("Thames Valley"),
    "Berkshire": _part("Thames Valley"),
    "Worcestershire": _part("West Mercia"),
    "Herefordshire": _part("West Mercia"),
    "Shropshire": _part("West Mercia"),
    "Isle of Wight": _part("Hampshire"),
    "Rutland": _part("Leicestershire"),
    "Northumberland": _part("Northumbria"),
    "Tyne and Wear": _part("Northumbria"),
    "Teesside": Name("Cleveland", "Teesside is most of Cleveland's area"),
} | {name: Name(name) for name in ("UK", "United Kingdom", "Great Britain", "Britain", "Northern Ireland", "Scotland")}

_NOT_AFTER = r"(?<!University of )(?<!Bishop of )(?<!Duke of )(?<!Archbishop of )"
_NOT_BEFORE = (
    r"(?! (?:University|(?:County |City )?Council|Live\b|Online|Echo|Telegraph|News|Post|Mail|Times|Herald|Star\b|Guardian|Standard|Observer|Journal"
    r"|Gazette|Chronicle|Advertiser|Crown Court|Magistrates|Hospital|NHS|Safeguarding|Academy|College|School|Airport|Cathedral|Road|Street|United|FM\b"
    r"|MP\b|Police and Crime|Police Federation))"
)
_POLICE = r"(?:(?:'s)? (?:Police Service|Police|POLICE|Constabulary|CONSTABULARY|police|force))?"
_OF_ENGLAND = r"(?: (?:region of England|of England|England|region))?"
# Countries and bodies whose figures are no police force's here.
_ABROAD = re.compile(
    r"\b(?:Republic of Ireland|Irish|gardaí|Garda|Dublin|United States|U\.?S\.?A?\b|America|Canad|Australia|New Zealand|Europe|EU\b|France|French|German"
    r"|Spain|Spanish|Netherlands|Dutch|Belgi|Sweden|Swedish|India|Pakistan|Philippines|Europol|Interpol|FBI|worldwide|globally|international)",
)


@functools.cache
def names() -> dict[str, Name]:
    """Return every name that is known, with what it stands for.

    Examples
    --------
    >>> names()["Avon & Somerset"].area, names()["Yorkshire"].confirm
    ('Avon and Somerset', 'or with Humberside')
    """
    spelt = {name: Name(force.name) for force in forces.FORCES for name in (force.name, *force.spellings)}
    for ambiguous in ("Met", "The Met", "Metropolitan", "London, City of"):
        spelt.pop(ambiguous)
    without_article = {
        name.removeprefix("the "): known
        for name, known in OTHER_NAMES.items()
        if name.startswith("the ") and name != "the Met"
    }
    known = without_article | spelt | OTHER_NAMES
    known |= {name.lower(): what for name, what in OTHER_NAMES.items() if re.match("the (?:North|South|East)", name)}
    return {name.upper(): what for name, what in known.items() if len(name) > len("The Met")} | known


@functools.cache
def pattern() -> re.Pattern[str]:
    """Return the expression that finds a name, longest first; names are capitalised, so case counts."""
    choices = "|".join(re.escape(name).replace(r"\-", "[- ]") for name in sorted(names(), key=len, reverse=True))
    return re.compile(rf"{_NOT_AFTER}\b(?P<name>{choices})(?P<police>{_POLICE}){_OF_ENGLAND}(?!\w){_NOT_BEFORE}")


def read(match: re.Match[str]) -> Name:
    """Return what a name found stands for: "West Midlands Police" is the force, and "West Midlands" may not be.

    Examples
    --------
    >>> read(pattern().search("across West Midlands Police")).confirm
    ''
    """
    name, police = match["name"], match["police"]
    known = names().get(name) or names()[name.replace(" ", "-")]
    if police and isinstance(known.area, str) and known.area.casefold() == name.casefold():
        return Name(known.area)
    return known


def together(several: list[Name]) -> Name:
    """Return areas that are counted together: ``Sussex and Surrey``."""
    flat = dict.fromkeys(one for name in several for one in ([name.area] if isinstance(name.area, str) else name.area))
    if not all(one in forces.NAMES for one in flat):
        return Name(next(iter(flat)), "the text names several areas: " + ", ".join(flat))
    ordered = tuple(name for name in forces.NAMES if name in flat)
    confirm = "; ".join(dict.fromkeys(name.confirm for name in several if name.confirm))
    return Name(ordered if len(ordered) > 1 else ordered[0], confirm)


def is_abroad(sentence: str) -> bool:
    """Say whether a sentence speaks of another country.

    Examples
    --------
    >>> is_abroad("In the Republic of Ireland there were 84."), is_abroad("Kent Police recorded 84.")
    (True, False)
    """
    return bool(_ABROAD.search(sentence))


def is_outside(area: object) -> bool:
    """Say whether the tables do not hold an area."""
    return isinstance(area, str) and area.casefold() in OUTSIDE
