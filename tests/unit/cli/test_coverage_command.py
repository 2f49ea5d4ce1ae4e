"""`obsgen coverage` as a user runs it: what it is given, and how it ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsgen.cli.coverage import command

ROOT = Path(__file__).parents[3]
SPEC = """
apiVersion: obsgen.dev/v1
kind: MonitoringStack
metadata: {name: t, team: platform}
environment: {cluster: prod}
infrastructure: {keepalived: }
routing: {default: chat, receivers: {chat: {webhook: {url: "http://chat.example.com/"}}}}
"""


@pytest.fixture
def spec(tmp_path):
    path = tmp_path / "obsgen.yaml"
    path.write_text(SPEC)
    return path


def run(*arguments):
    return CliRunner().invoke(command, list(map(str, arguments)))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give one of --url URL, --openmetrics FILE and --tsdb DIR"),
        (["--url", "http://127.0.0.1:1", "--tsdb", "."], "give one of --url URL, --openmetrics FILE and --tsdb DIR"),
        (["--url", "http://127.0.0.1:1"], "cannot be reached"),
        (["--openmetrics", "absent.om"], "does not exist"),
        (["--tsdb", "tests/unit/cli"], "is no data of a Prometheus"),
    ],
)
def test_mistakes_end_with_two_and_a_message(arguments, message, spec, monkeypatch):
    monkeypatch.chdir(ROOT)
    result = run(spec, *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_a_mistake_in_the_spec_is_shown_before_anything_is_asked(spec):
    spec.write_text(SPEC.replace("keepalived", "keepalife"))
    result = run(spec, "--url", "http://127.0.0.1:1")
    assert result.exit_code == 2
    assert "obsgen.yaml:6" in result.stderr
    assert "cannot be reached" not in result.stderr


def test_a_dry_run_says_who_would_be_asked_how_much(spec):
    result = run(spec, "--url", "http://prometheus.example.com:9090", "--dry-run")
    assert result.exit_code == 0, result.output
    assert "3 queries by POST, 2 at a time" in result.stdout
    assert "Nothing was asked." in result.stdout


def test_what_sees_nothing_ends_with_one_and_what_sees_with_zero(spec, tmp_path):
    def ends(*series):
        lines = "\n".join(f"{one} 1767615300" for one in series)
        samples = tmp_path / "samples.om"
        samples.write_text(f"{lines}\n# EOF\n")
        return run(spec, "--openmetrics", samples, "--format", "markdown")

    labels = '{job="keepalived",instance="a:1",vrid="1"}'
    blind = ends('up{job="other"} 1')
    assert (blind.exit_code, blind.stderr) == (1, "")
    assert 'no target has job="keepalived"' in blind.stdout
    metrics = ("up", "keepalived_up", "keepalived_vrrp_state", "keepalived_authentication_failure_total")
    assert ends(*(f"{metric}{labels} 1" for metric in metrics)).exit_code == 0


def test_the_command_is_cheap_to_import():
    program = "import sys, obsgen.cli.coverage; print({'requests', 'rich', 'pydantic'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout == "set()\n"
