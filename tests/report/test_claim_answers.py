"""The sentence on a claim: whether its figures are right and its comparison is fair, and how to put it fairly."""

from __future__ import annotations

from typing import Any

import pytest
from made import KENT, TOTAL

from analysis import claims
from analysis.report import answers
from analysis.report.sentences import change_sentence

RELEASE = "2026-04-23"
CANNOT = "; the tables’ figures cannot tell a rise from a fall"
# Kent 2017/18: 45 in the copy made before August 2019, 167 now.
LAUNCH = {"value": 167, "period": "2017-04..2018-03"}


def judged(**fields: Any) -> claims.Judgement:
    claim = claims.Claim.model_validate({key: value for key, value in (KENT | fields).items() if value is not None})
    return claims.judge_all([claim], release=RELEASE)[0]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, f"The figures are right, and the comparison is fair{CANNOT}."),
        (TOTAL, "The figure is right."),
        (TOTAL | {"current": {"value": "more than 200", "period": "2019-04..2020-03"}}, "The figure is right."),
        (TOTAL | {"current": {"value": 45, "period": "2017-04..2018-03"}}, "The figure is in an older release, and has been revised since."),
        (
            {"current": {"value": 173, "period": "2018-04..2019-03"}, "baseline": {"value": 45, "period": "2017-04..2018-03"}},
            "One of the figures is in an older release, and has been revised since, but the comparison needs care: one of the periods "
            f"touches the first year of a definition{CANNOT}.",
        ),
        (TOTAL | {"current": {"value": 230, "period": "2019-04..2020-03"}}, "The figure is within 1% of the newest release’s, as figures that were revised since can be."),
        (TOTAL | {"current": {"value": 231, "period": "2019-04..2020-03"}}, "The figure is in no release held here, the newest of which gives 228 for 231."),
        (
            {"baseline": {"value": 100, "period": "2018-04..2019-03"}},
            f"One of the figures is in no release held here, the newest of which gives 173 for 100, but the comparison is fair{CANNOT}.",
        ),
        (TOTAL | {"basis": "foi"}, "The figure is of another collection, and within 1% of the tables’."),
        (TOTAL | {"basis": "foi", "offence": "71/17"}, "The figure is of another collection, which the tables cannot confirm."),
        (TOTAL | {"area": "Scotland"}, "The figure is beyond what the tables can confirm."),
        (TOTAL | {"current": None}, "No count is stated that could be right or wrong."),
        ({"baseline": None}, "The figure is right, but with which months it is compared is not stated."),
        (
            TOTAL | {"parts": [{"area": name, "value": 57} for name in ("Kent", "Sussex", "Surrey", "Essex")]},
            "The figures are in no release held here, the newest of which gives others for 4 of 5.",
        ),
        ({"area": "Scotland"}, "The figures are beyond what the tables can confirm, and whether the comparison is fair is not known."),
        ({"baseline": LAUNCH}, f"The figures are right, but the comparison needs care: one of the periods touches the first year of a definition{CANNOT}."),
        (
            {"baseline": {"value": 34, "period": "2016-04..2017-03"}},
            "The figures are right, but the comparison is not fair: what is counted changed on 1 April 2017.",
        ),
        (
            {"baseline": {"value": 115, "period": "2018-04..2018-12"}},
            "The figures are right, but the comparison is not fair: the two periods are not of one length.",
        ),
        (
            {"area": "Dorset", "current": {"value": 136, "period": "2013-04..2018-03"}, **TOTAL},
            "The figure is right, but it adds up two definitions.",
        ),
        (
            {"area": "England and Wales", "offence": "46", "current": {"value": 444006, "period": "2023-04..2024-03"}, "baseline": {"value": 342399, "period": "2022-04..2023-03"}},
            "The figures are right, but the comparison needs care: figures were supplied late; the tables give 30% more.",
        ),
    ],
)  # fmt: skip
def test_one_sentence_says_whether_the_figures_are_right_and_the_comparison_is_fair(
    fields: dict[str, Any], sentence: str
) -> None:
    assert answers.answer(judged(**fields)) == sentence


@pytest.mark.parametrize(
    ("fields", "code", "credited"),
    [
        ({"baseline": {"value": 34, "period": "2016-04..2017-03"}}, "definition-change", "on 1 April 2017 (as the source says itself)."),
        ({"baseline": LAUNCH}, "launch-year", f"the first year of a definition (as the source says itself){CANNOT}."),
        ({"baseline": {"value": 115, "period": "2018-04..2018-12"}}, "unequal-periods", "not of one length (as the source says itself)."),
        ({"area": "Dorset", "current": {"value": 136, "period": "2013-04..2018-03"}, **TOTAL}, "definition-change", "two definitions (as the source says itself)."),
    ],
)  # fmt: skip
def test_a_source_that_says_itself_what_speaks_against_it_is_told_so(
    fields: dict[str, Any], code: str, credited: str
) -> None:
    assert answers.answer(judged(**fields, discloses=[code])).endswith(credited)
    assert "as the source says itself" not in answers.answer(judged(**fields))


def test_a_figure_published_earlier_is_right_as_it_was_known() -> None:
    current = {
        "value": 77,
        "period": "2013-04..2017-12",
        "earlier": [
            {"value": 22, "period": "2015-04..2016-03", "source": "a paper of 2017"},
            {"value": 33, "period": "2017-04..2017-12", "source": "a paper of 2018"},
        ],
    }
    said = answers.answer(judged(area="Northamptonshire", current=current, **TOTAL))
    assert (
        said
        == "The figure is what had been published by then, and has been revised since, but it adds up two definitions."
    )


def test_what_had_been_published_by_then_may_explain_a_figure_but_for_a_few() -> None:
    # 962 by the newest release for 2015/16, and 3,188 for April to December 2017.
    earlier = [
        {"value": 1021, "period": "2015-04..2016-03", "source": "a paper of 2017"},
        {"value": 2996, "period": "2017-04..2017-12", "source": "a paper of 2018"},
    ]
    current = {"value": 6341, "period": "2013-04..2017-12", "earlier": earlier}
    judgement = judged(area="England and Wales", current=current, **TOTAL, published="2018-04-26")
    assert answers.answer(judgement) == (
        "The figure is within 1% of what had been published by then, and has been revised since, but it adds up two definitions."
    )
    said = next(finding.text for finding in judgement.findings if finding.code == "not-reproduced")
    assert (
        "; figures published earlier come to 6,309 (32 fewer), 1,021 in April 2015 to March 2016 (a paper of 2017) and 2,996 in "
        "April to December 2017 (a paper of 2018), with 2,292 in the other months."
    ) in said
    far = judged(area="England and Wales", current=current | {"value": 5000}, **TOTAL)
    assert answers.answer(far).startswith("The figure is in no release held here")


@pytest.mark.parametrize(
    ("fields", "begins"),
    [
        ({"change": {"percent": 60}}, "What is stated does not add up; the figures are right, and"),
        ({"current": None, "share": {"percent": 52, "count": 9, "of": 49}, **TOTAL}, "What is stated does not add up; no count is stated"),
        ({"change": {"percent": 32}}, "The figures are right, and"),
    ],
)  # fmt: skip
def test_what_does_not_add_up_is_said_first(fields: dict[str, Any], begins: str) -> None:
    assert answers.answer(judged(**fields)).startswith(begins)


def test_a_figure_of_another_collection_that_is_more_than_the_whole_is_said_to_be() -> None:
    north_east = ["Cleveland", "Durham", "Northumbria"]
    parts = [{"area": name, "value": value} for name, value in zip(north_east, (62, 92, 19), strict=True)]
    current = {"value": 173, "period": "2017-04..2017-12"}
    fields = TOTAL | {"area": north_east, "basis": "foi", "offence": "71/17", "current": current}
    whole = "The figures are of another collection"
    assert (
        answers.answer(judged(**fields, parts=parts)) == f"{whole} (one of them is more than the tables hold in all)."
    )
    assert answers.answer(judged(**fields, parts=[parts[0]])) == (
        f"What is stated does not add up; {whole.replace('The', 'the')}, which the tables cannot confirm."
    )


@pytest.mark.parametrize("baseline", ["2018-04..2019-03", "2017-04..2018-03"])
def test_fairly_put_carries_the_reading_of_the_change_right_after_its_two_counts(baseline: str) -> None:
    judgement = judged(baseline={"value": 1, "period": baseline})
    assert judgement.restatement is not None
    reading = change_sentence(judgement.restatement.pair)
    assert reading.startswith("These figures cannot tell a rise from a fall: anything from ")
    said = answers.fairly_put(judgement) or ""
    assert f". {reading}" in said
    assert said.index(reading) < said.find("The earlier months", said.index(reading)) or baseline == "2018-04..2019-03"


def test_fairly_put_names_the_offence_that_is_counted() -> None:
    judgement = judged(
        area="England and Wales", offence="46", current={"value": 1, "period": "2023-04..2024-03"}, **TOTAL
    )
    assert "recorded 444,006 shoplifting offences in" in (answers.fairly_put(judgement) or "")


def test_what_a_finding_is_called_is_not_said_again_in_it() -> None:
    for judgement in claims.judge_all(release=RELEASE):
        for finding in judgement.findings:
            assert "in no release held" not in finding.text, judgement.claim.id


def test_every_shipped_claim_has_its_one_sentence() -> None:
    for judgement in claims.judge_all(release=RELEASE):
        said = answers.answer(judgement)
        assert said.endswith(".")
        assert ". " not in said, judgement.claim.id
        assert len(said) < 330
