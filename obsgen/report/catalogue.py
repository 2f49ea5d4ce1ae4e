"""What each component of a compiled spec comes to: rules, panels, tests, and whose metrics it reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from obsgen.document import json_text
from obsgen.emit.grafana.load import dashboard_body, panel_queries
from obsgen.ir.bundle import Bundle
from obsgen.ir.views import PackView
from obsgen.model.stack import Stack
from obsgen.report.columns import columns
from obsgen.spec.library import load_pack, pack_folders
from obsgen.spec.shipped import shipped

_NUMBERS: Final = ("alerts", "recordings", "panels", "tests")


def render_catalogue(stack: Stack, bundle: Bundle, form: str) -> str:
    """A line for each component, and the sums; alerts count once for each severity, as rules do."""
    rows = list(_rows(stack, bundle))
    if form == "json":
        return json_text(rows).rstrip("\n")
    total = {name: sum(row[name] for row in rows) for name in _NUMBERS}
    head = {"layer": "layer", "component": "component", **{name: name for name in _NUMBERS}, "reads": "metrics of"}
    table = [head, *rows, {"layer": "", "component": "all", **total, "reads": ""}]
    return "\n".join(columns(([str(cell) for cell in row.values()] for row in table), right=frozenset(range(2, 6))))


def _rows(stack: Stack, bundle: Bundle) -> Iterator[dict[str, Any]]:
    panels = _panels(bundle)
    folders = pack_folders()
    for component in stack.components:
        rules = [one for one in bundle.rule_sets if one.component == component.name and one.layer == component.layer]
        source = load_pack(folders[component.pack]).spec.source if component.pack in folders else None
        yield {
            "layer": component.layer,
            "component": component.name,
            "alerts": sum(len(one.alerts) for one in rules),
            "recordings": sum(len(group.recordings) for one in rules for group in one.groups),
            "panels": panels.get(component.name, 0),
            "tests": sum(proof.component == component.name for proof in bundle.proofs),
            "reads": f"{source.exporter} {source.versions}" if source else "",
        }


def _panels(bundle: Bundle) -> Mapping[str, int]:
    """Panels that ask something, by component."""
    folder = shipped("dashboards")
    return {
        view.component: len({title for title, _, _ in panel_queries(dashboard_body(view, folder))})
        for view in bundle.views
        if isinstance(view, PackView)
    }
