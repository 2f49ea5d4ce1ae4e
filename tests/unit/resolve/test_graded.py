"""Thresholds that have a value for some severities only."""

from __future__ import annotations

import pytest

from obsgen.diagnostics import Diagnosed
from obsgen.pipeline import load_stack

PACK = """
title: Queue
about: Messages that wait.
metrics: {queue_used_ratio: gauge}
selector: job="queue"
thresholds:
  used: {critical: 90%, about: Share that may be taken.}
  used_share: {default: 80%, about: Share that may be taken.}
signals:
  used:
    title: Taken
    unit: percentunit
    expr: queue_used_ratio{${selector}}
    feed: [{series: 'queue_used_ratio{${selector}}', gauge: "${v}"}]
alerts:
  QueueFull:
    when: "CONDITION"
    severities: {critical: {for: 5m}, warning: {for: 15m}}
    summary: A queue is nearly full.
    description: It is {{ $value | humanizePercentage }} full.
"""
SPEC = """
apiVersion: obsgen.dev/v1
kind: MonitoringStack
metadata: {name: t, team: platform}
environment: {cluster: prod}
packs: [packs]
kubernetes: {queue: }
routing:
  default: chat
  receivers: {chat: {webhook: {url: "http://chat.svc:8080/"}}}
"""


@pytest.fixture
def compared(tmp_path):
    """By severity what the alert compares with."""

    def of(condition: str) -> dict[str, float]:
        folder = tmp_path / "packs" / "kubernetes" / "queue"
        folder.mkdir(parents=True)
        (folder / "pack.yaml").write_text(PACK.replace("CONDITION", condition))
        (folder / "runbook.md").write_text("## QueueFull\n\nEmpty it.\n")
        (tmp_path / "spec.yaml").write_text(SPEC)
        [queue] = load_stack(tmp_path / "spec.yaml").components
        return {alert.severity: alert.conditions[0].threshold for alert in queue.alerts}

    return of


def test_a_threshold_whose_name_begins_like_anothers_is_not_that_one(compared):
    assert compared("used > ${thresholds.used_share}") == {"critical": 0.8, "warning": 0.8}


def test_a_threshold_needs_a_value_only_where_it_is_asked_for(compared):
    condition = "used > ${thresholds.used if severity == 'critical' else thresholds.used_share}"
    assert compared(condition) == {"critical": 0.9, "warning": 0.8}


@pytest.mark.parametrize("condition", ["used > ${thresholds.used}", "used > ${thresholds['used']}"])
def test_a_threshold_without_a_value_is_named_where_it_is_asked_for(condition, compared):
    with pytest.raises(Diagnosed) as refused:
        compared(condition)
    [only] = refused.value.diagnostics
    assert (only.code, only.message) == (
        "OBS204",
        "threshold 'used' has no value for the severity warning of 'QueueFull'",
    )
