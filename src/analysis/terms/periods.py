"""Periods of whole months, and the financial quarters that figures exist for.

A financial year runs from April to March: 2017/18 Q1 is April to June 2017. pandas writes that quarter as
``Period("2018Q1", "Q-MAR")``, by the year in which the financial year ends; nothing here prints it that way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from analysis.errors import RequestError, shown
from analysis.terms.numbers import MONTH, MONTH_NUMBERS, MONTHS

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

    @property
    def quarter(self) -> Period:
        """The quarter that holds it."""
        first = self.shift(-((self.month - 1) % 3))
        return Period(first, first.shift(2))

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
            raise RequestError(f"period: {self} ends before it begins; write the earlier month first")

    @staticmethod
    def parse(text: str | Period) -> Period:
        """Read a period in any of the forms that this project knows.

        Parameters
        ----------
        text
            ``2017-04..2017-12``, ``2017/18``, ``2016/17..2017/18``, ``2017/18 Q1``, ``2017/18 Q1..Q3``, ``2017/18 Q3..2018/19 Q2``,
            ``year ending June 2017``, ``YE June 2017``, or as :attr:`words` says it: ``April to December 2017``.

        Returns
        -------
        Period
            In months, both ends in. It may cut a quarter; :attr:`quarters` says so.

        Raises
        ------
        RequestError
            If the text is none of these, or may mean two things, as ``2017Q2`` does.
        """
        words = " ".join(str(text).split())
        if ending := _YEAR_ENDING.fullmatch(words):
            last = _named(*ending.groups())
            period = Period(last.shift(-11), last)
        elif said := _SAID.fullmatch(words):
            first, year, last_name, last_year = said.groups()
            last = _named(last_name, last_year)
            period = Period(_named(first, year or last_year) if first else last, last)
        else:
            ends = [_months(end) for end in re.split(r" ?\.\. ?", _YEAR_LEFT_OUT.sub(r"\1\2\1 ", words), maxsplit=1)]
            period = Period(ends[0].first, ends[-1].last)
        if YEARS[0] <= period.first.year <= period.last.year <= YEARS[1]:
            return period
        raise RequestError(f"period: {words!r} leaves the years {YEARS[0]} to {YEARS[1]}; check the year")

    @staticmethod
    def of_quarters(first: pd.Period, last: pd.Period) -> Period:
        """Return the months from the first of two financial quarters to the last."""
        return Period.parse(f"{first.asfreq('M', 'S')}..{last.asfreq('M')}")

    def __str__(self) -> str:
        return f"{self.first}..{self.last}"

    def __repr__(self) -> str:
        return f"Period.parse({str(self)!r})"

    @property
    def months(self) -> int:
        """How many months the period holds."""
        return self.last.ordinal - self.first.ordinal + 1

    @property
    def days(self) -> int:
        """How many days the period holds."""
        return (date(*self.last.shift(1), 1) - date(*self.first, 1)).days

    @property
    def words(self) -> str:
        """The period as a reader says it: April to December 2017."""
        if self.first == self.last:
            return self.first.words
        is_one_year = self.first.year == self.last.year
        return f"{MONTHS[self.first.month - 1] if is_one_year else self.first.words} to {self.last.words}"

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
            If the period cuts a quarter; the message names the whole quarters that hold it.
        """
        import pandas as pd  # the command must not wait for pandas when it only reads a period

        self.require_quarters()
        return pd.period_range(str(self.first), str(self.last), freq="Q-MAR")

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
        """Return the period itself if it is made of whole quarters, and otherwise say which hold it."""
        if not self.cuts_quarter:
            return self
        whole = Period(self.first.quarter.first, self.last.quarter.last)
        right = f"figures exist for whole quarters only; those that hold it are {whole}"
        raise RequestError(f"period: {self} cuts a quarter, and {right}")

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


_YEAR_ENDING = re.compile(rf"(?:(?:the )?year (?:ending|ended|to)|YE|Y/E) (?:in )?({MONTH}) (\d{{4}})", re.I)
_SAID = re.compile(rf"(?:({MONTH})(?: (\d{{4}}))? to )?({MONTH}) (\d{{4}})", re.I)
_YEAR_LEFT_OUT = re.compile(r"(\d{4}/\d\d)( ?Q[1-4] ?\.\. ?)(?=Q)", re.I)
_END = re.compile(r"(\d{4})(?:-(\d\d)|(?:/(\d\d))?(?:[ -]?Q([1-4]))?)|Q([1-4])[ -]?(\d{4})", re.I)


def _named(month: str, year: str) -> Month:
    return Month(int(year), MONTH_NUMBERS[month.casefold()])


def _months(text: str) -> Period:
    """Return the month, financial year or quarter of one that a period begins or ends with."""
    if not (end := _END.fullmatch(text)):
        raise RequestError(f"period: {text!r} is not a period; {FORMS}")
    year, month, next_year, quarter = int(end[1] or end[6]), end[2], end[3], end[4] or end[5]
    if month:
        if not 1 <= int(month) <= 12:
            raise RequestError(f"period: {text} has no month {month}; months are 01 to 12; a year is 2024/25")
        return Period(Month(year, int(month)), Month(year, int(month)))

    def part(first: Month) -> Period:
        whole = Period(first, first.shift(11))
        return whole.each_quarter[int(quarter) - 1] if quarter else whole

    financial = f"{year}/{(year + 1) % 100:02d}"
    if not next_year:
        of, right = ("quarter", f"{financial} Q{quarter}") if quarter else ("year", financial)
        either = f"{text!r} may mean a calendar or a financial {of}"
        raise RequestError(f"period: {either}; write {part(Month(year, 1))} or {right}")
    if f"{year}/{next_year}" != financial:
        raise RequestError(f"period: {year}/{next_year} is not a financial year; write {financial}")
    return part(Month(year, 4))
