"""`obsgen new pack` writes what passes its own checks."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from obsgen.cli import main

SPEC = """
apiVersion: obsgen.dev/v1
kind: MonitoringStack
metadata: {name: t, team: platform}
environment: {cluster: prod, runbooks: {base_url: https://git.example.com/r}}
packs: [./packs]
infrastructure: {message-queue: }
routing:
  default: chat
  receivers: {chat: {webhook: {url: "http://chat.svc:8080/"}}}
"""


def run(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)))


@pytest.fixture
def packs(tmp_path):
    return tmp_path / "packs"


def test_a_new_pack_passes_its_checks_and_its_tests(packs):
    assert run("new", "pack", "message-queue", "--layer", "infrastructure", "--into", packs).exit_code == 0
    spec = packs.parent / "obsgen.yaml"
    spec.write_text(SPEC)
    validated = run("validate", spec)
    assert validated.exit_code == 0, validated.output
    proved = run("test", spec)
    assert proved.exit_code == 0, proved.output
    assert "MessageQueueErrorsHigh" in (packs / "infrastructure/message-queue/runbook.md").read_text()


def test_a_pack_that_is_there_is_left_alone(packs):
    run("new", "pack", "redis", "--into", packs)
    written = packs / "application/redis/pack.yaml"
    written.write_text("mine")
    assert run("new", "pack", "redis", "--into", packs).exit_code == 2
    assert written.read_text() == "mine"


def test_a_name_that_no_pack_can_have_is_refused(packs):
    refused = run("new", "pack", "Redis Cache", "--into", packs)
    assert not packs.exists()
    assert refused.exit_code == 2
    assert "'Redis Cache' is no name of a pack" in refused.output
