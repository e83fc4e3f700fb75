"""An address for every heading of a page, and its contents."""

from __future__ import annotations

import re

from markupsafe import Markup

from analysis.terms.areas import slug

_HEADING = re.compile(r"<h([1-6])([^>]*)>(.*?)</h\1>", re.DOTALL)
_ID = re.compile(r'\bid="([^"]*)"')


def addressed(html: str) -> tuple[str, list[tuple[str, str]]]:
    """Return a page's content with an id on every heading, and the id and words of each heading of the second level.

    The id is made of the heading's words, so that it stays while they do; where another has it, a number follows.

    Examples
    --------
    >>> addressed("<h2>May it be compared?</h2><h2>Rates</h2><h3>Rates</h3>")[0]
    '<h2 id="may-it-be-compared">May it be compared?</h2><h2 id="rates">Rates</h2><h3 id="rates-2">Rates</h3>'
    """
    taken = {"content", *_ID.findall(html)}
    contents = []

    def address(found: re.Match[str]) -> str:
        level, attributes, inside = found.groups()
        words = Markup(inside).striptags()  # noqa: S704 -- read, not shown
        if own := _ID.search(attributes):
            name = own[1]
        else:
            stem = slug(words) or "heading"
            names = (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
            name = next(name for name in names if name not in taken)
            attributes += f' id="{name}"'
        taken.add(name)
        if level == "2":
            contents.append((name, words))
        return f"<h{level}{attributes}>{inside}</h{level}>"

    return _HEADING.sub(address, html), contents
