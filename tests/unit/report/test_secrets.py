from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from obsgen.cli import main
from obsgen.pipeline import Compiled, documents

ROOT = Path(__file__).resolve().parents[3]
HEAD = {"apiVersion": "obsgen.dev/v1", "kind": "MonitoringStack", "metadata": {"name": "few"}}


def printed(spec: Path, *options: str) -> str:
    done = CliRunner().invoke(main, ["secrets", str(spec), *options])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def spec(tmp_path):
    body = {
        **HEAD,
        "environment": {
            "cluster": "c1",
            "prometheus": {"namespace": "observing"},
            "alertmanager": {"namespace": "alerting", "version": "0.31", "secrets_folder": "/mnt/secrets/"},
            "runbooks": {"base_url": "https://git.example.com/"},
        },
        "kubernetes": {
            "etcd": {"scrape": {"etcd": {"targets": ["10.0.0.1:2379"], "scheme": "https", "tls": {"secret": "etcd"}}}}
        },
        "routing": {
            "default": "chat",
            "receivers": {
                "chat": {
                    "webhook": {"url": "http://chat.example.com/", "token_secret": "chat/token"},
                    "wecom": {"corp_id": "ww1", "agent_id": "1", "api_secret": "chat/app.secret", "to_user": "@all"},
                    "slack": {"channel": "#a", "url_secret": "chat/token"},
                }
            },
        },
    }
    path = tmp_path / "spec.yaml"
    path.write_text(yaml.safe_dump(body), encoding="utf-8")
    return path


def test_every_key_is_listed_with_its_user_and_its_path(spec):
    lines = [" ".join(line.split()) for line in printed(spec).splitlines()]
    assert lines[:7] == [
        "namespace secret key used by mounted at",
        "alerting chat app.secret receiver chat: wecom.api_secret /mnt/secrets/chat/app.secret",
        "alerting chat token receiver chat: slack.url_secret /mnt/secrets/chat/token",
        "alerting chat token receiver chat: webhook.token_secret /mnt/secrets/chat/token",
        "observing etcd ca.crt scrape etcd: tls.secret /etc/prometheus/secrets/etcd/ca.crt",
        "observing etcd tls.crt scrape etcd: tls.secret /etc/prometheus/secrets/etcd/tls.crt",
        "observing etcd tls.key scrape etcd: tls.secret /etc/prometheus/secrets/etcd/tls.key",
    ]


def test_what_the_operator_must_be_told_can_be_pasted(spec):
    _, _, fragment = printed(spec).partition("\nspec:")
    assert yaml.safe_load("spec:" + fragment) == {"spec": {"secrets": ["chat"]}}


def test_a_folder_that_the_operator_does_not_mount_at_is_mentioned(spec):
    sentence = "It mounts below /etc/alertmanager/secrets, where secrets_folder (/mnt/secrets) does not point"
    assert sentence in printed(spec)
    assert "secrets_folder" not in printed(ROOT / "config" / "example.yaml")


def test_an_alertmanager_config_needs_the_secrets_beside_it_and_none_mounted(spec):
    body = yaml.safe_load(spec.read_text())
    body["environment"]["alertmanager"] |= {"delivery": "alertmanagerconfig", "matcher_strategy": "None"}
    spec.write_text(yaml.safe_dump(body), encoding="utf-8")
    text = printed(spec)
    assert "alerting   chat    token" in text
    assert "spec:" not in text
    assert "reads what receivers need, in alerting, where the AlertmanagerConfig is.\nNothing has to be mounted" in text
    assert json.loads(printed(spec, "--format", "json"))["alertmanager"] == {
        "namespace": "alerting",
        "spec": {"secrets": []},
    }


def test_json_groups_keys_by_secret(spec):
    body = json.loads(printed(spec, "--format", "json"))
    assert body["alertmanager"] == {"namespace": "alerting", "spec": {"secrets": ["chat"]}}
    chat, etcd = body["secrets"]
    assert (chat["namespace"], chat["name"], etcd["namespace"], etcd["name"]) == (
        "alerting",
        "chat",
        "observing",
        "etcd",
    )
    assert chat["keys"][1] == {
        "key": "token",
        "path": "/mnt/secrets/chat/token",
        "used_by": ["receiver chat: slack.url_secret", "receiver chat: webhook.token_secret"],
    }
    assert [one["key"] for one in etcd["keys"]] == ["ca.crt", "tls.crt", "tls.key"]


def test_every_path_that_is_emitted_is_listed(example: Compiled):
    listed = json.loads(printed(ROOT / "config" / "example.yaml", "--format", "json"))
    paths = {key["path"] for secret in listed["secrets"] for key in secret["keys"]}
    texts = "".join(one.text for one in documents(example, ["prometheus"]))
    assert paths
    assert all(path in texts for path in paths)
    emitted = {word.strip("'\"") for word in texts.split() if word.startswith("/etc/alertmanager/secrets/")}
    assert emitted == {path for path in paths if path.startswith("/etc/alertmanager/")}


def test_a_stack_without_secrets_says_so(tmp_path):
    body = {
        **HEAD,
        "environment": {"cluster": "c1", "runbooks": {"base_url": "https://git.example.com/"}},
        "routing": {"default": "chat", "receivers": {"chat": {"webhook": {"url": "http://chat.example.com/"}}}},
    }
    (tmp_path / "spec.yaml").write_text(yaml.safe_dump(body), encoding="utf-8")
    assert printed(tmp_path / "spec.yaml") == "the stack 'few' refers to no Secret\n"
    assert json.loads(printed(tmp_path / "spec.yaml", "--format", "json"))["secrets"] == []


def test_a_broken_spec_is_reported_as_everywhere(tmp_path):
    (tmp_path / "spec.yaml").write_text("apiVersion: obsgen.dev/v1\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["secrets", str(tmp_path / "spec.yaml")])
    assert done.exit_code == 2
    assert "OBS110" in done.output
