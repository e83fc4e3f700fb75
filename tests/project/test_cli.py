"""The command: what it prints, and how it refuses."""

from __future__ import annotations

import json

import pytest

from analysis import cli


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
        "force", "offence", "release", "current", "baseline", "same_quarters_year_before", "ratio", "like_for_like", "caveats",
    ]  # fmt: skip
    assert result["current"] == {"period": "2017-04..2017-12", "months": 9, "offences": 32, "per_month": 32 / 9}
    assert result["baseline"]["offences"] == 5
    assert result["same_quarters_year_before"]["offences"] == 4
    assert result["like_for_like"] is False
    assert [caveat["code"] for caveat in result["caveats"]] == ["unequal-periods", "definition-change", "small-numbers"]


def test_compare_in_words_gives_no_ratio_across_the_break(capsys):
    assert cli.main(["compare", "Northamptonshire", "--period", "2017-04..2017-12", "--release", "2026-04-23"]) == 0
    said = capsys.readouterr().out
    assert "recorded 32 child grooming offences" in said
    assert "%" not in said
    assert "ratio" not in said


def test_forces_lists_all_44(capsys):
    assert cli.main(["forces"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 44
    assert lines[0].split("  ")[0] == "Avon and Somerset"


def test_version_names_the_release_of_the_figures(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert "figures released on" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["compare", "Northants"], "the nearest names are North Wales, Northamptonshire, Northumbria"),
        (["compare", "Kent", "--period", "2017-05..2017-12"], "2017-04..2017-12 and 2017-07..2017-12"),
        (["compare", "Kent", "--period", "2017Q2"], "2017-04..2017-06 (calendar) or 2017-07..2017-09 (financial"),
        (["compare", "Kent", "--offence", "99Z"], "holds no code '99Z'"),
        (["compare", "Kent", "--release", "1999"], "'1999' is not held"),
        (["compare", "Kent", "--period", "2030/31"], "does not hold 2030-04..2031-03 whole"),
        (["compare", "Kent", "--period", "2024/25", "--baseline", "2024-07..2025-06"], "overlaps"),
        (["compare", "Kent", "--period", "2025-01..2024-12"], "ends before it begins"),
        (["build", "--force", "Wales", "--output", "never"], "there is no page for Wales"),
        (["build", "--matrix", "none.csv", "--output", "never"], "none.csv: cannot be read"),
        (["build", "--matrix", "none.csv", "--force", "Kent"], "goes without --matrix"),
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
        [],
        ["build", "--jobs", "0"],
        ["build", "--jobs", "two"],
    ],
)
def test_wrong_words_are_refused_with_status_2(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2
    printed = capsys.readouterr().err
    assert printed.count("\n") == 1
    assert printed.rstrip("\n").isprintable()
