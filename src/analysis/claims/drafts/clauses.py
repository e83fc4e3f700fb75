"""The clauses of a tagged sentence: which area, period, baseline and change belong to each of its counts."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import cast

from analysis.claims.drafts import changes, numbers, offences
from analysis.claims.drafts.fields import Field
from analysis.claims.drafts.tagging import Tag, Tagged
from analysis.claims.drafts.times import Time
from analysis.claims.spans import Rule

_SMALL = rf"(?: (?:just|only|a mere|the|a|a total of|a record|a (?:peak|high|low|record) of|total of|its|those|figure of|{numbers.HEDGE}))*"
_MOVED = rf"(?:\b{changes.RISE}\b|\b{changes.FALL}\b|\bcompar\w+\b|\bopposed\b|<C\d+>)"
# Where one clause ends and the next begins, each perhaps with a count, a period and an area of its own.
CLAUSE = re.compile(
    r";|\bwhile\b|\bwhereas\b|\bbut\b|\. |,? and (?=(?:(?:by )?<C\d+> )?in <A\d+>)|,? and (?=(?:in |for |by |the )?<[AP]\d+>(?:,| \w+ed\b| had\b| saw\b| there\b| it\b| the\b))"
    r"|, (?=(?:in|by) <[AP]\d+> (?:there|it|the|police|<A\d+>|\w+ed)\b)|, (?=<A\d+> (?!and\b)\w+ed\b)|(?<!>), where (?=they\b|it\b|the\b|there\b)|\bmore than any\b|\bsecond only\b|: (?=(?:in )?<P\d+>)"
)
# ... unless the next says of the first what became of it: "it had 33; by 2021/22 that had risen to 41".
_TOLD_ON = re.compile(
    rf"\b(?:that|it|this|the (?:figure|number|total)) (?:had |has )?(?:since )?(?:{changes.UP}|{changes.DOWN})\b[^;<]*\bto\b",
    re.I,
)
_YEAR_BEFORE = re.compile(r"\)?(?: offences)?,? <B\d+>")  # "... but just 14 the year before"
_AREA_AFTER = re.compile(
    r"(?:(?! ahead of\b| than\b| compared\b| followed\b| behind\b| outside\b)[^<]|<[PSBLCRXZ]\d*>)*?"
    r"\b(?:in|across|by|throughout|for|within|from|of|at|covering|around) (?:the |all |both |neighbouring |nearby )*<A(\d+)>(?! (?:recorded|logged|saw|had|registered)\b|,? \(?<N)"
)
# "the highest in <A>", "the only force in <A>": of what the other area is a part, and no area of its counts
_SCOPE = re.compile(
    r"\b(?:highest|lowest|most|only|biggest|largest|smallest|steepest|sharpest|worst|second|third|one of|share of)\b[^<.;]{0,60}\b(?:in|of|across|for) (?:the )?$"
)
_THERE = re.compile(
    r"[^<]*?\b(?:in|across|by|for|within) (?:the|this|our|their) (?:county|region|area|force|constabulary)\b"
)
_SET_AGAINST = re.compile(
    r"\b(?:on|from|since|than|with|to|of|over|against|that|those)(?: the| that of| those| figures?| recorded| in| for)*$"
)
_THE_NUMBER = re.compile(r" (?:(?:than|on|from|as many as) )?(?:the (?:number|figure|total|level)|those|what it)\b")
_OF_ANOTHER = re.compile(
    r"(?: [\w'-]+){0,3}? (?:than|as)(?: (?:in|for|that of|those of|the [\w ]{1,30}\b(?:in|for)))? (?:the )?<A\d+>| in (?:all |overall |total |recorded |police-recorded )*crime\b"
)
_DIFFERENCE = re.compile(r"<X> (?:than|on)(?: the)?$")  # "12 more than <2017>"
_IN = re.compile(r" (?:in|of|for)\b[^<]{0,40}")
_JUST_BEFORE = re.compile(r"\)?:? ?\(?")


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
    words
        What sets them against each other.
    area, offence
        Whom they are of, and what they count.
    time, base_time
        Their periods.
    change
        The change that is stated.
    """

    count: Field | None = None
    base: Field | None = None
    words: str = ""
    area: Field | None = None
    offence: Field | None = None
    time: Time | None = None
    base_time: Time | None = None
    change: dict[str, Field] | None = None


# In order; `#` stands for each of the two counts. To add one: their words, and a sentence to try it on, with its current
# and its baseline count.
PAIRS: tuple[Rule, ...] = (
    Rule("from one to another", rf"\bfrom{_SMALL} (?P<base>#)[^#]*\bto{_SMALL} #", "Offences in Kent rose from 25 to 42.", (42, 25)),
    Rule("to one from another", rf"\bto{_SMALL} #[^#]*\bfrom{_SMALL} #", "Offences in Kent rose to 42 from 25.", (42, 25)),
    Rule("one, rising to another", rf"(?P<base>#)[^#]*\b(?:{changes.RISE}|{changes.FALL})\b[^;#]*\bto{_SMALL} #", "There were 25 offences, rising to 42.", (42, 25)),
    Rule("one, moved from another", rf"#[^#]*{_MOVED}[^;#]*?\b(?:from|with|to|on|than|against|of){_SMALL} #", "There were 42 offences, up from 25.", (42, 25)),
    Rule("one, moved from a year's count", rf"#[^#]*{_MOVED}[^;#]*<[PB]\d+>'s #", "There were 42 offences, up on the previous year's 25.", (42, 25)),
    Rule("more in one year than in another", r"#[^#]*\bthan(?: in)? <[PS]\d+>,? \(#", "There were more offences in 2016/17 (42) than in 2015/16 (25).", (42, 25)),
    Rule("one above another", rf"#[^#]*(?:\babove|\bbelow|\b(?:higher|lower|more|fewer) than(?= the| its| those)|<C\d+>(?: than| on| from| that of| as many as| as high as)?){_SMALL} #", "There were 42 offences, more than double the 20 of 2015/16.", (42, 20)),
    Rule("one, moved from a year and its count", rf"#[^#]*{_MOVED}[^;#]*<[SPB]\d+>,? \(#", "There were 42 offences, up 68 per cent from 2015/16 (25 offences).", (42, 25)),
    Rule("one, up since there were another", rf"#[^#]*{_MOVED}[^;#]*<[SPB]\d+>,? (?:when|where)[^<#]* #", "There were 42 offences, up since 2015/16, when there were 25.", (42, 25)),
    Rule("one against another", rf"#[^#]*\b(?:against|versus|vs|after|{numbers.REACHED}){_SMALL} #", "There were 25 offences, after reaching 42.", (25, 42)),
    Rule("one, and another before", rf"#(?:[^<#]|<[PSL]\d+>){{0,60}}(?:,|;|\band\b|\bbut\b|\(| - ){_SMALL} #{_YEAR_BEFORE.pattern}", "There were 42 offences, and 25 the year before.", (42, 25)),
)  # fmt: skip
_LEANS = re.compile(
    rf"(?:[^<.]*\b(?:shows?|says?|said|reveals?|means?)(?: that)? )?\W*(?:this|that|it|the (?:figure|number|total)) (?:[a-z]+ ){{0,3}}?(?:{changes.UP}|{changes.DOWN}|compar\w+|opposed|an?(?: \w+)? (?:{changes.UP}|{changes.DOWN})|<C\d+>)"
    rf"[^.]*?<N(\d+)>",
    re.IGNORECASE,
)


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
    groups = {
        i: paired.get(i, (None, "")) for i in range(len(counts)) if i not in {base for base, _ in paired.values()}
    }
    times, places, named = _times(tagged, counts), _areas(tagged, counts), offences.named(tagged.text)
    found = []
    for current, (base, words) in groups.items():
        members = [counts[i] for i in sorted({current, current if base is None else base})]
        change = _change(tagged, members, is_alone=len(groups) == 1)
        is_change = base is not None or change is not None
        time = _current_time(tagged, times, current, is_change=is_change)
        found.append(
            Attached(
                counts[current].tag.value,
                None if base is None else counts[base].tag.value,
                words,
                _area(tagged, counts, places, current, base),
                named.near(counts[current].tag.end, counts[current].start, counts[current].end),
                time,
                _base_time(tagged, times, members, base, time) if is_change else None,
                change,
            )
        )
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
        cuts = [cut.start() for cut in CLAUSE.finditer(tagged.text, tag.end, end)]
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
    named = offences.named(tagged.text)
    for i, (first, second) in enumerate(itertools.pairwise(counts)):
        if i in taken or _is_of_another_area(tagged, first, second) or _is_of_another_offence(named, first, second):
            continue
        before, between = tagged.text[first.start : first.tag.start], tagged.text[first.tag.end : second.tag.start]
        near = f"{before[-60:]}#{between}#{tagged.text[second.tag.end :][:40]}"
        shape = next(filter(None, (pair.pattern.search(near) for pair in PAIRS)), None)
        if shape:
            current, base = (i + 1, i) if "base" in shape.groupdict() else (i, i + 1)
            found[current] = (base, re.sub(r"<[A-Z]\d*>", "", near))
            taken |= {i, i + 1}
    return found | _fitting(tagged, counts, taken)


def leaning(tagged: Tagged) -> Field | None:
    """Return the first count of a sentence that sets the count before it against another, or None.

    Examples
    --------
    >>> from analysis.claims.drafts.tagging import tag
    >>> leaning(tag("That compares with 16 in 2016/17.")).value, leaning(tag("It recorded 16 offences."))
    (16, None)
    """
    match = _LEANS.match(tagged.text)
    return tagged.values[int(match[1])] if match else None


def dated(tagged: Tagged, tags: list[Tag]) -> Time | None:
    """Return the first of some periods; of two side by side, "last year (2017/18)", the one that is dated."""
    for first, second in itertools.pairwise(tags):
        beside = len(tagged.text[first.end : second.start]) <= len(" (the")
        if beside and not first.value.is_dated and second.value.is_dated:
            return cast(Time, second.value)
    return tags[0].value if tags else None


def _fitting(tagged: Tagged, counts: list[Mention], taken: set[int]) -> dict[int, tuple[int, str]]:
    """Return the only two counts of a sentence as a pair, if a change that it states is the one between them."""
    if len(counts) != 2 or taken or len({tag.value.value for tag in tagged.tags("A")}) > 1:
        return {}
    sizes = [count.tag.value.number for count in counts]
    found = ((i, 1 - i) for tag in tagged.tags("C") for i in (1, 0) if changes.fits(tag.value, sizes[i], sizes[1 - i]))
    return {current: (base, "") for current, base in itertools.islice(found, 1)}


def _is_of_another_area(tagged: Tagged, first: Mention, second: Mention) -> bool:
    """Say whether two counts are of two areas: "33 in Kent, compared with 150 in Essex"."""
    areas = tagged.tags("A", first.start, second.end)
    rest = tagged.text[second.tag.end :]
    after = re.match(r"(?: offences| crimes| cases)* (?:in|by|for|at) (?:the )?<A\d+>", rest)
    owner = re.search(r"\b(?:with|against|than|to) <A\d+>[^<]*$", tagged.text[first.tag.end : second.tag.start])
    cut = CLAUSE.search(tagged.text, first.tag.end, second.tag.start)
    if cut and (_TOLD_ON.search(tagged.text, cut.start(), second.tag.start) or _YEAR_BEFORE.match(rest)):
        cut = None
    return bool(cut or after or owner) and len({area.value.value for area in areas}) > 1


def _is_of_another_offence(named: offences.Named, first: Mention, second: Mention) -> bool:
    """Say whether two counts are each of an offence of its own: "33 burglaries, against 12 robberies"."""
    own = [
        [one.field for one in named.mentions if one.start >= c.tag.end and one.end <= c.end] for c in (first, second)
    ]
    return all(own) and not offences.related(own[0][0], own[1][0])


def _times(tagged: Tagged, counts: list[Mention]) -> dict[int, Time]:
    """Return the period of each count that has one of its own, by the place of the count."""
    listed = tagged.tags("P")
    if "respectively" in tagged.text and len(listed) == len(counts):  # "in 2018 and 2019, 71 and 66 respectively"
        return {i: tag.value for i, tag in enumerate(listed)}
    around = [tagged.tags("PSLB", count.tag.end, count.end) for count in counts]
    after = [dated(tagged, [tag for tag in tags if not _is_of_change(tagged, tag)]) for tags in around]
    owned, found = {id(time) for time in after}, dict[int, Time]()
    for i, count in enumerate(counts):
        earlier = tagged.tags("PSLB", count.start, count.tag.start)
        beside = [tag.value for tag in earlier if _JUST_BEFORE.fullmatch(tagged.text, tag.end, count.tag.start)]
        free = [tag.value for tag in earlier if id(tag.value) not in owned and not _is_of_change(tagged, tag)]
        own = beside[-1] if beside else after[i] or (free[-1] if free else None)
        if own:
            found[i] = own
    return found


def _is_of_change(tagged: Tagged, tag: Tag) -> bool:
    """Say whether a period is what a change is set against: "up 20% on <2016/17>", "up 20% since <2016/17>"."""
    if _DIFFERENCE.search(tagged.text[: tag.start].rstrip()):
        return True
    changed = tagged.tags("C", 0, tag.start)
    if not changed or "<N" in (between := tagged.text[changed[-1].end : tag.start]) or CLAUSE.search(between):
        return False
    return tag.letter in "SBL" or bool(_SET_AGAINST.search(between.rstrip()) or _THE_NUMBER.match(between))


def _areas(tagged: Tagged, counts: list[Mention]) -> dict[int, tuple[Field, bool]]:
    """Return the area beside each count, by the place of the count, and whether it stands after it."""
    found: dict[int, tuple[Field, bool]] = {}
    for i, count in enumerate(counts):
        after = _AREA_AFTER.match(tagged.text, count.tag.end, count.end)
        if after and not _SCOPE.search(tagged.text[count.tag.end : after.start(1) - len("<A")]):
            found[i] = (tagged.values[int(after[1])], True)
    owned = {id(area) for area, _ in found.values()}
    for i, count in enumerate(counts):
        before = [area for area in _named(tagged, count.start, count.tag.start) if id(area) not in owned]
        if i not in found and before:
            found[i] = (before[-1], False)
    return found


def _named(tagged: Tagged, start: int, end: int) -> list[Field]:
    """Return the areas between two places, without those that others are only the highest in."""
    return [tag.value for tag in tagged.tags("A", start, end) if not _SCOPE.search(tagged.text[start : tag.start])]


def _area(
    tagged: Tagged, counts: list[Mention], places: dict[int, tuple[Field, bool]], current: int, base: int | None
) -> Field | None:
    areas: list[Field] = [tag.value for tag in tagged.tags("A")]
    if _THERE.match(tagged.text, counts[current].tag.end, counts[current].end):
        return None  # "in the county": the one named before
    if "respectively" in tagged.text and len(areas) == len(counts):  # "Kent and Essex had 98 and 150 respectively"
        return areas[current]
    beside = [places[one][0] for one in (current, base) if one in places]
    if beside:
        return beside[0]
    owned = {id(area) for area, is_after in places.values() if is_after}
    earlier = _named(tagged, 0, counts[current].tag.start)
    free = [area for area in earlier if id(area) not in owned]
    anywhere = [area for area in areas if id(area) not in owned]
    return next(iter([*free[-1:], *earlier[-1:], *anywhere]), None)


def _current_time(tagged: Tagged, times: dict[int, Time], current: int, *, is_change: bool) -> Time | None:
    if ends := tagged.tags("E"):
        return cast(Time, ends[0].value)
    own = times.get(current)
    if own is not None and not (is_change and (own.is_distance or own.role == "B")):
        return own
    leading = tagged.tags("P", 0, tagged.tags("N")[0].start)
    if leading:
        return cast(Time, leading[0].value)
    named = {place: time for place, time in times.items() if time.role == "P"}
    nearest = min(named, key=lambda place: (place > current, abs(place - current)), default=None)
    return None if nearest is None or is_change else named[nearest]


def _base_time(
    tagged: Tagged, times: dict[int, Time], members: list[Mention], base: int | None, current: Time | None
) -> Time | None:
    if current is not None and current.role == "E":
        return current
    own = [times[base]] if base in times else []
    around = tagged.tags("PBS", members[0].start, members[-1].end)
    of_change = [tag.value for tag in around if _is_of_change(tagged, tag)]
    elsewhere = [tag.value for tag in tagged.tags("BS")]
    return next((time for time in [*own, *of_change, *elsewhere] if time is not current and time.can_be_baseline), None)


def _change(tagged: Tagged, members: list[Mention], *, is_alone: bool) -> dict[str, Field] | None:
    """Return the change nearest to the counts that it lies between, or that it is said of."""
    start, end = (0, len(tagged.text)) if is_alone else (members[0].start, members[-1].end)
    found = _changes(tagged, start, end)
    nearest = min(found, key=lambda tag: abs(tag.start - members[0].tag.start), default=None)
    return nearest.value if nearest else None


def _changes(tagged: Tagged, start: int = 0, end: int | None = None) -> list[Tag]:
    return [tag for tag in tagged.tags("C", start, end) if not _OF_ANOTHER.match(tagged.text, tag.end)]


def _changes_alone(tagged: Tagged) -> list[Attached]:
    """Return the changes of a sentence without counts: the first of each offence that it names."""
    named = offences.named(tagged.text)
    first: dict[object, tuple[Tag, Field | None]] = {}
    for change in _changes(tagged):
        offence = _changed(tagged, named, change)
        first.setdefault(offence.value if offence else None, (change, offence))
    return [_change_alone(tagged, change, offence) for change, offence in first.values()]


def _changed(tagged: Tagged, named: offences.Named, change: Tag) -> Field | None:
    """Return the offence that a change is of: "a 5% rise in burglary", and else the one before it."""
    after = next((one for one in named.mentions if one.start >= change.end), None)
    if after and _IN.fullmatch(tagged.text, change.end, after.start):
        return after.field
    return named.near(change.start, change.start, change.start)


def _change_alone(tagged: Tagged, change: Tag, offence: Field | None) -> Attached:
    areas = tagged.tags("A", 0, change.start)[-1:] or tagged.tags("A")
    periods = [tag for tag in tagged.tags("PE") if not tag.value.is_distance]
    current = next((tag.value for tag in periods if not _is_of_change(tagged, tag)), None)
    before = (tag.value for tag in tagged.tags("PBS") if tag.value is not current and tag.value.can_be_baseline)
    base = current if current and current.role == "E" else next(before, None)
    area = areas[0].value if areas and not _THERE.match(tagged.text, change.end) else None
    return Attached(area=area, offence=offence, time=current, base_time=base, change=change.value)
