"""Resolve: a loaded spec becomes the model, or every reason why it cannot."""

from __future__ import annotations

from obsgen.diagnostics import Diagnostic, Findings, did_you_mean
from obsgen.model.stack import Stack
from obsgen.resolve.component import resolve_component
from obsgen.spec.load import LoadedSpec, Use, pack_uses
from obsgen.units import Duration

# Four scrapes in a window survive one that is lost; shorter windows go blind without a word.
SCRAPES_IN_A_WINDOW = 4
_USUAL_WINDOW = Duration(300_000)


def resolve_stack(loaded: LoadedSpec) -> Stack:
    """The model of the spec; `Diagnosed` with every mistake of meaning."""
    spec, findings = loaded.spec, Findings()
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
        components.append(resolve_component(use, loaded, rate_window, findings))
    _routing(loaded, findings)
    findings.stop()
    return Stack(
        name=spec.metadata.name,
        team=spec.metadata.team,
        environment=spec.environment,
        capacity=spec.capacity,
        routing=spec.routing,
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


def _routing(loaded: LoadedSpec, findings: Findings) -> None:
    """Every receiver that is named exists, says where to send, and every team can be told."""
    routing, places = loaded.spec.routing, loaded.places
    named: dict[tuple[str, ...], str] = {("routing", "default"): routing.default}
    if routing.watchdog:
        named["routing", "watchdog"] = routing.watchdog
    named |= {("routing", "actions", action): receiver for action, receiver in routing.actions.items()}
    for team, receivers in routing.teams.items():
        named |= {("routing", "teams", team, severity): name for severity, name in receivers.items()}
    for path, receiver in named.items():
        if receiver not in routing.receivers:
            hint = did_you_mean(receiver, routing.receivers, noun="receivers that are defined")
            message = f"receiver '{receiver}' is not defined"
            findings.error("OBS220", message, places.of(*path), hint)
    for name, spec in routing.receivers.items():
        if not spec.model_fields_set:
            where = places.of_key("routing", "receivers", name)
            hint = f"name at least one of {', '.join(type(spec).model_fields)}"
            findings.error("OBS221", f"receiver '{name}' sends nowhere", where, hint)
    _teams(loaded, findings)


def _teams(loaded: LoadedSpec, findings: Findings) -> None:
    """A team that owns something but has no route would hear only through the default receiver."""
    known = loaded.spec.routing.teams
    for use in pack_uses(loaded.spec):
        team = use.component.team
        if team and team not in known:
            where = loaded.places.of(*use.path, "team")
            near = did_you_mean(team, known)
            hint = near if near.startswith("did") else f"add it: teams: {{{team}: {{default: <receiver>}}}}"
            findings.error("OBS222", f"team '{team}' has no entry under routing.teams", where, hint)
