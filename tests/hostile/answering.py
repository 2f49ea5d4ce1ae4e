"""A real HTTP server whose answers, down to their headers, are chosen by each test."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

NOW = int(time.time())


@dataclass(frozen=True)
class Answer:
    """What goes out; without a Content-Length among the headers, the true one is sent."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """What came in."""

    method: str
    path: str
    parameters: Mapping[str, str]
    headers: Mapping[str, str]

    @property
    def query(self) -> str:
        return self.parameters.get("query", "")


class Server(ThreadingHTTPServer):
    """Answers by `answer`, and keeps what it was asked and how many connections were opened."""

    daemon_threads = True
    answer: Callable[[Asked], Answer]

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[Asked] = []
        self.connections = 0
        self.url = f"http://127.0.0.1:{self.server_port}"

    def verify_request(self, *_: Any) -> bool:
        self.connections += 1
        return True

    def handle_error(self, *_: Any) -> None:
        """A client that leaves in the middle is what these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self._reply("")

    def do_POST(self) -> None:
        self._reply(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def _reply(self, body: str) -> None:
        parts = urlsplit(self.path)
        found = {name: values[0] for name, values in parse_qs(body or parts.query).items()}
        asked = Asked(self.command, parts.path, found, dict(self.headers))
        self.server.asked.append(asked)
        answer = self.server.answer(asked)
        self.send_response(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(answer.body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def running() -> Iterator[Server]:
    """A server that listens."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def success(data: Any, **more: Any) -> Answer:
    """A document of Prometheus around this."""
    return Answer(json.dumps({"status": "success", "data": data, **more}).encode())


def failure(error: str) -> Answer:
    """How Prometheus refuses a query that it cannot evaluate."""
    return Answer(json.dumps({"status": "error", "errorType": "execution", "error": error}).encode(), 422)


def vector(*series: Any, **more: Any) -> Answer:
    """An instant query's answer with these series."""
    return success({"resultType": "vector", "result": list(series)}, **more)


def honest(asked: Asked, value: str = "1", *, labels: Mapping[str, Any] | None = None, at: Any = NOW) -> Answer:
    """An answer to any query of any report: all labels that one looks for, and everywhere the same value."""
    if asked.path.endswith("/values"):
        return success([])
    if "kube_node_spec_taint" in asked.query:
        return vector()
    if asked.query == "time()":
        return success({"resultType": "scalar", "result": [at, str(NOW)]})
    value = next((own for sign, own in _OWN.items() if sign in asked.query), value)
    names = _RECORDED if "__name__" in asked.query else ("up",)
    every = [
        {**_LABELS, "resource": resource, "__name__": name, **(labels or {})}
        for name in names
        for resource in (("cpu", "memory") if names == ("up",) else ("cpu",))
    ]
    if not asked.path.endswith("query_range"):
        return vector(*({"metric": one, "value": [at, value]} for one in every))
    start, end, step = (float(asked.parameters[name]) for name in ("start", "end", "step"))
    points = [[start + number * step, value] for number in range(min(int((end - start) / step) + 1, 100))]
    return success({"resultType": "matrix", "result": [{"metric": one, "values": points} for one in every]})


_LABELS = {
    "cluster": "prod", "node": "n1", "namespace": "shop", "pod": "web-1", "workload": "web",
    "workload_kind": "Deployment", "reason": "Unschedulable", "key": "dedicated", "figure": "total",
    "label_topology_kubernetes_io_zone": "z1", "label_team": "shop",
    "component": "orders", "objective": "success", "period": "30d", "team": "commerce", "layer": "application",
}  # fmt: skip
# What says whether a place counts at all.
_OWN = {
    "timestamp(": str(NOW),
    "objective:target": "0.99",
    "kube_node_spec_unschedulable": "0",
    "kube_node_status_condition": "1",
}
_RECORDED = (
    "objective:error_budget:remaining",
    "objective:error_ratio:rate1h",
    "objective:error_ratio:rate1d",
    "objective:error_ratio:rate30d",
    "objective:error_ratio:rateodd",
    "objective:total:increase30d",
)
