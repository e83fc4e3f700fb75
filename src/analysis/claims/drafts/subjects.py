"""What an article, and each of its sentences, is about: grooming or not, which offence, and whose figures."""

from __future__ import annotations

import re

from analysis.claims.drafts.fields import Field

_COMMUNICATION = re.compile(
    r"sexual communication|sexually communicat|communicat\w+ (?:sexually|with a child)|sexual messages?|section 15A",
    re.I,
)
_GROOMING = re.compile(r"groom", re.I)
_CODE = re.compile(r"\b88A\b")
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
_FOI = re.compile(
    r"freedom[- ]of[- ]information|\bFOIs?\b|\bforces (?:that )?(?:responded|replied|answered|provided)"
    r"|\bresponses? from \w+ (?:police )?forces|(?:provided|supplied) by (?:\w+ )?(?:police )?forces",
    re.I,
)
_OFFICE = r"\b(?:Home Office|Office for National Statistics|ONS)\b"
_OFFICE_FIGURES = re.compile(
    rf"{_OFFICE}(?:'s|’s)?,? (?:\w+ )?(?:figures|data|statistics)|(?:figures|data|statistics)[^.]{{0,40}}\b(?:by|from|which) the {_OFFICE}"
    r"|recorded crime (?:data|figures|statistics|tables)",
    re.I,
)
_OFFICE_NAMED = re.compile(rf"{_OFFICE}|official (?:figures|statistics|data)|government figures", re.I)


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
    """Say whether a sentence names a platform, so that its counts may be of that alone."""
    return bool(_PLATFORM.search(sentence))


def is_about_people(sentence: str) -> bool:
    """Say whether a sentence speaks of victims, of how offences ended or of other offences, so that a share is of those.

    Examples
    --------
    >>> is_about_people("Girls were hurt in 60% of cases."), is_about_people("Snapchat was used in 60% of cases.")
    (True, False)
    """
    return bool(_OF_PEOPLE.search(sentence) or _ARE_GROOMING.search(sentence))


def basis(text: str) -> Field:
    """Return whose figures an article uses, blank where it does not say.

    Examples
    --------
    >>> basis("Home Office figures show").value, basis("A Home Office spokesperson said").confirm
    ('home-office', 'or foi; the text names the office, perhaps not as its source')
    >>> basis("Northamptonshire figures show").value is None
    True
    """
    if _FOI.search(text):
        return Field("foi", "or home-office; the text names both" if _OFFICE_NAMED.search(text) else "")
    if _OFFICE_FIGURES.search(text):
        return Field("home-office")
    if _OFFICE_NAMED.search(text):
        return Field("home-office", "or foi; the text names the office, perhaps not as its source")
    return Field(None, "home-office (recorded crime tables) or foi (forces' answers to a request)")


def offence(text: str, basis: Field) -> Field:
    """Return which offence an article counts, as far as its words and the basis tell."""
    communication, grooming = bool(_COMMUNICATION.search(text)), bool(_GROOMING.search(text))
    if _CODE.search(text) or (basis == Field("home-office") and not communication):
        return Field("88A")
    if basis == Field("foi") and communication and not grooming:
        return Field("71/17")
    if basis.value == "foi":
        return Field("71/17", "or 88A; sexual communication with a child, or all grooming")
    return Field("88A", "or 71/17; all grooming, or sexual communication with a child alone")
