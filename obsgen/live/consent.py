"""What of the caller's a spec may use: said outside of the spec, for a spec may be a stranger's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from os import pathsep
from pathlib import Path
from typing import Final

from obsgen.spec.root import Root

VARIABLES: Final = "OBSGEN_CREDENTIAL_VARIABLES"
FOLDERS: Final = "OBSGEN_CREDENTIAL_FOLDERS"
HOSTS: Final = "OBSGEN_CREDENTIAL_HOSTS"


@dataclass(frozen=True, slots=True)
class Consent:
    """To send the variables, and the files below the folders, to servers that a spec names; `hosts`, if any, bound it.

    `everything` stands for every variable and proxy that the spec names, and for every file below the spec's root.
    """

    everything: bool = False
    variables: frozenset[str] = frozenset()
    folders: tuple[Path, ...] = ()
    hosts: tuple[str, ...] = ()

    @classmethod
    def given(cls, environment: Mapping[str, str], *, everything: bool = False) -> Consent:
        """What the environment lists: names and hosts by commas, folders as in PATH."""
        folders = tuple(Path(folder) for folder in environment.get(FOLDERS, "").split(pathsep) if folder)
        hosts = tuple(host.lower() for host in _names(environment.get(HOSTS, "")))
        return cls(everything, frozenset(_names(environment.get(VARIABLES, ""))), folders, hosts)

    def covers_variable(self, name: str) -> bool:
        """Whether the variable may be sent."""
        return self.everything or name in self.variables

    def covers_file(self, path: Path, root: Root) -> bool:
        """Whether the file that the path leads to, through all links, may be sent for a spec with this root."""
        return (self.everything and root.holds(path)) or any(_leads_below(path, folder) for folder in self.folders)

    def covers_proxy(self, host: str) -> bool:
        """Whether what is sent may go through there."""
        return self.covers_host(host) if self.hosts else self.everything

    def covers_host(self, host: str) -> bool:
        """Whether anything of the caller's may be sent there."""
        return not self.hosts or any(fnmatchcase(host.lower(), form) for form in self.hosts)


NOTHING: Final = Consent()


def _leads_below(path: Path, folder: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):
        # A circle of links, or a text that is no path.
        return False


def _names(listed: str) -> list[str]:
    return [name.strip() for name in listed.split(",") if name.strip()]
