"""`obsgen objectives report`: what is left of every error budget, and what spent it, from a live Prometheus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from obsgen.cli.arguments import format_option
from obsgen.cli.output import say, say_drawn
from obsgen.cli.server import (
    Server,
    exit_if_as_grave,
    exit_if_partial,
    fail_on_option,
    plain_errors,
    server_options,
)

if TYPE_CHECKING:
    from obsgen.live.objective_queries import Chosen
    from obsgen.live.objective_types import ObjectivesReport


@click.command("report")
@server_options
@click.option("--objective", metavar="NAME", help="Only the objectives of this name.")
@click.option("--component", metavar="NAME", help="Only the objectives of this component.")
@click.option("--cluster", metavar="NAME", help="Only this cluster, where several share a server.")
@format_option("text", "json")
@fail_on_option
@click.option("--explain", is_flag=True, help="Print every query instead of asking it; needs no server.")
def command(  # noqa: PLR0913 - one parameter per option
    *,
    server: Server,
    objective: str | None,
    component: str | None,
    cluster: str | None,
    form: str,
    fail_on: str | None,
    explain: bool,
) -> None:
    """Say what is left of every error budget, how fast it goes, and what spent it.

    Reads what the rules of a compiled spec record; nothing is installed on the server. A budget is critical
    when it is overspent or, at the pace of the last hour, gone within a day; it is a warning when three
    quarters of it are spent.

    \b
    Ask a live server, through a port-forward:
      kubectl -n monitoring port-forward svc/prometheus-operated 9090 &
      obsgen objectives report --url http://localhost:9090
    One component, as JSON:
      obsgen objectives report --url http://localhost:9090 --component orders --format json
    Stop a rollout while a budget is overspent or about to be:
      obsgen objectives report --url http://prometheus.example.com:9090 --fail-on critical
    Read the queries first:
      obsgen objectives report --explain

    Exit status: 0 the report was made; 1 --fail-on found something; 2 there is no report,
    or only a part of it.
    """
    if server.given > 1 or (server.given == 0 and not explain):
        msg = "give one of --url URL and --openmetrics FILE"
        raise click.UsageError(msg)
    with plain_errors():
        from obsgen.live.objective_queries import Chosen

        chosen = Chosen(cluster, component, objective)
        if explain:
            say(_explained(chosen), nl=False)
            return
        if server.dry_run:
            from obsgen.cli import dry_run

            count = _explained(chosen).count("\n# ") + 1
            say(dry_run.planned(server, None, count) + dry_run.NOTHING_ASKED, nl=False)
            return
        with server.opened(server.access()) as (prometheus, at):
            from obsgen.live.objectives import objectives

            report = objectives(prometheus, chosen=chosen, at=at)
            partial = prometheus.partial
    _print(report, form)
    exit_if_partial(server, partial=partial)
    exit_if_as_grave(report.findings, fail_on)


def _explained(chosen: Chosen) -> str:
    from obsgen.live.objective_queries import objective_queries

    return "".join(f"# {name}\n{query}\n\n" for name, query in objective_queries(chosen).items())


def _print(report: ObjectivesReport, form: str) -> None:
    if form == "json":
        from obsgen.report.objectives_json import objectives_json

        say(objectives_json(report), nl=False)
        return
    from obsgen.report.objectives_table import objectives_table

    say_drawn(lambda terminal: objectives_table(report, terminal))
