"""The report on objectives for a terminal: a bar of what is left, what spent it, findings below."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from obsgen.live.objective_findings import duration_text
from obsgen.live.objective_types import PACES, ObjectivesReport, ObjectiveStanding
from obsgen.printable import one_line, throughout
from obsgen.report.quantities import UNKNOWN, count_text, minute_text, moment_text, share_text
from obsgen.report.tables import BAR, STYLES, bar, print_notes, table

# On a narrow terminal names, bars, burn and time break between words before anything is cut.
_PACE_WIDTH = 6


def objectives_table(report: ObjectivesReport, console: Console) -> None:
    """Print the report; nothing in it is told by colour alone."""
    report = throughout(report, one_line)
    moment = moment_text(report.evaluated_at)
    console.print(Text(f"Objectives, evaluated at {moment}", style="bold"))
    several = len({standing.cluster for standing in report.objectives}) > 1
    for part in (
        _standings(report.objectives, several=several),
        _spent_by(report.objectives, several=several),
        _groups(report.objectives, several=several),
    ):
        if part.row_count:
            console.print()
            console.print(part)
    if any(seconds for standing in report.objectives for seconds in standing.exhausted_in.values()):
        console.print()
        note = "Time left is at the pace of the last hour / day, as if no old error left a rolling period meanwhile."
        console.print(Text(note, style="dim"), soft_wrap=True)
    print_notes(report.findings, report.warnings, console)


def _standings(standings: Sequence[ObjectiveStanding], *, several: bool) -> Table:
    part = table("Error budgets", ["\ncluster"] if several else [])
    longest = max((len(word) for standing in standings for word in standing.name.split()), default=0)
    part.add_column("\nobjective", min_width=longest)
    for heading in ("\ntarget", "\nerrors"):
        part.add_column(heading, justify="right", no_wrap=True)
    part.add_column("\nbudget left", min_width=BAR)
    part.add_column("events\nleft", justify="right", no_wrap=True)
    for heading in ("burn\n1h / 1d", "time left\n1h / 1d"):
        part.add_column(heading, justify="right", min_width=_PACE_WIDTH)
    for standing in standings:
        part.add_row(
            *_place(standing, several=several),
            _target(standing),
            _ratio(standing.error_ratio),
            _left(standing),
            count_text(standing.budget.events_left),
            " / ".join(_burn(standing.burn[window]) for window in PACES.values()),
            " / ".join(_time(standing.exhausted_in[pace]) for pace in PACES),
        )
    return part


def _spent_by(standings: Sequence[ObjectiveStanding], *, several: bool) -> Table:
    part = table("What spent it", [*(["cluster"] if several else []), "objective", "from (UTC)", "to (UTC)"])
    part.add_column("of the budget", justify="right", no_wrap=True)
    for standing in standings:
        for span in standing.spent_by:
            times = (minute_text(span.start), minute_text(span.end))
            part.add_row(*_place(standing, several=several), *times, share_text(span.share))
    return part


def _groups(standings: Sequence[ObjectiveStanding], *, several: bool) -> Table:
    part = table("Where it failed", [*(["cluster"] if several else []), "objective", "group"])
    part.add_column("of all failed events", justify="right", no_wrap=True)
    places = {(one.cluster, one.component, one.objective): one.groups for one in standings}
    for (cluster, component, objective), groups in places.items():
        for group in groups:
            own = [Text(cluster or UNKNOWN)] if several else []
            labels = ", ".join(f"{name}={value}" for name, value in group.labels.items())
            part.add_row(*own, Text(f"{component}/{objective}"), Text(labels), share_text(group.share))
    return part


def _place(standing: ObjectiveStanding, *, several: bool) -> list[Text]:
    return [*([Text(standing.cluster or UNKNOWN)] if several else []), Text(standing.name)]


def _left(standing: ObjectiveStanding) -> Text:
    """A bar of what is left, the share and the level in a word; "ok" is left out."""
    left, level = standing.budget.remaining, standing.level
    if left is None or level is None:
        return Text("unknown", style="dim")
    cell = bar(left, level).append(f" {share_text(left):>6}", style="default")
    return cell if level == "ok" else cell.append(" ").append(level, style=STYLES[level])


def _target(standing: ObjectiveStanding) -> str:
    return f"{standing.target * 100:.6g}% {standing.period}"


def _ratio(ratio: float | None) -> str:
    """Targets of four nines need more places than a percentage of a cluster does."""
    return UNKNOWN if ratio is None else f"{ratio:.3%}"


def _burn(burn: float | None) -> str:
    return UNKNOWN if burn is None else f"{burn:.1f}"


def _time(seconds: float | None) -> str:
    return UNKNOWN if seconds is None else duration_text(seconds) if seconds else "none"
