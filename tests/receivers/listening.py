"""A server that keeps whatever is posted to it, by path, and answers as Slack does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(slots=True)
class Posted:
    """Every body and its bearer token, by the path that it was sent to."""

    address: str
    bodies: dict[str, list[Any]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def url(self, path: str) -> str:
        """Where to post."""
        return f"http://{self.address}/{path}"

    def add(self, path: str, body: Any, token: str) -> None:
        """Keep one."""
        self.bodies.setdefault(path, []).append(body)
        self.tokens[path] = token


@contextmanager
def listening() -> Iterator[Posted]:
    """The server on a free port of loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        host, port = server.server_address[:2]
        server.posted = Posted(f"{host!s}:{port}")  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.posted  # type: ignore[attr-defined]
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        token = self.headers.get("Authorization", "")
        self.server.posted.add(self.path.removeprefix("/"), body, token)  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in http.server
        """Say nothing: what was posted is the log."""
