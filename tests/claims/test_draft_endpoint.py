"""Drafting with a model of the user's own: a stand-in server on this machine answers in its place."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from analysis import cli
from analysis.claims import drafts
from analysis.claims.drafts import endpoint
from analysis.claims.drafts.fields import Field

TEXT = """
Burglary in Kent

Thursday, 26 April 2018

Kent Police recorded 4,210 burglaries in 2016/17, up 12 per cent from 3,759 the year before.
"""
SENTENCE = "Kent Police recorded 4,210 burglaries in 2016/17, up 12 per cent from 3,759 the year before."
CLAIM = {
    "statement": SENTENCE,
    "area": "Kent Police",
    "offence": "burglaries",
    "change": "up 12 per cent",
    "current": {"value": "4,210", "period": "2016/17"},
    "baseline": {"value": "3,759", "period": "the year before"},
}


class Server(HTTPServer):
    """Answers every question alike, and keeps what it was sent."""

    status, answer = 200, b""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        super().__init__(("127.0.0.1", 0), Handler)

    def say(self, *claims: Any) -> None:
        content = json.dumps({"claims": list(claims)})
        self.answer = json.dumps({"choices": [{"message": {"content": content}}]}).encode()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    """One question and its answer."""

    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.answer)))
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as found:
        thread = threading.Thread(target=found.serve_forever, daemon=True)
        thread.start()
        yield found
        found.shutdown()
        thread.join()


def test_what_a_model_points_to_is_read_by_our_own_code(server):
    server.say(CLAIM)
    draft = drafts.draft(TEXT, model=server.url)
    (found,) = draft.candidates
    assert found.area == Field("Kent", "Kent Police")
    assert (found.offence.value, found.offence.quote) == ("burglary", "burglaries")
    assert (found.current.value.value, found.current.period.value) == (4210, "2016-04..2017-03")
    assert (found.baseline.value.value, found.baseline.period.value) == (3759, "2015-04..2016-03")
    assert found.change == {"percent": Field(12, "up 12 per cent")}
    assert draft.published.value == "2018-04-26"
    rendered = drafts.render(draft)
    assert "read from a text by a model: nothing in it is confirmed" in " ".join(rendered.replace("#", "").split())
    assert "draft: true" in rendered


@pytest.mark.parametrize("value", ["4,211", "421", "4210", "10", "4,2", "five", 210])
def test_a_number_that_does_not_stand_in_the_text_is_refused(server, value):
    server.say(CLAIM | {"current": {"value": value, "period": "2016/17"}, "baseline": None, "change": None})
    draft = drafts.draft(TEXT, model=server.url)
    assert draft.candidates == ()
    assert draft.notes == (f"The model gave “{value}”, which does not stand in the text: refused.",)
    assert "does not stand in the text" in " ".join(drafts.render(draft).replace("#", "").split())


def test_a_fraction_is_not_cut_to_a_whole_number_that_the_text_does_not_give(server):
    server.say(CLAIM | {"current": {"value": "4.5", "period": "2016/17"}, "baseline": None, "change": None})
    (found,) = drafts.draft(f"{TEXT}\nThat is 4.5 for each street.\n", model=server.url).candidates
    assert found.current.value.value == 4.5


def test_words_that_do_not_stand_in_the_text_leave_their_field_blank_or_to_the_text(server):
    invented = {
        "area": "Essex",
        "offence": "rapes",
        "change": "up 99%",
        "current": {"value": "4,210", "period": "2020/21"},
    }
    server.say(invented)
    (found,) = drafts.draft(TEXT, model=server.url).candidates
    assert (found.area.value, found.offence.value, found.change) == (None, "burglary", {})
    assert found.current.period.value is None


def test_the_text_the_question_and_the_schema_are_all_that_is_sent_and_to_that_address_alone(server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    server.say()
    drafts.draft(TEXT, model=f"{server.url}#small")
    ((path, headers, body),) = server.asked
    assert path == "/v1/chat/completions"
    assert set(body) == {"model", "messages", "temperature", "response_format"}
    assert body["model"] == "small"
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert body["messages"][1]["content"] == " ".join(TEXT.split())
    assert body["response_format"]["json_schema"]["schema"] == endpoint.SCHEMA
    assert not {"Authorization", "Cookie"} & set(headers)


def test_without_the_option_nobody_is_asked(monkeypatch):
    monkeypatch.setattr(endpoint, "_answered", lambda *_: pytest.fail("asked"))
    assert len(drafts.draft(TEXT).candidates) == 1


@pytest.mark.parametrize(
    ("status", "answer", "said"),
    [
        (500, b"", "answered with status 500"),
        (302, b"", "answered with status 302"),
        (200, b"{", "no list of claims"),
        (200, b'{"choices": []}', "no list of claims"),
        (200, b"[" * 5000, "no list of claims"),
        (200, b"\xff", "no list of claims"),
        (200, b'{"choices": [{"message": {"content": "{\\"claims\\": [3]}"}}]}', "no list of claims"),
        (200, b" " * 1_000_001, "over 1,000,000 bytes"),
    ],
)
def test_an_answer_that_is_none_is_refused_in_one_line(server, status, answer, said, tmp_path, capsys):
    article = tmp_path / "article.txt"
    article.write_text(TEXT, encoding="utf-8")
    server.status, server.answer = status, answer
    assert cli.main(["draft", str(article), "--model", server.url]) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert (printed.err.count("\n"), printed.out) == (1, "")


@pytest.mark.parametrize("url", ["", "nowhere", "ftp://example.org", "http://", "http://127.0.0.1:1/v1", "http://[::1"])
def test_an_address_that_cannot_be_asked_is_refused_in_one_line(url, tmp_path, capsys):
    article = tmp_path / "article.txt"
    article.write_text(TEXT, encoding="utf-8")
    assert cli.main(["draft", str(article), "--model", url]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_one_who_never_answers_is_waited_for_a_bounded_time(monkeypatch):
    monkeypatch.setattr(endpoint, "SECONDS", 0.2)
    released = threading.Event()

    def wait(*_: Any, **__: Any) -> None:
        released.wait(30)

    monkeypatch.setattr("requests.Session.post", wait)
    with pytest.raises(Exception, match=r"gave no answer within 0\.2 seconds"):
        drafts.draft(TEXT, model="http://127.0.0.1:1/v1")
    released.set()
