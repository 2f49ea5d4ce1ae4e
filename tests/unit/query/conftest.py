"""A real HTTP server that answers as it is told, for a client that must survive it."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest


@dataclass
class Answer:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    drip: float = 0.0
    cut: bool = False


@dataclass
class Asked:
    method: str
    path: str
    parameters: dict[str, str]
    headers: dict[str, str]


class FaultyServer:
    """Gives its answers one after the other, the last one again and again."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.asked: list[Asked] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def next_answer(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._reply("")

            def do_POST(self) -> None:
                self._reply(self.rfile.read(int(self.headers["Content-Length"])).decode())

            def _reply(self, body: str) -> None:
                parts = urlsplit(self.path)
                found = {name: values[0] for name, values in parse_qs(body or parts.query).items()}
                server.asked.append(Asked(self.command, parts.path, found, dict(self.headers)))
                answer = server.next_answer()
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body) + (100 if answer.cut else 0)))
                self.end_headers()
                # The client may have given up, as it should.
                with contextlib.suppress(OSError):
                    self._write(answer)

            def _write(self, answer: Answer) -> None:
                if not answer.drip:
                    self.wfile.write(answer.body)
                    return
                for byte in answer.body:
                    self.wfile.write(bytes([byte]))
                    time.sleep(answer.drip)

            def log_message(self, *_: Any) -> None:
                pass

        return Handler


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    faulty = FaultyServer()
    yield faulty
    faulty.stop()


@pytest.fixture
def ok() -> Callable[..., Answer]:
    """An answer with one sample, and what else the document should hold."""

    def answer(**more: Any) -> Answer:
        series = {"metric": {"job": "node"}, "value": [1767615300, "3"]}
        data = {"resultType": "vector", "result": [series]}
        return Answer(body=json.dumps({"status": "success", "data": data, **more}).encode())

    return answer


@pytest.fixture
def refusal() -> Callable[..., Answer]:
    """An error document as Prometheus writes it."""

    def answer(status: int, kind: str, error: str) -> Answer:
        return Answer(status, json.dumps({"status": "error", "errorType": kind, "error": error}).encode())

    return answer


@pytest.fixture
def plain() -> Callable[..., Answer]:
    """Any status, body and headers."""
    return Answer
