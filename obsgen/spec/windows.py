"""Tables of burn-rate windows: `config/windows/<name>.yaml`, and those beside a spec's own packs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from obsgen.spec.mistakes import mapping_of, validate
from obsgen.spec.objectives import WindowsSpec
from obsgen.spec.root import Root
from obsgen.spec.shipped import shipped
from obsgen.spec.source import Places, parse_yaml, read_text


@dataclass(frozen=True, slots=True)
class WindowsTable:
    """One table as written, and where each of its lines stands."""

    name: str
    spec: WindowsSpec
    places: Places


def load_windows(own: Sequence[Path] = (), root: Root | None = None) -> Mapping[str, WindowsTable]:
    """Every table by name; one of the user's own, which lies below the root, replaces a shipped one."""
    found: dict[str, WindowsTable] = {}
    for path in sorted((shipped("config") / "windows").glob("*.yaml")):
        found[path.stem] = _load(path, f"config/windows/{path.name}")
    for path in [path for folder in own for path in sorted((folder / "windows").glob("*.yaml"))]:
        admitted = root.admitted_as_named(path, path) if root else path
        found[path.stem] = _load(admitted, str(path))
    return found


def _load(path: Path, name: str) -> WindowsTable:
    source = parse_yaml(read_text(path, name), name)
    mapping_of(source, "a table of windows", "it begins with about, periods and tiers")
    return WindowsTable(path.stem, validate(WindowsSpec, source), source.places)
