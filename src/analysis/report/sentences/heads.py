"""Heads of pages: who, what, when, and the way to the other pages."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from analysis.comparison import Comparison
from analysis.report import markup
from analysis.report.addresses import OTHER_PAGES
from analysis.report.markup import Fragment


def masthead(comparison: Comparison) -> Fragment:
    """Return the head of a page: who, what, when, and as published when."""
    return _head(comparison, comparison.area.police if len(comparison.area.forces) == 1 else comparison.area.name)


def index_masthead(comparison: Comparison) -> Fragment:
    """Return the head of the page that lists all forces."""
    return _head(comparison, "Police forces of England and Wales")


def _head(comparison: Comparison, subject: str) -> Fragment:
    what = f"Recorded {comparison.offence.noun}"
    period, release = comparison.current.period.words, f"release of {comparison.release.words}"
    html = Markup(
        '<header class="masthead">\n<h1>{}</h1>\n<p class="subject">{}</p>\n<p class="when">{} · {}</p>\n</header>'
    ).format(subject, what, period, release)
    return Fragment(
        html,
        f"{subject}\n{what}\n{period} · {release}",
        title=f"{subject}: recorded {comparison.offence.noun}, {period}, {release}",
    )


def other_pages(missing: Sequence[str]) -> Fragment:
    """Return links to the pages that are not a force's.

    Parameters
    ----------
    missing
        Slugs of pages that do not exist, which are not linked.
    """
    links = [(slug, words) for slug, words in OTHER_PAGES.items() if slug not in missing]
    html = (
        markup.items(Markup('<a href="{}.html">{}</a>').format(slug, words) for slug, words in links)
        if links
        else Markup("")
    )
    return Fragment(html, "\n".join(words for _, words in links))
