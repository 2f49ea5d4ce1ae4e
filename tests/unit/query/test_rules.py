"""A server's own listings: the rules that it has loaded, and how far its samples reach."""

from __future__ import annotations

import json

import pytest

from obsgen.query.access import Access
from obsgen.query.errors import NotPrometheus, PrometheusError
from obsgen.query.prometheus import Prometheus
from obsgen.query.rules import LoadedRule


@pytest.fixture
def listing(plain):
    return lambda data: plain(body=json.dumps({"status": "success", "data": data}).encode())


def test_every_rule_is_told_with_the_error_that_it_ends_in(server, listing):
    rules = [
        {"name": "a:b:c", "type": "recording", "health": "ok", "lastError": ""},
        {"name": "d:e:f", "type": "recording", "health": "err", "lastError": "vector cannot contain metrics"},
        {"name": "NodeDown", "type": "alerting", "health": "unknown"},
    ]
    server.answers = [listing({"groups": [{"rules": rules[:1]}, {"rules": rules[1:]}]})]
    with Prometheus(server.url, access=Access(parameters={"dedup": "true"})) as prometheus:
        found = prometheus.rules()
    assert found == (
        LoadedRule("a:b:c", records=True),
        LoadedRule("d:e:f", records=True, error="vector cannot contain metrics"),
        LoadedRule("NodeDown", records=False),
    )
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("GET", "/api/v1/rules")
    assert asked.parameters == {"dedup": "true", "exclude_alerts": "true"}


@pytest.mark.parametrize("data", [[], {"groups": {}}, {"groups": [1]}, {"groups": [{"rules": [{"type": "alerting"}]}]}])
def test_what_is_no_list_of_rules_is_said_to_be_none(server, listing, data):
    server.answers = [listing(data)]
    with Prometheus(server.url) as prometheus, pytest.raises(NotPrometheus, match="is not a list of rules"):
        prometheus.rules()


def test_a_store_without_rules_refuses(server, plain):
    server.answers = [plain(404, b"404 page not found")]
    with Prometheus(server.url) as prometheus, pytest.raises(PrometheusError):
        prometheus.rules()


@pytest.mark.parametrize(("end", "expected"), [(1_767_615_300_500, 1_767_615_300.5), (-(2**63), None)])
def test_the_head_ends_with_its_newest_sample(server, listing, end, expected):
    server.answers = [listing({"headStats": {"maxTime": end}})]
    with Prometheus(server.url) as prometheus:
        assert prometheus.newest_in_head() == expected


def test_a_state_without_a_head_is_none(server, listing):
    server.answers = [listing({})]
    with Prometheus(server.url) as prometheus, pytest.raises(NotPrometheus, match="is not a state of the storage"):
        prometheus.newest_in_head()
