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
        super().__init__(
            f"'{name}' is not installed: install {project} and put it on PATH, "
            f"or set {TOOLS_VARIABLE} to the folder that holds it"
        )


def find_binary(name: str, *, tools: Path | None = None) -> Path:
    """The program's path: first in `tools` (or OBSGEN_TOOLS), then on PATH, then in .tools upward from here.

    `tools` picks one of several installed versions. Raises BinaryMissing.
    """
    names = [name, *filter(None, [_DEBIAN_NAMES.get(name)])]
    for folder in _folders(tools):
        for candidate in names:
            if found := shutil.which(candidate, path=folder):
                return Path(found)
    raise BinaryMissing(name)


def _folders(tools: Path | None) -> Iterator[str]:
    chosen = tools or os.environ.get(TOOLS_VARIABLE)
    if chosen:
        yield str(chosen)
    yield os.environ.get("PATH", os.defpath)
    here = Path.cwd()
    for parent in (here, *here.parents):
        yield from map(str, sorted(parent.glob(".tools/*/usr/*bin")))
