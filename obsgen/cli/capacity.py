"""`obsgen capacity`: how full are the clusters, from a live Prometheus, a file or the bundled sample."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from obsgen.cli.arguments import format_option
from obsgen.cli.capacity_options import Wanted, wanted_options
from obsgen.cli.server import (
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
    from obsgen.query.access import Access
    from obsgen.query.prometheus import Prometheus
    from obsgen.report.capacity_rows import View


@click.command("capacity")
@server_options
@click.option("--demo", is_flag=True, help="The bundled sample of a small cluster in trouble.")
@format_option("text", "json", "csv", "markdown", "html")
@wanted_options
@fail_on_option
@click.option("--watch", type=click.FloatRange(min=1), metavar="SECONDS", help="Renew the report on the terminal.")
@click.option("--explain", is_flag=True, help="Print every query instead of asking it; needs no server.")
def command(  # noqa: PLR0913 - one parameter per option
    *,
    server: Server,
    demo: bool,
    form: str,
    wanted: Wanted,
    fail_on: str | None,
    watch: float | None,
    explain: bool,
) -> None:
    """Say how full the clusters are, what still fits, what to request and when they are full.

    Works from metrics alone: kube-state-metrics and the kubelets' cAdvisor. A cluster's figures are those
    of its schedulable, ready nodes; what is not known stays unknown. docs/capacity.md explains each figure.

    \b
    Try it without a server:
      obsgen capacity --demo
    Ask a live one, through a port-forward:
      kubectl -n monitoring port-forward svc/prometheus-operated 9090 &
      obsgen capacity --url http://localhost:9090
    The ten biggest users, and who owns them:
      obsgen capacity --url http://localhost:9090 --by workload --top 10
    Is there room for more, and what if there were ten of it?
      obsgen capacity --demo --fit cpu=500m,memory=1Gi --what-if 'replicas of shop/web=10'
    One tenant of a shared Mimir, as JSON:
      obsgen capacity --url https://mimir.example.com/prometheus --header 'X-Scope-OrgID: prod' \\
        --bearer-token-file token --format json
    A page to print or to attach, without scripts and with its charts inside:
      obsgen capacity --demo --format html > capacity.html
    Stop a pipeline where a critical watermark is passed (memory past 85 %, say):
      obsgen capacity --url http://prometheus.example.com:9090 --fail-on critical
    Judge by your own watermarks:
      obsgen capacity --url http://localhost:9090 --spec prod.yaml
    Read the queries first:
      obsgen capacity --explain

    Exit status: 0 the report was made; 1 --fail-on found something; 2 there is no report.
    """
    sample = _sample(server, demo=demo, explain=explain)
    if watch is not None:
        _refuse_to_watch(form, fail_on)
    with plain_errors():
        access = server.access()
        if explain:
            click.echo(_explained(server, access, sample, wanted), nl=False)
            return
        with server.opened(access, sample) as (prometheus, at):
            reporting = _reporting(prometheus, at, wanted)
            if watch is not None:
                _watch(reporting, wanted.view, watch)
                return
            report = reporting()
    _print(report, form, wanted.view)
    exit_if_as_grave(report.findings, fail_on)


def _reporting(prometheus: Prometheus, at: float | None, wanted: Wanted) -> Callable[[], CapacityReport]:
    """What makes a report; options are read once, before any query is asked."""
    from obsgen.live.answers.what_if import UnknownWorkload
    from obsgen.live.capacity import capacity

    window = wanted.rate_window()
    asked, watermarks = wanted.asked()

    def report() -> CapacityReport:
        try:
            return capacity(prometheus, watermarks=watermarks, window=window, scope=wanted.scope, asked=asked, at=at)
        except UnknownWorkload as error:
            refuse("--what-if", str(error))

    return report


def _watch(reporting: Callable[[], CapacityReport], view: View, seconds: float) -> None:
    from obsgen.cli.watching import watch
    from obsgen.report.capacity_table import capacity_table

    terminal = console()
    watch(terminal, seconds, lambda: capacity_table(reporting(), terminal, view))


def _refuse_to_watch(form: str, fail_on: str | None) -> None:
    if form != "text" or fail_on is not None:
        refuse("--watch", "it goes with --format text and without --fail-on")
    if not console().is_terminal:
        refuse("--watch", "the output is no terminal: run the command once, or again from a timer")


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


def _explained(server: Server, access: Access, sample: Path | None, wanted: Wanted) -> str:
    """All queries; with a server they are those that its labels call for."""
    from obsgen.live.history import history_queries
    from obsgen.live.probe import probe
    from obsgen.live.queries import capacity_queries, probe_queries
    from obsgen.live.selectors import NodeLabel

    scope, window, history = wanted.scope, wanted.rate_window(), wanted.history_span()
    node_label: NodeLabel = "node"
    if server.given or sample is not None:
        with server.opened(access, sample) as (prometheus, at):
            node_label = probe(prometheus, scope, at=at).node_label
    queries = {
        **probe_queries(scope),
        **capacity_queries(scope, node_label, window),
        **history_queries(scope, node_label, window, history),
    }
    return "".join(f"# {name}\n{query}\n\n" for name, query in queries.items())


def _print(report: CapacityReport, form: str, view: View) -> None:
    if form == "text":
        from obsgen.report.capacity_table import capacity_table

        capacity_table(report, console(), view)
        return
    click.echo(_written(report, form, view), nl=False)


def _written(report: CapacityReport, form: str, view: View) -> str:
    if form == "json":
        from obsgen.report.capacity_json import capacity_json

        return capacity_json(report)
    if form == "csv":
        from obsgen.report.capacity_csv import capacity_csv

        return capacity_csv(report, view)
    if form == "html":
        from obsgen.report.capacity_html import capacity_html

        return capacity_html(report, view, written_at=time.time())
    from obsgen.report.capacity_markdown import capacity_markdown

    return capacity_markdown(report, view)
