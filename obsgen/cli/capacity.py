"""`obsgen capacity`: how full are the clusters, from a live Prometheus, a file or the bundled sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from obsgen.cli.arguments import mistakes_reported

if TYPE_CHECKING:
    from obsgen.live.types import CapacityReport
    from obsgen.live.watermarks import Watermark
    from obsgen.query.access import Access
    from obsgen.query.prometheus import Prometheus
    from obsgen.units import Duration

_PIPE_WIDTH = 120
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the samples come from; exactly one of the first three is given."""

    url: str | None
    openmetrics: Path | None
    demo: bool
    timeout: float

    @property
    def given(self) -> int:
        return sum((self.url is not None, self.openmetrics is not None, self.demo))


class _Failed(click.ClickException):
    exit_code = 2


@click.command("capacity")
@click.option("--url", metavar="URL", help="Prometheus, Thanos, Mimir or VictoriaMetrics with the query API.")
@click.option("--openmetrics", type=_FILE, metavar="FILE", help="Samples with timestamps, instead of a server.")
@click.option("--demo", is_flag=True, help="The bundled sample of a small cluster in trouble.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--window", default="5m", show_default=True, help="CPU is a mean over this; take four scrapes or more.")
@click.option(
    "--fail-on",
    type=click.Choice(["warning", "critical"]),
    help="Exit 1 if a finding is this grave or graver.",
)
@click.option("--bearer-token-file", type=_FILE, metavar="FILE", help="Or the variable OBSGEN_BEARER_TOKEN.")
@click.option(
    "--basic-auth-file",
    type=_FILE,
    metavar="FILE",
    help="Holds user:password. Or the variable OBSGEN_BASIC_AUTH.",
)
@click.option("--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="Sent along; may be repeated.")
@click.option("--ca-file", type=_FILE, metavar="FILE", help="Certificate authorities to trust, as PEM.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="For each query, retries included.",
)
@click.option("--spec", type=_FILE, metavar="FILE", help="Take the watermarks from this spec.")
@click.option("--explain", is_flag=True, help="Print every query instead of asking it; needs no server.")
def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    url: str | None,
    openmetrics: Path | None,
    demo: bool,  # noqa: FBT001 - click passes every option by name
    form: str,
    window: str,
    fail_on: str | None,
    bearer_token_file: Path | None,
    basic_auth_file: Path | None,
    headers: tuple[str, ...],
    ca_file: Path | None,
    timeout: float,
    spec: Path | None,
    explain: bool,  # noqa: FBT001
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
    source = _Source(url, openmetrics, demo, timeout)
    if source.given > 1 or (source.given == 0 and not explain):
        msg = "give one of --url URL, --openmetrics FILE and --demo"
        raise click.UsageError(msg)
    with _plain_errors():
        span = _window(window)
        from obsgen.query.access import Access

        access = Access.of(
            bearer_token_file=bearer_token_file,
            basic_auth_file=basic_auth_file,
            headers=dict(_header(text) for text in headers),
            ca_file=ca_file,
        )
        if explain:
            click.echo(_explained(source, access, span), nl=False)
            return
        with _opened(source, access) as (prometheus, at):
            from obsgen.live.capacity import capacity

            report = capacity(prometheus, watermarks=_watermarks(spec), window=span, at=at)
    _print(report, form)
    if _as_grave(report, fail_on):
        raise SystemExit(1)


def _watermarks(spec: Path | None) -> Mapping[str, Watermark]:
    from obsgen.live.watermarks import DEFAULT_WATERMARKS, watermarks_of

    if spec is None:
        return DEFAULT_WATERMARKS
    from obsgen.pipeline import load_stack

    with mistakes_reported():
        return watermarks_of(load_stack(spec).capacity)


@contextmanager
def _opened(source: _Source, access: Access) -> Iterator[tuple[Prometheus, float | None]]:
    """The server to ask and, for a file, the moment to ask about."""
    from obsgen.query.prometheus import Prometheus

    if source.url is not None:
        with Prometheus(source.url, timeout=source.timeout, access=access) as prometheus:
            yield prometheus, None
        return
    from obsgen.live.demo import demo_sample
    from obsgen.live.offline import newest_sample, serve_openmetrics

    path = source.openmetrics or demo_sample()
    at = newest_sample(path)
    # The private server gets no credentials: they are for the one that --url names.
    with serve_openmetrics(path) as url, Prometheus(url, timeout=source.timeout) as prometheus:
        yield prometheus, at


def _explained(source: _Source, access: Access, window: Duration) -> str:
    """All queries; with a server they are those that its labels call for."""
    from obsgen.live.probe import probe
    from obsgen.live.queries import capacity_queries, probe_queries
    from obsgen.live.selectors import NodeLabel, Scope

    scope = Scope()
    node_label: NodeLabel = "node"
    if source.given:
        with _opened(source, access) as (prometheus, at):
            node_label = probe(prometheus, scope, at=at).node_label
    queries = {**probe_queries(scope), **capacity_queries(scope, node_label, window)}
    return "".join(f"# {name}\n{query}\n\n" for name, query in queries.items())


@contextmanager
def _plain_errors() -> Iterator[None]:
    """What a user can cause ends in one message and status 2, without a traceback."""
    from obsgen.live.offline import OfflineFailed
    from obsgen.live.probe import NothingToReport
    from obsgen.query.access import CredentialsUnreadable
    from obsgen.query.binaries import BinaryMissing
    from obsgen.query.errors import PrometheusError

    try:
        yield
    except (PrometheusError, NothingToReport, OfflineFailed, BinaryMissing, CredentialsUnreadable) as error:
        raise _Failed(str(error)) from None


def _window(text: str) -> Duration:
    from obsgen.units import Duration

    try:
        window = Duration.parse(text)
    except ValueError as error:
        _refuse("--window", str(error))
    if not window.milliseconds:
        _refuse("--window", "'0' holds no samples: take four scrape intervals or more, such as 5m")
    return window


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip() or not value.strip():
        # The text itself is not repeated: a header may carry a secret.
        _refuse("--header", "write each as 'NAME: VALUE', such as 'X-Scope-OrgID: prod'")
    return name.strip(), value.strip()


def _refuse(option: str, message: str) -> NoReturn:
    raise click.BadParameter(message, param_hint=f"'{option}'")


def _print(report: CapacityReport, form: str) -> None:
    if form == "json":
        from obsgen.report.capacity_json import capacity_json

        click.echo(capacity_json(report), nl=False)
        return
    from rich.console import Console

    from obsgen.report.capacity_table import capacity_table

    console = Console()
    # A pipe has no width: wide enough that a node stays on one line.
    capacity_table(report, console if console.is_terminal else Console(width=_PIPE_WIDTH))


def _as_grave(report: CapacityReport, fail_on: str | None) -> bool:
    levels = {"warning": ("warning", "critical"), "critical": ("critical",)}.get(fail_on or "", ())
    return any(finding.level in levels for finding in report.findings)
