from __future__ import annotations

import re
from pathlib import Path

import pytest

from analysis import files
from analysis.errors import RequestError
from analysis.terms.findings import WEIGHTS, Caveat, caveats, verdicts


def test_a_weight_gives_an_answer_the_gravest_first() -> None:
    """Which caveats there are of each stands in docs/json.md, which is held to the register."""
    assert list(WEIGHTS.items()) == [
        ("forbids", "no"),
        ("unknown", "not-known"),
        ("care", "with-care"),
        ("note", "yes"),
    ]


def test_a_code_has_one_mark_whether_it_is_a_caveat_or_about_a_claim() -> None:
    shared = caveats().keys() & verdicts().keys()
    assert shared == {"unequal-periods", "definition-change", "definition-not-reviewed", "revised"}
    for code in shared:
        assert caveats()[code].mark == verdicts()[code].mark


def test_a_caveat_says_what_its_entry_and_its_values_say() -> None:
    caveat = Caveat("provisional", {"from": "October 2024", "quarters": 5})
    assert (caveat.rule.name, caveat.rule.mark, caveat.weight) == ("Provisional", "p", "note")
    assert caveat.text.startswith("Figures from October 2024 on are provisional: they lie in the newest 5 quarters")
    assert caveat.to_dict() == {"code": "provisional", "weight": "note", "text": caveat.text}
    gaps = Caveat("not-supplied", {"release": "2026-04-23", "gaps": "Kent, {2017/18 Q1}"}, "all")
    assert "Kent, {2017/18 Q1}" in gaps.text  # braces of a value are no places


def test_what_a_rule_names_is_in_its_register_and_its_sentence() -> None:
    for wrong in (
        lambda: Caveat("unfair"),
        lambda: Caveat("provisional", {"from": "October 2024"}),
        lambda: Caveat("event", {"what": "It.", "when": "then"}, "no form"),
    ):
        with pytest.raises(KeyError, match=r"unfair|quarters|no form"):
            _ = wrong().text
    for rule in caveats().values():
        assert set(rule.weights) <= set(rule.sentence if isinstance(rule.sentence, dict) else ())


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ("- {code: a, name: A}\n", r"line \d+: \d+ \(a\).when: is missing"),
        (
            '- {code: a, name: A, weight: grave, when: "A.", short: a, sentence: "A."}\n',
            r"\d+ \(a\).weight: found 'grave'; write forbids or",
        ),
    ],
)
def test_a_register_that_is_not_of_its_form_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, wrong: str, fault: str
) -> None:
    file = tmp_path / "caveats.yaml"
    file.write_text(files.shipped("data", "raw", "caveats.yaml").read_text(encoding="utf-8") + wrong, encoding="utf-8")
    monkeypatch.setattr(files, "shipped", lambda *_: file)
    with pytest.raises(RequestError, match=rf"{re.escape(str(file))}: .*{fault}"):
        caveats.__wrapped__()  # type: ignore[attr-defined]  # what is read once in a process
