"""Words that are explained at a tap: where they are marked, and where text is left as it is."""

from __future__ import annotations

import re

import pytest

from analysis.report.glossary import explained
from analysis.report.view import words


def taps(content: str) -> list[str]:
    return re.findall(r"<button[^>]*>([^<]*)</button>", explained(content)[0])


def test_a_word_is_marked_once_in_a_section_and_again_in_the_next() -> None:
    text = "<p>A baseline, a baseline.</p>"
    assert taps(f"<h2>a</h2>{text}{text}<h2>b</h2>{text}") == ["baseline", "baseline"]


@pytest.mark.parametrize(
    "content",
    [
        "<h2>Baseline</h2>",
        "<p><a href='#x'>baseline</a></p>",
        "<blockquote><p>baseline</p></blockquote>",
        "<table><tr><td><p>baseline</p></td></tr></table>",
        "<figure><p>baseline</p></figure>",
        "<p title='baseline'>text</p>",
        "<p>baselines of old</p>",
        "<div>baseline</div>",
    ],
)
def test_what_is_no_running_text_is_left_as_it_is(content: str) -> None:
    assert explained(content) == (content, [])


def test_what_is_marked_is_explained_and_no_other_and_a_sign_is_not_parted_from_it() -> None:
    content, told = explained("<p>Two releases; the 95% range.</p>")
    assert [name for name, *_ in told] == ["95-interval", "release"]
    assert "releases</button>;</span>" in content
    assert "95% range</button>.</span>" in content
    assert all(f'popovertarget="word-{name}"' in content for name, *_ in told)


def test_ten_words_are_explained_in_a_sentence_or_three() -> None:
    assert len(words("glossary.glossary")) == 10
    assert all(len(said.split()) < 40 and said.endswith(".") for said in words("glossary.glossary").values())
