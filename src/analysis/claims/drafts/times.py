"""Periods as the press names them.

The table of rules is the grammar; :mod:`analysis.claims.drafts.readings` gives the months. Words that no rule knows give no
period.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.claims.drafts import readings
from analysis.claims.drafts.fields import Reading
from analysis.claims.drafts.numerals import NUMBER
from analysis.claims.drafts.readings import Context, Reader
from analysis.terms.periods import financial_year_of


@dataclass(frozen=True)
class Rule:
    """Words for a period.

    Attributes
    ----------
    name
        What the words are.
    role
        ``current`` for a period of its own; ``baseline`` for one before another; ``ends`` for two that a change lies
        between; ``since`` for a beginning; ``span`` for a length; ``day`` for a day; ``none`` for what is no period of
        counting and says nothing of the counts.
    pattern
        The words.
    read
        Gives the months from the words and what they lean on.
    example, gives
        A phrase, and what it is read as when published in April 2018 beside April to December 2017.
    is_relative
        Whether the words, unlike a date, say something of the period that its months may not bear out.
    """

    name: str
    role: str
    pattern: re.Pattern[str]
    read: Reader
    example: str
    gives: str
    is_relative: bool = False


_LEANING = {"months after", "later part of the year", "that year", "year later"}  # rules of periods beside another


@dataclass(frozen=True)
class Time:
    """Words for a period, as found in a sentence."""

    rule: Rule
    match: re.Match[str]

    @property
    def words(self) -> str:
        """The words without the preposition before them."""
        return re.sub(r"^(?:in|over|during|within|for|from|between) ", "", self.match[0].strip(" ,"), flags=re.I)

    @property
    def role(self) -> str:
        """What the words can be: see :class:`Rule`."""
        return self.rule.role

    @property
    def is_dated(self) -> bool:
        """Whether the words name months or years outright."""
        return self.role == "current" and not self.rule.is_relative

    @property
    def leans(self) -> bool:
        """Whether the words name a period by another: "the year before", "the following year"."""
        return self.role == "baseline" or self.rule.name in _LEANING

    @property
    def described_as(self) -> str | None:
        """The words, where a claim should keep them beside its months."""
        return self.words if self.rule.is_relative else None

    def read(self, context: Context) -> Reading:
        """Return the months that the words may name."""
        return self.rule.read(self.match, context)

    def ends(self) -> tuple[Reading, Reading]:
        """Return the two years that a change lies between."""
        said = self.match.groupdict()
        return readings.year_named(said["year"], said["end"]), readings.year_named(said["last_year"], said["last_end"])

    def start(self) -> Reading:
        """Return the year with which "since 2017/18" begins, as a baseline; "since April 2013" names none."""
        said = self.match.groupdict()
        if said.get("first_year"):
            return Reading((financial_year_of(readings.LAW),))
        if said.get("end") and said.get("year"):
            return readings.year_named(said["year"], said["end"])
        return Reading(note="the text names a beginning, and no period before")


_N = NUMBER
_NAMES = "|".join(sorted(readings.MONTH_NAMES, key=len, reverse=True))
_M = rf"(?:{_NAMES})\b\.?"
_MONTH = rf"(?P<month>{_NAMES})\b\.?"
_LAST_MONTH = rf"(?P<last_month>{_NAMES})\b\.?"
_Y = r"(?P<year>(?:19|20)\d\d)"
_LAST_Y = r"(?P<last_year>(?:19|20)\d\d)"
_END = r"[/-](?P<end>\d\d\d\d|\d\d)(?![\d-])"
_LAST_END = r"[/-](?P<last_end>\d\d\d\d|\d\d)(?![\d-])"
_NO_END = r"(?![/-]\d|\d)"
_DAY = r"(?:(?:the )?(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?|start|beginning)(?: of)? )?"
_DAY_AFTER = r"(?: (?P<day_after>\d{1,2})(?:st|nd|rd|th)?\b)?"
_LAST_DAY = r"(?:(?:the )?(?:(?P<last_day>\d{1,2})(?:st|nd|rd|th)?|end)(?: of)? )?"
_LAST_DAY_AFTER = r"(?: (?P<last_day_after>\d{1,2})(?:st|nd|rd|th)?\b)?"
_IN = r"(?:\b(?:in|over|during|within|for|from|across|throughout) )?(?:\b(?:just|only|the|a|its|whole of|all of) )*\b"
_TO = r",? ?(?:to|and|until|till|through|up to|-|up until) ?"
_FY = r"(?:the )?(?:(?:financial|tax|reporting|fiscal) year )?(?:of )?"
_NEW_LAW = (
    r"(?:the|this|a|an|that)? ?(?:new |anti-grooming |grooming |specific )*(?:offence|law|legislation|crime|act|rules)"
)
_BEGAN = (
    r"(?:(?:first )?(?:came|come|coming|went) into (?:force|effect|law|being)|(?:first )?became (?:law|an offence|a crime|illegal)"
    r"|took effect|(?:was|were|being) (?:first )?(?:introduced|brought in|created|changed|established|tightened|toughened|strengthened|extended|passed|updated)|began|started|changed|came in)"
)

_BEGAN_OR_BEGINNING = rf"(?:{_BEGAN}|coming into (?:force|effect)|being introduced|taking effect)"


def _rule(
    name: str,
    role: str,
    pattern: str,
    read: Reader,
    *,
    example: str,
    gives: str,
    is_relative: bool = False,
) -> Rule:
    return Rule(name, role, re.compile(pattern, re.IGNORECASE), read, example, gives, is_relative)


# In order: what one rule has read, the next does not read again. To add one: a pattern, a reader, a phrase to try it on.
RULES: tuple[Rule, ...] = (
    _rule("when records began", "none", rf"\bsince (?:\w+ )?records began(?: in (?:{_MONTH} )?{_Y})?\b|\bon record\b", readings.nothing, example="its highest since records began in 2017", gives="no period?"),
    _rule("first year of the law, as a beginning", "since", rf"\bsince (?P<first_year>(?:the|its) first (?:full )?year)(?: (?:of|under) {_NEW_LAW})?(?P<month>)", readings.since_law, example="since the first year of the legislation", gives="2017-04..2017-12 or 2017-04..2018-03?"),
    _rule("first months of the law", "current", rf"{_IN}first (?:full )?(?:(?P<count>{_N}) )?(?P<unit>month|year)s? (?:of|since|after|under|that|in which|when) (?:{_NEW_LAW}|it became law)(?:(?: \w+){{0,3}} (?:in force|in effect|{_BEGAN}|was in force))?\b|{_IN}(?:law|offence|legislation)(?:'s) first (?:full )?(?:(?P<count_after>{_N}) )?(?P<unit_after>month|year)s?\b", readings.first_of(readings.LAW), example="in the first nine months of the new offence", gives="2017-04..2017-12?", is_relative=True),
    _rule("months after the law", "current", rf"{_IN}(?<!half )(?<!every )(?<!each )(?:(?P<count>{_N}) )?(?P<unit>month|year)s? (?:after|since|following|from) (?:the )?(?:(?:{_NEW_LAW}|it|this) {_BEGAN}|introduction of {_NEW_LAW})", readings.first_of(readings.LAW), example="in the six months after the law changed", gives="2017-04..2017-09?", is_relative=True),
    _rule("first months of lockdown", "current", rf"{_IN}first (?:(?P<count>{_N}) )?(?P<unit>month)s? of (?:the )?(?:first )?(?:national |coronavirus |Covid )?lockdown\b(?P<unit_after>)", readings.first_of(readings.LOCKDOWN), example="in the first three months of lockdown", gives="2020-04..2020-06?"),
    _rule("since a dated law", "since", rf"\bsince [^.,;<]{{0,60}}?{_BEGAN} (?:in|on) (?:\d+ )?(?:{_MONTH} )?{_Y}\b", readings.since_law, example="since the new law came into force in April 2017", gives="2017-04..2017-12 or 2017-04..2018-03?"),
    _rule("since the law", "since", rf"\bsince (?:{_NEW_LAW} [^.,;<]{{0,70}}?{_BEGAN}|the (?:introduction|creation) of {_NEW_LAW}|(?:it|this) {_BEGAN}|(?:a|the) change in the law)\b", readings.since_law, example="since the new offence came into force", gives="2017-04..2017-12 or 2017-04..2018-03?"),
    _rule("same months before", "baseline", rf"{_IN}(?:same|equivalent|corresponding) (?:period|months|time|quarter|three-month period|(?:{_N}|\w+) months?)(?: period)?,?(?: (?:in|of|a|the|during|for))*(?: (?:previous|prior|preceding) year| year (?:before|earlier|previously|ago|prior)| last year| before| 12 months (?:before|earlier)| {_Y}{_NO_END})", readings.same_months, example="in the same months a year earlier", gives="2016-04..2016-12"),
    _rule("listed months", "current", rf"\b(?:in |during |over )?{_M}, (?:{_M}, )*{_M},? and {_M} (?:19|20)\d\d\b", readings.months_listed, example="in April, May and June 2017", gives="2017-04..2017-06"),
    _rule("from month to month", "current", rf"(?:\b(?:between|from) (?:{_NEW_LAW} {_BEGAN_OR_BEGINNING} (?:on |in )?)?|\bin )?{_DAY}\b{_MONTH}{_DAY_AFTER}(?:,? {_Y})?{_TO}{_LAST_DAY}{_LAST_MONTH}{_LAST_DAY_AFTER},?(?: {_LAST_Y}\b)(?P<when>)", readings.month_range, example="between April and December 2017", gives="2017-04..2017-12"),
    _rule("from month to month of last year", "current", rf"\b(?:between|from) {_DAY}{_MONTH}{_DAY_AFTER}(?: {_Y})?{_TO}{_LAST_DAY}{_LAST_MONTH}{_LAST_DAY_AFTER}(?P<last_year>)(?: of)?(?: (?P<when>last year|this year))?\b(?! \d)", readings.month_range, example="between April 1 and December 31 last year", gives="2017-04..2017-12?"),
    _rule("when a law began", "none", rf"(?:\b(?:when|after|before) {_NEW_LAW} )?\b(?:{_BEGAN}|introduced|in force|brought in|enacted|launched|published|passed|founded|opened)(?: on| in| from| since)? (?:\d+ )?(?:{_MONTH}{_DAY_AFTER},? )?{_Y}\b(?![/-]\d)|\bwhen {_NEW_LAW} {_BEGAN}\b|\ba crime (?:since|in) {_M} (?:19|20)\d\d", readings.nothing, example="which came into force on 3 April 2017", gives="no period?"),
    _rule("months to a month", "current", rf"{_IN}(?:full |financial |latest )*(?:(?P<count>{_N})[- ])?(?P<unit>month|year|quarter)s?(?: period)? (?:to|ending|ended|up to|until|that ended|which ended|ending in)(?: and including)?(?: in| on| the end of| end of| at the end of)* {_LAST_DAY}{_LAST_MONTH}{_LAST_DAY_AFTER}(?:,? {_LAST_Y}\b| this year| last year)?", readings.months_to, example="in the year to June 2017", gives="2016-07..2017-06"),
    _rule("months from a month", "current", rf"{_IN}(?:(?P<count>{_N})[- ])?(?<!\ba )(?<!each )(?<!every )(?P<unit>month|year)(?(count)s?) (?:from|beginning|starting)(?: on| in)? {_DAY}{_MONTH}{_DAY_AFTER},? {_Y}\b", readings.months_from, example="in the year from 3 April 2017", gives="2017-04..2018-03?"),
    _rule("part of a year", "current", rf"{_IN}(?P<place>first|opening|second|third|fourth|last|final|closing) (?:(?P<count>{_N}) )?(?P<unit>month|quarter|half)s? of {_FY}{_Y}(?:{_END})?\b", readings.part_of_year, example="in the first three months of 2017", gives="2017-01..2017-03"),
    _rule("later part of the year", "current", r"\b(?:in|during) the (?P<place>second|third|fourth)(?: (?P<unit>quarter|half)\b(?! of)|(?=[,.;]| and\b|$))", readings.later_part, example="in the second quarter, after 33 in the first", gives="2017-07..2017-09?", is_relative=True),
    _rule("first months", "current", rf"{_IN}first (?:full )?(?:(?P<count>{_N}) )?(?P<unit>month|year)s?\b(?! of)", readings.first_of(readings.LAW), example="in the first 12 months", gives="2017-04..2018-03?", is_relative=True),
    _rule("numbered quarter", "current", rf"{_IN}(?:quarter |Q)(?P<place>one|two|three|four|[1-4])(?: of|,| in)? {_FY}{_Y}(?:{_END})?\b(?P<count>)(?P<unit>)", readings.part_of_year, example="in quarter one of 2017/18", gives="2017-04..2017-06"),
    _rule("between financial years", "ends", rf"\b(?:between|from) {_FY}{_Y}{_END}{_TO}{_FY}{_LAST_Y}{_LAST_END}", readings.years_range, example="between 2013/14 and 2016/17", gives="2013-04..2017-03"),
    _rule("between years", "ends", rf"\b(?:between|from) {_Y}(?P<end>){_TO}{_LAST_Y}(?P<last_end>)\b{_NO_END}", readings.years_range, example="between 2013 and 2016", gives="2013-04..2017-03 or 2013-01..2016-12?"),
    _rule("since a date", "since", rf"\bsince (?:the start of |the end of |early |the beginning of |{_FY})?(?:\d{{1,2}} )?(?:{_MONTH} )?{_Y}\b(?:{_END}\b)?", readings.since_date, example="since April 2013", gives="2013-04..2017-12 or 2013-04..2018-03?"),
    _rule("calendar year", "current", rf"{_IN}calendar year (?:of )?{_Y}\b|{_IN}(?P<year_before>(?:19|20)\d\d) calendar year\b", readings.calendar_year, example="in the calendar year 2016", gives="2016-01..2016-12"),
    _rule("financial year", "current", rf"{_IN}(?:{_FY})(?:year )?(?:of |FY ?)?{_Y}{_END}(?:'s)?(?: (?:financial|tax) year)?", readings.financial_year, example="in 2016/17", gives="2016-04..2017-03"),
    _rule("financial year, short", "current", rf"{_IN}(?<![\d/£.])(?P<year>[12]\d)/(?P<end>[12]\d)(?![\d/])", readings.financial_year, example="in 16/17", gives="2016-04..2017-03"),
    _rule("day", "day", rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_M}(?:,? (?:19|20)\d\d)?\b|\b(?:{_NAMES}) \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? (?:19|20)\d\d)?", readings.nothing, example="on 19 July 2018", gives="no period?"),
    _rule("by a month", "none", rf"\b(?:by|before|until|after|(?<=[a-z] )(?<!up )(?<!down )from) (?:the end of )?{_MONTH} {_Y}\b", readings.nothing, example="by June 2017", gives="no period?"),
    _rule("single month", "current", rf"(?:\b(?:in|during|for) )?\b{_MONTH} {_Y}\b(?: alone)?", readings.single_month, example="in March 2018", gives="2018-03..2018-03"),
    _rule("years before", "baseline", rf"\b(?:just |only )?(?P<count>{_N}) years (?:before|earlier|ago|previously|prior)\b(?!hand)", readings.years_before, example="five years ago", gives="2012-04..2012-12?", is_relative=True),
    _rule("year before", "baseline", rf"{_IN}(?:previous|preceding|prior) (?:financial |calendar |full )?(?:(?P<count>{_N})[- ])?(?P<unit>month|year|quarter)s?(?: period)?\b|{_IN}(?:(?P<count_before>{_N}) months|year|one year) (?:before(?! last)(?: that)?|earlier|previously|ago|prior)\b(?!hand)|\byear[- ]on[- ]year\b|\bannually\b|\bannual (?=rise|increase|fall|drop|growth)", readings.before, example="the previous year", gives="2016-04..2017-03 or 2016-04..2016-12?", is_relative=True),
    _rule("months after", "current", rf"{_IN}(?:following|next) (?:financial )?(?:(?P<count>{_N}) )?(?P<unit>month|year)s?\b", readings.after, example="the following 12 months", gives="2018-01..2018-12?", is_relative=True),
    _rule("that year", "current", r"(?<!later )(?<!earlier )\b(?:in )?(?:that|the same) year\b", readings.that_year, example="that year", gives="2017-04..2017-12?", is_relative=True),
    _rule("year later", "current", r"\b(?:a|one) year later\b", readings.year_later, example="a year later", gives="2018-04..2018-12?", is_relative=True),
    _rule("last financial year", "current", rf"{_IN}(?:last|past|latest) financial year\b", readings.last_financial_year, example="in the last financial year", gives="2017-04..2018-03?", is_relative=True),
    _rule("past year", "current", rf"{_IN}(?:past|last|latest|most recent) (?:(?P<count>{_N})[- ])?(?:financial |full |calendar )?(?P<unit>year|month|decade)s?\b(?:'s)?(?: alone)?", readings.past, example="in the past year", gives="2017-04..2017-12 or 2017-01..2017-12 or 2017-04..2018-03?", is_relative=True),
    _rule("this year", "current", r"\b(?:so far )?(?:in )?this (?:financial )?year\b(?: so far| alone)?|\bthe current (?:financial )?year\b", readings.this_year, example="so far this year", gives="2017-04..2018-03 or 2018-01..2018-03?", is_relative=True),
    _rule("length", "span", rf"\b(?:in|over|during|within|inside|for) (?:just |only |under |less than |more than |the space of |a period of |the |those |a single )*(?P<count>{_N}|a|one|single)[- ](?:\w+ )?(?P<unit>year|month|decade)s?\b(?! (?:old|before|earlier|ago|previously|later))", readings.past, example="in just eight months", gives="2017-04..2017-12 or 2017-05..2017-12 or 2017-08..2018-03?", is_relative=True),
    _rule("year", "current", rf"{_IN}(?<![\d/£.,-]){_Y}\b{_NO_END}(?! [\w-]* ?(?:offences|crimes|cases))(?:'s)?(?: alone| as a whole)?", readings.bare_year, example="during 2016", gives="2016-01..2016-12 or 2016-04..2017-03?"),
)  # fmt: skip
