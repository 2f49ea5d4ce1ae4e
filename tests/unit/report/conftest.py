"""A small report that holds everything a form has to cope with."""

from __future__ import annotations

import pytest

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
