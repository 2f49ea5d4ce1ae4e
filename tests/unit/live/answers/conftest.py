"""Small clusters whose answers can be worked out by hand."""

from __future__ import annotations

import pytest

from obsgen.live.types import ClusterCapacity, NodeCapacity, Resource, WorkloadCapacity

GI = 2.0**30
UNITS = {"cpu": "cores", "memory": "bytes", "pods": "pods"}


def resource(name, allocatable=None, requested=None, used=None):
    share = used / allocatable if used is not None and allocatable else None
    return Resource(UNITS.get(name, "devices"), allocatable, requested, None, used, share)


@pytest.fixture
def node():
    """A node from (allocatable, requested, used) of cpu and of memory in GiB."""

    def make(name, cpu=(4, 2, 1), memory=(16, 8, 4), **more):
        own = {
            "cpu": resource("cpu", *cpu),
            "memory": resource("memory", *(None if one is None else one * GI for one in memory)),
            "pods": resource("pods", 110, None, more.pop("pods", 10)),
        }
        if "gpu" in more:
            own["nvidia_com_gpu"] = resource("nvidia_com_gpu", *more.pop("gpu"))
        settings = {"schedulable": True, "ready": True, "zone": None} | more
        return NodeCapacity(
            more.pop("cluster", "c"),
            name,
            resources=own,
            **{key: value for key, value in settings.items() if key != "cluster"},
        )

    return make


@pytest.fixture
def cluster():
    """A cluster from (allocatable, requested, used)."""

    def make(cpu=(8, 4, 2), memory=(32, 16, 8), name="c"):
        own = {"cpu": resource("cpu", *cpu), "memory": resource("memory", *(one * GI for one in memory))}
        return ClusterCapacity(name, own)

    return make


@pytest.fixture
def workload():
    """A workload from (requested, used) over all its pods."""

    def make(pods=2.0, cpu=(1.0, 0.5), memory=(4.0, 2.0), name="orders"):
        own = {
            "cpu": resource("cpu", None, *cpu),
            "memory": resource("memory", None, *(None if one is None else one * GI for one in memory)),
            "pods": resource("pods", used=pods),
        }
        return WorkloadCapacity("c", "shop", "Deployment", name, "commerce", own)

    return make
