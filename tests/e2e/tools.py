"""The releases of Prometheus and Alertmanager that are installed here."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest

from obsgen.programs.binaries import BinaryMissing, find_binary

ROOT = Path(__file__).parents[2]
DEMANDED = "OBSGEN_E2E"
_TEMPLATES = Path("/usr/share/prometheus/alertmanager/default.tmpl")


@dataclass(frozen=True, slots=True)
class Release:
    """A Prometheus and the Alertmanager beside it, with their versions as a spec names them."""

    prometheus: Path
    alertmanager: tuple[str, ...]
    prometheus_version: str
    alertmanager_version: str


def installed(*names: str) -> list[Path | None]:
    """The folders of these releases under .tools, all of them without names; None stands for what PATH offers."""
    folders = sorted(ROOT.glob(".tools/*/usr/bin"))
    chosen = [folder for folder in folders if not names or folder.parts[-3] in names]
    complete = [folder for folder in chosen if (folder / "prometheus").exists()]
    return [*complete] or [None]


def folder_id(folder: Path | None) -> str:
    """The release's name, for the ids of tests."""
    return folder.parts[-3] if folder else "path"


def first_at_once(*names: str) -> list[Any]:
    """The same as parameters of a quick test: the first is always run, the others end to end."""
    first, *others = installed(*names)
    later = [pytest.param(folder, id=folder_id(folder), marks=pytest.mark.e2e) for folder in others]
    return [pytest.param(first, id=folder_id(first)), *later]


def binary(name: str, folder: Path | None = None) -> Path:
    """The program's path; without it there is no test."""
    try:
        return find_binary(name, tools=folder)
    except BinaryMissing as missing:
        return give_up(str(missing))


def give_up(reason: str) -> NoReturn:
    """Skip the test, or fail it where OBSGEN_E2E demands that it runs."""
    if os.environ.get(DEMANDED):
        pytest.fail(reason)
    pytest.skip(reason)


def release(folder: Path | None) -> Release:
    """The programs in the folder and their versions."""
    prometheus, alertmanager = binary("prometheus", folder), binary("alertmanager", folder)
    return Release(prometheus, _launch(alertmanager), version(prometheus), version(alertmanager))


def _launch(alertmanager: Path) -> tuple[str, ...]:
    """How to start it, be it installed or only unpacked.

    Debian's reads its templates from /usr/share. One that is only unpacked gets a /usr/share of its own, in a
    mount namespace that ends with the process; the machine's stays as it is.
    """
    unpacked = alertmanager.parent.parent / "share"
    if _TEMPLATES.exists() or not (unpacked / _TEMPLATES.relative_to("/usr/share")).exists():
        return (str(alertmanager),)
    private = ("unshare", "--map-root-user", "--mount")
    if subprocess.run([*private, "true"], capture_output=True, check=False).returncode != 0:
        give_up(f"'{alertmanager}' needs '{_TEMPLATES}': install it, or allow user namespaces")
    return (
        *private,
        "sh",
        "-c",
        'mount --bind "$0" /usr/share && exec "$@"',
        str(unpacked),
        str(alertmanager),
    )


def version(program: Path) -> str:
    """`2.42` of `prometheus, version 2.42.0+ds (…)`."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    found = re.search(r"version (\d+\.\d+)", said.stdout + said.stderr)
    assert found, f"'{program} --version' names no version: {said.stdout}{said.stderr}"
    return found[1]
