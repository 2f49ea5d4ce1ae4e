"""The amtools side by side in .tools, asked who is told of an alert."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from obsgen.programs.checkers import Tool, at_once, find_tool
from obsgen.promql.matcher import quote

ROOT = Path(__file__).parents[2]

Told = Callable[[Mapping[str, Any], Sequence[Mapping[str, str]]], list[tuple[str, ...]]]


@pytest.fixture(scope="session", params=["bookworm", pytest.param("sid", marks=pytest.mark.e2e)])
def amtool(request: pytest.FixtureRequest) -> Tool:
    """amtool 0.25 and, end to end, 0.33."""
    folder = ROOT / ".tools" / request.param / "usr" / "bin"
    if (folder / "amtool").exists():
        return find_tool("amtool", folder)
    if request.param == "sid":
        pytest.skip(f"amtool of Debian {request.param} is not fetched")
    # Where nothing had to be fetched, the one on PATH is meant.
    return find_tool("amtool", None)


@pytest.fixture(scope="session")
def told(amtool: Tool, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The receivers that amtool names for each alert, in the order of the tree."""
    folder = tmp_path_factory.mktemp("amtool")

    def ask(config: Mapping[str, Any], alerts: Sequence[Mapping[str, str]]) -> list[tuple[str, ...]]:
        # By name only: an older amtool would refuse the tree for a field that it does not know.
        names = [{"name": receiver["name"]} for receiver in config["receivers"]]
        (folder / "alertmanager.yml").write_text(json.dumps({**config, "receivers": names}))
        asked = ("config", "routes", "test", "--config.file=alertmanager.yml")
        # A label that no route matches cannot change who is told: of alerts that differ in nothing else, one is asked.
        matched = " ".join(_matchers(config["route"]))
        seen = [
            tuple(f"{name}={quote(alert[name])}" for name in alert if alert[name] and name in matched)
            for alert in alerts
        ]
        different = list(dict.fromkeys(seen))
        done = at_once(amtool, [(*asked, *labels) for labels in different], folder, workers=2 * (os.cpu_count() or 1))
        assert not any(one.code for one in done), next(one.output for one in done if one.code)
        told = {
            labels: tuple(one.output.splitlines()[-1].split(",")) for labels, one in zip(different, done, strict=True)
        }
        return [told[labels] for labels in seen]

    return ask


def _matchers(route: Mapping[str, Any]) -> Iterator[str]:
    """Every matcher of the tree, in any of the three forms."""
    for form in ("matchers", "match", "match_re"):
        yield str(route.get(form, ""))
    for child in route.get("routes", ()):
        yield from _matchers(child)
