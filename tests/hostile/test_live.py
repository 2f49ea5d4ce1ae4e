"""Whatever a server answers, a command ends with a report or a message: no traceback, no endless wait, no secret."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest
from click.testing import CliRunner

from obsgen.cli import main
from obsgen.preview.gallery import Gallery
from obsgen.preview.serving import server_of
from obsgen.query.access import Access
from obsgen.query.credentials import Authorization
from obsgen.query.errors import NotPrometheus, PrometheusError
from obsgen.query.prometheus import Prometheus
from obsgen.query.retries import Retries
from tests.hostile.answering import NOW, Answer, Server, honest, running, success, vector

TOKEN = "hunter2-hunter2"
REPORTS = (("capacity",), ("objectives", "report"))
each_report = pytest.mark.parametrize("command", REPORTS, ids=" ".join)


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as one:
        one.answer = honest
        yield one


def run(*arguments: str, code: int | None = None, **variables: str) -> str:
    """The output of a command, all of it, after it has ended without an exception."""
    result = CliRunner(env=variables).invoke(main, arguments, catch_exceptions=False)
    assert "Traceback" not in result.output
    assert result.exit_code in ((0, 1, 2) if code is None else (code,)), result.output
    return result.output


def refused(*arguments: str, **variables: str) -> str:
    """The message of a command that has no report."""
    output = run(*arguments, code=2, **variables)
    assert output.startswith("Error: ")
    return output


def sample(value: object = "1", at: object = NOW, **labels: object) -> dict:
    return {"metric": {"node": "n1", **labels}, "value": [at, value]}


# What an instant query may be answered with, and none of it is an answer.
UNLIKE = {
    "a list": Answer(b"[]"),
    "nothing": Answer(b""),
    "a number": Answer(b"1"),
    "no data": success(None),
    "data that are a list": success([]),
    "a result without a type": success({"result": []}),
    "a type that is a list": success({"resultType": ["vector"], "result": []}),
    "a matrix": success({"resultType": "matrix", "result": []}),
    "a string": success({"resultType": "string", "result": [NOW, "1"]}),
    "a result that is text": success({"resultType": "vector", "result": "up"}),
    "a result that is null": success({"resultType": "vector", "result": None}),
    "a scalar without a value": success({"resultType": "scalar", "result": [NOW]}),
    "a scalar that is none": success({"resultType": "scalar", "result": [NOW, {}]}),
    "a sample that is a number": vector(1),
    "no labels": vector({"value": [NOW, "1"]}),
    "labels that are a list": vector({"metric": [["node", "n1"]], "value": [NOW, "1"]}),
    "a label that is a list": vector(sample(cluster=["a"])),
    "a label that is an object": vector(sample(cluster={"a": "b"})),
    "a label that is a number": vector(sample(cluster=1)),
    "a label that is null": vector(sample(cluster=None)),
    "no value": vector({"metric": {"node": "n1"}}),
    "a value that is a list": vector(sample(["1"])),
    "a value that is a number": vector(sample(10**400)),
    "a value that is text": vector(sample("much")),
    "a value without a time": vector({"metric": {}, "value": ["1"]}),
    "a value that is an object": vector({"metric": {}, "value": {"0": NOW, "1": "1"}}),
    "one series twice": vector(sample("1"), sample("2")),
    "warnings that are text": vector(sample(), warnings="all is lost"),
    "warnings that are no texts": vector(sample(), warnings=[{"a": 1}, 2]),
    "infos that are a number": vector(sample(), infos=7),
    "a thousand brackets": Answer(b"[" * 100_000),
    "depth inside": Answer(b'{"status":"success","data":' + b'{"a":' * 5000 + b"1" + b"}" * 5001),
    "empty pieces without an end": Answer(b'{"status":"success","data":[' + b"[]," * 200_000 + b"[]]}"),
    "half a document": Answer(b'{"status":"success","da'),
    "not UTF-8": Answer(b'{"status":"success","data":"\xff"}'),
}


@pytest.mark.parametrize("answer", UNLIKE.values(), ids=UNLIKE)
def test_what_is_no_answer_is_refused_whole(server, answer):
    server.answer = lambda asked: answer
    with Prometheus(server.url, timeout=5.0) as prometheus, pytest.raises(NotPrometheus, match=r"127\.0\.0\.1"):
        prometheus.instant("up")


@each_report
@pytest.mark.parametrize("name", ["a list", "a label that is a list", "a matrix", "depth inside", "one series twice"])
def test_a_report_of_no_answers_is_one_message(server, command, name):
    server.answer = lambda asked: UNLIKE[name]
    refused(*command, "--url", server.url)


@pytest.mark.parametrize("time", ["soon", None, [1], {}, -1, 1e300, 10**400, float("nan"), float("inf"), "1767615300"])
def test_points_at_no_time_are_refused(server, time):
    series = {"metric": {"node": "n1"}, "values": [[NOW, "1"], [time, "1"]]}
    server.answer = lambda asked: success({"resultType": "matrix", "result": [series]})
    with Prometheus(server.url) as prometheus, pytest.raises(NotPrometheus, match="out of all bounds"):
        prometheus.range("up", start=NOW, end=NOW, step=60)


@pytest.mark.parametrize("values", [None, {}, "1", [1], [[NOW]], [[NOW, "1", "2"]], [[NOW, 1]], [{"0": 1}]])
def test_series_of_no_points_are_refused(server, values):
    series = {"metric": {"node": "n1"}, "values": values}
    server.answer = lambda asked: success({"resultType": "matrix", "result": [series]})
    with Prometheus(server.url) as prometheus, pytest.raises(NotPrometheus, match="not a range query's answer"):
        prometheus.range("up", start=NOW, end=NOW, step=60)


@each_report
@pytest.mark.parametrize(
    "clock",
    [
        vector(),
        success({"resultType": "vector", "result": []}, warnings=["nothing here"]),
        *(success({"resultType": "scalar", "result": [0, text]}) for text in ("NaN", "1e14", "-1", "+Inf", "1e400")),
        vector(sample(), sample(node="n2")),
    ],
    ids=["empty", "empty with a warning", "NaN", "1e14", "-1", "+Inf", "1e400", "two"],
)
def test_a_server_without_a_clock_is_said_to_have_none(server, command, clock):
    server.answer = lambda asked: clock if asked.query == "time()" else honest(asked)
    assert "does not tell the time" in refused(*command, "--url", server.url)


FORMS = [(("capacity", "--fit", "cpu=1m"), form) for form in ("text", "json", "csv", "markdown", "html")]
FORMS += [(("objectives", "report"), form) for form in ("text", "json")]
each_form = pytest.mark.parametrize(("command", "form"), FORMS, ids=[f"{words[0]}-{form}" for words, form in FORMS])


@each_form
@pytest.mark.parametrize("value", ["1e20", "1e-15", "-5", "0.5"])
def test_odd_amounts_are_reported_like_others(server, value, command, form):
    server.answer = lambda asked: honest(asked, value)
    supposed = ("--what-if", "replicas of shop/web=3") if command[0] == "capacity" else ()
    output = run(*command, *supposed, "--url", server.url, "--format", form, code=0)
    assert not re.search(r"\b(nan|NaN|inf|Infinity)\b", output)


@each_form
@pytest.mark.parametrize("value", ["NaN", "+Inf", "-Inf", "1e308", "-1e308", "1e400", "1e-320"])
def test_what_is_no_amount_is_unknown_and_never_a_figure(server, value, command, form):
    server.answer = lambda asked: honest(asked, value)
    output = run(*command, "--url", server.url, "--format", form, code=0)
    assert not re.search(r"\b(nan|NaN|inf|Infinity|1e\+?308)\b|0000000000000", output)


@each_report
def test_numbers_of_any_length_are_read_or_refused(server, command):
    server.answer = lambda asked: honest(asked, "9" * 10_000, at=10**400)
    run(*command, "--url", server.url, code=0)


@each_report
def test_labels_of_any_name_are_labels(server, command):
    odd = {"": "empty", "a b": "space", "\n": "line", "__name__": "", "é" * 5000: "long", "period": "\x00" * 5000}
    server.answer = lambda asked: honest(asked, labels=odd)
    run(*command, "--url", server.url)


@pytest.mark.parametrize(
    "period", ["", "0", "30", "99999999999999999y", "9" * 5000 + "d", "month\n", "1y1d", "5m" * 99]
)
def test_a_period_that_is_none_is_left_out(server, period):
    server.answer = lambda asked: honest(asked, labels={"period": period})
    output = run("objectives", "report", "--url", server.url, code=0)
    assert period == "0" or "is left out: its period" in output


@pytest.mark.parametrize("target", ["1", "0", "0.99999999999999994", "NaN", "-0.5", "99"])
def test_a_target_that_leaves_no_budget_is_no_objective(server, target):
    server.answer = lambda asked: (
        vector(sample(target, component="a", objective="b", period="30d"))
        if asked.query.startswith("objective:target")
        else honest(asked)
    )
    assert "no series objective:target" in refused("objectives", "report", "--url", server.url).replace("\n", " ")


@pytest.mark.parametrize(
    "header", ["²", "٣", "-5", "NaN", "9" * 5000, "Mon, 99 Foo", "Fri, 31 Dec 9999 23:59:59 -2359", "1e9", ", , ,"]
)
def test_a_header_that_asks_for_odd_patience_is_not_heeded(server, header):
    server.answer = lambda asked: Answer(b"busy", 503, {"Retry-After": header.encode().decode("latin-1")})
    with (
        Prometheus(server.url, timeout=0.5, retries=Retries(2, 0.01)) as prometheus,
        pytest.raises(PrometheusError, match="answers 503"),
    ):
        prometheus.instant("up")


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Length": "\xb2"},
        {"Content-Length": "-1"},
        {"Content-Length": "9" * 5000},
        {"Content-Length": "100"},
        {"Content-Encoding": "gzip"},
        {"Content-Encoding": "deflate, gzip, deflate"},
        {"Transfer-Encoding": "chunked"},
        {"Content-Type": "\xff;;charset=\xb2"},
        {"Set-Cookie": "a=b; expires=Mon, 99 Foo 99999; domain=.; path=\xb2; max-age=\xb2"},
        {"Connection": "\xb2"},
    ],
    ids=str,
)
def test_odd_headers_end_in_a_message_or_do_not_matter(server, headers):
    answer = honest_up()
    server.answer = lambda asked: Answer(answer.body, 200, headers)
    with Prometheus(server.url, timeout=1.0, retries=Retries(1)) as prometheus:
        try:
            assert len(prometheus.instant("up")) == 1
        except PrometheusError as error:
            assert "127.0.0.1" in str(error)


@pytest.mark.parametrize(
    "location", ["http://[::1", "", "\xb2", "//", "http://u:" + TOKEN + "@[::1", "?" + TOKEN, "a" * 9999]
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed_wherever_it_leads(server, location, status):
    server.answer = lambda asked: Answer(b"", status, {"Location": location})
    access = Access(Authorization(f"Bearer {TOKEN}"))
    with (
        Prometheus(server.url, access=access) as prometheus,
        pytest.raises(NotPrometheus, match="redirects") as failure,
    ):
        prometheus.instant("up")
    assert TOKEN not in str(failure.value)
    assert len(str(failure.value)) < 800
    assert len(server.asked) == 1


ADDRESSES = [
    "http://[::1/x", "http://[::1]x", "http://[", "http://]", "http://", "http:///x", "http://:9090", "http://a:99999",
    "http://a:0", "http://a:-1", "http://a:b", "http://a b", "http://a\tb", "http://a\nb", "http://a..b",
    f"http://{'a' * 64}.example.com", "http://xn--\xff", "http://\u2100", "http://a\\@b", "prometheus:9090",
    "//prometheus:9090", "ftp://a", "file:///etc/passwd", "javascript:alert(1)", "", " ", "http:// ", "http://%00:1", "http://a\x7f",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_no_address_is_refused_before_anything_is_sent(address):
    for command in REPORTS:
        message = refused(*command, "--url", address, "--timeout", "2")
        assert "is not a URL" in message or "cannot be reached" in message


@pytest.mark.parametrize(
    "address",
    [
        f"robot:{TOKEN}@prometheus.example.com:9090",
        f"//robot:{TOKEN}@prometheus.example.com",
        f"http://robot:{TOKEN}@[::1/x",
        f"http://robot:{TOKEN}@a:99999",
        f"http://robot:x/{TOKEN}@a:b",
        f"http://robot:x?{TOKEN}@a b",
        f"http://robot:x#{TOKEN}@a\\b",
        f"htp://robot:{TOKEN}@a",
        f"http://a:b/?token={TOKEN}",
        f"http:/robot:{TOKEN}@a",
    ],
)
@pytest.mark.parametrize(
    "ask", [("capacity", "--url"), ("capacity", "--dry-run", "--url"), ("objectives", "report", "--url")]
)
def test_no_part_of_a_broken_address_that_may_be_secret_is_shown(address, ask):
    assert TOKEN not in refused(*ask, address)


@pytest.mark.parametrize("seconds", ["nan", "inf", "-1", "0", "1e308", "86401"])
def test_a_time_limit_that_is_none_is_refused(seconds):
    assert "Invalid value for '--timeout'" in run(
        "capacity", "--url", "http://127.0.0.1:1", "--timeout", seconds, code=2
    )


@pytest.mark.parametrize(
    "at", ["nan", "-1", "99999999999", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "now"]
)
def test_a_moment_that_is_none_is_refused(at):
    assert "is no time" in run("capacity", "--url", "http://127.0.0.1:1", "--at", at, code=2)


def test_a_spec_may_not_make_anybody_wait_for_years(server):
    with Prometheus(server.url, timeout=1e300) as prometheus:
        assert prometheus.server_time() == NOW


def honest_up() -> Answer:
    return vector(sample())


SAYING = {
    "an error with status 200": lambda told: Answer(json.dumps({"status": "error", "error": told}).encode()),
    "an error": lambda told: Answer(json.dumps({"status": "error", "errorType": told, "error": "x"}).encode(), 400),
    "a refusal": lambda told: Answer(json.dumps({"status": "error", "error": told}).encode(), 401),
    "plain words": lambda told: Answer(told.encode(), 403),
    "words of a gateway": lambda told: Answer(told.encode(), 502),
    "a redirect": lambda told: Answer(b"", 302, {"Location": f"https://login.example.com/{told}"}),
    "an escaped error": lambda told: Answer(
        b'{"status":"error","error":"' + "".join(f"\\u{ord(letter):04x}" for letter in told).encode() + b'"}'
    ),
    "warnings": lambda told: vector(sample(), warnings=[told]),
    "labels": lambda told: vector(sample(cluster=told)),
}


@each_report
@pytest.mark.parametrize("say", SAYING.values(), ids=SAYING)
def test_a_token_that_a_server_repeats_in_any_way_is_not_printed(server, command, say):
    server.answer = lambda asked: (
        honest(asked)
        if asked.query in ("", "time()") and say in (SAYING["warnings"], SAYING["labels"])
        else say(f"you sent {asked.headers['Authorization']}")
    )
    output = run(*command, "--url", server.url, "--timeout", "1", OBSGEN_BEARER_TOKEN=TOKEN)
    assert any(asked.headers["Authorization"] == f"Bearer {TOKEN}" for asked in server.asked)
    assert TOKEN not in output


def test_long_words_of_a_server_are_cut_short(server):
    server.answer = lambda asked: Answer(json.dumps({"status": "error", "error": "no " * 10**6}).encode())
    assert len(refused("capacity", "--url", server.url)) < 1000


def test_many_warnings_are_cut_short(server):
    server.answer = lambda asked: vector(sample(), warnings=[f"store {number} is away" for number in range(10_000)])
    with Prometheus(server.url) as prometheus:
        warnings = prometheus.instant("up").warnings
    assert len(warnings) == 21
    assert warnings[-1] == "and 9980 more"


def test_a_listing_of_another_shape_only_leaves_a_reason_unsaid(server):
    for data in (None, 7, "up", {"a": 1}, [[1]], [None]):
        server.answer = lambda asked, data=data: success(data) if asked.path.endswith("/values") else honest(asked)
        run("capacity", "--url", server.url, code=0)
    deep = Answer(b'{"data":' + b"[" * 100_000)
    server.answer = lambda asked: deep if asked.path.endswith("/values") else honest(asked)
    assert "why a metric is missing is therefore not said" in run("capacity", "--url", server.url, code=0)


SPEC = """
apiVersion: obsgen.dev/v1
kind: MonitoringStack
metadata: {name: small}
environment: {cluster: here, runbooks: {base_url: "https://git.example.com/runbooks"}}
routing: {default: chat, receivers: {chat: {webhook: {url: "http://hooks.example.com/alerts"}}}}
"""


@pytest.fixture
def spec(tmp_path):
    path = tmp_path / "spec.yaml"
    path.write_text(SPEC)
    return str(path)


HELD = {"labels": {"a": "b"}, "receivers": [{"name": "chat"}], "status": {"inhibitedBy": [], "silencedBy": []}}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{}", b"null", b"7", b"[1]", b"[[]]", b"[" * 100_000, b"\xff", b"[{}]",
        *(
            json.dumps([{**HELD, **odd}]).encode()
            for odd in (
                {"labels": []}, {"labels": {"a": ["b"]}}, {"labels": {"a": 1}}, {"labels": None},
                {"receivers": None}, {"receivers": "chat"}, {"receivers": [1]}, {"receivers": [{"name": ["chat"]}]},
                {"receivers": [{}]}, {"status": None}, {"status": []}, {"status": {"silencedBy": 7}},
                {"status": {"inhibitedBy": [{}], "silencedBy": []}},
            )
        ),
    ],
)  # fmt: skip
def test_a_drill_says_that_this_is_no_alertmanager(server, spec, body):
    server.answer = lambda asked: Answer(body if asked.method == "GET" else b"")
    output = run("routes", "drill", spec, "--alertmanager", server.url, "--yes", "--wait", "1s", "--only", "P1", code=2)
    assert "but not as Alertmanager's API does" in output
    # What was sent is ended all the same.
    assert [asked.method for asked in server.asked].count("POST") == 2


@pytest.mark.parametrize("answer", [Answer(b"no " * 10**6, 400), Answer(b"no", 503), Answer(b"no", 302)])
def test_a_drill_that_is_refused_is_one_short_message(server, spec, answer):
    server.answer = lambda asked: answer
    arguments = ("--alertmanager", server.url, "--yes", "--wait", "1s", "--only", "P1", "--timeout", "1")
    assert len(run("routes", "drill", spec, *arguments, code=2)) < 2000


@pytest.mark.parametrize("address", ADDRESSES[:8])
def test_a_drill_refuses_what_is_no_address(spec, address):
    output = run("routes", "drill", spec, "--alertmanager", address, "--yes", "--timeout", "2", code=2)
    assert "is not a URL" in output


@pytest.mark.parametrize("value", ["1", "1e308", "-1e308", "NaN", "+Inf", "1e-320"])
def test_dashboards_are_drawn_from_any_value(server, spec, tmp_path, value):
    server.answer = lambda asked: honest(asked, value)
    run("preview", spec, "--url", server.url, "--html", str(tmp_path / "pages"), code=0)
    pages = [page.read_text() for page in (tmp_path / "pages").glob("*.html")]
    assert pages
    assert not any(re.search(r"[:\[,](NaN|-?Infinity)\b", page) for page in pages)


@pytest.mark.parametrize("name", ["a label that is a list", "a value that is a number", "depth inside"])
def test_dashboards_of_no_answers_are_one_message(server, spec, tmp_path, name):
    server.answer = lambda asked: honest(asked) if asked.query == "time()" else UNLIKE[name]
    refused("preview", spec, "--url", server.url, "--html", str(tmp_path / "pages"))


def test_the_local_page_answers_whatever_a_browser_asks(server, capfd):
    with Prometheus(server.url) as prometheus, server_of(Gallery("small", {}, prometheus, 60.0, 15.0), 0) as page:
        thread = threading.Thread(target=page.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        for path in ("//[::1", "/[", "/?var-%", "/%00", "/" + "a" * 5000, "/?" + "&" * 5000):
            connection = HTTPConnection("127.0.0.1", page.server_port, timeout=5)
            connection.request("GET", path)
            assert connection.getresponse().status in (200, 404)
            connection.close()
        page.shutdown()
        thread.join()
    assert "Traceback" not in capfd.readouterr().err
