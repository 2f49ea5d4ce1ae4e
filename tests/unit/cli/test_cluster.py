"""The cluster's name from the command line: one spec for many clusters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner

from obsgen.cli import main
from obsgen.cli.main import COMMANDS
from obsgen.pipeline import load_stack
from obsgen.spec.cluster_name import VARIABLE, unusable_name
from obsgen.spec.root import SpecFile

SPEC = {
    "apiVersion": "obsgen.dev/v1",
    "kind": "MonitoringStack",
    "metadata": {"name": "small"},
    "kubernetes": {"etcd": None},
    "routing": {
        "default": "chat",
        "teams": {"platform": {"default": "chat"}},
        "receivers": {"chat": {"webhook": {"url": "http://chat.example.com/"}}},
    },
}


@pytest.fixture
def nameless(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("spec.yaml").write_text(yaml.safe_dump(SPEC))
    return Path("spec.yaml")


def commands(command: click.Command, context: click.Context) -> Iterator[click.Command]:
    if not isinstance(command, click.Group):
        yield command
        return
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found
        yield from commands(found, context)


def test_every_command_that_reads_a_spec_takes_the_name():
    context = click.Context(main)
    reading = [{option: param for param in one.params for option in param.opts} for one in commands(main, context)]
    reading = [options for options in reading if "--root" in options]
    assert len(COMMANDS) > 8
    assert len(reading) > 8
    assert {options["--cluster"].envvar for options in reading} == {VARIABLE}


def test_the_name_stands_where_the_spec_has_none(nameless):
    without = CliRunner().invoke(main, ["build", "spec.yaml", "-o", "out"])
    assert without.exit_code == 2
    assert "OBS110" in without.output
    built = CliRunner().invoke(main, ["build", "spec.yaml", "-o", "out", "--cluster", "east"])
    assert built.exit_code == 0, built.output
    assert "replacement: east" in "".join(path.read_text() for path in Path("out").glob("*Monitor*.yaml"))
    same = CliRunner().invoke(main, ["diff", "spec.yaml", "-o", "out"], env={VARIABLE: "east"})
    assert same.exit_code == 0, same.output
    assert CliRunner().invoke(main, ["diff", "spec.yaml", "-o", "out"], env={VARIABLE: "west"}).exit_code == 1


def test_it_takes_the_place_of_what_is_written(tmp_path):
    spec = tmp_path / "spec.yaml"
    spec.write_text(yaml.safe_dump({**SPEC, "environment": {"cluster": "${CLUSTER}"}}))
    assert load_stack(SpecFile(spec, cluster="east")).environment.cluster == "east"


@pytest.mark.parametrize(
    "name", ["$CLUSTER", "a-${X}", "{{ .Values.cluster }}", "", "  ", "a\nb", "a\x00", 'the "east"', "a\\b", "a" * 300]
)
def test_what_no_series_could_carry_is_no_name(name):
    found = unusable_name(name, None)
    assert found
    assert found.code == "OBS267"
    assert "--cluster" in str(found.hint)


@pytest.mark.parametrize("name", ["prod-sh", "prod/eu 1", "北京", "the 'east'", "a{b}", "a" * 253])
def test_any_other_text_is_one(name):
    assert unusable_name(name, None) is None
