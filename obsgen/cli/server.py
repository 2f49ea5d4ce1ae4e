"""What the commands that ask a Prometheus share: options, the connection, and how they print and end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from obsgen.cli.arguments import mistakes_reported
from obsgen.cli.output import say
from obsgen.cli.server_options import ALERTMANAGER_OPTIONS, SERVER_OPTIONS

if TYPE_CHECKING:
    from obsgen.live.types import Finding
    from obsgen.query.access import Access
    from obsgen.query.prometheus import Prometheus

_Option = Callable[[Callable[..., None]], Callable[..., None]]

fail_on_option = click.option(
    "--fail-on",
    type=click.Choice(["warning", "critical"]),
    help="Exit 1 if a finding is this grave or graver.",
)


class _Failed(click.ClickException):
    exit_code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where the samples come from, and how it is entered; one of the first three is given, or none."""

    url: str | None = field(repr=False)
    openmetrics: Path | None
    tsdb: Path | None
    timeout: float
    bearer_token_file: Path | None
    basic_auth_file: Path | None
    headers: tuple[str, ...] = field(repr=False)
    tenants: tuple[str, ...]
    ca_file: Path | None
    cert_file: Path | None
    key_file: Path | None
    proxy: str | None = field(repr=False)
    parameters: tuple[str, ...] = field(repr=False)
    allow_partial: bool
    dry_run: bool

    @property
    def given(self) -> int:
        """How many sources of samples are given."""
        return sum(source is not None for source in (self.url, self.openmetrics, self.tsdb))

    @property
    def entrance_given(self) -> bool:
        """Whether an option says how one server is entered."""
        files = (self.bearer_token_file, self.basic_auth_file, self.ca_file, self.cert_file, self.key_file)
        return any((*files, self.headers, self.tenants, self.proxy, self.parameters))

    def access(self) -> Access:
        """Credentials and headers, read and checked."""
        from obsgen.query.access import Entrance

        return Entrance(
            bearer_token_file=self.bearer_token_file,
            basic_auth_file=self.basic_auth_file,
            headers=dict(_pair("--header", text, ":") for text in self.headers or ()),
            tenants=self.tenants,
            ca_file=self.ca_file,
            cert_file=self.cert_file,
            key_file=self.key_file,
            proxy=self.proxy,
            parameters=dict(_pair("--param", text, "=") for text in self.parameters or ()),
        ).access()

    @contextmanager
    def opened(self, access: Access, sample: Path | None = None) -> Iterator[tuple[Prometheus, float | None]]:
        """The server to ask and, for a file or the bundled `sample`, the moment to ask about."""
        from obsgen.query.prometheus import Prometheus

        if self.url is not None:
            with Prometheus(self.url, timeout=self.timeout, access=access) as prometheus:
                warn(prometheus.exposed)
                yield prometheus, None
            return
        if self.tsdb is not None:
            from obsgen.live.snapshot import serve_tsdb

            with serve_tsdb(self.tsdb) as (url, at), Prometheus(url, timeout=self.timeout) as prometheus:
                yield prometheus, at
            return
        from obsgen.live.offline import newest_sample, serve_openmetrics

        path = self.openmetrics or sample
        assert path is not None, "without a source nothing is opened"
        at = newest_sample(path)
        # The private server gets no credentials: they are for the one that --url names.
        with serve_openmetrics(path) as url, Prometheus(url, timeout=self.timeout) as prometheus:
            yield prometheus, at


def server_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that name a server and how it is entered; the command gets them as one `server`."""
    return _as_one_server(command, SERVER_OPTIONS)


def alertmanager_options(command: Callable[..., None]) -> Callable[..., None]:
    """The same for an Alertmanager, which there is no doing without."""
    return _as_one_server(command, ALERTMANAGER_OPTIONS)


def _as_one_server(command: Callable[..., None], options: Sequence[_Option]) -> Callable[..., None]:
    @wraps(command)
    def with_server(**given: Any) -> None:
        server = Server(**{name: given.pop(name, None) for name in Server.__dataclass_fields__})
        command(server=server, **given)

    # Decorators apply from below: the last option first, so that help lists them in order.
    decorated: Callable[..., None] = with_server
    for option in reversed(options):
        decorated = option(decorated)
    return decorated


@contextmanager
def plain_errors(about: str = "") -> Iterator[None]:
    """What a user can cause ends in one message, behind `about`, and status 2, without a traceback."""
    from obsgen.live.offline import OfflineFailed
    from obsgen.live.probe import NothingToReport
    from obsgen.printable import continued
    from obsgen.programs.binaries import BinaryMissing
    from obsgen.query.credentials import CredentialsUnreadable
    from obsgen.query.errors import PrometheusError

    try:
        with mistakes_reported():
            yield
    except (PrometheusError, NothingToReport, OfflineFailed, BinaryMissing, CredentialsUnreadable) as error:
        raise _Failed(continued(f"{about}{error}", "  ")) from None


def warn(message: str | None) -> None:
    """Say it on the error output, where there is anything to say."""
    if message:
        say(f"Warning: {message}", err=True)


def refuse(option: str, message: str) -> NoReturn:
    """End with a usage error about one option."""
    raise click.BadParameter(message, param_hint=f"'{option}'")


def end_failed(why: str) -> NoReturn:
    """End with status 2: there is no report, or not all of it."""
    raise _Failed(why)


def exit_if_partial(server: Server, *, partial: bool) -> None:
    """Status 2 where the figures may be too low, unless that is what the user allows."""
    if partial and not server.allow_partial:
        end_failed(
            "the backend's answers were partial, so that sums may be too low: see the warnings, "
            "or accept it with --allow-partial"
        )


def exit_if_as_grave(findings: Sequence[Finding], fail_on: str | None) -> None:
    """Exit 1 where a finding is at least as grave as asked."""
    levels = {"warning": ("warning", "critical"), "critical": ("critical",)}.get(fail_on or "", ())
    if any(finding.level in levels for finding in findings):
        raise SystemExit(1)


def _pair(option: str, text: str, sign: str) -> tuple[str, str]:
    name, found, value = text.partition(sign)
    if not found or not name.strip() or not value.strip():
        # The text itself is not repeated: a header may carry a secret.
        example = "'NAME: VALUE', such as 'X-Team: shop'" if sign == ":" else "NAME=VALUE, such as dedup=true"
        refuse(option, f"write each as {example}")
    return name.strip(), value.strip()
