"""A client of one cluster, whose samples carry the name that the spec gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from threading import BoundedSemaphore

from obsgen.live.listed import ListedCluster
from obsgen.live.probe import NothingToReport
from obsgen.query.prometheus import Prometheus
from obsgen.query.samples import Matrix, Vector

_NAMED = 5


class NamedCluster(Prometheus):
    """The server of one cluster; NothingToReport where it turns out to hold several.

    Their nodes would otherwise be added up under one name.
    """

    def __init__(self, listed: ListedCluster, turn: BoundedSemaphore) -> None:
        super().__init__(listed.url, timeout=listed.timeout, access=listed.entrance.access(), turn=turn)
        self._name = listed.name
        self._seen: frozenset[str] = frozenset()

    def instant(self, query: str, *, at: float | None = None) -> Vector:
        """As always, under the spec's name."""
        vector = super().instant(query, at=at)
        return replace(vector, samples=tuple(replace(one, labels=self._named(one.labels)) for one in vector))

    def range(self, query: str, *, start: float, end: float, step: float) -> Matrix:
        """As always, under the spec's name."""
        matrix = super().range(query, start=start, end=end, step=step)
        return replace(matrix, series=tuple(replace(one, labels=self._named(one.labels)) for one in matrix))

    def _named(self, labels: Mapping[str, str]) -> dict[str, str]:
        # A number alone, such as the server's time, is of no cluster.
        if labels:
            self._seen |= {labels.get("cluster", "")}
        if len(self._seen) > 1:
            clusters = sorted(self._seen - {""})
            names = ", ".join(f"'{name}'" for name in clusters[:_NAMED]) + (" …" if len(clusters) > _NAMED else "")
            without = " and series without a cluster label" if "" in self._seen else ""
            msg = f"'{self.title}' holds several clusters ({names}{without}): choose one of them with `label`"
            raise NothingToReport(msg)
        return {**labels, "cluster": self._name}
