"""The form of receivers: where notifications go; secrets only by reference."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from obsgen.spec.written import Written

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
