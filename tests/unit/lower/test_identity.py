"""What tells the instances of an alert apart: what its expression lets through, whatever its tests feed."""

from __future__ import annotations

import pytest

from obsgen.lower.inhibiting import inhibitions
from obsgen.lower.passes import PASSES, lower
from obsgen.lower.proving import proofs
from obsgen.pipeline import load_stack

PACK = """
title: Broker
about: What passes messages on.
metrics: {broker_lag_seconds: gauge, broker_shards: gauge}
selector: job="broker"
thresholds:
  lag: {warning: 1m, critical: 5m, about: How far it may lag behind.}
scrape:
  broker: {selector: {app: broker}, port: metrics, labels_from: {rack: __meta_kubernetes_pod_label_rack}}
signals:
  lag:
    title: Lag
    unit: s
    expr: EXPR
    feed: [{series: 'broker_lag_seconds{FED}', gauge: "${v}"}]
  shards:
    title: Shards
    unit: short
    expr: count by (site) (broker_shards{${selector}})
alerts:
  BrokerBehind:
    when: "lag > ${thresholds.lag}"
    severities: {warning: {for: 5m}, critical: {for: 5m}}
    LABELS
    summary: A broker lags behind.
    description: "DESCRIPTION"
"""
SPEC = """
apiVersion: obsgen.dev/v1
kind: MonitoringStack
metadata: {name: t, team: platform}
environment: {cluster: prod}
packs: [packs]
kubernetes: {broker: }
routing:
  default: chat
  receivers: {chat: {webhook: {url: "http://chat.svc:8080/"}}}
"""
ALWAYS = {"alertname", "cluster", "component"}
TARGET = {"container", "endpoint", "instance", "job", "namespace", "node", "pod", "service"}
KEEPS_ALL = "broker_lag_seconds{${selector}}"
NO_INSTANCE = '${selector},cluster="prod"'
BEHIND = "It lags behind by {{ $value }} s."


@pytest.fixture
def equal(tmp_path):
    """The labels in which a broker's warning must agree with what is critical, to stay unsaid."""

    def of(expr: str = KEEPS_ALL, fed: str = NO_INSTANCE, description: str = BEHIND, labels: str = "") -> set[str]:
        folder = tmp_path / "packs" / "kubernetes" / "broker"
        folder.mkdir(parents=True, exist_ok=True)
        pack = PACK.replace("EXPR", expr).replace("FED", fed).replace("DESCRIPTION", description)
        pack = pack.replace("LABELS", f"labels: {{{labels}}}")
        (folder / "pack.yaml").write_text(pack)
        (folder / "runbook.md").write_text("## BrokerBehind\n\nSee what keeps it.\n")
        (tmp_path / "spec.yaml").write_text(SPEC)
        [rule] = lower(load_stack(tmp_path / "spec.yaml")).routing.inhibit_rules
        assert rule.name == "critical-silences-warning"
        return set(rule.equal)

    return of


def test_an_alert_that_keeps_its_series_labels_has_those_of_its_target_though_no_feed_names_them(equal):
    assert equal() == ALWAYS | TARGET | {"rack"}


def test_a_feed_that_names_a_target_label_changes_nothing(equal):
    assert equal(fed=NO_INSTANCE + ',instance="a"') == equal()


def test_labels_of_the_exporter_are_those_by_which_the_component_knows_the_series(equal):
    assert "topic" in equal(description="{{ $labels.topic }} lags behind.")
    assert "topic" in equal(expr=KEEPS_ALL[:-1] + ',topic!="test"}')
    assert "topic" in equal(fed=NO_INSTANCE + ',topic="orders"')


def test_labels_of_other_series_are_not_among_them(equal):
    assert "site" not in equal()


def test_an_aggregation_leaves_its_own_labels_whatever_is_fed(equal):
    fed = NO_INSTANCE + ',topic="orders",instance="a"'
    assert equal(expr=f"max by (cluster, topic) ({KEEPS_ALL})", fed=fed) == ALWAYS | {"topic"}


def test_labels_that_an_aggregation_takes_away_are_not_among_them(equal):
    assert equal(expr=f"max without (pod, rack) ({KEEPS_ALL})") == ALWAYS | TARGET - {"pod"}


def test_a_label_that_the_rule_writes_alike_for_all_tells_nothing_apart(equal):
    assert equal(labels="service: broker") == equal() - {"service"}


def test_a_label_that_the_rule_fills_from_the_series_still_tells_them_apart(equal):
    assert equal(labels="instance: '{{ $labels.pod }}', place: '{{ $labels.pod }}'") == equal()


def test_tests_are_made_after_all_that_inhibits():
    assert PASSES.index(inhibitions) < PASSES.index(proofs)
