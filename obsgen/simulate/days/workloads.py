"""What runs in the cluster, how many pods of it, and when it is rolled out anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from obsgen.simulate.days.calendar import DAY, HOUR, MINUTE, ROLLOUTS, busy

Kind = Literal["Deployment", "StatefulSet", "DaemonSet", "Job"]
EVERY: Final = HOUR
LASTS: Final = 6 * MINUTE
_KEPT: Final = 3


@dataclass(frozen=True, slots=True)
class Workload:
    """One owner of pods; `scaled` says how it follows the traffic."""

    namespace: str
    kind: Kind
    name: str
    replicas: int
    scaled: Literal["", "hpa", "keda"] = ""

    def wanted(self, t: int) -> int:
        """How many pods it is to have; of a DaemonSet the machines decide."""
        if self.scaled == "hpa":
            return self.replicas + round(4 * busy(t - t % (10 * MINUTE)))
        if self.scaled == "keda":
            return round(self.replicas * max(0.0, busy(t - t % (10 * MINUTE)) - 0.4))
        return self.replicas

    def revision(self, t: int) -> int:
        """It is rolled out on every day, at an hour of its kind."""
        return (t - ROLLOUTS.get(self.kind, 0)) // DAY + 2

    @property
    def slug(self) -> str:
        """The label that kube-state-metrics names it by."""
        return self.kind.lower()


WORKLOADS: Final = (
    Workload("shop", "Deployment", "orders", 3, "hpa"),
    Workload("shop", "Deployment", "catalog", 3),
    Workload("shop", "Deployment", "cart", 2),
    Workload("shop", "Deployment", "mails", 5, "keda"),
    Workload("kube-system", "Deployment", "coredns", 2),
    Workload("monitoring", "Deployment", "grafana", 1),
    Workload("shop", "StatefulSet", "orders-db", 3),
    Workload("monitoring", "StatefulSet", "prometheus-k8s", 2),
    Workload("kube-system", "DaemonSet", "agent", 0),
    Workload("monitoring", "DaemonSet", "node-exporter", 0),
)
REPORT: Final = Workload("shop", "Job", "report", 1)


def job_spans(seconds: int) -> list[tuple[int, int]]:
    """When a CronJob's jobs run, and until when the last few are kept."""
    return [(start, start + LASTS + _KEPT * EVERY) for start in range(-_KEPT * EVERY, seconds, EVERY)]
