"""The command: what it prints, and how it refuses."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter

import pytest
import stated

from analysis import cli
from analysis.terms import areas


def test_compare_prints_one_json_object_with_the_fields_of_the_contract(capsys):
    words = "Northamptonshire --period 2017-04..2017-12 --baseline 2016-04..2017-03 --release 2026-04-23 --json"
    assert cli.main(["compare", *words.split()]) == 0
    result = json.loads(capsys.readouterr().out)
    assert list(result) == [
        "schema", "force", "area", "offence", "release", "current", "baseline", "same_quarters_year_before", "answer", "instead",
        "instead_also", "change", "reading", "like_for_like", "ratio", "caveats",
    ]  # fmt: skip
    assert (result["schema"], result["force"], result["offence"]) == (3, "Northamptonshire", "88A")
    assert result["area"] == {"name": "Northamptonshire", "kind": "force", "asked": "Northamptonshire"}
    assert result["current"] == {"period": "2017-04..2017-12", "months": 9, "offences": 32, "per_month": 32 / 9}
    assert result["baseline"] == {"period": "2016-04..2017-03", "months": 12, "offences": 5, "per_month": 5 / 12}
    before, change = result["same_quarters_year_before"], result["change"]
    assert list(before) == ["period", "months", "offences", "per_month", "answer", "caveats"]
    assert (before["period"], before["offences"], before["answer"]) == ("2016-04..2016-12", 4, "no")
    assert (change["difference"], change["percent"], change["detectable"]) == (27, None, None)
    assert list(result["ratio"]) == ["value", "low", "high", "low_wide", "high_wide"]
    assert {"code", "weight", "text"} == set(before["caveats"][0])
    assert (result["answer"], result["reading"], result["like_for_like"]) == ("no", None, False)
    assert result["instead"] == {
        "area": "Northamptonshire", "offence": "88A", "period": "2018-04..2018-12", "baseline": "2017-04..2017-12", "answer": "with-care",
    }  # fmt: skip
    assert [(caveat["code"], caveat["weight"]) for caveat in result["caveats"]] == [
        ("unequal-periods", "forbids"),
        ("definition-change", "forbids"),
        ("first-year", "care"),
        ("recording-change", "care"),
        ("small-numbers", "note"),
    ]


@pytest.mark.parametrize("words", [[], ["--help"]])
def test_without_a_command_help_is_shown(words, capsys):
    assert cli.main(words) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.startswith("Usage: analysis")
    for command in ("build", "compare", "claims", "check", "data", "areas", "offences"):
        assert f"\n  {command} " in printed.out


def test_the_package_runs_as_a_module():
    command = [sys.executable, "-m", "analysis"]
    done = subprocess.run([*command, "areas"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) > 350
    wrong = subprocess.run([*command, "compare", "Kemt"], capture_output=True, text=True, check=False)
    assert (wrong.returncode, wrong.stdout, wrong.stderr.count("\n")) == (2, "", 1)


COMPARE = "compare Kent --period 2024/25 --offence burglary"


@pytest.mark.parametrize(
    ("words", "slow"),
    [*((f"{COMPARE}{how}", "pandas") for how in ("", " --json", " --csv")), ("data list", "scipy"), ("areas", "numpy")],
)
def test_what_a_command_has_no_use_for_is_not_waited_for(words, slow):
    code = f"import sys; from analysis import cli; cli.main(); sys.exit({slow!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, *words.split()], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_areas_lists_every_kind_and_each_can_be_asked_for(capsys):
    assert cli.main(["areas", "--csv"]) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert Counter(row["kind"] for row in rows)["force"] == 44
    assert {row["kind"] for row in rows} >= {"nation", "country", "region", "force", "partnership"}
    assert [row["name"] for row in rows if areas.find_area(row["name"]).code != (row["code"] or None)] == []


def test_version_names_the_release_of_the_figures(capsys):
    assert cli.main(["--version"]) == 0
    assert "figures released on" in capsys.readouterr().out


@pytest.mark.parametrize(("since", "ids"), [("2023-10-19", ["nation"]), (stated.RELEASE, [])])
def test_verdicts_that_a_release_changed_are_given_as_json_and_as_a_page_too(since, ids, tmp_path, capsys):
    counts = {
        "current": {"value": 6322, "period": "2019-04..2020-03"},
        "baseline": {"value": 5893, "period": "2018-04..2019-03"},
    }
    file = stated.written(tmp_path / "claims.yaml", {}, {"id": "nation", "area": "England and Wales"} | counts)
    page = tmp_path / "page.html"
    for words in (["--json"], ["--html", str(page)]):
        assert cli.main(["claims", str(file), "--since", since, *words]) == 0
    told = capsys.readouterr().out
    changed = json.loads(told[: told.index("\n]") + 2] if ids else "[]")
    assert [(each["id"], each["before"], each["verdict"]) for each in changed] == [
        (name, "fair", "revised") for name in ids
    ]
    assert [
        name for name in ("kent", "nation") if page.exists() and f'id="claim-{name}"' in page.read_text("utf-8")
    ] == ids


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_what_a_claim_says_cannot_steer_a_terminal(words, tmp_path, capsys):
    current = stated.KENT["current"] | {"described_as": "eight months \x9b2J"}
    file = stated.written(tmp_path / "claims.yaml", {"source": "The Bugle \x1b[2J", "current": current})
    assert cli.main(["claims", str(file), *words]) == 0
    printed = capsys.readouterr().out
    assert printed.replace("\n", "").isprintable()
    assert "x9b2J" in printed or "u009b2J" in printed
    if words:
        (claim,) = json.loads(printed)
        assert any("eight months \x9b2J" in finding["text"] for finding in claim["findings"])
