"""What `obsgen capacity` is asked beside the figures of the moment, as a user asks it."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsgen.cli.capacity import command
from obsgen.programs.binaries import BinaryMissing, find_binary
from tests.e2e.processes import HEARS_SIGINT

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _prometheus_installed():
    try:
        find_binary("prometheus"), find_binary("promtool")
    except BinaryMissing as missing:
        pytest.skip(str(missing))


def run(*arguments):
    return CliRunner().invoke(command, list(arguments))


def answers(*arguments):
    result = run("--demo", "--format", "json", *arguments)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)["answers"]


def test_the_report_holds_every_answer():
    body = answers()
    assert list(body) == ["fits", "losses", "stranded", "recommendations", "forecasts", "what_if"]
    assert body["fits"]["pod"] is None
    assert all(body[name] for name in ("losses", "stranded", "recommendations", "forecasts"))


def test_no_number_is_nan():
    text = run("--demo", "--format", "json").stdout
    assert not re.search(r"\bNaN\b|Infinity", text)


def test_a_size_is_fitted():
    fits = answers("--fit", "cpu=500m,memory=1Gi")["fits"]
    assert fits["pod"] == {"cpu": 0.5, "memory": 2**30}
    assert [row["more_pods"] for row in fits["clusters"]] == [12]


def test_a_question_is_answered():
    (answer,) = answers("--what-if", "replicas of shop/web=10")["what_if"]
    assert (answer["replicas_now"], answer["replicas_then"]) == (3, 10)
    assert (answer["fits"], answer["unplaced"]) == (False, 2)
    assert answer["resources"]["memory"]["level"] == "critical"


@pytest.mark.parametrize(
    ("dimension", "form"),
    [
        *((one, "text") for one in ("cluster", "node", "pool", "zone", "namespace", "team", "workload")),
        ("workload", "csv"),
        ("zone", "markdown"),
    ],
)
def test_a_dimension_in_a_form(dimension, form):
    result = run("--demo", "--by", dimension, "--top", "1", "--format", form)
    assert result.exit_code == 0, result.output
    assert dimension in result.stdout.lower()


def test_one_dimension_is_shown_alone():
    text = run("--demo", "--by", "team", "--top", "2").stdout
    assert "Teams" in text
    assert "Nodes" not in text
    assert "insight" in text


def test_a_namespace_narrows_the_workloads():
    body = json.loads(run("--demo", "--format", "json", "--namespace", "shop").stdout)
    assert {one["namespace"] for one in body["workloads"]} == {"shop"}
    assert len(body["nodes"]) == 6


def test_the_specs_applications_name_teams(tmp_path):
    spec = (ROOT / "config" / "starter.yaml").read_text()
    assert "applications:" not in re.sub(r"#.*", "", spec)
    own = tmp_path / "own.yaml"
    own.write_text(f"{spec}\napplications:\n  prometheus-ui: {{team: platform, namespace: monitoring}}\n")
    result = run("--demo", "--format", "json", "--spec", str(own))
    assert result.exit_code == 0, result.output
    assert "platform" in [place["team"] for place in json.loads(result.stdout)["teams"]]


def test_history_can_be_left_out():
    result = run("--demo", "--history", "0")
    assert "history over" not in result.stdout
    assert "Forecasts" not in result.stdout
    assert run("--explain", "--history", "0").stdout.count("\n# ") == 22


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--fit", "cpu"], "write cpu=500m,memory=1Gi"),
        (["--what-if", "more of everything"], "write 'replicas of NAMESPACE/WORKLOAD=NUMBER'"),
        (["--what-if", "replicas of shop/wep=3"], "in that namespace there are shop/orders-db, shop/web"),
        (["--history", "yesterday"], "'yesterday' is not a duration"),
        (["--by", "rack"], "is not one of"),
        (["--top", "0"], "not in the range"),
        (["--watch", "5"], "the output is no terminal"),
        (["--watch", "5", "--format", "json"], "it goes with --format text"),
    ],
)
def test_mistakes_end_with_two_and_a_message(arguments, message):
    result = run("--demo", *arguments)
    assert result.exit_code == 2
    # click breaks long messages.
    assert message in " ".join(result.stderr.split())
    assert "Traceback" not in result.output


def test_watching_draws_again_and_ends_cleanly():
    leader, follower = pty.openpty()
    program = [sys.executable, "-c", "from obsgen.cli import run; run()", "capacity", "--demo", "--watch", "1"]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120", "LINES": "50"}
    ends = {"stdin": follower, "stdout": follower, "stderr": follower}
    process = subprocess.Popen(program, **ends, cwd=ROOT, env=environment, preexec_fn=HEARS_SIGINT)  # noqa: PLW1509
    os.close(follower)
    try:
        seen = _read(leader, until=2, seconds=60)
        assert seen.count("Capacity, evaluated at") >= 2
        process.send_signal(signal.SIGINT)
        rest = _read(leader, until=99, seconds=10)
        assert process.wait(20) == 0
        assert "Traceback" not in seen + rest
    finally:
        # Interrupted, it stops the Prometheus that it has started.
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.wait(20)
        os.close(leader)


def _read(leader, *, until, seconds):
    """What the terminal shows, until it shows so many reports or the program is gone."""
    text, deadline = "", time.monotonic() + seconds
    while time.monotonic() < deadline and text.count("Capacity, evaluated at") < until:
        ready, _, _ = select.select([leader], [], [], 0.2)
        if not ready:
            continue
        try:
            text += os.read(leader, 65536).decode(errors="replace")
        except OSError:
            break
    return text
