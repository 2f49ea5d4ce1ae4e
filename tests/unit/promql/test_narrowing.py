"""Expressions narrowed to labels, with Prometheus' own answers to what was narrowed; and those that cannot be."""

from __future__ import annotations

import pytest

from obsgen.promql.matcher import Matcher
from obsgen.promql.narrowing import CannotNarrow, narrowed
from obsgen.promql.selector import parse_matchers
from tests.unit.promql.conftest import RunTests

PAYMENTS = parse_matchers('namespace="payments"')
RECORDED = {"namespace:b:sum": "sum by (namespace) (b)", "all:b:sum": "sum(b)"}

# What stands before and after, for a label that comes out as it went in.
PAIRS = {
    "a > 1": 'a{namespace="payments"} > 1',
    'rate(a{pod=~"x|v"}[5m] offset 1m) > 0.01': 'rate(a{namespace="payments",pod=~"x|v"}[5m] offset 1m) > 0.01',
    "max_over_time((sum by (namespace) (a))[10m:1m]) >= 0": (
        'max_over_time((sum by (namespace) (a{namespace="payments"}))[10m:1m]) >= 0'
    ),
    "sum by (namespace) (a) / sum by (namespace) (b)": (
        'sum by (namespace) (a{namespace="payments"}) / sum by (namespace) (b{namespace="payments"})'
    ),
    "sum without (pod) (a) > scalar(count(b))": 'sum without (pod) (a{namespace="payments"}) > scalar(count(b))',
    "topk by (namespace) (1, a)": 'topk by (namespace) (1, a{namespace="payments"})',
    "a and on (pod) one": 'a{namespace="payments"} and on (pod) one',
    "a and on (namespace, pod) b > 2": 'a{namespace="payments"} and on (namespace, pod) b{namespace="payments"} > 2',
    "a unless on (pod) one": 'a{namespace="payments"} unless on (pod) one',
    "a or b": 'a{namespace="payments"} or b{namespace="payments"}',
    "one * on (pod) group_right () a": 'one * on (pod) group_right () a{namespace="payments"}',
    "one * on (pod) group_left (namespace) a": 'one * on (pod) group_left (namespace) a{namespace="payments"}',
    "a + ignoring (pod) group_left () namespace:b:sum": (
        'a{namespace="payments"} + ignoring (pod) group_left () namespace:b:sum{namespace="payments"}'
    ),
    'label_replace(a, "owner", "$1", "namespace", "(.*)")': (
        'label_replace(a{namespace="payments"}, "owner", "$1", "namespace", "(.*)")'
    ),
    'count_values by (namespace) ("value", a)': 'count_values by (namespace) ("value", a{namespace="payments"})',
    "-a": '-a{namespace="payments"}',
    "time() - a": 'time() - a{namespace="payments"}',
}
SERIES = {
    'a{namespace="payments",pod="x"}': "2+1x20",
    'a{namespace="payments",pod="y"}': "3+2x20",
    'a{namespace="shop",pod="v"}': "4+3x20",
    'a{namespace="shop",pod="w"}': "5+4x20",
    'b{namespace="payments",pod="x"}': "6+0x20",
    'b{namespace="shop",pod="v"}': "7+0x20",
    'b{namespace="shop",pod="y"}': "2+0x20",
    'one{pod="x"}': "1+0x20",
    'one{pod="v"}': "1+0x20",
}


@pytest.mark.parametrize(("expr", "expected"), PAIRS.items())
def test_matchers_move_down_to_where_the_label_comes_from(expr, expected):
    assert narrowed(expr, PAYMENTS, RECORDED) == expected


def test_prometheus_gives_exactly_the_results_with_the_label(run_tests: RunTests):
    rules = [{"record": name, "expr": expr} for name, expr in RECORDED.items()]
    asked = []
    for number, expr in enumerate(PAIRS):
        rules.append({"record": f"whole:{number}", "expr": f'label_replace({expr}, "kept", "yes", "", "")'})
        own = f'label_replace({narrowed(expr, PAYMENTS, RECORDED)}, "kept", "yes", "", "")'
        rules.append({"record": f"own:{number}", "expr": own})
        wanted, got = f'whole:{number}{{namespace="payments"}}', f"own:{number}"
        # Neither side has a series, nor a value, that the other lacks; and there is something to compare.
        none = (f"{wanted} unless {got}", f"{got} unless {wanted}", f"{wanted} != {got}")
        asked += [{"expr": f"count({one})", "eval_time": "15m", "exp_samples": []} for one in none]
        some = (f"count({got}) > bool 0", f"count({wanted.replace('=', '!=')}) > bool 0")
        yes = [{"labels": "{}", "value": 1}]
        asked += [{"expr": one, "eval_time": "15m", "exp_samples": yes} for one in some]
    series = [{"series": name, "values": values} for name, values in SERIES.items()]
    assert run_tests([{"interval": "1m", "input_series": series, "promql_expr_test": asked}], rules) == "SUCCESS"


@pytest.mark.parametrize(
    ("expr", "reason"),
    [
        ("sum by (cluster) (a)", "'sum' does not keep it"),
        ("sum without (namespace) (a)", "'sum' does not keep it"),
        ("topk(1, a)", "'topk' does not keep it"),
        ('count_values by (namespace) ("namespace", a)', "'count_values' does not keep it"),
        ("a / on (pod) b", "'/' compares its sides without it, and so drops it"),
        ("a or on (pod) b", "'or' compares its sides without it"),
        ("absent(a)", "'absent' makes its labels itself"),
        ("vector(1)", "'vector' makes its labels itself"),
        ('label_join(a, "namespace", "/", "pod")', "'label_join' makes its labels itself"),
        ("all:b:sum > 1", "'all:b:sum' has no such label"),
        ("a or vector(0)", "'vector' makes its labels itself"),
    ],
)
def test_what_does_not_keep_the_label_says_so(expr, reason):
    with pytest.raises(CannotNarrow) as caught:
        narrowed(expr, PAYMENTS, RECORDED)
    assert (caught.value.label, str(caught.value)) == ("namespace", reason)


def test_several_matchers_go_each_their_own_way():
    both = (Matcher("namespace", "!=", "payments"), Matcher("zone", "=~", "a|b"))
    assert narrowed("a * on (pod) group_left (zone) info", both) == (
        'a{namespace!="payments"} * on (pod) group_left (zone) info{zone=~"a|b"}'
    )
