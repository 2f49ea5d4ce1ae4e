"""The discovery on one screen: targets and nodes, what they are recognised as, what is there to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from obsgen.live.discovery.applications import applications
from obsgen.live.discovery.asking import TARGET_LABELS, Asking, Labels
from obsgen.live.discovery.environment import cluster_on, environment_of
from obsgen.live.discovery.moves import moves, scraped_already
from obsgen.live.discovery.packs import dead_sources, judged
from obsgen.live.discovery.reads import Candidates, Read, candidates
from obsgen.live.discovery.recognising import (
    SHOWN,
    Kind,
    distribution_of,
    installation_of,
    metrics_to_look_for,
    plain,
    with_options,
)
from obsgen.live.discovery.types import UNNAMED, Cluster, Found
from obsgen.live.discovery.versions import versions_of, written
from obsgen.live.probe import NothingToReport
from obsgen.printable import shortened
from obsgen.promql.matcher import Selector
from obsgen.query.samples import Vector
from obsgen.spec.recognised import recognised


def discovered(asking: Asking, cluster: str = "", chosen: Kind | None = None, distribution: str = "") -> Found:
    """What the server shows; `cluster` is the one that is meant where it holds several.

    An installation that is `chosen` and a distribution that is given are not looked for.
    Raises NothingToReport and the errors of `obsgen.query.errors`.
    """
    table = recognised().spec
    up = asking.targets()
    targets = [one.labels for one in up]
    if not targets:
        msg = f"'{asking.prometheus.title}' holds no series up{{…}}: it scrapes nothing, or another address is meant"
        raise NothingToReport(msg)
    several = sorted({one["cluster"] for one in targets if one.get("cluster")})
    if len(several) > 1 or (several and cluster):
        asking, targets = _narrowed(asking, targets, several, cluster)
    named = _cluster(asking, targets, cluster)
    nodes = [one.labels for one in asking.nodes()]
    kind = chosen or installation_of([*targets, *nodes], table)
    metrics = asking.existing(metrics_to_look_for(kind.name, table))
    installation = with_options(kind, [*targets, *nodes], metrics, table)
    made_of = Kind(distribution, "") if distribution else distribution_of(nodes, table, installation.name)
    environment = environment_of(named, installation, made_of)
    offered, there = _present(asking, environment)
    moved = moves(offered, lambda read: read.selector in there, asking, targets)
    if moved:
        sources = {name: {"selector": one.selector} for name, one in moved.items()}
        offered, there = _present(asking, {**environment, "sources": sources}, there)

    def is_there(read: Read) -> bool:
        return read.selector in there

    packs = judged(offered, is_there, seen=True)
    versions = versions_of(asking.versions(table.versions), table)
    return Found(
        cluster=named,
        installation=installation,
        distribution=made_of,
        packs=packs,
        absent=offered.absent,
        written=written(asking, offered, versions),
        cluster_on=cluster_on(named, offered),
        moves=moved | scraped_already(offered, is_there, targets),
        dead={name: _why_dead(name, offered, up) for name in dead_sources(packs, is_there)},
        applications=applications(asking, targets, table.applications, offered),
        seen=versions,
    )


def _narrowed(
    asking: Asking, targets: Sequence[Labels], several: Sequence[str], cluster: str
) -> tuple[Asking, list[Labels]]:
    if cluster not in several:
        known = ", ".join(shortened(name, SHOWN) for name in several[:10])
        what = f"cluster '{cluster}' is none of them" if cluster else "choose one with --cluster"
        raise NothingToReport(f"'{asking.prometheus.title}' holds series of {known}: {what}")
    return replace(asking, cluster=cluster), [one for one in targets if one.get("cluster") == cluster]


def _cluster(asking: Asking, targets: Sequence[Labels], wanted: str) -> Cluster:
    """Most targets carry it, or what one says of the cluster is not said of its series."""
    names = Counter(one.get("cluster", "") for one in targets)
    name, count = names.most_common(1)[0]
    if name and plain(name) and 2 * count > len(targets):
        return Cluster(name, "The label cluster of its series.", on_series=True)
    external = "" if wanted else asking.external_cluster()
    if wanted or (external and plain(external)):
        why = "" if wanted else "Prometheus' external label; its own series do not carry it."
        return Cluster(wanted or external, why, on_series=False)
    return Cluster(UNNAMED, "No series carries the label cluster: put the cluster's name here.", on_series=False)


def _present(
    asking: Asking, environment: Mapping[str, Any], known: frozenset[Selector] = frozenset()
) -> tuple[Candidates, frozenset[Selector]]:
    offered = candidates(environment)
    wanted = dict.fromkeys(read.selector for pack in offered.packs for read in pack.reads)
    return offered, known | asking.present([one for one in wanted if one not in known])


def _why_dead(name: str, offered: Candidates, up: Vector) -> str:
    source = offered.sources[name]
    told = [one for one in source.matchers if one.name in TARGET_LABELS]
    own = [one for one in up if told and all(matcher.matches(one.labels.get(matcher.name, "")) for matcher in told)]
    if own and not any(one.value for one in own):
        return f"its target is down ({source.selector})"
    return (
        f"its target exposes nothing of it ({source.selector})" if own else f"nothing is scraped as {source.selector}"
    )
