"""What a reader sees: sentences, tables, charts and methods, made from a comparison."""

import lazy_loader  # type: ignore[import-untyped]

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__, submodules=["charts", "front", "methods", "overview", "published", "registers", "sentences", "tables"]
)
