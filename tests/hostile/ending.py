"""The command line as a process of its own, signalled alone, and what is left of it afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.processes import HEARS_SIGINT

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-c", "from obsgen.cli import run; run()")
# Generous: it is a bound on "at once" for a machine that does much else.
ENDS_WITHIN = 20.0


@dataclass(frozen=True, slots=True)
class Running:
    """An obsgen whose temporary files all lie in one folder."""

    process: subprocess.Popen[str]
    temporary: Path

    def programs(self) -> list[int]:
        """The programs that it has started and that still run: each is told to keep its files in the folder."""
        mark = f"TMPDIR={self.temporary}/".encode()
        return [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit() and mark in _environment(one)]

    def listens(self) -> bool:
        """Whether it hears a signal that ends it: Python is past its own start, which nobody can make whole."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return bool(int(status.partition("SigCgt:")[2].split()[0], 16) >> (signal.SIGTERM - 1) & 1)

    def wait_until(self, seen: Callable[[], object]) -> None:
        """Return once it is seen, or the process is over."""
        while not seen() and self.process.poll() is None:
            time.sleep(0.002)

    def ended(self) -> tuple[int, str]:
        """Its status and what it said on standard error; there must be nothing left of it."""
        _, said = self.process.communicate(timeout=ENDS_WITHIN)
        assert self.programs() == []
        assert list(self.temporary.iterdir()) == []
        assert "Traceback" not in said
        return self.process.returncode, said


@contextmanager
def running(temporary: Path, *arguments: str | Path, **variables: str) -> Iterator[Running]:
    """obsgen with these arguments, as a process of its own."""
    temporary.mkdir(exist_ok=True)
    process = subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary), **variables},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=HEARS_SIGINT,  # noqa: PLW1509 - nothing else runs in this process meanwhile
    )
    one = Running(process, temporary)
    try:
        yield one
    finally:
        for left in [*one.programs(), *([process.pid] if process.poll() is None else [])]:
            os.kill(left, signal.SIGKILL)
        process.communicate()


def _environment(process: Path) -> bytes:
    try:
        return (process / "environ").read_bytes()
    except OSError:
        return b""
