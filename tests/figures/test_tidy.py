from __future__ import annotations

import csv
from pathlib import Path

import pytest
import shipped

from analysis import cli
from analysis.errors import RequestError
from analysis.figures import tables
from analysis.terms import areas

HEADER = ["force", "financial_year", "financial_quarter", "offences", "code", "release"]


def written(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_writes_each_figure_of_a_release_as_a_row(tmp_path: Path) -> None:
    path = tmp_path / "new" / "figures.csv"
    said = tables.export(path, release="2026-04-23", offence="8N", area=areas.find_area("Kent"))
    header, *rows = written(path)
    assert header == HEADER
    assert rows == [
        ["Kent", row["financial_year"], row["financial_quarter"], row["offences"], "8N", "2026-04-23"]
        for row in shipped.rows("8N", "2026-04-23")
        if row["force"] == "Kent"
    ]
    assert said == f"{path}: {len(rows)} figures of Kent, release 2026-04-23."


def test_who_asks_for_a_town_is_told_of_whom_the_figures_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.csv"
    assert (
        cli.main(["data", "export", str(path), "--force", "Brighton", "--release", "2026-04-23", "--offence", "88A"])
        == 0
    )
    said = f"{path}: 55 figures of Sussex, release 2026-04-23. Brighton is a part of the area of Sussex Police, whose figures these are: "
    assert capsys.readouterr().out.startswith(said)


def test_nothing_but_csv_is_written_as_such_and_what_is_counted_by_year_is_told(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"what is written is CSV; give a name that ends in \.csv"):
        tables.export(tmp_path / "a.xlsx")
    with pytest.raises(RequestError, match="which are counted by year; `analysis compare`"):
        tables.export(tmp_path / "a.csv", offence="knife-enabled")
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_every_code_and_force_is_written_unless_some_are_asked_for(tmp_path: Path) -> None:
    tables.export(tmp_path / "all.csv", release="2026-04-23")
    rows = written(tmp_path / "all.csv")[1:]
    assert len(rows) == 321_728
    assert ["Avon and Somerset", "2012/13", "1", "", "71", "2026-04-23"] in rows  # not supplied
    assert sum(int(row[3] or 0) for row in rows) == 64_602_727


def test_of_a_family_each_code_is_written() -> None:
    frame = tables.tidy("2026-04-23", offence="burglary", area=areas.find_area("Kent+Essex"))
    assert set(frame["force"]) == {"Kent", "Essex"}
    assert {"30C", "30D"} <= set(frame["code"])


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_what_stands_there_is_not_overwritten(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    if kind == "file":
        path.write_text("mine")
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("nothing")
    with pytest.raises(RequestError, match=r"figures.csv: is (there already|a folder|a link)"):
        tables.export(path, area=areas.find_area("Kent"), offence="88A")
    assert [each.name for each in tmp_path.iterdir()] == ["figures.csv"]
    assert kind != "file" or path.read_text() == "mine"


def test_a_file_is_replaced_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    path.write_text("mine")
    tables.export(path, offence="88A", area=areas.find_area("Kent"), replace=True)
    assert written(path)[0] == HEADER
    with pytest.raises(RequestError, match="is a folder"):
        tables.export(tmp_path, offence="88A", replace=True)  # nor a folder by a file
