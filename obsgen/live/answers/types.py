"""The answers as plain values, None for everything that is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from obsgen.live.watermarks import Level


@dataclass(frozen=True, slots=True)
class NodeFit:
    """What a node has free by requests, and how many more pods of the asked size it takes."""

    cluster: str
    node: str
    zone: str | None
    free: Mapping[str, float | None]
    more_pods: int | None = None


@dataclass(frozen=True, slots=True)
class ZoneFit:
    """A zone, or with no zone a whole cluster: the largest pods that still fit, by CPU and by memory."""

    cluster: str
    zone: str | None
    largest_by_cpu: NodeFit | None
    largest_by_memory: NodeFit | None
    more_pods: int | None = None


@dataclass(frozen=True, slots=True)
class Fits:
    """Room by node, zone and cluster for pods of the size in `pod`, which is empty where none was asked for."""

    pod: Mapping[str, float] = field(default_factory=dict)
    nodes: tuple[NodeFit, ...] = ()
    zones: tuple[ZoneFit, ...] = ()
    clusters: tuple[ZoneFit, ...] = ()


@dataclass(frozen=True, slots=True)
class Loss:
    """A cluster without its biggest node or without a zone: what is left, and whether today's load fits in it."""

    cluster: str
    lost: Literal["node", "zone"]
    name: str
    resource: str
    remaining: float
    requested: float | None
    used: float | None
    requests_ratio: float | None
    used_ratio: float | None
    requests_fit: bool | None
    use_fits: bool | None


@dataclass(frozen=True, slots=True)
class Stranded:
    """What of a node's free CPU and memory pods of the cluster's mean shape cannot use, as the other is out first."""

    cluster: str
    node: str
    cpu: float
    memory: float
    cpu_share: float
    memory_share: float


@dataclass(frozen=True, slots=True)
class Advice:
    """One pod's request of one resource now and as recommended; `gap` is over all pods of the workload.

    A positive gap is reserved without being used.
    """

    requested: float | None
    used: float | None
    recommended: float | None
    gap: float | None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Requests per pod as the history suggests; `reason` says why there is none."""

    cluster: str
    namespace: str
    kind: str
    workload: str
    team: str | None
    pods: float | None
    cpu: Advice
    memory: Advice
    oom_killed: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Crossing:
    """When a watermark is reached, in seconds since 1970, with the earliest and latest that the trend allows."""

    watermark: float
    at: float | None
    earliest: float | None
    latest: float | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where a cluster's or a node pool's machines are heading; ratios are of allocatable, slopes per day."""

    cluster: str
    pool: str | None
    resource: str
    points: int
    span_seconds: float
    utilization: float | None
    slope_per_day: float | None
    slope_low: float | None
    slope_high: float | None
    warning: Crossing | None
    critical: Crossing | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Pending:
    """Pods of one owner that wait for a node: what each asks for, and why no node takes it."""

    cluster: str
    namespace: str
    kind: str | None
    workload: str | None
    pods: int
    per_pod: Mapping[str, float]
    reason: str


@dataclass(frozen=True, slots=True)
class Supposed:
    """A cluster's resource as it would be."""

    requested: float | None
    used: float | None
    utilization: float | None
    level: Level | None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The answer to `replicas of NAMESPACE/WORKLOAD=N`; `unplaced` pods would wait."""

    question: str
    cluster: str
    namespace: str
    workload: str
    replicas_now: int
    replicas_then: int
    resources: Mapping[str, Supposed]
    fits: bool | None
    unplaced: int | None


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything that follows from the report's figures."""

    fits: Fits = field(default_factory=Fits)
    losses: tuple[Loss, ...] = ()
    stranded: tuple[Stranded, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    forecasts: tuple[Forecast, ...] = ()
    what_if: tuple[WhatIf, ...] = ()
