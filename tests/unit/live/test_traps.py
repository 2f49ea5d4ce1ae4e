"""The sample, bent: other labels, several clusters, things missing. The figures must hold or be unknown."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from obsgen.live.capacity import capacity
from obsgen.live.probe import NothingToReport
from obsgen.live.selectors import Scope
from obsgen.live.watermarks import Watermark
from obsgen.units import Duration

NEAR = 0.005


@pytest.fixture(scope="module")
def text(generator):
    return generator.openmetrics(generator.DEMO)


def without(text, *words):
    return "\n".join(line for line in text.splitlines() if not any(word in line for word in words)) + "\n"


def figure(report, resource, name, place=0):
    return getattr(report.clusters[place].resources[resource], name)


def bent(generator, name, **changes):
    nodes = [replace(node, **changes) if node.name == name else node for node in generator.NODES]
    return generator.openmetrics(replace(generator.DEMO, nodes=tuple(nodes)))


@pytest.mark.parametrize("node_label", ["kubernetes_node", "instance", None])
def test_usage_finds_its_node_however_it_is_named(reporting, generator, text, node_label):
    usual, other = reporting(text), reporting(generator.openmetrics(generator.DEMO, node_label=node_label))
    for one, two in zip(usual.nodes, other.nodes, strict=True):
        for resource in ("cpu", "memory"):
            used = one.resources[resource].used
            assert two.resources[resource].used == (used and pytest.approx(used, rel=1e-9))
    assert other.warnings == ()


def test_an_instance_with_a_port_is_still_the_node(reporting, generator):
    text = generator.openmetrics(generator.DEMO, node_label="instance")
    text = text.replace('instance="worker-a1"', 'instance="worker-a1:10250"')
    assert reporting(text).nodes[0].resources["memory"].used == pytest.approx(8.42 * 2**30, rel=0.1)


def test_clusters_behind_one_endpoint_are_told_apart(reporting, generator, text):
    calm = replace(generator.DEMO, name="calm", pods=generator.DEMO.pods[:8])
    together = reporting(generator.openmetrics(generator.DEMO, calm))
    alone = reporting(text)
    assert [cluster.cluster for cluster in together.clusters] == ["calm", "demo"]
    assert together.clusters[1] == alone.clusters[0]
    assert figure(together, "cpu", "used") < figure(together, "cpu", "used", place=1) / 2
    assert {node.cluster for node in together.nodes} == {"calm", "demo"}


def test_one_cluster_of_several_can_be_asked_for(reporting, generator, text):
    calm = replace(generator.DEMO, name="calm", pods=generator.DEMO.pods[:8])
    chosen = reporting(generator.openmetrics(generator.DEMO, calm), scope=Scope(cluster="demo"))
    assert chosen.clusters == reporting(text).clusters


def test_chosen_namespaces_narrow_only_their_own_table(reporting, text):
    usual, narrow = reporting(text), reporting(text, scope=Scope(namespaces=("shop", "monitoring")))
    assert [place.namespace for place in narrow.namespaces] == ["monitoring", "shop"]
    assert (narrow.clusters, narrow.nodes) == (usual.clusters, usual.nodes)


def test_a_cluster_without_the_label_is_one_cluster(reporting, generator, text):
    report = reporting(generator.openmetrics(replace(generator.DEMO, name="")))
    assert [cluster.cluster for cluster in report.clusters] == [""]
    assert figure(report, "memory", "used") == pytest.approx(figure(reporting(text), "memory", "used"))
    assert report.findings[0].about == "node worker-a2"


def test_a_node_without_allocatable_has_no_utilization_and_is_left_out(reporting, generator):
    report = reporting(bent(generator, "worker-a1", allocatable=None))
    node = report.nodes[0].resources["memory"]
    assert node.used and (node.allocatable, node.utilization, node.level) == (None, None, None)
    memory = report.clusters[0].resources["memory"]
    assert memory.utilization == pytest.approx(memory.used / memory.allocatable)
    assert memory.allocatable == pytest.approx(53 * 2**30)
    assert "no allocatable data for cpu and memory" in [f.message for f in report.findings]
    assert any("memory utilization is that of 3 of 4 nodes; not known: worker-a1" in w for w in report.warnings)


def test_an_allocatable_of_zero_gives_an_unknown_ratio(reporting, generator):
    report = reporting(bent(generator, "worker-a1", allocatable=generator.Amounts(0.0, 0.0)))
    assert report.nodes[0].resources["cpu"].utilization is None
    assert figure(report, "cpu", "utilization") is not None


def test_a_ready_node_without_usage_does_not_dilute_the_ratio(reporting, generator, text):
    silent = "\n".join(
        line for line in text.splitlines() if not ('node="worker-a2"' in line and "container_" in line[:10])
    )
    report = reporting(silent + "\n")
    memory = report.clusters[0].resources["memory"]
    assert memory.allocatable == pytest.approx(68 * 2**30)
    assert memory.utilization == pytest.approx(memory.used / (53 * 2**30))
    assert ("warning", "node demo/worker-a2", "no usage data for cpu and memory") in [
        (f.level, f.about, f.message) for f in report.findings
    ]


def test_without_cadvisor_usage_is_unknown_and_said_once(reporting, text):
    report = reporting(without(text, "container_cpu_usage", "container_memory_working_set"))
    assert figure(report, "memory", "used") is None
    assert figure(report, "memory", "utilization") is None
    assert figure(report, "memory", "requested") == pytest.approx(43.4 * 2**30, rel=NEAR)
    assert [w for w in report.warnings if "memory in use is not known" in w] == [
        (
            "cluster demo: memory in use is not known, for lack of container_memory_working_set_bytes: "
            "scrape the kubelets' /metrics/cadvisor"
        )
    ]
    assert not [f for f in report.findings if "no usage data" in f.message]


def test_gpus_that_nobody_watches_are_told_where_pods_ask_for_them(reporting, text):
    unwatched = (
        "cluster demo: how busy GPUs are is not known, for lack of DCGM_FI_DEV_GPU_UTIL: scrape the DCGM exporter"
    )
    assert unwatched in reporting(without(text, "DCGM")).warnings
    assert unwatched not in reporting(without(text, "DCGM", "nvidia_com_gpu")).warnings


def test_without_kube_state_metrics_usage_is_all_there_is(reporting, text):
    report = reporting(without(text, "kube_"))
    assert figure(report, "memory", "used") == pytest.approx(54.6 * 2**30, rel=0.05)
    assert figure(report, "memory", "allocatable") is None
    assert figure(report, "cpu", "requested") is None
    assert {(node.schedulable, node.ready, node.zone) for node in report.nodes} == {(None, None, None)}
    assert any(warning.startswith("finished pods count as running") for warning in report.warnings)


def test_missing_zones_say_how_they_are_had(reporting, text):
    report = reporting(text.replace("label_topology_kubernetes_io_zone", "label_other"))
    assert {node.zone for node in report.nodes} == {None}
    assert any("--metric-labels-allowlist=nodes=" in warning for warning in report.warnings)


def test_an_empty_server_has_nothing_to_report(serving, generator):
    with serving(f"up 1 {generator.END}\n# EOF\n") as prometheus, pytest.raises(NothingToReport) as failure:
        capacity(prometheus, at=generator.END)
    assert "holds neither kube_node_status_allocatable nor container_memory_working_set_bytes" in str(failure.value)


def test_a_window_too_short_for_a_rate_is_named(reporting, text):
    report = reporting(text, window=Duration.parse("30s"))
    assert figure(report, "cpu", "used") is None
    assert any("take a window of four scrapes or more" in warning for warning in report.warnings)


def test_the_kubelets_second_count_of_one_container_is_not_added(reporting, generator, text):
    resource_endpoint = [
        line.replace('job="cadvisor"', 'job="kubelet",metrics_path="/metrics/resource"')
        for line in text.splitlines()
        if line.startswith("container_") and 'container="web"' in line
    ]
    twice = [generator_line(line) for line in resource_endpoint]
    report = reporting(text.replace("# EOF", "\n".join([*twice, "# EOF"])))
    assert figure(report, "cpu", "used") == pytest.approx(figure(reporting(text), "cpu", "used"))


def generator_line(line):
    """Without the cgroup's id and the CPU, which the resource endpoint does not know."""
    labels, _, rest = line.partition("} ")
    kept = [label for label in labels.split(",") if not label.startswith(('id="', 'cpu="'))]
    return ",".join(kept) + "} " + rest


def test_a_second_prometheus_counts_nothing_twice(reporting, text):
    families = text.replace("# EOF\n", "")
    samples = "\n".join(line for line in families.splitlines() if not line.startswith("#"))
    other = samples.replace('{cluster="demo"', '{prometheus_replica="b",cluster="demo"')
    report = reporting(f"{families}{other}\n# EOF\n")
    assert rounded(asdict(report)) == rounded(asdict(reporting(text)))


def rounded(value):
    """Ten digits: Prometheus adds up in no fixed order, so the last ones come out as they please."""
    if isinstance(value, float):
        return float(f"{value:.10g}")
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    return [rounded(one) for one in value] if isinstance(value, (list, tuple)) else value


def test_a_pod_seen_on_two_nodes_is_joined_to_one(reporting, generator):
    text = generator.openmetrics(generator.DEMO, node_label=None)
    moved = [
        line.replace("worker-a1", "worker-b1").replace('uid="u-', 'uid="before-')
        for line in text.splitlines()
        if line.startswith("kube_pod_info") and 'pod="web-0"' in line
    ]
    assert moved
    report = reporting(text.replace("# EOF", "\n".join([*moved, "# EOF"])))
    assert figure(report, "memory", "used") == pytest.approx(figure(reporting(text), "memory", "used"))


def test_a_restarted_containers_old_series_does_not_count_twice(reporting, text):
    lingering = [
        line.replace('id="/u-web-0/web"', 'id="/u-web-0/dead"')
        for line in text.splitlines()
        if line.startswith("container_memory") and 'id="/u-web-0/web"' in line
    ]
    assert lingering
    report = reporting(text.replace("# EOF", "\n".join([*lingering, "# EOF"])))
    assert report.nodes == reporting(text).nodes


def test_a_failed_pod_keeps_nothing_reserved(reporting, generator, text):
    failed = text.replace('phase="Succeeded"} 1', 'phase="Failed"} 1')
    assert reporting(failed).nodes == reporting(text).nodes


def test_requests_past_allocatable_are_taken_for_doubled_data(reporting, generator):
    report = reporting(bent(generator, "worker-a1", allocatable=generator.Amounts(1.0, 2**30)))
    assert any(w.startswith("node demo/worker-a1: requests of cpu are") for w in report.warnings)


def test_watermarks_decide_the_levels(reporting, text):
    marks = {"memory": Watermark(0.05, 0.5), "cpu": Watermark(0.5, 0.99)}
    report = reporting(text, watermarks=marks)
    assert figure(report, "memory", "level") == "critical"
    assert figure(report, "cpu", "level") == "warning"
    assert figure(report, "pods", "level") == "ok"
    assert not any("flow starts" in finding.message for finding in report.findings)
