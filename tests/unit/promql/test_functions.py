"""The version table agrees with promtool and with the collected facts."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from obsgen.promql.functions import FUNCTIONS, unknown_to
from obsgen.units import Version

TABLE = Path(__file__).parents[4] / "shared/schemas/promql_functions_by_version.tsv"

USES = [
    ("sum(rate(up[5m]))", []),
    ("holt_winters(up[5m], 0.1, 0.2)", ["holt_winters"]),
    ("histogram_avg(up) + histogram_avg(up)", ["histogram_avg"]),
    ("limitk(3, histogram_stddev(up))", ["limitk", "histogram_stddev"]),
    ("limit_ratio(0.5, up)", ["limit_ratio"]),
    ("mad_over_time(up[5m])", ["mad_over_time"]),
    ('sort_by_label(up, "job")', ["sort_by_label"]),
    ("info(up)", ["info"]),
    ("ts_of_max_over_time(up[5m])", ["ts_of_max_over_time"]),
    ("first_over_time(up[5m])", ["first_over_time"]),
    ("double_exponential_smoothing(up[5m], 0.1, 0.2)", ["double_exponential_smoothing"]),
    ("up + fill(0) up", ["fill modifiers"]),
    ("time() - up > 5m", ["durations as numbers"]),
    ('up{a="5m > 3"} > 5 # than 5m', []),
    ("rate(a5m[5m] offset 1h5m)", []),
    ("rate(up[300])", ["numbers as durations"]),
    ("up offset 300", ["numbers as durations"]),
    ("max_over_time(up[5m:60])", ["numbers as durations"]),
    ('{"up", job="a"}', ["quoted metric and label names"]),
    ('{"dotted.name"}', ["quoted metric and label names"]),
    ('up{job="a", "team name"="b"}', ["quoted metric and label names"]),
    ('sum by ("job") (up)', ["quoted metric and label names"]),
    ('up{job="a,b",x=~"c"}', []),
]


@pytest.mark.parametrize(("expr", "used"), USES)
def test_what_a_version_lacks_promtool_refuses(expr, used, accepts, promtool_version):
    version = Version(*promtool_version)
    assert set(unknown_to(expr, version)) <= set(used)
    if promtool_version == (2, 53) and "quoted metric and label names" in used:
        pytest.skip("2.53 reads some quoted names already, but stores them only behind a flag")
    assert (unknown_to(expr, version) == []) == accepts(expr)


def test_names_come_once_and_in_reading_order():
    expr = "histogram_avg(limitk(3, up)) + histogram_avg(up)"
    assert unknown_to(expr, Version(2, 42)) == ["histogram_avg", "limitk"]


def test_the_feature_flag_makes_experimental_functions_known():
    expr = "mad_over_time(up[5m])"
    assert unknown_to(expr, Version(3, 5)) == ["mad_over_time"]
    assert unknown_to(expr, Version(3, 5), experimental=True) == []
    assert unknown_to(expr, Version(2, 42), experimental=True) == ["mad_over_time"]


def test_the_table_agrees_with_the_collected_facts():
    if not TABLE.exists():
        pytest.skip("the collected table of functions lies outside the project and is not here")
    with TABLE.open() as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert {row["function"] for row in rows} >= FUNCTIONS.keys()
    for row in rows:
        name = row["function"]
        for column in ("2.42", "2.53", "3.5"):
            entry = FUNCTIONS.get(name)
            version = Version.parse(column)
            covered = entry is None or entry.covers(version)
            experimental = entry is not None and entry.experimental
            expected = "unknown" if not covered else "disabled" if experimental else "known"
            assert row[column] == expected, (name, column)
        if row["experimental_in_3.14"]:
            assert FUNCTIONS[name].experimental, name
