"""From an article to claims: every number that it gives, and what each may be, ready to judge; nothing is asserted, and a person picks."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from analysis import files
from analysis.claims.check import context as contexts
from analysis.claims.check import model as models
from analysis.claims.check.context import Context
from analysis.claims.check.numbers import FIGURES, Number, listed, pattern
from analysis.claims.check.readings import NATIONAL, Reading, Readings
from analysis.claims.models import Claim
from analysis.errors import RequestError, day_of, text_of
from analysis.figures.register import load_register
from analysis.terms import offences
from analysis.terms.areas import slug
from analysis.terms.numbers import joined

__all__ = ["Checked", "Listed", "Reading", "check", "json_schema", "read"]

MOST_BYTES = 40_000  # some seven thousand words: no article is longer, and any text is read within seconds
MOST_NUMBERS = 600
_MOST_JUDGED = 500  # readings of a text: of one that holds many figures, fewer of each are given
_RIGHT = "give a plain-text file in UTF-8, or - for standard input"
_SOURCES = {"both": "words and tables agree", "words": "words alone", "tables": "tables alone"}


@dataclass(frozen=True)
class Listed(Number):
    """A number of the text with its readings, best first."""

    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True)
class Checked:
    """A text whose numbers are listed, each with what it may be; its fields but the text are those of ``--json``.

    Attributes
    ----------
    text
        The text as it stands.
    published
        The day that it gives as its own, or that was given.
    release
        The newest release that was looked in.
    notes
        What a person should know besides.
    numbers
        Every number, in the order of the text.
    schema
        Of the JSON.
    """

    text: Annotated[str, Field(exclude=True)]
    published: date | None
    release: str
    notes: tuple[str, ...]
    numbers: tuple[Listed, ...]
    schema: Literal[3] = 3

    def to_dict(self) -> dict[str, Any]:
        """Return the check as ``analysis check --json`` prints it."""
        found: dict[str, Any] = _SHAPE.dump_python(self, mode="json", by_alias=True)
        return found

    @property
    def claims(self) -> str:
        """The first reading of every number that has one, as a file of claims.

        A claim is marked ``draft: true`` where words and tables do not agree on it. Without any, a comment alone.
        """
        head = "# The likeliest reading of each number, picked by nobody: hold each against its statement, and take away “draft: true” where it is right.\n"
        entries = [each.readings[0].entry() for each in self.numbers if each.readings and each.readings[0].claim]
        said = "".join(f"# {note}\n" for note in self.notes)
        if not entries:
            return f"{said}# No number of recorded offences was found beside an offence that is known.\n"
        return "".join([head, said, "claims:\n", *entries])

    def __repr__(self) -> str:
        lines = [*self.notes]
        for each in self.numbers:
            lines.append(f"{each.text} ({each.kind})")
            for i, one in enumerate(each.readings, 1):
                held = f"the tables hold {one.held_words}" if one.held_words else one.outside
                verdict = f"; {one.judgement.verdict}" if i == 1 and one.judgement else ""
                lines.append(f"  {i}. {': '.join(filter(None, (one.title, held)))} ({_SOURCES[one.source]}{verdict})")
        return "\n".join(lines) or "No number is in the text."


_SHAPE = TypeAdapter(Checked)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of what ``analysis check --json`` prints.

    Examples
    --------
    >>> list(json_schema()["properties"])
    ['published', 'release', 'notes', 'numbers', 'schema']
    """
    return _SHAPE.json_schema(mode="serialization")


def check(text: str, *, published: date | str | None = None, model: str | None = None) -> Checked:
    r"""List every number of a text with what it may be, best first; nothing is asserted: a person picks.

    Parameters
    ----------
    text
        An article, or any part of one.
    published
        When it was published, as ``2018-04-26``; by default the day that the text gives as its own.
    model
        The address of a model of one's own, which may rank the readings; by default none, and nothing leaves the machine.

    Returns
    -------
    Checked

    Raises
    ------
    RequestError
        If the text is over :data:`MOST_BYTES` long or holds over :data:`MOST_NUMBERS` numbers, or the day is none.

    Examples
    --------
    >>> found = check("Kent Police recorded 16,847 shoplifting offences in 2024/25.", published="2025-07-24")
    >>> print(*repr(found).splitlines()[:3], sep="\n")
    16,847 (count)
      1. Kent, Shoplifting, April 2024 to March 2025: the tables hold 16,847 (words and tables agree; fair)
      2. Kent, Shoplifting, April 2023 to March 2024: the tables hold 15,130 (words alone)
    """
    text = text_of(text, "text", "give the text of an article")
    day = None if published is None else day_of(published, "published")
    if len(text.encode()) > MOST_BYTES:
        raise RequestError(f"text: larger than {MOST_BYTES:,} bytes; give the text of one article")
    found = listed(text)
    if len(found) > MOST_NUMBERS:
        raise RequestError(f"text: holds {len(found):,} numbers; give one article, of at most {MOST_NUMBERS}")
    context, newest = contexts.read(text, day), load_register().release("latest")
    of = Readings(context, found)
    readings = {each.start: of.of(each) for each in found}
    notes = []
    if context.published is None and found:
        notes += ["The text gives no day of its own, so words such as “last year” may be misread; give it with --published."]  # fmt: skip
    if any(each.kind in FIGURES for each in found) and not context.offences:
        notes += ["No offence is named in the text, so that nothing can be looked up."]
    if model is not None:
        url = text_of(model, "model", "give the address of a model")
        readings, told = models.ranked(context, found, readings, url)
        notes += told
    most = max(1, _MOST_JUDGED // max(1, sum(map(bool, readings.values()))))
    day = context.published or newest.released
    made = []
    for each in found:
        ones = zip("abcde", readings[each.start][:most], strict=False)
        claimed = (_claimed(each, one, place, context, day) for place, one in ones)
        made.append(Listed(**vars(each), readings=tuple(claimed)))
    return Checked(text, context.published, newest.id, tuple(notes), tuple(made))


def read(name: str | Path) -> str:
    """Return the text of an article: a file, a pipe, or ``-`` for standard input.

    Raises
    ------
    RequestError
        If it cannot be read in time, is larger than :data:`MOST_BYTES`, or is not text in UTF-8.
    """
    text = files.text(Path(name), most=MOST_BYTES, right=_RIGHT)
    if "\0" in text:
        raise RequestError(f"{name}: holds a zero byte, so it is not plain text; save it as plain text in UTF-8")
    return text


def _claimed(found: Number, one: Reading, place: str, context: Context, day: date | None) -> Reading:
    """Return a reading with its claim; without one where no field of a claim holds what is stated."""
    if one.offence is None or one.period is None:
        return one
    area, sentence = one.area if isinstance(one.area, str) else list(one.area), context.sentence(found.start)
    described = next((said[0].strip() for words in one.words if (said := pattern("described").search(words))), None)
    start = max(context.starts[sentence], found.start - 60)
    kind = next((each for each in ("denied", "forecast") if pattern(each).search(context.text, start, found.start)), "")
    value = {"value": found.stated} if found.kind == "count" else {}
    claim: dict[str, Any] = {
        "id": f"{slug(joined([area] if isinstance(area, str) else area))[:60]}-{offences.slug_of(one.offence)[:30]}-{found.start}{place}",
        "statement": context.words(sentence)[:1000],
        "published": str(day),
        "source": context.source,
        "area": area,
        "basis": context.basis,
        "offence": one.offence,
        "kind": kind,
        "current": value | {"period": str(one.period)} | ({"described_as": described} if described else {}),
        "baseline": one.baseline and {"period": str(one.baseline)},
        **_stated(found, one),
        "draft": one.source != "both",
    }
    claim = {name: said for name, said in claim.items() if said}
    with suppress(RequestError):  # what no claim can hold is listed all the same
        Claim.of(claim)
        return replace(one, claim=claim)
    return one


def _stated(found: Number, one: Reading) -> dict[str, Any]:
    """Return what is stated of two periods or areas, in a claim's own field."""
    value, unit = found.stated, found.unit
    way = {"direction": found.direction} if found.direction else {}
    of_residents = {"rate_per": {"value": value, "per": int(unit), "of": "residents"}} if unit.isdigit() else {}
    whole = "all" if one.area == NATIONAL else f"{one.offence} in {NATIONAL}"
    fields: dict[str, dict[str, Any]] = {
        "count": {},
        "percent": {"change": {unit: value, **way}},
        "multiple": {"change": {"times": value}},
        "difference": {"difference": {"value": value, "direction": found.direction or "up"}},
        "rate": of_residents or {"rate": {"value": value, "per": unit}},
        "every": {"interval": {"every": value, "unit": unit}},
        "share": {"share_of": {"percent": value, "of": whole}},
        "place": {"rank": {"place": value, "order": unit}},
    }
    return fields[found.kind]
