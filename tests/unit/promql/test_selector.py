"""Matchers, selectors and the series that satisfy them."""

from __future__ import annotations

import pytest

from obsgen.promql.error import PromQLError
from obsgen.promql.selector import (
    Matcher,
    NoExample,
    Selector,
    example_labels,
    example_series,
    parse_matchers,
    parse_selector,
    quote,
    with_matchers,
)

AWKWARD = 'a "b" \\ \n \t é \x00 $1'


def test_matchers_are_read_and_written():
    assert parse_matchers('job="node-exporter",device!~"lo|veth.*"') == (
        Matcher("job", "=", "node-exporter"),
        Matcher("device", "!~", "lo|veth.*"),
    )
    assert [str(matcher) for matcher in parse_matchers("a != 'x', b=~`\\d`,")] == ['a!="x"', 'b=~"\\\\d"']
    assert parse_matchers(" ") == ()


@pytest.mark.parametrize("text", ["job", "job=", 'job="a"}', 'a="1" or b="2"', 'x=~"("', 'a="b" c="d"'])
def test_text_that_is_no_list_of_matchers_is_refused(text):
    with pytest.raises(PromQLError, match="not a list of matchers"):
        parse_matchers(text)


def test_selectors_are_read_and_written():
    assert parse_selector('orders_total{result="failed"}') == Selector(
        "orders_total", (Matcher("result", "=", "failed"),)
    )
    for text in ["up", 'up{a="1",b!~"x"}', '{__name__=~"a|b"}', '{"dotted.name",a="1"}']:
        assert str(parse_selector(text)) == text


@pytest.mark.parametrize("text", ["up + 1", "rate(up[5m])", "up[5m]", "up offset 5m", "up @ 0", "1", "(up)"])
def test_what_is_more_than_a_selector_is_refused(text):
    with pytest.raises(PromQLError, match="not a selector"):
        parse_selector(text)


def test_awkward_values_survive_quoting():
    assert parse_selector(f"up{{a={quote(AWKWARD)}}}").matchers == (Matcher("a", "=", AWKWARD),)


def test_promtool_reads_a_quoted_value_as_we_wrote_it(run_tests):
    selector = f"up{{a={quote(AWKWARD)}}}"
    check = {
        "expr": f"sum({selector})",
        "eval_time": "0m",
        "exp_samples": [{"labels": "{}", "value": 3}],
    }
    series = [{"series": selector, "values": "3"}]
    assert run_tests([{"input_series": series, "promql_expr_test": [check]}], []) == "SUCCESS"


PATTERNS = [
    # pattern, values that pass, values that do not
    ("lo|veth.*", ["lo", "veth0", "veth"], ["lo0", "eth0", ""]),
    ("5..", ["500"], ["50", "5000", "1500"]),
    ("(?i)prod", ["prod", "PROD"], ["prod1"]),
    ("a|(?i)b|c", ["a", "B", "C"], ["A"]),
    ("x(?i)b|c", ["xB", "C"], ["XB", "B"]),
    ("(a(?i)b)c", ["aBc"], ["aBC", "Abc"]),
    ("[[:alpha:]]+[[:digit:]_]", ["ab1", "a_"], ["a-", "1"]),
    (r"\d+\.\d", ["12.3"], ["12,3", "\u0661.2"]),
    ("a{2}b{,1}", ["aab{,1}"], ["aab", "aa"]),
    ("(?P<name>a)(?:b|c)", ["ab", "ac"], ["a"]),
    ("^a$|b$", ["a", "b"], ["a\n"]),
    (r"[^\]a-c]", ["]x"[1], "d"], ["a", "]"]),
    (r"\x{41}\x42", ["AB"], ["ab"]),
    (".*", ["", "a\nb"], []),
    ("", [""], ["a"]),
    ("[a&&b|~[]", ["&", "["], ["c"]),
]


@pytest.mark.parametrize(("pattern", "passing", "failing"), PATTERNS)
def test_patterns_match_as_in_go(pattern, passing, failing):
    matcher, negated = Matcher("x", "=~", pattern), Matcher("x", "!~", pattern)
    for value in passing:
        assert matcher.matches(value)
        assert not negated.matches(value)
    for value in failing:
        assert not matcher.matches(value)
        assert negated.matches(value)


def test_promtool_matches_the_same_values(run_tests, promtool_version):
    checks, series = [], []
    for number, (pattern, passing, failing) in enumerate(PATTERNS):
        values = [value for value in [*passing, *failing] if "\n" not in value]
        series += [{"series": f"m{number}{{x={quote(value)}}}", "values": "1"} for value in values]
        samples = [{"labels": "{}", "value": len([value for value in values if value in passing])}]
        expr = f"count(m{number}{{x=~{quote(pattern)}}})"
        checks.append({"expr": expr, "eval_time": "0m", "exp_samples": samples})
    assert run_tests([{"input_series": series, "promql_expr_test": checks}], []) == "SUCCESS"


def test_a_pattern_without_a_counterpart_in_python_matches_and_has_a_plain_example():
    assert Matcher("x", "=~", r"\pN+").matches("1")
    assert example_labels([Matcher("x", "=~", r"\pN+")]) == {"x": "0"}


EXAMPLES = [
    ('a="b"', {"a": "b"}),
    ('a=~"x|y"', {"a": "x"}),
    ('a=~"x|y",a!="x"', {"a": "y"}),
    ('a=~".+"', {"a": "x"}),
    ('a=~".+",a!~"x.*"', {"a": "y"}),
    ('a=~".*"', {}),
    ('a=""', {}),
    ('a!="b"', {}),
    ('a!=""', {"a": "x"}),
    ('a!~"|x"', {"a": "y"}),
    ('a=~"5..",b!~"y"', {"a": "5xx"}),
    ('a=~"node-[0-9]{2}(\\\\.example)?\\\\.com:\\\\d+"', {"a": "node-00.com:0"}),
    ('a=~"[^x]"', {"a": "0"}),
    ('a=~"(?i)FOO|bar"', {"a": "FOO"}),
    ('a=~"(a|b)(c|d)+",a!~"a.*"', {"a": "bc"}),
    ('a=~"^(GET|POST) /api/.*$"', {"a": "GET /api/"}),
]


@pytest.mark.parametrize(("text", "labels"), EXAMPLES)
def test_a_smallest_label_set_is_found(text, labels):
    assert example_labels(parse_matchers(text)) == labels


@pytest.mark.parametrize("text", ['a="b",a!="b"', 'a=~"b",a="c"', 'a=~".+",a!~".+"'])
def test_matchers_that_contradict_each_other_have_no_example(text):
    with pytest.raises(NoExample, match="found no value for the label 'a'") as raised:
        example_labels(parse_matchers(text))
    assert raised.value.matcher.name == "a"


def test_promtool_finds_the_example_series(run_tests):
    series, checks = [], []
    for number, (text, _) in enumerate(EXAMPLES):
        selector = parse_selector(f"m{number}{{{text}}}")
        series.append({"series": example_series(selector), "values": "1"})
        samples = [{"labels": "{}", "value": 1}]
        checks.append({"expr": f"count({selector})", "eval_time": "0m", "exp_samples": samples})
    assert run_tests([{"input_series": series, "promql_expr_test": checks}], []) == "SUCCESS"


def test_an_example_series_has_a_name():
    assert example_series(parse_selector('orders_total{result="failed",to=~"a|b"}')) == (
        'orders_total{result="failed",to="a"}'
    )
    assert example_series(parse_selector('{__name__=~"up|down",a="1"}')) == 'up{a="1"}'
    assert example_series(parse_selector("up")) == "up"


def test_matchers_are_added_to_every_selector(accepts):
    expr = (
        'sum(rate(a{x="1"}[5m] offset 3m)) + b{cluster="c"} @ start() > 0'
        ' and {y="2"} @ 100 offset -1d or max_over_time(d[1h:5m]) # why'
    )
    added = with_matchers(expr, parse_matchers('cluster="c",env=~"p|q"'))
    assert accepts(added)
    assert added == (
        'sum(rate(a{cluster="c",env=~"p|q",x="1"}[5m] offset 3m))'
        ' + b{cluster="c",env=~"p|q"} @ start() > 0'
        ' and {cluster="c",env=~"p|q",y="2"} @ 100.000 offset -1d'
        ' or max_over_time(d{cluster="c",env=~"p|q"}[1h:5m])'
    )
    assert with_matchers(added, parse_matchers('cluster="c",env=~"p|q"')) == added
    assert with_matchers("sum(up)", ()) == "sum(up)"


def test_added_matchers_are_quoted():
    added = with_matchers("rate(up[5m])", [Matcher("a", "=", AWKWARD)])
    assert parse_matchers(added.removeprefix("rate(up{").removesuffix("}[5m])")) == (Matcher("a", "=", AWKWARD),)


def test_a_long_expression_stays_on_one_line():
    expr = " + ".join(f'rate(metric_{n}_total{{label="value"}}[5m])' for n in range(9))
    assert with_matchers(expr, parse_matchers('a="b"')).count("\n") == 0
