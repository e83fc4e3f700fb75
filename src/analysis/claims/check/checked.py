"""The numbers of an article with their readings, each a claim that is judged: what `analysis check` gives. Nothing of it is asserted."""

from __future__ import annotations

import codecs
import functools
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from analysis import files, nodes
from analysis.claims.check import context as contexts
from analysis.claims.check import model as models
from analysis.claims.check.context import Area, Context
from analysis.claims.check.numbers import FIGURES, Kind, Number, numbers, pattern
from analysis.claims.check.readings import Candidate, From, Readings
from analysis.claims.models import Claim
from analysis.claims.verdicts import Judgement, judge
from analysis.errors import RequestError, text_of
from analysis.figures.register import Register, load_register
from analysis.terms.areas import slug
from analysis.terms.numbers import joined, number
from analysis.terms.periods import Period

MOST_BYTES = 40_000  # some seven thousand words: no article is longer, and any text is read within seconds
MOST_NUMBERS = 600
_MOST_JUDGED = 500  # readings of a text: of one that holds many figures, fewer of each are given
_ENCODINGS = {codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}
_RIGHT = "give a plain-text file in UTF-8, or - for standard input"


@dataclass(frozen=True)
class ReadingAnswer:
    """A reading, as ``--json`` gives it; ``source`` is called ``from``."""

    area: str | tuple[str, ...]
    offence: str | None
    period: str | None
    baseline: str | None
    held: float | None
    source: Annotated[From, Field(alias="from")]
    words: tuple[str, ...]
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
        By how much the number differs from what is held, in per cent of that; None where nothing is held.
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
        text = yaml.safe_dump([fields], sort_keys=False, allow_unicode=True, width=110)
        return textwrap.indent(text, "  ")

    @property
    def answer(self) -> ReadingAnswer:
        """The reading as the JSON of the command gives it."""
        one, judged = self.candidate, self.judgement
        period, baseline = (str(months) if months else None for months in (one.period, one.baseline))
        verdict, answers = (judged.verdict, dict(judged.answers)) if judged else (None, {})
        return ReadingAnswer(one.area, one.offence, period, baseline, one.held, one.source, one.words, self.off_percent, verdict, answers, self.claim)  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """A number of the text with its readings, best first."""

    number: Number
    readings: tuple[Reading, ...] = ()
    statement: str = ""

    @property
    def answer(self) -> NumberAnswer:
        """The number as the JSON of the command gives it."""
        one = self.number
        value = None if one.value is None else float(one.value)
        readings = tuple(each.answer for each in self.readings)
        return NumberAnswer(one.text, one.start, one.end, one.kind, value, readings)


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
    notes: tuple[str, ...] = field(default=())

    def to_dict(self) -> dict[str, Any]:
        """Return the check as ``analysis check --json`` prints it."""
        published = self.published.isoformat() if self.published else None
        numbers = tuple(each.answer for each in self.numbers)
        answer = CheckAnswer(3, published, self.release, self.notes, numbers)
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
        lines = [line for each in self.numbers for line in _lines(each)]
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
      1. Kent, 46, April 2024 to March 2025: the tables hold 16,847 (words and tables agree; fair)
      2. Kent, 46, April 2023 to March 2024: the tables hold 15,130 (words alone; found-elsewhere)
    """
    text = text_of(text, "text", "give the text of an article")
    day = _day(published)
    if len(text.encode()) > MOST_BYTES:
        raise RequestError(f"text: larger than {MOST_BYTES:,} bytes; give the text of one article")
    found = numbers(text)
    if len(found) > MOST_NUMBERS:
        raise RequestError(
            f"text: holds {len(found):,} numbers; give the text of one article, of at most {MOST_NUMBERS}"
        )
    context, register = contexts.read(text, day), load_register()
    of = Readings(context, found, register)
    candidates = {each.start: of.of(each) for each in found}
    notes = list(_notes(context, found))
    if model is not None:
        candidates, told = models.ranked(
            context, found, candidates, text_of(model, "model", "give the address of a model")
        )
        notes += told
    figures = sum(bool(each) for each in candidates.values())
    most = max(1, _MOST_JUDGED // max(figures, 1))
    listed = (_listed(each, candidates[each.start][:most], of, context, register) for each in found)
    return Checked(text, context.published, register.release("latest").id, tuple(listed), tuple(notes))


def read(name: str | Path) -> str:
    """Return the text of an article: a file, a pipe, or ``-`` for standard input.

    Raises
    ------
    RequestError
        If it cannot be read in time, is larger than :data:`MOST_BYTES`, or is not text in UTF-8; the encoding is named
        where it can be told.
    """
    content = files.read(Path(name), most=MOST_BYTES, right=_RIGHT)
    for mark, encoding in _ENCODINGS.items():
        if content.startswith(mark):
            raise RequestError(f"{name}: text in {encoding}; save it as plain text in UTF-8")
    text = nodes.decoded(content, name, most=MOST_BYTES, instead="give the text of one article")
    if "\0" in text:
        raise RequestError(f"{name}: holds a zero byte, so it is not plain text; save it as plain text in UTF-8")
    return text


def _day(published: date | str | None) -> date | None:
    if published is None or isinstance(published, date):
        return published
    try:
        return date.fromisoformat(text_of(published, "published", "write a day such as 2018-04-26"))
    except RequestError:
        raise
    except ValueError:
        raise RequestError(f"published: {published!r} is no day; write one such as 2018-04-26") from None


def _notes(context: Context, found: list[Number]) -> Iterator[str]:
    if context.published is None and found:
        yield "The text gives no day of its own, so words such as “last year” may be misread; give it with --published."
    if any(each.kind in FIGURES for each in found) and not context.offences:
        yield "No offence is named in the text, so that nothing can be looked up."


def _listed(found: Number, candidates: list[Candidate], of: Readings, context: Context, register: Register) -> Listed:
    statement = context.words(context.sentence(found.start))
    made = (_reading(found, one, i, of.unit(found), context, register) for i, one in enumerate(candidates))
    return Listed(found, tuple(made), statement)


def _reading(found: Number, one: Candidate, place: int, unit: str, context: Context, register: Register) -> Reading:
    off = None
    if one.held is not None and found.value is not None:
        stated = float(found.value) * (
            -1 if found.direction == "down" and found.kind in {"percent", "difference"} else 1
        )
        off = (
            round(stated - one.held, 2)
            if found.kind in {"percent", "share"}
            else round(100 * (stated / one.held - 1), 2)
            if one.held
            else None
        )
    fields = None if one.offence is None or one.period is None else _fields(found, one, unit, context)
    if fields is None:
        return Reading(one, None, off)
    day = context.published or register.release("latest").released
    claim: dict[str, Any] = {
        "id": f"{_slug(one.area)[:60]}-{slug(str(one.offence).replace('/', '-of-'))[:30]}-{found.start}{'abcde'[place]}",
        "statement": context.words(context.sentence(found.start))[:1000],
        "published": day.isoformat() if day else "2000",
        "source": context.source,
        "area": list(one.area) if isinstance(one.area, tuple) else one.area,
        "basis": context.basis,
        "offence": one.offence,
        **_kind(found, context),
        **fields,
        **({} if one.source == "both" else {"draft": True}),
    }
    try:
        Claim.model_validate(claim)
    except (ValidationError, RequestError):  # what no claim can hold is listed all the same
        return Reading(one, None, off)
    return Reading(one, claim, off)


def _fields(found: Number, one: Candidate, unit: str, context: Context) -> dict[str, Any] | None:
    """Return what is stated in a claim's own fields; None where no field holds it."""
    current: dict[str, Any] = {"period": str(one.period)}
    described = next(
        (word for word in one.words if re.search(r"\b(?:past|last|latest|first)\b.*\b(?:year|months?)\b", word, re.I)),
        None,
    )
    current |= {"described_as": re.sub(r"^(?:in|over|during|for|within) ", "", described)} if described else {}
    base = {"baseline": {"period": str(one.baseline)}} if one.baseline else {}
    way = {"direction": found.direction} if found.direction else {}
    value = found.stated
    if found.kind == "count":
        return {"current": {"value": value, **current}}
    if found.kind == "percent":
        is_points = re.match(r" ?percentage[- ]points?", context.text[found.end : found.end + 20], re.I)
        return {"current": current, **base, "change": {"points" if is_points else "percent": value, **way}}
    if found.kind == "multiple":
        return {"current": current, **base, "change": {"times": value}}
    if found.kind == "difference":
        return {"current": current, **base, "difference": {"value": value, "direction": found.direction or "up"}}
    if found.kind == "rate" and unit.isdigit():
        return {"current": current, "rate_per": {"value": value, "per": int(unit), "of": "residents"}}
    if found.kind == "rate":
        return {"current": current, "rate": {"value": value, "per": unit}}
    if found.kind == "every":
        return {"current": current, "interval": {"every": value, "unit": unit}}
    if found.kind == "share":
        of = "all" if one.area == "England and Wales" else f"{one.offence} in England and Wales"
        return {"current": current, "share_of": {"percent": value, "of": of}}
    near = context.text[max(0, found.start - 60) : found.end + 60]
    order = "lowest" if re.search(r"\b(?:lowest|safest|fewest|least)\b", near, re.I) else "highest"
    return {"current": current, "rank": {"place": value, "order": order}}


def _kind(found: Number, context: Context) -> dict[str, str]:
    """Say whether what is stated is denied, or foreseen."""
    start = max(context.starts[context.sentence(found.start)], found.start - 60)
    before = context.text[start : found.start]
    kinds = {"denied": "denied", "forecast": "forecast"}
    return next(({"kind": kind} for name, kind in kinds.items() if pattern(name).search(before)), {})


def _lines(each: Listed) -> Iterator[str]:
    yield f"{each.number.text} ({each.number.kind})"
    for i, reading in enumerate(each.readings, 1):
        one, judged = reading.candidate, reading.judgement
        when = " against ".join(period.words for period in (one.period, one.baseline) if isinstance(period, Period))
        what = ", ".join(
            filter(None, [_name(one.area), one.offence or f"“{one.words[-1]}”, which these tables do not hold", when])
        )
        held = (
            ""
            if one.held is None
            else f": the tables hold {number(one.held, 0 if float(one.held).is_integer() else 1)}"
        )
        said = {"both": "words and tables agree", "words": "words alone", "tables": "tables alone"}[one.source]
        yield f"  {i}. {what}{held} ({said}{f'; {judged.verdict}' if judged else ''})"


def _name(area: Area) -> str:
    return joined(area) if isinstance(area, tuple) else area


def _slug(area: Area) -> str:
    return slug(_name(area))
