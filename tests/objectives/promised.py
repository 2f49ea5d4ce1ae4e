"""Objectives of every kind, compiled from a spec as a user writes it, and their rules as Prometheus reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from obsgen.emit.rules import groups_body
from obsgen.pipeline import Compiled, compile_stack

# What each kind of measure is written as; the groups are told apart by the label `scenario`.
KINDS: dict[str, dict[str, Any]] = {
    "errors": {"errors": 'failed_total{job="shop"}', "total": 'served_total{job="shop"}'},
    "good": {"good": 'good_total{job="shop"}', "total": 'served_total{job="shop"}'},
    "latency": {"latency": {"histogram": 'took_seconds{job="shop"}', "under": "250ms"}},
    "native": {"latency": {"histogram": 'took_seconds{job="shop"}', "under": "250ms", "native": True}},
    "gauge": {"gauge": 'reachable{job="shop"}'},
    "ratio": {
        "ratio": {
            "expr": "sum by (cluster, scenario) (rate(failed_total[${window}])) "
            "/ sum by (cluster, scenario) (rate(served_total[${window}]))",
            "weight": "sum by (cluster, scenario) (rate(served_total[${window}]))",
            "feed": [
                {"series": 'failed_total{cluster="c1",scenario="a"}', "counter": "${v * events}"},
                {"series": 'served_total{cluster="c1",scenario="a"}', "counter": "${events}"},
            ],
        }
    },
}
_RECORDED = "objective:errors:rate5m objective:total:rate5m"
IDS = 'component="shop",objective="promise"'


def compiled(folder: Path, objective: dict[str, Any], prometheus: dict[str, str] | None = None) -> Compiled:
    """A spec with this objective alone, at 99.9 % over 30 days unless it says otherwise."""
    spec = {
        "apiVersion": "obsgen.dev/v1",
        "kind": "MonitoringStack",
        "metadata": {"name": "promises"},
        "environment": {
            "cluster": "c1",
            "prometheus": prometheus or {},
            "runbooks": {"base_url": "https://git.example.com/runbooks"},
        },
        "applications": {
            "shop": {
                "team": "commerce",
                "namespace": "shop",
                "objectives": {"promise": {"target": "99.9%", "period": "30d", **objective}},
            }
        },
        "routing": {
            "default": "chat",
            "teams": {"commerce": {"default": "chat"}},
            "receivers": {"chat": {"webhook": {"url": "http://chat.example.com/"}}},
        },
    }
    path = folder / "spec.yaml"
    path.write_text(yaml.safe_dump(spec))
    return compile_stack(path)


def rule_group(folder: Path, objective: dict[str, Any], prometheus: dict[str, str] | None = None) -> dict[str, Any]:
    """The one rule group of such a spec."""
    sets = compiled(folder, objective, prometheus).bundle.rule_sets
    (body,) = groups_body([group for rules in sets for group in rules.groups if group.objective])
    return body


def burn_rules(group: dict[str, Any], severity: str) -> dict[str, Any]:
    """The group without what the alert of this severity does not read, so that days are evaluated in seconds."""
    alerts = [
        rule
        for rule in group["rules"]
        if rule.get("alert") == "ErrorBudgetBurn" and rule["labels"]["severity"] == severity
    ]
    read = " ".join([_RECORDED, *(rule["expr"] for rule in alerts)])
    records = [rule for rule in group["rules"] if "record" in rule and rule["record"] in read]
    return {**group, "rules": [*records, *alerts]}
