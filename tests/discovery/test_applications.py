"""Applications are told by counters of requests and orders, and failures by the label that says them."""

from __future__ import annotations

import pytest

from obsgen.live.discovery.applications import applications
from obsgen.live.discovery.asking import Asking
from obsgen.live.discovery.reads import Candidates, PackReads
from obsgen.model.source import Source
from obsgen.promql.selector import parse_matchers
from obsgen.spec.recognised import recognised
from obsgen.spec.stack import EnvironmentSpec
from tests.discovery.standin import StandIn
from tests.discovery.world import series

SIGNS = recognised().spec.applications
COREDNS = Source("coredns", 'job="coredns"', parse_matchers('job="coredns"'))


def found(*world, taken=(), scraped=None):
    packs = tuple(PackReads(name, "infrastructure", (), {}, {}) for name in taken)
    known = Candidates(packs, {"coredns": COREDNS}, {}, EnvironmentSpec(cluster="prod"))
    targets = [dict(one) for one in world] if scraped is None else scraped
    return applications(Asking(StandIn(world)), targets, SIGNS, known)


def requests(job="cart", namespace="shop", metric="http_requests_total", **labels):
    return series(metric, job=job, namespace=namespace, **labels)


def test_requests_with_codes_and_latency_become_parameters():
    bucket = requests(metric="http_request_duration_seconds_bucket", le="+Inf")
    (cart,) = found(requests(code="200"), requests(code="500"), bucket)
    assert (cart.name, cart.job, cart.namespace) == ("cart", "cart", "shop")
    assert cart.parameters == {
        "requests": "http_requests_total",
        "request_errors": 'http_requests_total{code=~"5.."}',
        "latency": "http_request_duration_seconds_bucket",
    }


@pytest.mark.parametrize(
    ("metric", "labels", "failures"),
    [
        ("http_requests_total", [{"status": "200"}], 'status=~"5.."'),
        ("http_requests_total", [{"status_code": "404"}], 'status_code=~"5.."'),
        ("http_requests_total", [{"status": "ok"}, {"status": "error"}], 'status="error"'),
        (
            "http_server_requests_seconds_count",
            [{"outcome": "SUCCESS"}, {"outcome": "SERVER_ERROR"}],
            'outcome="SERVER_ERROR"',
        ),
        (
            "grpc_server_handled_total",
            [{"grpc_code": "OK"}],
            'grpc_code=~"Unknown|DeadlineExceeded|Unimplemented|Internal|Unavailable|DataLoss"',
        ),
    ],
)
def test_failures_are_told_by_the_label_that_frameworks_write(metric, labels, failures):
    (one,) = found(*(requests(metric=metric, **each) for each in labels))
    assert one.parameters["request_errors"] == f"{metric}{{{failures}}}"


def test_orders_count_as_events_with_the_failures_that_were_seen():
    world = (requests(metric="orders_total", result=result) for result in ("ok", "failed", "error"))
    (one,) = found(*world)
    assert one.parameters == {"total": "orders_total", "failed": 'orders_total{result=~"error|failed"}'}


def test_a_counter_without_failures_is_told_apart():
    (one,) = found(requests(metric="orders_total", shop="a"))
    assert one.parameters == {"total": "orders_total"}
    assert one.without_failures == ("orders_total",)


def test_jobs_of_the_infrastructure_and_names_of_its_programs_are_no_applications():
    assert (
        found(
            requests(job="coredns"),
            requests(job="proxy", metric="envoy_http_requests_total"),
            requests(job="x", metric="prometheus_http_requests_total"),
        )
        == ()
    )


def test_a_job_of_a_pod_monitor_is_named_after_its_last_part():
    (one,) = found(requests(job="shop/Orders_API"))
    assert (one.name, one.job) == ("orders-api", "shop/Orders_API")


def test_names_that_are_taken_get_the_namespace_before_them():
    both = found(requests(), requests(namespace="other"), requests(job="node"), taken=["node"])
    assert [(one.name, one.namespace) for one in both] == [
        ("cart", "other"),
        ("shop-cart", "shop"),
        ("shop-node", "shop"),
    ]


def test_a_metric_that_no_template_could_name_is_left_out():
    assert found(requests(metric="${cluster}_requests_total")) == ()


def test_a_job_that_no_spec_could_name_is_left_out():
    assert found(requests(job="${cluster}"), requests(namespace="Bad Name")) == ()


def test_what_is_pushed_and_not_scraped_is_left_out():
    assert found(requests(), scraped=[{"job": "cart", "namespace": "other"}]) == ()
