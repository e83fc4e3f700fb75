"""How far a figure moves after it was first published, and how a stated number stands to the figure that is held now."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Standing = Literal["agrees-within-revision", "differs", "far-off"]
WITHIN: Standing = "agrees-within-revision"


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


@dataclass(frozen=True)
class Reach:
    """How far revision reaches from a figure.

    Attributes
    ----------
    tier
        One of :data:`TIERS`.
    national
        Whether the figure is of the whole country, or of most of it.
    halved
        Whether the figure compared with is known to be as published at nearly the same time, or was old when it was stated.

    Examples
    --------
    >>> round(Reach("steady").of(400), 3), round(Reach("loose").of(400), 3), round(Reach("steady", national=True).of(40_000), 3)
    (0.052, 0.09, 0.007)
    """

    tier: str
    national: bool = False
    halved: bool = False

    def of(self, count: float) -> float:
        """Return the reach from a year's count, or the smaller of two: 95% of the absolute log of later over earlier lie within it.

        W = √(A² + 1/count), A being the tier's; of a count under one as of one.
        """
        usual = TIERS[self.tier].nation if self.national else TIERS[self.tier].force
        return math.sqrt(usual**2 + 1 / max(count, 1)) / (2 if self.halved else 1)

    @property
    def counts(self) -> int:
        """A difference of so many offences is revision whatever the count."""
        return TIERS[self.tier].counts

    def standing(self, stated: float, held: float, *, counted: float | None = None, room: float = 0.0) -> Standing:
        """Say how a stated number that is not the held one stands to it.

        Parameters
        ----------
        stated, held
            Recorded offences; or two rates, shares or ratios.
        counted
            The count that a rate, share or ratio rests on, whose revision it moves with; None of counts.
        room
            What its rounding adds to the reach, as a log distance.

        Returns
        -------
        str
            ``agrees-within-revision``; ``far-off`` beyond both a tenth and one and a half reaches, and of counts by more than five
            offences; else ``differs``.

        Examples
        --------
        >>> [Reach("steady").standing(stated, 1000) for stated in (1020, 1060, 1200)]
        ['agrees-within-revision', 'differs', 'far-off']
        """
        gap, distance = abs(stated - held), log_distance(stated, held)
        width = self.of(held) if counted is None else self.of(counted) + room
        if distance <= width or (counted is None and gap <= self.counts):
            return WITHIN
        is_far = distance > max(FAR, FAR_REACHES * width) and (counted is not None or gap > FAR_COUNTS)
        return "far-off" if is_far else "differs"


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
