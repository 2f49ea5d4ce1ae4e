"""Routing as Alertmanager's own configuration; secrets only by the path of their file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from obsgen.ir.routes import InhibitRule, Route, RouteMatcher, RouteTest, Routing
from obsgen.promql.matcher import quote
from obsgen.spec.routing import EmailSpec, OpsgenieSpec, PagerDutySpec, ReceiverSpec, SlackSpec, WebhookSpec
from obsgen.spec.stack import AlertmanagerSpec


def configuration(routing: Routing, target: AlertmanagerSpec) -> dict[str, Any]:
    """`alertmanager.yaml`."""
    receivers = [
        {"name": name, **receiver_body(spec, target.secrets_folder)} for name, spec in sorted(routing.receivers.items())
    ]
    return {
        "route": _route(routing.root, None),
        "inhibit_rules": [_inhibition(rule) for rule in routing.inhibit_rules],
        "receivers": receivers,
    }


def _route(route: Route, parent: Route | None) -> dict[str, Any]:
    body: dict[str, Any] = {"receiver": route.receiver}
    if route.matchers:
        body["matchers"] = _matchers(route.matchers)
    if route.continues:
        body["continue"] = True
    for name in ("group_by", "group_wait", "group_interval", "repeat_interval"):
        value = getattr(route, name)
        if parent is None or getattr(parent, name) != value:
            body[name] = list(value) if name == "group_by" else str(value)
    if route.routes:
        body["routes"] = [_route(child, route) for child in route.routes]
    return body


def _matchers(matchers: Sequence[RouteMatcher]) -> list[str]:
    return [f"{one.label}={quote(one.value)}" for one in matchers]


def _inhibition(rule: InhibitRule) -> dict[str, Any]:
    return {
        "source_matchers": _matchers(rule.source),
        "target_matchers": _matchers(rule.target),
        "equal": list(rule.equal),
    }


def receiver_body(spec: ReceiverSpec, folder: str) -> dict[str, Any]:
    """One receiver's ways of sending; `folder` is where Alertmanager finds the mounted Secrets."""
    ways = {
        "webhook_configs": spec.webhook and _webhook(spec.webhook, folder),
        "slack_configs": spec.slack and _slack(spec.slack, folder),
        "pagerduty_configs": spec.pagerduty and _pagerduty(spec.pagerduty, folder),
        "opsgenie_configs": spec.opsgenie and _opsgenie(spec.opsgenie, folder),
        "email_configs": spec.email and _email(spec.email, folder),
    }
    return {name: [body] for name, body in ways.items() if body}


def _file(reference: str, folder: str) -> str:
    return f"{folder.rstrip('/')}/{reference}"


def _webhook(spec: WebhookSpec, folder: str) -> dict[str, Any]:
    where = {"url": spec.url} if spec.url else {"url_file": _file(spec.url_secret or "", folder)}
    body: dict[str, Any] = {**where, "send_resolved": True}
    if spec.token_secret:
        body["http_config"] = {"authorization": {"credentials_file": _file(spec.token_secret, folder)}}
    return body


def _slack(spec: SlackSpec, folder: str) -> dict[str, Any]:
    return {
        "api_url_file": _file(spec.url_secret, folder),
        "channel": spec.channel,
        "send_resolved": True,
        "title": "{{ .CommonLabels.alertname }} ({{ .Status }})",
        "text": (
            "{{ range .Alerts }}*{{ .Labels.severity }}* {{ .Annotations.description }} "
            "<{{ .Annotations.runbook_url }}|runbook>\n{{ end }}"
        ),
    }


def _pagerduty(spec: PagerDutySpec, folder: str) -> dict[str, Any]:
    return {
        "routing_key_file": _file(spec.routing_key_secret, folder),
        "send_resolved": True,
        "description": "{{ .CommonLabels.alertname }}: {{ .CommonAnnotations.summary }}",
        "severity": "{{ if .CommonLabels.severity }}{{ .CommonLabels.severity }}{{ else }}error{{ end }}",
        "details": {"runbook": "{{ .CommonAnnotations.runbook_url }}", "team": "{{ .CommonLabels.team }}"},
    }


def _opsgenie(spec: OpsgenieSpec, folder: str) -> dict[str, Any]:
    return {
        "api_key_file": _file(spec.api_key_secret, folder),
        "send_resolved": True,
        "message": "{{ .CommonLabels.alertname }}: {{ .CommonAnnotations.summary }}",
        "details": {"runbook": "{{ .CommonAnnotations.runbook_url }}"},
    }


def _email(spec: EmailSpec, folder: str) -> dict[str, Any]:
    secret = {"auth_password_file": _file(spec.password_secret, folder)} if spec.password_secret else {}
    user = {"auth_username": spec.username} if spec.username else {}
    return {
        "to": spec.to,
        "from": spec.from_,
        "smarthost": spec.smarthost,
        "send_resolved": True,
        **user,
        **secret,
    }


def route_tests_body(tests: Sequence[RouteTest]) -> dict[str, Any]:
    """`route-tests.yaml`: for each alert the receivers that hear of it, in the order of the tree."""
    return {"tests": [{"labels": dict(one.labels), "receivers": list(one.receivers)} for one in tests]}
