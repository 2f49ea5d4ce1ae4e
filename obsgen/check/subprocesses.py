"""The one place that runs other programs to check with: promtool and amtool."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from obsgen.query.binaries import find_binary
from obsgen.units import Version

_TIMEOUT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Finished:
    """What a program said: both of its outputs in the order written, and its exit code."""

    output: str
    code: int


@dataclass(frozen=True, slots=True)
class Tool:
    """A checking program that was found, and its version."""

    name: str
    path: Path
    version: Version

    def run(self, *arguments: str, folder: Path | None = None) -> Finished:
        """Run it to its end; standard error joins standard output, where promtool's complaints go."""
        done = subprocess.run(
            [str(self.path), *arguments],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=_TIMEOUT_SECONDS,
        )
        return Finished(done.stdout, done.returncode)


def find_tool(name: str, tools: Path | None = None) -> Tool:
    """promtool or amtool, with the version that it states; `BinaryMissing` where there is none."""
    path = find_binary(name, tools=tools)
    stated = subprocess.run([str(path), "--version"], capture_output=True, text=True, check=False, timeout=30)
    found = re.search(r"version (\d+\.\d+)", stated.stdout + stated.stderr)
    return Tool(name, path, Version.parse(found[1] if found else "0.0"))


def at_once(tool: Tool, calls: Sequence[Sequence[str]], folder: Path, workers: int) -> list[Finished]:
    """Several calls at the same time, results in the order of the calls."""
    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        return list(pool.map(lambda call: tool.run(*call, folder=folder), calls))
