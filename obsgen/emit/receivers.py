"""Receivers in Alertmanager's own form; secrets only by the path of their file."""

from __future__ import annotations

from typing import Any

from obsgen.spec.receivers import EmailSpec, OpsgenieSpec, PagerDutySpec, ReceiverSpec, SlackSpec, WebhookSpec


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
