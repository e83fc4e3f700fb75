"""Claims that a model of the user's own points to: it may only point, every word must stand in the text, and our code reads them."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import replace
from typing import Any

from analysis.claims.amounts import MOST_OFFENCES
from analysis.claims.drafts import candidates, changes, offences
from analysis.claims.drafts.fields import Candidate, Count, Field
from analysis.claims.drafts.tagging import tag
from analysis.claims.drafts.words import TEXTS
from analysis.errors import RequestError

SECONDS = 120  # for the whole answer
_MOST_BYTES, _MOST_CLAIMS = 1_000_000, 200
_WORDS = {"type": ["string", "null"], "maxLength": 300}
_COUNT = {"type": ["object", "null"], "properties": {"value": _WORDS, "period": _WORDS}}
_FIELDS = dict.fromkeys(("statement", "area", "offence", "change"), _WORDS) | dict.fromkeys(
    ("current", "baseline"), _COUNT
)
_CLAIMS = {"type": "array", "items": {"type": "object", "required": ["statement"], "properties": _FIELDS}}
SCHEMA: dict[str, Any] = {"type": "object", "required": ["claims"], "properties": {"claims": _CLAIMS}}


def claims(text: str, article: candidates.Article, url: str) -> tuple[list[Candidate], tuple[str, ...]]:
    """Return the claims that a model points to, and a note for each thing that was refused.

    Parameters
    ----------
    text
        The article, which is all that is sent besides the question and the schema.
    article
        What it says as a whole, for periods that lean on others.
    url
        The endpoint, to which ``/chat/completions`` is added, and after ``#`` the name of the model if it needs one.

    Raises
    ------
    RequestError
        If the address is none, nothing answers in time, or the answer is no such list.
    """
    base, _, name = url.partition("#")
    if not re.match(r"https?://[^\s/]", base):
        raise RequestError(f"--model: {url!r} is no address; write one such as http://localhost:11434/v1#llama3")
    schema = {"type": "json_schema", "json_schema": {"name": "claims", "schema": SCHEMA}}
    messages = [{"role": "system", "content": TEXTS["question"]}, {"role": "user", "content": text}]
    body = {"model": name or "default", "messages": messages, "temperature": 0, "response_format": schema}
    answer = _answered(f"{base.rstrip('/')}/chat/completions", body)
    try:
        listed = json.loads(json.loads(answer)["choices"][0]["message"]["content"])["claims"]
        pointed = [dict(one) for one in listed[:_MOST_CLAIMS]]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise RequestError(
            f"--model: {base} answered with no list of claims; its model must keep to a JSON schema"
        ) from None
    refused: list[str] = []
    found = [_claim(_Words(text, one, refused), article) for one in pointed]
    return [one for one in found if one.current or one.change], tuple(dict.fromkeys(refused))


class _Words:
    """The words of one claim, of which only those that stand in the text are given out."""

    def __init__(self, text: str, given: dict[str, Any], refused: list[str]) -> None:
        self._text, self._given, self._refused = text.casefold(), given, refused

    def __call__(self, *path: str) -> str:
        said: Any = self._given
        for name in path:
            said = said.get(name) if isinstance(said, dict) else None
        words = " ".join(str(said if isinstance(said, str | int | float) else "").split())
        if words and not re.search(rf"(?<![\w.,]){re.escape(words.casefold())}(?!\w|[.,]\d)", self._text):
            self._refused.append(f"The model gave “{words[:60]}”, which does not stand in the text: refused.")
            return ""
        return words


def _claim(words: _Words, article: candidates.Article) -> Candidate:
    quote = (words("statement") or "the model quotes no sentence",)
    area = _first(words("area"), "A") or Field(note="the text names no area")
    offence = article.of_sentence(offences.named(words("offence")), None, None)
    current = _count(words, "current", article)
    baseline, change = _count(words, "baseline", article, current), _first(words("change"), "C") or {}
    return candidates.in_order(Candidate(quote, area, article.basis, offence, current, baseline, change))


def _count(words: _Words, name: str, article: candidates.Article, before: Count | None = None) -> Count | None:
    value, time = words(name, "value"), _first(words(name, "period"), "PBS")
    try:
        stated = Field(changes.amount(value, largest=MOST_OFFENCES), value)
    except RequestError:
        return None
    context = replace(article.context, anchor=candidates.period_of(before.period) if before else None)
    return candidates.counted(stated, candidates.months(time, context, 0 if before else None), time)


def _first(words: str, letters: str) -> Any:
    """Return what our own code reads in words, of some kinds of tags."""
    return next((found.value for found in tag(words).tags(letters)), None)


def _answered(url: str, body: dict[str, Any]) -> bytes:
    """Send a question to that address alone, without proxy, password or redirection, and return the answer within the time."""
    import requests  # nobody else need wait for it

    found: list[bytes | str] = []

    def ask() -> None:
        try:
            with requests.Session() as session:
                session.trust_env = False
                response = session.post(url, json=body, timeout=SECONDS, stream=True, allow_redirects=False)
                content = response.raw.read(_MOST_BYTES + 1, decode_content=True)
            if response.status_code != 200:
                found.append(f"answered with status {response.status_code}")
            found.append(content if len(content) <= _MOST_BYTES else f"answered with over {_MOST_BYTES:,} bytes")
        except Exception as error:  # whatever it is, the user is told in one line
            found.append(f"cannot be asked ({type(error).__name__})")

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(SECONDS)
    answer = found[0] if found else f"gave no answer within {SECONDS} seconds"
    if isinstance(answer, str):
        raise RequestError(f"--model: {url} {answer}; check the address, or draft without --model")
    return answer
