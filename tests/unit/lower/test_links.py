"""Links from alerts to dashboards: the right dashboard, and the cluster only where it is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from obsgen.check.own import own_findings
from obsgen.lower import names
from obsgen.lower.links import dashboard_link, objective_link
from obsgen.model.stack import Recording, Stack
from obsgen.pipeline import compile_stack
from obsgen.spec.root import SpecFile

ROOT = Path(__file__).resolve().parents[3]
GRAFANA = "https://grafana.example.com"
OF_ALERT = "?var-cluster={{ $labels.cluster }}"


def with_grafana(stack: Stack, **changes) -> Stack:
    grafana = stack.environment.grafana.model_copy(update={"url": GRAFANA, **changes})
    return replace(stack, environment=stack.environment.model_copy(update={"grafana": grafana}))


@pytest.fixture
def orders(example):
    return next(one for one in example.stack.components if one.name == "orders")


def link(expr, orders, stack, labels=None):
    return dashboard_link(expr, labels or {}, orders, stack).get("dashboard_url")


@pytest.mark.parametrize(
    "expr",
    [
        'orders_total{job="orders"} > 1',
        "sum by (cluster, namespace) (rate(orders_total[5m])) > 1",
        "sum by (cluster) (a) / on (cluster) sum by (cluster) (b) > 1",
        "max without (instance) (a) > 1",
    ],
)
def test_the_link_chooses_the_cluster_that_the_alert_carries(expr, orders, example):
    stack = with_grafana(example.stack)
    assert link(expr, orders, stack) == f"{GRAFANA}/d/obsgen-example-orders{OF_ALERT}"


@pytest.mark.parametrize("expr", ["sum(orders_total) > 1", "a > 1 or sum by (instance) (b) > 1", "vector(1)"])
def test_it_chooses_none_where_the_expression_may_lose_it(expr, orders, example):
    assert link(expr, orders, with_grafana(example.stack)) == f"{GRAFANA}/d/obsgen-example-orders"


def test_it_looks_through_what_the_component_records(orders, example):
    stack = with_grafana(example.stack)
    for kept, expected in ((" by (cluster)", OF_ALERT), ("", "")):
        recorded = Recording("orders:total:sum", f"sum{kept} (orders_total)", orders.origin)
        found = link("orders:total:sum > 1", replace(orders, recordings=(recorded,)), stack)
        assert found == f"{GRAFANA}/d/obsgen-example-orders{expected}"


def test_a_cluster_that_is_a_label_of_the_rule_is_written_out(orders, example):
    # Prometheus shows templates the labels of the series, not those that the rule adds.
    found = link("absent(orders_total)", orders, with_grafana(example.stack), {"cluster": "prod-sh"})
    assert found == f"{GRAFANA}/d/obsgen-example-orders?var-cluster=prod-sh"


def test_without_an_address_or_a_dashboard_there_is_no_link(orders, example):
    stack = with_grafana(example.stack)
    assert link("a > 1", orders, example.stack) is None
    assert link("a > 1", orders, with_grafana(example.stack, delivery="none")) is None
    assert link("a > 1", replace(orders, signals={}), stack) is None
    assert objective_link("success", orders, example.stack) == {}
    assert objective_link("success", orders, with_grafana(example.stack, delivery="none")) == {}


def test_an_objectives_alert_opens_its_objective(orders, example):
    stack = with_grafana(example.stack)
    url = f"{GRAFANA}/d/obsgen-example-orders-objectives"
    shown = objective_link("success", orders, stack)
    assert shown == {"dashboard_url": f"{url}{OF_ALERT}&var-objective=success"}
    absent = objective_link("success", orders, stack, "prod-sh")
    assert absent == {"dashboard_url": f"{url}?var-cluster=prod-sh&var-objective=success"}


def test_long_names_give_short_uids_that_still_differ(orders):
    long = [replace(orders, name="a-service-with-quite-a-long-name-" + end) for end in ("one", "two")]
    uids = [of("production", one) for of in (names.dashboard_uid, names.objectives_uid) for one in long]
    assert len(set(uids)) == 4
    assert all(len(uid) <= 40 and uid.startswith("obsgen-production-a-service") for uid in uids)
    assert names.objectives_uid("example", orders) == "obsgen-example-orders-objectives"


def test_a_slash_behind_the_address_is_not_doubled(orders):
    assert names.dashboard_url(f"{GRAFANA}/", "example", orders, None) == f"{GRAFANA}/d/obsgen-example-orders"


def test_every_alert_of_a_spec_with_grafanas_address_has_a_link_that_passes_the_checks(tmp_path, example):
    (tmp_path / "spec.yaml").write_text(
        f"extends: [{ROOT}/config/example.yaml]\nenvironment: {{grafana: {{url: {GRAFANA}/}}}}\n"
    )
    compiled = compile_stack(SpecFile(tmp_path / "spec.yaml", Path("/")))
    links = [rule.annotations.get("dashboard_url") for rule in compiled.bundle.alerts if rule.severity != "none"]
    assert len(links) == len(example.bundle.alerts) - 1
    assert all(link.startswith(f"{GRAFANA}/d/obsgen-example-") and "?var-cluster=" in link for link in links)
    assert own_findings(compiled.stack, compiled.bundle) == ()
    proofs = [proof for proof in compiled.bundle.proofs if proof.severity != "none"]
    rendered = [one for proof in proofs for text in proof.rendered for one in text.alerts]
    assert rendered
    assert not any("$labels" in one.annotations["dashboard_url"] for one in rendered)
