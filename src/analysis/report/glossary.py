"""Words that a lay reader stumbles on, explained at a tap where a section of a page first uses them."""

from __future__ import annotations

import functools
import re

from analysis.report.view import html, words
from analysis.terms.forces import slug

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^>]*>")
_INSIDE = {"p", "li"}  # where text may be tapped
_LEFT = {
    "a",
    "blockquote",
    "button",
    "code",
    "figure",
    "header",
    "summary",
    "table",
}  # what is text of another kind, or leads elsewhere


def explained(content: str) -> tuple[str, list[tuple[str, str, str]]]:
    """Return a page's content with its hard words to be tapped, and of each its id, the word and what it means.

    A word is marked once in a section, in running text alone.

    Examples
    --------
    >>> said, used = explained("<h2>Baseline</h2><p>A provisional figure; <a>provisional</a>, provisional.</p>")
    >>> said.count("<button"), [word for _, word, _ in used]
    (1, ['provisional'])
    """
    made, told, used = list[str](), set[str](), set[str]()
    depth = dict.fromkeys((*_INSIDE, *_LEFT), 0)
    at = 0
    for tag in (*_TAG.finditer(content), None):
        text = content[at : tag.start() if tag else None]
        if any(depth[name] for name in _INSIDE) and not any(depth[name] for name in _LEFT):
            text, found = _marked(text, told)
            told |= found
            used |= found
        made.append(text)
        if tag:
            made.append(tag[0])
            at, kind = tag.end(), tag[2].lower()
            if kind in depth:
                depth[kind] += -1 if tag[1] else 1
            elif kind == "h2":
                told.clear()
    return "".join(made), [(name, word, said) for name, (word, _, said) in _terms().items() if name in used]


def _marked(text: str, told: set[str]) -> tuple[str, set[str]]:
    """Return text with each word marked that its section has not told, and which those are."""
    terms = {name: pattern.search(text) for name, (_, pattern, _) in _terms().items() if name not in told}
    found = sorted((match.start(), name, match) for name, match in terms.items() if match)
    parts, at = [], 0
    for start, name, match in found:
        parts += [text[at:start], str(html("term", name, *match.groups()))]
        at = match.end()
    return "".join([*parts, text[at:]]), {name for _, name, _ in found}


@functools.cache
def _terms() -> dict[str, tuple[str, re.Pattern[str], str]]:
    """Return each word by its id, with what finds it in text and what it means; ways to write it stand between bars."""
    named = {written.partition("|")[0]: (written, said) for written, said in words("glossary").items()}
    return {
        slug(word): (word, re.compile(rf"\b({written})\b([.,;:)]*)", re.IGNORECASE), said)
        for word, (written, said) in named.items()
    }
