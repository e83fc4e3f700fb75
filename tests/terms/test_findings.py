from __future__ import annotations

import pytest

from analysis.terms.findings import CAVEATS, CLAIM_CODES, CODES, MARKS, WEIGHTS, Caveat, Finding


def test_caveats_are_those_of_the_contract_with_their_weights_the_gravest_first() -> None:
    by_weight = {weight: [code.code for code in CAVEATS if code.weight == weight] for weight in WEIGHTS}
    assert by_weight == {
        "forbids": [
            "unequal-periods",
            "different-quarters",
            "definition-change",
            "not-counted-then",
            "mixed-quarter",
            "not-supplied",
        ],
        "unknown": ["definition-not-reviewed"],
        "care": ["review-older", "first-year", "recording-change", "late-supply", "event"],
        "note": ["provisional", "revised", "small-numbers", "no-residents", "population-step"],
    }
    assert [code.code for code in CAVEATS] == [code for codes in by_weight.values() for code in codes]
    assert list(WEIGHTS.items()) == [
        ("forbids", "no"),
        ("unknown", "not-known"),
        ("care", "with-care"),
        ("note", "yes"),
    ]


def test_findings_about_claims_are_those_of_the_contract_in_order_of_gravity() -> None:
    assert [code.code for code in CLAIM_CODES] == [
        "arithmetic",
        "definition-change",
        "unequal-periods",
        "source-mismatch",
        "change-differs",
        "launch-year",
        "mislabelled-period",
        "not-reproduced",
        "undisclosed-base",
        "partial-coverage",
        "outside-data",
        "definition-not-reviewed",
        "small-base",
        "not-checkable",
        "revised",
        "reproduced",
        "fair",
    ]


def test_a_code_has_one_mark_whether_it_is_a_caveat_or_about_a_claim() -> None:
    shared = {code.code: code for code in CAVEATS}.keys() & {code.code: code for code in CLAIM_CODES}.keys()
    assert shared == {"unequal-periods", "definition-change", "definition-not-reviewed", "revised"}
    for code in (*CAVEATS, *CLAIM_CODES):
        assert CODES[code.code].mark == code.mark


def test_marks_are_those_that_tables_print_and_each_is_explained() -> None:
    assert set(MARKS) == {"b", "p", "r", "u", "x"}
    assert {code.mark for code in CODES.values()} - {""} == set(MARKS)


def test_a_finding_carries_its_codes_name_and_mark_and_goes_into_json() -> None:
    text = "Figures from October 2024 on are provisional."
    finding, caveat = Finding("provisional", text), Caveat("provisional", text)
    assert (finding.name, finding.mark) == (caveat.name, caveat.mark) == ("Provisional", "p")
    assert finding.to_dict() == {"code": "provisional", "text": text}
    assert caveat.to_dict() == {"code": "provisional", "weight": "note", "text": text}


def test_a_code_that_is_not_in_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="finding: 'unfair' is not a code; codes are arithmetic, definition-change"):
        Finding("unfair", "It is unfair.")
