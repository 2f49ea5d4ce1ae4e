"""Every installation simulated: a real Prometheus holds what it brings, and the rules built for it run there."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from obsgen.cli import main
from obsgen.live.coverage.report import coverage
from obsgen.live.offline import serve_openmetrics
from obsgen.pipeline import Compiled, compile_stack
from obsgen.preview.recorded import add_alerts, add_recordings
from obsgen.promql.series import series_labels
from obsgen.query.prometheus import Prometheus
from obsgen.simulate.installed import spec_for, write_installed
from tests.compiled import CONFIG

pytestmark = pytest.mark.e2e

# By kind the options with which it keeps what a list names, and those with which it keeps everything.
LISTS = {
    "aks": ({"profile": "minimal", "targets": "all"}, {"profile": "full", "targets": "all"}),
    "gmp": ({"packages": "gke"}, {"packages": "own"}),
    "grafana-k8s-monitoring": ({"profile": "minimal"}, {"profile": "full"}),
    "openshift": ({"profile": "minimal"}, {"profile": "full"}),
}
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
    path: Path

    def coverage(self):
        """What the stack sees of it."""
        with serve_openmetrics(self.path) as url, Prometheus(url) as prometheus:
            return coverage(prometheus, self.compiled.stack, self.compiled.bundle, at=END)

    def firing(self):
        """The labels of every alert that fires at the end."""
        rules = [rule for rules in self.compiled.bundle.rule_sets for group in rules.groups for rule in group.alerts]
        assert add_alerts(self.path, rules, seconds=60) == ()
        lines = (line.rsplit(" ", 2) for line in self.path.read_text().splitlines() if line.startswith("ALERTS{"))
        last = [series_labels(series) for series, _, moment in lines if float(moment) == END]
        return [labels for labels in last if labels["alertstate"] == "firing"]


def alerts_of(compiled):
    """Component and name of every alert."""
    return {(rule.labels["component"], rule.alert) for rule in compiled.bundle.alerts}


def compiled_for(path, kind, options):
    """The least spec for the installation with these options, compiled."""
    path.write_text(yaml.safe_dump(spec_for(kind, options, None)), encoding="utf-8")
    return compile_stack(path)


@pytest.fixture
def held(tmp_path):
    def of(kind, *faults, **options):
        path = tmp_path / f"{kind}.om"
        compiled = compiled_for(tmp_path / f"{kind}.yaml", kind, options)
        with path.open("w", encoding="utf-8") as out:
            write_installed(compiled.stack, out, END, 4 * 3600, faults)
        rules = [rule for rules in compiled.bundle.rule_sets for group in rules.groups for rule in group.recordings]
        assert add_recordings(path, rules, seconds=3600) == ()
        return Held(compiled, path)

    return of


@pytest.mark.parametrize("kind", KINDS)
def test_no_alert_is_blind(held, kind):
    # Some keep nothing of what API servers say of their version; those of the kubelets are still compared.
    assert {one.name for one in held(kind).coverage().of("alert") if one.sees != "all"} <= {"KubernetesVersionsDiffer"}


@pytest.mark.parametrize("kind", LISTS)
def test_what_a_list_of_kept_metrics_blinds_is_left_out_by_name_with_the_reason(held, kind, tmp_path):
    short, whole = LISTS[kind]
    kept, full = held(kind, **short), compiled_for(tmp_path / "full.yaml", kind, whole)
    named = {one.name: one.left_out.alerts for one in kept.compiled.stack.components}
    notes = {note.message.split("'")[1]: note for note in kept.compiled.stack.notes if note.code == "OBS262"}
    gone = alerts_of(full) - alerts_of(kept.compiled)
    assert gone
    for component, alert in gone:
        assert alert in named.get(component, [alert]), f"{component} goes without {alert}, and does not say so"
        assert " has no " in notes[component].message and notes[component].hint
    # What is left reads what is kept, or on one side of an `or` what is not: that is told to be the list's doing.
    faults = {fault.cause for one in kept.coverage().of("alert") if one.sees != "all" for fault in one.missing}
    assert {cause for cause in faults if " has no " not in cause} == set()


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
