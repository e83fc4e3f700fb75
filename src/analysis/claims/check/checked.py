"""The numbers of an article with their readings, each a claim that is judged: what `analysis check` gives. Nothing of it is asserted."""

from __future__ import annotations

import codecs
import functools
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from analysis import files, reader
from analysis.claims.check import context as contexts
from analysis.claims.check import model as models
from analysis.claims.check.context import Context
from analysis.claims.check.numbers import FIGURES, Kind, Number, numbers, pattern
from analysis.claims.check.readings import Candidate, From, Readings
from analysis.claims.models import Claim
from analysis.claims.verdicts import Judgement, judge
from analysis.errors import RequestError, text_of
from analysis.figures.register import load_register
from analysis.terms import offences
from analysis.terms.areas import slug
from analysis.terms.numbers import joined, number

MOST_BYTES = 40_000  # some seven thousand words: no article is longer, and any text is read within seconds
MOST_NUMBERS = 600
_MOST_JUDGED = 500  # readings of a text: of one that holds many figures, fewer of each are given
_ENCODINGS = {codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}
_RIGHT = "give a plain-text file in UTF-8, or - for standard input"
_DESCRIBED = re.compile(r"(?!in |over |during |for |within )\b[\w ]*\b(?:past|last|latest|first)\b.*\b(?:year|months?)\b.*", re.I)  # fmt: skip


@dataclass(frozen=True)
class ReadingAnswer:
    """A reading, as ``--json`` gives it; ``source`` is called ``from``. Only the first of a number has a verdict."""

    area: str | tuple[str, ...]
    offence: str | None
    period: str | None
    baseline: str | None
    held: float | None
    source: Annotated[From, Field(alias="from")]
    words: tuple[str, ...]
    outside: str
    off_percent: float | None
    verdict: str | None
    answers: dict[str, str]
    claim: dict[str, Any] | None


@dataclass(frozen=True)
class NumberAnswer:
    """A number of the text, as ``--json`` gives it."""

    text: str
    start: int
    end: int
    kind: Kind
    value: float | None
    readings: tuple[ReadingAnswer, ...]


@dataclass(frozen=True)
class CheckAnswer:
    """A text that was checked, as ``--json`` gives it."""

    schema: Literal[3]
    published: str | None
    release: str
    notes: tuple[str, ...]
    numbers: tuple[NumberAnswer, ...]


@functools.cache
def shape() -> TypeAdapter[CheckAnswer]:
    """Return what reads, writes and describes the JSON of a check."""
    return TypeAdapter(CheckAnswer)


@dataclass(frozen=True)
class Reading:
    """What a number may be, ready to judge.

    Attributes
    ----------
    candidate
        Area, offence and months, where they come from, and what the tables hold.
    claim
        Its fields as a file of claims writes them; None where nothing can be judged.
    off_percent
        By how much the number differs from what is held, in per cent of that, or in points where it is a percentage; None where nothing is held.
    """

    candidate: Candidate
    claim: dict[str, Any] | None = None
    off_percent: float | None = None

    @functools.cached_property
    def judgement(self) -> Judgement | None:
        """The verdict on the claim; None where nothing can be judged."""
        return judge(Claim.model_validate(self.claim)) if self.claim else None

    def entry(self, *, is_picked: bool = False) -> str:
        """Return the claim as an entry of a file of claims, no draft once a person has picked it; empty where there is none."""
        if self.claim is None:
            return ""
        fields = {name: value for name, value in self.claim.items() if name != "draft" or not is_picked}
        return textwrap.indent(yaml.safe_dump([fields], sort_keys=False, allow_unicode=True, width=110), "  ")

    def answer(self, *, is_first: bool) -> ReadingAnswer:
        """Return the reading as the JSON of the command gives it."""
        one, judged = self.candidate, self.judgement
        period, baseline = (str(months) if months else None for months in (one.period, one.baseline))
        answers = {"figure": judged.figure_answer, "change": judged.change.answer} if judged else {}
        verdict = None
        if judged and is_first:  # whether a comparison is fair costs much more than the rest
            answers, verdict = judged.answers, judged.verdict
        return ReadingAnswer(one.area, one.offence, period, baseline, one.held, one.source, one.words, one.outside, self.off_percent, verdict, dict(answers), self.claim)  # fmt: skip

    @property
    def words(self) -> str:
        """Area, offence and months, as a line says them."""
        one = self.candidate
        months = " against ".join(period.words for period in (one.period, one.baseline) if period)
        noun = offences.find(one.offence).name if one.offence else f"“{one.words[-1]}”"
        return ", ".join(filter(None, (one.area if isinstance(one.area, str) else joined(one.area), noun, months)))

    @property
    def held(self) -> str:
        """What the tables hold, as a line says it; empty where they hold nothing."""
        value = self.candidate.held
        return "" if value is None else number(value, 0 if float(value).is_integer() else 1)


@dataclass(frozen=True)
class Listed:
    """A number of the text with its readings, best first."""

    number: Number
    readings: tuple[Reading, ...] = ()

    @property
    def lines(self) -> Iterator[str]:
        """The number and its readings as a terminal shows them, with the verdict on the first."""
        yield f"{self.number.text} ({self.number.kind})"
        for i, reading in enumerate(self.readings, 1):
            one = reading.candidate
            held = f": the tables hold {reading.held}" if reading.held else f": {one.outside}" if one.outside else ""
            said = {"both": "words and tables agree", "words": "words alone", "tables": "tables alone"}[one.source]
            verdict = f"; {reading.judgement.verdict}" if i == 1 and reading.judgement else ""
            yield f"  {i}. {reading.words}{held} ({said}{verdict})"


@dataclass(frozen=True)
class Checked:
    """A text whose numbers are listed, each with what it may be.

    Attributes
    ----------
    text
        The text as it stands.
    published
        The day that it gives as its own, or that was given.
    release
        The newest release that was looked in.
    numbers
        Every number, in the order of the text.
    notes
        What a person should know besides.
    """

    text: str
    published: date | None
    release: str
    numbers: tuple[Listed, ...]
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the check as ``analysis check --json`` prints it."""
        listed = []
        for each in self.numbers:
            one, readings = each.number, tuple(r.answer(is_first=not i) for i, r in enumerate(each.readings))
            value = None if one.value is None else float(one.value)
            listed.append(NumberAnswer(one.text, one.start, one.end, one.kind, value, readings))
        published = self.published.isoformat() if self.published else None
        answer = CheckAnswer(3, published, self.release, self.notes, tuple(listed))
        found: dict[str, Any] = shape().dump_python(answer, mode="json", by_alias=True)
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
        lines = [line for each in self.numbers for line in each.lines]
        return "\n".join([*self.notes, *lines]) or "No number is in the text."


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
    text, day = text_of(text, "text", "give the text of an article"), _day(published)
    if len(text.encode()) > MOST_BYTES:
        raise RequestError(f"text: larger than {MOST_BYTES:,} bytes; give the text of one article")
    found = numbers(text)
    if len(found) > MOST_NUMBERS:
        raise RequestError(
            f"text: holds {len(found):,} numbers; give the text of one article, of at most {MOST_NUMBERS}"
        )
    context, newest = contexts.read(text, day), load_register().release("latest")
    of = Readings(context, found)
    candidates = {each.start: of.of(each) for each in found}
    notes = []
    if context.published is None and found:
        notes += ["The text gives no day of its own, so words such as “last year” may be misread; give it with --published."]  # fmt: skip
    if any(each.kind in FIGURES for each in found) and not context.offences:
        notes += ["No offence is named in the text, so that nothing can be looked up."]
    if model is not None:
        url = text_of(model, "model", "give the address of a model")
        candidates, told = models.ranked(context, found, candidates, url)
        notes += told
    most = max(1, _MOST_JUDGED // max(1, sum(bool(each) for each in candidates.values())))
    day = context.published or newest.released
    listed = [
        Listed(each, tuple(_reading(each, one, "abcde"[i], of.unit(each), context, day) for i, one in enumerate(candidates[each.start][:most])))
        for each in found
    ]  # fmt: skip
    return Checked(text, context.published, newest.id, tuple(listed), tuple(notes))


def read(name: str | Path) -> str:
    """Return the text of an article: a file, a pipe, or ``-`` for standard input.

    Raises
    ------
    RequestError
        If it cannot be read in time, is larger than :data:`MOST_BYTES`, or is not text in UTF-8; the encoding is named
        where it can be told.
    """
    content = files.read(Path(name), most=MOST_BYTES, right=_RIGHT)
    if encoding := next((_ENCODINGS[mark] for mark in _ENCODINGS if content.startswith(mark)), None):
        raise RequestError(f"{name}: text in {encoding}; save it as plain text in UTF-8")
    text = reader.decoded(content, name, most=MOST_BYTES, instead="give the text of one article")
    if "\0" in text:
        raise RequestError(f"{name}: holds a zero byte, so it is not plain text; save it as plain text in UTF-8")
    return text


def _day(published: date | str | None) -> date | None:
    if published is None or isinstance(published, date):
        return published
    words = text_of(published, "published", "write a day such as 2018-04-26")
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise RequestError(f"published: {published!r} is no day; write one such as 2018-04-26") from None


def _reading(found: Number, one: Candidate, place: str, unit: str, context: Context, day: date | None) -> Reading:
    """Return a reading with its claim; without one where no field of a claim holds what is stated."""
    off = _off(found, one)
    if one.offence is None or one.period is None:
        return Reading(one, None, off)
    area = [one.area] if isinstance(one.area, str) else list(one.area)
    current = {"value": found.stated} if found.kind == "count" else {}
    described = next((said[0] for words in one.words if (said := _DESCRIBED.search(words))), None)
    claim: dict[str, Any] = {
        "id": f"{slug(joined(area))[:60]}-{offences.slug_of(one.offence)[:30]}-{found.start}{place}",
        "statement": context.words(context.sentence(found.start))[:1000],
        "published": str(day),
        "source": context.source,
        "area": one.area if isinstance(one.area, str) else area,
        "basis": context.basis,
        "offence": one.offence,
        **_kind(found, context),
        "current": current | {"period": str(one.period)} | ({"described_as": described} if described else {}),
        **({"baseline": {"period": str(one.baseline)}} if one.baseline else {}),
        **_stated(found, one, unit, context),
        **({} if one.source == "both" else {"draft": True}),
    }
    try:
        Claim.model_validate(claim)
    except (ValidationError, RequestError):  # what no claim can hold is listed all the same
        return Reading(one, None, off)
    return Reading(one, claim, off)


def _off(found: Number, one: Candidate) -> float | None:
    if one.held is None or found.value is None:
        return None
    stated = float(found.value)
    if found.kind in {"percent", "difference"} and found.direction == "down":
        stated = -stated
    if found.kind in {"percent", "share"}:
        return round(stated - one.held, 2)
    return round(100 * (stated / one.held - 1), 2) if one.held else None


def _stated(found: Number, one: Candidate, unit: str, context: Context) -> dict[str, Any]:
    """Return what is stated of two periods or areas, in a claim's own field."""
    value, text = found.stated, context.text
    way = {"direction": found.direction} if found.direction else {}
    of = "all" if one.area == "England and Wales" else f"{one.offence} in England and Wales"
    is_points = re.match(r" ?percentage[- ]points?", text[found.end : found.end + 20], re.I)
    is_low = re.search(r"\b(?:lowest|safest|fewest|least)\b", text[max(0, found.start - 60) : found.end + 60], re.I)
    fields: dict[str, dict[str, Any]] = {
        "count": {},
        "percent": {"change": {"points" if is_points else "percent": value, **way}},
        "multiple": {"change": {"times": value}},
        "difference": {"difference": {"value": value, "direction": found.direction or "up"}},
        "rate": {"rate": {"value": value, "per": unit}},
        "every": {"interval": {"every": value, "unit": unit}},
        "share": {"share_of": {"percent": value, "of": of}},
        "place": {"rank": {"place": value, "order": "lowest" if is_low else "highest"}},
    }
    if found.kind == "rate" and unit.isdigit():
        return {"rate_per": {"value": value, "per": int(unit), "of": "residents"}}
    return fields[found.kind]


def _kind(found: Number, context: Context) -> dict[str, str]:
    """Say whether what is stated is denied, or foreseen."""
    start = max(context.starts[context.sentence(found.start)], found.start - 60)
    return next(({"kind": kind} for kind in ("denied", "forecast") if pattern(kind).search(context.text[start : found.start])), {})  # fmt: skip
