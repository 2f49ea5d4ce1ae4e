"""promtool judges the feeds that an import derives: fed for a share of errors, the query must read that share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from obsgen.programs.binaries import BinaryMissing
from obsgen.programs.checkers import find_tool
from obsgen.spec.template import evaluate, render

CASES = Path(__file__).parent / "cases"
EVENTS = 10


def proved_ratios() -> Iterator[tuple[str, dict]]:
    for file in sorted(CASES.glob("*/expected.yaml")):
        for service in yaml.safe_load(file.read_text())["applications"].values():
            for name, objective in service["objectives"].items():
                if objective.get("ratio", {}).get("feed"):
                    yield name, objective["ratio"]


RATIOS = dict(proved_ratios())


def values(feed: dict, names: dict) -> str:
    """Ten minutes of a counter that grows, or of a gauge that stands."""
    if "counter" in feed:
        return f"0+{60 * evaluate(feed['counter'], names):g}x10"
    return f"{evaluate(feed['gauge'], names):g}+0x10"


def reading(ratio: dict, share: float) -> dict:
    """A promtool test: the share of errors and the events per second, after ten minutes of feeding."""
    names = {"v": share, "events": EVENTS}
    fed = [{"series": one["series"], "values": values(one, names)} for one in ratio["feed"]]
    expected = {ratio["expr"]: share} | ({ratio["weight"]: EVENTS} if "weight" in ratio else {})
    tests = [
        {
            "expr": f"round({render(expr, {'window': '5m'})}, 1e-6)",
            "eval_time": "10m",
            "exp_samples": [{"labels": "{}", "value": value}],
        }
        for expr, value in expected.items()
    ]
    return {"interval": "1m", "input_series": fed, "promql_expr_test": tests}


@pytest.mark.parametrize("name", RATIOS)
def test_a_derived_feed_makes_the_query_read_the_share(name, tmp_path):
    try:
        promtool = find_tool("promtool")
    except BinaryMissing as missing:
        pytest.skip(str(missing))
    shares = (0, 1) if RATIOS[name].get("all_or_nothing") else (0, 0.25, 1)
    tests = [reading(RATIOS[name], share) for share in shares]
    (tmp_path / "test.yaml").write_text(yaml.safe_dump({"rule_files": [], "tests": tests}))
    done = promtool.run("test", "rules", "test.yaml", folder=tmp_path)
    assert done.code == 0, done.output


def test_there_is_a_feed_to_judge():
    assert len(RATIOS) >= 2
