from __future__ import annotations

import contextlib
import errno
import os
import threading
from pathlib import Path

import pytest

from analysis import files
from analysis.errors import RequestError


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_in_a_checkout_shipped_files_stand_at_its_top() -> None:
    assert files.in_checkout()
    assert files.shipped("data", "raw") == Path(__file__).parents[2] / "data" / "raw"


def test_in_a_wheel_shipped_files_stand_inside_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PACKAGE", Path("/site-packages/analysis"))
    assert not files.in_checkout()
    assert files.shipped("data", "raw") == Path("/site-packages/analysis/shipped/data/raw")


def test_what_a_user_adds_goes_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANALYSIS_DATA", "here")
    assert files.user_data() == tmp_path.resolve() / "here"


@pytest.mark.parametrize("unset", [True, False])
def test_without_a_word_from_the_environment_it_goes_to_the_checkout(
    unset: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if unset:
        monkeypatch.delenv("ANALYSIS_DATA")
    else:
        monkeypatch.setenv("ANALYSIS_DATA", "")
    assert files.user_data() == files.CHECKOUT / "data"


def test_from_a_wheel_it_goes_to_the_users_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANALYSIS_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(files, "PACKAGE", tmp_path / "site-packages" / "analysis")
    assert files.user_data().name == "like-for-like"
    assert files.PACKAGE not in files.user_data().parents
    old = files.user_data().with_name("recorded-grooming-offences")
    old.mkdir(parents=True)
    assert files.user_data() == old  # what was added under the project's former name is found
    old.with_name("like-for-like").mkdir()
    assert files.user_data().name == "like-for-like"


def test_hash_of_a_file_is_the_hash_of_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "abc"
    path.write_bytes(b"abc")
    published = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, appendix B.1
    assert files.sha256(path) == files.sha256(b"abc") == published


def test_writes_all_bytes_into_folders_that_it_makes(tmp_path: Path) -> None:
    files.write_whole(tmp_path / "a" / "b" / "page.html", b"\r\n\x00\xff")
    assert (tmp_path / "a" / "b" / "page.html").read_bytes() == b"\r\n\x00\xff"
    assert names(tmp_path / "a" / "b") == ["page.html"]


def test_the_unfinished_file_waits_in_the_staging_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda _: waiting.extend(names(tmp_path / "staging")))
    files.write_whole(tmp_path / "pages" / "page.html", b"new", staging=tmp_path / "staging")
    assert len(waiting) == 1
    assert names(tmp_path / "pages") == ["page.html"]
    assert names(tmp_path / "staging") == []


def test_the_old_file_stands_until_the_new_one_has_reached_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"old")
    seen: list[bytes] = []
    monkeypatch.setattr(os, "fsync", lambda _: seen.append(path.read_bytes()))
    files.write_whole(path, b"new")
    assert seen == [b"old", *([b"new"] if os.name == "posix" else [])]  # the bytes, then the name in its folder
    assert path.read_bytes() == b"new"


def test_a_full_disk_is_said_in_one_line_and_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(
        RequestError, match=r"page\.html: cannot be written \(No space left on device\); give ANALYSIS_DATA a folder"
    ):
        files.write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["page.html"]


def test_a_read_only_folder_is_said_in_one_line(read_only: Path) -> None:
    with pytest.raises(RequestError, match=r"page\.html: cannot be written \(Permission denied\)"):
        files.write_whole(read_only / "page.html", b"new")


def test_a_file_where_a_folder_should_be_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "reports").write_bytes(b"a file")
    with pytest.raises(RequestError, match=r"page\.html: cannot be written \((Not a directory|File exists)\)"):
        files.write_whole(tmp_path / "reports" / "page.html", b"new")
    assert (tmp_path / "reports").read_bytes() == b"a file"


@pytest.mark.skipif(os.name != "posix", reason="links and pipes")
def test_what_stands_in_the_place_of_a_file_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_bytes(b"mine")
    (tmp_path / "link").symlink_to(mine)
    os.mkfifo(tmp_path / "pipe")
    for name, what in (("link", "a link"), ("pipe", "a pipe or a device"), (".", "a folder")):
        with pytest.raises(RequestError, match=f"is {what}, and no file"):
            files.write_whole(tmp_path / name, b"new")
    with pytest.raises(RequestError, match="/dev/null: is a pipe or a device"):
        files.write_whole(Path("/dev/null"), b"new")
    with pytest.raises(RequestError, match="-: is standard input"):
        files.write_whole(files.STANDARD_INPUT, b"new")
    assert mine.read_bytes() == b"mine"


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_no_link_that_another_user_has_laid_is_written_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = tmp_path / "mine"
    mine.write_bytes(b"mine")
    monkeypatch.setattr(files.secrets, "token_hex", lambda _: "foreseen")
    for name in (f".page.html.{os.getpid()}.part", ".page.html.foreseen.part"):
        (tmp_path / name).symlink_to(mine)
    with pytest.raises(RequestError, match="cannot be written"):
        files.write_whole(tmp_path / "page.html", b"new")
    assert mine.read_bytes() == b"mine"


@pytest.mark.skipif(os.name != "posix", reason="pipes in files")
@pytest.mark.parametrize(("sent", "is_right"), [(b"all of it", True), (b"x" * 200_000, False)])
def test_a_pipe_is_read_to_its_end_or_its_bound(sent: bytes, is_right: bool, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def send() -> None:
        with contextlib.suppress(BrokenPipeError):
            pipe.write_bytes(sent)

    thread = threading.Thread(target=send)
    thread.start()
    with (
        contextlib.nullcontext()
        if is_right
        else pytest.raises(RequestError, match="larger than 100 bytes; give a file")
    ):
        assert files.read(pipe, most=100, right="give a file") == sent
    thread.join()
