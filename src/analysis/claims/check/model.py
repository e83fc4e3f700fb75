"""A model of one's own may rank readings and point to others: it may only point, and every word must lie in the sentence it quotes."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from analysis import files, reader
from analysis.claims.check import context as contexts
from analysis.claims.check.context import Context
from analysis.claims.check.numbers import FIGURES, Number, listed
from analysis.claims.check.readings import MOST, Reading
from analysis.errors import RequestError
from analysis.progress import within

KEY = "ANALYSIS_MODEL_KEY"
_EXAMPLE = "http://localhost:11434/v1#llama3"
SECONDS = 60  # for the whole answer
_MOST_BYTES, _MOST_POINTED = 1_000_000, 200
_ASKED: dict[str, Any] = reader.read(files.PACKAGE / "claims" / "check" / "model.yaml", dict[str, Any])
_FIELDS = ("statement", "number", "area", "offence", "period", "baseline")


def ranked(
    context: Context, found: Sequence[Number], candidates: dict[int, list[Reading]], url: str
) -> tuple[dict[int, list[Reading]], list[str]]:
    """Return readings in the order that a model's answer gives them, and a note for what was refused.

    Parameters
    ----------
    context
        The text and what it names; the text is all that is sent besides the question and the schema.
    found, candidates
        Its numbers, and the readings of each by where it stands.
    url
        The endpoint, to which ``/chat/completions`` is added, and after ``#`` the name of the model if it needs one.

    Raises
    ------
    RequestError
        If the address is none, or has a password in it.
    """
    host = _host(url)
    base, _, name = url.partition("#")
    schema = {"type": "json_schema", "json_schema": {"name": "numbers", "schema": _ASKED["schema"]}}
    messages = [{"role": "system", "content": _ASKED["question"]}, {"role": "user", "content": context.text}]
    body = {"model": name or "default", "messages": messages, "temperature": 0, "response_format": schema}
    try:
        late = f"gave no answer within {SECONDS} seconds"
        answer = within(SECONDS, lambda: _answered(f"{base.rstrip('/')}/chat/completions", body), late=late)
        listed = json.loads(json.loads(answer)["choices"][0]["message"]["content"])["numbers"]
        pointed = [one for one in listed[:_MOST_POINTED] if isinstance(one, dict)]
    except (RequestError, ValueError, LookupError, TypeError, RecursionError) as error:
        why = str(error) if isinstance(error, RequestError) else "gave no list of numbers"
        return candidates, [f"The model at {host} {why}; the readings stand as without it."]
    ordered, refused = dict(candidates), 0
    for one in pointed:
        said = {name: str(one.get(name) or "") for name in _FIELDS}
        places = _places(context, found, said)
        refused += not places
        ordered |= {start: _reordered(context, ordered[start], said) for start in places}
    notes = [f"{refused} of {len(pointed)} numbers that the model gave do not lie in the sentence it quotes: left out."]
    return ordered, notes if refused else []


def _host(url: str) -> str:
    """Return the part of an address that a note may print."""
    with suppress(ValueError):
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc:
            return f"{parts.scheme}://{parts.netloc}"
    raise RequestError(f"--model: no address, or one with a password; write one such as {_EXAMPLE}, and a key in {KEY}")


def _places(context: Context, found: Sequence[Number], said: dict[str, str]) -> list[int]:
    """Return where the number stands that a model points to, if it may count offences: by its value, in the sentence that it quotes."""
    statement = _flat(said["statement"])
    if statement not in _flat(context.text) or len(statement) < len(_flat(said["number"])):
        return []
    values = {each.value for each in listed(said["number"]) if each.value is not None}
    alike = (each for each in found if each.kind in FIGURES and each.value in values)
    stands = ((each.start, _flat(context.words(context.sentence(each.start)))) for each in alike)
    return [start for start, sentence in stands if statement in sentence or sentence in statement]


def _reordered(context: Context, readings: list[Reading], said: dict[str, str]) -> list[Reading]:
    """Put those readings first that agree with the most fields of a model, each of which lies in its sentence."""
    statement = _flat(said["statement"])
    words = tuple(said[name] for name in _FIELDS[2:] if said[name] and _flat(said[name]) in statement)
    named = contexts.read(". ".join(words), context.published)
    areas, codes = {one.value for one in named.areas}, {one.value for one in named.offences}
    months = {month for one in named.times for month in one.value.months}

    def agreeing(one: Reading) -> int:
        return (one.area in areas) + (one.offence in codes) + (one.period in months) + (one.baseline in months)

    made = sorted(readings, key=agreeing, reverse=True)
    if len(areas) == len(codes) == 1 and months and len(made) < MOST and not any(agreeing(one) >= 3 for one in made):
        (area,), (code,) = areas, codes
        made += [Reading(area, code, max(months), None, None, "words", words)] if isinstance(code, str) else []
    return made


def _flat(words: str) -> str:
    return " ".join(re.sub(r"[“”\"]", "", words).casefold().split()).strip(" .")


def _answered(url: str, body: dict[str, Any]) -> bytes:
    """Send a question to that address alone, without proxy or redirection, and return the answer."""
    import requests  # nobody else need wait for it

    key = os.environ.get(KEY)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        with requests.Session() as session:
            session.trust_env = False
            asked = session.post(url, json=body, headers=headers, timeout=SECONDS, stream=True, allow_redirects=False)
            with asked as response:
                content, status = response.raw.read(_MOST_BYTES + 1, decode_content=True), response.status_code
    except Exception as error:  # whatever it is, a note says so, and no word of the key
        raise RequestError(f"cannot be asked ({type(error).__name__})") from None
    if status != 200:
        raise RequestError(f"answered with status {status}")
    if len(content) > _MOST_BYTES:
        raise RequestError(f"answered with over {_MOST_BYTES:,} bytes")
    return bytes(content)
