"""How far later releases changed every figure, beside the shipped tables themselves."""

from __future__ import annotations

import pytest
import shipped

from analysis.figures import revisions
from analysis.report import methods
from analysis.terms import areas, offences

OLDER, NEWER = "2023-10-19", "2026-04-23"


def both(code: str) -> list[tuple[str, int, int]]:
    """Return what each release says of every cell that both fill: force, before, after."""
    told = [
        {
            (row["force"], row["financial_year"], row["financial_quarter"]): int(row["offences"])
            for row in shipped.rows(code, release)
            if row["offences"]
        }
        for release in (OLDER, NEWER)
    ]
    return [(key[0], before, told[1][key]) for key, before in told[0].items() if key in told[1]]


@pytest.mark.parametrize("code", ["88A", "30C", "105A", "53C"])
def test_an_offence_is_measured_over_every_cell_that_both_releases_fill(code: str) -> None:
    row = methods.revised("offence").frame.set_index("offence").loc[code]
    cells = both(code)
    changes = [after - before for _, before, after in cells if after != before]
    assert (row["cells"], row["changed"], row["net"]) == (len(cells), len(changes), sum(changes))
    assert row["largest"] == max(map(abs, changes), default=0)


def test_forces_stand_in_canonical_order_and_add_up_to_all_ages() -> None:
    frame, ages = methods.revised("force").frame, revisions.by("age", None)
    assert list(frame["force"]) == list(areas.NAMES)
    assert frame[["cells", "changed", "net"]].sum().tolist() == ages[["cells", "changed", "net"]].sum().tolist()
    alone = revisions.by("force", "30C")
    kent = [(before, after) for force, before, after in both("30C") if force == "Kent"]
    assert alone.loc["Kent", "changed"] == sum(before != after for before, after in kent)


def test_offences_stand_by_code_behind_a_fold_and_none_is_left_out() -> None:
    shown = methods.revised("offence")
    codes = list(shown.frame["offence"])
    assert set(codes) == set(revisions.by("offence").index)
    assert codes == [code for code in offences.known() if code in codes]
    assert shown.html.count("<details") == shown.html.count("<table") == 1
    assert "Murder (1)" in shown.text


def test_the_introduction_names_the_releases() -> None:
    assert "19 October 2023 against that of 23 April 2026" in methods.revisions().text


def test_without_a_pair_of_releases_nothing_is_said_of_revisions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revisions, "pairs", lambda *_, **__: [])
    assert "nothing is known of how figures change" in methods.revisions().text
    for shown in (methods.revised("age"), methods.revised("force"), methods.revised("offence")):
        assert shown.html == ""
