"""What every command understands: quiet and verbose, a record of the run, nearest words, CSV, completion, examples."""

from __future__ import annotations

import csv
import errno
import io
import json
import logging
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import click
import official
import pytest

from analysis import cli, files
from analysis.cli import commands, running
from analysis.figures import register
from analysis.report import registers

CLAIMS = Path(__file__).parents[2] / "data" / "raw" / "claims.yaml"
RELEASE = ["--release", "2026-04-23"]
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [A-Z]+ \S.*")


EVERY = [commands.analysis, *commands.analysis.commands.values(), *commands.data.commands.values()]


def refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert cli.main(words) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    return printed.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["biuld"], "analysis: No such command 'biuld'. Did you mean 'build'?; see analysis --help"),
        (["areas", "Kent"], "analysis areas: Got unexpected extra argument (Kent); see analysis areas --help"),
        (["series", "Kent", "--offence", "burglary,robbery"], "'burglary,robbery' is 2 offences; ask for one at a time"),
        (["compare", "North", "Kent"], "analysis compare: Got unexpected extra argument (Kent); put a name of several words in quotation marks"),
        (["data", "lst"], "analysis data: No such command 'lst'. Did you mean 'list'?"),
        (["compare", "Kent", "--perriod", "2024/25"], "analysis compare: No such option '--perriod'. Did you mean '--period'?"),
        (["data", "add", "x.ods", "--relesed=2026-04-23"], "Did you mean one of: '--released'"),
        (["--vresion"], "analysis: No such option '--vresion'. Did you mean '--version'?"),
        (["compare", "Kent", "--json", "--csv"], "--json cannot be combined with --csv"),
        (["compare", "Kent", "--offence", "--json"], "'--offence': found '--json', which begins with -; give a value"),
        (["compare", "Kent", "--offence"], "analysis compare: Option '--offence' requires an argument; see analysis compare --help"),
        (["check", "x.txt", "--published", "yesterday"], "'--published': found 'yesterday'; give a day, as 2026-04-23"),
        (["build", "--matrix", "x.csv", "--force", "Kent"], "--force cannot be combined with --matrix"),
    ],
)  # fmt: skip
def test_an_unknown_word_is_answered_with_the_nearest(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert says in refused(words, capsys)


@pytest.mark.parametrize("command", EVERY, ids=lambda command: command.callback.__name__)
def test_help_has_a_sentence_and_an_example_that_the_command_understands(
    command: click.Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = []
    monkeypatch.setattr(running.Command, "invoke", lambda self, _: ran.append(self) or 0)
    assert command.help is not None
    assert command.help.partition("\n")[0].endswith(".")
    assert command.epilog is not None
    name, *asked = command.epilog.removeprefix("example: ").split()
    assert name == "analysis"
    assert cli.main(asked) == 0
    assert isinstance(command, click.Group) or ran == [command]


@pytest.mark.parametrize("asked", [["-q", "data", "list"], ["data", "-q", "list"], ["data", "list", "-q"]])
def test_every_command_takes_what_is_understood_everywhere(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for command in EVERY:
        assert {"-q", "-v", "--log"} <= {name for param in command.params for name in param.opts}
    quiet = []
    monkeypatch.setattr(running.Command, "invoke", lambda _, ctx: quiet.append(ctx.meta["quiet"]) or 0)
    assert cli.main(asked) == 0
    assert quiet == [True]


def test_what_nobody_foresaw_is_one_line_and_its_trace_goes_to_the_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise KeyError("a fault of ours\n\x1b[31m")

    monkeypatch.setattr(commands.offences, "callback", fail)
    assert cli.main(["offences", "-v", "--log", str(tmp_path / "run.log")]) == 1
    said = capsys.readouterr()
    assert "Traceback" not in said.err + said.out
    (line,) = [line for line in said.err.splitlines() if "KeyError" in line]
    assert line.startswith("analysis: a fault in the program (KeyError: ")
    assert "Traceback" in (tmp_path / "run.log").read_text(encoding="utf-8")


def test_the_record_of_a_run_says_what_was_read_and_how_it_ended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log, workbook = tmp_path / "run.log", tmp_path / "tables-230726.ods"
    official.ods(workbook, official.years(2012, 2014))
    assert cli.main(["data", "add", str(workbook), "--as-it-is", "--log", str(log)]) == 0
    assert cli.main(["compare", "Kemt", "--log", str(log)]) == 2
    lines = log.read_text(encoding="utf-8").splitlines()
    assert all(map(LINE.fullmatch, lines))
    told = "\n".join(lines)
    for part in (
        "data add",
        "INFO read tables-230726.ods: ",
        "INFO wrote register.yaml: ",
        "INFO Added release 2026-07-23: full, ",
        "INFO status 0",
        "INFO took ",
        "INFO refused: force: 'Kemt' is not known; the nearest names are Kent",
        "INFO status 2",
    ):
        assert part in told
    assert str(tmp_path) not in told.replace(f"data add {workbook}", "").replace(f"--log {log}", "")
    assert "INFO" not in capsys.readouterr().err


def test_a_record_cannot_be_steered_by_what_was_asked(tmp_path: Path) -> None:
    log = tmp_path / "run.log"
    assert cli.main(["compare", "\x1b[31mKent\n2026-01-01T00:00:00.000Z INFO status 0", "--log", str(log)]) == 2
    lines = log.read_text(encoding="utf-8").splitlines()
    assert all(map(LINE.fullmatch, lines))
    assert "status 0" not in [line.split("INFO ")[1] for line in lines]


def test_a_record_that_cannot_be_written_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli.main(["offences", "--log", str(tmp_path)]) == 2
    assert f"analysis: --log {tmp_path}: is no regular file" in capsys.readouterr().err
    log = tmp_path / "run.log"

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(logging.FileHandler, "flush", full)
    assert cli.main(["offences", "--log", str(log)]) == 2
    printed = capsys.readouterr()
    assert len(printed.out.splitlines()) > 100
    assert printed.err == "analysis: output: No space left on device\n"
    assert cli.main(["offences", "--log", str(tmp_path / "none" / "run.log")]) == 2
    assert capsys.readouterr().err == f"analysis: {tmp_path / 'none' / 'run.log'}: No such file or directory\n"


def test_quiet_says_nothing_of_what_went_well_and_answers_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["data", "export", str(tmp_path / "kent.csv"), "--force", "Kent", "--offence", "88A", "-q"]) == 0
    assert capsys.readouterr() == ("", "")
    assert (tmp_path / "kent.csv").is_file()
    assert cli.main(["-q", "compare", "Kent", *RELEASE]) == 0
    assert "recorded 371" in capsys.readouterr().out
    assert cli.main(["-q", "compare", "Kemt"]) == 2
    assert "Kemt" in capsys.readouterr().err


def test_compare_gives_a_row_for_each_period(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["compare", "Kent", "--period", "2024/25", "--baseline", "2023/24", *RELEASE]
    assert cli.main([*words, "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert cli.main([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["count"] for row in rows] == ["current", "baseline", "same_quarters_year_before"]
    for row in rows:
        assert (row["period"], int(row["offences"])) == (found[row["count"]]["period"], found[row["count"]]["offences"])
    assert [row["answer"] for row in rows] == ["", found["answer"], found["same_quarters_year_before"]["answer"]]
    assert [row["ratio"] for row in rows] == ["", str(found["ratio"]["value"]), ""]


def test_what_is_held_stands_on_one_screen() -> None:
    shipped = register.load_register()
    newest = shipped.release("latest")
    more = [replace(newest, id=f"2026-{i:02d}-01", order=10 + i) for i in range(1, 13)]
    lines = registers.releases(replace(shipped, releases=(*shipped.releases, *more))).splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert [line.split()[0] for line in lines[1:5]] == [release.id for release in shipped.releases]
    assert [line.split()[0] for line in lines if line.endswith("latest")] == ["2026-12-01"]


def test_what_is_held_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["data", "list", "--json"]) == 0
    releases = json.loads(capsys.readouterr().out)
    assert [release["id"] for release in releases][-1] == "2026-04-23"
    assert len(releases[-1]["codes"]) == 186


def test_revisions_are_given_as_csv(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["data", "revisions", "--force", "Kent", "--offence", "burglary", "--since", "2023-10-19", "--csv"]
    assert cli.main(words) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert rows
    assert {(row["force"], row["earlier"], row["later"]) for row in rows} == {("Kent", "2023-10-19", "2026-04-23")}


def test_the_data_commands_undo_each_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workbook = official.ods(tmp_path / "tables-230726.ods", official.years(2012, 2014))
    assert cli.main(["data", "add", str(workbook)]) == 2
    assert "with --as-it-is" in capsys.readouterr().err
    assert cli.main(["data", "add", str(workbook), "--as-it-is"]) == 0
    assert cli.main(["data", "verify", str(workbook)]) == 0
    assert cli.main(["data", "remove", "2026-07-23"]) == 0
    assert "Removed release 2026-07-23. The latest is 2026-04-23." in capsys.readouterr().out
    assert cli.main(["data", "remove", "2026-04-23"]) == 2
    assert "'2026-04-23' was not added; added are none" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("begun", "word"),
    [
        (["com"], "compare"),
        (["data", "add", "--as"], "--as-it-is"),
        (["compare", "northam"], "northamptonshire"),
        (["compare", "kent", "--offence", "burg"], "burglary"),
        (["compare", "kent", "--release", "2026-04"], "2026-04-23"),
    ],
)
def test_completion_knows_commands_options_forces_offences_and_releases(
    begun: list[str], word: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_ANALYSIS_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", " ".join(["analysis", *begun]))
    monkeypatch.setenv("COMP_CWORD", str(len(begun)))
    cli.main([])
    assert f"plain,{word}" in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("named", ["~nosuchuser-here/x", "loop/x"])
def test_a_data_folder_that_leads_nowhere_is_refused_in_one_line(
    named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "loop").symlink_to("loop")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANALYSIS_DATA", named)
    workbook = official.ods(tmp_path / "tables-230726.ods", official.years(2012, 2014))
    assert cli.main(["data", "add", str(workbook), "--as-it-is"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "ANALYSIS_DATA" in said


@pytest.mark.parametrize("error", [MemoryError(), ImportError("failed to map segment from shared object")])
def test_too_little_memory_is_said_in_one_line(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> int:
        raise error

    monkeypatch.setattr(commands.offences, "callback", fail)
    assert cli.main(["offences"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("analysis: system: too little memory, or the installation is not whole (")
    assert said.count("\n") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems limit less")
@pytest.mark.parametrize(("kilobytes", "status"), [(40_000, 2), (250_000, 2), (395_000, 0)])
def test_little_memory_is_refused_or_suffices_and_nothing_hangs(kilobytes: int, status: int) -> None:
    script = f'ulimit -v {kilobytes}; exec "$@"'
    words = ["bash", "-c", script, "bash", sys.executable, "-m", "analysis", "compare", "Kent"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    told = f"analysis: only {kilobytes * 1024 // 10**6} MB of memory may be used; allow 400 (see `ulimit -v`)\n"
    assert (done.returncode, done.stderr) == (status, told if status else "")


def test_no_colour_is_written_to_a_terminal_that_wants_none() -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    environment = os.environ | {"NO_COLOR": "1", "TERM": "xterm-256color", "COLUMNS": "80"}
    subprocess.run([sys.executable, "-m", "analysis", "--help"], stdout=theirs, env=environment, check=True)
    os.close(theirs)
    shown = os.read(ours, 10_000)
    os.close(ours)
    assert shown.startswith(b"Usage: analysis")
    assert b"\x1b" not in shown


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in files here")
@pytest.mark.parametrize("words", [["offences", "--log"], ["claims", str(CLAIMS), "--html"]])
def test_what_is_written_is_no_pipe(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert cli.main([*words, str(tmp_path / "pipe")]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert str(tmp_path / "pipe") in said


@pytest.mark.skipif(os.name != "posix", reason="pipes in files")
@pytest.mark.parametrize("name", ["-", "pipe"])
def test_claims_may_come_through_a_pipe(name: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    script = f"cat {CLAIMS} | {sys.executable} -m analysis claims -"
    if name == "pipe":
        script = f"cat {CLAIMS} > pipe & {sys.executable} -m analysis claims pipe"
    done = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout) > 10_000


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in files here")
@pytest.mark.parametrize(
    ("words", "name", "right"),
    [
        (["claims"], "claims.yaml", "write it as"),
        (["build", "--matrix"], "rows.csv", "give a CSV file"),
        (["data", "add"], "a-210127.ods", "give an ODS"),
    ],
)
def test_a_silent_pipe_in_place_of_a_file_is_not_waited_for(
    words: list[str],
    name: str,
    right: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "PATIENCE", 0.2)
    os.mkfifo(tmp_path / name)
    assert f"{name}: nothing more came in 0.2 seconds; {right}" in refused([*words, str(tmp_path / name)], capsys)
