"""Serves an OpenMetrics file from a private Prometheus: the same queries without a server to ask."""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket

from obsgen.query.binaries import find_binary
from obsgen.query.prometheus import Prometheus
from obsgen.query.retries import Retries
from obsgen.query.samples import moment

_READY_SECONDS = 60.0
_STOP_SECONDS = 10.0
_ATTEMPTS = 3
# Name, labels whose quoted values may hold anything, value, time; an exemplar may follow.
_SAMPLE = re.compile(r'[\w:]+(?:\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})?[ \t]+\S+[ \t]+([^\s#]+)')


class OfflineFailed(Exception):  # noqa: N818 - it names the fault
    """The file cannot be read as OpenMetrics, or the private Prometheus did not start."""


def newest_sample(path: Path) -> float:
    """The time of the file's newest sample, in seconds since 1970; OfflineFailed where none has a time."""
    newest = 0.0
    try:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                time_of_line = _timestamp(line)
                if time_of_line > newest and moment(time_of_line) is not None:
                    newest = time_of_line
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        msg = f"'{path}' cannot be read: {reason}"
        raise OfflineFailed(msg) from None
    if not newest:
        msg = f"'{path}' holds no sample with a timestamp: each line needs one, in seconds, after its value"
        raise OfflineFailed(msg)
    return newest


@contextmanager
def serve_openmetrics(path: Path, *, tools: Path | None = None) -> Iterator[str]:
    """The URL of a Prometheus of its own over the file's samples, stopped at the end.

    `tools` is a folder with the promtool and prometheus to use. Raises OfflineFailed and BinaryMissing.
    """
    promtool, prometheus = find_binary("promtool", tools=tools), find_binary("prometheus", tools=tools)
    with tempfile.TemporaryDirectory(prefix="obsgen-") as folder:
        data = Path(folder) / "data"
        _import(promtool, path, data)
        (Path(folder) / "prometheus.yml").write_text("scrape_configs: []\n")
        process, url = _started(prometheus, Path(folder))
        try:
            yield url
        finally:
            _stop(process)


def _timestamp(line: str) -> float:
    """Seconds since 1970, or 0 where the line is a comment or its sample has no time."""
    if "#" not in line:
        # Without an exemplar the last brace closes the labels: ten times as fast, and files are long.
        words = line[line.rfind("}") + 1 :].split()
        timed = len(words) == (2 if "}" in line else 3)
        moment = words[-1] if timed else "0"
    else:
        found = _SAMPLE.match(line)
        moment = found[1] if found else "0"
    try:
        return float(moment)
    except ValueError:
        return 0.0


def _import(promtool: Path, path: Path, data: Path) -> None:
    command = [str(promtool), "tsdb", "create-blocks-from", "openmetrics", str(path), str(data)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        msg = f"'{path}' is not OpenMetrics: {_last_line(result.stderr)} (the file ends with a line '# EOF')"
        raise OfflineFailed(msg)


def _started(prometheus: Path, folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """A ready process and its URL; another program may take the free port first, so it is tried again."""
    log = folder / "prometheus.log"
    for _ in range(_ATTEMPTS):
        port = _free_port()
        with log.open("wb") as output:
            process = subprocess.Popen(_command(prometheus, folder, port), stdout=output, stderr=output)
        url = f"http://127.0.0.1:{port}"
        try:
            if _becomes_ready(process, url):
                return process, url
        except BaseException:
            _stop(process)
            raise
        _stop(process)
        if b"address already in use" not in log.read_bytes():
            break
    msg = f"'{prometheus}' did not start over the file's samples: {_last_line(log.read_text(errors='replace'))}"
    raise OfflineFailed(msg)


def _command(prometheus: Path, folder: Path, port: int) -> list[str]:
    return [
        str(prometheus),
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        # The samples may be from any year, and none of them is to be deleted.
        "--storage.tsdb.retention.time=100y",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=warn",
    ]


def _becomes_ready(process: subprocess.Popen[bytes], url: str) -> bool:
    deadline = time.monotonic() + _READY_SECONDS
    with Prometheus(url, timeout=5.0, retries=Retries(attempts=1)) as server:
        while process.poll() is None and time.monotonic() < deadline:
            if server.reachable():
                # Another server may have had this port all along, while ours is about to give up.
                return process.poll() is None
            time.sleep(0.05)
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it said nothing"])[-1]
