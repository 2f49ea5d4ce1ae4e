"""Sources: what is shared and what is a pack's own, as distribution, installation and spec change them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from obsgen.diagnostics import Location, did_you_mean
from obsgen.model.source import Drop, Keep, Source
from obsgen.promql.error import PromQLError
from obsgen.promql.matcher import Matcher
from obsgen.promql.regex import compiled
from obsgen.resolve.scope import REGEX_HINT, Scope, matchers_of
from obsgen.spec.source import Path_, Places
from obsgen.spec.sources import DroppedSpec, KeptSpec, ScrapeSpec, SourceSpec


@dataclass(frozen=True, slots=True)
class Layer:
    """Sources as one of the four says them: who it is, and where that stands."""

    sources: Mapping[str, SourceSpec]
    places: Places
    path: tuple[str, ...]
    title: str = ""


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


def _declared(name: str, layers: Iterable[Layer], scope: Scope) -> Declared:
    said = [(layer, layer.sources[name]) for layer in layers if name in layer.sources]
    fields: dict[str, tuple[Any, Layer]] = {}
    for layer, spec in said:
        for key in spec.model_fields_set:
            fields[key] = getattr(spec, key), layer
        if layer.title and not {"scrape", "elsewhere"} & spec.model_fields_set:
            # Whoever tells what the series look like brings them, unless a job says otherwise.
            fields["elsewhere"] = "selector" in spec.model_fields_set, layer
    where = said[0][0].places.of_key(*said[0][0].path, name)
    return Declared(_source(name, fields, where, scope), _jobs(name, fields, scope))


def _source(name: str, fields: Mapping[str, tuple[Any, Layer]], where: Location, scope: Scope) -> Source:
    def place(*path: str) -> Location:
        return _place(name, path, fields)

    def text(key: str) -> str:
        return scope.text(fields[key][0], place(key)) if key in fields and fields[key][0] else ""

    selector = text("selector")
    matchers = matchers_of(selector, place("selector"), scope) if selector else ()
    elsewhere = fields.get("elsewhere")
    labels = fields["labels"][0] or {} if "labels" in fields else {}
    return Source(
        name=name,
        selector=selector,
        matchers=matchers or (),
        scraped_by=(elsewhere[1].title or "others") if elsewhere and elsewhere[0] else "",
        labels={label: scope.text(value, place("labels", label)) for label, value in labels.items()},
        without=tuple(fields["without"][0] or ()) if "without" in fields else (),
        absent=text("absent"),
        drops=_drops(name, fields, scope),
        keeps=_keep(name, fields, scope),
        origin=where,
    )


def _place(name: str, path: Path_, fields: Mapping[str, tuple[Any, Layer]]) -> Location:
    layer = fields[str(path[0])][1]
    return layer.places.of(*layer.path, name, *path)


def _given(key: str, fields: Mapping[str, tuple[Any, Layer]]) -> Any:
    return (fields[key][0] if key in fields else None) or ()


def _drops(name: str, fields: Mapping[str, tuple[Any, Layer]], scope: Scope) -> tuple[Drop, ...]:
    def drop(index: int, written: DroppedSpec) -> Drop:
        metrics, where = (_place(name, ("drops", index, key), fields) for key in ("metrics", "where"))
        return Drop(_named([written.metrics], [metrics], scope), matchers_of(written.where, where, scope) or ())

    return tuple(drop(index, one) for index, one in enumerate(_given("drops", fields)))


def _keep(name: str, fields: Mapping[str, tuple[Any, Layer]], scope: Scope) -> Keep | None:
    written: KeptSpec | None = _given("keeps", fields) or None
    if written is None or not _holds(name, written, fields, scope):
        return None
    places = [_place(name, ("keeps", "metrics", index), fields) for index in range(len(written.metrics))]
    return Keep(_named(written.metrics, places, scope), written.called, written.remedy)


def _holds(name: str, written: KeptSpec, fields: Mapping[str, tuple[Any, Layer]], scope: Scope) -> bool:
    """Whether the installation was told what the list depends on; an option that it does not have is noted."""
    options: Mapping[str, str] = scope.names["installation"]
    for option in written.when:
        if option not in options:
            where = _place(name, ("keeps", "when", option), fields)
            hint = did_you_mean(option, options, noun="its options")
            scope.findings.error("OBS263", f"the installation has no option '{option}'", where, hint)
    return all(options.get(option) == value for option, value in written.when.items())


def _named(patterns: Sequence[str], places: Sequence[Location], scope: Scope) -> Matcher:
    """The metrics of such names; a pattern that Prometheus would refuse is noted."""
    for pattern, where in zip(patterns, places, strict=True):
        try:
            compiled(pattern)
        except PromQLError as fault:
            scope.findings.error("OBS215", fault.message, where, REGEX_HINT)
    return Matcher("__name__", "=~", "|".join(patterns))


def _jobs(
    name: str, fields: Mapping[str, tuple[Any, Layer]], scope: Scope
) -> Mapping[str, tuple[ScrapeSpec, Location]]:
    if not _given("scrape", fields):
        return {}
    written, layer = fields["scrape"]
    found = {}
    for job, spec in written.items():
        where = layer.places.of_key(*layer.path, name, "scrape", job)
        found[scope.text(job, where)] = spec, where
    return found
