"""The questions of a discovery: few, bounded by the number of jobs and nodes' kinds, not of series."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from obsgen.promql.matcher import Matcher, Selector
from obsgen.query.prometheus import Prometheus
from obsgen.query.samples import Vector

Labels = Mapping[str, str]

# What tells one scrape job's targets from another's; project_id and location are what Google's collector writes.
TARGET_LABELS: Final = ("cluster", "job", "namespace", "service", "endpoint", "metrics_path", "project_id", "location")
NODE_LABELS: Final = ("cluster", "kubelet_version", "os_image", "provider", "node")
# VictoriaMetrics refuses queries of more than 16 KiB unless told otherwise.
_QUERY_CHARACTERS: Final = 12_000
_SELECTORS: Final = 60
_NAMES: Final = 250
_INTERVAL_WINDOW: Final = 600
_MOST_SERIES: Final = 5000


@dataclass(frozen=True, slots=True)
class Asking:
    """One server at one moment, and the cluster that is meant where it holds several."""

    prometheus: Prometheus
    at: float | None = None
    cluster: str = ""

    def targets(self) -> Vector:
        """Each job's kinds of targets; the value is 1 where one of them can be scraped."""
        return self._ask(f"max by ({', '.join(TARGET_LABELS)}) ({self._series('up')})")

    def nodes(self) -> Vector:
        """The kinds of nodes; of a node's name the letters it begins with, which is what clouds have in common."""
        info = self._series("kube_node_info")
        provider = f'label_replace({info}, "provider", "$1", "provider_id", "([a-z]+):.*")'
        named = f'label_replace({provider}, "node", "$1", "node", "([a-z]*).*")'
        return self._ask(f"count by ({', '.join(NODE_LABELS)}) ({named})")

    def versions(self, metrics: Iterable[str]) -> Vector:
        """How many series of these build infos tell which version."""
        return self._ask(f"count by (__name__, version) ({self._named(metrics)})")

    def scrapes(self) -> Vector:
        """How many times a usual target is scraped within ten minutes."""
        return self._ask(f"quantile(0.5, count_over_time({self._series('up')}[{_INTERVAL_WINDOW}s]))")

    def present(self, selectors: Sequence[Selector]) -> frozenset[Selector]:
        """Which of the selectors select anything."""
        return frozenset(self._present(selectors))

    def existing(self, metrics: Iterable[str]) -> frozenset[str]:
        """Which of the metrics exist under any job."""
        return frozenset(
            sample.labels.get("__name__", "")
            for batch in _batches(dict.fromkeys(metrics), _NAMES)
            for sample in self._ask(f"group by (__name__) ({self._named(batch)})")
        )

    def jobs_with(self, metrics: Iterable[str]) -> Vector:
        """How many of the metrics each job brings."""
        of_jobs = "job, metrics_path, endpoint"
        return self._ask(f"count by ({of_jobs}) (group by (__name__, {of_jobs}) ({self._named(metrics)}))")

    def counted(self, names: Iterable[str], labels: Iterable[str], *matchers: Matcher) -> Vector:
        """Metrics of such names, by these labels; of labels with no end of values the most frequent."""
        counted = f"count by (__name__, {', '.join(labels)}) ({self._named(names, *matchers)})"
        return self._ask(f"topk({_MOST_SERIES}, {counted})")

    def external_cluster(self) -> str:
        """The cluster's name in Prometheus' external labels, which its own series do not carry."""
        written = self.prometheus.said_of_itself("config").get("yaml")
        return _external_cluster(written) if isinstance(written, str) else ""

    def own_version(self) -> str:
        """The version that the server tells of itself."""
        version = self.prometheus.said_of_itself("buildinfo").get("version")
        return version if isinstance(version, str) else ""

    def _present(self, selectors: Sequence[Selector]) -> Iterator[Selector]:
        numbered = {str(number): one for number, one in enumerate(selectors)}
        parts = [
            f'label_replace(group({self._narrowed(one)}), "which", "{number}", "", "")'
            for number, one in numbered.items()
        ]
        queries = {str(index): " or ".join(batch) for index, batch in enumerate(_batches(parts, _SELECTORS))}
        for answer in self.prometheus.instants(queries, at=self.at).values():
            found = (sample.labels.get("which", "") for sample in answer)
            yield from (numbered[number] for number in found if number in numbered)

    def _series(self, metric: str) -> str:
        return str(self._narrowed(Selector(metric)))

    def _named(self, names: Iterable[str], *matchers: Matcher) -> str:
        return str(self._narrowed(Selector("", (Matcher("__name__", "=~", "|".join(names)), *matchers))))

    def _narrowed(self, selector: Selector) -> Selector:
        own = (Matcher("cluster", "=", self.cluster),) if self.cluster else ()
        return Selector(selector.metric, (*selector.matchers, *own))

    def _ask(self, query: str) -> Vector:
        return self.prometheus.instant(query, at=self.at)


def interval_of(scrapes: Vector) -> int:
    """The scrape interval in seconds that this many scrapes come from; 0 where there are too few to tell."""
    count = next((sample.value for sample in scrapes), 0.0)
    if not 2 <= count <= _INTERVAL_WINDOW:
        return 0
    # Targets come and go, so that a count is one or two short.
    return min(_USUAL_INTERVALS, key=lambda seconds: abs(_INTERVAL_WINDOW / seconds - count))


def _batches(parts: Iterable[str], most: int) -> Iterator[list[str]]:
    """The parts, as many together as a query may hold."""
    batch: list[str] = []
    for part in parts:
        if batch and (len(batch) == most or sum(map(len, batch)) + len(part) > _QUERY_CHARACTERS):
            yield batch
            batch = []
        batch.append(part)
    if batch:
        yield batch


_USUAL_INTERVALS: Final = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300)


def _external_cluster(written: str) -> str:
    """From a configuration as Prometheus prints it, whose first mapping is `global`."""
    inside = False
    for line in written.splitlines():
        if line and not line.startswith(" ") and line != "global:":
            return ""
        if inside and line.startswith("    cluster: "):
            return line.removeprefix("    cluster: ").strip("\"'")
        inside = line == "  external_labels:" or (inside and line.startswith("    "))
    return ""
