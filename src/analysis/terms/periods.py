"""Periods of whole months, and the financial quarters that figures exist for.

A financial year runs from April to March: 2017/18 Q1 is April to June 2017. pandas writes that quarter as
``Period("2018Q1", "Q-MAR")``, by the year in which the financial year ends; nothing here prints it that way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from analysis.errors import RequestError, shown
from analysis.terms.numbers import MONTH_NUMBERS, MONTHS

if TYPE_CHECKING:
    import pandas as pd

YEARS = (1900, 2099)  # a year outside is a slip of the hand
FORMS = "write it as 2017-04..2017-12, 2017/18, 2017/18 Q1..Q3 or year ending June 2017"


class Month(NamedTuple):
    """A calendar month."""

    year: int
    month: int

    @property
    def ordinal(self) -> int:
        """Months since the year 0, so that months can be counted."""
        return self.year * 12 + self.month - 1

    def shift(self, months: int) -> Month:
        """Return the month so many months later, or earlier where negative."""
        year, month = divmod(self.ordinal + months, 12)
        return Month(year, month + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def words(self) -> str:
        """The month as a reader says it: April 2017."""
        return f"{MONTHS[self.month - 1]} {self.year}"


@dataclass(frozen=True, order=True)
class Period:
    """Whole months, both ends in.

    Attributes
    ----------
    first, last
        The first and the last month.

    Notes
    -----
    Figures exist for whole quarters: January, April, July and October begin one. A financial year runs from April to March, so that
    2017/18 is April 2017 to March 2018.

    Examples
    --------
    >>> period = Period.parse("2017/18 Q1..Q3")
    >>> print(period, period.months, period.words)
    2017-04..2017-12 9 April to December 2017
    >>> print(period.year_before)
    2016-04..2016-12
    """

    first: Month
    last: Month

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise RequestError(
                f"period: {self.first}..{self.last} ends before it begins; write the earlier month first"
            )

    @staticmethod
    def parse(text: str) -> Period:
        """Read a period in any of the forms that this project knows.

        Parameters
        ----------
        text
            ``2017-04..2017-12``, ``2017/18``, ``2016/17..2017/18``, ``2017/18 Q1``, ``2017/18 Q1..Q3``, ``2017/18 Q3..2018/19 Q2``,
            ``year ending June 2017`` or ``YE June 2017``.

        Returns
        -------
        Period
            In months, both ends in. It may cut a quarter; :attr:`quarters` says so.

        Raises
        ------
        RequestError
            If the text is none of these, or may mean two things, as ``2017Q2`` does.
        """
        return _parse(text)

    @staticmethod
    def of_quarters(first: pd.Period, last: pd.Period) -> Period:
        """Return the months from the first of two financial quarters to the last."""
        start, end = (Month(each.qyear - 1, 4).shift(3 * each.quarter - 3) for each in (first, last))
        return Period(start, end.shift(2))

    def __str__(self) -> str:
        return f"{self.first}..{self.last}"

    def __repr__(self) -> str:
        return f"Period.parse({str(self)!r})"

    @property
    def months(self) -> int:
        """How many months the period holds."""
        return self.last.ordinal - self.first.ordinal + 1

    @property
    def words(self) -> str:
        """The period as a reader says it: April to December 2017."""
        if self.first == self.last:
            return self.first.words
        if self.first.year == self.last.year:
            return f"{MONTHS[self.first.month - 1]} to {self.last.words}"
        return f"{self.first.words} to {self.last.words}"

    @property
    def year_before(self) -> Period:
        """The same months a year earlier."""
        return self.shift(-12)

    @property
    def cuts_quarter(self) -> bool:
        """Whether the period begins or ends inside a quarter."""
        return self.first.month % 3 != 1 or self.last.month % 3 != 0

    @property
    def quarters(self) -> pd.PeriodIndex:
        """The financial quarters that the period is made of, as ``Period[Q-MAR]``.

        Raises
        ------
        RequestError
            If the period cuts a quarter; the message names the two nearest periods that do not.
        """
        import pandas as pd  # the command must not wait for pandas when it only reads a period

        self.require_quarters()
        first, last = (pd.Period(str(month), freq="M") for month in (self.first, self.last))
        return pd.period_range(first.asfreq("Q-MAR"), last.asfreq("Q-MAR"), freq="Q-MAR")

    @property
    def each_quarter(self) -> tuple[Period, ...]:
        """The same quarters, each as a period.

        Examples
        --------
        >>> print(*Period.parse("2017/18 Q2..Q3").each_quarter)
        2017-07..2017-09 2017-10..2017-12
        """
        first = self.require_quarters().first
        return tuple(Period(first.shift(start), first.shift(start + 2)) for start in range(0, self.months, 3))

    @property
    def quarters_of_year(self) -> tuple[int, ...]:
        """Which financial quarters (1 to 4) the period holds, sorted, one entry for each."""
        starts = range(self.first.ordinal, self.last.ordinal + 1, 3)
        return tuple(sorted((start % 12 // 3 - 1) % 4 + 1 for start in starts))

    def require_quarters(self) -> Period:
        """Return the period itself if it is made of whole quarters, and otherwise say which are near."""
        if self.cuts_quarter:
            nearest, next_nearest = self._nearest_whole()[:2]
            raise RequestError(
                f"period: {self} cuts a quarter, and figures exist for whole quarters only; "
                f"the nearest whole quarters are {nearest} and {next_nearest}"
            )
        return self

    def _nearest_whole(self) -> list[Period]:
        """Return periods of whole quarters by how many months their two ends lie off; of two alike, the shorter first."""
        firsts = (self.first.shift(-((self.first.month - 1) % 3) + months) for months in (-3, 0, 3))
        lasts = [self.last.shift(-self.last.month % 3 + months) for months in (-3, 0, 3)]
        whole = [Period(first, last) for first in firsts for last in lasts if first < last]
        return sorted(whole, key=lambda other: (self._months_off(other), other.months, other))

    def _months_off(self, other: Period) -> int:
        return abs(other.first.ordinal - self.first.ordinal) + abs(other.last.ordinal - self.last.ordinal)

    def years_from(self, other: Period) -> float:
        """Return how many years two periods lie apart, start from start.

        Examples
        --------
        >>> Period(Month(2024, 4), Month(2025, 3)).years_from(Period(Month(2018, 4), Month(2019, 3)))
        6.0
        """
        return abs(self.first.ordinal - other.first.ordinal) / 12

    def shift(self, months: int) -> Period:
        """Return the period moved by so many months."""
        return Period(self.first.shift(months), self.last.shift(months))

    def overlaps(self, other: Period) -> bool:
        """Say whether the two periods share a month."""
        return self.first <= other.last and other.first <= self.last

    def covers(self, other: Period) -> bool:
        """Say whether every month of the other period lies in this one."""
        return self.first <= other.first and other.last <= self.last

    def last_months(self, months: int) -> Period:
        """Return the last so many months of the period."""
        return Period(self.last.shift(1 - months), self.last)

    def _repr_html_(self) -> str:
        return f"{self.words} <small>({self.months} months, {self})</small>"


def financial_year_of(month: Month) -> Period:
    """Return the financial year that a month lies in, as a period.

    Examples
    --------
    >>> print(financial_year_of(Month(2025, 2)))
    2024-04..2025-03
    """
    first = Month(month.year if month.month >= 4 else month.year - 1, 4)
    return Period(first, first.shift(11))


def financial_year(quarter: pd.Period) -> str:
    """Return a quarter's financial year as official tables print it.

    Examples
    --------
    >>> import pandas as pd
    >>> financial_year(pd.Period("2018Q1", freq="Q-MAR"))
    '2017/18'
    """
    return f"{quarter.qyear - 1}/{quarter.qyear % 100:02d}"


def quarter_label(quarter: pd.Period) -> str:
    """Return a quarter as tables and charts print it: ``2017/18 Q1``."""
    return f"{financial_year(quarter)} Q{quarter.quarter}"


def calendar_quarters(quarters: pd.PeriodIndex) -> pd.PeriodIndex:
    """Return financial quarters as the calendar quarters that they are, which pandas and Matplotlib put in their right place.

    Parameters
    ----------
    quarters
        ``Period[Q-MAR]``, such as the column ``quarter`` of every table of the library; a column or an index.

    Returns
    -------
    pandas.PeriodIndex
        ``Period[Q-DEC]``; ``.to_timestamp()`` gives the day on which each begins.

    Notes
    -----
    pandas writes a financial quarter by the year in which the financial year ends: drawn as it is, it stands a year late.

    Examples
    --------
    >>> import pandas as pd
    >>> calendar_quarters(pd.PeriodIndex(["2018Q1", "2018Q4"], freq="Q-MAR"))
    PeriodIndex(['2017Q2', '2018Q1'], dtype='period[Q-DEC]')
    """
    import pandas as pd

    if not isinstance(getattr(quarters, "dtype", None), pd.PeriodDtype):
        raise RequestError(f"quarters: found {shown(quarters)}; give a column or an index of quarters")
    return pd.PeriodIndex(quarters).asfreq("M", "S").asfreq("Q-DEC")


def _parse(text: str) -> Period:
    words = " ".join(str(text).split())
    for pattern, read in _FORMS:
        if match := pattern.fullmatch(words):
            period = read(match)
            if YEARS[0] <= period.first.year <= period.last.year <= YEARS[1]:
                return period
            raise RequestError(f"period: {words!r} leaves the years {YEARS[0]} to {YEARS[1]}; check the year")
    raise RequestError(f"period: {words!r} is not a period; {FORMS}")


def _month(year: str, month: str) -> Month:
    if not 1 <= int(month) <= 12:
        raise RequestError(f"period: {year}-{month} has no month {month}; months are 01 to 12")
    return Month(int(year), int(month))


def _quarter(year: str, end: str, number: int) -> Period:
    start = int(year)
    if (start + 1) % 100 != int(end):
        raise RequestError(f"period: {year}/{end} is not a financial year; write {start}/{(start + 1) % 100:02d}")
    first = Month(start, 4).shift(3 * (number - 1))
    return Period(first, first.shift(2))


def _months(match: re.Match[str]) -> Period:
    first = _month(match[1], match[2])
    return Period(first, _month(match[3], match[4]) if match[3] else first)


def _financial(match: re.Match[str]) -> Period:
    year, end, first, year_2, end_2, last = match.groups()
    start = _quarter(year, end, int(first or 1))
    stop = _quarter(year_2 or year, end_2 or end, int(last or first or 4))
    return Period(start.first, stop.last)


def _financial_years(match: re.Match[str]) -> Period:
    return Period(_quarter(match[1], match[2], 1).first, _quarter(match[3], match[4], 4).last)


def _year_ending(match: re.Match[str]) -> Period:
    if match[1].casefold() not in MONTH_NUMBERS:
        raise RequestError(f"period: {match[1]!r} is not a month; write it in full, as in year ending June 2017")
    last = Month(int(match[2]), MONTH_NUMBERS[match[1].casefold()])
    return Period(last.shift(-11), last)


def _ambiguous_quarter(match: re.Match[str]) -> Period:
    year = int(match["year_a"] or match["year_b"])
    number = int(match["quarter_a"] or match["quarter_b"])
    first = Month(year, 3 * number - 2)
    by_calendar = Period(first, first.shift(2))
    by_finance = _quarter(str(year), f"{(year + 1) % 100:02d}", number)
    raise RequestError(
        f"period: {match[0]!r} may mean a calendar or a financial quarter; "
        f"write {by_calendar} (calendar) or {by_finance} (financial, {year}/{(year + 1) % 100:02d} Q{number})"
    )


def _ambiguous_year(match: re.Match[str]) -> Period:
    year = int(match[0])
    raise RequestError(
        f"period: {match[0]!r} may mean a calendar or a financial year; write {year}-01..{year}-12 or {year}/{(year + 1) % 100:02d}"
    )


_FORMS = (
    (re.compile(r"(\d{4})-(\d{2})(?: ?\.\. ?(\d{4})-(\d{2}))?"), _months),
    (re.compile(r"(\d{4})/(\d{2})(?: ?Q([1-4])(?: ?\.\. ?(?:(\d{4})/(\d{2}) ?)?Q([1-4]))?)?", re.I), _financial),
    (re.compile(r"(\d{4})/(\d{2}) ?\.\. ?(\d{4})/(\d{2})"), _financial_years),
    (re.compile(r"(?:(?:the )?year (?:ending|ended|to)|YE|Y/E) (?:in )?([a-z]+) (\d{4})", re.I), _year_ending),
    (
        re.compile(
            r"(?:(?P<year_a>\d{4})[ -]?Q(?P<quarter_a>[1-4])|Q(?P<quarter_b>[1-4])[ -]?(?P<year_b>\d{4}))", re.I
        ),
        _ambiguous_quarter,
    ),
    (re.compile(r"\d{4}"), _ambiguous_year),
)
