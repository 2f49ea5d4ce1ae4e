"""The environment with what the installation says of itself where the spec does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from obsgen.diagnostics import Findings, did_you_mean
from obsgen.spec.expression.fault import TemplateFault
from obsgen.spec.expression.values import Names
from obsgen.spec.installation import NO_INSTALLATION, InstallationSpec
from obsgen.spec.mistakes import validate
from obsgen.spec.source import Places, Source
from obsgen.spec.stack import AlertmanagerSpec, EnvironmentSpec, GrafanaSpec, PrometheusSpec
from obsgen.spec.tables import Table
from obsgen.spec.template import render

_PARTS: Mapping[str, type[BaseModel]] = {
    "prometheus": PrometheusSpec,
    "alertmanager": AlertmanagerSpec,
    "grafana": GrafanaSpec,
}


def installation_names(
    environment: EnvironmentSpec, table: Table[InstallationSpec], places: Places, findings: Findings
) -> dict[str, str]:
    """The options as they are chosen and the names that follow from them; what is wrong with one is noted."""
    chosen, spec = environment.installation.options, table.spec
    # What stands in for an installation that is not there knows nothing of its options.
    known = table.name != NO_INSTALLATION or environment.installation.kind == NO_INSTALLATION
    for name, value in chosen.items() if known else ():
        if name not in spec.options:
            hint = did_you_mean(name, spec.options, noun="its options", otherwise="it has none: take it out")
            where = places.of_key("environment", "installation", name)
            findings.error("OBS261", f"installation '{table.name}' has no option '{name}'", where, hint)
        elif not value.strip():
            where = places.of("environment", "installation", name)
            hint = f"leave it out for its default: {spec.options[name].default or 'nothing'}"
            findings.error("OBS261", f"the option '{name}' of installation '{table.name}' is empty", where, hint)
        elif spec.options[name].choices and value not in spec.options[name].choices:
            hint = did_you_mean(value, spec.options[name].choices, noun="choices")
            where = places.of("environment", "installation", name)
            findings.error("OBS261", f"installation '{table.name}' has no {name} '{value}'", where, hint)
    names = {name: chosen.get(name, option.default) for name, option in spec.options.items()}
    for name, template in spec.names.items():
        names[name] = rendered(template, {"installation": names}, table, ("names", name), findings)
    return names


def completed(
    environment: EnvironmentSpec, table: Table[InstallationSpec], names: Mapping[str, str], findings: Findings
) -> EnvironmentSpec:
    """What is written wins over what the installation says; both win over the defaults."""
    changes: dict[str, Any] = {"cluster_on": environment.cluster_on or table.spec.cluster_on}
    for part, form in _PARTS.items():
        given = table.spec.environment.get(part)  # type: ignore[call-overload]
        if given:
            path = ("environment", part)
            said = rendered(given, {"installation": names}, table, path, findings)
            usual = validate(form, Source(said, _below(table.places, path)))
            written = getattr(environment, part)
            unsaid = usual.model_fields_set - written.model_fields_set
            changes[part] = written.model_copy(update={name: getattr(usual, name) for name in unsaid})
    return environment.model_copy(update=changes)


def _below(places: Places, path: tuple[str, ...]) -> Places:
    """The places of what stands below a path, as those of a document of its own."""
    length = len(path)
    keys, values = (
        {at[length:]: place for at, place in found.items() if at[:length] == path}
        for found in (places.keys, places.values)
    )
    return Places(places.of(*path), keys, values)


def rendered(
    value: Any, names: Names, table: Table[InstallationSpec], path: tuple[str | int, ...], findings: Findings
) -> Any:
    """What the table says at `path`, every text in it rendered; a fault is noted at its place and reads as empty."""
    if isinstance(value, Mapping):
        return {key: rendered(one, names, table, (*path, key), findings) for key, one in value.items()}
    if isinstance(value, list):
        return [rendered(one, names, table, (*path, number), findings) for number, one in enumerate(value)]
    if not isinstance(value, str):
        return value
    try:
        return render(value, names)
    except TemplateFault as fault:
        hint = did_you_mean(fault.name, fault.known, noun="names at hand") if fault.name else None
        findings.error("OBS210", str(fault), table.places.of(*path).inside(fault.written, fault.offset), hint)
        return ""
