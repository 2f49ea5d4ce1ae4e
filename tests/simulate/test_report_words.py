"""What the report says of clusters in trouble, beside its figures."""

from __future__ import annotations

from obsgen.live.capacity import capacity
from obsgen.live.offline import newest_sample, serve_openmetrics
from obsgen.query.prometheus import Prometheus

SMALL = {"nodes": 3, "pods_per_node": 4}


def reported(samples):
    with serve_openmetrics(samples) as url, Prometheus(url) as prometheus:
        return capacity(prometheus, at=newest_sample(samples))


def test_a_cluster_without_pods_is_told_in_one_warning(simulate):
    samples, _ = simulate(traps=frozenset({"empty-cluster"}), **SMALL)
    report = reported(samples)
    assert report.warnings == (
        "cluster sim-empty: no pod is known here, so what is used and asked for is not known either",
    )


def test_a_node_of_which_only_the_state_is_known_is_listed(simulate):
    samples, _ = simulate(traps=frozenset({"empty-cluster", "missing-allocatable"}), **SMALL)
    nodes = {(node.cluster, node.node): node for node in reported(samples).nodes}
    assert nodes["sim-empty", "node-002"].resources["cpu"].allocatable is None
    assert nodes["sim-empty", "node-002"].ready is True


def test_a_taint_is_named_and_the_node_takes_nothing(simulate):
    samples, _ = simulate(traps=frozenset({"no-schedule-taint"}), **SMALL)
    report = reported(samples)
    (tainted,) = [node for node in report.nodes if node.schedulable is False]
    assert tainted.taints == ("dedicated",)
    assert [(finding.level, finding.message) for finding in report.findings if finding.about == tainted.title] == [
        ("info", "tainted with dedicated, and left out of what the cluster can take")
    ]


def test_a_cordoned_nodes_own_taint_is_not_told_twice(simulate):
    samples, _ = simulate(traps=frozenset({"cordoned-node", "notready-node"}), **SMALL)
    report = reported(samples)
    assert [node.taints for node in report.nodes] == [(), (), ()]
    assert [finding.message for finding in report.findings if "cordoned" in finding.message] == [
        "cordoned, and left out of what the cluster can take"
    ]
