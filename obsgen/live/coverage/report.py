"""The report on coverage of one stack by one server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from obsgen.ir.bundle import Bundle
from obsgen.live.coverage.judging import Judging, Reading
from obsgen.live.coverage.matrix import matrix
from obsgen.live.coverage.readers import readers
from obsgen.live.coverage.survey import AT_ONCE, Survey, survey
from obsgen.live.coverage.types import CoverageReport, Covered
from obsgen.live.probe import NothingToReport
from obsgen.model.stack import Stack
from obsgen.query.prometheus import Prometheus

# Of the diagnostics of resolving: what a spec goes without here.
_LEFT_OUT = "OBS262"


def coverage(prometheus: Prometheus, stack: Stack, bundle: Bundle, *, at: float | None = None) -> CoverageReport:
    """What everything that reads series sees of them at `at`, by default at the server's own time.

    Raises NothingToReport and the errors of `obsgen.query.errors`.
    """
    now = prometheus.server_time() if at is None else at
    read = list(readers(stack, bundle))
    reading = Reading(stack, bundle, read)
    seen = survey(prometheus, reading.all(), at=now)
    if not seen.series and not seen.lately and not seen.targets:
        msg = f"'{prometheus.title}' holds none of the series that '{stack.name}' reads, and no targets: another "
        raise NothingToReport(msg + "address or tenant may be meant")
    judging = Judging(reading, seen)
    covered = tuple(map(judging.judged, read))
    return CoverageReport(
        stack.name,
        now,
        covered,
        tuple(matrix(stack, bundle, reading, seen, covered)),
        tuple(judging.unseen),
        tuple(note.message for note in stack.notes if note.code == _LEFT_OUT),
        (*seen.warnings, *_about_rules(seen, covered, installed=judging.installed)),
    )


def least_queries(stack: Stack, bundle: Bundle) -> int:
    """How many queries are asked where nothing is missing: the time, all series, and the targets."""
    selections = Reading(stack, bundle, list(readers(stack, bundle))).all()
    return 2 + -(-len(selections) // AT_ONCE)


def _about_rules(seen: Survey, covered: Sequence[Covered], *, installed: bool) -> Iterator[str]:
    if not installed:
        yield "none of the stack's rules is on this server: what they would record is judged by what they read"
        return
    if seen.rules is None:
        yield "the server does not list its rules, so whether the stack's are loaded is not known"
    missing = [one.name for one in covered if one.kind == "alert" and one.loaded is False]
    if missing:
        yield f"{len(missing)} alerts of the stack are not loaded on this server, such as {missing[0]}"
