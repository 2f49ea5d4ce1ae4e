"""The capacity report as JSON in the form that other tools rely on: every key, null for the unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from obsgen.document import json_text
from obsgen.live.types import CapacityReport, Resource, ResourceName
from obsgen.report.quantities import moment_text


def capacity_json(report: CapacityReport) -> str:
    """The report as indented JSON; `generated_at` is the moment that its figures speak of."""
    return json_text(
        {
            "generated_at": moment_text(report.evaluated_at),
            "window": str(report.window),
            "clusters": [
                {"cluster": place.cluster, "resources": _resources(place.resources)} for place in report.clusters
            ],
            "nodes": [
                {
                    "cluster": node.cluster,
                    "node": node.node,
                    "schedulable": node.schedulable,
                    "ready": node.ready,
                    "zone": node.zone,
                    "resources": _resources(node.resources),
                }
                for node in report.nodes
            ],
            "namespaces": [
                {
                    "cluster": place.cluster,
                    "namespace": place.namespace,
                    "resources": _resources(place.resources),
                }
                for place in report.namespaces
            ],
            "findings": [asdict(finding) for finding in report.findings],
            "warnings": list(report.warnings),
        }
    )


def _resources(resources: Mapping[ResourceName, Resource]) -> dict[str, Any]:
    return {name: asdict(resource) for name, resource in resources.items()}
