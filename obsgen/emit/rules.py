"""Rule groups as Prometheus reads them, in files and in PrometheusRules alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from obsgen.ir.rules import AlertingRule, RecordingRule, RuleGroup
from obsgen.promql.parse import prettify


def groups_body(groups: Sequence[RuleGroup]) -> list[dict[str, Any]]:
    """`groups:` of a rule file."""
    return [group_body(group) for group in groups]


def group_body(group: RuleGroup) -> dict[str, Any]:
    """One rule group."""
    interval = {"interval": str(group.interval)} if group.interval else {}
    # What people and packs write is laid out here; expressions of objectives are made laid out.
    layout = str if group.objective else prettify
    return {"name": group.name, **interval, "rules": [_rule(rule, layout) for rule in group.rules]}


def _rule(rule: AlertingRule | RecordingRule, layout: Callable[[str], str]) -> dict[str, Any]:
    labels = dict(rule.labels)
    if isinstance(rule, RecordingRule):
        return {"record": rule.record, "expr": layout(rule.expr), **({"labels": labels} if labels else {})}
    keep = {"keep_firing_for": str(rule.keep_firing_for)} if rule.keep_firing_for.milliseconds else {}
    return {
        "alert": rule.alert,
        "expr": layout(rule.expr),
        "for": str(rule.pending),
        **keep,
        "labels": labels,
        "annotations": dict(rule.annotations),
    }
