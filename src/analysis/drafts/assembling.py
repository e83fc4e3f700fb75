"""From tagged sentences to candidate claims: whose count it is, of which months, and set against what."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from analysis.drafts import changes, shapes, subjects
from analysis.drafts.areas import Name
from analysis.drafts.fields import Candidate, Count, Field, Reading
from analysis.drafts.sentences import Sentence
from analysis.drafts.tagging import Tagged
from analysis.drafts.times import Context, Time
from analysis.forces import NAMES
from analysis.periods import Period

_OF_FORCE = re.compile(r"\b(?:the|this|that|same) (?:force|county|constabulary)\b|\bofficers\b|\bforce's\b", re.I)
_CUE = re.compile(r"\b(?:it|its|they|their|there|here|locally|police|the region|the area|the figure|that)\b", re.I)
_CUT = re.compile(
    r";|\bwhile\b|\bwhereas\b|, and (?=<A|in <A|in <P|<P)|\bbut\b|\. |\bof (?:which|these)\b|\bmore than any\b|\bthe (?:most|highest)\b"
)
_RELATIVE = {"past year", "this year", "length", "year before", "first months of the law"}
_NO_AREA = Field(None, "the text names no area")
_NO_PERIOD = Reading(note="the text names no period")


@dataclass
class _Reader:
    """What has been read so far, for pronouns and periods that lean on it."""

    context: Context
    area: Name | None = None
    force: Name | None = None
    areas_before: int = 0
    period: Reading = _NO_PERIOD
    words: str = ""
    basis: Field = field(default_factory=Field)
    offence: Field = field(default_factory=Field)


def candidates(
    sentences: list[Sentence], tagged: list[Tagged], context: Context, *, basis: Field, offence: Field
) -> list[tuple[Candidate, Tagged]]:
    """Return candidate claims sentence by sentence, each with the tagged sentence that it was read from.

    Parameters
    ----------
    sentences, tagged
        Of the article, one for one.
    context
        The month of publication, if known.
    basis, offence
        What the article says of all its counts.
    """
    reader = _Reader(replace(context, known=_known(tagged, context)), basis=basis, offence=offence)
    found: list[tuple[Candidate, Tagged]] = []
    for sentence, tags in zip(sentences, tagged, strict=True):
        if not subjects.is_elsewhere(sentence.plain):
            if found and _leans_on(found[-1][0], tags):
                found[-1] = (_leant(found[-1][0], sentence, tags, reader), found[-1][1])
            else:
                found += [(candidate, tags) for candidate in _of_sentence(sentence, tags, reader)]
        _remember(tags, reader)
    return found


def _known(tagged: list[Tagged], context: Context) -> tuple[Period, ...]:
    """Return the periods that the article names outright, by their last month; those that begin only, in front."""
    times = [time for tags in tagged for time in tags.times]
    sure = [
        reading.periods[0]
        for time in times
        if time.role == "current" and (reading := time.read(replace(context, known=()))).is_sure
    ] + [end.periods[0] for time in times if time.role == "ends" for end in time.ends() if end.is_sure]
    ordered = tuple(sorted(dict.fromkeys(sure), key=lambda period: period.last))
    begun = [time.read(replace(context, known=ordered)) for time in times if time.role == "since"]
    return (*(reading.periods[0] for reading in begun if reading.periods and ordered), *ordered)


def _remember(tags: Tagged, reader: _Reader) -> None:
    places = [int(i) for i in re.findall(r"<A(\d+)>", tags.text)]
    distinct = dict.fromkeys(tags.areas[i] for i in places)
    if distinct:
        reader.area = next(iter(distinct)) if len(distinct) == 1 else list(distinct)[-1]
        reader.force = next((name for name in reversed(distinct) if name.area in NAMES), reader.force)
    reader.areas_before = len(distinct)
    named = _times(tags, tags.text, "P")
    if "<N" not in tags.text and len(named) == 1 and (reading := named[0].read(reader.context)).is_sure:
        reader.period, reader.words = reading, named[0].words


def _of_sentence(sentence: Sentence, tags: Tagged, reader: _Reader) -> list[Candidate]:
    listed, some_only = shapes.parts(tags)
    in_list = {number for _, number in listed}
    paired = [(current, base, words) for current, base, words in shapes.pairs(tags) if not {current, base} <= in_list]
    bases = {base for _, base, _ in paired}
    set_against = {current: (base, words) for current, base, words in paired}
    heads = [int(i) for i in re.findall(r"<N(\d+)>", tags.text) if int(i) not in bases]
    totals = [i for i in heads if i not in in_list]
    has_parts = len(listed) > 1 and len(totals) == 1 and not some_only and _are_parts(tags, listed, totals[0])
    found = []
    for i in totals if has_parts else heads:
        base, words = set_against.get(i, (None, ""))
        candidate = _claim(sentence, tags, reader, i, base, words)
        found.append(_with_parts(candidate, tags, listed) if has_parts and i in totals else candidate)
    if not found and subjects.is_about_counts(sentence.plain) and re.search(r"<C\d+>", tags.text):
        found.append(_change_only(sentence, tags, reader))
    return [*found, *_shares(sentence, tags, reader)]


def _claim(sentence: Sentence, tags: Tagged, reader: _Reader, number: int, base: int | None, words: str) -> Candidate:
    change = _change(tags, number, words, has_base=base is not None)
    reading, time = _current_period(tags, reader, number, base, is_change=bool(change) or base is not None)
    carried = time is None and bool(reading.periods)
    period = reading.as_field(time.words if time else reader.words)
    if carried:
        period = replace(period, confirm="; ".join(filter(None, ["carried from before", period.confirm])))
    elif time is not None:
        reader.period, reader.words = reading, time.words
    anchor = replace(
        reader.context,
        anchor=reading.periods[0] if reading.periods else None,
        anchor_is_sure=reading.is_sure and not carried,
    )
    return Candidate(
        (sentence.quote,),
        _area(tags, reader, number, base, sentence.plain),
        reader.basis,
        reader.offence,
        Count(tags.numbers[number], period, time.words if time and time.rule.name in _RELATIVE else None),
        _baseline(tags, base, anchor, time, is_change=bool(change)),
        change,
        rate=_rate(tags),
    )


def _leans_on(before: Candidate, tags: Tagged) -> bool:
    """Say whether a sentence sets the count before it against another: "That compares with 16 in 2016/17"."""
    return (
        before.current is not None
        and before.current.value.value is not None
        and before.baseline is None
        and shapes.leaning(tags) is not None
    )


def _leant(before: Candidate, sentence: Sentence, tags: Tagged, reader: _Reader) -> Candidate:
    number = shapes.leaning(tags)
    assert before.current is not None and number is not None  # noqa: S101, PT018  # what _leans_on found
    period = before.current.period
    anchor = Period.parse(str(period.value)) if period.value else None
    context = replace(reader.context, anchor=anchor, anchor_is_sure=period.is_sure)
    found = _times(tags, tags.text, "BPS")
    time = next((time for time in found if _is_usable(time)), None)
    reading = _baseline_reading(time, context) if time else _NO_PERIOD
    stated = Count(
        replace(tags.numbers[number], confirm=tags.numbers[number].confirm or "set against the count before it?"),
        reading.as_field(time.words if time else ""),
        time.words if time and time.rule.name in _RELATIVE else None,
    )
    change = _change(tags, number, tags.text, has_base=True)
    marked = {name: replace(one, confirm=one.confirm or "of the count before it?") for name, one in change.items()}
    return replace(before, quote=(*before.quote, sentence.quote), baseline=stated, change=marked or before.change)


def _segments(tags: Tagged, number: int) -> tuple[str, str]:
    """Return what stands between a count and the counts before and after it, as far as its own clause goes."""
    before, _, after = tags.text.partition(f"<N{number}>")
    before, after = re.split(r"<N\d+>", before)[-1], re.split(r"<N\d+>", after)[0]
    return _CUT.split(before)[-1], _CUT.split(after)[0]


def _area(tags: Tagged, reader: _Reader, number: int, base: int | None, plain: str) -> Field:
    if "respectively" in plain and (own := _respective(tags, number)) is not None:
        return own.field
    before, after = _segments(tags, number)
    trailing = [after] + ([_segments(tags, base)[1]] if base is not None else [])
    for segment in trailing:
        near = re.match(r"(?:[^<]|<[PSBLCRX]\d*>)*?(?<!followed )\b(?:in|across|by|throughout|for|within|from|of|at|covering) (?:the |all )?<A(\d+)>", segment)  # fmt: skip
        if near:
            return tags.areas[int(near[1])].field
    if near_before := re.findall(r"<A(\d+)>", before):
        return tags.areas[int(near_before[-1])].field
    all_before = re.findall(r"<A(\d+)>", tags.text.partition(f"<N{number}>")[0])
    anywhere = re.findall(r"<A(\d+)>", tags.text)
    if not anywhere:
        return _carried(reader, plain)
    chosen = tags.areas[int(all_before[-1] if all_before else anywhere[0])].field
    if len({tags.areas[int(i)].area for i in anywhere}) > 1 and not chosen.confirm:
        return replace(chosen, confirm="the sentence names several areas")
    return chosen


def _respective(tags: Tagged, number: int) -> Name | None:
    """Return the area of a count in "Sussex and Kent recorded 98 and 150 respectively"."""
    places, numbers = (re.findall(rf"<{letter}(\d+)>", tags.text) for letter in "AN")
    return tags.areas[int(places[numbers.index(str(number))])] if len(places) == len(numbers) else None


def _carried(reader: _Reader, plain: str) -> Field:
    of_force = bool(_OF_FORCE.search(plain))
    name = reader.force if of_force and reader.force else reader.area
    if name is None:
        return _NO_AREA
    if reader.areas_before == 1 and name == reader.area and (of_force or _CUE.search(plain)):
        return name.field
    return replace(name.field, confirm="; ".join(filter(None, ["carried from before", name.confirm])))


def _times(tags: Tagged, text: str, letters: str) -> list[Time]:
    return [tags.times[int(i)] for i in re.findall(rf"<[{letters}](\d+)>", text)]


def _is_distance(time: Time, *, is_change: bool) -> bool:
    """Say whether words are the time between two counts, not the months of either: "up 80% in the past six years"."""
    if not is_change:
        return False
    years = re.search(
        r"\b(?:two|three|four|five|six|seven|eight|nine|ten|\d+|decade)\b[- ]?(?:\w+ )?(?:years|decade)?", time.words
    )
    return time.role in {"span", "since"} or (
        time.rule.name == "past year" and bool(years) and "month" not in time.words
    )


def _current_period(
    tags: Tagged, reader: _Reader, number: int, base: int | None, *, is_change: bool
) -> tuple[Reading, Time | None]:
    before, after = _segments(tags, number)
    for time in _times(tags, tags.text, "E"):
        return (time.ends()[1] if is_change else time.read(reader.context)), time
    base_first = base is not None and tags.text.find(f"<N{base}>") < tags.text.find(f"<N{number}>")
    own_before = [] if base_first else _times(tags, before, "PSL")
    whole = tags.text.partition(f"<N{number if not base_first else base}>")[0]
    leading = _times(tags, whole, "P")
    for time in [*_times(tags, after, "PSL"), *own_before[::-1], *leading[:1]]:
        if not _is_distance(time, is_change=is_change):
            return time.read(reader.context), time
    if not is_change and reader.period.periods:
        lean = replace(reader.context, anchor=reader.period.periods[0], anchor_is_sure=reader.period.is_sure)
        for time in _times(tags, after, "B"):
            return time.read(lean), time
    named = _times(tags, tags.text, "P")
    if len(named) == 1 and not is_change:
        return replace(named[0].read(reader.context), is_sure=False), named[0]
    return reader.period, None


def _baseline(
    tags: Tagged, base: int | None, context: Context, current: Time | None, *, is_change: bool
) -> Count | None:
    if base is None and not is_change:
        return None
    value = tags.numbers[base] if base is not None else Field()
    time = _baseline_time(tags, base, current)
    if time is None:
        if base is None:
            return None
        before = context.anchor.year_before if context.anchor and context.anchor.months <= 12 else None
        offer = f"; a year before would be {before}" if before else ""
        return Count(value, Field(None, f"the text names no period{offer}"))
    reading = _baseline_reading(time, context)
    if not reading.periods and base is None:
        return None
    words = time.words if time.rule.name in _RELATIVE else None
    return Count(value, reading.as_field(time.words), words)


def _baseline_time(tags: Tagged, base: int | None, current: Time | None) -> Time | None:
    if current is not None and current.role == "ends":
        return current
    own = _segments(tags, base)[1] if base is not None else tags.text
    near = _times(tags, own, "B" if base is None else "BP")
    if base is not None:
        near += _times(tags, _segments(tags, base)[0], "BP")
    elsewhere = [*_times(tags, tags.text, "B"), *_times(tags, tags.text, "S")]
    return next((time for time in [*near, *elsewhere] if time is not current and _is_usable(time)), None)


def _is_usable(time: Time) -> bool:
    """Say whether words can name a baseline: of those that begin only, "since 2017/18" can."""
    return time.role != "since" or (time.rule.name == "since a date" and time.match[3] is not None)


def _baseline_reading(time: Time, context: Context) -> Reading:
    if time.role == "ends":
        return time.ends()[0]
    if time.role == "since":
        return time.start()
    reading = time.read(context)
    late = [period for period in reading.periods if context.anchor and period.overlaps(context.anchor)]
    if not late:
        return reading
    kept = tuple(period for period in reading.periods if period not in late)
    return Reading(kept, note="" if kept else "overlaps the current period as it is read")


def _change(tags: Tagged, number: int, words: str, *, has_base: bool) -> dict[str, Field]:
    found = re.findall(r"<C(\d+)>", tags.text)
    if len(re.findall(r"<N\d+>", tags.text)) - has_base > 1:
        own = next((clause for clause in _CUT.split(tags.text) if f"<N{number}>" in clause), "")
        found = re.findall(r"<C(\d+)>", own)
        if found and len(re.findall(r"<N\d+>", own)) - has_base > 1:
            return (
                {
                    n: replace(one, confirm="the sentence has several counts")
                    for n, one in tags.fields[int(found[0])].items()
                }
                if has_base
                else {}
            )
    if found:
        place = tags.text.find(f"<N{number}>")
        nearest = min(found, key=lambda i: abs(tags.text.find(f"<C{i}>") - place))
        return dict(tags.fields[int(nearest)])
    way = changes.direction(words) if has_base else None
    return {"direction": Field(way)} if way else {}


def _rate(tags: Tagged) -> dict[str, Field]:
    found = re.search(r"<R(\d+)>", tags.text)
    return dict(tags.fields[int(found[1])]) if found else {}


def _are_parts(tags: Tagged, listed: list[tuple[int, int]], total: int) -> bool:
    """Say whether a list gives the parts of a count: it adds up, or the sentence says so."""
    added = sum(value for _, number in listed if isinstance(value := tags.numbers[number].value, int))
    return added == tags.numbers[total].value or bool(re.search(r": ?<[AN]|\btotal\b|made up of", tags.text))


def _with_parts(candidate: Candidate, tags: Tagged, listed: list[tuple[int, int]]) -> Candidate:
    counted: list[tuple[object, object]] = [
        (tags.areas[place].area, tags.numbers[number].value) for place, number in listed
    ]
    return add_parts(candidate, counted)


def add_parts(candidate: Candidate, counted: list[tuple[object, object]]) -> Candidate:
    """Return a claim with the parts of its count; where they are forces, its area is those forces."""
    total = candidate.current.value.value if candidate.current else None
    adds_up = total == sum(value for _, value in counted if isinstance(value, int))
    names = [name for name, _ in counted]
    area = candidate.area
    if all(name in NAMES for name in names) and len(set(map(str, names))) == len(names):
        ordered = [name for name in NAMES if name in names]
        if adds_up or area.value == ordered:
            area = Field(ordered)
        elif not area.confirm:
            area = replace(area, confirm=f"or the forces listed: {', '.join(ordered)}")
    confirm = "" if adds_up else "they do not add up to the count; all its parts?"
    return replace(candidate, parts=Field(tuple(counted), confirm), area=area)


def _change_only(sentence: Sentence, tags: Tagged, reader: _Reader) -> Candidate:
    change = next(tags.fields[int(i)] for i in re.findall(r"<C(\d+)>", tags.text))
    named = re.findall(r"<A(\d+)>", tags.text)
    area = tags.areas[int(named[0])].field if named else _carried(reader, sentence.plain)
    if len({tags.areas[int(i)].area for i in named}) > 1:
        area = replace(area, confirm="the sentence names several areas")
    time = next((t for t in _times(tags, tags.text, "PE") if not _is_distance(t, is_change=True)), None)
    current, baseline = None, None
    if time is not None:
        reading = time.ends()[1] if time.role == "ends" else time.read(reader.context)
        current = Count(Field(), reading.as_field(time.words), time.words if time.rule.name in _RELATIVE else None)
        anchor = replace(
            reader.context, anchor=reading.periods[0] if reading.periods else None, anchor_is_sure=reading.is_sure
        )
        baseline = _baseline(tags, None, anchor, time, is_change=True)
    return Candidate((sentence.quote,), area, reader.basis, reader.offence, current, baseline, dict(change))


def _shares(sentence: Sentence, tags: Tagged, reader: _Reader) -> list[Candidate]:
    found = []
    for i in re.findall(r"<H(\d+)>", tags.text):
        named = re.findall(r"<A(\d+)>", tags.text)
        area = tags.areas[int(named[0])].field if named else _carried(reader, sentence.plain)
        if not named and area.value is not None and not area.confirm:
            area = replace(area, confirm="carried from before")
        share = dict(tags.fields[int(i)])
        found.append(Candidate((sentence.quote,), area, reader.basis, reader.offence, share=share))
    return found
