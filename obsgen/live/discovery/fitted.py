"""What was found as the sections of a spec, each choice with its reason above it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from obsgen.live.discovery.applications import Application
from obsgen.live.discovery.packs import Judged
from obsgen.live.discovery.reads import LAYERS
from obsgen.live.discovery.recognising import Kind
from obsgen.live.discovery.types import Field, Found
from obsgen.spec.installation import NO_INSTALLATION
from obsgen.spec.layers import Layer
from obsgen.spec.starter import Entry, Value

_RUNBOOKS = (
    "Where the emitted runbooks can be read once they are in your repository, so that alerts link to them:",
    'runbooks: {base_url: "https://git.example.com/ops/monitoring/blob/main/manifests/runbooks"}',
)
# What obsgen's own monitors bring from where nothing is scraped yet.
_FIRST = {"infrastructure": ("node",), "kubernetes": ("kubelet", "workloads", "capacity", "kube-state-metrics")}
_OPERATOR = (
    "Under prometheus-operator: the namespace and the service account of the Prometheus object, and the labels that it "
    "selects rules and monitors by (namespace, service_account, selector_labels)."
)


def sections(found: Found) -> dict[str, Entry]:
    """The spec between its head and its routing."""
    made = {"environment": Entry(dict(_environment(found)), after=(*_seen(found), *_RUNBOOKS))}
    nothing = not any(pack.used for pack in found.packs)
    for layer in LAYERS:
        packs = [pack for pack in found.packs if pack.layer == layer]
        made[layer] = _first(layer) if nothing else Entry(dict(_used(packs)), after=tuple(_left_out(layer, found)))
    if found.applications:
        made["applications"] = Entry({one.name: _application(one) for one in found.applications}, _TEAMS)
    return made


_TEAMS = "Jobs that count requests or orders. Put the team that owns each in the place of platform."


def _environment(found: Found) -> Iterator[tuple[str, Entry]]:
    yield "cluster", Entry(found.cluster.name, found.cluster.why)
    yield "distribution", Entry(found.distribution.name, found.distribution.why)
    if found.installation.name != NO_INSTALLATION:
        yield "installation", _installation(found.installation)
    if found.cluster_on:
        told = "every series carries cluster" if found.cluster_on == "series" else "no series carries cluster"
        yield "cluster_on", Entry(found.cluster_on, f"Here {told}.")
    if found.moves or found.dead:
        yield "sources", Entry(dict(_sources(found)), "What is otherwise here than usual.")
    unknown = found.installation.name == NO_INSTALLATION
    for part in ("prometheus", "alertmanager", "grafana"):
        fields = {name: Entry(_value(value), why) for name, (value, why) in found.written.get(part, {}).items()}
        why = f"{found.installation.why}. {_OPERATOR}".lstrip(". ") if unknown and part == "prometheus" else ""
        if fields or why:
            yield part, Entry(fields, why)


def _value(field: Field) -> Value:
    return {name: Entry(one) for name, one in field.items()} if isinstance(field, Mapping) else field


def _installation(kind: Kind) -> Entry:
    return Entry({"kind": Entry(kind.name), **{name: Entry(value) for name, value in kind.options.items()}}, kind.why)


def _sources(found: Found) -> Iterator[tuple[str, Entry]]:
    for name, move in found.moves.items():
        yield name, Entry({"selector": Entry(move.selector)}, move.why)
    for name, why in found.dead.items():
        if name not in found.moves:
            reason = "What reads it is left out. Take this out once it is scraped."
            yield name, Entry({"absent": Entry(why)}, reason)


def _seen(found: Found) -> Iterator[str]:
    if found.seen:
        yield f"Versions seen: {', '.join(f'{program} {version}' for program, version in found.seen.items())}."


def _first(layer: Layer) -> Entry:
    why = "Nothing of the platform is scraped yet; obsgen's own monitors bring these."
    return Entry({name: Entry() for name in _FIRST[layer]}, why)


def _used(packs: Iterable[Judged]) -> Iterator[tuple[str, Entry]]:
    for pack in packs:
        if pack.used:
            switches = {name: Entry(on, why) for name, (on, why) in pack.switches.items()}
            yield pack.name, Entry({"parameters": Entry(switches)} if switches else None, pack.why)


def _left_out(layer: Layer, found: Found) -> Iterator[str]:
    left = {pack.name: pack.why for pack in found.packs if pack.layer == layer and not pack.used}
    left |= {name: why for name, (own, why) in found.absent.items() if own == layer}
    if left:
        yield "Left out, for there is nothing for them to read now; obsgen's own monitors bring it where one is added:"
    for name, why in left.items():
        yield f"- {name}: {why}"


def _application(one: Application) -> Entry:
    fields: dict[str, Entry] = {"team": Entry("platform"), "namespace": Entry(one.namespace)}
    if one.name != one.job:
        fields["selector"] = Entry(f'job="{one.job}",namespace="{one.namespace}"')
    fields["parameters"] = Entry({name: Entry(value) for name, value in one.parameters.items()})
    unknown = ", ".join(one.without_failures)
    why = f"No label of {unknown} tells failures from successes: say which series are the failures." if unknown else ""
    return Entry(fields, why)
