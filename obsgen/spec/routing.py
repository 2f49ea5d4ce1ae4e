"""The form of routing: receivers, what each team wants told how, and how fast each severity travels."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from obsgen.spec.written import AlertSeverity, LabelName, ObjectName, Written
from obsgen.units import Duration

# <name of the Secret>/<key in it>: receivers hold references, never the secret itself.
SecretReference = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][-a-z0-9.]*/[-._a-zA-Z0-9]+$")]


class WebhookSpec(Written):
    """A webhook: a plain address, or one that is itself a secret."""

    url: str | None = None
    url_secret: SecretReference | None = None
    token_secret: SecretReference | None = None


class SlackSpec(Written):
    """A Slack channel."""

    channel: str
    url_secret: SecretReference


class PagerDutySpec(Written):
    """A PagerDuty service, by its Events v2 routing key."""

    routing_key_secret: SecretReference


class OpsgenieSpec(Written):
    """An Opsgenie integration."""

    api_key_secret: SecretReference


class EmailSpec(Written):
    """A mail address, through a mail server."""

    to: str
    from_: str = Field(alias="from")
    smarthost: str
    username: str | None = None
    password_secret: SecretReference | None = None


class ReceiverSpec(Written):
    """Where notifications go; at least one way must be named."""

    webhook: WebhookSpec | None = None
    slack: SlackSpec | None = None
    pagerduty: PagerDutySpec | None = None
    opsgenie: OpsgenieSpec | None = None
    email: EmailSpec | None = None


class TierSpec(Written):
    """How alerts of one severity are grouped and repeated."""

    group_by: list[LabelName] | None = None
    group_wait: Duration | None = None
    group_interval: Duration | None = None
    repeat_interval: Duration | None = None


class RoutingSpec(Written):
    """Who is told what, how fast."""

    default: ObjectName
    watchdog: ObjectName | None = None
    actions: dict[ObjectName, ObjectName] = Field(default_factory=dict, description="action: receiver")
    tiers: dict[AlertSeverity, TierSpec] = Field(default_factory=dict)
    teams: dict[ObjectName, dict[AlertSeverity | Literal["default"], ObjectName]] = Field(default_factory=dict)
    receivers: dict[ObjectName, ReceiverSpec]
