"""Scrape jobs as they are declared: what is scraped, where, and on which port."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from obsgen.document import json_text
from obsgen.report.columns import columns
from obsgen.spec.library import Pack, load_pack, pack_folders
from obsgen.spec.sources import ScrapeSpec, SourceSpec
from obsgen.spec.surroundings import shared_sources
from obsgen.spec.template import names_in

_NAMESPACES: Final = {
    "${prometheus_namespace}": "the namespace of Prometheus",
    "": "the namespace of the component",
}


@dataclass(frozen=True, slots=True)
class DeclaredJob:
    """A job, and the source whose series it brings; none where the job is a component's own."""

    name: str
    source: str
    spec: ScrapeSpec

    def told(self) -> str:
        """The job in one line, for people."""
        spec = self.spec
        if spec.targets:
            place = ", ".join(spec.targets)
        else:
            kind = "pods" if spec.pods else "Services"
            labels = ",".join(f"{label}={value}" for label, value in (spec.selector or {}).items())
            namespace = _NAMESPACES.get(spec.namespace or "", spec.namespace)
            place = f"{kind} {labels} in {namespace}, port {spec.port}"
        return f"{place}, {spec.scheme or 'http'} {spec.path or '/metrics'}"

    def body(self) -> dict[str, object]:
        """The job for programs."""
        spec = self.spec
        return {
            "job": self.name,
            "source": self.source,
            "namespace": spec.namespace or "",
            "selector": dict(spec.selector or {}),
            "pods": bool(spec.pods),
            "targets": list(spec.targets or ()),
            "port": spec.port or "",
            "path": spec.path or "/metrics",
            "scheme": spec.scheme or "http",
        }


def render_jobs(form: str) -> str:
    """A line for each job of each shipped pack, by layer."""
    shared = shared_sources().spec.sources
    packs = [load_pack(folder) for folder in pack_folders().values()]
    if form == "json":
        return json_text({pack.name: [job.body() for job in jobs_of(pack, shared)] for pack in packs}).rstrip("\n")
    return "\n".join(columns([pack.name, job.name, job.told()] for pack in packs for job in jobs_of(pack, shared)))


def jobs_of(pack: Pack, shared: Mapping[str, SourceSpec]) -> Iterator[DeclaredJob]:
    """Every job that a pack's rules and panels rest on: its own, and those of the sources that it declares or reads."""
    for name, job in pack.spec.scrape.items():
        yield DeclaredJob(name, "", job)
    known = {**shared, **pack.spec.sources}
    for name in sources_of(pack):
        if name in known:
            yield from jobs_of_source(name, known[name])


def jobs_of_source(name: str, source: SourceSpec) -> Iterator[DeclaredJob]:
    """The jobs by which obsgen scrapes a source."""
    for job, spec in (source.scrape or {}).items():
        yield DeclaredJob(job, name, spec)


def sources_of(pack: Pack) -> list[str]:
    """The sources that a pack declares, and those that its templates name."""
    return list(dict.fromkeys((*pack.spec.sources, *_named(pack.spec.model_dump()))))


def _named(written: object) -> Iterator[str]:
    """The sources that the templates in what is written ask for."""
    if isinstance(written, str):
        yield from sorted(path[1] for path in names_in(written) if path[0] == "sources" and len(path) > 1)
    elif isinstance(written, dict | list):
        for one in written.values() if isinstance(written, dict) else written:
            yield from _named(one)
