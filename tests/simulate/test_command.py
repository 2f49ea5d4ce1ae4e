"""`obsgen simulate` as a user runs it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from obsgen.cli.simulate import command
from obsgen.simulate.traps import TRAPS


def run(*arguments):
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_it_writes_samples_and_truth(tmp_path):
    samples, truth = tmp_path / "sim.om", tmp_path / "sim.json"
    result = run("--nodes", 2, "--pods-per-node", 3, "--out", samples, "--truth", truth)
    assert result.exit_code == 0, result.output
    assert samples.read_text().endswith("# EOF\n")
    written = json.loads(truth.read_text())
    assert [node["node"] for node in written["nodes"]] == ["node-001", "node-002"]
    assert written["generated_at"] == "2026-01-05T12:15:00Z"


def test_traps_are_listed_without_anything_else():
    result = run("--list-traps")
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()] == list(TRAPS)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--trap", "cordonned-node"], "did you mean 'cordoned-node'"),
        (["--interval", "five"], "'five' is not a duration"),
        (["--interval", "5m"], "an interval of 300 s is outside 1 to 75 s"),
        (["--end", "yesterday"], "write it as 2026-01-05T12:15:00Z"),
        (["--hours", "0.1"], "not in the range"),
    ],
)
def test_mistakes_end_with_two_and_a_message(tmp_path, arguments, message):
    result = run("--out", tmp_path / "sim.om", *arguments)
    assert result.exit_code == 2
    assert message in result.output
    assert not (tmp_path / "sim.om").exists()


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    result = run("--out", tmp_path / "file" / "sim.om")
    assert result.exit_code == 2
    assert "file/sim.om' cannot be written" in result.output
