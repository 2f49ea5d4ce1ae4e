"""The label sets of results are compared with those of the real promtool."""

from __future__ import annotations

import random

import pytest

from obsgen.promql.error import PromQLError
from obsgen.promql.labels import label_flow, result_labels
from obsgen.promql.matcher import Matcher, Selector

SERIES = [
    {"__name__": "requests_total", "job": "api", "instance": "a", "code": "200"},
    {"__name__": "requests_total", "job": "api", "instance": "a", "code": "500"},
    {"__name__": "requests_total", "job": "api", "instance": "b", "code": "200"},
    {"__name__": "requests_total", "job": "web", "instance": "c", "code": "200"},
    {"__name__": "errors_total", "job": "api", "instance": "a", "code": "500"},
    {"__name__": "errors_total", "job": "web", "instance": "c", "code": "200"},
    {"__name__": "up", "job": "api", "instance": "a"},
    {"__name__": "up", "job": "api", "instance": "b"},
    {"__name__": "up", "job": "web", "instance": "c"},
    {"__name__": "build_info", "job": "api", "instance": "a", "version": "1.0", "team": "red"},
    {"__name__": "build_info", "job": "api", "instance": "b", "version": "1.1"},
    {"__name__": "build_info", "job": "web", "instance": "c", "version": "2.0", "code": "x"},
    {"__name__": "limit", "job": "api"},
    {"__name__": "limit", "job": "web"},
    {"__name__": "total"},
    {"__name__": "latency_bucket", "job": "api", "le": "0.1"},
    {"__name__": "latency_bucket", "job": "api", "le": "1"},
    {"__name__": "latency_bucket", "job": "api", "le": "+Inf"},
    {"__name__": "latency_bucket", "job": "web", "le": "+Inf"},
    {"__name__": "latency_bucket", "job": "web", "le": "odd"},
]

EXPRESSIONS = [
    # selectors
    "up",
    'up{job="api"}',
    'up{job!="api"}',
    'up{job=~"a.*"}',
    'up{job!~"a|web"}',
    'requests_total{code=~"5..",instance!=""}',
    'build_info{team=""}',
    'build_info{team!=""}',
    '{__name__=~"up|limit",job="api"}',
    '{job="web"}',
    "up offset 1m",
    "up @ 60",
    "missing",
    # functions and the metric's name
    "rate(requests_total[2m])",
    "abs(up)",
    "last_over_time(up[2m])",
    "max_over_time(up[2m])",
    "count_over_time(up[2m])",
    "quantile_over_time(0.9, up[2m])",
    "predict_linear(up[2m], 3600)",
    "sort(up)",
    "sort_desc(up)",
    "timestamp(up)",
    "clamp_max(up, 1)",
    "clamp(up, 0, 9)",
    "round(up, 5)",
    "day_of_week(up)",
    "hour()",
    "vector(1)",
    "vector(time())",
    "vector(scalar(total))",
    "-up",
    "+up",
    "(up)",
    "max_over_time(up[3m:1m])",
    "last_over_time(up[3m:1m])",
    "last_over_time(rate(requests_total[2m])[2m:1m])",
    "max_over_time((sum by (job) (up))[3m:1m])",
    # absence
    'absent(missing{job="x",code=~"5..",team!="y"})',
    'absent(missing{job="x",job="x",team="y"})',
    'absent(missing{job!="y",job="x"})',
    'absent((missing{job="x"}))',
    'absent(sum(missing{job="x"}))',
    'absent(missing{job="x"} > 1)',
    "absent(up)",
    'absent_over_time(missing{job="x"}[5m])',
    'absent_over_time((missing{job="x"})[5m:])',
    "absent_over_time(up[5m])",
    'absent(missing{job=""})',
    # histograms
    "histogram_quantile(0.9, latency_bucket)",
    'histogram_quantile(0.9, latency_bucket{job="api"})',
    "histogram_quantile(0.9, rate(latency_bucket[2m]))",
    "histogram_quantile(0.9, sum by (le) (rate(latency_bucket[2m])))",
    "histogram_quantile(0.9, sum by (job, le) (rate(latency_bucket[2m])))",
    # label functions
    'label_replace(up, "host", "$1.example.com", "instance", "(a|b)")',
    'label_replace(up, "host", "fixed", "", "")',
    'label_replace(up{instance!="b"}, "instance", "", "job", "api")',
    'label_replace(up, "host", "${rest}-$1$$", "instance", "(?P<rest>.)")',
    'label_replace(up, "host", "$2", "instance", "(.*)")',
    'label_replace(up, "__name__", "renamed", "job", "api")',
    'label_replace(rate(requests_total[2m]), "host", "$1", "nothing", "(.+)")',
    'label_join(up, "both", "/", "job", "instance")',
    'label_join(up, "both", "", "nothing", "neither")',
    'label_join(up{instance!="b"}, "instance", "-", "job", "nothing")',
    'label_join(up{instance!="b"}, "instance", "-")',
    # aggregations
    "sum(up)",
    "sum by (job) (requests_total)",
    "sum by (job, nothing) (requests_total)",
    "sum by (__name__) (up)",
    "sum without (instance) (requests_total)",
    "sum without () (requests_total)",
    "avg by (code) (requests_total)",
    "count by (team, version) (build_info)",
    "group by (job) (up)",
    "min without (job, instance) (up)",
    "stddev by (job) (up)",
    "quantile by (job) (0.5, up)",
    "quantile(0.5, missing)",
    "topk(9, up)",
    "topk by (job) (9, requests_total)",
    "bottomk without (job) (9, up)",
    "topk(9, rate(requests_total[2m]))",
    'sum without (value) (count_values("value", up))',
    'sum without (value) (count_values by (job) ("value", up))',
    'sum without (value) (count_values without (instance) ("value", requests_total))',
    # scalars
    "up + 1",
    "1 - up",
    "2 ^ up",
    "up % 2",
    "up atan2 1",
    "up > 0",
    "0 < up",
    "up > bool 0",
    "up == scalar(total)",
    "vector(1 + 2 * time())",
    # one to one
    "up + up",
    "up > bool up",
    "up == up",
    "up >= on (instance) up",
    "up >= on (instance, job) build_info",
    "up + on (instance) build_info",
    "up == ignoring (version, team, code) build_info",
    "up - ignoring (version, team, code) build_info",
    "up == on (__name__, instance) up",
    "errors_total / requests_total",
    "errors_total == requests_total",
    'up{instance!="b"} == ignoring (instance) limit',
    'limit{job="api"} * ignoring (job) sum by (job) (limit{job="web"})',
    "sum(up) + sum(limit)",
    "sum(up) > on () sum(limit)",
    "rate(errors_total[2m]) / rate(requests_total[2m])",
    "build_info atan2 build_info",
    # many to one
    "requests_total * on (job) group_left limit",
    "requests_total * on (job) group_left () limit",
    "requests_total > on (job) group_left limit",
    "requests_total * on (instance) group_left (version, team) build_info",
    "requests_total > on (instance) group_left (version, team) build_info",
    'requests_total{code="200"} * on (instance) group_left (code) build_info',
    "requests_total * on (instance) group_left (nothing) build_info",
    "limit * on (job) group_right requests_total",
    "limit < on (job) group_right requests_total",
    'build_info < on (instance) group_right (version, code) requests_total{code="200"}',
    "up * ignoring (code) group_right requests_total",
    "requests_total > ignoring (code) group_left up",
    "requests_total > bool on (job) group_left limit",
    "up * on () group_left total",
    "up == on (job) group_left (__name__) limit",
    # set operations
    "up and limit",
    "up and on (job) limit",
    "up and ignoring (instance) limit",
    'up and on (job) limit{job="api"}',
    'up unless on (job) limit{job="api"}',
    "up unless up",
    "up unless missing",
    "up unless up offset 1h",
    "up unless on (job) (limit offset 1h)",
    "up unless up < up offset 1h",
    "up unless on (job) max by (job) (limit offset 1h) == 5",
    "up or limit",
    "up or on (job) limit",
    'up{job="api"} or up',
    'requests_total or ignoring (code) up{instance="b"}',
    "missing or vector(0)",
    "up or vector(0)",
    "sum by (job) (up) or limit",
    "up and on () vector(1)",
    # together
    "sum by (job) (rate(errors_total[2m])) / sum by (job) (rate(requests_total[2m])) > 0",
    "up == 5 and on (job) limit > 0 unless on (instance) missing",
    "sum by (job, version) (up * on (instance) group_left (version) build_info)",
    "max_over_time((up > 0)[3m:1m]) * on (job) group_left limit or absent(missing{team='red'})",
]


def value(labels: dict[str, str]) -> str:
    # Equal, so that == passes; rising, so that rate() is above zero.
    return "5+0x10" if labels["__name__"] in {"up", "limit", "total", "build_info"} else "5+1x10"


def written(labels: dict[str, str]) -> str:
    rest = tuple(Matcher(name, "=", text) for name, text in sorted(labels.items()) if name != "__name__")
    return str(Selector(labels.get("__name__", ""), rest))


def judged(expr: str, expected: list[dict[str, str]]) -> dict:
    # group() makes every value 1 and drops the name, so the name is kept in a label of its own.
    named = f'label_replace({expr}, "kept_name", "$1", "__name__", "(.+)")'
    sets = [{"kept_name" if name == "__name__" else name: text for name, text in s.items()} for s in expected]
    samples = [{"labels": written(labels) if labels else "{}", "value": 1} for labels in sets]
    return {"expr": f"group without () ({named})", "eval_time": "5m", "exp_samples": samples}


def suite(checks: list[dict]) -> list[dict]:
    series = [{"series": written(labels), "values": value(labels)} for labels in SERIES]
    return [{"interval": "1m", "input_series": series, "promql_expr_test": checks}]


# Prometheus 2.42 differs from what came after it, and we follow what came after.
UNLIKE_2_42 = {
    'absent(missing{job!="y",job="x"})',
    "up atan2 1",
    "build_info atan2 build_info",
}


def test_promtool_gives_the_same_label_sets(run_tests, promtool_version):
    skipped = UNLIKE_2_42 if promtool_version == (2, 42) else set()
    checks = [judged(expr, result_labels(expr, SERIES)) for expr in EXPRESSIONS if expr not in skipped]
    assert run_tests(suite(checks), []) == "SUCCESS"


def test_promtool_notices_a_wrong_label_set(run_tests):
    assert "FAILED" in run_tests(suite([judged("sum by (job) (up)", [{"job": "api"}])]), [])


LABEL_NAMES = ["job", "instance", "code", "version", "team"]


class RandomExpressions:
    """Expressions whose comparisons all pass, from every construct that moves labels."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def some(self, *options: str) -> str:
        return self.random.choice(options)

    def labels(self) -> str:
        return ", ".join(self.random.sample(LABEL_NAMES, self.random.randint(0, 2)))

    def expr(self, depth: int) -> str:
        if depth == 0 or self.random.random() < 0.1:
            return self.selector()
        kinds = (
            self.aggregation,
            self.function,
            self.relabelled,
            self.scalar,
            self.binary,
            self.set,
            self.grouped,
        )
        return self.random.choice(kinds)(depth - 1)

    def selector(self) -> str:
        metrics = ("up", "limit", "build_info", "requests_total", "errors_total", "missing", "total")
        matchers = ("", "", '{job="api"}', '{instance!="a"}', '{code=~"5..|"}', "{team='red'}")
        return self.some(*metrics) + self.some(*matchers)

    def aggregation(self, depth: int) -> str:
        op, parameter = self.some("sum", "max", "group", "topk"), ""
        if op == "topk":
            parameter = "99, "
        return f"{op} {self.some('by', 'without')} ({self.labels()}) ({parameter}{self.expr(depth)})"

    def function(self, depth: int) -> str:
        inner = f"({self.expr(depth)})"
        if self.random.random() < 0.5:
            return f"{self.some('last_over_time', 'max_over_time', 'count_over_time')}({inner}[2m:1m])"
        return self.some("abs", "sort", "timestamp", "-", "", "absent") + inner

    def relabelled(self, depth: int) -> str:
        inner = self.expr(depth)
        target, source = self.some("team", "new", "job"), self.some("instance", "team", "job")
        if self.random.random() < 0.3:
            return f'label_join({inner}, "{target}", "{self.some("-", "")}", "job", "{source}")'
        replacement, pattern = (
            self.some("$1", "fix", "p$1", ""),
            self.some("(.*)", "(.+)", "a(.*)", "", "x|a"),
        )
        return f'label_replace({inner}, "{target}", "{replacement}", "{source}", "{pattern}")'

    def scalar(self, depth: int) -> str:
        return f"({self.expr(depth)} {self.some('!= 1e9', '+ 1', '> bool 0', '!= 1e8')})"

    def binary(self, depth: int) -> str:
        matching = f"{self.some('on', 'ignoring')} ({self.labels()})"
        return f"({self.expr(depth)} {self.some('+', '/', '>= bool')} {matching} {self.expr(depth)})"

    def set(self, depth: int) -> str:
        matching = f"{self.some('on', 'ignoring')} ({self.labels()})"
        return f"({self.expr(depth)} {self.some('and', 'or', 'unless')} {matching} {self.expr(depth)})"

    def grouped(self, depth: int) -> str:
        *matched, included = self.random.sample(LABEL_NAMES, 3)
        matching = f"{self.some('on', 'ignoring')} ({', '.join(matched)})"
        grouping = f"{self.some('group_left', 'group_right')} ({included})"
        return f"({self.expr(depth)} {self.some('+', '>= bool')} {matching} {grouping} {self.expr(depth)})"


def random_expr(seed: int) -> str:
    return RandomExpressions(seed).expr(1 + seed % 4)


RANDOM = [random_expr(seed) for seed in range(600)]


def test_promtool_gives_the_same_label_sets_for_random_expressions(run_tests, promtool_version):
    checks = [judged(expr, result_labels(expr, SERIES)) for expr in RANDOM]
    said = run_tests(suite(checks), [])
    refused = said.count(", err: ")
    assert refused < len(RANDOM) / 4
    # A refused matching has no label sets; whatever else is reported is a disagreement.
    assert " exp: " not in said


def test_the_label_flow_never_contradicts_a_result():
    more = [random_expr(seed) for seed in range(600, 3000)]
    for expr in EXPRESSIONS + RANDOM + more:
        flow = label_flow(expr)
        for labels in result_labels(expr, SERIES):
            assert all(flow.can_have(label) for label in labels), (expr, labels, flow)
            assert flow.guaranteed <= labels.keys(), (expr, labels, flow)


RECORDINGS = {
    "job:requests:rate2m": "sum by (job) (rate(requests_total[2m]))",
    "job:errors:ratio": "sum by (job) (rate(errors_total[2m])) / job:requests:rate2m",
}


def test_recorded_names_are_read_through():
    expr = "job:errors:ratio > 0.1"
    assert result_labels(expr, SERIES, RECORDINGS) == [
        {"__name__": "job:errors:ratio", "job": "api"},
        {"__name__": "job:errors:ratio", "job": "web"},
    ]
    assert result_labels('job:errors:ratio{job="web"} * 2', SERIES, RECORDINGS) == [{"job": "web"}]
    assert result_labels("job:errors:ratio", SERIES) == []


def test_promtool_records_the_same_label_sets(run_tests):
    rules = [{"record": name, "expr": expr} for name, expr in RECORDINGS.items()]
    checks = [judged(expr, result_labels(expr, SERIES, RECORDINGS)) for expr in ["job:errors:ratio", "{job='api'}"]]
    assert run_tests(suite(checks), rules) == "SUCCESS"


def test_several_rules_record_one_name_with_labels_of_their_own():
    class Rule:
        def __init__(self, expr: str, labels: dict[str, str]) -> None:
            self.expr = expr
            self.labels = labels

    recordings = {"slo:errors": [Rule("sum(up)", {"slo": "a"}), Rule("sum by (job) (up)", {"slo": "b"})]}
    assert result_labels("slo:errors", SERIES, recordings) == [
        {"__name__": "slo:errors", "job": "api", "slo": "b"},
        {"__name__": "slo:errors", "job": "web", "slo": "b"},
        {"__name__": "slo:errors", "slo": "a"},
    ]
    flow = label_flow("slo:errors", recordings)
    assert flow.guaranteed == {"__name__", "slo"}
    assert flow.possible == {"__name__", "slo", "job"}


def test_a_rule_that_reads_itself_ends():
    assert result_labels("loop", SERIES, {"loop": "sum(loop) or up"}) == [
        {"__name__": "loop", "instance": "a", "job": "api"},
        {"__name__": "loop", "instance": "b", "job": "api"},
        {"__name__": "loop", "instance": "c", "job": "web"},
    ]


def test_native_histograms_have_no_bounds():
    series = [{"__name__": "latency", "job": "api"}]
    assert result_labels("histogram_quantile(0.9, sum by (job) (rate(latency[5m])))", series) == [{"job": "api"}]


def test_fill_is_refused_rather_than_guessed():
    with pytest.raises(PromQLError, match=r"fill\(\)"):
        result_labels("up + fill(0) limit", SERIES)
