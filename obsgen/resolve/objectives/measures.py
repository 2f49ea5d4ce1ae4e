"""What an objective measures: selectors narrowed to the component, with series that tests can feed."""

from __future__ import annotations

from collections.abc import Mapping

from obsgen.diagnostics import Location
from obsgen.model.feed_names import FeedNames
from obsgen.model.objectives import (
    ClassicLatency,
    Counted,
    ErrorEvents,
    GoodEvents,
    GoodTime,
    NativeLatency,
    Sli,
    WeightedRatio,
)
from obsgen.promql.error import PromQLError
from obsgen.promql.labels import label_flow
from obsgen.promql.matcher import Matcher, Selector
from obsgen.promql.parse import parse
from obsgen.promql.series import label_pairs, series_labels
from obsgen.resolve.objectives.written import WrittenObjective
from obsgen.resolve.parameters import feed_parameters, narrowed_selector
from obsgen.resolve.scope import Scope
from obsgen.spec.expression.selector_text import SelectorText
from obsgen.spec.template import names_in
from obsgen.units import number_text


def resolve_measure(written: WrittenObjective, by: tuple[str, ...], scope: Scope, feed_names: FeedNames) -> Sli | None:
    """What the objective measures, or None where a mistake was noted."""
    return _Measure(written, by, scope, feed_names).resolve()


class _Measure:
    def __init__(self, written: WrittenObjective, by: tuple[str, ...], scope: Scope, feed_names: FeedNames) -> None:
        self.written = written
        self.by = by
        self.scope = scope
        self.feed_names = feed_names

    def resolve(self) -> Sli | None:
        written = self.written
        if written.given("errors") or written.given("good"):
            return self._events("errors" if written.given("errors") else "good")
        if written.given("latency"):
            return self._latency()
        if written.given("gauge"):
            found = self._counted({"gauge": (written.given("gauge"), written.place("gauge"))})
            return GoodTime(found["gauge"]) if found else None
        return self._ratio()

    def _events(self, part: str) -> Sli | None:
        written = self.written
        found = self._counted({name: (written.given(name), written.place(name)) for name in (part, "total")})
        if not found or self._apart(part):
            return None
        if part == "errors":
            return ErrorEvents(found["errors"], found["total"])
        return GoodEvents(found["good"], found["total"])

    def _apart(self, part: str) -> bool:
        """Whether one counter counts what the other leaves out, so that their ratio is no share; it is noted."""
        some, total = (self._selectors[name] for name in (part, "total"))
        lacking = [matcher for matcher in total.matchers if matcher not in some.matchers]
        if some.metric != total.metric or not lacking:
            return False
        shown = ",".join(str(matcher) for matcher in lacking)
        message = f"'{part}' of objective '{self.written.name}' counts series that 'total' leaves out by {shown}"
        hint = f"add {shown} to '{part}': a share of events needs both on the same series"
        self.scope.findings.error("OBS244", message, self.written.place(part), hint)
        return True

    def _latency(self) -> Sli | None:
        latency, place = self.written.given("latency"), self.written.place("latency")
        bound = latency.under.seconds
        if latency.native:
            found = self._counted({"latency": (latency.histogram, place)})
            return NativeLatency(found["latency"], bound) if found else None
        selector = self._narrowed(latency.histogram, place)
        if selector is None:
            return None
        name, matchers = selector.metric, selector.selector.matchers
        bucket = Selector(f"{name}_bucket", (*matchers, bound_matcher(bound)))
        count = Selector(f"{name}_count", matchers)
        return ClassicLatency(self._of(bucket), self._of(count), bound)

    def _of(self, selector: Selector) -> Counted:
        text = SelectorText(selector, str(selector))
        example = feed_parameters({"x": text}, self._labels)["x"].text
        return Counted(str(selector), self._complete(example))

    def _ratio(self) -> Sli | None:
        ratio = self.written.given("ratio")
        texts = {"ratio": ratio.expr, **({"ratio.weight": ratio.weight} if ratio.weight else {})}
        exprs = {name: self._expression(text) for name, text in texts.items()}
        if not all(exprs.values()) or not self._alike(exprs):
            return None
        expr, weight = exprs["ratio"], exprs.get("ratio.weight")
        place = self._labels | dict.fromkeys(self.by, "example")
        feed_origin = self.written.place("ratio.feed")
        return WeightedRatio(
            str(expr), weight, tuple(ratio.feed), self.feed_names, place, ratio.all_or_nothing, feed_origin
        )

    def _expression(self, text: str) -> str | None:
        """The PromQL with `$window` where the window belongs; what is wrong with it is noted."""
        place = self.written.place("ratio")
        if ("window",) not in names_in(text):
            message = f"'{text}' reads no ${{window}}, so it cannot be asked for longer and shorter spans"
            self.scope.findings.error("OBS240", message, place, "write the range as [${window}]")
            return None
        rendered = " ".join(self.scope.text(text, place, {**self.scope.names, "window": "$window"}).split())
        try:
            parse(rendered.replace("$window", "5m"))
        except PromQLError as fault:
            self.scope.findings.error("OBS230", f"'{text}' is not PromQL: {fault.message}", place)
            return None
        return rendered

    def _alike(self, exprs: Mapping[str, str | None]) -> bool:
        """Whether the ratio and its weight come with the labels that the objective groups by; if not, it is noted."""
        wanted = frozenset({"cluster", *self.by})
        needed = ", ".join(sorted(wanted))
        for name, expr in exprs.items():
            possible = label_flow(str(expr).replace("$window", "5m")).possible
            if possible is None or possible != wanted:
                shown = "any labels" if possible is None else f"the labels {', '.join(sorted(possible)) or '(none)'}"
                message = f"{name} of objective '{self.written.name}' comes with {shown}, not with exactly {needed}"
                hint = f"aggregate it: sum by ({needed}) (…)"
                self.scope.findings.error("OBS244", message, self.written.place("ratio"), hint)
                return False
        return True

    def _counted(self, texts: Mapping[str, tuple[str, Location]]) -> dict[str, Counted] | None:
        found = {name: self._narrowed(text, at) for name, (text, at) in texts.items()}
        if None in found.values():
            return None
        selectors = {name: one for name, one in found.items() if one}
        self._selectors = {name: one.selector for name, one in selectors.items()}
        examples = feed_parameters(selectors, self._labels)
        return {
            name: Counted(
                one.text,
                self._complete(examples[name].text),
                any(one.selects(examples[other]) for other in examples if other != name),
            )
            for name, one in selectors.items()
        }

    def _narrowed(self, text: str, at: Location) -> SelectorText | None:
        return narrowed_selector(self.scope.text(text, at), self.scope.names["selector"], at, self.scope)

    @property
    def _labels(self) -> dict[str, str]:
        return {"cluster": self.scope.names["cluster"]}

    def _complete(self, series: str) -> str:
        """The example with every label that the objective groups by, so that it can be told apart."""
        lacking = [name for name in self.by if name not in series_labels(series)]
        if not lacking:
            return series
        return series.removesuffix("}") + "," + label_pairs(dict.fromkeys(lacking, "example")) + "}"


def bound_matcher(bound: float) -> Matcher:
    """The bucket's `le`, which Prometheus 3 writes as `1.0` where older versions and exporters write `1`."""
    text = number_text(bound)
    return Matcher("le", "=", text) if "." in text else Matcher("le", "=~", rf"{text}(\.0)?")
