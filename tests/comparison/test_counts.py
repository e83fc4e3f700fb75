"""What was counted, and everything that must be known of the number."""

from __future__ import annotations

import made
import pytest

from analysis.comparison import Count, count, counts
from analysis.figures.register import load_register
from analysis.terms import areas, offences
from analysis.terms.periods import Period

NEWEST = "2026-04-23"


def of(period: str, area: str = "Kent", offence: str = "88A", release: str = NEWEST) -> Count:
    held = load_register().release(release)
    return count(areas.find_area(area), offences.find(offence), held, Period.parse(period))


@pytest.mark.parametrize(
    ("period", "offence", "definition", "marks"),
    [
        ("2015/16", "88A", "earlier", ("u",)),
        ("2016/17", "88A", "earlier", ("u",)),
        ("2017/18", "88A", "present", ()),
        ("2016-04..2018-03", "88A", "two", ("b",)),
        ("2024/25", "88A", "present", ("p",)),
        ("2022/23", "sexual-offences", "earlier", ("r",)),
        ("2023/24", "sexual-offences", "two", ("b",)),  # 31 January 2024 lies inside its last quarter
        ("2023/24 Q4", "sexual-offences", "two", ("b",)),
        ("2024/25 Q1", "sexual-offences", "present", ()),
    ],
)
def test_a_count_knows_its_definition_and_its_marks(
    period: str, offence: str, definition: str, marks: tuple[str, ...]
) -> None:
    found = of(period, offence=offence)
    assert (found.definition, found.marks) == (definition, marks)


def test_a_release_that_lacks_a_real_quarter_says_so() -> None:
    found = of("2018/19", area="North Yorkshire", release="2019-outcomes")
    assert (found.offences, found.per_month, found.rate, found.others) == (None, None, None, ())
    assert found.not_supplied == ("North Yorkshire, 2018/19 Q1", "North Yorkshire, 2018/19 Q3")
    assert of("2018/19 Q2", area="North Yorkshire", release="2019-outcomes").not_supplied == ()


def test_neither_a_partial_release_nor_another_table_makes_a_figure_revised() -> None:
    # before-2019-08 gives Northamptonshire 15, 9, 9, 9 in 2017/18, the full releases 14, 10, 8, 10.
    assert of("2017/18", area="Northamptonshire").others == ()
    ((release, number),) = of("2021/22 Q4", area="Northamptonshire").others
    assert (release.id, number) == ("2023-10-19", 16)


def test_a_code_that_is_no_longer_counted_has_no_figure_whatever_trails_after_it() -> None:
    found = of("2023/24", area="England and Wales", offence="28E")  # 2,008 late records stand in the table
    assert (found.offences, found.not_counted, found.not_supplied) == (None, True, ())
    assert found.no_rate == "code 28E was not counted throughout April 2023 to March 2024"
    assert of("2022/23", area="England and Wales", offence="28E").offences == 148_916


# Rates


@pytest.mark.parametrize(
    ("offence", "words"),
    [("88A", "children aged 0 to 17, mid-2024"), ("sexual-offences", "residents of all ages, mid-2024"), ("46", None)],
)
def test_a_rate_is_of_those_whom_the_offence_is_committed_against(offence: str, words: str | None) -> None:
    rate = of("2024/25", offence=offence).rate
    assert (rate and rate.residents.words) == words


def test_national_rates_are_of_43_forces_and_counts_of_44(monkeypatch: pytest.MonkeyPatch) -> None:
    table = made.published()
    table.loc[:, :] = 100
    made.stand_in(monkeypatch, table)
    found = of("2022/23", area="England and Wales")
    assert found.offences == 44 * 400
    assert found.rate is not None
    assert found.rate.offences == 43 * 400
    assert found.rate.value == pytest.approx(43 * 400 / 12_506_535 * 10_000)


def test_a_rate_is_a_year_for_ten_thousand_whatever_the_period(monkeypatch: pytest.MonkeyPatch) -> None:
    table = made.published()
    table.loc[:, :] = 100
    made.stand_in(monkeypatch, table)
    year, quarter = of("2022/23").rate, of("2022/23 Q2").rate
    assert year is not None
    assert quarter is not None
    assert (year.offences, quarter.offences) == (400, 100)
    assert quarter.value == pytest.approx(year.value)
    assert quarter.high - quarter.low > year.high - year.low


def test_nothing_recorded_is_a_rate_of_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    table = made.published()
    table.loc[:, "Kent"] = 0
    made.stand_in(monkeypatch, table)
    rate = of("2022/23").rate
    assert rate is not None
    assert (rate.value, rate.low) == (0, 0)
    assert rate.high > 0


def test_rates_of_forces_are_of_the_42_that_have_one_to_be_read() -> None:
    found = counts.rates(offences.find("88A"), load_register().release(NEWEST), Period.parse("2024/25"))
    assert list(found) == [force.name for force in areas.FORCES if not force.no_rate]
    assert len(found) == 42
    assert found["Kent"] == of("2024/25").rate


# What a release does not hold is never counted in part


def test_nothing_is_added_up_of_months_that_the_release_does_not_hold() -> None:
    kent, release = areas.find_area("Kent"), load_register().release("before-2019-08")
    for period in ("2016/17", "2017-10..2018-09", "2011/12"):  # as a slice, the first would count from the end
        with pytest.raises(AssertionError, match="before-2019-08 does not hold"):
            counts.total("88A", release, kent, Period.parse(period))


@pytest.mark.parametrize(
    ("offence", "release", "day"),
    [
        ("public-order-offences", "2023-10-19", "2023-05-15"),  # the release ends in the next month
        ("unlawful-driving-deaths", NEWEST, "2012-12-03"),  # and begins two quarters before
        ("stalking-and-harassment", "before-2019-08", "2015-04-01"),  # and begins two years after
    ],
)
def test_a_break_near_the_ends_of_a_release_is_one_where_its_share_cannot_be_seen(
    offence: str, release: str, day: str
) -> None:
    found = counts.breaks_of(offences.find(offence), areas.find_area("Kent"), load_register().release(release))
    assert day in {str(effect.change.day) for effect in found}


@pytest.mark.parametrize(("day", "is_one"), [("2025-12-01", True), ("2026-01-01", False)])
def test_what_begins_after_a_release_is_no_break_of_it(day: str, is_one: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    made.know(monkeypatch, made.entry(day, "88A"))
    found = counts.breaks_of(offences.find("88A"), areas.find_area("Kent"), load_register().release(NEWEST))
    assert bool(found) is is_one


@pytest.mark.parametrize(("releases", "is_one"), [([], True), ([NEWEST], True), (["2023-10-19"], False)])
def test_an_entry_of_some_releases_is_no_break_of_another(
    releases: list[str], is_one: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.know(monkeypatch, made.entry("2019-04-01", "88A", releases=releases))
    found = counts.breaks_of(offences.find("88A"), areas.find_area("Kent"), load_register().release(NEWEST))
    assert bool(found) is is_one


def test_little_of_a_union_is_no_break_of_its_series() -> None:
    # Trafficking for sexual exploitation left all sexual offences in April 2015, when it was 0.3% of them.
    area, release = areas.ENGLAND_AND_WALES, load_register().release(NEWEST)
    (effect,) = (
        e
        for e in counts.effects_of(offences.find("sexual-offences"), area, release)
        if e.change.id == "trafficking-2015"
    )
    assert effect.forbids
    assert counts.share(effect, area, offences.find("sexual-offences"), release) < 0.01
    breaks = counts.breaks_of(offences.find("sexual-offences"), area, release)
    assert [each.change.id for each in breaks] == ["grooming-2017", "intimate-images-2024"]
