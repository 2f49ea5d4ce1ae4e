"""`obsgen objectives report` as a user runs it, over a real Prometheus."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsgen.cli.objectives_report import command
from obsgen.live.offline import serve_openmetrics
from obsgen.programs.binaries import BinaryMissing, find_binary
from tests.unit.live import objective_samples as samples


@pytest.fixture(autouse=True, scope="module")
def _prometheus_installed():
    try:
        find_binary("prometheus"), find_binary("promtool")
    except BinaryMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def week(tmp_path_factory):
    path = tmp_path_factory.mktemp("week") / "week.om"
    path.write_text(samples.openmetrics(*samples.EVERYTHING))
    return str(path)


@pytest.fixture(scope="module")
def calm(tmp_path_factory):
    path = tmp_path_factory.mktemp("calm") / "calm.om"
    path.write_text(samples.openmetrics(samples.WEST, samples.EAST, since=samples.END - 3600))
    return str(path)


def run(*arguments):
    return CliRunner().invoke(command, list(arguments))


def test_a_file_is_reported_with_what_wants_attention(week):
    result = run("--openmetrics", week)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Objectives, evaluated at 2026-01-08T00:00:00Z\n")
    assert "CRITICAL: shop/speed route=/pay in cluster prod: the error budget of 7d is overspent" in result.stdout
    assert "prod     orders/success         2026-01-02 06:00  2026-01-02 08:00" in result.stdout


def test_json_has_nothing_around_it(week):
    body = json.loads(run("--openmetrics", week, "--format", "json", "--component", "shop").stdout)
    assert [one["labels"] for one in body["objectives"]] == [{"route": "/list"}, {"route": "/pay"}]
    assert body["objectives"][1]["level"] == "critical"
    assert body["warnings"] == []


def test_fail_on_ends_with_one_after_the_report(week, calm):
    assert run("--openmetrics", week, "--fail-on", "critical").exit_code == 1
    assert run("--openmetrics", calm, "--fail-on", "critical").exit_code == 0
    assert run("--openmetrics", calm, "--fail-on", "warning").exit_code == 1
    assert run("--openmetrics", calm, "--fail-on", "warning", "--cluster", "west").exit_code == 0


def test_a_live_server_whose_rules_are_long_gone_is_an_error(calm):
    with serve_openmetrics(Path(calm)) as url:
        result = run("--url", url)
    assert result.exit_code == 2
    assert f"Error: '{url}' holds no series objective:target:ratio" in result.stderr
    assert "are the rules loaded?" in result.stderr
    assert "Traceback" not in result.output


def test_explain_needs_no_server():
    result = run("--explain", "--cluster", "prod")
    assert result.exit_code == 0
    assert result.stdout.count("# ") == 5
    assert 'sum_over_time(objective:errors:rate5m{cluster="prod"}[1h]) > 0' in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give one of --url URL and --openmetrics FILE"),
        (["--url", "http://127.0.0.1:1"], "cannot be reached"),
        (["--url", "http://127.0.0.1:1", "--header", "hunter2"], "write each as 'NAME: VALUE'"),
        (["--openmetrics", "absent.om"], "does not exist"),
    ],
)
def test_mistakes_end_with_two_and_a_message(arguments, message):
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "hunter2" not in result.output
    assert "Traceback" not in result.output


def test_the_command_is_cheap_to_import():
    program = "import sys, obsgen.cli.objectives_report; print({'requests', 'rich', 'pydantic'} & set(sys.modules))"
    root = Path(__file__).parents[2]
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=root)
    assert found.stdout == "set()\n"
