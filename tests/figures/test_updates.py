from __future__ import annotations

import functools
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import made
import official
import pytest
from govuk import FILE, NAME, OTHERS, Answer, Server, attachment, endless, page, send, status, trickling

from analysis.errors import RequestError
from analysis.figures import added
from analysis.figures.register import load_register

update = functools.partial(added.update, as_it_is=True)  # figures made up, far from those that are held


@pytest.fixture
def govuk(store: Path) -> Iterator[Server]:
    with Server() as server:
        server.answers[added.PAGE] = page(*OTHERS, attachment(server.base + FILE))
        yield server
    assert not list(store.rglob("*.part"))


@pytest.fixture
def workbook(tmp_path: Path) -> bytes:
    return official.ods(tmp_path / "w.ods", official.years(2012, 2014)).read_bytes()


def held() -> list[str]:
    return [release.id for release in load_register().releases]


BEFORE = ["before-2019-08", "2019-outcomes", "2023-10-19", "2026-04-23"]


def test_adds_the_newest_table_of_police_force_areas(govuk: Server, workbook: bytes) -> None:
    govuk.answers[FILE] = send(workbook)
    done = update(base=govuk.base)
    assert done.startswith("Added release 2027-01-21: full, April 2012 to March 2015, 3 offence codes.")
    assert govuk.asked == [added.PAGE, FILE]
    assert load_register().release("latest").obtained == f"Downloaded from {govuk.base}{FILE}."


def test_says_that_there_is_nothing_new(govuk: Server, workbook: bytes) -> None:
    govuk.answers[FILE] = send(workbook)
    update(base=govuk.base)
    again = update(base=govuk.base)
    assert again == f"Nothing new: the newest table on GOV.UK is {NAME}, and that release is held already."
    assert govuk.asked.count(FILE) == 1


def test_takes_the_newest_of_several_tables(govuk: Server, workbook: bytes) -> None:
    older = attachment("/media/0/old.ods", filename="prc-pfa-mar2013-onwards-tables-230426.ods")
    govuk.answers[added.PAGE] = page(older, attachment(govuk.base + FILE), older)
    govuk.answers[FILE] = send(workbook)
    assert made.held(update(base=govuk.base)).id == "2027-01-21"


def test_finds_the_table_by_its_title_and_follows_an_address_of_the_same_host(govuk: Server, workbook: bytes) -> None:
    govuk.answers[added.PAGE] = page(attachment("/elsewhere/t.ods", filename="tables-210127.ods"))
    govuk.answers["/elsewhere/t.ods"] = status(302, Location=FILE)
    govuk.answers[FILE] = send(workbook)
    assert made.held(update(base=govuk.base)).id == "2027-01-21"


def test_the_address_is_a_setting(govuk: Server, workbook: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANALYSIS_GOVUK", govuk.base + "/")
    govuk.answers[FILE] = send(workbook)
    assert update().startswith("Added")


@pytest.mark.slow
def test_tries_again_after_a_failure_of_the_server(govuk: Server, workbook: bytes) -> None:
    govuk.answers[FILE] = [status(500), status(503), send(workbook[:100], length=len(workbook)), send(workbook)]
    assert update(base=govuk.base).startswith("Added")


def refused(govuk: Server, says: str) -> None:
    with pytest.raises(RequestError, match=says) as caught:
        update(base=govuk.base)
    assert "\n" not in str(caught.value)
    assert held() == BEFORE


@pytest.mark.parametrize(
    ("answer", "says", "times"),
    [
        (status(404), f"{FILE}: the server answered 404", 1),
        (status(500), f"{FILE}: the server answered 500", 3),
        (status(302, Location="http://[::1"), f"{FILE}: could not be fetched whole", None),
        (send(b"PK" * 100, length=1000), f"{FILE}: could not be fetched whole", 3),
        (send(b"PK", length=600 * 2**20), f"{FILE}: 600 MB or more; a release is under 200 MB", None),
        (send(b"PK\x03\x04"), f"{NAME}: not a workbook that can be read", None),  # which does not say so
        (send(b"<!DOCTYPE html>"), f"{NAME}: not a workbook that can be read", None),
    ],
)
def test_a_file_that_does_not_come_whole_is_refused_and_asked_for_again_where_that_may_help(
    answer: Answer, says: str, times: int | None, govuk: Server
) -> None:
    govuk.answers[FILE] = answer
    refused(govuk, says)
    assert times is None or govuk.asked.count(FILE) == times


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (status(404), f"{added.PAGE}: the server answered 404"),
        (send(b"{}", "application/json"), "is not as it was when this was written"),
        (send(b'{"details": {"attachments": "none"}}', "application/json"), "is not as it was when this was written"),
        (send(b"not JSON", "application/json"), "is not as it was when this was written"),
        (send(b"[" * 10**5, "application/json"), "is not as it was when this was written"),
        (page(attachment("http://[::1")), "is not as it was when this was written"),
        (send(b"<html>", "text/html"), "is not as it was when this was written"),
        (page(*OTHERS), "is not as it was when this was written"),
        (page(), "is not as it was when this was written"),
        (page(attachment(FILE, filename="prc-pfa-mar2013-onwards-tables.ods")), "the name ends in no date of release"),
        (page(attachment(FILE, filename="../prc-pfa-mar2013-210127.ods")), "is not as it was when this was written"),
    ],
)
def test_a_page_of_another_layout_is_refused(answer: Answer, says: str, govuk: Server) -> None:
    govuk.answers[added.PAGE] = answer
    refused(govuk, says)


def test_a_table_without_a_date_does_not_hide_those_that_have_one(govuk: Server, workbook: bytes) -> None:
    undated = attachment(FILE, filename="prc-pfa-mar2013-onwards-tables.ods")
    govuk.answers[added.PAGE] = page(undated, attachment(govuk.base + FILE))
    govuk.answers[FILE] = send(workbook)
    assert made.held(update(base=govuk.base)).id == "2027-01-21"


def test_a_release_of_tomorrow_is_not_taken(govuk: Server, workbook: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANALYSIS_TODAY", "2027-01-20")
    govuk.answers[FILE] = send(workbook)
    refused(govuk, "released on 2027-01-21, after today, 2027-01-20")


def test_figures_far_from_those_held_are_not_taken(govuk: Server, workbook: bytes) -> None:
    govuk.answers[FILE] = send(workbook)
    with pytest.raises(RequestError, match=r"add up to .*, where release 2026-04-23 has .* with --as-it-is"):
        added.update(base=govuk.base)
    assert held() == BEFORE


def test_no_other_host_is_asked(govuk: Server, workbook: bytes) -> None:
    with Server() as other:
        other.answers[FILE] = send(workbook)
        govuk.answers[FILE] = status(302, Location=other.base + FILE)
        refused(govuk, f"leads elsewhere than to .* for '{other.base}{FILE}'")
        govuk.answers[added.PAGE] = page(attachment(other.base + FILE))
        refused(govuk, f"leads elsewhere than to .* for '{other.base}{FILE}'")
        assert other.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://assets.publishing.service.gov.uk/t.ods",
        "https://user@assets.publishing.service.gov.uk/t.ods",
        "https://assets.publishing.service.gov.uk.example/t.ods",
        "file:///etc/hostname",
    ],
)
def test_only_https_and_known_hosts_are_asked(url: str, govuk: Server) -> None:
    govuk.answers[added.PAGE] = page(attachment(url))
    refused(govuk, "t.ods: leads elsewhere than to|hostname: leads elsewhere")


@pytest.mark.usefixtures("store")
def test_a_base_without_https_is_refused() -> None:
    with pytest.raises(RequestError, match="must begin with https://"):
        update(base="http://www.gov.uk")


def unmeasured(content: bytes) -> Answer:
    """Send a body with a length that is no number, and is not believed."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "many")
        request.end_headers()
        request.wfile.write(content)

    return answer


@pytest.mark.parametrize("more", [0, 1])
@pytest.mark.parametrize("told", [True, False])
def test_a_file_is_taken_up_to_the_size_of_the_largest(
    more: int, told: bool, govuk: Server, workbook: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(added.workbook, "MOST_BYTES", len(workbook) - more)
    govuk.answers[FILE] = send(workbook) if told else unmeasured(workbook)
    if more:
        refused(govuk, f"{FILE}: 0 MB or more")
    else:
        assert update(base=govuk.base).startswith("Added")


def test_a_body_without_end_is_cut_off(govuk: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(added.workbook, "MOST_BYTES", 10 * 2**20)
    govuk.answers[FILE] = endless
    refused(govuk, f"{FILE}: 10 MB or more; a release is under 10 MB")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("first", "piece"),
    [
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\n", b"X-Slow: yes\r\n"),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"-"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"{"),
    ],
)
def test_what_trickles_without_end_is_cut_off(
    first: bytes, piece: bytes, govuk: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(added, "_LONGEST", 0.5)
    govuk.answers[added.PAGE] = trickling(first, piece)
    refused(govuk, f"{govuk.base}: took longer than 0 minutes; try again later")


def test_a_chunk_of_less_than_nothing_is_refused(govuk: Server) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Transfer-Encoding", "chunked")
        request.end_headers()
        request.wfile.write(b"-5\r\nhello\r\n0\r\n\r\n")

    govuk.answers[FILE] = answer
    refused(govuk, FILE)


@pytest.mark.slow
@pytest.mark.usefixtures("store")
def test_a_server_that_is_not_there_is_named() -> None:
    with Server() as server:
        base = server.base
    with pytest.raises(RequestError, match=f"{base}{added.PAGE}: could not be fetched whole"):
        update(base=base)
