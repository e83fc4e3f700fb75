"""The report of an area on all of its offences: what stands out, what is known of its recording, and its figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
from markupsafe import Markup

from analysis.comparison import CHANCE, Comparison, Pair, quarterly
from analysis.report import addresses
from analysis.report.rows import by_quarter
from analysis.report.view import NOTHING, View, html, items, prose, say, stack
from analysis.report.wording import percent_words
from analysis.terms import breaks
from analysis.terms.numbers import joined, number


def reviewed(comparison: Comparison) -> list[Pair]:
    """Return the two counts of each reviewed offence of the area, group by group."""
    return [pair for pair in comparison.listed if pair.current.offence.reviewed]


def findings(comparison: Comparison) -> View:
    """Return what stands out among the area's reviewed offences, in at most three sentences, or that nothing does."""
    pairs = reviewed(comparison)
    read = [pair for pair in pairs if pair.change and pair.change.reading]
    changed = [pair for pair in read if pair.change and pair.change.reading != "within-usual"]
    which = {0: "none" if read else "unread", 1: "one"}.get(len(changed), "several")
    said = say(f"overview.stands-out.{which}", police=comparison.area.police, offences=len(read), changed=len(changed))
    chance = say("overview.by-chance", expected=number(max(1.0, CHANCE * len(read))))
    unread = [pair for pair in pairs if pair not in read and pair.baseline]
    lines = [*([chance] if read else []), *([_unread(unread)] if unread else [])]
    named = [items(*(_named(comparison, pair) for pair in changed), kind="stands-out")] if changed else []
    return stack(prose(said, kind="lead"), *named, *([prose(" ".join(lines))] if lines else []))


def recording(comparison: Comparison) -> View:
    """Return what the register of breaks says of the area alone, and how many quarters it did not supply."""
    area = comparison.area
    entries = [change for change in breaks.register().entries if set(change.forces) & set(area.names)]
    if len(area.forces) > 1:
        entries = [change for change in entries if len(change.forces) > 1]
    lines = [
        html(
            "page_part", f"breaks#break-{change.id}", change.months.words if change.until else change.words, change.what
        )
        for change in sorted(entries, key=lambda change: (change.day, change.id))
    ]
    text = "\n".join(f"- {change.words}: {change.what}" for change in entries)
    if not entries:
        return prose(_gaps(comparison), say("overview.recording-none"))
    listed = View(html("items", lines, "recording"), text)
    return stack(prose(_gaps(comparison), say("overview.recording", area=area.name)), listed)


def figures(comparison: Comparison) -> View:
    """Return the area's quarters of child grooming, as the file of the area that other programs read."""
    quarters = pd.PeriodIndex(comparison.quarters["quarter"])
    own = [each for each in comparison.forces if each.area.name in comparison.area.names]
    several = own if len(comparison.area.forces) > 1 else [comparison]
    each = [
        by_quarter(one.area.names[0], quarters, {"offences": one.quarters["offences"].astype("Int64")})
        for one in several
    ]
    return replace(prose(say("overview.figures")), name="", frame=pd.concat(each, ignore_index=True))


def quarters(comparison: Comparison) -> View:
    """Return every quarter of every reviewed offence of the area: a file, and nothing to show."""
    codes = [pair.current.offence.code for pair in reviewed(comparison)]
    return replace(
        NOTHING,
        html=html("unseen", ""),
        name="quarters",
        frame=quarters_of(codes, comparison.release.id, comparison.area.names),
    )


def quarters_of(codes: Sequence[str], release: str, names: Sequence[str] | None = None) -> pd.DataFrame:
    """Return every quarter of some offences, for all forces or for some.

    Parameters
    ----------
    codes
        Codes or ids of offences.
    release
        A release's id.
    names
        Forces by name; by default all.
    """
    found = pd.concat([quarterly(code, release=release) for code in codes], ignore_index=True)
    found = found if names is None else found[found["force"].isin(names)].reset_index(drop=True)
    frame = by_quarter(found["force"], pd.PeriodIndex(found["quarter"]), {"offences": found["offences"].array})
    return frame.assign(offence=found["offence"].array, release=release)


def _named(comparison: Comparison, pair: Pair) -> Markup:
    """Return what changed, with its figures, leading to the page of the offence."""
    change, offence = pair.change, pair.current.offence
    assert change is not None, "named for its change"  # noqa: S101
    assert pair.baseline is not None, "named for its change"  # noqa: S101
    way = "more" if change.difference > 0 else "fewer"
    counted = say(f"readings.towards.{way}", change=number(abs(change.difference)))
    values = {"now": number(pair.current.offences), "then": number(pair.baseline.offences)}
    values["change"] = counted if change.percent is None else percent_words(change.percent)
    said = say("overview.named-care" if pair.answer == "with-care" else "overview.named", **values)
    return html("page_named", addresses.of_area(comparison.area, offence), offence.name, said)


def _unread(unread: Sequence[Pair]) -> str:
    counted = {name: sum((pair.answer if pair.answer in {"no", "not-known"} else "few") == name for pair in unread)
               for name in ("no", "not-known", "few")}  # fmt: skip
    why = joined([say(f"overview.unseen-why.{name}", count=count) for name, count in counted.items() if count])
    return say("overview.unseen", count=len(unread), why=why)


def _gaps(comparison: Comparison) -> str:
    """Return how many quarters of reviewed offences the area did not supply, of those in which the release counts them."""
    missing, held = 0, 0
    for pair in reviewed(comparison):
        code, release = pair.current.offence.code, comparison.release
        counted = release.span(code).quarters
        frame = quarterly(code, release=release.id)
        own = frame[frame["force"].isin(comparison.area.names) & frame["quarter"].isin(counted)]
        missing, held = missing + int(own["offences"].isna().sum()), held + len(own)
    return say("overview.gaps", count=missing, quarters=number(held)) if missing else say("overview.no-gaps")
