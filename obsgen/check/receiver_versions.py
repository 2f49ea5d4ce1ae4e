"""Checks of receivers: that the stated Alertmanager, and the operator before it, have what they need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from obsgen.diagnostics import Diagnostic
from obsgen.emit.chats import TEAMS_WORKFLOWS
from obsgen.ir.bundle import Bundle
from obsgen.model.stack import Stack
from obsgen.spec.receivers import WaySpec
from obsgen.units import Version

OPERATORS_REFUSAL = "OBS434"


@dataclass(frozen=True, slots=True)
class _Need:
    """What a way of sending asks of Alertmanager once `field` is given, or at all where no field is named."""

    way: str
    field: str
    since: Version
    lacking: str
    instead: str


_RELAY = "give the secret to a relay in the cluster and name its address in"
_BY_WEBHOOK = f"{_RELAY} 'webhook: {{url: …}}'"
# For each way the hardest need first: the version that is named then has all of them.
_NEEDS = (
    _Need("webhook", "url_secret", Version(0, 26), "read a webhook's address from a file", f"{_RELAY} 'url'"),
    _Need("pagerduty", "", Version(0, 25), "read PagerDuty's routing key from a file", _BY_WEBHOOK),
    _Need("opsgenie", "", Version(0, 24), "read Opsgenie's key from a file", _BY_WEBHOOK),
    _Need("email", "password_secret", Version(0, 25), "read a mail password from a file", _BY_WEBHOOK),
    _Need("teams", "url_secret", Version(0, 27), "read Teams' address from a file", f"{_RELAY} 'url' (from 0.26)"),
    _Need("teams", "", Version(0, 26), "send to Microsoft Teams", _BY_WEBHOOK),
    _Need("wecom", "", Version(0, 31), "read a WeCom application's secret from a file", _BY_WEBHOOK),
    _Need("wecom_bot", "url_secret", Version(0, 32), "write messages as WeCom takes them", f"{_RELAY} 'relay_url'"),
    _Need("feishu", "url_secret", Version(0, 32), "write messages as Feishu takes them", f"{_RELAY} 'relay_url'"),
)


def unknown_receiver_field(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A way of sending, or of naming a secret, that the stated Alertmanager does not have."""
    del bundle
    version = stack.environment.alertmanager.version
    for name, spec in stack.routing.receivers.items():
        for kind, way in spec.ways():
            lacking = (need for need in _NEEDS if need.way == kind and version < need.since and _asks(way, need))
            if need := next(lacking, None):
                path = ("routing", "receivers", name, kind, *filter(None, [need.field]))
                where = stack.places.of(*path) if need.field else stack.places.of_key(*path)
                message = f"Alertmanager {version} cannot {need.lacking}; {need.since} can"
                hint = f"{need.instead}, or raise environment.alertmanager.version"
                yield Diagnostic("OBS421", message, where, hint)


def _asks(way: WaySpec, need: _Need) -> bool:
    return not need.field or getattr(way, need.field) is not None


def refused_by_operator(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """What Alertmanager takes and the operator does not, which reads the configuration before it."""
    del bundle
    target = stack.environment.alertmanager
    version = target.version
    # In an AlertmanagerConfig the operator writes the address itself.
    if version < Version(0, 27) or version >= TEAMS_WORKFLOWS or target.delivery == "alertmanagerconfig":
        return
    for name, spec in stack.routing.receivers.items():
        if spec.teams and spec.teams.url_secret:
            where = stack.places.of("routing", "receivers", name, "teams", "url_secret")
            message = (
                f"the operator refuses Teams' address in a file for Alertmanager {version}, and takes it from 0.28 on"
            )
            hint = "use 'url' with the address of a relay, raise the version, or build for the target prometheus only"
            yield Diagnostic(OPERATORS_REFUSAL, message, where, hint, "warning")
