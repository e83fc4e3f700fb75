"""GOV.UK on loopback, as far as an update asks it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from analysis.figures import added

NAME = "prc-pfa-mar2013-onwards-tables-210127.ods"
FILE = f"/media/1/{NAME}"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
Answer = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """GOV.UK on loopback: an answer for each address, or a list of answers to give one after the other."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | list[Answer]] = {}
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                answer = outer.answers.get(self.path, status(404))
                if isinstance(answer, list):
                    answer = answer.pop(0)
                answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self.base = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Server:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def send(content: bytes, kind: str = ODS, *, length: int | None = None, **headers: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(content) if length is None else length))
        for name, value in headers.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(content)

    return answer


def status(code: int, **headers: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(code)
        for name, value in headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return answer


@contextmanager
def offering(content: bytes, name: str = NAME) -> Iterator[Server]:
    """Give a GOV.UK whose page offers a workbook of this content."""
    with Server() as server:
        server.answers[added.PAGE] = page(attachment(server.base + FILE, filename=name))
        server.answers[FILE] = send(content)
        yield server


def endless(request: BaseHTTPRequestHandler) -> None:
    """Send bytes without end, and no word of how many."""
    request.send_response(200)
    request.send_header("Content-Type", ODS)
    request.end_headers()
    try:
        while True:
            request.wfile.write(bytes(2**16))
    except OSError:
        pass


def trickling(first: bytes, piece: bytes) -> Answer:
    """Send a beginning, and then a piece every tenth of a second for longer than a test waits."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        try:
            request.wfile.write(first)
            for _ in range(50):
                request.wfile.write(piece)
                time.sleep(0.1)
        except OSError:
            pass

    return answer


def page(*attachments: dict[str, Any]) -> Answer:
    """Answer as the content API does."""
    body = {"title": "Police recorded crime and outcomes open data tables", "details": {"attachments": attachments}}
    return send(json.dumps(body).encode(), "application/json; charset=utf-8")


def attachment(url: str, **change: object) -> dict[str, Any]:
    return {
        "attachment_type": "file",
        "title": "Police recorded crime Police Force Area open data tables, from year ending March 2013 onwards",
        "filename": NAME,
        "url": url,
        "content_type": ODS,
        "file_size": 9_000_000,
    } | change


OTHERS = [
    {"title": "Outcomes open data tables", "filename": "outcomes-230426.ods", "url": "/o.ods"},
    {
        "title": "Police Force Area tables, March 2003 to March 2012",
        "filename": "prc-pfa-mar03-mar12.ods",
        "url": "/p.ods",
    },
    {"title": "A page in HTML", "url": "/h"},
]
