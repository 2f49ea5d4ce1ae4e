"""`obsgen capacity` over all the clusters that a spec lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from obsgen.cli.server import Server, end_failed, exit_if_partial

if TYPE_CHECKING:
    from obsgen.live.listed import ListedCluster
    from obsgen.live.several import Answered
    from obsgen.live.types import CapacityReport
    from obsgen.live.watermarks import Watermark
    from obsgen.model.stack import Stack
    from obsgen.units import Duration

workers_option = click.option(
    "--workers",
    type=click.IntRange(min=1, max=64),
    default=4,
    show_default=True,
    metavar="N",
    help="Clusters of a spec that are asked at once; of one server, never more than two.",
)


def clusters_of(stack: Stack, server: Server) -> tuple[ListedCluster, ...]:
    """What the spec lists; options that are for one server are refused beside it."""
    from obsgen.live.listed import listed_clusters

    listed = listed_clusters(stack, timeout=server.timeout)
    if listed and server.entrance_given:
        msg = (
            "credentials, tenants, headers, certificates and proxies of a spec's clusters stand in the spec, "
            "under capacity.clusters: as options they go with --url"
        )
        raise click.UsageError(msg)
    return listed


def ask_all(
    listed: Sequence[ListedCluster],
    watermarks: Mapping[str, Watermark],
    window: Duration,
    workers: int,
    at: float | None,
) -> tuple[CapacityReport, tuple[Answered, ...]]:
    """The merged report, and what each cluster gave; an error where none gave anything."""
    from obsgen.live.several import ask_clusters, merged

    answers = ask_clusters(listed, watermarks=watermarks, window=window, at=at, workers=workers)
    report = merged(answers)
    if report is None:
        causes = "\n".join(f"  {one.name}: {one.failure}" for one in answers)
        end_failed(f"no cluster gave any figures:\n{causes}")
    return report, answers


def exit_if_incomplete(server: Server, answers: Sequence[Answered]) -> None:
    """Status 2 where a cluster is missing from the report, or only in part there."""
    missing = [one.name for one in answers if one.report is None]
    if missing:
        end_failed(f"{len(missing)} of {len(answers)} clusters are missing from the report: {', '.join(missing)}")
    exit_if_partial(server, partial=any(one.partial for one in answers))
