"""What was found out about a cluster, seen on its series or told by tables, before it becomes a spec."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from obsgen.live.discovery.applications import Application
from obsgen.live.discovery.moves import Move
from obsgen.live.discovery.packs import Judged
from obsgen.live.discovery.recognising import Kind
from obsgen.spec.layers import Layer

UNNAMED: Final = "my-cluster"
Field = str | bool | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Cluster:
    """The cluster's name, where it is from, and whether its series carry it."""

    name: str
    why: str
    on_series: bool


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that a first spec says, with the reason for each choice."""

    cluster: Cluster
    installation: Kind
    distribution: Kind
    packs: tuple[Judged, ...]
    absent: Mapping[str, tuple[Layer, str]]
    """Packs that have no place here, and why."""
    written: Mapping[str, Mapping[str, tuple[Field, str]]] = field(default_factory=dict)
    """Fields of `environment.<part>`, each with its reason."""
    cluster_on: str = ""
    """Where it must be said."""
    moves: Mapping[str, Move] = field(default_factory=dict)
    dead: Mapping[str, str] = field(default_factory=dict)
    applications: tuple[Application, ...] = ()
    seen: Mapping[str, str] = field(default_factory=dict)
    """Programs and the versions that they tell of themselves."""
