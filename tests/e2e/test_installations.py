"""Every installation simulated: a real Prometheus holds what it brings, and the rules built for it run there."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass

import pytest
import requests
import yaml
from click.testing import CliRunner

import obsgen
from obsgen.cli import main
from obsgen.live.coverage.report import coverage
from obsgen.live.offline import serve_openmetrics
from obsgen.pipeline import Compiled, compile_stack
from obsgen.preview.recorded import add_alerts, add_recordings
from obsgen.promql.series import series_labels
from obsgen.query.prometheus import Prometheus
from obsgen.simulate.installed import spec_for, write_installed
from tests.compiled import CONFIG
from tests.e2e.monitoring import alertmanager_server
from tests.e2e.processes import free_ports
from tests.e2e.tools import installed, release

pytestmark = pytest.mark.e2e

KINDS = sorted(path.stem for path in (CONFIG / "installations").glob("*.yaml"))
END = 1_767_615_300
# What an installation scrapes besides, and no pack reads: by such targets too it is recognised.
BESIDE = {
    "openshift": ['job="crio",node="node-1",instance="192.0.2.11:9637"'],
    "victoria-metrics-k8s-stack": [
        'job="vmsingle-vmks-victoria-metrics-k8s-stack",instance="10.244.1.9:8428"',
        'job="kubelet",metrics_path="/metrics/resource",node="node-1",instance="node-1"',
    ],
}


@dataclass(frozen=True, slots=True)
class Held:
    """A spec for an installation, and a file of what its server holds."""

    compiled: Compiled
    path: object
    spec: object

    def firing(self):
        """The labels of every alert that fires at the end."""
        rules = [rule for rules in self.compiled.bundle.rule_sets for group in rules.groups for rule in group.alerts]
        assert add_alerts(self.path, rules, seconds=60) == ()
        lines = (line.rsplit(" ", 2) for line in self.path.read_text().splitlines() if line.startswith("ALERTS{"))
        last = [series_labels(series) for series, _, moment in lines if float(moment) == END]
        return [labels for labels in last if labels["alertstate"] == "firing"]


@pytest.fixture
def held(tmp_path):
    def of(kind, *faults):
        spec, path = tmp_path / f"{kind}.yaml", tmp_path / f"{kind}.om"
        spec.write_text(yaml.safe_dump(spec_for(kind, {}, None)), encoding="utf-8")
        compiled = compile_stack(spec)
        with path.open("w", encoding="utf-8") as out:
            write_installed(compiled.stack, out, END, 4 * 3600, faults)
        rules = [rule for rules in compiled.bundle.rule_sets for group in rules.groups for rule in group.recordings]
        assert add_recordings(path, rules, seconds=3600) == ()
        return Held(compiled, path, spec)

    return of


@pytest.mark.parametrize("kind", KINDS)
def test_no_alert_is_blind(held, kind):
    one = held(kind)
    with serve_openmetrics(one.path) as url, Prometheus(url) as prometheus:
        report = coverage(prometheus, one.compiled.stack, one.compiled.bundle, at=END)
    assert {one.name for one in report.of("alert") if one.sees != "all"} == set()


@pytest.mark.parametrize("kind", KINDS)
def test_no_alert_fires_where_all_is_well(held, kind):
    # Of pods that are made by a Job only one is made up, and that one waits.
    assert {labels["alertname"] for labels in held(kind).firing()} <= {"JobPodsStuckStarting"}


@pytest.mark.parametrize("kind", KINDS)
def test_an_alert_fires_once_and_with_its_cluster(held, kind):
    fired = held(kind, "ContainerCrashLooping", "EtcdMemberDown", "KubeletDown", "NodeDown").firing()
    told = Counter(
        tuple(sorted((name, value) for name, value in labels.items() if name != "cluster")) for labels in fired
    )
    assert fired
    assert ({labels.get("cluster") for labels in fired}, max(told.values())) == ({"sim-1"}, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_first_spec_fits_what_it_was_written_for(kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made_for, path = tmp_path / "made-for.yaml", tmp_path / "held.om"
    made_for.write_text(yaml.safe_dump(spec_for(kind, {}, None)), encoding="utf-8")
    with path.open("w", encoding="utf-8") as out:
        write_installed(compile_stack(made_for).stack, out, now := int(time.time()), 3600, ())
    ups = [f"up{{{target}}} 1 {at}\n" for target in BESIDE.get(kind, ()) for at in range(now - 3600, now + 1, 60)]
    path.write_text(path.read_text().removesuffix("# EOF\n") + "".join(ups) + "# EOF\n")
    with serve_openmetrics(path) as url:
        for command in (
            ["init", "first.yaml", "--url", url, "--cluster", "sim-1"],
            ["validate", "first.yaml"],
            ["coverage", "first.yaml", "--url", url],
        ):
            done = CliRunner().invoke(main, command, catch_exceptions=False)
            assert done.exit_code == 0, done.output
    assert (
        yaml.safe_load((tmp_path / "first.yaml").read_text())["environment"].get("installation", {}).get("kind", "none")
        == kind
    )


def test_a_critical_alert_holds_the_warning_back(held, tmp_path):
    one = held("kube-prometheus-stack", "NodeMemoryUtilizationHigh")
    alerts = [labels for labels in one.firing() if labels["alertname"] == "NodeMemoryUtilizationHigh"]
    obsgen.build(one.spec, tmp_path / "manifests", ("prometheus",))
    address = f"127.0.0.1:{free_ports(1)[0]}"
    server = alertmanager_server(release(installed()[-1]).alertmanager, tmp_path / "manifests", address, tmp_path)
    server.start()
    try:
        server.wait_until_ready()
        sent = [
            {name: value for name, value in labels.items() if name not in ("__name__", "alertstate")}
            for labels in alerts
        ]
        url = f"http://{address}/api/v2/alerts"
        requests.post(url, json=[{"labels": labels} for labels in sent], timeout=5).raise_for_status()
        found = requests.get(url, timeout=5).json()
    finally:
        server.stop()
    assert {one["labels"]["severity"]: bool(one["status"]["inhibitedBy"]) for one in found} == {
        "critical": False,
        "warning": True,
    }
