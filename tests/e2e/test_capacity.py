"""`obsgen capacity` as a user runs it, over a real Prometheus."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsgen.cli.capacity import command
from obsgen.live.demo import demo_sample
from obsgen.live.offline import newest_sample, serve_openmetrics
from obsgen.programs.binaries import BinaryMissing, find_binary


@pytest.fixture(autouse=True)
def _prometheus_installed():
    try:
        find_binary("prometheus"), find_binary("promtool")
    except BinaryMissing as missing:
        pytest.skip(str(missing))


def run(*arguments):
    return CliRunner().invoke(command, list(arguments))


def test_the_demo_shows_its_troubles():
    result = run("--demo")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(
        "Capacity, evaluated at 2026-01-05T12:15:00Z, CPU as a mean over 5m, history over 1d\n"
    )
    assert "CRITICAL: node demo/worker-a2: memory is at 94.3%" in result.stdout
    assert "INFO: node demo/worker-b2: cordoned" in result.stdout


def test_json_has_nothing_around_it():
    result = run("--demo", "--format", "json")
    body = json.loads(result.stdout)
    assert body["clusters"][0]["cluster"] == "demo"
    assert body["clusters"][0]["resources"]["memory"]["level"] == "warning"
    assert body["warnings"] == []


def test_a_file_is_read_as_the_demo_is():
    assert run("--openmetrics", str(demo_sample())).stdout == run("--demo").stdout


@pytest.mark.parametrize(("fail_on", "status"), [("warning", 1), ("critical", 1)])
def test_fail_on_ends_with_one_after_the_report(fail_on, status):
    result = run("--demo", "--fail-on", fail_on)
    assert result.exit_code == status
    assert "CRITICAL" in result.stdout


def test_fail_on_critical_lets_warnings_pass(tmp_path):
    calm = tmp_path / "calm.om"
    calm.write_text(_roomier(demo_sample().read_text()))
    assert run("--openmetrics", str(calm), "--fail-on", "critical").exit_code == 0
    assert run("--openmetrics", str(calm), "--fail-on", "warning").exit_code == 1


def _roomier(text):
    """Ten times the allocatable: no watermark is passed, the NotReady node and the waiting pod remain."""
    lines = []
    for line in text.splitlines():
        if line.startswith("kube_node_status_allocatable"):
            labels, value, moment = line.rsplit(" ", 2)
            lines.append(f"{labels} {float(value) * 10} {moment}")
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


def test_a_live_server_is_asked_at_its_own_time(tmp_path):
    live = tmp_path / "live.om"
    shift = int(time.time()) - int(newest_sample(demo_sample()))
    text = demo_sample().read_text()
    live.write_text(re.sub(r" (\d+)$", lambda found: f" {int(found[1]) + shift}", text, flags=re.MULTILINE))
    with serve_openmetrics(live) as url:
        result = run("--url", f"{url}/", "--format", "json", "--header", "X-Scope-OrgID: prod")
    assert result.exit_code == 0, result.output
    body, demo = json.loads(result.stdout), json.loads(run("--demo", "--format", "json").stdout)
    assert body.pop("generated_at") > demo.pop("generated_at")
    assert body["nodes"][0]["resources"]["cpu"]["used"] == pytest.approx(demo["nodes"][0]["resources"]["cpu"]["used"])
    assert without_moments(body["findings"]) == without_moments(demo["findings"])


def without_moments(findings):
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "", json.dumps(findings))


def test_a_live_server_without_the_metrics_is_an_error():
    with serve_openmetrics(demo_sample()) as url:
        result = run("--url", url)
    assert result.exit_code == 2
    assert f"Error: '{url}' holds neither kube_node_status_allocatable" in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("moment", ["2026-01-05T12:15:00Z", "2026-01-05T12:15:00", "1767615300"])
def test_a_moment_can_be_asked_about(moment):
    with serve_openmetrics(demo_sample()) as url:
        assert run("--url", url, "--at", moment).stdout == run("--demo").stdout


def test_explain_needs_no_server():
    result = run("--explain", "--window", "7m")
    assert result.exit_code == 0
    assert result.stdout.count("\n# ") == 26
    assert "rate(container_cpu_usage_seconds_total" in result.stdout
    assert "[7m]" in result.stdout


def test_explain_with_a_source_uses_its_labels(tmp_path):
    renamed = tmp_path / "renamed.om"
    lines = demo_sample().read_text().splitlines()
    usage = ("container_",)
    renamed.write_text(
        "".join(f"{line.replace('node=', 'kubernetes_node=') if line.startswith(usage) else line}\n" for line in lines)
    )
    assert '"node","$1","kubernetes_node"' in run("--openmetrics", str(renamed), "--explain").stdout
    assert "kubernetes_node" not in run("--demo", "--explain").stdout.partition("# allocatable")[2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give one of --url URL, --openmetrics FILE and --demo"),
        (["--demo", "--url", "http://prometheus.example.com"], "give one of"),
        (["--demo", "--window", "five"], "'five' is not a duration"),
        (["--demo", "--window", "0"], "four scrape intervals"),
        (["--url", "http://127.0.0.1:1", "--header", "hunter2"], "write each as 'NAME: VALUE'"),
        (["--url", "http://127.0.0.1:1"], "cannot be reached"),
        (["--demo", "--timeout", "0"], "not in the range"),
        (["--demo", "--fail-on", "ok"], "is not one of"),
        (["--openmetrics", "absent.om"], "does not exist"),
        (["--demo", "--at", "noon"], "'noon' is no time"),
    ],
)
def test_mistakes_end_with_two_and_a_message(arguments, message):
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "hunter2" not in result.output
    assert "Traceback" not in result.output


def test_a_broken_file_is_named(tmp_path):
    broken = tmp_path / "broken.om"
    broken.write_text("up 1 1767615300\n")
    result = run("--openmetrics", str(broken))
    assert result.exit_code == 2
    assert "broken.om' is not OpenMetrics" in result.stderr


def test_the_command_is_cheap_to_import():
    program = "import sys, obsgen.cli.capacity; print({'requests', 'rich', 'pydantic'} & set(sys.modules))"
    root = Path(__file__).parents[2]
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=root)
    assert found.stdout == "set()\n"
