"""The traps are real: queries as they are usually written are right without a trap, and wrong with it."""

from __future__ import annotations

import pytest

from obsgen.live.offline import newest_sample, serve_openmetrics
from obsgen.query.prometheus import Prometheus
from tests.simulate.comparison import TOLERANCE

MEMORY = 'sum(container_memory_working_set_bytes{pod!=""})'
CPU = 'sum(rate(container_cpu_usage_seconds_total{pod!=""}[5m]))'
REQUESTS = 'sum(kube_pod_container_resource_requests{resource="cpu"})'
ALLOCATABLE = 'sum(kube_node_status_allocatable{resource="memory"})'
BY_DIFFERENCE = 'sum(container_cpu_usage_seconds_total{pod!=""} - container_cpu_usage_seconds_total offset 5m) / 300'

CARELESS = [
    ("kube-state-metrics-twice", ALLOCATABLE, "allocatable", "memory"),
    ("prometheus-pair", ALLOCATABLE, "allocatable", "memory"),
    ("cadvisor-twice", MEMORY, "used", "memory"),
    ("resource-endpoint", MEMORY, "used", "memory"),
    ("parent-cgroups", MEMORY, "used", "memory"),
    ("recent-restart", MEMORY, "used", "memory"),
    ("counter-reset", BY_DIFFERENCE, "used", "cpu"),
    ("cordoned-node", ALLOCATABLE, "allocatable", "memory"),
    ("notready-node", ALLOCATABLE, "allocatable", "memory"),
    ("no-schedule-taint", ALLOCATABLE, "allocatable", "memory"),
    ("completed-pods", REQUESTS, "requested", "cpu"),
    ("pending-pods", REQUESTS, "requested", "cpu"),
    ("several-clusters", MEMORY, "used", "memory"),
    ("late-data", CPU, "used", "cpu"),
    ("init-containers", REQUESTS, "requested", "cpu"),
    ("sidecars", REQUESTS, "requested", "cpu"),
]


def asked(samples, query, at):
    with serve_openmetrics(samples) as url, Prometheus(url) as prometheus:
        return prometheus.instant(query, at=at).samples[0].value


def share_wrong(simulate, query, figure, resource, traps=frozenset()):
    samples, truth = simulate(traps=traps, nodes=4, pods_per_node=9)
    # By the clock, as whoever does not know that samples are late.
    at = newest_sample(samples) + (200 if "late-data" in traps else 0)
    true = truth["clusters"][0]["resources"][resource][figure]
    return abs(asked(samples, query, at) - true) / true


@pytest.mark.e2e
@pytest.mark.parametrize(("query", "figure", "resource"), sorted({case[1:] for case in CARELESS}))
def test_without_traps_a_careless_query_is_right(simulate, query, figure, resource):
    assert share_wrong(simulate, query, figure, resource) < TOLERANCE


@pytest.mark.e2e
@pytest.mark.parametrize(("trap", "query", "figure", "resource"), CARELESS, ids=[case[0] for case in CARELESS])
def test_a_trap_makes_it_wrong(simulate, trap, query, figure, resource):
    assert share_wrong(simulate, query, figure, resource, frozenset([trap])) > TOLERANCE
