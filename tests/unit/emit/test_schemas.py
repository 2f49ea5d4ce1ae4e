"""Every emitted object against the definitions that the API server has of it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import yaml

from obsgen.emit.operator import KUSTOMIZATION
from obsgen.pipeline import Compiled, documents
from tests.compiled import shipped_spec
from tests.schemas import operator
from tests.schemas.alertmanager import generations, perhaps_known

needs_sources = pytest.mark.skipif(not generations(), reason="no source of Alertmanager in .tools: `make generations`")


@pytest.fixture(scope="module", params=["example", "objectives"])
def example(request: pytest.FixtureRequest) -> Compiled:
    return shipped_spec(request.param)


@pytest.fixture(scope="module")
def objects(example: Compiled) -> dict[str, dict[str, Any]]:
    return {one.path: yaml.safe_load(one.text) for one in documents(example) if one.path.endswith(".yaml")}


@pytest.fixture(scope="module")
def kustomization(example: Compiled) -> dict[str, Any]:
    return next(yaml.safe_load(one.text) for one in documents(example) if one.path == KUSTOMIZATION)


def test_every_object_of_the_operator_is_valid_and_complete(objects):
    checked = {path: body for path, body in objects.items() if "coreos.com" in body["apiVersion"]}
    assert {path: found for path, body in checked.items() if (found := operator.mistakes(body))} == {}
    assert {"PrometheusRule", "ServiceMonitor"} <= {body["kind"] for body in checked.values()}


def test_a_wrong_field_would_be_found(objects):
    broken = copy.deepcopy(next(body for body in objects.values() if body["kind"] == "PrometheusRule"))
    broken["spec"]["groups"][0]["rules"][0]["anotations"] = {}
    (mistake,) = operator.mistakes(broken)
    assert "anotations" in mistake


@needs_sources
def test_alertmanager_knows_every_field_of_the_tree(objects, example):
    fields = perhaps_known(example.stack.environment.alertmanager.version)
    secret = next(body for body in objects.values() if body["kind"] == "Secret")
    tree = yaml.safe_load(secret["stringData"]["alertmanager.yaml"])

    def routes(route: dict[str, Any]) -> list[dict[str, Any]]:
        return [route, *(below for child in route.get("routes", []) for below in routes(child))]

    used = {
        "Route": {name for route in routes(tree["route"]) for name in route},
        "InhibitRule": {name for rule in tree["inhibit_rules"] for name in rule},
        "Receiver": {name for receiver in tree["receivers"] for name in receiver},
    }
    assert {kind: unknown for kind, names in used.items() if (unknown := names - fields[kind])} == {}


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


def test_kustomization_lists_every_object_and_moves_none(objects, kustomization):
    assert kustomization["resources"] == sorted(objects)
    assert "namespace" not in kustomization


def test_no_secret_stands_in_what_is_emitted(example):
    text = "".join(one.text for one in documents(example, ["prometheus-operator", "prometheus"]))
    assert "/etc/alertmanager/secrets/pagerduty/platform-routing-key" in text
    assert "routing_key:" not in text
    assert "api_url:" not in text


def test_file_names_say_namespace_kind_and_name(objects):
    for path, body in objects.items():
        namespace = body["metadata"].get("namespace", "cluster")
        assert path == f"{namespace}--{body['kind']}--{body['metadata']['name']}.yaml"


def test_objects_stay_below_what_the_api_server_takes(example):
    assert max(len(one.text.encode()) for one in documents(example)) < 262_144
