"""A build whose pages nobody has to run a notebook for: what it asks of the folder, and what it says."""

from __future__ import annotations

import dataclasses
import importlib.metadata
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path

import pytest
from documents import TOP, copy_of_project

from analysis import cli, files, publish
from analysis.errors import RequestError
from analysis.figures import register
from analysis.files import sha256
from analysis.publish import building, store, worker
from analysis.publish.pages import Page
from analysis.publish.worker import Made, time_limit


@pytest.fixture
def wanted(monkeypatch: pytest.MonkeyPatch) -> publish.Request:
    """Give a request for one force's page, and pages that are made at once."""

    def made(pages: Sequence[Page], *_: object) -> Iterator[Made]:
        for page in pages:
            yield Made(page, {f"{page.name}.html": page.name.encode(), f"data/{page.slug}.csv": b"figures"})

    monkeypatch.setattr(worker, "makers", lambda *_: nullcontext())
    monkeypatch.setattr(worker, "made", made)
    return publish.request(force_names=["Kent"], release="2026-04-23")


def test_an_unchanged_build_reads_each_file_once(
    wanted: publish.Request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert publish.build(wanted, tmp_path).built == ["answers/kent", "forces/kent", "forces/kent/88a"]
    read: list[bytes] = []

    def count(content: bytes) -> str:
        read.append(content)
        return sha256(content)

    monkeypatch.setattr(store, "sha256", count)
    assert publish.build(wanted, tmp_path).unchanged == ["answers/kent", "forces/kent", "forces/kent/88a"]
    read = [content for content in read if not content.startswith(b"{")]  # the manifest, by its own hash
    assert sorted(read) == sorted([b"answers/kent", b"forces/kent", b"forces/kent/88a", *3 * [b"figures"]])


def _change(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


@pytest.mark.parametrize(
    ("words", "change"),
    [
        ([], None),
        (["--fresh"], None),
        (["--force", "Essex"], None),
        (["--offence", "burglary"], None),
        (["--all"], None),
        (["--period", "2025"], None),
        (["--baseline", "2019"], None),
        (["--release", "latest"], None),
        (["--site", "https://example.org/"], None),
        (["--areas", "{copy}/own.csv"], None),
        ([], "site/forces/kent.html"),
        ([], "site/data/kent.csv"),
        ([], "site/manifest.json"),
        ([], "site/.staging/.lock"),
        ([], "src/analysis/cli/commands.py"),
        ([], "src/analysis/report/templates/report/style.css"),
        ([], "requirements.lock"),
        ([], "notebooks/briefing.ipynb"),
        (["--as-it-is"], "data/raw/screen.csv"),
        ([], "a release"),
        ([], "versions"),
    ],
)
def test_only_a_build_of_the_same_words_bytes_and_versions_is_taken_for_unchanged_without_a_look_at_the_figures(
    words: list[str], change: str | None, wanted: publish.Request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    copy = copy_of_project(tmp_path / "copy")
    shutil.copy(TOP / "requirements.lock", copy)
    (copy / "own.csv").write_text("name,forces\nSouth,Kent;Essex\n", encoding="utf-8")
    monkeypatch.setenv(files.SHIPPED, str(copy))
    monkeypatch.setenv(files.USER_DATA, str(copy / "data"))
    monkeypatch.setattr(files, "PACKAGE", copy / "src" / "analysis")
    command = ["build", "--force", "Kent", "--release", "2026-04-23", "--output", str(copy / "site")]
    assert cli.main(command) == 0
    assert "3 made, 0 unchanged, 0 failed" in capsys.readouterr().out
    monkeypatch.setattr(publish, "request", lambda **_: wanted)
    built: list[int] = []

    def build(*_: object, **__: object) -> publish.Outcome:
        built.append(1)
        return publish.Outcome()

    monkeypatch.setattr(publish, "build", build)
    if change == "versions":
        monkeypatch.setattr(importlib.metadata, "version", lambda _: "0")
    elif change == "a release":
        newest = register.load_register().release("2026-04-23")
        added = dataclasses.replace(newest, id="2026-07-23", offences={"88A": {"name": "one"}})
        register.save_added(register.Register("its producer", (added,)))
    elif change:
        (copy / change).parent.mkdir(parents=True, exist_ok=True)
        (copy / change).touch()
        _change(copy / change)
    assert cli.main([*command, *(word.format(copy=copy) for word in words)]) == 0
    assert bool(built) == bool(words or change)
    assert built or "0 made, 3 unchanged, 0 failed" in capsys.readouterr().out


def test_a_folder_is_known_again_only_by_the_words_of_all_its_pages(wanted: publish.Request, tmp_path: Path) -> None:
    words, read = {"force": ["Kent"]}, publish.Inputs.read()
    publish.build(wanted, tmp_path, asked=words)
    assert building.unchanged(tmp_path, words, read) == publish.Outcome(unchanged=sorted(wanted.names))
    assert building.unchanged(tmp_path, {"force": ["Essex"]}, read) is None
    assert building.unchanged(tmp_path / "none", words, read) is None
    with store.publishing(tmp_path) as out:
        out.publish("forces/essex", "1", {"forces/essex.html": b""})
    assert building.unchanged(tmp_path, words, read) is None
    assert publish.build(wanted, tmp_path, asked=words).unchanged
    assert building.unchanged(tmp_path, words, read) is None  # there is another page, which may be of other inputs


@pytest.mark.usefixtures("wanted")
def test_what_pages_are_made_from_is_read_once_though_it_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[publish.Inputs] = []
    before = publish.Inputs.read()

    def count() -> publish.Inputs:
        read.append(before)
        return dataclasses.replace(before, made_from={**before.made_from, "versions": {"python": str(len(read))}})

    monkeypatch.setattr(publish.Inputs, "read", count)
    command = ["build", "--force", "Kent", "--release", "2026-04-23", "--output", str(tmp_path / "site"), "-q"]
    for builds in (1, 2):
        assert cli.main(command) == 0
        assert len(read) == builds


@pytest.mark.usefixtures("wanted")
def test_a_quiet_build_names_a_page_that_failed_and_nothing_that_did_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["build", "--force", "Kent", "--release", "2026-04-23", "--output", str(tmp_path / "site"), "-q"]
    assert cli.main(command) == 0
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(worker, "made", lambda pages, *_: (Made(page, failure="1 / 0") for page in pages[:1]))
    assert cli.main([*command, "--fresh"]) == 1
    assert "failed: forces/kent: 1 / 0\n" in capsys.readouterr().out


def test_a_folder_of_a_matrix_is_told_of_in_words(wanted: publish.Request, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("force,period,baseline\nKent,2024/25,\nKent,2022/23..2023/24,\n", encoding="utf-8")
    matrix = publish.matrix_request(rows, release="2026-04-23")
    publish.build(matrix, tmp_path / "out")
    where = f"--output {tmp_path / 'out'}: holds pages of a matrix whose rows differ in their periods; asked for period"
    with pytest.raises(RequestError, match=re.escape(where)):
        publish.build(wanted, tmp_path / "out")
    long = publish.request(force_names=["Kent"], period="2022-04..2024-03", release="2026-04-23")
    with pytest.raises(
        RequestError, match=r"period 2022-04\.\.2024-03, baseline none, release 2026-04-23; build every"
    ):
        publish.build(long, tmp_path / "out")


@pytest.mark.parametrize("another", [False, True])
def test_pages_of_other_parameters_are_replaced_unless_others_would_be_left_beside_them(
    another: bool, wanted: publish.Request, tmp_path: Path
) -> None:
    with store.publishing(tmp_path) as older:  # of a version whose parameters had another form
        older.describe({"parameters": {"offence": "88A", "period": "2024/25"}})
        older.publish("forces/kent", "1", {"forces/kent.html": b"old", "data/kent-old.csv": b"old"})
        if another:
            older.publish("forces/essex", "1", {"forces/essex.html": b"old"})
    if another:
        with pytest.raises(
            RequestError, match=r"holds pages for offence 88A, period 2024/25; asked for period 2025-01"
        ):
            publish.build(wanted, tmp_path)
    else:
        assert publish.build(wanted, tmp_path).is_whole
    assert (tmp_path / "forces" / "kent.html").read_bytes() == (b"old" if another else b"forces/kent")
    assert (tmp_path / "data" / "kent-old.csv").exists() == another


@pytest.mark.parametrize("fresh", [False, True])
def test_a_page_that_was_changed_by_hand_is_named_and_kept_and_so_is_a_folder_in_its_place(
    fresh: bool, wanted: publish.Request, tmp_path: Path
) -> None:
    publish.build(wanted, tmp_path)
    (tmp_path / "data" / "kent.csv").write_bytes(b"mine")
    outcome = publish.build(wanted, tmp_path, fresh=fresh)
    assert outcome.failed == {
        "forces/kent": "data/kent.csv was changed; it is kept: move it away, or choose another --output"
    }
    assert not outcome.is_whole
    assert (tmp_path / "data" / "kent.csv").read_bytes() == b"mine"
    (tmp_path / "data" / "kent.csv").unlink()
    (tmp_path / "data" / "kent.csv").mkdir()
    assert "data/kent.csv stands in its way" in publish.build(wanted, tmp_path, fresh=fresh).failed["forces/kent"]
    (tmp_path / "data" / "kent.csv").rmdir()
    assert publish.build(wanted, tmp_path, fresh=fresh).is_whole
    again = publish.build(wanted, tmp_path, fresh=fresh)
    assert (len(again.built), len(again.unchanged)) == ((3, 0) if fresh else (0, 3))
    assert not dataclasses.replace(again, kept=["mine.html"]).is_whole


@pytest.mark.parametrize(("text", "seconds"), [(None, 300), ("45", 45), ("0.5", 0.5)])
def test_a_notebook_may_take_as_long_as_the_environment_says(
    text: str | None, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANALYSIS_TIME_LIMIT", raising=False)
    if text is not None:
        monkeypatch.setenv("ANALYSIS_TIME_LIMIT", text)
    assert time_limit() == seconds


@pytest.mark.parametrize("text", ["", "five minutes", "5 min", "0", "-1", "nan", "inf"])
def test_a_limit_that_is_no_number_of_seconds_is_refused_before_a_worker_starts(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ANALYSIS_TIME_LIMIT", text)
    monkeypatch.setattr(worker, "Workers", lambda *_: pytest.fail("workers were started"))
    assert cli.main(["build", "--force", "Kent", "--output", str(tmp_path / "reports")]) == 2
    assert capsys.readouterr().err == (
        f"analysis: ANALYSIS_TIME_LIMIT: found {text!r}; give the seconds that one notebook may take, such as 300\n"
    )
    assert not list((tmp_path / "reports").glob("*"))
