"""The same library under a name that no file of yours is likely to have: ``import likeforlike as analysis``.

A folder's own ``analysis.py``, or another distribution's ``analysis``, comes first where Python looks for ``analysis``. This
name finds the library beside itself, wherever it is imported from, and everything in it then stands under both names.

Examples
--------
>>> import likeforlike
>>> likeforlike.compare("Kent", period="2024/25", release="2026-04-23").current.offences
289
"""

import importlib.util
import sys
from pathlib import Path

_package = Path(__file__).resolve().parents[1] / "analysis"
_loaded = sys.modules.get("analysis")

if _loaded is None:
    _spec = importlib.util.spec_from_file_location(
        "analysis", _package / "__init__.py", submodule_search_locations=[str(_package)]
    )
    if _spec is None or _spec.loader is None:
        raise ImportError(f"{_package} is not there; install like-for-like again")
    _loaded = sys.modules["analysis"] = importlib.util.module_from_spec(_spec)
    _spec.loader.exec_module(_loaded)
elif Path(_loaded.__file__ or "").resolve().parent != _package:
    raise ImportError(f"another module named analysis is in use, {_loaded.__file__}; import likeforlike before it")

sys.modules[__name__] = _loaded
