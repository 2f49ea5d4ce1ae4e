"""Chats in Alertmanager's own form: those that it knows, and those that it reaches through webhooks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from obsgen.emit.mounting import filled, mounted
from obsgen.spec.receivers import BotSpec, DingTalkSpec, ReceiverSpec, SlackSpec, TeamsSpec, WeComSpec
from obsgen.spec.stack import AlertmanagerSpec
from obsgen.units import Version

# The workflows of Teams took the place of its connectors, and Alertmanager has a form of its own for them.
TEAMS_WORKFLOWS = Version(0, 28)

# What each bot takes. Alertmanager reads what it has filled in as YAML once more: see obsgen.tmpl.
_FEISHU = {"msg_type": "text", "content": {"text": filled("text")}}
_WECOM = {"msgtype": "markdown", "markdown": {"content": filled("brief")}}


def chat_configs(spec: ReceiverSpec, target: AlertmanagerSpec) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each chat of the receiver with the list that it belongs to."""
    folder = target.secrets_folder
    if spec.slack:
        yield "slack_configs", _slack(spec.slack, folder)
    if spec.teams:
        kind = "msteamsv2_configs" if target.version >= TEAMS_WORKFLOWS else "msteams_configs"
        yield kind, _teams(spec.teams, folder)
    if spec.wecom:
        yield "wechat_configs", _wecom(spec.wecom, folder)
    if spec.wecom_bot:
        yield "webhook_configs", _bot(spec.wecom_bot, folder, _WECOM)
    if spec.dingtalk:
        yield "webhook_configs", _dingtalk(spec.dingtalk)
    if spec.feishu:
        yield "webhook_configs", _bot(spec.feishu, folder, _FEISHU)


def _slack(spec: SlackSpec, folder: str) -> dict[str, Any]:
    return {
        "api_url_file": mounted(spec.url_secret, folder),
        "channel": spec.channel,
        "send_resolved": spec.send_resolved,
        "color": filled("slack.color"),
        "fallback": filled("title"),
        "title": filled("title"),
        "title_link": "{{ .CommonAnnotations.dashboard_url }}",
        "text": filled("slack.text"),
    }


def _teams(spec: TeamsSpec, folder: str) -> dict[str, Any]:
    where = {"webhook_url": spec.url} if spec.url else {"webhook_url_file": mounted(spec.url_secret or "", folder)}
    return {**where, "send_resolved": spec.send_resolved, "title": filled("title"), "text": filled("markdown")}


def _wecom(spec: WeComSpec, folder: str) -> dict[str, Any]:
    recipients = {"to_party": spec.to_party, "to_user": spec.to_user, "to_tag": spec.to_tag}
    return {
        "corp_id": spec.corp_id,
        "agent_id": spec.agent_id,
        "api_secret_file": mounted(spec.api_secret, folder),
        **{name: given for name, given in recipients.items() if given},
        "send_resolved": spec.send_resolved,
        "message_type": "markdown",
        "message": filled("brief"),
    }


def _bot(spec: BotSpec, folder: str, payload: dict[str, Any]) -> dict[str, Any]:
    if spec.relay_url:
        return {"url": spec.relay_url, "send_resolved": spec.send_resolved}
    return {
        "url_file": mounted(spec.url_secret or "", folder),
        "send_resolved": spec.send_resolved,
        "payload": payload,
    }


def _dingtalk(spec: DingTalkSpec) -> dict[str, Any]:
    url = f"{spec.relay_url.rstrip('/')}/dingtalk/{spec.target}/send"
    return {"url": url, "send_resolved": spec.send_resolved}
