"""The verdicts on the 52 shipped claims, each worked out by hand from the tables; those on the first 23 before the code was asked.

The figures in the reasons were added up with a few lines of plain CSV reading, which stand at the end of this file and
check every figure that the judgements rest on.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

import pytest
import shipped

from analysis import claims, files
from analysis.report import answers

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
        "revised",
        "definition-change revised",
        "Both full releases give 63 for these 57 months; 22 as published in 2017 for 2015/16, 33 as published in 2018 for April to December 2017 and 8 + 9 + 5 today for the rest are 77. A total is no comparison, so the change of April 2017 does not decide.",
    ),
    "england-and-wales-2018-04-total": Expected(
        "mislabelled-period",
        "definition-change mislabelled-period not-reproduced",
        "57 months are called five years; the releases give 6,444 and 6,442, or 6,419 and 6,417 without British Transport Police, not 6,341; 1,021 and 2,996 as published then with 2,292 today for the rest are 6,309.",
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
        "revised",
        "definition-change revised",
        "Both full releases give 264; 32, 53 and 150 as published then, with 15 + 41 today for the first two years, are 291.",
    ),
    "england-and-wales-2018-04": Expected(
        "definition-change",
        "definition-change unequal-periods mislabelled-period not-reproduced undisclosed-base",
        "More than five times, of a baseline that is not given, across April 2017, 9 months against 12, called eight; no release gives 2,996 (3,079, 3,190, 3,188; without British Transport Police 3,066, 3,179, 3,177).",
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
        "source-mismatch launch-year not-checkable",
        "1,156 more than 3,217 is 35.9%, and a third allows a tenth, up to 36.7%; from the first year of the definition; the code rose by 27%, within 25 points; 43 of the 43 territorial forces; 4,373 and 3,217 fit into 5,879 and 4,444 or more.",
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
        "launch-year",
        "source-mismatch launch-year undisclosed-base partial-coverage outside-data",
        "2017/18 is the first year of the definition in England and Wales, which the UK holds; 84% without the count four years before; 41 of 45 answered; the tables do not hold the UK.",
    ),
    "south-east-2024": Expected(
        "source-mismatch",
        "source-mismatch launch-year",
        "95 + 264 + 98 + 223 is 680 and 80% more than 378, but Kent 264, Surrey 98 and Sussex 223 are more than the whole code anywhere (245, 93, 220).",
    ),
    "uk-2025": Expected(
        "launch-year",
        "source-mismatch launch-year partial-coverage outside-data",
        "7,263 is 1.95 times 3,728, which is almost double; 2017/18 is the first year of the definition in England and Wales, which the UK holds; 44 of 45 forces; the tables do not hold the UK.",
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
    "shoplifting-2014-04": Expected(
        "not-reproduced",
        "not-reproduced undisclosed-base outside-data definition-not-reviewed",
        "317,027 for 2013, where both full releases give 317,037; the base of the 6% is not given, and January to March 2012 lies before the tables.",
    ),
    "shoplifting-2016-11": Expected(
        "not-reproduced",
        "not-reproduced undisclosed-base",
        "336,505, where the releases give 337,254 and 337,260; the base of the 3% is not given, and the tables give 3% more too.",
    ),
    "shoplifting-2024-01": Expected(
        "not-reproduced", "not-reproduced", "402,482, where the newest release gives 402,221."
    ),
    "shoplifting-2024-07": Expected(
        "not-reproduced",
        "not-reproduced",
        "443,995 and 342,428, where the newest release gives 444,006 and 342,399; 29.7% is 30%.",
    ),
    "west-mercia-shoplifting-2024-07": Expected(
        "not-reproduced",
        "not-reproduced undisclosed-base",
        "9,775, where the newest release gives 9,770; the base of the 26% is not given.",
    ),
    "robbery-west-midlands-2013-04": Expected(
        "undisclosed-base",
        "undisclosed-base outside-data definition-not-reviewed",
        "A fall of 30% without the count of 2011; January to March 2012 and all of 2011 lie before the tables.",
    ),
    "rape-2014-10": Expected(
        "not-reproduced",
        "not-reproduced undisclosed-base",
        "22,116, where both releases give 22,172; the base of the 29% is not given.",
    ),
    "rape-2021-11": Expected("not-reproduced", "not-reproduced", "61,158, where the releases give 60,889 and 60,940."),
    "rape-2021-11-quarter": Expected(
        "not-reproduced", "not-reproduced", "17,285, where the releases give 17,087 and 17,090."
    ),
    "west-yorkshire-stalking-2021": Expected(
        "definition-change",
        "definition-change unequal-periods not-reproduced",
        "2.15 times as many is more than double, but the rule on former partners began in April 2020 and six months stand against twelve; the releases give 2,527 or 2,528 and 1,322 or 1,324.",
    ),
    "stalking-2021": Expected(
        "definition-change",
        "definition-change unequal-periods not-reproduced undisclosed-base",
        "The same, of England and Wales, with no count for 2019/20.",
    ),
    "leicestershire-stalking-2023-05": Expected(
        "arithmetic",
        "arithmetic definition-change not-reproduced",
        "2,443 over 351 is 596% more, and nearly 700 allows a tenth, from 630; across April 2020; 351 is in both releases, which give 2,448 and 2,449 for 2021.",
    ),
    "home-burglary-2018": Expected(
        "definition-change",
        "definition-change undisclosed-base outside-data",
        "Burglary of dwellings became residential burglary in April 2017, amid the first year; no base is given for the 32%.",
    ),
    "avon-and-somerset-burglary-2026": Expected(
        "not-checkable",
        "source-mismatch not-checkable",
        "3,884 and 3,648 fit into 4,706 and 4,472, without attempts; both years are after the codes of April 2023, so the comparison is fair.",
    ),
    "city-of-london-theft-from-vehicles-2018-01": Expected(
        "source-mismatch",
        "source-mismatch definition-not-reviewed small-base",
        "35 more than 46 is 76.1%; 81 is one more than both releases give; nobody has reviewed code 45; 46 is under 50.",
    ),
    "northamptonshire-theft-from-vehicles-2018-01": Expected(
        "source-mismatch",
        "source-mismatch definition-not-reviewed",
        "1,179 more than 2,864 is 41.2%; 4,043 is one more than both releases give.",
    ),
    "staffordshire-vehicle-theft-2019-05": Expected(
        "not-reproduced",
        "not-reproduced definition-not-reviewed",
        "499 more than 1,332 is 37.46%; both releases give 1,801 and 1,330; nobody has reviewed code 48.",
    ),
    "bedfordshire-vehicle-theft-2019-05": Expected(
        "not-reproduced",
        "not-reproduced definition-not-reviewed",
        "288 more than 1,054 is 27.3%; the releases give 1,345 or 1,324, and 1,027.",
    ),
    "uk-vehicle-theft-2020-07": Expected(
        "outside-data",
        "source-mismatch outside-data definition-not-reviewed",
        "54,932 more than 97,609 is 56.3%; the tables do not hold the UK.",
    ),
    "suffolk-vehicle-theft-2020-07": Expected(
        "source-mismatch",
        "source-mismatch definition-not-reviewed",
        "945 is 2.7 times 347, and more than the 626 and 625 of the releases.",
    ),
    "violence-2016-10": Expected(
        "definition-change",
        "definition-change undisclosed-base reproduced",
        "1,031,636 is just over a million; two offences became notifiable in April 2015, between the two years.",
    ),
    "violence-2017-07": Expected(
        "not-reproduced", "not-reproduced", "175,060, where the releases give 1,158,241 and 1,158,176."
    ),
    "homicide-2017-07": Expected(
        "not-reproduced",
        "not-reproduced",
        "723, where the releases give 707 and 709; 149 fewer are 574, where they give 577.",
    ),
    "homicide-2020-04": Expected(
        "not-reproduced",
        "not-reproduced undisclosed-base partial-coverage",
        "670, without Greater Manchester, where the releases give 661 and 654 without it.",
    ),
    "london-homicide-2020-04": Expected(
        "not-reproduced", "not-reproduced", "19 more than 127 is 15.0%; the releases give 153, and 134 or 135."
    ),
    "coercive-control-2019-02": Expected(
        "definition-change",
        "definition-change partial-coverage outside-data",
        "Code 8U holds figures from April 2020 only; 42 of 43 forces.",
    ),
    "coercive-control-2019-11": Expected(
        "definition-change",
        "definition-change outside-data",
        "17,616 is 1.95 times 9,053, which is almost double; code 8U holds figures from April 2020 only.",
    ),
    "cleveland-coercive-control-2022-07": Expected(
        "not-reproduced", "not-reproduced", "322 is in both releases, which give 343 and 344 for 345."
    ),
    "coercive-control-2022-07": Expected(
        "fair", "reproduced fair", "41,534 is about 41,300 and 31,737 about 30,800; 34% is more than a third."
    ),
}


@pytest.fixture(scope="module")
def judgements() -> dict[str, claims.Judgement]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANALYSIS_DATA", str(files.CHECKOUT / "no such folder"))
        return {judgement.claim.id: judgement for judgement in claims.judge_all(release=RELEASE)}


def test_every_shipped_claim_was_reviewed(judgements: dict[str, claims.Judgement]) -> None:
    assert list(judgements) == list(REVIEWED)
    assert len(REVIEWED) == 52


@pytest.mark.parametrize(("name", "expected"), REVIEWED.items(), ids=list(REVIEWED))
def test_the_verdict_is_the_one_reviewed(
    judgements: dict[str, claims.Judgement], name: str, expected: Expected
) -> None:
    judgement = judgements[name]
    found = [finding.code for finding in judgement.findings]
    assert (judgement.verdict, found) == (expected.verdict, expected.findings.split()), expected.why


def test_the_first_case_is_restated_fairly(judgements: dict[str, claims.Judgement]) -> None:
    assert answers.fairly_put(judgements["northamptonshire-2018-04"]) == (
        "Northamptonshire Police recorded 32 child grooming offences in April to December 2017 (33 in a copy made before August 2019) "
        "and 4 in the same months of 2016. The offences counted changed in April 2017, so the two are not comparable."
    )


def test_every_claim_within_the_tables_is_restated_and_no_other(judgements: dict[str, claims.Judgement]) -> None:
    without = {name for name, judgement in judgements.items() if judgement.restatement is None}
    assert without == {
        "facebook-share-2018-04", "uk-2022", "uk-2025", "northern-ireland-2023", "northern-ireland-2023-total",
        "robbery-west-midlands-2013-04", "home-burglary-2018", "uk-vehicle-theft-2020-07", "coercive-control-2019-02",
        "coercive-control-2019-11",
    }  # fmt: skip


def test_a_nation_beyond_the_tables_is_not_told_what_the_code_of_england_and_wales_counts(
    judgements: dict[str, claims.Judgement],
) -> None:
    for name in ("uk-2022", "uk-2025", "northern-ireland-2023", "northern-ireland-2023-total"):
        mismatch = next(finding.text for finding in judgements[name].findings if finding.code == "source-mismatch")
        assert "88A" not in mismatch
    assert "a part of code 88A" in judgements["devon-and-cornwall-2020"].findings[0].text


# Words that the reports never use of recorded offences, or that speak of people rather than figures.
UNSAID = ("soar", "surge", "plague", "epidemic", "tsunami", "victim", "wrongly", "lie", "mislead", "exaggerat", "cases")


def test_no_verdict_speaks_of_motives_or_in_colourful_words(judgements: dict[str, claims.Judgement]) -> None:
    for judgement in judgements.values():
        told = [
            *(finding.text for finding in judgement.findings),
            answers.answer(judgement),
            answers.fairly_put(judgement) or "",
        ]
        said = " ".join(told).casefold()
        quoted = [stated.described_as for stated in (judgement.claim.current, judgement.claim.baseline) if stated]
        for words in filter(None, quoted):
            said = said.replace(words, "")
        assert not [word for word in re.findall(r"[a-z]+", said) if word.startswith(UNSAID)], judgement.claim.id


# The codes of the families that claims are about, as the Home Office groups them; two large ones are left to other tests.
CODES = {
    "rape": ["19C", "19D", "19E", "19F", "19G", "19H", "19J", "19K"],
    "robbery": ["34A", "34B"],
    "homicide": ["1", "4.1", "4.10", "4.2", "1/4.1/4.10/4.2"],
}
LARGE = {"violence-against-the-person", "residential-burglary"}


def test_every_figure_is_what_plain_csv_reading_adds_up_to(judgements: dict[str, claims.Judgement]) -> None:
    checked = 0
    for judgement in judgements.values():
        code = judgement.claim.counted_as.code
        for figure in judgement.figures if code not in LARGE else ():
            for release, value in figure.given:
                names = [force.name for force in figure.area.forces] if figure.area else None
                first, last = figure.period.first, figure.period.last
                months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
                assert value == _added_up(CODES.get(code, [code]), release.id, names, months), (
                    judgement.claim.id,
                    release.id,
                )
                checked += value is not None
    assert checked > 120


def test_no_claim_and_no_quote_names_a_person(judgements: dict[str, claims.Judgement]) -> None:
    """Two words with a capital letter in a row, but for forces, places, papers and months, would be a name."""
    known = r"(?:Northamptonshire|Hampshire|West|North|South|Devon|Avon|City|Metropolitan|Greater|Thames|Northern|Leicestershire|Cleveland|Lincolnshire|Staffordshire|Bedfordshire) [A-Z]\w+"
    known += r"|(?:Northants|Basingstoke|Get) [A-Z]\w+|England|Wales|Police|Motor|Data"
    for judgement in judgements.values():
        shown = " ".join([judgement.claim.statement, *(figure_quotes(judgement.claim))])
        assert re.findall(r"\b[A-Z][a-z]+ [A-Z][a-z]+\b", re.sub(known, "", shown)) == [], judgement.claim.id


def figure_quotes(claim: claims.Claim) -> list[str]:
    parts = [claim, claim.current, claim.baseline, claim.change, claim.coverage, claim.share, *claim.parts]
    return [part.quote for part in parts if part is not None and part.quote]


def _added_up(codes: list[str], release: str, names: list[str] | None, months: range) -> int | None:
    """Return the sum over codes, forces and months from the file itself; None if there is no row of a force and quarter."""
    rows = _rows(tuple(codes), release)
    found = [rows.get((name, month)) for name in names or ["nowhere"] for month in months[::3]]
    return None if None in found else sum(filter(None, found))


@functools.cache
def _rows(codes: tuple[str, ...], release: str) -> dict[tuple[str, int], int]:
    rows: dict[tuple[str, int], int] = {}
    for code in codes:
        for row in shipped.rows(code, release):
            at = row["force"], 12 * int(row["financial_year"][:4]) + 3 * int(row["financial_quarter"])
            rows[at] = rows.get(at, 0) + int(row["offences"])
    return rows
