"""The report on coverage for a terminal: what is blind and why, then the matrix."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from obsgen.live.coverage.types import BlindSpot, CoverageReport, Share
from obsgen.printable import one_line, throughout
from obsgen.report.coverage_words import COLUMNS, blinded, counted, missing, share, summary, whose
from obsgen.report.quantities import moment_text
from obsgen.report.tables import STYLES, table


def coverage_table(report: CoverageReport, console: Console) -> None:
    """Print the report; nothing in it is told by colour alone."""
    report = throughout(report, one_line)
    title = f"Coverage of '{report.stack}', evaluated at {moment_text(report.evaluated_at)}"
    console.print(Text(title, style="bold"), soft_wrap=True)
    for line in summary(report):
        console.print(Text(line), soft_wrap=True)
    for spot in report.blind_spots:
        console.print()
        for part in _spot(spot):
            console.print(part, soft_wrap=True)
    console.print()
    console.print(_matrix(report))
    _print_rest(report, console)


def _spot(spot: BlindSpot) -> Iterator[Text]:
    head = Text(f"{spot.level.upper()}: ", style=STYLES[spot.level])
    yield head.append(f"{whose(spot)}: {spot.cause}", style="default")
    yield Text(f"  do     {spot.remedy}")
    yield Text(f"  blind  {blinded(spot)}")
    yield Text(f"  lacks  {missing(spot)}", style="dim")


def _matrix(report: CoverageReport) -> Table:
    part = table("By layer and component", ["layer", "component"])
    for column in COLUMNS:
        part.add_column(column, justify="right", no_wrap=True)
    for row in report.matrix:
        part.add_row(row.layer, row.component, *(_cell(getattr(row, column)) for column in COLUMNS))
    return part


def _cell(one: Share) -> Text:
    return Text(share(one), style="" if one.well == one.all else STYLES["warning"])


def _print_rest(report: CoverageReport, console: Console) -> None:
    if report.unseen:
        console.print()
        count = counted(len(report.unseen), "selector")
        has = "has" if len(report.unseen) == 1 else "have"
        text = f"{count} {has} no series now, and nothing is wrong with that: see --format json"
        console.print(Text(text, style="dim"), soft_wrap=True)
    for line in report.left_out:
        console.print(Text("LEFT OUT: ", style="cyan").append(line, style="default"), soft_wrap=True)
    for line in report.warnings:
        console.print(Text("DATA: ", style="magenta").append(line, style="default"), soft_wrap=True)
