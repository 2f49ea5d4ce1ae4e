"""What tables say of an installation that nobody looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from obsgen.live.discovery.environment import cluster_on, environment_of
from obsgen.live.discovery.packs import Judged, dead_sources, judged
from obsgen.live.discovery.reads import Candidates, Read, candidates
from obsgen.live.discovery.recognising import Kind
from obsgen.live.discovery.types import UNNAMED, Cluster, Field, Found

# How a layer without a title of its own calls whoever scrapes what obsgen does not.
_OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of the installation beside its kind: how it was made."""

    unscraped: Mapping[str, str] = field(default_factory=dict)
    """Sources that it does not scrape, each with what says so."""
    written: Mapping[str, Mapping[str, Field]] = field(default_factory=dict)
    switched_on: Mapping[tuple[str, str], str] = field(default_factory=dict)


def from_tables(cluster: Cluster, installation: Kind, distribution: Kind, told: Told) -> Found:
    """Packs whose sources the installation scrapes; `told` may say that it does not scrape one of them."""
    offered = candidates(environment_of(cluster, installation, distribution))

    def is_there(read: Read) -> bool:
        return _scraped(read.source, offered) and read.source not in told.unscraped

    packs = tuple(_switched(pack, told) for pack in judged(offered, is_there, seen=False))
    dead = [name for name in dead_sources(packs, is_there) if name in told.unscraped]
    return Found(
        cluster=cluster,
        installation=installation,
        distribution=distribution,
        packs=packs,
        absent=offered.absent,
        written={part: {name: (value, "") for name, value in one.items()} for part, one in told.written.items()},
        cluster_on=cluster_on(cluster, offered) if cluster.on_series else "",
        dead={name: f"{told.unscraped[name]} is false" for name in dead},
    )


def named(cluster: str | None, *, on_series: bool = False) -> Cluster:
    """The cluster's name as it was given, or one to be replaced."""
    return Cluster(cluster or UNNAMED, "" if cluster else "Put the cluster's name here.", on_series)


def _scraped(source: str, offered: Candidates) -> bool:
    return source in offered.sources and offered.sources[source].scraped_by not in ("", _OTHERS)


def _switched(pack: Judged, told: Told) -> Judged:
    on = {name: (True, f"{key} is true.") for (own, name), key in told.switched_on.items() if own == pack.name}
    return replace(pack, switches={**pack.switches, **on}) if on else pack
