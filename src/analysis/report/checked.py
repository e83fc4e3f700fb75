"""A checked article as one page: the text with its numbers marked, their readings, and what a person picks of them."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup, escape

from analysis import files
from analysis.claims.check import Checked, Reading
from analysis.claims.check.numbers import FIGURES, KINDS
from analysis.claims.wording import answer, fairly_put
from analysis.comparison import load_register
from analysis.report.view import hashed, say, template, words
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
    shown = [
        (f"{i}", each, [_shown(f"{i}-{k}", one) for k, one in enumerate(each.readings)])
        for i, each in enumerate(checked.numbers)
    ]
    ends = [0, *(each.end for each in checked.numbers)]
    between = [checked.text[end : each.start] for end, each in zip(ends, checked.numbers, strict=False)]
    parts = (files.PACKAGE / "report" / "templates" / "check" / name for name in ("style.css", "script.js"))
    style, script = (hashed(part.read_text(encoding="utf-8")) for part in parts)
    yaml = {
        one["key"]: one["reading"].entry(is_picked=True)
        for _, _, readings in shown
        for one in readings
        if one["reading"].claim
    }
    made = template("check/page.html.j2").render(
        checked=checked,
        style=style,
        script=script,
        lead=say("checked.lead", release=load_register().release(checked.release).words),
        shown=shown,
        pieces=list(zip(between, shown, strict=True)),
        rest=checked.text[ends[-1] :],
        figures=FIGURES,
        kinds=[(kind, words("checked.kinds")[kind]) for kind in KINDS],
        sources=words("checked.sources"),
        say=say,
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


def _shown(key: str, one: Reading) -> dict[str, Any]:
    judged, rests = one.judgement, joined(f"“{' '.join(each.split())}”" for each in one.words) if one.words else ""
    found = {"key": key, "reading": one, "rests": rests or say("checked.rests-on-nothing")}
    if judged is None:
        return found | {"outside": one.outside or say("checked.outside")}
    verdict = {"verdict": verdicts()[judged.verdict].name, "panel": judged.panel}
    return found | verdict | {"answer": answer(judged), "paragraph": fairly_put(judged)}
