"""Scrape jobs: the pack's, as the spec changes them, with the environment's interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from obsgen.diagnostics import Diagnostic, Location
from obsgen.model.source import LeftJob, ScrapeJob, Source
from obsgen.resolve.scope import Scope
from obsgen.resolve.signals import missing_parameters
from obsgen.resolve.sources import Declared
from obsgen.spec.names import is_dns_label, is_label_value, is_pod_port
from obsgen.spec.sources import ScrapeSpec
from obsgen.units import Duration

_DNS_LABEL = "write at most 63 lower-case letters, digits and dashes"
_DEFAULT_TIMEOUT = Duration(10_000)


def resolve_scrape(scope: Scope, interval: Duration) -> tuple[ScrapeJob, ...]:
    """Every enabled scrape job of the component itself whose parameters are given."""
    changes = scope.use.component.scrape
    declared = _declared(scope)
    of_sources = _of_sources(scope)
    jobs = []
    for name in [*declared, *(name for name in changes if name not in declared and name not in of_sources)]:
        fields = {**_given(declared.get(name)), **_given(changes.get(name))}
        where = _place(name, scope)
        lacking = missing_parameters(fields.get("needs") or [], scope)
        if fields.get("enabled") is not False and not lacking:
            jobs.append(_job(name, fields, scope, interval, where))
        elif name in changes and lacking:
            why, remedy = f"it is scraped only with the parameter '{lacking[0]}'", f"give parameters.{lacking[0]}"
            scope.findings.add(_idle(name, why, remedy, scope))
    return tuple(job for job in jobs if job)


def left_jobs(scope: Scope) -> tuple[LeftJob, ...]:
    """Every job that this use of the pack switches off."""
    known = {*_declared(scope), *_of_sources(scope)}
    return tuple(
        LeftJob(name, name in known, scope.places.of_key(*scope.use.path, "scrape", name))
        for name, change in scope.use.component.scrape.items()
        if change.enabled is False
    )


def _declared(scope: Scope) -> Mapping[str, ScrapeSpec]:
    """The jobs of the pack itself."""
    return {scope.text(name, scope.pack_place("scrape", name)): spec for name, spec in scope.pack.spec.scrape.items()}


def _of_sources(scope: Scope) -> set[str]:
    return {name for one in scope.sources.values() for name in one.jobs}


def resolve_source_jobs(scope: Scope, interval: Duration) -> dict[str, Source]:
    """The sources that the component's templates name, each with the jobs by which obsgen scrapes it here."""
    return {name: _with_jobs(one, scope, interval) for name, one in scope.sources.items()}


def _with_jobs(declared: Declared, scope: Scope, interval: Duration) -> Source:
    changes, jobs = scope.use.component.scrape, []
    for name, (spec, where) in declared.jobs.items():
        changed = changes.get(name)
        # What others scrape, or what is not there, is scraped only where a component asks for it.
        wanted = not (declared.source.scraped_by or declared.source.absent) or bool(changed and changed.enabled)
        fields = {**_given(spec), **_given(changed)}
        if changed and not wanted:
            scope.findings.add(_idle(name, *_not_ours(declared.source), scope))
        if wanted and fields.get("enabled") is not False:
            place = scope.places.of_key(*scope.use.path, "scrape", name) if changed else where
            jobs.append(_job(name, fields, scope, interval, place))
    return replace(declared.source, jobs=tuple(job for job in jobs if job))


def _idle(name: str, why: str, remedy: str, scope: Scope) -> Diagnostic:
    """What is said of a job that obsgen does not write in any case."""
    off = scope.use.component.scrape[name].enabled is False
    message = f"{'switching off' if off else 'changing'} scrape job '{name}' does nothing: {why}"
    where = scope.places.of_key(*scope.use.path, "scrape", name)
    return Diagnostic("OBS637", message, where, "take it out" if off else f"take it out, or {remedy}", "warning")


def _not_ours(source: Source) -> tuple[str, str]:
    """Why no job of obsgen's scrapes it, and how one would."""
    ours = f"environment: {{sources: {{{source.name}: {{elsewhere: false}}}}}}"
    if not source.absent:
        return f"it is scraped by {source.scraped_by}", f"let obsgen alone scrape it: {ours}"
    there = f"environment: {{sources: {{{source.name}: {{selector: <matchers>}}}}}}"
    return f"source '{source.name}' is absent: {source.absent}", f"say what its series look like: {there}"


def _given(spec: ScrapeSpec | None) -> Mapping[str, Any]:
    return {} if spec is None else {name: getattr(spec, name) for name in spec.model_fields_set}


def _place_of_timeout(name: str, scope: Scope) -> Location | None:
    """Where this use of the pack sets it; what the pack says is not the user's to change."""
    changed = scope.use.component.scrape.get(name)
    return scope.spec_place("scrape", name, "timeout") if changed and changed.timeout else None


def _place(name: str, scope: Scope) -> Location:
    if name in scope.use.component.scrape:
        return scope.places.of_key(*scope.use.path, "scrape", name)
    return scope.pack.places.of_key("scrape", name)


def _job(name: str, fields: Mapping[str, Any], scope: Scope, interval: Duration, where: Location) -> ScrapeJob | None:
    targets, selector = fields.get("targets") or (), fields.get("selector") or {}
    if not targets and not (selector and fields.get("port")):
        message = f"scrape job '{name}' does not say what to scrape"
        hint = "give the labels of the Service under 'selector' and the name of its 'port', or fixed 'targets'"
        scope.findings.error("OBS212", message, where, hint)
        return None
    interval = fields.get("interval") or interval
    timeout = fields.get("timeout") or min(interval, _DEFAULT_TIMEOUT)
    if timeout > interval:
        message = f"scrape job '{name}' times out after {timeout}, longer than its interval of {interval}"
        hint = "Prometheus refuses such a job: shorten 'timeout' or lengthen 'interval'"
        scope.findings.error("OBS213", message, _place_of_timeout(name, scope) or where, hint)
    tls = fields.get("tls")
    job = ScrapeJob(
        name=name,
        namespace=scope.text(fields.get("namespace") or scope.names["namespace"], where),
        selector={label: scope.text(value, where) for label, value in selector.items()},
        pods=bool(fields.get("pods")),
        targets=tuple(targets),
        port=fields.get("port") or "",
        path=fields.get("path") or "/metrics",
        scheme=fields.get("scheme") or "http",
        interval=interval,
        timeout=timeout,
        service_account_token=bool(fields.get("service_account_token")),
        honor_labels=bool(fields.get("honor_labels")),
        tls=tls.model_dump(exclude_defaults=True) if tls else {},
        labels_from=fields.get("labels_from") or {},
        drop_metrics=tuple(fields.get("drop_metrics") or ()),
        origin=where,
    )
    _refuse_names(job, scope)
    return job


def _refuse_names(job: ScrapeJob, scope: Scope) -> None:
    """Note what nothing in Kubernetes can be called, so that the job would find nothing."""
    told = f"scrape job '{job.name}'"
    # The job's name becomes a part of its object's, and of a file's.
    if not is_dns_label(job.name):
        scope.findings.error("OBS273", f"{told} has a name that no object can have", job.origin, _DNS_LABEL)
    if job.targets:
        return
    if not is_dns_label(job.namespace):
        message = f"{told} looks in namespace '{job.namespace}', which is no name of one"
        scope.findings.error("OBS273", message, job.origin, _DNS_LABEL)
    for label, value in job.selector.items():
        if not is_label_value(value):
            message = f"{told} looks for {label}={value}, which no label can have as its value"
            scope.findings.error("OBS273", message, job.origin, "write at most 63 letters, digits, -, _ and .")
    if job.pods and not is_pod_port(job.port):
        message = f"{told} looks for the port '{job.port}' of pods, which is no name of one"
        hint = "a container's port has at most 15 lower-case letters, digits and single dashes; a Service's may have 63"
        scope.findings.error("OBS273", message, job.origin, hint)
