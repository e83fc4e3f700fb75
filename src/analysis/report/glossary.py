"""Words that a lay reader stumbles on, explained at a tap where a section of a page first uses them."""

from __future__ import annotations

import functools
import re

from analysis.report.view import html, words
from analysis.terms.areas import slug

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^>]*>")
_INSIDE = {"p", "li"}  # where text may be tapped
# What is text of another kind, or leads elsewhere
_LEFT = {"a", "blockquote", "button", "code", "figure", "header", "summary", "table"}


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
            text = _marked(text, told)
            used |= told
        made.append(text)
        if tag:
            made.append(tag[0])
            at, kind = tag.end(), tag[2].lower()
            if kind in depth:
                depth[kind] += -1 if tag[1] else 1
            elif kind == "h2":
                told.clear()
    return "".join(made), [(name, word, said) for name, (word, said) in _terms().items() if name in used]


def _marked(text: str, told: set[str]) -> str:
    """Return text with each word marked that its section has not told, which it has then."""

    def mark(found: re.Match[str]) -> str:
        *written, sign = found.groups()
        name, word = next((name, word) for name, word in zip(_terms(), written, strict=True) if word)
        if name in told:
            return found[0]
        told.add(name)
        return str(html("term", name, word, sign))

    return _pattern().sub(mark, text)


@functools.cache
def _pattern() -> re.Pattern[str]:
    """Return what finds any of the words in text, in a group of its own in the order of the words, and the sign behind it."""
    either = "|".join(f"({written})" for written in words("glossary.glossary"))
    return re.compile(rf"\b(?:{either})\b([.,;:)]*)", re.IGNORECASE)


@functools.cache
def _terms() -> dict[str, tuple[str, str]]:
    """Return each word by its id, and what it means; ways to write it stand between bars, the usual one first."""
    usual = {written.partition("|")[0]: said for written, said in words("glossary.glossary").items()}
    return {slug(word): (word, said) for word, said in usual.items()}
