from __future__ import annotations

from pathlib import Path

import pytest
import shipped

from analysis import reader
from analysis.errors import RequestError
from analysis.terms import offences
from analysis.terms.offences import Offence, find, known
from analysis.terms.periods import Period

GROOMING = find("88A")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("88A", "88A"),
        (" 88a ", "88A"),
        ("Sexual grooming", "88A"),
        ("grooming", "88A"),
        ("sexual-offences", "sexual-offences"),
        ("SEXUAL OFFENCES", "sexual-offences"),
        ("All sexual offences", "sexual-offences"),
        ("4.1", "4.1"),
        ("4-dot-1", "4.1"),
        ("4.10", "4.10"),
        ("71/17", "71/17"),
        ("mugging", "34B"),
        ("stalking and harassment", "stalking-and-harassment"),
    ],
)
def test_an_offence_is_known_by_code_id_name_slug_and_usual_words(name: str, code: str) -> None:
    assert find(name).code == code


def test_every_offence_has_an_address_of_its_own_that_leads_back_to_it() -> None:
    slugs = {offence.slug: offence for offence in known().values()}
    assert len(slugs) == len(known()) > 200
    assert all(slug and find(slug) == offence for slug, offence in slugs.items())


def test_a_group_has_the_codes_that_name_it_now() -> None:
    assert find("sexual-offences").codes == shipped.SEXUAL
    assert find("robbery").codes == ("34A", "34B")
    assert "71/17" not in find("sexual-offences").codes  # which 88A counts already
    assert find("88A").codes == ("88A",)


def test_every_offence_says_what_it_does_not_measure_and_takes_no_offence_for_a_person() -> None:
    for offence in known().values():
        assert any(limit.startswith("It counts offences, not") for limit in offence.limits), offence.code
        assert offence.count(2) == f"2 {offence.noun}"
        said = f"These are offences as the police recorded them, not {offence.against} and not offenders."
        assert offence.not_people == said


def test_every_page_about_88a_says_what_it_does_not_measure() -> None:
    text = " ".join(GROOMING.limits)
    for line in (
        "counts offences, not children and not offenders",
        "does not measure group-based exploitation and says nothing of ethnicity or nationality",
        "zero recorded is not zero abuse",
    ):
        assert line in text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 child grooming offences"),
        (1, "1 child grooming offence"),
        (2, "2 child grooming offences"),
        (6442, "6,442 child grooming offences"),
        (-1, "−1 child grooming offence"),
        (-2, "−2 child grooming offences"),
        (None, "an unknown number of child grooming offences"),
    ],
)
def test_counts_offences_in_words(number: int | None, text: str) -> None:
    assert GROOMING.count(number) == text


def test_of_a_code_that_only_a_workbook_names_nothing_else_is_known() -> None:
    other = Offence(code="999", name="A new offence")
    assert (other.code, other.codes, other.reviewed, other.first, other.context) == ("999", ("999",), None, None, ())
    assert other.count(1) == "1 offence of “A new offence” (code 999)"
    assert other.limits == ("It counts offences, not people.",)


def test_a_review_says_over_which_months() -> None:
    assert GROOMING.reviewed is not None
    assert GROOMING.reviewed.span == Period.parse("2012-04..2025-12")
    assert find("23").reviewed is None


def test_helplines_are_those_of_the_offence() -> None:
    assert [line.name for line in offences.helplines(GROOMING)] == ["NSPCC helpline", "Childline"]
    assert offences.helplines(find("46")) == []


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("{code: '1', name: A, colour: red}", r"line 1: offences.1 \(1\): 'colour' is not a field; fields are code"),
        ("{code: '1', name: ''}", r"line 1: offences.1 \(1\).name: found ''; write text"),
        (
            "{code: '1', name: A, first: 2012}",
            r"line 1: offences.1 \(1\).first: .*may mean a calendar or a financial year",
        ),
        (
            "{code: '1', name: A, denominator: 0-99}",
            r"line 1: offences.1 \(1\).denominator: '0-99' is not held; bands are 0-17",
        ),
        (
            "{code: 4.10, name: A}",
            r"line 1: offences.1 \(4.10\).code: found '4.10'; write text, a number in quotation marks",
        ),
        ("{name: A}", r"line 1: offences.1 \(A\).code: is missing"),
        ("{code: '1', name: A", "line 1: not YAML"),
    ],
)
def test_an_entry_of_another_form_is_refused_in_one_line_that_names_it(entry: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "offences.yaml"
    path.write_text(f"offences: [{entry}]\n")
    with pytest.raises(RequestError, match=f"offences.yaml: {says}") as caught:
        reader.read(path, offences._Document)
    assert len(str(caught.value).splitlines()) == 1


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"offences.yaml: cannot be read \(No such file or directory\); restore it"):
        reader.read(tmp_path / "offences.yaml", offences._Document)
