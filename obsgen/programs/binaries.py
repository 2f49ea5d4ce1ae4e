"""Where the real promtool, prometheus, amtool and their kin lie on this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

TOOLS_VARIABLE = "OBSGEN_TOOLS"
# Debian ships some servers under longer names than their projects do.
_DEBIAN_NAMES = {
    "alertmanager": "prometheus-alertmanager",
    "blackbox_exporter": "prometheus-blackbox-exporter",
    "mysqld_exporter": "prometheus-mysqld-exporter",
    "node_exporter": "prometheus-node-exporter",
}
_PROJECTS = {
    "promtool": "Prometheus 2.42 or newer",
    "prometheus": "Prometheus 2.42 or newer",
    "amtool": "Alertmanager 0.25 or newer",
    "alertmanager": "Alertmanager 0.25 or newer",
}


class BinaryMissing(Exception):  # noqa: N818 - it names the fault
    """A program that this task needs is not installed; the message says which one to install."""

    def __init__(self, name: str) -> None:
        self.name = name
        project = _PROJECTS.get(name, f"'{name}'")
        ignored = [f"'{entry}'" for variable in (TOOLS_VARIABLE, "PATH") for entry in _entries(variable, full=False)]
        super().__init__(
            f"'{name}' is not installed: install {project} and put it on PATH, "
            f"or set {TOOLS_VARIABLE} to the folder that holds it"
            + (f"; folders without a full path are not searched: {', '.join(ignored)}" if ignored else "")
        )


def find_binary(name: str, *, tools: Path | None = None) -> Path:
    """The program's full path: in `tools`, else in the folders of OBSGEN_TOOLS, else on PATH.

    `tools` picks one of several installed versions. Nothing is searched that depends on the working directory,
    which may be a stranger's checkout. Raises BinaryMissing.
    """
    names = [name, *filter(None, [_DEBIAN_NAMES.get(name)])]
    chosen = [str(tools.absolute())] if tools else _entries(TOOLS_VARIABLE)
    for folder in (*chosen, *_entries("PATH")):
        for candidate in names:
            if found := shutil.which(candidate, path=folder):
                return Path(found)
    raise BinaryMissing(name)


def search_path() -> str:
    """PATH without the entries that mean another folder wherever one stands."""
    return os.pathsep.join(_entries("PATH"))


def _entries(variable: str, *, full: bool = True) -> Iterator[str]:
    """The folders that the variable lists with their full path, or the others."""
    fallback = os.defpath if variable == "PATH" else ""
    listed = os.environ.get(variable, fallback)
    return (entry for entry in listed.split(os.pathsep) if listed and Path(entry).is_absolute() == full)
