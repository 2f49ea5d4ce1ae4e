"""What `obsgen capacity` would ask, and of whom: `--explain` and `--dry-run`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from obsgen.cli import dry_run
from obsgen.cli.server import Server, plain_errors

if TYPE_CHECKING:
    from obsgen.cli.capacity_options import Wanted
    from obsgen.live.listed import ListedCluster
    from obsgen.live.selectors import NodeLabels, Scope


@dataclass(frozen=True, slots=True)
class Asking:
    """One server, or the clusters of a spec, and what is wanted of them."""

    server: Server
    sample: Path | None
    listed: Sequence[ListedCluster]
    wanted: Wanted

    def explained(self) -> str:
        """All queries; those for --url, a file or the sample are what its labels call for."""
        if self.listed:
            return "".join(self._explained_each())
        scope = self.wanted.scope
        return _text(self._queries(scope, self._node_label(scope)))

    def planned(self) -> str:
        """Who would be asked and how it is entered; whatever is wrong with files and tokens ends it."""
        # With the server's clock.
        count = len(self._queries(self.wanted.scope, "node")) + 1
        planned = "".join(self._planned_each(count)) if self.listed else self._planned(count)
        return planned + dry_run.NOTHING_ASKED

    def _queries(self, scope: Scope, node_label: NodeLabels) -> Mapping[str, str]:
        from obsgen.live.history import history_queries
        from obsgen.live.queries import capacity_queries, probe_queries

        window = self.wanted.rate_window()
        return {
            **probe_queries(scope),
            **capacity_queries(scope, node_label, window),
            **history_queries(scope, node_label, window, self.wanted.history_span()),
        }

    def _node_label(self, scope: Scope) -> NodeLabels:
        from obsgen.live.probe import probe

        access = self.server.access()
        if not self.server.given and self.sample is None:
            return "node"
        with self.server.opened(access, self.sample) as (prometheus, newest):
            return probe(prometheus, scope, at=newest if self.wanted.at is None else self.wanted.at).node_label

    def _explained_each(self) -> Iterator[str]:
        """How a cluster's usage names its nodes is known only once it is asked."""
        from obsgen.address import shown
        from obsgen.printable import one_line

        for cluster in self.listed:
            yield f"## {one_line(cluster.name)}, asked of {one_line(shown(cluster.url))}\n\n"
            yield _text(self._queries(cluster.scope, "node"))

    def _planned(self, count: int) -> str:
        if not self.server.given and self.sample is None:
            return "no server is named\n"
        return dry_run.planned(self.server, self.sample, count)

    def _planned_each(self, count: int) -> Iterator[str]:
        from obsgen.printable import one_line

        for cluster in self.listed:
            with plain_errors(f"{cluster.name}: "):
                told = cluster.entrance.access().told()
            only = cluster.scope.cluster
            told = told if only is None else (*told, f'only cluster="{only}"')
            yield f"{one_line(cluster.name)}: {dry_run.plan(cluster.url, told, cluster.timeout, count)}"


def _text(queries: Mapping[str, str]) -> str:
    return "".join(f"# {name}\n{query}\n\n" for name, query in queries.items())
