"""The pieces of pages about claims, word by word: what a reader sees of one claim that much can be said about."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest

from analysis import claims
from analysis.claims import wording
from analysis.claims.rules import CREDIT
from analysis.report import published
from analysis.report.view import words
from analysis.terms.findings import verdicts

RELEASE = "2026-04-23"
# 228 and 173 are what both full releases give for the whole of code 88A; the claim is of a part of it, and asked of forces.
PART: dict[str, Any] = {
    "id": "part",
    "statement": "Offences rose by 32% in eight months.",
    "published": "2024-01-31",
    "source": "https://example.org/kent",
    "area": "Kent",
    "basis": "foi",
    "offence": "71/17",
    "current": {"value": 228, "period": "2019-04..2020-03", "described_as": "eight months"},
    "baseline": {"value": 173, "period": "2018-04..2019-03"},
    "change": {"percent": 32, "quote": "up by a third"},
    "coverage": {"responded": 41, "of": 44, "quote": "41 of the 44 forces"},
    "discloses": ["partial-coverage"],
    "quote": "in Kent <b>",
}
WHOLE = PART | {"id": "whole", "basis": "home-office", "offence": "88A"}
WHOLE |= {"current": {"value": 228, "period": "2019-04..2020-03"}, "coverage": None, "quote": None, "discloses": []}


@pytest.fixture(scope="module")
def judgements() -> tuple[claims.Judgement, ...]:
    return claims.judge_all([claims.Claim.of(fields) for fields in (PART, WHOLE)], release=RELEASE)


def test_an_article_holds_what_was_stated_the_first_line_the_fair_sentence_and_behind_a_fold_what_they_rest_on(
    judgements: tuple[claims.Judgement, ...],
) -> None:
    judgement = judgements[0]
    shown = str(published.article(judgement).html)
    assert '<article id="claim-part">' in shown
    assert "Sexual communication with a child: Kent, April 2019 to March 2020" in shown
    assert f'<div class="panel unlike compared-{judgement.answers["comparison"]}">' in shown
    assert f"<p>{wording.answer(judgement)}</p>" in shown
    assert "<p>Verdict: <b>the period is misdescribed</b>.</p>" in shown
    assert f"<b>Fairly put:</b> {wording.fair_sentence(judgement)}</p>" in shown
    assert "<b>Not all forces answered.</b> The source says so itself. 41 of 44 forces answered" in shown
    assert "“up by a third”; “41 of the 44 forces”; “in Kent &lt;b&gt;”" in shown
    assert "228 in 2023-10-19" not in shown  # just the newest release's, as the file of figures has it
    assert "Kent, April 2019 to March 2020: 228 stated; 228 in 2023-10-19 and 2026-04-23" in published.claim_text(
        judgement
    )


def test_the_colour_is_the_verdict_s_and_the_edge_the_comparison_s(judgements: tuple[claims.Judgement, ...]) -> None:
    fair = published.article(judgements[1])
    assert f'<div class="panel fair compared-{judgements[1].answers["comparison"]}">' in fair.html
    unjudged = claims.Claim.of(WHOLE | {"statement": "The lowest on record."})
    (judgement,) = claims.judge_all([unjudged], release=RELEASE)
    assert (
        f'<div class="panel unknown compared-{judgement.answers["comparison"]}">' in published.article(judgement).html
    )
    across = WHOLE | {"baseline": {"value": 34, "period": "2016-04..2017-03"}, "change": {"direction": "up"}}
    (judgement,) = claims.judge_all([claims.Claim.of(across)], release=RELEASE)
    assert '<div class="panel unlike compared-unfair">' in published.article(judgement).html


def test_the_summary_has_a_row_a_claim_and_a_column_an_axis(judgements: tuple[claims.Judgement, ...]) -> None:
    summary = published.summary(judgements)
    compared = words("claims.answers")[judgements[0].answers["comparison"]]
    assert '<th scope="col">Figure</th><th scope="col">Change</th><th scope="col">Comparison</th>' in summary.html
    assert rows(summary.csv) == [
        ["claim", "area", "stated", "tables", "figure", "change", "comparison", "verdict_in_words", "verdict", "findings"],
        [
            "part", "Kent", "228", "228", "another collection", "not known", compared, "The period is misdescribed", "mislabelled-period",
            "source-mismatch mislabelled-period partial-coverage not-checkable",
        ],
        ["whole", "Kent", "228", "228", "agrees", "agrees", compared, judgements[1].name, "fair", "reproduced fair"],
    ]  # fmt: skip


def rows(table: str | None) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table or "")))


def test_the_articles_stand_one_after_the_other_with_every_figure_as_csv(
    judgements: tuple[claims.Judgement, ...],
) -> None:
    articles = published.articles(judgements)
    shared = published._shared(judgements)
    each = [published.article(judgement, shared, {"part", "whole"}) for judgement in judgements]
    assert articles.html == "\n".join(article.html for article in each)
    assert articles.text == "\n\n".join(article.text for article in each)
    assert articles.name == "figures"
    assert rows(articles.csv)[:5] == [
        ["claim", "figure", "area", "period", "stated", "release", "kind", "offences"],
        ["part", "current", "Kent", "2019-04..2020-03", "228", "before-2019-08", "partial", ""],
        ["part", "current", "Kent", "2019-04..2020-03", "228", "2019-outcomes", "context", ""],
        ["part", "current", "Kent", "2019-04..2020-03", "228", "2023-10-19", "full", "228"],
        ["part", "current", "Kent", "2019-04..2020-03", "228", "2026-04-23", "full", "228"],
    ]
    assert len(rows(articles.csv)) == 1 + 2 * 2 * 4


def test_the_head_says_how_many_statements_and_by_which_release(judgements: tuple[claims.Judgement, ...]) -> None:
    head = published.masthead(judgements)
    when = "2 statements · verdicts as of the release of 23 April 2026"
    assert head.html == f'<header class="masthead">\n<h1>{published.TITLE}</h1>\n<p class="when">{when}</p>\n</header>'
    assert (head.text, head.title) == (f"{published.TITLE}\n{when}", published.TITLE)


def test_the_introduction_says_what_a_verdict_is_and_is_not(judgements: tuple[claims.Judgement, ...]) -> None:
    lines = published.introduction(judgements).text.splitlines()
    assert lines[0].startswith("Each of these statements was published")
    assert "never anybody’s motives; and to be revised is no fault." in lines[1]
    assert lines[2] == (
        "Verdicts as of the release of 23 April 2026. Consulted: a copy made before August 2019, the table 2019-outcomes (context "
        "only), the release of 19 October 2023 and the release of 23 April 2026."
    )


def test_the_meanings_stand_beside_their_verdicts() -> None:
    meanings = published.meanings()
    caption = "Verdicts in order of gravity: a claim’s verdict is the first that applies"
    assert f"<caption>{caption}</caption>" in meanings.html
    assert '<thead><tr><th scope="col">Verdict</th><th scope="col">When</th></tr></thead>' in meanings.html
    lines = meanings.text.splitlines()
    assert lines[0].split() == ["Verdict", "When"]
    for line, code in zip(lines[1:], verdicts().values(), strict=True):
        assert line.startswith(code.name)
        assert line.endswith(code.when)


def test_what_the_figures_do_not_say_is_said_of_every_offence_that_a_claim_is_about() -> None:
    judged = claims.judge_all(release=RELEASE)
    shown = published.limits(judged)
    offences = {each.claim.counted_as.code: each.claim.counted_as for each in judged}
    assert len(offences) > 30
    for offence in offences.values():
        assert offence.name in shown.text
        assert all(shown.text.count(line.removeprefix("It ")) == 1 for line in offence.limits)
    assert ". Each counts offences, not people." in shown.text
    assert "not an accredited official statistic" in shown.text.splitlines()[-1]
    alone = published.limits([each for each in judged if each.claim.offence.code == "46"]).text.splitlines()
    assert [line.partition(". ")[0] for line in alone] == ["- Shoplifting", "- Police recorded crime is not an accredited official statistic; it shows police activity better than trends in crime (Office for Statistics Regulation, 2014 and 2024)."]  # fmt: skip


def test_the_releases_consulted_stand_with_source_licence_and_limits(judgements: tuple[claims.Judgement, ...]) -> None:
    consulted = published.consulted(judgements)
    page = "https://www.gov.uk/government/statistics/police-recorded-crime-open-data-tables"
    copy = "Police recorded crime open data tables: police force area, 2017/18 as copied before August 2019"
    limits = judgements[0].register.releases[0].limits
    licence = "Open Government Licence v3.0"
    assert consulted.html.startswith(
        f'<ul>\n<li>Home Office: <cite>{copy}</cite>. {licence}. <a href="{page}">{page}</a>. {limits}</li>\n<li>'
    )
    attribution = f"Contains public sector information licensed under the {licence}."
    assert consulted.html.endswith(f'</li>\n</ul>\n<p class="attribution">{attribution}</p>')
    lines = consulted.text.splitlines()
    assert lines[0] == f"- Home Office: {copy}. {licence}. {page}. {limits}"
    assert (len(lines), lines[-1]) == (5, attribution)


def test_a_force_s_section_lists_its_claims_with_the_first_line_and_the_fair_sentence() -> None:
    judgement = next(each for each in claims.about("Surrey", release=RELEASE) if each.claim.id == "south-east-2024")
    shown = published.force_section("Surrey", release=RELEASE)
    assert f'<a data-page="claims#claim-south-east-2024">{judgement.claim.statement}</a>' in shown.html
    assert f"<b>{wording.answer(judgement)}</b> Fairly put: {wording.fair_sentence(judgement)}" in shown.html
    assert wording.answer(judgement) in shown.text


def test_what_asks_for_care_is_in_the_heading_where_one_applies() -> None:
    launch = WHOLE | {"current": {"value": 173, "period": "2018-04..2019-03"}, "baseline": None, "change": None}
    (plain,) = claims.judge_all([claims.Claim.of(launch)], release=RELEASE)
    assert plain.name == "Agrees, and no objection found"
    judged = {judgement.claim.id: judgement for judgement in claims.judge_all(release=RELEASE)}
    careful = judged["west-mercia-burglary-2022-04"]
    assert careful.name == "Agrees, and no objection found; compare with care"
    assert "what asks for care is no fault" in careful.findings[-1].text


@pytest.mark.parametrize("release", ["before-2019-08", "2019-outcomes", "2023-10-19"])
def test_the_page_of_claims_can_be_made_as_of_any_release(release: str) -> None:
    judged = claims.judge_all(release=release)
    pieces = (
        published.masthead,
        published.introduction,
        published.summary,
        published.notes,
        published.articles,
        published.consulted,
    )
    for piece in pieces:
        shown = piece(judged)
        assert shown.html
        assert not re.search(r"\b(nan|None|NaT)\b|<NA>", shown.text)
    assert published.report_text(judged)
    for name in ("Kent", "England and Wales"):
        assert published.force_section(name, release=release).html


def test_what_is_found_of_several_claims_stands_once_as_a_note_and_no_claim_says_it_again() -> None:
    judged = claims.judge_all(release=RELEASE)
    notes, articles = published.notes(judged), published.articles(judged)
    assert notes.html.count("<li id=") == len(notes.text.splitlines()) > 5
    for number, line in enumerate(notes.text.splitlines(), 1):
        place, _, said = line.partition(": ")
        assert place == f"Note {number}"
        assert said not in articles.text
        assert articles.text.count(f" Note {number}.") > 1
        assert articles.html.count(f'<a href="#note-{number}">{number}</a>') > 1
    assert published.notes(judged[:1]).html == ""  # one claim shares with none, and says all itself


def test_no_claim_of_the_page_says_a_sentence_twice() -> None:
    for judgement in claims.judge_all(release=RELEASE):
        sentences = [said for finding in judgement.findings for said in finding.sentences if said != CREDIT]
        assert len(sentences) == len(set(sentences)), judgement.claim.id


def test_what_asks_for_care_is_told_with_the_claim() -> None:
    judged = {judgement.claim.id: judgement for judgement in claims.judge_all(release=RELEASE)}
    late = published.claim_text(judged["shoplifting-2024-07"])
    assert "- Recording changed: " in late or "- Supplied late: " in late
    assert "- The first year of a definition" not in published.claim_text(judged["england-and-wales-2019"])


def test_a_bound_is_shown_as_it_was_stated() -> None:
    bounded = WHOLE | {"current": {"value": "more than 200", "period": "2019-04..2020-03"}}
    (judgement,) = claims.judge_all([claims.Claim.of(bounded)], release=RELEASE)
    assert "<td>more than 200</td><td>228</td>" in published.summary([judgement]).html
    assert "Kent, April 2019 to March 2020: more than 200 stated; " in published.article(judgement).text


def test_a_claim_that_repeats_one_already_judged_is_linked_with_it() -> None:
    again = {"id": "again", "area": "England and Wales", "current": {"value": 4373, "period": "2018-04..2019-03"}}
    fields = PART | again | {"baseline": None, "change": None, "coverage": None, "discloses": []}
    (judgement,) = claims.judge_all([claims.Claim.of(fields)], release=RELEASE)
    alone = published.article(judgement)
    assert "The same figure is judged as: england-and-wales-2019." in alone.html
    assert "The same figure is judged as england-and-wales-2019." in alone.text
    whole = claims.Claim.of(fields | {"offence": "88A", "basis": "home-office"})  # as a text that names it wrongly
    assert claims.judge(whole).repeats == "england-and-wales-2019"
    beside = published.article(judgement, {}, {"again", "england-and-wales-2019"})
    assert '<a href="#claim-england-and-wales-2019">england-and-wales-2019</a>' in beside.html
