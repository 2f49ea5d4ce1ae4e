"""The commands below `obsgen objectives`."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from obsgen.cli import main
from obsgen.cli.objectives import _COMMANDS

CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize("name", ["import", "export"])
def test_every_command_teaches_by_example(name):
    shown = CliRunner().invoke(main, ["objectives", name, "--help"])
    assert shown.exit_code == 0
    assert f"obsgen objectives {name} " in shown.output


def test_the_group_lists_its_commands_without_importing_them():
    shown = CliRunner().invoke(main, ["objectives", "--help"]).output
    assert [name for name in _COMMANDS if f"  {name} " not in shown] == []


def test_an_unknown_command_is_told_the_nearest():
    done = CliRunner().invoke(main, ["objectives", "imports"])
    assert done.exit_code == 2
    assert "did you mean 'import'?" in done.output


@pytest.mark.parametrize(("case", "code"), [("sloth-file", 0), ("openslo", 0), ("sloth-kubernetes", 2)])
def test_warnings_alone_are_no_failure(case, code, tmp_path):
    folder, out = CASES / case, tmp_path / "new" / "applications.yaml"
    (source,) = (one for one in folder.glob("*.yaml") if one.name != "expected.yaml")
    done = CliRunner().invoke(main, ["objectives", "import", str(source), "-o", str(out)])
    assert done.exit_code == code
    assert done.stdout == ""
    assert out.read_text() == (folder / "expected.yaml").read_text()


def test_findings_go_beside_the_yaml_not_into_it():
    done = CliRunner().invoke(main, ["objectives", "import", str(CASES / "sloth-file" / "parcels.yaml")])
    assert done.stdout == (CASES / "sloth-file" / "expected.yaml").read_text()
    assert "OBS613" in done.stderr
