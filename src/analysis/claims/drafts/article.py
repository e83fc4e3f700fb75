"""From an article to draft claims: one for what it says in several places, as totals and parts, changes told apart, repetitions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from analysis.claims.drafts import changes, text
from analysis.claims.drafts.areas import is_national
from analysis.claims.drafts.candidates import Article, Found, candidates, in_order
from analysis.claims.drafts.fields import Candidate, Count, Draft, Field
from analysis.claims.drafts.offences import named, related
from analysis.claims.drafts.tagging import Tagged, tag
from analysis.terms.forces import NAMES
from analysis.terms.periods import Month

_NEAR = 30  # a text repeats its beginning, the headline, and what it has just said


def draft(article: str, *, published: date | None = None, model: str | None = None) -> Draft:
    """Read the claims that an article seems to make about recorded offences.

    Parameters
    ----------
    article
        Its text.
    published
        When it was published; by default the day that the text gives as its own, if any.

    model
        The address of a model of one's own that points to the claims; by default rules find them, and nothing leaves the machine.

    Returns
    -------
    Draft
        Candidates in the order of the text, each field with the words that it was read from. No number in them is beyond
        the text; months are worked out from its words and the day of publication.

    Examples
    --------
    >>> found = draft("Kent Police recorded 33 grooming offences in 2016/17, up from five the year before.").candidates
    >>> found[0].area.value, found[0].current.value.value, found[0].baseline.period
    ('Kent', 33, Field(value='2015-04..2016-03', quote='the year before', others=(), note=''))
    """
    own = Field(published.isoformat(), note="as given") if published else text.published(article)
    source, flat = text.source(article), " ".join(article.split())
    day = date.fromisoformat(str(own.value)) if own.value else None
    if not named(flat).mentions:
        return Draft((), own, source)
    sentences = text.sentences(article)
    tagged = [tag(sentence.plain) for sentence in sentences]
    read = Article.read(flat, tagged, Month(day.year, day.month) if day else None)
    if model is not None:
        from analysis.claims.drafts import endpoint  # only who asks a model needs it

        claims, notes = endpoint.claims(flat, read, model)
        return Draft(tuple(_without_repetitions(claims)), own, source, notes, by="a model")
    claims, notes = _merged(candidates(sentences, tagged, read), tagged)
    return Draft(tuple(claims), own, source, notes)


def _merged(found: list[Found], tagged: list[Tagged]) -> tuple[list[Candidate], tuple[str, ...]]:
    """Return the claims of an article, and notes of what was read and belongs to none; rates and answers may stand alone."""
    claims = _with_changes(_with_comparisons(_with_parts(_with_rates(found, tagged))))
    return _with_coverage(_without_repetitions(claims), tagged)


def _with_rates(found: list[Found], tagged: list[Tagged]) -> list[Candidate]:
    """Give a rate that stands in a sentence without counts to the last count before it."""
    done = [one.candidate for one in found]
    counted = {one.place: i for i, one in enumerate(found) if one.candidate.number is not None}
    last = None
    for place, tags in enumerate(tagged):
        last = counted.get(place, last)
        if place not in counted and last is not None and not done[last].rate:
            done[last] = replace(done[last], rate=next((tag.value for tag in tags.tags("R")), {}))
    return done


def _with_parts(claims: list[Candidate]) -> list[Candidate]:
    """Put counts that are the parts of a total under it, whether they stand before it or after."""
    done: list[Candidate] = []
    left = list(claims)
    while left:
        total = left.pop(0)
        if many := _parts_of(total, left[: len(NAMES)]):
            done.append(_total(total, left[:many], total.quote))
            del left[:many]
        elif many := _parts_of(total, done[: -len(NAMES) - 1 : -1]):
            done[-many:] = [_total(total, done[-many:], ())]
        else:
            done.append(total)
    return done


def _parts_of(total: Candidate, rows: list[Candidate]) -> int:
    """Return how many of the rows are parts of a total: those that add up to it, or name every force of its area."""
    parts: dict[object, object] = {}
    for row in rows:
        area, value = row.area.value, row.current.value.value if row.current else None
        if (
            not related(total.offence, row.offence)
            or area not in NAMES
            or not isinstance(value, int)
            or area in parts
            or row.baseline
            or row.change
        ):
            return 0
        parts[area] = value
        names_all = isinstance(total.area.value, tuple) and set(total.area.value) == set(parts)
        if len(parts) > 1 and (sum(parts.values()) == total.number or names_all):  # type: ignore[arg-type]
            return len(parts)
    return 0


def _total(total: Candidate, rows: list[Candidate], first: tuple[str, ...]) -> Candidate:
    parts = tuple((str(row.area.value), int(row.number or 0)) for row in rows)
    quote = tuple(dict.fromkeys([*first, *(line for row in rows for line in row.quote), *total.quote]))
    area = Field(tuple(name for name in NAMES if name in dict(parts)), total.area.quote)
    return replace(total, quote=quote, area=area, parts=parts)


def _with_comparisons(claims: list[Candidate]) -> list[Candidate]:
    """Set two counts of one area against each other where the second comes with the change between them."""
    done: list[Candidate] = []
    for claim in claims:
        pair = _compared(done[-1], claim, claim) if done and claim.number is not None else None
        if pair:
            done[-1] = replace(pair, change=claim.change)
        else:
            done.append(claim)
    return done


def _with_changes(claims: list[Candidate]) -> list[Candidate]:
    """Give a change told in a sentence of its own to the comparison that it is told of, if there is one."""
    done: dict[int, Candidate] = dict(enumerate(claims))
    for i, change in enumerate(claims):
        if not changes.stated(change.change) or change.number is not None:
            continue
        near = sorted((j for j in range(i - _NEAR, i + _NEAR) if j in done and j != i), key=lambda j: abs(j - i))
        for j in near:
            pair = _compared(done[j], done[j + 1], change) if j + 1 in done else None
            if pair:
                done.pop(j + 1)
            elif not _is_change_of(done[j], change):
                continue
            done[j] = _given(pair or done[j], done.pop(i), is_before=i < j)
            break
    return list(done.values())


def _compared(first: Candidate, second: Candidate, change: Candidate) -> Candidate | None:
    """Return two counts of one area as a comparison, if a change is the one between them."""
    if first.current is None or second.current is None or first.area.value != second.area.value:
        return None
    if first.base is not None or second.base is not None or not related(first.offence, second.offence):
        return None
    quote = tuple(dict.fromkeys(first.quote + second.quote))
    joined = in_order(replace(first, quote=quote, baseline=second.current))
    return joined if _is_change_of(joined, change) else None


def _is_change_of(host: Candidate, change: Candidate) -> bool:
    """Say whether a change is that of a comparison: of its area, and what its counts come to."""
    is_there = change.area.value in (None, host.area.value) and related(change.offence, host.offence)
    return is_there and changes.fits(change.change, host.number, host.base)


def _given(host: Candidate, other: Candidate, *, is_before: bool) -> Candidate:
    """Return a comparison with a change told elsewhere, unless it has one that is as exact."""
    own, other_change = changes.stated(host.change), changes.stated(other.change)
    is_rough = any(amount.bound for amount in own.values()) and not any(
        amount.bound for amount in other_change.values()
    )
    quote = other.quote + host.quote if is_before else host.quote + other.quote
    change = other.change if not own or is_rough else host.change
    return replace(host, change=change, quote=tuple(dict.fromkeys(quote)))


def _without_repetitions(claims: list[Candidate]) -> list[Candidate]:
    done: list[Candidate] = []
    for claim in claims:
        near = range(max(0, len(done) - _NEAR), len(done))
        twin = next((i for i in near if _repeats(done[i], claim)), None)
        if twin is None:
            done.append(claim)
        else:
            done[twin] = _together(done[twin], claim)
    return done


def _repeats(one: Candidate, other: Candidate) -> bool:
    """Say whether two candidates are one claim: nothing that both state differs."""
    if None not in (one.area.value, other.area.value) and one.area.value != other.area.value:
        return False
    if not related(one.offence, other.offence):
        return False
    if one.number is None or other.number is None or one.share or other.share:
        stated = [{name: field.value for name, field in (c.change | c.share).items()} for c in (one, other)]
        return stated[0] == stated[1] != {}
    bases = {claim.base for claim in (one, other)} - {None}
    is_same = one.number == other.number or _is_rounded(one, other) or _is_rounded(other, one)
    return is_same and len(bases) < 2 and _may_be_one(one, other)


def _may_be_one(one: Candidate, other: Candidate) -> bool:
    """Say whether two counts can be of the same months: one is among the readings of the other, or only said in words."""
    if one.current is None or other.current is None:
        return True
    first, second = one.current.period, other.current.period
    return bool({first.value, *first.others} & {second.value, *second.others, None})


def _is_rounded(rough: Candidate, exact: Candidate) -> bool:
    """Say whether one count is the other as a headline tells it: "more than 3,000" for 3,171, 34,000 for 33,983."""
    rounded, whole = rough.number, exact.number
    if rounded is None or whole is None or not _is_exact(exact):
        return False
    if not _is_exact(rough):
        return abs(rounded - whole) * 10 <= whole
    return rounded % 1000 == 0 and 0 < abs(rounded - whole) * 50 <= whole


def _together(one: Candidate, other: Candidate) -> Candidate:
    quote = tuple(dict.fromkeys(one.quote + other.quote))
    return replace(
        one,
        quote=quote,
        area=_better(one.area, other.area),
        current=_count(one, other),
        baseline=one.baseline or other.baseline,
        change=one.change if changes.stated(one.change) else other.change or one.change,
        parts=one.parts or other.parts,
        rate=one.rate or other.rate,
        coverage=one.coverage or other.coverage,
    )


def _count(one: Candidate, other: Candidate) -> Count | None:
    if one.current is None or other.current is None:
        return one.current or other.current
    value = other.current.value if _is_rounded(one, other) else one.current.value
    return Count(value, _better(one.current.period, other.current.period), one.current.described_as)


def _better(one: Field, other: Field) -> Field:
    """Return the field that has a value, and of two that have, the one with fewer other readings."""
    return min((one, other), key=lambda field: (field.value is None, bool(field.note), len(field.others)))


def _with_coverage(claims: list[Candidate], tagged: list[Tagged]) -> tuple[list[Candidate], tuple[str, ...]]:
    """Give the answers of forces to national counts, in their order, or say in a note that there is none."""
    stated = [tag.value for tags in tagged for tag in tags.tags("K")]
    answers = list({(one["responded"].value, one["of"].value): one for one in stated}.values())
    counted = [i for i, one in enumerate(claims) if one.number is not None]
    national = [i for i in counted if is_national(claims[i].area.value)]
    for i, coverage in zip(national, answers, strict=False):
        claims[i] = replace(claims[i], coverage=coverage)
    left = answers[len(national) :]
    return claims, tuple(
        f"The text also says: {one['responded'].value} of {one['of'].value} forces answered." for one in left
    )


def _is_exact(claim: Candidate) -> bool:
    return claim.current is not None and isinstance(claim.current.value.value, int)
