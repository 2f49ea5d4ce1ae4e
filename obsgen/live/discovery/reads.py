"""What each pack would read in a cluster: the selectors of its signals, parted by the switches that they need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import yaml

from obsgen.diagnostics import Findings
from obsgen.model.objectives import expressions
from obsgen.model.source import Source
from obsgen.model.stack import Component
from obsgen.programs.scratch import scratch_folder
from obsgen.promql.matcher import Selector
from obsgen.promql.parse import selectors
from obsgen.resolve.stack import resolve_stack
from obsgen.resolve.surroundings import Surrounded, surrounded
from obsgen.spec.layers import Layer
from obsgen.spec.library import pack_folders
from obsgen.spec.load import LoadedSpec, load_spec
from obsgen.spec.pack import PackSpec
from obsgen.spec.root import SpecFile
from obsgen.spec.stack import KIND, EnvironmentSpec

LAYERS: Final[tuple[Layer, ...]] = ("infrastructure", "kubernetes")
# What Prometheus writes of every target says that one is there, not what it exposes.
_OF_THE_SCRAPE: Final = frozenset({"up", "scrape_duration_seconds", "scrape_samples_scraped", "scrape_series_added"})


@dataclass(frozen=True, slots=True)
class Read:
    """A selector, and the source whose series it selects; empty where it is none's."""

    selector: Selector
    source: str

    @property
    def metric(self) -> str:
        """The metric, or the names between which one is chosen."""
        chosen = (one.value for one in self.selector.matchers if one.name == "__name__")
        return self.selector.metric or next(chosen, "")

    @property
    def of_exporter(self) -> bool:
        """Whether an exporter must expose it; a record's name has colons."""
        return self.metric not in _OF_THE_SCRAPE and ":" not in self.metric


@dataclass(frozen=True, slots=True)
class Expression:
    """What a signal, recording or alert evaluates, and what it reads for that."""

    expr: str
    reads: tuple[Read, ...]


@dataclass(frozen=True, slots=True)
class PackReads:
    """What a pack evaluates in any case, and what with each of its switches on."""

    name: str
    layer: Layer
    always: tuple[Expression, ...]
    switches: Mapping[str, tuple[Expression, ...]]
    usual: Mapping[str, bool]
    """Whether each switch is on here unless a spec says otherwise."""

    @property
    def reads(self) -> Iterator[Read]:
        """Every read of it."""
        expressions = (*self.always, *(one for own in self.switches.values() for one in own))
        return (read for one in expressions for read in one.reads)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Every pack of the platform's layers as it would be in one environment, and those that have no place there."""

    packs: tuple[PackReads, ...]
    sources: Mapping[str, Source]
    absent: Mapping[str, tuple[Layer, str]]
    environment: EnvironmentSpec
    """With what the installation says of itself."""


def candidates(environment: Mapping[str, Any]) -> Candidates:
    """All packs in this environment, resolved with all of their switches on."""
    loaded = _switched_on(_loaded(environment))
    around, stack = surrounded(loaded, Findings()), resolve_stack(loaded)
    sources = {name: one for component in stack.components for name, one in component.sources.items()}
    absent = {name: (pack.layer, why) for name, pack in loaded.packs.items() for _, why in around.absent(name)}
    reads = tuple(_reads(one, loaded.packs[one.pack].spec, around) for one in stack.components)
    return Candidates(reads, sources, absent, around.environment)


def _loaded(environment: Mapping[str, Any]) -> LoadedSpec:
    folders = pack_folders().values()
    spec: dict[str, Any] = {
        "apiVersion": "obsgen.dev/v1",
        "kind": KIND,
        "metadata": {"name": "candidates"},
        "environment": environment,
        "routing": {"default": "nobody", "receivers": {"nobody": {"webhook": {"url": "http://localhost/"}}}},
    }
    for layer in LAYERS:
        spec[layer] = {one.name: None for one in folders if one.layer == layer}
    with scratch_folder() as folder:
        path = folder / "candidates.yaml"
        path.write_text(yaml.safe_dump(spec), encoding="utf-8")
        return load_spec(SpecFile(path, folder))


def _switched_on(loaded: LoadedSpec) -> LoadedSpec:
    """Only the packs themselves say which switches they have."""
    changed: dict[str, Any] = {
        layer: {
            name: one.model_copy(update={"parameters": dict.fromkeys(_switches(loaded.packs[name].spec), True)})
            for name, one in getattr(loaded.spec, layer).items()
        }
        for layer in LAYERS
    }
    return replace(loaded, spec=loaded.spec.model_copy(update=changed))


def _switches(pack: PackSpec) -> list[str]:
    return [name for name, one in pack.parameters.items() if one.type == "switch"]


def _reads(component: Component, pack: PackSpec, around: Surrounded) -> PackReads:
    switches, normal = _switches(pack), around.normal_for(component.pack).parameters
    needing: dict[str, list[Expression]] = {name: [] for name in ("", *switches)}
    for expr, needs in _expressions(component, pack):
        wanted = [name for name in needs if name in switches]
        # What takes several switches says nothing of each.
        if len(wanted) <= 1:
            needing[wanted[0] if wanted else ""].append(Expression(expr, tuple(_selected(expr, component))))
    usual = {name: bool(normal[name][0] if name in normal else pack.parameters[name].default) for name in switches}
    own = {name: tuple(dict.fromkeys(expressions)) for name, expressions in needing.items()}
    return PackReads(component.pack, component.layer, own.pop(""), own, usual)


def _expressions(component: Component, pack: PackSpec) -> Iterator[tuple[str, list[str]]]:
    for name, signal in component.signals.items():
        yield signal.expr, pack.signals[name].needs
    written = {one.record: one.needs for one in pack.recordings}
    for recording in component.recordings:
        yield recording.expr, written.get(recording.record, [])
    for alert in component.alerts:
        if alert.expr:
            yield alert.expr, pack.alerts[alert.name].needs or []
    for objective in component.objectives:
        yield from ((expr, []) for expr in expressions(objective.sli))


def _selected(expr: str, component: Component) -> Iterator[Read]:
    for selector in selectors(expr):
        given = (name for name, one in component.sources.items() if one.gives(selector.matchers))
        yield Read(selector, next(given, ""))
