"""What a path on the command line may be."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from obsgen.cli import main


def commands(command: click.Command, *words: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that does something, with the words that call it."""
    if not isinstance(command, click.Group):
        yield words, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        assert below
        yield from commands(below, *words, name)


PATHS = [
    (*words, *([] if isinstance(parameter, click.Argument) else parameter.opts[-1:]))
    for words, command in commands(main)
    for parameter in command.params
    if isinstance(parameter.type, click.Path)
]


@pytest.mark.parametrize("words", PATHS, ids=" ".join)
def test_a_dash_is_no_file_and_no_folder_of_any_command(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "-").write_text("kind: MonitoringStack\n")
    # `explain` and `routes show` take another word before the spec.
    before = ["OBS101"] if words == ("explain",) else []
    done = CliRunner().invoke(main, [*words, *before, "-"], input="kind: MonitoringStack\n")
    assert done.exit_code == 2
    assert "'-' stands neither for standard input nor for standard output here: name a file" in done.output


def test_a_file_that_is_called_so_is_named_by_its_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "-").write_text("kind: MonitoringStack\n")
    assert "-:1:1: error OBS110" in CliRunner().invoke(main, ["validate", "./-"]).output
