"""A selector taken apart: whose series they are first, then which of them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from obsgen.live.coverage.likeness import alike
from obsgen.live.coverage.selection import Identities
from obsgen.model.source import Source
from obsgen.promql.selector import parse_matchers, parse_selector


def component(selectors=None, application=None):
    kubelet = Source("kubelet", "", parse_matchers('job="kubelet",metrics_path="/metrics"'))
    return SimpleNamespace(
        sources={"kubelet": kubelet},
        metrics={},
        selectors=selectors or {},
        application=application,
        namespace="shop",
    )


@pytest.mark.parametrize(
    ("selector", "steps"),
    [
        ('up{job="x"}', ["up", 'up{job="x"}']),
        ('m{a="1",job="x"}', ["m", 'm{job="x"}', 'm{job="x",a="1"}']),
        (
            'm{a="1",metrics_path="/metrics",job="kubelet"}',
            [
                "m",
                'm{job="kubelet"}',
                'm{job="kubelet",metrics_path="/metrics"}',
                'm{job="kubelet",metrics_path="/metrics",a="1"}',
            ],
        ),
        # A dashboard's variable of which everything is chosen, and a name that is a pattern.
        ('m{cluster=~".*",job="x"}', ["m", 'm{job="x"}']),
        ('{__name__=~"a|b",job="x"}', ['{__name__=~"a|b"}', '{__name__=~"a|b",job="x"}']),
    ],
)
def test_the_source_comes_before_the_rest(selector, steps):
    assert list(Identities([component()]).taken_apart(parse_selector(selector)).steps) == steps


def test_what_a_component_selects_by_says_whose_series_they_are():
    own = Identities([component(selectors={"probes": 'job="blackbox",probe="dns"'})])
    selection = own.taken_apart(parse_selector('probe_success{instance="a",probe="dns",job="blackbox"}'))
    assert [one.name for one in selection.source] == ["job", "probe"]
    assert [one.name for one in selection.others] == ["instance"]


def test_an_applications_namespace_says_whose_series_they_are_and_no_other_does():
    selector = parse_selector('m{namespace="shop",pod="a"}')
    assert [one.name for one in Identities([component(application="web")]).taken_apart(selector).source] == [
        "namespace"
    ]
    assert Identities([component()]).taken_apart(selector).source == ()


@pytest.mark.parametrize(
    ("name", "other", "expected"),
    [
        ("apiserver_request_slo_duration_seconds", "apiserver_request_sli_duration_seconds", True),
        ("DCGM_FI_DEV_XID_ERRORS", "DCGM_FI_DEV_XID_ERROR", True),
        ("node_cpu", "node_cpu_seconds_total", True),
        ("etcd_disk_wal_fsync_seconds_total", "etcd_disk_wal_fsync_seconds", True),
        ("prometheus_sd_kubernetes_failures_total", "prometheus_sd_azure_failures_total", False),
        ("node_load1", "node_load5_per_cpu", False),
        ("up", "down", False),
    ],
)
def test_only_names_that_are_nearly_the_same_are_taken_for_one_metric(name, other, expected):
    assert alike(name, other) is expected
    assert alike(other, name) is expected
