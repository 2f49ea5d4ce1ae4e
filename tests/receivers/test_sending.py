"""One alert through a real Alertmanager on the emitted configuration: what each chat is really sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

import obsgen
from tests.e2e.processes import Server, free_ports
from tests.e2e.tools import Release, folder_id, installed, release
from tests.e2e.waiting import wait_until
from tests.receivers.listening import Posted, listening
from tests.receivers.specs import write_spec

# Of several versions the newest is enough for every day; it has what the others have and more.
*OLDER, NEWEST = installed("bookworm", "sid")
RELEASES = [*(pytest.param(one, marks=pytest.mark.e2e, id=folder_id(one)) for one in OLDER)]
RELEASES += [pytest.param(NEWEST, id=folder_id(NEWEST))]

ALERT = {
    "labels": {"alertname": "QueueDeep", "severity": "critical", "team": "shop", "cluster": "prod"},
    # A payload is read as YAML once more: this must arrive as the text that it is.
    "annotations": {
        "summary": "Orders: wait",
        "description": 'a: {"b": [1, "<&>"]} # {{ .ExternalURL }}',
        "runbook_url": "https://git.example.com/queue.md#queuedeep",
    },
}
TITLE = "[FIRING 1] P1 QueueDeep in prod: Orders: wait"
TEXT = f"""{TITLE}

FIRING P1 QueueDeep
Orders: wait
{ALERT["annotations"]["description"]}
Owner shop, cluster prod
Runbook: https://git.example.com/queue.md#queuedeep"""


@dataclass(frozen=True, slots=True)
class Sent:
    """What was posted after an alert fired, and after it resolved."""

    posted: Posted
    ways: set[str]

    def first(self, way: str) -> Any:
        """The first body that this way was sent; there is no such test where the version lacks the way."""
        if way not in self.ways:
            pytest.skip(f"this Alertmanager has no {way}")
        return self.posted.bodies[way][0]


def receivers(version: str, posted: Posted, secrets: Path) -> dict[str, Any]:
    """Ways that this version has, each with an address of its own; those with files lie in `secrets`."""

    def secret(name: str) -> str:
        folder = name.replace("_", "-")
        (secrets / folder).mkdir(parents=True)
        (secrets / folder / "url").write_text(f"{posted.url(name)}\n", encoding="utf-8")
        return f"{folder}/url"

    (secrets / "hook").mkdir(parents=True)
    (secrets / "hook" / "token").write_text("s3same", encoding="utf-8")
    ways: dict[str, Any] = {
        "webhook": {"url": posted.url("webhook"), "token_secret": "hook/token"},
        "slack": {"channel": "#alerts", "url_secret": secret("slack")},
        "dingtalk": {"relay_url": posted.url("relay")},
    }
    minor = int(version.split(".")[1])
    if minor >= 28:
        ways["teams"] = {"url_secret": secret("teams")}
    if minor >= 32:
        ways["feishu"] = {"url_secret": secret("feishu")}
        ways["wecom_bot"] = {"url_secret": secret("wecom_bot")}
    return ways


@pytest.fixture(scope="module", params=RELEASES)
def sent(request, tmp_path_factory) -> Iterator[Sent]:
    here: Release = release(request.param)
    folder = tmp_path_factory.mktemp("sending")
    (port,) = free_ports(1)
    with listening() as posted:
        ways = receivers(here.alertmanager_version, posted, folder / "secrets")
        spec = hasty_spec(here, folder, ways)
        obsgen.build(spec, folder / "out", ("prometheus",))
        server = alertmanager(here, folder, f"127.0.0.1:{port}")
        try:
            server.start()
            server.wait_until_ready()
            fire_and_resolve(f"http://127.0.0.1:{port}", posted, len(ways))
        except AssertionError:
            print(server.log_tail())
            raise
        finally:
            server.stop()
        yield Sent(posted, set(ways))


def hasty_spec(here: Release, folder: Path, ways: dict[str, Any], **environment: Any) -> Path:
    """One receiver with all these ways, which is told at once."""
    environment = {"secrets_folder": str(folder / "secrets"), **environment}
    spec = write_spec(folder, here.alertmanager_version, {"all": ways}, **environment)
    body = yaml.safe_load(spec.read_text())
    body["routing"]["tiers"] = {"P3": {"group_wait": "0s", "group_interval": "1s"}}
    spec.write_text(yaml.safe_dump(body), encoding="utf-8")
    return spec


def alertmanager(here: Release, folder: Path, address: str) -> Server:
    command = [
        *here.alertmanager,
        f"--config.file={folder / 'out' / 'alertmanager' / 'alertmanager.yaml'}",
        "--storage.path=data",
        f"--web.listen-address={address}",
        "--cluster.listen-address=",
    ]
    return Server("alertmanager", command, f"http://{address}/-/ready", folder / "alertmanager")


def fire_and_resolve(url: str, posted: Posted, count: int) -> None:
    for times, ends in ((1, "2999-01-01T00:00:00Z"), (2, "2024-01-01T00:01:00Z")):
        body = {**ALERT, "startsAt": "2024-01-01T00:00:00Z", "endsAt": ends}
        done = requests.post(f"{url}/api/v2/alerts", json=[body], timeout=5)
        assert done.ok, done.text
        wait_until(
            lambda: {path: len(bodies) for path, bodies in posted.bodies.items()},
            lambda seen, times=times: len(seen) == count and min(seen.values()) >= times,
            what=f"every way is told {times} times",
            seconds=15,
        )


def test_a_webhook_gets_alertmanagers_own_form_and_its_token(sent):
    body = sent.first("webhook")
    assert body["alerts"][0]["annotations"] == ALERT["annotations"]
    assert sent.posted.tokens["webhook"] == "Bearer s3same"


def test_slack_gets_title_text_and_color(sent):
    body = sent.first("slack")
    assert body["channel"] == "#alerts"
    (attachment,) = body["attachments"]
    assert (attachment["title"], attachment["fallback"], attachment["color"]) == (TITLE, TITLE, "danger")
    assert attachment["text"] == (
        "*FIRING P1 QueueDeep*\nOrders: wait\n"
        'a: {"b": [1, "&lt;&amp;&gt;"]} # {{ .ExternalURL }}\n'
        "Owner shop, cluster prod\n<https://git.example.com/queue.md#queuedeep|Runbook>"
    )


def test_dingtalks_relay_gets_alertmanagers_own_form_at_the_path_of_its_target(sent):
    (path,) = (path for path in sent.posted.bodies if path.startswith("relay"))
    assert path == "relay/dingtalk/webhook1/send"
    assert sent.posted.bodies[path][0]["alerts"][0]["labels"]["alertname"] == "QueueDeep"


def test_teams_gets_a_card(sent):
    card = sent.first("teams")["attachments"][0]["content"]
    title, text = (block["text"] for block in card["body"])
    assert title == TITLE
    assert text.startswith("**FIRING P1 QueueDeep**\n\nOrders: wait\n\na: {")
    assert text.endswith("[Runbook](https://git.example.com/queue.md#queuedeep)")


def test_feishu_gets_its_own_form_with_the_text_as_text(sent):
    assert sent.first("feishu") == {"msg_type": "text", "content": {"text": TEXT}}


def test_a_wecom_bot_gets_its_own_form_with_the_text_as_text(sent):
    body = sent.first("wecom_bot")
    assert body["msgtype"] == "markdown"
    assert body["markdown"]["content"].startswith(f"{TITLE}\n\n**FIRING P1 QueueDeep**\na: {{")


def test_everybody_is_told_when_it_is_over(sent):
    assert all(len(bodies) >= 2 for bodies in sent.posted.bodies.values())
    assert sent.posted.bodies["slack"][1]["attachments"][0]["title"].startswith("[RESOLVED 1] P1 QueueDeep")
