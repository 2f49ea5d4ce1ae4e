"""The one way out to a terminal, a pipe and a log: whatever a command prints goes through here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from obsgen.diagnostics import Diagnostic

# A pipe has no width, so it gets one in which most rows stay on one line.
_PIPE_WIDTH = 120


def say(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print text for people, or JSON, XML, CSV or Markdown, in which what is written out means the same."""
    from obsgen.printable import powerless, printable
    from obsgen.secrecy.values import without_giveaways

    _put(powerless(printable(without_giveaways(text))), err=err, nl=nl)


def say_findings(findings: Sequence[Diagnostic], form: str, *, err: bool) -> None:
    """Print findings in one of the forms; nothing where a person asked and nothing was found."""
    from obsgen.report.findings import render_findings

    text = render_findings(findings, form)
    if form == "github" and text:
        # These are commands for a CI system, each of which the report has made safe.
        _put(text, err=err)
    elif text:
        say(text, err=err)


def say_over(text: str, *, last: bool) -> None:
    """Print progress over what it said before; the `last` of it stays."""
    click.echo(f"\r{text}", err=True, nl=last)


def say_page(html: str) -> None:
    """Print a page in the encoding that it names, whatever the terminal's is.

    Its templates have made each value safe, and not what a CI system would read where several stand side by side.
    """
    from obsgen.printable import powerless

    click.echo(powerless(html).encode(), nl=False)


def say_drawn(draw: Callable[[Console], None]) -> None:
    """Print what `draw` puts on a console; the only escape sequences in it are the console's colours."""
    from obsgen.printable import powerless
    from obsgen.secrecy.values import without_giveaways

    terminal = console()
    with terminal.capture() as captured:
        draw(terminal)
    _put(powerless(without_giveaways(captured.get())), nl=False, color=True)


def console() -> Console:
    """The terminal, or a page of a fixed width where there is none."""
    from rich.console import Console

    terminal = Console()
    return terminal if terminal.is_terminal else Console(width=_PIPE_WIDTH)


@contextmanager
def mistakes_shown() -> Iterator[None]:
    """Print what click finds wrong with the arguments, however they were typed, and end as click would."""
    try:
        yield
    except click.ClickException as mistake:
        shown = StringIO()
        mistake.show(shown)
        say(shown.getvalue(), err=True, nl=False)
        raise SystemExit(mistake.exit_code) from None


def _put(text: str, *, err: bool = False, nl: bool = True, color: bool | None = None) -> None:
    from obsgen.printable import encodable

    try:
        click.echo(text, err=err, nl=nl, color=color)
    except UnicodeEncodeError as lacking:
        click.echo(encodable(text, lacking.encoding), err=err, nl=nl, color=color)
