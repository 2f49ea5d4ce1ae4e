"""amtool's verdict on the routing tree, and on where each alert goes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from obsgen.check.checker_output import route_passes, tree_passes
from obsgen.diagnostics import Diagnostic
from obsgen.document import yaml_text
from obsgen.emit.alertmanager import configuration
from obsgen.emit.notifications import BESIDE_CONFIGURATION, TEMPLATE_FILE, template_text
from obsgen.ir.bundle import Bundle
from obsgen.ir.routes import RouteTest
from obsgen.model.stack import Stack
from obsgen.programs.checkers import Tool, at_once
from obsgen.programs.scratch import scratch_folder

_FILE = "alertmanager.yaml"


def routing_findings(tool: Tool, stack: Stack, bundle: Bundle) -> tuple[Diagnostic, ...]:
    """`amtool check-config` over the whole tree; what it refuses is traced to a receiver where one is at fault."""
    complaint = _complaint(tool, stack, bundle)
    if not complaint:
        return ()
    # A tree that is refused without any receiver's content is not a receiver's fault.
    names = () if _complaint(tool, stack, bundle, only="") else stack.routing.receivers
    alone = {name: _complaint(tool, stack, bundle, only=name) for name in names}
    faulty = [
        Diagnostic("OBS460", f"amtool on receiver '{name}': {said}", stack.places.of_key("routing", "receivers", name))
        for name, said in alone.items()
        if said
    ]
    return tuple(faulty) or (Diagnostic("OBS460", f"amtool: {complaint}", stack.places.of_key("routing")),)


def _complaint(tool: Tool, stack: Stack, bundle: Bundle, *, only: str | None = None) -> str:
    """What amtool says against the tree, with every receiver but one left empty where one is named."""
    with scratch_folder() as folder:
        receivers = _prepared(folder, tool, stack, bundle, only)
        done = tool.run("check-config", _FILE, folder=folder)
    if tree_passes(tool, done, receivers):
        return ""
    said = done.output.partition("FAILED:")[2].partition("amtool: error:")[0]
    return " ".join(said.split()).removeprefix("invalid URL: ") or done.output.strip()


def route_findings(tool: Tool, stack: Stack, bundle: Bundle) -> tuple[Diagnostic, ...]:
    """Every alert, walked down the tree by amtool, must arrive where the bundle says."""
    tests = bundle.route_tests
    with scratch_folder() as folder:
        _prepared(folder, tool, stack, bundle)
        calls = [
            [
                "config",
                "routes",
                "test",
                f"--config.file={_FILE}",
                f"--verify.receivers={','.join(test.receivers)}",
            ]
            + [f"{label}={value}" for label, value in test.labels.items()]
            for test in tests
        ]
        results = at_once(tool, calls, folder, len(os.sched_getaffinity(0)))
    return tuple(
        Diagnostic("OBS461", _disagreement(test, done.output), stack.places.of_key("routing"))
        for test, done in zip(tests, results, strict=True)
        if not route_passes(tool, done, test.receivers)
    )


def _disagreement(test: RouteTest, output: str) -> str:
    alert = test.labels.get("alertname", "an alert")
    expected = ", ".join(test.receivers)
    return f"'{alert}' should reach {expected}; amtool: {' '.join(output.split())}"


def _prepared(folder: Path, tool: Tool, stack: Stack, bundle: Bundle, only: str | None = None) -> int:
    """Write the tree and what it names into the folder; returns how many receivers it has."""
    assert bundle.routing is not None
    body = configuration(bundle.routing, stack.environment.alertmanager, BESIDE_CONFIGURATION)
    templates = folder / Path(BESIDE_CONFIGURATION).parent
    templates.mkdir()
    (templates / TEMPLATE_FILE).write_text(template_text(stack), encoding="utf-8")
    if tool.version < stack.environment.alertmanager.version:
        body["receivers"] = list(_stand_ins(body))
    elif only is not None:
        body["receivers"] = [one if one["name"] == only else {"name": one["name"]} for one in body["receivers"]]
    (folder / _FILE).write_text(yaml_text(body), encoding="utf-8")
    return len(body["receivers"])


def _stand_ins(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Receivers by name only: an older amtool must not refuse the tree for a field that it cannot know."""
    for receiver in body["receivers"]:
        yield {"name": receiver["name"], "webhook_configs": [{"url": "http://127.0.0.1/"}]}
