"""What is named as changed, how many of it falsely, and what stands apart or could not have been seen."""

from __future__ import annotations

import csv
import io
import json
import re
import runpy
from pathlib import Path

import made
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis import cli
from analysis.comparison import Screen, among_forces, compare, load_register, screen_tried, screened
from analysis.comparison.among_forces import FALSE, TAILS
from analysis.comparison.counts import total
from analysis.errors import RequestError
from analysis.report import front
from analysis.terms import areas, offences
from analysis.terms.periods import Period

DATA = Path(__file__).parents[2] / "data"
RELEASE = load_register().release("2026-04-23")


@pytest.fixture(scope="module")
def found() -> Screen:
    return screened(RELEASE)


def test_every_reviewed_offence_of_nation_regions_and_forces_is_read_where_it_may_be(found: Screen) -> None:
    rows = found.rows
    assert set(rows["family"]) == {"nation", "forces"}
    assert set(rows["kind"]) == {"nation", "region", "country", "force"}
    assert "stalking-and-harassment" in found.unread  # what is counted changed
    assert (rows[["current", "baseline"]] >= 50).all(axis=None)
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["unread"] == list(found.unread)


def test_of_offences_that_hold_each_other_one_is_tested(found: Screen) -> None:
    of_kent = set(found.rows[found.rows["area"] == "Kent"]["offence"])
    assert "burglary" in of_kent
    assert "residential-burglary" not in of_kent


def test_what_is_named_holds_the_rate_of_false_names(found: Screen) -> None:
    for _, family in found.rows[~found.rows["apart"]].groupby("family"):
        named = family[family["named"] != ""]
        assert (named["q"] <= FALSE).all()
        assert (family[family["named"] == ""]["q"] > FALSE).all()
        assert family["q"].tolist() == pytest.approx(stats.false_discovery_control(family["p"]).tolist())
        assert ((family["percent"] >= family["seen_from"]) == (family["named"] == "more")).all()


def test_what_would_be_named_is_asked_of_one_change_beside_the_others_as_they_are() -> None:
    p = np.random.default_rng(3).beta(0.3, 1, 40)
    for at, largest in enumerate(among_forces.just_named(p)):
        for times, named in ((1 - 1e-9, True), (1 + 1e-9, False)):
            moved = np.where(np.arange(len(p)) == at, largest * times, p)
            assert (stats.false_discovery_control(moved)[at] <= FALSE) == named


def test_what_is_named_of_2025(found: Screen) -> None:
    named = found.rows[found.rows["named"] != ""].set_index(["area", "offence"])["named"].to_dict()
    fewer = [
        ("England and Wales", "burglary"),
        ("England and Wales", "vehicle-offences"),
        ("South East", "vehicle-offences"),
    ]
    assert named == dict.fromkeys(fewer, "fewer") | {("Cambridgeshire", "92A"): "more"}


@pytest.mark.slow
def test_where_nothing_changed_next_to_nothing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(7)
    table = made.published()
    table.loc[:, :] = random.poisson(200, table.shape)
    made.stand_in(monkeypatch, table)
    rows = among_forces.screened(RELEASE).rows  # each offence has the same figures
    assert rows[rows["named"] != ""]["area"].nunique() <= 1


@pytest.mark.slow
def test_a_change_whose_recording_may_have_stepped_stands_apart(found: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(among_forces, "STEPS", {"provisional"})  # which each of them has
    rows = among_forces._screened.__wrapped__(RELEASE, found.current, found.baseline).rows  # kept for nobody else
    assert rows["apart"].all()
    assert (rows["named"] == "").all()
    assert rows["q"].isna().all()


@pytest.mark.parametrize("family", ["nation", "forces"])
def test_changes_in_years_kept_out_have_the_tails_that_are_taken_of_their_family(family: str) -> None:
    seen = screen_tried().query("what == 'tails'")
    freedom, scale = TAILS[family]
    taken = dict(zip(seen["at"], 200 * stats.t.sf(seen["at"] / scale, freedom), strict=True))
    assert (seen[f"{family}_of"] > 2000).all()
    near = seen[seen["at"] < 4]  # beyond, so few lie that their share says little
    assert [taken[at] for at in near["at"]] == pytest.approx(near[family].tolist(), rel=0.3)


@pytest.mark.slow
def test_the_table_is_what_the_script_makes_now() -> None:
    made = pd.read_csv(io.StringIO(runpy.run_path(str(DATA / "screen.py"))["table"](RELEASE)))
    pd.testing.assert_frame_equal(made, screen_tried(), rtol=0, atol=0.1)


@pytest.mark.slow
def test_forces_left_the_others_course_where_the_script_finds_it_now_and_each_step_of_the_nation_is_known() -> None:
    script = runpy.run_path(str(DATA / "steps.py"))
    held = [*csv.reader((DATA / "raw" / "force-departs.csv").read_text(encoding="utf-8").splitlines())]
    for code in ("88A", "92A", "arson"):
        made = sorted(list(map(str, row)) for row in script["departures"](offences.find(code), RELEASE))
        assert made == [row for row in held if row[0] == code]
    reviewed = [each for each in offences.known().values() if each.reviewed and RELEASE.holds(each.code)]
    assert [step for each in reviewed for step in script["steps"](each, RELEASE)] == []


def test_what_would_be_named_grows_with_the_change_and_the_offences_and_is_told() -> None:
    power = screen_tried().query("what != 'tails'").sort_values("at")
    for _, each in power.groupby("what"):
        assert each["forces"].is_monotonic_increasing
        assert each["nation"].is_monotonic_increasing
    told = front.changes_seen().text
    assert "Nation and regions" in told
    assert f"{power['nation'].max():.1f}" in told


def test_the_front_page_lists_the_first_changes_that_are_named(found: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = compare("England and Wales", release=RELEASE.id)
    assert front.changed(asked).text.startswith(front.changes_text(found).replace("\n", "\n- "))
    monkeypatch.setattr(front, "MOST_LISTED", 2)
    assert front.changed(asked).text.count("\n- ") == 2


def test_the_page_of_changes_says_first_which_there_are_with_both_periods_and_the_release(found: Screen) -> None:
    shown = front.changes_by_offence(compare("England and Wales", release=RELEASE.id))
    assert shown.text.startswith(front.changes_text(found).replace("\n", "\n- "))
    assert "January to December 2025 against January to December 2024, release of 23 April 2026" in shown.caption
    assert shown.name == ""  # data/changes.csv
    assert "offence" in shown.frame
    assert "</a>, <a" not in re.sub(
        r"<span>.*?</span>", "", shown.html
    )  # a card on a phone takes a cell's links as one


@pytest.mark.slow
def test_what_is_named_keeps_its_change_a_year_later() -> None:
    shares = []
    for year in (2020, 2021, 2022):  # in later ones next to nothing is named, in 2019 nothing
        now = Period.parse(f"{year}-01..{year}-12")
        for row in screened(RELEASE, now).rows.query("kind == 'force' and named != ''").itertuples():
            later = total(str(row.offence), RELEASE, areas.find_area(row.area), now.shift(12))
            shares.append(np.log(later / row.baseline) / np.log(row.current / row.baseline))
    assert len(shares) > 150
    assert np.median(shares) > 0.8


def test_one_area_or_all_of_a_kind_may_be_asked_for(found: Screen, capsys: pytest.CaptureFixture[str]) -> None:
    assert set(found.of("kent police").rows["area"]) == {"Kent"}
    assert set(found.of("region").rows["kind"]) == {"region"}
    with pytest.raises(RequestError, match=r"area: nothing of Leeds is screened in .*; give a force, a region"):
        found.of("Leeds")
    assert cli.main(["changes", "--area", "Cambridgeshire"]) == 0
    told = capsys.readouterr().out
    assert "Cambridgeshire, Drug trafficking: 1,465 against 447, 228% more" in told
    assert "January to December 2025 against January to December 2024, as released on 23 April 2026: of " in told
    assert cli.main(["changes", "--area", "Kent"]) == 0
    assert "stand apart" not in capsys.readouterr().out  # none does


def test_the_areas_are_those_of_the_register(found: Screen) -> None:
    assert all(areas.find_area(name).name == name for name in found.rows["area"].unique())
