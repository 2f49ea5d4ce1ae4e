"""One use of a pack becomes a component with nothing left to inherit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from obsgen.diagnostics import Findings, Location, did_you_mean
from obsgen.model.feed_names import FeedNames
from obsgen.model.setting import Setting
from obsgen.model.stack import Alert, Component, Signal, Variable
from obsgen.promql.parse import metric_names
from obsgen.resolve.alerts import AlertTerms, refuse_reserved, resolve_alerts
from obsgen.resolve.cases import resolve_cases
from obsgen.resolve.division import Division
from obsgen.resolve.guards import Guards
from obsgen.resolve.lacking import Lacking
from obsgen.resolve.overrides import resolve_overrides
from obsgen.resolve.parameters import UNREADABLE, feed_parameters, panel_parameters, resolve_parameters
from obsgen.resolve.runbooks import render_runbook
from obsgen.resolve.scope import (
    PANEL_RATE_WINDOW,
    Scope,
    example_of,
    matchers_of,
    panel_selector,
    readable_matchers,
)
from obsgen.resolve.scraping import left_jobs, resolve_scrape, resolve_source_jobs
from obsgen.resolve.signals import resolve_recordings, resolve_signals
from obsgen.resolve.sources import Sources
from obsgen.resolve.surroundings import Surrounded
from obsgen.resolve.thresholds import resolve_thresholds
from obsgen.spec.budget import Budget
from obsgen.spec.expression.fault import TemplateFault
from obsgen.spec.load import LoadedSpec, Use, pack_uses
from obsgen.spec.metrics import MetricSpec
from obsgen.spec.pack import DashboardSpec
from obsgen.spec.unknown_setting import unknown_setting

if TYPE_CHECKING:
    from obsgen.model.objectives import Objective


def resolve_component(
    use: Use, loaded: LoadedSpec, around: Surrounded, findings: Findings, budget: Budget
) -> Component:
    """Everything that the pack, the spec and the environment say about this use of the pack."""
    pack = loaded.packs[use.pack]
    plain = _plain_names(use, loaded, around)
    packs = frozenset(one.pack for one in pack_uses(loaded.spec))
    scope = Scope(use, pack, loaded.places, findings, budget, plain, around.normal_for(pack.name), packs=packs)
    sources = Sources(around.layers, scope)
    scope = replace(scope, names=plain | {"sources": sources})
    names = plain | _selecting_names(scope, use)
    sources.ask_for(pack.spec.sources)
    guards = Guards(around.guards, sources, scope)
    names["guards"] = guards.expressions(replace(scope, names=names))
    lacking = Lacking({name: one.source for name, one in sources.declared.items()})
    scope = replace(scope, names=names, sources=sources.declared, lacking=lacking)
    thresholds = resolve_thresholds(scope, loaded.spec.capacity)
    names["thresholds"] = {name: one.every[0] for name, one in thresholds.items() if one.every}
    board = use.component.dashboard or pack.spec.dashboard
    panel_names = names | _panel_names(names, tuple(board.variables))
    feed_names = _feed_names(names, scope)
    recordings = resolve_recordings(scope)
    signals = resolve_signals(scope, panel_names)
    for label in use.component.labels:
        refuse_reserved(label, loaded.places.of_key(*use.path, "labels", label), scope)
    overrides = resolve_overrides(scope, loaded, thresholds)
    division = Division(scope, overrides, signals, {one.record: one.expr for one in recordings}, feed_names)
    component_guards = guards.for_component(scope, feed_names)
    terms = AlertTerms(signals, thresholds, loaded.spec.capacity, component_guards)
    alerts, disabled = resolve_alerts(scope, terms, division)
    objectives = _objectives(scope, loaded, feed_names)
    whole = not (alerts or objectives or signals)
    if left_out := lacking.note(use.name, loaded.places.of_key(*use.path), whole=whole):
        findings.add(left_out)
    return Component(
        name=use.name,
        layer=use.layer,
        pack=pack.name,
        title=scope.text(pack.spec.title, scope.pack_place("title")),
        about=scope.text(pack.spec.about, scope.pack_place("about")),
        team=names["team"],
        namespace=names["namespace"],
        application=use.application,
        selectors=names["selectors"],
        labels=use.component.labels,
        metrics={**_guards_metrics(scope, alerts), **pack.spec.metrics},
        scrape=resolve_scrape(scope, loaded.spec.environment.prometheus.scrape_interval),
        left_jobs=left_jobs(scope),
        sources=resolve_source_jobs(scope, loaded.spec.environment.prometheus.scrape_interval),
        covers=component_guards.covers(),
        recordings=recordings,
        signals=signals,
        alerts=alerts,
        objectives=objectives,
        cases=resolve_cases(
            scope, alerts, {"": thresholds, **{one.name: one.thresholds for one in overrides}}, feed_names
        ),
        disabled=disabled,
        left_out=lacking.left_out(),
        rows=_rows(board, signals, scope),
        variables=_variables(board, signals, scope),
        runbook=render_runbook(
            scope, thresholds, _left_out(scope, alerts, disabled), loaded.objective_runbook if objectives else None
        ),
        feed_names=feed_names,
        origin=loaded.places.of_key(*use.path),
        places=pack.places,
    )


def _guards_metrics(scope: Scope, alerts: tuple[Alert, ...]) -> dict[str, MetricSpec]:
    """What is read for the sake of guards: the pack's own, and those that alerts name."""
    own = [guard.metrics for guard in scope.pack.spec.guards.values()]
    named = [guard.metrics for one in alerts for guard in one.guards]
    return {name: metric for metrics in (*own, *named) for name, metric in metrics.items()}


def _left_out(scope: Scope, alerts: tuple[Alert, ...], disabled: tuple[Setting, ...]) -> set[str]:
    """The pack's alerts that nobody switched off and that are not there: they need what was not given."""
    return scope.pack.spec.alerts.keys() - {one.name for one in alerts} - {one.name.split()[0] for one in disabled}


def _objectives(scope: Scope, loaded: LoadedSpec, feed_names: FeedNames) -> tuple[Objective, ...]:
    if not (scope.pack.spec.objectives or scope.use.component.objectives):
        return ()
    from obsgen.resolve.objectives.objective import resolve_objectives

    return resolve_objectives(scope, loaded.spec.environment, loaded.windows, feed_names)


def _plain_names(use: Use, loaded: LoadedSpec, around: Surrounded) -> dict[str, Any]:
    spec = loaded.spec
    parent = spec.applications.get(use.application) if use.application else None
    return {
        "component": use.name,
        # What is in an application's `uses` reads the application's own scrape job.
        "application": use.application or use.name,
        "team": use.component.team or (parent.team if parent else spec.metadata.team),
        "namespace": use.component.namespace or (parent.namespace if parent else spec.environment.prometheus.namespace),
        "cluster": spec.environment.cluster,
        "prometheus_namespace": spec.environment.prometheus.namespace,
        "rate_window": str(around.rate_window),
        "installation": around.names,
        "scrape_interval": str(spec.environment.prometheus.scrape_interval),
    }


def _selecting_names(scope: Scope, use: Use) -> dict[str, Any]:
    """`selector`, `selectors` and `parameters`, the spec's own before the pack's."""
    spec, own = scope.pack.spec, use.component
    selectors = {name: scope.text(text, scope.pack_place("selectors", name)) for name, text in spec.selectors.items()}
    for name, text in own.selectors.items():
        if name not in selectors:
            code, message, hint = unknown_setting(scope.pack, "selector", name)
            scope.findings.error(code, message, scope.places.of_key(*use.path, "selectors", name), hint)
        selectors[name] = text
    # The pack's is rendered in any case: the source that it names is the component's, read or not.
    usual = scope.text(spec.selector or "", scope.pack_place("selector"))
    selector = _matchers(own.selector or usual, _selector_place(scope, "selector"), scope)
    return {
        "selector": selector,
        "selectors": {
            name: _matchers(text, _selector_place(scope, "selectors", name), scope) for name, text in selectors.items()
        },
        "parameters": resolve_parameters(scope, selector),
    }


def _selector_place(scope: Scope, *path: str) -> Location:
    own = scope.use.component
    written = path[1] in own.selectors if len(path) > 1 else own.selector
    return scope.spec_place(*path) if written else scope.pack_place(*path)


def _matchers(text: str, where: Location, scope: Scope) -> str:
    """The text as matchers to which others can be added; what cannot be read is noted."""
    if text and not text.strip():
        hint = "leave it out for the pack's own, or write matchers"
        scope.findings.error("OBS215", f"'{text}' is no list of matchers: it is empty", where, hint)
        return UNREADABLE
    if matchers_of(text, where, scope) is None:
        return UNREADABLE
    # PromQL allows a comma at the end, but packs put more matchers behind it.
    return text.rstrip(", ")


def _panel_names(names: Mapping[str, Any], variables: tuple[str, ...]) -> dict[str, Any]:
    narrowed = {name: panel_selector(text, variables) for name, text in names["selectors"].items()}
    return {
        "selector": panel_selector(names["selector"], variables),
        "selectors": narrowed,
        "rate_window": PANEL_RATE_WINDOW,
        "parameters": panel_parameters(names["parameters"]),
    }


def _feed_names(names: Mapping[str, Any], scope: Scope) -> FeedNames:
    """In feeds a selector stands for labels that it matches, so that it can name an input series."""
    cluster = {"cluster": names["cluster"]}
    selectors = {"": names["selector"], **names["selectors"]}
    places = {name: ("selectors", name) if name else ("selector",) for name in selectors}
    examples = {
        name: example_of(text, scope, _selector_place(scope, *places[name])) | cluster
        for name, text in selectors.items()
    }
    matchers = {name: readable_matchers(text) for name, text in selectors.items()}
    own = FeedNames({**names, "parameters": feed_parameters(names["parameters"], cluster)}, examples, matchers)
    return own.fitted(_fed_series(own, scope))


def _fed_series(names: FeedNames, scope: Scope) -> Iterator[str]:
    """Every series that the component's tests feed, as far as it can be read yet."""
    pack, own = scope.pack.spec, scope.use.component
    feeds = [feed.series for one in {**pack.signals, **own.signals}.values() for feed in one.feed]
    ratios = [one.ratio for one in {**pack.objectives, **own.objectives}.values() if one.ratio]
    feeds += [feed.series for one in ratios for feed in one.feed]
    cases = (series for cases in scope.pack.cases.alerts.values() for case in cases for series in case.series)
    for template in (*feeds, *cases):
        try:
            yield scope.budget.render(template, names)
        except TemplateFault:
            continue  # noted where the series is used


def _rows(board: DashboardSpec, signals: Mapping[str, Signal], scope: Scope) -> dict[str, tuple[str, ...]]:
    if not board.rows:
        return {"Signals": tuple(signals)}
    declared = {**scope.pack.spec.signals, **scope.use.component.signals}
    for title, names in board.rows.items():
        for index, name in enumerate(names):
            if name not in declared:
                hint = did_you_mean(name, declared, noun="signals")
                message = f"dashboard row '{title}' names the signal '{name}', which does not exist"
                where = scope.pack_place("dashboard", "rows", title, index)
                if scope.use.component.dashboard:
                    where = scope.spec_place("dashboard", "rows", title, index)
                scope.findings.error("OBS231", message, where, hint)
    listed = {title: tuple(name for name in names if name in signals) for title, names in board.rows.items()}
    return {title: names for title, names in listed.items() if names}


def _variables(board: DashboardSpec, signals: Mapping[str, Signal], scope: Scope) -> tuple[Variable, ...]:
    """The labels to narrow by, each with a metric that carries it: every signal is narrowed by all of them."""
    metric = board.metric or next(iter(scope.pack.spec.metrics), "up")
    if scope.lacking.of_metric(metric):
        arriving = (name for one in signals.values() for name in sorted(metric_names(one.expr)))
        metric = next(arriving, metric)
    return tuple(Variable(label, metric) for label in ("cluster", *board.variables))
