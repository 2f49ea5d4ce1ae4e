"""Resolve: a loaded spec becomes the model, or every reason why it cannot."""

from __future__ import annotations

from obsgen.diagnostics import Diagnostic, Findings
from obsgen.model.stack import Stack
from obsgen.resolve.clusters import check_clusters
from obsgen.resolve.component import resolve_component
from obsgen.resolve.routing import resolve_routing
from obsgen.spec.budget import Budget
from obsgen.spec.load import LoadedSpec, Use, pack_uses
from obsgen.units import Duration

# Four scrapes in a window survive one that is lost; shorter windows go blind without a word.
SCRAPES_IN_A_WINDOW = 4
_USUAL_WINDOW = Duration(300_000)


def resolve_stack(loaded: LoadedSpec) -> Stack:
    """The model of the spec; `Diagnosed` with every mistake of meaning."""
    spec, findings, budget = loaded.spec, Findings(), Budget()
    rate_window = max(_USUAL_WINDOW, spec.environment.prometheus.scrape_interval * SCRAPES_IN_A_WINDOW)
    components, notes, seen = [], [], dict[str, Use]()
    for use in pack_uses(spec):
        if use.name in seen:
            other = loaded.places.of_key(*seen[use.name].path)
            message = f"two components are called '{use.name}': the other stands at {other}"
            where = loaded.places.of_key(*use.path)
            findings.error("OBS217", message, where, "names must differ over all layers: alerts carry them")
            continue
        seen[use.name] = use
        hidden_on = loaded.packs[use.pack].spec.not_on
        if spec.environment.distribution in hidden_on:
            notes.append(_not_here(use, loaded))
            continue
        components.append(resolve_component(use, loaded, rate_window, findings, budget))
    routing = resolve_routing(loaded, findings)
    check_clusters(loaded, findings)
    findings.stop()
    return Stack(
        name=spec.metadata.name,
        team=spec.metadata.team,
        environment=spec.environment,
        capacity=spec.capacity,
        routing=routing,
        components=tuple(components),
        files=loaded.files,
        places=loaded.places,
        rate_window=rate_window,
        notes=(*notes, *findings.noted),
    )


def _not_here(use: Use, loaded: LoadedSpec) -> Diagnostic:
    where = loaded.places.of_key(*use.path)
    distribution = loaded.spec.environment.distribution
    message = f"'{use.name}' is left out: {distribution} does not let anyone scrape it"
    return Diagnostic(
        "OBS218", message, where, "take it out of the spec, or change environment.distribution", "warning"
    )
