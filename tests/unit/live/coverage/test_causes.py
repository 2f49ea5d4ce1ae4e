"""Each fault is found by its cause, over a real Prometheus that holds nothing else."""

from __future__ import annotations

import pytest

from obsgen.live.coverage.report import coverage
from obsgen.live.offline import serve_openmetrics
from obsgen.live.probe import NothingToReport
from obsgen.pipeline import compile_stack
from obsgen.query.prometheus import Prometheus
from tests.unit.live.coverage.conftest import exposed, openmetrics, target

ON_AKS = """
apiVersion: obsgen.dev/v1
kind: MonitoringStack
metadata: {name: shop, team: keepers}
environment: {cluster: prod, distribution: aks, installation: {kind: aks, targets: all}}
kubernetes: {coredns: }
routing:
  default: chat
  receivers: {chat: {webhook: {url: "http://chat.example.com/"}}}
"""
MATRIX = {
    "front": ((1, 1), (6, 9)),
    "back": ((0, 0), (1, 9)),
    "side": ((0, 1), (2, 9)),
    "attic": ((1, 1), (5, 9)),
    "cellar": ((0, 0), (1, 10)),
}


def blind(report, component):
    """The causes by alert, and what to do about the first of each."""
    return {
        one.name: one.missing[0].cause
        for one in report.of("alert")
        if one.component == component and one.sees == "nothing"
    }


def test_every_fault_is_found_by_its_cause(report):
    assert blind(report, "front") == {
        "DoorOnFloor": "no series of door_open has the label 'floor'",
        "DoorUnlocked": "it is exposed since door_exporter 2.0: what runs here is probably older",
        "DoorAlarm": "the target is up, and exposes it only with --collector.alarm",
    }
    assert set(blind(report, "back").values()) == {"the job is 'back-door' here, not 'back'"}
    assert set(blind(report, "side").values()) == {'the only target with job="side" is down'}
    assert set(blind(report, "cellar").values()) == {'no target has job="keepalived"'}
    assert blind(report, "attic")["DoorUsed"] == (
        "the target is up, and metric relabeling drops 2 of the 9 samples that it gives: this is likely among them"
    )
    assert {
        row.component: ((row.scraped.well, row.scraped.all), (row.alerted.well, row.alerted.all))
        for row in report.matrix
    } == MATRIX
    assert report.critically_blind


def test_what_waits_for_an_event_is_no_fault_and_is_told(report):
    front = {one.series: one.why for one in report.unseen if one.component == "front"}
    assert front == {
        'door_open{job="front",state="forced"}': "nothing has state=\"forced\" now; here state is 'closed'",
        'door_knocks_total{job="front"}': "it is there only while somebody knocks",
    }


def test_an_alert_on_absence_sees_and_is_told_to_fire(report):
    (absent,) = (one for one in report.of("alert") if (one.component, one.name) == ("cellar", "KeepalivedAbsent"))
    assert absent.sees == "all"
    assert absent.missing[0].cause == 'no target has job="keepalived"'


def test_what_to_write_is_said(report):
    remedies = {spot.cause: spot.remedy for spot in report.blind_spots}
    assert (
        remedies["the job is 'back-door' here, not 'back'"]
        == 'write environment.sources.door.selector: job="back-door"'
    )
    assert remedies['no target has job="keepalived"'] == (
        "install what exposes it, and apply its monitor, which looks for pods app=keepalived in namespace kube-system "
        "with a port 'metrics'"
    )


def test_a_metric_that_is_called_nearly_the_same_is_named(looked_at):
    report = looked_at([*target("front"), exposed("door_open", "front"), exposed("door_use_total", "front")])
    assert blind(report, "front")["DoorUsed"] == "the server has door_use_total, but no door_uses_total"


def test_what_an_installation_does_not_keep_is_told_before_a_version_is_suspected(tmp_path, _prometheus_installed):
    # One side of an `or` is kept, so that the alert stays; the other one is of newer releases.
    spec, samples = tmp_path / "aks.yaml", tmp_path / "samples.om"
    spec.write_text(ON_AKS)
    samples.write_text(openmetrics(target("kube-dns", scraped=9, kept=1)))
    compiled = compile_stack(spec)
    with serve_openmetrics(samples) as url, Prometheus(url) as prometheus:
        report = coverage(prometheus, compiled.stack, compiled.bundle, at=1767615300.0)
    faults = {fault.cause: fault.remedy for one in report.of("alert") for fault in one.missing}
    metric = "coredns_proxy_request_duration_seconds_count"
    assert (
        "default-targets-metrics-keep-list"
        in faults[f"the target is up, and AKS' minimal ingestion profile has no {metric}"]
    )


def test_a_server_with_nothing_of_it_is_another_server(looked_at):
    with pytest.raises(NothingToReport, match="holds none of the series that 'house' reads, and no targets"):
        looked_at([exposed("other", "other")])
