from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from documents import tree

from analysis.errors import RequestError
from analysis.files import sha256
from analysis.publish import store
from analysis.publish.store import publishing

OLD = {"forces/kent.html": b"old page", "data/kent.csv": b"old figures"}
NEW = {"forces/kent.html": b"new page", "data/kent-funnel.csv": b"new figures"}


def manifest(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return content


def held(folder: Path) -> dict[str, str]:
    """Return the hash of every file in a folder but the manifest itself."""
    return tree(folder, but=("manifest.json", ".staging"))


def hashes(content: dict[str, bytes]) -> dict[str, str]:
    return {name: sha256(data) for name, data in content.items()}


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """Give a folder in which one page was published."""
    with publishing(tmp_path / "reports") as out:
        out.publish("kent", "1", OLD)
    return tmp_path / "reports"


def test_files_are_whole_and_the_manifest_lists_each_with_its_hash(published: Path) -> None:
    assert {name: (published / name).read_bytes() for name in OLD} == OLD
    assert manifest(published) == {
        "sha256": manifest(published)["sha256"],
        "schema": 1,
        "pages": {"kent": {"digest": "1", "files": ["data/kent.csv", "forces/kent.html"]}},
        "outputs": hashes(OLD),
    }
    assert not (published / ".staging").exists()


@pytest.mark.slow
@pytest.mark.parametrize("error", [None, KeyboardInterrupt])
def test_where_there_are_many_pages_some_are_put_in_place_together_and_none_is_lost(
    error: type[BaseException] | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    written: list[bytes] = []
    put = store.write_whole

    def count(path: Path, content: bytes, **options: Any) -> None:
        written.extend([content] if path.name == "manifest.json" else [])
        put(path, content, **options)

    monkeypatch.setattr(store, "write_whole", count)
    with pytest.raises(error) if error else contextlib.nullcontext(), publishing(tmp_path) as out:
        for number in range(450):
            out.publish(str(number), "1", {f"{number}.html": b"page", f"{number}.csv": b"figures"})
        if error:
            raise error
    assert len(held(tmp_path)) == 900
    assert manifest(tmp_path)["outputs"] == held(tmp_path)
    placed = flushes = 0
    for number in range(1, 451):
        if number - placed > placed / 100:  # one in a hundred of those that are there may wait
            placed, flushes = number, flushes + 1
    assert len(written) == 2 * (flushes + (placed < 450))


def test_what_the_pages_are_made_from_stands_in_the_manifest(published: Path) -> None:
    with publishing(published) as out:
        out.describe({"release": "2026-04-23"})
    assert manifest(published)["release"] == "2026-04-23"
    with publishing(published) as out:
        assert out.about == {"release": "2026-04-23"}
        assert out.outputs == hashes(OLD)


def test_the_same_pages_give_the_same_manifest_whatever_their_order(tmp_path: Path) -> None:
    for folder, order in (("a", ["kent", "essex"]), ("b", ["essex", "kent"])):
        with publishing(tmp_path / folder) as out:
            for page in order:
                out.publish(page, "1", {f"{page}.html": page.encode()})
            out.describe({"versions": {"b": 1, "a": 2}, "release": "x"})
    assert (tmp_path / "a" / "manifest.json").read_bytes() == (tmp_path / "b" / "manifest.json").read_bytes()


def test_while_a_page_is_replaced_the_manifest_knows_every_file_old_and_new(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, moments = store.write_whole, []

    def look(path: Path, content: bytes, **options: Any) -> None:
        write(path, content, **options)
        listed = manifest(published)
        known = {*listed["outputs"].items(), *listed.get("replacing", {}).items()}
        moments.append(set(held(published).items()) <= known)

    monkeypatch.setattr(store, "write_whole", look)
    with publishing(published) as out:
        out.publish("kent", "2", NEW)
    assert moments == [True] * 4  # manifest, two files, manifest
    assert "replacing" not in manifest(published)
    assert held(published) == manifest(published)["outputs"] == hashes(NEW)


def publish_until(folder: Path, monkeypatch: pytest.MonkeyPatch, writes: int) -> None:
    """Publish the new page in place of the old one, but end the build after so many writes."""
    write, written = store.write_whole, []

    def killed(path: Path, content: bytes, **options: Any) -> None:
        if len(written) == writes:
            raise KeyboardInterrupt
        written.append(path)
        write(path, content, **options)

    with monkeypatch.context() as patch:
        patch.setattr(store, "write_whole", killed)
        with pytest.raises(KeyboardInterrupt), publishing(folder) as out:
            out.publish("kent", "2", NEW)


@pytest.mark.parametrize("writes", range(4))
def test_a_build_that_ends_at_any_moment_leaves_only_whole_files_and_the_next_one_mends_it(
    writes: int, published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_until(published, monkeypatch, writes)
    faults = store.verify(published).faults
    assert bool(faults) is bool(writes)
    assert not writes or faults[0] == "unfinished: a build is writing here, or was broken off; build again"
    assert not [each for each in faults if each.startswith("foreign")]  # what replaces another file is known
    listed = manifest(published)
    known = {*listed["outputs"].items(), *listed.get("replacing", {}).items()}
    if writes < 3:  # the last moment lies between taking an old file away and saying so
        assert set(held(published).items()) <= known
    assert set(held(published).values()) <= {*hashes(OLD).values(), *hashes(NEW).values()}

    with publishing(published) as out:
        if not out.is_current("kent", "2"):
            out.publish("kent", "2", NEW)
    assert held(published) == manifest(published)["outputs"] == hashes(NEW)
    assert "replacing" not in manifest(published)


@pytest.mark.parametrize("writes", range(4))
def test_a_build_after_a_killed_one_lists_what_stands_and_not_what_should(
    writes: int, published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_until(published, monkeypatch, writes)
    with publishing(published) as out:
        assert held(published).items() <= manifest(published)["outputs"].items()
        assert out.is_current("kent", "2") == (writes == 3)


@pytest.mark.parametrize("writes", range(4))
def test_a_new_page_is_none_until_its_last_file_stands(
    writes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_until(tmp_path, monkeypatch, writes)
    with publishing(tmp_path) as out:
        assert out.is_current("kent", "2") == (writes == 3)
        assert list(out.pages) == (["kent"] if writes == 3 else [])
    assert held(tmp_path) == (hashes(NEW) if writes == 3 else {})


def test_a_page_is_current_only_for_the_same_inputs(published: Path) -> None:
    with publishing(published) as out:
        assert out.is_current("kent", "1")
        assert not out.is_current("kent", "2")
        assert not out.is_current("essex", "1")


@pytest.mark.parametrize("name", OLD)
@pytest.mark.parametrize("harm", ["changed", "removed", "a folder"])
def test_a_file_that_someone_touched_is_noticed(name: str, harm: str, published: Path) -> None:
    (published / name).unlink()
    if harm == "changed":
        (published / name).write_bytes(OLD[name].upper())
    elif harm == "a folder":
        (published / name).mkdir()
    with publishing(published) as out:
        assert not out.is_current("kent", "1")


def test_a_withdrawn_page_goes_with_all_its_files_and_leaves_the_others(published: Path) -> None:
    with publishing(published) as out:
        out.publish("essex", "1", {"forces/essex.html": b"essex"})
        out.withdraw(["kent", "a page that never was"])
    assert held(published) == manifest(published)["outputs"] == hashes({"forces/essex.html": b"essex"})
    assert list(manifest(published)["pages"]) == ["essex"]


def test_a_build_that_ends_while_it_withdraws_a_page_leaves_no_page_without_files(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlink = Path.unlink

    def killed(path: Path, *, missing_ok: bool = False) -> None:
        unlink(path, missing_ok=missing_ok)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", killed)
        with pytest.raises(KeyboardInterrupt), publishing(published) as out:
            out.withdraw(["kent"])
    assert len(held(published)) == len(OLD) - 1
    with publishing(published) as out:
        assert out.pages == {}
    assert held(published) == manifest(published)["outputs"] == {}


def test_files_of_others_in_the_folder_are_left_alone(published: Path) -> None:
    (published / "notes.txt").write_text("mine", encoding="utf-8")
    with publishing(published) as out:
        out.publish("kent", "2", NEW)
        out.withdraw(["kent"])
    assert (published / "notes.txt").read_text(encoding="utf-8") == "mine"


OUTSIDE = [
    "../x.html", "/etc/x.html", "forces/../../x.html", "..\\x.html", "C:x.html", "", ".", "a\0b", "a\nb.html", ".git/x.html", ".x.html",
    "x", "x.txt", "forces//kent.html", "forces/kent.html/",
]  # fmt: skip


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_path_that_leaves_the_folder_is_refused_before_anything_is_written(name: str, published: Path) -> None:
    with publishing(published) as out, pytest.raises(RequestError, match="leaves the output folder"):
        out.publish("kent", "2", {"forces/kent.html": b"new", name: b"x"})
    assert held(published) == manifest(published)["outputs"] == hashes(OLD)


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("place", ["outputs", "files"])
def test_a_manifest_that_points_outside_removes_nothing(name: str, place: str, tmp_path: Path) -> None:
    victim = tmp_path / "x.html"
    victim.write_bytes(b"victim")
    page = {"digest": "d", "files": [name] if place == "files" else []}
    content = {"schema": 1, "pages": {"p": page}, "outputs": {name: "0"} if place == "outputs" else {}}
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    with (
        pytest.raises(RequestError, match=r"manifest\.json: not a manifest that this version wrote"),
        publishing(folder),
    ):
        pytest.fail("opened")
    assert victim.read_bytes() == b"victim"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "not JSON",
        "\N{LATIN SMALL LETTER Y WITH DIAERESIS}",
        "[]",
        "{}",
        "null",
        "[" * 100_000,
        json.dumps({"schema": 2, "pages": {}, "outputs": {}}),
        json.dumps({"schema": 1, "outputs": {}}),
        json.dumps({"schema": 1, "pages": {}}),
        json.dumps({"schema": 1, "pages": {}, "outputs": ["kent.html"]}),
        json.dumps({"schema": 1, "pages": {}, "outputs": {"kent.html": "0"}}),
        json.dumps({"schema": 1, "pages": {}, "outputs": {"kent.html": 0}}),
        json.dumps({"schema": 1, "pages": [], "outputs": {}}),
        json.dumps({"schema": 1, "pages": {}, "outputs": {}, "replacing": [["kent.html", "0"]]}),
        json.dumps({"schema": 1, "pages": {}, "outputs": {}, "replacing": {"../kent.html": "0"}}),
        json.dumps({"schema": 1, "pages": {"kent": []}, "outputs": {}}),
        json.dumps(
            {"schema": 1, "pages": {"a": {"digest": "d", "files": []}, "b": {"digest": 1, "files": []}}, "outputs": {}}
        ),
        json.dumps({"schema": 1, "pages": {"kent": {"digest": "d", "files": "kent.html"}}, "outputs": {}}),
        json.dumps({"schema": 1, "pages": {"kent": {"digest": "d", "files": [1]}}, "outputs": {}}),
    ],
)
def test_a_manifest_that_is_not_ours_is_refused_in_one_line(content: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(content, encoding="latin-1")
    with (
        pytest.raises(RequestError, match=r"manifest\.json: not a manifest .* remove the file or choose another"),
        publishing(tmp_path),
    ):
        pytest.fail("opened")
    assert (tmp_path / "manifest.json").read_text(encoding="latin-1") == content


@pytest.mark.parametrize(
    ("size", "why"), [(10**8, "Expecting value"), (10**8 + 1, "no ordinary file of its size")], ids=["read", "refused"]
)
def test_a_manifest_is_read_up_to_100_megabytes(size: int, why: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").touch()
    os.truncate(tmp_path / "manifest.json", size)
    with pytest.raises(RequestError, match=rf"not a manifest .*{why}"), publishing(tmp_path):
        pytest.fail("opened")


def test_a_refused_folder_can_be_opened_again_once_it_is_mended(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(RequestError), publishing(tmp_path):
        pytest.fail("opened")
    (tmp_path / "manifest.json").unlink()
    with publishing(tmp_path) as out:
        assert out.pages == {}


@pytest.mark.parametrize(
    "name", ["index.html", "data/kent.csv", "notebooks/mine.ipynb", ".git/config", ".staging/notes", ".staging/a.part"]
)
def test_a_folder_with_files_that_no_build_wrote_is_refused_by_the_name_of_one_and_left_alone(
    name: str, tmp_path: Path
) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(b"mine")
    with pytest.raises(RequestError, match=rf"{tmp_path}/{name.split('/', maxsplit=1)[0]}: no"), publishing(tmp_path):
        pytest.fail("opened")
    assert tree(tmp_path) == hashes({name: b"mine"})


@pytest.mark.parametrize(
    ("name", "kind"),
    [("notes", "file"), (".a.part", "folder"), (".a.part", "link"), ("like-for-like-workers", "file")],
)
def test_a_staging_folder_of_ones_own_is_refused_even_where_a_build_has_been(
    name: str, kind: str, published: Path
) -> None:
    staging = published / ".staging"
    staging.mkdir()
    (staging / ".b.part").write_bytes(b"half a pa")  # a build's, which would be cleared away
    if kind == "link":
        (staging / name).symlink_to(published / "forces" / "kent.html")
    elif kind == "folder":
        (staging / name).mkdir()
    else:
        (staging / name).write_bytes(b"mine")
    before = tree(published)
    with pytest.raises(RequestError, match=r"\.staging: not of a build; move it away"), publishing(published):
        pytest.fail("opened")
    assert tree(published) == before


def test_a_link_in_place_of_the_staging_folder_is_refused(published: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (published / ".staging").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RequestError, match=r"\.staging: not of a build; move it away"), publishing(published):
        pytest.fail("opened")
    assert (published / ".staging").is_symlink()


def test_what_a_fresh_checkout_has_in_its_folder_of_reports_is_kept(tmp_path: Path) -> None:
    for name in ("README.md", ".gitignore"):
        (tmp_path / name).write_bytes(b"of the project")
    with publishing(tmp_path) as out:
        out.publish("kent", "1", OLD)
    own = dict.fromkeys(("README.md", ".gitignore"), b"of the project")
    assert tree(tmp_path).items() > hashes(own | OLD).items()


@pytest.mark.parametrize(
    "folder", [".", "src", "src/analysis", "notebooks", "notebooks/pages", "data/raw", "data", ".."]
)
def test_a_folder_with_what_pages_are_made_from_is_refused_whatever_stands_there(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = tmp_path / "checkout"
    for name in ("src/analysis", "notebooks", "data/raw"):
        (checkout / name).mkdir(parents=True)
    (checkout / "data" / "raw" / "register.yaml").touch()
    monkeypatch.setattr(store.files, "PACKAGE", checkout / "src" / "analysis")
    monkeypatch.setattr(store.files, "CHECKOUT", checkout)
    (checkout / folder).mkdir(exist_ok=True)
    (checkout / folder / "manifest.json").write_text('{"schema": 1, "pages": {}, "outputs": {}}', encoding="utf-8")
    monkeypatch.chdir(checkout)
    with pytest.raises(RequestError, match="which pages are made from, is there; choose a folder apart"):
        publishing(Path(folder)).__enter__()


@pytest.mark.parametrize("name", OLD)
@pytest.mark.parametrize("what", ["a changed file", "a folder", "a link", "a pipe"])
def test_what_stands_in_the_way_of_a_page_is_named_and_survives_its_end(name: str, what: str, published: Path) -> None:
    path = published / name
    path.unlink()
    if what == "a folder":
        path.mkdir()
    elif what == "a pipe":
        os.mkfifo(path)
    elif what == "a link":
        path.symlink_to(Path(__file__))
    else:
        path.write_bytes(b"by hand")
    with publishing(published) as out:
        assert not out.is_current("kent", "1")
        assert str(out.in_the_way("kent")).startswith(f"{name} ")
        out.withdraw(["kent"])
        assert out.kept == [name]
    assert os.path.lexists(path)
    assert set(manifest(published)["outputs"]) == set()
    assert {each for each in OLD if (published / each).exists()} <= {name}


def test_a_file_that_no_build_wrote_is_in_the_way_of_a_page_that_would_have_it(published: Path) -> None:
    (published / "data" / "kent-funnel.csv").write_bytes(b"mine")
    with publishing(published) as out:
        assert out.in_the_way("kent") is None
        assert out.in_the_way("kent", NEW) == (
            "data/kent-funnel.csv stands in its way, and no build wrote it; it is kept: "
            "move it away, or choose another --output"
        )


def test_no_link_is_followed_out_of_the_folder(published: Path, tmp_path: Path) -> None:
    (published / "forces").rename(tmp_path / "elsewhere")
    (published / "forces").symlink_to(tmp_path / "elsewhere")
    with publishing(published) as out:
        assert not out.is_current("kent", "1")
        assert out.in_the_way("kent") is not None
        out.withdraw(["kent"])
    assert tree(tmp_path / "elsewhere") == hashes({"kent.html": b"old page"})


def test_a_folder_that_is_swapped_for_a_link_while_a_build_runs_is_noticed(published: Path, tmp_path: Path) -> None:
    with publishing(published) as out:
        assert out.is_current("kent", "1")
        (published / "forces").rename(tmp_path / "elsewhere")
        (published / "forces").symlink_to(tmp_path / "elsewhere")
        assert not out.is_current("kent", "1")
        assert [out.found(f"forces/{name}") for name in ("kent.html", "none.html")] == ["", ""]


@pytest.mark.parametrize(
    ("name", "found"),
    [("none.html", None), ("none/none.html", None), ("forces", ""), ("forces/kent.html/x.html", ""), ("../x.html", "")],
)
def test_what_is_no_file_of_a_build_has_no_hash(
    name: str, found: str | None, published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.html").write_bytes(b"mine")
    (tmp_path / "link").symlink_to(published)
    with publishing(tmp_path / "link") as out:  # it may itself stand behind a link
        monkeypatch.setattr(Path, "resolve", lambda *_: pytest.fail("takes a while for thousands of files"))
        assert out.found(name) == found
        assert out.is_current("kent", "1")
        monkeypatch.undo()


def test_what_a_manifest_lists_with_another_hash_is_no_builds_to_remove(tmp_path: Path) -> None:
    (tmp_path / "mine.html").write_bytes(b"mine")
    content = {"schema": 1, "pages": {}, "outputs": {"mine.html": "0" * 64}}
    (tmp_path / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    with publishing(tmp_path) as out:
        assert out.kept == ["mine.html"]
    assert (tmp_path / "mine.html").read_bytes() == b"mine"


@pytest.mark.skipif(os.name != "posix", reason="named pipes")
def test_a_pipe_in_the_manifests_place_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "manifest.json")
    with pytest.raises(RequestError, match="not a manifest that this version wrote"), publishing(tmp_path):
        pytest.fail("opened")


def test_new_names_reach_the_disk_as_their_bytes_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: set[str] = set()
    monkeypatch.setattr(os, "fsync", lambda entry: synced.add(str(Path(f"/proc/self/fd/{entry}").readlink())))
    if not Path("/proc/self/fd").exists():
        pytest.skip("only where open files have names")
    with publishing(tmp_path) as out:
        out.publish("kent", "1", OLD)
    assert {str(tmp_path), str(tmp_path / "forces"), str(tmp_path / "data")} <= synced


def test_a_folder_is_free_again_after_a_build_that_failed(published: Path) -> None:
    with pytest.raises(ZeroDivisionError), publishing(published):
        raise ZeroDivisionError
    assert not (published / ".staging").exists()
    with publishing(published) as out:
        assert out.is_current("kent", "1")


def test_what_a_killed_build_left_unfinished_is_cleared_away(published: Path) -> None:
    (published / ".staging").mkdir()
    (published / ".staging" / ".kent.html.1.part").write_bytes(b"half a pa")
    with publishing(published):
        pass
    assert not (published / ".staging").exists()


def test_what_comes_before_two_dots_is_not_made(tmp_path: Path) -> None:
    with publishing(tmp_path / "new" / ".." / "reports"):
        pass
    assert [path.name for path in tmp_path.iterdir() if path.name != "store"] == ["reports"]
