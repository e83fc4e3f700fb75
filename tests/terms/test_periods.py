from __future__ import annotations

import calendar
import re
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import RequestError
from analysis.terms.periods import YEARS, Month, Period, financial_year, financial_year_of, quarter_label

months = st.builds(Month, st.integers(*YEARS), st.integers(1, 12))
periods = st.lists(months, min_size=2, max_size=2).map(lambda ends: Period(min(ends), max(ends)))
# Short periods near one date, so that every way of cutting a quarter comes up.
short = st.tuples(st.builds(Month, st.integers(2012, 2026), st.integers(1, 12)), st.integers(0, 30)).map(
    lambda ends: Period(ends[0], ends[0].shift(ends[1]))
)
whole = st.tuples(st.integers(2012, 2025), st.integers(0, 3), st.integers(0, 20)).map(
    lambda at: Period(Month(at[0], 4).shift(3 * at[1]), Month(at[0], 4).shift(3 * at[1] + 3 * at[2] + 2))
)


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("2017-04..2017-12", "2017-04..2017-12"),
        ("2017-04 .. 2017-12", "2017-04..2017-12"),
        ("2017-04", "2017-04..2017-04"),
        ("2017/18", "2017-04..2018-03"),
        ("1999/00", "1999-04..2000-03"),
        ("2016/17..2017/18", "2016-04..2018-03"),
        ("2017/18 Q1", "2017-04..2017-06"),
        ("2017/18 Q4", "2018-01..2018-03"),
        ("2017/18 q1..q3", "2017-04..2017-12"),
        ("2017/18 Q3..2018/19 Q2", "2017-10..2018-09"),
        ("year ending June 2017", "2016-07..2017-06"),
        ("YE June 2025", "2024-07..2025-06"),
        ("April to December 2017", "2017-04..2017-12"),
        ("April 2024 to March 2025", "2024-04..2025-03"),
        ("march 2024", "2024-03..2024-03"),
        ("Y/E Mar 2024", "2023-04..2024-03"),
        ("the year to March 2025", "2024-04..2025-03"),
        ("Year ended in Dec 2025", "2025-01..2025-12"),
        ("  year\n ending   June 2017 ", "2016-07..2017-06"),
    ],
)
def test_every_form_means_months_and_is_printed_one_way(text: str, means: str) -> None:
    assert str(Period.parse(text)) == means


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2017Q2", "quarter; write 2017-04..2017-06 or 2017/18 Q2"),
        ("1999 q1", "quarter; write 1999-01..1999-03 or 1999/00 Q1"),
        ("Q4 2017", "quarter; write 2017-10..2017-12 or 2017/18 Q4"),
        ("2017", "year; write 2017-01..2017-12 or 2017/18"),
    ],
)
def test_what_may_be_calendar_or_financial_is_refused_with_both(text: str, says: str) -> None:
    with pytest.raises(RequestError) as caught:
        Period.parse(text)
    assert str(caught.value) == f"period: {text!r} may mean a calendar or a financial {says}"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2017-13", "no month 13"),
        ("2017-00..2017-03", "no month 00"),
        ("2017/19", "not a financial year; write 2017/18"),
        ("1999/01", "write 1999/00"),
        ("2017-12..2017-04", "ends before it begins"),
        ("2017/18 Q3..Q1", "ends before it begins"),
        ("2018/19..2017/18", "ends before it begins"),
        ("2018/19..Q3", "is not a period; write it as 2017-04..2017-12"),
        ("2017/18 Q5", "is not a period"),
        ("year ending Smarch 2017", "is not a period; write it as"),
        ("", "is not a period"),
        ("1066-10..1066-12", "leaves the years 1900 to 2099"),
        ("2099/00", "leaves the years"),
        ("9999/00", "leaves the years"),
        ("2024-25", "has no month 25; months are 01 to 12; a year is 2024/25"),
        ("0000-01..0000-03", "leaves the years"),
    ],
)
def test_what_is_no_period_is_refused_in_one_line(text: str, says: str) -> None:
    with pytest.raises(RequestError, match=re.escape(says)) as caught:
        Period.parse(text)
    assert str(caught.value).startswith("period: ")


@given(st.one_of(st.text(), st.from_regex(r"[0-9]{4}[-/ ]?[0-9Q]{0,3}( ?\.\. ?[0-9Q/-]{0,8})?", fullmatch=True)))
def test_any_text_is_a_period_that_prints_and_reads_back_or_an_error_of_one_line(text: str) -> None:
    try:
        period = Period.parse(text)
    except RequestError as error:
        message = str(error)
    else:
        assert Period.parse(str(period)) == period
        return
    assert message.startswith("period: ")
    assert len(message.splitlines()) == 1


@given(periods)
def test_what_is_printed_reads_back(period: Period) -> None:
    assert Period.parse(str(period)) == period


@given(st.integers(2000, 2098), st.integers(1, 4), st.integers(0, 2), st.integers(1, 4))
def test_financial_quarters_read_as_pandas_counts_them(year: int, first: int, more: int, last: int) -> None:
    def named(start: int, quarter: int) -> str:
        return f"{start}/{(start + 1) % 100:02d} Q{quarter}"

    if year + more >= YEARS[1] or (more == 0 and last < first):
        return
    period = Period.parse(f"{named(year, first)}..{named(year + more, last)}")
    ends = [pd.Period(f"{year + 1}Q{first}", "Q-MAR"), pd.Period(f"{year + more + 1}Q{last}", "Q-MAR")]
    assert [period.quarters[0], period.quarters[-1]] == ends
    assert Period.of_quarters(*ends) == period
    assert [quarter_label(quarter) for quarter in ends] == [named(year, first), named(year + more, last)]


@given(months)
def test_the_year_ending_in_a_month_has_twelve_months_and_ends_there(month: Month) -> None:
    if month.shift(-11).year < YEARS[0]:
        return
    period = Period.parse(f"year ending {month.words}")
    assert (period.months, period.last) == (12, month)


@given(periods)
def test_words_say_both_ends_and_only_what_is_needed(period: Period) -> None:
    names = list(calendar.month_name)
    match = re.fullmatch(r"([A-Z]\w+)(?: (\d+))?(?: to ([A-Z]\w+) (\d+))?", period.words)
    assert match is not None
    month, year, last_month, last_year = match.groups()
    first = Month(int(year or last_year), names.index(month))
    last = Month(int(last_year), names.index(last_month)) if last_month else first
    assert Period(first, last) == period
    assert (year is None) == (period.first.year == period.last.year and period.months > 1)


@given(periods)
def test_a_year_before_has_the_same_months_and_quarters(period: Period) -> None:
    before = period.year_before
    assert (before.first.month, before.last.month, before.months) == (
        period.first.month,
        period.last.month,
        period.months,
    )
    assert before.last.year == period.last.year - 1
    assert before.overlaps(period) == (period.months > 12)


@given(short, short)
def test_overlap_and_cover_are_those_of_sets_of_months(one: Period, other: Period) -> None:
    def held(period: Period) -> set[int]:
        return set(range(period.first.ordinal, period.last.ordinal + 1))

    assert one.months == len(held(one))
    assert one.overlaps(other) == bool(held(one) & held(other))
    assert one.covers(other) == (held(other) <= held(one))


@given(short)
def test_a_cut_quarter_is_an_error_that_names_the_whole_quarters_that_hold_it(period: Period) -> None:
    if not period.cuts_quarter:
        assert period.require_quarters() is period
        return
    with pytest.raises(RequestError, match=f"^period: {period} cuts a quarter") as caught:
        _ = period.quarters
    named = Period.parse(re.findall(r"\S+\.\.\S+", str(caught.value))[-1])
    assert named.covers(period)
    assert not named.cuts_quarter
    assert 0 < named.months - period.months < 5


@given(whole)
def test_whole_periods_are_their_quarters_one_after_the_other(period: Period) -> None:
    quarters = period.quarters
    assert quarters.dtype == "period[Q-MAR]"
    assert len(quarters) * 3 == period.months
    assert all(later - earlier == pd.offsets.QuarterEnd(startingMonth=3) for earlier, later in pairwise(quarters))
    assert Period.of_quarters(quarters[0], quarters[-1]) == period
    assert period.quarters_of_year == tuple(sorted(quarter.quarter for quarter in quarters))


@pytest.mark.parametrize(
    ("month", "year"),
    [((2025, 3), "2024-04..2025-03"), ((2025, 4), "2025-04..2026-03"), ((2025, 12), "2025-04..2026-03")],
)
def test_a_month_lies_in_its_financial_year(month: tuple[int, int], year: str) -> None:
    assert str(financial_year_of(Month(*month))) == year


def test_financial_years_are_printed_as_official_tables_print_them() -> None:
    assert [financial_year(pd.Period(q, "Q-MAR")) for q in ("2018Q1", "2018Q4", "2000Q1")] == [
        "2017/18",
        "2017/18",
        "1999/00",
    ]


def test_the_last_months_of_a_period() -> None:
    assert str(Period.parse("2012-04..2025-12").last_months(15)) == "2024-10..2025-12"
