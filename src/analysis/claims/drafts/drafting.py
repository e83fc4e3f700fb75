"""From an article's text to draft claims."""

from __future__ import annotations

from datetime import date

from analysis.claims.drafts import assembling, merging, subjects, text
from analysis.claims.drafts.fields import Draft, Field
from analysis.claims.drafts.tagging import tag
from analysis.terms.periods import Month


def draft(article: str, *, published: date | None = None) -> Draft:
    """Read the claims that an article seems to make about recorded grooming offences.

    Parameters
    ----------
    article
        Its text.
    published
        When it was published; by default the day that the text gives as its own, if any.

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
    if not subjects.is_about_grooming(flat):
        return Draft((), own, source)
    day = date.fromisoformat(str(own.value)) if own.value else None
    sentences = text.sentences(article)
    tagged = [tag(sentence.plain) for sentence in sentences]
    read = assembling.Article.read(flat, tagged, Month(day.year, day.month) if day else None)
    claims, notes = merging.merge(assembling.candidates(sentences, tagged, read), tagged)
    return Draft(tuple(claims), own, source, notes)
