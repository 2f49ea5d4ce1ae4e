"""The forms in which dashboards reach Grafana."""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema_rs
import pytest
import yaml

from obsgen.emit.target import emit
from obsgen.pipeline import Compiled
from obsgen.spec.shipped import shipped
from tests.compiled import shipped_spec
from tests.schemas import grafana

# kubectl apply writes the whole object into an annotation of at most 256 KiB.
LARGEST = 240 * 1024


def files(compiled: Compiled, target: str, **grafana) -> dict[str, str]:
    environment = compiled.stack.environment
    changed = environment.model_copy(update={"grafana": environment.grafana.model_copy(update=grafana)})
    stack = replace(compiled.stack, environment=changed)
    return {one.path: one.text for one in emit(compiled.bundle, stack, target, shipped("dashboards"))}


def of_kind(found: dict[str, str], kind: str) -> list[dict]:
    return [yaml.safe_load(text) for path, text in found.items() if f"--{kind}--" in path]


@pytest.mark.parametrize("spec", ["example", "objectives", "production"])
def test_each_config_map_holds_one_dashboard_that_kubectl_can_apply(spec):
    compiled = shipped_spec(spec)
    found = {path: text for path, text in files(compiled, "prometheus-operator").items() if "--ConfigMap--" in path}
    assert len(found) == len(compiled.bundle.views)
    for text in found.values():
        assert len(text.encode()) < LARGEST
        body = yaml.safe_load(text)
        (held,) = body["data"]
        assert held == f"{body['metadata']['name']}.json"
        assert json.loads(body["data"][held])["uid"] == body["metadata"]["name"]
        assert body["metadata"]["labels"]["grafana_dashboard"] == "1"
        assert body["metadata"]["annotations"]["grafana_folder"] == compiled.stack.environment.grafana.folder


def test_the_text_in_an_object_has_a_line_for_each_panel(example):
    (node,) = (
        one
        for one in of_kind(files(example, "prometheus-operator"), "ConfigMap")
        if one["metadata"]["name"] == "obsgen-example-node"
    )
    text = node["data"]["obsgen-example-node.json"]
    panels = json.loads(text)["panels"]
    assert [json.loads(line.rstrip(",")) for line in text.splitlines() if line.startswith('{"')] == panels


def test_the_operator_gets_an_object_for_each_dashboard(example):
    found = of_kind(files(example, "prometheus-operator", delivery="grafana-operator"), "GrafanaDashboard")
    assert sorted(one["metadata"]["name"] for one in found) == sorted(view.uid for view in example.bundle.views)
    assert {one["spec"]["folder"] for one in found} == {"Kubernetes"}
    assert all(json.loads(one["spec"]["json"])["uid"] == one["metadata"]["name"] for one in found)


def test_files_come_with_the_provider_that_reads_them(example):
    found = files(example, "prometheus", dashboards_folder="/srv/dashboards/")
    assert f"dashboards/{example.bundle.views[0].uid}.json" in found
    body = yaml.safe_load(found["dashboards/provisioning.yaml"])
    (provider,) = body["providers"]
    assert body["apiVersion"] == 1
    assert (provider["type"], provider["folder"]) == ("file", "Kubernetes")
    assert provider["options"]["path"] == "/srv/dashboards/obsgen-example"


@pytest.mark.parametrize("target", ["prometheus", "prometheus-operator"])
def test_resources_of_grafanas_own_api_stand_in_their_folder(example, target):
    found = files(example, target, delivery="dashboard-resources")
    resources = [json.loads(text) for path, text in found.items() if path.startswith("dashboards/")]
    dashboards = [one for one in resources if one["kind"] == "Dashboard"]
    (folder,) = (one for one in resources if one["kind"] == "Folder")
    assert len(dashboards) == len(example.bundle.views)
    assert {one["apiVersion"] for one in dashboards} == {"dashboard.grafana.app/v1beta1"}
    assert all(one["metadata"]["name"] == one["spec"]["uid"] for one in dashboards)
    placed = {one["metadata"]["annotations"]["grafana.app/folder"] for one in dashboards}
    assert placed == {folder["metadata"]["name"]}
    assert folder["spec"] == {"title": "Kubernetes"}


def test_what_only_grafana_knows_is_not_applied_to_the_cluster(example):
    found = files(example, "prometheus-operator", delivery="dashboard-resources")
    assert not of_kind(found, "ConfigMap")
    listed = yaml.safe_load(found["Kustomization"])["resources"]
    assert not [path for path in listed if "dashboards/" in path]


def test_the_folder_and_its_dashboards_are_what_grafana_stores(example):
    found = files(example, "prometheus", delivery="dashboard-resources")
    resources = [json.loads(text) for path, text in found.items() if path.startswith("dashboards/")]
    (folder,) = (one for one in resources if one["kind"] == "Folder")
    assert grafana.module("folderv1beta1").FolderApiVersion == folder["apiVersion"]
    assert jsonschema_rs.validator_for(grafana.schema("folderv1beta1", "Folder")).is_valid(folder["spec"])


@pytest.mark.parametrize("schema", ["v2beta1", "v2"])
def test_resources_can_have_the_second_schema(example, schema):
    found = files(example, "prometheus", delivery="dashboard-resources", dashboard_schema=schema)
    resources = [json.loads(text) for path, text in found.items() if path.startswith("dashboards/")]
    dashboards = [one for one in resources if one["kind"] == "Dashboard"]
    assert {one["apiVersion"] for one in dashboards} == {f"dashboard.grafana.app/{schema}"}
    assert sorted(one["metadata"]["name"] for one in dashboards) == sorted(view.uid for view in example.bundle.views)
    assert all(one["spec"]["elements"] and one["spec"]["layout"]["kind"] == "RowsLayout" for one in dashboards)
