"""`obsgen capacity`: how full are the clusters, from a live Prometheus, a file or the bundled sample."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from obsgen.cli.arguments import format_option, mistakes_reported
from obsgen.cli.capacity_clusters import ask_all, clusters_of, exit_if_incomplete, workers_option
from obsgen.cli.capacity_queries import Asking
from obsgen.cli.server import (
    Server,
    console,
    exit_if_as_grave,
    exit_if_partial,
    fail_on_option,
    plain_errors,
    refuse,
    server_options,
)
from obsgen.cli.server_options import FILE, at_option

if TYPE_CHECKING:
    from obsgen.live.types import CapacityReport
    from obsgen.live.watermarks import Watermark
    from obsgen.model.stack import Stack
    from obsgen.units import Duration


@click.command("capacity")
@server_options
@click.option("--demo", is_flag=True, help="The bundled sample of a small cluster in trouble.")
@format_option("text", "json")
@click.option("--window", default="5m", show_default=True, help="CPU is a mean over this; take four scrapes or more.")
@at_option
@fail_on_option
@click.option("--spec", type=FILE, metavar="FILE", help="Its watermarks and, without --url, its clusters.")
@workers_option
@click.option("--explain", is_flag=True, help="Print every query instead of asking it; needs no server.")
def command(  # noqa: PLR0913 - one parameter per option
    *,
    server: Server,
    demo: bool,
    form: str,
    window: str,
    at: float | None,
    fail_on: str | None,
    spec: Path | None,
    workers: int,
    explain: bool,
) -> None:
    """Say how full the clusters, nodes and namespaces are.

    Works from metrics alone: kube-state-metrics and the kubelets' cAdvisor. A cluster's figures are those
    of its schedulable, ready nodes; what is not known stays unknown.

    \b
    Try it without a server:
      obsgen capacity --demo
    Ask a live one, through a port-forward:
      kubectl -n monitoring port-forward svc/prometheus-operated 9090 &
      obsgen capacity --url http://localhost:9090
    One tenant of a shared Mimir, as JSON:
      obsgen capacity --url https://mimir.example.com/prometheus --tenant prod \\
        --bearer-token-file token --format json
    Stop a pipeline where a critical watermark is passed (memory past 85 %, say):
      obsgen capacity --url http://prometheus.example.com:9090 --fail-on critical
    Judge by your own watermarks:
      obsgen capacity --url http://localhost:9090 --spec prod.yaml
    All the clusters that a spec lists under capacity.clusters:
      obsgen capacity --spec prod.yaml
    Read the queries first:
      obsgen capacity --explain

    Exit status: 0 the report was made; 1 --fail-on found something; 2 there is no report,
    or not all of it: a cluster did not answer, or a backend only in part.
    """
    stack = _stack(spec)
    listed = clusters_of(stack, server) if stack and not (server.given or demo) else ()
    sample = None if listed else _sample(server, demo=demo, explain=explain)
    span = _window(window)
    if explain or server.dry_run:
        with plain_errors():
            asking = Asking(server, sample, listed, span)
            click.echo(asking.explained() if explain else asking.planned(), nl=False)
        return
    watermarks = _watermarks(stack)
    if listed:
        report, answers = ask_all(listed, watermarks, span, workers, at)
        _print(report, form)
        exit_if_incomplete(server, answers)
    else:
        with plain_errors(), server.opened(server.access(), sample) as (prometheus, newest):
            from obsgen.live.capacity import capacity

            report = capacity(prometheus, watermarks=watermarks, window=span, at=newest if at is None else at)
            partial = prometheus.partial
        _print(report, form)
        exit_if_partial(server, partial=partial)
    exit_if_as_grave(report.findings, fail_on)


def _sample(server: Server, *, demo: bool, explain: bool) -> Path | None:
    """The bundled sample where it is asked for: one source of samples has to be given, and one only."""
    given = server.given + demo
    if given > 1 or (given == 0 and not explain):
        msg = "give one of --url URL, --openmetrics FILE and --demo, or a --spec that lists capacity.clusters"
        raise click.UsageError(msg)
    if not demo:
        return None
    from obsgen.live.demo import demo_sample

    return demo_sample()


def _stack(spec: Path | None) -> Stack | None:
    if spec is None:
        return None
    from obsgen.pipeline import load_stack

    with mistakes_reported():
        return load_stack(spec)


def _watermarks(stack: Stack | None) -> Mapping[str, Watermark]:
    from obsgen.live.watermarks import DEFAULT_WATERMARKS, watermarks_of

    return watermarks_of(stack.capacity) if stack else DEFAULT_WATERMARKS


def _window(text: str) -> Duration:
    from obsgen.units import Duration

    try:
        window = Duration.parse(text)
    except ValueError as error:
        refuse("--window", str(error))
    if not window.milliseconds:
        refuse("--window", "'0' holds no samples: take four scrape intervals or more, such as 5m")
    return window


def _print(report: CapacityReport, form: str) -> None:
    if form == "json":
        from obsgen.report.capacity_json import capacity_json

        click.echo(capacity_json(report), nl=False)
        return
    from obsgen.report.capacity_table import capacity_table

    capacity_table(report, console())
