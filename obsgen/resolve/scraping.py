"""Scrape jobs: the pack's, as the spec changes them, with the environment's interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from obsgen.diagnostics import Location
from obsgen.model.source import ScrapeJob, Source
from obsgen.resolve.scope import Scope
from obsgen.resolve.signals import missing_parameters
from obsgen.resolve.sources import Declared
from obsgen.spec.sources import ScrapeSpec
from obsgen.units import Duration

_DEFAULT_TIMEOUT = Duration(10_000)


def resolve_scrape(scope: Scope, interval: Duration) -> tuple[ScrapeJob, ...]:
    """Every enabled scrape job of the component itself whose parameters are given."""
    changes = scope.use.component.scrape
    declared = {
        scope.text(name, scope.pack_place("scrape", name)): spec for name, spec in scope.pack.spec.scrape.items()
    }
    of_sources = {name for one in scope.sources.values() for name in one.jobs}
    jobs = []
    for name in [*declared, *(name for name in changes if name not in declared and name not in of_sources)]:
        fields = {**_given(declared.get(name)), **_given(changes.get(name))}
        where = _place(name, scope)
        if fields.get("enabled") is not False and not missing_parameters(fields.get("needs") or [], scope):
            jobs.append(_job(name, fields, scope, interval, where))
    return tuple(job for job in jobs if job)


def resolve_source_jobs(scope: Scope, interval: Duration) -> dict[str, Source]:
    """The sources that the component's templates name, each with the jobs by which obsgen scrapes it here."""
    return {name: _with_jobs(one, scope, interval) for name, one in scope.sources.items()}


def _with_jobs(declared: Declared, scope: Scope, interval: Duration) -> Source:
    changes, jobs = scope.use.component.scrape, []
    for name, (spec, where) in declared.jobs.items():
        changed = changes.get(name)
        # What others scrape is scraped once more only where a component asks for it.
        wanted = not declared.source.scraped_by or bool(changed and changed.enabled)
        fields = {**_given(spec), **_given(changed)}
        if wanted and fields.get("enabled") is not False:
            place = scope.places.of_key(*scope.use.path, "scrape", name) if changed else where
            jobs.append(_job(name, fields, scope, interval, place))
    return replace(declared.source, jobs=tuple(job for job in jobs if job))


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
    return ScrapeJob(
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
