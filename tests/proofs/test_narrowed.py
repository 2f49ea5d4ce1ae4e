"""A spec narrows packs to namespaces: what the packs feed elsewhere is fed in one of those, and still proves them."""

from __future__ import annotations

import pytest
import yaml

from obsgen.check.promtool import prove
from obsgen.pipeline import compile_stack
from obsgen.programs.checkers import Tool

SPEC = {
    "apiVersion": "obsgen.dev/v1",
    "kind": "MonitoringStack",
    "metadata": {"name": "narrowed", "team": "platform"},
    "environment": {"cluster": "c1", "runbooks": {"base_url": "https://git.example.com/runbooks"}},
    "routing": {
        "default": "chat",
        "teams": {"platform": {"default": "chat"}},
        "receivers": {"chat": {"webhook": {"url": "http://chat.example.com/"}}},
    },
}
PROVED = (
    "ContainerCrashLooping",
    "WorkloadStateMissing",
    "VolumeSpaceLow",
    "VolumeSpaceFillingUp",
    "ContainerOOMKilled",
)


@pytest.mark.parametrize("matcher", ['namespace=~"team-.*"', 'namespace="prod"', 'namespace!="shop",namespace!=""'])
def test_packs_prove_their_alerts_in_the_namespaces_that_are_left(promtool: Tool, tmp_path, matcher):
    ksm, kubelet = (f'job="{job}",{matcher}' for job in ("kube-state-metrics", "kubelet"))
    narrowed = {
        "infrastructure": {"storage": {"selectors": {"kubelet": kubelet, "ksm": ksm}}},
        "kubernetes": {"workloads": {"selector": ksm}, "kubelet": {"selectors": {"ksm": ksm}}},
    }
    spec = tmp_path / "spec.yaml"
    spec.write_text(yaml.safe_dump({**SPEC, **narrowed}))
    compiled = compile_stack(spec)
    assert {one.alert for one in compiled.bundle.alerts} >= set(PROVED)
    assert [str(one) for one in prove(promtool, compiled.stack, compiled.bundle, PROVED, located=False).findings] == []
