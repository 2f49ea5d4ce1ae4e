"""A small real HTTP(S) server in front of a real Prometheus, which fails in the ways that gateways do."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests


@dataclass(frozen=True)
class Passed:
    """One request as it came in."""

    method: str
    path: str
    target: str
    body: bytes
    headers: dict[str, str]

    @property
    def query(self) -> str:
        return parse_qs(self.body.decode() or urlsplit(self.target).query).get("query", [""])[0]


@dataclass(frozen=True)
class Answer:
    """What goes out; `drip` is the pause after each of its pieces, `announced` a length that is not its own."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    before: float = 0.0
    drip: float = 0.0
    pieces: int = 1
    announced: int | None = None
    reset: bool = False


# Gets the request, its number from 1, and a function that asks the real server.
Fault = Callable[[Passed, int, Callable[[], Answer]], Answer]


class Proxy:
    """Every request goes through the fault; without one it is passed on as it is."""

    def __init__(self, upstream: str, *, certificate: tuple[str, str] | None = None, clients: str | None = None):
        self.upstream = upstream
        self.fault: Fault = lambda passed, number, ask: ask()
        self.seen: list[Passed] = []
        self.at_once = self.most_at_once = 0
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._server = _Quiet(("127.0.0.1", 0), self._handler())
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            if clients:
                context.load_verify_locations(clients)
                context.verify_mode = ssl.CERT_REQUIRED
            # The handshake belongs into the request's own thread.
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        scheme = "https" if certificate else "http"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def ask(self, passed: Passed) -> Answer:
        """The real server's answer."""
        parts = urlsplit(passed.target)
        url = f"{self.upstream}{parts.path}{'?' + parts.query if parts.query else ''}"
        kind = passed.headers.get("Content-Type", "")
        with requests.Session() as session:
            session.trust_env = False
            reply = session.request(passed.method, url, data=passed.body, headers={"Content-Type": kind})
        return Answer(reply.status_code, reply.content)

    def _take(self, passed: Passed) -> Answer:
        with self._lock:
            self.seen.append(passed)
            number = len(self.seen)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            answer = self.fault(passed, number, lambda: self.ask(passed))
            self._stopping.wait(answer.before)
        finally:
            with self._lock:
                self.at_once -= 1
        return answer

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._pass(b"")

            def do_POST(self) -> None:
                self._pass(self.rfile.read(int(self.headers["Content-Length"])))

            def _pass(self, body: bytes) -> None:
                path = urlsplit(self.path).path
                answer = proxy._take(Passed(self.command, path, self.path, body, dict(self.headers)))
                # The client may have given up, as it should.
                with contextlib.suppress(OSError):
                    self._send(answer)

            def _send(self, answer: Answer) -> None:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(answer.announced or len(answer.body)))
                self.end_headers()
                step = max(len(answer.body) // answer.pieces, 1)
                for start in range(0, len(answer.body), step):
                    self.wfile.write(answer.body[start : start + step])
                    if proxy._stopping.wait(answer.drip):
                        break
                if answer.reset:
                    self.connection.setsockopt(*_RESET)
                    self.connection.close()

            def log_message(self, *_: Any) -> None:
                pass

        return Handler


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: Any) -> None:
        """Broken handshakes and clients that leave are what these tests are about."""


# Close with a reset instead of a farewell.
_RESET = (socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def refusal(status: int, kind: str, error: str) -> Answer:
    """An error document as Prometheus writes it."""
    return Answer(status, json.dumps({"status": "error", "errorType": kind, "error": error}).encode())


def marked(answer: Answer, **more: Any) -> Answer:
    """The answer with more in its document."""
    return Answer(answer.status, json.dumps({**json.loads(answer.body), **more}).encode())


def blown_up() -> Answer:
    """A small answer that unpacks to more than a client should hold."""
    packed = gzip.compress(b" " * (300 << 20), compresslevel=1)
    return Answer(200, packed, {"Content-Type": "application/json", "Content-Encoding": "gzip"})
