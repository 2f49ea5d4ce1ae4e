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
class TableKind(Generic[Form]):
    """A folder of tables of one form; `title` and `beginning` say what one is, where a file is none."""

    folder: str
    form: type[Form]
    title: str
    beginning: str

    def files(self, own: Sequence[Path] = (), root: Root | None = None) -> Mapping[str, tuple[Path, str]]:
        """Every table's file, and the name it is shown by; one of the user's own replaces a shipped one."""
        found = {path.stem: (path, f"config/{self.folder}/{path.name}") for path in _in(shipped("config"), self.folder)}
        for path in [path for folder in own for path in _in(folder, self.folder)]:
            found[path.stem] = (root.admitted_as_named(path, path) if root else path, str(path))
        return found

    def load(self, name: str, file: tuple[Path, str]) -> Table[Form]:
        """Read one; `Diagnosed` with every mistake of form."""
        path, shown_as = file
        source = parse_yaml(read_text(path, shown_as), shown_as)
        mapping_of(source, self.title, self.beginning)
        own = not path.is_relative_to(shipped("config"))
        return Table(name, validate(self.form, source), source.places, own)


def _in(base: Path, folder: str) -> list[Path]:
    return sorted((base / folder).glob("*.yaml"))
