"""Where series lack the label cluster: rules carry it, texts and links name it, monitors leave it alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml

from obsgen.emit.grafana.variables import variables
from obsgen.emit.monitors import monitor_spec
from obsgen.emit.scrape_config import scrape_config
from obsgen.ir.topics import Listing, TopicView
from obsgen.ir.views import ViewVariable
from obsgen.lower.passes import lower
from obsgen.pipeline import Compiled, compile_stack

GRAFANA = "https://grafana.example.com"
SPEC = {
    "apiVersion": "obsgen.dev/v1",
    "kind": "MonitoringStack",
    "metadata": {"name": "small"},
    "environment": {
        "cluster": "east",
        "cluster_on": "alerts",
        "grafana": {"url": GRAFANA},
        "runbooks": {"base_url": "https://git.example.com/runbooks"},
    },
    "kubernetes": {"etcd": None, "capacity": None},
    "applications": {
        "orders": {
            "team": "platform",
            "namespace": "shop",
            "scrape": {"orders": {"selector": {"app": "orders"}, "port": "metrics"}},
            "labels": {"place": "{{ $labels.cluster }}/shop"},
            "objectives": {
                "success": {"target": "99.9%", "period": "month", "errors": "bad_total", "total": "all_total"}
            },
            "parameters": {"total": "all_total", "failed": "bad_total"},
        }
    },
    "routing": {
        "default": "chat",
        "watchdog": "chat",
        "teams": {"platform": {"default": "chat"}},
        "receivers": {"chat": {"webhook": {"url": "http://chat.example.com/"}}},
    },
}


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Compiled:
    path = tmp_path_factory.mktemp("small") / "spec.yaml"
    path.write_text(yaml.safe_dump(SPEC))
    return compile_stack(path)


@pytest.fixture(scope="module")
def on_series(small) -> Compiled:
    environment = small.stack.environment.model_copy(update={"cluster_on": "series"})
    stack = replace(small.stack, environment=environment)
    return Compiled(stack, lower(stack))


def test_every_alert_carries_the_cluster(small):
    assert {rule.labels["cluster"] for rule in small.bundle.alerts} == {"east"}
    assert len({rule.labels["component"] for rule in small.bundle.alerts}) == 4


def test_no_text_reads_the_label_from_the_series(small, on_series):
    def reading(compiled: Compiled) -> list[str]:
        texts = [
            text for rule in compiled.bundle.alerts for text in (*rule.labels.values(), *rule.annotations.values())
        ]
        return [text for text in texts if "labels.cluster" in text]

    assert reading(small) == []
    assert len(reading(on_series)) > 20
    assert {rule.labels["place"] for rule in small.bundle.alerts if "place" in rule.labels} == {"east/shop"}


def test_links_lead_to_the_cluster_by_its_name(small):
    links = [rule.annotations["dashboard_url"] for rule in small.bundle.alerts if "dashboard_url" in rule.annotations]
    assert links
    assert all("var-cluster=east" in link for link in links)


def test_all_that_is_recorded_of_objectives_carries_it_and_what_packs_record_does_not(small, on_series):
    def labels(compiled: Compiled, *, of_objectives: bool) -> set[str]:
        groups = [group for rules in compiled.bundle.rule_sets for group in rules.groups]
        chosen = [group for group in groups if bool(group.objective) == of_objectives]
        return {rule.labels.get("cluster", "") for group in chosen for rule in group.recordings}

    assert labels(small, of_objectives=True) == {"east"}
    # They are joined with series as they are scraped.
    assert labels(small, of_objectives=False) == labels(on_series, of_objectives=False) == {""}


def test_scrape_jobs_leave_the_label_to_others(small, on_series):
    def written(compiled: Compiled) -> str:
        cluster = compiled.stack.scraped_cluster
        scrapes = compiled.bundle.scrapes
        return repr([(scrape_config(one, cluster), monitor_spec(one.job, cluster)) for one in scrapes])

    assert "'cluster'" not in written(small)
    assert "'cluster'" in written(on_series)


def test_instances_are_told_apart_by_the_cluster_all_the_same(small, on_series):
    graded = [one for one in small.bundle.routing.inhibit_rules if one.name == "critical-silences-warning"]
    assert "cluster" in graded[0].equal
    assert small.bundle.routing.inhibit_rules == on_series.bundle.routing.inhibit_rules


def test_dashboards_have_one_cluster_to_choose(small, on_series):
    for view in small.bundle.views:
        assert {one.only for one in view.variables if one.label == "cluster"} <= {"east"}
        assert not [one for one in view.variables if one.label != "cluster" and one.only]
    assert not [one for view in on_series.bundle.views for one in view.variables if one.only]


def test_the_one_choice_matches_series_with_any_cluster_or_none():
    [_, cluster, job] = variables([ViewVariable("cluster", "cluster", "Cluster", "up", "a, b"), JOB])
    assert (cluster["type"], cluster["query"]) == ("custom", r"a\, b : .*")
    assert cluster["current"] == {"selected": True, "text": "a, b", "value": ".*"}
    # Of several values, or with All among them, Grafana would escape the pattern.
    assert not cluster["multi"]
    assert not cluster["includeAll"]
    assert job["definition"] == 'label_values(up{cluster=~"$cluster"}, job)'


JOB = ViewVariable("job", "job", "Job", "up")


def test_legends_name_the_cluster_and_links_take_no_column_along_that_is_not_there(small, on_series):
    def legends(compiled: Compiled) -> list[str]:
        packs = [view for view in compiled.bundle.views if view.kind == "pack"]
        return [signal.legend for view in packs for row in view.rows for signal in row.signals]

    def along(compiled: Compiled) -> set[str]:
        rows = [row for view in compiled.bundle.views if isinstance(view, TopicView) for row in view.rows]
        listings = [entry for row in rows for entry in row.entries if isinstance(entry, Listing)]
        return {label for listing in listings for link in listing.links for label in link.along}

    assert along(small) == along(on_series) - {"cluster"} != along(on_series)
    named = [one.replace("{{cluster}}", "east") for one in legends(on_series)]
    assert legends(small) == named != legends(on_series)
