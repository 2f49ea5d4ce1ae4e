"""What the installation must be told about a stack, and which of its own alerts that leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

from obsgen.diagnostics import Findings
from obsgen.model.installation import Brought, Installation, Mounting
from obsgen.resolve.environment import rendered
from obsgen.resolve.surroundings import Surrounded
from obsgen.spec.installation import (
    NO_INSTALLATION,
    BroughtSpec,
    InstallationSpec,
    TellingSpec,
    ToldSpec,
    WhenSpec,
)
from obsgen.spec.load import Use
from obsgen.spec.stack import EnvironmentSpec
from obsgen.spec.tables import Table


def resolve_installation(
    table: Table[InstallationSpec], around: Surrounded, used: tuple[Use, ...], findings: Findings
) -> Installation | None:
    """The installation as this stack leaves it, for the packs that it uses; None where there is none."""
    if table.name == NO_INSTALLATION:
        return None
    spec, packs = table.spec, {use.pack for use in used}
    telling = spec.telling or TellingSpec(form="list")
    names = {"installation": around.names, "environment": _names(around.environment)}

    def said(value: Any, *path: str | int) -> Any:
        return rendered(value, names, table, ("telling", *path), findings)

    told = [(number, one) for number, one in enumerate(telling.also) if _holds(one.when, around, used)]
    values = [said(one.values, "also", number, "values") for number, one in told]
    rules = tuple(_brought(one, packs) for one in spec.rules)
    off = [dict(one.off) for one, brought in zip(spec.rules, rules, strict=True) if brought.off]
    return Installation(
        kind=table.name,
        title=spec.title,
        docs=spec.docs,
        seen=spec.seen,
        apply=said(telling.apply or "", "apply"),
        mounts=Mounting(telling.mounts.at, telling.mounts.folder) if telling.mounts else None,
        values=reduce(_merged, [*off, said(telling.values, "values"), *values], {}),
        steps=(*said(telling.steps, "steps"), *_steps(told, said)),
        reasons=tuple((tuple(_paths(one)), what.why) for one, (_, what) in zip(values, told, strict=True) if one),
        rules=rules,
        alerts=(*spec.alerts, *_staying(spec.rules, rules)),
    )


def _brought(rules: BroughtSpec, packs: set[str]) -> Brought:
    return Brought(rules.switch, tuple(rules.groups), rules.alerts, tuple(rules.packs), packs.issuperset(rules.packs))


def _staying(written: Sequence[BroughtSpec], rules: Sequence[Brought]) -> Iterator[str]:
    """Alerts of severity none that are not switched off."""
    for one, brought in zip(written, rules, strict=True):
        yield from () if brought.off else one.severity_none


def _steps(told: list[tuple[int, ToldSpec]], said: Any) -> Iterator[str]:
    for number, one in told:
        yield from said(one.steps, "also", number, "steps")


def _names(environment: EnvironmentSpec) -> dict[str, Any]:
    """What templates may name of the environment."""
    here = environment.prometheus.namespace
    return {
        "cluster": environment.cluster,
        "prometheus": {"namespace": here, "service_account": environment.prometheus.service_account},
        "alertmanager": {
            "namespace": environment.alertmanager.namespace or here,
            "secret": environment.alertmanager.secret,
        },
        "grafana": {"namespace": environment.grafana.namespace or here, "folder": environment.grafana.folder},
    }


def _holds(when: WhenSpec, around: Surrounded, used: tuple[Use, ...]) -> bool:
    environment = around.environment
    if when.routing not in (None, environment.alertmanager.delivery):
        return False
    if when.dashboards not in (None, environment.grafana.delivery):
        return False
    return all(
        any(_parameter(use, name, around) == value for use in used if use.pack == pack)
        for pack, given in when.parameters.items()
        for name, value in given.items()
    )


def _parameter(use: Use, name: str, around: Surrounded) -> Any:
    usual = around.normal_for(use.pack).parameters.get(name, (None, None))[0]
    return use.component.parameters.get(name, usual)


def _merged(values: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Both, the later winning where both say something that is no group of values."""
    both = dict(values)
    for name, value in more.items():
        inner = both.get(name)
        both[name] = _merged(inner, value) if isinstance(inner, dict) and isinstance(value, Mapping) else value
    return both


def _paths(values: Any, before: str = "") -> Iterator[str]:
    """Where a chart finds each value: names with dots between them."""
    if not isinstance(values, Mapping):
        yield before
        return
    for name, value in values.items():
        yield from _paths(value, f"{before}.{name}" if before else name)
