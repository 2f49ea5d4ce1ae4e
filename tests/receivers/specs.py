"""A spec with receivers of every kind that a version of Alertmanager has."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml

from tests.diagnostics.case import BASE

VERSIONS = [f"0.{minor}" for minor in range(25, 35)]

# Each on its own, so that what a version lacks can be told one by one.
WAYS: dict[str, dict[str, Any]] = {
    "webhook": {"webhook": {"url": "http://hooks.example.com/", "token_secret": "hooks/token"}},
    "webhook-file": {"webhook": {"url_secret": "hooks/url", "send_resolved": False}},
    "slack": {"slack": {"channel": "#alerts", "url_secret": "slack/url"}},
    "pagerduty": {"pagerduty": {"routing_key_secret": "pagerduty/key"}},
    "opsgenie": {"opsgenie": {"api_key_secret": "opsgenie/key", "api_url": "https://api.eu.opsgenie.com/"}},
    "email": {
        "email": {
            "to": "ops@example.com",
            "from": "alerts@example.com",
            "smarthost": "mail.example.com:587",
            "username": "alerts",
            "password_secret": "mail/password",
        }
    },
    "teams": {"teams": {"url": "http://teams-relay.monitoring.svc/"}},
    "teams-file": {"teams": {"url_secret": "teams/url"}},
    "wecom": {
        "wecom": {"corp_id": "ww1", "agent_id": "1000002", "api_secret": "wecom/secret", "to_party": "2", "to_tag": "3"}
    },
    "wecom-relay": {"wecom_bot": {"relay_url": "http://relay.monitoring.svc/wecom"}},
    "wecom-bot": {"wecom_bot": {"url_secret": "wecom/bot"}},
    "dingtalk": {"dingtalk": {"relay_url": "http://dingtalk.monitoring.svc:8060/", "target": "ops"}},
    "feishu-relay": {"feishu": {"relay_url": "http://relay.monitoring.svc/feishu"}},
    "feishu": {"feishu": {"url_secret": "feishu/bot"}},
    "several": {
        "webhook": {"url": "http://hooks.example.com/"},
        "dingtalk": {"relay_url": "http://dingtalk.monitoring.svc:8060"},
        "pagerduty": {"routing_key_secret": "pagerduty/key"},
    },
}


def write_spec(folder: Path, version: str, receivers: dict[str, Any], **environment: Any) -> Path:
    """A spec with these receivers, told in the order given: the first is the default."""
    shutil.copytree(BASE, folder, dirs_exist_ok=True)
    spec = {
        "extends": ["base.yaml"],
        "environment": {"alertmanager": {"version": version, **environment}},
        "routing": {
            "default": next(iter(receivers)),
            "routes": {f"to-{name}": {"match": [f'namespace="{name}"'], "receivers": [name]} for name in receivers},
            "receivers": receivers,
        },
    }
    path = folder / "spec.yaml"
    path.write_text(yaml.safe_dump(spec, sort_keys=False), encoding="utf-8")
    return path
