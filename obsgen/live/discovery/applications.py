"""Applications that count their requests or orders, told by the names of their metrics."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from obsgen.live.discovery.asking import Asking, Labels
from obsgen.live.discovery.reads import Candidates
from obsgen.live.discovery.recognising import plain
from obsgen.model.source import Source
from obsgen.promql.matcher import METRIC_NAME, Matcher, quote
from obsgen.promql.regex import compiled
from obsgen.query.samples import Sample
from obsgen.spec.recognised import ApplicationSignsSpec, FailureSpec

_MOST: Final = 50
_NAME: Final = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Application:
    """A job of one namespace, and the parameters of the pack `service` that its metrics give."""

    name: str
    job: str
    namespace: str
    parameters: Mapping[str, str]
    without_failures: tuple[str, ...] = ()
    """Counters of which nothing tells failures from successes."""


@dataclass(slots=True)
class _Seen:
    """The metrics of one job, each with the values of its labels."""

    metrics: dict[str, dict[str, set[str]]] = field(default_factory=dict)


def applications(
    asking: Asking, targets: Iterable[Labels], signs: ApplicationSignsSpec, known: Candidates
) -> tuple[Application, ...]:
    """The applications, by job, without the infrastructure's and what is pushed, of which nothing says it is up."""
    labels = ("job", "namespace", *dict.fromkeys(one.label for one in signs.failures))
    scraped = {(one.get("job", ""), one.get("namespace", "")) for one in targets}
    found = _by_job(asking.counted((*signs.requests, *signs.events), labels), signs, known)
    seen = {place: one for place, one in found.items() if place in scraped}
    if not seen:
        return ()
    jobs = Matcher("job", "=~", "|".join(sorted({re.escape(job) for job, _ in seen})))
    buckets = asking.counted(signs.latency, ("job", "namespace"), jobs, Matcher("le", "=", "+Inf"))
    latency = _by_job(buckets, signs, known)
    made = (_application(place, one, latency.get(place, _Seen()), signs) for place, one in sorted(seen.items())[:_MOST])
    return tuple(_told_apart(made, {pack.name for pack in known.packs}))


def _by_job(samples: Iterable[Sample], signs: ApplicationSignsSpec, known: Candidates) -> dict[tuple[str, str], _Seen]:
    others = compiled(f"({'|'.join(signs.others)})_.+")
    seen: dict[tuple[str, str], _Seen] = {}
    for sample in samples:
        labels = sample.labels
        job, namespace, metric = (labels.get(name, "") for name in ("job", "namespace", "__name__"))
        if not (plain(job) and _NAME.fullmatch(namespace) and METRIC_NAME.fullmatch(metric)) or others.fullmatch(
            metric
        ):
            continue
        if any(_brings(source, labels) for source in known.sources.values()):
            continue
        values = seen.setdefault((job, namespace), _Seen()).metrics.setdefault(metric, {})
        for name in labels.keys() - {"job", "namespace", "__name__"}:
            values.setdefault(name, set()).add(labels[name])
    return seen


def _brings(source: Source, labels: Labels) -> bool:
    """Whether the job is one of the source's, whatever else tells its targets."""
    jobs = [one for one in source.matchers if one.name == "job"]
    return bool(jobs) and all(one.matches(labels.get("job", "")) for one in jobs)


def _application(place: tuple[str, str], seen: _Seen, latency: _Seen, signs: ApplicationSignsSpec) -> Application:
    (job, namespace), parameters, unknown = place, {}, []
    for total, failed, names in (("requests", "request_errors", signs.requests), ("total", "failed", signs.events)):
        if metric := _first(seen.metrics, names):
            parameters[total] = metric
            failures = _failures(seen.metrics[metric], signs.failures)
            if failures:
                parameters[failed] = f"{metric}{{{failures}}}"
            else:
                unknown.append(metric)
    if "requests" in parameters and (buckets := _first(latency.metrics, signs.latency)):
        parameters["latency"] = buckets
    return Application(_name(job), job, namespace, parameters, tuple(unknown))


def _first(metrics: Iterable[str], names: Sequence[str]) -> str:
    """The metric that the first of the names fits."""
    known = sorted(metrics)
    return next((metric for name in names for metric in known if compiled(name).fullmatch(metric)), "")


def _failures(values: Mapping[str, set[str]], known: Iterable[FailureSpec]) -> str:
    for one in known:
        fitting = sorted(value for value in values.get(one.label, ()) if compiled(one.values).fullmatch(value))
        if one.matcher and (fitting or _told_by_number(one, values)):
            return one.matcher
        if fitting and all(map(plain, fitting)):
            return f"{one.label}={quote(fitting[0])}" if len(fitting) == 1 else _one_of(one.label, fitting)
    return ""


def _told_by_number(one: FailureSpec, values: Mapping[str, set[str]]) -> bool:
    """A service in health has no failures to show; that its codes are numbers is enough."""
    shown = values.get(one.label, set())
    return bool(shown) and all(re.fullmatch(r"[1-5][0-9]{2}", value) for value in shown)


def _one_of(label: str, values: Sequence[str]) -> str:
    return f"{label}=~{quote('|'.join(map(re.escape, values)))}"


def _name(job: str) -> str:
    """A name for what a job brings: `shop/orders` is what PodMonitors are called."""
    last = job.rstrip("/").rpartition("/")[2].lower()
    return re.sub(r"[^a-z0-9-]+", "-", last).strip("-")[:63].strip("-") or "service"


def _told_apart(found: Iterable[Application], taken: set[str]) -> Iterator[Application]:
    for one in found:
        candidates = (
            one.name,
            f"{one.namespace}-{one.name}"[:63].strip("-"),
            *(f"{one.name}-{n}" for n in range(2, 99)),
        )
        name = next((name for name in candidates if name not in taken), "")
        if name:
            taken.add(name)
            yield Application(name, one.job, one.namespace, one.parameters, one.without_failures)
