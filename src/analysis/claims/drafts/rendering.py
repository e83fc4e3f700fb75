"""A draft as a claims file: the sentence quoted as a comment, and what a person must confirm marked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from analysis.claims.drafts.fields import Candidate, Count, Draft, Field
from analysis.terms.forces import slug

LOOKED_FOR = (
    "No claim found. Looked for: a number of recorded grooming offences beside a force, county, region or country and a "
    "period; two such numbers set against each other; a percentage or multiple by which they changed; a total with its "
    "parts; offences a day, week or month; a share of the offences. Not counted: ages, dates, laws, money, telephone "
    "numbers, people, and numbers of forces."
)
_MARK = "# confirm:"
_PLAIN = re.compile(r"[A-Za-z][\w .,&'%-]*")
_AMBIGUOUS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


def render(draft: Draft) -> str:
    """Return a draft as YAML in the form of a claims file.

    Parameters
    ----------
    draft
        What :func:`analysis.claims.drafts.draft` gave.

    Returns
    -------
    str
        A claims file with ``# confirm:`` beside every field that is not sure; a field without a value is one that the text
        does not give. Without candidates, comments alone.

    Examples
    --------
    >>> print(render(Draft((), Field(), Field()))[:16])
    # No claim found
    """
    if not draft.candidates:
        return "".join(f"{line}\n" for line in _commented(LOOKED_FOR))
    lines = [
        f"# Draft claims. Confirm or complete each field marked “{_MARK[2:]}”, and take the marks off.",
        *(line for note in draft.notes for line in _commented(f"The text also says: {note}.")),
        "claims:",
    ]
    for identifier, candidate in zip(_identifiers(draft), draft.candidates, strict=True):
        lines += [f"  {line}" if line else "" for line in _claim(identifier, candidate, draft)]
    return "\n".join(lines) + "\n"


def _claim(identifier: str, candidate: Candidate, draft: Draft) -> Iterator[str]:
    for quote in candidate.quote:
        yield f"# “{_printable(quote)}”"
    yield f"- id: {identifier}"
    yield f"  statement: {json.dumps(' '.join(candidate.quote), ensure_ascii=False)}"
    for name in ("published", "source"):
        yield f"  {_line(name, getattr(draft, name))}"
    for name in ("area", "basis", "offence"):
        yield f"  {_line(name, getattr(candidate, name))}"
    for name, count in (("current", candidate.current), ("baseline", candidate.baseline)):
        if count is not None:
            yield f"  {name}:"
            yield from (f"    {line}" for line in _count(count))
    for name in ("change", "rate", "coverage", "share"):
        fields: dict[str, Field] = getattr(candidate, name)
        if fields:
            yield f"  {name}:"
            yield from (f"    {_line(key, field)}" for key, field in fields.items())
    if candidate.parts is not None:
        yield f"  {_line('parts', Field(None, candidate.parts.confirm))}"
        for area, value in candidate.parts.value:  # type: ignore[attr-defined]
            yield f"    - {{area: {_scalar(area)}, value: {value}}}"


def _count(count: Count) -> Iterator[str]:
    if count.value.value is not None or count.value.confirm:
        yield _line("value", count.value)
    yield _line("period", count.period)
    if count.described_as:
        yield _line("described_as", Field(count.described_as))


def _line(name: str, field: Field) -> str:
    value = "" if field.value is None else f" {_scalar(field.value)}"
    mark = f"  {_MARK} {_printable(field.confirm)}" if field.confirm else ""
    return f"{name}:{value}{mark}"


def _scalar(value: object) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(_scalar(one) for one in value)}]"
    text = str(value)
    if isinstance(value, int | float) or re.fullmatch(r"\d{4}-\d{2}(?:-\d{2}|\.\.\d{4}-\d{2})?", text):
        return text
    if isinstance(value, str) and _PLAIN.fullmatch(text) and text.casefold() not in _AMBIGUOUS and "," not in text:
        return text.strip()
    return json.dumps(text, ensure_ascii=False)


def _identifiers(draft: Draft) -> Iterator[str]:
    """Return an identifier for each claim: its area and the month of publication, with a number where one would stand twice."""
    seen: dict[str, int] = {}
    month = f"-{str(draft.published.value)[:7]}" if draft.published.value else ""
    for candidate in draft.candidates:
        area = candidate.area.value
        name = slug("-".join(area) if isinstance(area, list) else str(area or "claim"))[:80] + month
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name}-{seen[name]}"


def _commented(text: str) -> list[str]:
    import textwrap

    return textwrap.wrap(_printable(text), 100, initial_indent="# ", subsequent_indent="# ")


def _printable(text: str) -> str:
    """Return text on one line, in which nothing can end a comment or steer a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
