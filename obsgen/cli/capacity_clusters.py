"""`obsgen capacity` over all the clusters that a spec lists."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from obsgen.cli.arguments import mistakes_reported
from obsgen.cli.server import Server, end_failed, exit_if_partial

if TYPE_CHECKING:
    from obsgen.cli.capacity_options import Wanted
    from obsgen.live.asked import Terms
    from obsgen.live.listed import ListedCluster
    from obsgen.live.types import CapacityReport
    from obsgen.model.stack import Stack


@dataclass(frozen=True, slots=True)
class Made:
    """A report, and which of so many clusters are missing from it or only in part there."""

    report: CapacityReport
    missing: Sequence[str] = ()
    clusters: int = 1
    partial: bool = False

    def exit_if_incomplete(self, server: Server) -> None:
        """Status 2 where not everything is in the report."""
        if self.missing:
            names = ", ".join(self.missing)
            end_failed(f"{len(self.missing)} of {self.clusters} clusters are missing from the report: {names}")
        exit_if_partial(server, partial=self.partial)


def clusters_of(stack: Stack, server: Server, wanted: Wanted, *, explain: bool) -> tuple[ListedCluster, ...]:
    """What the spec lists; options that are for one server are refused beside it, as is what lacks consent."""
    from obsgen.live.consent import Consent
    from obsgen.live.listed import listed_clusters

    # To read the queries, nothing of the caller's is used.
    consent = None if explain else Consent.given(os.environ, everything=wanted.allow_credentials_from_spec)
    with mistakes_reported():
        listed = listed_clusters(stack, timeout=server.timeout, consent=consent)
    if listed and server.entrance_given:
        msg = (
            "credentials, tenants, headers, certificates and proxies of a spec's clusters stand in the spec, "
            "under capacity.clusters: as options they go with --url"
        )
        raise click.UsageError(msg)
    return tuple(replace(one, scope=replace(one.scope, namespaces=wanted.namespaces)) for one in listed)


def ask_all(listed: Sequence[ListedCluster], wanted: Wanted, terms: Terms) -> Made:
    """The merged report; an error where no cluster gave anything."""
    from obsgen.live.several import ask_clusters, merged, supposed

    answers = ask_clusters(listed, **terms, at=wanted.at, workers=wanted.workers)
    report = merged(answers)
    if report is None:
        causes = "\n".join(f"  {one.name}: {one.failure}" for one in answers)
        end_failed(f"no cluster gave any figures:\n{causes}")
    return Made(
        supposed(report, terms["asked"].questions, terms["watermarks"]),
        [one.name for one in answers if one.report is None],
        len(answers),
        partial=any(one.partial for one in answers),
    )
