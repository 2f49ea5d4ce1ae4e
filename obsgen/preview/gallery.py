"""All dashboards of a spec, each drawn when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from obsgen.emit.grafana.load import dashboard_body
from obsgen.ir.bundle import View
from obsgen.preview.answers import ask, span_of
from obsgen.preview.choices import choices
from obsgen.preview.page import Drawn, Entry, board_page, drawn, index_page
from obsgen.query.prometheus import Prometheus


@dataclass(frozen=True, slots=True)
class Page:
    """A drawn dashboard, and how many of its panels show something."""

    uid: str
    html: str
    panels: tuple[Drawn, ...]

    @property
    def asking(self) -> int:
        """How many panels ask something."""
        return sum(bool(one.panel.get("targets")) for one in self.panels)

    @property
    def showing(self) -> int:
        """How many of those show something."""
        return sum(bool(one.panel.get("targets")) and not one.empty for one in self.panels)

    @property
    def errors(self) -> tuple[str, ...]:
        """What the server said against queries."""
        return tuple(f"'{one.panel['title']}': {error}" for one in self.panels for error in one.errors)


@dataclass(frozen=True)
class Gallery:
    """Draws dashboards over `seconds` up to `at`, in seconds since 1970, or up to the server's now."""

    title: str
    bodies: Mapping[str, Mapping[str, Any]]
    prometheus: Prometheus
    seconds: float
    scrape_interval: float
    at: float | None = None
    chosen: Mapping[str, str] = field(default_factory=dict)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The dashboards in their order."""
        return tuple(Entry(uid, body["title"]) for uid, body in self.bodies.items())

    def page(self, uid: str, chosen: Mapping[str, str], *, live: bool) -> Page:
        """One dashboard, asked for now. Raises what `obsgen.query.errors` lists where the server cannot be asked."""
        body = self.bodies[uid]
        end = self.prometheus.server_time() if self.at is None else self.at
        span = span_of(end, self.seconds)
        own = choices(body, self.prometheus, {**self.chosen, **chosen}, end)
        panels = drawn(body, ask(body, self.prometheus, own, span, self.scrape_interval), span)
        return Page(uid, board_page(body, panels, own, span, self.entries, live=live), panels)

    def index(self, *, live: bool) -> str:
        """The page that lists them."""
        return index_page(self.title, self.entries, live=live)


def bodies(views: Sequence[View], folder: Path, wanted: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """The dashboards by uid, those whose uid or its end is wanted, or all; raises Diagnosed (OBS501)."""
    found = {view.uid: dashboard_body(view, folder) for view in views}
    return {uid: body for uid, body in found.items() if not wanted or any(_names(uid, name) for name in wanted)}


@lru_cache(maxsize=1)
def script() -> str:
    """The library that draws charts, as plotly ships it; it needs no network."""
    found = find_spec("plotly")
    assert found and found.origin, "plotly is a dependency"
    return (Path(found.origin).parent / "package_data" / "plotly.min.js").read_text(encoding="utf-8")


def _names(uid: str, name: str) -> bool:
    return uid == name or uid.endswith(f"-{name}")
