"""Causes that packs know of, as inhibitions."""

from __future__ import annotations

from pathlib import Path

import pytest

from obsgen.pipeline import compile_stack

SPEC = """
apiVersion: obsgen.dev/v1
kind: MonitoringStack
metadata: {name: t, team: platform}
environment: {cluster: prod, runbooks: {base_url: https://git.example.com/r}}
infrastructure:
  edge: {pack: haproxy}
  inner: {pack: haproxy, selector: 'job="haproxy-inner"', alerts: {HaproxyInstanceDown: {enabled: false}}}
routing:
  default: chat
  receivers: {chat: {webhook: {url: "http://chat.svc:8080/"}}}
"""


@pytest.fixture
def inhibitions(tmp_path):
    path = Path(tmp_path) / "spec.yaml"
    path.write_text(SPEC)
    routing = compile_stack(path).bundle.routing
    return {rule.name: rule for rule in routing.inhibit_rules}


def test_an_alert_silences_those_that_it_explains_in_its_own_component(inhibitions):
    rule = inhibitions["edge-HaproxyAllInstancesDown"]
    assert [str(one) for one in rule.target] == [
        'component="edge"',
        'alertname="HaproxyInstanceDown"',
        'alertname!="HaproxyAllInstancesDown"',
        'action=""',
        'severity!="critical"',
    ]
    assert rule.equal == ("cluster", "job")


def test_an_alert_that_is_switched_off_needs_no_explanation(inhibitions):
    assert "inner-HaproxyAllInstancesDown" not in inhibitions
    assert "inner-HaproxyBackendDown" in inhibitions
