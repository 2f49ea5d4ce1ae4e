"""Receivers in Alertmanager's own form; secrets only by the path of their file."""

from __future__ import annotations

from typing import Any

from obsgen.emit.chats import chat_configs
from obsgen.emit.mounting import filled, mounted
from obsgen.spec.receivers import EmailSpec, OpsgenieSpec, PagerDutySpec, ReceiverSpec, WebhookSpec
from obsgen.spec.stack import AlertmanagerSpec

_LINKS = (("Dashboard", "dashboard_url"), ("Runbook", "runbook_url"))


def receiver_body(spec: ReceiverSpec, target: AlertmanagerSpec) -> dict[str, Any]:
    """One receiver's ways of sending, as the target's version of Alertmanager knows them."""
    folder = target.secrets_folder
    bodies: list[tuple[str, dict[str, Any]]] = []
    if spec.webhook:
        bodies.append(("webhook_configs", _webhook(spec.webhook, folder)))
    if spec.pagerduty:
        bodies.append(("pagerduty_configs", _pagerduty(spec.pagerduty, folder)))
    if spec.opsgenie:
        bodies.append(("opsgenie_configs", _opsgenie(spec.opsgenie, folder)))
    if spec.email:
        bodies.append(("email_configs", _email(spec.email, folder)))
    found: dict[str, Any] = {}
    for kind, body in (*bodies, *chat_configs(spec, target)):
        found.setdefault(kind, []).append(body)
    return found


def _webhook(spec: WebhookSpec, folder: str) -> dict[str, Any]:
    where = {"url": spec.url} if spec.url else {"url_file": mounted(spec.url_secret or "", folder)}
    body: dict[str, Any] = {**where, "send_resolved": spec.send_resolved}
    if spec.token_secret:
        body["http_config"] = {"authorization": {"credentials_file": mounted(spec.token_secret, folder)}}
    return body


def _pagerduty(spec: PagerDutySpec, folder: str) -> dict[str, Any]:
    return {
        "routing_key_file": mounted(spec.routing_key_secret, folder),
        "send_resolved": spec.send_resolved,
        "description": filled("title"),
        "severity": filled("pagerduty.severity"),
        "component": "{{ .CommonLabels.component }}",
        "group": "{{ .CommonLabels.cluster }}",
        "details": {
            "tier": filled("tier"),
            "owner": "{{ .CommonLabels.team }}",
            "alerts": filled("text"),
        },
        # PagerDuty is told of those that are not empty.
        "links": [{"href": f"{{{{ .CommonAnnotations.{name} }}}}", "text": text} for text, name in _LINKS],
    }


def _opsgenie(spec: OpsgenieSpec, folder: str) -> dict[str, Any]:
    where = {"api_url": spec.api_url} if spec.api_url else {}
    return {
        "api_key_file": mounted(spec.api_key_secret, folder),
        **where,
        "send_resolved": spec.send_resolved,
        "message": filled("title"),
        "description": filled("text"),
        "priority": filled("tier"),
        "details": {name.lower(): f"{{{{ .CommonAnnotations.{key} }}}}" for name, key in _LINKS},
    }


def _email(spec: EmailSpec, folder: str) -> dict[str, Any]:
    user = {"auth_username": spec.username} if spec.username else {}
    secret = {"auth_password_file": mounted(spec.password_secret, folder)} if spec.password_secret else {}
    return {
        "to": spec.to,
        "from": spec.from_,
        "smarthost": spec.smarthost,
        "send_resolved": spec.send_resolved,
        **user,
        **secret,
        "require_tls": spec.require_tls,
        "headers": {"Subject": filled("title")},
        "html": filled("html"),
        "text": filled("text"),
    }
