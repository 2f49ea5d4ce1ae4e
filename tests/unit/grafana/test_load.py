from dataclasses import replace

import pytest

from obsgen.diagnostics import Diagnosed
from obsgen.emit.grafana.load import dashboard_json, panel_queries


def diagnostic_of(view, folder):
    with pytest.raises(Diagnosed) as refused:
        dashboard_json(view, folder)
    (diagnostic,) = refused.value.diagnostics
    assert diagnostic.code == "OBS501"
    assert "function `dashboard(view)`" in diagnostic.hint
    return diagnostic.message


def test_a_view_of_ones_own_is_found_by_its_kind(node_view, tmp_path):
    (tmp_path / "mine.py").write_text(
        "from __future__ import annotations\n"
        "from dataclasses import dataclass\n"
        "from obsgen.emit.grafana.dashboard import Dashboard\n"
        "@dataclass\n"
        "class Name:\n"
        "    text: str\n"
        "def dashboard(view):\n"
        "    return Dashboard(title=Name(view.title).text)\n"
    )
    text = dashboard_json(replace(node_view, kind="mine"), tmp_path)
    assert '"title": "Nodes"' in text
    assert text.endswith("}\n")


def test_a_missing_view_says_which_file_is_expected(node_view, tmp_path):
    message = diagnostic_of(replace(node_view, kind="mine"), tmp_path)
    assert message == f"no view '{tmp_path}/mine.py' for dashboards of kind 'mine'"


def test_a_kind_does_not_lead_out_of_the_folder(node_view, views_folder):
    assert "of kind '../dashboards/pack'" in diagnostic_of(replace(node_view, kind="../dashboards/pack"), views_folder)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("panels = 3\n", "has no function 'dashboard'"),
        ("dashboard = 3\n", "has no function 'dashboard'"),
        ("def dashboard(view): return {}\n", "returned dict instead of a Dashboard"),
        ("def dashboard(view) return {}\n", "cannot be loaded: expected ':'"),
        ("import obsgen.no_such_module\n", "cannot be loaded: No module named 'obsgen.no_such_module'"),
    ],
)
def test_a_file_that_is_no_view_is_refused_with_the_reason(node_view, tmp_path, text, complaint):
    (tmp_path / "mine.py").write_text(text)
    message = diagnostic_of(replace(node_view, kind="mine"), tmp_path)
    assert f"view '{tmp_path}/mine.py' {complaint}" in message


def test_queries_are_listed_with_those_in_collapsed_rows(node_dashboard, node_view):
    listed = panel_queries(node_dashboard)
    load = node_view.rows[0].signals[1]
    assert ("Load per core", load.expr, "{{instance}}") in listed
    assert [title for title, _, _ in listed].count("Received") == 1
