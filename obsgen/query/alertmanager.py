"""The client of one Alertmanager: posts alerts, and asks whom they go to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar

from obsgen.address import shown
from obsgen.query.access import Access
from obsgen.query.connecting import address_of
from obsgen.query.errors import NotAlertmanager, Refused, Unauthorized, Unavailable
from obsgen.query.retries import Retries
from obsgen.query.sending import Line, Reply, Request, Session, send
from obsgen.query.shapes import Unlike, document, labels, listed, mapping, text, texts


@dataclass(frozen=True, slots=True)
class PostedAlert:
    """An alert as a client sends it; one whose end is past is resolved."""

    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    starts_at: datetime
    ends_at: datetime

    def body(self) -> dict[str, Any]:
        """The alert in the API's form."""
        return {
            "labels": dict(self.labels),
            "annotations": dict(self.annotations),
            "startsAt": self.starts_at.isoformat(),
            "endsAt": self.ends_at.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class HeldAlert:
    """An alert that Alertmanager holds, and what it does with it."""

    labels: Mapping[str, str]
    receivers: frozenset[str]
    inhibited: bool
    silenced: bool


@dataclass(frozen=True, slots=True)
class HeldGroup:
    """Alerts that a receiver is told of together."""

    receiver: str
    labels: Mapping[str, str]
    alerts: tuple[Mapping[str, str], ...]
    muted: bool
    """Whether hours mute it; false also where Alertmanager is too old to say (0.25), or has not looked yet."""


_Held = TypeVar("_Held", HeldAlert, HeldGroup)


class Alertmanager:
    """One Alertmanager and its API v2."""

    def __init__(self, url: str, *, timeout: float = 30.0, access: Access | None = None) -> None:
        address = address_of(url, like="http://alertmanager.example.com:9093")
        entered = (access or Access()).entering(address)
        self._url = address.url
        self.exposed = entered.exposed(address)
        self._line = Line(Session(), entered, timeout, Retries())

    @property
    def title(self) -> str:
        """The URL, fit to be printed."""
        return shown(self._url)

    def post(self, alerts: Sequence[PostedAlert]) -> None:
        """Send the alerts; to send them again with an end that is past resolves them."""
        self._call(Request("POST", f"{self._url}/api/v2/alerts", {}, [one.body() for one in alerts]))

    def held(self, matcher: str) -> tuple[HeldAlert, ...]:
        """The alerts that pass and have not ended."""
        return self._asked("alerts", matcher, _held)

    def groups(self, matcher: str) -> tuple[HeldGroup, ...]:
        """The groups that hold alerts that pass, with these alerts only."""
        return self._asked("alerts/groups", matcher, _group)

    def close(self) -> None:
        """Give the connections back."""
        self._line.session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _asked(self, path: str, matcher: str, read: Callable[[dict[str, Any]], _Held]) -> tuple[_Held, ...]:
        reply = self._call(Request("GET", f"{self._url}/api/v2/{path}", {"filter": matcher}))
        try:
            return tuple(read(mapping(one)) for one in listed(document(reply.body)))
        except Unlike:
            raise _foreign(reply) from None

    def _call(self, request: Request) -> Reply:
        reply = send(self._line, request)
        if reply.status in (401, 403):
            msg = f"{reply.url} wants other credentials: give a bearer token file or a basic auth file"
            raise Unauthorized(msg)
        if reply.status == 400:
            said = reply.words(reply.body.decode(errors="replace").strip())
            raise Refused(f"{reply.url} refuses the request: {said}")
        if reply.status >= 500 or reply.status == 429:
            raise Unavailable(f"{reply.url} answers with status {reply.status}, also after retries: try again later")
        if reply.status != 200:
            raise _foreign(reply)
        return reply


def _held(alert: dict[str, Any]) -> HeldAlert:
    status = mapping(alert.get("status"))
    return HeldAlert(
        labels(alert.get("labels")),
        frozenset(text(mapping(receiver).get("name")) for receiver in listed(alert.get("receivers"))),
        bool(texts(status.get("inhibitedBy"))),
        bool(texts(status.get("silencedBy"))),
    )


def _group(group: dict[str, Any]) -> HeldGroup:
    alerts = [mapping(alert) for alert in listed(group.get("alerts"))]
    return HeldGroup(
        text(mapping(group.get("receiver")).get("name")),
        labels(group.get("labels")),
        tuple(labels(alert.get("labels")) for alert in alerts),
        any(texts(mapping(alert.get("status")).get("mutedBy")) for alert in alerts),
    )


def _foreign(reply: Reply) -> NotAlertmanager:
    msg = f"{reply.url} answers, but not as Alertmanager's API does (status {reply.status}): check address and path"
    return NotAlertmanager(msg)
