"""Parts of a pack that a spec switches on and off."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from obsgen.pipeline import compile_stack, load_stack

PACKS = Path(__file__).resolve().parents[3] / "alerts"
SPEC = """
apiVersion: obsgen.dev/v1
kind: MonitoringStack
metadata: {{name: t, team: platform}}
environment: {{cluster: prod, runbooks: {{base_url: https://git.example.com/r}}}}
kubernetes:
  certificates: {{parameters: {parameters}}}
routing:
  default: chat
  receivers: {{chat: {{webhook: {{url: "http://chat.svc:8080/"}}}}}}
"""


@pytest.fixture
def certificates(tmp_path):
    def resolved(parameters: str):
        path = Path(tmp_path) / "spec.yaml"
        path.write_text(SPEC.format(parameters=parameters))
        compiled = compile_stack(path)
        [component] = compiled.stack.components
        return component, {scrape.job.name for scrape in compiled.bundle.scrapes}

    return resolved


def test_a_part_that_is_off_leaves_nothing_behind(certificates):
    component, jobs = certificates("{x509: false}")
    assert "x509-certificate-exporter" not in jobs
    assert "file_left" not in component.signals
    assert not {alert.name for alert in component.alerts} & {"CertificateExporterAbsent", "CertificateFileExpiresSoon"}
    assert "CertificateFileExpiresSoon" not in component.runbook.sections
    assert "Files and Secrets" not in component.rows


def test_a_part_that_is_on_brings_its_job_its_alerts_and_its_runbook(certificates):
    component, jobs = certificates("{cert_manager: true}")
    assert "cert-manager" in jobs
    assert {alert.name for alert in component.alerts} >= {"CertManagerAbsent", "CertManagerRenewalLate"}
    assert "CertManagerRenewalLate" in component.runbook.sections


def test_a_part_that_is_off_records_nothing(tmp_path):
    def recorded(parameters: str) -> set[str]:
        path = Path(tmp_path) / "spec.yaml"
        path.write_text(SPEC.replace("certificates", "vpa").format(parameters=parameters))
        [component] = load_stack(path).components
        return {one.record for one in component.recordings}

    assert "pod:kube_pod_owner:workload" in recorded("{recommendations: true}")
    assert recorded("{recommendations: false}") == set()


def test_an_alert_is_left_to_the_pack_that_tells_the_same(tmp_path):
    def told(components: str) -> set[str]:
        path = Path(tmp_path) / "spec.yaml"
        path.write_text(SPEC.replace("  certificates: {{parameters: {parameters}}}", components).format())
        return {alert.name for component in load_stack(path).components for alert in component.alerts}

    assert "CapacityAllocatableMissing" in told("  capacity:")
    beside = told("  capacity:\n  kube-state-metrics:")
    assert "CapacityAllocatableMissing" not in beside
    assert "KubeStateMetricsObjectsMissing" in beside


def test_a_pack_to_which_an_alert_is_left_exists():
    packs = {path.parent.name: yaml.safe_load(path.read_text()) for path in PACKS.glob("*/*/pack.yaml")}
    left = {alert["left_to"] for pack in packs.values() for alert in pack["alerts"].values() if "left_to" in alert}
    assert left
    assert left <= packs.keys()


def test_a_cluster_that_an_autoscaler_packs_is_not_told_that_it_is_full(tmp_path):
    def told(fixed: bool) -> set[str]:
        path = Path(tmp_path) / "spec.yaml"
        path.write_text(SPEC.replace("certificates", "capacity").format(parameters=f"{{fixed_size: {fixed}}}".lower()))
        [component] = load_stack(path).components
        return {alert.name for alert in component.alerts}

    full = {"ClusterCPURequestsHigh", "ClusterCPUNodeLossUncovered", "ClusterPodsNearFull", "NodePodsNearFull"}
    assert full <= told(fixed=True)
    assert not full & told(fixed=False)
    assert told(fixed=False) >= {"PodsUnschedulable", "ClusterMemoryUtilizationHigh"}
