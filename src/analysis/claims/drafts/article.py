"""From an article to draft claims: one for what it says in several places, as totals and parts, changes told apart, repetitions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from analysis.claims.drafts import changes, endpoint, text
from analysis.claims.drafts.areas import is_national
from analysis.claims.drafts.candidates import ELSEWHERE, Article, candidates, in_order
from analysis.claims.drafts.fields import Candidate, Draft, Field
from analysis.claims.drafts.offences import named, related
from analysis.claims.drafts.tagging import Tagged, tag
from analysis.terms.areas import NAMES
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
        claims, notes = endpoint.claims(flat, read, model)
        return Draft(tuple(_without_repetitions(claims)), own, source, notes, by="a model")
    found = _with_changes(_with_parts(candidates(sentences, tagged, read)))
    claims, notes = _with_coverage(_without_repetitions(found), tagged)
    return Draft(tuple(claims), own, source, notes)


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
    parts: dict[object, Fraction] = {}
    for row in rows:
        area = row.area.value
        is_plain = _is_exact(row) and not (row.baseline or row.change) and related(total.offence, row.offence)
        if not is_plain or area not in NAMES or area in parts:
            return 0
        parts[area] = row.number or Fraction(0)
        names_all = isinstance(total.area.value, tuple) and set(total.area.value) == set(parts)
        if len(parts) > 1 and (sum(parts.values()) == total.number or names_all):
            return len(parts)
    return 0


def _total(total: Candidate, rows: list[Candidate], first: tuple[str, ...]) -> Candidate:
    parts = tuple((str(row.area.value), int(row.number or 0)) for row in rows)
    quote = _joined(first, *(row.quote for row in rows), total.quote)
    return replace(total, quote=quote, area=_area_of(total.area, dict(parts)), parts=parts)


def _area_of(named: Field, parts: dict[str, int]) -> Field:
    """Return the area of a total: the one that its sentence names if that holds every part, and otherwise the parts together."""
    for area in (named.value, *named.others) if ELSEWHERE not in named.note else ():
        if set(parts) <= set(area) if isinstance(area, tuple) else is_national(area):
            return replace(named, value=area, others=tuple(one for one in (named.value, *named.others) if one != area))
    return Field(tuple(name for name in NAMES if name in parts), named.quote)


def _with_changes(claims: list[Candidate]) -> list[Candidate]:
    """Give each change to what it is the change of: two counts that it stands beside, or a comparison told elsewhere."""
    done: dict[int, Candidate] = dict(enumerate(claims))
    for i, told in enumerate(claims):
        if i not in done or not changes.stated(told.change) or told.base is not None:
            continue
        is_alone = told.number is None
        places = range(i - _NEAR, i + _NEAR) if is_alone else (i - 1, i)
        for j in sorted(places, key=lambda j: abs(j - i)):
            pair = _compared(done.get(j), done.get(j + 1))
            host = pair if pair and _is_change_of(pair, told) else done.get(j)
            if host is None or not _is_change_of(host, told):
                continue
            if host is pair:
                del done[j + 1]
            own, quotes = host.change, (told.quote, host.quote)
            if is_alone:
                del done[i]
            quote = _joined(*(quotes if i < j else reversed(quotes)))
            done[j] = replace(host, change=own if changes.stated(own) else told.change, quote=quote)
            break
    return list(done.values())


def _compared(first: Candidate | None, second: Candidate | None) -> Candidate | None:
    """Return two counts of one area and offence as a comparison."""
    if first is None or second is None or first.area.value != second.area.value or first.current is None:
        return None
    if {first.base, second.base} != {None} or not related(first.offence, second.offence):
        return None
    return in_order(replace(first, quote=_joined(first.quote, second.quote), baseline=second.current))


def _is_change_of(host: Candidate, change: Candidate) -> bool:
    """Say whether a change is that of a comparison: of its area, and what its counts come to."""
    is_there = change.area.value in (None, host.area.value) and related(change.offence, host.offence)
    return is_there and changes.fits(change.change, host.number, host.base)


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
    is_elsewhere = None not in (one.area.value, other.area.value) and one.area.value != other.area.value
    if is_elsewhere or not related(one.offence, other.offence):
        return False
    if one.current is None or other.current is None or one.number is None or other.number is None:
        stated = [{name: field.value for name, field in (c.change | c.share).items()} for c in (one, other)]
        return stated[0] == stated[1] != {}
    first, second = one.current.period, other.current.period
    may_be_one = {first.value, *first.others} & {second.value, *second.others, None}
    is_same = one.number == other.number or _is_rounded(one, other) or _is_rounded(other, one)
    return is_same and bool(may_be_one) and len({one.base, other.base} - {None}) < 2


def _is_rounded(rough: Candidate, exact: Candidate) -> bool:
    """Say whether one count is the other as a headline tells it: "more than 3,000" for 3,171, 34,000 for 33,983."""
    rounded, whole = rough.number or Fraction(0), exact.number or Fraction(0)
    is_rough = rounded % 1000 == 0 or not _is_exact(rough)
    return is_rough and _is_exact(exact) and 0 < abs(rounded - whole) * 10 <= whole


def _is_exact(claim: Candidate) -> bool:
    return claim.current is not None and isinstance(claim.current.value.value, int)


def _together(one: Candidate, other: Candidate) -> Candidate:
    """Return a claim told twice as one, with the exact count and whatever either says."""
    current, second = (one.current, other.current) if one.current else (other.current, None)
    if current and second:
        value = second.value if one.number is None or _is_rounded(one, other) else current.value
        current = replace(current, value=value, period=_better(current.period, second.period))
    either = {name: getattr(one, name) or getattr(other, name) for name in ("baseline", "parts", "rate", "coverage")}
    change = one.change if changes.stated(one.change) else other.change or one.change
    area, quote = _better(one.area, other.area), _joined(one.quote, other.quote)
    return replace(one, quote=quote, area=area, current=current, change=change, **either)


def _better(one: Field, other: Field) -> Field:
    """Return the field that has a value, and of two that have, the one with fewer other readings."""
    return min((one, other), key=lambda field: (field.value is None, bool(field.note), len(field.others)))


def _joined(*quotes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for quote in quotes for line in quote))


def _with_coverage(claims: list[Candidate], tagged: list[Tagged]) -> tuple[list[Candidate], tuple[str, ...]]:
    """Give the answers of forces to national counts, in their order, or say in a note that there is none."""
    stated = [tag.value for tags in tagged for tag in tags.tags("K")]
    answers = {(one["responded"].value, one["of"].value): one for one in stated}
    national = [i for i, one in enumerate(claims) if one.number is not None and is_national(one.area.value)]
    for i, coverage in zip(national, answers.values(), strict=False):
        claims[i] = replace(claims[i], coverage=coverage)
    left = list(answers)[len(national) :]
    return claims, tuple(f"The text also says: {some} of {every} forces answered." for some, every in left)
