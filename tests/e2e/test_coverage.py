"""`obsgen coverage` over real exporters and a real Prometheus: each fault is found with its cause."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

import obsgen
from obsgen.cli.coverage import command
from obsgen.live.coverage.report import coverage
from obsgen.live.coverage.types import CoverageReport
from obsgen.pipeline import Compiled, compile_stack
from obsgen.query.prometheus import Prometheus
from obsgen.query.samples import Sample
from tests.e2e import exporting
from tests.e2e.monitoring import prometheus_server
from tests.e2e.processes import Server, free_ports
from tests.e2e.tools import binary, version
from tests.e2e.waiting import wait_until

pytestmark = pytest.mark.e2e
RECORD = "objective:total:rate5m"


@cache
def compiled_once(spec: Path) -> Compiled:
    """The spec, which is looked at many times."""
    return compile_stack(spec)


@dataclass(frozen=True, slots=True)
class Watched:
    """A node_exporter and an etcd, and the spec that watches them and the Prometheus that does it."""

    exporters: dict[str, Server]
    prometheus: str
    spec: Path

    def built(self, folder: Path) -> tuple[Path, dict[str, Any]]:
        """A fresh build of the spec, and its configuration to be spoilt."""
        obsgen.build(self.spec, folder, ("prometheus",))
        return folder, yaml.safe_load((folder / "prometheus.yaml").read_text())

    @contextmanager
    def prometheus_over(self, folder: Path, config: dict[str, Any]) -> Iterator[None]:
        """A Prometheus without any past, up while the block runs."""
        (folder / "prometheus.yaml").write_text(yaml.safe_dump(config))
        server = prometheus_server(binary("prometheus"), folder / "prometheus.yaml", self.prometheus, folder)
        server.start()
        try:
            server.wait_until_ready()
            wait_until(self.targets, lambda found: len(found) == len(config["scrape_configs"]), what="all are scraped")
            yield
        finally:
            server.stop()

    def targets(self) -> tuple[Sample, ...]:
        """All that were scraped so far."""
        with Prometheus(f"http://{self.prometheus}") as prometheus:
            return prometheus.instant("up").samples

    def report(self) -> CoverageReport:
        """What is seen now."""
        compiled = compiled_once(self.spec)
        with Prometheus(f"http://{self.prometheus}") as prometheus:
            return coverage(prometheus, compiled.stack, compiled.bundle)


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    folder = tmp_path_factory.mktemp("watched")
    exporters: dict[str, Server] = {}
    try:
        # One after the other: a port is free until somebody listens on it.
        for name, made in {"node": exporting.node_exporter, "etcd": exporting.etcd}.items():
            exporters[name] = made(folder / name)
            exporters[name].start()
            exporters[name].wait_until_ready()
        (port,) = free_ports(1)
        yield Watched(exporters, f"127.0.0.1:{port}", _spec(folder / "obsgen.yaml", exporters, f"127.0.0.1:{port}"))
    finally:
        for server in exporters.values():
            server.stop()


def _spec(path: Path, exporters: dict[str, Server], prometheus: str) -> Path:
    def target(name: str) -> list[str]:
        return [exporters[name].ready_url.removeprefix("http://").removesuffix("/metrics")]

    total = 'prometheus_http_requests_total{job="prometheus"'
    spec = {
        "apiVersion": "obsgen.dev/v1",
        "kind": "MonitoringStack",
        "metadata": {"name": "watched", "team": "platform"},
        "environment": {
            "cluster": "loopback",
            "prometheus": {
                "scrape_interval": "1s",
                "evaluation_interval": "1s",
                "version": version(binary("prometheus")),
            },
        },
        "infrastructure": {"node": {"scrape": {"node-exporter": {"targets": target("node")}}}},
        "kubernetes": {
            "etcd": {"scrape": {"etcd": {"targets": target("etcd")}}},
            "prometheus": {
                "scrape": {"prometheus": {"targets": [prometheus]}},
                "objectives": {
                    "queries": {
                        "target": "99%",
                        "period": "30d",
                        "errors": total + ',code=~"5.."}',
                        "total": total + "}",
                    }
                },
            },
        },
        "routing": {"default": "chat", "receivers": {"chat": {"webhook": {"url": "http://chat.example.com/"}}}},
    }
    path.write_text(yaml.safe_dump(spec, sort_keys=False))
    return path


def causes(report: CoverageReport, component: str) -> dict[str, str]:
    """Why alerts of the component see nothing."""
    blind = (one for one in report.of("alert") if one.component == component and one.sees == "nothing")
    return {one.name: one.missing[0].cause for one in blind}


def seen_as(watched: Watched, component: str, alert: str, cause: str) -> CoverageReport:
    """The report once the alert is blind for this cause."""
    return wait_until(
        watched.report,
        lambda report: causes(report, component).get(alert) == cause,
        what=f"'{alert}' is blind because {cause}",
        seconds=60,
    )


def all_is_seen(watched: Watched) -> None:
    """Wait until nothing critical is blind and every target is up; a fault after it is a fault of the test."""
    wait_until(
        watched.report,
        lambda report: not report.critically_blind and {row.scraped.well for row in report.matrix} >= {1},
        what="every critical alert sees",
        seconds=60,
    )


def test_what_runs_as_it_was_built_is_seen(watched, tmp_path):
    folder, config = watched.built(tmp_path / "m")
    with watched.prometheus_over(folder, config):
        all_is_seen(watched)
        result = CliRunner().invoke(command, [str(watched.spec), "--url", f"http://{watched.prometheus}"])
    assert result.exit_code == 0, result.output
    assert "CRITICAL" not in result.stdout


def test_a_stopped_exporter_is_down(watched, tmp_path):
    folder, config = watched.built(tmp_path / "m")
    exporter = watched.exporters["node"]
    with watched.prometheus_over(folder, config):
        all_is_seen(watched)
        exporter.stop()
        try:
            cause = 'the only target with job="node-exporter" is down'
            report = seen_as(watched, "node", "NodeFilesystemSpaceLow", cause)
        finally:
            exporter.start()
            exporter.wait_until_ready()
    assert report.critically_blind
    assert all(fault.lately for one in report.of("alert") for fault in one.missing if one.name == "NodeLoadHigh")
    # That it is down is just what this one tells.
    assert "NodeDown" not in causes(report, "node")


def test_a_metric_that_relabeling_drops_is_likely_dropped(watched, tmp_path):
    folder, config = watched.built(tmp_path / "m")
    drop = {"action": "drop", "source_labels": ["__name__"], "regex": "etcd_server_has_leader"}
    _job(config, "etcd")["metric_relabel_configs"] = [drop]
    with watched.prometheus_over(folder, config):
        report = wait_until(
            watched.report,
            lambda report: "drops 1 of the" in causes(report, "etcd").get("EtcdNoLeader", ""),
            what="'EtcdNoLeader' is blind because a metric is dropped",
            seconds=60,
        )
    assert causes(report, "etcd")["EtcdNoLeader"].startswith("the target is up, and metric relabeling drops 1 of the ")
    assert "EtcdWalFsyncSlow" not in causes(report, "etcd")


def test_a_renamed_job_is_named(watched, tmp_path):
    folder, config = watched.built(tmp_path / "m")
    _job(config, "etcd")["job_name"] = "kube-etcd"
    with watched.prometheus_over(folder, config):
        report = seen_as(watched, "etcd", "EtcdNoLeader", "the job is 'kube-etcd' here, not 'etcd'")
        result = CliRunner().invoke(command, [str(watched.spec), "--url", f"http://{watched.prometheus}"])
    assert set(causes(report, "etcd").values()) == {"the job is 'kube-etcd' here, not 'etcd'"}
    assert result.exit_code == 1
    assert 'write environment.sources.etcd.selector: job="kube-etcd"' in result.stdout


def test_the_remedy_for_a_renamed_job_is_one(watched, tmp_path):
    folder, config = watched.built(tmp_path / "m")
    _job(config, "etcd")["job_name"] = "kube-etcd"
    spec = yaml.safe_load(watched.spec.read_text())
    spec["environment"]["sources"] = {"etcd": {"selector": 'job="kube-etcd"'}}
    mended = tmp_path / "mended.yaml"
    mended.write_text(yaml.safe_dump(spec))
    with watched.prometheus_over(folder, config):
        again = Watched(watched.exporters, watched.prometheus, mended)
        wait_until(partial(_blind_in, again, "etcd"), lambda found: found == {}, what="etcd is seen", seconds=60)


def test_a_job_that_is_not_scraped_is_missed(watched, tmp_path):
    folder, config = watched.built(tmp_path / "m")
    config["scrape_configs"].remove(_job(config, "node-exporter"))
    with watched.prometheus_over(folder, config):
        report = seen_as(watched, "node", "NodeDown", 'no target has job="node-exporter"')
    assert "etcd" not in {one.component for one in report.of("alert") if one.sees == "nothing"}


def test_a_recording_that_is_not_loaded_is_named(watched, tmp_path):
    folder, config = watched.built(tmp_path / "m")
    for path in (folder / "rules").glob("*objective*.yaml"):
        body = yaml.safe_load(path.read_text())
        for group in body["groups"]:
            group["rules"] = [rule for rule in group["rules"] if rule.get("record") != RECORD]
        path.write_text(yaml.safe_dump(body))
    with watched.prometheus_over(folder, config):
        report = seen_as(watched, "prometheus", "ErrorBudgetSpent queries", f"no recording rule {RECORD} is loaded")
    assert [one.sees for one in report.of("objective")] == ["nothing"]


def test_the_data_of_a_stopped_prometheus_are_looked_at_and_left_alone(watched, tmp_path):
    folder, config = watched.built(tmp_path / "m")
    with watched.prometheus_over(folder, config):
        all_is_seen(watched)
    written = folder / "prometheus" / "data"
    before = {one: one.stat().st_mtime_ns for one in written.rglob("*") if one.is_file()}
    result = CliRunner().invoke(command, [str(watched.spec), "--tsdb", str(written)])
    assert result.exit_code == 0, result.output
    assert "CRITICAL" not in result.stdout
    assert {one: one.stat().st_mtime_ns for one in written.rglob("*") if one.is_file()} == before


def _job(config: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(job for job in config["scrape_configs"] if job["job_name"] == name)
    return found


def _blind_in(watched: Watched, component: str) -> dict[str, str]:
    return causes(watched.report(), component)
