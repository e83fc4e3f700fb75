"""What stands at the foot of a page: limits, marks and sources."""

from __future__ import annotations

from markupsafe import Markup

from analysis.comparison import Comparison
from analysis.figures.register import load_register
from analysis.report import markup
from analysis.report.markup import Fragment
from analysis.terms.findings import MARKS
from analysis.terms.offences import ALL_SEXUAL


def limits(comparison: Comparison) -> Fragment:
    """Return what the figures do not measure: lines that stand on every page."""
    code = comparison.offence.code
    lead = "This figure" if code == ALL_SEXUAL else f"Code {code}"
    lines = [
        lead + sentence.removeprefix("It") if sentence.startswith("It ") else sentence
        for sentence in comparison.offence.limits
    ]
    lines.append(
        "Police recorded crime is not an accredited official statistic; it shows police activity better than trends in crime "
        "(Office for Statistics Regulation, 2014 and 2024)."
    )
    return Fragment(markup.items(lines, kind="limits"), "\n".join(f"- {line}" for line in lines))


def marks() -> Fragment:
    """Return the legend of the marks that stand beside figures."""
    text = "Marks: " + "; ".join(f"[{mark}] {meaning}" for mark, meaning in MARKS.items()) + "."
    return Fragment(markup.paragraphs([markup.marked(text)], kind="marks"), text)


def sources(comparison: Comparison) -> Fragment:
    """Return where the figures come from, how they were obtained and checked, and under which licence."""
    release = comparison.release
    residents = [load_register().source(name) for name in ("by-age", "all-ages-rebased")] if comparison.rate else []
    lines = [
        Markup('{}: <cite><a href="{}">{}</a></cite>. {}.').format(
            source.producer, source.page, source.title, source.licence
        )
        for source in (release, *residents)
    ]
    notes = [f"How obtained: {release.obtained}", f"How checked: {release.checked}", f"Known limits: {release.limits}"]
    html = (
        markup.items(lines, kind="sources")
        + Markup("\n")
        + markup.paragraphs(notes)
        + Markup("\n")
        + markup.paragraphs([load_register().attribution], kind="attribution")
    )
    named = [f"{source.producer}: {source.title}. {source.licence}. {source.page}" for source in (release, *residents)]
    text = "\n".join([*named, *notes, load_register().attribution])
    return Fragment(html, text)
