"""Offences: Home Office codes, and families and groups of them, as ``data/raw/offences.yaml`` describes them."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Any, Literal

from analysis import files, reader
from analysis.errors import RequestError, text_of
from analysis.terms import numbers
from analysis.terms.areas import BANDS, slug
from analysis.terms.periods import Period

OWN, NONE = "own", "none"


@dataclass(frozen=True)
class Denominator:
    """Whom or what a rate is of.

    Attributes
    ----------
    of
        An age band of residents (``0-17``, ``0-15``, ``10-15``, ``all``), ``households``, ``own`` (figures of one's own), or ``none``
        where a rate says nothing.
    own
        Figures of one's own: the names of forces, each with how many.
    per
        For how many a rate is given.

    Examples
    --------
    >>> Denominator("0-17").whom, Denominator("households").per
    ('children aged 0 to 17', 10000)
    """

    of: str = "all"
    own: tuple[tuple[str, int], ...] = ()
    per: int = 10_000

    def __post_init__(self) -> None:
        if self.of not in {*BANDS, OWN, NONE}:
            raise RequestError(f"age band: {self.of!r} is not held; bands are {', '.join(BANDS)}")

    @property
    def whom(self) -> str:
        """Who or what they are, as a phrase: children aged 0 to 17."""
        return BANDS.get(self.of, "residents by the analyst's own figures")


# Words of offences' names that tell nothing of which is meant.
_TELL_NOTHING = "crime crimes offence offences other against with from people person persons under over aged recorded rate rates figures that this without made attempted".split()  # noqa: SIM905


@dataclass(frozen=True)
class Reviewed:
    """That somebody has looked for breaks in what an offence counts, when, and over which quarters."""

    on: date
    start: Period
    through: Period

    @property
    def span(self) -> Period:
        """The months that were looked at."""
        return Period(self.start.first, self.through.last)


@dataclass(frozen=True)
class Helpline:
    """Whom a reader may turn to."""

    name: str
    what: str
    phone: str | None = None
    address: str | None = None


@dataclass(frozen=True, kw_only=True)
class Offence:
    """What is counted: a Home Office code, or a union of codes that is read as one thing.

    Attributes
    ----------
    code
        As the official tables write it (text, since 4.1 is not 4.10), or the id of a family, group or subgroup.
    name
        In plain words, for titles.
    noun, one
        What a sentence counts, in the plural and in the singular: ``child grooming offences``.
    kind
        ``code``, ``family``, or ``group`` (the Home Office's groups and subgroups).
    codes
        The Home Office codes counted; a code counts itself.
    against
        Whom or what its offences are committed against, in the plural.
    denominator
        Whom a rate is of: residents of some ages (``residents: 0-17`` or ``all``), or ``none`` where a rate says nothing.
    table
        The table of years that it is counted in, where it is counted apart and not by quarter.
    limits
        What the figures do not measure: sentences that stand on every page about this offence.
    context
        Offences to set beside it, since recording may move between them.
    part_of
        The code that this one is counted within, where it is not counted on its own.
    first, last
        The quarters in which it began and ended to be counted; None where the tables begin with it or it goes on.
    reviewed
        Over which quarters somebody has looked for breaks; None where nobody has.
    revision
        How much its figures are revised, one of :data:`analysis.statistics.revision.TIERS`; None where its group's says so.
    of
        Of the total: the groups that it is the sum of.
    own_breaks
        Of a union, whether only what names it breaks it: changes among its members stay inside it or are too small to be seen.
    care
        What asks for care in every comparison: a sentence.
    elsewhere
        What its name may be taken for and is counted elsewhere: a sentence.
    outcomes_only, national
        Whether the tables of offences never count it; whether only bodies that are no forces record it.
    """

    code: str
    name: str
    noun: str = ""
    one: str = ""
    kind: Literal["code", "family", "group"] = "code"
    codes: tuple[str, ...] = ()
    group: str | None = None
    subgroup: str | None = None
    against: str = "people"
    denominator: Annotated[Denominator, Denominator, "a band"] = Denominator()
    table: str | None = None
    limits: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    helplines: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    part_of: str | None = None
    first: Period | None = None
    last: Period | None = None
    reviewed: Reviewed | None = None
    revision: Literal["steady", "middle", "loose", "homicide", "88A"] | None = None
    of: tuple[str, ...] = ()
    own_breaks: bool = False
    care: str | None = None
    elsewhere: str | None = None
    outcomes_only: bool = False
    national: bool = False

    def __post_init__(self) -> None:
        named = f"“{self.name}” (code {self.code})"
        usual = {"codes": (self.code,), "noun": f"offences of {named}", "one": f"offence of {named}"}
        found: dict[str, Any] = {name: getattr(self, name) or value for name, value in usual.items()}
        if not any(limit.startswith("It counts offences, not") for limit in self.limits):
            found["limits"] = ("It counts offences, not people.", *self.limits)
        vars(self).update(found)  # which are the entry's own in a frozen class too

    def __hash__(self) -> int:  # looked up for every count: by its code, and not by all that is known of it
        return hash(self.code)

    @property
    def label(self) -> str:
        """How a citation names it.

        Examples
        --------
        >>> find("88A").label, find("sexual-offences").label
        ('code 88A', 'all sexual offences')
        """
        return f"code {self.code}" if self.kind == "code" else self.name[:1].lower() + self.name[1:]

    @property
    def slug(self) -> str:
        """The code or id as it stands in addresses and file names."""
        return slug_of(self.code)

    @property
    def not_people(self) -> str:
        """The sentence that keeps a reader from taking offences for people.

        Examples
        --------
        >>> find("88A").not_people
        'These are offences as the police recorded them, not children and not offenders.'
        """
        return f"These are offences as the police recorded them, not {self.against} and not offenders."

    def count(self, number: int | None) -> str:
        """Return a number of these offences as a sentence says it.

        Examples
        --------
        >>> find("88A").count(1), find("88A").count(6442)
        ('1 child grooming offence', '6,442 child grooming offences')
        """
        if number is None:
            return f"an unknown number of {self.noun}"
        return f"{numbers.number(number)} {self.one if abs(number) == 1 else self.noun}"


_REVISED = ("loose", "middle", "homicide", "steady")  # the most revised first


def revision_tier(offence: Offence) -> str:
    """Return how much an offence's figures are revised: its own tier, its subgroup's, its group's, or the loosest of its codes.

    Examples
    --------
    >>> [revision_tier(find(name)) for name in ("burglary", "39", "88A", "71/17", "homicide", "assaults-on-police")]
    ['steady', 'middle', '88A', 'loose', 'homicide', 'middle']
    """
    named = (known().get(name or "") for name in (offence.code, offence.subgroup, offence.group, offence.part_of))
    if own := next((each.revision for each in named if each and each.revision), None):
        return own
    tiers = {revision_tier(known()[code]) for code in {*offence.codes} - {offence.code}}
    return next((tier for tier in _REVISED if tier in tiers), "loose")


@dataclass(frozen=True)
class NotHeld:
    """What people ask for and the tables do not hold: by which ``names``, ``where`` it is counted, and what is held that comes ``closest``."""

    names: tuple[str, ...]
    where: str
    closest: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Where it is counted and what comes closest, as a line says it."""
        near = " or ".join(map(_named, self.closest))
        return f"{self.where}; {f'what these tables hold that comes closest: {near}' if near else 'these tables hold nothing like it'}"


@dataclass(frozen=True, kw_only=True)
class _Document:
    listed: tuple[tuple[str, ...], ...] = ()
    not_held: tuple[NotHeld, ...] = ()
    helplines: dict[str, Helpline] = field(default_factory=dict)
    groups: tuple[Offence, ...] = ()
    offences: tuple[Offence, ...]
    families: tuple[Offence, ...] = ()
    apart: tuple[Offence, ...] = ()


def find(name: str) -> Offence:
    """Return the offence that a code, the id or name of a family or group, or a usual word for it stands for.

    Parameters
    ----------
    name
        In any case: ``88A``, ``burglary``, ``sexual-offences``.

    Returns
    -------
    Offence

    Raises
    ------
    RequestError
        If nothing is called that; the message names the nearest.

    Examples
    --------
    >>> find("88a").name, len(find("sexual-offences").codes) > 20
    ('Sexual grooming', True)
    >>> find("hate crime")
    Traceback (most recent call last):
    ...
    analysis.errors.RequestError: offence: 'hate crime' is not held here. Hate crime...
    """
    asked = key(name)
    if found := by_name().get(asked):
        return found
    for each in all_not_held():
        if asked in map(key, each.names):
            raise RequestError(f"offence: {name!r} is not held here. {each.words}")
    if len(parts := re.split(r"\s*[,;+]\s*", name)) > 1 and all(key(part) in by_name() for part in parts):
        raise RequestError(f"offence: {name!r} is {len(parts)} offences; ask for one at a time")
    near = _near(asked)
    right = f"the nearest are {', '.join(map(_named, near))}" if near else "`analysis offences` lists all"
    raise RequestError(f"offence: {name!r} is not known; {right}")


def _named(code: str) -> str:
    return f"{code} ({known()[code].name})"


def all_not_held() -> tuple[NotHeld, ...]:
    """Return all that is known of what people ask for and the tables do not hold."""
    return _document().not_held


def _near(words: str) -> list[str]:
    """Return the codes of at most three offences that words may mean: spelt nearly alike, or named by most of the words that tell something and few others."""
    close = difflib.get_close_matches(words, by_name(), n=3, cutoff=0.6 if any(map(str.isdigit, words)) else 0.84)
    asked = _telling(words)
    shared = {key: (-len(asked & named), len(named - asked)) for key in by_name() if asked & (named := _telling(key))}
    best = [key for key in shared if shared[key] == min(shared.values())]
    nearest = (*close, *sorted(best, key=lambda key: (len(key), key)))
    return [*dict.fromkeys(by_name()[each].code for each in nearest)][:3]


def _telling(words: str) -> set[str]:
    return {word.removesuffix("s") for word in words.split() if len(word) > 3 and word not in _TELL_NOTHING}


def slug_of(code: str) -> str:
    """Return a code or id, described here or not, as it stands in addresses and file names; ``4.1`` and ``4/1`` differ."""
    return slug(code.replace(".", " dot ").replace("/", " of "))


@functools.cache
def known() -> Mapping[str, Offence]:
    """Return every offence that the project describes, by code or id: codes first, then families and groups."""
    document = _document()
    groups = [_with_codes(group, document.offences) for group in document.groups]
    families = [replace(family, kind="family") for family in (*document.families, *document.apart)]
    return {offence.code: offence for offence in (*document.offences, *families, *groups)}


def listed() -> tuple[Offence, ...]:
    """Return what a force's page lists of everything that it recorded, group by group.

    Examples
    --------
    >>> listed()[0].code, len(listed()) > 30
    ('total', True)
    """
    return tuple(known()[code] for group in _document().listed for code in group)


def with_pages() -> tuple[Offence, ...]:
    """Return what has a national page of its own: what is listed and was reviewed."""
    return tuple(offence for offence in listed() if offence.reviewed)


def helplines(offence: Offence) -> list[Helpline]:
    """Return whom a reader of a page about an offence may turn to."""
    return [_document().helplines[name] for name in offence.helplines]


def __getattr__(name: str) -> Any:
    if name == "OFFENCES":  # read only when it is asked for
        return known()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@functools.cache
def _document() -> _Document:
    return reader.read(files.shipped("data", "raw", "offences.yaml"), _Document)


def _with_codes(group: Offence, offences: Iterable[Offence]) -> Offence:
    """Return a group with its codes: those that name it now, whatever the rows of older years say."""
    counted = (o for o in offences if not (o.part_of or o.national or o.outcomes_only))
    names = set(group.of) or {group.code}
    codes = tuple(o.code for o in counted if names & {o.group, o.subgroup})
    return replace(group, kind="group", codes=codes)


@functools.cache
def by_name() -> Mapping[str, Offence]:
    """Return every offence under all that :func:`find` knows it by, in lower case and without hyphens."""
    every, found = known().values(), dict[str, Offence]()
    # What is asked for most often wins: a code or id, then an alias, then a full name.
    named = [(one.code, one) for one in every]
    named += [(name, one) for one in every for name in (one.slug, *one.aliases)]
    for name, one in (*named, *((one.name, one) for one in every)):
        found.setdefault(key(name), one)
    return found


def key(name: str) -> str:
    """Return a name as it is looked up: in lower case and without hyphens."""
    text = text_of(name, "offence", "give a code, such as 88A, or a name")
    return " ".join(text.casefold().replace("-", " ").split())
