"""What an article, and each of its sentences, is about: grooming or not, which offence, and who counted."""

from __future__ import annotations

import re

from analysis.claims.drafts.fields import Field

_COMMUNICATION = re.compile(
    r"sexual communication(?: with (?:a child|children))?|sexually communicat\w+|communicat\w+ (?:sexually|with a child)|sexual messages?|section 15A",
    re.I,
)
_GROOMING = re.compile(r"(?:[\w-]*groom\w*)(?: (?:offences?|crimes?|cases?))?", re.I)
_CODE = re.compile(r"(?:code )?\b(88A|71/17)\b")
_COUNTED = re.compile(r"\b(?:offences|crimes|cases|recorded|figures?)\b", re.I)
# A sentence about the first is passed over unless it also speaks of grooming; about the second, unless also of offences.
_OTHER_OFFENCE = re.compile(
    r"\bimages?\b|knife|burglar|fraud|\brapes?\b|robber|theft|hate crime|modern slavery|domestic|neglect|county lines|stalking|assault|violen|weapon|drugs?\b"
    r"|\bsex(?:ual)? (?:offen|crime|abuse)|child (?:sexual |sex )?(?:abuse|exploitation)|(?:all|overall|total|other) (?:recorded )?crimes?\b|missing|(?<!new )(?<!this )(?<!a )\bcrime (?:in|across|rose|fell|has|is|was)\b",
    re.I,
)
_AMONG_OTHERS = re.compile(
    r"\b(?:including|such as)(?: (?!recorded)[a-z]+,?){0,6} groom|groom\w*(?:,| and) [^.;]{0,30}(?:rape|assault|abuse images)|(?:rape|assault)\b[^.;]{0,40} and groom",
    re.I,
)
_PLATFORM = re.compile(
    r"\b(?:Facebook|Instagram|Snapchat|WhatsApp|Messenger|TikTok|Kik|Twitter|Skype|Roblox|Discord|YouTube|Meta)\b"
)
_NO_OFFENCE = re.compile(
    r"Childline|\bcall(?:s|ers?)?\b|\bvisits to (?:its|the|our|their) (?:\w+ ){0,2}(?:web)?(?:page|site)|counselling|helpline|\bpolls?\b|\bpolled|\bsurvey"
    r"|searches|arrest|convict|prosecut|charged|funding|budget|petition|donat",
    re.I,
)
# A share of offences by who was hurt, or by what the police did, says nothing of how many were recorded.
_OF_PEOPLE = re.compile(
    r"\b(?:girls?|boys?|victims?|genders?|sex(?:es)?|ages?|aged|under-\d+s?|years?[ -]olds?|suspects?|offenders?|charged?|solved|court|outcomes?|evidence|closed)\b",
    re.I,
)
_ARE_GROOMING = re.compile(r"\b(?:involv\w+|are|were|was|is) (?:online |child |sexual )*groom", re.I)
_COURT = re.compile(r"\b(?:guilty|pleaded|admitted|jailed|sentenced|court|prison|counts of|conviction)\b", re.I)
_RECORDED = re.compile(r"\b(?:record\w*|logg\w+|figures|statistics|registered)\b", re.I)
_OFFENCES = re.compile(r"\b(?:offences|crimes|recorded)\b", re.I)
# Who counted, the surest first; what each basis may be besides is the other.
_COUNTERS = (
    (re.compile(r"freedom[- ]of[- ]information|\bFOIs?\b|\bforces (?:that )?(?:responded|replied|answered|provided)|\bresponses? from \w+ (?:police )?forces|(?:provided|supplied) by (?:\w+ )?(?:police )?forces", re.I), "foi"),
    (re.compile(r"\b(?:Home Office|Office for National Statistics|ONS)\b(?:'s|’s)?,? (?:\w+ )?(?:figures|data|statistics)|(?:figures|data|statistics)[^.]{0,40}\b(?:by|from|which) the (?:Home Office|Office for National Statistics|ONS)\b|recorded crime (?:data|figures|statistics|tables)", re.I), "home-office"),
    (re.compile(r"\b(?:NSPCC|National Society for the Prevention of Cruelty)\b"), "foi"),
    (re.compile(r"\b(?:Home Office|Office for National Statistics|ONS)\b|official (?:figures|statistics|data)|government figures", re.I), "home-office"),
)  # fmt: skip


def is_about_grooming(text: str) -> bool:
    """Say whether a text speaks of grooming offences at all."""
    return any(pattern.search(text) for pattern in (_GROOMING, _COMMUNICATION, _CODE))


def is_elsewhere(sentence: str) -> bool:
    """Say whether a sentence is about something other than recorded grooming offences.

    Examples
    --------
    >>> is_elsewhere("Burglaries rose to 33."), is_elsewhere("Calls to the helpline about grooming rose to 33.")
    (True, True)
    >>> is_elsewhere("There were 33 grooming offences.")
    False
    """
    if _AMONG_OTHERS.search(sentence) or (_OTHER_OFFENCE.search(sentence) and not is_about_grooming(sentence)):
        return True
    if _COURT.search(sentence) and not _RECORDED.search(sentence):
        return True
    return bool(_NO_OFFENCE.search(sentence)) and not _OFFENCES.search(sentence)


def is_about_counts(sentence: str) -> bool:
    """Say whether a sentence speaks of offences or figures, so that a change in it is theirs."""
    return is_about_grooming(sentence) or bool(_COUNTED.search(sentence))


def is_about_platforms(sentence: str) -> bool:
    """Say whether a sentence names a platform, so that what it states may be of that alone."""
    return bool(_PLATFORM.search(sentence))


def is_general(text: str) -> bool:
    """Say whether an article is about offences among which grooming is one, so that it counts them all together.

    Examples
    --------
    >>> is_general("Sexual offences online, including grooming and rape, rose."), is_general("Grooming offences rose.")
    (True, False)
    """
    return bool(_AMONG_OTHERS.search(text))


def is_about_people(sentence: str) -> bool:
    """Say whether a sentence speaks of victims, of how offences ended or of other offences, so that a share is of those.

    Examples
    --------
    >>> is_about_people("Girls were hurt in 60% of cases."), is_about_people("Snapchat was used in 60% of cases.")
    (True, False)
    """
    return bool(_OF_PEOPLE.search(sentence) or _ARE_GROOMING.search(sentence))


def basis(text: str) -> Field:
    """Return whose figures an article uses: who counted is asked first, who is named as a source second.

    Examples
    --------
    >>> basis("Home Office figures show").value, basis("the NSPCC said").value, basis("A council met").note
    ('home-office', 'foi', 'the text does not say who counted')
    """
    found = [(value, match[0]) for pattern, value in _COUNTERS if (match := pattern.search(text))]
    if not found:  # the tables do not count sexual communication with a child apart
        likelier, other = ("foi", "home-office") if _COMMUNICATION.search(text) else ("home-office", "foi")
        return Field(likelier, "", (other,), "the text does not say who counted")
    return Field(*found[0], tuple(dict.fromkeys(value for value, _ in found if value != found[0][0])))


def named_offence(sentence: str) -> Field | None:
    """Return the offence that a sentence names, if it names one: grooming may be either."""
    found = _CODE.search(sentence) or _COMMUNICATION.search(sentence)
    return Field(found[1] if found.re is _CODE else "71/17", found[0]) if found else None


def offence(text: str, basis: Field) -> Field:
    """Return which offence an article counts, where a sentence of it does not say: the tables hold 88A alone.

    Examples
    --------
    >>> text = "Grooming: police recorded crimes of sexual communication with a child."
    >>> offence(text, Field("foi")).value, offence(text, Field("home-office", "Home Office")).value
    ('71/17', '88A')
    """
    named, grooming = named_offence(text), _GROOMING.search(text)
    found = named if named and (basis.value == "foi" or not grooming) else None
    found = found or Field("71/17" if basis.value == "foi" else "88A", grooming[0] if grooming else "")
    return Field(found.value, found.quote, ("88A" if found.value == "71/17" else "71/17",))
