"""What is said of changes by usual variation: of one force, of all together, and of the whole."""

from __future__ import annotations

from collections import Counter

import made
import pandas as pd
import pytest

from analysis.comparison import Comparison, compare, poor_years
from analysis.report import sentences, tables
from analysis.terms import areas, numbers

NEWEST = "2026-04-23"
READABLE = [force.name for force in areas.FORCES if not force.no_rate]


def of(area: str, period: str = "2024/25", baseline: str = "2018/19", offence: str = "88A") -> Comparison:
    return compare(area, period=period, baseline=baseline, offence=offence, release=NEWEST)


def test_a_change_is_told_or_not_in_words_with_all_that_fits() -> None:
    kent, national = (sentences.change_sentence(of(area)) for area in ("Kent", "England and Wales"))
    assert kent.startswith("116 more were recorded (67%). ")
    assert sentences.change_sentence(of("Kent", "2025-01..2025-12", "2024-01..2024-12", "homicide")).startswith(
        "1 fewer was recorded. "
    )
    assert "Over 6 years two in ten forces change by as much." in kent
    assert "anything from 8% to 37% more fits" in national
    unsure = sentences.change_sentence(of("Kent", "2019/20"))
    assert "In a year " in unsure
    assert "would have stood out" in unsure


def test_of_a_change_on_which_an_event_weighs_it_is_not_said_that_nothing_was_measured() -> None:
    said = sentences.change_sentence(of("Northumbria", "2025-01..2025-12", "2024-01..2024-12", "58J"))
    assert "An event weighs on the figures" in said
    assert "has not been measured" not in said


def test_a_percentage_without_an_event_stands_beside_the_counts_that_it_is_of() -> None:
    arena = of("Greater Manchester", "2017/18", "2016/17", "homicide")  # 22 of 81 were those of the Arena
    said = sentences.change_sentence(arena)
    assert said.startswith("27 more were recorded. Without those of known events it is 59 against 54, 9% more. ")
    assert arena.change
    assert arena.change.detectable
    assert f"rise of {round(100 * arena.change.detectable.more / 54)}% or more" in said
    turned = of("Greater Manchester", "2016/17", "2017/18", "homicide")
    assert turned.change
    assert turned.change.detectable
    assert f"rise of {round(100 * turned.change.detectable.more / 59)}% or more" in sentences.change_sentence(turned)
    table = tables.offences(arena).text
    assert "+27" in table
    assert "+27 (" not in table


def test_what_is_usual_is_said_of_as_many_years_as_lie_between() -> None:
    said = sentences.change_sentence(of("London", "2024/25", "2014/15", "homicide"))
    assert "Such figures vary by as much over 10 years." in said
    year = compare("Bristol", offence="burglary", period="YE December 2024", baseline="YE December 2023")
    assert "Such figures vary by as much from one year to the next." in sentences.change_sentence(year)


def test_poor_years_stand_beside_each_range_that_they_concern() -> None:
    newest = {"period": "2025-01..2025-12", "baseline": "2024-01..2024-12"}
    theft, burglary, trespass = (of("Kent", offence=each, **newest) for each in ("39", "burglary", "92A"))
    poor = sentences.poor_years_sentence(theft)
    assert theft.to_dict()["change"]["poor_years"] == poor_years(theft.offence)
    for text in (sentences.report(theft), sentences.summary(theft).text):
        assert poor in text
    assert burglary.to_dict()["change"]["poor_years"] == {}
    assert "in 100 in 2025" in sentences.among_forces(trespass).text
    assert sentences.poor_years_sentence(of("Kent")) == ""
    assert of("England and Wales", offence="39", **newest).to_dict()["change"]["poor_years"] == {}
    for area in ("Leeds", "Kent+Sussex", "England and Wales"):  # what was tried are ranges of forces
        wide = compare(area, offence="burglary")
        assert {sentences.poor_years_words(wide, what) for what in ("change", "settling")} == {""}


def test_all_forces_together_are_read_with_how_many_would_stand_out_by_usual_variation() -> None:
    asked = of("England and Wales")
    said = tables.all_forces(asked).text
    assert said.startswith(
        "Forces whose change can be read: 35. By the rule of each one’s own page 2 rose and 1 fell by more than is "
        "usual; if none had changed, about 2 would stand out by usual variation."
    )
    own = [compare(name, period="2024/25", baseline="2018/19", release=NEWEST).change for name in READABLE]
    assert Counter(each.reading for each in own if each) == {"within-usual": 32, None: 7, "more": 2, "fewer": 1}
    unlike = tables.all_forces(of("England and Wales", "2017/18", "2016/17")).text
    assert unlike.startswith("Of no force can the change between the two periods be read")
    robbed = of("England and Wales", "2025-01..2025-12", "2024-01..2024-12", "robbery")
    assert tables.all_forces(robbed).text.startswith(
        "Of one force alone can the change between the two periods be read"
    )
    assert sentences.instead_sentence(robbed).startswith(
        "England and Wales, robberies of personal property: January to "
    )


def test_what_moved_the_whole_is_named() -> None:
    assert tables.contributions(of("England and Wales")).text == (
        "All together recorded 1,261 more (95% range with usual variation: 462 more to 2,161 more). "
        "Forces that rose: 30, by 1,740 in all; that fell: 13, by 479. 662 of the net change is from Essex, "
        "Metropolitan Police, South Wales and West Midlands."
    )
    fell = tables.contributions(of("England and Wales", offence="burglary")).text
    assert " fewer (95% range with usual variation: " in fell
    assert "−" not in fell
    assert tables.contributions(of("Kent")).text == ""
    assert "may not be compared" in tables.contributions(of("Wales", "2017/18", "2016/17")).text


@pytest.mark.parametrize(
    ("kent", "essex", "said"),
    [
        (90, 110, ""),  # as many as before
        (100, 101, "rose: 1, by 1 in all; that fell: 0, by 0. 1 of the net change is from Essex."),
        (
            110,
            110,
            "rose: 2, by 20 in all; that fell: 0, by 0. 10 of the net change is from Essex.",
        ),  # one is half of it
        (70, 110, "rose: 1, by 10 in all; that fell: 1, by 30. 30 of the net change is from Kent."),
    ],
)
def test_no_more_forces_are_named_than_make_up_half_of_the_net_change(
    kent: int, essex: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = made.published()
    table.loc[:, :] = 100
    table.loc[pd.Period("2025Q1", "Q-MAR"), ["Kent", "Essex"]] = [kent, essex]
    made.stand_in(monkeypatch, table)
    told = tables.contributions(of("England and Wales", "2024/25", "2023/24")).text
    assert said in told if said else not told


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((-10, 12), "10% fewer to 12% more"),
        ((10, 30), "10% to 30% more"),
        ((-50, -20), "20% to 50% fewer"),
    ],
)
def test_a_range_is_said_with_the_smaller_change_first(ends: tuple[float, float], said: str) -> None:
    assert sentences.range_words(*ends) == said


def test_places_are_said_as_one_or_as_a_range() -> None:
    assert (numbers.places(3, 3), numbers.places(26, 39)) == ("3", "26 to 39")
    assert numbers.places(float("nan"), float("nan")) == "[x]"
