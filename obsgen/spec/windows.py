"""Tables of burn-rate windows: `config/windows/<name>.yaml`, and those beside a spec's own packs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from obsgen.spec.mistakes import mapping_of, validate
from obsgen.spec.objectives import WindowsSpec
from obsgen.spec.shipped import shipped
from obsgen.spec.source import Places, parse_yaml, read_text


@dataclass(frozen=True, slots=True)
class WindowsTable:
    """One table as written, and where each of its lines stands."""

    name: str
    spec: WindowsSpec
    places: Places


def load_windows(own: Sequence[Path] = ()) -> Mapping[str, WindowsTable]:
    """Every table by name; one of the user's own replaces a shipped one of the same name."""
    found: dict[str, WindowsTable] = {}
    folders = [
        (shipped("config") / "windows", "config/windows"),
        *((root / "windows", f"{root}/windows") for root in own),
    ]
    for folder, shown_as in folders:
        for path in sorted(folder.glob("*.yaml")):
            found[path.stem] = _load(path, f"{shown_as}/{path.name}")
    return found


def _load(path: Path, name: str) -> WindowsTable:
    source = parse_yaml(read_text(path, name), name)
    mapping_of(source, "a table of windows", "it begins with about, periods and tiers")
    return WindowsTable(path.stem, validate(WindowsSpec, source), source.places)
