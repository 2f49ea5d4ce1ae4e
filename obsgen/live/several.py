"""The capacity report of several clusters, each asked where it lives; one that fails leaves the others whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from itertools import chain
from threading import BoundedSemaphore
from typing import Any, Final
from urllib.parse import urlsplit

from obsgen.live.answers.types import Answers, Fits
from obsgen.live.answers.what_if import Question, what_if
from obsgen.live.asked import EVERYTHING_USUAL, Asked, Terms
from obsgen.live.capacity import DEFAULT_WINDOW, capacity
from obsgen.live.listed import ListedCluster
from obsgen.live.named import NamedCluster
from obsgen.live.probe import NothingToReport
from obsgen.live.types import CapacityReport, Finding, cluster_title
from obsgen.live.watermarks import DEFAULT_WATERMARKS, Watermark
from obsgen.query.credentials import CredentialsUnreadable
from obsgen.query.errors import PrometheusError
from obsgen.query.prometheus import AT_ONCE
from obsgen.units import Duration

DEFAULT_WORKERS: Final = 4
_GRAVEST_FIRST = ("critical", "warning", "info")
# Figures further apart than this do not describe one moment.
_APART_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Answered:
    """What one cluster gave: its report, or the reason why there is none."""

    name: str
    report: CapacityReport | None = None
    failure: str = ""
    partial: bool = False


def ask_clusters(  # noqa: PLR0913 - as a single cluster is asked, by so many at once
    listed: Sequence[ListedCluster],
    *,
    watermarks: Mapping[str, Watermark] = DEFAULT_WATERMARKS,
    window: Duration = DEFAULT_WINDOW,
    asked: Asked = EVERYTHING_USUAL,
    at: float | None = None,
    workers: int = DEFAULT_WORKERS,
) -> tuple[Answered, ...]:
    """Every cluster's answer in the given order, about the newest samples or about `at`.

    `workers` clusters are asked at once, and no server for more than two queries. What is supposed is left
    to `supposed`: a workload need not be in every cluster.
    """
    terms = Terms(watermarks=watermarks, window=window, asked=replace(asked, questions=()))
    turns: Mapping[str, BoundedSemaphore] = defaultdict(lambda: BoundedSemaphore(AT_ONCE))
    servers = [turns[urlsplit(cluster.url).netloc.rpartition("@")[2].lower()] for cluster in listed]

    def ask(cluster: ListedCluster, turn: BoundedSemaphore) -> Answered:
        try:
            with NamedCluster(cluster, turn) as prometheus:
                report = capacity(prometheus, **terms, scope=cluster.scope, at=at)
                warnings = (*([prometheus.exposed] if prometheus.exposed else []), *report.warnings)
                return Answered(cluster.name, replace(report, warnings=warnings), partial=prometheus.partial)
        except (PrometheusError, NothingToReport, CredentialsUnreadable) as error:
            return Answered(cluster.name, failure=str(error))

    with ThreadPoolExecutor(max(workers, 1)) as pool:
        return tuple(pool.map(ask, listed, servers))


def merged(answers: Sequence[Answered]) -> CapacityReport | None:
    """One report of all that answered, with a finding for each that did not; None where none did."""
    known = [(one.name, one.report) for one in answers if one.report is not None]
    if not known:
        return None
    reports = [report for _, report in known]
    oldest = min(report.evaluated_at for report in reports)
    lost = [Finding("warning", cluster_title(one.name), f"no figures: {one.failure}") for one in answers if one.failure]
    found = [*lost, *chain.from_iterable(report.findings for report in reports)]
    joined: CapacityReport = replace(reports[0], **_joined(reports))
    return replace(
        joined,
        evaluated_at=oldest,
        findings=tuple(sorted(found, key=lambda finding: _GRAVEST_FIRST.index(finding.level))),
        warnings=tuple(chain.from_iterable(_warnings(name, report, oldest) for name, report in known)),
    )


def supposed(
    report: CapacityReport, questions: Sequence[Question], watermarks: Mapping[str, Watermark]
) -> CapacityReport:
    """The same with answers to `questions`; UnknownWorkload where no cluster has what one speaks of."""
    places = (report.clusters, report.nodes, report.workloads)
    given = tuple(answer for question in questions for answer in what_if(question, *places, watermarks))
    return replace(report, answers=replace(report.answers, what_if=given))


def _joined(parts: Sequence[Any]) -> dict[str, Any]:
    """Every list of the report, whatever it lists and however deep: each entry names its cluster."""
    return {one.name: _one([getattr(part, one.name) for part in parts]) for one in fields(parts[0])}


def _one(values: Sequence[Any]) -> Any:
    if isinstance(values[0], tuple):
        return tuple(chain.from_iterable(values))
    return replace(values[0], **_joined(values)) if isinstance(values[0], Answers | Fits) else values[0]


def _warnings(name: str, report: CapacityReport, oldest: float) -> list[str]:
    title = cluster_title(name)
    named = [text if text.startswith((title, f"node {name}/")) else f"{title}: {text}" for text in report.warnings]
    apart = report.evaluated_at - oldest
    if apart > _APART_SECONDS:
        named.append(f"{title}: its figures are {apart / 60:.0f} min newer than the oldest in this report")
    return named
