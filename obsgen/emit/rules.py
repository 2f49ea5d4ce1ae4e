"""Rule groups as Prometheus reads them, in files and in PrometheusRules alike."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch
from typing import Any

from obsgen.ir.rules import AlertingRule, RecordingRule, RuleGroup
from obsgen.promql.parse import prettify


def groups_body(groups: Sequence[RuleGroup]) -> list[dict[str, Any]]:
    """`groups:` of a rule file."""
    return [group_body(group) for group in groups]


def group_body(group: RuleGroup) -> dict[str, Any]:
    """One rule group."""
    interval = {"interval": str(group.interval)} if group.interval else {}
    return {"name": group.name, **interval, "rules": [_rule(rule) for rule in group.rules]}


@singledispatch
def _rule(rule: object) -> dict[str, Any]:
    raise TypeError(type(rule).__name__)


@_rule.register
def _(rule: RecordingRule) -> dict[str, Any]:
    labels = {"labels": dict(rule.labels)} if rule.labels else {}
    return {"record": rule.record, "expr": prettify(rule.expr), **labels}


@_rule.register
def _(rule: AlertingRule) -> dict[str, Any]:
    keep = {"keep_firing_for": str(rule.keep_firing_for)} if rule.keep_firing_for.milliseconds else {}
    return {
        "alert": rule.alert,
        "expr": prettify(rule.expr),
        "for": str(rule.pending),
        **keep,
        "labels": dict(rule.labels),
        "annotations": dict(rule.annotations),
    }
