"""An AlertmanagerConfig has no file of templates beside it, and its receivers say what those of the Secret say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml

from obsgen.check.own import own_findings
from obsgen.emit.alertmanager_config import config_spec
from obsgen.emit.definitions import definitions
from obsgen.pipeline import compile_stack, documents
from tests.e2e.processes import free_ports
from tests.e2e.tools import Release, release
from tests.receivers.listening import Posted, listening
from tests.receivers.mailbox import mailbox
from tests.receivers.specs import VERSIONS, WAYS, write_spec
from tests.receivers.test_sending import RELEASES, TITLE, alertmanager, fire_and_resolve, hasty_spec, receivers
from tests.routes.merged import merged
from tests.schemas import operator

CRD = {"apiVersion": "monitoring.coreos.com/v1alpha1", "kind": "AlertmanagerConfig"}
CONFIG = {"delivery": "alertmanagerconfig", "matcher_strategy": "None"}


@pytest.mark.parametrize("version", VERSIONS)
def test_whatever_is_not_refused_is_taken_by_the_api_server(version: str, tmp_path: Path) -> None:
    taken: set[str] = set()
    for name, ways in WAYS.items():
        compiled = compile_stack(write_spec(tmp_path / name, version, {name: ways}, **CONFIG))
        if any(one.level == "error" for one in own_findings(compiled.stack, compiled.bundle)):
            continue
        assert compiled.bundle.routing
        spec = config_spec(compiled.bundle.routing, compiled.stack.environment.alertmanager)
        assert operator.mistakes({**CRD, "spec": spec}) == [], name
        taken.add(name)
    refused = WAYS.keys() - taken
    assert refused >= {"teams", "wecom-bot", "feishu"}
    # From 0.31 on there is all that the object can carry.
    assert version < "0.31" or refused == {"teams", "wecom-bot", "feishu"}


def test_no_text_names_a_template_that_it_does_not_bring_along(tmp_path: Path) -> None:
    ways = {name: one for name, one in WAYS.items() if name not in ("teams", "wecom-bot", "feishu")}
    compiled = compile_stack(write_spec(tmp_path, "0.34", ways, **CONFIG))
    assert compiled.bundle.routing
    spec = config_spec(compiled.bundle.routing, compiled.stack.environment.alertmanager)
    texts = [*_texts(spec["receivers"])]
    for text in texts:
        uses = set(re.findall(r'{{ ?template "([^"]+)"', text))
        assert uses <= set(re.findall(r'{{define "([^"]+)"', text))
    assert {name for text in texts for name in re.findall(r'{{define "([^"]+)"', text)} == definitions().keys()


def _texts(body: Any) -> Iterator[str]:
    if isinstance(body, str):
        yield body
    elif isinstance(body, (list, dict)):
        for one in body.values() if isinstance(body, dict) else body:
            yield from _texts(one)


@pytest.fixture(scope="module", params=RELEASES)
def sent(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Posted, Posted]:
    """What the same alert makes of either delivery, through a real Alertmanager."""
    here = release(request.param)
    folder = tmp_path_factory.mktemp("deliveries")
    return _sent(here, folder / "own", {}), _sent(here, folder / "merged", CONFIG)


def _sent(here: Release, folder: Path, environment: dict[str, Any]) -> Posted:
    folder.mkdir()
    with ExitStack() as stack:
        posted = stack.enter_context(listening())
        host = stack.enter_context(mailbox(posted))
        ways = receivers(here.alertmanager_version, posted, folder / "secrets")
        ways = {kind: way for kind, way in ways.items() if kind not in ("feishu", "wecom_bot")}
        ways["email"] = {"to": "a@example.com", "from": "b@example.com", "smarthost": host, "require_tls": False}
        _write(hasty_spec(here, folder, ways, **environment), folder, folder / "out" / "alertmanager")
        (port,) = free_ports(1)
        server = alertmanager(here, folder, f"127.0.0.1:{port}")
        try:
            server.start()
            server.wait_until_ready()
            fire_and_resolve(f"http://127.0.0.1:{port}", posted, len(ways))
        finally:
            print(server.log_tail())
            server.stop()
        return posted


def _write(spec: Path, folder: Path, out: Path) -> None:
    """Alertmanager's own configuration with its templates, or what the operator makes of the object alone."""
    compiled = compile_stack(spec)
    if compiled.stack.environment.alertmanager.delivery == "secret":
        found = {one.path: one.text for one in documents(compiled, ["prometheus"])}
        files = {path: text for path, text in found.items() if path.startswith("alertmanager/")}
    else:
        (config,) = (
            yaml.safe_load(one.text)
            for one in documents(compiled, ["prometheus-operator"])
            if "--AlertmanagerConfig--" in one.path
        )
        least = {"route": {"receiver": "null"}, "receivers": [{"name": "null"}]}

        def secret(reference: str) -> str:
            return (folder / "secrets" / reference).read_text(encoding="utf-8").strip()

        tree = merged(least, [config], strategy="None", namespace="elsewhere", secrets=secret)
        files = {"alertmanager/alertmanager.yaml": yaml.safe_dump(tree)}
    for path, text in files.items():
        (out.parent / path).parent.mkdir(parents=True, exist_ok=True)
        (out.parent / path).write_text(text, encoding="utf-8")


def test_both_deliveries_say_the_same_word_for_word(sent: tuple[Posted, Posted]) -> None:
    own, other = sent
    assert other.bodies.keys() == own.bodies.keys() >= {"webhook", "slack", "email"}
    for way, bodies in own.bodies.items():
        # Firing, and over.
        assert [_said(one) for one in other.bodies[way][:2]] == [_said(one) for one in bodies[:2]], way
    assert other.tokens == own.tokens


def test_what_they_say_is_what_the_templates_say(sent: tuple[Posted, Posted]) -> None:
    _, other = sent
    (attachment,) = other.bodies["slack"][0]["attachments"]
    mail = other.bodies["email"][0]
    assert (attachment["title"], mail["subject"]) == (TITLE, TITLE)
    assert attachment["text"].startswith("*FIRING P1 QueueDeep*\nOrders: wait\n")
    assert "<h3>FIRING P1 QueueDeep</h3>" in mail["html"]
    assert mail["plain"].startswith(TITLE)


def _said(body: dict[str, Any]) -> dict[str, Any]:
    """What was posted but for what names the receiver and the Alertmanager, which differ."""
    return {name: value for name, value in body.items() if name not in ("receiver", "externalURL", "groupKey")}
