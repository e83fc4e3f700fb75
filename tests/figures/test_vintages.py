"""Figures as each publication gave them, and the releases held to them: what parts is listed by name, with why."""

import csv
import math
import pickle
from pathlib import Path

import pytest

from analysis import files
from analysis.comparison import compare
from analysis.comparison.counts import total
from analysis.errors import RequestError
from analysis.figures import vintages
from analysis.figures.register import load_register
from analysis.terms import areas
from analysis.terms.areas import Area
from analysis.terms.periods import Period

NEWEST = "2026-04-23"
ENOUGH = 100  # offences, under which a few are many per cent
LIMITS = {"2024": 0.05, "2018 and 2019": 0.10}
YEARS = {
    "2024": ["2024-01..2024-12"],
    "2018 and 2019": [f"year ending {month} {year}" for year in (2018, 2019) for month in ("March", "June", "September", "December")],
}  # fmt: skip
# Other codes belong to this group in the workbooks; every other group is the same.
OTHERWISE = "unlawful-driving-deaths"


def parted() -> dict[tuple[str, str, str], str]:
    with (Path(__file__).parent / "parted.csv").open(encoding="utf-8", newline="") as table:
        return {(row["years"], row["force"], row["offence"]): row["why"] for row in csv.DictReader(table)}


@pytest.mark.parametrize("years", YEARS)
def test_what_parts_from_the_published_figures_is_listed_by_name(years: str) -> None:
    release, found, compared = load_register().release(NEWEST), set(), 0
    wanted = {Period.parse(year) for year in YEARS[years]}
    for publication in vintages.publications("vintages"):
        for (key, group), row in publication.given.items():
            for year in wanted & row.keys() if release.holds(group) else ():
                if row[year] >= ENOUGH:
                    force, compared = areas.find(key), compared + 1
                    now = total(group, release, Area.of(force), year)
                    if now is None or now <= 0 or abs(math.log(now / row[year])) > LIMITS[years]:
                        found.add((years, force.name, group))
    assert compared > (850 if years == "2024" else 10_000)
    assert found == {key for key in parted() if key[0] == years}
    assert all(parted().values())


@pytest.mark.parametrize(
    "group", [group for group in vintages.publications("vintages")[0].held if group not in {"total", OTHERWISE}]
)
def test_national_figures_of_2024_are_those_that_were_published(group: str) -> None:
    year = Period.parse("2024-01..2024-12")
    now = total(group, load_register().release(NEWEST), areas.ENGLAND_AND_WALES, year)
    assert now is not None
    ((_, published),) = vintages.of(areas.ENGLAND_AND_WALES, group, year)
    assert now == pytest.approx(published, rel=0.01)


def test_the_groups_of_a_year_add_up_to_its_published_total() -> None:
    groups = [
        "violence-against-the-person", "sexual-offences", "robbery", "theft-offences", "criminal-damage-and-arson", "drug-offences",
        "possession-of-weapons-offences", "public-order-offences", "miscellaneous-crimes-against-society",
    ]  # fmt: skip
    year = Period.parse("2024-01..2024-12")
    for force in areas.FORCES:
        area = Area.of(force)
        ((_, whole),) = vintages.of(area, "total", year)[:1]
        assert sum(vintages.of(area, group, year)[0][1] for group in groups) == whole


def test_a_publication_without_one_of_the_forces_gives_no_figure_of_the_whole() -> None:
    year = Period.parse("2018-10..2019-09")
    assert vintages.of(areas.find_area("Greater Manchester"), "robbery", year) == []
    assert vintages.of(areas.ENGLAND_AND_WALES, "robbery", year) == []
    assert [str(day) for day, _ in vintages.of(areas.find_area("Kent"), "robbery", year)] == ["2020-01-23"]


def test_a_group_is_known_by_a_usual_word_and_an_unknown_one_is_refused() -> None:
    kent, year = areas.find_area("Kent"), Period.parse("2024-01..2024-12")
    assert vintages.of(kent, "shoplifting", year) == vintages.of(kent, "46", year) != []
    assert vintages.of(kent, "88A", year) == []
    with pytest.raises(RequestError, match="not known"):
        vintages.of(kent, "no such thing", year)


def test_a_table_that_was_changed_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    source = load_register().source("vintages")
    content = (source.folder / source.table.file).read_bytes()
    held = load_register()
    files.write_whole(tmp_path / "data" / "raw" / source.table.file, content.replace(b"1851", b"1852", 1))
    monkeypatch.setattr(vintages, "load_register", lambda: held)
    monkeypatch.setenv("ANALYSIS_SHIPPED", str(tmp_path))
    with pytest.raises(RequestError, match=r"vintages\.csv: its SHA-256 is"):
        vintages.publications.__wrapped__("vintages")


@pytest.mark.parametrize(
    ("baseline", "day"), [("2016/17", "2018-07-19"), ("2012/13", "2019-07-18"), (None, "2019-07-18")]
)
def test_a_year_is_of_the_newest_publication_that_gave_its_baseline_too(baseline: str | None, day: str) -> None:
    found = vintages.chosen("vintages", Period.parse("2017/18"), baseline and Period.parse(baseline))
    assert found is not None
    assert found.id == day


def test_what_was_worked_out_of_years_elsewhere_compares_with_what_is_here_and_carries_no_table() -> None:
    found = compare("Leeds", offence="burglary")
    sent = pickle.dumps(found)
    assert len(sent) < 100_000
    assert pickle.loads(sent) == found  # noqa: S301
