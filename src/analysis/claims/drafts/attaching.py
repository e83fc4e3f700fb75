"""What belongs to each count of a sentence: its area, its period, its baseline and the change between them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.claims.drafts.shapes import CLAUSE, Mention, mentions, pairs
from analysis.claims.drafts.tagging import Tag, Tagged
from analysis.claims.drafts.times import Time

_AREA_AFTER = re.compile(
    r"(?:(?! ahead of\b| than\b| compared\b| followed\b| behind\b| outside\b)[^<]|<[PSBLCRXZ]\d*>)*?"
    r"\b(?:in|across|by|throughout|for|within|from|of|at|covering|around) (?:the |all |both |neighbouring |nearby )*<A(\d+)>(?! (?:recorded|logged|saw|had|registered)\b|,? \(?<N)"
)
# "the highest in <A>", "the only force in <A>": of what the other area is a part, and no area of its counts
_SCOPE = re.compile(
    r"\b(?:highest|lowest|most|only|biggest|largest|smallest|steepest|sharpest|worst|second|third|one of|share of)\b[^<.;]{0,60}\b(?:in|of|across|for) (?:the )?$"
)
_THERE_AFTER = re.compile(
    r"[^<]*?\b(?:in|across|by|for|within) (?:the|this|our|their) (?:county|region|area|force|constabulary)\b"
)
_THERE = re.compile(r"\b(?:offences|crimes|cases|figures|police|officers|forces) there\b")
_SET_AGAINST = re.compile(
    r"\b(?:on|from|since|than|with|to|of|over|against|that|those)(?: the| that of| those| figures?| recorded| in| for)*$"
)
_THE_NUMBER = re.compile(r" (?:(?:than|on|from|as many as) )?(?:the (?:number|figure|total|level)|those|what it)\b")
_OF_ANOTHER = re.compile(
    r"(?: [\w'-]+){0,3}? (?:than|as)(?: (?:in|for|that of|those of|the [\w ]{1,30}\b(?:in|for)))? (?:the )?<A\d+>| in (?:all |overall |total |recorded |police-recorded )*crime\b"
)
_DIFFERENCE = re.compile(r"<X> (?:than|on)(?: the)?$")  # "12 more than <2017>"
_JUST_BEFORE = re.compile(r"\)?:? ?\(?")
_YEARS = re.compile(r"\b(?:two|three|four|five|six|seven|eight|nine|ten|\d+|decade)\b[- ]?(?:\w+ )?(?:years|decade)?")


@dataclass(frozen=True)
class Attached:
    """One claim's tags in a sentence; each is None where the sentence has none for it.

    Attributes
    ----------
    number, base
        Numbers of counts.
    words
        What sets them against each other.
    area
        The number of an area.
    time, base_time
        Periods of the two counts.
    change
        The number of the change's fields.
    is_plain
        Whether the sentence leaves no other way to put them together.
    """

    number: int | None = None
    base: int | None = None
    words: str = ""
    area: int | None = None
    time: Time | None = None
    base_time: Time | None = None
    change: int | None = None
    is_plain: bool = True

    @property
    def is_change(self) -> bool:
        """Whether one period is set against another."""
        return self.base is not None or self.change is not None


def attach(tagged: Tagged) -> list[Attached]:
    """Return the claims of a sentence: each count that is no baseline of another, with what belongs to it.

    Examples
    --------
    >>> from analysis.claims.drafts.tagging import tag
    >>> found = attach(tag("In 2016/17 Kent Police recorded 33 grooming offences and Essex Police 17."))
    >>> [(one.number, one.area, one.time.words) for one in found]
    [(0, 0, '2016/17'), (1, 1, '2016/17')]
    """
    counts = mentions(tagged)
    if not counts:
        return list(_changes_alone(tagged))
    paired = pairs(tagged, counts)
    bases = {base for base, _ in paired.values()}
    groups = [(i, *paired.get(i, (None, ""))) for i in range(len(counts)) if i not in bases]
    times, places = _times(tagged, counts), _areas(tagged, counts)
    found = []
    for current, base, words in groups:
        members = [counts[i] for i in sorted({current, current if base is None else base})]
        change = _change(tagged, members, is_alone=len(groups) == 1)
        is_change = base is not None or change is not None
        time = _current_time(tagged, times, current, base, is_change=is_change)
        found.append(
            Attached(
                counts[current].number,
                None if base is None else counts[base].number,
                words,
                _area(tagged, counts, places, current, base),
                time,
                _base_time(tagged, times, members, base, time) if is_change else None,
                None if change is None else change.index,
                is_plain=_is_plain(tagged, groups, times, places),
            )
        )
    return found


def _is_distance(time: Time) -> bool:
    """Say whether words can be the time between two counts, not the months of either: "up 80% in the past six years"."""
    named_years = time.rule.name == "past year" and _YEARS.search(time.words) and "month" not in time.words
    return time.role in {"span", "since"} or bool(named_years)


def _times(tagged: Tagged, counts: list[Mention]) -> dict[int, Time]:
    """Return the period of each count that has one of its own, by the place of the count."""
    after = [_after(tagged, count) for count in counts]
    before = [tagged.tags("PSLB", count.start, count.tag.start) for count in counts]
    if "respectively" in tagged.text and (listed := _respective_times(tagged, counts)):
        return listed
    if len(counts) > 1 and all(before) and after[-1] is None:  # "2016/17: 33 offences, 2017/18: 41 offences"
        return {i: tagged.times[tags[-1].index] for i, tags in enumerate(before)}
    found: dict[int, Time] = {}
    owned = {tag.start for tag in after if tag}
    for i, (tag, earlier) in enumerate(zip(after, before, strict=True)):
        beside = [one for one in earlier if _JUST_BEFORE.fullmatch(tagged.text, one.end, counts[i].tag.start)]
        free = [one for one in earlier if one.start not in owned and not _is_of_change(tagged, one)]
        own = beside[-1] if beside else tag or (free[-1] if free else None)
        if own:
            found[i] = tagged.times[own.index]
    return found


def _respective_times(tagged: Tagged, counts: list[Mention]) -> dict[int, Time]:
    """Return the periods of counts listed apart from them, in their order: "in 2018 and 2019, 71 and 66 respectively"."""
    tags = tagged.tags("P")
    is_apart = bool(tags) and (tags[-1].end <= counts[0].tag.start or tags[0].start >= counts[-1].tag.end)
    return {i: tagged.times[tag.index] for i, tag in enumerate(tags)} if is_apart and len(tags) == len(counts) else {}


def _after(tagged: Tagged, count: Mention) -> Tag | None:
    """Return the period that follows a count and is its own."""
    tags = [tag for tag in tagged.tags("PSLB", count.tag.end, count.end) if not _is_of_change(tagged, tag)]
    return certain(tagged, tags)


def certain(tagged: Tagged, tags: list[Tag]) -> Tag | None:
    """Return the first of some periods; of two side by side, "last year (2017/18)", the one that is dated."""
    for first, second in itertools.pairwise(tags):
        beside = len(tagged.text[first.end : second.start]) <= len(" (the")
        if beside and not tagged.times[first.index].is_dated and tagged.times[second.index].is_dated:
            return second
    return tags[0] if tags else None


def _is_of_change(tagged: Tagged, tag: Tag) -> bool:
    """Say whether a period is what a change is set against: "up 20% on <2016/17>", "up 20% since <2016/17>"."""
    if _DIFFERENCE.search(tagged.text[: tag.start].rstrip()):
        return True
    changed = tagged.tags("C", 0, tag.start)
    if not changed or "<N" in (between := tagged.text[changed[-1].end : tag.start]) or CLAUSE.search(between):
        return False
    return tag.letter in "SBL" or bool(_SET_AGAINST.search(between.rstrip()) or _THE_NUMBER.match(between))


def _areas(tagged: Tagged, counts: list[Mention]) -> dict[int, tuple[int, bool]]:
    """Return the area beside each count, by the place of the count, and whether it stands after it."""
    found: dict[int, tuple[int, bool]] = {}
    owned: set[int] = set()
    for i, count in enumerate(counts):
        after = _AREA_AFTER.match(tagged.text, count.tag.end, count.end)
        if after and not _SCOPE.search(tagged.text[count.tag.end : after.start(1) - len("<A")]):
            found[i] = (int(after[1]), True)
            owned.add(int(after[1]))
    for i, count in enumerate(counts):
        before = [tag for tag in _named(tagged, count.start, count.tag.start) if tag.index not in owned]
        if i not in found and before:
            found[i] = (before[-1].index, False)
    return found


def _named(tagged: Tagged, start: int, end: int) -> list[Tag]:
    """Return the areas between two places; without those that others are only the highest in, if there are others."""
    areas = tagged.tags("A", start, end)
    return [tag for tag in areas if not _SCOPE.search(tagged.text[start : tag.start])] or (areas if start == 0 else [])


def _area(
    tagged: Tagged, counts: list[Mention], places: dict[int, tuple[int, bool]], current: int, base: int | None
) -> int | None:
    if "respectively" in tagged.text and (own := _respective(tagged, counts, current)) is not None:
        return own
    if _THERE_AFTER.match(tagged.text, counts[current].tag.end, counts[current].end):
        return None  # "in the county": the one named before
    if _THERE.search(tagged.text, counts[current].start, counts[current].tag.start):
        return None
    beside = [places[one] for one in (current, base) if one in places]
    if beside:
        return beside[0][0]
    earlier = _named(tagged, 0, counts[current].tag.start)
    owned = {index for index, is_after in places.values() if is_after}
    subjects = [tag.index for tag in earlier if tag.index not in owned] or [tag.index for tag in earlier]
    anywhere = [tag.index for tag in tagged.tags("A") if tag.index not in owned]
    return subjects[-1] if subjects else anywhere[0] if anywhere else None


def _respective(tagged: Tagged, counts: list[Mention], current: int) -> int | None:
    """Return the area of a count in "Sussex and Kent recorded 98 and 150 respectively"."""
    areas = tagged.tags("A")
    return areas[current].index if len(areas) == len(counts) else None


def _current_time(
    tagged: Tagged, times: dict[int, Time], current: int, base: int | None, *, is_change: bool
) -> Time | None:
    if ends := tagged.tags("E"):
        return tagged.times[ends[0].index]
    own = times.get(current)
    if own is not None and not (is_change and (_is_distance(own) or own.role == "baseline")):
        return own
    leading = tagged.tags("P", 0, tagged.tags("N")[0].start)
    if leading:
        return tagged.times[leading[0].index]
    named = {place: time for place, time in times.items() if place != base and time.role == "current"}
    nearest = min(named, key=lambda place: (place > current, abs(place - current)), default=None)
    return None if nearest is None or is_change else named[nearest]


def _base_time(
    tagged: Tagged, times: dict[int, Time], members: list[Mention], base: int | None, current: Time | None
) -> Time | None:
    if current is not None and current.role == "ends":
        return current
    own = [times[base]] if base in times else []
    around = tagged.tags("PBS", members[0].start, members[-1].end)
    of_change = [tagged.times[tag.index] for tag in around if _is_of_change(tagged, tag)]
    elsewhere = [tagged.times[tag.index] for tag in tagged.tags("BS")]
    return next(
        (time for time in [*own, *of_change, *elsewhere] if time is not current and _can_be_baseline(time)), None
    )


def _can_be_baseline(time: Time) -> bool:
    """Say whether words can name a baseline: of those that begin only, "since 2017/18" can."""
    return time.role in {"current", "baseline"} or (time.role == "since" and bool(time.start().periods))


def _change(tagged: Tagged, members: list[Mention], *, is_alone: bool) -> Tag | None:
    """Return the change nearest to the counts that it lies between, or that it is said of."""
    start, end = (0, len(tagged.text)) if is_alone else (members[0].start, members[-1].end)
    place = members[0].tag.start
    found = [tag for tag in tagged.tags("C", start, end) if not _OF_ANOTHER.match(tagged.text, tag.end)]
    return min(found, key=lambda tag: abs(tag.start - place), default=None)


def _changes_alone(tagged: Tagged) -> Iterator[Attached]:
    """Give the first change of a sentence without counts."""
    changed = [tag for tag in tagged.tags("C") if not _OF_ANOTHER.match(tagged.text, tag.end)]
    if not changed:
        return
    named = tagged.tags("A", 0, changed[0].start)[-1:] or tagged.tags("A")
    times = [tag for tag in tagged.tags("PE") if not _is_distance(tagged.times[tag.index])]
    current = next((tag for tag in times if not _is_of_change(tagged, tag)), None)
    before = [tag for tag in tagged.tags("PBS") if tag != current and _can_be_baseline(tagged.times[tag.index])]
    base = current if current and current.letter == "E" else next(iter(before), None)
    if _THERE_AFTER.match(tagged.text, changed[0].end):
        named = []
    distinct = {tagged.areas[tag.index].area for tag in tagged.tags("A")}
    yield Attached(
        area=named[0].index if named else None,
        time=tagged.times[current.index] if current else None,
        base_time=tagged.times[base.index] if base else None,
        change=changed[0].index,
        is_plain=len(changed) == 1 and len(distinct) < 2 and len(times) < 2,
    )


def _is_plain(
    tagged: Tagged,
    groups: list[tuple[int, int | None, str]],
    times: dict[int, Time],
    places: dict[int, tuple[int, bool]],
) -> bool:
    """Say whether areas and periods can be given to the counts in one way only."""
    named = {tagged.areas[tag.index].area for tag in tagged.tags("A")}
    if len(groups) > 2 or len(tagged.tags("C")) > 1:
        return False
    if len(groups) == 1:
        return len(named) < 2
    each_has_time = all(current in times for current, *_ in groups)
    return (len(tagged.tags("C")) == 0 and each_has_time and len(named) == 1) or (
        len(named) == 2 and all(current in places for current, *_ in groups) and len(times) in {0, 2}
    )
