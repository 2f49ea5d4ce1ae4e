"""Pools, zones, teams, workloads and the day before against the description that the sample was written from."""

from __future__ import annotations

from statistics import median

import pytest

from obsgen.live.answers.fits import parse_pod
from obsgen.live.asked import Asked
from obsgen.live.capacity import capacity
from obsgen.live.demo import demo_sample
from obsgen.live.offline import newest_sample, serve_openmetrics
from obsgen.query.prometheus import Prometheus

NEAR = 1e-6
OWNERS = {"monitoring": "platform", "shop": "somebody else"}


@pytest.fixture(scope="module")
def report(tools):
    path = demo_sample()
    asked = Asked(pod=parse_pod("cpu=500m,memory=1Gi"), owners=OWNERS)
    with serve_openmetrics(path, tools=tools) as url, Prometheus(url) as prometheus:
        return capacity(prometheus, at=newest_sample(path), asked=asked)


def placed(generator, *, finished=False):
    return [pod for pod in generator.DEMO.pods if pod.node and (finished or pod.phase == "Running")]


def metered(generator, pods):
    ready = {node.name for node in generator.NODES if node.ready}
    return [pod for pod in pods if pod.node in ready]


def used(pods, resource):
    return sum(getattr(container.used, resource) or 0 for pod in pods for container in pod.running)


def percentile(values):
    ordered = sorted(values)
    rank = 0.95 * (len(ordered) - 1)
    return ordered[int(rank)] + (rank % 1) * (ordered[min(int(rank) + 1, len(ordered) - 1)] - ordered[int(rank)])


def cpu_shares(generator):
    return [*(generator.rhythm(moment) for moment in generator.PAST), 1.0]


def memory_shares(generator):
    return [*(generator.grown(moment) for moment in generator.PAST), 1.0]


OWNER_NAMES = {"web-6f9c": ("Deployment", "web")}


def owner(pod):
    kind, name = pod.owner
    return OWNER_NAMES.get(name, (kind, name))


def test_every_workload_reads_true(report, generator):
    pods = placed(generator)
    names = sorted({(pod.namespace, *owner(pod)) for pod in pods})
    assert [(one.namespace, one.kind, one.workload) for one in report.workloads] == names
    for workload, name in zip(report.workloads, names, strict=True):
        own = [pod for pod in pods if (pod.namespace, *owner(pod)) == name]
        seen = metered(generator, own)
        assert workload.pods == len(own)
        for resource, shares in (("cpu", cpu_shares(generator)), ("memory", memory_shares(generator))):
            figures = workload.resources[resource]
            assert figures.used == pytest.approx(used(seen, resource), rel=NEAR)
            assert figures.used_p95 == pytest.approx(
                percentile(used(seen, resource) * share for share in shares), rel=NEAR
            )


def test_workloads_add_up_to_their_namespaces(report):
    for place in report.namespaces:
        own = [one for one in report.workloads if one.namespace == place.namespace]
        for figure in ("requested", "limit", "used"):
            parts = sum(getattr(one.resources["cpu"], figure) or 0 for one in own)
            assert getattr(place.resources["cpu"], figure) == pytest.approx(parts)


def test_teams_are_their_namespaces(report):
    teams = [(place.team, place.namespaces) for place in report.teams]
    # The label goes before the spec: shop stays commerce's.
    assert teams == [
        ("commerce", ("shop",)),
        ("insight", ("analytics",)),
        ("platform", ("monitoring",)),
        (None, ("kube-system",)),
    ]
    shop = next(place for place in report.namespaces if place.namespace == "shop")
    assert report.teams[0].resources["cpu"].used == shop.resources["cpu"].used
    assert report.teams[0].resources["cpu"].used_p95 == pytest.approx(shop.resources["cpu"].used_p95)
    assert {one.team for one in report.workloads if one.namespace == "shop"} == {"commerce"}


@pytest.mark.parametrize("dimension", ["zones", "pools"])
def test_zones_and_pools_are_their_offering_nodes(report, generator, dimension):
    label = dimension.removesuffix("s")
    offering = [node for node in generator.NODES if node.ready and not node.cordoned]
    rows = getattr(report, dimension)
    assert [row.name for row in rows] == sorted({getattr(node, label) for node in offering})
    for row in rows:
        inside = [node for node in offering if getattr(node, label) == row.name]
        names = {node.name for node in inside}
        assert row.nodes == len(inside)
        memory = row.resources["memory"]
        assert memory.allocatable == pytest.approx(sum(node.allocatable.memory for node in inside))
        own = [pod for pod in placed(generator) if pod.node in names]
        assert memory.used == pytest.approx(used(own, "memory"), rel=NEAR)


def machine(generator, node, resource):
    own = [pod for pod in placed(generator) if pod.node == node.name]
    pause = {"cpu": generator.PAUSE_CPU, "memory": generator.PAUSE_MEMORY}[resource]
    daemons = {"cpu": generator.DAEMONS_CPU, "memory": generator.DAEMONS_MEMORY}[resource]
    return used(own, resource) + pause * len(own) + daemons


@pytest.mark.parametrize("resource", ["cpu", "memory"])
def test_a_machine_uses_more_than_its_containers(report, generator, resource):
    shares = {"cpu": cpu_shares, "memory": memory_shares}[resource](generator)
    for measured, node in zip(report.nodes, generator.NODES, strict=True):
        figures = measured.resources[resource]
        if not node.ready:
            assert (figures.system, figures.system_p95) == (None, None)
            continue
        whole = machine(generator, node, resource)
        assert figures.system == pytest.approx(whole, rel=NEAR)
        assert figures.system_p95 == pytest.approx(percentile(whole * share for share in shares), rel=NEAR)


def test_accelerators_are_a_resource(report, generator):
    assert [node.node for node in report.nodes if "nvidia_com_gpu" in node.resources] == ["worker-c1"]
    gpu = report.clusters[0].resources["nvidia_com_gpu"]
    busy = generator.GPU_BUSY / 100
    assert (gpu.unit, gpu.allocatable, gpu.requested) == ("devices", 2.0, 1.0)
    assert (gpu.used, gpu.utilization) == (busy, busy / 2)


def test_the_trend_is_the_models(report, generator):
    offering = [node for node in generator.NODES if node.ready and not node.cordoned]
    room = sum(node.allocatable.memory for node in offering)
    whole = sum(machine(generator, node, "memory") for node in offering)
    points = [
        (moment, whole / room * share)
        for moment, share in zip([*generator.PAST, generator.END], memory_shares(generator), strict=True)
    ]
    slope = median((b[1] - a[1]) / (b[0] - a[0]) for n, a in enumerate(points) for b in points[n + 1 :])
    memory = next(row for row in report.answers.forecasts if (row.pool, row.resource) == (None, "memory"))
    assert memory.slope_per_day == pytest.approx(slope * 86_400, rel=1e-4)
    level = median(share + slope * (generator.END - moment) for moment, share in points)
    assert memory.utilization == pytest.approx(level, rel=1e-4)
    assert memory.critical.at == pytest.approx(generator.END + (0.85 - level) / slope, abs=60)


def test_the_busiest_pod_and_the_largest_peak_are_recommended_for(report, generator):
    web = next(row for row in report.answers.recommendations if row.workload == "web")
    pods = [pod for pod in placed(generator) if pod.name.startswith("web")]
    busiest = max(used([pod], "cpu") for pod in pods)
    peak = max(used([pod], "memory") for pod in pods)
    assert web.cpu.recommended == pytest.approx(
        1.15 * percentile(busiest * share for share in cpu_shares(generator)), rel=NEAR
    )
    # One of its containers was killed for lack of memory: a fifth more than it got to.
    assert (web.oom_killed, web.memory.recommended) == (1, pytest.approx(peak * 1.2, rel=1e-2))


def test_the_waiting_pod_is_explained(report):
    (waiting,) = report.pending
    assert (waiting.namespace, waiting.kind, waiting.workload, waiting.pods) == ("analytics", "Pod", "report-driver", 1)
    assert waiting.per_pod == {"cpu": 1.25, "memory": 5 * 2.0**30, "nvidia_com_gpu": 2.0}
    assert "4 lack nvidia_com_gpu (at most 1 are free)" in waiting.reason


def test_room_is_what_requests_leave(report):
    # worker-a1 has 2.05 cores free, worker-a2 1.35 and 3.9 GiB, worker-b1 0.05, worker-c1 4.1 and 6.9 GiB.
    assert {row.node: row.more_pods for row in report.answers.fits.nodes} == {
        "worker-a1": 4,
        "worker-a2": 2,
        "worker-b1": 0,
        "worker-c1": 6,
    }
