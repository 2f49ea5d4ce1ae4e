"""Real servers over simulated samples: Prometheus in two versions, and VictoriaMetrics."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.e2e.processes import Server, free_ports

_SECONDS = re.compile(r" (\d+)$", re.MULTILINE)
_CHUNK = 2**24


@contextmanager
def victoria_metrics(samples: Path, program: Path, folder: Path) -> Iterator[str]:
    """The URL of a VictoriaMetrics that holds the samples."""
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    command = (str(program), f"-storageDataPath={folder / 'data'}", f"-httpListenAddr=127.0.0.1:{port}")
    server = Server("victoria-metrics", command, f"{url}/health", folder)
    server.start()
    try:
        server.wait_until_ready()
        _fill(url, samples)
        yield url
    finally:
        server.stop()


def _fill(url: str, samples: Path) -> None:
    """Its import wants milliseconds; what was imported is visible only once it is flushed."""
    with samples.open() as lines:
        while chunk := lines.readlines(_CHUNK):
            body = _SECONDS.sub(r" \g<1>000", "".join(chunk)).encode()
            requests.post(f"{url}/api/v1/import/prometheus", data=body, timeout=60).raise_for_status()
    requests.get(f"{url}/internal/force_flush", timeout=60).raise_for_status()


def promtool_accepts(program: Path, samples: Path, folder: Path) -> str:
    """What promtool says against the samples; empty where it takes all of them."""
    command = [str(program), "tsdb", "create-blocks-from", "openmetrics", str(samples), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else ""
