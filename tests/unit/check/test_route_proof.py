"""The proof notices every change of the tree that sends an alert elsewhere, at any minute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from obsgen.check.route_proof import prove_routes
from obsgen.ir.routes import Route
from obsgen.pipeline import Compiled
from obsgen.promql.matcher import Matcher
from tests.compiled import shipped_spec


@pytest.fixture(scope="module")
def production() -> Compiled:
    return shipped_spec("production")


def proved(compiled: Compiled, root: Route | None = None) -> list[str]:
    """The codes of what the proof finds against this tree."""
    routing = compiled.bundle.routing
    assert routing
    bundle = replace(compiled.bundle, routing=replace(routing, root=root or routing.root))
    return [finding.code for finding in prove_routes(compiled.stack, bundle).findings]


def changed(route: Route) -> Iterator[tuple[str, Route | None]]:
    """The route in every way in which one of its fields can be wrong; None where it is missing."""
    where = f"{', '.join(map(str, route.matchers))} to {route.receiver}"
    yield f"{where}: gone", None
    yield f"{where}: another receiver", replace(route, receiver="elsewhere")
    yield f"{where}: continue the other way", replace(route, continues=not route.continues)
    if route.active:
        yield f"{where}: at all hours", replace(route, active=())
        yield f"{where}: at other hours", replace(route, active=("shanghai-off",))
    if route.muted:
        yield f"{where}: on holidays too", replace(route, muted=())
    for place, matcher in enumerate(route.matchers):
        others = [*route.matchers[:place], *route.matchers[place + 1 :]]
        yield f"{where}: without {matcher}", replace(route, matchers=tuple(others))
        other = Matcher(matcher.name, matcher.op, f"{matcher.value}x")
        yield f"{where}: {other}", replace(route, matchers=(*others, other))


def mutants(route: Route) -> Iterator[tuple[str, Route]]:
    """The tree with one route of it changed."""
    for place, child in enumerate(route.routes):
        before, after = route.routes[:place], route.routes[place + 1 :]
        for how, one in changed(child):
            yield how, replace(route, routes=(*before, *((one,) if one else ()), *after))
        for how, one in mutants(child):
            yield how, replace(route, routes=(*before, one, *after))
        if after and child.matchers:
            yield f"{child.receiver}: behind the next", replace(route, routes=(*before, after[0], child, *after[1:]))


def test_the_tree_as_compiled_does_what_the_spec_says(production: Compiled) -> None:
    assert proved(production) == []


def told(root: Route, labels: dict[str, str]) -> set[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return {(path[-1].receiver, path[-1].active, path[-1].muted) for path in root.paths(labels)}


# Every alert of these values; where none of them is told otherwise, the changed tree does the same.
VALUES = {
    "alertname": ("ObsgenWatchdog", "NodeDown"),
    "team": ("platform", "machines", "commerce", ""),
    "layer": ("infrastructure", "kubernetes", "application", ""),
    "severity": ("critical", "warning", "info", "none"),
    "tier": ("P2", ""),
    "action": ("scale-out", ""),
    "namespace": ("load-test-1", "shop"),
}


def test_a_tree_with_any_route_changed_does_not(production: Compiled) -> None:
    assert production.bundle.routing
    root = production.bundle.routing.root
    alerts = [dict(zip(VALUES, values, strict=True)) for values in product(*VALUES.values())]
    right = [told(root, labels) for labels in alerts]
    tried = dict(mutants(root))
    unnoticed = {how: one for how, one in tried.items() if not proved(production, one)}
    different = {how for how, one in unnoticed.items() if [told(one, labels) for labels in alerts] != right}
    print(f"{len(tried)} changed trees, {len(unnoticed)} that do the same, {len(different)} unnoticed")
    assert different == set()
    assert len(unnoticed) < len(tried) / 4
