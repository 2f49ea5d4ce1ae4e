"""The releases of Prometheus and Alertmanager that are installed here."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from obsgen.query.binaries import BinaryMissing, find_binary

ROOT = Path(__file__).parents[2]
DEMANDED = "OBSGEN_E2E"


@dataclass(frozen=True, slots=True)
class Release:
    """A Prometheus and the Alertmanager beside it, with their versions as a spec names them."""

    prometheus: Path
    alertmanager: Path
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


def binary(name: str, folder: Path | None = None) -> Path:
    """The program; where it is absent the test is skipped, or fails where OBSGEN_E2E demands it."""
    try:
        return find_binary(name, tools=folder)
    except BinaryMissing as missing:
        if os.environ.get(DEMANDED):
            raise
        pytest.skip(str(missing))


def release(folder: Path | None) -> Release:
    """The programs in the folder and their versions."""
    prometheus, alertmanager = binary("prometheus", folder), binary("alertmanager", folder)
    return Release(prometheus, alertmanager, _version(prometheus), _version(alertmanager))


def _version(program: Path) -> str:
    """`2.42` of `prometheus, version 2.42.0+ds (…)`."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    found = re.search(r"version (\d+\.\d+)", said.stdout + said.stderr)
    assert found, f"'{program} --version' names no version: {said.stdout}{said.stderr}"
    return found[1]
