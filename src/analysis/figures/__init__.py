"""The figures: register, releases, workbooks as published, residents and revisions."""

import lazy_loader  # type: ignore[import-untyped]

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__, submodules=["added", "register", "revisions", "tables", "verification"]
)
