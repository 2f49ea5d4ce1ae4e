"""Values of kube-prometheus-stack say what a first spec says, and mistakes in them are shown where they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from obsgen.diagnostics import Diagnosed
from obsgen.exchange.chart_values import read_chart_values
from obsgen.spec.recognised import recognised
from obsgen.spec.surroundings import INSTALLATIONS, shared_sources

HERE = Path(__file__).parent
CHARTS = recognised().spec.charts


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "values.yaml"
        path.write_text(text)
        return read_chart_values(path)

    return read


def test_every_part_of_the_values_is_taken():
    values = read_chart_values(HERE / "chart_values.yaml")
    assert values.kind == "kube-prometheus-stack"
    assert values.options == {"namespace": "observability", "fullname_override": "mon"}
    assert values.unscraped == {
        "etcd": "kubeEtcd.enabled",
        "kube_proxy": "kubeProxy.serviceMonitor.enabled",
        "grafana": "grafana.enabled",
    }
    assert values.environment == {
        "prometheus": {
            "scrape_interval": "15s",
            "service_account": "scraper",
            "version": "3.5",
            "selector_labels": {"team": "platform"},
        },
        "alertmanager": {"secret": "alerts", "version": "0.28"},
        "grafana": {"delivery": "none"},
    }
    assert values.switched_on == {("kube-state-metrics", "telemetry"): "kube-state-metrics.selfMonitor.enabled"}
    assert (values.cluster, values.cluster_on_series) == ("prod-eu", False)


def test_values_that_stand_alone_are_read_alike(read):
    assert read("alertmanager: {enabled: false}\n").unscraped == {"alertmanager": "alertmanager.enabled"}


def test_without_selectors_the_release_is_selected_by_as_the_chart_has_it(read):
    assert "prometheus" not in read("grafana: {}\n").environment


def test_where_everything_is_selected_no_label_is_wanted(read):
    spec = ", ".join(f"{name}: false" for name in CHARTS["kube-prometheus-stack"].selectors)
    assert read(f"prometheus: {{prometheusSpec: {{{spec}}}}}\n").environment["prometheus"] == {"selector_labels": {}}


def test_a_default_scrape_class_puts_the_cluster_on_every_series(read):
    rule = "{targetLabel: cluster, replacement: eu}"
    text = "prometheus: {{prometheusSpec: {{scrapeClasses: [{{name: a, default: {}, relabelings: [{}]}}]}}}}\n"
    assert (read(text.format("true", rule)).cluster, read(text.format("true", rule)).cluster_on_series) == ("eu", True)
    assert read(text.format("false", rule)).cluster_on_series is False


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("a: b\n", "OBS627", None),
        ("- a\n", "OBS627", None),
        ("", "OBS627", None),
        ("grafana: {}\n---\ngrafana: {}\n", "OBS627", None),
        ("fullnameOverride: Not A Name\n", "OBS628", "1:19"),
        ("kubeEtcd: {enabled: 'false'}\n", "OBS115", "1:21"),
        ("prometheus: {prometheusSpec: {scrapeInterval: often}}\n", "OBS114", "1:47"),
        ("prometheus: {prometheusSpec: {scrapeClasses: {a: b}}}\n", "OBS115", "1:46"),
    ],
)
def test_what_cannot_be_taken_is_refused_where_it_stands(read, text, code, place):
    with pytest.raises(Diagnosed) as refused:
        read(text)
    (one,) = refused.value.diagnostics
    assert one.code == code
    assert place is None or str(one.location).endswith(place)


def test_a_selector_of_expressions_is_told_and_the_rest_is_taken(read):
    expressions = "{matchExpressions: [{key: a, operator: Exists}], matchLabels: {b: c}}"
    values = read(f"prometheus: {{prometheusSpec: {{ruleSelector: {expressions}}}}}\n")
    assert [one.code for one in values.findings] == ["OBS628"]
    assert values.environment["prometheus"]["selector_labels"] == {"b": "c"}


def test_the_table_names_only_sources_and_options_that_there_are():
    for kind, chart in CHARTS.items():
        installation = INSTALLATIONS.load(kind, INSTALLATIONS.files()[kind]).spec
        assert set(chart.options) <= set(installation.options)
        assert set(chart.switches) <= {*shared_sources().spec.sources, *installation.sources}
