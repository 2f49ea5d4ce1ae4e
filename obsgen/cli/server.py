"""What the commands that ask a Prometheus share: options, the connection, and how they print and end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from rich.console import Console

    from obsgen.live.types import Finding
    from obsgen.query.access import Access
    from obsgen.query.prometheus import Prometheus

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_Option = Callable[[Callable[..., None]], Callable[..., None]]
_PIPE_WIDTH = 120
_SOURCES = (
    click.option("--url", metavar="URL", help="Prometheus, Thanos, Mimir or VictoriaMetrics with the query API."),
    click.option("--openmetrics", type=FILE, metavar="FILE", help="Samples with timestamps, instead of a server."),
)
_ENTRY = (
    click.option("--bearer-token-file", type=FILE, metavar="FILE", help="Or the variable OBSGEN_BEARER_TOKEN."),
    click.option(
        "--basic-auth-file",
        type=FILE,
        metavar="FILE",
        help="Holds user:password. Or the variable OBSGEN_BASIC_AUTH.",
    ),
    click.option("--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="Sent along; may be repeated."),
    click.option("--ca-file", type=FILE, metavar="FILE", help="Certificate authorities to trust, as PEM."),
    click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        default=30.0,
        show_default=True,
        metavar="SECONDS",
        help="For each query, retries included.",
    ),
)
_ALERTMANAGER = click.option(
    "--alertmanager", "url", required=True, metavar="URL", help="Alertmanager, with its path prefix where it has one."
)

fail_on_option = click.option(
    "--fail-on",
    type=click.Choice(["warning", "critical"]),
    help="Exit 1 if a finding is this grave or graver.",
)


class _Failed(click.ClickException):
    exit_code = 2


@dataclass(frozen=True, slots=True)
class Server:
    """Where the samples come from, and how it is entered; one of the first two is given, or none."""

    url: str | None
    openmetrics: Path | None
    timeout: float
    bearer_token_file: Path | None
    basic_auth_file: Path | None
    headers: tuple[str, ...]
    ca_file: Path | None

    @property
    def given(self) -> int:
        """How many sources of samples are given."""
        return sum((self.url is not None, self.openmetrics is not None))

    def access(self) -> Access:
        """Credentials and headers, read and checked."""
        from obsgen.query.access import Access

        return Access.of(
            bearer_token_file=self.bearer_token_file,
            basic_auth_file=self.basic_auth_file,
            headers=dict(_header(text) for text in self.headers),
            ca_file=self.ca_file,
        )

    @contextmanager
    def opened(self, access: Access, sample: Path | None = None) -> Iterator[tuple[Prometheus, float | None]]:
        """The server to ask and, for a file or the bundled `sample`, the moment to ask about."""
        from obsgen.query.prometheus import Prometheus

        if self.url is not None:
            with Prometheus(self.url, timeout=self.timeout, access=access) as prometheus:
                yield prometheus, None
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
    return _as_one_server(command, (*_SOURCES, *_ENTRY))


def alertmanager_options(command: Callable[..., None]) -> Callable[..., None]:
    """The same for an Alertmanager, which there is no doing without."""
    return _as_one_server(command, (_ALERTMANAGER, *_ENTRY))


def _as_one_server(command: Callable[..., None], options: Sequence[_Option]) -> Callable[..., None]:
    @wraps(command)
    def with_server(**given: Any) -> None:
        server = Server(**{name: given.pop(name, None) for name in Server.__dataclass_fields__})
        command(server=server, **given)

    decorated: Callable[..., None] = with_server
    # Decorators apply from below: the last option first, so that help lists them in order.
    for option in reversed(options):
        decorated = option(decorated)
    return decorated


@contextmanager
def plain_errors() -> Iterator[None]:
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


def refuse(option: str, message: str) -> NoReturn:
    """End with a usage error about one option."""
    raise click.BadParameter(message, param_hint=f"'{option}'")


def console() -> Console:
    """The terminal; a pipe has no width, so it gets one in which most rows stay on one line."""
    from rich.console import Console

    terminal = Console()
    return terminal if terminal.is_terminal else Console(width=_PIPE_WIDTH)


def exit_if_as_grave(findings: Sequence[Finding], fail_on: str | None) -> None:
    """Exit 1 where a finding is at least as grave as asked."""
    levels = {"warning": ("warning", "critical"), "critical": ("critical",)}.get(fail_on or "", ())
    if any(finding.level in levels for finding in findings):
        raise SystemExit(1)


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip() or not value.strip():
        # The text itself is not repeated: a header may carry a secret.
        refuse("--header", "write each as 'NAME: VALUE', such as 'X-Scope-OrgID: prod'")
    return name.strip(), value.strip()
