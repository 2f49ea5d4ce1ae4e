"""The environment of a first spec, as far as it decides what packs read."""

from __future__ import annotations

from typing import Any

from obsgen.live.discovery.reads import Candidates
from obsgen.live.discovery.recognising import Kind
from obsgen.live.discovery.types import Cluster


def environment_of(cluster: Cluster, installation: Kind, distribution: Kind) -> dict[str, Any]:
    """The environment as far as it decides what packs read."""
    return {
        "cluster": cluster.name,
        "distribution": distribution.name,
        "installation": {"kind": installation.name, **installation.options},
    }


def cluster_on(cluster: Cluster, offered: Candidates) -> str:
    """What must be said of it, because the installation says otherwise."""
    usual, found = offered.environment.cluster_on, "series" if cluster.on_series else "alerts"
    return "" if usual == found else found
