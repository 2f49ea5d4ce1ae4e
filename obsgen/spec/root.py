"""Which files a spec may name: those below one folder, wherever links lead."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from obsgen.diagnostics import Diagnosed, Diagnostic
from obsgen.limits import SHOWN_LINE
from obsgen.printable import shortened
from obsgen.regular_file import is_link

_WAY_OUT = "keep it in the repository, or name a folder that holds all files of the spec with --root"


@dataclass(frozen=True, slots=True)
class SpecFile:
    """A spec's file, the folder that it may read from where that is not the one it would have, and its cluster.

    The cluster's name, where one is given, stands in place of what the spec says.
    """

    path: Path
    root: Path | None = None
    cluster: str | None = None

    @classmethod
    def of(cls, spec: SpecPath) -> SpecFile:
        """A bare path has the root that it lies in."""
        return spec if isinstance(spec, SpecFile) else cls(Path(spec))

    def __str__(self) -> str:
        return str(self.path)


SpecPath = str | Path | SpecFile


@dataclass(frozen=True, slots=True)
class Root:
    """The folder below which everything lies that a spec names; no link stands in its own path."""

    folder: Path

    @classmethod
    def of(cls, spec: SpecFile) -> Root:
        """The root that was given, or else the repository that holds the spec, or else the spec's folder."""
        return cls(_followed(spec.root or _around(spec.path), spec))

    def admitted(self, path: Path, written: object) -> Path:
        """The file or folder that the path leads to; `Diagnosed`, without a place, where a spec may not read it."""
        found = _followed(path, written)
        if not found.is_relative_to(self.folder):
            way = "is a link that leads out of" if is_link(path) else "is outside"
            raise _refused(f"'{shown(written)}' {way} the root {self} of this spec", _WAY_OUT)
        if ".git" in found.relative_to(self.folder).parts:
            raise _refused(f"'{shown(written)}' lies in git's own folder, where no file of a spec is", _WAY_OUT)
        return found

    def admitted_as_named(self, path: Path, written: object) -> Path:
        """The same for a file that only its name shows to be ours: no link gives that name to another file."""
        found = self.admitted(path, written)
        if found.name != path.name:
            hint = f"a link to a file that is called {path.name} too is followed"
            raise _refused(f"'{shown(written)}' is a link to a file of another name", hint)
        return found

    def holds(self, path: Path) -> bool:
        """Whether a spec may name the file or folder that the path leads to."""
        try:
            self.admitted(path, path)
        except Diagnosed:
            return False
        return True

    def __str__(self) -> str:
        return f"'{os.path.relpath(self.folder)}'"


def shown(name: object) -> str:
    """A file's name in a message, which no name of 5,000 characters fills."""
    return shortened(str(name), SHOWN_LINE)


def _followed(path: Path, written: object) -> Path:
    """Where the path leads through all links; `Diagnosed` where that is nowhere to be found out."""
    try:
        return Path(os.path.realpath(path))
    except ValueError:
        raise _refused(f"'{shown(written)}' is no file name: it holds a NUL character") from None
    except OSError as error:
        raise _refused(f"'{shown(written)}' cannot be followed: {error.strerror}") from None


def _around(spec: Path) -> Path:
    # As the spec was named first: a link in a repository must not choose another root.
    beside = Path(os.path.normpath(spec.absolute())).parent
    for folder in (beside, _followed(beside, spec)):
        for above in (folder, *folder.parents):
            if os.path.lexists(above / ".git"):
                return above
    return beside


def _refused(message: str, hint: str | None = None) -> Diagnosed:
    return Diagnosed([Diagnostic("OBS108", message, hint=hint)])
