"""`obsgen capacity`: how full are the clusters, from a live Prometheus, a file or the bundled sample."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from obsgen.cli.arguments import format_option, mistakes_reported
from obsgen.cli.server import (
    FILE,
    Server,
    console,
    exit_if_as_grave,
    fail_on_option,
    plain_errors,
    refuse,
    server_options,
)

if TYPE_CHECKING:
    from obsgen.live.types import CapacityReport
    from obsgen.live.watermarks import Watermark
    from obsgen.query.access import Access
    from obsgen.units import Duration


@click.command("capacity")
@server_options
@click.option("--demo", is_flag=True, help="The bundled sample of a small cluster in trouble.")
@format_option("text", "json")
@click.option("--window", default="5m", show_default=True, help="CPU is a mean over this; take four scrapes or more.")
@fail_on_option
@click.option("--spec", type=FILE, metavar="FILE", help="Take the watermarks from this spec.")
@click.option("--explain", is_flag=True, help="Print every query instead of asking it; needs no server.")
def command(  # noqa: PLR0913 - one parameter per option
    *,
    server: Server,
    demo: bool,
    form: str,
    window: str,
    fail_on: str | None,
    spec: Path | None,
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
      obsgen capacity --url https://mimir.example.com/prometheus --header 'X-Scope-OrgID: prod' \\
        --bearer-token-file token --format json
    Stop a pipeline where a critical watermark is passed (memory past 85 %, say):
      obsgen capacity --url http://prometheus.example.com:9090 --fail-on critical
    Judge by your own watermarks:
      obsgen capacity --url http://localhost:9090 --spec prod.yaml
    Read the queries first:
      obsgen capacity --explain

    Exit status: 0 the report was made; 1 --fail-on found something; 2 there is no report.
    """
    sample = _sample(server, demo=demo, explain=explain)
    with plain_errors():
        span = _window(window)
        access = server.access()
        if explain:
            click.echo(_explained(server, access, sample, span), nl=False)
            return
        with server.opened(access, sample) as (prometheus, at):
            from obsgen.live.capacity import capacity

            report = capacity(prometheus, watermarks=_watermarks(spec), window=span, at=at)
    _print(report, form)
    exit_if_as_grave(report.findings, fail_on)


def _sample(server: Server, *, demo: bool, explain: bool) -> Path | None:
    """The bundled sample where it is asked for: one source of samples has to be given, and one only."""
    given = server.given + demo
    if given > 1 or (given == 0 and not explain):
        msg = "give one of --url URL, --openmetrics FILE and --demo"
        raise click.UsageError(msg)
    if not demo:
        return None
    from obsgen.live.demo import demo_sample

    return demo_sample()


def _watermarks(spec: Path | None) -> Mapping[str, Watermark]:
    from obsgen.live.watermarks import DEFAULT_WATERMARKS, watermarks_of

    if spec is None:
        return DEFAULT_WATERMARKS
    from obsgen.pipeline import load_stack

    with mistakes_reported():
        return watermarks_of(load_stack(spec).capacity)


def _explained(server: Server, access: Access, sample: Path | None, window: Duration) -> str:
    """All queries; with a server they are those that its labels call for."""
    from obsgen.live.probe import probe
    from obsgen.live.queries import capacity_queries, probe_queries
    from obsgen.live.selectors import NodeLabels, Scope

    scope = Scope()
    node_label: NodeLabels = "node"
    if server.given or sample is not None:
        with server.opened(access, sample) as (prometheus, at):
            node_label = probe(prometheus, scope, at=at).node_label
    queries = {**probe_queries(scope), **capacity_queries(scope, node_label, window)}
    return "".join(f"# {name}\n{query}\n\n" for name, query in queries.items())


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
