"""A checked article as one page: the text with its numbers marked, their readings, and what a person picks of them."""

from __future__ import annotations

import json

from markupsafe import Markup, escape

from analysis import files
from analysis.claims.check import Checked
from analysis.claims.check.numbers import FIGURES
from analysis.claims.wording import answer, fairly_put
from analysis.comparison import load_register
from analysis.report.view import hashed, say, template, words
from analysis.terms.findings import verdicts

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
    parts = (files.PACKAGE / "report" / "templates" / "check" / name for name in ("style.css", "script.js"))
    style, script = (hashed(part.read_text(encoding="utf-8")) for part in parts)
    readings = {f"{i}-{k}": one for i, each in enumerate(checked.numbers) for k, one in enumerate(each.readings)}
    entries = json.dumps({key: one.entry(is_picked=True) for key, one in readings.items() if one.claim})
    made = template("check/page.html.j2").render(
        checked=checked,
        figures=FIGURES,
        verdicts=verdicts(),
        answer=answer,
        fairly_put=fairly_put,
        say=say,
        words=words,
        register=load_register(),
        style=style,
        script=script,
        data=Markup(entries.replace("<", "\\u003c")),  # noqa: S704  # in JSON a `<` may be written so, and ends no block
    )
    return str(made)


def frame(checked: Checked) -> str:
    """Return the page within a frame of its own, as Jupyter shows it: its scripts and downloads are let in, and nothing else."""
    return (
        f'<iframe srcdoc="{escape(page(checked))}" sandbox="allow-scripts allow-downloads" allow="clipboard-write" '
        f'title="{say("checked.title")}" style="width:100%;height:{HEIGHT}px;border:1px solid #85888f"></iframe>'
    )
