"""Alerts hold under promtool with the series that installations bring, as they do with obsgen's own jobs."""

from __future__ import annotations

from pathlib import Path

import pytest

from obsgen.check.promtool import prove
from obsgen.pipeline import compile_stack

SPEC = """
apiVersion: obsgen.dev/v1
kind: MonitoringStack
metadata: {{name: t}}
environment: {{cluster: prod, installation: {{{installation}}}}}
kubernetes: {{{packs}}}
routing:
  default: chat
  receivers: {{chat: {{webhook: {{url: "http://chat.svc:8080/"}}}}}}
"""


@pytest.mark.parametrize(
    ("installation", "packs", "alerts"),
    [
        # Two sources are one job, told apart by the path.
        ("kind: kube-prometheus-stack, release: kps", "kubelet: ", ("KubeletDown", "ContainerOOMKilled")),
        ("kind: aks", "kubelet: ", ("KubeletDown", "ContainerCPUThrottled")),
        # The scheduler's job has another name, or that of the whole control plane.
        ("kind: openshift", "control-plane: ", ("ControlPlaneComponentDown", "ControlPlaneNoLeader")),
        ("kind: rancher-monitoring, kubernetes: k3s", "control-plane: ", ("ControlPlaneComponentDown",)),
    ],
)
def test_the_alerts_of_an_installation_hold(installation, packs, alerts, promtool, tmp_path: Path):
    spec = tmp_path / "spec.yaml"
    spec.write_text(SPEC.format(installation=installation, packs=packs))
    one = compile_stack(spec)
    assert set(alerts) <= {rule.alert for rule in one.bundle.alerts}
    assert [str(fault) for fault in prove(promtool, one.stack, one.bundle, alerts, located=False).findings] == []
