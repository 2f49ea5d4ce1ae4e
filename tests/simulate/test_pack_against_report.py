"""The capacity pack's rules and the capacity report answer the same questions with the same numbers."""

from __future__ import annotations

import json
import math
import subprocess
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

import obsgen
from obsgen.live.capacity import capacity
from obsgen.live.offline import newest_sample
from obsgen.query.prometheus import Prometheus
from obsgen.report.capacity_json import capacity_json
from obsgen.simulate.traps import TRAPS
from tests.e2e.monitoring import prometheus_server
from tests.e2e.processes import free_ports
from tests.e2e.tools import ROOT, binary, give_up

# Rules read what others recorded: this many steps from the samples to a share of the cluster.
DEPTH = 4
# A rule is evaluated up to a second later than the report asks: another scrape may be there, and memory grows.
NEAR = 0.002
SPEC = Path(__file__).parent / "capacity.yaml"
# Rules read a series by its node's label, and at one moment for all clusters.
OTHER_QUESTIONS = {"mixed-node-labels", "late-data"}
# A recorded series, or a share of two, by the part and figure of the report that it equals.
SAME = {
    ("nodes", "cpu", "used"): "node:container_cpu_usage_seconds:sum_rate",
    ("nodes", "memory", "used"): "node:container_memory_working_set_bytes:sum",
    ("nodes", "pods", "used"): "node:kube_pod_info:count",
    ("nodes", "cpu", "allocatable"): 'node:kube_node_status_allocatable:max{resource="cpu"}',
    ("nodes", "memory", "allocatable"): 'node:kube_node_status_allocatable:max{resource="memory"}',
    ("nodes", "cpu", "requested"): 'node:kube_pod_resource_requests:sum{resource="cpu"}',
    ("nodes", "memory", "requested"): 'node:kube_pod_resource_requests:sum{resource="memory"}',
    ("clusters", "cpu", "utilization"): "cluster:cpu_utilization:ratio",
    ("clusters", "memory", "utilization"): "cluster:memory_utilization:ratio",
    ("clusters", "cpu", "allocatable"): 'cluster:kube_node_status_allocatable_open:sum{resource="cpu"}',
    ("clusters", "memory", "allocatable"): 'cluster:kube_node_status_allocatable_open:sum{resource="memory"}',
    ("clusters", "cpu", "requested"): 'cluster:kube_pod_resource_requests_open:sum{resource="cpu"}',
    ("clusters", "memory", "requested"): 'cluster:kube_pod_resource_requests_open:sum{resource="memory"}',
}


@pytest.fixture(params=["bookworm", pytest.param("sid", marks=pytest.mark.e2e)])
def tools(request):
    folder = ROOT / ".tools" / request.param / "usr" / "bin"
    if not (folder / "prometheus").exists():
        give_up(f"Prometheus of Debian {request.param} is not fetched")
    return folder


@contextmanager
def serving(tools, folder):
    """A client of a Prometheus over the data that lies in the folder."""
    config = folder / "prometheus.yaml"
    config.write_text("scrape_configs: []\n")
    [port] = free_ports(1)
    server = prometheus_server(binary("prometheus", tools), config, f"127.0.0.1:{port}", folder)
    try:
        server.start()
        server.wait_until_ready()
        with Prometheus(f"http://127.0.0.1:{port}") as client:
            yield client
    finally:
        server.stop()


def promtool_writes_blocks(tools, *arguments):
    subprocess.run(
        [binary("promtool", tools), "tsdb", "create-blocks-from", *arguments], check=True, capture_output=True
    )


def record(client, rules, at, tools, data):
    """What the rules would have recorded at that moment; they see only what was recorded before."""
    span = (f"--start={at}", f"--end={at + 1}", "--eval-interval=1s")
    promtool_writes_blocks(tools, "rules", *span, f"--url={client.url}", f"--output-dir={data}", *rules)


def reported(report):
    """The report's figures by what they are and where."""
    return {
        (part, resource, figure, place["cluster"], place.get("node", "")): place["resources"][resource][figure]
        for part, resource, figure in SAME
        for place in report[part]
    }


def recorded(client, at):
    """The rules' figures in the same form."""
    return {
        (*what, sample.labels["cluster"], sample.labels.get("node", "")): sample.value
        for what, query in SAME.items()
        for sample in client.instant(query, at=at)
    }


def comparable(part, _resource, figure, _cluster, _node, without):
    """A cluster's reserved amount is that of all nodes in the report, of those with a known room in a rule's share."""
    return without == "missing-allocatable" or (part, figure) != ("clusters", "requested")


@pytest.mark.parametrize("without", [None, pytest.param("missing-allocatable", marks=pytest.mark.e2e)])
def test_rules_and_report_agree_on_every_figure(simulate, tools, tmp_path, without):
    traps = frozenset(TRAPS) - OTHER_QUESTIONS - {without}
    samples, _ = simulate(traps=traps, nodes=8, pods_per_node=6)
    obsgen.build(SPEC, tmp_path / "manifests", ("prometheus",))
    rules, data = sorted((tmp_path / "manifests" / "rules").glob("*.yaml")), tmp_path / "prometheus" / "data"
    promtool_writes_blocks(tools, "openmetrics", samples, data)
    for _ in range(DEPTH):
        with serving(tools, tmp_path) as client:
            answer = json.loads(capacity_json(capacity(client, at=newest_sample(samples))))
            at = int(datetime.fromisoformat(answer["generated_at"]).timestamp())
            record(client, rules, at, tools, data)
    with serving(tools, tmp_path) as client:
        rules, report = recorded(client, at + 2), reported(answer)
    known = {what: value for what, value in report.items() if value is not None and comparable(*what, without)}
    assert len(known) > 200
    differing = {
        what: (rules.get(what), value)
        for what, value in known.items()
        if not math.isclose(rules.get(what, 0.0), value, rel_tol=NEAR)
    }
    assert differing == {}
    assert {what for what in rules if comparable(*what, without)} == known.keys()
