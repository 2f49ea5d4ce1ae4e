"""What is certain about the labels of an expression's results."""

from __future__ import annotations

import pytest

from obsgen.promql.labels import aggregations_without, label_flow

CLUSTER = [
    # expression, can have cluster, surely has cluster
    ("up", True, False),
    ('up{cluster="a"}', True, True),
    ('up{cluster=~".+"}', True, True),
    ('up{cluster=~"a|"}', True, False),
    ('up{cluster=""}', False, False),
    ('up{cluster!=""}', True, True),
    ('up{cluster!~".+"}', False, False),
    ("sum(up)", False, False),
    ("sum by (cluster) (up)", True, False),
    ('sum by (cluster) (up{cluster="a"})', True, True),
    ("sum by (job) (sum by (cluster) (up))", False, False),
    ("sum by (cluster) (sum by (job) (up))", False, False),
    ("sum without (cluster) (up)", False, False),
    ("sum without (job) (up)", True, False),
    ("topk(3, up)", True, False),
    ("topk by (job) (3, sum by (job) (up))", False, False),
    ('count_values("cluster", up)', True, True),
    ("rate(errors_total[5m])", True, False),
    ("max_over_time(sum(up)[1h:])", False, False),
    ("up / on (job) limit", False, False),
    ("up / on (cluster) limit", True, False),
    ('up / on (cluster) limit{cluster="a"}', True, True),
    ("up / ignoring (cluster) limit", False, False),
    ("up / ignoring (job) limit", True, False),
    ("up / sum by (job) (limit)", False, False),
    ("up * on (job) group_left limit", True, False),
    ("up * on (job) group_left (cluster) limit", True, False),
    ('up * on (job) group_left (cluster) limit{cluster="a"}', True, True),
    ('up{cluster="a"} * on (job) group_left (cluster) limit{cluster=""}', False, False),
    ("sum by (job) (limit) * on (job) group_right up", True, False),
    ("up > 1", True, False),
    ("1 - sum(up)", False, False),
    ("up and on (job) sum by (job) (limit)", True, False),
    ("up and sum by (job) (limit)", False, False),
    ('up and on (cluster) limit{cluster="a"}', True, True),
    ('up unless on (cluster) limit{cluster="a"}', True, False),
    ('up{cluster="a"} or vector(0)', True, False),
    ('up{cluster="a"} or limit{cluster="b"}', True, True),
    ("sum(up) or vector(0)", False, False),
    ("absent(up)", False, False),
    ('absent(up{cluster="a"})', True, True),
    ('absent(up{cluster="a"} == 1)', False, False),
    ('absent_over_time(up{cluster="a"}[5m])', True, True),
    ("vector(1)", False, False),
    ("time()", False, False),
    ('label_replace(sum(up), "cluster", "a", "", "")', True, True),
    ('label_replace(up, "cluster", "$1", "job", "(.*)")', True, False),
    ('label_replace(up{job="a"}, "cluster", "$1", "job", "(.+)")', True, True),
    ('label_replace(sum(up), "cluster", "$1", "job", "(.+)")', False, False),
    ('label_replace(up, "cluster", "", "job", ".*")', False, False),
    ('label_replace(up, "cluster", "", "job", "x")', True, False),
    ('label_replace(up{cluster="a"}, "cluster", "b", "job", "x")', True, True),
    ('label_join(sum by (job) (up{job="a"}), "cluster", "-", "job")', True, True),
    ('label_join(sum(up), "cluster", "-", "job")', False, False),
    ('label_join(sum(up), "cluster", "-", "job", "pod")', True, True),
    ('info(up{cluster="a"})', True, True),
    ('up{cluster=~"\\\\pN+"}', True, True),
    ('label_replace(sum(up), "cluster", "$1", "job", "(\\\\pN)")', False, False),
    ("sum(up) + fill(0) limit", True, False),
]


@pytest.mark.parametrize(("expr", "can", "sure"), CLUSTER)
def test_flow_of_one_label(expr, can, sure):
    flow = label_flow(expr)
    assert (flow.can_have("cluster"), flow.surely_has("cluster")) == (can, sure)


@pytest.mark.parametrize(
    ("expr", "kept"),
    [
        ("up > 0", True),
        ("up > bool 0", False),
        ("up + 0", False),
        ("last_over_time(up[5m])", True),
        ("max_over_time(up[5m])", False),
        ("sort(up)", True),
        ("-up", False),
        ("up == ignoring (job) limit", True),
        ("up == on (job) limit", False),
        ("up == on (job) group_left limit", True),
        ("sum by (__name__) (up)", True),
        ("topk(1, up)", True),
    ],
)
def test_where_the_name_of_the_metric_stays(expr, kept):
    flow = label_flow(expr)
    assert flow.can_have("__name__") == flow.surely_has("__name__") == kept


def test_histogram_quantile_removes_the_bound():
    flow = label_flow("histogram_quantile(0.9, sum by (job, le) (rate(latency_bucket[5m])))")
    assert flow.possible == {"job"}


def test_flow_reads_recordings_through():
    recordings = {"job:up:sum": 'sum by (job) (up{job="a"})'}
    assert label_flow("job:up:sum > 0").can_have("cluster")
    flow = label_flow("job:up:sum > 0", recordings)
    assert flow.possible == flow.guaranteed == {"__name__", "job"}
    assert label_flow('job:up:sum{job=""}', recordings).possible == {"__name__"}
    assert label_flow("loop", {"loop": "sum by (job) (loop)"}).possible == {"__name__", "job"}


def test_aggregations_that_drop_a_label_are_quoted():
    expr = "sum by (job) (rate(a[5m])) / on (job) sum by (job, cluster) (b) > 0 and on () max(c)"
    assert aggregations_without(expr, "cluster") == ["sum by (job) (rate(a[5m]))", "max(c)"]
    assert aggregations_without(expr, "job") == ["max(c)"]
    assert aggregations_without("topk(1, sum by (job) (up))", "cluster") == ["sum by (job) (up)"]
    assert aggregations_without("sum by (cluster) (recorded)", "cluster", {"recorded": "sum(up)"}) != []
