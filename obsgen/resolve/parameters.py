"""Parameters: what the spec gives to a pack, in rules, in panels, and as examples that tests can feed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from obsgen.diagnostics import Location
from obsgen.promql.error import PromQLError
from obsgen.promql.matcher import Selector
from obsgen.promql.selector import NoExample, example_series, parse_matchers, parse_selector
from obsgen.promql.series import label_pairs, series_labels
from obsgen.resolve.scope import NO_EXAMPLE_HINT, Scope
from obsgen.spec.expression.selector_text import SelectorText
from obsgen.spec.pack import ParameterSpec
from obsgen.spec.unknown_setting import unknown_setting

# Stands in for what could not be read and was noted, so that everything built on it is not noted as well.
UNREADABLE = 'unreadable="true"'


def resolve_parameters(scope: Scope, selector: str) -> dict[str, Any]:
    """Every parameter that has a value, the spec's own before the pack's; a switch that is off has none."""
    declared, given = scope.pack.spec.parameters, scope.use.component.parameters
    for name in given:
        if name not in declared:
            where = scope.places.of_key(*scope.use.path, "parameters", name)
            code, message, hint = unknown_setting(scope.pack, "parameter", name)
            scope.findings.error(code, message, where, hint)
    for name, (_, where) in scope.normal.parameters.items():
        if name not in declared:
            code, message, hint = unknown_setting(scope.pack, "parameter", name)
            scope.findings.error(code, message, where, hint)
    values: dict[str, Any] = {}
    for name, spec in declared.items():
        usual = scope.normal.parameters[name][0] if name in scope.normal.parameters else spec.default
        value = given.get(name, usual)
        if value is None or _misused_switch(name, value, spec, scope) or value is False:
            continue
        values[name] = _selector_parameter(name, str(value), selector, scope) if spec.type == "selector" else value
    return values


def _misused_switch(name: str, value: object, spec: ParameterSpec, scope: Scope) -> bool:
    """Whether a switch got something else than true or false, or something else got that; it is noted."""
    if isinstance(value, bool) == (spec.type == "switch"):
        return False
    wanted = "a switch: write true or false" if spec.type == "switch" else f"a {spec.type}, neither on nor off"
    message = f"parameter '{name}' of pack '{scope.pack.name}' is {wanted}"
    scope.findings.error("OBS216", message, _place(name, scope), spec.about)
    return True


def _place(name: str, scope: Scope) -> Location:
    if name in scope.use.component.parameters:
        return scope.spec_place("parameters", name)
    if name in scope.normal.parameters:
        return scope.normal.parameters[name][1]
    return scope.pack_place("parameters", name, "default")


def _selector_parameter(name: str, text: str, selector: str, scope: Scope) -> SelectorText:
    """The series that the user names, narrowed to the component's own targets."""
    unreadable = SelectorText(parse_selector(f"x{{{UNREADABLE}}}"), f"x{{{UNREADABLE}}}")
    return narrowed_selector(text, selector, _place(name, scope), scope) or unreadable


def panel_parameters(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters for panels, selectors narrowed by the dashboard's cluster."""
    return {name: _narrowed(one) if isinstance(one, SelectorText) else one for name, one in parameters.items()}


def _narrowed(parameter: SelectorText) -> SelectorText:
    comma = "," if parameter.selector.matchers else ""
    return SelectorText(parameter.selector, parameter.text.removesuffix("}") + comma + 'cluster=~"$cluster"}')


def feed_parameters(parameters: Mapping[str, Any], cluster: Mapping[str, str]) -> dict[str, Any]:
    """The parameters for feeds: each selector as a series of its own, told apart from the others' where it can be."""
    selectors = {name: one.selector for name, one in parameters.items() if isinstance(one, SelectorText)}
    found = dict(parameters)
    for name, selector in selectors.items():
        others = [other for key, other in selectors.items() if key != name and other != selector]
        text = next(_examples_apart(selector, others), None) or example_series(selector)
        opening = "," if text.endswith("}") else "{"
        found[name] = SelectorText(selector, text.removesuffix("}") + opening + label_pairs(cluster) + "}")
    return found


def _examples_apart(selector: Selector, others: list[Selector]) -> Iterator[str]:
    """Examples that none of the others selects: each turns one of their matchers into its opposite.

    The events that fail are mostly among all events; what stands for all events must be one that does not fail.
    """
    rivals = [other for other in others if other.metric == selector.metric]
    for matcher in (one for other in rivals for one in other.matchers):
        turned = matcher.negated
        try:
            text = example_series(Selector(selector.metric, (*selector.matchers, turned)))
        except NoExample:
            continue
        if not any(rival.matches(series_labels(text)) for rival in rivals):
            yield text


def narrowed_selector(text: str, selector: str, where: Location, scope: Scope) -> SelectorText | None:
    """The series that the user names, narrowed to the component's own targets; None where a mistake was noted."""
    try:
        parsed = parse_selector(text)
        own = {matcher.name for matcher in parsed.matchers}
        narrowed = (*parsed.matchers, *(one for one in parse_matchers(selector) if one.name not in own))
        example_series(Selector(parsed.metric, narrowed))
    except PromQLError as fault:
        hint = 'write a metric with its matchers: orders_total{result="failed"}'
        reason = "" if fault.message.startswith("not a selector") else f": {fault.message}"
        scope.findings.error("OBS216", f"'{text}' is not a selector of series{reason}", where, hint)
        return None
    except NoExample as fault:
        scope.findings.error("OBS211", f"tests cannot be made: {fault}", where, NO_EXAMPLE_HINT)
        return None
    inner = ",".join(str(matcher) for matcher in narrowed)
    return SelectorText(Selector(parsed.metric, narrowed), f"{parsed.metric}{{{inner}}}")
