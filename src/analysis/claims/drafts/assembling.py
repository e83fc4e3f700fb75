"""From tagged sentences to candidate claims, each field marked unless its own sentence leaves no doubt."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from analysis.claims.drafts import areas, certainty, changes, shapes, subjects
from analysis.claims.drafts.attaching import Attached, attach, certain
from analysis.claims.drafts.fields import Candidate, Count, Field, Reading
from analysis.claims.drafts.memory import NO_PERIOD, Article, Memory
from analysis.claims.drafts.readings import Context
from analysis.claims.drafts.sentences import Sentence
from analysis.claims.drafts.tagging import Tagged
from analysis.claims.drafts.times import Time
from analysis.terms.periods import Period

NO_AREA = "the sentence names no area"
_OF_AN_AREA = re.compile(r"<A\d+>(?: alone)? (?:accounted|accounts|was responsible|is responsible) for $")
_TOWN = re.compile(r"\b(?i:in|at|around) (?!Total|All)[A-Z][a-z]{3,}")  # no area of a force


@dataclass(frozen=True)
class Found:
    """A candidate, and the place in the article of the sentence that it was read from."""

    candidate: Candidate
    place: int


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
    columns = ""  # what stands over the table that a sentence is a row of
    for place, (sentence, tags) in enumerate(zip(sentences, tagged, strict=True)):
        drafted: list[Candidate] = []
        columns = (columns or sentence.plain) if "|" in sentence.plain else ""
        is_elsewhere = subjects.is_elsewhere(sentence.plain) or subjects.is_elsewhere(columns)
        if is_elsewhere or areas.is_abroad(sentence.plain):
            pass
        elif found and place - found[-1].place <= 1 and _leans_on(found[-1].candidate, tags):
            found[-1] = Found(_leant(found[-1].candidate, sentence, tags, article.context), place)
        else:
            drafted = _Drafter(sentence, tags, memory, article).candidates()
            found += [Found(candidate, place) for candidate in drafted]
        memory = memory.after(tags, article.context, drafted)
    return found


@dataclass(frozen=True)
class _Drafter:
    """Drafts the claims of one sentence."""

    sentence: Sentence
    tags: Tagged
    memory: Memory
    article: Article

    def candidates(self) -> list[Candidate]:
        """Return the sentence's claims, marked as a whole where it holds what is not understood."""
        found: list[Candidate] = []
        for one in attach(self.tags):
            if self._is_of_offences(one):
                found.append(self._claim(one, found))
        doubt = certainty.doubt(self.tags) or ("" if self.sentence.is_whole else "the sentence is long, and was cut")
        what = "" if certainty.names_offence(self.sentence.plain) else "the sentence does not name the offence"
        claims = [*found, *self._shares()]
        return [certainty.marked(certainty.marked(one, what, only_figures=True), doubt) for one in claims]

    def _is_of_offences(self, one: Attached) -> bool:
        plain = self.sentence.plain
        if not self.tags.tags("A") and (subjects.is_about_platforms(plain) or _TOWN.search(self.tags.text)):
            return False
        return one.number is not None or subjects.is_about_counts(plain)

    def _claim(self, one: Attached, before: list[Candidate]) -> Candidate:
        value = Field() if one.number is None else self.tags.numbers[one.number]
        area = self._area(one.area, count=value.value)
        period, reading = self._period(one, before)
        is_sure = reading.is_sure and one.time is not None
        anchor = replace(self.article.context, anchor=next(iter(reading.periods), None), anchor_is_sure=is_sure)
        baseline = self._baseline(one, anchor)
        if one.time is None and baseline and _overlap(period, baseline.period):
            period = Field(None, "the text names no period but that of the baseline")
        described_as = one.time.described_as if one.time else None
        candidate = Candidate(
            (self.sentence.quote,),
            area,
            self.article.basis,
            self.article.offence,
            Count(value, period, described_as) if one.number is not None or one.time is not None else None,
            baseline,
            self._change(one),
            rate={} if before or one.number is None else self._rate(),
        )
        several = "" if one.is_plain else "the sentence has several counts, areas or periods"
        marked = certainty.marked(in_order(candidate), several)
        return certainty.marked(marked, _doubt(one, area, period), only_figures=True)

    def _area(self, index: int | None, *, count: object = None) -> Field:
        if index is None:
            return self.memory.area(self.sentence.plain, self.article, count=count)
        name = self.tags.areas[index]
        if "may mean the UK" in name.confirm and self.article.names_uk:
            return self.article.whole_country()
        return name.field

    def _period(self, one: Attached, before: list[Candidate]) -> tuple[Field, Reading]:
        """Return the current period, and how it is read."""
        if one.time is None:
            return self.memory.months(self.article)
        if one.time.role == "ends" and one.is_change:
            reading = one.time.ends()[1]
        else:
            named = [claim.current.period.value for claim in before if claim.current and claim.current.period.value]
            last = Period.parse(str(named[-1])) if named else next(iter(self.memory.period.periods), None)
            reading = one.time.read(replace(self.article.context, anchor=last, anchor_is_sure=False))
        return reading.as_field(one.time.words), reading

    def _baseline(self, one: Attached, anchor: Context) -> Count | None:
        value = self.tags.numbers[one.base] if one.base is not None else Field()
        if one.base_time is None:
            before = anchor.anchor.year_before if anchor.anchor and anchor.anchor.months <= 12 else None
            offer = f"; a year before would be {before}" if before else ""
            return Count(value, Field(None, f"the text names no period{offer}")) if one.base is not None else None
        reading = _baseline_reading(one.base_time, anchor)
        if not reading.periods and one.base is None:
            return None
        return Count(value, reading.as_field(one.base_time.words), one.base_time.described_as)

    def _change(self, one: Attached) -> dict[str, Field]:
        if one.change is not None:
            return dict(self.tags.fields[one.change])
        way = changes.direction(one.words) if one.base is not None else None
        return {"direction": Field(way)} if way else {}

    def _rate(self) -> dict[str, Field]:
        found = self.tags.tags("R")
        return dict(self.tags.fields[found[0].index]) if found else {}

    def _shares(self) -> list[Candidate]:
        if subjects.is_about_people(self.sentence.plain):
            return []
        named = self.tags.tags("A")
        blank = Candidate(
            (self.sentence.quote,),
            self._area(named[0].index if named else None),
            self.article.basis,
            self.article.offence,
        )
        shares = [tag for tag in self.tags.tags("H") if not _OF_AN_AREA.search(self.tags.text[: tag.start])]
        found = [replace(blank, share=dict(self.tags.fields[tag.index])) for tag in shares]
        return [certainty.marked(one, "of which offences, where and when?") for one in found]


def _doubt(one: Attached, area: Field, period: Field) -> str:
    """Return why the figures of a claim may be of another area or period than they seem, or nothing."""
    if one.number is None:
        return "the sentence gives no counts"
    if one.area is None or area.value is None:
        return NO_AREA
    if one.time is None or period.value is None:
        return "the sentence names no period"
    if one.time.leans:
        return f"“{one.time.words}” leans on another period"
    if one.base is not None and one.base_time is None:
        return "the sentence names one period only"
    return ""


def _overlap(one: Field, other: Field) -> bool:
    if one.value is None or other.value is None:
        return False
    return Period.parse(str(one.value)).overlaps(Period.parse(str(other.value)))


def in_order(candidate: Candidate) -> Candidate:
    """Return a claim whose baseline is the earlier count: "six in 2015/16, compared to 26 in 2016/17" begins at the six."""
    current, baseline = candidate.current, candidate.baseline
    if current is None or baseline is None or None in (current.value.value, baseline.value.value):
        return candidate
    periods = [Period.parse(str(one.period.value)) for one in (baseline, current) if one.period.value]
    if len(periods) < 2 or periods[0].first <= periods[1].first:
        return candidate
    return replace(candidate, current=baseline, baseline=current)


def _leans_on(before: Candidate, tags: Tagged) -> bool:
    """Say whether a sentence sets the count before it against another: "That compares with 16 in 2016/17"."""
    current, baseline = before.current, before.baseline
    is_open = baseline is None or baseline.value.value is None
    return current is not None and current.value.value is not None and is_open and shapes.leaning(tags) is not None


def _leant(before: Candidate, sentence: Sentence, tags: Tagged, context: Context) -> Candidate:
    """Return the claim before, with the baseline and the change that the next sentence gives it."""
    number = shapes.leaning(tags)
    assert before.current is not None and number is not None  # noqa: S101, PT018  # what _leans_on found
    period = before.current.period
    first = Period.parse(str(period.value)) if period.value else None
    named = certain(tags, tags.tags("BPS"))
    time = tags.times[named.index] if named else None
    lean = replace(context, anchor=first, anchor_is_sure=period.is_sure)
    reading = _baseline_reading(time, lean) if time else NO_PERIOD
    stated = Count(
        replace(tags.numbers[number], confirm="set against the count before it?"),
        reading.as_field(time.words if time else ""),
        time.described_as if time else None,
    )
    way = changes.direction(sentence.plain)
    found = [tags.fields[tag.index] for tag in tags.tags("C")] + ([{"direction": Field(way)}] if way else [])
    change = {name: replace(one, confirm="of the count before it?") for name, one in found[0].items()} if found else {}
    quote = (*before.quote, sentence.quote)
    return in_order(replace(before, quote=quote, baseline=stated, change=change or before.change))


def _baseline_reading(time: Time, context: Context) -> Reading:
    if time.role == "ends":
        return time.ends()[0]
    if time.role == "since":
        return time.start()
    reading = time.read(context)
    if time.is_dated:
        return reading
    kept = tuple(one for one in reading.periods if context.anchor is None or not one.overlaps(context.anchor))
    if len(kept) == len(reading.periods):
        return reading
    return Reading(kept, note="" if kept else "overlaps the current period as it is read")
