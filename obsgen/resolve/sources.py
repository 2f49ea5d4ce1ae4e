"""Sources: what is shared and what is a pack's own, as distribution, installation and spec change them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from obsgen.diagnostics import Location, did_you_mean
from obsgen.model.source import Source
from obsgen.promql.matcher import Matcher
from obsgen.resolve.arriving import Said, drops, keeps
from obsgen.resolve.parameters import UNREADABLE
from obsgen.resolve.scope import Scope, exemplified, matchers_of
from obsgen.spec.source import Places
from obsgen.spec.sources import ScrapeSpec, SourceSpec


@dataclass(frozen=True, slots=True)
class Layer:
    """Sources as one of the four says them: who it is, and where that stands."""

    sources: Mapping[str, SourceSpec]
    places: Places
    path: tuple[str, ...]
    title: str = ""
    written: bool = False
    """Whether it is the spec itself that says so."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A source with what all layers say; the jobs are as written."""

    source: Source
    jobs: Mapping[str, tuple[ScrapeSpec, Location]]


class Sources(Mapping[str, str]):
    """The selectors of the sources by name, for templates; `declared` are those that were asked for."""

    def __init__(self, layers: Sequence[Layer], scope: Scope) -> None:
        shared, *changes = layers
        own = Layer(scope.pack.spec.sources, scope.pack.places, ("sources",))
        self._layers = (shared, own, *changes)
        self._names = dict.fromkeys((*own.sources, *shared.sources))
        self._scope = scope
        self.declared: dict[str, Declared] = {}

    def __getitem__(self, name: str) -> str:
        if name not in self.declared:
            if name not in self._names:
                raise KeyError(name)
            self.declared[name] = _declared(name, self._layers, self._scope)
        return self.declared[name].source.selector

    def ask_for(self, names: Iterable[str]) -> None:
        """Resolve these, whether or not a template names them."""
        for name in names:
            self[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


_Fields = Mapping[str, Said]


def _declared(name: str, layers: Sequence[Layer], scope: Scope) -> Declared:
    fields = _fields(name, layers, scope)
    first = next(layer for layer in layers if name in layer.sources)
    where = first.places.of_key(*first.path, name)
    return Declared(_source(name, fields, where, scope), _jobs(fields, scope))


def _fields(name: str, layers: Sequence[Layer], scope: Scope, within: tuple[str, ...] = ()) -> _Fields:
    """What the layers say of a source, the later before the earlier; of one that is the same as another, that one's."""
    fields: dict[str, Said] = {}
    for layer in layers:
        spec = layer.sources.get(name)
        if not spec:
            continue
        path = *layer.path, name
        if layer.written and {"selector", "scrape"} & spec.model_fields_set:
            fields.pop("absent", None)  # the spec says how it comes after all
        if spec.same_as:
            fields = dict(_other(spec.same_as, layers, scope, (*within, name), layer.places.of(*path, "same_as")))
        for key in spec.model_fields_set - {"same_as"}:
            value = _changed(fields, spec.scrape) if key == "scrape" and spec.scrape else getattr(spec, key)
            fields[key] = Said(value, layer.places, (*path, key), layer.title)
        if layer.title and not {"scrape", "elsewhere", "same_as"} & spec.model_fields_set:
            # Whoever tells what the series look like brings them, unless a job says otherwise.
            fields["elsewhere"] = Said("selector" in spec.model_fields_set, layer.places, path, layer.title)
    return fields


def _other(name: str, layers: Sequence[Layer], scope: Scope, within: tuple[str, ...], where: Location) -> _Fields:
    """What another source is, which this one is the same as; none where there is no such, which is noted."""
    known = dict.fromkeys(one for layer in layers for one in layer.sources)
    if name in known and name not in within:
        return _fields(name, layers, scope, within)
    told = f"source '{within[-1]}' cannot be the same as '{name}': "
    told += "each would be the other" if name in known else "there is no such source"
    hint = None if name in known else did_you_mean(name, known, noun="sources")
    scope.findings.error("OBS269", told, where, hint)
    return {}


def _changed(fields: _Fields, written: Mapping[str, ScrapeSpec]) -> Mapping[str, ScrapeSpec]:
    """The jobs as written, each with what an earlier layer says of the job of that name."""
    known = _given("scrape", fields) or {}
    return {name: known[name].changed_by(job) if name in known else job for name, job in written.items()}


def _source(name: str, fields: _Fields, where: Location, scope: Scope) -> Source:
    def text(key: str) -> str:
        return scope.text(fields[key].value, fields[key].place()) if _given(key, fields) else ""

    def place(key: str) -> Location:
        return fields[key].place()

    selector, matchers = _selected(fields["selector"], scope) if "selector" in fields else ("", ())
    elsewhere = fields.get("elsewhere")
    return Source(
        name=name,
        selector=selector,
        matchers=matchers,
        layer=fields["layer"].value if "layer" in fields else None,
        scraped_by=(elsewhere.who or "others") if elsewhere and elsewhere.value else "",
        labels={
            label: scope.text(value, fields["labels"].place(label))
            for label, value in dict(_given("labels", fields)).items()
        },
        without=tuple(_given("without", fields)),
        tags=tuple({label: None for job in dict(_given("scrape", fields)).values() for label in job.labels_from or {}}),
        absent="" if _is_found(fields, scope) else text("absent"),
        drops=drops(fields.get("drops"), scope),
        keeps=keeps(fields.get("keeps"), scope),
        origin=where,
    )


def _selected(said: Said, scope: Scope) -> tuple[str, tuple[Matcher, ...]]:
    """The selector and its matchers; what cannot be used is noted where it stands, and not in all that reads it."""
    where = said.place()
    selector = scope.text(said.value, where)
    if not selector.strip():
        if not said.value.strip() or not scope.findings.failed:
            hint = 'write matchers, such as job="node-exporter"'
            scope.findings.error("OBS215", f"'{selector}' is no list of matchers: it is empty", where, hint)
        return UNREADABLE, ()
    matchers = matchers_of(selector, where, scope)
    if matchers is None or not exemplified(matchers, where, scope):
        return UNREADABLE, ()
    return selector, matchers


def _is_found(fields: _Fields, scope: Scope) -> bool:
    """Whether this use of the pack says itself where the source is scraped, and so knows that it is there."""
    own = scope.use.component.scrape
    return any(own[job].targets or own[job].selector for job in dict(_given("scrape", fields)) if job in own)


def _given(key: str, fields: _Fields) -> Any:
    return (fields[key].value if key in fields else None) or ()


def _jobs(fields: _Fields, scope: Scope) -> Mapping[str, tuple[ScrapeSpec, Location]]:
    found = {}
    for job, spec in dict(_given("scrape", fields)).items():
        said = fields["scrape"]
        where = said.places.of_key(*said.path, job)
        found[scope.text(job, where)] = spec, where
    return found
