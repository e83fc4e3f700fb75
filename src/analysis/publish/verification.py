"""Whether a folder of pages is what its manifest says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.publish.store import KEPT, MANIFEST, STAGING, Publication, read


@dataclass(frozen=True)
class Verification:
    """What was found in a folder: how many files are as listed, and each that is not."""

    agreeing: int
    missing: tuple[str, ...]
    changed: tuple[str, ...]
    foreign: tuple[str, ...]
    is_unfinished: bool

    @property
    def agrees(self) -> bool:
        """Whether the folder is just what a build wrote."""
        return not (self.missing or self.changed or self.foreign or self.is_unfinished)

    @property
    def lines(self) -> list[str]:
        """What is said of it: a line for each file that is not as listed, and how many are."""
        each = {"missing": self.missing, "changed": self.changed, "foreign": self.foreign}
        said = [f"{what}: {name}" for what, names in each.items() for name in names]
        if self.is_unfinished:
            said.append("unfinished: a build is writing here, or was broken off; build again")
        return [*said, f"{self.agreeing} files as {MANIFEST} lists them"]


def verify(folder: Path) -> Verification:
    """Compare what stands in a folder with its manifest; no link is followed.

    Raises
    ------
    RequestError
        If the folder has no manifest that a build wrote.
    """
    held = read(folder)
    found = {name: held.found(name) for name in sorted(held.outputs)}
    return Verification(
        agreeing=sum(found[name] == held.outputs[name] for name in found),
        missing=tuple(name for name in found if found[name] is None),
        changed=tuple(name for name in found if found[name] not in {None, held.outputs[name]}),
        foreign=tuple(sorted(_foreign(held))),
        is_unfinished=held.replacing is not None or os.path.lexists(folder / STAGING),
    )


def _foreign(held: Publication) -> Iterator[str]:
    """Name the files that no manifest lists, and a folder of nothing else once."""
    known = {*held.outputs, *(held.replacing or {}), MANIFEST, STAGING, *KEPT}
    folders = {parent.as_posix() for name in known for parent in Path(name).parents}
    for place, below, names in os.walk(held.folder):
        here = Path(place).relative_to(held.folder)
        goes_on = [name for name in below if (here / name).as_posix() in folders and not Path(place, name).is_symlink()]
        for name in (*names, *(each for each in below if each not in goes_on)):
            if (here / name).as_posix() not in known:
                yield (here / name).as_posix()
        below[:] = goes_on
