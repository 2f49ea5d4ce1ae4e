"""What an objective's rules read, as a real Prometheus counts it, beside rules that ask the source for each window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from obsgen.live.offline import serve_openmetrics
from obsgen.programs.checkers import Tool
from obsgen.promql.parse import metric_names
from tests.objectives.promised import IDS, KINDS, rule_group

END = 1_767_225_600
PODS = ("a", "b", "c")
DAYS = 3
USUAL_WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1d", "3d")


def samples() -> Iterator[str]:
    """Three pods' counters, scraped every 30 s, and what the rules have recorded of them every minute."""
    times = range(END - (DAYS * 24 + 1) * 3600, END + 1, 30)
    for metric, step in (("failed", 1), ("served", 100)):
        yield f"# TYPE {metric} counter\n"
        for pod in PODS:
            labels = f'cluster="c1",job="shop",namespace="shop",pod="{pod}"'
            yield from (f"{metric}_total{{{labels}}} {step * n} {at}\n" for n, at in enumerate(times))
    for metric, value in (("errors", 0.1), ("total", 10)):
        name = f"objective:{metric}:rate5m"
        yield f"# TYPE {name} gauge\n"
        yield from (f'{name}{{cluster="c1",{IDS}}} {value} {at}\n' for at in times[::2])
    yield "# EOF\n"


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory, promtool: Tool) -> Iterator[str]:
    path = tmp_path_factory.mktemp("samples") / "shop.om"
    path.write_text("".join(samples()))
    with serve_openmetrics(path, tools=promtool.path.parent) as url:
        yield url


def read(url: str, expr: str) -> int:
    """The samples that one evaluation reads."""
    asked = {"query": expr, "time": str(END), "stats": "all"}
    answer = requests.post(f"{url}/api/v1/query", data=asked, timeout=30).json()
    assert answer["status"] == "success", answer
    return int(answer["data"]["stats"]["samples"]["totalQueryableSamples"])


def test_a_third_of_the_usual_samples_of_the_source_is_more_than_is_read(prometheus: str, tmp_path: Path) -> None:
    rules = [rule["expr"] for rule in rule_group(tmp_path, KINDS["errors"])["rules"]]
    of_source = [expr for expr in rules if metric_names(expr) & {"failed_total", "served_total"}]
    ours = sum(read(prometheus, expr) for expr in of_source)
    usual = sum(
        read(
            prometheus,
            f'sum(rate(failed_total{{job="shop"}}[{window}])) / sum(rate(served_total{{job="shop"}}[{window}]))',
        )
        for window in USUAL_WINDOWS
    )
    print(f"of the source {ours} samples are read, {usual} are usual: {ours / usual:.3f}")
    assert 0 < ours <= usual / 3
