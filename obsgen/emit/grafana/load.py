"""Finds the view that answers a kind of question and lets it draw."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic_core import to_json

from obsgen.diagnostics import Diagnosed, Diagnostic
from obsgen.document import json_text
from obsgen.emit.grafana.dashboard import Dashboard
from obsgen.ir.bundle import View

EXPECTED = "a view is a Python file with a function `dashboard(view)` that returns a Dashboard"


def dashboard_json(view: View, views_folder: Path) -> str:
    """The dashboard as a file of its own: indented JSON; raises Diagnosed (OBS501)."""
    return json_text(dashboard_body(view, views_folder))


def dashboard_lines(view: View, views_folder: Path) -> str:
    """The dashboard as text inside an object: JSON with a line for each panel."""
    return json_lines(dashboard_body(view, views_folder))


def json_lines(body: Mapping[str, Any]) -> str:
    """A dashboard in JSON with a line for each panel, half as long as indented."""
    return "{\n" + ",\n".join(map(_line, body.items())) + "\n}\n"


def _line(field: tuple[str, Any]) -> str:
    name, value = field
    if name != "panels":
        return f"{_compact(name)}:{_compact(value)}"
    return '"panels":[\n' + ",\n".join(map(_compact, value)) + "\n]"


def _compact(value: Any) -> str:
    return to_json(value).decode()


# It is looked at by the checks before it is emitted, and every target emits it: each is drawn once.
@lru_cache(maxsize=1024)
def dashboard_body(view: View, views_folder: Path) -> Mapping[str, Any]:
    """The dashboard that `<views_folder>/<view.kind>.py` draws, in plain lists and dicts; raises Diagnosed (OBS501)."""
    path = views_folder / f"{view.kind}.py"
    draw = getattr(_view_module(path, view.kind), "dashboard", None)
    if not callable(draw):
        raise _not_a_view(f"view '{path}' has no function 'dashboard'")
    drawn = draw(view)
    if not isinstance(drawn, Dashboard):
        raise _not_a_view(f"view '{path}' returned {type(drawn).__name__} instead of a Dashboard")
    return drawn.to_json_data()


def panel_queries(dashboard: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Title, expression and legend of every query in the dashboard's panels, collapsed rows included."""
    return [
        (panel.get("title", ""), target["expr"], target.get("legendFormat", ""))
        for panel in panels_of(dashboard)
        for target in panel.get("targets", ())
        if "expr" in target
    ]


def panels_of(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """All panels and rows of the dashboard, those inside collapsed rows included."""
    for panel in body.get("panels", ()):
        yield panel
        yield from panels_of(panel)


# A stack has hundreds of dashboards and a handful of views.
@lru_cache(maxsize=16)
def _view_module(path: Path, kind: str) -> ModuleType:
    # The kind becomes a file name, so nothing in it may lead out of the folder.
    if not kind.isidentifier() or not path.is_file():
        raise _not_a_view(f"no view '{path}' for dashboards of kind '{kind}'")
    spec = spec_from_file_location(f"obsgen_view_{kind}", path)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    # Dataclasses look their own module up while they are made; afterwards no trace of it stays.
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except (ImportError, SyntaxError) as fault:
        raise _not_a_view(f"view '{path}' cannot be loaded: {fault}") from fault
    finally:
        del sys.modules[spec.name]
    return module


def _not_a_view(message: str) -> Diagnosed:
    return Diagnosed([Diagnostic("OBS501", message, hint=EXPECTED)])
