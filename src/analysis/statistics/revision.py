"""How far a figure moves after it was first published, and how a stated number stands to the figure that is held now."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Standing = Literal["agrees-within-revision", "differs", "far-off"]


@dataclass(frozen=True)
class Tier:
    """How much figures of one kind are revised.

    Attributes
    ----------
    force, nation
        The reach of revision of a large count of a police force and of the nation: 95% of the absolute log of later over earlier.
    counts
        A difference of so many offences is revision whatever the count.
    """

    force: float
    nation: float
    counts: int = 2


# Measured on ten ONS workbooks of 2018 to 2025 and three Home Office releases, and tested on those not used to measure.
TIERS = {
    "steady": Tier(0.015, 0.005),
    "middle": Tier(0.025, 0.010),
    "loose": Tier(0.075, 0.025),
    "88A": Tier(0.12, 0.045),  # its own four vintages: the nation moved +4.0, +0.8, +0.2 and -2.7%
    "homicide": Tier(0.025, 0.010, counts=6),  # few, and reclassified by inquests and trials
}
FAR = 0.10  # log distance beyond which a number is far from the figure held, where revision reaches less far
FAR_REACHES = 1.5  # in reaches of revision
FAR_COUNTS = 5  # and more offences than these


def reach(count: float, tier: str, *, national: bool = False, halved: bool = False) -> float:
    """Return how far revision reaches from a year's count: 95% of the absolute log of later over earlier lie within it.

    Parameters
    ----------
    count
        Recorded offences, or the smaller of two.
    tier
        One of :data:`TIERS`.
    national
        Whether the count is of the whole country, or of most of it.
    halved
        Whether the figure compared with is known to be as published at nearly the same time.

    Returns
    -------
    float
        W = √(A² + 1/count), A being the tier's; of a count under one as of one.

    Raises
    ------
    ValueError
        If there is no such tier.

    Examples
    --------
    >>> round(reach(400, "steady"), 3), round(reach(400, "loose"), 3), round(reach(40_000, "steady", national=True), 3)
    (0.052, 0.09, 0.007)
    """
    if tier not in TIERS:
        raise ValueError(f"tier: {tier!r} is not one; write {', '.join(TIERS)}")
    usual = TIERS[tier].nation if national else TIERS[tier].force
    return math.sqrt(usual**2 + 1 / max(count, 1)) / (2 if halved else 1)


def standing(stated: float, held: float, width: float, *, counts: int = 2, far_counts: int = FAR_COUNTS) -> Standing:
    """Say how a stated count that is not the held one stands to it.

    Parameters
    ----------
    stated, held
        Recorded offences.
    width
        How far revision reaches, as :func:`reach` gives it.
    counts
        A difference of so many offences is revision whatever the count; 0 of what is no count.
    far_counts
        A difference of no more than these is not far; 0 of what is no count.

    Returns
    -------
    str
        ``agrees-within-revision``; ``far-off`` beyond both a tenth and one and a half reaches, and by more than five offences;
        else ``differs``.

    Examples
    --------
    >>> standing(1020, 1000, 0.04), standing(1060, 1000, 0.04), standing(1200, 1000, 0.04), standing(4, 1, 1.0)
    ('agrees-within-revision', 'differs', 'far-off', 'differs')
    """
    gap, distance = abs(stated - held), log_distance(stated, held)
    if (counts and gap <= counts) or distance <= width:
        return "agrees-within-revision"
    return "far-off" if distance > far(width) and gap > far_counts else "differs"


def far(width: float) -> float:
    """Return the log distance beyond which a number is far from the figure held."""
    return max(FAR, FAR_REACHES * width)


def log_distance(stated: float, held: float) -> float:
    """Return the absolute log of stated over held, infinite where only one of the two is above zero.

    Examples
    --------
    >>> round(log_distance(110, 100), 3), log_distance(0, 3), log_distance(0, 0)
    (0.095, inf, 0.0)
    """
    if stated == held:
        return 0.0
    return abs(math.log(stated / held)) if stated > 0 and held > 0 else math.inf
