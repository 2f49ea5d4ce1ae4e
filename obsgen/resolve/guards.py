"""Guards: what alerts wait for, shared or a pack's own, rendered for one component."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from obsgen.diagnostics import Location, did_you_mean
from obsgen.model.feed_names import FeedNames
from obsgen.model.guard import Cover, Guard, Scenes
from obsgen.promql.error import PromQLError
from obsgen.promql.labels import label_flow
from obsgen.promql.parse import selectors
from obsgen.promql.series import label_pairs
from obsgen.resolve.scope import Scope, example_of
from obsgen.resolve.signals import Written, parsed_expr
from obsgen.resolve.sources import Sources
from obsgen.spec.expression.fault import TemplateFault
from obsgen.spec.feeds import FeedSpec
from obsgen.spec.guards import GuardSpec, GuardsSpec
from obsgen.spec.source import Path_, Places
from obsgen.spec.tables import Table


class Guards:
    """The guards that a component's alerts may name; each is rendered when the first of them does."""

    def __init__(self, shared: Table[GuardsSpec], sources: Sources, scope: Scope) -> None:
        self._specs: dict[str, tuple[GuardSpec, Places]] = {
            name: (one, shared.places) for name, one in shared.spec.guards.items()
        }
        self._specs |= {name: (one, scope.pack.places) for name, one in scope.pack.spec.guards.items()}
        self._sources = sources
        self._ask_for_sources(scope)

    def _ask_for_sources(self, scope: Scope) -> None:
        """Declare what the guards read that alerts name, so that it is known whether it arrives."""
        wanted = set[str]()
        for alert in (*scope.pack.spec.alerts.values(), *scope.use.component.alerts.values()):
            wanted.update(alert.unless or ())
            wanted.update(name for own in (alert.severities or {}).values() for name in own.unless or ())
        for name in self._specs.keys() & wanted:
            text = self._specs[name][0].expr
            self._sources.ask_for(source for source in self._sources if f"sources.{source}" in text)

    def expressions(self, scope: Scope) -> Mapping[str, str]:
        """What `guards` is in templates: for a signal that counts over what its alerts would wait for."""
        return _Expressions(self._specs, self._sources, scope)

    def for_component(self, scope: Scope, names: FeedNames) -> ComponentGuards:
        """The guards as this component renders them."""
        return ComponentGuards(self._specs, self._sources, scope, names)


class ComponentGuards:
    """The guards of one component, rendered when an alert names one."""

    def __init__(
        self, specs: Mapping[str, tuple[GuardSpec, Places]], sources: Sources, scope: Scope, names: FeedNames
    ) -> None:
        self._specs = specs
        self._sources = sources
        self._scope = scope
        self._names = names
        self._rendered: dict[str, Guard | None] = {}

    def named(self, names: Sequence[str], where: Sequence[Location]) -> tuple[Guard, ...]:
        """The guards of these names; one that there is not is noted where it stands."""
        found = []
        for name, place in zip(names, where, strict=True):
            if name not in self._specs:
                hint = did_you_mean(name, self._specs, noun="guards")
                self._scope.findings.error("OBS282", f"there is no guard '{name}'", place, hint)
            elif guard := self._guard(name):
                found.append(guard)
        return tuple(found)

    def covers(self) -> tuple[Cover, ...]:
        """What every guard covers of the sources that the component reads."""
        found = (
            Cover(name, tuple(spec.on), tuple(self._covered(spec.covers, places, ("guards", name, "covers"))))
            for name, (spec, places) in self._specs.items()
        )
        return tuple(one for one in found if one.selectors)

    def _guard(self, name: str) -> Guard | None:
        """None where its series do not arrive or its expression cannot be read: the alerts then do without."""
        if name not in self._rendered:
            self._rendered[name] = self._render(name)
        return self._rendered[name]

    def _render(self, name: str) -> Guard | None:
        spec, places = self._specs[name]
        path: Path_ = ("guards", name)
        scope, where = self._scope, places.of(*path, "expr")
        expr = _expression(spec, where, self._sources, scope)
        if not parsed_expr(expr, Written(f"guard '{name}'", spec.expr, where), scope) or scope.lacking.lacks(expr):
            return None
        self._refuse_lost_labels(name, spec.on, expr, where)
        return Guard(
            name=name,
            on=tuple(spec.on),
            expr=expr,
            metrics=spec.metrics,
            silent_while=self._scenes(spec.silent_while, places, (*path, "silent_while")),
            fires_while=self._scenes(spec.fires_while, places, (*path, "fires_while")),
            origin=places.of_key(*path),
        )

    def _refuse_lost_labels(self, name: str, on: Sequence[str], expr: str, where: Location) -> None:
        flow = label_flow(expr)
        for label in on:
            if not flow.can_have(label):
                message = f"guard '{name}' meets alerts on the label '{label}', which its expression drops"
                self._scope.findings.error("OBS283", message, where, f"keep it: aggregate by ({', '.join(on)})")

    def _scenes(self, written: Mapping[str, Sequence[FeedSpec]], places: Places, path: Path_) -> Scenes:
        return {
            title: tuple(
                feed.model_copy(update={"series": self._series(feed.series, places.of(*path, title, index, "series"))})
                for index, feed in enumerate(feeds)
            )
            for title, feeds in written.items()
        }

    def _series(self, template: str, where: Location) -> str:
        names = {**self._names, "sources": _Examples(self._sources, self._scope, where)}
        return self._names.series(self._scope.text(template, where, names))

    def _covered(self, written: Sequence[str], places: Places, path: Path_) -> Iterator[str]:
        """The selectors among these whose source the component reads; the others it cannot read either."""
        read = {name: one.source.selector for name, one in self._sources.declared.items()}
        for index, template in enumerate(written):
            where = places.of(*path, index)
            try:
                selector = self._scope.budget.render(template, {**self._scope.names, "sources": read})
                selectors(selector)
            except TemplateFault as fault:
                if fault.name not in self._sources:
                    self._scope.note(fault, where)
            except PromQLError as fault:
                self._scope.findings.error("OBS230", f"what a guard covers is no selector: {fault.message}", where)
            else:
                yield selector


def _expression(spec: GuardSpec, where: Location, sources: Sources, scope: Scope) -> str:
    return " ".join(scope.text(spec.expr, where, {**scope.names, "sources": sources}).split())


class _Expressions(Mapping[str, str]):
    """Each guard's expression, in parentheses."""

    def __init__(self, specs: Mapping[str, tuple[GuardSpec, Places]], sources: Sources, scope: Scope) -> None:
        self._specs = specs
        self._sources = sources
        self._scope = scope

    def __getitem__(self, name: str) -> str:
        spec, places = self._specs[name]
        return f"({_expression(spec, places.of('guards', name, 'expr'), self._sources, self._scope)})"

    def __iter__(self) -> Iterator[str]:
        return iter(self._specs)

    def __len__(self) -> int:
        return len(self._specs)


class _Examples(Mapping[str, str]):
    """In the series of a guard a source stands for labels that its selector matches."""

    def __init__(self, sources: Sources, scope: Scope, where: Location) -> None:
        self._sources = sources
        self._scope = scope
        self._where = where

    def __getitem__(self, name: str) -> str:
        cluster = {"cluster": str(self._scope.names["cluster"])}
        return label_pairs(example_of(self._sources[name], self._scope, self._where) | cluster)

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)
