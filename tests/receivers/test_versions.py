"""Every version of Alertmanager gets only what it knows, and is refused only what it does not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml

from obsgen.check.amtool import routing_findings
from obsgen.check.own import own_findings
from obsgen.check.receiver_versions import OPERATORS_REFUSAL
from obsgen.emit.alertmanager import configuration
from obsgen.emit.notifications import BESIDE_CONFIGURATION
from obsgen.pipeline import compile_stack, documents
from obsgen.programs.binaries import BinaryMissing
from obsgen.programs.checkers import find_tool
from obsgen.spec.receivers import ReceiverSpec
from obsgen.units import Version
from tests.conftest import ROOT
from tests.receivers.specs import VERSIONS, WAYS, write_spec
from tests.schemas.alertmanager import Fields, generations, perhaps_known, surely_known

HERE = Path(__file__).resolve().parent
needs_sources = pytest.mark.skipif(not generations(), reason="no source of Alertmanager in .tools: `make generations`")

# The list of a receiver, what Alertmanager calls its entries, and what the operator does.
STRUCTURES = {
    "webhook_configs": ("WebhookConfig", "webhookConfig"),
    "slack_configs": ("SlackConfig", "slackConfig"),
    "pagerduty_configs": ("PagerdutyConfig", "pagerdutyConfig"),
    "opsgenie_configs": ("OpsGenieConfig", "opsgenieConfig"),
    "email_configs": ("EmailConfig", "emailConfig"),
    "msteams_configs": ("MSTeamsConfig", "msTeamsConfig"),
    "msteamsv2_configs": ("MSTeamsV2Config", "msTeamsV2Config"),
    "wechat_configs": ("WechatConfig", "weChatConfig"),
    "links": ("PagerdutyLink", "pagerdutyLink"),
}


@cache
def parsed_by_operator() -> dict[str, list[str]]:
    found: dict[str, list[str]] = yaml.safe_load((HERE / "operators_fields.yaml").read_text())
    return found


def used(tree: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Every field of the configuration: Alertmanager's name of what holds it, the operator's, and its own."""

    def of(body: dict[str, Any], alertmanagers: str, operators: str) -> Iterator[tuple[str, str, str]]:
        yield from ((alertmanagers, operators, name) for name in body)

    def routes(route: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield route
        for child in route.get("routes", []):
            yield from routes(child)

    yield from of(tree, "Config", "alertmanagerConfig")
    for route in routes(tree["route"]):
        yield from of(route, "Route", "route")
    for rule in tree["inhibit_rules"]:
        yield from of(rule, "InhibitRule", "inhibitRule")
    for receiver in tree["receivers"]:
        yield from of(receiver, "Receiver", "receiver")
        for kind, bodies in receiver.items():
            for body in bodies if kind != "name" else ():
                yield from of(body, *STRUCTURES[kind])
                for link in body.get("links", []):
                    yield from of(link, *STRUCTURES["links"])


def http_fields(tree: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for receiver in tree["receivers"]:
        for bodies in (found for kind, found in receiver.items() if kind != "name"):
            for http in (body["http_config"] for body in bodies if "http_config" in body):
                yield from (("httpClientConfig", name) for name in http)
                yield from (("authorization", name) for name in http["authorization"])


def unknown(tree: dict[str, Any], fields: Fields) -> list[str]:
    return [f"{holder}.{name}" for holder, _, name in used(tree) if name not in fields.get(holder, ())]


def unparsed(tree: dict[str, Any]) -> list[str]:
    held = [(holder, name) for _, holder, name in used(tree)] + list(http_fields(tree))
    return [f"{holder}.{name}" for holder, name in held if name not in parsed_by_operator()[holder]]


@cache
def supported(version: str, target: str) -> dict[str, Any]:
    """The ways that obsgen lets this version have."""
    with TemporaryDirectory() as folder:
        spec = write_spec(Path(folder), version, WAYS)
        compiled, lines = compile_stack(spec), spec.read_text().splitlines()
    codes = {"OBS421", OPERATORS_REFUSAL} if target == "prometheus-operator" else {"OBS421"}
    places = [one.location for one in own_findings(compiled.stack, compiled.bundle) if one.code in codes]
    refused = {_receiver_at(lines, place.line) for place in places if place}
    return {name: way for name, way in WAYS.items() if name not in refused}


def _receiver_at(lines: list[str], line: int) -> str:
    above = (one for one in reversed(lines[:line]) if one.startswith("    ") and not one.startswith("     "))
    return next(above).strip().rstrip(":")


@needs_sources
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", WAYS)
def test_a_way_is_refused_exactly_where_alertmanager_would_not_know_a_field(version, name, tmp_path):
    compiled = compile_stack(write_spec(tmp_path, version, {name: WAYS[name]}))
    findings = own_findings(compiled.stack, compiled.bundle)
    assert compiled.bundle.routing
    tree = configuration(compiled.bundle.routing, compiled.stack.environment.alertmanager, BESIDE_CONFIGURATION)
    refused = "OBS421" in {one.code for one in findings}
    # A version whose source is there is both; between two of them, the truth lies between what these know.
    assert refused or not unknown(tree, perhaps_known(Version.parse(version)))
    assert not refused or unknown(tree, surely_known(Version.parse(version)))


@needs_sources
@pytest.mark.parametrize("version", VERSIONS)
def test_alertmanager_knows_every_field_of_all_receivers_that_are_let_through(version, tmp_path):
    ways = supported(version, "prometheus")
    compiled = compile_stack(write_spec(tmp_path, version, ways))
    emitted = {one.path: one.text for one in documents(compiled, ["prometheus"])}
    tree = yaml.safe_load(emitted["alertmanager/alertmanager.yaml"])
    assert unknown(tree, perhaps_known(Version.parse(version))) == []


@needs_sources
@pytest.mark.parametrize("version", VERSIONS)
def test_the_operator_parses_every_field_of_all_receivers_that_are_let_through(version, tmp_path):
    ways = supported(version, "prometheus-operator")
    compiled = compile_stack(write_spec(tmp_path, version, ways))
    emitted = {one.path: one.text for one in documents(compiled, ["prometheus-operator"])}
    secret = yaml.safe_load(next(text for path, text in emitted.items() if "--Secret--" in path))
    tree = yaml.safe_load(secret["stringData"]["alertmanager.yaml"])
    assert unparsed(tree) == []
    assert unknown(tree, perhaps_known(Version.parse(version))) == []
    assert tree["templates"] == ["/etc/alertmanager/config/*.tmpl"]
    assert 'define "obsgen.title"' in secret["stringData"]["obsgen.tmpl"]


def test_the_last_version_has_every_way_and_each_is_tried_here():
    assert supported(VERSIONS[-1], "prometheus-operator") == WAYS
    assert {kind for way in WAYS.values() for kind in way} == set(ReceiverSpec.model_fields)


@pytest.mark.parametrize(
    ("version", "missing"),
    [
        ("0.25", {"webhook-file", "teams", "teams-file", "wecom", "wecom-bot", "feishu"}),
        ("0.26", {"teams-file", "wecom", "wecom-bot", "feishu"}),
        ("0.27", {"wecom", "wecom-bot", "feishu"}),
        ("0.31", {"wecom-bot", "feishu"}),
        ("0.32", set()),
    ],
)
def test_each_version_brings_what_it_brought(version, missing):
    assert set(WAYS) - set(supported(version, "prometheus")) == missing


@pytest.mark.parametrize("version", VERSIONS)
def test_amtool_accepts_all_receivers_that_are_let_through(version, tmp_path):
    release = "bookworm" if version == "0.25" else "sid"
    try:
        amtool = find_tool("amtool", ROOT / ".tools" / release / "usr" / "bin")
    except BinaryMissing as gone:
        pytest.skip(str(gone))
    compiled = compile_stack(write_spec(tmp_path, version, supported(version, "prometheus")))
    if version != "0.25" and str(amtool.version) == "0.25":
        pytest.skip(f"amtool {amtool.version} does not know what came after it")
    stated = compiled.stack.environment.alertmanager.version
    if amtool.version < stated:
        amtool = type(amtool)(amtool.name, amtool.path, stated)
    assert routing_findings(amtool, compiled.stack, compiled.bundle) == ()


@pytest.mark.parametrize("version", VERSIONS)
def test_every_way_says_whether_it_tells_the_end_and_names_no_secret(version, tmp_path):
    compiled = compile_stack(write_spec(tmp_path, version, supported(version, "prometheus")))
    assert compiled.bundle.routing
    tree = configuration(compiled.bundle.routing, compiled.stack.environment.alertmanager, BESIDE_CONFIGURATION)
    bodies = [body for one in tree["receivers"] for kind, found in one.items() if kind != "name" for body in found]
    assert all(isinstance(body["send_resolved"], bool) for body in bodies)
    secrets = {"service_key", "routing_key", "api_key", "auth_password", "api_secret", "credentials"}
    assert [name for body in bodies for name in secrets & set(body)] == []
