"""Parsing agrees with promtool, and what a tree says about its selectors."""

from __future__ import annotations

import pytest

from obsgen.promql.error import PromQLError
from obsgen.promql.parse import RangeUse, longest_lookback, metric_names, parse, prettify, ranges, selectors
from obsgen.promql.selector import parse_selector
from obsgen.units import Duration

LONG_RATIO = (
    'sum by (job) (rate(http_requests_total{code=~"5.."}[5m])) / sum by (job) (rate(http_requests_total[5m])) > 0.1'
)
LONG_JOIN = (
    '(histogram_quantile(0.9, sum without (pod) (rate(duration_bucket{job="api",code=~"5.."}[5m])))'
    ' > on (instance) group_left (pod) other_metric_with_a_long_name{abc="def"}) + on (a) b - on (a) c'
)

GOOD = [
    "up",
    LONG_RATIO,
    LONG_JOIN,
    r"up{path=`C:\dir\"x\d`}",
    'up{path=~`\\d+`} # a `comment` with "quotes"',
    'label_replace(up, "a", "$1", "b", "(.*)")',
    "max_over_time(rate(a_total[5m])[1h:1m] offset 1d)",
    'up{x="\\x00\\u00e9\\n\\t"}',
    "+Inf > bool up @ end()",
]

BAD = [
    ("sum(up", "unclosed left parenthesis"),
    ("", "no expression"),
    ('up{a="1" or a="2"}', "cannot be joined with 'or'"),
    ("1e31000", "too large"),
    ('up{a=~"x++"}', "bad repetition operator"),
    ('up{a=~"x{1,3}*"}', "bad repetition operator"),
    ('up{a!~"x{1001}"}', "invalid repetition size"),
    ('up{a=~"("}', "illegal regex"),
    ("rate(up)", "expected type matrix"),
    ("unheard_of(up)", "unknown function"),
    ("{}", "non-empty matcher"),
    ("1 > 2", "BOOL"),
]


@pytest.mark.parametrize("expr", GOOD)
def test_what_promtool_takes_is_parsed_and_its_pretty_text_too(expr, accepts):
    pretty = prettify(expr)
    assert accepts(expr)
    assert accepts(pretty)
    assert prettify(pretty) == pretty
    assert list(selectors(pretty)) == [type(s)(s.metric, tuple(sorted(s.matchers))) for s in selectors(expr)]
    assert not pretty.startswith(" ")


@pytest.mark.parametrize(("expr", "reason"), BAD)
def test_what_promtool_refuses_is_refused(expr, reason, accepts):
    assert not accepts(expr)
    with pytest.raises(PromQLError, match=reason):
        parse(expr)


def test_label_replace_with_a_bad_pattern_is_refused_before_it_is_evaluated():
    with pytest.raises(PromQLError, match="bad repetition operator"):
        parse('label_replace(up, "a", "$1", "b", "x**")')


def test_a_typo_that_old_promtools_read_as_a_subquery_is_refused():
    with pytest.raises(PromQLError, match="unexpected character"):
        parse("up[5m x 30s]")


def test_an_error_knows_its_reason_and_its_expression():
    with pytest.raises(PromQLError) as raised:
        parse("sum(up")
    assert raised.value.message == "unclosed left parenthesis"
    assert raised.value.expr == "sum(up"
    assert str(raised.value) == "unclosed left parenthesis in 'sum(up'"


def test_long_expressions_break_over_lines():
    assert prettify(LONG_RATIO) == (
        'sum by (job) (rate(http_requests_total{code=~"5.."}[5m]))\n/\n'
        "  sum by (job) (rate(http_requests_total[5m]))\n>\n  0.1"
    )


def test_selectors_and_names():
    expr = 'sum(rate(a_total{x="1"}[5m])) / b and {__name__=~"c|d"} or {__name__="e",y!="z"}'
    assert [str(selector) for selector in selectors(expr)] == [
        'a_total{x="1"}',
        "b",
        '{__name__=~"c|d"}',
        'e{y!="z"}',
    ]
    assert metric_names(expr) == {"a_total", "b", "c", "d", "e"}
    assert selectors("e")[0] == parse_selector('{"e"}')


def test_ranges_know_the_function_that_reads_them():
    expr = "sum(rate(a[5m] offset 1h)) + max_over_time((rate(b[2m]))[1h:1m]) + avg_over_time((a / b)[30m:])"
    assert list(ranges(expr)) == [
        RangeUse("rate", Duration.parse("5m"), "a"),
        RangeUse("max_over_time", Duration.parse("1h"), "b"),
        RangeUse("rate", Duration.parse("2m"), "b"),
        RangeUse("avg_over_time", Duration.parse("30m"), ""),
    ]
    assert list(ranges("up[5m]")) == [RangeUse("", Duration.parse("5m"), "up")]


@pytest.mark.parametrize(
    ("expr", "lookback"),
    [
        ("up", "0"),
        ("time() + 1", "0"),
        ("up offset 5m", "5m"),
        ("up offset -5m", "0"),
        ("rate(a[5m])", "5m"),
        ("rate(a[5m] offset 1h)", "1h5m"),
        ("rate(a[5m]) / rate(b[30m])", "30m"),
        ("max_over_time(rate(a[5m])[1h:1m])", "1h5m"),
        ("max_over_time(rate(a[5m] offset 10m)[1h:1m] offset 1d)", "1d1h15m"),
        ("max_over_time(max_over_time(rate(a[5m])[1h:])[1d:])", "1d1h5m"),
        ("max_over_time((up offset -10m)[1h:])", "50m"),
    ],
)
def test_lookback_adds_up(expr, lookback):
    assert longest_lookback(expr) == Duration.parse(lookback)
