"""The client against a server that fails in the ways that real ones do."""

from __future__ import annotations

import math
import time

import pytest

from obsgen.query.access import Access
from obsgen.query.credentials import Authorization
from obsgen.query.errors import (
    NotPrometheus,
    PrometheusError,
    QueryFailed,
    TooSlow,
    Unauthorized,
    Unavailable,
    Unreachable,
)
from obsgen.query.prometheus import Prometheus
from obsgen.query.retries import Retries

QUICK = Retries(attempts=3, first_wait=0.01)


def client(server, **options):
    return Prometheus(server.url, **{"retries": QUICK, "timeout": 5.0, **options})


def test_a_sample_comes_back_with_its_labels(server, ok):
    server.answers = [ok()]
    with client(server) as prometheus:
        (sample,) = prometheus.instant("up")
    assert (sample.labels, sample.value) == ({"job": "node"}, 3.0)


def test_the_query_travels_in_the_body_with_its_time(server, ok):
    server.answers = [ok()]
    with client(server) as prometheus:
        prometheus.instant("up", at=1767615300)
    (asked,) = server.asked
    assert asked.method == "POST"
    assert asked.parameters == {"query": "up", "time": "1767615300.000", "timeout": "5s"}


def test_a_sub_path_and_a_trailing_slash_are_kept_in_order(server, ok):
    server.answers = [ok()]
    with Prometheus(f"{server.url}/prometheus/") as prometheus:
        prometheus.instant("up")
    assert server.asked[0].path == "/prometheus/api/v1/query"


@pytest.mark.parametrize("status", [405, 501])
def test_a_server_without_post_is_asked_by_get_from_then_on(server, ok, plain, status):
    server.answers = [plain(status), ok()]
    with client(server) as prometheus:
        prometheus.instant("up", at=1)
        assert prometheus.instant("up", at=1).samples[0].value == 3.0
    assert [asked.method for asked in server.asked] == ["POST", "GET", "GET"]
    assert server.asked[1].parameters["query"] == "up"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_passing_failure_is_tried_again(server, ok, plain, status):
    server.answers = [plain(status), ok()]
    with client(server) as prometheus:
        assert len(prometheus.instant("up")) == 1
    assert len(server.asked) == 2


def test_a_broken_connection_is_tried_again(server, ok, plain):
    server.answers = [plain(body=b'{"status":', cut=True), ok()]
    with client(server) as prometheus:
        assert len(prometheus.instant("up")) == 1


def test_attempts_are_bounded(server, plain):
    server.answers = [plain(503, b"Service Unavailable")]
    with client(server) as prometheus, pytest.raises(Unavailable, match="503 after 3 attempts"):
        prometheus.instant("up")
    assert len(server.asked) == 3


def test_retry_after_cannot_outlast_the_deadline(server, plain):
    server.answers = [plain(429, headers={"Retry-After": "600"})]
    started = time.monotonic()
    with client(server, timeout=1.0) as prometheus, pytest.raises(Unavailable):
        prometheus.instant("up")
    assert time.monotonic() - started < 2


def test_a_query_that_ran_into_the_servers_limit_is_not_asked_again(server, refusal):
    server.answers = [refusal(503, "timeout", "query timed out in expression evaluation")]
    with client(server) as prometheus, pytest.raises(QueryFailed, match="query timed out"):
        prometheus.instant("up")
    assert len(server.asked) == 1


def test_a_dripping_server_cannot_hold_the_deadline_up(server, ok):
    server.answers = [ok()]
    server.answers[0].drip = 0.1
    started = time.monotonic()
    with client(server, timeout=0.5) as prometheus, pytest.raises(TooSlow, match="did not answer in time"):
        prometheus.instant("up")
    assert time.monotonic() - started < 2


def test_a_refused_query_is_named_with_the_servers_reason(server, refusal):
    server.answers = [refusal(400, "bad_data", "parse error: unclosed left parenthesis")]
    with client(server) as prometheus, pytest.raises(QueryFailed) as failure:
        prometheus.instant("sum(")
    assert "bad_data: parse error: unclosed left parenthesis" in str(failure.value)
    assert "(query: sum()" in str(failure.value)
    assert failure.value.query == "sum("


def test_a_long_query_is_shown_in_part_and_kept_whole(server, refusal):
    query = " + ".join(["up"] * 200)
    server.answers = [refusal(422, "execution", "query processing would load too many samples into memory")]
    with client(server) as prometheus, pytest.raises(QueryFailed, match="shorter window") as failure:
        prometheus.instant(query)
    assert failure.value.query == query
    assert len(str(failure.value)) < 500


def test_a_login_page_is_no_answer(server, plain):
    page = b"<!DOCTYPE html><html><title>Sign in</title></html>"
    server.answers = [plain(200, page, headers={"Content-Type": "text/html"})]
    with client(server) as prometheus, pytest.raises(NotPrometheus, match="web page, probably a login"):
        prometheus.instant("up")


def test_a_redirect_is_followed_by_the_user_and_not_by_the_query(server, plain):
    server.answers = [plain(302, headers={"Location": "https://login.example.com/start?state=secret"})]
    with client(server) as prometheus, pytest.raises(NotPrometheus) as failure:
        prometheus.instant("up")
    assert "redirects to https://login.example.com/start:" in str(failure.value)
    assert "secret" not in str(failure.value)


def test_truncated_json_is_no_answer(server, ok):
    server.answers = [ok()]
    server.answers[0].body = server.answers[0].body[:-20]
    with client(server) as prometheus, pytest.raises(NotPrometheus, match="broken JSON"):
        prometheus.instant("up")


@pytest.mark.parametrize("data", [[], {"resultType": "matrix", "result": []}, {"resultType": "vector"}])
def test_json_of_another_shape_is_no_answer(server, ok, data):
    server.answers = [ok(data=data)]
    with client(server) as prometheus, pytest.raises(NotPrometheus):
        prometheus.instant("up")


def test_a_missing_sub_path_is_suggested(server, plain):
    server.answers = [plain(404, b"404 page not found")]
    with client(server) as prometheus, pytest.raises(NotPrometheus, match="/prometheus may be missing"):
        prometheus.instant("up")


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_token_is_told_apart_and_never_printed(server, plain, status):
    server.answers = [plain(status, b"no")]
    access = Access(auth=Authorization("Bearer hunter2"))
    with client(server, access=access) as prometheus, pytest.raises(Unauthorized) as failure:
        prometheus.instant("up")
    assert "hunter2" not in str(failure.value) + repr(access)
    assert server.asked[0].headers["Authorization"] == "Bearer hunter2"


def test_the_tenant_is_sent(server, ok):
    server.answers = [ok()]
    with client(server, access=Access(headers={"X-Scope-OrgID": "prod"})) as prometheus:
        prometheus.instant("up")
    assert server.asked[0].headers["X-Scope-OrgID"] == "prod"


def test_netrc_does_not_replace_the_credentials(server, ok, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server.answers = [ok()]
    with client(server, access=Access(auth=Authorization("Bearer mine"))) as prometheus:
        prometheus.instant("up")
    assert server.asked[0].headers["Authorization"] == "Bearer mine"


def test_nobody_at_the_address_is_said_at_once():
    started = time.monotonic()
    with (
        Prometheus("http://127.0.0.1:1") as prometheus,
        pytest.raises(Unreachable, match="kubectl port-forward"),
    ):
        prometheus.instant("up")
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("url", ["prometheus.example.com:9090", "ftp://prometheus.example.com", "http://"])
def test_what_is_no_url_is_said_to_be_none(url):
    with pytest.raises(Unreachable, match="write it as http://"):
        Prometheus(url)


def test_a_password_in_the_url_is_not_printed(server, plain):
    server.answers = [plain(404)]
    url = server.url.replace("http://", "http://someone:hunter2@")
    with Prometheus(url) as prometheus, pytest.raises(PrometheusError) as failure:
        prometheus.instant("up")
    assert "hunter2" not in str(failure.value) + prometheus.title


def test_the_backends_warnings_are_kept(server, ok):
    server.answers = [ok(warnings=["No StoreAPIs matched for this query"])]
    with client(server) as prometheus:
        assert prometheus.instant("up").warnings == ("No StoreAPIs matched for this query",)


def test_a_partial_answer_says_so(server, ok):
    server.answers = [ok(isPartial=True)]
    with client(server) as prometheus:
        (warning,) = prometheus.instant("up").warnings
    assert "partial" in warning


def test_a_scalar_is_one_sample(server, ok):
    server.answers = [ok(data={"resultType": "scalar", "result": [1767615300, "1767615300.5"]})]
    with client(server) as prometheus:
        assert prometheus.server_time() == 1767615300.5


def matrix(ok, *series):
    return ok(data={"resultType": "matrix", "result": list(series)})


def test_a_range_comes_back_as_series_with_times(server, ok):
    server.answers = [matrix(ok, {"metric": {"job": "node"}, "values": [[1767615300, "3"], [1767618900.5, "NaN"]]})]
    with client(server) as prometheus:
        (series,) = prometheus.range("up", start=1767615300, end=1767618900.5, step=3600)
    assert series.labels == {"job": "node"}
    assert series.points[0] == (1767615300.0, 3.0)
    assert series.points[1][0] == 1767618900.5
    assert math.isnan(series.points[1][1])


def test_a_range_is_asked_for_with_both_ends_and_its_step(server, ok):
    server.answers = [matrix(ok)]
    with client(server) as prometheus:
        assert len(prometheus.range("up", start=1767615300, end=1767618900, step=60)) == 0
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", "/api/v1/query_range")
    assert asked.parameters == {
        "query": "up",
        "start": "1767615300.000",
        "end": "1767618900.000",
        "step": "60.000",
        "timeout": "5s",
    }


def test_a_partial_range_is_said_to_be_partial(server, ok):
    server.answers = [ok(data={"resultType": "matrix", "result": []}, isPartial=True, warnings=["a store is away"])]
    with client(server) as prometheus:
        warnings = prometheus.range("up", start=1, end=2, step=1).warnings
    assert warnings[0] == "a store is away"
    assert "partial" in warnings[1]


@pytest.mark.parametrize("data", [[], {"resultType": "vector", "result": []}, {"resultType": "matrix", "result": [1]}])
def test_json_of_another_shape_is_no_range(server, ok, data):
    server.answers = [ok(data=data)]
    with client(server) as prometheus, pytest.raises(NotPrometheus, match="not a range query's answer"):
        prometheus.range("up", start=1, end=2, step=1)


def test_what_the_backend_remarks_about_the_query_is_kept_and_is_no_lack_of_data(server, ok):
    server.answers = [ok(warnings=["PromQL warning: a"], infos=["PromQL info: b"])]
    with client(server) as prometheus:
        vector = prometheus.instant("up")
        assert vector.warnings == ("PromQL warning: a", "PromQL info: b")
        assert not prometheus.partial


@pytest.mark.parametrize("more", [{"isPartial": True}, {"warnings": ["No StoreAPIs matched for this query"]}])
def test_the_client_remembers_that_an_answer_was_partial(server, ok, more):
    server.answers = [ok(**more), ok()]
    with client(server) as prometheus:
        prometheus.instant("up")
        prometheus.instant("up")
        assert prometheus.partial


def test_parameters_join_every_query_and_cannot_replace_it(server, ok):
    server.answers = [ok()]
    access = Access(parameters={"dedup": "true", "query": "other"})
    with client(server, access=access) as prometheus:
        prometheus.instant("up")
    assert server.asked[0].parameters == {"dedup": "true", "query": "up", "timeout": "5s"}
