"""What a rate is of: whom or what offences are counted against, and for how many of them."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.errors import RequestError

BANDS: dict[str, str] = {
    "0-17": "children aged 0 to 17",
    "0-15": "children aged 0 to 15",
    "10-15": "children aged 10 to 15",
    "all": "residents of all ages",
    "households": "households",
}
OWN, NONE = "own", "none"


@dataclass(frozen=True)
class Denominator:
    """Whom or what a rate is of.

    Attributes
    ----------
    of
        An age band of residents (``0-17``, ``0-15``, ``10-15``, ``all``), ``households``, ``own`` (figures of one's own), or ``none``
        where a rate says nothing.
    own
        Figures of one's own: the names of forces, each with how many.
    per
        For how many a rate is given.

    Examples
    --------
    >>> Denominator("0-17").whom, Denominator("households").per, Denominator("none").is_read
    ('children aged 0 to 17', 10000, False)
    """

    of: str = "all"
    own: tuple[tuple[str, int], ...] = ()
    per: int = 10_000

    def __post_init__(self) -> None:
        if self.of not in {*BANDS, OWN, NONE}:
            raise RequestError(f"age band: {self.of!r} is not held; bands are {', '.join(BANDS)}")

    @staticmethod
    def read(value: object) -> Denominator:
        """Return what an entry of the register of offences says, which is a band, ``households`` or ``none``."""
        if isinstance(value, Denominator):
            return value
        if value not in {*BANDS, NONE}:
            raise ValueError(f"found {value!r}; write {', '.join(BANDS)} or {NONE}")
        return Denominator(str(value))

    @property
    def is_read(self) -> bool:
        """Whether a rate can be read at all."""
        return self.of != NONE

    @property
    def whom(self) -> str:
        """Who or what they are, as a phrase: children aged 0 to 17."""
        return BANDS.get(self.of, "residents by the analyst's own figures")
