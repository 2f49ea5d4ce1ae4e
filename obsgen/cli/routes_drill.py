"""`obsgen routes drill`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from secrets import token_hex
from typing import TYPE_CHECKING

import click

from obsgen.cli.arguments import mistakes_reported, spec_argument
from obsgen.cli.output import say
from obsgen.cli.server import Server, alertmanager_options, plain_errors, refuse, warn

if TYPE_CHECKING:
    from obsgen.ir.drills import Drill
    from obsgen.spec.root import SpecFile
    from obsgen.units import Duration


@click.command("drill")
@spec_argument
@alertmanager_options
@click.option("--only", multiple=True, type=click.Choice(["P1", "P2", "P3", "P4"]), help="Only this tier.")
@click.option("--team", "teams", multiple=True, metavar="NAME", help="Only this team.")
@click.option("--wait", default="30s", show_default=True, metavar="TIME", help="How long the alerts fire.")
@click.option("--yes", is_flag=True, help="Do not ask before sending.")
def command(  # noqa: PLR0913 - one parameter per option
    *, spec: SpecFile, server: Server, only: tuple[str, ...], teams: tuple[str, ...], wait: str, yes: bool
) -> None:
    """Send one marked alert for each tier and team of SPEC to a live Alertmanager, and end it again.

    Receivers are notified, and the message says that it is a drill. What Alertmanager itself says of its
    receivers, groups and hours is held against the spec. The alerts are ended when the drill is over, also
    where it is interrupted.
    A tier that is gathered for longer than --wait is looked at, but reaches no receiver.

    \b
      obsgen routes drill prod.yaml --alertmanager http://localhost:9093 --only P1
      obsgen routes drill prod.yaml --alertmanager https://am.example.com --bearer-token-file token --wait 2m --yes

    Exit status: 0 every alert goes where the spec says; 1 one does not; 2 there was no drill; 130 and 143 it was
    interrupted.
    """
    span = _span(wait)
    with mistakes_reported():
        from obsgen.check.drill import Wanted
        from obsgen.pipeline import planned_drill

        now = datetime.now(UTC)
        drill = planned_drill(spec, Wanted(only, teams), name=f"{now:%Y%m%dT%H%M%S}-{token_hex(2)}", now=now)
    with plain_errors(), _stopped_in_good_order():
        _perform(drill, server, span, yes=yes)


def _perform(drill: Drill, server: Server, wait: Duration, *, yes: bool) -> None:
    from obsgen.live.drill import perform
    from obsgen.query.alertmanager import Alertmanager
    from obsgen.report.drill import outcome_text, plan_text

    assert server.url is not None
    with Alertmanager(server.url, timeout=server.timeout, access=server.access()) as alertmanager:
        warn(alertmanager.exposed)
        say(plan_text(drill, alertmanager.title, str(wait)))
        if not yes:
            _ask()
        outcome = perform(alertmanager, drill, wait.seconds)
    say(outcome_text(outcome))
    sys.exit(0 if outcome.agrees else 1)


def _ask() -> None:
    if not sys.stdin.isatty():
        msg = "there is no terminal to ask at: pass --yes to send without being asked"
        raise click.UsageError(msg)
    if not click.confirm("Send them?"):
        say("nothing was sent", err=True)
        sys.exit(2)


@contextmanager
def _stopped_in_good_order() -> Iterator[None]:
    """By then the alerts are ended, and whoever stopped the drill is told so."""
    try:
        yield
    except (KeyboardInterrupt, click.Abort):
        say("interrupted: what was sent is ended", err=True)
        raise


def _span(text: str) -> Duration:
    from obsgen.units import Duration

    try:
        return Duration.parse(text)
    except ValueError as error:
        refuse("--wait", str(error))
