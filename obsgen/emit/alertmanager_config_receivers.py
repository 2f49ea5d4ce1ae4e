"""Receivers in the form of an AlertmanagerConfig; secrets by the name of their Secret and the key in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from obsgen.emit.receivers import receiver_body as own_body
from obsgen.spec.receivers import EmailSpec, OpsgenieSpec, PagerDutySpec, ReceiverSpec, SlackSpec, WebhookSpec

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """How one way of telling is written: the object's field, Alertmanager's own field, and what stands there."""

    field: str
    own: str
    body: Callable[[Any, Mapping[str, Any]], Body]


def receiver_body(spec: ReceiverSpec) -> Body:
    """One receiver's ways of sending. KeyError for a way that FORMS does not know."""
    found: dict[str, list[Body]] = {}
    for way in ways(spec):
        form, written = FORMS[way], getattr(spec, way)
        # What is said is taken from Alertmanager's own form, so that both deliveries say the same.
        own = own_body(type(spec).model_construct(**{way: written}), "")[form.own][0]
        found.setdefault(form.field, []).append(form.body(written, own))
    return dict(found)


def ways(spec: ReceiverSpec) -> tuple[str, ...]:
    """The ways in which the receiver is told, as the spec calls them."""
    return tuple(way for way in type(spec).model_fields if getattr(spec, way) is not None)


def _selector(reference: str) -> dict[str, str]:
    name, _, key = reference.partition("/")
    return {"name": name, "key": key}


def _pairs(written: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in written.items()]


def _webhook(spec: WebhookSpec, own: Mapping[str, Any]) -> Body:
    where = {"url": spec.url} if spec.url else {"urlSecret": _selector(spec.url_secret or "")}
    body = {**where, "sendResolved": own["send_resolved"]}
    if spec.token_secret:
        body["httpConfig"] = {"authorization": {"credentials": _selector(spec.token_secret)}}
    return body


def _slack(spec: SlackSpec, own: Mapping[str, Any]) -> Body:
    # The API server refuses an empty channel; left out it means the same.
    channel = {"channel": spec.channel} if spec.channel else {}
    return {
        "apiURL": _selector(spec.url_secret),
        **channel,
        "sendResolved": own["send_resolved"],
        "title": own["title"],
        "text": own["text"],
    }


def _pagerduty(spec: PagerDutySpec, own: Mapping[str, Any]) -> Body:
    return {
        "routingKey": _selector(spec.routing_key_secret),
        "sendResolved": own["send_resolved"],
        "description": own["description"],
        "severity": own["severity"],
        "details": _pairs(own["details"]),
    }


def _opsgenie(spec: OpsgenieSpec, own: Mapping[str, Any]) -> Body:
    return {
        "apiKey": _selector(spec.api_key_secret),
        "sendResolved": own["send_resolved"],
        "message": own["message"],
        "details": _pairs(own["details"]),
    }


def _email(spec: EmailSpec, own: Mapping[str, Any]) -> Body:
    user = {"authUsername": spec.username} if spec.username else {}
    secret = {"authPassword": _selector(spec.password_secret)} if spec.password_secret else {}
    return {
        "to": spec.to,
        "from": spec.from_,
        "smarthost": spec.smarthost,
        "sendResolved": own["send_resolved"],
        **user,
        **secret,
    }


FORMS: Final[Mapping[str, Form]] = {
    "webhook": Form("webhookConfigs", "webhook_configs", _webhook),
    "slack": Form("slackConfigs", "slack_configs", _slack),
    "pagerduty": Form("pagerdutyConfigs", "pagerduty_configs", _pagerduty),
    "opsgenie": Form("opsgenieConfigs", "opsgenie_configs", _opsgenie),
    "email": Form("emailConfigs", "email_configs", _email),
}
