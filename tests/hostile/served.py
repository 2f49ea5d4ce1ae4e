"""A stranger's Prometheus: a real HTTP server that answers every query with labels that attack who reads them."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

_GROUPED = re.compile(r"by \(([^)]*)\)")


@contextmanager
def strange_prometheus(attack: str) -> Iterator[str]:
    """Its address; every label that it is asked for, every warning and every error is the attack."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            query = parse_qs(self.rfile.read(length).decode()).get("query", [""])[0]
            status, answer = _answer(self.path, query, attack)
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _answer(path: str, query: str, attack: str) -> tuple[int, dict[str, object]]:
    if "refused" in query:
        return 422, {"status": "error", "errorType": "execution", "error": attack}
    now = time.time()
    if query == "time()":
        return 200, _success("scalar", [now, str(now)])
    value = str(now) if "timestamp(" in query else "3"
    rows = [{"metric": labels, "value": [now, value]} for labels in _series(query, attack)]
    if path.endswith("query_range"):
        lines = [{"metric": row["metric"], "values": [[now - 60, "1"], [now, "2"]]} for row in rows]
        return 200, _success("matrix", lines)
    return 200, {**_success("vector", rows), "warnings": [attack]}


def _series(query: str, attack: str) -> list[dict[str, str]]:
    grouped = _GROUPED.search(query)
    names = [name.strip() for name in grouped[1].split(",")] if grouped else ["cluster", "instance"]
    labels = {name: attack for name in names if name and name != "__name__"}
    if "resource" not in labels:
        return [labels]
    return [{**labels, "resource": resource} for resource in ("cpu", "memory", "pods", attack)]


def _success(kind: str, result: object) -> dict[str, object]:
    return {"status": "success", "data": {"resultType": kind, "result": result}}
