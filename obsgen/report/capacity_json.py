"""The capacity report as JSON in the form that other tools rely on: every key, null for the unknown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, fields
from typing import Any

from obsgen.document import json_parts
from obsgen.live.answers.types import Answers, Forecast
from obsgen.live.types import CapacityReport, NodeGroup
from obsgen.report.quantities import moment_text


def capacity_json(report: CapacityReport) -> str:
    """The report as indented JSON; `generated_at` is the moment that its figures speak of.

    docs/capacity.md says what each key is.
    """
    return "".join(capacity_json_parts(report))


def capacity_json_parts(report: CapacityReport) -> Iterator[str]:
    """The same in parts: of thousands of workloads it is tens of megabytes."""
    return json_parts(
        {
            "generated_at": moment_text(report.evaluated_at),
            "window": str(report.window),
            "history": str(report.history) if report.history.milliseconds else None,
            "clusters": [{"cluster": place.cluster, "resources": place.resources} for place in report.clusters],
            "zones": [_group(place, "zone") for place in report.zones],
            "pools": [_group(place, "pool") for place in report.pools],
            "nodes": [
                {
                    "cluster": node.cluster,
                    "node": node.node,
                    "schedulable": node.schedulable,
                    "ready": node.ready,
                    "zone": node.zone,
                    "pool": node.pool,
                    "taints": list(node.taints),
                    "resources": node.resources,
                }
                for node in report.nodes
            ],
            "namespaces": [
                {
                    "cluster": place.cluster,
                    "namespace": place.namespace,
                    "resources": place.resources,
                }
                for place in report.namespaces
            ],
            "teams": [
                {
                    "cluster": place.cluster,
                    "team": place.team,
                    "namespaces": list(place.namespaces),
                    "resources": place.resources,
                }
                for place in report.teams
            ],
            "workloads": [
                {
                    "cluster": place.cluster,
                    "namespace": place.namespace,
                    "kind": place.kind,
                    "workload": place.workload,
                    "team": place.team,
                    "resources": place.resources,
                }
                for place in report.workloads
            ],
            "pending": [asdict(waiting) for waiting in report.pending],
            "answers": _answers(report.answers),
            "findings": [asdict(finding) for finding in report.findings],
            "warnings": list(report.warnings),
        }
    )


def _group(place: NodeGroup, label: str) -> dict[str, Any]:
    return {
        "cluster": place.cluster,
        label: place.name,
        "nodes": place.nodes,
        "resources": place.resources,
    }


def _answers(answers: Answers) -> dict[str, Any]:
    # Not copied deeply: there is one recommendation for each workload, of which there may be thousands.
    body = {field.name: getattr(answers, field.name) for field in fields(answers)}
    body["fits"] = asdict(answers.fits) | {"pod": dict(answers.fits.pod) or None}
    body["forecasts"] = [_forecast(forecast) for forecast in answers.forecasts]
    return body


def _forecast(forecast: Forecast) -> dict[str, Any]:
    body = asdict(forecast)
    for mark in (body["warning"], body["critical"]):
        if mark:
            mark.update({name: _moment(mark[name]) for name in ("at", "earliest", "latest")})
    return body


def _moment(seconds: float | None) -> str | None:
    return None if seconds is None else moment_text(seconds)
