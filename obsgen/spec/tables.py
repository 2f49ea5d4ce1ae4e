"""Tables of data: `config/<folder>/<name>.yaml`, and those in the same folder beside a spec's own packs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel

from obsgen.spec.mistakes import mapping_of, validate
from obsgen.spec.root import Root
from obsgen.spec.shipped import shipped
from obsgen.spec.source import Places, parse_yaml, read_text

Form = TypeVar("Form", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Table(Generic[Form]):
    """One table as written, and where each of its lines stands."""

    name: str
    spec: Form
    places: Places
    own: bool = False
    """Whether it is the user's, and not shipped."""


@dataclass(frozen=True, slots=True)
class TableFile:
    """Where a table lies, the name it is shown by, and the root that it must not lead out of where it is the user's."""

    path: Path
    shown_as: str
    root: Root | None = None
    own: bool = False

    def text(self) -> str:
        """What it holds; `Diagnosed` where it cannot be read."""
        found = self.root.admitted_as_named(self.path, self.shown_as) if self.root else self.path
        return read_text(found, self.shown_as)


@dataclass(frozen=True, slots=True)
class TableKind(Generic[Form]):
    """A folder of tables of one form; `title` and `beginning` say what one is, where a file is none."""

    folder: str
    form: type[Form]
    title: str
    beginning: str

    def files(self, own: Sequence[Path] = (), root: Root | None = None) -> Mapping[str, TableFile]:
        """Every table's file, none of them opened; one of the user's own replaces a shipped one."""
        shipped_ones = _in(shipped("config"), self.folder)
        found = {path.stem: TableFile(path, f"config/{self.folder}/{path.name}") for path in shipped_ones}
        for path in [path for folder in own for path in _in(folder, self.folder)]:
            found[path.stem] = TableFile(path, str(path), root, own=True)
        return found

    def load(self, name: str, file: TableFile) -> Table[Form]:
        """Read one; `Diagnosed` with every mistake of form."""
        source = parse_yaml(file.text(), file.shown_as)
        mapping_of(source, self.title, self.beginning)
        return Table(name, validate(self.form, source), source.places, file.own)


def _in(base: Path, folder: str) -> list[Path]:
    return sorted((base / folder).glob("*.yaml"))
