"""Which figures the noise is measured on, whose noise stands in, and what the range for next year is worked out from."""

from __future__ import annotations

import made
import numpy as np
import pytest
from scipy import optimize, stats

from analysis import statistics
from analysis.comparison import Release, compare, count, load_register, noise_of
from analysis.comparison.change import common
from analysis.comparison.counts import APART, measured, part
from analysis.terms import areas, offences
from analysis.terms.periods import Period

NEWEST = "2026-04-23"
QUARTERS = 55  # from April 2012 to December 2025


@pytest.fixture
def release() -> Release:
    return load_register().release(NEWEST)


def regimes(release: Release) -> list[int]:
    series, found = measured(offences.find("88A"), release)
    assert series.shape == (QUARTERS, 44)
    assert len(found) == QUARTERS
    return found.tolist()


def test_noise_is_measured_on_the_newest_definition_once_its_launch_is_over(release: Release) -> None:
    # 24 quarters to March 2018: the earlier definition and the year in which the present one came into use
    found = regimes(release)
    assert found[:24] == [-1] * 24
    assert len(set(found[24:])) == 1
    assert found[24] >= 0


def test_a_quarter_that_a_break_cuts_is_left_out_and_a_short_newest_definition_is_joined_by_the_older_ones(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.know(monkeypatch, made.entry("2023-05-15", "88A"))
    found = regimes(release)
    cut = 11 * 4  # April to June 2023
    assert found[cut] == -1
    assert len(set(found[:cut])) == len(set(found[cut + 1 :])) == 1
    assert min(found[0], found[-1]) >= 0
    assert found[0] != found[-1]
    monkeypatch.undo()
    made.know(monkeypatch, made.entry("2015-05-15", "88A"))
    assert set(regimes(release)[: 3 * 4 + 1]) == {-1}  # since, it has stood for ten years


@pytest.mark.parametrize(("day", "is_alone"), [("2021-01-01", True), ("2021-04-01", False)])
def test_the_newest_definition_is_measured_alone_once_it_has_stood_for_five_years(
    day: str, is_alone: bool, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.know(monkeypatch, made.entry(day, "88A"))
    assert (regimes(release)[0] == -1) is is_alone


def test_the_quarters_of_a_launch_are_left_out(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    made.know(monkeypatch, made.entry("2023-04-01", "88A", launch="2023-04..2023-09"))
    found = regimes(release)
    assert found[44:46] == [-1, -1]
    assert found[43] >= 0
    assert found[46] >= 0


def test_quarters_before_an_offence_began_are_left_out(release: Release) -> None:
    offence = offences.find("8Q")
    _, found = measured(offence, release)
    span = release.span(offence.code)
    first = (span.first.ordinal - release.covers.first.ordinal) // 3
    assert first > 0
    assert set(found[:first].tolist()) == {-1}


def test_noise_of_few_offences_is_that_of_their_group(release: Release) -> None:
    rare = offences.find("28I")
    counts, same = measured(rare, release)
    assert statistics.fit_noise(counts, regimes=same, apart=APART) is None
    assert rare.group is not None
    assert noise_of(rare, release) == noise_of(offences.find(rare.group), release)
    assert noise_of(rare, release) is not None


def test_a_count_over_a_year_has_the_noise_of_a_year(release: Release) -> None:
    grooming = offences.find("88A")
    assert noise_of(grooming, release, 12) == noise_of(grooming, release, 4) == noise_of(grooming, release)
    assert noise_of(grooming, release, 1) != noise_of(grooming, release)


@pytest.mark.parametrize(("forces", "is_of_all"), [(22, False), (23, True)])
def test_of_more_than_half_of_all_forces_nothing_moves_beside_the_others(
    forces: int, is_of_all: bool, release: Release
) -> None:
    noise = noise_of(offences.find("burglary"), release, of=areas.NAMES[:forces])
    assert noise is not None
    assert (noise.together == 1) is is_of_all


def test_a_release_of_one_year_knows_no_noise() -> None:
    older = load_register().release("before-2019-08")
    assert noise_of(offences.find("88A"), older) is None
    result = compare("Kent", period="2017/18 Q4", baseline="2017/18 Q3", release=older.id)
    assert result.ratio.low is not None
    assert result.ratio.low_wide is None
    assert result.current.rate is not None
    assert not result.current.rate.is_measured


@pytest.mark.parametrize("offence", ["88A", "burglary"])
def test_the_usual_variation_of_a_year_as_plain_numpy_works_it_out(offence: str, release: Release) -> None:
    table, regimes = measured(offences.find(offence), release)
    forces = [place for place in range(44) if place not in APART]
    table = table[:, forces]
    year = np.array([table[i : i + 4].sum(axis=0) if len(set(regimes[i : i + 4])) == 1 and regimes[i] >= 0 else table[0] * np.nan
                     for i in range(len(table) - 3)])  # fmt: skip
    rows = []
    for years in range(1, 6):
        for then, now, one, other in zip(year, year[4 * years :], regimes, regimes[4 * years :], strict=False):
            if one == other:
                move = np.log(now / then) - np.log((now.sum() - now) / (then.sum() - then))
                rows += [(m**2, 1 / a + 1 / b, 1.0, years, f) for f, (m, a, b) in enumerate(zip(move, now, then, strict=True)) if min(a, b) >= 2]  # fmt: skip
    squares, parts, whose = np.array(rows)[:, 0], np.array(rows)[:, 1:4], np.array(rows)[:, 4].astype(int)
    found = optimize.nnls(parts, squares)[0]
    for _ in range(25):
        fitted = parts @ found
        found = optimize.nnls(parts / fitted[:, None], squares * 5 / (4 + squares / fitted) / fitted)[0]
    drawn = np.minimum(squares / (parts @ found), 9)
    groups = [(drawn[whose == f].sum() / 12 / drawn.mean() + 20) / ((whose == f).sum() / 12 + 20) for f in range(42)]
    wide = np.quantile(squares / (parts @ found) / np.array(groups)[whose], 0.95) / stats.norm.ppf(0.975) ** 2
    noise = noise_of(offences.find(offence), release, of=[areas.NAMES[place] for place in forces])
    assert noise is not None
    expected = np.maximum(found * wide, [1, 0, 0])
    assert (noise.c, noise.passing, noise.lasting) == pytest.approx(expected.tolist(), rel=0.01, abs=1e-5)
    assert noise.groups == pytest.approx(groups, rel=0.01)


# Next year


@pytest.mark.parametrize("area", ["Kent", "England and Wales"])
def test_next_year_is_this_one_by_the_noise_of_both_and_the_movement_of_all(area: str, release: Release) -> None:
    grooming = offences.find("88A")
    result = compare(area, period="2024/25", baseline="2018/19", release=NEWEST)
    counts, same = measured(grooming, release)
    noise, movement = noise_of(grooming, release), statistics.movement(counts, regimes=same, apart=APART)
    assert noise is not None
    assert movement is not None
    assert result.next_year is not None
    figures = part("88A", release, result.area, result.current.period).sum(axis=0)
    own = noise.of(areas.PLACES[name] for name in result.area.names)
    factor = np.exp(1.959964 * np.sqrt(own.change(figures, figures) + movement))
    assert result.next_year == pytest.approx((figures.sum() / factor, figures.sum() * factor), rel=1e-6)


@pytest.mark.parametrize(
    "asked",
    [
        {"period": "2024-01..2025-03"},  # over twelve months
        {"period": "2015/16"},  # what is counted changed since
        {"period": "2016-10..2017-09"},  # and within
        {"period": "2024/25", "offence": "23"},  # nobody reviewed it
        {"period": "2017/18", "release": "before-2019-08"},  # of one year there is no noise
    ],
    ids=lambda asked: " ".join(asked.values()),
)
def test_next_year_is_not_always_foreseen(asked: dict[str, str]) -> None:
    assert compare("Kent", **({"release": NEWEST} | asked)).next_year is None


@pytest.mark.parametrize(("count", "is_foreseen"), [(None, False), (0, False), (13, False), (14, True)])
def test_next_year_is_foreseen_from_fifty_on_and_not_of_a_figure_missing(
    count: int | None, is_foreseen: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = made.published()
    table.loc["2024Q1":"2024Q4", "Kent"] = [count, count and 12, count and 12, count and 12]
    made.stand_in(monkeypatch, table)
    assert (compare("Kent", period="2023/24", release=NEWEST).next_year is not None) is is_foreseen
    assert compare("Essex", period="2023/24", release=NEWEST).next_year is not None


# How common a change is


def test_of_forces_of_its_size_a_share_changed_by_as_much_and_most_such_changes_were_kept() -> None:
    found = compare("Kent", offence="burglary", release=NEWEST).change
    assert found is not None
    assert found.common is not None
    assert found.common.of == "forces"
    assert 0 < found.common.share < 0.2  # a fall of 18%
    assert found.common.kept is not None
    assert found.common.kept > 0.8


def test_how_common_is_what_it_says_of_the_years_of_forces(release: Release) -> None:
    burglary = offences.find("burglary")
    shares = []
    for year in (2016, 2017, 2018, 2024):
        now = Period.parse(f"{year}-01..{year}-12")
        for force in areas.FORCES:
            if not force.no_rate:
                both = (count(areas.Area.of(force), burglary, release, each) for each in (now, now.shift(-12)))
                found = common(*both)
                assert found is not None
                shares.append(found.share)
    assert np.mean(np.array(shares) <= 0.25) == pytest.approx(0.25, abs=0.12)
    assert np.mean(np.array(shares) <= 0.5) == pytest.approx(0.5, abs=0.15)


def test_of_a_wider_area_it_is_how_many_of_its_own_years_changed_by_as_much() -> None:
    found = compare("England and Wales", offence="burglary", release=NEWEST).change
    assert found is not None
    assert found.common is not None
    assert (found.common.of, found.common.kept) == ("years", None)
    assert found.common.share == pytest.approx(2 / 33)  # its own among them


def test_nothing_is_said_of_how_common_a_change_is_where_too_few_were_seen() -> None:
    found = compare("Kent", period="2022/23", baseline="2018/19", release="2023-10-19", offence="8Q").change
    assert found is None or found.common is None
