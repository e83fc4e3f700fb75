"""What makes a field sure: every word of its sentence is known, and nothing in it is said of something else.

The rules read what they know and step over the rest. What they step over may change the meaning, so that a sentence with
a word outside this list is for a person to confirm.
"""

from __future__ import annotations

import re
from dataclasses import replace

from analysis.claims.drafts import changes
from analysis.claims.drafts.counts import NOUN
from analysis.claims.drafts.fields import Candidate, Count, Field
from analysis.claims.drafts.tagging import Tagged

# Words beside tags that leave a count, its area, its period and its baseline what they are. To add some: only words
# that could be struck out of any sentence without changing whose count it is, of what, when, or against what.
KNOWN = frozenset(
    re.findall(
        r"\S+",
        """
        a an the this that these those its their his her our and of in on at by for from to with as than there it they we who
        which across within was were is are has have had been being be when so while also just only

        year years financial calendar month months period quarter same previous before earlier
        today yesterday monday tuesday wednesday thursday friday saturday sunday

        police force force's forces forces' constabulary officers department county county's region area areas national nationally
        recorded record recording records logged logs logging reported reports registered received dealt deal saw seen sees see
        show shows showed shown showing reveal reveals revealed revealing stood reached counted accounted investigated handled

        child children child's children's young people person online internet cyber sexual sexually grooming grooming-related
        communication communicating communications meeting following offence offence's new

        figure figures data statistics stats number numbers count total totalled tally high highest compared comparison against
        versus according obtained released published compiled collected provided official charity charity's nspcc nspcc's home
        office ons freedom information foi request requests under act responses said says say found told
        """,
    )
)
_WORD = re.compile(r"[^\W\d_][\w'-]*|\d[\d,.]*|<X>", re.IGNORECASE)
_SAYS_WHAT = re.compile(r"groom|sexual(?:ly)? communicat|communicat\w+ with a child|\b88A\b", re.IGNORECASE)
_MOVEMENT = re.compile(rf"(?:{changes.UP}|{changes.DOWN}|{NOUN})", re.IGNORECASE)


def names_offence(sentence: str) -> bool:
    """Say whether a sentence says itself what its counts are of.

    Examples
    --------
    >>> names_offence("There were 33 grooming offences in Kent."), names_offence("The force recorded 33 offences.")
    (True, False)
    """
    return bool(_SAYS_WHAT.search(sentence))


def doubt(tagged: Tagged) -> str:
    """Return which words of a sentence are not known, or nothing where all are.

    Examples
    --------
    >>> from analysis.claims.drafts.tagging import tag
    >>> doubt(tag("Kent Police recorded 33 grooming offences in 2016/17, up from five the year before."))
    ''
    >>> doubt(tag("Kent Police solved 33 of the grooming offences recorded in 2016/17."))
    'the sentence also says “solved”'
    """
    plain = re.sub(r"<[A-WYZ]\d*>", " ", tagged.text)
    words = dict.fromkeys(word.casefold().removesuffix("'s") for word in _WORD.findall(plain))
    unknown = [word for word in words if word not in KNOWN and not _MOVEMENT.fullmatch(word)]
    if not unknown:
        return ""
    said = ["a number of something else" if word == "<x>" else word for word in unknown]
    return f"the sentence also says “{', '.join(said[:5])}”"


def marked(candidate: Candidate, reason: str, *, only_figures: bool = False) -> Candidate:
    """Return a candidate with a reason beside each of its fields that had none.

    Parameters
    ----------
    candidate
        A draft claim.
    reason
        Why its fields are not sure; empty to leave them as they are.
    only_figures
        Whether the area and the periods are beyond this doubt.

    Examples
    --------
    >>> one = Candidate((), Field("Kent"), Field("foi"), Field("88A"), Count(Field(33), Field(None, "no period")))
    >>> marked(one, "why").current
    Count(value=Field(value=33, confirm='why'), period=Field(value=None, confirm='no period'), described_as=None)
    """
    if not reason:
        return candidate

    def mark(field: Field, *, is_figure: bool = True) -> Field:
        is_meant = field.value is not None and (is_figure or not only_figures)
        return replace(field, confirm=field.confirm or reason) if is_meant else field

    def mark_count(count: Count | None) -> Count | None:
        return count and replace(count, value=mark(count.value), period=mark(count.period, is_figure=False))

    def mark_all(fields: dict[str, Field]) -> dict[str, Field]:
        return {name: mark(field) for name, field in fields.items()}

    return replace(
        candidate,
        area=mark(candidate.area, is_figure=False),
        current=mark_count(candidate.current),
        baseline=mark_count(candidate.baseline),
        change=mark_all(candidate.change),
        rate=mark_all(candidate.rate),
        share=mark_all(candidate.share),
    )
