"""Queries as people write them, and the kind of indicator that each becomes."""

from __future__ import annotations

import pytest

from obsgen.exchange.indicators import Indicator, of_events, of_ratio, of_threshold
from obsgen.exchange.window import Inexpressible, without_template
from obsgen.promql.error import PromQLError

W = "[{{.window}}]"
ALL = f"sum(rate(r_total{W}))"
FAILED = f'sum(rate(r_total{{code="500"}}{W}))'
COUNT = f"sum(rate(d_seconds_count{W}))"
ERRORS = {"errors": 'r_total{code="500"}', "total": "r_total"}


def events(part: str, whole: str, *, good: bool = False, counters: bool = False) -> Indicator:
    return of_events(without_template(part), without_template(whole), good=good, counters=counters)


def ratio(expr: str, *, good: bool = False) -> Indicator:
    return of_ratio(without_template(expr), good=good)


def bucket(le: str) -> str:
    return f"sum(rate(d_seconds_bucket{{{le}}}{W}))"


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        (FAILED, ALL),
        (FAILED.replace("{{.window}}", "{{ .window }}"), ALL),
        (FAILED.replace("{{.window}}", "5m"), ALL.replace("{{.window}}", "5m")),
        (FAILED.replace("rate", "increase"), ALL.replace("rate", "increase")),
        (f"({FAILED}) or vector(0)", f"{ALL} > 0"),
        (f"{FAILED} or on() vector(0)", f"(({ALL}))"),
        (FAILED.replace("sum", "sum by (cluster)"), ALL.replace("sum", "sum by (cluster)")),
    ],
)
def test_two_counters_are_errors_and_total(part, whole):
    assert (events(part, whole).form, events(part, whole).by, events(part, whole).notes) == (ERRORS, (), ())


def test_labels_that_both_sides_keep_get_a_budget_each():
    assert events(FAILED.replace("sum", "sum by (zone)"), ALL.replace("sum", "sum by (zone)")).by == ("zone",)


def test_a_range_beside_the_window_makes_it_a_ratio():
    found = events(FAILED, ALL.replace("{{.window}}", "5m"))
    assert "[5m]" in found.form["ratio"]["expr"]


def test_labels_that_only_one_side_keeps_make_it_a_ratio():
    assert list(events(FAILED.replace("sum", "sum by (zone)"), ALL).form) == ["ratio"]


def test_bare_counters_are_rated_only_where_the_source_calls_them_counters():
    bare = ('sum(r_total{code="500"})', "sum(r_total)")
    assert events(*bare, counters=True).form == ERRORS
    assert list(events(*bare).form) == ["ratio"]


def test_rates_of_single_series_are_summed_and_said_to_be():
    found = events(FAILED.removeprefix("sum"), ALL.removeprefix("sum"))
    assert found.form == ERRORS
    assert "share one budget" in found.notes[0]


@pytest.mark.parametrize(
    ("le", "under"),
    [('le="0.25"', "250ms"), ('le="2.5"', "2s500ms"), ('le="1.0"', "1s"), (r'le=~"1(\\.0)?"', "1s")],
)
def test_a_bucket_of_a_histogram_is_latency(le, under):
    form = {"latency": {"histogram": "d_seconds", "under": under}}
    assert events(bucket(le), COUNT, good=True).form == form
    assert events(f"{COUNT} - {bucket(le)}", COUNT).form == form
    assert ratio(f"1 - ({bucket(le)} / {COUNT})").form == form
    assert events(bucket(le), bucket('le="+Inf"'), good=True).form == form


@pytest.mark.parametrize("le", ['le=~"0.1|0.2"', 'le="0.0001"', 'le="+Inf"'])
def test_a_bound_that_is_no_duration_leaves_counters(le):
    assert list(events(bucket(le), COUNT, good=True).form) == ["good", "total"]


def test_a_histogram_of_something_else_than_seconds_leaves_counters():
    part = f'sum(rate(size_bytes_bucket{{le="100"}}{W}))'
    assert list(events(part, f"sum(rate(size_bytes_count{W}))", good=True).form) == ["good", "total"]


def test_a_native_histogram_is_latency():
    found = ratio(f"histogram_fraction(0, 0.2, sum by (zone) (rate(d_seconds{W})))", good=True)
    assert found.form == {"latency": {"histogram": "d_seconds", "under": "200ms", "native": True}}
    assert found.by == ("zone",)


@pytest.mark.parametrize(
    ("expr", "good"),
    [
        (f"1 - avg(avg_over_time(up{W}))", False),
        (f"sum(sum_over_time(up{W})) / sum(count_over_time(up{W}))", True),
        ("avg(up)", True),
        ("up", True),
    ],
)
def test_the_mean_of_a_gauge_is_that_gauge(expr, good):
    assert ratio(expr, good=good).form == {"gauge": "up"}


@pytest.mark.parametrize("good", [True, False])
def test_a_share_of_counters_is_taken_apart(good):
    found = ratio(f"{FAILED} / {ALL}", good=good).form
    assert found == ({"good": 'r_total{code="500"}', "total": "r_total"} if good else ERRORS)


def test_a_sum_of_counters_is_a_ratio_that_is_proved():
    found = events(f"{FAILED} + sum(rate(lost_total{W}))", ALL)
    assert found.form["ratio"]["weight"] == "sum by (cluster) (rate(r_total[${window}]))"
    assert found.form["ratio"]["feed"] == [
        {"series": 'r_total{code="500"}', "counter": "${v * events}"},
        {"series": "r_total", "counter": "${(1 - v) * events}"},
        {"series": "lost_total", "counter": 0},
    ]


def test_what_is_weighed_is_counted_per_second():
    found = events(f"max(increase(lost_total{W}))", ALL.replace("rate", "increase"))
    assert found.form["ratio"]["weight"] == "sum by (cluster) (rate(r_total[${window}]))"
    assert found.unproved


@pytest.mark.parametrize("operator", ["-", "unless"])
def test_what_is_taken_away_before_it_is_compared_has_no_feed(operator):
    late = f"sum_over_time((count(t) {operator} count(t > 5)){W[:-1]}:])"
    found = events(late, f"sum_over_time(count(t){W[:-1]}:])")
    assert "feed" not in found.form["ratio"]
    assert found.unproved


def test_a_threshold_is_a_share_of_time():
    found = of_threshold("histogram_quantile(0.9, sum by (le) (rate(d_seconds_bucket[5m])))", "<=", "0.5")
    quantile = "histogram_quantile(0.9, sum by (cluster, le) (rate(d_seconds_bucket[5m])))"
    assert found.form["ratio"] == {"expr": f"1 - avg_over_time((({quantile}) <= bool 0.5)[${{window}}:1m])"}
    assert (found.by, found.notes) == ((), ())
    assert "`gauge`" in found.unproved


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ("sum(rate(a[5m]))", "sum(rate(b[10m]))"),
        ("sum(rate(a[5m] offset 1h))", "sum(rate(b[5m]))"),
        ('sum(rate(a{zone="{{ .zone }}"}[5m]))', ALL),
        ('sum(rate(a{zone="${zone}"}[5m]))', ALL),
    ],
)
def test_a_query_whose_meaning_depends_on_its_surroundings_is_refused(part, whole):
    with pytest.raises(Inexpressible):
        events(part, whole)


def test_a_query_that_is_no_promql_is_refused():
    with pytest.raises(PromQLError):
        without_template(f"sum(rate(r_total{W})")
