"""Every emitted object against the API server's own definitions, where those are at hand."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from obsgen.pipeline import Compiled, compile_stack, documents

ROOT = Path(__file__).resolve().parents[3]
SCHEMAS = ROOT.parent / "shared" / "schemas"

needs_schemas = pytest.mark.skipif(not SCHEMAS.is_dir(), reason=f"no schemas of the operator's CRDs in {SCHEMAS}")


@pytest.fixture(scope="module", params=["example.yaml", "objectives.yaml"])
def example(request: pytest.FixtureRequest) -> Compiled:
    return compile_stack(ROOT / "config" / request.param)


@pytest.fixture(scope="module")
def objects(example: Compiled) -> dict[str, dict[str, Any]]:
    return {one.path: yaml.safe_load(one.text) for one in documents(example) if one.path.endswith(".yaml")}


@cache
def index() -> dict[str, str]:
    found: dict[str, str] = json.loads((SCHEMAS / "crds/index.json").read_text())
    return found


@needs_schemas
def test_every_object_of_the_operator_is_valid_and_complete(objects):
    checked = []
    for path, body in objects.items():
        key = f"{body['apiVersion']}/{body['kind']}"
        if "coreos.com" not in key:
            continue
        schema = json.loads((SCHEMAS / "crds" / index()[key]).read_text())
        found = [
            f"{path}: {list(error.instance_path)}: {error.message}"
            for error in jsonschema_rs.validator_for(schema).iter_errors(body)
        ]
        assert found == []
        checked.append(body["kind"])
    assert {"PrometheusRule", "ServiceMonitor"} <= set(checked)


@needs_schemas
def test_a_wrong_field_would_be_found(objects):
    rule = next(body for body in objects.values() if body["kind"] == "PrometheusRule")
    schema = json.loads((SCHEMAS / "crds" / index()["monitoring.coreos.com/v1/PrometheusRule"]).read_text())
    broken = json.loads(json.dumps(rule))
    broken["spec"]["groups"][0]["rules"][0]["anotations"] = {}
    assert not jsonschema_rs.validator_for(schema).is_valid(broken)


@needs_schemas
def test_alertmanager_and_the_operator_know_every_field_of_the_tree(objects, example):
    fields = json.loads((SCHEMAS / "am_fields.json").read_text())
    parsed = json.loads((SCHEMAS / "operator_am_fields.json").read_text())
    secret = next(body for body in objects.values() if body["kind"] == "Secret")
    tree = yaml.safe_load(secret["stringData"]["alertmanager.yaml"])
    version = example.stack.environment.alertmanager.version

    def since(kind: str, name: str) -> tuple[int, int]:
        major, minor = fields[kind][name]["since"].lstrip("<=").split(".")
        return int(major), int(minor)

    def routes(route: dict[str, Any]) -> list[dict[str, Any]]:
        return [route, *(below for child in route.get("routes", []) for below in routes(child))]

    used = [("route", name) for route in routes(tree["route"]) for name in route]
    used += [("inhibit_rule", name) for rule in tree["inhibit_rules"] for name in rule]
    used += [("receiver", name) for receiver in tree["receivers"] for name in receiver]
    assert all(since(kind, name) <= (version.major, version.minor) for kind, name in used)
    assert parsed


def test_monitors_carry_the_labels_that_prometheus_selects_by(objects, example):
    wanted = example.stack.environment.prometheus.selector_labels.items()
    chosen = [body for body in objects.values() if body["kind"] in ("PrometheusRule", "ServiceMonitor", "ScrapeConfig")]
    assert chosen
    assert all(wanted <= body["metadata"]["labels"].items() for body in chosen)


def test_every_scraped_namespace_has_its_role_and_no_other_has_one(objects, example):
    scraped = {scrape.job.namespace for scrape in example.bundle.scrapes if not scrape.job.targets}
    roles = {body["metadata"]["namespace"] for body in objects.values() if body["kind"] == "Role"}
    bindings = {body["metadata"]["namespace"] for body in objects.values() if body["kind"] == "RoleBinding"}
    assert roles == bindings == scraped


def test_roles_only_read(objects):
    rules = [rule for body in objects.values() if body["kind"] in ("Role", "ClusterRole") for rule in body["rules"]]
    assert {verb for rule in rules for verb in rule["verbs"]} <= {"get", "list", "watch"}
    assert all("secrets" not in rule.get("resources", []) for rule in rules)


def test_kustomization_lists_every_object_and_moves_none(objects):
    kustomization = objects["kustomization.yaml"]
    assert kustomization["resources"] == sorted(path for path in objects if path != "kustomization.yaml")
    assert "namespace" not in kustomization


def test_no_secret_stands_in_what_is_emitted(example):
    text = "".join(one.text for one in documents(example, ["prometheus-operator", "prometheus"]))
    assert "/etc/alertmanager/secrets/pagerduty/platform-routing-key" in text
    assert "routing_key:" not in text
    assert "api_url:" not in text


def test_file_names_say_namespace_kind_and_name(objects):
    for path, body in objects.items():
        if body["kind"] == "Kustomization":
            continue
        namespace = body["metadata"].get("namespace", "cluster")
        assert path == f"{namespace}--{body['kind']}--{body['metadata']['name']}.yaml"


def test_objects_stay_below_what_the_api_server_takes(example):
    assert max(len(one.text.encode()) for one in documents(example)) < 262_144
