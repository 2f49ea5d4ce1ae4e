"""Whatever stands between fails: the report is right, or there is a clear error and status 2."""

from __future__ import annotations

import pytest

from tests.faults.conftest import capacity
from tests.faults.proxy import Answer, blown_up, marked, refusal

PAGE = Answer(200, b"<!DOCTYPE html><html><title>Sign in</title></html>", {"Content-Type": "text/html"})
REDIRECTED = Answer(302, b"", {"Location": "https://login.example.com/start?state=hunter2"})


def the_third(fault):
    """The fault at the third request alone; the first two are the server's time and the nodes."""
    return lambda passed, number, ask: fault(ask) if number == 3 else ask()


def test_nothing_in_between_changes_nothing(proxy, truth):
    ended = capacity(proxy.url)
    assert (ended.code, ended.figures) == (0, truth)
    assert {passed.method for passed in proxy.seen if passed.path == "/api/v1/query"} == {"POST"}
    assert proxy.most_at_once == 2


PASSING = {
    "429 with Retry-After": lambda ask: Answer(429, b"slow down", {"Retry-After": "1"}),
    "500 then fine": lambda ask: Answer(500, b"Internal Server Error"),
    "503 then fine": lambda ask: Answer(503, b"Service Unavailable"),
    "a connection that ends early": lambda ask: Answer(200, ask().body[:-30], announced=len(ask().body)),
    "a connection that is reset in the middle of the body": lambda ask: Answer(
        200, ask().body[:-30], announced=len(ask().body), reset=True
    ),
    "half a second of silence": lambda ask: Answer(200, ask().body, before=0.5),
    "a body that drips, but in time": lambda ask: Answer(200, ask().body, drip=0.02, pieces=20),
}


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
def test_a_passing_failure_ends_in_the_same_figures(proxy, truth, fault):
    proxy.fault = the_third(fault)
    ended = capacity(proxy.url)
    assert (ended.code, ended.figures) == (0, truth), ended.err
    assert ended.report["warnings"] == []


def test_retry_after_is_waited_for(proxy, truth):
    proxy.fault = the_third(lambda ask: Answer(429, b"slow down", {"Retry-After": "2"}))
    assert capacity(proxy.url).seconds > 2


LASTING = {
    "503 always": (
        lambda ask: Answer(503, b"Service Unavailable"),
        ["answers 503 after 4 attempts", "try again later"],
    ),
    "429 always": (lambda ask: Answer(429, b"", {"Retry-After": "0"}), ["answers 429 after 4 attempts"]),
    "a reset each time": (
        lambda ask: Answer(200, ask().body[:-30], announced=len(ask().body), reset=True),
        ["broke the connection 4 times"],
    ),
    "truncated JSON": (lambda ask: Answer(200, ask().body[:-30]), ["broken JSON", "cut short"]),
    "JSON of something else": (lambda ask: Answer(200, b'{"status":"success","data":[]}'), ["is this a Prometheus"]),
    "a login page": (lambda ask: PAGE, ["web page, probably a login"]),
    "a redirect to a login": (lambda ask: REDIRECTED, ["redirects to https://login.example.com/start:", "log in"]),
    "a refused tenant": (lambda ask: Answer(401, b"no org id\n"), ["answers 401 (no org id)", "--tenant"]),
    "an unknown tenant": (
        lambda ask: refusal(422, "execution", "tenant ID 'x y' contains unsupported character ' '"),
        ["refused the query: execution: tenant ID", "check the tenant given with --tenant"],
    ),
    "too many series for Mimir": (
        lambda ask: refusal(422, "execution", "the limit was hit (err-mimir-max-series-per-query)"),
        ["-querier.max-fetched-series-per-query"],
    ),
    "too many samples for VictoriaMetrics": (
        lambda ask: refusal(422, "422", "cannot select more than -search.maxSamplesPerQuery=1000 samples"),
        ["raise -search.maxSamplesPerQuery"],
    ),
    "a body over the cap": (lambda ask: blown_up(), ["answers with more than 256 MiB"]),
    "a length over the cap": (lambda ask: Answer(200, b"{", announced=1 << 40), ["answers with more than 256 MiB"]),
    "a page that is not there": (lambda ask: Answer(404, b"404 page not found"), ["/prometheus may be missing"]),
}


@pytest.mark.parametrize(("fault", "words"), LASTING.values(), ids=LASTING)
def test_a_lasting_failure_is_a_clear_error_that_names_the_query(proxy, fault, words):
    proxy.fault = lambda passed, number, ask: ask() if number < 3 else fault(ask)
    ended = capacity(proxy.url)
    ended.is_error(*words, "(query: ", f"{proxy.url}/api/v1/query")
    assert "hunter2" not in ended.err


@pytest.mark.parametrize(
    "late",
    [
        lambda ask: Answer(200, ask().body, before=30),
        lambda ask: Answer(200, ask().body, drip=0.5, pieces=1000),
    ],
    ids=["slow", "dripping"],
)
def test_the_deadline_holds_for_slow_and_dripping_answers(proxy, late):
    proxy.fault = the_third(late)
    ended = capacity(proxy.url, "--timeout", "1")
    ended.is_error("did not answer in time", "--timeout")
    assert ended.seconds < 15


def test_a_long_query_reaches_a_server_that_takes_no_long_urls(proxy, truth):
    def short_urls(passed, number, ask):
        return Answer(414, b"URI Too Long") if len(passed.target) > 500 else ask()

    proxy.fault = short_urls
    ended = capacity(proxy.url)
    assert (ended.code, ended.figures) == (0, truth)


def test_a_server_that_takes_neither_post_nor_long_urls_is_an_error(proxy):
    def neither(passed, number, ask):
        if passed.method == "POST":
            return Answer(405, b"Method Not Allowed")
        return Answer(414, b"URI Too Long") if len(passed.target) > 500 else ask()

    proxy.fault = neither
    capacity(proxy.url).is_error("takes queries by GET only and finds this one too long", "allow POST")


def test_a_server_without_post_is_asked_by_get(proxy, truth):
    proxy.fault = lambda passed, number, ask: Answer(405, b"") if passed.method == "POST" else ask()
    ended = capacity(proxy.url)
    assert (ended.code, ended.figures) == (0, truth)


PARTIAL = {
    "VictoriaMetrics": ({"isPartial": True}, "the backend says that this answer is partial"),
    "Thanos": ({"warnings": ["No StoreAPIs matched for this query"]}, "No StoreAPIs matched for this query"),
}


@pytest.mark.parametrize(("more", "warning"), PARTIAL.values(), ids=PARTIAL)
def test_a_partial_answer_is_reported_with_status_two_unless_it_is_allowed(proxy, truth, more, warning):
    proxy.fault = the_third(lambda ask: marked(ask(), **more))
    ended = capacity(proxy.url)
    assert (ended.code, ended.figures) == (2, truth)
    assert any(warning in one for one in ended.report["warnings"])
    assert ended.err.startswith("Error: the backend's answers were partial")
    proxy.seen.clear()
    assert capacity(proxy.url, "--allow-partial").code == 0


def test_remarks_on_a_query_are_shown_and_do_not_count_as_missing_data(proxy, truth):
    said = {"warnings": ["PromQL warning: a"], "infos": ["PromQL info: b"]}
    proxy.fault = lambda passed, number, ask: marked(ask(), **said) if "pods" in passed.query or number == 3 else ask()
    ended = capacity(proxy.url)
    assert (ended.code, ended.figures) == (0, truth)
    assert {"PromQL warning: a", "PromQL info: b"} <= set(ended.report["warnings"])


def test_a_wrong_tenant_that_holds_nothing_is_an_error(proxy):
    empty = Answer(200, b'{"status":"success","data":{"resultType":"vector","result":[]}}')
    proxy.fault = lambda passed, number, ask: ask() if passed.query == "time()" else empty
    capacity(proxy.url).is_error("holds neither kube_node_status_allocatable nor", "another address or tenant")


def test_the_tenants_are_joined_and_sent_with_everything(proxy, truth):
    def for_both(passed, number, ask):
        return ask() if passed.headers.get("X-Scope-OrgID") == "a|b" else Answer(401, b"no org id")

    proxy.fault = for_both
    ended = capacity(proxy.url, "--tenant", "a", "--tenant", "b")
    assert (ended.code, ended.figures, ended.report["warnings"]) == (0, truth, [])


def test_a_listing_that_fails_costs_the_causes_and_no_figures(proxy, truth):
    proxy.fault = lambda passed, number, ask: Answer(403, b"no") if "/label/" in passed.path else ask()
    ended = capacity(proxy.url)
    assert (ended.code, ended.figures) == (0, truth)
    assert any("why a metric is missing is therefore not said" in one for one in ended.report["warnings"])


def test_a_listing_that_drips_cannot_hold_the_deadline_up(proxy, truth):
    def dripping(passed, number, ask):
        return Answer(200, ask().body, drip=0.5, pieces=1000) if "/label/" in passed.path else ask()

    proxy.fault = dripping
    ended = capacity(proxy.url, "--timeout", "2")
    assert (ended.code, ended.figures) == (0, truth)
    assert ended.seconds < 20
