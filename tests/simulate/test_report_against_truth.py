"""Every figure of the capacity report against what the simulated clusters were made of."""

from __future__ import annotations

import json
import time
from datetime import datetime

import pytest

from obsgen.live.asked import EVERYTHING_USUAL, Asked
from obsgen.live.capacity import capacity
from obsgen.live.offline import newest_sample, serve_openmetrics
from obsgen.live.watermarks import DEFAULT_WATERMARKS
from obsgen.query.prometheus import Prometheus
from obsgen.report.capacity_json import capacity_json
from obsgen.simulate.resource_truth import MARKS
from obsgen.simulate.traps import TRAPS
from obsgen.units import Duration
from tests.e2e.tools import ROOT, binary, give_up
from tests.simulate.comparison import differences, figures
from tests.simulate.servers import victoria_metrics

ALL_TRAPS = frozenset(TRAPS)
# The eighth node has GPUs.
SMALL = {"nodes": 8, "pods_per_node": 6}


def reported(url, at, asked=EVERYTHING_USUAL):
    with Prometheus(url) as prometheus:
        return json.loads(capacity_json(capacity(prometheus, at=at, asked=asked)))


def seconds_between(report, truth):
    """How much earlier the report looked: at a moment up to which every node's samples reach."""
    early, late = (datetime.fromisoformat(one["generated_at"]) for one in (report, truth))
    assert early <= late
    return (late - early).total_seconds()


def of_release(name):
    folder = ROOT / ".tools" / name / "usr" / "bin"
    if not (folder / "prometheus").exists():
        give_up(f"Prometheus of Debian {name} is not fetched")
    return folder


@pytest.mark.parametrize("release", ["bookworm", pytest.param("sid", marks=pytest.mark.e2e)])
def test_with_all_traps_every_figure_is_true(simulate, release):
    samples, truth = simulate(traps=ALL_TRAPS, **SMALL)
    with serve_openmetrics(samples, tools=of_release(release)) as url:
        report = reported(url, newest_sample(samples))
    assert seconds_between(report, truth) <= 60
    assert figures(truth) > 1500
    assert differences(report, truth) == []


@pytest.mark.e2e
def test_victoria_metrics_gives_the_same_answers(simulate, tmp_path):
    folder = ROOT / ".tools" / "bookworm" / "usr" / "bin"
    program = binary("victoria-metrics", folder if (folder / "victoria-metrics").exists() else None)
    samples, truth = simulate(traps=ALL_TRAPS, end=int(time.time()) - 3600, **SMALL)
    with victoria_metrics(samples, program, tmp_path) as url:
        report = reported(url, newest_sample(samples))
    assert differences(report, truth) == []


@pytest.mark.e2e
@pytest.mark.parametrize("trap", [None, *TRAPS])
def test_each_trap_alone_changes_no_figure(simulate, trap):
    samples, truth = simulate(traps=frozenset([trap] if trap else []), nodes=5, pods_per_node=4)
    with serve_openmetrics(samples) as url:
        report = reported(url, newest_sample(samples))
    assert differences(report, truth) == []


@pytest.mark.parametrize("node_label", ["instance", "kubernetes_node", "address"])
def test_usage_finds_its_node_by_any_label(simulate, node_label):
    samples, truth = simulate(nodes=3, pods_per_node=4, node_label=node_label)
    with serve_openmetrics(samples) as url:
        report = reported(url, newest_sample(samples))
    assert differences(report, truth) == []


def test_percentiles_over_a_history_are_true(simulate):
    samples, truth = simulate(nodes=3, pods_per_node=4, seconds=7 * 3600, interval=60)
    with serve_openmetrics(samples) as url:
        report = reported(url, newest_sample(samples), Asked(history=Duration.parse("7h")))
    assert all(one["p95"]["cpu"] for one in truth["workload_totals"])
    assert differences(report, truth) == []


def test_the_truths_levels_are_those_of_the_usual_watermarks():
    assert {name: (mark.warning, mark.critical) for name, mark in DEFAULT_WATERMARKS.items()} == MARKS
