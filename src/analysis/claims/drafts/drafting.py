"""From an article's text to draft claims."""

from __future__ import annotations

from datetime import date

from analysis.claims.drafts import assembling, merging, sentences, subjects
from analysis.claims.drafts.fields import Draft, Field
from analysis.claims.drafts.memory import Article
from analysis.claims.drafts.readings import Context
from analysis.claims.drafts.tagging import tag
from analysis.terms.periods import Month


def draft(text: str, *, published: date | None = None) -> Draft:
    """Read the claims that an article seems to make about recorded grooming offences.

    Parameters
    ----------
    text
        The article, in plain text.
    published
        When it was published; by default the date that the text gives as its own, if any.

    Returns
    -------
    Draft
        Candidates in the order of the text. No value in them is beyond the text; periods are worked out from its words
        and the date, and marked where they may be others.

    Examples
    --------
    >>> found = draft("Kent Police recorded 33 grooming offences in 2016/17, up from five the year before.").candidates
    >>> found[0].area.value, found[0].current.value.value, found[0].baseline.period.value
    ('Kent', 33, '2015-04..2016-03')
    """
    day = published or sentences.publication_date(text)
    stated = Field(day.isoformat()) if day else Field(None, "the text gives no date of its own")
    where = sentences.address(text)
    source = Field(where) if where else Field(None, "the text gives no address of its own")
    split = sentences.split(text)
    flat = " ".join(text.split())  # "Home Office" may stand at the end of a line
    if not subjects.is_about_grooming(flat):
        return Draft((), stated, source)
    tagged = [tag(sentence.plain) for sentence in split]
    basis = subjects.basis(flat)
    context = Context(published=Month(day.year, day.month) if day else None)
    article = Article.read(tagged, context, basis=basis, offence=subjects.offence(flat, basis))
    claims, notes = merging.merge(assembling.candidates(split, tagged, article), tagged)
    return Draft(tuple(claims), stated, source, notes)
