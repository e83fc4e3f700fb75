"""A caveat or a verdict is a rule and an entry: with these two it is complete in every room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from analysis import claims, files
from analysis.claims import rules, wording
from analysis.comparison import Pair, compare, judgement
from analysis.report import methods, published, sentences
from analysis.terms import findings
from analysis.terms.findings import WEIGHTS, Caveat

NEWEST = "2026-04-23"
SAID = "The moon was full in January to December 2025."

Ship = Callable[[str, str, str], None]


@pytest.fixture
def ship(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Ship]:
    """Make the project ship a register with an entry more, before a place in it or at its end."""
    shipped = files.shipped

    def with_entry(name: str, entry: str, before: str) -> None:
        head, found, tail = shipped("data", "raw", name).read_text(encoding="utf-8").partition(before)
        (tmp_path / name).write_text(f"{head}{entry}{found}{tail}", encoding="utf-8")
        monkeypatch.setattr(files, "shipped", lambda *parts: tmp_path / name if parts[-1] == name else shipped(*parts))
        forget()

    def forget() -> None:
        findings.caveats.cache_clear()
        findings.verdicts.cache_clear()

    yield with_entry
    forget()


def _caveat(weight: str) -> str:
    return f"""
- code: full-moon
  name: A full moon
  weight: {weight}
  when: The moon was full.
  short: the moon was full
  sentence: "The moon was full in {{month}}."

"""


def _full_moon(pair: Pair) -> list[Caveat]:
    return [Caveat("full-moon", {"month": pair.current.period.words})] if pair.baseline else []


def test_a_caveat_is_a_rule_and_an_entry(ship: Ship, monkeypatch: pytest.MonkeyPatch) -> None:
    ship("caveats.yaml", _caveat("note"), "- code: provisional\n")
    monkeypatch.setattr(judgement, "RULES", (*judgement.RULES, _full_moon))
    compared = compare("Kent", period="2025-01..2025-12", release=NEWEST)
    assert compared.caveats[0].text == SAID
    assert SAID in sentences.report(compared)
    assert SAID in sentences.comparability(compared).html
    assert "the moon was full" in sentences.quotation(compared)[0]
    assert "The moon was full." in methods.rules().text


@pytest.mark.parametrize(("weight", "before"), [("forbids", "- code: unequal-periods\n"), ("care", "- code: event\n")])
def test_a_grave_caveat_decides_what_is_answered(
    ship: Ship, monkeypatch: pytest.MonkeyPatch, weight: str, before: str
) -> None:
    ship("caveats.yaml", _caveat(weight), before)
    monkeypatch.setattr(judgement, "RULES", (*judgement.RULES, _full_moon))
    compared = compare("Kent", period="2024/25", release=NEWEST)
    assert compared.answer == WEIGHTS[weight]
    assert "the moon was full" in " ".join(sentences.summary_sentences(compared))
    claim = next(each for each in claims.shipped() if each.is_comparison and each.basis != "foi")
    judged = claims.judge(claim)
    assert judged.pair is not None
    assert "full-moon" in judged.pair.codes
    assert wording.answer(judged)


def test_a_verdict_is_a_rule_and_an_entry(ship: Ship, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = '- {code: full-moon, name: Under a full moon, when: "It was said under a full moon."}\n'
    ship("verdicts.yaml", entry, "- {code: arithmetic,")

    def _full_moon(_: object) -> Iterator[str]:
        yield "The moon was full."

    monkeypatch.setitem(rules.RULES, "full-moon", _full_moon)
    judged = claims.judge(claims.shipped()[0])
    assert (judged.verdict, judged.findings[0].text) == ("full-moon", "The moon was full.")
    assert judged.name == "Under a full moon"
    assert "It was said under a full moon." in published.meanings().text
    assert ">under a full moon</b>." in published.article(judged).html
