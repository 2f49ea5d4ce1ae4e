"""docs/installations.md: every kind has a section, and every command of obsgen's in it does what it is there for."""

from __future__ import annotations

import re
import shlex

import pytest
import yaml
from click.testing import CliRunner

from obsgen.cli import main
from obsgen.spec.surroundings import INSTALLATIONS
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "installations.md").read_text()
SECTIONS = {one.partition("\n")[0]: one for one in PAGE.split("\n## ")[1:]}
# It talks to an Alertmanager that runs.
LIVE = "obsgen routes drill"


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


SPEC = yaml.safe_load(blocks(PAGE.partition("\n## ")[0], "yaml")[0])


def test_every_kind_has_a_section_and_none_is_made_up():
    assert set(SECTIONS) == set(INSTALLATIONS.files())


@pytest.mark.parametrize("kind", SECTIONS)
def test_the_table_names_the_options_of_each_kind(kind):
    (row,) = re.findall(rf"^\| \[`{kind}`\]\(#{kind}\) \| (.*)\|$", PAGE, re.MULTILINE)
    options = INSTALLATIONS.load(kind, INSTALLATIONS.files()[kind]).spec.options
    assert re.findall(r"`(\w+)`", row) == list(options)


@pytest.mark.parametrize("kind", SECTIONS)
def test_the_commands_of_each_section_work_for_its_spec(kind, tmp_path, monkeypatch):
    (environment,) = blocks(SECTIONS[kind], "yaml")
    (tmp_path / "obsgen.yaml").write_text(yaml.safe_dump(SPEC | yaml.safe_load(environment)))
    monkeypatch.chdir(tmp_path)
    lines = "".join(blocks(SECTIONS[kind], "sh")).splitlines()
    commands = [line for line in lines if line.startswith("obsgen ") and not line.startswith(LIVE)]
    assert [line.split()[1] for line in commands][:2] == ["validate", "build"]
    for command in commands:
        done = CliRunner().invoke(main, shlex.split(command)[1:], catch_exceptions=False)
        assert done.exit_code == 0, done.output
    assert named(SECTIONS[kind]) <= {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")}


def named(section: str) -> set[str]:
    """The files of obsgen's that a section speaks of."""
    return set(re.findall(r"(?<![\w/])(?:manifests|out)/[\w/.-]*\w", section))
