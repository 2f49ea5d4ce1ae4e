"""How a series arrives at the server of an installation: with whose labels, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from obsgen.model.source import Source
from obsgen.model.stack import Component, Stack
from obsgen.units import Version

_NAME = "__name__"
# https://prometheus.io/docs/prometheus/3.0/migration/#le-and-quantile-label-values
_DECIMAL_SINCE: Final = Version(3, 0)


class Arrival:
    """What becomes of series at the scrape; remembers which targets it has seen, and who brings them."""

    def __init__(self, stack: Stack) -> None:
        self._cluster = {} if stack.clusterless else {"cluster": stack.environment.cluster}
        self._decimal = stack.environment.prometheus.version >= _DECIMAL_SINCE
        self.targets: dict[tuple[tuple[str, str], ...], None] = {}
        """The labels of every target, as `up` has them."""

    def __call__(self, component: Component, labels: Mapping[str, str]) -> Mapping[str, str] | None:
        """The series with what the scrape puts on and takes away; None where the installation does not keep it."""
        labels = self._bounded(_whole(labels))
        source = _source(component, labels)
        if source is None:
            return {**{name: value for name, value in labels.items() if name != "cluster"}, **self._cluster}
        if source.absent or any(drop.takes_series(labels) for drop in source.drops):
            return None
        if source.keeps and source.keeps.leaves_out(labels[_NAME]):
            return None
        foreign = source.tags if source.scraped_by else ()
        # What series are fed in tests has a cluster even where nobody puts one on.
        gone = {"cluster", *source.without, *(tag for tag in foreign if tag not in source.labels)}
        kept = {name: value for name, value in {**source.labels, **labels}.items() if name not in gone}
        self._note(source, kept)
        return {**kept, **self._cluster}

    def _bounded(self, labels: Mapping[str, str]) -> Mapping[str, str]:
        """With bounds of buckets as this Prometheus writes them: since 3.0 a whole number has its decimal."""
        bound = labels.get("le", "")
        return {**labels, "le": f"{bound}.0"} if self._decimal and bound.isdigit() else labels

    def _note(self, source: Source, labels: Mapping[str, str]) -> None:
        own = {matcher.name for matcher in source.matchers} | {*source.labels, "job", "instance"}
        target = {name: labels[name] for name in sorted(own) if labels.get(name)}
        # Honoured labels speak of something else; the target's own are those that the installation says.
        target |= {name: value for name, value in source.labels.items() if name != "instance"}
        self.targets.setdefault(tuple(sorted({**target, **self._cluster}.items())))


def _whole(labels: Mapping[str, str]) -> Mapping[str, str]:
    """With what cAdvisor says of every container, which packs do not ask for but installations drop by."""
    if labels[_NAME].startswith("container_") and labels.get("container"):
        return {"image": "registry.example.com/app:1.0", **labels}
    return labels


def _source(component: Component, labels: Mapping[str, str]) -> Source | None:
    """The source that brings it: of several, the one that says most of its series, and names the job."""
    giving = (
        source
        for source in component.sources.values()
        if source.matchers and all(one.matches(labels.get(one.name, "")) for one in source.matchers)
    )
    return max(giving, key=_exactness, default=None)


def _exactness(source: Source) -> tuple[int, int]:
    return len(source.matchers), sum(matcher.op == "=" for matcher in source.matchers)
