"""Tables of burn-rate windows: `config/windows/<name>.yaml`, and those beside a spec's own packs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from obsgen.spec.objectives import WindowsSpec
from obsgen.spec.root import Root
from obsgen.spec.tables import Table, TableKind

WindowsTable = Table[WindowsSpec]
_WINDOWS = TableKind("windows", WindowsSpec, "a table of windows", "it begins with about, periods and tiers")


def load_windows(own: Sequence[Path] = (), root: Root | None = None) -> Mapping[str, WindowsTable]:
    """Every table by name; one of the user's own, which lies below the root, replaces a shipped one."""
    return {name: _WINDOWS.load(name, file) for name, file in _WINDOWS.files(own, root).items()}
