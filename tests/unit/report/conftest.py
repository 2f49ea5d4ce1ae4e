"""A small report that holds everything a form has to cope with."""

from __future__ import annotations

from dataclasses import replace

import pytest

from obsgen.live.objective_types import Budget, Group, ObjectivesReport, ObjectiveStanding, Span
from obsgen.live.types import (
    CapacityReport,
    ClusterCapacity,
    Finding,
    NamespaceCapacity,
    NodeCapacity,
    Resource,
)
from obsgen.units import Duration

GI = 2**30


@pytest.fixture
def report() -> CapacityReport:
    unknown = {"cpu": Resource("cores"), "memory": Resource("bytes"), "pods": Resource("pods")}
    full = {
        "cpu": Resource("cores", 8.0, 5.5, 12.0, 6.0, 0.75, "warning"),
        "memory": Resource("bytes", 32.0 * GI, 20.0 * GI, 40.0 * GI, 28.8 * GI, 0.9, "critical"),
        "pods": Resource("pods", 110.0, None, None, 11.0, 0.1, "ok"),
    }
    share = {
        "cpu": Resource("cores", None, 5.5, 12.0, 6.0),
        "memory": Resource("bytes", None, 0.0, 512.0, 1536.0),
        "pods": Resource("pods", used=11.0),
    }
    return CapacityReport(
        evaluated_at=1767615300.25,
        window=Duration.parse("5m"),
        clusters=(ClusterCapacity("prod-sh", full), ClusterCapacity("", unknown)),
        nodes=(
            NodeCapacity("prod-sh", "worker-1", True, True, "zone-a", full),
            NodeCapacity("prod-sh", "worker-[2]", False, False, None, unknown),
            NodeCapacity("", "worker-3", None, None, None, unknown),
        ),
        namespaces=(NamespaceCapacity("prod-sh", "shop", share),),
        findings=(
            Finding("critical", "cluster prod-sh", "memory is at 90.0%"),
            Finding("info", "node prod-sh/worker-[2]", "cordoned"),
        ),
        warnings=("the newest samples are 3 min 0 s old",),
    )


@pytest.fixture
def objectives_report() -> ObjectivesReport:
    burn = {"5m": 0.0, "1h": 10.62, "6h": 4.0, "1d": 3.3, "3d": 1.0}
    unknown = {"5m": None, "1h": None, "6h": None, "1d": None, "3d": None}
    success = ObjectiveStanding(
        cluster="prod-sh",
        component="orders",
        objective="success",
        team="shop",
        layer="application",
        labels={},
        target=0.9995,
        period="30d",
        error_ratio=0.00023,
        budget=Budget(0.54, 0.46, 705.4, 600.9),
        burn=burn,
        exhausted_in={"at_1h_pace": 34_000.0, "at_1d_pace": 144_000.0},
        level="critical",
        spent_by=(Span(1767600000.0, 1767607200.0, 0.41),),
    )
    groups = (Group({"route": "/[pay]"}, 0.875), Group({"route": "/list"}, 0.125))
    pay = replace(
        success,
        objective="speed",
        labels={"route": "/[pay]"},
        target=0.99,
        period="month",
        error_ratio=0.05009,
        budget=Budget(-4.009, 5.009, -10563.06, 13198.0),
        burn={**burn, "1h": 0.0},
        exhausted_in={"at_1h_pace": 0.0, "at_1d_pace": 0.0},
        spent_by=(),
        groups=groups,
    )
    absent = replace(
        success,
        cluster="",
        error_ratio=None,
        budget=Budget(),
        burn=unknown,
        exhausted_in={"at_1h_pace": None, "at_1d_pace": None},
        level=None,
        spent_by=(),
    )
    return ObjectivesReport(
        evaluated_at=1767615300.25,
        objectives=(absent, success, pay),
        findings=(Finding("critical", "orders/speed", "overspent"), Finding("warning", "orders/success", "unknown")),
        warnings=("the newest samples are 3 min 0 s old",),
    )
