"""Resolve: a loaded spec becomes the model, or every reason why it cannot."""

from __future__ import annotations

from dataclasses import replace

from obsgen.diagnostics import Diagnostic, Findings
from obsgen.model.stack import Stack
from obsgen.resolve.clusters import check_clusters
from obsgen.resolve.component import resolve_component
from obsgen.resolve.routing import resolve_routing
from obsgen.resolve.surroundings import surrounded
from obsgen.resolve.telling import resolve_installation
from obsgen.spec.budget import Budget
from obsgen.spec.load import LoadedSpec, Use, pack_uses


def resolve_stack(loaded: LoadedSpec) -> Stack:
    """The model of the spec; `Diagnosed` with every mistake of meaning."""
    findings, budget = Findings(), Budget()
    around = surrounded(loaded, findings)
    findings.add(*loaded.mistakes)
    spec = loaded.spec.model_copy(update={"environment": around.environment})
    loaded = replace(loaded, spec=spec)
    components, notes, seen, used = [], [], dict[str, Use](), []
    for use in pack_uses(spec):
        if use.name in seen:
            other = loaded.places.of_key(*seen[use.name].path)
            message = f"two components are called '{use.name}': the other stands at {other}"
            where = loaded.places.of_key(*use.path)
            findings.error("OBS217", message, where, "names must differ over all layers: alerts carry them")
            continue
        seen[use.name] = use
        if use.pack not in loaded.packs:
            continue
        absent = [_not_here(use, loaded, who, why) for who, why in around.absent(use.pack)]
        if absent and not _is_found(use):
            notes.append(absent[0])
            continue
        component = resolve_component(use, loaded, around, findings, budget)
        if not component.empty:
            used.append(use)
            components.append(component)
    routing = resolve_routing(loaded, findings)
    check_clusters(loaded, findings)
    installation = resolve_installation(loaded.surroundings.installation, around, tuple(used), findings)
    findings.stop()
    return Stack(
        name=spec.metadata.name,
        team=spec.metadata.team,
        environment=spec.environment,
        capacity=spec.capacity,
        routing=routing,
        components=tuple(components),
        files=loaded.files,
        root=loaded.root,
        places=loaded.places,
        rate_window=around.rate_window,
        notes=(*notes, *findings.noted),
        installation=installation,
    )


def _is_found(use: Use) -> bool:
    """Whether the spec itself says where it is scraped, and so knows that it is there."""
    return any(job.targets or job.selector for job in use.component.scrape.values())


def _not_here(use: Use, loaded: LoadedSpec, who: str, why: str) -> Diagnostic:
    message = f"'{use.name}' is left out on {who}: {why}"
    hint = "take it out of the spec, or say under its 'scrape' how it is scraped here"
    return Diagnostic("OBS218", message, loaded.places.of_key(*use.path), hint, "warning")
