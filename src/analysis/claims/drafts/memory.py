"""What a sentence may lean on: the article that it stands in, and what the sentences before have named."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from analysis.claims.drafts import areas
from analysis.claims.drafts.areas import Name
from analysis.claims.drafts.fields import Candidate, Field, Reading
from analysis.claims.drafts.readings import Context
from analysis.claims.drafts.tagging import Tagged
from analysis.terms.forces import NAMES
from analysis.terms.periods import Period

NO_PERIOD = Reading(note="the text names no period")
_CARRIED = "carried from before"
_OF_FORCE = re.compile(r"\b(?:the|this|that|same) (?:force|county|constabulary)\b|\bofficers\b|\bforce's\b", re.I)
_TOGETHER = re.compile(r"\b(?:between them|both|combined|together|the two)\b", re.I)
_NATIONAL = re.compile(r"\bnational\b|\b(?:3\d|4[0-6])(?: UK)? (?:police )?forces\b", re.I)
_TOO_MANY = 1500  # no force has recorded so many in a year


@dataclass(frozen=True)
class Article:
    """What an article says as a whole.

    Attributes
    ----------
    context
        The month of publication, if known, and the periods named outright.
    basis, offence
        What it says of all its counts.
    only_area, only_period
        The area and the period, where it names one only.
    names_uk
        Whether it speaks of the UK, so that "nationally" may too.
    """

    context: Context
    basis: Field
    offence: Field
    only_area: Name | None
    only_period: Reading | None
    names_uk: bool

    @staticmethod
    def read(tagged: list[Tagged], context: Context, *, basis: Field, offence: Field) -> Article:
        """Return what the tagged sentences of an article say together."""
        named = {tags.areas[tag.index] for tags in tagged for tag in tags.tags("A")}
        context = replace(context, known=_known(tagged, context))
        read = [time.read(context) for tags in tagged for time in tags.times if time.role == "current"]
        periods = {reading.periods[0]: reading for reading in read if reading.periods}
        return Article(
            context,
            basis,
            offence,
            next(iter(named)) if len(named) == 1 else None,
            next(iter(periods.values())) if len(periods) == 1 else None,
            any(name.area == "UK" for name in named),
        )

    def whole_country(self) -> Field:
        """Return the area of a count of all forces, which the article does not name beside it."""
        area, other = ("UK", "England and Wales") if self.names_uk else ("England and Wales", "the UK")
        return Field(area, f"or {other}; the sentence does not say")


@dataclass(frozen=True)
class Memory:
    """What the sentences before have named, for pronouns and periods that lean on it.

    Attributes
    ----------
    areas
        Those of the last sentence that named any.
    force
        The last force.
    period, words
        The last period of a count, or one that stood alone, and its words.
    """

    areas: tuple[Name, ...] = ()
    force: Name | None = None
    period: Reading = NO_PERIOD
    words: str = ""

    def area(self, sentence: str, article: Article, *, count: object = None) -> Field:
        """Return the area of a sentence that names none; a count too large for one force is the whole country's."""
        if len(self.areas) > 1 and _TOGETHER.search(sentence):
            name: Name | None = areas.together(list(self.areas))
        elif _OF_FORCE.search(sentence) and self.force:
            name = self.force
        elif _NATIONAL.search(sentence):
            return article.whole_country()
        else:
            name = self.areas[-1] if self.areas else article.only_area
        if name is None:
            return Field(None, "the text names no area")
        if name.area == "West Midlands" and "the region" in sentence:
            name = areas.names()["the West Midlands region"]
        if isinstance(count, int) and count >= _TOO_MANY and name.area in NAMES:
            return article.whole_country()
        return replace(name.field, confirm="; ".join(filter(None, [_CARRIED, name.confirm])))

    def months(self, article: Article) -> tuple[Field, Reading]:
        """Return the period of a sentence that names none."""
        only = article.only_period
        if only and not self.period.periods:  # "All figures are for 2017/18", further on
            offered = replace(only, is_sure=False).as_field("named elsewhere in the text")
            return offered, replace(only, is_sure=False)
        found = self.period.as_field(self.words)
        if self.period.periods:
            found = replace(found, confirm="; ".join(filter(None, [_CARRIED, found.confirm])))
        return found, self.period

    def after(self, tags: Tagged, context: Context, drafted: list[Candidate]) -> Memory:
        """Return what the sentence after this one may lean on."""
        named = tuple(dict.fromkeys(tags.areas[tag.index] for tag in tags.tags("A")))
        force = next((name for name in reversed(named) if name.area in NAMES), self.force)
        times = [time for tag in tags.tags("P") if (time := tags.times[tag.index]).role == "current"]
        counted = [one.current.period for one in drafted if one.current and one.current.period.value]
        period, words = self.period, self.words
        if counted:
            words = str(counted[0].value)
            stated = (reading for time in times if (reading := time.read(context)).periods)
            itself = Reading((Period.parse(words),), is_sure=counted[0].is_sure)
            period = next((reading for reading in stated if str(reading.periods[0]) == words), itself)
        elif len(times) == 1 and (reading := times[0].read(context)).periods:
            period, words = reading, times[0].words
        return Memory(named or self.areas, force, period, words)


def _known(tagged: list[Tagged], context: Context) -> tuple[Period, ...]:
    """Return the periods that the article names outright, by their last month; those that begin only, in front."""
    times = [time for tags in tagged for time in tags.times]
    blank = replace(context, known=())
    sure = [r.periods[0] for time in times if time.role == "current" and (r := time.read(blank)).is_sure]
    sure += [end.periods[0] for time in times if time.role == "ends" for end in time.ends() if end.is_sure]
    ordered = tuple(sorted(dict.fromkeys(sure), key=lambda period: period.last))
    if not ordered:
        return ()
    begun = [time.read(replace(context, known=ordered)) for time in times if time.role == "since"]
    return (*dict.fromkeys(reading.periods[0] for reading in begun if reading.periods), *ordered)
