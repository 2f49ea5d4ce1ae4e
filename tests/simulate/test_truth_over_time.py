"""What the truth says beside the report's figures, asked of a Prometheus: growth, machines and percentiles."""

from __future__ import annotations

import pytest

from obsgen.live.offline import newest_sample, serve_openmetrics
from obsgen.query.prometheus import Prometheus
from tests.simulate.comparison import TOLERANCE

HOURS = 2
CONTAINERS = 'container!="",container!="POD"'
USED = f"rate(container_cpu_usage_seconds_total{{{CONTAINERS}}}[5m])"
WORKING_SET = f"container_memory_working_set_bytes{{{CONTAINERS}}}"


@pytest.fixture
def ask(simulate):
    samples, truth = simulate(nodes=3, pods_per_node=5, seconds=HOURS * 3600)
    at = newest_sample(samples)
    with serve_openmetrics(samples) as url, Prometheus(url) as prometheus:
        yield lambda query, *labels: _by(prometheus.instant(query, at=at), labels), truth


def _by(vector, labels):
    return {tuple(sample.labels[label] for label in labels): sample.value for sample in vector}


def near(values):
    return {key: pytest.approx(value, rel=TOLERANCE, abs=0.05) for key, value in values.items()}


@pytest.mark.e2e
def test_memory_grows_as_the_truth_says(ask):
    asked, truth = ask
    growth = {(node["node"],): node["memory_growth"] for node in truth["nodes"]}
    assert any(growth.values())
    assert asked(f"sum by (node) (deriv({WORKING_SET}[30m]))", "node") == near(growth)


@pytest.mark.e2e
def test_the_machine_is_the_root_cgroup(ask):
    asked, truth = ask
    memory = {(node["node"],): node["machine"]["memory"] for node in truth["nodes"]}
    cpu = {(node["node"],): node["machine"]["cpu"] for node in truth["nodes"]}
    assert asked('container_memory_working_set_bytes{id="/"}', "node") == near(memory)
    assert asked('rate(container_cpu_usage_seconds_total{id="/"}[5m])', "node") == {
        place: pytest.approx(value, rel=TOLERANCE) for place, value in cpu.items()
    }


@pytest.mark.e2e
def test_workloads_used_what_the_truth_says(ask):
    asked, truth = ask
    labels = ("namespace", "workload", "container")
    # A pod's workload is in its name, but for what Kubernetes appends.
    name = '"workload","$1","pod","(.+?)(?:-[a-z0-9]{9}-[a-z0-9]{5}|-[a-z0-9]{5}[0-9]*|-[0-9]+)"'

    def most(query):
        return asked(f"max by ({','.join(labels)}) (label_replace({query},{name}))", *labels)

    def true(figure):
        return {
            tuple(one[label] for label in labels): pytest.approx(figure(one), rel=TOLERANCE)
            for one in truth["workloads"]
        }

    assert most(f"quantile_over_time(0.95, {USED}[{HOURS}h:1m])") == true(lambda one: one["cpu"]["p95"])
    assert most(f"quantile_over_time(0.5, {USED}[{HOURS}h:1m])") == true(lambda one: one["cpu"]["p50"])
    assert most(f"max_over_time({WORKING_SET}[{HOURS}h])") == true(lambda one: one["memory"]["max"])
