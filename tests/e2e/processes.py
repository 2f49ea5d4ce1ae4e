"""Real servers on loopback: each in a folder of its own, with its log kept, and stopped by its own handle."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from socket import SO_REUSEADDR, SOL_SOCKET, socket
from typing import Final

import requests

# What runs in a shell's background inherits that SIGINT is ignored, and Python keeps it so: as `preexec_fn`
# this lets a program hear of it all the same.
HEARS_SIGINT: Final = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)

_READY_SECONDS = 60.0
_STOP_SECONDS = 10.0
_TAIL_LINES = 8
# Below what Linux gives to outgoing connections: while a server is down, its port must not become the near
# end of somebody's attempt to reach it.
_PORTS = range(20_000, 30_000)


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nobody listens on, all different."""
    # Tests that run side by side begin at different ends, so that none takes what another is about to use.
    first = os.getpid() * 97 % len(_PORTS)
    candidates = (*_PORTS[first:], *_PORTS[:first])
    return list(islice(filter(_is_free, candidates), count))


def _is_free(port: int) -> bool:
    with socket() as listener:
        # As servers do it: connections that linger from a former test do not count.
        listener.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@dataclass(slots=True)
class Server:
    """One real server: started, killed, started again on the same address, and stopped in the end."""

    name: str
    command: Sequence[str]
    ready_url: str
    folder: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def log(self) -> Path:
        """Everything that the server said, over all its lives."""
        return self.folder / f"{self.name}.log"

    def start(self) -> None:
        """Start the process, without waiting for it to serve."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(self.command, cwd=self.folder, stdout=output, stderr=output)

    def wait_until_ready(self) -> None:
        """Return once the server says that it serves; an AssertionError with the end of its log otherwise."""
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                break
            if self._answers():
                return
            time.sleep(0.05)
        msg = f"'{self.name}' does not serve {self.ready_url}; its log ends:\n{self.log_tail()}"
        raise AssertionError(msg)

    def _answers(self) -> bool:
        try:
            return requests.get(self.ready_url, timeout=2).ok
        except requests.RequestException:
            return False

    def kill(self) -> None:
        """End the process as a power cut would."""
        self._end(gently=False)

    def stop(self) -> None:
        """End the process in good order; nothing happens where it does not run."""
        self._end(gently=True)

    def _end(self, *, gently: bool) -> None:
        if self.process is None:
            return
        if gently:
            self.process.terminate()
        else:
            self.process.kill()
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def log_tail(self) -> str:
        """The last lines of the log."""
        if not self.log.exists():
            return "it was never started"
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-_TAIL_LINES:])
