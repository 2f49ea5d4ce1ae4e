"""What was taken over, as the `applications:` of a spec."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from textwrap import indent
from typing import Any

from obsgen.diagnostics import Diagnostic, Findings, Location
from obsgen.document import yaml_text
from obsgen.exchange.taken import TakenObjective, TakenService, object_name
from obsgen.model.stack import RESERVED_LABELS
from obsgen.promql.matcher import LABEL_NAME, Matcher

# Labels that targets have before anything is measured, so that `up` has them too.
_OF_TARGETS = ("job", "service", "app", "container", "instance", "namespace")
# Labels that come with every series, or that obsgen sets from fields of their own.
_NOT_COPIED = (*RESERVED_LABELS, "cluster", "namespace")
_CHOOSE_TEAM = "choose the team that owns the service and hears its alerts"
_CHOOSE_NAMESPACE = "choose the namespace that the service runs in"
_SCRAPED = "others scrape this; where obsgen is to, say here which Service and which port"
_CHOOSE_SELECTOR = "choose what selects the service's targets: every query below is narrowed by it"


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of the component, and what the user still has to choose about it."""

    name: str
    value: Any
    choose: str | None = None
    said: str = ""

    def text(self) -> str:
        """The field as YAML, its comment above it."""
        comment = self.choose or self.said
        return (f"# {comment}\n" if comment else "") + yaml_text({self.name: self.value})


def fragment(services: Mapping[str, TakenService], objectives: Sequence[TakenObjective], found: Findings) -> str:
    """The YAML, one component for each service that has objectives; empty where there are none."""
    components: dict[str, list[TakenObjective]] = {}
    facts: dict[str, TakenService] = {}
    for one in objectives:
        name = object_name(one.service) or "service"
        components.setdefault(name, []).append(one)
        facts[name] = facts.get(name, TakenService()).or_else(services.get(one.service, TakenService()))
    texts = [_component(name, facts[name], own, found) for name, own in components.items()]
    return "applications:\n" + "\n".join(indent(text, "  ") for text in texts) if texts else ""


def _component(name: str, service: TakenService, objectives: Sequence[TakenObjective], found: Findings) -> str:
    common = _common_matchers(objectives)
    namespace = next((one.value for one in common if one.name == "namespace"), None) or service.namespace
    selects = any(one.name != "namespace" for one in common)
    selector = ",".join(str(one) for one in common) or f'job="{name}"'
    fields = [
        _Field("team", service.team or "choose-team", None if service.team else _CHOOSE_TEAM),
        _Field("namespace", namespace or "choose-namespace", None if namespace else _CHOOSE_NAMESPACE),
        _Field("selector", selector, None if selects else _CHOOSE_SELECTOR),
    ]
    place = objectives[0].place
    for field in fields:
        if field.choose:
            message = f"the source does not say the {field.name} of '{name}'"
            found.add(Diagnostic("OBS614", message, place, f"{field.choose}, in the line under the comment", "warning"))
    if jobs := _jobs(objectives) or ([] if selects else [name]):
        fields.append(_Field("scrape", {job: {"enabled": False} for job in jobs}, said=_SCRAPED))
    labels = dict(_labels(service.labels, place, found))
    if labels:
        fields.append(_Field("labels", labels))
    fields.append(_Field("objectives", dict(_named(name, objectives))))
    return f"{name}:\n" + indent("".join(field.text() for field in fields), "  ")


def _jobs(objectives: Sequence[TakenObjective]) -> list[str]:
    """The scrape jobs that the queries name."""
    selectors = (selector for one in objectives for selector in one.indicator.reads)
    return sorted({one.value for each in selectors for one in each.matchers if (one.name, one.op) == ("job", "=")})


def _common_matchers(objectives: Sequence[TakenObjective]) -> list[Matcher]:
    """What every selector of the service demands of its targets."""
    read = [
        {one for one in selector.matchers if one.op == "=" and one.name in _OF_TARGETS}
        for objective in objectives
        for selector in objective.indicator.reads
    ]
    common = reduce(lambda left, right: left & right, read) if read else set()
    return sorted(common, key=lambda one: _OF_TARGETS.index(one.name))


def _labels(written: Mapping[str, str], place: Location, found: Findings) -> Iterator[tuple[str, str]]:
    for name, value in written.items():
        if name not in _NOT_COPIED and LABEL_NAME.fullmatch(name):
            yield name, value
        elif name not in ("team", "namespace"):
            message = f"the label '{name}' of the service is not taken over"
            hint = (
                "every alert has one of that name from obsgen" if name in _NOT_COPIED else "no label can be called so"
            )
            found.add(Diagnostic("OBS613", message, place, hint, "warning"))


def _named(component: str, objectives: Sequence[TakenObjective]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    used: set[str] = set()
    for one in objectives:
        name = wished = object_name(one.name).removeprefix(f"{component}-") or "objective"
        count = 1
        while name in used:
            count += 1
            name = f"{wished[:46]}-{count}"
        used.add(name)
        yield name, _body(one)


def _body(one: TakenObjective) -> Mapping[str, Any]:
    written = {
        "title": one.title,
        "about": one.about,
        "target": one.target,
        "period": one.period,
        **one.indicator.form,
        "by": list(one.indicator.by),
        "alerts": dict(one.alerts),
    }
    return {field: value for field, value in written.items() if value}
