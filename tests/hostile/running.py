"""Runs the command line as a process of its own, within the time and memory that hostile input may cost."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SECONDS = 5
BYTES = 500 * 2**20
# A machine that does much else gives a process its processor time late.
_PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Finished:
    """How it ended: exit code (negative where a signal ended it) and both outputs."""

    code: int
    output: str


def finished(arguments: Sequence[str], folder: Path) -> Finished:
    """`obsgen` with these arguments in this folder, ended by the kernel where it takes more processor time."""
    process = subprocess.Popen(
        [Path(sys.executable).parent / "obsgen", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "OPENBLAS_NUM_THREADS": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=_limited,  # noqa: PLW1509 - no thread is running here
    )
    try:
        output, _ = process.communicate(timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return Finished(process.returncode, output.decode(errors="replace"))


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_DATA, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
