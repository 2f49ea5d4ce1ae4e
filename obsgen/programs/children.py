"""Runs other programs: with little of our environment, for a bounded time, and never longer than obsgen lives."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from obsgen.limits import PROGRAM_OUTPUT_BYTES
from obsgen.programs import failures
from obsgen.programs.binaries import search_path
from obsgen.programs.leaving import LEAVING

_GRACE_SECONDS: Final = 2.0
_PASSED_ON: Final = (
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "LD_LIBRARY_PATH",
    "GOMAXPROCS",
    "GOMEMLIMIT",
    "GOGC",
    "GODEBUG",
)
# A watcher waits at a pipe whose other end only obsgen holds: where obsgen is killed, the pipe breaks, and
# the program is killed too. `exec` keeps the number under which the watcher knows it.
_TIED: Final = 'exec 3<&0 </dev/null; { read -r _ <&3; kill -9 $$; } >/dev/null 2>&1 & exec 3<&-; exec "$@"'


@dataclass(frozen=True, slots=True)
class Finished:
    """What a program said: both of its outputs in the order written, and its exit code."""

    output: str
    code: int


def run(command: Sequence[str], folder: Path, *, seconds: float) -> Finished:
    """Run a program in the folder to its end; `Diagnosed` where it does not start, or not end by itself."""
    name, deadline = Path(command[0]).name, time.monotonic() + seconds
    with _begun(command, folder, subprocess.PIPE, subprocess.DEVNULL) as process:
        try:
            output = _collected(process, name, deadline)
            code = process.wait(max(deadline - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            raise failures.timed_out(name, seconds) from None
    finished = Finished(output.decode("utf-8", "replace"), code)
    if code < 0:
        raise failures.killed(name, -code)
    return finished


@contextmanager
def serving(command: Sequence[str], folder: Path, log: IO[bytes]) -> Iterator[Callable[[], bool]]:
    """A program that runs until the block ends, or until obsgen does, even where that is killed.

    Gives what says whether it still runs.
    """
    with _begun(["/bin/sh", "-c", _TIED, "sh", *command], folder, log, subprocess.PIPE) as process:
        yield lambda: process.poll() is None


@contextmanager
def _begun(
    command: Sequence[str], folder: Path, output: int | IO[bytes], source: int
) -> Iterator[subprocess.Popen[bytes]]:
    def begin() -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                command,
                cwd=folder,
                env=_environment(folder),
                stdin=source,
                stdout=output,
                stderr=subprocess.STDOUT,
                # A group of its own, so that what it starts ends with it.
                start_new_session=True,
            )
        except OSError as error:
            raise failures.not_started(command[0], error.strerror or str(error)) from None

    with LEAVING.undone(begin, _end) as process:
        yield process


def _environment(folder: Path) -> dict[str, str]:
    """No secret of ours, no settings of the user's home, and no temporary file outside the folder."""
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**passed_on, "PATH": search_path(), "HOME": str(folder), "TMPDIR": str(folder)}


def _collected(process: subprocess.Popen[bytes], name: str, deadline: float) -> bytes:
    assert process.stdout
    output = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while selector.select(max(deadline - time.monotonic(), 0)):
            part = os.read(process.stdout.fileno(), 65536)
            if not part:
                return bytes(output)
            output += part
            if len(output) > PROGRAM_OUTPUT_BYTES:
                raise failures.too_much(name)
    raise subprocess.TimeoutExpired(name, 0)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Politely first, for a wrapper passes on to what it wraps only what it can hear."""
    if process.poll() is None:
        _signal(process, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_SECONDS)
    # What it has started and left behind goes too.
    _signal(process, signal.SIGKILL)
    process.wait()
    for pipe in filter(None, (process.stdin, process.stdout)):
        with suppress(OSError):
            pipe.close()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
