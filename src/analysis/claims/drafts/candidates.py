"""From the tagged sentences of an article to candidate claims, with what a sentence leans on: what stands before it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from analysis.claims.drafts import areas, changes, clauses, text
from analysis.claims.drafts.fields import Candidate, Count, Field
from analysis.claims.drafts.offences import Named, first_month, is_part, named, of_basis, related
from analysis.claims.drafts.tagging import Tagged
from analysis.claims.drafts.text import Sentence
from analysis.claims.drafts.times import Context, Time
from analysis.terms.forces import NAMES
from analysis.terms.periods import Month, Period

_OF_FORCE = re.compile(r"\b(?:the|this|that|same) (?:force|county|constabulary)\b|\bofficers\b|\bforce's\b", re.I)
_OF_AN_AREA = re.compile(r"<A\d+>(?: alone)? (?:accounted|accounts|was responsible|is responsible) for $")
_PART_OF_FORCE = re.compile(r"\ba (?:department|unit|team|division|station) of\b", re.I)
_TOWN = re.compile(r"\b(?i:in|at|around) (?!Total|All)[A-Z][a-z]{3,}")  # no area of a force
_PART_OF_IT = re.compile(r"\b(?:in (?:a|one) (?:single )?|a single )(?:day|week|month)\b", re.I)
_ELSEWHERE = "from another sentence"
_NONE = Field()
_NO_PERIOD = Field(note="the text names no period")


@dataclass(frozen=True)
class Found:
    """A candidate, and the place in the article of the sentence that it was read from."""

    candidate: Candidate
    place: int


@dataclass(frozen=True)
class Article:
    """What an article says as a whole.

    Attributes
    ----------
    context
        The month of publication, if known, and the periods named outright.
    basis
        Who counted.
    named, offence
        The offences that it names, and the one that it names most, where a sentence does not say.
    only_area, only_period
        The area and the period, where it names one only.
    """

    context: Context
    basis: Field
    named: Named
    offence: Field
    only_area: Field | None
    only_period: Field | None

    @staticmethod
    def read(whole: str, tagged: list[Tagged], published: Month | None) -> Article:
        """Return what the tagged sentences of an article say together."""
        areas = {tag.value.value: tag.value for tags in tagged for tag in tags.tags("A")}
        times = [tag.value for tags in tagged for tag in tags.tags("PBESL")]
        offences = named(whole)
        most = offences.most()
        basis = text.basis(whole, is_part=any(is_part(one.field) for one in offences.mentions))
        most = of_basis(most, basis, offences)
        context = Context(published, _known(times, published), law=first_month(most))
        read = [_months(time, context) for time in times if time.role == "P"]
        periods = {field.value: field for field in read if field.value}
        return Article(
            context,
            basis,
            offences,
            most,
            next(iter(areas.values())) if len(areas) == 1 else None,
            next(iter(periods.values())) if len(periods) == 1 else None,
        )

    def of_sentence(self, names: Named, own: Field | None, before: Field | None) -> Field:
        """Return what a count is of: what its sentence names, else the sentence before, else the article."""
        found = own or next((one.field for one in names.mentions), None)
        if found is not None:
            is_said = is_part(found) or str(found.value) in found.quote
            return found if is_said else of_basis(found, self.basis, self.named)
        if before is not None and not related(before, self.offence):
            return replace(before, others=(self.offence.value,), note=_ELSEWHERE)
        return self.offence


@dataclass(frozen=True)
class Memory:
    """What the sentences before have named: the areas of the last that named any, the last force, period and offence."""

    areas: tuple[Field, ...] = ()
    force: Field | None = None
    period: Field = _NO_PERIOD
    offence: Field | None = None

    def area(self, sentence: str, article: Article) -> Field:
        """Return the area of a sentence that names none."""
        is_force = _OF_FORCE.search(sentence) and self.force
        found = self.force if is_force else self.areas[-1] if self.areas else article.only_area
        if found is None:
            return Field(note="the text names no area")
        if "the region" in sentence and found.others:  # "West Midlands" may be the force
            found = replace(found, value=found.others[0], others=(found.value,))
        return replace(found, note="; ".join(filter(None, [_ELSEWHERE, found.note])))

    def after(self, tags: Tagged, context: Context, drafted: list[Candidate]) -> Memory:
        """Return what the sentence after this one may lean on."""
        named = tuple(tag.value for tag in tags.tags("A"))
        force = next((area for area in reversed(named) if area.value in NAMES), self.force)
        counted = [one.current.period for one in drafted if one.current and one.current.period.value]
        alone = [_months(tag.value, context) for tag in tags.tags("P")]
        if not counted and len(alone) == 1 and alone[0].value:
            counted = alone
        offence = drafted[-1].offence if drafted else None
        return Memory(named or self.areas, force, counted[0] if counted else self.period, offence)


def candidates(sentences: list[Sentence], tagged: list[Tagged], article: Article) -> list[Found]:
    """Return candidate claims sentence by sentence.

    Parameters
    ----------
    sentences, tagged
        Of the article, one for one.
    article
        What it says as a whole.
    """
    memory = Memory()
    found: list[Found] = []
    head = ""  # what stands over the table that a sentence is a row of
    for place, (sentence, tags) in enumerate(zip(sentences, tagged, strict=True)):
        drafted: list[Candidate] = []
        names = named(sentence.plain)
        head = (head or sentence.plain) if "|" in sentence.plain else ""
        before = found[-1] if found and place - found[-1].place <= 1 else None
        is_elsewhere = text.is_elsewhere(sentence.plain, names) or (head and text.is_elsewhere(head, named(head)))
        if is_elsewhere or areas.is_abroad(sentence.plain):
            pass
        elif before and (leant := _leant(before.candidate, sentence, tags, article.context)):
            found[-1] = Found(leant, place)
        else:
            drafted = _Reader(sentence, tags, names, memory, article).candidates()
            found += [Found(candidate, place) for candidate in drafted]
        memory = memory.after(tags, article.context, drafted)
    return found


def in_order(candidate: Candidate) -> Candidate:
    """Return a claim whose baseline is the earlier count: "six in 2015/16, compared to 26 in 2016/17" begins at the six."""
    current, baseline = candidate.current, candidate.baseline
    if current is None or baseline is None or None in {current.value.value, baseline.value.value}:
        return candidate
    now, then = _period(current.period), _period(baseline.period)
    if now is None or then is None or then.first <= now.first:
        return candidate
    return replace(candidate, current=baseline, baseline=current)


@dataclass(frozen=True)
class _Reader:
    """Reads the claims of one sentence."""

    sentence: Sentence
    tags: Tagged
    names: Named
    memory: Memory
    article: Article

    def candidates(self) -> list[Candidate]:
        found: list[Candidate] = []
        for one in clauses.attach(self.tags):
            if self._is_of_offences(one):
                found.append(self._claim(one, found))
        return [*found, *self._shares()]

    def _is_of_offences(self, one: clauses.Attached) -> bool:
        plain, names_area = self.sentence.plain, bool(self.tags.tags("A"))
        if text.is_about_platforms(plain) and not (names_area and one.count):
            return False
        is_of_one = self.names.mentions or not self.article.named.is_among_others
        if (not names_area and _TOWN.search(self.tags.text)) or not is_of_one:
            return False
        return one.count is not None or text.is_about_counts(plain, self.names)

    def _blank(self, area: Field | None, offence: Field | None = None) -> Candidate:
        """Return a candidate with what every claim has."""
        what = self.article.of_sentence(self.names, offence, self.memory.offence)
        where = area or self.memory.area(self.sentence.plain, self.article)
        if (part := _PART_OF_FORCE.search(self.sentence.plain)) and where.value:
            where = Field(None, where.quote, (where.value, *where.others), f"the text speaks of {part[0].lower()} it")
        return Candidate((self.sentence.quote,), where, self.article.basis, what)

    def _claim(self, one: clauses.Attached, before: list[Candidate]) -> Candidate:
        period = self._current_period(one, before)
        if period.value and _PART_OF_IT.search(self.sentence.plain):
            period = Field(None, period.quote, (period.value, *period.others), "the text speaks of a part of it")
        is_counted = one.count is not None or one.time is not None
        rates = self.tags.tags("R") if one.count is not None and not before else []
        baseline = _baseline(one, replace(self.article.context, anchor=_period(period)))
        if baseline and _overlap(period, baseline.period):
            period = _NO_PERIOD if one.time is None else _apart(period, baseline.period)
        claim = replace(
            self._blank(one.area, one.offence),
            current=_counted(one.count, period, one.time) if is_counted else None,
            baseline=baseline,
            change=one.change or (changes.direction(one.words) if one.base is not None else {}),
            rate=rates[0].value if rates else {},
        )
        return in_order(claim)

    def _current_period(self, one: clauses.Attached, before: list[Candidate]) -> Field:
        if one.time is None:
            only = self.article.only_period
            found = only if only and not self.memory.period.value else self.memory.period
            return replace(found, note=_ELSEWHERE) if found.value else found
        if one.time.role == "E" and (one.base is not None or one.change is not None):
            return _of(one.time.words, one.time.span.sides[1].periods)
        named = [claim.current.period for claim in before if claim.current and claim.current.period.value]
        anchor = _period(named[-1] if named else self.memory.period)
        return _months(one.time, replace(self.article.context, anchor=anchor))

    def _shares(self) -> list[Candidate]:
        if text.is_about_people(self.sentence.plain, self.names):
            return []
        named = next((tag.value for tag in self.tags.tags("A")), None)
        shares = [tag.value for tag in self.tags.tags("H") if not _OF_AN_AREA.search(self.tags.text[: tag.start])]
        return [replace(self._blank(named), share=share) for share in shares]


def months(time: Time | None, article: Article, before: Field) -> Field:
    """Return the months of a period on its own, or beside another."""
    anchor = _period(before)
    context = replace(article.context, anchor=anchor)
    return _baseline_months(time, context) if anchor or time is None else _months(time, context)


def _counted(value: Field | None, period: Field, time: Time | None) -> Count:
    return Count(value or _NONE, period, time.described_as if time else None)


def _baseline(one: clauses.Attached, context: Context) -> Count | None:
    period = _baseline_months(one.base_time, context)
    is_said = one.base is not None or (one.base_time is not None and period.value is not None)
    return _counted(one.base, period, one.base_time) if is_said else None


def _leant(before: Candidate, sentence: Sentence, tags: Tagged, context: Context) -> Candidate | None:
    """Return the claim before with the baseline that this sentence gives it: "That compares with 16 in 2016/17"."""
    count = clauses.leaning(tags)
    if count is None or before.current is None or before.number is None or before.base is not None:
        return None
    time = clauses.dated(tags, tags.tags("BPS"))
    period = _baseline_months(time, replace(context, anchor=_period(before.current.period)))
    stated = [*(tag.value for tag in tags.tags("C")), changes.direction(sentence.plain), before.change]
    change: dict[str, Field] = next(filter(None, stated), {})
    quote = (*before.quote, sentence.quote)
    return in_order(replace(before, quote=quote, baseline=_counted(count, period, time), change=change))


def _known(times: list[Time], published: Month | None) -> tuple[Period, ...]:
    """Return the periods that the article names outright, by their last month; those that begin only, in front."""
    outright = {time.span.periods[0] for time in times if len(time.span.periods) == 1 and not time.span.relation}
    ordered = tuple(sorted(outright, key=lambda period: period.last))
    begun = (time.months(Context(published, ordered))[:1] for time in times if time.role == "S" and ordered)
    return (*dict.fromkeys(period for periods in begun for period in periods), *ordered)


def _baseline_months(time: Time | None, context: Context) -> Field:
    if time is None:
        return _NO_PERIOD
    if time.role in "ES":
        return _of(time.words, time.span.sides[0].periods if time.role == "E" else time.start(context))
    apart = [p for p in time.months(context) if time.is_dated or not (context.anchor and p.overlaps(context.anchor))]
    return _of(time.words, tuple(apart), context)


def _months(time: Time, context: Context) -> Field:
    return _of(time.words, time.months(context), context)


def _of(words: str, periods: tuple[Period, ...], context: Context | None = None) -> Field:
    """Return the periods that words may name as a field."""
    if periods:
        first, *others = map(str, periods)
        return Field(first, words, tuple(others))
    needs = "needs the publication date; give it with --published" if context and not context.published else ""
    return Field(None, words, note=needs or "the months are not known")


def _period(field: Field) -> Period | None:
    return Period.parse(str(field.value)) if field.value else None


def _apart(period: Field, other: Field) -> Field:
    """Return a period with a reading in front that does not overlap another, where there is one."""
    first, *others = sorted((period.value, *period.others), key=lambda reading: _overlap(Field(reading), other))
    return replace(period, value=first, others=tuple(others))


def _overlap(one: Field, other: Field) -> bool:
    first, second = _period(one), _period(other)
    return first is not None and second is not None and first.overlaps(second)
