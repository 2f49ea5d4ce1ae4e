"""`obsgen coverage`: what a spec's alerts, recordings, objectives and panels see of a live Prometheus."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from obsgen.cli.arguments import format_option, spec_argument
from obsgen.cli.output import say, say_drawn, say_page
from obsgen.cli.server import Server, exit_if_partial, plain_errors, server_options
from obsgen.cli.server_options import at_option, tsdb_option

if TYPE_CHECKING:
    from obsgen.live.coverage.types import CoverageReport
    from obsgen.pipeline import Compiled
    from obsgen.spec.root import SpecFile


@click.command("coverage")
@spec_argument
@server_options
@tsdb_option
@at_option
@format_option("text", "json", "markdown", "html")
def command(*, spec: SpecFile, server: Server, at: float | None, form: str) -> None:
    """Say which alerts, recordings, objectives and panels of SPEC are blind, why, and what to write.

    Asks whether the series that they read exist now and over the last day, whether the targets are there and
    up, and which matcher takes the last series. docs/coverage.md explains each cause.

    \b
    Ask a live server, through a port-forward:
      kubectl -n monitoring port-forward svc/prometheus-operated 9090 &
      obsgen coverage --url http://localhost:9090
    Another spec, as a page:
      obsgen coverage prod.yaml --url http://localhost:9090 --format html > coverage.html
    The data of a Prometheus that is not running:
      obsgen coverage prod.yaml --tsdb /backup/prometheus/snapshots/20260105T121500Z-1a2b
    Stop a pipeline where a critical alert sees nothing; that needs no option:
      obsgen coverage prod.yaml --url http://prometheus.example.com:9090 --format markdown

    Exit status: 0 every critical alert sees something; 1 one of them sees nothing; 2 there is no report.
    """
    if server.given != 1:
        msg = "give one of --url URL, --openmetrics FILE and --tsdb DIR"
        raise click.UsageError(msg)
    with plain_errors():
        from obsgen.pipeline import compile_stack

        compiled = compile_stack(spec)
        if server.dry_run:
            _plan(server, compiled)
            return
        with server.opened(server.access()) as (prometheus, newest):
            from obsgen.live.coverage.report import coverage

            report = coverage(prometheus, compiled.stack, compiled.bundle, at=newest if at is None else at)
            partial = prometheus.partial
    _print(report, form)
    exit_if_partial(server, partial=partial)
    if report.critically_blind:
        raise SystemExit(1)


def _plan(server: Server, compiled: Compiled) -> None:
    from obsgen.cli import dry_run
    from obsgen.live.coverage.report import least_queries

    count = least_queries(compiled.stack, compiled.bundle)
    say(dry_run.planned(server, None, count) + "Where series are missing, as many more. Nothing was asked.\n", nl=False)


def _print(report: CoverageReport, form: str) -> None:
    if form == "text":
        from obsgen.report.coverage_table import coverage_table

        say_drawn(lambda terminal: coverage_table(report, terminal))
    elif form == "html":
        from obsgen.report.coverage_html import coverage_html

        say_page(coverage_html(report, written_at=time.time()))
    elif form == "json":
        from obsgen.report.coverage_json import coverage_json

        say(coverage_json(report), nl=False)
    else:
        from obsgen.report.coverage_markdown import coverage_markdown

        say(coverage_markdown(report), nl=False)
