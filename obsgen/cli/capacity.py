"""`obsgen capacity`: how full are the clusters, from a live Prometheus, a file or the bundled sample."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from obsgen.cli.arguments import format_option
from obsgen.cli.capacity_clusters import Made, ask_all, clusters_of
from obsgen.cli.capacity_options import Wanted, wanted_options
from obsgen.cli.capacity_queries import Asking
from obsgen.cli.output import console, say, say_drawn, say_page
from obsgen.cli.server import (
    Server,
    exit_if_as_grave,
    fail_on_option,
    plain_errors,
    refuse,
    server_options,
)
from obsgen.cli.server_options import BoundedFloat

if TYPE_CHECKING:
    from obsgen.live.asked import Terms
    from obsgen.live.listed import ListedCluster
    from obsgen.live.types import CapacityReport
    from obsgen.report.capacity_rows import View


@click.command("capacity")
@server_options
@click.option("--demo", is_flag=True, help="The bundled sample of a small cluster in trouble.")
@format_option("text", "json", "csv", "markdown", "html")
@wanted_options
@fail_on_option
@click.option(
    "--watch", type=BoundedFloat(min=1, max=86_400), metavar="SECONDS", help="Renew the report on the terminal."
)
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
      obsgen capacity --url https://mimir.example.com/prometheus --tenant prod \\
        --bearer-token-file token --format json
    A page to print or to attach, without scripts and with its charts inside:
      obsgen capacity --demo --format html > capacity.html
    Stop a pipeline where a critical watermark is passed (memory past 85 %, say):
      obsgen capacity --url http://prometheus.example.com:9090 --fail-on critical
    Judge by your own watermarks:
      obsgen capacity --url http://localhost:9090 --spec prod.yaml
    All the clusters that a spec lists under capacity.clusters, with the tokens that it names:
      obsgen capacity --spec prod.yaml --allow-credentials-from-spec
    Read the queries first:
      obsgen capacity --explain

    Exit status: 0 the report was made; 1 --fail-on found something; 2 there is no report,
    or not all of it: a cluster did not answer, or a backend only in part.
    """
    stack = wanted.stack()
    listed = clusters_of(stack, server, wanted, explain=explain) if stack and not (server.given or demo) else ()
    sample = None if listed else _sample(server, demo=demo, explain=explain)
    if explain or server.dry_run:
        with plain_errors():
            asking = Asking(server, sample, listed, wanted)
            say(asking.explained() if explain else asking.planned(), nl=False)
        return
    if watch is not None:
        _refuse_to_watch(form, fail_on, wanted)
    # Options are read once, before any query is asked.
    terms = wanted.terms(stack)
    with plain_errors(), _opened(server, sample, listed, wanted, terms) as make:
        if watch is not None:
            _watch(make, wanted.view, watch)
            return
        made = make()
    _print(made.report, form, wanted.view)
    made.exit_if_incomplete(server)
    exit_if_as_grave(made.report.findings, fail_on)


@contextmanager
def _opened(
    server: Server, sample: Path | None, listed: Sequence[ListedCluster], wanted: Wanted, terms: Terms
) -> Iterator[Callable[[], Made]]:
    """What makes a report, and may be called again."""
    from obsgen.live.answers.what_if import UnknownWorkload
    from obsgen.live.capacity import capacity

    def made(make: Callable[[], Made]) -> Made:
        try:
            return make()
        except UnknownWorkload as error:
            refuse("--what-if", str(error))

    if listed:
        yield lambda: made(lambda: ask_all(listed, wanted, terms))
        return
    with server.opened(server.access(), sample) as (prometheus, newest):
        at = newest if wanted.at is None else wanted.at

        def ask() -> Made:
            report = capacity(prometheus, **terms, scope=wanted.scope, at=at)
            return Made(report, partial=prometheus.partial)

        yield lambda: made(ask)


def _watch(make: Callable[[], Made], view: View, seconds: float) -> None:
    from obsgen.cli.watching import watch
    from obsgen.report.capacity_table import capacity_table

    terminal = console()
    watch(terminal, seconds, lambda: capacity_table(make().report, terminal, view))


def _refuse_to_watch(form: str, fail_on: str | None, wanted: Wanted) -> None:
    if form != "text" or fail_on is not None or wanted.at is not None:
        refuse("--watch", "it goes with --format text and without --fail-on and --at")
    if not console().is_terminal:
        refuse("--watch", "the output is no terminal: run the command once, or again from a timer")


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


def _print(report: CapacityReport, form: str, view: View) -> None:
    if form == "text":
        from obsgen.report.capacity_table import capacity_table

        say_drawn(lambda terminal: capacity_table(report, terminal, view))
        return
    if form == "html":
        from obsgen.report.capacity_html import capacity_html

        say_page(capacity_html(report, view, written_at=time.time()))
        return
    for part in _written(report, form, view):
        say(part, nl=False)


def _written(report: CapacityReport, form: str, view: View) -> Iterable[str]:
    if form == "json":
        from obsgen.report.capacity_json import capacity_json_parts

        return capacity_json_parts(report)
    if form == "csv":
        from obsgen.report.capacity_csv import capacity_csv

        return (capacity_csv(report, view),)
    from obsgen.report.capacity_markdown import capacity_markdown

    return (capacity_markdown(report, view),)
