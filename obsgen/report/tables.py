"""What the reports for a terminal share: tables without lines, bars, findings and notes on the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from obsgen.live.types import Finding

BAR: Final = 10
STYLES: Final[Mapping[str, str]] = {"ok": "green", "info": "cyan", "warning": "yellow", "critical": "bold red"}


def table(title: str, headings: Sequence[str]) -> Table:
    """A table with its first columns, whose names are never cut."""
    made = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for heading in headings:
        made.add_column(heading, no_wrap=True)
    return made


def bar(share: float, level: str) -> Text:
    """A share from 0 to 1 as a bar; what lies outside fills or empties it."""
    filled = min(max(round(share * BAR), 0), BAR)
    return Text("█" * filled, style=STYLES[level]).append("░" * (BAR - filled), style="dim")


def print_notes(findings: Sequence[Finding], warnings: Sequence[str], console: Console) -> None:
    """The findings, then what the data lacked, one on a line."""
    if findings or warnings:
        console.print()
    for finding in findings:
        line = Text(f"{finding.level.upper()}: ", style=STYLES[finding.level])
        console.print(line.append(f"{finding.about}: {finding.message}", style="default"), soft_wrap=True)
    for warning in warnings:
        console.print(Text("DATA: ", style="magenta").append(warning, style="default"), soft_wrap=True)
