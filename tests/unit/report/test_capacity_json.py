"""The JSON form that other tools rely on."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from obsgen.live.types import ClusterCapacity, Resource
from obsgen.report.capacity_json import capacity_json

RESOURCE_KEYS = ["unit", "allocatable", "requested", "limit", "used", "utilization", "level"]
ADDED_KEYS = ["used_p95", "system", "system_p95"]
TOP = [
    *("generated_at", "window", "history", "clusters", "zones", "pools", "nodes", "namespaces"),
    *("teams", "workloads", "pending", "answers", "findings", "warnings"),
]


def test_every_key_of_the_fixed_form_is_there(report):
    body = json.loads(capacity_json(report))
    assert list(body) == TOP
    assert [list(place) for place in body["clusters"]] == [["cluster", "resources"]] * 2
    node_keys = ["cluster", "node", "schedulable", "ready", "zone", "pool", "taints", "resources"]
    assert [list(node) for node in body["nodes"]] == [node_keys] * 3
    assert [list(place) for place in body["namespaces"]] == [["cluster", "namespace", "resources"]]
    assert [list(finding) for finding in body["findings"]] == [["level", "about", "message"]] * 2
    for place in (*body["clusters"], *body["nodes"], *body["namespaces"]):
        assert list(place["resources"]) == ["cpu", "memory", "pods"]
        assert [list(resource) for resource in place["resources"].values()] == [RESOURCE_KEYS + ADDED_KEYS] * 3


def test_known_figures_stand_as_they_are(report):
    body = json.loads(capacity_json(report))
    assert (body["generated_at"], body["window"]) == ("2026-01-05T12:15:00Z", "5m")
    assert body["clusters"][0]["resources"]["cpu"] == {
        "unit": "cores",
        "allocatable": 8.0,
        "requested": 5.5,
        "limit": 12.0,
        "used": 6.0,
        "utilization": 0.75,
        "level": "warning",
        "used_p95": None,
        "system": None,
        "system_p95": None,
    }


def test_the_unknown_is_null(report):
    body = json.loads(capacity_json(report))
    assert set(body["clusters"][1]["resources"]["cpu"].values()) == {"cores", None}
    assert [body["nodes"][2][key] for key in ("schedulable", "ready", "zone")] == [None] * 3


def test_nan_is_refused_rather_than_written(report):
    broken = replace(report, clusters=(ClusterCapacity("", {"cpu": Resource("cores", used=float("nan"))}),))
    with pytest.raises(ValueError, match="not JSON compliant"):
        capacity_json(broken)
