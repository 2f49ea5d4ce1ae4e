"""What is to be simulated: sizes, times and traps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

# How the usage series name their node; an address names it only through the pod.
NodeLabel = Literal["node", "instance", "kubernetes_node", "address"]
NODE_LABELS: Final[tuple[NodeLabel, ...]] = ("node", "instance", "kubernetes_node", "address")

DEFAULT_END: Final = 1_767_615_300  # 2026-01-05T12:15:00Z
WINDOW_SECONDS: Final = 300
LATE_SECONDS: Final = 200
_SEVERAL = 4
_LEAST_SECONDS = 900


class SettingsRefused(ValueError):  # noqa: N818 - it names the fault
    """Nothing can be simulated with these settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Sizes are those of each cluster; times are whole seconds since 1970. Equal settings give equal output."""

    nodes: int = 6
    pods_per_node: int = 12
    zones: int = 3
    clusters: int = 1
    seconds: int = 900
    interval: int = 30
    state_interval: int = 60
    seed: int = 1
    traps: frozenset[str] = frozenset()
    node_label: NodeLabel = "node"
    end: int = DEFAULT_END

    def __post_init__(self) -> None:
        """SettingsRefused where a rate over five minutes at the end would not be known."""
        if self.seconds < _LEAST_SECONDS:
            msg = f"{self.seconds} s are too short: 15 minutes is the least, as CPU is a mean over five of them"
            raise SettingsRefused(msg)
        for interval, longest in ((self.interval, WINDOW_SECONDS // 4), (self.state_interval, WINDOW_SECONDS // 2)):
            if not 1 <= interval <= longest:
                msg = f"an interval of {interval} s is outside 1 to {longest} s, which a window of five minutes bears"
                raise SettingsRefused(msg)

    @property
    def start(self) -> int:
        """The first moment."""
        return self.end - self.seconds

    @property
    def moment(self) -> int:
        """Up to when everything is known; the truth is that of this moment."""
        return self.end - (LATE_SECONDS if "late-data" in self.traps else 0)

    def has(self, trap: str) -> bool:
        """Whether the trap is laid."""
        return trap in self.traps

    def cluster_names(self) -> Sequence[str]:
        """The clusters with pods; an empty one comes on top."""
        several = self.has("several-clusters") or self.has("mixed-node-labels")
        count = max(self.clusters, _SEVERAL if several else 1)
        return [f"sim-{number}" for number in range(1, count + 1)]
