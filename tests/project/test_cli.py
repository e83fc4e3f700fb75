"""The command: what it prints, and how it refuses."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter

import pytest

from analysis import cli
from analysis.terms import areas


def test_compare_prints_one_json_object_with_the_fields_of_the_contract(capsys):
    status = cli.main(
        [
            "compare",
            "Northamptonshire",
            "--period",
            "2017-04..2017-12",
            "--baseline",
            "2016-04..2017-03",
            "--release",
            "2026-04-23",
            "--json",
        ]
    )
    result = json.loads(capsys.readouterr().out)
    assert status == 0
    assert list(result) == [
        "schema", "force", "area", "offence", "release", "current", "baseline", "same_quarters_year_before", "answer", "instead",
        "instead_also", "change", "reading", "like_for_like", "ratio", "caveats",
    ]  # fmt: skip
    assert result["current"] == {"period": "2017-04..2017-12", "months": 9, "offences": 32, "per_month": 32 / 9}
    assert result["baseline"]["offences"] == 5
    before = result["same_quarters_year_before"]
    assert (before["offences"], before["answer"]) == (4, "no")
    assert {"code", "weight", "text"} == set(before["caveats"][0])
    assert (result["answer"], result["reading"], result["like_for_like"]) == ("no", None, False)
    assert (result["instead"]["period"], result["instead"]["baseline"]) == ("2018-04..2018-12", "2017-04..2017-12")
    assert [(caveat["code"], caveat["weight"]) for caveat in result["caveats"]] == [
        ("unequal-periods", "forbids"),
        ("definition-change", "forbids"),
        ("first-year", "care"),
        ("recording-change", "care"),
        ("small-numbers", "note"),
    ]


@pytest.mark.parametrize(
    ("words", "answer", "like", "instead", "reading"),
    [
        (["Kent", "--offence", "burglary"], "yes", True, None, "fewer"),
        (
            ["England and Wales", "--period", "2024/25", "--baseline", "2017/18"],
            "with-care",
            True,
            ("2024-04..2025-03", "2018-04..2019-03"),
            "more",
        ),
        (["Kent", "--offence", "95"], "not-known", None, ("2025-01..2025-12", "2024-01..2024-12"), None),
        (
            ["Kent", "--offence", "sexual-offences", "--period", "2024/25"],
            "no",
            False,
            ("2025-04..2025-12", "2024-04..2024-12"),
            None,
        ),
        (["Kent", "--period", "2023-04..2025-03"], None, False, None, None),
    ],
)
def test_json_gives_each_answer_with_what_follows_from_it(words, answer, like, instead, reading, capsys):
    assert cli.main(["compare", *words, "--release", "2026-04-23", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["answer"], result["like_for_like"]) == (answer, like)
    found = result["instead"]
    assert (found and (found["period"], found["baseline"]), result["reading"]) == (instead, reading)
    assert (result["ratio"]["value"] is None) == (answer is None)


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


def test_offences_lists_codes_families_and_groups_with_what_was_reviewed(capsys):
    assert cli.main(["offences"]) == 0
    lines = capsys.readouterr().out.splitlines()
    of = {line.split("  ")[0]: line for line in lines}
    for name in ("88A", "23", "burglary", "sexual-offences"):
        assert name in of
    assert of["88A"].endswith("reviewed")
    assert not of["23"].endswith("reviewed")
    assert "58E" not in of  # kept for outcomes alone


@pytest.mark.parametrize(
    ("area", "recorded"),
    [
        ("Leeds", "West Yorkshire Police recorded 355"),  # a place
        ("E23000032", "Kent Police recorded 371"),  # an ONS code
        ("Kent+Sussex", "Police in Kent and Sussex recorded 603"),
        ("Wales", "Police in Wales recorded 675"),
        ("south east", "recorded 1,082"),
        ("West Midlands", "West Midlands Police recorded"),  # the force, and not the region
    ],
)
def test_an_area_is_a_force_a_place_a_region_or_several(area, recorded, capsys):
    assert cli.main(["compare", area, "--release", "2026-04-23"]) == 0
    assert recorded in capsys.readouterr().out.splitlines()[0]


@pytest.mark.parametrize("name", ["burglary", "Burglary", "BURGLARIES"])
def test_an_offence_goes_by_its_id_its_name_or_a_usual_word(name, capsys):
    assert cli.main(["compare", "Kent", "--offence", name, "--release", "2026-04-23"]) == 0
    assert "recorded 4,839 burglaries" in capsys.readouterr().out


def test_compare_in_words_gives_no_ratio_across_the_break(capsys):
    assert cli.main(["compare", "Northamptonshire", "--period", "2017-04..2017-12", "--release", "2026-04-23"]) == 0
    said = capsys.readouterr().out
    assert "recorded 32 child grooming offences" in said
    assert "%" not in said.partition("\n- ")[0]
    assert "ratio" not in said


@pytest.mark.parametrize("how", [(), ("--json",), ("--csv",)])
def test_compare_does_not_wait_for_pandas(how):
    code = "import sys; from analysis import cli; cli.main(); sys.exit('slow' if 'pandas' in sys.modules else 0)"
    words = ["compare", "Kent", "--period", "2024/25", "--offence", "burglary", *how]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)
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


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["compare", "Northhants"], "the nearest names are Northants"),
        (["compare", "Kent", "--period", "2017-05..2017-12"], "2017-04..2017-12 and 2017-07..2017-12"),
        (["compare", "Kent", "--period", "2017Q2"], "2017-04..2017-06 or 2017/18 Q2"),
        (["compare", "Kent+Nowhere"], "'Nowhere' is not known"),
        (["compare", "Kent", "--offence", "99Z"], "'99Z' is not known; the nearest are 99"),
        (["compare", "Kent", "--offence", "burglry"], "'burglry' is not known; the nearest are burglary"),
        (["compare", "Kent", "--offence", "71/17"], "holds no code '71/17', which counts it within 88A"),
        (["compare", "Kent", "--offence", "fraud"], "since a national body records it"),
        (["compare", "Kent", "--release", "1999"], "'1999' is not held"),
        (["compare", "Kent", "--period", "2030/31"], "does not hold 2030-04..2031-03 whole"),
        (["compare", "Kent", "--period", "2024/25", "--baseline", "2024-07..2025-06"], "overlaps"),
        (["compare", "Kent", "--period", "2025-01..2024-12"], "ends before it begins"),
        (["build", "--force", "Wales", "--output", "never"], "there is no page for Wales"),
        (["build", "--matrix", "none.csv", "--output", "never"], "none.csv: cannot be read"),
        (["build", "--matrix", "none.csv", "--force", "Kent"], "--force cannot be combined with --matrix"),
        (["build", "--jobs", "2", "--cluster", "tcp://192.0.2.1:8786"], "--jobs cannot be combined with --cluster"),
        (["compare", "\x1b[31mKent"], "'\\x1b[31mKent' is not known"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_status_2(arguments, said, capsys):
    assert cli.main(arguments) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.err.count("\n") == 1
    assert printed.out == ""


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_what_a_claim_says_cannot_steer_a_terminal(words, tmp_path, capsys):
    file = tmp_path / "claims.yaml"
    file.write_text(
        """claims:
  - id: steering
    statement: Kent recorded 228 offences.
    published: 2024-01-31
    source: "The Bugle \\e[2J"
    area: Kent
    basis: home-office
    offence: 88A
    current: {value: 228, period: 2019-04..2020-03, described_as: "eight months \\x9b2J"}
""",
        encoding="utf-8",
    )
    assert cli.main(["claims", str(file), *words]) == 0
    printed = capsys.readouterr().out
    assert printed.replace("\n", "").isprintable()
    assert "x9b2J" in printed or "u009b2J" in printed
    if words:
        (claim,) = json.loads(printed)
        assert any("eight months \x9b2J" in finding["text"] for finding in claim["findings"])


@pytest.mark.parametrize(
    "arguments",
    [
        ["compare"],
        ["nonsense"],
        ["compare", "Kent", "--x\n\x1b[31m"],
        ["data"],
        ["build", "--jobs", "0"],
        ["build", "--jobs", "two"],
        ["build", "--output=--"],
        ["compare", "Kent", "--offence=-1"],
        ["compare", "Kent", "--offence", "--json"],
    ],
)
def test_wrong_words_are_refused_with_status_2(arguments, capsys):
    assert cli.main(arguments) == 2
    printed = capsys.readouterr().err
    assert printed.count("\n") == 1
    assert printed.rstrip("\n").isprintable()
