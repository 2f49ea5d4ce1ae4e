"""The installation that monitors the cluster already: what it must be told, and what stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Brought:
    """Alerts that come with the installation under one switch; `off` where packs of the stack say the same."""

    switch: str
    groups: tuple[str, ...]
    alerts: int | None
    packs: tuple[str, ...]
    off: bool


@dataclass(frozen=True, slots=True)
class Mounting:
    """The value that lists the Secrets which Alertmanager mounts, and the folder where it finds them."""

    at: str
    folder: str


@dataclass(frozen=True, slots=True)
class Installation:
    """What a person or a chart has to know of the stack so that both fit together."""

    kind: str
    title: str
    docs: str
    seen: Mapping[str, str] = field(default_factory=dict)
    apply: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    mounts: Mounting | None = None
    steps: tuple[str, ...] = ()
    reasons: tuple[tuple[tuple[str, ...], str], ...] = ()
    """What is told, by the paths of its values, and why."""
    rules: tuple[Brought, ...] = ()
    alerts: tuple[str, ...] = ()
    """Its alerts that arrive beside the stack's own."""
