"""The answers for a terminal: what still fits, what is stranded, what to request, when it is full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.table import Table
from rich.text import Text

from obsgen.live.answers.types import Crossing, Fits, Forecast, Recommendation, Stranded, WhatIf, ZoneFit
from obsgen.live.types import CapacityReport, unit_of
from obsgen.report.quantities import UNKNOWN, amount_text, minute_text, share_text
from obsgen.report.tables import STYLES, table

# Less is what rounding and the last pod always leave.
_STRANDED_SHARE = 0.1
_RECOMMENDED = 10


def answer_tables(report: CapacityReport, top: int | None) -> Iterator[Table]:
    """One table per answer; those without rows are for the caller to leave out."""
    several = len(report.clusters) > 1
    answers = report.answers
    yield _what_if(answers.what_if, several=several)
    yield _fits(answers.fits, several=several)
    yield _forecasts(answers.forecasts, report.evaluated_at, several=several)
    yield _stranded(answers.stranded, several=several)
    yield _recommendations(answers.recommendations[: top or _RECOMMENDED], several=several)
    waiting = table("Waiting pods", [*_cluster(several=several), "workload", "pods", "each asks for", "why"])
    for row in report.pending:
        name = "/".join(part for part in (row.namespace, row.workload) if part)
        asks = ", ".join(f"{name} {amount_text(amount, unit_of(name))}" for name, amount in row.per_pod.items())
        waiting.add_row(*_named(row.cluster, several=several), Text(name), str(row.pods), Text(asks), Text(row.reason))
    waiting.columns[-1].no_wrap = False
    yield waiting


def _cluster(*, several: bool) -> list[str]:
    return ["cluster"] if several else []


def _named(cluster: str, *, several: bool) -> list[Text]:
    return [Text(cluster)] if several else []


def _what_if(answers: Sequence[WhatIf], *, several: bool) -> Table:
    part = table("What if", [*_cluster(several=several), "question", "resource"])
    for heading in ("used", "requested", "utilization", "fits"):
        part.add_column(heading, justify="right", no_wrap=True)
    for answer in answers:
        fits = "unknown" if answer.fits is None else "yes" if answer.fits else f"no, {answer.unplaced} would wait"
        for name, then in answer.resources.items():
            share = Text(share_text(then.utilization)).append(f" {then.level or ''}", style=STYLES[then.level or "ok"])
            amounts = (amount_text(amount, unit_of(name)) for amount in (then.used, then.requested))
            part.add_row(*_named(answer.cluster, several=several), Text(answer.question), name, *amounts, share, fits)
    return part


def _fits(fits: Fits, *, several: bool) -> Table:
    size = ", ".join(f"{name} {amount_text(amount, unit_of(name))}" for name, amount in fits.pod.items())
    part = table("Room by requests", [*_cluster(several=several), "zone", "largest by cpu", "largest by memory"])
    if size:
        part.add_column(f"more pods of {size}", justify="right")
    for row in (*fits.zones, *fits.clusters):
        more = [UNKNOWN if row.more_pods is None else str(row.more_pods)] if size else []
        named = [Text(row.cluster)] if several else []
        part.add_row(*named, Text(row.zone or "all"), *_largest(row), *more)
    return part


def _largest(row: ZoneFit) -> Iterator[Text]:
    for fit in (row.largest_by_cpu, row.largest_by_memory):
        if fit is None:
            yield Text(UNKNOWN)
            continue
        cpu, memory = (amount_text(fit.free.get(name), unit_of(name)) for name in ("cpu", "memory"))
        yield Text(f"{cpu}, {memory} on {fit.node}")


def _forecasts(forecasts: Sequence[Forecast], now: float, *, several: bool) -> Table:
    part = table("Forecasts of what machines use (UTC)", [*_cluster(several=several), "pool", "resource"])
    for heading in ("now", "per day", "from", "to", "warning", "critical"):
        part.add_column(heading, justify="right", no_wrap=True)
    part.add_column("earliest to latest, or why not")
    for row in forecasts:
        slopes = (_signed(slope) for slope in (row.slope_per_day, row.slope_low, row.slope_high))
        part.add_row(
            *_named(row.cluster, several=several),
            Text(row.pool or "all"),
            row.resource,
            share_text(row.utilization),
            *slopes,
            _moment(row.warning, now),
            _moment(row.critical, now),
            Text(row.reason or _between(row.critical, now)),
        )
    return part


def _signed(slope: float | None) -> str:
    return UNKNOWN if slope is None else f"{slope:+.1%}"


def _moment(crossing: Crossing | None, now: float) -> str:
    if crossing is None or crossing.at is None:
        return UNKNOWN
    return "passed" if crossing.at <= now else minute_text(crossing.at)


def _between(crossing: Crossing | None, now: float) -> str:
    if crossing is None or crossing.at is None or crossing.at <= now:
        return ""
    ends = ("later" if moment is None else minute_text(moment) for moment in (crossing.earliest, crossing.latest))
    return " to ".join(ends)


def _stranded(stranded: Sequence[Stranded], *, several: bool) -> Table:
    part = table("Stranded capacity", [*_cluster(several=several), "node"])
    part.add_column("cpu", justify="right", no_wrap=True)
    part.add_column("memory", justify="right", no_wrap=True)
    for row in stranded:
        if max(row.cpu_share, row.memory_share) < _STRANDED_SHARE:
            continue
        cells = (
            f"{amount_text(amount, unit_of(name))} ({share:.0%})" if amount else UNKNOWN
            for name, amount, share in (("cpu", row.cpu, row.cpu_share), ("memory", row.memory, row.memory_share))
        )
        part.add_row(*_named(row.cluster, several=several), Text(row.node), *cells)
    return part


def _recommendations(rows: Sequence[Recommendation], *, several: bool) -> Table:
    part = table("Requests per pod, now and as the history suggests", [*_cluster(several=several), "workload", "pods"])
    for heading in ("cpu\nnow", "cpu\nsuggested", "memory\nnow", "memory\nsuggested", "memory\ngap"):
        part.add_column(heading, justify="right", no_wrap=True)
    part.add_column("note", vertical="bottom")
    for row in rows:
        amounts = (
            amount_text(amount, unit)
            for advice, unit in ((row.cpu, "cores"), (row.memory, "bytes"))
            for amount in (advice.requested, advice.recommended)
        )
        killed = f"{row.oom_killed} killed for lack of memory" if row.oom_killed else ""
        part.add_row(
            *_named(row.cluster, several=several),
            Text(f"{row.namespace}/{row.workload}"),
            amount_text(row.pods, "pods"),
            *amounts,
            amount_text(row.memory.gap, "bytes"),
            Text(row.reason or killed),
        )
    return part
