"""Foreign files beside the fragment that they become. `UPDATE=1 pytest tests/exchange` renews what is expected."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from obsgen.exchange.read import Imported, import_objectives
from obsgen.report.findings import render_findings
from obsgen.spec.load import load_spec

HERE = Path(__file__).parent
CASES = sorted(path for path in (HERE / "cases").iterdir() if path.is_dir())
EXPECTED, FINDINGS = "expected.yaml", "findings.txt"
HEAD = (HERE / "head.yaml").read_text()


def imported(case: Path, monkeypatch: pytest.MonkeyPatch) -> Imported:
    monkeypatch.chdir(case)
    return import_objectives([Path(one.name) for one in sorted(case.glob("*.yaml")) if one.name != EXPECTED])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_becomes_the_fragment_beside_it(case, monkeypatch):
    found = imported(case, monkeypatch)
    findings = render_findings(found.findings, "text") + "\n"
    if os.environ.get("UPDATE"):
        (case / EXPECTED).write_text(found.text)
        (case / FINDINGS).write_text(findings)
    assert found.text == (case / EXPECTED).read_text()
    assert findings == (case / FINDINGS).read_text()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_fragment_is_part_of_a_spec(case, tmp_path):
    spec = tmp_path / "obsgen.yaml"
    fragment = (case / EXPECTED).read_text()
    spec.write_text(HEAD + fragment)
    loaded = load_spec(spec)
    objectives = [one for service in loaded.spec.applications.values() for one in service.objectives]
    assert len(objectives) == fragment.count("  target: ") > 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_finding_has_a_place(case, monkeypatch):
    assert all(one.location for one in imported(case, monkeypatch).findings)


def test_files_without_objectives_are_an_error(tmp_path):
    empty = tmp_path / "empty.yaml"
    empty.write_text("---\n# nothing yet\n")
    found = import_objectives([empty])
    assert (found.text, found.complete) == ("", False)
    assert [one.code for one in found.findings] == ["OBS611"]


def test_a_service_in_two_files_is_one_component(tmp_path):
    for name in ("one", "two"):
        query = f'sum(rate({name}_total{{job="shop"}}[{{{{.window}}}}]))'
        (tmp_path / f"{name}.yaml").write_text(
            f"version: prometheus/v1\nservice: shop\nslos:\n- name: same\n  objective: 99\n"
            f"  sli: {{events: {{error_query: '{query}', total_query: '{query}'}}}}\n"
        )
    text = import_objectives(sorted(tmp_path.glob("*.yaml"))).text
    assert text.count("\n  shop:") == 1
    assert "      same:\n" in text
    assert "      same-2:\n" in text
