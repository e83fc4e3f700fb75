"""What each offence code holds, and the dates on which that changed."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.errors import RequestError
from analysis.terms import numbers
from analysis.terms.periods import Month, Period


@dataclass(frozen=True)
class Break:
    """A date on which the definition of an offence changed.

    Attributes
    ----------
    month
        The first month counted under the new definition.
    before, after
        What the code held on either side, as a phrase.
    short_before, short_after
        The same in a few words, for a chart's label.
    reason
        Why it changed.
    source
        Where that is stated.
    launch
        The first year of the new definition, while forces were learning to use it.
    """

    month: Month
    before: str
    after: str
    short_before: str
    short_after: str
    reason: str
    source: str
    launch: Period

    @property
    def words(self) -> str:
        """The date as a reader says it: 1 April 2017."""
        return f"1 {self.month.words}"


@dataclass(frozen=True)
class Offence:
    """A Home Office offence code.

    Attributes
    ----------
    code
        As the official tables write it: text, since 4.1 is not 4.10.
    name
        In plain words, for titles.
    noun
        What a sentence counts, in the plural: ``child grooming offences``.
    breaks
        Changes of definition, oldest first.
    limits
        What the figures do not measure: sentences that stand on every page about this offence.
    part_of
        The code that this one is a part of, where it is not counted on its own.
    neighbours
        Codes that an offence might be counted under instead, as recording practice changes.
    band
        The ages of the residents that a rate is of, as :data:`analysis.figures.population.BANDS` names them.
    victims
        Whom its offences are committed against, in the plural, in a reader's words.
    """

    code: str
    name: str
    noun: str
    breaks: tuple[Break, ...] = ()
    limits: tuple[str, ...] = ()
    part_of: str | None = None
    neighbours: tuple[str, ...] = ()
    band: str = "all"
    victims: str = "victims"

    @property
    def label(self) -> str:
        """How a citation names it.

        Examples
        --------
        >>> OFFENCES["88A"].label, OFFENCES[ALL_SEXUAL].label
        ('code 88A', 'all sexual offences')
        """
        return self.name.lower() if self.code == ALL_SEXUAL else f"code {self.code}"

    @property
    def not_people(self) -> str:
        """The sentence that keeps a reader from taking offences for people.

        Examples
        --------
        >>> OFFENCES["88A"].not_people
        'These are offences as the police recorded them, not children and not offenders.'
        """
        return f"These are offences as the police recorded them, not {self.victims} and not offenders."

    def count(self, number: int | None) -> str:
        """Return a number of these offences as a sentence says it.

        Examples
        --------
        >>> OFFENCES["88A"].count(1), OFFENCES["88A"].count(6442)
        ('1 child grooming offence', '6,442 child grooming offences')
        """
        if number is None:
            return f"an unknown number of {self.noun}"
        noun = self.noun.replace("offences", "offence", 1) if abs(number) == 1 else self.noun
        return f"{numbers.number(number)} {noun}"

    def breaks_within(self, *periods: Period) -> tuple[Break, ...]:
        """Return the breaks that lie between, or inside, the periods given.

        Examples
        --------
        >>> grooming = OFFENCES["88A"]
        >>> len(grooming.breaks_within(Period.parse("2016/17"), Period.parse("2017/18")))
        1
        >>> len(grooming.breaks_within(Period.parse("2017/18"), Period.parse("2018/19")))
        0
        """
        first, last = min(p.first for p in periods), max(p.last for p in periods)
        return tuple(change for change in self.breaks if first < change.month <= last)


ALL_SEXUAL = "sexual-offences"

_GROOMING_2017 = Break(
    month=Month(2017, 4),
    before="meeting a child following sexual grooming only (section 15 of the Sexual Offences Act 2003)",
    after="that offence and sexual communication with a child (section 15A, in force 3 April 2017)",
    short_before="Until March 2017:\nmeeting a child only",
    short_after="From April 2017: also\nsexual communication",
    reason="Section 67 of the Serious Crime Act 2015 made sexual communication with a child an offence, and the Home Office counts it under the same code.",
    source="Home Office Counting Rules, code 88A; the Office for National Statistics has said that the two sides are not comparable.",
    launch=Period(Month(2017, 4), Month(2018, 3)),
)

_GROOMING_LIMITS = (
    "It counts offences, not children and not offenders.",
    "It does not measure group-based exploitation and says nothing of ethnicity or nationality.",
    "More recorded offences can mean better recording, more police work or more reporting as well as more offending; "
    "zero recorded is not zero abuse.",
)

OFFENCES: dict[str, Offence] = {
    offence.code: offence
    for offence in (
        Offence(
            "88A",
            "Sexual grooming",
            "child grooming offences",
            (_GROOMING_2017,),
            _GROOMING_LIMITS,
            neighbours=("22B", "71"),
            band="0-17",
            victims="children",
        ),
        Offence(
            "71/17",
            "Sexual communication with a child",
            "offences of sexual communication with a child",
            part_of="88A",
            limits=_GROOMING_LIMITS,
            band="0-17",
            victims="children",
        ),
        Offence(
            ALL_SEXUAL,
            "All sexual offences",
            "sexual offences",
            limits=(
                "It counts offences, not people, and offences that became law later are in it from then on.",
                "Inspectors found in 2014 that a quarter of sexual offences reported to the police were not recorded; "
                "better recording since then raises the figures without any change in crime.",
            ),
        ),
    )
}


def describe(code: str, name: str | None = None) -> Offence:
    """Return what is known of an offence code.

    Parameters
    ----------
    code
        The code, in any case.
    name
        The description in the workbook, for a code that this module has no entry for.

    Returns
    -------
    Offence
        The entry, or one without breaks that carries the workbook's name.

    Raises
    ------
    RequestError
        If the code has no entry and no name was given.

    Examples
    --------
    >>> describe("88a").name
    'Sexual grooming'
    >>> describe("30C", "Burglary in a building other than a dwelling").breaks
    ()
    """
    for known, offence in OFFENCES.items():
        if known.casefold() == code.strip().casefold():
            return offence
    if name is None:
        counted = ", ".join(offence.code for offence in OFFENCES.values() if offence.part_of is None)
        raise RequestError(f"offence: {code!r} is not known; codes with figures are {counted}")
    return Offence(
        code.strip(), name, f"offences of “{name}” (code {code.strip()})", limits=("It counts offences, not people.",)
    )
