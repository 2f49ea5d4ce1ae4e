"""A webhook receiver that keeps every notification; the path of the URL says which receiver was told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

Status = Literal["firing", "resolved"]
Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """One alert in one notification: who was told what, and when (seconds of the monotonic clock)."""

    at: float
    receiver: str
    status: Status
    labels: Mapping[str, str]
    annotations: Mapping[str, str]

    @property
    def alert(self) -> str:
        """The alert's name."""
        return self.labels["alertname"]

    @property
    def key(self) -> tuple[str, Labels]:
        """What stays the same from the first notification of an alert to its last."""
        return self.receiver, tuple(sorted(self.labels.items()))


@dataclass(frozen=True, slots=True)
class Notification:
    """What Alertmanager posted at once, as it came."""

    receiver: str
    body: Mapping[str, Any]

    @property
    def status(self) -> Status:
        """Whether anything of it still fires."""
        found: Status = self.body["status"]
        return found

    @property
    def alerts(self) -> tuple[Mapping[str, Any], ...]:
        """Its alerts."""
        return tuple(self.body["alerts"])


@dataclass(slots=True)
class Inbox:
    """Every notification so far, in the order of arrival."""

    address: str
    _received: list[Notice] = field(default_factory=list)
    _notifications: list[Notification] = field(default_factory=list)

    def url(self, receiver: str) -> str:
        """Where the receiver of this name is told."""
        return f"http://{self.address}/{receiver}"

    def add(self, receiver: str, payload: Mapping[str, Any]) -> None:
        """Keep what Alertmanager posted."""
        now = time.monotonic()
        self._notifications.append(Notification(receiver, payload))
        self._received += [
            Notice(now, receiver, one["status"], one["labels"], one["annotations"]) for one in payload["alerts"]
        ]

    @property
    def notifications(self) -> tuple[Notification, ...]:
        """Every notification whole."""
        return tuple(self._notifications)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Everything that anybody was told."""
        return tuple(self._received)

    def told(self, receiver: str, status: Status, **labels: str) -> list[Notice]:
        """What one receiver was told of alerts with these labels."""
        return [
            notice
            for notice in self.notices
            if notice.receiver == receiver and notice.status == status and labels.items() <= notice.labels.items()
        ]

    def changes(self) -> list[Notice]:
        """The notices that say something new: a group repeats its other alerts whenever one of them changes."""
        last: dict[tuple[str, Labels], Status] = {}
        new = []
        for notice in self.notices:
            if last.get(notice.key) != notice.status:
                last[notice.key] = notice.status
                new.append(notice)
        return new

    def unresolved(self) -> set[tuple[str, str, str]]:
        """Receiver, alert and severity of all that was reported and never taken back."""
        last = {notice.key: notice for notice in self.notices}
        return {
            (notice.receiver, notice.alert, notice.labels["severity"])
            for notice in last.values()
            if notice.status == "firing"
        }


@contextmanager
def receiving() -> Iterator[Inbox]:
    """The inbox of a webhook receiver on a free port of loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Webhook) as server:
        host, port = server.server_address[:2]
        server.inbox = Inbox(f"{host!s}:{port}")  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.inbox  # type: ignore[attr-defined]
        finally:
            server.shutdown()
            thread.join()


class _Webhook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.inbox.add(self.path.removeprefix("/"), json.loads(body))  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in http.server
        """Say nothing: the inbox is the log."""
