"""The version table agrees with promtool of each generation."""

from __future__ import annotations

import json
import subprocess

import pytest

from obsgen.promql.functions import FUNCTIONS, unknown_to
from obsgen.units import Version

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


def test_promtool_knows_and_enables_what_the_table_says_of_its_version(promtool, promtool_version, tmp_path):
    version = Version(*promtool_version)
    said = {name: complaint(promtool, name, tmp_path) for name in FUNCTIONS}
    judged = {name: verdict(text) for name, text in said.items()}
    assert judged == {name: stated(entry, version) for name, entry in FUNCTIONS.items()}, said


def stated(entry, version):
    known = entry.covers(version)
    return "disabled" if known and entry.experimental else "known" if known else "unknown"


def complaint(promtool, name, folder):
    """What promtool says of a use without arguments; an aggregation cannot be without."""
    expr = f"{name}(1, up)" if name.startswith("limit") else f"{name}()"
    (folder / "rules.yml").write_text(json.dumps({"groups": [{"name": "g", "rules": [{"record": "r", "expr": expr}]}]}))
    command = [promtool, "check", "rules", "rules.yml"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stderr


def verdict(said):
    # Before they were functions, `start` and `end` stood behind @ only.
    if "unknown function" in said or 'unexpected "("' in said:
        return "unknown"
    return "disabled" if "not enabled" in said or "must be enabled" in said else "known"
