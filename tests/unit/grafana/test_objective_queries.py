"""Prometheus answers the panels' queries as the panels say, at the alerts' own numbers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from obsgen.emit.grafana.load import panel_queries
from obsgen.programs.checkers import find_tool

FOLDERS = sorted(Path(__file__).parents[3].glob(".tools/*/usr/bin")) or [None]
SUCCESS = 'component="orders",objective="success"'
REGIONAL = 'component="orders",objective="regional"'
# What the rules record: two clusters, one of them in trouble, and two regions.
SERIES = {
    f'objective:error_budget:remaining{{{SUCCESS},cluster="a"}}': 0.8,
    f'objective:error_budget:remaining{{{SUCCESS},cluster="b"}}': -0.5,
    f'objective:burn_rate:rate1h{{{SUCCESS},cluster="a"}}': 0.5,
    f'objective:burn_rate:rate1h{{{SUCCESS},cluster="b"}}': 14.4,
    f'objective:error_ratio:rate30d{{{SUCCESS},cluster="a"}}': 0.0002,
    f'objective:error_ratio:rate30d{{{SUCCESS},cluster="b"}}': 0.0015,
    f'objective:error_ratio:rate1h{{{SUCCESS},cluster="b"}}': 0.0144,
    f'objective:total:rate5m{{{SUCCESS},cluster="a"}}': 100,
    f'objective:error_budget:remaining{{{REGIONAL},cluster="a",region="eu",sales_channel="app"}}': 0.9,
    f'objective:error_budget:remaining{{{REGIONAL},cluster="a",region="us",sales_channel="app"}}': 0.2,
    f'objective:total:rate5m{{{REGIONAL},cluster="a",region="eu",sales_channel="app"}}': 10,
    f'objective:total:rate5m{{{REGIONAL},cluster="a",region="us",sales_channel="app"}}': 30,
    f'ALERTS{{alertname="ErrorBudgetBurn",alertstate="firing",severity="critical",{SUCCESS},cluster="b"}}': 1,
    'ALERTS{alertname="OrdersDown",alertstate="firing",severity="critical",component="orders",cluster="b"}': 1,
}


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.parents[1].name if folder else "PATH")
def promtool(request):
    return find_tool("promtool", request.param)


@pytest.fixture
def asked(objectives_dashboard):
    """The expression of each query by its panel's title and legend; of equal ones the first objective's."""
    found = {}
    for title, expr, legend in panel_queries(objectives_dashboard):
        found.setdefault((title, legend.split(" ")[0]), expr)
    return found


def finding(promtool, folder, expr, expected, chosen=".*"):
    """What promtool has to say against this answer, with one choice made for every variable."""
    wanted = [{"labels": labels, "value": value} for labels, value in expected.items()]
    filled = re.sub(r"\$cluster", chosen, expr)
    body = {
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": name, "values": f"{value}x10"} for name, value in SERIES.items()],
                "promql_expr_test": [
                    {"expr": re.sub(r"\$[a-z_]+", ".*", filled), "eval_time": "5m", "exp_samples": wanted}
                ],
            }
        ],
    }
    (folder / "tests.yaml").write_text(yaml.safe_dump(body))
    done = promtool.run("test", "rules", "tests.yaml", folder=folder)
    return done.output if done.code else ""


@pytest.mark.parametrize(
    ("panel", "answer"),
    [
        (("Success: budget left", "__auto"), {"{}": -0.5}),
        (("Success: burn rate", "__auto"), {"{}": 14.4}),
        (("Success: failed, target 99.9%", "__auto"), {"{}": 0.0015}),
        (("Success: firing alerts", "__auto"), {"{}": 1}),
        (("Regional: firing alerts", "__auto"), {"{}": 0}),
        (("Reachable: budget left", "__auto"), {}),
        (("Burn rate over 1h and 5m", "1h"), {f'{{{SUCCESS},cluster="b"}}': 0.0144 / 0.001}),
        (("Events", "all"), {'{cluster="a"}': 100}),
        (
            ("Budget left by group", "__auto"),
            {
                '{cluster="a",region="us",sales_channel="app"}': 0.2,
                '{cluster="a",region="eu",sales_channel="app"}': 0.9,
            },
        ),
        (
            ("Which alerts fire", "__auto"),
            {'{alertname="ErrorBudgetBurn",objective="success",severity="critical"}': 1},
        ),
    ],
)
def test_the_answer_is_what_the_panel_says(promtool, tmp_path, asked, panel, answer):
    assert finding(promtool, tmp_path, asked[panel], answer) == ""


def test_a_chosen_cluster_hides_the_others(promtool, tmp_path, asked):
    assert finding(promtool, tmp_path, asked["Success: budget left", "__auto"], {"{}": 0.8}, chosen="a") == ""
    assert finding(promtool, tmp_path, asked["Success: firing alerts", "__auto"], {"{}": 0}, chosen="a") == ""


def test_a_wrong_answer_would_be_found(promtool, tmp_path, asked):
    assert "FAILED" in finding(promtool, tmp_path, asked["Success: budget left", "__auto"], {"{}": 0.8})
