"""The checking programs, promtool and amtool: a supported version, and runs that end in a verdict."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from obsgen.limits import PROGRAM_SECONDS
from obsgen.programs import failures
from obsgen.programs.binaries import find_binary
from obsgen.programs.children import Finished, run
from obsgen.programs.parallel import threads
from obsgen.programs.scratch import scratch_folder
from obsgen.units import Version

_VERSION_SECONDS: Final = 30
# The oldest version and the newest major one whose output is known.
_SUPPORTED: Final = {
    "promtool": (Version(2, 42), 3),
    "prometheus": (Version(2, 42), 3),
    "amtool": (Version(0, 25), 0),
}


@dataclass(frozen=True, slots=True)
class Tool:
    """A checking program that was found, its version, and how many seconds a run may take."""

    name: str
    path: Path
    version: Version
    seconds: float = PROGRAM_SECONDS

    def run(self, *arguments: str, folder: Path) -> Finished:
        """Run it in the folder to its verdict, which is 0 or 1; `Diagnosed` where there is none."""
        finished = run([str(self.path), *arguments], folder, seconds=self.seconds)
        if finished.code not in (0, 1):
            raise failures.crashed(self.name, finished.code, finished.output)
        return finished


def find_tool(name: str, tools: Path | None = None, *, seconds: float = PROGRAM_SECONDS) -> Tool:
    """The program, if its version is supported; `Diagnosed` where not, `BinaryMissing` where there is none."""
    path = find_binary(name, tools=tools)
    with scratch_folder() as folder:
        stated = run([str(path), "--version"], folder, seconds=min(seconds, _VERSION_SECONDS))
    return Tool(name, path, _version(name, path, stated), seconds)


def at_once(tool: Tool, calls: Sequence[Sequence[str]], folder: Path, workers: int) -> list[Finished]:
    """Several calls at the same time, results in the order of the calls."""
    with threads(workers) as pool:
        return list(pool.map(lambda call: tool.run(*call, folder=folder), calls))


def _version(name: str, path: Path, stated: Finished) -> Version:
    oldest, newest = _SUPPORTED[name]
    refused = partial(failures.unsupported, str(path), supported=f"{name} {oldest} or newer, up to {newest}.x")
    found = re.search(rf"^{name}, version (\d+\.\d+)\.\d+\S* \(branch: ", stated.output, re.MULTILINE)
    if stated.code != 0 or not found:
        raise refused(f"it does not state its version as {name} does")
    version = Version.parse(found[1])
    if version < oldest or version.major > newest:
        raise refused(f"it is {name} {version}")
    return version
