"""The clauses of a tagged sentence: which area, period, baseline and change belong to each of its counts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from analysis.claims.drafts import changes, offences
from analysis.claims.drafts.fields import Field
from analysis.claims.drafts.tagging import Tag, Tagged
from analysis.claims.drafts.times import Time
from analysis.claims.drafts.words import PATTERNS, TABLES


@dataclass(frozen=True)
class Mention:
    """A count and where the words of its own clause begin and end: at other counts, or where a clause does."""

    tag: Tag
    start: int
    end: int


@dataclass(frozen=True)
class Attached:
    """What belongs to one claim of a sentence.

    Attributes
    ----------
    count, base
        The current count and the baseline.
    area, offence
        Whom they are of, and what they count.
    time, base_time
        Their periods.
    change
        The change that is stated, or which way it goes by the words that set the two counts against each other.
    """

    count: Field | None = None
    base: Field | None = None
    area: Field | None = None
    offence: Field | None = None
    time: Time | None = None
    base_time: Time | None = None
    change: dict[str, Field] = field(default_factory=dict)


Find = Callable[[Mention], Any]


def attach(tagged: Tagged) -> list[Attached]:
    """Return the claims of a sentence: each count that is no baseline of another, with what belongs to it.

    Examples
    --------
    >>> from analysis.claims.drafts.tagging import tag
    >>> found = attach(tag("In 2016/17 Kent Police recorded 33 grooming offences and Essex Police 17."))
    >>> [(one.count.value, one.area.value, one.time.words) for one in found]
    [(33, 'Kent', '2016/17'), (17, 'Essex', '2016/17')]
    """
    counts = mentions(tagged)
    if not counts:
        return _changes_alone(tagged)
    paired = pairs(tagged, counts)
    bases = {base for base, _ in paired.values()}
    times, areas = _times(tagged, counts), _areas(tagged, counts)
    found = []
    for current, count in enumerate(counts):
        if current in bases:
            continue
        base, words = paired.get(current, (current, ""))
        is_pair = base != current
        first, last = (counts[i] for i in sorted((current, base)))
        start = 0 if len(counts) - len(bases) == 1 else first.start
        end = len(tagged.text) if last is counts[-1] else last.end
        change = _change(tagged, first, start, end) or changes.direction(words)
        is_change = is_pair or bool(change)
        time = _current_time(tagged, times, current, is_change=is_change)
        own = times.get(base) if is_pair else None
        base_time = _base_time(tagged, own, first.start, last.end, time) if is_change else None
        base_count = counts[base].tag.value if is_pair else None
        area = areas.get(current) or areas.get(base) or _free_area(tagged, count, areas)
        offence = tagged.named.near(count.tag.end, count.start, count.end)
        found.append(Attached(count.tag.value, base_count, area, offence, time, base_time, change))
    return found


def mentions(tagged: Tagged) -> list[Mention]:
    """Return the counts of a sentence, each with the bounds of its own words.

    Examples
    --------
    >>> from analysis.claims.drafts.tagging import tag
    >>> tagged = tag("Kent recorded 33 offences in 2016/17; Essex recorded 17.")
    >>> [tagged.text[one.start : one.end] for one in mentions(tagged)]
    ['<A1> recorded <N3> offences <P0>', '; <A2> recorded <N4>.']
    """
    tags = tagged.tags("N")
    found, start = [], 0
    ends = [*(tag.start for tag in tags[1:]), len(tagged.text)]
    for tag, end in zip(tags, ends, strict=False):
        cuts = [cut.start() for cut in PATTERNS["clause"].finditer(tagged.text, tag.end, end)]
        found.append(Mention(tag, start, cuts[0] if cuts else end))
        start = cuts[-1] if cuts else tag.end
    return found


def pairs(tagged: Tagged, counts: list[Mention]) -> dict[int, tuple[int, str]]:
    """Return for each current count, by its place, the place of its baseline, and the words that set them against each other.

    Examples
    --------
    >>> from analysis.claims.drafts.tagging import tag
    >>> tagged = tag("Kent Police recorded 42 offences in 2016/17, up from 25 the year before.")
    >>> pairs(tagged, mentions(tagged))[0][0]
    1
    """
    found: dict[int, tuple[int, str]] = {}
    taken: set[int] = set()
    for i, (first, second) in enumerate(itertools.pairwise(counts)):
        if i in taken or _is_apart(tagged, first, second):
            continue
        before, between = tagged.text[first.start : first.tag.start], tagged.text[first.tag.end : second.tag.start]
        near = f"{before[-60:]}#{between}#{tagged.text[second.tag.end :][:40]}"
        shape = next(filter(None, (pair.pattern.search(near) for pair in TABLES["pairs"])), None)
        if shape:
            current, base = (i + 1, i) if "base" in shape.groupdict() else (i, i + 1)
            found[current] = (base, re.sub(r"<[A-Z]\d*>", "", near))
            taken |= {i, i + 1}
    return found


def leans(tagged: Tagged) -> bool:
    """Say whether a sentence sets the count before it against another, or says by how much it changed.

    Examples
    --------
    >>> from analysis.claims.drafts.tagging import tag
    >>> told = ("That compares with 16 in 2016/17.", "It is a rise of 9% on 2016/17.", "It recorded 16 offences.")
    >>> [leans(tag(sentence)) for sentence in told]
    [True, True, False]
    """
    says = tagged.tags("N") or (tagged.tags("C") and not tagged.tags("A"))
    return bool(says and PATTERNS["leans"].match(tagged.text))


def dated(tagged: Tagged, tags: list[Tag]) -> Time | None:
    """Return the first of some periods; of two side by side, "last year (2017/18)", the one that is dated."""
    for first, second in itertools.pairwise(tags):
        beside = len(tagged.text[first.end : second.start]) <= len(" (the")
        if beside and not first.value.is_dated and second.value.is_dated:
            return cast(Time, second.value)
    return tags[0].value if tags else None


def _is_apart(tagged: Tagged, first: Mention, second: Mention) -> bool:
    """Say whether two counts are of two things: "33 in Kent, compared with 150 in Essex", "33 rapes, against 12 robberies"."""
    areas = {area.value.value for area in tagged.tags("A", first.start, second.end)}
    if len(areas) > 1 and PATTERNS["area next"].match(tagged.text, second.tag.end):
        return True
    own = [tagged.named.within(one.tag.end, one.end)[:1] for one in (first, second)]
    if all(own) and not offences.related(own[0][0].field, own[1][0].field):
        return True
    cut = PATTERNS["clause"].search(tagged.text, first.tag.end, second.tag.start)
    return bool(cut and (tagged.tags("A", cut.start(), second.end) or tagged.named.within(cut.start(), second.end)))


def _own(tagged: Tagged, counts: list[Mention], letters: str, after: Find, before: Find) -> dict[int, Any]:
    """Return what belongs to each count, by its place: what follows it, else the last before it that follows no other."""
    listed = [tag.value for tag in tagged.tags(letters)]
    if "respectively" in tagged.text and len(listed) == len(counts):  # "in 2018 and 2019, 71 and 66 respectively"
        return dict(enumerate(listed))
    found = {i: one for i, count in enumerate(counts) if (one := after(count))}
    owned = {id(one) for one in found.values()}
    for i, count in enumerate(counts):
        free = [one for one in before(count) if id(one) not in owned]
        found |= {i: free[-1]} if free and i not in found else {}
    return found


def _times(tagged: Tagged, counts: list[Mention]) -> dict[int, Time]:
    """Return the period of each count that has one of its own, by the place of the count."""

    def between(start: int, end: int) -> list[Tag]:
        return [tag for tag in tagged.tags("PSLB", start, end) if not _is_of_change(tagged, tag)]

    def after(count: Mention) -> Time | None:
        beside = tagged.tags("PSLB", count.start, count.tag.start)[-1:]
        if beside and PATTERNS["just before"].fullmatch(tagged.text, beside[0].end, count.tag.start):
            return cast(Time, beside[0].value)
        return dated(tagged, between(count.tag.end, count.end))

    return _own(tagged, counts, "P", after, lambda count: [tag.value for tag in between(count.start, count.tag.start)])


def _is_of_change(tagged: Tagged, tag: Tag) -> bool:
    """Say whether a period is what a change is set against: "up 20% on <2016/17>", "up 20% since <2016/17>"."""
    if PATTERNS["difference"].search(tagged.text[: tag.start].rstrip()):
        return True
    changed = tagged.tags("C", 0, tag.start)
    if not changed or "<N" in (between := tagged.text[changed[-1].end : tag.start]):
        return False
    is_set = PATTERNS["set against"].search(between.rstrip()) or PATTERNS["the number"].match(between)
    return tag.letter in "SBL" or bool(is_set)


def _areas(tagged: Tagged, counts: list[Mention]) -> dict[int, Field]:
    """Return the area beside each count, by the place of the count."""

    def after(count: Mention) -> Field | None:
        found = PATTERNS["area after"].match(tagged.text, count.tag.end, count.end)
        return tagged.values[int(found[1])] if found else None

    return _own(tagged, counts, "A", after, lambda count: _named(tagged, count.start, count.tag.start))


def _named(tagged: Tagged, start: int, end: int) -> list[Field]:
    """Return the areas between two places, without those that others are only the highest in."""
    named = tagged.tags("A", start, end)
    return [area.value for area in named if not PATTERNS["scope"].search(tagged.text[start : area.start])]


def _free_area(tagged: Tagged, count: Mention, areas: dict[int, Field]) -> Field | None:
    """Return the last area before a count without one beside it, else the first of the sentence that is no other's."""
    anywhere = [tag.value for tag in tagged.tags("A") if tag.value not in areas.values()]
    return next(iter([*_named(tagged, 0, count.tag.start)[-1:], *anywhere]), None)


def _current_time(tagged: Tagged, times: dict[int, Time], current: int, *, is_change: bool) -> Time | None:
    if ends := tagged.tags("E"):
        return cast(Time, ends[0].value)
    own = times.get(current)
    if own is not None and not (is_change and (own.is_distance or own.role == "B")):
        return own
    leading = tagged.tags("P", 0, tagged.tags("N")[0].start)
    if leading:
        return cast(Time, leading[0].value)
    nearest = min(times, key=lambda place: (place > current, abs(place - current)), default=None)
    return None if nearest is None or is_change else times[nearest]


def _base_time(tagged: Tagged, own: Time | None, start: int, end: int, current: Time | None) -> Time | None:
    """Return the earlier period of a change: that of its own baseline, else one that a change between two places is set against."""
    if current is not None and current.role == "E":
        return current
    of_change = [tag.value for tag in tagged.tags("PBS", start, end) if _is_of_change(tagged, tag)]
    every = [own, *of_change, *(tag.value for tag in tagged.tags("BS"))]
    return next((time for time in every if time and time is not current and time.can_be_baseline), None)


def _change(tagged: Tagged, count: Mention, start: int, end: int) -> dict[str, Field]:
    """Return the change nearest to a count among those between two places."""
    nearest = min(_changes(tagged, start, end), key=lambda tag: abs(tag.start - count.tag.start), default=None)
    return nearest.value if nearest else {}


def _changes(tagged: Tagged, start: int = 0, end: int | None = None) -> list[Tag]:
    return [tag for tag in tagged.tags("C", start, end) if not PATTERNS["of another"].match(tagged.text, tag.end)]


def _changes_alone(tagged: Tagged) -> list[Attached]:
    """Return the changes of a sentence without counts: the first of each offence that it names."""
    periods = [tag for tag in tagged.tags("PE") if not _is_of_change(tagged, tag)]
    current = next((tag.value for tag in periods if not tag.value.is_distance), None)
    before = (tag.value for tag in tagged.tags("PBS") if tag.value is not current and tag.value.can_be_baseline)
    base = current if current and current.role == "E" else next(before, None)
    first: dict[object, Attached] = {}
    for change in _changes(tagged):
        after = tagged.named.within(change.end, len(tagged.text))[:1]  # "a 5% rise in burglary"
        is_next = after and re.fullmatch(r" (?:in|of|for)\b[^<]{0,40}", tagged.text[change.end : after[0].start])
        offence = after[0].field if is_next else tagged.named.near(change.start, change.start, change.start)
        areas = tagged.tags("A", 0, change.start)[-1:] or tagged.tags("A")
        area = areas[0].value if areas and not PATTERNS["there"].match(tagged.text, change.end) else None
        found = Attached(area=area, offence=offence, time=current, base_time=base, change=change.value)
        first.setdefault(offence.value if offence else None, found)
    return list(first.values())
