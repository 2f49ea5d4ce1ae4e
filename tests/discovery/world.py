"""Series of a cluster as its installation writes them: for each source its targets, and what packs read of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from obsgen.live.discovery.reads import candidates
from obsgen.model.source import Source
from obsgen.promql.matcher import LABEL_NAME, Matcher, Selector
from obsgen.promql.selector import NoExample, example_labels

AT = 1_800_000_000
Series = tuple[tuple[str, str], ...]


def installed(
    kind: str, *, options: Mapping[str, str] | None = None, distribution: str = "kubeadm", without: Iterable[str] = ()
) -> set[Series]:
    """Everything that packs read there but of sources `without` and those that only obsgen would scrape."""
    environment = {
        "cluster": "prod",
        "distribution": distribution,
        "installation": {"kind": kind, **(options or {})},
    }
    offered = candidates(environment)
    alive = {name: one for name, one in offered.sources.items() if _scraped(one) and name not in without}
    on_series = offered.environment.cluster_on == "series"
    cluster = {"cluster": "prod"} if on_series else {}
    found = {_series("up", {**_target(one), **cluster}) for one in alive.values()}
    for pack in offered.packs:
        for read in pack.reads:
            if read.source in alive and read.of_exporter and (labels := _example(read.selector)) is not None:
                name = labels.pop("__name__")
                found.add(_series(name, {**_target(alive[read.source]), **labels, **cluster}))
    return found


def renamed(jobs: Mapping[str, str]) -> set[Series]:
    """What packs read of these sources, scraped by nothing that obsgen knows, under jobs of these names."""
    found = {series("up", job=job) for job in jobs.values()}
    for pack in candidates({"cluster": "prod"}).packs:
        for read in pack.reads:
            if read.source in jobs and read.of_exporter and (labels := _example(read.selector)) is not None:
                found.add(_series(labels.pop("__name__"), {**labels, "job": jobs[read.source]}))
    return found


def _scraped(source: Source) -> bool:
    return source.scraped_by not in ("", "others") and not source.absent


def _target(source: Source) -> dict[str, str]:
    return {**source.labels, **example_labels(source.matchers)}


def _example(selector: Selector) -> dict[str, str] | None:
    named = Matcher("__name__", "=", selector.metric) if selector.metric else None
    try:
        return example_labels([*([named] if named else []), *selector.matchers])
    except NoExample:
        return None


def node_info(**labels: str) -> Series:
    """A node as kube-state-metrics tells of it."""
    usual = {"node": "node-1", "kubelet_version": "v1.34.1", "os_image": "Ubuntu 24.04 LTS", "provider_id": ""}
    return _series("kube_node_info", usual | labels)


def series(metric: str, **labels: str) -> Series:
    """Any other."""
    return _series(metric, labels)


def openmetrics(world: Iterable[Series]) -> str:
    """The series with a value now and at each half minute of the last ten."""
    return "".join(_lines(sorted(world))) + "# EOF\n"


def _lines(world: Iterable[Series]) -> Iterator[str]:
    for one in world:
        metric, matchers = dict(one)["__name__"], [Matcher(n, "=", v) for n, v in one if n != "__name__"]
        for moment in range(AT - 600, AT + 1, 30):
            yield f"{Selector(metric, tuple(matchers))} 1 {moment}\n"


def _series(metric: str, labels: Mapping[str, str]) -> Series:
    kept = {name: value for name, value in labels.items() if value and LABEL_NAME.fullmatch(name)}
    return tuple(sorted({**kept, "__name__": metric}.items()))
