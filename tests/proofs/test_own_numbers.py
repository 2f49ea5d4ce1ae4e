"""Thresholds and times far from a pack's own: its tests follow them."""

from __future__ import annotations

import yaml

from obsgen.check.promtool import prove
from obsgen.pipeline import compile_stack
from obsgen.programs.checkers import Tool
from tests.proofs.test_narrowed import SPEC

OWN = {
    "kubernetes": {
        "kubelet": {"alerts": {"NodeUnderPressure": {"for": "3h"}}},
        "workloads": {
            "alerts": {
                "AutoscalerAtMaximum": {"for": "2h"},
                "PodNotReady": {"for": "50m"},
                "CronJobLate": {"for": "1s"},
            }
        },
    },
    "applications": {
        "orders": {
            "team": "platform",
            "namespace": "shop",
            # The warning lies below what the pack takes for a rest, so that its healthy neighbours may not rest there.
            "uses": {"db": {"pack": "mysql", "thresholds": {"history_length": {"warning": 10, "critical": 100000}}}},
        }
    },
}
CHANGED = ("NodeUnderPressure", "AutoscalerAtMaximum", "PodNotReady", "CronJobLate", "MysqlHistoryLong")


def test_written_and_derived_tests_follow_a_specs_own_numbers(promtool: Tool, tmp_path):
    spec = tmp_path / "spec.yaml"
    spec.write_text(yaml.safe_dump({**SPEC, **OWN}))
    compiled = compile_stack(spec)
    assert {rule.alert for rule in compiled.bundle.alerts} >= set(CHANGED)
    assert [str(one) for one in prove(promtool, compiled.stack, compiled.bundle, CHANGED, located=False).findings] == []
