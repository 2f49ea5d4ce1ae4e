"""Tries files in a process of its own: one that crashes, hangs or eats up the memory ends there, and is told."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from tests.hostile.readers import Outcome
from tests.hostile.seeds import ROOT
from tests.hostile.trial import CPU_SECONDS, MEGABYTES

# What was parsed is remembered: a process that has tried this many is replaced, so that each has the same room.
_MOST_TRIES = 400


class Isolated:
    """A process that tries one file after the other, and is replaced when it ends."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._tries = 0

    def outcome(self, reader: str, files: Mapping[str, bytes]) -> Outcome:
        """What became of these files; `bad` too where the process did not live to say it."""
        process = self._running()
        assert process.stdin and process.stdout
        bodies = {name: base64.b64encode(body).decode() for name, body in files.items()}
        process.stdin.write(json.dumps({"kind": reader, "files": bodies}) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            code = process.wait()
            self._process = None
            return Outcome("bad", _ended(code), f"within {CPU_SECONDS} s of CPU time and {MEGABYTES} MB")
        said: dict[str, Any] = json.loads(line)
        return Outcome(said["result"], said["reason"], said["detail"])

    def _running(self) -> subprocess.Popen[str]:
        if self._process and self._tries >= _MOST_TRIES:
            self._stop()
        if self._process is None:
            command = [sys.executable, "-m", "tests.hostile.trial"]
            # No checker is found there: what is tried runs no other program.
            environment = {**os.environ, "PATH": "/nonexistent", "PYTHONPATH": str(ROOT)}
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            self._tries = 0
        self._tries += 1
        return self._process

    def _stop(self) -> None:
        if self._process and self._process.stdin and self._process.stdout:
            self._process.stdin.close()
            self._process.wait()
            self._process.stdout.close()
        self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()


def _ended(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit {code}"
