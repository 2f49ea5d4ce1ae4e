"""The form of receivers: where notifications go; secrets only by reference."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from obsgen.address import is_address
from obsgen.spec.names import SecretReference
from obsgen.spec.written import Written


def _address(url: str) -> str:
    if not is_address(url):
        msg = f"'{url}' is not an address to send to: write http:// or https:// and the host"
        raise ValueError(msg)
    return url


def _smarthost(text: str) -> str:
    found = re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^\s:/@\[\]]+):(\d{1,5})", text)
    if not found or not 0 < int(found[2]) < 65536:
        msg = f"'{text}' is not a mail server: write host:port, such as mail.example.com:587"
        raise ValueError(msg)
    return text


def _channel(text: str) -> str:
    # Typed in a chat or an office program, quotes come out curly, and YAML takes them for a part of the text.
    if quoted := re.search("[\u2018-\u201f\"'`\\s]", re.sub(r"\{\{.*?\}\}", "", text)):
        msg = f'the name of a channel has no {quoted[0]!r} in it: write it as "#alerts"'
        raise ValueError(msg)
    return text


Channel = Annotated[str, AfterValidator(_channel)]
Address = Annotated[str, AfterValidator(_address)]
Smarthost = Annotated[str, AfterValidator(_smarthost)]


class WaySpec(Written):
    """One way of sending."""

    send_resolved: bool = Field(default=True, description="whether to say when it is over")

    def secrets(self) -> Iterator[tuple[str, str]]:
        """The fields that refer to secrets, with what they refer to."""
        for name in type(self).model_fields:
            reference = getattr(self, name)
            if name.endswith("_secret") and reference is not None:
                yield name, reference


class WebhookSpec(WaySpec):
    """A webhook: a plain address, or one that is itself a secret."""

    url: Address | None = None
    url_secret: SecretReference | None = None
    token_secret: SecretReference | None = Field(None, description="a bearer token that goes with every notification")


class SlackSpec(WaySpec):
    """A Slack channel."""

    channel: Channel
    url_secret: SecretReference


class PagerDutySpec(WaySpec):
    """A PagerDuty service, by its Events v2 routing key."""

    routing_key_secret: SecretReference


class OpsgenieSpec(WaySpec):
    """An Opsgenie integration."""

    api_key_secret: SecretReference
    api_url: Address | None = Field(None, description="https://api.eu.opsgenie.com/ for accounts in the EU")


class EmailSpec(WaySpec):
    """A mail address, through a mail server."""

    to: str
    from_: str = Field(alias="from")
    smarthost: Smarthost = Field(description="the mail server as host:port")
    username: str | None = None
    password_secret: SecretReference | None = None
    require_tls: bool = True


class TeamsSpec(WaySpec):
    """A channel of Microsoft Teams: the secret address of its workflow, or a relay of your own."""

    url: Address | None = None
    url_secret: SecretReference | None = None


class WeComSpec(WaySpec):
    """An application of WeCom and whom it tells; several are joined by |."""

    corp_id: str
    agent_id: str
    api_secret: SecretReference
    to_party: str | None = None
    to_user: str | None = None
    to_tag: str | None = None


class BotSpec(WaySpec):
    """A bot in a group chat: its secret address, or a relay that knows the bot and signs for it."""

    url_secret: SecretReference | None = None
    relay_url: Address | None = None


class DingTalkSpec(WaySpec):
    """A bot of DingTalk, through prometheus-webhook-dingtalk, which holds token and signature."""

    relay_url: Address = Field(description="where the relay listens, such as http://dingtalk.monitoring.svc:8060")
    target: Annotated[str, StringConstraints(pattern=r"^[-._a-zA-Z0-9]+$")] = Field(
        "webhook1", description="the bot's name in the relay's configuration"
    )


class ReceiverSpec(Written):
    """Where notifications go; at least one way must be named."""

    webhook: WebhookSpec | None = None
    slack: SlackSpec | None = None
    pagerduty: PagerDutySpec | None = None
    opsgenie: OpsgenieSpec | None = None
    email: EmailSpec | None = None
    teams: TeamsSpec | None = None
    wecom: WeComSpec | None = None
    wecom_bot: BotSpec | None = None
    dingtalk: DingTalkSpec | None = None
    feishu: BotSpec | None = None

    def ways(self) -> Iterator[tuple[str, WaySpec]]:
        """The ways that are named, in the order above."""
        for name in type(self).model_fields:
            way = getattr(self, name)
            if way is not None:
                yield name, way
