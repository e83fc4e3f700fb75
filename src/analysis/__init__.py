"""Like for like: what police in England and Wales recorded, fairly compared.

Names load when they are first used, so that importing the package costs nothing.

Examples
--------
>>> import analysis
>>> analysis.compare("Northamptonshire", period="2017-04..2017-12", release="2026-04-23").current.offences
32
"""

import sys
import types
from typing import Any

import lazy_loader

from analysis._version import __version__ as __version__

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:
    found = _load(name)
    if isinstance(found, types.ModuleType) and found.__name__.startswith("analysis.report."):
        from analysis import door  # here, so that importing the package costs nothing

        found = globals()[name] = door.opened(found)
    return found


if "IPython" in sys.modules:  # a notebook shows comparisons and judgements as pages do; elsewhere nothing of it loads
    from analysis.report import jupyter

    jupyter.register()
