"""Shapes of tagged sentences: which words belong to which count, and which count is set against which."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from analysis.claims.drafts import changes
from analysis.claims.drafts.counts import HEDGE, REACHED
from analysis.claims.drafts.tagging import Tag, Tagged

_SMALL = rf"(?: (?:just|only|a mere|the|a|a total of|a record|a (?:peak|high|low|record) of|total of|its|those|figure of|{HEDGE}))*"
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


@dataclass(frozen=True)
class Mention:
    """A count and the words of its own clause.

    Attributes
    ----------
    tag
        The count's tag.
    start, end
        Where its words begin and end: at other counts, or where a clause does.
    """

    tag: Tag
    start: int
    end: int

    @property
    def number(self) -> int:
        """The number in the count's tag."""
        return self.tag.index


@dataclass(frozen=True)
class Pair:
    """A shape in which one count is set against the next, of the same area.

    Attributes
    ----------
    name
        How the two stand.
    before, between, after
        What the words before the first, between the two and after the second end, hold and begin with.
    is_baseline_first
        Whether the first is what the second is set against.
    example, gives
        A sentence, and its current and baseline count.
    """

    name: str
    before: re.Pattern[str]
    between: re.Pattern[str]
    after: re.Pattern[str]
    is_baseline_first: bool
    example: str
    gives: tuple[int, int]


def _pair(
    name: str,
    between: str,
    example: str,
    gives: tuple[int, int],
    *,
    before: str = "",
    after: str = "",
    is_baseline_first: bool = False,
) -> Pair:
    begins, holds, ends = (re.compile(pattern, re.IGNORECASE) for pattern in (before, between, after))
    return Pair(name, begins, holds, ends, is_baseline_first, example, gives)


_TO_IT, _FROM_IT = rf"\bto{_SMALL} $", rf"\bfrom{_SMALL} $"
# In order. To add one: what stands before, between and after the two, and a sentence to try it on.
PAIRS: tuple[Pair, ...] = (
    _pair("from one to another", _TO_IT, "Offences in Kent rose from 25 to 42.", (42, 25), before=_FROM_IT, is_baseline_first=True),
    _pair("to one from another", _FROM_IT, "Offences in Kent rose to 42 from 25.", (42, 25), before=_TO_IT),
    _pair("one, rising to another", rf"\b(?:{changes.RISE}|{changes.FALL})\b[^;]*{_TO_IT}", "There were 25 offences, rising to 42.", (42, 25), is_baseline_first=True),
    _pair("one, moved from another", rf"{_MOVED}[^;]*?\b(?:from|with|to|on|than|against|of){_SMALL} $", "There were 42 offences, up from 25.", (42, 25)),
    _pair("one, moved from a year's count", rf"{_MOVED}[^;]*<[PB]\d+>'s $", "There were 42 offences, up on the previous year's 25.", (42, 25)),
    _pair("more in one year than in another", r"\bthan(?: in)? <[PS]\d+>,? \($", "There were more offences in 2016/17 (42) than in 2015/16 (25).", (42, 25)),
    _pair("one above another", rf"(?:\babove|\bbelow|\b(?:higher|lower|more|fewer) than(?= the| its| those)|<C\d+>(?: than| on| from| that of| as many as| as high as)?){_SMALL} $", "There were 42 offences, more than double the 20 of 2015/16.", (42, 20)),
    _pair("one, moved from a year and its count", rf"{_MOVED}[^;]*<[SPB]\d+>,? \($", "There were 42 offences, up 68 per cent from 2015/16 (25 offences).", (42, 25)),
    _pair("one, up since there were another", rf"{_MOVED}[^;]*<[SPB]\d+>,? (?:when|where)[^<]* $", "There were 42 offences, up since 2015/16, when there were 25.", (42, 25)),
    _pair("one against another", rf"\b(?:against|versus|vs|after){_SMALL} $", "There were 42 offences, against 25.", (42, 25)),
    _pair("one after another was reached", rf"\b{REACHED}{_SMALL} $", "Offences in Kent fell to 25 after reaching 42.", (25, 42)),
    _pair("one, and another before", rf"^(?:[^<]|<[PSL]\d+>){{0,60}}(?:,|;|\band\b|\bbut\b|\(| - ){_SMALL} $", "There were 42 offences, and 25 the year before.", (42, 25), after=rf"^{_YEAR_BEFORE.pattern}"),
)  # fmt: skip
_LEANS = re.compile(
    rf"(?:[^<.]*\b(?:shows?|says?|said|reveals?|means?)(?: that)? )?\W*(?:this|that|it|the (?:figure|number|total)) (?:[a-z]+ ){{0,3}}?(?:{changes.UP}|{changes.DOWN}|compar\w+|opposed|an?(?: \w+)? (?:{changes.UP}|{changes.DOWN})|<C\d+>)"
    rf"[^.]*?<N(\d+)>",
    re.IGNORECASE,
)


def mentions(tagged: Tagged) -> list[Mention]:
    """Return the counts of a sentence, each with the bounds of its own words.

    Examples
    --------
    >>> from analysis.claims.drafts.tagging import tag
    >>> tagged = tag("Kent recorded 33 offences in 2016/17; Essex recorded 17.")
    >>> [tagged.text[one.start : one.end] for one in mentions(tagged)]
    ['<A0> recorded <N0> offences <P0>', '; <A1> recorded <N1>.']
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
    for i, (first, second) in enumerate(itertools.pairwise(counts)):
        between = tagged.text[first.tag.end : second.tag.start]
        if i in taken or _is_of_another_area(tagged, first, second):
            continue
        before, after = tagged.text[first.start : first.tag.start], tagged.text[second.tag.end :][:40]
        for shape in PAIRS:
            if shape.before.search(before) and shape.between.search(between) and shape.after.search(after):
                current, base = (i + 1, i) if shape.is_baseline_first else (i, i + 1)
                found[current] = (base, re.sub(r"<[A-Z]\d*>", "", f"{before[-60:]} {between} {after[:30]}"))
                taken |= {i, i + 1}
                break
    return found | _fitting(tagged, counts, taken)


def leaning(tagged: Tagged) -> int | None:
    """Return the first count of a sentence that sets the count before it against another, or None.

    Examples
    --------
    >>> from analysis.claims.drafts.tagging import tag
    >>> leaning(tag("That compares with 16 in 2016/17.")), leaning(tag("It recorded 16 offences."))
    (0, None)
    """
    match = _LEANS.match(tagged.text)
    if match is None or re.search(rf"(?<!compared )(?<!opposed )\bto{_SMALL} <N$", tagged.text[: match.start(1)]):
        return None
    return int(match[1])


def _fitting(tagged: Tagged, counts: list[Mention], taken: set[int]) -> dict[int, tuple[int, str]]:
    """Return the only two counts of a sentence as a pair, if a change that it states is the one between them."""
    if len(counts) != 2 or taken or len({tagged.areas[tag.index].area for tag in tagged.tags("A")}) > 1:
        return {}
    first, second = (tagged.numbers[count.number].value for count in counts)
    for tag in tagged.tags("C"):
        for current, base, way in ((second, first, (1, 0)), (first, second, (0, 1))):
            if changes.fits(tagged.fields[tag.index], current, base):
                return {way[0]: (way[1], "")}
    return {}


def _is_of_another_area(tagged: Tagged, first: Mention, second: Mention) -> bool:
    """Say whether two counts are of two areas: "33 in Kent, compared with 150 in Essex"."""
    areas = tagged.tags("A", first.start, second.end)
    rest = tagged.text[second.tag.end :]
    after = re.match(r"(?: offences| crimes| cases)* (?:in|by|for|at) (?:the )?<A\d+>", rest)
    owner = re.search(r"\b(?:with|against|than|to) <A\d+>[^<]*$", tagged.text[first.tag.end : second.tag.start])
    cut = CLAUSE.search(tagged.text, first.tag.end, second.tag.start)
    if cut and (_TOLD_ON.search(tagged.text, cut.start(), second.tag.start) or _YEAR_BEFORE.match(rest)):
        cut = None
    return bool(cut) or (bool(after or owner) and len({tagged.areas[area.index].area for area in areas}) > 1)
