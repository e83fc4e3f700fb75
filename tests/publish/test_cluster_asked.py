"""What is asked of a Dask cluster, and what is made of its answers; the cluster here is made up, so that it can say anything."""

from __future__ import annotations

import contextlib
import logging
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("distributed")

from analysis._version import __version__
from analysis.errors import RequestError
from analysis.publish import building, cluster
from analysis.publish.worker import START_LIMIT, WorkerDied

ADDRESS, WORKER = "tcp://127.0.0.1:8786", "tcp://127.0.0.1:9000"


class Cluster:
    """A client of a cluster that gives the answers that a test sets, and keeps what it was asked."""

    def __init__(self) -> None:
        self.status = "running"
        self.asked: list[tuple[Any, ...]] = []
        self.answers: dict[str, Any] = {
            "run": {WORKER: f"version {__version__}"},
            "scheduler_info": {"workers": {WORKER: {}}},
        }

    def __getattr__(self, name: str) -> Any:
        def answer(*words: Any, **named: Any) -> Any:
            self.asked.append((name, *words, named))
            found = self.answers.get(name)
            if isinstance(found, BaseException):
                raise found
            return found

        return answer

    @property
    def names(self) -> list[str]:
        return [name for name, *_ in self.asked]


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> Cluster:
    made = Cluster()
    monkeypatch.setattr(cluster, "_client", lambda address: made if address == ADDRESS else None)
    return made


def on_cluster(limit: float = 100) -> Any:
    return cluster.on_cluster(ADDRESS, {"a.csv": b"1"}, limit)


def test_a_cluster_is_asked_for_a_worker_and_its_version_set_up_and_taken_down_also_after_a_fault(
    made_up: Cluster,
) -> None:
    loud = logging.getLogger("distributed.made.up")
    loud.setLevel(logging.DEBUG)
    others = logging.getLogger("distributedly")
    with contextlib.suppress(ZeroDivisionError), on_cluster() as makers:
        assert made_up.names == ["wait_for_workers", "run", "register_plugin"]
        makers.submit({"page": "kent"})
        raise ZeroDivisionError
    wait, run, register, submit, unregister, close = made_up.asked
    setup = register[1]
    assert re.fullmatch("analysis-[0-9a-f]{12}", setup.name)
    assert wait[1:] == (1, {"timeout": cluster.ANSWER_LIMIT})
    assert run[3] == {"on_error": "return"}
    assert run[1](run[2]) == f"version {__version__}"  # as a worker evaluates it
    assert register[2] == {"name": setup.name}
    assert submit == ("submit", cluster._made, setup.name, {"page": "kent"}, {"pure": False})
    assert unregister == ("unregister_worker_plugin", setup.name, {})
    assert close == ("close", {"timeout": cluster.ANSWER_LIMIT})
    assert (loud.level, others.level) == (logging.CRITICAL, logging.NOTSET)


def test_a_cluster_that_is_gone_when_it_is_taken_down_does_not_matter(made_up: Cluster) -> None:
    made_up.answers |= {"unregister_worker_plugin": OSError("gone"), "close": OSError("gone")}
    with on_cluster():
        pass
    assert made_up.names[-2:] == ["unregister_worker_plugin", "close"]


SAME = "install the same wheel and lock there as here"


@pytest.mark.parametrize(
    ("answers", "said", "asked"),
    [
        ({"wait_for_workers": TimeoutError()}, f"has no worker; start one by `dask worker {ADDRESS}`", "wait_for_workers"),
        ({"run": {"a": f"version {__version__}", "b": "version 0.1"}}, f"worker b has version 0.1, not version {__version__}; {SAME}", "run"),
        ({"run": {"a": ImportError("no analysis")}}, f"worker a has no analysis, not version {__version__}; {SAME}", "run"),
        ({"run": OSError("lost")}, f"lost; {SAME}", "run"),
        ({"register_plugin": RequestError("worker a has python 2.7")}, "worker a has python 2.7", "register_plugin"),
        ({"register_plugin": ValueError("no such module")}, f"no such module; {SAME}", "register_plugin"),
    ],
)  # fmt: skip
def test_a_cluster_that_cannot_make_pages_is_refused_by_its_address_and_left(
    answers: Mapping[str, Any], said: str, asked: str, made_up: Cluster
) -> None:
    made_up.answers |= answers
    with pytest.raises(RequestError) as error, on_cluster():
        pytest.fail("set up")
    assert str(error.value) == f"--cluster {ADDRESS}: {said}"
    assert made_up.names[-3:] == [asked, "unregister_worker_plugin", "close"]


def test_a_cluster_that_does_not_answer_is_not_waited_for(made_up: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    def within(seconds: float, work: Any, *, late: str) -> Any:
        waited.append(seconds)
        if made_up.answers["run"] is None:
            raise RequestError(late)
        return work()

    waited: list[float] = []
    monkeypatch.setattr(cluster, "within", within)
    with on_cluster() as makers:
        makers.lost(2)
    assert waited == [cluster.CALL_LIMIT] * 4  # its version, its setting up, who is there, its taking down
    made_up.answers["run"] = None
    late = "a worker does not answer within 60 seconds; end it, or start it again"
    with pytest.raises(RequestError, match=f"^--cluster {ADDRESS}: {late}$"), on_cluster():
        pytest.fail("set up")


def test_what_a_cluster_has_lost_is_said_when_it_is_sure(made_up: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(cluster.time, "monotonic", lambda: now[0])
    longest = 2 * (100 + START_LIMIT)
    with on_cluster(limit=100) as makers:
        del made_up.asked[:]
        assert makers.lost(0.5) == ""
        assert made_up.names == []  # where a page has just been done, nobody is asked
        assert makers.lost(1) == makers.lost(longest) == ""
        assert made_up.asked == [("scheduler_info", {"n_workers": -1})] * 2
        assert makers.lost(longest + 1) == f"no worker of the cluster has done a page within {longest} seconds"
        for nobody in ({"workers": {}}, OSError("a scheduler that does not answer")):
            now[0] += 100
            assert makers.lost(0.5) == ""
            made_up.answers["scheduler_info"] = nobody
            now[0] += cluster.LONELY_LIMIT
            assert makers.lost(2) == ""
            now[0] += 0.1
            assert makers.lost(2) == "no worker of the cluster is left"
        made_up.status = "closed"
        assert makers.lost(0) == "the scheduler is gone"


def test_a_client_waits_no_longer_and_is_the_default_of_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_Client", lambda *words, **named: (words, named))
    assert cluster._client(ADDRESS) == ((ADDRESS,), {"timeout": cluster.ANSWER_LIMIT, "set_as_default": False})


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "inproc://1/2/3", "tcp://"])
def test_of_an_address_of_another_kind_nothing_more_is_said_when_all_is_over(address: str) -> None:
    code = f"""
from analysis.errors import RequestError
from analysis.publish.cluster import _client
try:
    _client({address!r})
except RequestError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"--cluster {address}: no Dask scheduler answers there (")
    assert done.stderr == ""


@pytest.fixture
def worker(tmp_path: Path) -> SimpleNamespace:
    return SimpleNamespace(address="here", local_directory=str(tmp_path), plugins={})


def test_a_worker_writes_the_figures_makes_pages_and_clears_them_away(
    worker: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup = cluster.Setup("analysis-1", {"data/a.csv": b"1"}, cluster._code())
    setup.setup(worker)
    (folder,) = tmp_path.glob("like-for-like-*")
    assert (folder / "snapshot" / "data" / "a.csv").read_bytes() == b"1"
    worker.plugins["analysis-1"] = setup
    monkeypatch.setattr(cluster.distributed, "get_worker", lambda: worker)
    monkeypatch.setattr(setup.workers, "make", lambda asked: {"made": asked})
    assert cluster._made("analysis-1", {"page": "kent"}) == {"made": {"page": "kent"}}
    setup.teardown(worker)
    assert not folder.exists()
    assert setup.workers._is_closed


def test_a_worker_of_other_code_is_refused_by_what_differs_and_makes_no_page(
    worker: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = building.installed()
    setup = cluster.Setup("analysis-1", {}, cluster._code() | {"python": "2.7", "library": "0" * 64, "new": "1"})
    differs = f"library {here['library'][:12]}, not 000000000000, python {here['python']}, not 2.7, new none, not 1"
    with pytest.raises(RequestError, match=f"^worker here has {differs}; {SAME}$"):
        setup.setup(worker)
    setup.teardown(worker)
    monkeypatch.setattr(cluster.distributed, "get_worker", lambda: worker)
    for plugins in ({}, {"analysis-1": setup}):
        worker.plugins = plugins
        with pytest.raises(WorkerDied, match=f"a worker that joined has other code or versions; {SAME}"):
            cluster._made("analysis-1", {})
    assert list(tmp_path.glob("like-for-like-*")) == []
