"""Rates of residents by figures of one's own: taken where they are whole, refused in one line where they are not."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from analysis import RequestError, compare, load_residents

ASKED = {"period": "2024/25", "release": "2026-04-23"}


def of(**people: float | str) -> pd.DataFrame:
    return pd.DataFrame({"force": list(people), "residents": list(people.values())})


def test_a_rate_is_of_the_residents_given():
    comparison = compare("Kent", residents=of(kent=100_000), **ASKED)
    rate = comparison.current.rate
    assert rate.value == pytest.approx(289 / 10)
    assert rate.residents.words == "residents by the analyst's own figures"
    assert set(comparison.rates) == {"Kent"}
    assert [source.id for source in comparison.sources] == [comparison.release.id]


def test_with_the_official_figures_given_every_rate_is_as_it_was():
    official = load_residents().query("band == '0-17' and year == 2024")[["force", "residents"]]
    own, usual = (compare("Kent", residents=each, **ASKED) for each in (official, None))
    assert own.current.rate.value == usual.current.rate.value
    assert {name: rate.value for name, rate in own.rates.items() if name != "City of London"} == {
        name: rate.value for name, rate in usual.rates.items()
    }
    assert own.rates["City of London"].residents.people == 847  # whose workers one may count
    assert own.answer == usual.answer
    nation = compare("England and Wales", residents=official, **ASKED).current.rate
    assert nation.residents.people == official["residents"].sum()  # the railways have none


def test_british_transport_police_may_be_given_residents_and_an_area_needs_all_of_its_forces():
    assert compare("BTP", residents=of(BTP=1_000_000), **ASKED).current.rate.residents.people == 1_000_000
    count = compare("Kent+Surrey", residents=of(Kent=1), **ASKED).current
    assert (count.rate, count.no_rate) == (None, "the residents given leave out Kent and Surrey or a part of it")
    leeds = compare("Leeds", offence="burglary", residents=of(**{"West Yorkshire": 1_000_000})).current
    assert (leeds.rate, leeds.no_rate) == (None, "the residents given leave out Leeds or a part of it")


@pytest.mark.parametrize(
    ("residents", "said"),
    [
        (pd.DataFrame({"force": ["Kent"], "people": [1]}), "found columns force, people; give a table of force and residents"),
        (of(Narnia=1), "force: 'Narnia' is not known"),
        (of(Kent=1, kent=2), "Kent: found 2; give each force once"),
        *((of(Kent=wrong), f"Kent: found {wrong!r}; give each force once, with a whole number above 0") for wrong in (0, -5, 1.5, "many", "1,000", math.nan, math.inf)),
        ({"Kent": 1}, "found a mapping; give a table of force and residents"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_in_one_line(residents, said):
    with pytest.raises(RequestError, match=rf"^residents: {said}") as refused:
        compare("Kent", residents=residents, **ASKED)
    assert "\n" not in str(refused.value)
