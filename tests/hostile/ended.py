"""How commands end that are given something hostile: in a process of their own, under limits that kill it."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from click.testing import CliRunner

from obsgen.cli import main

ROOT = Path(__file__).resolve().parent.parent.parent
# Nothing hostile may take more. What does is killed, and all that would have come after it is missing.
CPU_SECONDS = 5
MEGABYTES = 500
# Address space, of which an interpreter reserves more than it uses.
ADDRESSES = 4 * MEGABYTES * 2**20


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command printed and how it ended; `megabytes` is the most that the process has had until then."""

    code: int
    output: str
    seconds: float
    megabytes: float


def ended(folder: Path, commands: Sequence[Sequence[str]]) -> list[Ended]:
    """Run `obsgen` with each of these arguments, one after the other; fewer come back where one was killed."""
    process = subprocess.run(
        [sys.executable, "-m", "tests.hostile.ended"],
        input=json.dumps([str(folder), commands]).encode(),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        check=False,
    )
    return [Ended(**json.loads(line)) for line in process.stdout.splitlines()]


def assert_bounded(done: Ended) -> None:
    """It stayed within what anything hostile may take, and said what is wrong in words."""
    assert "Traceback" not in done.output
    assert done.seconds < CPU_SECONDS
    assert done.megabytes < MEGABYTES
    assert len(done.output) < 500_000


def _run_all() -> None:
    folder, commands = json.loads(sys.stdin.buffer.read())
    os.chdir(folder)
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    for command in commands:
        used = int(time.process_time()) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (used + CPU_SECONDS, resource.RLIM_INFINITY))
        print(json.dumps(asdict(_run(command))), flush=True)


def _run(command: Sequence[str]) -> Ended:
    before = time.process_time()
    done = CliRunner().invoke(main, command, catch_exceptions=False)
    seconds = time.process_time() - before
    return Ended(done.exit_code, done.output, seconds, _peak_megabytes())


def _peak_megabytes() -> float:
    """The most memory that this program has had; getrusage would give that of whoever started it, if it had more."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    _run_all()
