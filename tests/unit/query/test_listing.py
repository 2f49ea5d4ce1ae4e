"""Listings go through prometheus-api-client, over the client's own session and credentials."""

from __future__ import annotations

import pytest
import requests
from requests.adapters import HTTPAdapter

from obsgen.query.access import Access
from obsgen.query.credentials import Authorization
from obsgen.query.errors import QueryFailed
from obsgen.query.prometheus import Prometheus


def test_metric_names_come_through_the_same_session(server, ok, plain):
    server.answers = [plain(body=b'{"status":"success","data":["other","up"]}')]
    with Prometheus(server.url, access=Access(Authorization("Bearer t"), {"X-Scope-OrgID": "a"})) as prometheus:
        assert prometheus.metric_names(["up", "down"], start=1, end=2) == {"up"}
    (asked,) = server.asked
    assert asked.path == "/api/v1/label/__name__/values"
    # A server that had to match some would go through each of their series.
    assert asked.parameters == {"start": "1", "end": "2"}
    assert (asked.headers["Authorization"], asked.headers["X-Scope-OrgID"]) == ("Bearer t", "a")


def test_metric_names_fail_as_queries_do(server, plain):
    server.answers = [plain(403, b"no")]
    with Prometheus(server.url) as prometheus, pytest.raises(QueryFailed, match="does not list its metrics"):
        prometheus.metric_names(["up"], start=1, end=2)


def test_the_callers_adapter_stays_mounted(server, ok, plain):
    session, adapter = requests.Session(), HTTPAdapter()
    session.mount("http://", adapter)
    server.answers = [plain(body=b'{"status":"success","data":[]}')]
    with Prometheus(server.url, session=session) as prometheus:
        prometheus.metric_names(["up"], start=1, end=2)
        assert session.get_adapter(server.url) is adapter


def test_a_server_says_of_itself_what_its_status_pages_hold(server, plain):
    server.answers = [plain(body=b'{"status":"success","data":{"version":"3.5.0"}}')]
    with Prometheus(server.url) as prometheus:
        assert prometheus.said_of_itself("buildinfo") == {"version": "3.5.0"}
    assert server.asked[0].path == "/api/v1/status/buildinfo"


@pytest.mark.parametrize(
    ("status", "body"), [(404, b"not found"), (200, b"<html>"), (403, b"no"), (200, b'{"data":[]}')]
)
def test_a_server_without_status_pages_says_nothing_of_itself(server, plain, status, body):
    server.answers = [plain(status, body)]
    with Prometheus(server.url) as prometheus:
        assert prometheus.said_of_itself("config") == {}
