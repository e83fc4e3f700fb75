"""Entries of the register of breaks, and what they do to an offence; the register's own content is tested beside it."""

from __future__ import annotations

from collections.abc import Sequence

import made
import pytest

from analysis.errors import RequestError
from analysis.terms import breaks, offences
from analysis.terms.breaks import Break
from analysis.terms.periods import Month


def test_the_definition_of_88a_changed_once_on_1_april_2017() -> None:
    (change,) = (effect.change for effect in breaks.effects(offences.find("88A")) if effect.forbids)
    assert (change.month, change.words, str(change.launch)) == (Month(2017, 4), "1 April 2017", "2017-04..2018-03")
    assert change.before is not None
    assert "section 15 " in change.before
    assert change.after is not None
    assert "section 15A" in change.after
    assert "not comparable" in change.what
    titles = [breaks.register().sources[name].title for name in change.sources]
    assert titles == ["Full Fact quoting the Office for National Statistics"]


@pytest.mark.parametrize(
    ("day", "quarter", "mixes", "begins"),
    [
        ("2017-04-01", "2017-04..2017-06", False, "2017-04"),
        ("2017-04-02", "2017-04..2017-06", True, "2017-07"),
        ("2017-05-01", "2017-04..2017-06", True, "2017-07"),
        ("2017-06-30", "2017-04..2017-06", True, "2017-07"),
        ("2024-01-31", "2024-01..2024-03", True, "2024-04"),
        ("2016-01-01", "2016-01..2016-03", False, "2016-01"),
        ("2015-12-29", "2015-10..2015-12", True, "2016-01"),
    ],
)
def test_a_day_inside_a_quarter_mixes_it(day: str, quarter: str, mixes: bool, begins: str) -> None:
    change = made.entry(day, "88A")
    assert (str(change.quarter), change.mixes_quarter, str(change.begins)) == (quarter, mixes, begins)


@pytest.mark.parametrize(
    ("fields", "months"),
    [
        ({}, "2019-07..2019-07"),
        ({"until": "2019-07-01"}, "2019-07..2019-07"),
        ({"until": "2020-03-31"}, "2019-07..2020-03"),
    ],
)
def test_an_entry_lasts_until_its_last_day(fields: dict[str, str], months: str) -> None:
    assert str(made.entry("2019-07-01", "88A", **fields).months) == months


def touched(offence: str, entry: Break, monkeypatch: pytest.MonkeyPatch) -> tuple[bool, Sequence[str]] | None:
    """Return whether an entry forbids comparison of an offence, and the members that it touches; None where it does neither."""
    made.know(monkeypatch, entry)
    effects = breaks.effects(offences.find(offence))
    assert len(effects) <= 1
    return (effects[0].forbids, effects[0].codes) if effects else None


@pytest.mark.parametrize(
    ("offence", "fields", "expected"),
    [
        ("8L", {"breaks": ["8L"]}, (True, ())),
        ("8Q", {"breaks": ["8L"]}, None),
        # A member's break breaks its union and every union that holds it
        ("stalking-and-harassment", {"breaks": ["8L"]}, (True, ("8L",))),
        ("violence-against-the-person", {"breaks": ["8L", "8Q"]}, (True, ("8L", "8Q"))),
        ("stalking-and-harassment", {"breaks": ["8L", "8M", "8Q", "8R", "8U"]}, (True, ())),
        # ... unless the entry says that the union, or a part of it that holds all of them, stays whole
        ("stalking-and-harassment", {"breaks": ["8L", "8Q"], "whole": ["stalking-and-harassment"]}, None),
        ("violence-against-the-person", {"breaks": ["8L", "8Q"], "whole": ["stalking-and-harassment"]}, None),
        (
            "violence-against-the-person",
            {"breaks": ["8L", "1"], "whole": ["stalking-and-harassment"]},
            (True, ("1",)),
        ),
        ("8L", {"breaks": ["8L", "8Q"], "whole": ["stalking-and-harassment"]}, (True, ())),
        # An entry about a union says nothing of each of its members
        ("stalking-and-harassment", {"breaks": ["stalking-and-harassment"]}, (True, ())),
        ("8L", {"breaks": ["stalking-and-harassment"]}, None),
        ("violence-against-the-person", {"cautions": ["stalking-and-harassment"]}, (False, ("8L", "8M", "8Q", "8R", "8U"))),
        # Everything
        ("88A", {"breaks": ["all"]}, (True, ())),
        ("sexual-offences", {"cautions": ["all"]}, (False, ())),
        ("robbery", {"cautions": ["all"], "whole": ["robbery"]}, None),
        # What breaks it is graver than a caution
        ("stalking-and-harassment", {"breaks": ["8R"], "cautions": ["8L"]}, (True, ("8R",))),
        ("8L", {"breaks": ["8R"], "cautions": ["8L"]}, (False, ())),
    ],
)  # fmt: skip
def test_what_an_entry_does_to_a_code_or_union(
    offence: str,
    fields: dict[str, list[str]],
    expected: tuple[bool, Sequence[str]] | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert touched(offence, made.entry("2018-04-01", **fields), monkeypatch) == expected


def test_effects_come_in_the_order_of_their_days(monkeypatch: pytest.MonkeyPatch) -> None:
    made.know(monkeypatch, *(made.entry(day, "88A") for day in ("2020-04-01", "2014-04-01", "2017-04-01")))
    days = [str(effect.change.day) for effect in breaks.effects(offences.find("88A"))]
    assert days == ["2014-04-01", "2017-04-01", "2020-04-01"]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"launch": "2018"}, "may mean a calendar or a financial year"),
    ],
)
def test_an_entry_of_another_form_is_refused(fields: dict[str, str], says: str) -> None:
    with pytest.raises(RequestError, match=says):
        made.entry("2018-04-01", "88A", **fields)
