"""`obsgen init` looks at each installation in a real Prometheus, and what it writes passes every check as it is."""

from __future__ import annotations

import pytest
import yaml
from click.testing import CliRunner

from obsgen.cli import main
from obsgen.spec.recognised import recognised
from tests.discovery.world import installed, node_info, openmetrics, series
from tests.e2e.tools import binary

pytestmark = pytest.mark.e2e

MADE_WITH = {
    "kube-prometheus-stack": {"release": "observability", "namespace": "observability"},
    "kube-prometheus": {"platform": "kubeadm"},
    "victoria-metrics-k8s-stack": {"release": "vm"},
    "rancher-monitoring": {"kubernetes": "rke2"},
    "openshift": {"profile": "full"},
    "aks": {"profile": "full", "targets": "all"},
    "gmp": {"packages": "own"},
    "grafana-k8s-monitoring": {"profile": "minimal"},
}
# By these labels Google's collector tells where a target runs; it writes them on every series.
GOOGLE = {"project_id": "p", "location": "europe-west1"}
NODES = {"rancher-monitoring": {"kubelet_version": "v1.33.4+rke2r1"}}
DISTRIBUTIONS = {"rancher-monitoring": "rke2", "openshift": "openshift", "aks": "aks"}


def test_every_installation_is_looked_at():
    assert set(MADE_WITH) == set(recognised().spec.installations)


@pytest.mark.parametrize("kind", MADE_WITH)
def test_the_spec_for_an_installation_passes_every_check_as_it_is(kind, tmp_path, monkeypatch):
    for name in ("prometheus", "promtool", "amtool"):
        binary(name)
    monkeypatch.chdir(tmp_path)
    world = installed(kind, options=MADE_WITH[kind], distribution=DISTRIBUTIONS.get(kind, "kubeadm"))
    world |= {node_info(**NODES.get(kind, {})), series("up", job="gcp", **GOOGLE) if kind == "gmp" else node_info()}
    (tmp_path / "world.om").write_text(openmetrics(world))
    written = CliRunner().invoke(main, ["init", "prod.yaml", "--openmetrics", "world.om"])
    assert written.exit_code == 0, written.output
    environment = yaml.safe_load((tmp_path / "prod.yaml").read_text())["environment"]
    told = environment["installation"]
    assert told["kind"] == kind
    assert environment["distribution"] == DISTRIBUTIONS.get(kind, "kubeadm")
    usual = {name: value for name, value in MADE_WITH[kind].items() if told.get(name) != value}
    # What is not written is what the installation has by default.
    assert usual in ({}, {"profile": "minimal"}), told
    validated = CliRunner().invoke(main, ["validate", "prod.yaml"])
    assert validated.exit_code == 0, validated.output
