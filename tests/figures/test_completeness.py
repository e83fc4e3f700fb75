"""What an added table lacks or cannot be, tried on the newest release with a quarter more."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from datetime import date
from pathlib import Path

import made
import numpy as np
import official
import pytest

from analysis.errors import RequestError
from analysis.figures import added, completeness
from analysis.figures.completeness import Sides
from analysis.figures.register import load_register
from analysis.figures.tables import Cells, Figures
from analysis.terms import areas
from analysis.terms.periods import Period

HELD = "2026-04-23"
KENT, WILTSHIRE = areas.NAMES.index("Kent"), areas.NAMES.index("Wiltshire")


@functools.cache
def newer() -> Figures:
    """Return the newest release with a quarter more, which repeats the same quarter of the year before."""
    release = load_register().release(HELD)
    cells = release.cells(release.codes)
    values = np.concatenate([cells.values, cells.values[:, :, -4:-3]], axis=2)
    covers = Period(cells.covers.first, cells.covers.last.shift(3))
    return Figures(Cells(cells.codes, covers, values), {}, ~np.isnan(values))


def changed(change: Callable[[np.ndarray], object]) -> Figures:
    """Return the same with other figures."""
    values = newer().cells.values.copy()
    change(values)
    return dataclasses.replace(newer(), cells=dataclasses.replace(newer().cells, values=values))


def only(codes: slice = slice(None), bodies: slice = slice(None), quarters: slice = slice(None)) -> Figures:
    """Return a part of the same."""
    cells, told = newer().cells, newer().told
    values, there = np.full_like(cells.values, np.nan), np.zeros_like(told)
    values[codes, bodies] = cells.values[codes, bodies]
    there[codes, bodies] = told[codes, bodies]
    span = cells.covers.quarters[quarters]
    part = Cells(cells.codes[codes], Period.of_quarters(span[0], span[-1]), values[codes][:, :, quarters])
    return dataclasses.replace(newer(), cells=part, told=there[codes][:, :, quarters])


def doubts(figures: Figures, held: str = HELD) -> str:
    return "; ".join(Sides(figures, load_register().release(held)).doubts())


def left_out(figures: Figures, held: str = HELD) -> list[str]:
    return Sides(figures, load_register().release(held)).left_out()


def test_a_release_with_a_quarter_more_lacks_nothing() -> None:
    assert (doubts(newer()), left_out(newer())) == ("", [])


def test_each_release_that_ships_stands_beside_the_other() -> None:
    for name, other in ((HELD, "2023-10-19"), ("2023-10-19", HELD)):
        release = load_register().release(name)
        cells = release.cells(release.codes)
        told = ~np.isnan(cells.values)
        told[:, :, 0] = True  # where Avon and Somerset has N/a
        figures = Figures(cells, {}, told)
        assert (doubts(figures, other), left_out(figures, other)) == ("", [])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda v: v.fill(0), "the figures add up to 0, where release 2026-04-23 has 64,602,727 in the same cells"),
        (lambda v: v.fill(-1), "the figures add up to -"),
        (lambda v: np.multiply(v, 10, out=v), "the figures add up to 646,027,270"),
        (lambda v: np.multiply(v[:, KENT], 10, out=v[:, KENT]), "the figures of Kent add up to"),
        (lambda v: np.multiply(v[:, :, 3], 10, out=v[:, :, 3]), "the figures in January to March 2013 add up to"),
        (lambda v: v[:, :, -1].fill(0), "the figures in January to March 2026 add up to 0, and a year before to 1,249"),
        (lambda v: v[:, :, -1].fill(-1), "the figures in January to March 2026 add up to -"),
        (lambda v: np.multiply(v[:, :, -1], 10, out=v[:, :, -1]), "the figures in January to March 2026 add up to 12,"),
        (lambda v: np.multiply(v[:, KENT, -1], 10, out=v[:, KENT, -1]), "the figures of Kent in January to March 2026"),
        (lambda v: v[:, KENT].fill(np.nan), "7,312 of 321,725 cells have no figure, where release 2026-04-23 has one"),
        (lambda v: v[:, :, -1].fill(np.nan), "6,336 of 6,336 rows after December 2025 have no figure"),
    ],
)
def test_figures_that_cannot_be_right_are_told(change: Callable[[np.ndarray], object], says: str) -> None:
    assert says in doubts(changed(change))


ALL, FORCE, NEWEST = np.s_[:], np.s_[:, KENT], np.s_[:, :, -1]
CODE = np.s_[newer().cells.codes.index("34B")]


@pytest.mark.parametrize(
    ("place", "low", "high", "says"),
    [
        (ALL, 0.981, 1.019, "the figures add up to"),
        (np.s_[:, :, 5], 0.981, 1.019, "the figures in July to September 2013 add up to"),
        (FORCE, 0.953, 1.049, "the figures of Kent add up to"),
        (CODE, 0.81, 1.24, "the figures of code 34B add up to"),
        (np.s_[:, WILTSHIRE, 5], 0.51, 1.99, "the figures of Wiltshire in July to September 2013 add up to"),
        (NEWEST, 0.72, 1.39, "the figures in January to March 2026 add up to"),
        (np.s_[:, KENT, -1], 0.26, 3.95, "the figures of Kent in January to March 2026 add up to"),
    ],
)  # fmt: skip
def test_each_limit_has_two_sides(place: object, low: float, high: float, says: str) -> None:
    def by(factor: float) -> str:
        def multiply(values: np.ndarray) -> None:
            values[place] = np.round(values[place] * factor)

        return doubts(changed(multiply))

    assert (by(low), by(high)) == ("", "")
    assert says in by(low * 0.95)
    assert says in by(high * 1.03)


@pytest.mark.parametrize(
    ("was", "now", "is_told"),
    [
        (50_000, 35_700, True),  # by 1.4
        (49_900, 35_500, False),
        (49_900, 69_900, False),
        (49_900, 70_100, True),
        (1000, 249, True),  # by 4
        (999, 200, False),
        (999, 4000, False),
        (999, 4001, True),
    ],
)
def test_a_new_quarter_is_compared_from_a_number_on(was: int, now: int, is_told: bool) -> None:
    def only_two(values: np.ndarray) -> None:
        values.fill(0)
        values[0, KENT, [-5, -1]] = was, now

    assert bool([*Sides(changed(only_two), load_register().release(HELD))._leaps()]) == is_told


@pytest.mark.parametrize(
    ("held", "low", "high"),
    [
        (50_000, 49_020, 51_000),
        (49_999, 40_000, 51_000),  # too few to have fallen by the narrow limits
        (1000, 800, 1250),
        (999, 500, 1250),
        (100, 50, 200),
        (99, 0, 200),
    ],
)
def test_the_fewer_are_added_up_the_wider_the_limits(held: int, low: int, high: int) -> None:
    def told(number: int) -> bool:
        sides = Sides(newer(), load_register().release(HELD))
        sides.both = tuple(np.full((1, 1, 1), float(each)) for each in (number, held))
        return bool(list(sides._changed()))

    assert [told(low), told(high), told(high + 1)] == [False, False, True]
    assert told(low - 1) or low == 0


@pytest.mark.parametrize(("share", "is_told"), [(0.0095, False), (0.0105, True)])
def test_cells_that_are_lost_are_told_from_one_in_a_hundred(share: float, is_told: bool) -> None:
    def lose(values: np.ndarray) -> None:
        held = np.argwhere(~np.isnan(values[:, :, :-1]))
        for place in held[: round(share * len(held))]:
            values[tuple(place)] = np.nan

    found = "; ".join(Sides(changed(lose), load_register().release(HELD))._lost())
    assert ("cells have no figure, where release 2026-04-23 has one" in found) == is_told


@pytest.mark.parametrize(("share", "is_told"), [(0.099, False), (0.101, True)])
def test_rows_without_a_figure_in_a_new_quarter_are_told_from_one_in_ten(share: float, is_told: bool) -> None:
    def blank(values: np.ndarray) -> None:
        rows = np.argwhere(newer().told[:, :, -1])
        for code, force in rows[: round(share * len(rows))]:
            values[code, force, -1] = np.nan

    found = "; ".join(Sides(changed(blank), load_register().release(HELD))._lost())
    assert ("rows after December 2025 have no figure" in found) == is_told


@pytest.mark.parametrize(("forces", "is_told"), [(22, False), (21, True)])
def test_a_quarter_of_fewer_than_half_the_rows_is_told(forces: int, is_told: bool) -> None:
    told = newer().told.copy()
    told[:, forces:, -1] = False
    found = "; ".join(Sides(dataclasses.replace(newer(), told=told), load_register().release(HELD))._uneven())
    assert ("and the quarter before it 6,336" in found) == is_told


@pytest.mark.parametrize(("share", "is_told"), [(0.49, False), (0.51, True)])
def test_figures_of_another_force_are_told_from_half_of_them(share: float, is_told: bool) -> None:
    essex = areas.NAMES.index("Essex")

    def mix(values: np.ndarray) -> None:
        values[:, KENT] = values[:, essex]
        places = np.argwhere(values[:, KENT, :-1] > 0)  # of the quarters that are held
        for code, quarter in places[round(share * len(places)) :]:
            values[code, KENT, quarter] += 1

    found = "; ".join(Sides(changed(mix), load_register().release(HELD))._mistaken())
    assert ("the figures of Kent are those that release 2026-04-23 has of Essex" in found) == is_told


def test_two_forces_that_were_swapped_are_told() -> None:
    essex = areas.NAMES.index("Essex")

    def swap(values: np.ndarray) -> None:
        values[:, [KENT, essex]] = values[:, [essex, KENT]]

    assert "those that release 2026-04-23 has of" in "; ".join(
        Sides(changed(swap), load_register().release(HELD))._mistaken()
    )
    assert doubts(changed(swap)) != ""


@pytest.mark.parametrize(("share", "is_told"), [(0.19, False), (0.21, True), (1.0, True)])
def test_one_figure_throughout_is_told(share: float, is_told: bool) -> None:
    def repeat(values: np.ndarray) -> None:
        of = values[:, KENT]
        over = np.argwhere(of > 20)
        for code, quarter in over[: round(share * len(over))]:
            of[code, quarter] = 900_000

    found = "; ".join(Sides(changed(repeat), load_register().release(HELD))._mistaken())
    assert ("figures of Kent over 20 are 900,000" in found) == is_told


@pytest.mark.parametrize("more", [False, True])
def test_three_things_that_are_wrong_are_said_and_how_many_more_there_are(more: bool) -> None:
    def spoil(values: np.ndarray) -> None:
        values[:, KENT], values[:, :, -1] = np.nan, np.nan
        values[:, WILTSHIRE] *= 10
        if more:
            values[:, areas.NAMES.index("Essex")] = 900  # one figure throughout

    with pytest.raises(RequestError) as error:
        completeness.lacking("a.ods", date(2026, 7, 23), Sides(changed(spoil), load_register().release(HELD)))
    told, _, _ = str(error.value).partition("; fetch")
    assert (told.count("; "), told.endswith(" and 1 more")) == (2, more)


def test_how_many_figures_change_is_said() -> None:
    held = load_register().release(HELD)
    assert Sides(newer(), held).changes().startswith("It changes 0 of ")

    def one(values: np.ndarray) -> None:
        values[newer().cells.codes.index("88A"), KENT, 20] += 5

    assert Sides(changed(one), held).changes().startswith("It changes 1 of ")
    assert "their total goes from 64,602,727 to 64,602,732 (+0.000%)" in Sides(changed(one), held).changes()


def test_a_force_that_was_not_supplied_in_the_newest_quarter_is_no_doubt() -> None:
    assert doubts(changed(lambda values: values[:, KENT, -1].fill(np.nan))) == ""


def test_a_row_that_is_missing_is_told() -> None:
    told = newer().told.copy()
    told[newer().cells.codes.index("9B"), WILTSHIRE, -1] = False
    figures = dataclasses.replace(newer(), told=told)
    assert doubts(figures) == "1 row is missing, such as code 9B of Wiltshire in January to March 2026"


@pytest.mark.parametrize(
    ("part", "says"),
    [
        ({"bodies": slice(KENT, KENT + 1)}, "1 of 44 forces"),
        ({"codes": slice(0, 100)}, "100 of the 186 codes that were counted then"),
        ({"codes": slice(0, 100), "quarters": slice(0, 4)}, "74 of the 154 codes that were counted then"),
        ({"quarters": slice(4, None)}, "nothing before April 2013"),
    ],
)
def test_an_extract_is_whole_in_itself_and_lacks_something(part: dict[str, slice], says: str) -> None:
    assert doubts(only(**part)) == ""
    assert says in left_out(only(**part))


def test_what_ends_before_what_is_held_is_told() -> None:
    held = load_register().release(HELD)
    day = date(2026, 7, 23)
    assert completeness.lacking("a.ods", day, Sides(newer(), held)) == ()
    ends = Sides(only(quarters=slice(0, 50)), held)
    assert completeness.lacking("a.ods", day, ends) == ("nothing after September 2024",)
    assert completeness.lacking("a.ods", date(2025, 1, 1), ends) == ()  # as one of its day must


def as_published(folder: Path, name: str, *, cut: int = 0, bodies: tuple[str, ...] = areas.NAMES) -> Path:
    """Write the newest release as an official CSV, of its last two years of a few codes, without its last rows."""
    rows = sorted(made.rows("8N", "30C", "88A", forces=bodies), key=lambda row: row[:2])
    return official.as_csv(folder / name, {"": rows[: len(rows) - cut]})


def test_a_file_that_is_cut_at_the_end_of_a_line_is_refused(tmp_path: Path) -> None:
    before = load_register()
    path = as_published(tmp_path, "tables-230726.csv", cut=1)
    with pytest.raises(
        RequestError, match=r"^tables-230726.csv: 1 row is missing, .*; fetch the file again, or .*as-it"
    ):
        added.add(path)
    assert load_register() == before
    assert made.held(added.add(path, as_it_is=True)).kind == "full"


def test_an_extract_is_held_as_partial_and_said_to_be(tmp_path: Path) -> None:
    path = as_published(tmp_path, "tables-230726.csv", bodies=("Kent",))
    done = added.add(path)
    assert made.held(done).kind == "partial"
    assert "It is partial, as it has 1 of 44 forces, 3 of the 186 codes that were counted then; --as-it-is" in done
    assert load_register().release("latest").id == HELD


@pytest.mark.parametrize("day", [date(2099, 1, 1), date(9999, 12, 31), date(2026, 11, 26)])
def test_no_release_comes_from_the_future(day: date, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANALYSIS_TODAY", "2026-11-25")
    path = official.ods(tmp_path / "a.ods", official.years(2012, 2013))
    with pytest.raises(RequestError, match=f"a.ods: released on {day}, after today, 2026-11-25; give its date"):
        added.add(path, released=day, as_it_is=True)


@pytest.mark.parametrize(("first", "kind"), [(2012, "full"), (2013, "partial")])
def test_a_release_of_today_is_taken_and_full_where_it_begins_in_2012(
    first: int, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANALYSIS_TODAY", "2026-11-25")
    path = official.as_csv(tmp_path / "a.csv", official.years(first, 2014))
    day = date(2026, 11, 25)
    assert made.held(added.add(path, released=day, as_it_is=True)).kind == kind
