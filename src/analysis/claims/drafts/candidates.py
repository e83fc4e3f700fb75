"""From the tagged sentences of an article to candidate claims, with what a sentence leans on: what stands before it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from analysis.claims.drafts import changes, clauses, text
from analysis.claims.drafts.fields import Candidate, Count, Field
from analysis.claims.drafts.offences import Named, first_month, is_part, named, of_basis, related
from analysis.claims.drafts.tagging import Tag, Tagged
from analysis.claims.drafts.text import Sentence
from analysis.claims.drafts.times import Context, Time
from analysis.claims.drafts.words import PATTERNS
from analysis.terms.areas import NAMES
from analysis.terms.periods import Month, Period

ELSEWHERE = "from another sentence"
_NO_PERIOD = Field(note="the text names no period")


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
    memory
        Its area and its period, where it names one only.
    """

    context: Context
    basis: Field
    named: Named
    offence: Field
    memory: Memory

    @staticmethod
    def read(whole: str, tagged: list[Tagged], published: Month | None) -> Article:
        """Return what the tagged sentences of an article say together."""
        named_areas = {tag.value.value: tag.value for tags in tagged for tag in tags.tags("A")}
        times = [tag.value for tags in tagged for tag in tags.tags("PBESL")]
        offences = named(whole)
        basis = text.basis(whole, is_part=any(is_part(one.field) for one in offences.mentions))
        most = of_basis(offences.most(), basis, offences)
        context = Context(published, _known(times, published), law=first_month(most))
        periods = {field.value: field for time in times if time.role == "P" and (field := months(time, context)).value}
        memory = Memory(
            next(iter(named_areas.values())) if len(named_areas) == 1 else None,
            period=next(iter(periods.values())) if len(periods) == 1 else _NO_PERIOD,
        )
        return Article(context, basis, offences, most, memory)

    def of_sentence(self, names: Named, own: Field | None, before: Field | None) -> Field:
        """Return what a count is of: what its sentence names, else the sentence before, else the article."""
        found = own or next((one.field for one in names.mentions), None)
        if found is not None:
            is_said = is_part(found) or str(found.value) in found.quote
            return found if is_said else of_basis(found, self.basis, self.named)
        if before is not None and not related(before, self.offence):
            return replace(before, others=(self.offence.value,), note=ELSEWHERE)
        return self.offence


@dataclass(frozen=True)
class Memory:
    """What the sentences before have named: the last area, force, period and offence."""

    last: Field | None = None
    force: Field | None = None
    period: Field = _NO_PERIOD
    offence: Field | None = None
    earlier: Field = _NO_PERIOD

    def area(self, sentence: str) -> Field:
        """Return the area of a sentence that names none."""
        is_of_force = self.force and PATTERNS["of force"].search(sentence)
        found = self.force if is_of_force else self.last
        if found is None:
            return Field(note="the text names no area")
        if "the region" in sentence and found.others:  # "West Midlands" may be the force
            found = replace(found, value=found.others[0], others=(found.value,))
        return replace(found, note="; ".join(filter(None, [ELSEWHERE, found.note])))

    def after(self, tags: Tagged, context: Context, drafted: list[Candidate]) -> Memory:
        """Return what the sentence after this one may lean on."""
        named = [tag.value for tag in reversed(tags.tags("A"))]
        force = next((area for area in named if area.value in NAMES), self.force)
        alone = [months(tag.value, context) for tag in tags.tags("P")]
        counted = [one.current.period for one in drafted if one.current] or (alone if len(alone) == 1 else [])
        period = next((field for field in counted if field.value), self.period)
        earlier = next((one.baseline.period for one in drafted if one.baseline), self.earlier)
        offence = drafted[-1].offence if drafted else None
        return Memory(named[0] if named else self.last, force, period, offence, earlier)


def candidates(sentences: list[Sentence], tagged: list[Tagged], article: Article) -> list[Candidate]:
    """Return candidate claims sentence by sentence.

    Parameters
    ----------
    sentences, tagged
        Of the article, one for one.
    article
        What it says as a whole.
    """
    memory = article.memory
    found: list[Candidate] = []
    last = 0  # the place of the sentence that the last was read from
    head = ""  # what stands over the table that a sentence is a row of
    for place, (sentence, tags) in enumerate(zip(sentences, tagged, strict=True)):
        names = named(sentence.plain)
        head = (head or sentence.plain) if "|" in sentence.plain else ""
        is_elsewhere = text.is_elsewhere(sentence.plain, names) or (head and text.is_elsewhere(head, named(head)))
        before = found[-1] if found and place - last <= 1 else None
        drafted: list[Candidate] = []
        if is_elsewhere or PATTERNS["abroad"].search(sentence.plain):
            pass
        elif before and (leant := _leant(before, sentence, tags, article.context)):
            found[-1], last = leant, place
        else:
            drafted = _Reader(sentence, tags, names, memory, article).candidates()
        if drafted:
            found, last = [*found, *drafted], place
        if not any(one.number is not None for one in drafted):
            _give_rate(found, tags.tags("R"))
        memory = memory.after(tags, article.context, drafted)
    return found


def _give_rate(found: list[Candidate], rates: list[Tag]) -> None:
    """Give a rate that stands in a sentence without counts to the last count before it."""
    at = next((i for i in reversed(range(len(found))) if rates and found[i].number is not None), None)
    if at is not None and not found[at].rate:
        found[at] = replace(found[at], rate=rates[0].value)


def in_order(candidate: Candidate) -> Candidate:
    """Return a claim whose baseline is the earlier count: "six in 2015/16, compared to 26 in 2016/17" begins at the six."""
    current, baseline = candidate.current, candidate.baseline
    if current is None or baseline is None:
        return candidate
    current = replace(current, period=_apart(current.period, baseline.period))
    candidate = replace(candidate, current=current)
    if None in {current.value.value, baseline.value.value}:
        return candidate
    now, then = period_of(current.period), period_of(baseline.period)
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
        period = self.memory.period
        for one in filter(self._is_of_offences, clauses.attach(self.tags)):
            found.append(self._claim(one, period, is_first=not found))
            period = found[-1].current.period if found[-1].current else period
        return [*found, *self._shares()]

    def _is_of_offences(self, one: clauses.Attached) -> bool:
        plain, mentions, areas = self.sentence.plain, self.names.mentions, self.tags.tags("A")
        is_of_platform = PATTERNS["platform"].search(plain) and not (areas and one.count)
        is_of_town = PATTERNS["town"].search(self.tags.text) and not areas
        is_of_several = self.article.named.is_among_others and not mentions
        is_counted = one.count or mentions or PATTERNS["counted"].search(plain)
        return bool(is_counted) and not (is_of_platform or is_of_town or is_of_several)

    def _blank(self, area: Field | None, offence: Field | None = None) -> Candidate:
        """Return a candidate with what every claim has."""
        what = self.article.of_sentence(self.names, offence, self.memory.offence)
        where = area or self.memory.area(self.sentence.plain)
        if part := PATTERNS["part of force"].search(self.sentence.plain):
            where = Field(None, where.quote, (where.value, *where.others), f"the text speaks of {part[0].lower()} it")
        return Candidate((self.sentence.quote,), where, self.article.basis, what)

    def _claim(self, one: clauses.Attached, before: Field, *, is_first: bool) -> Candidate:
        is_change = bool(one.base or one.change)
        context = replace(self.article.context, anchor=period_of(before))
        period = months(one.time, context, 1 if is_change else None) if one.time else before
        if one.time is None and period.value:
            period = replace(period, note=ELSEWHERE)
        if period.value and PATTERNS["part of it"].search(self.sentence.plain):
            period = Field(None, period.quote, (period.value, *period.others), "the text speaks of a part of it")
        earlier = months(one.base_time, replace(context, anchor=period_of(period)), 0)
        if one.base is not None and one.time is None and one.base_time is None:
            earlier = self.memory.earlier
        is_compared = one.base is not None or earlier.value is not None
        rates = self.tags.tags("R") if one.count and is_first else []
        claim = replace(
            self._blank(one.area, one.offence),
            current=counted(one.count, period, one.time) if one.count or period.value else None,
            baseline=counted(one.base, earlier, one.base_time) if is_compared else None,
            change=one.change,
            rate=rates[0].value if rates else {},
        )
        return in_order(claim)

    def _shares(self) -> list[Candidate]:
        """Return the shares of offences: none of victims, of how offences ended, or of offences of another kind."""
        plain = self.sentence.plain
        is_of_others = any(PATTERNS["are offences"].search(plain[: one.start]) for one in self.names.mentions)
        if is_of_others or PATTERNS["of people"].search(plain):
            return []
        area = next((tag.value for tag in self.tags.tags("A")), None)
        shares = (h for h in self.tags.tags("H") if not PATTERNS["of an area"].search(self.tags.text[: h.start]))
        return [replace(self._blank(area), share=share.value) for share in shares]


def months(time: Time | None, context: Context, side: int | None = None) -> Field:
    """Return the months that words may name; of the two that a change lies between, the earlier (0) or the later (1)."""
    if time is None:
        return _NO_PERIOD
    periods = time.months(context)
    if side is not None and time.role == "E":
        periods = time.span.sides[side].periods
    elif side == 0 and time.role == "S":
        periods = time.start(context)
    if periods:
        first, *others = map(str, periods)
        return Field(first, time.words, tuple(others))
    needs = "" if context.published else "needs the publication date; give it with --published"
    return Field(None, time.words, note=needs or "the months are not known")


def counted(value: Field | None, period: Field, time: Time | None) -> Count:
    """Return a count with its period, and the words for it where they say something of its months."""
    return Count(value or Field(), period, time.described_as if time else None)


def _leant(before: Candidate, sentence: Sentence, tags: Tagged, context: Context) -> Candidate | None:
    """Return the claim before with the baseline that this sentence gives it: "That compares with 16 in 2016/17"."""
    count = next((tag.value for tag in tags.tags("N")), None)
    is_told = before.base is not None or (count is None and changes.stated(before.change))
    if is_told or before.current is None or before.number is None or not clauses.leans(tags):
        return None
    time = clauses.dated(tags, tags.tags("BPS"))
    period = months(time, replace(context, anchor=period_of(before.current.period)), 0)
    stated = [*(tag.value for tag in tags.tags("C")), changes.direction(sentence.plain), before.change]
    baseline = counted(count, period, time) if count or period.value else before.baseline
    quote = (*before.quote, sentence.quote)
    return in_order(replace(before, quote=quote, baseline=baseline, change=next(filter(None, stated), {})))


def _known(times: list[Time], published: Month | None) -> tuple[Period, ...]:
    """Return the periods that the article names outright, by their last month; those that begin only, in front."""
    outright = {time.span.periods[0] for time in times if len(time.span.periods) == 1 and not time.span.relation}
    ordered = tuple(sorted(outright, key=lambda period: period.last))
    begun = (time.months(Context(published, ordered))[:1] for time in times if time.role == "S" and ordered)
    return (*dict.fromkeys(period for periods in begun for period in periods), *ordered)


def period_of(field: Field) -> Period | None:
    """Return the likeliest period of a field."""
    return Period.parse(str(field.value)) if field.value else None


def _apart(period: Field, other: Field) -> Field:
    """Return a period with a reading in front that does not overlap another; blank where there is none."""
    against = period_of(other)
    if period.value is None or against is None:
        return period
    readings = (period.value, *period.others)
    first, *others = sorted(readings, key=lambda reading: against.overlaps(Period.parse(str(reading))))
    if against.overlaps(Period.parse(str(first))):
        return Field(None, period.quote, readings, "it overlaps what it is compared with")
    return replace(period, value=first, others=tuple(others))
