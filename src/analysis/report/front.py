"""The front page, the page of what changed and the page of data: about no one offence and no one force."""

from __future__ import annotations

from dataclasses import replace

from analysis.comparison import Comparison, Screen, load_register, screened
from analysis.report import addresses, overview
from analysis.report.view import Column, View, head, html, items, prose, rows_of, say, stack, table, words
from analysis.report.wording import percent_words
from analysis.terms import areas, offences
from analysis.terms.numbers import joined, number


def masthead(comparison: Comparison) -> View:
    """Return the head of the front page, and what the site answers."""
    values = {"period": comparison.current.period.words, "release": comparison.release.words}
    title = say("front.title")
    shown = head(title, "", say("site.masthead-when", **values), title)
    lead = say("front.lead", forces=len(areas.FORCES), offences=len(offences.with_pages()))
    return replace(stack(shown, prose(lead, kind="lead")), title=title)


def search() -> View:
    """Return where the page's script puts its search; without a script the lists below are to be read."""
    return View(
        html("search", *(say(f"front.search.{name}", count="{count}") for name in ("label", "found", "none"))), ""
    )


def found(kind: str) -> View:
    """Return links to all pages of a kind, with the words by which the search finds each.

    Parameters
    ----------
    kind
        ``areas``, ``places``, ``offences`` or ``pages``.
    """
    listed = list(addresses.findable(kind))
    links = html("finder", kind, listed)
    if kind == "places":
        links = html("fold", say("front.places", count=len(listed)), links)
    return View(links, "\n".join(said for _, said, _ in listed))


def changed(comparison: Comparison) -> View:
    """Return which offences the screen names in the nation and its regions, with a link to all that it found."""
    found = screened(comparison.release, comparison.current.period, comparison.baseline and comparison.baseline.period)
    wide = replace(found, rows=found.rows[found.rows["family"] == "nation"])
    first, *named = changes_text(found).split("\n")[:1] + changes_text(wide).split("\n")[1:]
    link = html("page", addresses.CHANGES, say("front.see-changes"))
    return stack(prose(first), items(*named), View(html("paragraphs", [link]), ""))


def newest(comparison: Comparison) -> View:
    """Return which release is the newest, and what it adds to the one before."""
    release = comparison.release
    before = [each for each in load_register().releases if each.kind == "full" and each.id < release.id]
    added = ""
    if before:
        months = (
            replace(release.covers, first=before[-1].covers.last.shift(1))
            if before[-1].covers.last < release.covers.last
            else None
        )
        added = say("front.release-added", before=before[-1].words, months=months.words) if months else ""
    values = {"released": release.words, "covers": release.covers.words, "added": added}
    return prose(say("front.release", **values).strip())


def example() -> View:
    """Return what the first story was about, with links to its claims and to one force."""
    claims = html("page", addresses.CLAIMS, say("front.example-link"))
    force = html("page", addresses.force_page("northamptonshire", addresses.DEFAULT), say("front.example-force"))
    return View(html("paragraphs", [say("front.example-lead"), claims, force]), say("front.example-lead"))


def limits() -> View:
    """Return what recorded crime does not measure, whatever the offence."""
    return items(*words("front.limits").values(), say("site.accredited"), kind="limits")


def changes_masthead(comparison: Comparison) -> View:
    """Return the head of the page of what changed."""
    values = {"period": comparison.current.period.words, "release": comparison.release.words}
    title = say("front.changes-title")
    base = comparison.baseline.period.words if comparison.baseline else ""
    lead = say("front.changes-lead", period=values["period"], baseline=base)
    shown = head(title, "", say("site.masthead-when", **values), f"{title}: {values['period']}")
    return replace(
        stack(shown, prose(lead, kind="lead"), prose(say("front.changes-why"))), title=f"{title}: {values['period']}"
    )


def changes_by_offence(comparison: Comparison) -> View:
    """Return for each reviewed offence the areas whose change is named, those whose recording steps, and what could not be seen."""
    then = comparison.baseline.period if comparison.baseline else None
    found = screened(comparison.release, comparison.current.period, then)
    said, kinds = words("front.heads"), (("more", "named"), ("fewer", "named"), ("apart", "apart"))
    rows = []
    for code, part in found.rows.groupby("offence", sort=False):
        lists = ["; ".join(part["area"][part[column].isin([kind, True])]) for kind, column in kinds]
        seen = [part["seen_from"][part["family"] == family].median() for family in ("nation", "forces")]
        rows.append((code, len(part), *lists, *seen))
    frame = rows_of(("offence", "areas", "more", "fewer", "apart", "wider_seen_from", "forces_seen_from"), rows)

    def named(row: object) -> object:
        offence = offences.known()[row.offence]  # type: ignore[attr-defined]
        return html("page", addresses.national_page(offence.code), offence.name)

    def listed(side: str) -> object:
        return lambda row: html(
            "forces", [_linked(name, row.offence) for name in getattr(row, side).split("; ") if name]
        )

    columns = [
        Column(said["offence"], named),  # type: ignore[arg-type]
        *(Column(said[kind], listed(kind)) for kind, _ in kinds),  # type: ignore[arg-type]
        Column(said["wider-seen-from"], "wider_seen_from", 0),
        Column(said["forces-seen-from"], "forces_seen_from", 0),
    ]
    shown = table(frame, columns, caption=say("front.changes-caption"), name="changes", kind="rows")
    unread = [offences.known()[code].name for code in found.unread]
    return stack(shown, prose(say("front.changes-not-seen", named=joined(unread)))) if unread else shown


def changes_text(found: Screen) -> str:
    """Return the changes that are named, in plain text, as ``analysis changes`` prints them."""
    named = found.rows[found.rows["named"] != ""]
    lines = [
        say("front.change", area=row.area, offence=offences.known()[str(row.offence)].name, now=number(float(str(row.current))),
            then=number(float(str(row.baseline))), percent=percent_words(float(str(row.percent))))
        for row in named.itertuples()
    ]  # fmt: skip
    values = {"period": found.current.words, "baseline": found.baseline.words, "read": len(found.rows)}
    head_line = say("front.changes-told", named=len(lines), apart=int(found.rows["apart"].sum()), **values)
    return "\n".join([head_line, *lines])


def _linked(area: str, code: str) -> tuple[str, str]:
    """Return the pages on which an area's figures of an offence stand, and its name."""
    of_force = addresses.of_force(area, offences.known()[code]) if area in areas.NAMES else ""
    return of_force or addresses.national_page(code), area


def data_masthead(release: str) -> View:
    """Return the head of the page of data."""
    found, title = load_register().release(release), say("front.data-title")
    lead = say("front.data-lead", released=found.words)
    return replace(
        stack(head(title, "", say("charts.release", release=found.words), title), prose(lead, kind="lead")), title=title
    )


def files() -> View:
    """Return which files the site has, and what each holds."""
    said = words("front.heads")
    frame = rows_of((said["where"], said["what"]), list(words("front.data-files").items()))
    return table(frame, caption=say("front.data-caption"))


def how_to() -> View:
    """Return how to cite and to call what the site holds."""
    return prose(say("front.data-cite"), say("front.data-call"), say("front.data-provisional"))


def all_figures(release: str) -> View:
    """Return every quarter of every force for every reviewed offence: a file, and nothing to show."""
    found = load_register().release(release)
    codes = [each.code for each in offences.with_pages() if found.holds(each.code)]
    return View(html("unseen", ""), "", "", overview.quarters_of(codes, found.id))
