"""A report that renews itself on the terminal until ctrl-c."""

from __future__ import annotations

import time
from collections.abc import Callable

from rich.console import Console
from rich.live import Live
from rich.text import Text

from obsgen.printable import printable


def watch(console: Console, seconds: float, draw: Callable[[], None]) -> None:
    """Call `draw`, which prints to the console, every so many seconds, and show what it printed in place.

    A server that fails once may answer the next time: its error is shown below the last report.
    """
    from obsgen.query.errors import PrometheusError

    shown = Text()
    with Live(console=console, screen=True, auto_refresh=False, vertical_overflow="crop") as live:
        try:
            while True:
                try:
                    with console.capture() as printed:
                        draw()
                    shown = Text.from_ansi(printed.get())
                    live.update(shown, refresh=True)
                except PrometheusError as error:
                    failure = Text(printable(f"\n{error}; asked again in {seconds:g} s"), style="bold red")
                    live.update(Text.assemble(failure, "\n\n", shown), refresh=True)
                time.sleep(seconds)
        except KeyboardInterrupt:
            return
