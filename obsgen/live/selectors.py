"""Which series are asked for, and the selectors that every query is built from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from obsgen.promql.matcher import quote

# How cAdvisor's series name their node: by a label, or only through their pod.
NodeLabel = Literal["node", "kubernetes_node", "instance", "pod"]
# One way for all clusters, or by cluster where they differ.
NodeLabels = NodeLabel | Mapping[str, NodeLabel]
NODE_LABELS: Final[tuple[NodeLabel, ...]] = ("node", "kubernetes_node", "instance")

# Parent cgroups have no container label; a pause container has none on containerd, "POD" on CRI-O.
CONTAINERS: Final = ('container!=""', 'container!="POD"')
ON_A_NODE: Final = 'node!=""'
WITHOUT_NODE: Final = 'node=""'
# Accelerators are named nvidia_com_gpu, amd_com_gpu and so on.
COMPUTE: Final = 'resource=~"cpu|memory|ephemeral_storage|.+_gpu"'


@dataclass(frozen=True, slots=True)
class Scope:
    """One cluster of a shared backend, some namespaces in the namespaces' table; nothing given means all."""

    cluster: str | None = None
    namespaces: tuple[str, ...] = ()

    def series(self, metric: str, *matchers: str) -> str:
        """The metric's series in this scope."""
        own = () if self.cluster is None else (f"cluster={quote(self.cluster)}",)
        inside = ",".join((*own, *matchers))
        return f"{metric}{{{inside}}}" if inside else metric

    def in_namespaces(self) -> tuple[str, ...]:
        """The matcher that keeps to the chosen namespaces."""
        if not self.namespaces:
            return ()
        return (one_of("namespace", self.namespaces),)


def one_of(label: str, values: Iterable[str]) -> str:
    """The matcher that keeps to these values, each taken literally."""
    return f"{label}=~{quote('|'.join(map(re.escape, values)))}"
