"""Where the bundled sample lies: in a checkout and in an installed package."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


def demo_sample() -> Path:
    """An OpenMetrics file of a small cluster with the troubles that real ones have."""
    folders = (_PACKAGE / "_data" / "config", _PACKAGE.parent / "config")
    return next(path for folder in folders if (path := folder / "samples" / "capacity.om").is_file())
