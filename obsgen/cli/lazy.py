"""A group of commands, each imported only when it is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

from obsgen.cli.output import mistakes_shown


class OutputClosed(Exception):  # noqa: N818 - it names what happened
    """Whoever read the output, such as `head`, has read enough."""


class Told(BaseException):
    """obsgen was told to end; click answers a KeyboardInterrupt with a line, and waits where nobody reads it."""


class LazyGroup(click.Group):
    """Lists commands without importing them. `table` holds name and line of help, `modules` how a module is named."""

    def __init__(self, *args: Any, table: Mapping[str, str], modules: str, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self._table = table
        self._modules = modules

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """The arguments, understood; help is printed here, and what is mistyped is shown safely."""
        with mistakes_shown(), _noticed():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run what is called."""
        with mistakes_shown(), _noticed():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names in the order of the table."""
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command, imported now."""
        if cmd_name not in self._table:
            return None
        command: click.Command = import_module(self._modules.format(cmd_name)).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The table, as it is."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self._table.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is called, or the one that may have been meant."""
        if args and args[0] not in self._table and not args[0].startswith("-"):
            from obsgen.diagnostics import did_you_mean

            hint = did_you_mean(args[0], self._table, noun="commands")
            ctx.fail(f"there is no command '{args[0]}': {hint}")
        return super().resolve_command(ctx, args)


@contextmanager
def _noticed() -> Iterator[None]:
    """What click would end with 1, which means findings here, or with a line that may find no reader."""
    try:
        yield
    except BrokenPipeError:
        raise OutputClosed from None
    except KeyboardInterrupt:
        raise Told from None
