"""Statistics of recorded counts: how far chance goes, how far groups differ, and when a series has changed.

Pure functions over numbers and NumPy arrays. Every formula names its source, and every function says what it
gives at zero, for a negative total and for a missing value:

- NaN in gives NaN out; NaN also stands for what is undefined, and infinity for an end that has no bound;
- a negative total (a net correction) has no interval;
- an exposure (months, residents, an expected count) of zero or less is a mistake and raises ValueError;
- a number in gives a float, an array, list or Series in gives an array.
"""

import inspect
from typing import Any

import lazy_loader

from analysis import door

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:
    found = _load(name)
    if inspect.isfunction(found):
        found = globals()[name] = door.guarded(found)
    return found
