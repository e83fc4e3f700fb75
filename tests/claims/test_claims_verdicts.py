"""The verdicts on the 23 shipped claims, each worked out by hand from the tables before the code was asked.

The figures in the reasons were added up with a few lines of plain CSV reading, which stand at the end of this file and
check every figure that the judgements rest on.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
import shipped

from analysis import claims, files

RELEASE = "2026-04-23"


class Expected(NamedTuple):
    verdict: str
    findings: str  # all codes, the gravest first
    why: str


REVIEWED = {
    "northamptonshire-2018-04": Expected(
        "definition-change",
        "definition-change unequal-periods mislabelled-period revised",
        "33 over 5 is a rise, but April 2017 lies between the periods, 9 months stand against 12 and are called a year; "
        "33 is in the copy before August 2019 only (now 32), 5 in both full releases.",
    ),
    "northamptonshire-2018-04-total": Expected(
        "not-reproduced",
        "definition-change not-reproduced",
        "Both full releases give 63 for these 57 months, not 77; a total is no comparison, so the change of April 2017 does not decide.",
    ),
    "england-and-wales-2018-04-total": Expected(
        "mislabelled-period",
        "definition-change mislabelled-period not-reproduced",
        "57 months are called five years; the releases give 6,444 and 6,442, or 6,419 and 6,417 without British Transport Police, not 6,341.",
    ),
    "facebook-share-2018-04": Expected(
        "undisclosed-base",
        "source-mismatch undisclosed-base not-checkable",
        "52 per cent of a number that is not given, from requests to forces; the tables hold no methods.",
    ),
    "hampshire-2018-04": Expected(
        "revised",
        "revised",
        "150 is in the copy before August 2019; both full releases give 142. April 2017 is the first month, so no change lies inside.",
    ),
    "hampshire-2018-04-total": Expected(
        "not-reproduced",
        "definition-change not-reproduced",
        "Both full releases give 264 for these 57 months, not 291.",
    ),
    "england-and-wales-2018-04": Expected(
        "arithmetic",
        "arithmetic definition-change unequal-periods mislabelled-period not-reproduced",
        "Five times 1,156 is 5,780, and 2,996 is 2.6 times as many; nine months are called eight; no release gives 2,996 "
        "(3,079, 3,190, 3,188; without British Transport Police 3,066, 3,179, 3,177). 1,156 is in both full releases.",
    ),
    "derbyshire-2017-10": Expected(
        "definition-change",
        "definition-change not-reproduced small-base",
        "17 more than 25 is 68%, but April to June 2017 lie after the change; the releases give 43, not 42, and 25 is a base under 50.",
    ),
    "hampshire-2017-10": Expected(
        "definition-change",
        "definition-change not-reproduced small-base",
        "23 more than 34 is 67.6%, which is 68%, but across the change; the releases give 75 and 26, not 57 and 34; 34 is under 50.",
    ),
    "cambridgeshire-2017-10": Expected(
        "definition-change",
        "definition-change not-reproduced",
        "Across the change; the releases give 25 and 10, not 26 and 6. Only a direction is stated, so the small base is no finding.",
    ),
    "northamptonshire-2017-10": Expected(
        "definition-change",
        "definition-change not-reproduced",
        "17 under 23 is a fall, but across the change; 17 is in both full releases, which give 10, not 23, for the year before.",
    ),
    "north-east-2018-04": Expected(
        "source-mismatch",
        "source-mismatch",
        "62, 92 and 19 add up to 173, but Durham's 92 is more than all of code 88A in any release (81, 82, 82).",
    ),
    "england-and-wales-2018-06": Expected(
        "partial-coverage",
        "source-mismatch partial-coverage not-checkable",
        "3,171 in 365 days is 8.7, which is nine, a day; 41 of 44 forces answered; the code holds 4,444 to 4,624, so it fits.",
    ),
    "lincolnshire-2018-06": Expected(
        "not-checkable",
        "source-mismatch not-checkable",
        "84 of one offence fits into 92 or 93 of the whole code, which neither confirms nor refutes it.",
    ),
    "thames-valley-2019": Expected(
        "source-mismatch",
        "source-mismatch change-differs launch-year",
        "160 more than 114 is 140.4%, which is 140%; 274 is more than the whole code in both full releases (245); the outcomes table's 265 does not decide. The code went from 119 to 245, which is 106% more; 2017/18 is the first year of the definition.",
    ),
    "england-and-wales-2019": Expected(
        "launch-year",
        "source-mismatch launch-year partial-coverage not-checkable",
        "1,156 more than 3,217 is 35.9%, which is 36%, from the first year of the definition; the code rose by 27%, which is within 25 points; 43 of 44 answered; 4,373 and 3,217 fit into 5,879 and 4,444 or more.",
    ),
    "england-and-wales-2020-lockdown": Expected(
        "partial-coverage",
        "source-mismatch partial-coverage not-checkable",
        "1,220 in 91 days is 13.4, which is 13, a day; 38 of 44 answered; it fits into 1,448 or 1,450.",
    ),
    "devon-and-cornwall-2020": Expected(
        "not-checkable",
        "source-mismatch not-checkable",
        "76 under 109 is a fall; both fit into the whole code (94 or 95, 140 or 141).",
    ),
    "uk-2022": Expected(
        "undisclosed-base",
        "source-mismatch undisclosed-base partial-coverage outside-data",
        "84% without the count four years before; 41 of 45 answered; the tables do not hold the UK.",
    ),
    "south-east-2024": Expected(
        "launch-year",
        "source-mismatch launch-year not-checkable",
        "302 more than 378 is 79.9%, which is 80%, from the first year of the definition; the code rose from 537 to 875, 63%; 680 and 378 fit into 875 and 423 or more.",
    ),
    "uk-2025": Expected(
        "arithmetic",
        "arithmetic source-mismatch launch-year outside-data",
        "3,535 more than 3,728 is 94.8%, not 99%; the field says 99 and is judged, not the words “almost doubled”; 2017/18 is the first year of the definition in England and Wales, which the UK holds.",
    ),
    "northern-ireland-2023": Expected(
        "outside-data",
        "source-mismatch outside-data",
        "116 more than 82 is 141.5%, which is 141%; the tables do not hold Northern Ireland.",
    ),
    "northern-ireland-2023-total": Expected(
        "mislabelled-period",
        "source-mismatch mislabelled-period outside-data",
        "April 2017 to March 2023 is six years, called five; the tables do not hold Northern Ireland.",
    ),
}


@pytest.fixture(scope="module")
def judgements() -> dict[str, claims.Judgement]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANALYSIS_DATA", str(files.CHECKOUT / "no such folder"))
        return {judgement.claim.id: judgement for judgement in claims.judge_all(release=RELEASE)}


def test_every_shipped_claim_was_reviewed(judgements: dict[str, claims.Judgement]) -> None:
    assert list(judgements) == list(REVIEWED)
    assert len(REVIEWED) == 23


@pytest.mark.parametrize(("name", "expected"), REVIEWED.items(), ids=list(REVIEWED))
def test_the_verdict_is_the_one_reviewed(
    judgements: dict[str, claims.Judgement], name: str, expected: Expected
) -> None:
    judgement = judgements[name]
    found = [finding.code for finding in judgement.findings]
    assert (judgement.verdict, found) == (expected.verdict, expected.findings.split()), expected.why


def test_the_first_case_is_restated_fairly(judgements: dict[str, claims.Judgement]) -> None:
    assert judgements["northamptonshire-2018-04"].restatement == (
        "Northamptonshire Police recorded 32 offences in April to December 2017 (33 in a copy made before August 2019) and 4 in the "
        "same months of 2016; the offences counted changed in April 2017, so the two are not comparable."
    )


def test_every_claim_within_the_tables_is_restated_and_no_other(judgements: dict[str, claims.Judgement]) -> None:
    without = {name for name, judgement in judgements.items() if judgement.restatement is None}
    assert without == {
        "facebook-share-2018-04", "uk-2022", "uk-2025", "northern-ireland-2023", "northern-ireland-2023-total",
    }  # fmt: skip


# Words that the reports never use of recorded offences, or that speak of people rather than figures.
UNSAID = ("soar", "surge", "plague", "epidemic", "tsunami", "victim", "wrongly", "lie", "mislead", "exaggerat", "cases")


def test_no_verdict_speaks_of_motives_or_in_colourful_words(judgements: dict[str, claims.Judgement]) -> None:
    for judgement in judgements.values():
        said = " ".join([*(finding.text for finding in judgement.findings), judgement.restatement or ""]).casefold()
        quoted = [stated.described_as for stated in (judgement.claim.current, judgement.claim.baseline) if stated]
        for words in filter(None, quoted):
            said = said.replace(words, "")
        assert not [word for word in re.findall(r"[a-z]+", said) if word.startswith(UNSAID)], judgement.claim.id


def test_every_figure_is_what_plain_csv_reading_adds_up_to(judgements: dict[str, claims.Judgement]) -> None:
    checked = 0
    for judgement in judgements.values():
        for figure in judgement.figures:
            for release, value in figure.given:
                names = [force.name for force in figure.area.forces] if figure.area else None
                first, last = figure.period.first, figure.period.last
                months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
                assert value == _added_up(release.id, names, months), (judgement.claim.id, release.id)
                checked += value is not None
    assert checked > 60


def _added_up(release: str, names: list[str] | None, months: range) -> int | None:
    """Return the sum over forces and months from the file itself; None if a row is missing."""
    total = 0
    rows = {
        (row["force"], 12 * int(row["financial_year"][:4]) + 3 * int(row["financial_quarter"])): int(row["offences"])
        for row in shipped.rows("88A", release)
    }
    for name in names or ["nowhere"]:
        for month in months[::3]:
            found = rows.get((name, month))
            if found is None:
                return None
            total += found
    return total
