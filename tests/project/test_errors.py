from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import ManyErrors, RequestError, one_line, printable


@given(st.text())
def test_a_message_is_one_line_whatever_was_found(found: str) -> None:
    message = str(RequestError(f"sheet 2012_13: found {found}"))
    assert len(message.splitlines()) == 1
    assert message.split() == f"sheet 2012_13: found {found}".split()


@given(st.integers(0, 10_000))
def test_a_line_is_no_longer_than_anyone_reads_and_keeps_its_place_and_its_remedy(letters: int) -> None:
    line = str(RequestError(f"sheet 2012_13: found {'x' * letters}; give a number"))
    assert len(line) <= 2000
    assert line.startswith("sheet 2012_13: found ")
    assert line.endswith("; give a number")
    assert ("…" in line) == (letters > 2000 - len("sheet 2012_13: found ; give a number"))


@given(st.text())
def test_no_letter_of_printable_text_steers_a_terminal(text: str) -> None:
    shown = printable(text)
    assert shown.replace("\n", "").isprintable()
    assert printable(shown) == shown
    assert one_line(shown).count("\n") == 0


def test_is_a_value_error_so_that_a_notebook_may_catch_it_as_one() -> None:
    assert issubclass(RequestError, ValueError)


def test_several_errors_keep_their_order_a_line_each() -> None:
    error = ManyErrors(["sheet a,\nrow 2: wrong", "sheet b: wrong"])
    assert str(error).splitlines() == ["sheet a, row 2: wrong", "sheet b: wrong"]


def test_comes_back_unchanged_from_another_process() -> None:
    assert str(pickle.loads(pickle.dumps(RequestError("option --jobs: found 0")))) == "option --jobs: found 0"  # noqa: S301


def test_no_password_of_an_address_is_said() -> None:
    address = "http://me:s3cret@127.0.0.1:9/v1"
    assert "s3cret" not in str(RequestError(f"--model: {address} cannot be asked")) + printable(address)
    assert printable("write to a@b.org, see https://gov.uk/@x") == "write to a@b.org, see https://gov.uk/@x"


@pytest.mark.parametrize(("found", "said"), [(20, 20), (21, 21), (5000, 21)])
def test_so_many_errors_are_said_and_the_others_counted(found: int, said: int) -> None:
    error = ManyErrors([f"row {i}: wrong" for i in range(found)])
    assert len(str(error).splitlines()) == said
    assert ("4,980 more" in str(error)) == (found == 5000)
