"""Pages made by a Dask cluster: a scheduler and two workers on loopback, each in a process of its own."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import distributed
import made
import pytest
from documents import COMMAND, TOP, copy_of_project, shorten, tree
from killing import left

from analysis import publish
from analysis._version import __version__
from analysis.cli import main
from analysis.errors import RequestError
from analysis.figures.added import add
from analysis.progress import Progress
from analysis.publish import building, cluster, worker

RELEASE = "2026-04-23"
FORCES = ("Kent", "Surrey")
PAGES = 3 * len(FORCES)  # a report, a page in depth and the answers


@contextlib.contextmanager
def running(folder: Path) -> Iterator[SimpleNamespace]:
    """Give a scheduler's address, what starts and ends workers, and the folder in which they keep what is temporary."""
    temporary = Path(tempfile.mkdtemp(dir="/tmp"))  # short enough for sockets
    env = os.environ | {"TMPDIR": str(temporary), "ANALYSIS_DATA": str(folder / "nothing")}
    started: list[subprocess.Popen[bytes]] = []

    def start(kind: str, *options: str, **variables: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", "--scheduler-file", "address.json"]
        with (folder / f"{len(started)}.log").open("wb") as log:
            started.append(
                subprocess.Popen(
                    [*command, "--no-dashboard", *options], env=env | variables, cwd=folder, stdout=log, stderr=log
                )
            )
        return started[-1]

    scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0")
    address = address_in(folder / "address.json")

    def join(number: int, **variables: str) -> list[subprocess.Popen[bytes]]:
        if come := [start("worker", "--nthreads", "1", "--no-nanny", **variables) for _ in range(number)]:
            with distributed.Client(address, timeout=300, set_as_default=False) as client:
                client.wait_for_workers(len(started) - 1, timeout=300)
        return come

    def leave(gone: Sequence[subprocess.Popen[bytes]]) -> None:
        for each in gone:
            started.remove(each)
            each.kill()
            each.wait()
        with distributed.Client(address, timeout=300, set_as_default=False) as client:
            while len(client.scheduler_info(n_workers=-1)["workers"]) >= len(started):
                time.sleep(0.05)

    def ready(number: int) -> list[subprocess.Popen[bytes]]:
        """Give so many workers that live, and no other."""
        living = [each for each in started[1:] if each.poll() is None]
        if gone := [each for each in started[1:] if each not in living[:number]]:
            leave(gone)
        return [*living[:number], *join(number - len(living[:number]))]

    try:
        yield SimpleNamespace(
            address=address, scheduler=scheduler, temporary=temporary, join=join, leave=leave, ready=ready
        )
    finally:
        for process in started:
            process.kill()
            process.wait()
        shutil.rmtree(temporary)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """Give one cluster for all, whose workers each test makes ready: three programs take seconds to start."""
    with running(tmp_path_factory.mktemp("cluster")) as given:
        yield given


def address_in(path: Path) -> str:
    """Wait until a scheduler has written down where it is to be found."""
    for _ in range(6000):
        with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
            return str(json.loads(path.read_text())["address"])
        time.sleep(0.05)
    raise AssertionError(path)


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the project with short pages: what it has besides is what the workers have."""
    project = shorten(copy_of_project(tmp_path_factory.mktemp("short")))
    shutil.copy(TOP / "requirements.lock", project)
    return project


def build(project: Path, output: Path, *options: str) -> subprocess.Popen[str]:
    asked = [word for force in FORCES for word in ("--force", force)]
    command = [*COMMAND, "build", *asked, "--output", str(output), *options]
    environment = os.environ | {"PYTHONPATH": str(project / "src")}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for_a_page(build: subprocess.Popen[str]) -> None:
    """Read what a build says until it has made a page, whatever else is said before."""
    assert build.stderr is not None
    said = ""
    while f"made (1 of {PAGES}" not in said:
        line = build.stderr.readline()
        assert line, said
        said += line


def test_the_same_bytes_as_on_this_machine_though_a_worker_is_killed_midway_and_another_joins(
    standing: SimpleNamespace, short: Path, tmp_path: Path
) -> None:
    workers = standing.ready(2)
    add(made.as_workbook(tmp_path / "tables-230726.csv", change=1), as_it_is=True)  # figures that only this machine has
    log = tmp_path / "run.log"
    distant = build(short, tmp_path / "distant", "--cluster", standing.address, "--log", str(log))
    wait_for_a_page(distant)
    for each in workers:
        each.send_signal(signal.SIGSTOP)  # while they make other pages
    standing.join(1)
    for each in workers:
        each.kill()
    said, told = distant.communicate(timeout=600)
    assert (distant.returncode, said.splitlines()[0]) == (0, f"{PAGES} made, 0 unchanged, 0 failed"), told
    assert left(standing.temporary, may_leave="dask-*") == []
    assert len(re.findall(r" made (?:forces|answers)/\S* in \d+\.\d seconds\n", log.read_text())) == PAGES

    near = build(short, tmp_path / "near", "--jobs", "1")
    assert near.communicate(timeout=600)[0].startswith(f"{PAGES} made")
    assert tree(tmp_path / "distant") == tree(tmp_path / "near")


def test_other_code_or_versions_there_are_refused_before_anything_changes(
    standing: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing.ready(1)
    here = building.installed()
    monkeypatch.setattr(building, "installed", lambda: here | {"library": "0" * 64, "pandas": "1.5.3"})
    output = tmp_path / "out"
    with pytest.raises(RequestError) as error:
        publish.build(publish.request(force_names=["Kent"]), output, cluster=standing.address)
    assert re.fullmatch(
        rf"--cluster {standing.address}: worker tcp://\S+ has library {here['library'][:12]}, not 000000000000, "
        rf"pandas {here['pandas']}, not 1\.5\.3; install the same wheel and lock there as here",
        str(error.value),
    )
    assert not (output / "manifest.json").exists()


@pytest.mark.parametrize(
    ("source", "has"),
    [("__version__ = '0.2.1'", r"version 0\.2\.1"), ("raise ImportError('of another kind')", "of another kind")],
    ids=["older", "broken"],
)
def test_a_worker_of_another_version_is_named_with_both_before_anything_changes(
    source: str, has: str, standing: SimpleNamespace, tmp_path: Path
) -> None:
    (tmp_path / "old" / "analysis").mkdir(parents=True)
    (tmp_path / "old" / "analysis" / "__init__.py").write_text(source)
    standing.ready(1)
    come = standing.join(1, PYTHONPATH=str(tmp_path / "old"))
    wanted, output = publish.request(force_names=["Kent"]), tmp_path / "out"
    refused = rf"^--cluster {standing.address}: worker tcp://\S+ has {has}, not version {__version__}; install the same"
    try:
        with pytest.raises(RequestError, match=refused):
            publish.build(wanted, output, cluster=standing.address)
    finally:
        standing.leave(come)
    assert not (output / "manifest.json").exists()


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:9", "tls://127.0.0.1:9", "ucx://127.0.0.1:9", "tcp://[::1", "nonsense"]
)
def test_an_address_where_nobody_answers_is_refused(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cluster, "ANSWER_LIMIT", 0.2)
    assert main(["build", "--force", "Kent", "--output", str(tmp_path), "--cluster", address]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"analysis: --cluster {address}: no Dask scheduler answers there (")
    # Nor does Dask add a trace of its own, from whichever of its parts.
    loud = [name for name in logging.root.manager.loggerDict if name.split(".")[0] in {"distributed", "tornado"}]
    assert loud
    assert not [name for name in loud if logging.getLogger(name).isEnabledFor(logging.ERROR)]


def test_an_address_that_accepts_and_stays_silent_is_refused_within_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "ANSWER_LIMIT", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        began = time.monotonic()
        with pytest.raises(RequestError, match=r"no Dask scheduler answers there \(nothing within 0\.5 seconds\)"):
            publish.build(publish.request(force_names=["Kent"]), tmp_path, cluster=address)
    assert time.monotonic() - began < 60


def test_a_scheduler_that_is_killed_midway_fails_the_pages_by_name(short: Path, tmp_path: Path) -> None:
    with running(tmp_path) as own:
        own.ready(1)
        distant = build(short, tmp_path / "distant", "--cluster", own.address)
        wait_for_a_page(distant)
        own.scheduler.kill()
        said, told = distant.communicate(timeout=300)
    assert distant.returncode == 1
    assert "failed: forces/" in said, told
    assert "a fault in the program" not in told
    assert "Traceback" not in said + told


def test_a_worker_that_is_stopped_keeps_nobody_waiting(
    standing: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (stopped,) = standing.ready(1)
    stopped.send_signal(signal.SIGSTOP)
    monkeypatch.setattr(cluster, "CALL_LIMIT", 2)
    try:
        with pytest.raises(RequestError, match="a worker does not answer within 2 seconds; end it, or start it again"):
            publish.build(publish.request(force_names=["Kent"]), tmp_path / "out", cluster=standing.address)
    finally:
        stopped.send_signal(signal.SIGCONT)
    assert not (tmp_path / "out" / "manifest.json").exists()


def test_pages_fail_by_name_if_no_worker_is_left(
    standing: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "LONELY_LIMIT", 1)
    monkeypatch.setattr(worker, "AHEAD", 1)
    wanted = publish.request(force_names=["Kent", "Surrey"], release=RELEASE)
    progress = Killing(standing.ready(1))
    outcome = publish.build(wanted, tmp_path / "out", cluster=standing.address, progress=progress)
    assert outcome.failed.keys() >= {"forces/kent", "forces/surrey"}
    assert set(outcome.failed.values()) == {"no worker of the cluster is left"}


class Killing(Progress):
    """Kills every worker once the pages are on their way."""

    def __init__(self, workers: Sequence[subprocess.Popen[bytes]]) -> None:
        super().__init__(io.StringIO())
        self._workers = workers

    def begin(self, total: int) -> None:
        super().begin(total)
        for each in self._workers:
            each.kill()


def test_a_cluster_without_workers_is_refused(
    standing: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing.ready(0)
    monkeypatch.setattr(cluster, "ANSWER_LIMIT", 5)  # in which the scheduler must answer too
    with pytest.raises(RequestError, match="has no worker; start one by `dask worker tcp://"):
        publish.build(publish.request(force_names=["Kent"]), tmp_path / "out", cluster=standing.address)
