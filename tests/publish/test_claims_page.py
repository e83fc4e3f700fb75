"""The page of a file of claims of one's own: one file that needs no other, written whole or not at all, over its like alone."""

from __future__ import annotations

import html
import os
import re
from pathlib import Path

import pytest
import stated

from analysis import claims, cli
from analysis.errors import RequestError
from analysis.publish import rendering as pages
from analysis.publish.pages import Page
from analysis.report import published

CLAIM = {"statement": "Kent Police recorded 228 offences, <b>up</b> from 173.", "source": "an example"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return stated.written(tmp_path / "mine.yaml", CLAIM)


def test_the_command_makes_the_page_and_makes_it_again_over_itself(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "page.html"
    assert cli.main(["claims", str(file), "--html", str(out)]) == 0
    assert capsys.readouterr() == (f"open {out}\n", "")
    first = out.read_bytes()
    assert cli.main(["claims", str(file), "--html", str(out)]) == 0
    assert out.read_bytes() == first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.yaml", "page.html"]


def test_the_page_needs_no_other_file_and_lets_nothing_in(file: Path) -> None:
    shown = pages.of_claims(claims.judge_all(claims.load(file).claims)).decode()
    assert "The comparison " in shown
    assert "&lt;b&gt;up&lt;/b&gt;" in shown
    assert f"<title>{published.TITLE}</title>" in shown
    assert re.search(
        r"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'sha256-", shown
    )
    assert "unsafe" not in shown
    assert set(re.findall(r'(?:src|href)="(?!#|https?:|tel:|data:)([^"]*)"', shown)) == set()
    for missing in ("manifest.json", ".ipynb", ".csv", 'id="check"', "index.html", "build "):
        assert missing not in shown.partition("<body>")[2]
    for anchor in set(re.findall(r'href="#([^"]+)"', shown)):
        assert f'id="{anchor}"' in shown
    assert shown.count("<article") == 1
    assert "What several claims share" not in shown  # one claim shares nothing, and a heading above nothing is left out


def test_the_page_of_all_shipped_claims_has_their_notes_and_the_helplines_of_their_offences() -> None:
    shown = pages.of_claims(claims.judge_all()).decode()
    assert shown.count("<article") == len(claims.shipped())
    assert '<li id="note-1">' in shown
    for helpline in ("Childline", "Rape and Sexual Abuse Support Line", "National Stalking Helpline"):
        assert f">{helpline}</a>" in shown


def test_the_helplines_of_a_page_are_those_of_its_own_claims() -> None:
    grooming = [judged for judged in claims.judge_all() if judged.claim.counted_as.code == "88A"]
    shown = pages.of_claims(grooming).decode()
    assert "Childline" in shown
    assert "National Stalking Helpline" not in shown


@pytest.mark.parametrize("kind", ["file", "folder", "link", "pipe"])
def test_what_is_not_ours_is_refused_in_one_line_and_left_as_it_is(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    out, page = tmp_path / "page.html", pages.of_claims(claims.judge_all(claims.shipped()[:1]))
    if kind == "file":
        out.write_text("<html>mine</html>", encoding="utf-8")
    elif kind == "folder":
        out.mkdir()
    elif kind == "pipe":
        os.mkfifo(out)
    else:
        (tmp_path / "other.html").write_bytes(page)
        out.symlink_to(tmp_path / "other.html")
    before = out.read_bytes() if out.is_file() else None
    assert cli.main(["claims", str(file), "--html", str(out)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == f"analysis: --html: {out} is there, and is no page that this command made; give another name\n"
    assert (out.read_bytes() if out.is_file() else None) == before


def test_the_file_of_claims_itself_is_never_written_over(file: Path) -> None:
    before = file.read_bytes()
    assert cli.main(["claims", str(file), "--html", str(file)]) == 2
    assert file.read_bytes() == before


def test_a_page_that_fails_leaves_the_old_one(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "page.html"
    assert cli.main(["claims", str(file), "--html", str(out)]) == 0
    before = out.read_bytes()

    def fail(*_: object) -> None:
        raise RequestError("no")

    monkeypatch.setattr(published, "articles", fail)
    assert cli.main(["claims", str(file), "--html", str(out)]) == 2
    assert out.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.yaml", "page.html"]


def test_one_kind_of_output_is_asked_for(file: Path, tmp_path: Path) -> None:
    assert cli.main(["claims", str(file), "--json", "--html", str(tmp_path / "page.html")]) == 2


def test_claims_that_cannot_be_read_are_told_beside_the_page_of_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = stated.written(tmp_path / "mine.yaml", CLAIM, CLAIM | {"id": "Bad One"}), tmp_path / "page.html"
    assert cli.main(["claims", str(path), "--html", str(out)]) == 1
    assert "(Bad One).id: found 'Bad One'" in capsys.readouterr().err
    assert out.read_text(encoding="utf-8").count("<article") == 1


def test_a_claim_of_which_something_is_said_right_or_wrong_is_a_claim_review(file: Path) -> None:
    kent, unknown = (*claims.load(file).claims, next(c for c in claims.shipped() if c.id == "facebook-share-2018-04"))
    page = pages.of_claims(claims.judge_all([kent, unknown])).decode()
    one, other = re.findall(r"<article.*?</article>", page, re.DOTALL)
    named = dict(re.findall(r'property="(url|claimReviewed|reviewRating|alternateName)"[^>]*>([^<]+)', one))
    assert f'id="claim-{kent.id}" typeof="ClaimReview"' in one
    assert f'property="url" href="#claim-{kent.id}"' in one
    assert html.unescape(named["claimReviewed"]) == kent.statement
    assert named["alternateName"].startswith("agrees, and no objection found")
    assert '<main id="content" vocab="https://schema.org/">' in page
    assert "property=" not in other


def test_a_page_without_a_chart_carries_nothing_for_one() -> None:
    page = Page("breaks", "breaks", {"release": "2026-04-23"})
    content = pages.to_html(page, pages.shown("## Verdicts")).decode()
    assert content.count("<script>") == 1
