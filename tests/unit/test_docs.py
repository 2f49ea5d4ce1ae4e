"""The documents say what the program does. `UPDATE=1 pytest tests/unit/test_docs.py` renews the outputs shown."""

from __future__ import annotations

import json
import os
import re
import shlex
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsgen.cli import main
from obsgen.cli.main import COMMANDS
from obsgen.spec.schema import json_schema

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
_SHOWN = re.compile(r"<!-- \$ obsgen (?P<command>[^\n]+) -->\n```text\n(?P<output>.*?)```", re.DOTALL)

PAGES = (README, *sorted((ROOT / "docs").glob("*.md")))
SHOWN = [(page, found["command"]) for page in PAGES for found in _SHOWN.finditer(page.read_text())]


def output_of(command: str) -> str:
    lines = CliRunner().invoke(main, shlex.split(command)).output.splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines)


@pytest.mark.parametrize(("page", "command"), SHOWN, ids=[command for _, command in SHOWN])
def test_the_output_shown_is_what_the_command_prints(page, command, monkeypatch):
    monkeypatch.chdir(ROOT)
    output = output_of(command)
    assert output
    assert "Traceback" not in output
    if os.environ.get("UPDATE"):
        text = page.read_text()
        block = f"<!-- $ obsgen {command} -->\n```text\n"
        before, _, rest = text.partition(block)
        page.write_text(before + block + output + rest[rest.index("```") :])
    shown = {found["command"]: found["output"] for found in _SHOWN.finditer(page.read_text())}
    assert shown[command] == output


def test_every_command_is_in_the_readme_or_its_help():
    documents = README.read_text() + CliRunner().invoke(main, ["--help"]).output
    assert [name for name in COMMANDS if f"obsgen {name}" not in documents and f"  {name} " not in documents] == []


@pytest.mark.parametrize("command", list(COMMANDS))
def test_every_command_teaches_by_example(command):
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0
    assert "obsgen " + command in result.output.replace("\n", " ")


@pytest.mark.parametrize("kind", ["stack", "pack", "tests"])
def test_the_schemas_in_the_docs_are_current(kind):
    assert json.loads((ROOT / "docs" / "schema" / f"{kind}.json").read_text()) == json_schema(kind)


DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("*/README.md"), *ROOT.glob("docs/*.md")])


@pytest.mark.parametrize("document", [str(path.relative_to(ROOT)) for path in DOCUMENTS])
def test_every_link_to_a_file_leads_somewhere(document):
    path = ROOT / document
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", path.read_text())
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_every_page_of_the_docs_is_listed_in_the_readme():
    listed = README.read_text()
    pages = [path.name for path in DOCUMENTS if path.parent.name == "docs"]
    assert [page for page in pages if f"](docs/{page})" not in listed] == []


def test_every_promise_names_tests_that_are_there():
    promises = (ROOT / "SECURITY.md").read_text().partition("## What is installed")[0]
    named = set(re.findall(r"`((?:tests/)?(?:unit/[\w/]+|[\w/]*test_\w+\.py))`", promises))
    assert len(named) > 15
    assert [name for name in named if not (ROOT / name).exists() and not (ROOT / "tests/hostile" / name).exists()] == []
    hostile = {path.name for path in (ROOT / "tests/hostile").glob("test_*.py")}
    assert hostile - named == {"test_cases.py"}


def test_the_order_of_imports_is_the_one_that_is_kept():
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    assert f"`{' > '.join(contract['layers'])}`" in (ROOT / "obsgen/README.md").read_text()


def test_the_pack_in_the_guide_is_the_one_that_is_compiled():
    guide = re.search(r"```yaml\n(title: Queue.*?)```", (ROOT / "alerts/README.md").read_text(), re.DOTALL)
    assert guide
    compiled = ROOT / "tests/golden/cases/queue/packs/application/queue/pack.yaml"
    assert guide[1] == compiled.read_text()
