"""Counts how the questions of each force on fifteen offences end: whether the newest year may be compared, and what its change is read as.

    python benchmarks/questions.py [RELEASE]

The fifteen are those that version 0.2 had reviewed and let compare: 660 questions, of which 573 (87%) ended in "cannot tell".
"""

from __future__ import annotations

import sys
from collections import Counter

from analysis.comparison import compare
from analysis.terms import areas

OFFENCES = (
    "10D", "34A", "34B", "46", "88A", "8L", "8Q", "8U", "burglary", "homicide", "rape", "residential-burglary", "robbery",
    "vehicle-offences", "violence-with-injury",
)  # fmt: skip
READ = ("more", "fewer", "within-usual", "counts only", "not comparable")


def main(release: str) -> None:
    """Print a row an offence and one of all: answers, then readings; and of those within the usual how many say what was seen."""
    print(
        f"{'offence':22}{'yes':>6}{'care':>6}{'no':>6}",
        *(f"{each:>15}" for each in READ),
        "   says how common, what would show",
    )
    together: Counter[str] = Counter()
    for offence in OFFENCES:
        found: Counter[str] = Counter()
        for force in areas.FORCES:
            pair = compare(force.name, offence=offence, release=release)
            change = pair.change if pair.like_for_like else None
            reading = "not comparable" if not pair.like_for_like else (change and change.reading) or "counts only"
            found[reading] += 1
            found[str(pair.answer)] += 1
            if change and reading == "within-usual":
                found["common"] += change.common is not None
                found["detectable"] += change.detectable is not None
        together += found
        _row(offence, found)
    _row("all", together)


def _row(name: str, found: Counter[str]) -> None:
    answers = (found["yes"], found["with-care"], found["no"] + found["not-known"])
    print(
        f"{name:22}",
        *(f"{each:>5}" for each in answers),
        *(f"{found[each]:>15}" for each in READ),
        f"{found['common']:>8}, {found['detectable']}",
    )


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "latest")
