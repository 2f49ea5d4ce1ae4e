"""Serves an OpenMetrics file from a private Prometheus: the same queries without a server to ask."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from socket import socket

from obsgen.limits import SAMPLE_TEXT
from obsgen.programs import failures
from obsgen.programs.checkers import Tool, find_tool
from obsgen.programs.children import serving
from obsgen.programs.scratch import scratch_folder
from obsgen.query.prometheus import Prometheus
from obsgen.query.retries import Retries
from obsgen.query.samples import moment
from obsgen.regular_file import Unreadable, open_regular

_READY_SECONDS = 60.0
_ATTEMPTS = 3
# Name, labels whose quoted values may hold anything, value, time; an exemplar may follow.
_SAMPLE = re.compile(r'[\w:]+(?:\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})?[ \t]+\S+[ \t]+([^\s#]+)')


class OfflineFailed(Exception):  # noqa: N818 - it names the fault
    """The file cannot be read as OpenMetrics, or the private Prometheus did not start."""


def newest_sample(path: Path) -> float:
    """The time of the file's newest sample, in seconds since 1970; OfflineFailed where none has a time."""
    newest = 0.0
    try:
        with TextIOWrapper(open_regular(path), encoding="utf-8") as lines:
            for line in iter(lambda: lines.readline(SAMPLE_TEXT), ""):
                time_of_line = _timestamp(line)
                if time_of_line > newest and moment(time_of_line) is not None:
                    newest = time_of_line
    except Unreadable as fault:
        msg = f"'{path}' {fault}"
        raise OfflineFailed(msg) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        msg = f"'{path}' cannot be read: {reason}"
        raise OfflineFailed(msg) from None
    if not newest:
        msg = f"'{path}' holds no sample with a timestamp: each line needs one, in seconds, after its value"
        raise OfflineFailed(msg)
    return newest


def copy_samples(path: Path, to: Path) -> None:
    """The file's samples in another one; OfflineFailed where they cannot be read."""
    try:
        with open_regular(path) as samples, to.open("wb") as copy:
            shutil.copyfileobj(samples, copy)
    except Unreadable as fault:
        msg = f"'{path}' {fault}"
        raise OfflineFailed(msg) from None


@contextmanager
def serve_openmetrics(path: Path, *, tools: Path | None = None) -> Iterator[str]:
    """The URL of a Prometheus of its own over the file's samples, stopped at the end.

    `tools` is a folder with the promtool and prometheus to use. Raises OfflineFailed, BinaryMissing and Diagnosed.
    """
    promtool, prometheus = find_tool("promtool", tools), find_tool("prometheus", tools)
    with scratch_folder() as folder:
        _import(promtool, path, folder)
        with serving_folder(prometheus, folder) as url:
            yield url


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


def _import(promtool: Tool, path: Path, folder: Path) -> None:
    data = folder / "data"
    done = promtool.run("tsdb", "create-blocks-from", "openmetrics", str(path.absolute()), str(data), folder=folder)
    if done.code != 0:
        msg = f"'{path}' is not OpenMetrics: {failures.last_line(done.output)} (the file ends with a line '# EOF')"
        raise OfflineFailed(msg)
    if not data.is_dir() or not any(data.iterdir()):
        raise failures.not_understood(promtool.name, "tsdb create-blocks-from", done.output)


@contextmanager
def serving_folder(prometheus: Tool, folder: Path) -> Iterator[str]:
    """The URL of a ready server over the folder's `data`; it tries again where another program takes the free port."""
    log = folder / "prometheus.log"
    (folder / "prometheus.yml").write_text("scrape_configs: []\n")
    for _ in range(_ATTEMPTS):
        port = _free_port()
        url = f"http://127.0.0.1:{port}"
        with log.open("wb") as output, serving(_command(prometheus.path, folder, port), folder, output) as runs:
            if _becomes_ready(runs, url):
                yield url
                return
        if b"address already in use" not in log.read_bytes():
            break
    said = failures.last_line(log.read_text(errors="replace"))
    msg = f"'{prometheus.path}' did not start over the samples: {said}"
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


def _becomes_ready(runs: Callable[[], bool], url: str) -> bool:
    deadline = time.monotonic() + _READY_SECONDS
    with Prometheus(url, timeout=5.0, retries=Retries(attempts=1)) as server:
        while runs() and time.monotonic() < deadline:
            if server.reachable():
                # Another server may have had this port all along, while ours is about to give up.
                return runs()
            time.sleep(0.05)
    return False


def _free_port() -> int:
    with socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
