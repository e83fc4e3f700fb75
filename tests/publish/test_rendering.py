"""One page: what it is made within."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis import cli
from analysis.publish import worker
from analysis.publish.worker import time_limit


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
