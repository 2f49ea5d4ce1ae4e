"""Every figure of the bundled sample against the description that it was written from."""

from __future__ import annotations

import pytest

from obsgen.live.capacity import capacity
from obsgen.live.demo import demo_sample
from obsgen.live.offline import newest_sample, serve_openmetrics
from obsgen.query.prometheus import Prometheus

# The sample is exact: the smallest trap, one pause container, is a part in ten thousand.
NEAR = 1e-6


@pytest.fixture(scope="module")
def report(tools):
    path = demo_sample()
    with serve_openmetrics(path, tools=tools) as url, Prometheus(url) as prometheus:
        return capacity(prometheus, at=newest_sample(path))


def total(values):
    return sum(value or 0.0 for value in values)


def reserved(pod, resource):
    """What the scheduler sets aside: all that runs, or the largest init container beside the sidecars."""

    def asked(containers):
        return [getattr(container.requests, resource) or 0.0 for container in containers]

    sidecars = asked(container for container in pod.init if container.sidecar)
    largest = max(asked(container for container in pod.init if not container.sidecar), default=0.0)
    return max(total(asked(pod.containers)), largest) + total(sidecars)


def truth(pods, resource, *, metered=True):
    """What these pods use and ask for, added up in plain Python."""
    placed = [pod for pod in pods if pod.node and pod.phase not in ("Succeeded", "Failed")]
    if resource == "pods":
        return {"requested": None, "limit": None, "used": len(placed)}
    containers = [container for pod in placed for container in pod.containers]
    running = [container for pod in placed for container in pod.running]
    return {
        "requested": total(reserved(pod, resource) for pod in placed),
        "limit": total(getattr(container.limits, resource) for container in containers),
        "used": total(getattr(container.used, resource) for container in running) if metered else None,
    }


def same(resource, expected):
    for name, value in expected.items():
        measured = getattr(resource, name)
        assert measured == (value if value is None else pytest.approx(value, rel=NEAR)), name


def room(node, resource):
    return node.pods if resource == "pods" else getattr(node.allocatable, resource)


@pytest.mark.parametrize("resource", ["cpu", "memory", "pods"])
def test_every_node_reads_true(report, generator, resource):
    assert [node.node for node in report.nodes] == [node.name for node in generator.NODES]
    for measured, node in zip(report.nodes, generator.NODES, strict=True):
        own = [pod for pod in generator.DEMO.pods if pod.node == node.name]
        expected = truth(own, resource, metered=node.ready) | {"allocatable": room(node, resource)}
        known = expected["used"] is not None
        expected["utilization"] = expected["used"] / expected["allocatable"] if known else None
        same(measured.resources[resource], expected)


def test_every_nodes_state_reads_true(report, generator):
    measured = [(n.cluster, n.node, n.zone, n.schedulable, n.ready) for n in report.nodes]
    assert measured == [("demo", n.name, n.zone, not n.cordoned, n.ready) for n in generator.NODES]


@pytest.mark.parametrize("resource", ["cpu", "memory", "pods"])
def test_the_cluster_reads_true_over_schedulable_ready_nodes(report, generator, resource):
    offering = [node for node in generator.NODES if node.ready and not node.cordoned]
    names = {node.name for node in offering}
    expected = truth([pod for pod in generator.DEMO.pods if pod.node in names], resource)
    expected["allocatable"] = total(room(node, resource) for node in offering)
    expected["utilization"] = expected["used"] / expected["allocatable"]
    (cluster,) = report.clusters
    same(cluster.resources[resource], expected)


@pytest.mark.parametrize("resource", ["cpu", "memory", "pods"])
def test_every_namespace_reads_true(report, generator, resource):
    namespaces = sorted({pod.namespace for pod in generator.DEMO.pods})
    assert [place.namespace for place in report.namespaces] == namespaces
    unmetered = {node.name for node in generator.NODES if not node.ready}
    for measured in report.namespaces:
        own = [pod for pod in generator.DEMO.pods if pod.namespace == measured.namespace]
        seen = [pod for pod in own if pod.node not in unmetered or resource == "pods"]
        expected = truth(own, resource) | {"used": truth(seen, resource)["used"]}
        same(measured.resources[resource], expected | {"allocatable": None, "utilization": None, "level": None})


def test_what_wants_attention_is_found(report):
    assert [(finding.level, finding.about) for finding in report.findings] == [
        ("critical", "node demo/worker-a2"),
        ("critical", "node demo/worker-b1"),
        *[("warning", "cluster demo")] * 7,
        ("warning", "node demo/worker-b1"),
        ("warning", "node demo/worker-c1"),
        ("warning", "node demo/worker-c2"),
        ("warning", "node demo/worker-c2"),
        ("info", "node demo/worker-b2"),
    ]


def test_memory_past_critical_starts_the_scale_out(report):
    message = next(f.message for f in report.findings if f.about == "node demo/worker-a2")
    assert message == "memory is at 94.3%, past the critical watermark of 85%: the scale-out flow starts"


def test_the_waiting_pod_is_told_with_what_it_asks_for(report):
    assert "1 pod waits for a node, asking for 1.25 cores and 5.0 GiB" in [f.message for f in report.findings]


def test_a_sound_sample_leaves_no_warning(report):
    assert report.warnings == ()


def test_the_bundled_sample_is_what_its_script_writes(generator):
    assert demo_sample().read_text() == generator.openmetrics(generator.DEMO)


def test_the_bundled_sample_is_small():
    assert demo_sample().stat().st_size < 1_000_000
