"""A checked article as one page: the text with its numbers marked, their readings, and what a person picks of them."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from markupsafe import Markup, escape

from analysis import files
from analysis.claims.check import Checked, Listed, Reading
from analysis.claims.check.numbers import FIGURES, KINDS
from analysis.claims.wording import answer, fairly_put
from analysis.comparison import load_register
from analysis.report.view import say, template, words
from analysis.terms.findings import verdicts
from analysis.terms.numbers import joined

HEIGHT = 640  # of the frame in a notebook, in pixels


def page(checked: Checked) -> str:
    """Return the page of a checked text: one HTML file that needs no other, and no server.

    Parameters
    ----------
    checked
        What :func:`analysis.check` gave.

    Examples
    --------
    >>> from analysis.claims.check import check
    >>> html = page(check("Kent Police recorded 33 rapes & more in 2016/17.", published="2018-04-26"))
    >>> "rapes &amp; more" in html, html.count('class="panel"')
    (True, 1)
    """
    listed = [_listed(i, each) for i, each in enumerate(checked.numbers)]
    parts = (files.PACKAGE / "report" / "templates" / "check" / name for name in ("style.css", "script.js"))
    style, script = (_hashed(part.read_text(encoding="utf-8")) for part in parts)
    yaml = {one["key"]: one["yaml"] for each in listed for one in each["readings"] if one["yaml"]}
    made = template("check/page.html.j2").render(
        style=style,
        script=script,
        lead=say("checked.lead", release=load_register().release(checked.release).words),
        notes=checked.notes,
        pieces=list(_pieces(checked, listed)),
        listed=[each for each in listed if each["panel"]],
        kinds=[(kind, words("checked.kinds")[kind]) for kind in KINDS],
        attribution=load_register().attribution,
        data=Markup(json.dumps(yaml).replace("<", "\\u003c")),  # noqa: S704  # in JSON a `<` may be written so, and ends no block
    )
    return str(made)


def frame(checked: Checked) -> str:
    """Return the page within a frame of its own, as Jupyter shows it: its scripts and downloads are let in, and nothing else."""
    return (
        f'<iframe srcdoc="{escape(page(checked))}" sandbox="allow-scripts allow-downloads" allow="clipboard-write" '
        f'title="{say("checked.title")}" style="width:100%;height:{HEIGHT}px;border:1px solid #85888f"></iframe>'
    )


def _pieces(checked: Checked, listed: list[dict[str, Any]]) -> Iterator[tuple[str | None, Any]]:
    """Yield the text in pieces: words, and numbers with their kind."""
    end = 0
    for each, shown in zip(checked.numbers, listed, strict=True):
        yield None, checked.text[end : each.start]
        yield each.kind, shown
        end = each.end
    yield None, checked.text[end:]


def _listed(i: int, each: Listed) -> dict[str, Any]:
    readings = [_reading(f"{i}-{place}", one) for place, one in enumerate(each.readings)]
    return {
        "id": i,
        "text": each.text,
        "title": words("checked.kinds")[each.kind],
        "panel": each.kind in FIGURES,
        "source": each.readings[0].source if each.readings else "nothing",
        "none": say("checked.none"),
        "readings": readings,
    }


def _reading(key: str, one: Reading) -> dict[str, Any]:
    judged, rests = one.judgement, joined(f"“{' '.join(each.split())}”" for each in one.words) if one.words else ""
    return {
        "key": key,
        "heading": one.title,
        "source": one.source,
        "source_words": words("checked.sources")[one.source],
        "held": say("checked.held", held=one.held_words) if one.held_words else "",
        "verdict": verdicts()[judged.verdict].name if judged else "",
        "panel": getattr(judged, "panel", "unknown"),
        "answer": answer(judged) if judged else "",
        "paragraph": fairly_put(judged) if judged else "",
        "outside": "" if judged else one.outside or say("checked.outside"),
        "rests": rests or say("checked.rests-on-nothing"),
        "yaml": one.entry(is_picked=True),
    }


def _hashed(text: str) -> dict[str, Any]:
    """Return a style sheet or script of ours with the hash by which the page's Content-Security-Policy lets it in."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return {"text": Markup(text), "hash": f"sha256-{digest}"}  # noqa: S704  # of this package
